/* The locked dictionary, and a bag over it as a sparse vector.
 *
 * Keys are 64-bit hashes: among a few hundred thousand features and all the n-grams of a lifetime
 * a false meeting is less likely than a flipped bit. Training refuses two features of one key. */
#include "features/dictionary.h"

#include <math.h>

uint32_t retort_dictionary_find(const struct retort_dictionary *dictionary, uint64_t key)
{
    return dictionary_find(dictionary, key);
}

uint32_t retort_dictionary_n_slots(uint32_t n_features)
{
    uint32_t n_slots = BUCKET;
    while (n_slots / 2 < n_features)
        n_slots *= 2;
    return n_slots;
}

bool retort_dictionary_index(struct retort_dictionary *dictionary, uint8_t *tags, uint32_t *slots)
{
    dictionary->tags = tags;
    dictionary->slots = slots;
    for (uint32_t i = 0; i < dictionary->n_features; i++) {
        uint64_t key = dictionary->keys[i];
        if (dictionary_find(dictionary, key) != UINT32_MAX)
            return false;
        uint32_t slot = dictionary_home(dictionary, key);
        while (tags[slot])
            slot = (slot + 1) & (dictionary->n_slots - 1);
        tags[slot] = dictionary_tag(key);
        slots[slot] = i;
    }
    return true;
}

enum { DIGIT_BITS = 9, N_DIGITS = 1 << DIGIT_BITS }; /* two passes up to 262,144 features */

/* One pass of a radix sort: by the digit of the feature that begins at this bit; stable. */
static void sort_by_digit(const struct retort_entry *from, struct retort_entry *to, size_t n,
                          unsigned shift)
{
    uint32_t places[N_DIGITS] = {0}, place = 0;
    for (size_t i = 0; i < n; i++)
        places[from[i].feature >> shift & (N_DIGITS - 1)]++;
    for (size_t digit = 0; digit < N_DIGITS; digit++) {
        uint32_t count = places[digit];
        places[digit] = place;
        place += count;
    }
    for (size_t i = 0; i < n; i++)
        to[places[from[i].feature >> shift & (N_DIGITS - 1)]++] = from[i];
}

/* Ascending by feature, equal ones in the order they came; `spare` is as long. */
static void sort_entries(struct retort_entry **entries, struct retort_entry *spare, size_t n,
                         uint32_t n_features)
{
    for (unsigned shift = 0; shift < 32 && n_features >> shift > 0; shift += DIGIT_BITS) {
        struct retort_entry *sorted = spare;
        sort_by_digit(*entries, sorted, n, shift);
        spare = *entries;
        *entries = sorted;
    }
}

static size_t find_terms(const struct retort_bag *bag, const struct retort_dictionary *dictionary,
                         struct retort_entry *found)
{
    size_t n = 0;
    for (size_t i = 0; i < bag->n_terms; i++) {
        uint32_t feature = retort_dictionary_find(dictionary, bag->terms[i].key);
        if (feature != UINT32_MAX)
            found[n++] = (struct retort_entry){feature, bag->terms[i].value};
    }
    return n;
}

/* One entry a feature. Counts are whole and small, so the order of adding does not matter; of a
 * dense feature there is one. */
static size_t merge(struct retort_entry *found, size_t n)
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

size_t retort_bag_counts(const struct retort_bag *bag, const struct retort_dictionary *dictionary,
                         struct retort_arena *arena, struct retort_entry **entries)
{
    struct retort_entry *found = retort_arena_room(arena, 2 * bag->n_terms, sizeof *found);
    size_t n = find_terms(bag, dictionary, found);
    *entries = found;
    sort_entries(entries, found + bag->n_terms, n, dictionary->n_features);
    return merge(*entries, n);
}

/* ---- counts → values ---- */

/* Kin are scaled when they are made. */
double retort_dense_scale(enum retort_field field, const struct retort_recipe *recipe)
{
    if (field == RETORT_FIELD_CUE)
        return recipe->cue_scale;
    return field == RETORT_FIELD_STACK ? recipe->stack_scale : 1;
}

double retort_count_weighed(double count, bool binary)
{
    return binary || count == 1 ? 1 : 1 + log(count); /* most are 1, and log(1) is 0 */
}

/* A feature's value before its field gets length 1, and what it adds to the square of the length.
 */
static double weighed(struct retort_entry entry, const struct retort_recipe *recipe,
                      const struct retort_dictionary *dictionary, double *square)
{
    enum retort_field field = dictionary->fields[entry.feature];
    double value = (double)entry.value, idf = (double)dictionary->idf[entry.feature];
    if (retort_field_is_dense(field))
        return value * retort_dense_scale(field, recipe);
    if (recipe->pieces && field == RETORT_FIELD_CHAR) {
        *square = value * idf * idf;
        return value * idf;
    }
    double weight = retort_count_weighed(value, recipe->binary) * idf;
    *square = weight * weight;
    return weight;
}

void retort_weigh(struct retort_entry *entries, size_t n, const struct retort_recipe *recipe,
                  const struct retort_dictionary *dictionary)
{
    double squares[RETORT_N_FIELDS] = {0}, square = 0;
    for (size_t i = 0; i < n; i++) {
        weighed(entries[i], recipe, dictionary, &square);
        squares[dictionary->fields[entries[i].feature]] += square;
    }
    for (size_t i = 0; i < n; i++) {
        uint8_t field = dictionary->fields[entries[i].feature];
        double value = weighed(entries[i], recipe, dictionary, &square);
        entries[i].value =
            (float)(retort_field_is_dense((enum retort_field)field) ? value
                                                                    : value / sqrt(squares[field]));
    }
}
