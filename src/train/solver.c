/* The wall around libsvm and LIBLINEAR: the only file that knows them.
 *
 * Both minimise ½|w|² + C Σ max(0, 1 − y(w·x + b)) (hinge loss). libsvm leaves b out of |w|;
 * LIBLINEAR learns it as the weight of one more feature, whose value BIAS is large enough to make
 * its share of |w|² small. libsvm's support vectors are folded into one weight array here, at the
 * end of training; nothing downstream ever calls it. LIBLINEAR shuffles with rand(), so it is
 * seeded before every fit and only ever run in a process of one thread. */
#include "train/parts.h"

#include <assert.h>
#include <libsvm/svm.h>
#include <linear.h>
#include <stdlib.h>
#include <string.h>

/* The two libraries' nodes are the same struct in two names. */
_Static_assert(sizeof(struct feature_node) == sizeof(struct svm_node), "nodes are one struct");
_Static_assert(offsetof(struct feature_node, value) == offsetof(struct svm_node, value), "same");

static const double BIAS = 4;

struct retort_problem {
    const struct retort_matrix *matrix;
    struct feature_node *nodes, **rows;
    bool libsvm;
};

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

struct retort_problem *retort_problem_new(const struct retort_matrix *matrix, bool libsvm)
{
    struct retort_problem *problem = retort_grow(NULL, 1, sizeof *problem);
    size_t n = matrix->n_rows, n_entries = n ? matrix->ends[n - 1] : 0, at = 0;
    *problem = (struct retort_problem){.matrix = matrix, .libsvm = libsvm};
    problem->nodes = retort_grow(NULL, n_entries + 2 * n, sizeof *problem->nodes);
    problem->rows = retort_grow(NULL, n, sizeof *problem->rows);
    for (size_t row = 0, entry = 0; row < n; row++) {
        problem->rows[row] = problem->nodes + at;
        for (; entry < matrix->ends[row]; entry++)
            problem->nodes[at++] = (struct feature_node){(int)matrix->entries[entry].feature + 1,
                                                         (double)matrix->entries[entry].value};
        if (!libsvm)
            problem->nodes[at++] =
                (struct feature_node){(int)matrix->dictionary.n_features + 1, BIAS};
        problem->nodes[at++] = (struct feature_node){-1, 0};
    }
    return problem;
}

void retort_problem_free(struct retort_problem *problem)
{
    free(problem->nodes);
    free(problem->rows);
    free(problem);
}

double retort_machine_margin(const struct retort_machine *machine,
                             const struct retort_matrix *matrix, size_t row)
{
    double margin = machine->bias;
    for (size_t i = row ? matrix->ends[row - 1] : 0; i < matrix->ends[row]; i++)
        margin += machine->weights[matrix->entries[i].feature] * (double)matrix->entries[i].value;
    return margin;
}

static double primal_objective(const struct retort_problem *problem, const struct retort_fit *fit,
                               const struct retort_machine *machine)
{
    double norm = 0, loss = 0;
    for (uint32_t i = 0; i < problem->matrix->dictionary.n_features; i++)
        norm += machine->weights[i] * machine->weights[i];
    for (size_t i = 0; i < fit->n; i++) {
        bool yes = fit->truth[i] == RETORT_YES;
        double margin = retort_machine_margin(machine, problem->matrix, fit->rows[i]);
        double short_by = 1 - (yes ? margin : -margin);
        loss += short_by > 0 ? short_by * (yes ? fit->weight_yes : fit->weight_no) : 0;
    }
    return norm / 2 + fit->cost * loss;
}

/* The rows and ±1 of one fit, as arrays the libraries take. */
struct lists {
    struct feature_node **x;
    double *y;
};

static struct lists lists_of(const struct retort_problem *problem, const struct retort_fit *fit)
{
    struct lists lists = {retort_grow(NULL, fit->n, sizeof *lists.x),
                          retort_grow(NULL, fit->n, sizeof *lists.y)};
    for (size_t i = 0; i < fit->n; i++) {
        lists.x[i] = problem->rows[fit->rows[i]];
        lists.y[i] = fit->truth[i] == RETORT_YES ? 1 : -1;
    }
    return lists;
}

static void fit_liblinear(const struct retort_problem *problem, const struct retort_fit *fit,
                          const struct lists *lists, struct retort_machine *machine)
{
    uint32_t n_features = problem->matrix->dictionary.n_features;
    int classes[] = {1, -1};
    double weights[] = {fit->weight_yes, fit->weight_no};
    struct problem data = {
        .l = (int)fit->n, .n = (int)n_features + 1, .y = lists->y, .x = lists->x, .bias = BIAS};
    struct parameter how = {.solver_type = L2R_L1LOSS_SVC_DUAL,
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

static void fit_libsvm(const struct retort_problem *problem, const struct retort_fit *fit,
                       const struct lists *lists, struct retort_machine *machine)
{
    int classes[] = {1, -1};
    double weights[] = {fit->weight_yes, fit->weight_no};
    struct svm_problem data = {
        .l = (int)fit->n, .y = lists->y, .x = (struct svm_node **)(void *)lists->x};
    struct svm_parameter how = {.svm_type = C_SVC,
                                .kernel_type = LINEAR,
                                .cache_size = 1000,
                                .eps = fit->tolerance,
                                .C = fit->cost,
                                .nr_weight = 2,
                                .weight_label = classes,
                                .weight = weights,
                                .shrinking = 1};
    assert(!svm_check_parameter(&data, &how));
    svm_set_print_string_function(silent);
    struct svm_model *model = svm_train(&data, &how);
    fold_support_vectors(model, problem->matrix->dictionary.n_features, machine);
    svm_free_and_destroy_model(&model);
}

static bool has_both(const struct retort_fit *fit)
{
    bool yes = false, no = false;
    for (size_t i = 0; i < fit->n; i++) {
        yes |= fit->truth[i] == RETORT_YES;
        no |= fit->truth[i] != RETORT_YES;
    }
    return yes && no;
}

void retort_fit_linear(const struct retort_problem *problem, const struct retort_fit *fit,
                       struct retort_machine *machine)
{
    if (!has_both(fit)) {
        memset(machine->weights, 0,
               problem->matrix->dictionary.n_features * sizeof *machine->weights);
        machine->bias = fit->n && fit->truth[0] == RETORT_YES ? 1 : -1;
        machine->objective = 0;
        return;
    }
    struct lists lists = lists_of(problem, fit);
    if (problem->libsvm)
        fit_libsvm(problem, fit, &lists, machine);
    else
        fit_liblinear(problem, fit, &lists, machine);
    machine->objective = primal_objective(problem, fit, machine);
    free(lists.x);
    free(lists.y);
}
