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
 * to show it: shares, effects, and what comes near it. False: there is no figure, or all are the
 * same. */
bool report_axis_of(const struct report_table *table, const size_t *rows, size_t n_rows,
                    size_t most_steps, struct report_axis *axis);
static inline double report_axis_share(const struct report_axis *axis, double value)
{
    double share = (value - axis->low) / (axis->high - axis->low);
    return share < 0 ? 0 : share > 1 ? 1 : share;
}
void report_axis_put(struct retort_buffer *out, const struct report_axis *axis, double mark);

/* ---- as SVG ---- */

/* What is drawn, cut to what can be seen. */
struct plot {
    const struct report_table *table;
    size_t *rows; /* [n_rows] of the table, in its order */
    size_t n_rows;
    struct retort_span *names;   /* [n_series], in order of appearance; one empty: no series */
    size_t *series;              /* [n_rows] which; from n_series on: not drawn */
    size_t n_series, n_left_out; /* n_left_out: series that are not drawn */
};
enum {
    PLOT_MOST_LINES = 4,
    PLOT_N_MARKS = 8,
    PLOT_MOST_PANELS = 24,
    PLOT_MOST_MARKS = 60,
    PLOT_MOST_STEPS = 400
};

/* A cell as the name of a row or series. */
struct retort_span plot_name(struct retort_arena *arena, const struct report_table *table,
                             size_t row, size_t column);
/* A mark of a series, of eight that differ in shape and colour. */
void plot_put_mark(struct retort_buffer *out, size_t series, double x, double y);
/* What a mark says when it is pointed at: name, figure and interval. */
void plot_put_title(struct retort_buffer *out, const struct plot *plot, size_t row,
                    struct retort_span name);

/* Dots with intervals: a panel for the series, or one for all. */
void plot_put_dots(struct retort_buffer *out, const struct plot *plot, size_t series,
                   struct retort_arena *arena);
void plot_put_lines(struct retort_buffer *out, const struct plot *plot, struct retort_arena *arena);

#endif
