/* Bends: the interval of a figure that has a bend just where the truth may lie.
 *
 * Agreement A bends where two categories are as large: it is least there, and any error makes it
 * larger. Percentiles of replicates, which all lie to one side, then miss it. So the interval is
 * the range of the figure over the ellipsoid of shares that lies 1.96 standard errors around the
 * estimate in every direction: for a figure without bends that is its usual interval, and one with
 * bends is looked at on both sides of them. Rejected: long steps (Hong and Li 2018), which leave
 * the range of shares where a category is rare. */
#include "estimate/estimate.h"

#include <assert.h>
#include <math.h>

enum { LEAST_REPLICATES = 20 };

/* Where replicates lie; of n numbers that add up to 1 all but the last are free. */
struct ellipsoid {
    size_t n_free;
    double centre[RETORT_MOST_CATEGORIES];
    double root[RETORT_MOST_CATEGORIES][RETORT_MOST_CATEGORIES]; /* of the covariance, below the
                                                                    diagonal and on it */
};

static size_t find_centre(const double *replicates, size_t n, size_t k, struct ellipsoid *ellipsoid)
{
    size_t n_numbers = 0;
    for (size_t r = 0; r < n; r++) {
        if (isnan(replicates[r * k]))
            continue;
        n_numbers++;
        for (size_t i = 0; i < k; i++)
            ellipsoid->centre[i] +=
                (replicates[r * k + i] - ellipsoid->centre[i]) / (double)n_numbers;
    }
    return n_numbers;
}

static void add_covariance(const double *replicate, double n, struct ellipsoid *ellipsoid)
{
    for (size_t i = 0; i < ellipsoid->n_free; i++)
        for (size_t j = 0; j <= i; j++)
            ellipsoid->root[i][j] +=
                (replicate[i] - ellipsoid->centre[i]) * (replicate[j] - ellipsoid->centre[j]) / n;
}

/* Cholesky's, in place; a direction in which nothing varies gets a hair's breadth. */
static void take_root(struct ellipsoid *ellipsoid)
{
    for (size_t i = 0; i < ellipsoid->n_free; i++)
        for (size_t j = 0; j <= i; j++) {
            double sum = ellipsoid->root[i][j];
            for (size_t m = 0; m < j; m++)
                sum -= ellipsoid->root[i][m] * ellipsoid->root[j][m];
            ellipsoid->root[i][j] = i == j ? sqrt(fmax(sum, 1e-16)) : sum / ellipsoid->root[j][j];
        }
}

/* How many standard errors a replicate is away from the centre. */
static double distance(const struct ellipsoid *ellipsoid, const double *replicate)
{
    double z[RETORT_MOST_CATEGORIES], squares = 0;
    for (size_t i = 0; i < ellipsoid->n_free; i++) {
        z[i] = replicate[i] - ellipsoid->centre[i];
        for (size_t j = 0; j < i; j++)
            z[i] -= ellipsoid->root[i][j] * z[j];
        z[i] /= ellipsoid->root[i][i];
        squares += z[i] * z[i];
    }
    return sqrt(squares);
}

/* The figure so far from the centre toward a replicate widens the range. */
static void look(const struct retort_bending *bending, const struct ellipsoid *ellipsoid,
                 const double *replicate, double by, struct retort_estimate *range)
{
    double shares[RETORT_MOST_CATEGORIES];
    for (size_t i = 0; i < bending->n_categories; i++)
        shares[i] = ellipsoid->centre[i] + by * (replicate[i] - ellipsoid->centre[i]);
    retort_shares_project(shares, bending->n_categories);
    const struct retort_distribution of = {shares, bending->n_categories, bending->count};
    double value = bending->figure(&of);
    range->low = fmin(range->low, value);
    range->high = fmax(range->high, value);
}

struct retort_estimate retort_bending_interval(const struct retort_bending *bending, double value)
{
    struct ellipsoid ellipsoid = {.n_free = bending->n_categories - 1};
    size_t n = bending->n_replicates, k = bending->n_categories;
    assert(k > 1 && k <= RETORT_MOST_CATEGORIES);
    size_t n_numbers = find_centre(bending->replicates, n, k, &ellipsoid);
    if (n_numbers < LEAST_REPLICATES || isnan(value))
        return (struct retort_estimate){value, (double)NAN, (double)NAN};
    for (size_t r = 0; r < n; r++)
        if (!isnan(bending->replicates[r * k]))
            add_covariance(bending->replicates + r * k, (double)n_numbers, &ellipsoid);
    take_root(&ellipsoid);
    struct retort_estimate range = {value, value, value};
    for (size_t r = 0; r < n; r++) {
        const double *replicate = bending->replicates + r * k;
        double away = isnan(replicate[0]) ? 0 : distance(&ellipsoid, replicate);
        if (away > 1e-9)
            look(bending, &ellipsoid, replicate, RETORT_NORMAL_95 / away, &range);
        if (away > 1e-9 && away < RETORT_NORMAL_95)
            look(bending, &ellipsoid, replicate, 1, &range);
    }
    return range;
}
