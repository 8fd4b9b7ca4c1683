/* An item → its bag of terms. N-grams are slices of the folded text, so adding one is hashing a
 * slice; pairs of target word and comment word are the only names that are put together. */
#include "features/bag.h"

#include <stdlib.h>
#include <string.h>

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
    *bag = (struct retort_bag){0};
}

uint64_t retort_term_key(enum retort_field field, struct retort_span name)
{
    return retort_hash(name, (uint64_t)field + 1);
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

void retort_bag_add(struct retort_bag *bag, struct retort_term term)
{
    if (bag->n_terms == bag->capacity) {
        bag->capacity = bag->capacity ? bag->capacity * 2 : 1024;
        bag->terms = retort_grow(bag->terms, bag->capacity, sizeof *bag->terms);
    }
    term.key = retort_term_key(term.field, retort_term_name(bag, &term));
    bag->terms[bag->n_terms++] = term;
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

void retort_bag_cue(struct retort_bag *bag, const char *family, const char *name, double value)
{
    retort_bag_add_dense(bag, RETORT_FIELD_CUE, (const char *const[2]){family, name}, value);
}

struct retort_span retort_token_folded(const struct reading *reading, const struct token *token)
{
    return retort_span_slice(retort_buffer_span(&reading->bag->names), token->fold_begin,
                             token->fold_end);
}

bool retort_token_is_content(const struct token *token)
{
    return token->kind == TOKEN_WORD && !(token->classes & WORD_FUNCTION) &&
           token->fold_end - token->fold_begin >= 3;
}

/* ---- n-grams ---- */

/* Word n-grams that end at token `last`: a slice from the n-th token before to this one. Stops
 * leave no trace in the folded text but break n-grams. */
static void add_ngrams_ending(const struct reading *reading, const struct token_list *list,
                              size_t last, unsigned longest, enum retort_field field)
{
    const struct token *end = &list->items[last];
    for (unsigned n = 1; n <= longest && last + 1 >= n; n++) {
        const struct token *begin = &list->items[last + 1 - n];
        if (begin->kind == TOKEN_STOP || begin->quoted != end->quoted)
            break;
        bool own = list == reading->text;
        retort_bag_add(reading->bag,
                       (struct retort_term){.field = field,
                                            .value = 1,
                                            .begin = own ? begin->begin : 0,
                                            .end = own ? end->end : 0,
                                            .name = begin->fold_begin,
                                            .length = end->fold_end - begin->fold_begin});
    }
}

static void add_word_ngrams(const struct reading *reading, const struct token_list *list,
                            unsigned longest, enum retort_field field)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->items[i].kind != TOKEN_STOP)
            add_ngrams_ending(reading, list, i, longest,
                              list->items[i].quoted ? RETORT_FIELD_QUOTED : field);
}

/* The first words say most of whether a reply agrees. */
static void add_early(const struct reading *reading, unsigned n_early)
{
    size_t n_seen = 0;
    for (size_t i = 0; i < reading->text->n && n_seen < n_early; i++) {
        const struct token *token = &reading->text->items[i];
        if (token->kind == TOKEN_STOP || token->quoted)
            continue;
        add_ngrams_ending(reading, reading->text, i, 2, RETORT_FIELD_EARLY);
        n_seen++;
    }
}

static size_t next_letter(const struct retort_buffer *folded, size_t at)
{
    retort_utf8_next(retort_buffer_span(folded), &at);
    return at;
}

/* Character n-grams of one word with the space on either side; all stand on the whole word. */
static void add_char_ngrams(const struct reading *reading, const struct token *token,
                            const struct retort_recipe *recipe)
{
    const struct retort_buffer *folded = &reading->bag->names;
    size_t last = token->fold_end + 1;
    for (size_t begin = token->fold_begin - 1; begin < last; begin = next_letter(folded, begin)) {
        size_t end = begin;
        for (unsigned n = 1; n <= recipe->char_max && end < last; n++) {
            end = next_letter(folded, end);
            if (n >= recipe->char_min)
                retort_bag_add(reading->bag,
                               (struct retort_term){.field = RETORT_FIELD_CHAR,
                                                    .value = 1,
                                                    .begin = token->begin,
                                                    .end = token->end,
                                                    .name = (uint32_t)begin,
                                                    .length = (uint32_t)(end - begin)});
        }
    }
}

static void add_all_char_ngrams(const struct reading *reading, const struct retort_recipe *recipe)
{
    for (size_t i = 0; i < reading->text->n; i++)
        if (reading->text->items[i].kind == TOKEN_WORD && !reading->text->items[i].quoted)
            add_char_ngrams(reading, &reading->text->items[i], recipe);
}

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
                                            .length = last->fold_end - first->fold_begin});
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

/* What a token says for another language, in halves of a word. Where words are not parted, a word
 * of another script is a whole sentence. */
static size_t foreign_halves(const struct token *token)
{
    if (token->foreign)
        return !(token->classes & WORD_FOREIGN) && token->n_letters >= 4 ? 4 : 2;
    return token->accented && token->classes == 0 ? 3 : 0;
}

static void count_languages(struct retort_bag *bag, const struct token_list *text)
{
    bag->n_words = bag->n_english = bag->n_foreign_halves = 0;
    for (size_t i = 0; i < text->n; i++) {
        const struct token *token = &text->items[i];
        bag->n_words += token->kind == TOKEN_WORD;
        bag->n_english += (token->classes & (WORD_FUNCTION | WORD_COMMON)) != 0 &&
                          !(token->classes & WORD_SHARED);
        bag->n_foreign_halves += foreign_halves(token);
    }
}

static void tokenize_item(struct retort_bag *bag, const struct retort_recipe *recipe,
                          const struct retort_item *item)
{
    const struct retort_span texts[N_LISTS] = {
        [LIST_TEXT] = item->text,
        [LIST_PARENT] = item->parent_text,
        [LIST_ARTICLE] = item->article_text,
        [LIST_TARGET] = item->target,
    };
    struct token_list *lists = retort_extractor_lists(bag->extractor);
    struct retort_arena arena = {0};
    for (size_t i = 0; i < N_LISTS; i++) {
        size_t limit = i == LIST_TEXT ? RETORT_TEXT_READ : CONTEXT_LIMIT;
        struct retort_span text = retort_text_read(texts[i], limit, &arena);
        retort_tokenize(bag->extractor, text, &lists[i], &bag->names);
        if (recipe->quotes && i == LIST_TEXT)
            retort_quotes_mark(text, &lists[i]);
    }
    retort_arena_release(&arena);
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
    add_word_ngrams(&own, own.text, recipe->word_max, RETORT_FIELD_WORD);
    if (recipe->negation)
        add_negated(&own);
    if (recipe->char_max > 0)
        add_all_char_ngrams(&own, recipe);
    if (recipe->toward)
        retort_toward_add(&own);
    retort_arena_release(&arena);
}

size_t retort_bag_content(struct retort_bag *bag, struct retort_span text, uint64_t *keys,
                          size_t most)
{
    struct token_list *list = &retort_extractor_lists(bag->extractor)[LIST_TEXT];
    const struct reading reading = {.bag = bag, .text = list};
    struct retort_arena arena = {0};
    size_t n = 0;
    bag->n_terms = 0;
    retort_buffer_clear(&bag->names);
    retort_tokenize(bag->extractor, retort_text_read(text, RETORT_TEXT_READ, &arena), list,
                    &bag->names);
    for (size_t i = 0; i < list->n && n < most; i++)
        if (retort_token_is_content(&list->items[i]))
            keys[n++] = retort_hash(retort_token_folded(&reading, &list->items[i]), 0);
    retort_arena_release(&arena);
    return n;
}

void retort_bag_fill(struct retort_bag *bag, const struct retort_recipe *recipe,
                     const struct retort_item *item)
{
    struct token_list *lists = retort_extractor_lists(bag->extractor);
    const struct reading reading = {bag,
                                    item,
                                    &lists[LIST_TEXT],
                                    &lists[LIST_PARENT],
                                    &lists[LIST_ARTICLE],
                                    &lists[LIST_TARGET],
                                    retort_extractor_phrases(bag->extractor)};
    bag->n_terms = 0;
    retort_buffer_clear(&bag->names);
    tokenize_item(bag, recipe, item);
    count_languages(bag, reading.text);
    add_own_ngrams(&reading, recipe);
    if (recipe->parent || recipe->reply)
        add_word_ngrams(&reading, reading.parent, 1, RETORT_FIELD_PARENT);
    if (recipe->openings || recipe->reply)
        add_openings(&reading);
    add_early(&reading, recipe->early);
    bag->target_against = bag->names_target = false;
    if (recipe->target || recipe->stack_target) {
        bag->target_against = retort_target_is_turned(reading.target);
        bag->names_target = retort_overlap(&reading, reading.target, reading.text).n_stem > 0;
    }
    if (recipe->target) {
        add_pairs(&reading);
        add_sides(&reading);
        retort_cues_target(&reading);
    }
    if (recipe->kin_scale > 0 || recipe->topic_scale > 0)
        retort_kin_add(&reading, recipe);
    if (recipe->cues)
        retort_cues_own(&reading);
    if (recipe->manner)
        retort_cues_manner(&reading);
    if (recipe->place || recipe->reply)
        retort_cues_reply(&reading);
    if (recipe->phrases)
        retort_cues_phrases(&reading);
    if (recipe->questions)
        retort_cues_questions(&reading);
    if (recipe->lengths)
        retort_cues_length(&reading);
}

/* One word may be a name or a borrowed one ("Café!"); with more, other languages must outweigh
 * English. */
bool retort_bag_is_foreign(const struct retort_bag *bag)
{
    size_t least = bag->n_words < 3 ? 4 : 3;
    return bag->n_foreign_halves >= 2 * bag->n_english + least;
}
