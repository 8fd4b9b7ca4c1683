/* Figures of merit. AUC by ranks (ties count half), F1 of the decided labels, calibration error in
 * ten bins, errors by coverage; what cannot be had is NaN and is written as null. */
#include "train/calibrate.h"

#include <math.h>
#include <stdlib.h>

static int by_margin(const void *a, const void *b)
{
    double x = ((const struct retort_ranked *)a)->margin,
           y = ((const struct retort_ranked *)b)->margin;
    return (x > y) - (x < y);
}

double retort_auc(struct retort_ranked *ranked, size_t n)
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

/* Sums of weighed cases. */
struct counts {
    size_t n_asked, n_yes;
    double asked, yes, on, hit, loss;
    struct {
        size_t n;
        double weight, squares, p, yes;
    } bins[RETORT_N_BINS];
};

static void count(struct counts *counts, const struct retort_score *score, double weight, bool yes)
{
    static const double LEAST_P = 1e-15;
    size_t bin = (size_t)(score->p * RETORT_N_BINS);
    bin = bin < RETORT_N_BINS ? bin : RETORT_N_BINS - 1;
    counts->n_asked++;
    counts->n_yes += yes;
    counts->asked += weight;
    counts->yes += yes ? weight : 0;
    counts->on += score->on ? weight : 0;
    counts->hit += yes && score->on ? weight : 0;
    counts->loss -= weight * log(fmax(yes ? score->p : 1 - score->p, LEAST_P));
    counts->bins[bin].n++;
    counts->bins[bin].weight += weight;
    counts->bins[bin].squares += weight * weight;
    counts->bins[bin].p += weight * score->p;
    counts->bins[bin].yes += yes ? weight : 0;
}

static double ratio(double part, double whole)
{
    return whole > 0 ? part / whole : (double)NAN;
}

static void fill_bins(struct retort_label_figures *figures, const struct counts *counts)
{
    double error = 0;
    for (size_t i = 0; i < RETORT_N_BINS; i++) {
        double weight = counts->bins[i].weight, yes = ratio(counts->bins[i].yes, weight);
        double n = weight > 0 ? weight * weight / counts->bins[i].squares : 0;
        error += fabs(counts->bins[i].p - counts->bins[i].yes);
        figures->bins[i] = (struct retort_bin){
            .n = counts->bins[i].n,
            .p = ratio(counts->bins[i].p, weight),
            .yes = yes,
            .low = n > 0 ? retort_share_above(yes * n, n, 0.025) : (double)NAN,
            .high = n > 0 ? retort_share_below(yes * n, n, 0.025) : (double)NAN,
        };
    }
    figures->ece = ratio(error, counts->asked);
}

static struct retort_label_figures figures_of(const struct counts *counts)
{
    struct retort_label_figures figures = {
        .n_asked = counts->n_asked,
        .n_yes = counts->n_yes,
        .precision = ratio(counts->hit, counts->on),
        .recall = ratio(counts->hit, counts->yes),
        .f1 = counts->n_yes ? 2 * counts->hit / (counts->on + counts->yes) : (double)NAN,
        .log_loss = ratio(counts->loss, counts->asked),
    };
    fill_bins(&figures, counts);
    return figures;
}

/* ---- errors by coverage ---- */

static struct retort_decision decision_of(const struct retort_score *score, double weight, bool yes)
{
    return (struct retort_decision){.certainty = score->on ? score->p : 1 - score->p,
                                    .weight = weight,
                                    .right = score->on == yes};
}

/* Decisions of one certainty are given together or not at all: coverage may pass its tenth. */
static void fill_risks(struct retort_risk *risks, struct retort_decision *list, size_t n)
{
    double all = 0, given = 0, wrong = 0;
    size_t tenth = 0;
    retort_decisions_sort(list, n);
    for (size_t i = 0; i < n; i++)
        all += list[i].weight;
    for (size_t i = 0; i < RETORT_N_RISKS; i++)
        risks[i] = (struct retort_risk){(double)NAN, (double)NAN};
    for (size_t i = 0; i < n; i++) {
        given += list[i].weight;
        wrong += list[i].right ? 0 : list[i].weight;
        bool cuts = i + 1 == n || list[i + 1].certainty < list[i].certainty;
        for (; cuts && tenth < RETORT_N_RISKS &&
               (i + 1 == n || given * RETORT_N_RISKS >= all * (double)(tenth + 1));
             tenth++)
            risks[tenth] = (struct retort_risk){given / all, wrong / given};
    }
}

static void measure_label(struct retort_label_figures *figures,
                          const struct retort_dataset *dataset, const struct retort_score *scores,
                          size_t label)
{
    struct retort_ranked *ranked = retort_grow(NULL, dataset->n_examples, sizeof *ranked);
    struct retort_decision *list = retort_grow(NULL, dataset->n_examples, sizeof *list);
    struct counts counts = {0};
    size_t n = 0;
    for (size_t i = 0; i < dataset->n_examples; i++) {
        const struct retort_score *score = &scores[i * dataset->n_labels + label];
        const struct retort_example *example = &dataset->examples[i];
        bool yes = example->truth[label] == RETORT_YES;
        if (!retort_dataset_counts(dataset, example, label))
            continue;
        double weight = retort_dataset_weight(dataset, example, label);
        count(&counts, score, weight, yes);
        list[n] = decision_of(score, weight, yes);
        ranked[n++] =
            (struct retort_ranked){isnan(score->margin) ? -(double)INFINITY : score->margin, yes};
    }
    *figures = figures_of(&counts);
    figures->auc = retort_auc(ranked, n);
    fill_risks(figures->risks, list, n);
    free(ranked);
    free(list);
}

/* One-of: one decision an item, that of its label. Any-of: one an item and asked label. */
static void measure_decisions(struct retort_figures *figures, const struct retort_dataset *dataset,
                              const struct retort_score *scores)
{
    bool one_of = dataset->choice == RETORT_ONE_OF;
    struct retort_decision *list =
        retort_grow(NULL, dataset->n_examples * dataset->n_labels, sizeof *list);
    double all = 0, right = 0, sure = 0, sure_wrong = 0;
    size_t n = 0;
    for (size_t i = 0; i < dataset->n_examples; i++)
        for (size_t l = 0; l < dataset->n_labels; l++) {
            const struct retort_score *score = &scores[i * dataset->n_labels + l];
            const struct retort_example *example = &dataset->examples[i];
            if (!retort_dataset_counts(dataset, example, l) || (one_of && !score->on))
                continue;
            double weight = retort_dataset_weight(dataset, example, l);
            list[n] = decision_of(score, weight, example->truth[l] == RETORT_YES);
            all += weight;
            right += list[n].right ? weight : 0;
            sure += score->unsure ? 0 : weight;
            sure_wrong += score->unsure || list[n].right ? 0 : weight;
            n++;
        }
    figures->n_decisions = n;
    figures->right_share = ratio(right, all);
    figures->accuracy = one_of ? figures->right_share : (double)NAN;
    figures->sure_share = ratio(sure, all);
    figures->sure_error = ratio(sure_wrong, sure);
    fill_risks(figures->risks, list, n);
    free(list);
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
