/* Resampling by weights: the Bayesian bootstrap, and how wide few clusters make an interval. */
#include "estimate/estimate.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_VALUES = 20 };

/* A number in (0, 1], so that its logarithm is one. */
static double uniform(uint64_t *random)
{
    return (double)((retort_random(random) >> 11) + 1) * 0x1p-53;
}

double retort_resample_weight(uint64_t *random)
{
    return -log(uniform(random));
}

/* Half the square of a normal draw (Box and Muller 1958). */
double retort_resample_half(uint64_t *random)
{
    double radius = -2 * log(uniform(random)), angle = cos(6.283185307179586 * uniform(random));
    return radius * angle * angle / 2;
}

/* Dirichlet weights of m clusters have a variance of 1/(m + 1) where the mean of a sample has
 * 1/(m − 1). */
double retort_resample_widening(double n_clusters)
{
    const double normal = 1.959963984540054;
    double m = fmax(n_clusters, 2);
    return sqrt((m + 1) / (m - 1)) * retort_student(m - 1, 0.025) / normal;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Between the two values around the place, in proportion. values ascend. */
static double percentile(const double *values, size_t n, double share)
{
    double at = share * (double)(n - 1);
    size_t below = (size_t)at;
    double rest = at - (double)below;
    return below + 1 < n ? values[below] + rest * (values[below + 1] - values[below])
                         : values[n - 1];
}

struct retort_estimate retort_resample_interval(double value, double *values, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(values[i]))
            values[kept++] = values[i];
    if (!isfinite(value) || kept < LEAST_VALUES)
        return (struct retort_estimate){value, (double)NAN, (double)NAN};
    qsort(values, kept, sizeof *values, by_value);
    return (struct retort_estimate){value, percentile(values, kept, 0.025),
                                    percentile(values, kept, 0.975)};
}
