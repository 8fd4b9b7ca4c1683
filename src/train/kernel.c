/* Machines with a kernel, to be held against the linear ones: RBF as libsvm has it, and the
 * intersection of two bags, computed here and given to libsvm as a matrix. */
#include "train/solver.h"

#include <math.h>
#include <stdlib.h>

static const double GAMMA = 0.5; /* of exp(−γ|x − z|²): every field of a bag has length 1 */

/* The two libraries' nodes are the same struct in two names (solver.c). */
static struct svm_node *as_svm(struct feature_node *nodes)
{
    return (struct svm_node *)(void *)nodes;
}

/* Σ min(|x|, |z|) over features where both have the same sign: a kernel, since it is one of the
 * positive and of the negative parts. */
static double intersection(const struct retort_problem *problem, size_t row, size_t other)
{
    const struct retort_entry *entries = problem->entries;
    size_t x = row ? problem->ends[row - 1] : 0, z = other ? problem->ends[other - 1] : 0;
    double sum = 0;
    while (x < problem->ends[row] && z < problem->ends[other]) {
        if (entries[x].feature < entries[z].feature) {
            x++;
        } else if (entries[z].feature < entries[x].feature) {
            z++;
        } else {
            double a = (double)entries[x++].value, b = (double)entries[z++].value;
            if (a * b > 0)
                sum += fmin(fabs(a), fabs(b));
        }
    }
    return sum;
}

/* A row as libsvm wants it precomputed: its number, then its kernel with every row learned from. */
static void precompute(const struct retort_problem *problem, const struct retort_lesson *lesson,
                       size_t row, struct svm_node *nodes)
{
    for (size_t i = 0; i < lesson->n; i++)
        nodes[i + 1] = (struct svm_node){(int)i + 1, intersection(problem, row, lesson->rows[i])};
    nodes[lesson->n + 1].index = -1;
}

/* Rows as libsvm wants them: their nodes, or, precomputed, wider ones. */
struct taught {
    struct retort_nodes nodes;
    double *y;
};

static struct taught teach(const struct retort_problem *problem, const struct retort_lesson *lesson,
                           bool precomputed)
{
    size_t n = lesson->n, width = n + 2;
    struct taught taught = {.y = retort_grow(NULL, n, sizeof *taught.y)};
    if (precomputed)
        taught.nodes =
            (struct retort_nodes){retort_grow(NULL, n, sizeof *taught.nodes.x),
                                  retort_grow(NULL, n * width, sizeof *taught.nodes.nodes)};
    else
        taught.nodes = retort_nodes_new(problem, lesson, NULL, false);
    for (size_t i = 0; i < n; i++) {
        taught.y[i] = lesson->truth[i] == RETORT_YES ? 1 : -1;
        if (!precomputed)
            continue;
        taught.nodes.x[i] = taught.nodes.nodes + i * width;
        taught.nodes.x[i][0] = (struct feature_node){0, (double)(i + 1)};
        precompute(problem, lesson, lesson->rows[i], as_svm(taught.nodes.x[i]));
    }
    return taught;
}

static void judge(const struct svm_model *model, const struct retort_problem *problem,
                  const struct retort_lesson *lesson, const struct retort_judged *judged)
{
    bool precomputed = model->param.kernel_type == PRECOMPUTED;
    const struct retort_lesson asked = {.rows = judged->rows, .n = judged->n};
    struct svm_node *own = retort_grow(NULL, lesson->n + 2, sizeof *own);
    struct retort_nodes nodes = retort_nodes_new(problem, &asked, NULL, false);
    double sign = model->label[0] == 1 ? 1 : -1;
    for (size_t i = 0; i < judged->n; i++) {
        const struct svm_node *x = as_svm(nodes.x[i]);
        if (precomputed) {
            own[0] = (struct svm_node){0, 1};
            precompute(problem, lesson, judged->rows[i], own);
            x = own;
        }
        svm_predict_values(model, x, &judged->margins[i * judged->stride]);
        judged->margins[i * judged->stride] *= sign;
    }
    retort_nodes_free(&nodes);
    free(own);
}

void retort_fit_kernel(const struct retort_problem *problem, const struct retort_fit *fit,
                       enum retort_kernel kernel, const struct retort_judged *judged)
{
    if (!retort_lesson_has_both(&fit->lesson)) { /* nothing to tell apart */
        for (size_t i = 0; i < judged->n; i++)
            judged->margins[i * judged->stride] = 0;
        return;
    }
    bool precomputed = kernel == RETORT_INTERSECTION;
    struct taught taught = teach(problem, &fit->lesson, precomputed);
    struct svm_model *model = retort_libsvm_train(fit, (struct svm_node **)(void *)taught.nodes.x,
                                                  taught.y, precomputed ? PRECOMPUTED : RBF, GAMMA);
    judge(model, problem, &fit->lesson, judged);
    svm_free_and_destroy_model(&model);
    retort_nodes_free(&taught.nodes);
    free(taught.y);
}
