/* Toward: n-grams of the comment under other names, by the target they are said toward.
 *
 * Known targets: each n-gram once for all targets and once for its own ("easy adaptation", Daumé
 * 2007), so that one linear machine is as good as one a target and still shares what they share.
 *
 * Unknown targets: the target's own words become the one word <target>, so that what is said of
 * one is learned for every other: "<target> is" instead of a name. */
#include "features/bag.h"

#include <string.h>

/* "Target|n-gram": the target's folded text stands in bag->names as one slice. */
static void add_toward(const struct reading *reading, const struct retort_term *term,
                       struct retort_span target)
{
    struct retort_bag *bag = reading->bag;
    uint8_t copy[1024]; /* names may move when it grows */
    struct retort_term crossed = *term;
    struct retort_span name = retort_term_name(bag, term);
    size_t n_target = target.len < 256 ? target.len : 256;
    size_t n_name = name.len < sizeof copy - 257 ? name.len : sizeof copy - 257;
    memcpy(copy, target.data, n_target);
    copy[n_target] = '|';
    memcpy(copy + n_target + 1, name.data, n_name);
    crossed.field = RETORT_FIELD_TOWARD;
    crossed.name = (uint32_t)bag->names.len;
    crossed.length = (uint32_t)(n_target + 1 + n_name);
    retort_buffer_put(&bag->names, (struct retort_span){copy, crossed.length});
    retort_bag_add(bag, crossed);
}

void retort_toward_add(const struct reading *reading)
{
    struct retort_bag *bag = reading->bag;
    const struct token_list *target = reading->target;
    size_t n = bag->n_terms;
    if (target->n == 0)
        return;
    for (size_t i = 0; i < n; i++) {
        struct retort_term term = bag->terms[i]; /* terms may move, and names with every term */
        struct retort_span whole =
            retort_span_slice(retort_buffer_span(&bag->names), target->items[0].fold_begin,
                              token_fold_end(&target->items[target->n - 1]));
        if (term.field == RETORT_FIELD_WORD || term.field == RETORT_FIELD_CHAR)
            add_toward(reading, &term, whole);
    }
}

/* ---- masking ---- */

#define MASK RETORT_SPAN("<target>")

struct token_list retort_target_mask(const struct reading *reading, struct retort_arena *arena)
{
    const struct token_list *text = reading->text;
    struct token_list masked = {.items = RETORT_NEW(arena, struct token, text->n), .n = text->n};
    struct retort_buffer *names = &reading->bag->names, folded = {0};
    bool *marks = RETORT_NEW(arena, bool, text->n);
    size_t begin = names->len;
    retort_overlap_mark(reading, text, reading->target, marks);
    retort_buffer_byte(&folded, ' ');
    for (size_t i = 0; i < text->n; i++) {
        struct token *token = &masked.items[i];
        *token = text->items[i];
        struct retort_span word = retort_token_folded(reading, token);
        token->fold_begin = (uint32_t)(begin + folded.len);
        retort_buffer_put(&folded, marks[i] ? MASK : word);
        if (marks[i]) {
            token->hash = retort_hash(MASK, 0);
            token->lexeme = NO_LEXEME;
        }
        token->folded_len = (uint8_t)(begin + folded.len - token->fold_begin);
        if (token->folded_len > 0)
            retort_buffer_byte(&folded, ' ');
    }
    retort_buffer_put(names, retort_buffer_span(&folded));
    retort_buffer_release(&folded);
    return masked;
}
