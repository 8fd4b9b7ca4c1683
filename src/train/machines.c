/* Machines, trained in processes. What a machine learns from depends on the fold left out alone:
 * which features are kept (chi-square), how they are scaled (naive Bayes), which rows it sees. So a
 * job is a fold left out and a team of machines, which learn together where the solver can, in one
 * way of training after another. */
#include "train/run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What all jobs of one training share. Job j leaves out fold j / n_teams, or none behind the last,
 * and trains team j % n_teams. */
struct shop {
    const struct retort_training *training;
    const struct retort_problem *problem; /* NULL: each fold keeps features of its own */
    size_t n_together, n_teams;
    double *margins; /* shared: [n_ways][n_examples][n_machines] */
    double *weights; /* shared: [n_machines][n_features + 1], or NULL */
};

/* One job's machines. */
struct team {
    const struct shop *shop;
    const struct retort_problem *problem;
    size_t fold, first, n;                    /* machines first … first + n − 1 */
    struct retort_fit *fits;                  /* [n] */
    double *shares;                           /* [n] examples of a lesson by rows of it */
    struct retort_machine *machines, *others; /* [n]; others: on what is not scaled */
    struct retort_descent *descent, *beside;
    struct retort_arena arena;
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

/* ---- lessons ---- */

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

/* The libraries take no weight an example: one that weighs k stands k times, which is the same sum
 * of losses. *n_examples: how many there are, each counted once. */
static struct retort_lesson lesson_of(const struct team *team, struct sides sides,
                                      size_t *n_examples, struct retort_arena *arena)
{
    const struct retort_run *run = team->shop->training->run;
    size_t n = 0, room = count_copies(&run->dataset), *rows = RETORT_NEW(arena, size_t, room);
    int8_t *truth = RETORT_NEW(arena, int8_t, room);
    *n_examples = 0;
    for (size_t i = 0; i < run->dataset.n_examples; i++) {
        const struct retort_example *example = &run->dataset.examples[i];
        if (run->fold[i] == team->fold || !learns_from(example, sides))
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

/* ---- a team ---- */

static size_t n_features_of(const struct team *team)
{
    return team->shop->training->run->matrix.dictionary.n_features;
}

static struct retort_machine *machines_new(struct team *team)
{
    struct retort_machine *machines = RETORT_NEW(&team->arena, struct retort_machine, team->n);
    for (size_t m = 0; m < team->n; m++)
        machines[m].weights = RETORT_NEW(&team->arena, double, n_features_of(team));
    return machines;
}

static void teach(struct team *team)
{
    const struct retort_training *training = team->shop->training;
    const struct retort_run *run = training->run;
    team->fits = RETORT_NEW(&team->arena, struct retort_fit, team->n);
    team->shares = RETORT_NEW(&team->arena, double, team->n);
    for (size_t m = 0; m < team->n; m++) {
        size_t n_examples;
        struct retort_fit *fit = &team->fits[m];
        *fit = (struct retort_fit){
            .lesson = lesson_of(team, sides_of(run, team->first + m), &n_examples, &team->arena),
            .tolerance = training->tolerance,
            .solver = training->solver,
            .squared = run->method.squared > 0,
            .seed = run->options.seed};
        team->shares[m] = fit->lesson.n > 0 ? (double)n_examples / (double)fit->lesson.n : 1;
        if (run->method.nb > 0) {
            double *ratio = RETORT_NEW(&team->arena, double, run->matrix.dictionary.n_features);
            retort_nb_ratio(&run->matrix, &fit->lesson, run->method.nb, ratio);
            fit->scale = ratio;
        }
    }
    team->machines = machines_new(team);
    if (run->method.nb > 0 && run->method.plain > 0)
        team->others = machines_new(team);
}

/* Copies shift weight from example to example and leave what all losses weigh as it was. */
static void take_way(struct team *team, const struct retort_way *ways)
{
    for (size_t m = 0; m < team->n; m++) {
        size_t label = sides_of(team->shop->training->run, team->first + m).label;
        team->fits[m].cost = ways[label].cost * team->shares[m];
        weigh_sides(&team->fits[m], ways[label].balance);
    }
}

/* Machines in the way that was taken, and their margins of all rows: [n_rows][n]. */
static double *learn(const struct team *team, const struct retort_fit *fits,
                     struct retort_descent **descent, struct retort_machine *machines)
{
    size_t n_rows = team->shop->training->run->dataset.n_examples;
    double *margins = retort_grow(NULL, n_rows * team->n, sizeof *margins);
    if (fits[0].solver == RETORT_SOLVER_DESCENT) {
        if (!*descent)
            *descent = retort_descent_new(team->problem, fits, team->n);
        retort_descent_run(*descent, fits, machines);
    } else {
        for (size_t m = 0; m < team->n; m++)
            retort_fit_linear(team->problem, &fits[m], &machines[m]);
    }
    retort_machines_judge(machines, team->n, team->problem, margins);
    return margins;
}

/* The deviation of a machine's margins over the rows it learned from. */
static double deviation_of(const double *margins, size_t stride, const struct retort_lesson *lesson)
{
    double sum = 0, squares = 0, n = (double)lesson->n;
    for (size_t i = 0; i < lesson->n; i++) {
        double margin = margins[lesson->rows[i] * stride];
        sum += margin;
        squares += margin * margin;
    }
    return n > 0 ? sqrt(fmax(0, squares / n - sum / n * (sum / n))) : 0;
}

/* Of each two machines the mean, their margins brought to one deviation: linear as they are, and
 * seldom wrong about the same example. */
static void average(struct team *team, double *margins, const double *its_margins)
{
    size_t n_rows = team->shop->training->run->dataset.n_examples;
    for (size_t m = 0; m < team->n; m++) {
        struct retort_machine *machine = &team->machines[m], *other = &team->others[m];
        const struct retort_lesson *lesson = &team->fits[m].lesson;
        double own = deviation_of(margins + m, team->n, lesson);
        double its = deviation_of(its_margins + m, team->n, lesson);
        double share = own + its > 0 ? its / (own + its) : 1;
        for (size_t i = 0; i < n_features_of(team); i++)
            machine->weights[i] = share * machine->weights[i] + (1 - share) * other->weights[i];
        machine->bias = share * machine->bias + (1 - share) * other->bias;
        for (size_t i = 0; i < n_rows; i++)
            margins[i * team->n + m] =
                share * margins[i * team->n + m] + (1 - share) * its_margins[i * team->n + m];
    }
}

static void add_plain_machines(struct team *team, double *margins)
{
    struct retort_fit *plain = retort_grow(NULL, team->n, sizeof *plain);
    for (size_t m = 0; m < team->n; m++) {
        plain[m] = team->fits[m];
        plain[m].scale = NULL;
        plain[m].cost *= team->shop->training->run->method.plain;
    }
    double *its_margins = learn(team, plain, &team->beside, team->others);
    average(team, margins, its_margins);
    free(its_margins);
    free(plain);
}

static void give_weights(const struct team *team)
{
    const struct retort_matrix *matrix = &team->shop->training->run->matrix;
    size_t n_features = n_features_of(team);
    for (size_t m = 0; m < team->n; m++) {
        double *weights = team->shop->weights + (team->first + m) * (n_features + 1);
        memcpy(weights, team->machines[m].weights, n_features * sizeof *weights);
        weights[n_features] = team->machines[m].bias;
        retort_standard_fold(matrix, weights, &weights[n_features]);
    }
}

/* Where a way's margins go: [n_examples][n_machines]. */
static double *margins_of(const struct team *team, size_t way)
{
    const struct retort_run *run = team->shop->training->run;
    return team->shop->margins + way * run->dataset.n_examples * run->n_machines + team->first;
}

static void learn_linear(struct team *team, size_t way)
{
    const struct retort_run *run = team->shop->training->run;
    double *to = margins_of(team, way), *margins;
    margins = learn(team, team->fits, &team->descent, team->machines);
    if (team->others)
        add_plain_machines(team, margins);
    for (size_t i = 0; i < run->dataset.n_examples; i++)
        if (run->fold[i] == team->fold)
            memcpy(to + i * run->n_machines, margins + i * team->n, team->n * sizeof *margins);
    if (team->shop->weights && team->fold == RETORT_NO_FOLD)
        give_weights(team);
    free(margins);
}

static void learn_kernel(struct team *team, size_t way, enum retort_kernel kernel)
{
    const struct retort_run *run = team->shop->training->run;
    size_t n = 0, *rows = RETORT_NEW(&team->arena, size_t, run->dataset.n_examples);
    for (size_t i = 0; i < run->dataset.n_examples; i++)
        if (run->fold[i] == team->fold)
            rows[n++] = i;
    double *margins = RETORT_NEW(&team->arena, double, n);
    for (size_t m = 0; m < team->n; m++) {
        const struct retort_judged judged = {rows, n, 1, margins};
        retort_fit_kernel(team->problem, &team->fits[m], kernel, &judged);
        for (size_t i = 0; i < n; i++)
            margins_of(team, way)[rows[i] * run->n_machines + m] = margins[i];
    }
}

/* The problem that a fold's machines see: everybody's, or of its own features. */
static struct retort_problem *own_problem(const struct shop *shop, size_t fold,
                                          struct retort_arena *arena)
{
    const struct retort_run *run = shop->training->run;
    return shop->problem ? NULL
                         : retort_problem_new(&run->matrix, retort_run_keep(run, fold, arena));
}

static void job(void *context, size_t index)
{
    const struct shop *shop = context;
    const struct retort_training *training = shop->training;
    size_t turn = index / shop->n_teams, first = index % shop->n_teams * shop->n_together;
    size_t left = training->run->n_machines - first;
    struct team team = {.shop = shop,
                        .fold = turn < training->n_folds ? turn : RETORT_NO_FOLD,
                        .first = first,
                        .n = left < shop->n_together ? left : shop->n_together};
    struct retort_problem *own = own_problem(shop, team.fold, &team.arena);
    team.problem = own ? own : shop->problem;
    teach(&team);
    for (size_t w = 0; w < training->n_ways; w++) {
        const struct retort_way *ways = training->ways + w * training->run->dataset.n_labels;
        take_way(&team, ways);
        if (ways[0].kernel == RETORT_LINEAR)
            learn_linear(&team, w);
        else
            learn_kernel(&team, w, ways[0].kernel);
    }
    retort_descent_free(team.descent);
    retort_descent_free(team.beside);
    retort_problem_free(own);
    retort_arena_release(&team.arena);
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
        for (size_t i = 0; i < run->dataset.n_examples; i++) {
            size_t at = w * run->dataset.n_examples + i;
            if (run->fold[i] < training->n_folds)
                add_up(run, shop->margins + at * run->n_machines, training->margins + at * n_labels,
                       1, 1, 1);
        }
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
    size_t n_weights = run->n_machines * (run->matrix.dictionary.n_features + 1);
    size_t n_margins = training->n_ways * run->dataset.n_examples * run->n_machines;
    struct shop shop = {.training = training, .n_together = 1};
    if (training->solver == RETORT_SOLVER_DESCENT)
        shop.n_together = RETORT_MOST_TOGETHER;
    shop.n_teams = (run->n_machines + shop.n_together - 1) / shop.n_together;
    struct retort_problem *problem =
        run->method.chi2 > 0 ? NULL : retort_problem_new(&run->matrix, NULL);
    shop.problem = problem;
    shop.margins = retort_shared_new(n_margins, sizeof(double));
    if (training->weights)
        shop.weights = retort_shared_new(n_weights, sizeof(double));
    size_t n_turns = training->n_folds + (training->weights != NULL);
    bool done = retort_workers_run(job, &shop, n_turns * shop.n_teams, run->options.n_workers,
                                   training->what, run->options.quiet);
    if (done)
        give_results(&shop);
    retort_shared_free(shop.margins, n_margins, sizeof(double));
    if (shop.weights)
        retort_shared_free(shop.weights, n_weights, sizeof(double));
    retort_problem_free(problem);
    return done || retort_workers_fail(error);
}
