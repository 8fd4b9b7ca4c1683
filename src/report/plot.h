/* plot (private to report): scales, and figures as SVG. */
#ifndef RETORT_REPORT_PLOT_H
#define RETORT_REPORT_PLOT_H

#include "report/figures.h"

/* A scale with marks at round figures; low and high are marks. */
struct report_axis {
    double low, high, step;
    int decimals;          /* that its marks need, as they are shown */
    enum report_kind kind; /* of the figures: a share is shown in per cent */
};
/* Over the figures of a table's plot and their intervals in these rows, with zero where a plot has
 * to show it: shares, effects, and what comes near it. False: there is no figure. */
bool report_axis_of(const struct report_table *table, const size_t *rows, size_t n_rows,
                    size_t most_steps, struct report_axis *axis);
static inline double report_axis_share(const struct report_axis *axis, double value)
{
    double share = (value - axis->low) / (axis->high - axis->low);
    return share < 0 ? 0 : share > 1 ? 1 : share;
}
void report_axis_put(struct retort_buffer *out, const struct report_axis *axis, double mark);

#endif
