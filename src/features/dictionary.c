/* The locked dictionary, and a bag over it as a sparse vector.
 *
 * Keys are 64-bit hashes: among a few hundred thousand features and all the n-grams of a lifetime
 * a false meeting is less likely than a flipped bit. Training refuses two features of one key. */
#include "features/features.h"

#include <math.h>
#include <stdlib.h>

uint32_t retort_dictionary_find(const struct retort_dictionary *dictionary, uint64_t key)
{
    uint32_t slot = (uint32_t)key & dictionary->slot_mask;
    for (uint32_t at; (at = dictionary->slots[slot]) != 0;
         slot = (slot + 1) & dictionary->slot_mask)
        if (dictionary->keys[at - 1] == key)
            return at - 1;
    return UINT32_MAX;
}

bool retort_dictionary_index(struct retort_dictionary *dictionary, uint32_t *slots,
                             uint32_t n_slots)
{
    dictionary->slots = slots;
    dictionary->slot_mask = n_slots - 1;
    for (uint32_t i = 0; i < dictionary->n_features; i++) {
        uint64_t key = dictionary->keys[i];
        if (retort_dictionary_find(dictionary, key) != UINT32_MAX)
            return false;
        uint32_t slot = (uint32_t)key & dictionary->slot_mask;
        while (slots[slot])
            slot = (slot + 1) & dictionary->slot_mask;
        slots[slot] = i + 1;
    }
    return true;
}

enum { N_FIELDS = RETORT_FIELD_CUE + 1 };

/* An entry that still knows its field. */
struct found {
    uint32_t feature;
    enum retort_field field;
    double value;
};

static int by_feature(const void *a, const void *b)
{
    uint32_t x = ((const struct found *)a)->feature, y = ((const struct found *)b)->feature;
    return (x > y) - (x < y);
}

static size_t find_terms(const struct retort_bag *bag, const struct retort_dictionary *dictionary,
                         struct found *found)
{
    size_t n = 0;
    for (size_t i = 0; i < bag->n_terms; i++) {
        const struct retort_term *term = &bag->terms[i];
        uint32_t feature = retort_dictionary_find(dictionary, term->key);
        if (feature != UINT32_MAX)
            found[n++] = (struct found){feature, term->field, (double)term->value};
    }
    qsort(found, n, sizeof *found, by_feature);
    return n;
}

/* Adds up what stands more than once. */
static size_t merge(struct found *found, size_t n)
{
    size_t n_merged = 0;
    for (size_t i = 0; i < n; i++) {
        if (n_merged > 0 && found[n_merged - 1].feature == found[i].feature)
            found[n_merged - 1].value += found[i].value;
        else
            found[n_merged++] = found[i];
    }
    return n_merged;
}

static double weigh(const struct found *found, const struct retort_recipe *recipe,
                    const struct retort_dictionary *dictionary)
{
    if (found->field == RETORT_FIELD_CUE)
        return found->value * recipe->cue_scale;
    double value = recipe->weighting == RETORT_BINARY ? 1 : 1 + log(found->value);
    return value * (double)dictionary->idf[found->feature];
}

size_t retort_bag_vector(const struct retort_bag *bag, const struct retort_recipe *recipe,
                         const struct retort_dictionary *dictionary, struct retort_arena *arena,
                         struct retort_entry **entries)
{
    struct found *found = RETORT_NEW(arena, struct found, bag->n_terms);
    size_t n = merge(found, find_terms(bag, dictionary, found));
    double squares[N_FIELDS] = {0};
    for (size_t i = 0; i < n; i++) {
        found[i].value = weigh(&found[i], recipe, dictionary);
        squares[found[i].field] += found[i].value * found[i].value;
    }
    squares[RETORT_FIELD_CUE] = 1;
    *entries = RETORT_NEW(arena, struct retort_entry, n);
    for (size_t i = 0; i < n; i++)
        (*entries)[i] = (struct retort_entry){
            found[i].feature, (float)(found[i].value / sqrt(squares[found[i].field]))};
    return n;
}
