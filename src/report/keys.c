/* Keys: numbers of 64 bits become indexes from 0 on, in the order in which they were first seen. */
#include "report/keys.h"

#include <stdlib.h>

static size_t slot_of(const struct report_keys *keys, uint64_t key)
{
    uint64_t mixed = key;
    size_t slot = (size_t)retort_random(&mixed) & (keys->n_slots - 1);
    while (keys->slots[slot].index && keys->slots[slot].key != key)
        slot = (slot + 1) & (keys->n_slots - 1);
    return slot;
}

static void enlarge(struct report_keys *keys)
{
    struct report_keys grown = {.n_slots = keys->n_slots ? 2 * keys->n_slots : 1024, .n = keys->n};
    grown.slots = retort_grow(NULL, grown.n_slots, sizeof *grown.slots);
    for (size_t i = 0; i < grown.n_slots; i++)
        grown.slots[i] = (struct report_key){0, 0};
    for (size_t i = 0; i < keys->n_slots; i++)
        if (keys->slots[i].index)
            grown.slots[slot_of(&grown, keys->slots[i].key)] = keys->slots[i];
    free(keys->slots);
    *keys = grown;
}

uint32_t report_key(struct report_keys *keys, uint64_t key)
{
    if (2 * keys->n >= keys->n_slots)
        enlarge(keys);
    struct report_key *found = &keys->slots[slot_of(keys, key)];
    if (!found->index)
        *found = (struct report_key){key, ++keys->n};
    return found->index - 1;
}

void report_keys_release(struct report_keys *keys)
{
    free(keys->slots);
    *keys = (struct report_keys){0};
}
