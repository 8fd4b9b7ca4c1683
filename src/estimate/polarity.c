/* Polarity: one figure of how far apart people stand, from shares of categories.
 *
 * Categories of a scale stand at equal distances from -1 to 1. All figures are of shares that are a
 * distribution; what a linear correction makes of shares may lie outside, and is brought back to
 * the nearest one first. */
#include "estimate/estimate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void sort(const double *values, size_t n, double *sorted)
{
    memcpy(sorted, values, n * sizeof *sorted);
    qsort(sorted, n, sizeof *sorted, ascending);
}

/* From the largest down, as long as those so far stay above what they are too much in all. */
void retort_shares_project(double *shares, size_t n)
{
    double sorted[RETORT_MOST_CATEGORIES], sum = 0, excess = 0;
    assert(n > 0 && n <= RETORT_MOST_CATEGORIES);
    sort(shares, n, sorted);
    for (size_t i = 0; i < n; i++) {
        sum += sorted[n - 1 - i];
        double each = (sum - 1) / (double)(i + 1);
        if (!(sorted[n - 1 - i] > each))
            break;
        excess = each;
    }
    for (size_t i = 0; i < n; i++)
        shares[i] = shares[i] < excess ? 0 : shares[i] - excess;
}

/* ---- places on the scale ---- */

static double position(const struct retort_distribution *of, size_t category)
{
    return 2 * (double)category / (double)(of->n - 1) - 1;
}

/* The moment of this order around a centre. */
static double moment(const struct retort_distribution *of, double centre, int order)
{
    double sum = 0;
    for (size_t i = 0; i < of->n; i++) {
        double power = 1;
        for (int k = 0; k < order; k++)
            power *= position(of, i) - centre;
        sum += of->shares[i] * power;
    }
    return sum;
}

double retort_scale_mean(const struct retort_distribution *of)
{
    return moment(of, 0, 1);
}

double retort_scale_variance(const struct retort_distribution *of)
{
    return moment(of, retort_scale_mean(of), 2);
}

double retort_bimodality(const struct retort_distribution *of)
{
    double mean = retort_scale_mean(of), variance = moment(of, mean, 2), n = of->count;
    if (!(n > 3) || !(variance > 1e-12))
        return (double)NAN;
    double skewness = moment(of, mean, 3) / (variance * sqrt(variance));
    double excess = moment(of, mean, 4) / (variance * variance) - 3;
    skewness *= sqrt(n * (n - 1)) / (n - 2);
    excess = (n - 1) / ((n - 2) * (n - 3)) * ((n + 1) * excess + 6);
    return (skewness * skewness + 1) / (excess + 3 * (n - 1) * (n - 1) / ((n - 2) * (n - 3)));
}

double retort_esteban_ray(const struct retort_distribution *of)
{
    double sum = 0;
    for (size_t i = 0; i < of->n; i++)
        for (size_t j = 0; j < of->n; j++)
            sum += pow(of->shares[i], 1 + RETORT_ESTEBAN_RAY_ALPHA) * of->shares[j] *
                   fabs(position(of, i) - position(of, j));
    return pow(2, 1 + RETORT_ESTEBAN_RAY_ALPHA) / 2 * sum;
}

/* ---- agreement ---- */

/* Of a layer: how its categories, some full and some empty, agree. Triples of categories that are
 * full, full, empty (or the mirror image) fit one camp, full, empty, full fit two. */
static double layer_agreement(const bool *full, size_t n)
{
    double one = 0, two = 0, n_full = 0, k = (double)n;
    for (size_t i = 0; i < n; i++) {
        n_full += full[i];
        for (size_t j = i + 1; j < n; j++)
            for (size_t m = j + 1; m < n; m++) {
                one += full[j] && full[i] != full[m];
                two += !full[j] && full[i] && full[m];
            }
    }
    if (n_full < 2)
        return 1;
    if (!(one + two > 0))
        return 0;
    double unimodality = ((k - 2) * one - (k - 1) * two) / ((k - 2) * (one + two));
    return unimodality * (1 - (n_full - 1) / (k - 1));
}

/* The distribution is cut into layers, each as high as the lowest category that reaches into it. */
double retort_agreement_a(const struct retort_distribution *of)
{
    double levels[RETORT_MOST_CATEGORIES], below = 0, sum = 0;
    bool full[RETORT_MOST_CATEGORIES];
    assert(of->n <= RETORT_MOST_CATEGORIES);
    if (of->n < 3)
        return (double)NAN;
    sort(of->shares, of->n, levels);
    for (size_t layer = 0; layer < of->n; layer++) {
        double height = levels[layer] - below, width = 0;
        if (!(height > 0))
            continue;
        for (size_t i = 0; i < of->n; i++) {
            full[i] = of->shares[i] >= levels[layer];
            width += full[i];
        }
        sum += height * width * layer_agreement(full, of->n);
        below = levels[layer];
    }
    return sum;
}

/* ---- without order ---- */

double retort_entropy(const struct retort_distribution *of)
{
    double bits = 0;
    for (size_t i = 0; i < of->n; i++)
        if (of->shares[i] > 0)
            bits -= of->shares[i] * log2(of->shares[i]);
    return bits;
}

double retort_evenness(const struct retort_distribution *of)
{
    return retort_entropy(of) / log2((double)of->n);
}

double retort_camps(const struct retort_distribution *of)
{
    double sum = 0;
    for (size_t i = 0; i < of->n; i++)
        sum += of->shares[i] * of->shares[i] * (1 - of->shares[i]);
    return 4 * sum;
}
