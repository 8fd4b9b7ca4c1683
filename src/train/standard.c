/* Dense features in units of their own deviation. A stacked margin of a rare label lies within a
 * tenth of −1 and would be heard less than that of a common one, though what it says when it rises
 * is worth as much; so each dense feature is divided by its standard deviation over all rows, and
 * one that stands in every row is taken from its mean besides. No label is looked at. In the model
 * file nothing of it is left: it is folded into weights and bias. */
#include "train/parts.h"

#include <math.h>

static bool is_dense(const struct retort_matrix *matrix, uint32_t feature)
{
    return retort_field_is_dense((enum retort_field)matrix->dictionary.fields[feature]);
}

/* What hardly ever varies is not blown up beyond this. */
static const double LEAST_DEVIATION = 0.05;

static void add_up(const struct retort_matrix *matrix, double *sums, double *squares,
                   uint32_t *counts)
{
    size_t n_entries = matrix->n_rows ? matrix->ends[matrix->n_rows - 1] : 0;
    for (size_t i = 0; i < n_entries; i++) {
        const struct retort_entry *entry = &matrix->entries[i];
        if (!is_dense(matrix, entry->feature))
            continue;
        sums[entry->feature] += (double)entry->value;
        squares[entry->feature] += (double)entry->value * (double)entry->value;
        counts[entry->feature]++;
    }
}

void retort_standard_measure(struct retort_matrix *matrix)
{
    struct retort_arena arena = {0};
    uint32_t n = matrix->dictionary.n_features;
    double n_rows = (double)matrix->n_rows;
    double *sums = RETORT_NEW(&arena, double, n), *squares = RETORT_NEW(&arena, double, n);
    uint32_t *counts = RETORT_NEW(&arena, uint32_t, n);
    matrix->standards = RETORT_NEW(&matrix->arena, struct retort_standard, n);
    add_up(matrix, sums, squares, counts);
    for (uint32_t i = 0; i < n; i++) {
        double mean = n_rows > 0 ? sums[i] / n_rows : 0;
        double deviation = n_rows > 0 ? sqrt(fmax(0, squares[i] / n_rows - mean * mean)) : 0;
        bool dense = is_dense(matrix, i);
        matrix->standards[i] = (struct retort_standard){
            .mean = dense && counts[i] == matrix->n_rows ? mean : 0,
            .deviation = dense ? fmax(deviation, LEAST_DEVIATION) : 1,
        };
    }
    retort_arena_release(&arena);
}

void retort_standard_apply(const struct retort_matrix *matrix, struct retort_entry *entries,
                           size_t n)
{
    for (size_t i = 0; matrix->standards && i < n; i++) {
        const struct retort_standard *standard = &matrix->standards[entries[i].feature];
        entries[i].value =
            (float)(((double)entries[i].value - standard->mean) / standard->deviation);
    }
}

void retort_standard_fold(const struct retort_matrix *matrix, double *weights, double *bias)
{
    for (uint32_t i = 0; matrix->standards && i < matrix->dictionary.n_features; i++) {
        const struct retort_standard *standard = &matrix->standards[i];
        double scale =
            retort_dense_scale((enum retort_field)matrix->dictionary.fields[i], matrix->recipe);
        weights[i] /= standard->deviation;
        *bias -= weights[i] * standard->mean * scale;
    }
}
