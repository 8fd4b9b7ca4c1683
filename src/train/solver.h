/* solver (private to train): what the two files that know libsvm and LIBLINEAR share. */
#ifndef RETORT_TRAIN_SOLVER_H
#define RETORT_TRAIN_SOLVER_H

#include "train/parts.h"

#include <libsvm/svm.h>
#include <linear.h>

struct retort_problem {
    uint32_t n_features;
    struct feature_node *nodes, **rows; /* by index from 1; the bias behind the features; −1 */
    bool libsvm;                        /* without the bias */
};

/* A C-SVC of libsvm's, which keeps pointers into x: free it before x. */
struct svm_model *retort_libsvm_train(const struct retort_fit *fit, struct svm_node **x, double *y,
                                      int kernel, double gamma);

#endif
