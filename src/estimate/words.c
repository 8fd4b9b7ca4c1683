/* Distinctive words: which words does one group use more than another, and how sure is that?
 *
 * Plain ratios prefer words that were said once, plain differences those that everybody says. A
 * prior of what all say draws rare words toward no difference, and what is left is weighed by how
 * well it is known. */
#include "estimate/estimate.h"

#include <math.h>

static double log_odds(double count, double total)
{
    return log(count) - log(total - count);
}

struct retort_distinction retort_log_odds(const double count[2], const double total[2],
                                          double prior, double prior_total)
{
    double first = count[0] + prior, second = count[1] + prior;
    if (!(first > 0 && second > 0 && total[0] + prior_total > first &&
          total[1] + prior_total > second))
        return (struct retort_distinction){{(double)NAN, (double)NAN, (double)NAN}, (double)NAN};
    double value =
        log_odds(first, total[0] + prior_total) - log_odds(second, total[1] + prior_total);
    double error = sqrt(1 / first + 1 / second);
    return (struct retort_distinction){
        {value, value - RETORT_NORMAL_95 * error, value + RETORT_NORMAL_95 * error},
        value / error,
    };
}

double retort_normal_p(double z)
{
    return erfc(fabs(z) / sqrt(2));
}
