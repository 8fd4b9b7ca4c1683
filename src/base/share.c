/* Shares: how far the true share may lie from a counted one, by the exact bounds of Clopper and
 * Pearson, and whether one of two wins more often than by chance. The bounds are quantiles of beta
 * distributions and sums of the binomial are their tails, so all rests on the incomplete beta
 * function. */
#include "base/base.h"

#include <math.h>

/* ---- the incomplete beta function ---- */

static double off_zero(double x)
{
    return fabs(x) < 1e-300 ? 1e-300 : x;
}

/* Its continued fraction, for x below the mean (Lentz's way to evaluate one). */
static double fraction(double a, double b, double x)
{
    double c = 1, d = 1 / off_zero(1 - (a + b) * x / (a + 1)), value = d;
    for (int m = 1; m < 10000; m++) {
        double twice = 2.0 * m;
        double even = m * (b - m) * x / ((a + twice - 1) * (a + twice));
        double odd = -(a + m) * (a + b + m) * x / ((a + twice) * (a + twice + 1));
        d = 1 / off_zero(1 + even * d);
        c = off_zero(1 + even / c);
        value *= d * c;
        d = 1 / off_zero(1 + odd * d);
        c = off_zero(1 + odd / c);
        value *= d * c;
        if (fabs(d * c - 1) < 1e-13)
            break;
    }
    return value;
}

double retort_incomplete_beta(double a, double b, double x)
{
    if (x <= 0 || x >= 1)
        return x >= 1;
    double front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
    return x < (a + 1) / (a + b + 2) ? front * fraction(a, b, x) / a
                                     : 1 - front * fraction(b, a, 1 - x) / b;
}

/* The x with I_x(a, b) = chance, by halving. */
static double beta_quantile(double a, double b, double chance)
{
    double low = 0, high = 1;
    for (int i = 0; i < 50; i++) {
        double middle = (low + high) / 2;
        if (retort_incomplete_beta(a, b, middle) < chance)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2;
}

double retort_share_above(double hits, double n, double risk)
{
    return hits > 0 ? beta_quantile(hits, n - hits + 1, risk) : 0;
}

double retort_share_below(double hits, double n, double risk)
{
    return hits < n ? beta_quantile(hits + 1, n - hits, 1 - risk) : 1;
}

/* The chance of at most k heads in n throws is I_½(n − k, k + 1). */
double retort_share_mcnemar(double only_first, double only_second)
{
    double fewer = fmin(only_first, only_second), more = fmax(only_first, only_second);
    return more > 0 ? fmin(1, 2 * retort_incomplete_beta(more, fewer + 1, 0.5)) : 1;
}

double retort_student(double degrees, double risk)
{
    double low = 0, high = 1e4;
    for (int i = 0; i < 80; i++) {
        double t = (low + high) / 2;
        double beyond = retort_incomplete_beta(degrees / 2, 0.5, degrees / (degrees + t * t)) / 2;
        if (beyond > risk)
            low = t;
        else
            high = t;
    }
    return high;
}
