/* What the rows of a fold say of each feature: whether it is worth keeping (chi-square), and how
 * much it leans (the naive-Bayes ratio). Both look at labels, so both are asked anew for each fold:
 * a feature chosen by the rows that judge it would flatter the figures. */
#include "train/parts.h"

#include <math.h>
#include <stdlib.h>

static bool is_dense(const struct retort_matrix *matrix, uint32_t feature)
{
    return retort_field_is_dense((enum retort_field)matrix->dictionary.fields[feature]);
}

/* ---- chi-square ---- */

/* Rows of a feature among positives and in all, for one label. */
struct table {
    uint32_t *yes, *all; /* [n_features] */
    double n_yes, n_all;
};

static void count_row(struct table *table, const struct retort_matrix *matrix, size_t row, bool yes)
{
    table->n_yes += yes;
    table->n_all++;
    for (size_t i = row ? matrix->ends[row - 1] : 0; i < matrix->ends[row]; i++) {
        table->yes[matrix->entries[i].feature] += yes;
        table->all[matrix->entries[i].feature]++;
    }
}

static double chi_square(const struct table *table, uint32_t feature)
{
    double a = table->yes[feature], b = table->all[feature] - a; /* with the feature: yes, no */
    double c = table->n_yes - a, d = table->n_all - table->n_yes - b;
    double marginals = (a + b) * (c + d) * (a + c) * (b + d);
    double cross = a * d - b * c;
    return marginals > 0 ? table->n_all * cross * cross / marginals : 0;
}

/* A feature and its best figure over all labels. */
struct merit {
    double figure;
    uint32_t feature;
};

static int by_figure(const void *a, const void *b)
{
    const struct merit *x = a, *y = b;
    if (x->figure != y->figure)
        return x->figure > y->figure ? -1 : 1;
    return (x->feature > y->feature) - (x->feature < y->feature);
}

static void judge_label(const struct retort_matrix *matrix, const struct table *table,
                        struct merit *merits)
{
    for (uint32_t i = 0; i < matrix->dictionary.n_features; i++)
        merits[i].figure = fmax(merits[i].figure, chi_square(table, i));
}

static void keep_best(const struct retort_matrix *matrix, const struct retort_method *method,
                      const struct merit *merits, bool *keep)
{
    size_t n_of_field[RETORT_N_FIELDS] = {0};
    for (uint32_t i = 0; i < matrix->dictionary.n_features; i++) {
        uint8_t field = matrix->dictionary.fields[merits[i].feature];
        keep[merits[i].feature] = is_dense(matrix, merits[i].feature) ||
                                  (double)n_of_field[field]++ < method->most[field];
    }
}

void retort_select(const struct retort_matrix *matrix, const struct retort_dataset *dataset,
                   const struct retort_method *method, const uint8_t *fold, size_t leave_out,
                   bool *keep)
{
    struct retort_arena arena = {0};
    uint32_t n = matrix->dictionary.n_features;
    struct merit *merits = RETORT_NEW(&arena, struct merit, n);
    for (uint32_t i = 0; i < n; i++)
        merits[i].feature = i;
    for (size_t l = 0; l < dataset->n_labels; l++) {
        struct retort_arena own = {0};
        struct table table = {RETORT_NEW(&own, uint32_t, n), RETORT_NEW(&own, uint32_t, n), 0, 0};
        for (size_t i = 0; i < matrix->n_rows; i++)
            if (fold[i] != leave_out && dataset->examples[i].truth[l] != RETORT_UNKNOWN)
                count_row(&table, matrix, i, dataset->examples[i].truth[l] == RETORT_YES);
        judge_label(matrix, &table, merits);
        retort_arena_release(&own);
    }
    if (n > 0)
        qsort(merits, n, sizeof *merits, by_figure);
    keep_best(matrix, method, merits, keep);
    retort_arena_release(&arena);
}

/* ---- the naive-Bayes ratio ---- */

static void count_lesson(const struct retort_matrix *matrix, const struct retort_lesson *lesson,
                         double *yes, double *no)
{
    for (size_t i = 0; i < lesson->n; i++) {
        size_t row = lesson->rows[i];
        double *side = lesson->truth[i] == RETORT_YES ? yes : no;
        for (size_t e = row ? matrix->ends[row - 1] : 0; e < matrix->ends[row]; e++)
            side[matrix->entries[e].feature]++;
    }
}

/* Each field is a bag of its own: its counts are divided by its own sum. */
static void sum_fields(const struct retort_matrix *matrix, const double *counts,
                       double sums[RETORT_N_FIELDS])
{
    for (uint32_t i = 0; i < matrix->dictionary.n_features; i++)
        sums[matrix->dictionary.fields[i]] += counts[i];
}

void retort_nb_ratio(const struct retort_matrix *matrix, const struct retort_lesson *lesson,
                     double alpha, double *ratio)
{
    struct retort_arena arena = {0};
    uint32_t n = matrix->dictionary.n_features;
    double *yes = RETORT_NEW(&arena, double, n), *no = RETORT_NEW(&arena, double, n);
    double yes_sums[RETORT_N_FIELDS] = {0}, no_sums[RETORT_N_FIELDS] = {0};
    for (uint32_t i = 0; i < n; i++)
        yes[i] = no[i] = alpha;
    count_lesson(matrix, lesson, yes, no);
    sum_fields(matrix, yes, yes_sums);
    sum_fields(matrix, no, no_sums);
    for (uint32_t i = 0; i < n; i++) {
        uint8_t field = matrix->dictionary.fields[i];
        ratio[i] = is_dense(matrix, i)
                       ? 1
                       : fabs(log(yes[i] / yes_sums[field]) - log(no[i] / no_sums[field]));
    }
    retort_arena_release(&arena);
}
