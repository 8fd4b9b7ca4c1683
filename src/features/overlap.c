/* How much of one text stands in another, by content words: exactly, or by a stem of five bytes
 * ("minerals" and "mining" are strangers, "mining" and "mined" too; "immigration" and "immigrants"
 * are kin). A hash table of the second text makes it linear in both. */
#include "features/bag.h"

static uint64_t stem_hash(struct retort_span word)
{
    return retort_hash(retort_span_slice(word, 0, word.len < 5 ? word.len : 5), 1);
}

/* Open addressing over hashes; 0 is free (a hash of 0 is taken for 1). */
struct set {
    uint64_t *slots;
    size_t *firsts; /* where the hash was seen first */
    size_t mask;
};

static size_t slot_of(const struct set *set, uint64_t hash)
{
    size_t slot = (size_t)hash & set->mask;
    while (set->slots[slot] && set->slots[slot] != hash)
        slot = (slot + 1) & set->mask;
    return slot;
}

static void insert(struct set *set, uint64_t hash, size_t where)
{
    hash += hash == 0;
    size_t slot = slot_of(set, hash);
    if (!set->slots[slot])
        set->firsts[slot] = where;
    set->slots[slot] = hash;
}

static bool contains(const struct set *set, uint64_t hash, size_t *where)
{
    hash += hash == 0;
    size_t slot = slot_of(set, hash);
    if (set->slots[slot] && set->firsts[slot] < *where)
        *where = set->firsts[slot];
    return set->slots[slot] != 0;
}

static struct set set_of(const struct reading *reading, const struct token_list *list,
                         struct retort_arena *arena)
{
    size_t n_slots = 16;
    while (n_slots < 4 * list->n)
        n_slots *= 2;
    struct set set = {RETORT_NEW(arena, uint64_t, n_slots), RETORT_NEW(arena, size_t, n_slots),
                      n_slots - 1};
    for (size_t i = 0; i < list->n; i++) {
        if (!retort_token_is_content(&list->items[i]))
            continue;
        struct retort_span word = retort_token_folded(reading, &list->items[i]);
        insert(&set, list->items[i].hash, i);
        insert(&set, stem_hash(word), i);
    }
    return set;
}

struct overlap retort_overlap(const struct reading *reading, const struct token_list *of,
                              const struct token_list *in)
{
    struct retort_arena arena = {0};
    struct set set = set_of(reading, in, &arena);
    struct overlap overlap = {.first = in->n};
    for (size_t i = 0; i < of->n; i++) {
        if (!retort_token_is_content(&of->items[i]))
            continue;
        struct retort_span word = retort_token_folded(reading, &of->items[i]);
        overlap.n_words++;
        overlap.n_exact += contains(&set, of->items[i].hash, &overlap.first);
        overlap.n_stem += contains(&set, stem_hash(word), &overlap.first);
    }
    retort_arena_release(&arena);
    return overlap;
}

void retort_overlap_mark(const struct reading *reading, const struct token_list *of,
                         const struct token_list *in, bool *marks)
{
    struct retort_arena arena = {0};
    struct set set = set_of(reading, in, &arena);
    for (size_t i = 0; i < of->n; i++) {
        size_t where = in->n;
        marks[i] = retort_token_is_content(&of->items[i]) &&
                   contains(&set, stem_hash(retort_token_folded(reading, &of->items[i])), &where);
    }
    retort_arena_release(&arena);
}
