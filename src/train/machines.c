/* Machines, trained in processes. What a machine learns from depends on the fold left out alone:
 * which features are kept (chi-square), how they are scaled (naive Bayes), which rows it sees. */
#include "train/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What all jobs of one training share. Job j trains machine j % n_machines in way j / n_machines.
 */
struct shop {
    const struct retort_training *training;
    const struct retort_problem *problem;
    size_t *rows; /* [n_rows] those to be judged */
    size_t n_rows;
    double *margins; /* shared: [n_ways][n_rows][n_machines] */
    double *weights; /* shared: [n_machines][n_features + 1], or NULL */
};

/* The labels a machine tells apart; `other` is SIZE_MAX where it is all the rest. */
struct sides {
    size_t label, other;
};

static struct sides sides_of(const struct retort_run *run, size_t machine)
{
    size_t n_labels = run->dataset.n_labels;
    if (!run->pairs)
        return (struct sides){machine, SIZE_MAX};
    size_t label = 0;
    for (; machine >= n_labels - 1 - label; label++)
        machine -= n_labels - 1 - label;
    return (struct sides){label, label + 1 + machine};
}

/* ---- one machine ---- */

static bool learns_from(const struct retort_example *example, struct sides sides)
{
    int8_t truth = example->truth[sides.label];
    return sides.other == SIZE_MAX
               ? truth != RETORT_UNKNOWN
               : truth == RETORT_YES || example->truth[sides.other] == RETORT_YES;
}

/* The examples' copies, all together. */
static size_t count_copies(const struct retort_dataset *dataset)
{
    size_t n = 0;
    for (size_t i = 0; i < dataset->n_examples; i++)
        n += dataset->examples[i].copies;
    return n;
}

/* Neither library takes a weight an example: one that weighs k stands k times, which is the same
 * sum of losses. *n_examples: how many there are, each counted once. */
static struct retort_lesson lesson_of(const struct shop *shop, struct sides sides,
                                      size_t *n_examples, struct retort_arena *arena)
{
    const struct retort_run *run = shop->training->run;
    size_t n = 0, room = count_copies(&run->dataset), *rows = RETORT_NEW(arena, size_t, room);
    int8_t *truth = RETORT_NEW(arena, int8_t, room);
    *n_examples = 0;
    for (size_t i = 0; i < run->dataset.n_examples; i++) {
        const struct retort_example *example = &run->dataset.examples[i];
        if (run->fold[i] == shop->training->fold || !learns_from(example, sides))
            continue;
        for (uint32_t copy = 0; copy < example->copies; copy++) {
            rows[n] = i;
            truth[n++] = example->truth[sides.label];
        }
        *n_examples += 1;
    }
    return (struct retort_lesson){rows, truth, n};
}

/* Balanced, both sides weigh the same in all; halfway, by the root of that. */
static void weigh_sides(struct retort_fit *fit, double balance)
{
    double n = (double)fit->lesson.n, n_yes = 0;
    for (size_t i = 0; i < fit->lesson.n; i++)
        n_yes += fit->lesson.truth[i] == RETORT_YES;
    bool both = n_yes > 0 && n_yes < n;
    fit->weight_yes = both ? pow(n / (2 * n_yes), balance) : 1;
    fit->weight_no = both ? pow(n / (2 * (n - n_yes)), balance) : 1;
}

/* The deviation of a machine's margins over the rows it learned from. */
static double deviation_of(const struct retort_machine *machine,
                           const struct retort_problem *problem, const struct retort_lesson *lesson)
{
    double sum = 0, squares = 0, n = (double)lesson->n;
    for (size_t i = 0; i < lesson->n; i++) {
        double margin = retort_machine_margin(machine, problem, lesson->rows[i]);
        sum += margin;
        squares += margin * margin;
    }
    return n > 0 ? sqrt(fmax(0, squares / n - sum / n * (sum / n))) : 0;
}

/* The mean of two machines whose margins were brought to one deviation: linear as they are, and
 * seldom wrong about the same example. */
static void average(const struct retort_problem *problem, const struct retort_lesson *lesson,
                    const struct retort_machine *other, struct retort_machine *machine,
                    size_t n_features)
{
    double own = deviation_of(machine, problem, lesson), its = deviation_of(other, problem, lesson);
    double share = own + its > 0 ? its / (own + its) : 1;
    for (size_t i = 0; i < n_features; i++)
        machine->weights[i] = share * machine->weights[i] + (1 - share) * other->weights[i];
    machine->bias = share * machine->bias + (1 - share) * other->bias;
}

static void add_plain_machine(const struct shop *shop, const struct retort_fit *scaled,
                              struct retort_machine *machine)
{
    const struct retort_run *run = shop->training->run;
    size_t n_features = run->matrix.dictionary.n_features;
    struct retort_machine other = {.weights = retort_grow(NULL, n_features, sizeof(double))};
    struct retort_fit plain = *scaled;
    plain.scale = NULL;
    plain.cost *= run->method.plain;
    retort_fit_linear(shop->problem, &plain, &other);
    average(shop->problem, &plain.lesson, &other, machine, n_features);
    free(other.weights);
}

static void fit_linear(const struct shop *shop, size_t number, const struct retort_fit *fit,
                       const struct retort_judged *judged)
{
    size_t n_features = shop->training->run->matrix.dictionary.n_features;
    struct retort_machine machine = {.weights = retort_grow(NULL, n_features, sizeof(double))};
    retort_fit_linear(shop->problem, fit, &machine);
    if (fit->scale && shop->training->run->method.plain > 0)
        add_plain_machine(shop, fit, &machine);
    for (size_t i = 0; i < judged->n; i++)
        judged->margins[i * judged->stride] =
            retort_machine_margin(&machine, shop->problem, judged->rows[i]);
    if (shop->weights) {
        double *weights = shop->weights + number * (n_features + 1);
        memcpy(weights, machine.weights, n_features * sizeof *weights);
        weights[n_features] = machine.bias;
        retort_standard_fold(&shop->training->run->matrix, weights, &weights[n_features]);
    }
    free(machine.weights);
}

/* Trains one machine and judges the rows. */
static void train_machine(const struct shop *shop, size_t number, const struct retort_way *way,
                          const struct retort_judged *judged)
{
    const struct retort_run *run = shop->training->run;
    struct sides sides = sides_of(run, number);
    struct retort_arena arena = {0};
    size_t n_examples;
    struct retort_lesson lesson = lesson_of(shop, sides, &n_examples, &arena);
    /* Copies shift weight from example to example and leave what all losses weigh as it was. */
    double share = lesson.n > 0 ? (double)n_examples / (double)lesson.n : 1;
    struct retort_fit fit = {.lesson = lesson,
                             .cost = way->cost * share,
                             .tolerance = shop->training->tolerance,
                             .squared = run->method.squared > 0,
                             .seed = run->options.seed};
    weigh_sides(&fit, way->balance);
    if (way->kernel != RETORT_LINEAR) {
        retort_fit_kernel(shop->problem, &fit, way->kernel, judged);
    } else {
        if (run->method.nb > 0) {
            double *ratio = RETORT_NEW(&arena, double, run->matrix.dictionary.n_features);
            retort_nb_ratio(&run->matrix, &fit.lesson, run->method.nb, ratio);
            fit.scale = ratio;
        }
        fit_linear(shop, number, &fit, judged);
    }
    retort_arena_release(&arena);
}

static void job(void *context, size_t index)
{
    const struct shop *shop = context;
    const struct retort_run *run = shop->training->run;
    size_t number = index % run->n_machines, way = index / run->n_machines;
    const struct retort_judged judged = {shop->rows, shop->n_rows, run->n_machines,
                                         shop->margins + way * shop->n_rows * run->n_machines +
                                             number};
    size_t label = sides_of(run, number).label;
    train_machine(shop, number, &shop->training->ways[way * run->dataset.n_labels + label],
                  &judged);
}

/* ---- machines → labels ---- */

/* Adds each machine's numbers to its labels': n of them, `stride` apart. One against one, a label
 * gets the mean over its machines. */
static void add_up(const struct retort_run *run, const double *from, double *to, size_t n,
                   size_t stride_from, size_t stride_to)
{
    double share = run->pairs ? 1 / (double)(run->dataset.n_labels - 1) : 1;
    for (size_t l = 0; l < run->dataset.n_labels; l++)
        for (size_t i = 0; i < n; i++)
            to[l * stride_to + i] = 0;
    for (size_t m = 0; m < run->n_machines; m++) {
        struct sides sides = sides_of(run, m);
        for (size_t i = 0; i < n; i++) {
            to[sides.label * stride_to + i] += share * from[m * stride_from + i];
            if (sides.other != SIZE_MAX)
                to[sides.other * stride_to + i] -= share * from[m * stride_from + i];
        }
    }
}

static void give_results(const struct shop *shop)
{
    const struct retort_training *training = shop->training;
    const struct retort_run *run = training->run;
    size_t n_labels = run->dataset.n_labels, n_weights = run->matrix.dictionary.n_features + 1;
    for (size_t w = 0; w < training->n_ways; w++)
        for (size_t i = 0; i < shop->n_rows; i++)
            add_up(run, shop->margins + (w * shop->n_rows + i) * run->n_machines,
                   training->margins + (w * run->dataset.n_examples + shop->rows[i]) * n_labels, 1,
                   1, 1);
    if (training->weights)
        add_up(run, shop->weights, training->weights, n_weights, n_weights, n_weights);
}

/* ---- the shop ---- */

bool *retort_run_keep(const struct retort_run *run, size_t fold, struct retort_arena *arena)
{
    if (!(run->method.chi2 > 0))
        return NULL;
    bool *keep = RETORT_NEW(arena, bool, run->matrix.dictionary.n_features);
    retort_select(&run->matrix, &run->dataset, &run->method, run->fold, fold, keep);
    return keep;
}

bool retort_machines_train(const struct retort_training *training, struct retort_error *error)
{
    struct retort_run *run = training->run;
    struct retort_arena arena = {0};
    size_t n_weights = run->n_machines * (run->matrix.dictionary.n_features + 1);
    struct shop shop = {.training = training,
                        .rows = RETORT_NEW(&arena, size_t, run->dataset.n_examples)};
    for (size_t i = 0; i < run->dataset.n_examples; i++)
        if (run->fold[i] == training->fold)
            shop.rows[shop.n_rows++] = i;
    struct retort_problem *problem = retort_problem_new(
        &run->matrix, retort_run_keep(run, training->fold, &arena), training->libsvm);
    size_t n_margins = training->n_ways * shop.n_rows * run->n_machines;
    shop.problem = problem;
    shop.margins = retort_shared_new(n_margins, sizeof(double));
    if (training->weights)
        shop.weights = retort_shared_new(n_weights, sizeof(double));
    bool done = retort_workers_run(job, &shop, training->n_ways * run->n_machines,
                                   run->options.n_workers, training->what, run->options.quiet);
    if (done)
        give_results(&shop);
    retort_shared_free(shop.margins, n_margins, sizeof(double));
    if (shop.weights)
        retort_shared_free(shop.weights, n_weights, sizeof(double));
    retort_problem_free(problem);
    retort_arena_release(&arena);
    return done || retort_fail(error, RETORT_RUNTIME, "a training process died; is there memory?");
}
