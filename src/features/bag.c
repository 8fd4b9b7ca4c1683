/* An item → its bag: its texts are read once, and every recipe makes its bag of what was read.
 *
 * Terms have names and places, for training and explaining. Over a dictionary n-grams of the
 * comment are counted at once, and cues are values under their slots. Cues that several recipes
 * use are made for the first of them only. */
#include "features/counter.h"
#include "features/key.h"
#include "features/ngrams.h"

#include <assert.h>
#include <stdlib.h>

enum {
    CONTEXT_LIMIT = 1 << 13,
    MOST_PAIR_WORDS = 200,
    MOST_TARGET_WORDS = 12,
    LONGEST_OPENING = 3,
    NEGATION_REACHES = 6
};

void retort_bag_init(struct retort_bag *bag)
{
    *bag = (struct retort_bag){.extractor = retort_extractor_new()};
}

void retort_bag_release(struct retort_bag *bag)
{
    retort_extractor_free(bag->extractor);
    retort_buffer_release(&bag->names);
    free(bag->terms);
    free(bag->cues);
    *bag = (struct retort_bag){0};
}

const char *retort_field_name(enum retort_field field)
{
    static const char *const NAMES[] = {"word", "char",  "parent", "pair",   "side", "opening",
                                        "cue",  "stack", "early",  "quoted", "kin",  "toward"};
    return NAMES[field];
}

struct retort_span retort_term_name(const struct retort_bag *bag, const struct retort_term *term)
{
    return retort_span_slice(retort_buffer_span(&bag->names), term->name,
                             (size_t)term->name + term->length);
}

void retort_bag_add_keyed(struct retort_bag *bag, struct retort_term term)
{
    if (bag->n_terms == bag->capacity) {
        bag->capacity = bag->capacity ? bag->capacity * 2 : 1024;
        bag->terms = retort_grow(bag->terms, bag->capacity, sizeof *bag->terms);
    }
    bag->terms[bag->n_terms++] = term;
}

void retort_bag_add(struct retort_bag *bag, struct retort_term term)
{
    term.key = retort_term_key(term.field, retort_term_name(bag, &term));
    retort_bag_add_keyed(bag, term);
}

void retort_bag_add_dense(struct retort_bag *bag, enum retort_field field,
                          const char *const parts[2], double value)
{
    struct retort_term term = {
        .field = field, .value = (float)value, .name = (uint32_t)bag->names.len};
    if (value == 0)
        return;
    retort_buffer_text(&bag->names, parts[0]);
    retort_buffer_text(&bag->names, parts[1]);
    term.length = (uint32_t)bag->names.len - term.name;
    retort_bag_add(bag, term);
}

/* ---- cues ---- */

static uint32_t cue_slot(struct retort_extractor *extractor, const char *family, const char *name)
{
    struct cue_name *cues = extractor->cues;
    uint64_t hash = ((uintptr_t)name ^ (uintptr_t)family << 7) * KEY_FIELD;
    uint32_t slot = (uint32_t)(hash >> 32) % CUE_SLOTS;
    while (cues[slot].name && (cues[slot].name != name || cues[slot].family != family))
        slot = (slot + 1) % CUE_SLOTS;
    if (!cues[slot].name) {
        extractor->n_cues++;
        assert(extractor->n_cues < CUE_SLOTS / 2); /* cues are a closed list */
        struct retort_buffer both = {0};
        retort_buffer_text(&both, family);
        retort_buffer_text(&both, name);
        cues[slot] = (struct cue_name){
            family, name, retort_term_key(RETORT_FIELD_CUE, retort_buffer_span(&both))};
        retort_buffer_release(&both);
    }
    return slot;
}

void retort_bag_cue(struct retort_bag *bag, const char *family, const char *name, double value)
{
    if (!bag->counting) {
        retort_bag_add_dense(bag, RETORT_FIELD_CUE, (const char *const[2]){family, name}, value);
        return;
    }
    if (value == 0)
        return;
    if (bag->n_cues == bag->cue_capacity) {
        bag->cue_capacity = 2 * bag->cue_capacity + 256;
        bag->cues = retort_grow(bag->cues, bag->cue_capacity, sizeof *bag->cues);
    }
    bag->cues[bag->n_cues++] =
        (struct retort_entry){cue_slot(bag->extractor, family, name), (float)value};
}

static void (*const GROUPS[RETORT_N_CUE_GROUPS])(const struct reading *) = {
    [RETORT_CUES_TARGET] = retort_cues_target,   [RETORT_CUES_OWN] = retort_cues_own,
    [RETORT_CUES_MANNER] = retort_cues_manner,   [RETORT_CUES_REPLY] = retort_cues_reply,
    [RETORT_CUES_PHRASES] = retort_cues_phrases, [RETORT_CUES_QUESTIONS] = retort_cues_questions,
    [RETORT_CUES_LENGTH] = retort_cues_length,
};

static void tally_lists(struct retort_bag *bag)
{
    for (size_t i = 0; !bag->has_tallies && i < N_LISTS; i++)
        retort_tally(&bag->extractor->lists[i]);
    bag->has_tallies = true;
}

/* The group's cues as terms, or over the dictionary; then they are made once for all recipes. */
static void add_group(const struct reading *reading, enum retort_cue_group group)
{
    struct retort_bag *bag = reading->bag;
    struct retort_cue_range *range = &bag->groups[group];
    tally_lists(bag);
    if (!bag->counting) {
        GROUPS[group](reading);
        return;
    }
    if (!range->made) {
        *range = (struct retort_cue_range){true, bag->n_cues, 0};
        GROUPS[group](reading);
        range->n = bag->n_cues - range->first;
    }
    for (size_t i = range->first; i < range->first + range->n; i++)
        retort_counter_add_cue(bag->counting, bag->cues[i].feature,
                               bag->extractor->cues[bag->cues[i].feature].key, bag->cues[i].value);
}

struct retort_span retort_token_folded(const struct reading *reading, const struct token *token)
{
    const struct retort_bag *bag = reading->bag;
    return bag->has_names ? retort_span_slice(retort_buffer_span(&bag->names), token->fold_begin,
                                              token_fold_end(token))
                          : retort_token_text(bag->extractor, token);
}

bool retort_token_is_content(const struct token *token)
{
    return token->kind == TOKEN_WORD && !(token->classes & WORD_FUNCTION) && token->folded_len >= 3;
}

/* ---- openings ---- */

/* What a reply opens with, names, links and quotation marks left aside: "no", "no you", "no you
 * are". */
static void add_openings(const struct reading *reading)
{
    const struct token *first = retort_first_token(reading->text);
    const struct token *end = reading->text->items + reading->text->n;
    for (const struct token *last = first;
         last && last < end && last < first + LONGEST_OPENING && last->kind != TOKEN_STOP; last++)
        retort_bag_add(reading->bag,
                       (struct retort_term){.field = RETORT_FIELD_OPENING,
                                            .value = 1,
                                            .begin = first->begin,
                                            .end = last->end,
                                            .name = first->fold_begin,
                                            .length = token_fold_end(last) - first->fold_begin});
}

/* ---- pairs ---- */

static void add_pair(const struct reading *reading, const struct token *target,
                     const struct token *word)
{
    struct retort_bag *bag = reading->bag;
    struct retort_term term = {.field = RETORT_FIELD_PAIR,
                               .value = 1,
                               .begin = word->begin,
                               .end = word->end,
                               .name = (uint32_t)bag->names.len};
    struct retort_span names[2] = {retort_token_folded(reading, target),
                                   retort_token_folded(reading, word)};
    uint8_t copy[512]; /* two words of 40 code points; names may move when it grows */
    size_t len = 0;
    for (size_t i = 0; i < 2; i++) {
        for (size_t at = 0; at < names[i].len && len < sizeof copy; at++)
            copy[len++] = names[i].data[at];
        if (i == 0)
            copy[len++] = '|';
    }
    retort_buffer_put(&bag->names, (struct retort_span){copy, len});
    term.length = (uint32_t)len;
    retort_bag_add(bag, term);
}

static void add_pairs(const struct reading *reading)
{
    size_t n_targets = 0;
    for (size_t t = 0; t < reading->target->n && n_targets < MOST_TARGET_WORDS; t++) {
        const struct token *target = &reading->target->items[t];
        size_t n_words = 0;
        if (!retort_token_is_content(target))
            continue;
        n_targets++;
        for (size_t i = 0; i < reading->text->n && n_words < MOST_PAIR_WORDS; i++) {
            const struct token *word = &reading->text->items[i];
            if (!retort_token_is_content(word))
                continue;
            add_pair(reading, target, word);
            n_words++;
        }
    }
}

/* ---- sides ---- */

bool retort_target_is_turned(const struct token_list *target)
{
    size_t n_turns = 0;
    for (size_t i = 0; i < target->n; i++)
        n_turns += (target->items[i].classes & (WORD_NEGATION | WORD_TURN)) != 0;
    return n_turns % 2 != 0;
}

/* A word of the comment under another name: the prefix, then its folded letters. */
static void add_prefixed(const struct reading *reading, const struct token *word,
                         const char *prefix, enum retort_field field)
{
    struct retort_bag *bag = reading->bag;
    struct retort_term term = {.field = field,
                               .value = 1,
                               .begin = word->begin,
                               .end = word->end,
                               .name = (uint32_t)bag->names.len};
    uint8_t copy[256]; /* a word of 40 code points; names may move when it grows */
    struct retort_span name = retort_token_folded(reading, word);
    memcpy(copy, name.data, name.len);
    retort_buffer_text(&bag->names, prefix);
    retort_buffer_put(&bag->names, (struct retort_span){copy, name.len});
    term.length = (uint32_t)bag->names.len - term.name;
    retort_bag_add(bag, term);
}

/* "Not good": behind a negation, up to the clause's end, each word is another word as well (Das
 * and Chen 2001; Pang, Lee and Vaithyanathan 2002). A long clause is cut: its end is rarely meant.
 */
static void add_negated(const struct reading *reading)
{
    size_t left = 0;
    for (size_t i = 0; i < reading->text->n; i++) {
        const struct token *token = &reading->text->items[i];
        if (token->kind != TOKEN_WORD)
            left = 0;
        else if (token->classes & WORD_NEGATION)
            left = NEGATION_REACHES;
        else if (left > 0) {
            add_prefixed(reading, token, "not_", RETORT_FIELD_WORD);
            left--;
        }
    }
}

/* "Harmful" speaks for a ban and against what is to be banned: each word of the comment is told
 * apart by the side the target takes, so that what it says carries over to targets never seen. */
static void add_sides(const struct reading *reading)
{
    const char *side = retort_target_is_turned(reading->target) ? "against|" : "for|";
    if (reading->target->n == 0)
        return;
    for (size_t i = 0; i < reading->text->n; i++)
        if (reading->text->items[i].kind == TOKEN_WORD)
            add_prefixed(reading, &reading->text->items[i], side, RETORT_FIELD_SIDE);
}

/* ---- the bag ---- */

static struct retort_span cut(struct retort_span text, size_t limit)
{
    if (text.len <= limit)
        return text;
    while (limit > 0 && (text.data[limit] & 0xC0) == 0x80)
        limit--;
    return retort_span_slice(text, 0, limit);
}

struct retort_span retort_text_read(struct retort_span text, size_t limit,
                                    struct retort_arena *arena)
{
    enum retort_encoding encoding;
    text = cut(text, limit);
    return retort_utf8_valid(text) ? text : cut(retort_text_decode(text, arena, &encoding), limit);
}

/* A copy with NULs behind it, until the next. */
static struct retort_span padded(struct retort_extractor *extractor, struct retort_span text)
{
    static const uint8_t NULS[SCAN_PADDING];
    struct retort_buffer *copy = &extractor->padded;
    retort_buffer_clear(copy);
    retort_buffer_put(copy, text);
    retort_buffer_put(copy, (struct retort_span){NULS, sizeof NULS});
    return (struct retort_span){copy->data, text.len};
}

void retort_bag_read(struct retort_bag *bag, const struct retort_item *item)
{
    const struct retort_span texts[N_LISTS] = {
        [LIST_TEXT] = item->text,
        [LIST_PARENT] = item->parent_text,
        [LIST_ARTICLE] = item->article_text,
        [LIST_TARGET] = item->target,
    };
    struct retort_arena arena = {0};
    retort_lexicon_next_item(&bag->extractor->lexicon);
    retort_buffer_clear(&bag->extractor->strange);
    bag->has_names = false;
    for (size_t i = 0; i < N_LISTS; i++) {
        size_t limit = i == LIST_TEXT ? RETORT_TEXT_READ : CONTEXT_LIMIT;
        struct retort_span text = padded(bag->extractor, retort_text_read(texts[i], limit, &arena));
        retort_tokenize(bag->extractor, text, &bag->extractor->lists[i]);
        if (i == LIST_TEXT)
            bag->has_quotes = bag->quotes_told =
                retort_quotes_mark(text, &bag->extractor->lists[i]);
    }
    retort_arena_release(&arena);
    bag->item = *item;
    bag->has_tallies = false;
    bag->extractor->has_pairs = false;
    bag->n_cues = 0;
    memset(bag->groups, 0, sizeof bag->groups);
    bag->n_words = bag->extractor->lists[LIST_TEXT].n_words;
    bag->n_english = bag->extractor->lists[LIST_TEXT].n_english;
    bag->n_foreign_halves = bag->extractor->lists[LIST_TEXT].n_foreign_halves;
}

/* Whether quoted words are told apart is the recipe's to say; cues differ by it. */
static void tell_quotes(struct retort_bag *bag, bool told)
{
    struct token_list *text = &bag->extractor->lists[LIST_TEXT];
    if (!bag->has_quotes || bag->quotes_told == told)
        return;
    for (size_t i = 0; i < text->n; i++)
        text->items[i].quoted = told && text->items[i].within_quotes;
    bag->has_tallies = false;
    bag->quotes_told = told;
    bag->extractor->has_pairs = false;
    bag->n_cues = 0;
    memset(bag->groups, 0, sizeof bag->groups);
}

/* The comment's n-grams; with the target masked they are made of a copy, for all else needs its
 * words as they are. */
static void add_own_ngrams(const struct reading *reading, const struct retort_recipe *recipe)
{
    struct retort_arena arena = {0};
    struct token_list masked;
    struct reading own = *reading;
    if (recipe->mask) {
        masked = retort_target_mask(reading, &arena);
        own.text = &masked;
    }
    if (reading->bag->counting)
        retort_ngrams_count_words(reading->bag, own.text, recipe->word_max);
    else
        retort_ngrams_words(&own, own.text, recipe->word_max, RETORT_FIELD_WORD);
    if (recipe->negation)
        add_negated(&own);
    if (recipe->char_max > 0 && recipe->pieces && reading->bag->counting)
        ; /* they are added up word by word: product.c */
    else if (recipe->char_max > 0 && reading->bag->counting)
        retort_ngrams_count_letters(&own, recipe);
    else if (recipe->char_max > 0)
        retort_ngrams_letters(&own, recipe);
    if (recipe->toward)
        retort_toward_add(&own);
    retort_arena_release(&arena);
}

static void add_target(const struct reading *reading, const struct retort_recipe *recipe)
{
    struct retort_bag *bag = reading->bag;
    bag->target_against = bag->names_target = false;
    if (reading->target->n > 0 && (recipe->target || recipe->stack_target)) {
        bag->target_against = retort_target_is_turned(reading->target);
        bag->names_target = retort_overlap(reading, reading->target, reading->text).n_stem > 0;
    }
    if (recipe->target) {
        add_pairs(reading);
        add_sides(reading);
        add_group(reading, RETORT_CUES_TARGET);
    }
    if (recipe->kin_scale > 0 || recipe->topic_scale > 0)
        retort_kin_add(reading, recipe);
}

struct reading retort_bag_reading(struct retort_bag *bag)
{
    struct retort_extractor *extractor = bag->extractor;
    return (struct reading){bag,
                            &bag->item,
                            &extractor->lists[LIST_TEXT],
                            &extractor->lists[LIST_PARENT],
                            &extractor->lists[LIST_ARTICLE],
                            &extractor->lists[LIST_TARGET],
                            &extractor->phrases};
}

/* Terms have names, and so have phrases of several words. */
static bool needs_names(const struct reading *reading, const struct retort_recipe *recipe)
{
    return recipe->negation || recipe->mask || recipe->toward || recipe->phrases ||
           recipe->early > 0 || recipe->openings || recipe->reply || recipe->parent ||
           (recipe->target && reading->target->n > 0);
}

static void put_names(struct retort_bag *bag)
{
    if (bag->has_names)
        return;
    retort_buffer_clear(&bag->names);
    for (size_t i = 0; i < N_LISTS; i++)
        retort_token_names(bag->extractor, &bag->extractor->lists[i], &bag->names);
    bag->names_read = bag->names.len;
    bag->has_names = true;
}

void retort_bag_make(struct retort_bag *bag, const struct retort_recipe *recipe,
                     const struct retort_dictionary *dictionary)
{
    const struct reading reading = retort_bag_reading(bag);
    /* Names toward a target are made of other terms. */
    bool counted =
        dictionary && dictionary->id && !recipe->toward && !(recipe->pieces && recipe->mask);
    bag->counting = counted ? retort_counter_of(bag->extractor, dictionary, recipe) : NULL;
    bag->n_terms = bag->n_single = bag->n_known = 0;
    if (!bag->counting || needs_names(&reading, recipe))
        put_names(bag);
    bag->names.len = bag->has_names ? bag->names_read : 0;
    tell_quotes(bag, recipe->quotes);
    add_own_ngrams(&reading, recipe);
    if (recipe->parent || recipe->reply)
        retort_ngrams_words(&reading, reading.parent, 1, RETORT_FIELD_PARENT);
    if (recipe->openings || recipe->reply)
        add_openings(&reading);
    retort_ngrams_early(&reading, recipe->early);
    add_target(&reading, recipe);
    if (recipe->cues)
        add_group(&reading, RETORT_CUES_OWN);
    if (recipe->manner)
        add_group(&reading, RETORT_CUES_MANNER);
    if (recipe->place || recipe->reply)
        add_group(&reading, RETORT_CUES_REPLY);
    if (recipe->phrases)
        add_group(&reading, RETORT_CUES_PHRASES);
    if (recipe->questions)
        add_group(&reading, RETORT_CUES_QUESTIONS);
    if (recipe->lengths)
        add_group(&reading, RETORT_CUES_LENGTH);
}

void retort_bag_fill(struct retort_bag *bag, const struct retort_recipe *recipe,
                     const struct retort_item *item)
{
    retort_bag_read(bag, item);
    retort_bag_make(bag, recipe, NULL);
}

size_t retort_bag_content(struct retort_bag *bag, struct retort_span text, uint64_t *keys,
                          size_t most)
{
    struct token_list *list = &bag->extractor->lists[LIST_TEXT];
    struct retort_arena arena = {0};
    size_t n = 0;
    bag->n_terms = 0;
    bag->counting = NULL;
    retort_buffer_clear(&bag->extractor->strange);
    bag->has_names = false;
    retort_lexicon_next_item(&bag->extractor->lexicon);
    text = padded(bag->extractor, retort_text_read(text, RETORT_TEXT_READ, &arena));
    retort_tokenize(bag->extractor, text, list);
    for (size_t i = 0; i < list->n && n < most; i++)
        if (retort_token_is_content(&list->items[i]))
            keys[n++] = list->items[i].hash;
    retort_arena_release(&arena);
    return n;
}

/* One word may be a name or a borrowed one ("Café!"); with more, other languages must outweigh
 * English. */
bool retort_bag_is_foreign(const struct retort_bag *bag)
{
    size_t least = bag->n_words < 3 ? 4 : 3;
    return bag->n_foreign_halves >= 2 * bag->n_english + least;
}
