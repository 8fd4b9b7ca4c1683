/* Terms whose names are put together: what a reply opens with, words behind a negation, pairs of
 * target word and comment word, and words by the side that the target takes. */
#include "features/bag.h"

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

void retort_add_pairs(const struct reading *reading)
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

/* "Harmful" speaks for a ban and against what is to be banned: each word of the comment is told
 * apart by the side the target takes, so that what it says carries over to targets never seen. */
void retort_add_sides(const struct reading *reading)
{
    const char *side = retort_target_is_turned(reading->target) ? "against|" : "for|";
    if (reading->target->n == 0)
        return;
    for (size_t i = 0; i < reading->text->n; i++)
        if (reading->text->items[i].kind == TOKEN_WORD)
            add_prefixed(reading, &reading->text->items[i], side, RETORT_FIELD_SIDE);
}
