/* Stopping: what the decided part of a sample tells, and how much more has to be decided.
 *
 * A share has the variance of its design: that which of the units were drawn was chance, and
 * nothing else, so it is 0 when all are known. The search for a rare label ends when it would be a
 * surprise, had less than 95 % been found, to have drawn so few more. */
#include "estimate/estimate.h"

#include <math.h>
#include <stdlib.h>

static const double RISK = 0.025; /* on each side */

/* ---- a share ---- */

static int by_stratum(const void *left, const void *right)
{
    const struct retort_drawn *a = left, *b = right;
    return a->stratum < b->stratum ? -1 : a->stratum > b->stratum;
}

/* Of residuals e = (y − share) ∕ π: Σ (1 − π)(e − ē)² · m ∕ (m − 1), ē weighed by 1 − π. */
struct spread {
    size_t n;
    double open, sum, squares; /* Σ(1 − π), Σ(1 − π)e, Σ(1 − π)e² */
    double hits, weight;       /* Σ y, Σ 1 ∕ π */
};

static void add_residual(struct spread *spread, const struct retort_drawn *drawn, double share)
{
    double residual = (drawn->value - share) / drawn->chance, open = 1 - drawn->chance;
    spread->n++;
    spread->open += open;
    spread->sum += open * residual;
    spread->squares += open * residual * residual;
    spread->hits += drawn->value;
    spread->weight += 1 / drawn->chance;
}

static double variance_of(const struct spread *spread)
{
    if (!(spread->open > 0))
        return 0; /* all of it is known */
    double n = (double)spread->n, rest = spread->sum * spread->sum / spread->open;
    return fmax(spread->squares - rest, 0) * (n > 1 ? n / (n - 1) : 1);
}

/* A few that are all alike don't say that all are: as if half of one of each kind had been seen
 * besides (Jeffreys's prior). */
static double least_variance(const struct spread *spread)
{
    double n = (double)spread->n, share = (spread->hits + 0.5) / (n + 1);
    return spread->weight * spread->weight * share * (1 - share) / n * spread->open / n;
}

/* By strata, where they are told and that is less; of strata with one unit, all together. */
static double design_variance(const struct retort_drawn *values, size_t n, double share)
{
    struct spread all = {0}, singles = {0};
    double variance = 0;
    for (size_t begin = 0, end; begin < n; begin = end) {
        struct spread stratum = {0};
        for (end = begin; end < n && values[end].stratum == values[begin].stratum; end++) {
            add_residual(&stratum, &values[end], share);
            add_residual(&all, &values[end], share);
        }
        if (stratum.n > 1)
            variance += fmax(variance_of(&stratum), least_variance(&stratum));
        else
            add_residual(&singles, &values[begin], share);
    }
    variance += singles.n ? fmax(variance_of(&singles), least_variance(&singles)) : 0;
    return fmin(variance, variance_of(&all));
}

/* Exact bounds take the longer, the more there are; of millions the normal ones are the same. */
static struct retort_estimate interval(double share, double n)
{
    static const double MANY = 1e7, QUANTILE = 1.959963984540054;
    double apart = QUANTILE * sqrt(share * (1 - share) / n);
    if (n > MANY)
        return (struct retort_estimate){share, fmax(share - apart, 0), fmin(share + apart, 1)};
    return (struct retort_estimate){share, retort_share_above(share * n, n, RISK),
                                    retort_share_below(share * n, n, RISK)};
}

void retort_share_drawn(struct retort_drawn *values, size_t n, struct retort_drawn_share *share)
{
    double hits = 0, all = 0, squares = 0, open = 0;
    *share = (struct retort_drawn_share){.share = {(double)NAN, (double)NAN, (double)NAN}};
    if (n == 0)
        return;
    qsort(values, n, sizeof *values, by_stratum);
    for (size_t i = 0; i < n; i++) {
        double weight = 1 / values[i].chance;
        hits += values[i].value * weight;
        all += weight;
        squares += weight * weight * (1 - values[i].chance);
        open += 1 - values[i].chance;
    }
    double value = fmin(hits / all, 1);
    share->share = (struct retort_estimate){value, value, value};
    if (!(open > 0)) {
        share->n_effective = INFINITY;
        return;
    }
    share->variance = design_variance(values, n, value) / (all * all);
    share->n_effective = value > 0 && value < 1 && share->variance > 0
                             ? value * (1 - value) / share->variance
                             : all * all / squares; /* Kish (1965) */
    share->share = interval(value, share->n_effective);
}

/* ---- how many more ---- */

static bool is_narrow(double share, double n, double width)
{
    const struct retort_estimate estimate = interval(share, n);
    return estimate.high - estimate.low < width;
}

/* What is drawn without being put back tells more, the nearer it comes to all. */
static double worth(double n, double n_units)
{
    return n < n_units ? n / (1 - n / n_units) : INFINITY;
}

uint64_t retort_drawn_for_width(double share, double n, double n_effective, double n_units,
                                double width)
{
    double each = n_effective / worth(n, n_units); /* what one tells, against simple sampling */
    uint64_t low = 0, high = (uint64_t)n_units;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (is_narrow(share, each * worth((double)middle, n_units), width))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* ---- is it all found? ---- */

static double log_choose(double n, double k)
{
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1);
}

/* Chance of at most `found` among `drawn` of an urn that holds so many. */
static double at_most(const struct retort_search *search, uint64_t drawn, uint64_t holds)
{
    double urn = (double)search->urn, n = (double)drawn, marked = (double)holds, sum = 0;
    for (uint64_t x = search->found_drawn + 1; x-- > 0;) {
        double hits = (double)x;
        if (hits > marked || hits > n || n - hits > urn - marked)
            continue;
        double chance =
            exp(log_choose(marked, hits) + log_choose(urn - marked, n - hits) - log_choose(urn, n));
        sum += chance;
        if (chance < sum * 1e-16)
            break;
    }
    return fmin(sum, 1);
}

/* Looking at every k, the risks 6 ∕ (π² (k + 1)²) of them sum up to one. */
static double for_all_looks(double p, uint64_t found)
{
    static const double PI = 3.14159265358979323846;
    double looks = (double)found + 1;
    return fmin(p * looks * looks * PI * PI / 6, 1);
}

void retort_search_enough(const struct retort_search *search, struct retort_search_stop *stop)
{
    double found = (double)(search->found_before + search->found_drawn);
    double left = floor(found / search->recall - (double)search->found_before + 1e-9) + 1;
    *stop = (struct retort_search_stop){.left_least = (uint64_t)left};
    bool none = stop->left_least > search->urn; /* the urn never held so many */
    stop->p = none ? 0 : at_most(search, search->drawn, stop->left_least);
    stop->p_always = for_all_looks(stop->p, search->found_drawn);
    stop->enough = stop->p_always < search->risk;
    if (stop->enough)
        return;
    uint64_t low = search->drawn, high = search->urn;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        double p = at_most(search, middle, stop->left_least);
        if (for_all_looks(p, search->found_drawn) < search->risk)
            high = middle;
        else
            low = middle + 1;
    }
    stop->more = low - search->drawn;
}
