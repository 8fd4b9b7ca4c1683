/* solver (private to train): what the two files that know libsvm and LIBLINEAR share. */
#ifndef RETORT_TRAIN_SOLVER_H
#define RETORT_TRAIN_SOLVER_H

#include "train/parts.h"

#include <libsvm/svm.h>
#include <linear.h>

struct retort_problem {
    uint32_t n_features;
    size_t n_rows, *ends; /* [n_rows] */
    struct retort_entry *entries;
};

/* The bias is the weight of one more feature with this value: large enough to make its share of
 * |w|² small. */
#define RETORT_BIAS 4.0

/* Rows as the libraries want them: (index from 1, value), ended by index −1. */
struct retort_nodes {
    struct feature_node **x; /* [n] */
    struct feature_node *nodes;
};
/* with_bias: each with the bias behind its features. scale: as of a fit. */
struct retort_nodes retort_nodes_new(const struct retort_problem *problem,
                                     const struct retort_lesson *lesson, const double *scale,
                                     bool with_bias);
void retort_nodes_free(struct retort_nodes *nodes);

/* A C-SVC of libsvm's, which keeps pointers into x: free it before x. */
struct svm_model *retort_libsvm_train(const struct retort_fit *fit, struct svm_node **x, double *y,
                                      int kernel, double gamma);

#endif
