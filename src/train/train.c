/* A training run, from lines to a model file.
 *
 * One linear machine a label, one against the rest. C is chosen by the same folds that calibrate
 * (by two of them where there are many examples: the rest would double the time, not the answer):
 * for one-of tasks the C of the best macro-F1, one for all labels; for any-of tasks the C of the
 * best AUC, one a label. What is reported is cross-fitted: slopes, offsets, thresholds and bands
 * that judge a fold were fitted on the margins of the others. */
#include "train/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double COSTS[] = {0.03, 0.1, 0.3, 1};
enum { N_COSTS = sizeof COSTS / sizeof COSTS[0], LIBSVM_UP_TO = 10000, FEW_FOLDS = 2 };
static const double TOLERANCE = 0.01, SEARCH_TOLERANCE = 0.1; /* a C is chosen by less */

/* All of one run. Job j trains label j % n_labels with COSTS[…] leaving out one fold. */
struct run {
    struct retort_train_options options;
    struct retort_dataset dataset;
    struct retort_recipe recipe;
    struct retort_matrix matrix;
    struct retort_problem *problem, *search; /* `search` chooses C: LIBLINEAR at any size */
    uint8_t *fold;
    size_t n_folds, n_searched; /* C is chosen on the first n_searched folds */
    double *costs;              /* [n_labels] */
    double *search_margins;     /* shared: [N_COSTS][n_examples][n_labels] */
    double *margins;            /* shared: [n_examples][n_labels], out of fold, with the chosen C */
    double *weights;            /* shared: [n_labels][n_features + 1], the last is the bias */
    struct retort_label *labels;
    struct retort_arena arena;
};

/* ---- one machine ---- */

/* Balanced for one-of tasks, where macro-F1 is judged: both sides weigh the same in all. */
static void weigh_classes(const struct run *run, struct retort_fit *fit)
{
    size_t n_yes = 0;
    fit->weight_yes = fit->weight_no = 1;
    for (size_t i = 0; i < fit->n; i++)
        n_yes += fit->truth[i] == RETORT_YES;
    if (run->dataset.choice == RETORT_ONE_OF && n_yes > 0 && n_yes < fit->n) {
        fit->weight_yes = (double)fit->n / (2 * (double)n_yes);
        fit->weight_no = (double)fit->n / (2 * (double)(fit->n - n_yes));
    }
}

/* One label on all folds but one (SIZE_MAX: on all). */
struct task {
    const struct retort_problem *problem;
    size_t label, leave_out;
    double cost, tolerance;
};

static void fit_task(const struct run *run, const struct task *task, struct retort_machine *machine)
{
    size_t *rows = retort_grow(NULL, run->dataset.n_examples, sizeof *rows);
    int8_t *truth = retort_grow(NULL, run->dataset.n_examples, sizeof *truth);
    struct retort_fit fit = {.rows = rows,
                             .truth = truth,
                             .cost = task->cost,
                             .tolerance = task->tolerance,
                             .seed = run->options.seed};
    for (size_t i = 0; i < run->dataset.n_examples; i++) {
        int8_t known = run->dataset.examples[i].truth[task->label];
        if (run->fold[i] == task->leave_out || known == RETORT_UNKNOWN)
            continue;
        rows[fit.n] = i;
        truth[fit.n++] = known;
    }
    weigh_classes(run, &fit);
    retort_fit_linear(task->problem, &fit, machine);
    free(rows);
    free(truth);
}

/* Trains and writes the margins of the fold left out. */
static void judge_fold(const struct run *run, const struct task *task, double *margins)
{
    struct retort_machine machine = {
        .weights = retort_grow(NULL, run->matrix.dictionary.n_features, sizeof(double))};
    fit_task(run, task, &machine);
    for (size_t i = 0; i < run->dataset.n_examples; i++)
        if (run->fold[i] == task->leave_out)
            margins[i * run->dataset.n_labels + task->label] =
                retort_machine_margin(&machine, &run->matrix, i);
    free(machine.weights);
}

/* ---- jobs ---- */

static void search_job(void *context, size_t index)
{
    const struct run *run = context;
    size_t n_labels = run->dataset.n_labels, cost = index / n_labels / run->n_folds;
    const struct task task = {run->search, index % n_labels, index / n_labels % run->n_folds,
                              COSTS[cost], SEARCH_TOLERANCE};
    judge_fold(run, &task, run->search_margins + cost * run->dataset.n_examples * n_labels);
}

static void margin_job(void *context, size_t index)
{
    const struct run *run = context;
    size_t label = index % run->dataset.n_labels;
    const struct task task = {run->problem, label, index / run->dataset.n_labels, run->costs[label],
                              TOLERANCE};
    judge_fold(run, &task, run->margins);
}

static void final_job(void *context, size_t label)
{
    const struct run *run = context;
    size_t n_features = run->matrix.dictionary.n_features;
    struct retort_machine machine = {.weights = run->weights + label * (n_features + 1)};
    const struct task task = {run->problem, label, SIZE_MAX, run->costs[label], TOLERANCE};
    fit_task(run, &task, &machine);
    machine.weights[n_features] = machine.bias;
}

/* ---- choosing C ---- */

static void measure_margins(const struct run *run, const double *margins,
                            const struct retort_label *labels, struct retort_figures *figures,
                            struct retort_arena *arena)
{
    size_t n = run->dataset.n_examples, n_labels = run->dataset.n_labels, label;
    struct retort_score *scores = RETORT_NEW(arena, struct retort_score, n * n_labels);
    for (size_t i = 0; i < n * n_labels; i++)
        scores[i].margin = margins[i];
    for (size_t i = 0; i < n; i++)
        retort_decide(labels, n_labels, run->dataset.choice, scores + i * n_labels, &label);
    retort_measure(figures, &run->dataset, scores, arena);
}

static void calibrate_on(const struct run *run, const double *margins, size_t leave_out,
                         struct retort_label *labels)
{
    const struct retort_calibration calibration = {
        &run->dataset, margins, run->fold, leave_out, run->options.sure_error, NULL};
    retort_calibrate(&calibration, labels);
}

/* Keeps, a label, the C whose figure is best so far. */
static void keep_best(struct run *run, size_t cost, const struct retort_figures *figures,
                      double *best)
{
    for (size_t l = 0; l < run->dataset.n_labels; l++) {
        double figure =
            run->dataset.choice == RETORT_ONE_OF ? figures->macro_f1 : figures->labels[l].auc;
        if (cost > 0 && !(figure > best[l] + 1e-4)) /* the smaller C, unless it is worse */
            continue;
        best[l] = figure;
        run->costs[l] = COSTS[cost];
    }
}

/* The run as the search sees it: the examples of the folds it left out, and their margins. */
static struct run searched_part(const struct run *run, const double *margins, double *own,
                                struct retort_arena *arena)
{
    size_t n_labels = run->dataset.n_labels, n = 0;
    struct run part = *run;
    part.dataset.examples = RETORT_NEW(arena, struct retort_example, run->dataset.n_examples);
    part.fold = RETORT_NEW(arena, uint8_t, run->dataset.n_examples);
    for (size_t i = 0; i < run->dataset.n_examples; i++) {
        if (run->fold[i] >= run->n_searched)
            continue;
        memcpy(own + n * n_labels, margins + i * n_labels, n_labels * sizeof *own);
        part.fold[n] = run->fold[i];
        part.dataset.examples[n++] = run->dataset.examples[i];
    }
    part.dataset.n_examples = n;
    return part;
}

static bool choose_costs(struct run *run, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels, n = run->dataset.n_examples * n_labels;
    double *best = RETORT_NEW(&run->arena, double, n_labels);
    for (size_t l = 0; l < n_labels; l++)
        run->costs[l] = run->options.cost > 0 ? run->options.cost : 1;
    if (run->options.cost > 0 || run->n_folds < 2)
        return true;
    run->search_margins = retort_shared_new(N_COSTS * n, sizeof(double));
    bool done = retort_workers_run(search_job, run, N_COSTS * run->n_searched * n_labels,
                                   run->options.n_workers, "choosing C", run->options.quiet);
    for (size_t cost = 0; done && cost < N_COSTS; cost++) {
        struct retort_arena arena = {0};
        struct retort_figures figures;
        double *margins = RETORT_NEW(&arena, double, n);
        struct run part = searched_part(run, run->search_margins + cost * n, margins, &arena);
        calibrate_on(&part, margins, SIZE_MAX, run->labels);
        measure_margins(&part, margins, run->labels, &figures, &arena);
        keep_best(run, cost, &figures, best);
        retort_arena_release(&arena);
    }
    retort_shared_free(run->search_margins, N_COSTS * n, sizeof(double));
    return done || retort_fail(error, RETORT_RUNTIME, "a training process died; is there memory?");
}

/* ---- what is reported ---- */

/* Decides every example with what was fitted on the other folds. */
static struct retort_score *cross_fit(struct run *run)
{
    size_t n_labels = run->dataset.n_labels, label;
    struct retort_score *scores =
        RETORT_NEW(&run->arena, struct retort_score, run->dataset.n_examples * n_labels);
    struct retort_label *labels = RETORT_NEW(&run->arena, struct retort_label, n_labels);
    for (size_t f = 0; f < run->n_folds; f++) {
        calibrate_on(run, run->margins, f, labels);
        for (size_t i = 0; i < run->dataset.n_examples; i++) {
            if (run->fold[i] != f)
                continue;
            struct retort_score *score = scores + i * n_labels;
            for (size_t l = 0; l < n_labels; l++)
                score[l].margin = run->margins[i * n_labels + l];
            retort_decide(labels, n_labels, run->dataset.choice, score, &label);
        }
    }
    return scores;
}

/* The figures of one fold alone: its examples and scores, copied together. */
static struct retort_figures fold_figures(struct run *run, const struct retort_score *scores,
                                          size_t fold)
{
    size_t n_labels = run->dataset.n_labels, n = 0;
    struct retort_dataset part = run->dataset;
    struct retort_figures figures;
    struct retort_score *own =
        RETORT_NEW(&run->arena, struct retort_score, part.n_examples * n_labels);
    part.examples = RETORT_NEW(&run->arena, struct retort_example, part.n_examples);
    for (size_t i = 0; i < run->dataset.n_examples; i++) {
        if (run->fold[i] != fold)
            continue;
        memcpy(own + n * n_labels, scores + i * n_labels, n_labels * sizeof *own);
        part.examples[n++] = run->dataset.examples[i];
    }
    part.n_examples = n;
    retort_measure(&figures, &part, own, &run->arena);
    return figures;
}

static void write_card(struct run *run, const struct retort_calibration *calibration,
                       struct retort_buffer *card)
{
    struct retort_score *scores = cross_fit(run);
    struct retort_figures whole,
        *folds = RETORT_NEW(&run->arena, struct retort_figures, run->n_folds);
    retort_measure(&whole, &run->dataset, scores, &run->arena);
    for (size_t f = 0; f < run->n_folds; f++)
        folds[f] = fold_figures(run, scores, f);
    const struct retort_trained trained = {
        .options = &run->options,
        .dataset = &run->dataset,
        .recipe = &run->recipe,
        .costs = run->costs,
        .solver = run->options.solver == RETORT_SOLVER_LIBSVM ? "libsvm C-SVC, linear"
                                                              : "LIBLINEAR L2R_L1LOSS_SVC_DUAL",
        .n_folds = run->n_folds,
        .whole = &whole,
        .folds = folds,
        .labels = run->labels,
        .calibration = calibration,
    };
    retort_card_write(&trained, card);
}

/* ---- the run ---- */

static void set_defaults(struct run *run)
{
    struct retort_train_options *options = &run->options;
    options->n_folds = options->n_folds ? options->n_folds : 5;
    options->min_df = options->min_df ? options->min_df : 5;
    options->sure_error = options->sure_error > 0 ? options->sure_error : 0.10;
    if (options->solver == RETORT_SOLVER_AUTO)
        options->solver = run->dataset.n_examples <= LIBSVM_UP_TO ? RETORT_SOLVER_LIBSVM
                                                                  : RETORT_SOLVER_LIBLINEAR;
}

static bool prepare(struct run *run, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels, n = run->dataset.n_examples;
    set_defaults(run);
    run->recipe = retort_recipe_for(run->options.task);
    if (run->options.recipe &&
        !retort_recipe_read(&run->recipe, retort_span_of(run->options.recipe), error))
        return retort_fail(error, RETORT_USAGE,
                           "--recipe \"%s\" is no recipe; one is printed by "
                           "`retort model show`",
                           run->options.recipe);
    if (n_labels < 2 && run->dataset.choice == RETORT_ONE_OF)
        return retort_fail(error, RETORT_INPUT,
                           "the data hold one label only; a classifier needs two");
    if (!retort_matrix_build(&run->matrix, &run->dataset, &run->recipe, run->options.min_df,
                             run->options.quiet, error))
        return false;
    bool libsvm = run->options.solver == RETORT_SOLVER_LIBSVM;
    run->search = retort_problem_new(&run->matrix, false);
    run->problem = libsvm ? retort_problem_new(&run->matrix, true) : run->search;
    run->fold = RETORT_NEW(&run->arena, uint8_t, n);
    struct retort_span *groups = RETORT_NEW(&run->arena, struct retort_span, n);
    for (size_t i = 0; i < n; i++)
        groups[i] = run->dataset.examples[i].group;
    run->n_folds =
        retort_folds_assign(groups, n, run->options.n_folds, run->options.seed, run->fold);
    run->n_searched = n > LIBSVM_UP_TO && run->n_folds > FEW_FOLDS ? FEW_FOLDS : run->n_folds;
    run->costs = RETORT_NEW(&run->arena, double, n_labels);
    run->labels = RETORT_NEW(&run->arena, struct retort_label, n_labels);
    run->margins = retort_shared_new(n * n_labels, sizeof(double));
    run->weights =
        retort_shared_new(n_labels * (run->matrix.dictionary.n_features + 1), sizeof(double));
    return run->n_folds >= 2 ||
           retort_fail(error, RETORT_INPUT,
                       "the data hold one group only; folds never split a group, give two or more");
}

static bool solve(struct run *run, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels;
    bool done = choose_costs(run, error);
    if (!done)
        return false;
    done = retort_workers_run(margin_job, run, run->n_folds * n_labels, run->options.n_workers,
                              "margins out of fold", run->options.quiet) &&
           retort_workers_run(final_job, run, n_labels, run->options.n_workers, "final machines",
                              run->options.quiet);
    return done || retort_fail(error, RETORT_RUNTIME, "a training process died; is there memory?");
}

static bool write_model(struct run *run, struct retort_error *error)
{
    size_t n_labels = run->dataset.n_labels, n_features = run->matrix.dictionary.n_features;
    struct retort_buffer card = {0};
    float *weights = RETORT_NEW(&run->arena, float, n_features *n_labels);
    const struct retort_calibration calibration = {
        &run->dataset,
        run->margins,
        run->fold,
        SIZE_MAX,
        run->options.sure_error,
        RETORT_NEW(&run->arena, double, n_labels *RETORT_N_LINKS)};
    retort_calibrate(&calibration, run->labels);
    for (size_t l = 0; l < n_labels; l++) {
        const double *machine = run->weights + l * (n_features + 1);
        run->labels[l].name = run->dataset.labels[l];
        run->labels[l].bias = machine[n_features];
        for (size_t i = 0; i < n_features; i++)
            weights[i * n_labels + l] = (float)machine[i];
    }
    write_card(run, &calibration, &card);
    const struct retort_model_parts parts = {.task = run->options.task,
                                             .choice = run->dataset.choice,
                                             .recipe = &run->recipe,
                                             .labels = run->labels,
                                             .n_labels = n_labels,
                                             .dictionary = &run->matrix.dictionary,
                                             .weights = weights,
                                             .names = run->matrix.names,
                                             .card = retort_buffer_span(&card)};
    bool written = retort_model_write(run->options.output, &parts, error);
    retort_buffer_release(&card);
    return written;
}

static void release(struct run *run)
{
    size_t n_labels = run->dataset.n_labels;
    if (run->weights)
        retort_shared_free(run->weights, n_labels * (run->matrix.dictionary.n_features + 1),
                           sizeof(double));
    if (run->margins)
        retort_shared_free(run->margins, run->dataset.n_examples * n_labels, sizeof(double));
    if (run->problem && run->problem != run->search)
        retort_problem_free(run->problem);
    if (run->search)
        retort_problem_free(run->search);
    retort_matrix_release(&run->matrix);
    retort_dataset_release(&run->dataset);
    retort_arena_release(&run->arena);
}

bool retort_train(const struct retort_train_options *options, struct retort_error *error)
{
    struct run run = {.options = *options};
    bool done =
        retort_dataset_read(&run.dataset, options->inputs, options->n_inputs, NULL, error) &&
        retort_dataset_weigh(&run.dataset, options->prevalence, error) && prepare(&run, error) &&
        solve(&run, error) && write_model(&run, error);
    release(&run);
    return done;
}
