/* How much of one text stands in another, by content words: exactly, or by a stem of five bytes
 * ("minerals" and "mining" are strangers, "mining" and "mined" too; "immigration" and "immigrants"
 * are kin). A hash table of the second text makes it linear in both. */
#include "features/bag.h"

/* Stems are told apart from whole words by the highest bits. */
static uint64_t key_of_stem(const struct token *token)
{
    return (uint64_t)token->stem | UINT64_C(0xFFFFFFFF) << 32;
}

/* The content words of a list, and their stems, by the place where each stands first. */
static struct round *round_of(const struct reading *reading, const struct token_list *list)
{
    struct round *round = &reading->bag->extractor->met;
    retort_round_begin(round, 2 * list->n);
    for (size_t i = 0; i < list->n; i++) {
        if (!retort_token_is_content(&list->items[i]))
            continue;
        retort_round_meets(round, list->items[i].hash, (uint32_t)i);
        retort_round_meets(round, key_of_stem(&list->items[i]), (uint32_t)i);
    }
    return round;
}

static bool contains(const struct round *round, uint64_t key, size_t *where)
{
    uint32_t first;
    if (!retort_round_has(round, key, &first))
        return false;
    *where = first < *where ? first : *where;
    return true;
}

struct overlap retort_overlap(const struct reading *reading, const struct token_list *of,
                              const struct token_list *in)
{
    const struct round *round = round_of(reading, in);
    struct overlap overlap = {.first = in->n};
    for (size_t i = 0; i < of->n; i++) {
        if (!retort_token_is_content(&of->items[i]))
            continue;
        overlap.n_words++;
        overlap.n_exact += contains(round, of->items[i].hash, &overlap.first);
        overlap.n_stem += contains(round, key_of_stem(&of->items[i]), &overlap.first);
    }
    return overlap;
}

void retort_overlap_mark(const struct reading *reading, const struct token_list *of,
                         const struct token_list *in, bool *marks)
{
    const struct round *round = round_of(reading, in);
    for (size_t i = 0; i < of->n; i++) {
        size_t where = in->n;
        marks[i] = retort_token_is_content(&of->items[i]) &&
                   contains(round, key_of_stem(&of->items[i]), &where);
    }
}
