/* The wall around libsvm and LIBLINEAR: beside kernel.c the only file that knows them.
 *
 * Both minimise ½|w|² + C Σ max(0, 1 − y(w·x + b)) (hinge loss; LIBLINEAR also its square). libsvm
 * leaves b out of |w|; LIBLINEAR learns it as the weight of one more feature, whose value BIAS is
 * large enough to make its share of |w|² small. libsvm's support vectors are folded into one weight
 * array here, at the end of training; nothing downstream ever calls it. LIBLINEAR shuffles with
 * rand(), so it is seeded before every fit and only ever run in a process of one thread. */
#include "train/solver.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The two libraries' nodes are the same struct in two names. */
_Static_assert(sizeof(struct feature_node) == sizeof(struct svm_node), "nodes are one struct");
_Static_assert(offsetof(struct feature_node, value) == offsetof(struct svm_node, value), "same");

static const double BIAS = RETORT_BIAS;

static void silent(const char *text)
{
    (void)text;
}

const char *retort_solver_versions(void)
{
    static char text[64];
    snprintf(text, sizeof text, "libsvm %d.%d, LIBLINEAR %d.%d", LIBSVM_VERSION / 100,
             LIBSVM_VERSION % 100, LIBLINEAR_VERSION / 100, LIBLINEAR_VERSION % 100);
    return text;
}

/* Behind the weighing: what is neutral has its share of the row's length, and no weight. */
static size_t drop_neutral(const struct retort_matrix *matrix, struct retort_entry *entries,
                           size_t n)
{
    size_t n_left = 0;
    for (size_t i = 0; i < n; i++)
        if (!matrix->neutral || !matrix->neutral[entries[i].feature])
            entries[n_left++] = entries[i];
    return n_left;
}

/* The row's entries that are kept, weighed; returns how many. */
static size_t weigh_row(const struct retort_matrix *matrix, size_t row, const bool *keep,
                        struct retort_entry *entries)
{
    size_t n = 0;
    for (size_t i = row ? matrix->ends[row - 1] : 0; i < matrix->ends[row]; i++)
        if (!keep || keep[matrix->entries[i].feature])
            entries[n++] = matrix->entries[i];
    retort_standard_apply(matrix, entries, n);
    retort_weigh(entries, n, matrix->recipe, &matrix->dictionary);
    return drop_neutral(matrix, entries, n);
}

static size_t longest_row(const struct retort_matrix *matrix)
{
    size_t longest = 0;
    for (size_t row = 0, begin = 0; row < matrix->n_rows; begin = matrix->ends[row++])
        if (matrix->ends[row] - begin > longest)
            longest = matrix->ends[row] - begin;
    return longest;
}

struct retort_problem *retort_problem_new(const struct retort_matrix *matrix, const bool *keep)
{
    struct retort_problem *problem = retort_grow(NULL, 1, sizeof *problem);
    struct retort_entry *entries = retort_grow(NULL, longest_row(matrix), sizeof *entries);
    size_t n = matrix->n_rows, at = 0;
    *problem = (struct retort_problem){.n_features = matrix->dictionary.n_features, .n_rows = n};
    problem->entries = retort_grow(NULL, n ? matrix->ends[n - 1] : 0, sizeof *problem->entries);
    problem->ends = retort_grow(NULL, n, sizeof *problem->ends);
    for (size_t row = 0; row < n; row++) {
        size_t n_kept = weigh_row(matrix, row, keep, entries);
        if (n_kept)
            memcpy(problem->entries + at, entries, n_kept * sizeof *entries);
        problem->ends[row] = at += n_kept;
    }
    free(entries);
    return problem;
}

void retort_problem_free(struct retort_problem *problem)
{
    if (!problem)
        return;
    free(problem->entries);
    free(problem->ends);
    free(problem);
}

/* ---- margins ---- */

static size_t begin_of(const struct retort_problem *problem, size_t row)
{
    return row ? problem->ends[row - 1] : 0;
}

double retort_machine_margin(const struct retort_machine *machine,
                             const struct retort_problem *problem, size_t row)
{
    double margin = machine->bias;
    for (size_t i = begin_of(problem, row); i < problem->ends[row]; i++)
        margin += machine->weights[problem->entries[i].feature] * (double)problem->entries[i].value;
    return margin;
}

void retort_machines_judge(const struct retort_machine *machines, size_t n_machines,
                           const struct retort_problem *problem, double *margins)
{
    double *weights = retort_grow(NULL, problem->n_features * n_machines, sizeof *weights);
    for (size_t m = 0; m < n_machines; m++)
        for (size_t i = 0; i < problem->n_features; i++)
            weights[i * n_machines + m] = machines[m].weights[i];
    for (size_t row = 0; row < problem->n_rows; row++, margins += n_machines) {
        for (size_t m = 0; m < n_machines; m++)
            margins[m] = machines[m].bias;
        for (size_t i = begin_of(problem, row); i < problem->ends[row]; i++) {
            const double *own = weights + problem->entries[i].feature * n_machines;
            double value = (double)problem->entries[i].value;
            for (size_t m = 0; m < n_machines; m++)
                margins[m] += own[m] * value;
        }
    }
    free(weights);
}

double retort_machine_objective(const struct retort_problem *problem, const struct retort_fit *fit,
                                const struct retort_machine *machine)
{
    double norm = 0, loss = 0;
    for (uint32_t i = 0; i < problem->n_features; i++) {
        double weight = machine->weights[i];
        if (weight != 0 && fit->scale)
            weight /= fit->scale[i];
        norm += weight * weight;
    }
    for (size_t i = 0; i < fit->lesson.n; i++) {
        bool yes = fit->lesson.truth[i] == RETORT_YES;
        double margin = retort_machine_margin(machine, problem, fit->lesson.rows[i]);
        double short_by = fmax(0, 1 - (yes ? margin : -margin));
        loss += (fit->squared ? short_by * short_by : short_by) *
                (yes ? fit->weight_yes : fit->weight_no);
    }
    return norm / 2 + fit->cost * loss;
}

/* ---- the libraries ---- */

struct retort_nodes retort_nodes_new(const struct retort_problem *problem,
                                     const struct retort_lesson *lesson, const double *scale,
                                     bool with_bias)
{
    size_t n_nodes = 0, at = 0;
    for (size_t i = 0; i < lesson->n; i++)
        n_nodes += problem->ends[lesson->rows[i]] - begin_of(problem, lesson->rows[i]) + 2;
    struct retort_nodes nodes = {retort_grow(NULL, lesson->n, sizeof *nodes.x),
                                 retort_grow(NULL, n_nodes, sizeof *nodes.nodes)};
    for (size_t i = 0; i < lesson->n; i++) {
        size_t row = lesson->rows[i];
        nodes.x[i] = nodes.nodes + at;
        for (size_t e = begin_of(problem, row); e < problem->ends[row]; e++) {
            uint32_t feature = problem->entries[e].feature;
            double value = (double)problem->entries[e].value * (scale ? scale[feature] : 1);
            nodes.nodes[at++] = (struct feature_node){(int)feature + 1, value};
        }
        if (with_bias)
            nodes.nodes[at++] = (struct feature_node){(int)problem->n_features + 1, BIAS};
        nodes.nodes[at++] = (struct feature_node){-1, 0};
    }
    return nodes;
}

void retort_nodes_free(struct retort_nodes *nodes)
{
    free(nodes->x);
    free(nodes->nodes);
}

static double *signs_of(const struct retort_lesson *lesson)
{
    double *y = retort_grow(NULL, lesson->n, sizeof *y);
    for (size_t i = 0; i < lesson->n; i++)
        y[i] = lesson->truth[i] == RETORT_YES ? 1 : -1;
    return y;
}

static void fit_liblinear(const struct retort_problem *problem, const struct retort_fit *fit,
                          struct retort_machine *machine)
{
    uint32_t n_features = problem->n_features;
    struct retort_nodes nodes = retort_nodes_new(problem, &fit->lesson, fit->scale, true);
    double *y = signs_of(&fit->lesson);
    int classes[] = {1, -1};
    double weights[] = {fit->weight_yes, fit->weight_no};
    struct problem data = {
        .l = (int)fit->lesson.n, .n = (int)n_features + 1, .y = y, .x = nodes.x, .bias = BIAS};
    struct parameter how = {.solver_type = fit->squared ? L2R_L2LOSS_SVC_DUAL : L2R_L1LOSS_SVC_DUAL,
                            .eps = fit->tolerance,
                            .C = fit->cost,
                            .nr_weight = 2,
                            .weight_label = classes,
                            .weight = weights};
    assert(!check_parameter(&data, &how));
    set_print_string_function(silent);
    srand((unsigned)fit->seed);
    struct model *model = train(&data, &how);
    double sign = model->label[0] == 1 ? 1 : -1;
    for (uint32_t i = 0; i < n_features; i++)
        machine->weights[i] = sign * model->w[i];
    machine->bias = sign * model->w[n_features] * BIAS;
    free_and_destroy_model(&model);
    retort_nodes_free(&nodes);
    free(y);
}

/* w = Σ coef · support vector; b = −rho. */
static void fold_support_vectors(const struct svm_model *model, uint32_t n_features,
                                 struct retort_machine *machine)
{
    double sign = model->label[0] == 1 ? 1 : -1;
    memset(machine->weights, 0, n_features * sizeof *machine->weights);
    for (int i = 0; i < model->l; i++)
        for (const struct svm_node *node = model->SV[i]; node->index != -1; node++)
            machine->weights[node->index - 1] += sign * model->sv_coef[0][i] * node->value;
    machine->bias = -sign * model->rho[0];
}

struct svm_model *retort_libsvm_train(const struct retort_fit *fit, struct svm_node **x, double *y,
                                      int kernel, double gamma)
{
    int classes[] = {1, -1};
    double weights[] = {fit->weight_yes, fit->weight_no};
    struct svm_problem data = {.l = (int)fit->lesson.n, .y = y, .x = x};
    struct svm_parameter how = {.svm_type = C_SVC,
                                .kernel_type = kernel,
                                .gamma = gamma,
                                .cache_size = 1000,
                                .eps = fit->tolerance,
                                .C = fit->cost,
                                .nr_weight = 2,
                                .weight_label = classes,
                                .weight = weights,
                                .shrinking = 1};
    assert(!svm_check_parameter(&data, &how));
    svm_set_print_string_function(silent);
    return svm_train(&data, &how);
}

static void fit_libsvm(const struct retort_problem *problem, const struct retort_fit *fit,
                       struct retort_machine *machine)
{
    struct retort_nodes nodes = retort_nodes_new(problem, &fit->lesson, fit->scale, false);
    double *y = signs_of(&fit->lesson);
    struct svm_model *model =
        retort_libsvm_train(fit, (struct svm_node **)(void *)nodes.x, y, LINEAR, 0);
    fold_support_vectors(model, problem->n_features, machine);
    svm_free_and_destroy_model(&model);
    retort_nodes_free(&nodes);
    free(y);
}

static void fit_alone(const struct retort_problem *problem, const struct retort_fit *fit,
                      struct retort_machine *machine)
{
    struct retort_descent *descent = retort_descent_new(problem, fit, 1);
    retort_descent_run(descent, fit, machine);
    retort_descent_free(descent);
}

bool retort_lesson_has_both(const struct retort_lesson *lesson)
{
    bool yes = false, no = false;
    for (size_t i = 0; i < lesson->n; i++) {
        yes |= lesson->truth[i] == RETORT_YES;
        no |= lesson->truth[i] != RETORT_YES;
    }
    return yes && no;
}

double retort_lesson_bias(const struct retort_lesson *lesson)
{
    return lesson->n && lesson->truth[0] == RETORT_YES ? 1 : -1;
}

void retort_fit_linear(const struct retort_problem *problem, const struct retort_fit *fit,
                       struct retort_machine *machine)
{
    if (!retort_lesson_has_both(&fit->lesson)) {
        memset(machine->weights, 0, problem->n_features * sizeof *machine->weights);
        machine->bias = retort_lesson_bias(&fit->lesson);
        return;
    }
    if (fit->solver == RETORT_SOLVER_DESCENT) {
        fit_alone(problem, fit, machine);
        return;
    }
    if (fit->solver == RETORT_SOLVER_LIBSVM)
        fit_libsvm(problem, fit, machine);
    else
        fit_liblinear(problem, fit, machine);
    for (uint32_t i = 0; fit->scale && i < problem->n_features; i++)
        machine->weights[i] *= fit->scale[i];
}
