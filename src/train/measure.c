/* Figures of merit. AUC by ranks (ties count half), F1 of the decided labels, calibration error in
 * ten bins; what cannot be had is NaN and is written as null. */
#include "train/train.h"

#include <math.h>
#include <stdlib.h>

struct ranked {
    double margin;
    bool yes;
};

static int by_margin(const void *a, const void *b)
{
    double x = ((const struct ranked *)a)->margin, y = ((const struct ranked *)b)->margin;
    return (x > y) - (x < y);
}

/* Mann–Whitney: the share of pairs in which the positive lies higher. */
static double auc_of(struct ranked *ranked, size_t n)
{
    size_t n_yes = 0;
    double rank_sum = 0;
    qsort(ranked, n, sizeof *ranked, by_margin);
    for (size_t begin = 0, end; begin < n; begin = end) {
        for (end = begin; end < n && ranked[end].margin == ranked[begin].margin; end++)
            ;
        double rank = (double)(begin + 1 + end) / 2;
        for (size_t i = begin; i < end; i++) {
            n_yes += ranked[i].yes;
            rank_sum += ranked[i].yes ? rank : 0;
        }
    }
    double positive = (double)n_yes, negative = (double)(n - n_yes);
    return positive > 0 && negative > 0
               ? (rank_sum - positive * (positive + 1) / 2) / (positive * negative)
               : (double)NAN;
}

enum { N_BINS = 10 };

struct counts {
    size_t asked, yes, on, hit;
    double bin_p[N_BINS], bin_yes[N_BINS];
};

static void count(struct counts *counts, const struct retort_score *score, bool yes)
{
    size_t bin = (size_t)(score->p * N_BINS);
    bin = bin < N_BINS ? bin : N_BINS - 1;
    counts->asked++;
    counts->yes += yes;
    counts->on += score->on;
    counts->hit += yes && score->on;
    counts->bin_p[bin] += score->p;
    counts->bin_yes[bin] += yes;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : (double)NAN;
}

static struct retort_label_figures figures_of(const struct counts *counts)
{
    double error = 0, hit = (double)counts->hit;
    for (size_t i = 0; i < N_BINS; i++)
        error += fabs(counts->bin_p[i] - counts->bin_yes[i]);
    return (struct retort_label_figures){
        .n_asked = counts->asked,
        .n_yes = counts->yes,
        .precision = ratio(hit, (double)counts->on),
        .recall = ratio(hit, (double)counts->yes),
        .f1 = counts->yes ? 2 * hit / (double)(counts->on + counts->yes) : (double)NAN,
        .ece = ratio(error, (double)counts->asked),
    };
}

static void measure_label(struct retort_label_figures *figures,
                          const struct retort_dataset *dataset, const struct retort_score *scores,
                          size_t label)
{
    struct ranked *ranked = retort_grow(NULL, dataset->n_examples, sizeof *ranked);
    struct counts counts = {0};
    size_t n = 0;
    for (size_t i = 0; i < dataset->n_examples; i++) {
        const struct retort_score *score = &scores[i * dataset->n_labels + label];
        int8_t truth = dataset->examples[i].truth[label];
        if (truth == RETORT_UNKNOWN)
            continue;
        count(&counts, score, truth == RETORT_YES);
        ranked[n++] = (struct ranked){score->margin, truth == RETORT_YES};
    }
    *figures = figures_of(&counts);
    figures->auc = auc_of(ranked, n);
    free(ranked);
}

/* One-of: one decision an item, that of its label. Any-of: one an item and asked label. */
static void measure_decisions(struct retort_figures *figures, const struct retort_dataset *dataset,
                              const struct retort_score *scores)
{
    size_t n = 0, n_right = 0, n_sure = 0, n_sure_wrong = 0;
    for (size_t i = 0; i < dataset->n_examples; i++) {
        for (size_t l = 0; l < dataset->n_labels; l++) {
            const struct retort_score *score = &scores[i * dataset->n_labels + l];
            int8_t truth = dataset->examples[i].truth[l];
            if (truth == RETORT_UNKNOWN || (dataset->choice == RETORT_ONE_OF && !score->on))
                continue;
            bool right = score->on == (truth == RETORT_YES);
            n++;
            n_right += right;
            n_sure += !score->unsure;
            n_sure_wrong += !score->unsure && !right;
        }
    }
    figures->n_decisions = n;
    figures->right_share = ratio((double)n_right, (double)n);
    figures->accuracy = dataset->choice == RETORT_ONE_OF ? figures->right_share : (double)NAN;
    figures->sure_share = ratio((double)n_sure, (double)n);
    figures->sure_error = ratio((double)n_sure_wrong, (double)n_sure);
}

static double mean_of(const struct retort_figures *figures, size_t n_labels, bool auc)
{
    double sum = 0;
    size_t n = 0;
    for (size_t l = 0; l < n_labels; l++) {
        double value = auc ? figures->labels[l].auc : figures->labels[l].f1;
        if (isnan(value))
            continue;
        sum += value;
        n++;
    }
    return ratio(sum, (double)n);
}

void retort_measure(struct retort_figures *figures, const struct retort_dataset *dataset,
                    const struct retort_score *scores, struct retort_arena *arena)
{
    *figures = (struct retort_figures){.n_items = dataset->n_examples};
    figures->labels = RETORT_NEW(arena, struct retort_label_figures, dataset->n_labels);
    for (size_t l = 0; l < dataset->n_labels; l++)
        measure_label(&figures->labels[l], dataset, scores, l);
    measure_decisions(figures, dataset, scores);
    figures->macro_f1 = mean_of(figures, dataset->n_labels, false);
    figures->mean_auc = mean_of(figures, dataset->n_labels, true);
}

/* ---- parts ---- */

static int by_part(const void *a, const void *b)
{
    const struct retort_example *x = *(const struct retort_example *const *)a,
                                *y = *(const struct retort_example *const *)b;
    int order = retort_span_compare(x->part, y->part);
    return order ? order : (x > y) - (x < y);
}

/* The figures of some examples, copied together with their scores. */
static void measure_part(struct retort_subset *part, const struct retort_dataset *dataset,
                         const struct retort_score *scores, struct retort_example **examples,
                         struct retort_arena *arena)
{
    size_t n_labels = dataset->n_labels, n = 0;
    struct retort_dataset own = *dataset;
    while (n < dataset->n_examples && examples[n] &&
           retort_span_equal(examples[n]->part, examples[0]->part))
        n++;
    struct retort_score *own_scores = RETORT_NEW(arena, struct retort_score, n * n_labels);
    own.examples = RETORT_NEW(arena, struct retort_example, n);
    own.n_examples = n;
    for (size_t i = 0; i < n; i++) {
        size_t index = (size_t)(examples[i] - dataset->examples);
        own.examples[i] = *examples[i];
        memcpy(own_scores + i * n_labels, scores + index * n_labels, n_labels * sizeof *own_scores);
    }
    part->value = examples[0]->part;
    retort_measure(&part->figures, &own, own_scores, arena);
}

size_t retort_measure_subsets(const struct retort_dataset *dataset,
                              const struct retort_score *scores, struct retort_arena *arena,
                              struct retort_subset **parts)
{
    size_t n_parts = 0, n = dataset->n_examples;
    struct retort_example **order = RETORT_NEW(arena, struct retort_example *, n + 1);
    for (size_t i = 0; i < n; i++)
        order[i] = &dataset->examples[i];
    qsort(order, n, sizeof *order, by_part);
    *parts = RETORT_NEW(arena, struct retort_subset, n);
    for (size_t i = 0; i < n; i += (*parts)[n_parts++].figures.n_items)
        measure_part(&(*parts)[n_parts], dataset, scores, order + i, arena);
    return n_parts;
}
