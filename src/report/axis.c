/* Scales at round figures: steps of 1, 2 or 5 times a power of ten, as many as there is room for
 * (after Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990). */
#include "report/plot.h"

#include <math.h>

struct range {
    double low, high;
};

static void stretch(struct range *range, double value)
{
    if (!isfinite(value))
        return;
    range->low = fmin(range->low, value); /* fmin takes the number where the other is none */
    range->high = fmax(range->high, value);
}

static struct range range_of(const struct report_table *table, const size_t *rows, size_t n_rows,
                             enum report_kind *kind)
{
    struct range range = {NAN, NAN};
    for (size_t i = 0; i < n_rows; i++) {
        const struct report_cell *cell = report_cell_at(table, rows[i], table->plot_value);
        if (!report_has_figure(cell))
            continue;
        *kind = cell->kind;
        stretch(&range, cell->value);
        stretch(&range, cell->low);
        stretch(&range, cell->high);
    }
    return range;
}

/* The round step that cuts a range into at most so many parts. */
static double round_step(double range, size_t most)
{
    double raw = range / (double)most, power = pow(10, floor(log10(raw)));
    double part = raw / power;
    double round = part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10;
    return round * power;
}

/* All the same: there is nothing to see. Near the ends of what a double holds, steps would leave
 * it.
 */
static bool is_drawable(struct range range)
{
    double width = range.high - range.low, most = fmax(fabs(range.low), fabs(range.high));
    return most < 1e300 && width > 1e-300 && width > 1e-9 * most;
}

bool report_axis_of(const struct report_table *table, const size_t *rows, size_t n_rows,
                    size_t most_steps, struct report_axis *axis)
{
    enum report_kind kind = REPORT_NOTHING;
    struct range range = range_of(table, rows, n_rows, &kind);
    if (kind == REPORT_NOTHING)
        return false;
    bool near = range.low > 0 ? range.low < 0.6 * range.high : -range.high < -0.6 * range.low;
    if (kind != REPORT_NUMBER || table->plot == REPORT_FLOOR || near)
        stretch(&range, 0);
    if (!is_drawable(range))
        return false;
    double step = round_step(range.high - range.low, most_steps);
    double shown = kind == REPORT_SHARE || kind == REPORT_POINTS ? 100 * step : step;
    *axis = (struct report_axis){
        .low = step * floor(range.low / step + 1e-9),
        .high = step * ceil(range.high / step - 1e-9),
        .step = step,
        .decimals = shown >= 1 ? 0 : (int)fmin(9, ceil(-log10(shown) - 1e-9)),
        .kind = kind,
    };
    return true;
}

void report_axis_put(struct retort_buffer *out, const struct report_axis *axis, double mark)
{
    bool percent = axis->kind == REPORT_SHARE || axis->kind == REPORT_POINTS;
    enum report_kind kind = percent ? axis->kind : REPORT_NUMBER;
    struct report_cell cell = {kind, {NULL, 0}, mark, NAN, NAN};
    report_put_value(out, &cell, axis->decimals);
}
