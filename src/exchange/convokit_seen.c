/* Sets of small numbers and of texts (by their hashes), growing. */
#include "exchange/convokit.h"

#include <stdlib.h>
#include <string.h>

bool flags_add(struct flags *flags, int64_t number)
{
    size_t at = (size_t)number;
    if (at >= flags->size) {
        size_t size = 2 * at + 64;
        flags->at = retort_grow(flags->at, size, sizeof *flags->at);
        memset(flags->at + flags->size, 0, (size - flags->size) * sizeof *flags->at);
        flags->size = size;
    }
    bool fresh = !flags->at[at];
    flags->at[at] = true;
    return fresh;
}

static bool insert(struct hashes *set, uint64_t hash)
{
    size_t at = hash & (set->size - 1);
    while (set->slots[at] && set->slots[at] != hash)
        at = (at + 1) & (set->size - 1);
    bool fresh = !set->slots[at];
    set->slots[at] = hash;
    set->n += fresh;
    return fresh;
}

bool hashes_add(struct hashes *set, struct retort_span text)
{
    if (set->n * 2 >= set->size) {
        struct hashes grown = {.size = set->size ? set->size * 2 : 1024};
        grown.slots = retort_grow(NULL, grown.size, sizeof *grown.slots);
        memset(grown.slots, 0, grown.size * sizeof *grown.slots);
        for (size_t i = 0; i < set->size; i++)
            if (set->slots[i])
                insert(&grown, set->slots[i]);
        free(set->slots);
        *set = grown;
    }
    return insert(set, retort_hash(text, 0) | 1);
}
