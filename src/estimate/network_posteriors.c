/* Posteriors whose mean is a share that is known better: each label's are raised or lowered by one
 * factor, as another prior would, so that who is likelier than whom stays as it is. */
#include "estimate/estimate.h"

#include <math.h>

enum { MOST_STEPS = 200 };
static const double LEAST_SHARE = 1e-6, CLOSE = 1e-6;

/* The row's posteriors times the factors: their sum. */
static double weigh(const float *row, const double *factors, size_t n, double *weighed)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += weighed[i] = (double)row[i] * factors[i];
    return sum;
}

/* Means of the moved rows. */
static void average(const struct retort_posteriors *posteriors, const double *factors,
                    double *weighed, double *means)
{
    size_t n = posteriors->n_classes;
    memset(means, 0, n * sizeof *means);
    for (size_t row = 0; row < posteriors->n; row++) {
        double sum = weigh(posteriors->p + row * n, factors, n, weighed);
        for (size_t i = 0; sum > 0 && i < n; i++)
            means[i] += weighed[i] / sum / (double)posteriors->n;
    }
}

void retort_posteriors_fit(const struct retort_posteriors *posteriors, const double *shares,
                           double *factors)
{
    struct retort_arena arena = {0};
    size_t n = posteriors->n_classes;
    double *means = RETORT_NEW(&arena, double, n), *weighed = RETORT_NEW(&arena, double, n);
    double off = 1;
    for (size_t i = 0; i < n; i++)
        factors[i] = 1;
    for (int step = 0; step < MOST_STEPS && off > CLOSE && posteriors->n; step++) {
        average(posteriors, factors, weighed, means);
        off = 0;
        for (size_t i = 0; i < n; i++) {
            double wanted = fmax(shares[i], LEAST_SHARE);
            off = fmax(off, fabs(wanted - means[i]));
            factors[i] *= means[i] > 0 ? wanted / means[i] : 1;
        }
    }
    retort_arena_release(&arena);
}

void retort_posteriors_move(float *row, const double *factors, size_t n_classes)
{
    double sum = 0;
    for (size_t i = 0; i < n_classes; i++)
        sum += (double)row[i] * factors[i];
    for (size_t i = 0; sum > 0 && i < n_classes; i++)
        row[i] = (float)((double)row[i] * factors[i] / sum);
}
