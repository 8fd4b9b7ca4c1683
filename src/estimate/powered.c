/* Shares from what people decided on a random part, with the model's posteriors of all to make them
 * narrower: the difference estimator, its slope tuned. Right whatever the model errs. */
#include "estimate/estimate.h"

#include <math.h>

/* Where the parts of a row begin. */
struct places {
    size_t p, weight, yes, weighed_p;
};

static struct places places_of(size_t n_labels)
{
    return (struct places){1, 1 + n_labels, 2 + n_labels, 2 + 2 * n_labels};
}

/* A cluster's part in the deviation of what people say (error), and of the posteriors of the
 * decided from those of all (shift). */
static void deviate(const struct retort_powered *of, const double *row, size_t label, double *error,
                    double *shift)
{
    const struct places at = places_of(of->n_labels);
    const double *total = of->total;
    double weight = total[at.weight], yes = total[at.yes + label] / weight,
           decided = total[at.weighed_p + label] / weight, all = total[at.p + label] / total[0];
    *error = (row[at.yes + label] - yes * row[at.weight]) / weight;
    *shift = (row[at.weighed_p + label] - decided * row[at.weight]) / weight -
             (row[at.p + label] - all * row[0]) / total[0];
}

void retort_powered_tune(const struct retort_powered *of, bool together, double *trust)
{
    double all_products = 0, all_squares = 0;
    for (size_t l = 0; l < of->n_labels; l++) {
        double products = 0, squares = 0, error, shift;
        for (size_t i = 0; i < of->n_rows; i++) {
            deviate(of, of->rows + i * of->stride, l, &error, &shift);
            products += error * shift;
            squares += shift * shift;
        }
        trust[l] = squares > 0 ? fmin(fmax(products / squares, 0), 1) : 0;
        all_products += products;
        all_squares += squares;
    }
    for (size_t l = 0; together && l < of->n_labels; l++)
        trust[l] = all_squares > 0 ? fmin(fmax(all_products / all_squares, 0), 1) : 0;
}

void retort_powered_share(const double *sums, size_t n_labels, const double *trust, double *share)
{
    const struct places at = places_of(n_labels);
    double weight = sums[at.weight];
    for (size_t l = 0; l < n_labels; l++) {
        double shift = sums[at.weighed_p + l] / weight - sums[at.p + l] / sums[0];
        share[l] =
            weight > 0 ? sums[at.yes + l] / weight - (trust ? trust[l] * shift : 0) : (double)NAN;
    }
}
