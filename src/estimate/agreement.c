/* Agreement: how far people who judged the same items say the same, less what guessing would give.
 *
 * Krippendorff's alpha takes any number of people, who need not all have judged every item: values
 * of a unit are paired with each other, and the pairs' mean disagreement is held against that of
 * all values paired blindly. Its interval is by units drawn anew, as people's words on one item
 * depend on each other. Cohen's kappa is about two people, or pairs of them. */
#include "estimate/estimate.h"

#include <math.h>
#include <stdlib.h>

/* ---- alpha ---- */

/* Scratch of one measurement: values[n_units][n_categories] and a matrix of coincidences. */
struct pairing {
    const double *values;
    size_t n_units, n_categories;
    enum retort_metric metric;
    double *coincidences, *marginals;
};

/* A unit of m values adds each ordered pair of them by 1 / (m - 1). */
static void add_unit(struct pairing *pairing, size_t unit, double weight)
{
    const double *values = pairing->values + unit * pairing->n_categories;
    double m = 0;
    for (size_t c = 0; c < pairing->n_categories; c++)
        m += values[c];
    if (m < 2)
        return;
    for (size_t c = 0; c < pairing->n_categories; c++)
        for (size_t k = 0; k < pairing->n_categories; k++)
            pairing->coincidences[c * pairing->n_categories + k] +=
                weight * values[c] * (values[k] - (c == k)) / (m - 1);
}

/* Squared difference of two categories: ordinal ones are as far apart as there are values between.
 */
static double difference(const struct pairing *pairing, size_t c, size_t k)
{
    if (c == k)
        return 0;
    if (pairing->metric == RETORT_NOMINAL)
        return 1;
    double between = -(pairing->marginals[c] + pairing->marginals[k]) / 2;
    for (size_t g = c < k ? c : k; g <= (c < k ? k : c); g++)
        between += pairing->marginals[g];
    return between * between;
}

static double alpha_of(struct pairing *pairing)
{
    double n = 0, observed = 0, expected = 0;
    for (size_t c = 0; c < pairing->n_categories; c++) {
        pairing->marginals[c] = 0;
        for (size_t k = 0; k < pairing->n_categories; k++)
            pairing->marginals[c] += pairing->coincidences[c * pairing->n_categories + k];
        n += pairing->marginals[c];
    }
    for (size_t c = 0; c < pairing->n_categories; c++)
        for (size_t k = 0; k < pairing->n_categories; k++) {
            double d = difference(pairing, c, k);
            observed += pairing->coincidences[c * pairing->n_categories + k] * d;
            expected += pairing->marginals[c] * pairing->marginals[k] * d;
        }
    return expected > 0 ? 1 - (n - 1) * observed / expected : (double)NAN;
}

/* n of a replicate is about that of all, so that the small-sample term n - 1 stays. */
static double draw_alpha(struct pairing *pairing, uint64_t *random)
{
    for (size_t i = 0; i < pairing->n_categories * pairing->n_categories; i++)
        pairing->coincidences[i] = 0;
    for (size_t unit = 0; unit < pairing->n_units; unit++)
        add_unit(pairing, unit, random ? retort_resample_weight(random) : 1);
    return alpha_of(pairing);
}

struct retort_estimate retort_krippendorff_alpha(const struct retort_ratings *ratings,
                                                 const struct retort_resampling *resampling)
{
    size_t n_categories = ratings->n_categories;
    uint64_t random = resampling->seed;
    double *replicates = retort_grow(NULL, resampling->n + 1, sizeof *replicates);
    double *scratch = retort_grow(NULL, n_categories * (n_categories + 1) + 1, sizeof *scratch);
    struct pairing pairing = {
        .values = ratings->values,
        .n_units = ratings->n_units,
        .n_categories = n_categories,
        .metric = ratings->metric,
        .coincidences = scratch,
        .marginals = scratch + n_categories * n_categories,
    };
    double alpha = draw_alpha(&pairing, NULL);
    for (size_t r = 0; r < resampling->n; r++)
        replicates[r] = draw_alpha(&pairing, &random);
    struct retort_estimate estimate =
        retort_resample_interval(alpha, replicates, isnan(alpha) ? 0 : resampling->n);
    free(scratch);
    free(replicates);
    return estimate;
}

/* ---- kappa ---- */

struct retort_kappa retort_cohens_kappa(const uint32_t *first, const uint32_t *second, size_t n,
                                        size_t n_categories)
{
    struct retort_kappa kappa = {NAN, NAN, NAN};
    double *counts = retort_grow(NULL, 2 * n_categories + 1, sizeof *counts);
    for (size_t c = 0; c < 2 * n_categories; c++)
        counts[c] = 0;
    double same = 0, expected = 0, total = (double)n;
    for (size_t i = 0; i < n; i++) {
        counts[first[i]]++;
        counts[n_categories + second[i]]++;
        same += first[i] == second[i];
    }
    for (size_t c = 0; c < n_categories; c++)
        expected += counts[c] * counts[n_categories + c];
    free(counts);
    if (n == 0)
        return kappa;
    kappa.observed = same / total;
    kappa.expected = expected / (total * total);
    kappa.kappa = kappa.expected < 1 ? (kappa.observed - kappa.expected) / (1 - kappa.expected) : 1;
    return kappa;
}
