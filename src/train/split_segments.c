/* Window measures of a segmentation, as their papers define them. */
#include "train/split_segments.h"

#include <math.h>

size_t split_segments_window(const uint32_t *truth, size_t n)
{
    size_t n_segments = n > 0;
    for (size_t i = 1; i < n; i++)
        n_segments += truth[i] != truth[i - 1];
    size_t half = n_segments ? (n + n_segments) / (2 * n_segments) : 0; /* n / segments / 2 + ½ */
    return half ? half : 1;
}

double split_segments_pk(const uint32_t *truth, const uint32_t *given, size_t n, size_t k)
{
    size_t wrong = 0;
    if (n <= k)
        return (double)NAN;
    for (size_t i = 0; i + k < n; i++)
        wrong += (truth[i] == truth[i + k]) != (given[i] == given[i + k]);
    return (double)wrong / (double)(n - k);
}

static int cuts_more(const uint32_t *truth, const uint32_t *given, size_t at)
{
    return (truth[at] != truth[at - 1]) - (given[at] != given[at - 1]);
}

double split_segments_windowdiff(const uint32_t *truth, const uint32_t *given, size_t n, size_t k)
{
    size_t wrong = 0;
    int more = 0; /* cuts of the truth less those of the output, between i and i + k */
    if (n <= k)
        return (double)NAN;
    for (size_t at = 1; at <= k; at++)
        more += cuts_more(truth, given, at);
    for (size_t i = 0;; i++) {
        wrong += more != 0;
        if (i + 1 + k >= n)
            return (double)wrong / (double)(n - k);
        more += cuts_more(truth, given, i + 1 + k) - cuts_more(truth, given, i + 1);
    }
}
