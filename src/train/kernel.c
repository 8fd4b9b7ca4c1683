/* Machines with a kernel, to be held against the linear ones: RBF as libsvm has it, and the
 * intersection of two bags, computed here and given to libsvm as a matrix. */
#include "train/solver.h"

#include <math.h>
#include <stdlib.h>

static const double GAMMA = 0.5; /* of exp(−γ|x − z|²): every field of a bag has length 1 */

/* Σ min(|x|, |z|) over features where both have the same sign: a kernel, since it is one of the
 * positive and of the negative parts. */
static double intersection(const struct feature_node *x, const struct feature_node *z)
{
    double sum = 0;
    while (x->index != -1 && z->index != -1) {
        if (x->index < z->index) {
            x++;
        } else if (z->index < x->index) {
            z++;
        } else {
            if (x->value * z->value > 0)
                sum += fmin(fabs(x->value), fabs(z->value));
            x++;
            z++;
        }
    }
    return sum;
}

/* A row as libsvm wants it precomputed: its number, then its kernel with every row learned from. */
static void precompute(const struct retort_problem *problem, const struct retort_lesson *lesson,
                       size_t row, struct svm_node *nodes)
{
    for (size_t i = 0; i < lesson->n; i++)
        nodes[i + 1] = (struct svm_node){
            (int)i + 1, intersection(problem->rows[row], problem->rows[lesson->rows[i]])};
    nodes[lesson->n + 1].index = -1;
}

/* The rows learned from: x as libsvm wants it, and the nodes behind where they were computed. */
struct taught {
    struct svm_node **x, *nodes;
    double *y;
};

static struct taught teach(const struct retort_problem *problem, const struct retort_lesson *lesson,
                           bool precomputed)
{
    size_t n = lesson->n, width = n + 2;
    struct taught taught = {retort_grow(NULL, n, sizeof *taught.x), NULL,
                            retort_grow(NULL, n, sizeof *taught.y)};
    if (precomputed)
        taught.nodes = retort_grow(NULL, n * width, sizeof *taught.nodes);
    for (size_t i = 0; i < n; i++) {
        taught.y[i] = lesson->truth[i] == RETORT_YES ? 1 : -1;
        taught.x[i] = (struct svm_node *)(void *)problem->rows[lesson->rows[i]];
        if (!precomputed)
            continue;
        taught.x[i] = taught.nodes + i * width;
        taught.x[i][0] = (struct svm_node){0, (double)(i + 1)};
        precompute(problem, lesson, lesson->rows[i], taught.x[i]);
    }
    return taught;
}

static void judge(const struct svm_model *model, const struct retort_problem *problem,
                  const struct retort_lesson *lesson, const struct retort_judged *judged)
{
    bool precomputed = model->param.kernel_type == PRECOMPUTED;
    struct svm_node *own = retort_grow(NULL, lesson->n + 2, sizeof *own);
    double sign = model->label[0] == 1 ? 1 : -1;
    for (size_t i = 0; i < judged->n; i++) {
        struct svm_node *x = (struct svm_node *)(void *)problem->rows[judged->rows[i]];
        if (precomputed) {
            own[0] = (struct svm_node){0, 1};
            precompute(problem, lesson, judged->rows[i], own);
            x = own;
        }
        svm_predict_values(model, x, &judged->margins[i * judged->stride]);
        judged->margins[i * judged->stride] *= sign;
    }
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
    struct svm_model *model =
        retort_libsvm_train(fit, taught.x, taught.y, precomputed ? PRECOMPUTED : RBF, GAMMA);
    judge(model, problem, &fit->lesson, judged);
    svm_free_and_destroy_model(&model);
    free(taught.x);
    free(taught.nodes);
    free(taught.y);
}
