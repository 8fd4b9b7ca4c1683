/* The data set → its dictionary of candidates → rows of counts.
 *
 * Every text is read once, into a row of all its terms (terms.c); of these the dictionary is
 * chosen, and of the rows what is in it stays. No label is looked at, so the dictionary may be
 * shared by all folds. */
#include "train/terms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Where chi-square chooses, it is from so many times as many candidates as will be kept. */
enum { CANDIDATES = 8 };

/* ---- choosing ---- */

static int by_frequency(const void *a, const void *b)
{
    const struct retort_frequency *x = a, *y = b;
    if (x->field != y->field)
        return x->field < y->field ? -1 : 1;
    if (x->n_documents != y->n_documents)
        return x->n_documents > y->n_documents ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

/* What enters the dictionary, ordered, in the arena; n: how many. */
static struct retort_frequency *choose(const struct retort_terms *terms,
                                       const struct retort_method *method, size_t *n,
                                       struct retort_arena *arena)
{
    size_t n_frequent = 0, n_of_field[RETORT_N_FIELDS] = {0};
    double widen = method->chi2 > 0 ? CANDIDATES : 1;
    for (size_t i = 0; i < terms->n_frequencies; i++)
        n_frequent += terms->frequencies[i].n_documents >= method->min_df;
    struct retort_frequency *chosen = RETORT_NEW(arena, struct retort_frequency, n_frequent);
    n_frequent = *n = 0;
    for (size_t i = 0; i < terms->n_frequencies; i++)
        if (terms->frequencies[i].n_documents >= method->min_df)
            chosen[n_frequent++] = terms->frequencies[i];
    if (n_frequent > 0)
        qsort(chosen, n_frequent, sizeof *chosen, by_frequency);
    for (size_t i = 0; i < n_frequent; i++)
        if ((double)n_of_field[chosen[i].field]++ < widen * method->most[chosen[i].field])
            chosen[(*n)++] = chosen[i];
    return chosen;
}

static bool lock_dictionary(struct retort_matrix *matrix, const struct retort_frequency *chosen,
                            size_t n)
{
    uint64_t *keys = RETORT_NEW(&matrix->arena, uint64_t, n);
    float *idf = RETORT_NEW(&matrix->arena, float, n);
    uint8_t *fields = RETORT_NEW(&matrix->arena, uint8_t, n);
    uint32_t n_slots = retort_dictionary_n_slots((uint32_t)n);
    for (size_t i = 0; i < n; i++) {
        bool weighed = matrix->recipe->idf && !retort_field_is_dense(chosen[i].field);
        keys[i] = chosen[i].key;
        fields[i] = (uint8_t)chosen[i].field;
        idf[i] = weighed ? (float)(1 + log((1 + (double)matrix->n_rows) /
                                           (1 + (double)chosen[i].n_documents)))
                         : 1;
    }
    matrix->dictionary = (struct retort_dictionary){
        .n_features = (uint32_t)n, .n_slots = n_slots, .keys = keys, .idf = idf, .fields = fields};
    return retort_dictionary_index(&matrix->dictionary,
                                   RETORT_NEW(&matrix->arena, uint8_t, n_slots),
                                   RETORT_NEW(&matrix->arena, uint32_t, n_slots));
}

/* ---- rows ---- */

static void name_features(struct retort_matrix *matrix, const struct retort_terms *terms,
                          const struct retort_frequency *chosen)
{
    size_t n = matrix->dictionary.n_features;
    matrix->names = RETORT_NEW(&matrix->arena, struct retort_span, n);
    for (size_t i = 0; i < n; i++)
        matrix->names[i] = retort_arena_copy(&matrix->arena, terms->names[chosen[i].name - 1]);
}

enum { DIGIT_BITS = 8, N_DIGITS = 1 << DIGIT_BITS };

static void sort_by_digit(const struct retort_entry *from, struct retort_entry *to, size_t n,
                          unsigned shift)
{
    size_t places[N_DIGITS] = {0}, place = 0;
    for (size_t i = 0; i < n; i++)
        places[from[i].feature >> shift & (N_DIGITS - 1)]++;
    for (size_t digit = 0; digit < N_DIGITS; digit++) {
        size_t count = places[digit];
        places[digit] = place;
        place += count;
    }
    for (size_t i = 0; i < n; i++)
        to[places[from[i].feature >> shift & (N_DIGITS - 1)]++] = from[i];
}

/* Ascending by feature; `spare` is as long. */
static void sort_row(struct retort_entry *row, struct retort_entry *spare, size_t n,
                     uint32_t n_features)
{
    struct retort_entry *from = row, *to = spare;
    for (unsigned shift = 0; shift < 32 && n_features >> shift > 0; shift += DIGIT_BITS) {
        struct retort_entry *sorted = to;
        sort_by_digit(from, sorted, n, shift);
        to = from;
        from = sorted;
    }
    if (from != row)
        memcpy(row, from, n * sizeof *row);
}

static size_t longest_of(const size_t *ends, size_t n_rows)
{
    size_t longest = 0;
    for (size_t row = 0, begin = 0; row < n_rows; begin = ends[row++])
        longest = ends[row] - begin > longest ? ends[row] - begin : longest;
    return longest;
}

/* Takes the rows over, and leaves in each what is in the dictionary, ascending. */
static void take_rows(struct retort_matrix *matrix, struct retort_terms *terms,
                      const struct retort_frequency *chosen)
{
    uint32_t *features = retort_grow(NULL, terms->n_frequencies, sizeof *features);
    struct retort_entry *spare =
        retort_grow(NULL, longest_of(terms->ends, matrix->n_rows), sizeof *spare);
    size_t at = 0, n = 0;
    memset(features, 0, terms->n_frequencies * sizeof *features);
    for (uint32_t i = 0; i < matrix->dictionary.n_features; i++)
        features[chosen[i].number] = i + 1;
    matrix->entries = terms->entries;
    terms->entries = NULL;
    for (size_t row = 0; row < matrix->n_rows; row++) {
        size_t begin = n;
        for (; at < terms->ends[row]; at++) {
            struct retort_entry entry = matrix->entries[at];
            if (features[entry.feature])
                matrix->entries[n++] =
                    (struct retort_entry){features[entry.feature] - 1, entry.value};
        }
        sort_row(matrix->entries + begin, spare, n - begin, matrix->dictionary.n_features);
        matrix->ends[row] = n;
    }
    if (n > 0)
        matrix->entries = retort_grow(matrix->entries, n, sizeof *matrix->entries);
    free(features);
    free(spare);
}

bool retort_matrix_build(struct retort_matrix *matrix, const struct retort_dataset *dataset,
                         const struct retort_making *making, struct retort_error *error)
{
    struct retort_terms terms;
    size_t n;
    *matrix = (struct retort_matrix){.recipe = making->recipe, .n_rows = dataset->n_examples};
    matrix->ends = RETORT_NEW(&matrix->arena, size_t, matrix->n_rows);
    retort_terms_read(&terms, dataset, making);
    const struct retort_frequency *chosen = choose(&terms, making->method, &n, &terms.arena);
    bool locked = lock_dictionary(matrix, chosen, n);
    if (locked) {
        name_features(matrix, &terms, chosen);
        take_rows(matrix, &terms, chosen);
    }
    retort_terms_release(&terms);
    return locked || retort_fail(error, RETORT_RUNTIME,
                                 "two features share a key; train with "
                                 "other data and report this");
}

void retort_matrix_release(struct retort_matrix *matrix)
{
    free(matrix->entries);
    retort_arena_release(&matrix->arena);
    *matrix = (struct retort_matrix){0};
}
