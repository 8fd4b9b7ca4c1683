/* Terms whose names are put together: what a reply opens with, words behind a negation, pairs of
 * target word and comment word, and words by the side that the target takes. */
#include "features/counter.h"
#include "features/key.h"
#include "features/ngrams.h"

enum { MOST_PAIR_WORDS = 200, MOST_TARGET_WORDS = 12, LONGEST_OPENING = 3, NEGATION_REACHES = 6 };

/* ---- openings ---- */

/* What a reply opens with, names, links and quotation marks left aside: "no", "no you", "no you
 * are". */
void retort_add_openings(const struct reading *reading)
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
    struct retort_term term = {
        .field = RETORT_FIELD_PAIR,
        .key = key_with_next(key_of_word(RETORT_FIELD_PAIR, target->hash), word->hash),
        .value = 1,
        .begin = word->begin,
        .end = word->end,
        .name = (uint32_t)bag->names.len};
    retort_buffer_room(&bag->names, 2 * UINT8_MAX + 1); /* names do not move while they are read */
    retort_buffer_put(&bag->names, retort_token_folded(reading, target));
    retort_buffer_byte(&bag->names, '|');
    retort_buffer_put(&bag->names, retort_token_folded(reading, word));
    term.length = (uint32_t)bag->names.len - term.name;
    retort_bag_add_keyed(bag, term);
}

/* The first content words of a list. */
static size_t content_of(const struct token_list *list, size_t most, const struct token **words)
{
    size_t n = 0;
    for (size_t i = 0; i < list->n && n < most; i++)
        if (retort_token_is_content(&list->items[i]))
            words[n++] = &list->items[i];
    return n;
}

static void count_pairs(struct counter *counter, const struct token *const *targets,
                        size_t n_targets, const struct token *const *words, size_t n_words)
{
    uint64_t keys[MOST_PAIR_WORDS];
    retort_counter_begin(counter, RETORT_FIELD_PAIR);
    for (size_t t = 0; t < n_targets; t++) {
        uint64_t target = key_of_word(RETORT_FIELD_PAIR, targets[t]->hash);
        for (size_t i = 0; i < n_words; i++)
            keys[i] = key_with_next(target, words[i]->hash);
        retort_count_keys(counter, keys, n_words);
    }
}

void retort_add_pairs(const struct reading *reading)
{
    const struct token *targets[MOST_TARGET_WORDS], *words[MOST_PAIR_WORDS];
    size_t n_targets = content_of(reading->target, MOST_TARGET_WORDS, targets);
    size_t n_words = content_of(reading->text, MOST_PAIR_WORDS, words);
    if (reading->bag->counting) {
        count_pairs(reading->bag->counting, targets, n_targets, words, n_words);
        return;
    }
    for (size_t t = 0; t < n_targets; t++)
        for (size_t i = 0; i < n_words; i++)
            add_pair(reading, targets[t], words[i]);
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
void retort_add_negated(const struct reading *reading)
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

static void count_sides(struct counter *counter, const struct token_list *text, const char *side)
{
    uint64_t first = key_of_word(RETORT_FIELD_SIDE, retort_hash(retort_span_of(side), 0));
    uint64_t keys[MOST_PAIR_WORDS];
    size_t n = 0;
    retort_counter_begin(counter, RETORT_FIELD_SIDE);
    for (size_t i = 0; i < text->n; i++) {
        if (text->items[i].kind == TOKEN_WORD)
            keys[n++] = key_with_next(first, text->items[i].hash);
        if (n == MOST_PAIR_WORDS || i + 1 == text->n) {
            retort_count_keys(counter, keys, n);
            n = 0;
        }
    }
}

/* "Harmful" speaks for a ban and against what is to be banned: each word of the comment is told
 * apart by the side the target takes, so that what it says carries over to targets never seen. */
void retort_add_sides(const struct reading *reading)
{
    bool turned = retort_target_is_turned(reading->target);
    if (reading->target->n == 0)
        return;
    if (reading->bag->counting) {
        count_sides(reading->bag->counting, reading->text, turned ? "against" : "for");
        return;
    }
    for (size_t i = 0; i < reading->text->n; i++)
        if (reading->text->items[i].kind == TOKEN_WORD)
            add_prefixed(reading, &reading->text->items[i], turned ? "against|" : "for|",
                         RETORT_FIELD_SIDE);
}
