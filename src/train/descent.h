/* descent (private to train): the state of machines that learn together.
 *
 * Four machines stand side by side in a lane, so that one step of vector arithmetic is a step of
 * each. No number of one machine ever meets another's, so the result is the same whatever vectors
 * the processor has. */
#ifndef RETORT_TRAIN_DESCENT_H
#define RETORT_TRAIN_DESCENT_H

#include "train/solver.h"

enum { LANE = 4, MOST_LANES = RETORT_MOST_TOGETHER / LANE };
typedef float retort_lane __attribute__((vector_size(LANE * sizeof(float))));
typedef int32_t retort_mask __attribute__((vector_size(LANE * sizeof(int32_t))));

/* What four machines have of a row: α; y, 0 for one that does not learn from it; x·x as scaled, and
 * the part of the bias within. */
struct retort_duals {
    retort_lane dual, sign, square;
};

/* The part of B², the square of the bias's value as a feature, that moves with every step
 * (descent.c). */
static const float RETORT_BIAS_WITHIN = 0.5F;

/* The terms of four machines; of pairs, [1] is for positives. */
struct retort_terms {
    retort_lane cost[2]; /* C of an example */
    retort_lane most[2]; /* α lies in [0, most] */
    retort_lane give[2]; /* on the diagonal of the dual: 0 for hinge loss, 1/2C for its square */
    retort_lane bias;
};

/* What one pass over the rows found, each before its step. */
struct retort_sweep {
    retort_lane gap[MOST_LANES]; /* primal less dual, the bias's share apart */
};

struct retort_descent {
    const struct retort_problem *problem;
    size_t n_machines, n_lanes;
    bool squared;
    retort_lane *weights;       /* [n_features][n_lanes] as for values that are not scaled */
    retort_lane *squares;       /* [n_features][n_lanes] of the scale; NULL: nothing is scaled */
    struct retort_duals *duals; /* [n_rows][n_lanes] */
    float *copies;              /* [n_rows] how often a row stands in the lessons */
    size_t *rows;               /* [n_rows] those learned from, in the order of the next sweep */
    size_t n_rows;
    uint32_t *wakes;  /* [n_rows] the sweep that next visits a row */
    uint8_t *streaks; /* [n_rows] its visits in vain, one after another */
    uint32_t n_sweeps;
    struct retort_terms terms[MOST_LANES];
    double biases[RETORT_MOST_TOGETHER]; /* the part of the bias that stands still in a sweep */
    double slopes[RETORT_MOST_TOGETHER]; /* how fast Σαy falls as that rises */
    struct retort_arena arena;
};

/* One step of each row that is awake. */
void retort_descent_sweep(struct retort_descent *descent, struct retort_sweep *sweep);

#endif
