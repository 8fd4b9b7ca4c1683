/* Prevalence from what a classifier says and from what it errs: adjusted counts by the inverse of
 * the matrix of errors, and expectation-maximisation over posteriors. */
#include "estimate/estimate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* ---- the inverse ---- */

static size_t largest_below(const double *work, size_t n, size_t column)
{
    size_t best = column;
    for (size_t row = column + 1; row < n; row++)
        if (fabs(work[row * 2 * n + column]) > fabs(work[best * 2 * n + column]))
            best = row;
    return best;
}

static void swap_rows(double *work, size_t n, size_t a, size_t b)
{
    for (size_t i = 0; i < 2 * n; i++) {
        double kept = work[a * 2 * n + i];
        work[a * 2 * n + i] = work[b * 2 * n + i];
        work[b * 2 * n + i] = kept;
    }
}

/* One step of Gauss and Jordan over [matrix | identity]; false: no pivot is left. */
static bool eliminate(double *work, size_t n, size_t column)
{
    size_t pivot = largest_below(work, n, column);
    double by = work[pivot * 2 * n + column];
    if (!(fabs(by) > 1e-9))
        return false;
    swap_rows(work, n, pivot, column);
    double *own = work + column * 2 * n;
    for (size_t i = 0; i < 2 * n; i++)
        own[i] /= by;
    for (size_t row = 0; row < n; row++) {
        double factor = row == column ? 0 : work[row * 2 * n + column];
        for (size_t i = 0; factor != 0 && i < 2 * n; i++)
            work[row * 2 * n + i] -= factor * own[i];
    }
    return true;
}

/* An error of at most d in each of what is said is at most amplifies · d in a share. */
static double norm_of(const double *inverse, size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        double sum = 0;
        for (size_t j = 0; j < n; j++)
            sum += fabs(inverse[j * n + i]);
        most = fmax(most, sum);
    }
    return most;
}

bool retort_prevalence_invert(double *matrix, size_t n_classes, double *amplifies)
{
    size_t n = n_classes;
    double *work = retort_grow(NULL, 2 * n * n, sizeof *work);
    bool done = true;
    for (size_t i = 0; i < n * n; i++) {
        work[i / n * 2 * n + i % n] = matrix[i];
        work[i / n * 2 * n + n + i % n] = i / n == i % n;
    }
    for (size_t column = 0; done && column < n; column++)
        done = eliminate(work, n, column);
    for (size_t i = 0; i < n * n; i++)
        matrix[i] = done ? work[i / n * 2 * n + n + i % n] : (double)NAN;
    *amplifies = done ? norm_of(matrix, n) : (double)INFINITY;
    free(work);
    return done;
}

void retort_prevalence_adjust(const double *inverse, const double *said, size_t n_classes,
                              double *share)
{
    for (size_t i = 0; i < n_classes; i++)
        share[i] = 0;
    for (size_t j = 0; j < n_classes; j++)
        for (size_t i = 0; i < n_classes; i++)
            share[i] += said[j] * inverse[j * n_classes + i];
}

/* ---- expectation and maximisation ---- */

/* The posteriors of one case, had the shares been these, added up. */
static void expect(const struct retort_posteriors *of, size_t i, const double *ratio, double *sums)
{
    const float *p = of->p + i * of->n_classes;
    double total = 0;
    for (size_t k = 0; k < of->n_classes; k++)
        total += p[k] * ratio[k];
    double by = total > 0 ? (of->weight ? of->weight[i] : 1) / total : 0;
    for (size_t k = 0; k < of->n_classes; k++)
        sums[k] += p[k] * ratio[k] * by;
}

/* The largest move of a share; share becomes the mean of the new posteriors. */
static double maximise(const struct retort_posteriors *of, double *share)
{
    double ratio[RETORT_MOST_CLASSES], sums[RETORT_MOST_CLASSES] = {0}, all = 0, moved = 0;
    for (size_t k = 0; k < of->n_classes; k++)
        ratio[k] = share[k] / fmax(of->prior[k], 1e-9);
    for (size_t i = 0; i < of->n; i++)
        expect(of, i, ratio, sums);
    for (size_t k = 0; k < of->n_classes; k++)
        all += sums[k];
    for (size_t k = 0; k < of->n_classes; k++) {
        double now = sums[k] / all;
        moved = fmax(moved, fabs(now - share[k]));
        share[k] = now;
    }
    return moved;
}

void retort_prevalence_emq(const struct retort_posteriors *posteriors, double *share)
{
    enum { MOST_ROUNDS = 1000 };
    double moved = posteriors->n > 0 ? 1 : 0;
    assert(posteriors->n_classes <= RETORT_MOST_CLASSES);
    for (size_t k = 0; k < posteriors->n_classes; k++)
        share[k] = posteriors->n > 0 ? posteriors->prior[k] : (double)NAN;
    for (int round = 0; round < MOST_ROUNDS && moved > 1e-6; round++)
        moved = maximise(posteriors, share);
}
