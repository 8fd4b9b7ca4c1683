/* A training run, from lines to a model file.
 *
 * For each recipe that is compared (compare.c): a matrix, and a search among the recipe's ways of
 * training (search.c). The best recipe's machines are then trained again, leaving out each fold in
 * turn, for margins out of fold, and on all (machines.c); what they say is reported and written at
 * the end (finish.c), so that an interrupted run leaves what was there. */
#include "train/run.h"

#include <stdlib.h>
#include <string.h>

enum { LIBSVM_UP_TO = 4000 };
static const double TOLERANCE = 0.01;

static void set_defaults(struct retort_run *run)
{
    struct retort_train_options *options = &run->options;
    options->n_folds = options->n_folds ? options->n_folds : 5;
    options->sure_error = options->sure_error > 0 ? options->sure_error : 0.10;
}

/* libsvm knows the plain hinge loss only, and its time grows with the square of the examples. */
static bool choose_solver(struct retort_run *run, struct retort_error *error)
{
    enum retort_solver *solver = &run->options.solver;
    bool squared = run->method.squared > 0;
    if (*solver == RETORT_SOLVER_LIBSVM && squared)
        return retort_fail(error, RETORT_USAGE,
                           "libsvm has no squared hinge loss; --solver descent, or "
                           "train.squared=0 in the recipe");
    if (*solver == RETORT_SOLVER_AUTO)
        *solver = run->dataset.n_examples <= LIBSVM_UP_TO && !squared ? RETORT_SOLVER_LIBSVM
                                                                      : RETORT_SOLVER_DESCENT;
    return true;
}

static bool assign_folds(struct retort_run *run, struct retort_error *error)
{
    size_t n = run->dataset.n_examples;
    struct retort_span *groups = RETORT_NEW(&run->arena, struct retort_span, n);
    run->fold = RETORT_NEW(&run->arena, uint8_t, n);
    for (size_t i = 0; i < n; i++)
        groups[i] = run->dataset.examples[i].group;
    run->n_folds =
        retort_folds_assign(groups, n, run->options.n_folds, run->options.seed, run->fold);
    return run->n_folds >= 2 ||
           retort_fail(error, RETORT_INPUT,
                       "the data hold one group only; folds never split a group, give two or more");
}

static bool prepare(struct retort_run *run, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels, n = run->dataset.n_examples;
    set_defaults(run);
    if (n_labels < 2 && run->dataset.choice == RETORT_ONE_OF)
        return retort_fail(error, RETORT_INPUT,
                           "the data hold one label only; a classifier needs two");
    if (run->options.base && !retort_model_open(&run->base, run->options.base, error))
        return false;
    if (run->base && retort_model_base(run->base))
        return retort_fail(error, RETORT_USAGE, "%s has a base itself; one level is all there is",
                           run->options.base);
    if (run->base && run->options.base_margins &&
        !retort_known_read(&run->known, run->options.base_margins, run->base, error))
        return false;
    run->costs = RETORT_NEW(&run->arena, double, n_labels);
    run->balances = RETORT_NEW(&run->arena, double, n_labels);
    run->margins = RETORT_NEW(&run->arena, double, n *n_labels);
    return assign_folds(run, error) && retort_choose_recipe(run, error) &&
           choose_solver(run, error);
}

/* Margins out of fold, then the machines of all examples. */
static bool solve(struct retort_run *run, double *weights, struct retort_error *error)
{
    struct retort_arena arena = {0};
    size_t n_labels = run->dataset.n_labels;
    struct retort_way *ways = RETORT_NEW(&arena, struct retort_way, n_labels);
    for (size_t l = 0; l < n_labels; l++)
        ways[l] = (struct retort_way){run->costs[l], run->balances[l], RETORT_LINEAR};
    const struct retort_training training = {.run = run,
                                             .ways = ways,
                                             .n_ways = 1,
                                             .n_folds = run->n_folds,
                                             .tolerance = TOLERANCE,
                                             .solver = run->options.solver,
                                             .margins = run->margins,
                                             .weights = weights,
                                             .what = "machines, each fold left out"};
    bool done = retort_machines_train(&training, error);
    retort_arena_release(&arena);
    return done;
}

static bool solve_and_write(struct retort_run *run, struct retort_error *error)
{
    size_t n_weights = run->dataset.n_labels * ((size_t)run->matrix.dictionary.n_features + 1);
    double *weights = retort_grow(NULL, n_weights, sizeof *weights);
    bool done = solve(run, weights, error) && retort_finish(run, weights, error);
    free(weights);
    return done;
}

static void release(struct retort_run *run)
{
    retort_matrix_release(&run->matrix);
    retort_dataset_release(&run->dataset);
    retort_known_free(run->known);
    retort_model_close(run->base);
    free(run->tried);
    retort_arena_release(&run->arena);
}

bool retort_train(const struct retort_train_options *options, struct retort_error *error)
{
    const struct retort_given none = {0};
    struct retort_run run = {.options = *options};
    bool done = retort_dataset_take(&run.dataset, options->given ? options->given : &none,
                                    options->inputs, options->n_inputs, error) &&
                prepare(&run, error) && solve_and_write(&run, error);
    release(&run);
    return done;
}
