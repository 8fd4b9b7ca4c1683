/* estimate: counts that a classifier has erred in → what can be said of the world, with intervals.
 *
 * Plain functions over arrays: they know nothing of comments, models or files, hold no state and
 * read no clock. A figure that the data cannot carry is NaN, and whoever asked says why in words.
 * Shapes stand beside the parameters; shares are 0 to 1; a seed is an argument. */
#ifndef RETORT_ESTIMATE_H
#define RETORT_ESTIMATE_H

#include "base/base.h"

/* A figure and its 95 % interval; NaN where there is none. */
struct retort_estimate {
    double value, low, high;
};

/* ---- resampling ---- */

/* ---- prevalence ---- */

/* ---- polarity ----
 *
 * How far apart people stand, from shares of categories: a distribution, no NaN among them. The
 * categories of a scale stand in its order, at equal distances from -1 to 1. */

enum { RETORT_MOST_CATEGORIES = 64 };
struct retort_distribution {
    const double *shares; /* [n] at least 0, their sum 1; 2 to RETORT_MOST_CATEGORIES */
    size_t n;
    double count; /* of how many they are the shares; only the bimodality coefficient asks */
};

/* The distribution that is nearest to numbers [n] that add up to about 1, in place (Euclidean;
 * Duchi et al. 2008): for shares that a correction has put outside 0 to 1. */
void retort_shares_project(double *shares, size_t n);

double retort_scale_mean(const struct retort_distribution *of);     /* -1 to 1 */
double retort_scale_variance(const struct retort_distribution *of); /* 0 to 1: half at either end */
/* Agreement A (van der Eijk 2001): 1 all in one category, 0 all alike, -1 half at either end. The
 * distribution as the sum of layers in which categories are full or empty, each weighed by what is
 * in it. Fewer than three categories: NaN. */
double retort_agreement_a(const struct retort_distribution *of);
/* Polarisation (Esteban and Ray 1994), the sum over pairs of share^(1 + alpha) * share * distance,
 * as a share of what it is for half at either end: 0 to 1. Alpha, how much more people of large
 * camps count as such, may be up to 1.6. */
#define RETORT_ESTEBAN_RAY_ALPHA 1.0
double retort_esteban_ray(const struct retort_distribution *of);
/* Bimodality coefficient (SAS Institute 1990; Pfister et al. 2013): (G1^2 + 1) / (G2 + 3 (n - 1)^2
 * /
 * ((n - 2) (n - 3))) with the skewness G1 and excess kurtosis G2 corrected for samples of n. 5/9:
 * uniform, 1: two points. NaN below n = 4, or where all is in one category. */
double retort_bimodality(const struct retort_distribution *of);
double retort_entropy(const struct retort_distribution *of);  /* in bits (Shannon 1948) */
double retort_evenness(const struct retort_distribution *of); /* entropy as a share of its most */
/* Esteban and Ray's with alpha 1 where all categories are as far from each other: 4 sum of
 * share^2 (1 - share), 1: two camps of one size (Montalvo and Reynal-Querol 2005). */
double retort_camps(const struct retort_distribution *of);

/* ---- comparison ---- */

/* ---- networks ---- */

/* ---- distinctive words ---- */

/* ---- agreement ---- */

/* ---- sampling ---- */

#endif
