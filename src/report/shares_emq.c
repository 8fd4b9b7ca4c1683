/* EMQ by group, and its replicates: Saerens, Latinne and Decaestecker's (2002) share of largest
 * likelihood is where the mean of the posteriors is the share itself, so a cluster's part in an
 * interval is how far its comments' posteriors lie from it, times one matrix (a sandwich).
 * Replicates take posteriors to be calibrated: what the model errs is not in them.
 *
 * A label that is on or off takes posteriors in bins of log odds: rounds cost by bins. */
#include "report/shares.h"

#include <math.h>
#include <stdlib.h>

enum { BINS_A_UNIT = 64, MOST_LOG_ODDS = 16, N_BINS = 2 * MOST_LOG_ODDS * BINS_A_UNIT };

/* One problem of one group. */
struct fitting {
    const struct shares_basis *basis;
    const struct report_task *task;
    const uint32_t *rows; /* all, those of other groups too: cell tells */
    size_t n_rows, group, problem, k;
    double share[SHARES_MOST_CLASSES];
    double *scores;  /* [cells of the group][k] how far posteriors lie from the share, added up */
    double *inverse; /* [k - 1][k - 1] of how the mean moves with the share; NaN: there is none */
};

static void posterior_of(const struct fitting *fitting, size_t row, float *p)
{
    const float *all = fitting->task->p + row * fitting->task->n_labels;
    if (fitting->task->one_of) {
        memcpy(p, all, fitting->k * sizeof *p);
        return;
    }
    p[1] = all[fitting->problem];
    p[0] = 1 - p[1];
}

static size_t bin_of(float p)
{
    double odds = log(fmax((double)p, 1e-12) / fmax(1 - (double)p, 1e-12));
    double at = (fmin(fmax(odds, -MOST_LOG_ODDS), MOST_LOG_ODDS - 1e-9) + MOST_LOG_ODDS);
    return (size_t)(at * BINS_A_UNIT);
}

/* Each bin's mean posterior, and how many lie in it. */
static void fit_bins(struct fitting *fitting, struct retort_posteriors *posteriors)
{
    double *weight = retort_grow(NULL, 2 * N_BINS, sizeof *weight), *sum = weight + N_BINS;
    float *p = retort_grow(NULL, 2 * N_BINS, sizeof *p), own[2];
    memset(weight, 0, 2 * N_BINS * sizeof *weight);
    for (size_t i = 0; i < fitting->n_rows; i++) {
        posterior_of(fitting, fitting->rows[i], own);
        size_t bin = bin_of(own[1]);
        weight[bin]++;
        sum[bin] += (double)own[1];
    }
    size_t n = 0;
    for (size_t i = 0; i < N_BINS; i++)
        if (weight[i] > 0) {
            p[2 * n + 1] = (float)(sum[i] / weight[i]);
            p[2 * n] = 1 - p[2 * n + 1];
            weight[n++] = weight[i];
        }
    posteriors->p = p;
    posteriors->weight = weight;
    posteriors->n = n;
    retort_prevalence_emq(posteriors, fitting->share);
    free(weight);
    free(p);
}

static void fit_rows(struct fitting *fitting, struct retort_posteriors *posteriors)
{
    float *p = retort_grow(NULL, fitting->n_rows * fitting->k, sizeof *p);
    for (size_t i = 0; i < fitting->n_rows; i++)
        posterior_of(fitting, fitting->rows[i], p + i * fitting->k);
    posteriors->p = p;
    posteriors->n = fitting->n_rows;
    retort_prevalence_emq(posteriors, fitting->share);
    free(p);
}

static const double *prior_of(const struct fitting *fitting)
{
    return fitting->basis->errors.prior + fitting->problem * fitting->k;
}

static void fit(struct fitting *fitting)
{
    struct retort_posteriors posteriors = {.prior = prior_of(fitting), .n_classes = fitting->k};
    (fitting->task->one_of ? fit_rows : fit_bins)(fitting, &posteriors);
}

/* ---- how a cluster moves it ---- */

/* The posterior, had the shares been those that were found. */
static void shift(const struct fitting *fitting, const float *p, double *shifted)
{
    double all = 0;
    for (size_t i = 0; i < fitting->k; i++) {
        shifted[i] = p[i] * fitting->share[i] / fmax(prior_of(fitting)[i], 1e-9);
        all += shifted[i];
    }
    for (size_t i = 0; i < fitting->k; i++)
        shifted[i] = all > 0 ? shifted[i] / all : fitting->share[i];
}

/* The last share is what the others leave: slopes are of the others. */
static void add_slopes(const struct fitting *fitting, const double *shifted, double *slopes)
{
    size_t last = fitting->k - 1;
    const double *share = fitting->share;
    for (size_t i = 0; i < last; i++)
        for (size_t j = 0; j < last; j++)
            slopes[j * last + i] -= shifted[i] * ((i == j) - shifted[j]) / share[j] +
                                    shifted[i] * shifted[last] / share[last];
}

static void score_rows(struct fitting *fitting)
{
    float p[SHARES_MOST_CLASSES];
    double shifted[SHARES_MOST_CLASSES], amplifies;
    size_t last = fitting->k - 1, first = fitting->basis->cells.begin[fitting->group];
    for (size_t i = 0; i < fitting->n_rows; i++) {
        size_t cell = fitting->basis->cells.cell[fitting->rows[i]] - first;
        posterior_of(fitting, fitting->rows[i], p);
        shift(fitting, p, shifted);
        add_slopes(fitting, shifted, fitting->inverse);
        for (size_t k = 0; k < fitting->k; k++)
            fitting->scores[cell * fitting->k + k] += shifted[k] - fitting->share[k];
    }
    for (size_t i = 0; i < last * last; i++)
        fitting->inverse[i] =
            fitting->inverse[i] / (double)fitting->n_rows + (i / last == i % last);
    retort_prevalence_invert(fitting->inverse, last, &amplifies);
}

/* ---- replicates ---- */

/* The share, moved by what the weighed clusters deviate. sums: [k] scores, weighed; n: comments. */
static void move(const struct fitting *fitting, const double *sums, double n, double *share)
{
    size_t last = fitting->k - 1;
    const struct shares_cells *cells = &fitting->basis->cells;
    double by = cells->widening[fitting->group * cells->n_labels + fitting->problem], moved,
           rest = 0;
    for (size_t i = 0; i < last; i++) {
        moved = 0;
        for (size_t j = 0; j < last; j++)
            moved += sums[j] / n * fitting->inverse[j * last + i];
        share[i] = fitting->share[i] + by * moved;
        rest += by * moved;
    }
    share[last] = fitting->share[last] - rest;
}

static void weigh_scores(const struct fitting *fitting, const double *weights, double *sums,
                         double *n)
{
    const struct shares_cells *cells = &fitting->basis->cells;
    size_t first = cells->begin[fitting->group], n_cells = cells->begin[fitting->group + 1] - first;
    memset(sums, 0, fitting->k * sizeof *sums);
    *n = 0;
    for (size_t c = 0; c < n_cells; c++) {
        *n += weights[first + c] * cells->values[(first + c) * cells->stride];
        for (size_t k = 0; k < fitting->k; k++)
            sums[k] += weights[first + c] * fitting->scores[c * fitting->k + k];
    }
}

/* Where a problem's shares stand among all labels'. */
static void put(const struct fitting *fitting, const double *share, double *all)
{
    if (fitting->task->one_of)
        memcpy(all, share, fitting->k * sizeof *all);
    else
        all[fitting->problem] = share[1];
}

static void replicate(const struct fitting *fitting, double *all)
{
    const struct shares_cells *cells = &fitting->basis->cells;
    double *weights = retort_grow(NULL, cells->begin[cells->n_groups] + 1, sizeof *weights);
    double sums[SHARES_MOST_CLASSES], share[SHARES_MOST_CLASSES], n;
    for (size_t r = 0; r <= fitting->basis->n_replicates; r++) {
        shares_cells_weigh(cells, fitting->basis->seed, r, weights);
        weigh_scores(fitting, weights, sums, &n);
        move(fitting, sums, n, share);
        put(fitting, r ? share : fitting->share,
            all + (r * cells->n_groups + fitting->group) * cells->n_labels);
    }
    free(weights);
}

static bool has_prior(const struct fitting *fitting)
{
    double sum = 0;
    for (size_t i = 0; i < fitting->k; i++)
        sum += prior_of(fitting)[i];
    return fabs(sum - 1) < .01;
}

static void fill_problem(struct fitting *fitting, double *all)
{
    size_t k = fitting->k, last = k - 1;
    const struct shares_cells *cells = &fitting->basis->cells;
    size_t n_cells = cells->begin[fitting->group + 1] - cells->begin[fitting->group];
    if (fitting->n_rows == 0 || !has_prior(fitting))
        return;
    fitting->scores = retort_grow(NULL, n_cells * k + last * last, sizeof *fitting->scores);
    memset(fitting->scores, 0, (n_cells * k + last * last) * sizeof *fitting->scores);
    fitting->inverse = fitting->scores + n_cells * k;
    fit(fitting);
    score_rows(fitting);
    replicate(fitting, all);
    free(fitting->scores);
}

void shares_emq(const struct shares_basis *basis, const struct report_task *task, double *share)
{
    const struct shares_cells *cells = &basis->cells;
    size_t n_all = (1 + basis->n_replicates) * cells->n_groups * cells->n_labels;
    for (size_t i = 0; i < n_all; i++)
        share[i] = (double)NAN;
    for (size_t g = 0; !basis->untold && g < cells->n_groups; g++)
        for (size_t problem = 0; problem < basis->errors.n_problems; problem++) {
            struct fitting fitting = {.basis = basis,
                                      .task = task,
                                      .rows = cells->order + cells->first[g],
                                      .n_rows = cells->first[g + 1] - cells->first[g],
                                      .group = g,
                                      .problem = problem,
                                      .k = basis->errors.n_classes};
            fill_problem(&fitting, share);
        }
}
