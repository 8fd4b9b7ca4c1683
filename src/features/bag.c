/* An item → its bag: its texts are read once, and every recipe makes its bag of what was read.
 *
 * Terms have names and places, for training and explaining. Over a dictionary n-grams of the
 * comment are counted at once, and cues are values under their slots. Cues that several recipes
 * use are made for the first of them only. */
#include "features/counter.h"
#include "features/key.h"
#include "features/ngrams.h"

#include <stdlib.h>

enum { CONTEXT_LIMIT = 1 << 13 };

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

/* A copy with NULs behind it. */
static struct retort_span padded(struct retort_buffer *copy, struct retort_span text)
{
    static const uint8_t NULS[SCAN_PADDING];
    retort_buffer_clear(copy);
    retort_buffer_put(copy, text);
    retort_buffer_put(copy, (struct retort_span){NULS, sizeof NULS});
    return (struct retort_span){copy->data, text.len};
}

/* The comments of a thread have their article, their target and often their parent in common. */
static bool is_read(struct retort_extractor *extractor, size_t list, struct retort_span text)
{
    const struct retort_buffer *copy = &extractor->texts[list];
    return copy->len == text.len + SCAN_PADDING &&
           (text.len == 0 || memcmp(copy->data, text.data, text.len) == 0) &&
           retort_tokens_are_kept(&extractor->lexicon, &extractor->lists[list]);
}

static void read_list(struct retort_bag *bag, size_t i, struct retort_span text)
{
    struct retort_extractor *extractor = bag->extractor;
    struct retort_arena arena = {0};
    text = retort_text_read(text, i == LIST_TEXT ? RETORT_TEXT_READ : CONTEXT_LIMIT, &arena);
    if (i == LIST_TEXT || !is_read(extractor, i, text)) {
        text = padded(&extractor->texts[i], text);
        retort_tokenize(extractor, text, &extractor->lists[i]);
    }
    if (i == LIST_TEXT)
        bag->has_quotes = bag->quotes_told = retort_quotes_mark(text, &extractor->lists[i]);
    retort_arena_release(&arena);
}

void retort_bag_read(struct retort_bag *bag, const struct retort_item *item)
{
    const struct retort_span texts[N_LISTS] = {
        [LIST_TEXT] = item->text,
        [LIST_PARENT] = item->parent_text,
        [LIST_ARTICLE] = item->article_text,
        [LIST_TARGET] = item->target,
    };
    const struct token_list *text = &bag->extractor->lists[LIST_TEXT];
    retort_lexicon_next_item(&bag->extractor->lexicon);
    retort_buffer_clear(&bag->extractor->strange);
    bag->has_names = false;
    for (size_t i = 0; i < N_LISTS; i++)
        read_list(bag, i, texts[i]);
    bag->item = *item;
    bag->extractor->has_pairs = false;
    bag->n_cues = 0;
    memset(bag->groups, 0, sizeof bag->groups);
    bag->n_words = text->n_words;
    bag->n_english = text->n_english;
    bag->n_foreign_halves = text->n_foreign_halves;
}

/* Whether quoted words are told apart is the recipe's to say; cues differ by it. */
static void tell_quotes(struct retort_bag *bag, bool told)
{
    struct token_list *text = &bag->extractor->lists[LIST_TEXT];
    if (!bag->has_quotes || bag->quotes_told == told)
        return;
    for (size_t i = 0; i < text->n; i++)
        text->items[i].quoted = told && text->items[i].within_quotes;
    text->has_tally = false;
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
        retort_add_negated(&own);
    if (recipe->char_max > 0 && !reading->bag->counting)
        retort_ngrams_letters(&own, recipe);
    else if (recipe->char_max > 0 && !recipe->pieces) /* pieces are added up in product.c */
        retort_ngrams_count_letters(&own, recipe);
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
        retort_add_pairs(reading);
        retort_add_sides(reading);
        retort_bag_add_group(reading, RETORT_CUES_TARGET);
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
static bool needs_names(const struct retort_recipe *recipe)
{
    return recipe->negation || recipe->mask || recipe->toward || recipe->phrases ||
           recipe->early > 0 || recipe->openings || recipe->reply || recipe->parent;
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
    if (!bag->counting || needs_names(recipe))
        put_names(bag);
    bag->names.len = bag->has_names ? bag->names_read : 0;
    tell_quotes(bag, recipe->quotes);
    add_own_ngrams(&reading, recipe);
    if (recipe->parent || recipe->reply)
        retort_ngrams_words(&reading, reading.parent, 1, RETORT_FIELD_PARENT);
    if (recipe->openings || recipe->reply)
        retort_add_openings(&reading);
    retort_ngrams_early(&reading, recipe->early);
    add_target(&reading, recipe);
    if (recipe->cues)
        retort_bag_add_group(&reading, RETORT_CUES_OWN);
    if (recipe->manner)
        retort_bag_add_group(&reading, RETORT_CUES_MANNER);
    if (recipe->place || recipe->reply)
        retort_bag_add_group(&reading, RETORT_CUES_REPLY);
    if (recipe->phrases)
        retort_bag_add_group(&reading, RETORT_CUES_PHRASES);
    if (recipe->questions)
        retort_bag_add_group(&reading, RETORT_CUES_QUESTIONS);
    if (recipe->lengths)
        retort_bag_add_group(&reading, RETORT_CUES_LENGTH);
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
    text =
        padded(&bag->extractor->texts[LIST_TEXT], retort_text_read(text, RETORT_TEXT_READ, &arena));
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
