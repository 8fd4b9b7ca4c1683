/* shares (private to report): from what is stored and what a model's card says it errs, to shares
 * of labels and their replicates.
 *
 * Rows are added up once to cells, one a group and cluster (thread), and replicates weigh cells.
 * Shares are of classes that add up to 1: all labels of a one-of task, one problem; {off, on} of
 * each label of an any-of task, a problem a label. */
#ifndef RETORT_REPORT_SHARES_H
#define RETORT_REPORT_SHARES_H

#include "report/gather.h"

/* More classes than this: nothing is corrected, for there is a matrix a replicate. */
enum {
    SHARES_MOST_CLASSES = 32,
    SHARES_CLUSTERS = 1024,
    SHARES_LEAST_CASES = 10,
    SHARES_LEAST_OWN = 30,
    SHARES_LEAST_DRAWN = 30,
    SHARES_LEAST_EVEN = 20
};

/* ---- what the model errs (shares_errors.c) ---- */

/* Sums over labelled comments out of fold, by batches that never part what hangs together. */
struct shares_errors {
    size_t n_problems, n_classes, n_batches;
    double *n;        /* [n_batches][n_problems][n_classes] cases of each true class */
    double *said, *p; /* [n_batches][n_problems][n_classes true][n_classes]: what was said of them,
                         and the posteriors added up */
    double *spread;   /* [n_batches][n_problems][n_classes true][n_scored][RETORT_ERRORS_BINS] how
                         posteriors are spread; NULL: the card does not say */
    size_t n_scored;  /* one-of: each class's posterior; any-of: that of on */
    double *prior;    /* [n_problems][n_classes] what posteriors were calibrated for */
    double *cases;    /* [n_problems][n_classes] as many of equal weight as tell as much */
    bool *is_own;     /* [n_problems] from decisions in the store, not from the card */
};
/* NULL, or in words why there are none. */
const char *shares_errors_read(const struct report_task *task, struct retort_arena *arena,
                               struct shares_errors *errors);
/* Puts what people decided here on comments drawn at random in the place of the card's sums, for
 * problems of which each class has SHARES_LEAST_OWN cases. why: what reading the card returned;
 * returns the same, or NULL where it made errors of its own. */
const char *shares_errors_own(const struct report_data *data, const struct report_task *task,
                              const char *why, struct retort_arena *arena,
                              struct shares_errors *errors);

/* Matrices, the first as they were counted, the others drawn: [1 + n_replicates][n_problems]
 * [n_classes][n_classes]. */
struct shares_rates {
    size_t n_problems, n_classes, n_replicates;
    double *said, *p;               /* P(says j | is i), and mean posteriors */
    double *inverse, *inverse_of_p; /* of these; NaN: there is none */
    bool *by_count;                 /* [n_problems] what is said tells more than posteriors do */
    const char **untold;            /* [n_problems] NULL, or why nothing can be corrected by it */
};
void shares_rates_draw(const struct shares_errors *errors, uint64_t seed, size_t n_replicates,
                       struct retort_arena *arena, struct shares_rates *rates);

/* What batches weigh in a replicate, [n_batches]; in 0 all weigh 1. */
void shares_batches_weigh(size_t n_batches, uint64_t seed, size_t replicate, double *weights);

/* ---- what is stored (shares_cells.c) ---- */

struct shares_cells {
    size_t n_groups, n_labels;
    size_t stride;       /* RETORT_POWERED_WIDTH(n_labels), then how often each label is said */
    uint32_t *order;     /* labelled rows, by group: … */
    size_t *first;       /* [n_groups + 1] … from first[g] to first[g + 1] */
    uint32_t *cell;      /* [n] of a labelled row in a group */
    size_t n_clusters;   /* threads dealt into */
    size_t *begin;       /* [n_groups + 1] a group's cells */
    uint32_t *cluster;   /* [n_cells] below SHARES_CLUSTERS; UINT32_MAX: weighs by itself */
    double *values;      /* [n_cells][stride] */
    double *total;       /* [n_groups][stride] */
    double *widening;    /* [n_groups][n_labels] of deviations: as so few clusters want */
    double *deciding;    /* [n_groups] the same of what was decided */
    double *squares;     /* [n_groups] of the weights of what was decided */
    uint32_t *n_threads; /* [n_groups] */
    uint32_t *n_decided, *n_drawn; /* [n_groups] those with a weight; of these, at random */
};
void shares_cells_gather(const struct report_data *data, const struct report_task *task,
                         const struct report_grouping *grouping, struct retort_arena *arena,
                         struct shares_cells *cells);
/* What clusters of threads weigh in a replicate, [n_clusters]; in 0 all weigh 1. And which one a
 * thread, of so many, is in. */
void shares_clusters_weigh(size_t n_clusters, uint64_t seed, size_t replicate, double *weights);
uint32_t shares_cluster(uint32_t thread, uint32_t n_threads);
/* What cells weigh in a replicate, [n_cells]; in 0 all weigh 1. */
void shares_cells_weigh(const struct shares_cells *cells, uint64_t seed, size_t replicate,
                        double *weights);
/* Sums of all groups with these weights: [n_groups][stride]. */
void shares_cells_sum(const struct shares_cells *cells, const double *weights, double *sums);

/* ---- methods (shares_methods.c) ---- */

enum shares_method {
    SHARES_CC,      /* what the model says, counted */
    SHARES_PCC,     /* its posteriors, their mean (Bella et al. 2010) */
    SHARES_ACC,     /* both adjusted */
    SHARES_PACC,    /* ACC where posteriors tell nothing */
    SHARES_PEOPLE,  /* decisions, by their chances (Hájek 1971) */
    SHARES_POWERED, /* the same with the model's posteriors */
    SHARES_N_METHODS
};

struct shares_basis {
    struct shares_cells cells;
    struct shares_errors errors;
    struct shares_rates rates;
    const char *untold; /* NULL, or why nothing can be corrected */
    bool *is_foreign;   /* [n_problems] shares_mixture_test fails */
    double *sums;       /* [1 + n_replicates][n_groups][stride]; NULL: too many to keep */
    double *trust;      /* [n_groups][n_labels] in posteriors, of SHARES_POWERED */
    uint64_t seed;
    size_t n_replicates;
    bool one_of;
};
void shares_basis_fill(const struct report_work *work, const struct report_task *task,
                       const struct report_grouping *grouping, struct retort_arena *arena,
                       struct shares_basis *basis);
/* Shares that make the model say so, of a problem's labels, by the matrices of a replicate. said,
 * p, share: [n_labels]. */
void shares_solve(const struct shares_basis *basis, size_t replicate, const double *said,
                  const double *p, double *share);
/* Enough drawn at random in the group, and not all weight on a few. */
bool shares_is_powered(const struct shares_cells *cells, size_t group);
/* methods: [n_groups]. share: [1 + n_replicates][n_groups][n_labels], none of them cut to [0, 1].
 */
void shares_by_method(const struct shares_basis *basis, const enum shares_method *methods,
                      double *share);
/* The best that there is data for, a group and label each, as report_shares tells it. */
void shares_fill(const struct shares_basis *basis, struct retort_arena *arena,
                 struct report_shares *shares);
/* The same shape by EMQ (shares_emq.c); NaN where the card does not tell what posteriors were
 * calibrated for. The estimates are within [0, 1]. */
void shares_emq(const struct shares_basis *basis, const struct report_task *task, double *share);

/* ---- are they what the model was tried on? (shares_mixture.c) ---- */

/* fails[problem]: the posteriors of all comments in groups are no mixture of those of the true
 * classes out of fold, whatever the shares: clearly, and by more than a little. */
void shares_mixture_test(const struct shares_basis *basis, const struct report_data *data,
                         const struct report_task *task, const struct report_grouping *grouping,
                         bool *fails);

#endif
