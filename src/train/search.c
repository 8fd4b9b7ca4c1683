/* Choosing C and the balance of classes, inside the training data: by the first two folds where
 * there are many examples (all of them would double the time, not the answer), else by all. A
 * one-of task has one way for all its labels, that of the best macro-F1 (or accuracy); an any-of
 * task chooses for each label by its AUC, or by F1 at its best threshold. */
#include "train/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MANY = 10000, FEW_FOLDS = 2 };
static const double TOLERANCE = 0.1; /* a C is chosen by less than it is trained with */
static const double WORTH = 1e-4;    /* the earlier way, unless a later one is better by this */

struct retort_folded retort_folded_part(const struct retort_run *run, const double *margins,
                                        size_t from, size_t to, struct retort_arena *arena)
{
    size_t n_labels = run->dataset.n_labels, n = run->dataset.n_examples;
    struct retort_folded part = {run->dataset, RETORT_NEW(arena, uint8_t, n),
                                 RETORT_NEW(arena, double, n *n_labels), to};
    part.dataset.examples = RETORT_NEW(arena, struct retort_example, n);
    part.dataset.n_examples = 0;
    for (size_t i = 0; i < n; i++) {
        size_t at = part.dataset.n_examples;
        if (run->fold[i] < from || run->fold[i] >= to)
            continue;
        memcpy(part.margins + at * n_labels, margins + i * n_labels, n_labels * sizeof *margins);
        part.fold[at] = run->fold[i];
        part.dataset.examples[at] = run->dataset.examples[i];
        part.dataset.n_examples++;
    }
    return part;
}

/* ---- the grid ---- */

enum { SMALL = 4000, MOST_WAYS = RETORT_MOST_TRIED * RETORT_MOST_TRIED + 4 };

/* Kernels are tried with few C: what is asked is whether they are worth their price at all. */
static size_t list_kernels(const struct retort_run *run, struct retort_way *ways)
{
    static const double COSTS[] = {1, 10};
    size_t n = 0, n_labels = run->dataset.n_labels;
    if (!(run->method.kernels > 0) || run->dataset.n_examples > SMALL)
        return 0;
    for (enum retort_kernel kernel = RETORT_RBF; kernel < RETORT_N_KERNELS; kernel++)
        for (size_t c = 0; c < sizeof COSTS / sizeof COSTS[0]; c++, n++)
            for (size_t l = 0; l < n_labels; l++)
                ways[n * n_labels + l] =
                    (struct retort_way){COSTS[c], run->method.balances[0], kernel};
    return n;
}

static size_t list_ways(const struct retort_run *run, struct retort_way *ways)
{
    const struct retort_method *method = &run->method;
    size_t n = 0, n_labels = run->dataset.n_labels;
    const double given[RETORT_MOST_TRIED] = {run->options.cost, RETORT_NOT_TRIED};
    const double *costs = run->options.cost > 0 ? given : method->costs;
    for (size_t b = 0; b < RETORT_MOST_TRIED && method->balances[b] >= 0; b++)
        for (size_t c = 0; c < RETORT_MOST_TRIED && costs[c] > 0; c++, n++)
            for (size_t l = 0; l < n_labels; l++)
                ways[n * n_labels + l] =
                    (struct retort_way){costs[c], method->balances[b], RETORT_LINEAR};
    return n + list_kernels(run, ways + n * n_labels);
}

static double figure_of(const struct retort_run *run, const struct retort_figures *figures,
                        size_t label)
{
    if (run->dataset.choice == RETORT_ONE_OF)
        return run->method.by_accuracy > 0 ? figures->accuracy : figures->macro_f1;
    return run->method.by_f1 > 0 ? figures->labels[label].f1 : figures->labels[label].auc;
}

/* Notes what the way reached; keeps it, a label, where it is best so far. */
static void judge_way(struct retort_run *run, const struct retort_way *way,
                      const struct retort_figures *figures, double *best)
{
    size_t n_labels = run->dataset.n_labels;
    double sum = 0, n = 0;
    for (size_t l = 0; l < n_labels; l++) {
        double figure = figure_of(run, figures, l);
        if (isnan(figure))
            continue;
        sum += figure;
        n++;
        if (way->kernel == RETORT_LINEAR && figure > best[l] + WORTH) {
            best[l] = figure;
            run->costs[l] = way->cost;
            run->balances[l] = way->balance;
        }
    }
    run->tried = retort_grow(run->tried, run->n_tried + 1, sizeof *run->tried);
    run->tried[run->n_tried++] = (struct retort_tried){run->recipe_name, way->kernel, way->cost,
                                                       way->balance, n > 0 ? sum / n : 0};
}

static void take_way(struct retort_run *run, const struct retort_way *way)
{
    for (size_t l = 0; l < run->dataset.n_labels; l++) {
        run->costs[l] = way->cost;
        run->balances[l] = way->balance;
    }
}

static bool judge_ways(struct retort_run *run, const struct retort_way *ways, size_t n_ways,
                       const double *margins, size_t n_searched)
{
    size_t n_labels = run->dataset.n_labels, n = run->dataset.n_examples * n_labels;
    double *best = RETORT_NEW(&run->arena, double, n_labels);
    bool done = true;
    for (size_t l = 0; l < n_labels; l++)
        best[l] = -1;
    take_way(run, ways);
    for (size_t w = 0; done && w < n_ways; w++) {
        struct retort_arena arena = {0};
        struct retort_figures figures;
        struct retort_score *scores;
        struct retort_folded part = retort_folded_part(run, margins + w * n, 0, n_searched, &arena);
        done = retort_cross_fit(run, &part, NULL, &scores, &arena);
        if (done) {
            retort_measure(&figures, &part.dataset, scores, &arena);
            judge_way(run, &ways[w * n_labels], &figures, best);
        }
        retort_arena_release(&arena);
    }
    return done;
}

/* The mean over the labels of the best way's figure. */
static double best_figure(const struct retort_run *run, size_t n_tried_before)
{
    double best = -1;
    for (size_t i = n_tried_before; i < run->n_tried; i++)
        if (run->tried[i].kernel == RETORT_LINEAR)
            best = fmax(best, run->tried[i].figure);
    return best;
}

bool retort_search(struct retort_run *run, bool compared, double *figure,
                   struct retort_error *error)
{
    struct retort_arena arena = {0};
    size_t n_labels = run->dataset.n_labels, n = run->dataset.n_examples * n_labels;
    size_t before = run->n_tried;
    struct retort_way *ways = RETORT_NEW(&arena, struct retort_way, MOST_WAYS * n_labels);
    size_t n_ways = list_ways(run, ways);
    size_t n_searched =
        run->dataset.n_examples > MANY && run->n_folds > FEW_FOLDS ? FEW_FOLDS : run->n_folds;
    double *margins = RETORT_NEW(&arena, double, n_ways *n);
    if (n_ways == 1 && !compared) {
        take_way(run, ways);
        retort_arena_release(&arena);
        return true;
    }
    bool liblinear = run->options.solver == RETORT_SOLVER_LIBLINEAR;
    const struct retort_training training = {
        .run = run,
        .ways = ways,
        .n_ways = n_ways,
        .n_folds = n_searched,
        .tolerance = TOLERANCE,
        .solver = liblinear ? RETORT_SOLVER_LIBLINEAR : RETORT_SOLVER_DESCENT,
        .margins = margins,
        .what = "choosing C",
    };
    bool trained = retort_machines_train(&training, error);
    bool judged = trained && judge_ways(run, ways, n_ways, margins, n_searched);
    if (judged)
        *figure = best_figure(run, before);
    retort_arena_release(&arena);
    return judged || (trained && retort_workers_fail(error));
}
