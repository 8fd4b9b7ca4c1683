/* The wall around libsvm and LIBLINEAR: the only file that knows them.
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

static const double BIAS = 4;

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

struct retort_problem *retort_problem_new(const struct retort_matrix *matrix, const bool *keep,
                                          bool libsvm)
{
    struct retort_problem *problem = retort_grow(NULL, 1, sizeof *problem);
    struct retort_entry *entries = retort_grow(NULL, longest_row(matrix), sizeof *entries);
    size_t n = matrix->n_rows, n_entries = n ? matrix->ends[n - 1] : 0, at = 0;
    *problem =
        (struct retort_problem){.n_features = matrix->dictionary.n_features, .libsvm = libsvm};
    problem->nodes = retort_grow(NULL, n_entries + 2 * n, sizeof *problem->nodes);
    problem->rows = retort_grow(NULL, n, sizeof *problem->rows);
    for (size_t row = 0; row < n; row++) {
        size_t n_kept = weigh_row(matrix, row, keep, entries);
        problem->rows[row] = problem->nodes + at;
        for (size_t i = 0; i < n_kept; i++)
            problem->nodes[at++] =
                (struct feature_node){(int)entries[i].feature + 1, (double)entries[i].value};
        if (!libsvm)
            problem->nodes[at++] = (struct feature_node){(int)problem->n_features + 1, BIAS};
        problem->nodes[at++] = (struct feature_node){-1, 0};
    }
    free(entries);
    return problem;
}

void retort_problem_free(struct retort_problem *problem)
{
    if (!problem)
        return;
    free(problem->nodes);
    free(problem->rows);
    free(problem);
}

/* The end of a row's features: its bias or its last node. */
static bool is_feature(const struct retort_problem *problem, const struct feature_node *node)
{
    return node->index != -1 && node->index <= (int)problem->n_features;
}

double retort_machine_margin(const struct retort_machine *machine,
                             const struct retort_problem *problem, size_t row)
{
    double margin = machine->bias;
    for (const struct feature_node *node = problem->rows[row]; is_feature(problem, node); node++)
        margin += machine->weights[node->index - 1] * node->value;
    return margin;
}

static double primal_objective(const struct retort_problem *problem, const struct retort_fit *fit,
                               const struct retort_machine *machine)
{
    double norm = 0, loss = 0;
    for (uint32_t i = 0; i < problem->n_features; i++)
        norm += machine->weights[i] * machine->weights[i];
    for (size_t i = 0; i < fit->lesson.n; i++) {
        bool yes = fit->lesson.truth[i] == RETORT_YES;
        double margin = retort_machine_margin(machine, problem, fit->lesson.rows[i]);
        double short_by = fmax(0, 1 - (yes ? margin : -margin));
        loss += (fit->squared ? short_by * short_by : short_by) *
                (yes ? fit->weight_yes : fit->weight_no);
    }
    return norm / 2 + fit->cost * loss;
}

/* The rows and ±1 of one fit, as arrays the libraries take. */
struct lists {
    struct feature_node **x;
    double *y;
    struct feature_node *scaled; /* the rows' own nodes where values are scaled */
};

static size_t row_length(const struct feature_node *row)
{
    size_t n = 0;
    while (row[n].index != -1)
        n++;
    return n + 1;
}

static void scale_rows(const struct retort_problem *problem, const struct retort_fit *fit,
                       struct lists *lists)
{
    size_t n_nodes = 0, at = 0;
    for (size_t i = 0; i < fit->lesson.n; i++)
        n_nodes += row_length(lists->x[i]);
    lists->scaled = retort_grow(NULL, n_nodes, sizeof *lists->scaled);
    for (size_t i = 0; i < fit->lesson.n; i++) {
        const struct feature_node *node = lists->x[i];
        lists->x[i] = lists->scaled + at;
        for (; is_feature(problem, node); node++)
            lists->scaled[at++] =
                (struct feature_node){node->index, node->value * fit->scale[node->index - 1]};
        for (; node->index != -1; node++)
            lists->scaled[at++] = *node;
        lists->scaled[at++] = *node;
    }
}

static struct lists lists_of(const struct retort_problem *problem, const struct retort_fit *fit)
{
    size_t n = fit->lesson.n;
    struct lists lists = {retort_grow(NULL, n, sizeof *lists.x),
                          retort_grow(NULL, n, sizeof *lists.y), NULL};
    for (size_t i = 0; i < n; i++) {
        lists.x[i] = problem->rows[fit->lesson.rows[i]];
        lists.y[i] = fit->lesson.truth[i] == RETORT_YES ? 1 : -1;
    }
    if (fit->scale)
        scale_rows(problem, fit, &lists);
    return lists;
}

static void fit_liblinear(const struct retort_problem *problem, const struct retort_fit *fit,
                          const struct lists *lists, struct retort_machine *machine)
{
    uint32_t n_features = problem->n_features;
    int classes[] = {1, -1};
    double weights[] = {fit->weight_yes, fit->weight_no};
    struct problem data = {.l = (int)fit->lesson.n,
                           .n = (int)n_features + 1,
                           .y = lists->y,
                           .x = lists->x,
                           .bias = BIAS};
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
                       const struct lists *lists, struct retort_machine *machine)
{
    struct svm_model *model =
        retort_libsvm_train(fit, (struct svm_node **)(void *)lists->x, lists->y, LINEAR, 0);
    fold_support_vectors(model, problem->n_features, machine);
    svm_free_and_destroy_model(&model);
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

void retort_fit_linear(const struct retort_problem *problem, const struct retort_fit *fit,
                       struct retort_machine *machine)
{
    if (!retort_lesson_has_both(&fit->lesson)) {
        memset(machine->weights, 0, problem->n_features * sizeof *machine->weights);
        machine->bias = fit->lesson.n && fit->lesson.truth[0] == RETORT_YES ? 1 : -1;
        machine->objective = 0;
        return;
    }
    struct lists lists = lists_of(problem, fit);
    if (problem->libsvm)
        fit_libsvm(problem, fit, &lists, machine);
    else
        fit_liblinear(problem, fit, &lists, machine);
    for (uint32_t i = 0; fit->scale && i < problem->n_features; i++)
        machine->weights[i] *= fit->scale[i];
    machine->objective = primal_objective(problem, fit, machine);
    free(lists.x);
    free(lists.y);
    free(lists.scaled);
}
