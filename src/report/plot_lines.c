/* Lines over steps from left to right, a line a series, its intervals as a band around it: days,
 * depths, places. A step without a figure breaks the line. A few series share a chart; many get a
 * small one each, with a scale of its own, over the same steps. */
#include "report/html.h"
#include "report/plot.h"

#include <math.h>

enum {
    WIDTH = 680,
    HEIGHT = 200,
    SMALL_WIDTH = 340,
    SMALL_HEIGHT = 110,
    LEFT = 56,
    RIGHT = 16,
    FOOT = 44,
    LEGEND_ROW = 20,
    NAME = 24,
    LETTER = 7,
};

struct chart {
    const struct plot *plot;
    struct retort_span *steps; /* [n_steps] names, from left to right */
    size_t n_steps, n_left_out;
    size_t *row; /* [n_series][n_steps] of the table; SIZE_MAX: none */
    struct report_axis axis;
    size_t series, end; /* those that are drawn */
    double width, height, top;
};

/* ---- steps ---- */

static size_t step_of(struct chart *chart, struct retort_span name)
{
    size_t i = 0;
    while (i < chart->n_steps && !retort_span_equal(chart->steps[i], name))
        i++;
    if (i == chart->n_steps && i < PLOT_MOST_STEPS)
        chart->steps[chart->n_steps++] = name;
    return i;
}

static void find_steps(struct chart *chart, struct retort_arena *arena)
{
    const struct plot *plot = chart->plot;
    size_t n_cells = plot->n_series * PLOT_MOST_STEPS;
    chart->steps = RETORT_NEW(arena, struct retort_span, PLOT_MOST_STEPS);
    chart->row = RETORT_NEW(arena, size_t, n_cells);
    for (size_t i = 0; i < n_cells; i++)
        chart->row[i] = SIZE_MAX;
    for (size_t i = 0; i < plot->n_rows; i++) {
        size_t step =
            step_of(chart, plot_name(arena, plot->table, plot->rows[i], plot->table->plot_label));
        if (step < PLOT_MOST_STEPS && plot->series[i] < plot->n_series)
            chart->row[plot->series[i] * PLOT_MOST_STEPS + step] = plot->rows[i];
        chart->n_left_out += step >= PLOT_MOST_STEPS;
    }
}

/* A chart of its own needs no colour to tell its series. */
static size_t look_of(const struct chart *chart, size_t series)
{
    return chart->end - chart->series > 1 ? series : 0;
}

/* NULL: it has no figure there. */
static const struct report_cell *cell_at(const struct chart *chart, size_t series, size_t step)
{
    size_t row = chart->row[series * PLOT_MOST_STEPS + step];
    if (row == SIZE_MAX)
        return NULL;
    const struct report_table *table = chart->plot->table;
    const struct report_cell *cell = report_cell_at(table, row, table->plot_value);
    return report_has_figure(cell) ? cell : NULL;
}

/* ---- places ---- */

static double x_of(const struct chart *chart, size_t step)
{
    double room = chart->width - LEFT - RIGHT, n = (double)chart->n_steps;
    return LEFT + room * ((double)step + 0.5) / n;
}

static double y_of(const struct chart *chart, double value)
{
    return chart->top + chart->height * (1 - report_axis_share(&chart->axis, value));
}

static void put_point(struct retort_buffer *out, char command, double x, double y)
{
    retort_buffer_byte(out, (uint8_t)command);
    retort_buffer_fixed(out, x, 1);
    retort_buffer_byte(out, ' ');
    retort_buffer_fixed(out, y, 1);
}

/* ---- axes ---- */

static void put_heights(struct retort_buffer *out, const struct chart *chart)
{
    const struct report_axis *axis = &chart->axis;
    size_t n = (size_t)((axis->high - axis->low) / axis->step + 0.5);
    for (size_t i = 0; i <= n; i++) {
        double at = axis->low + (double)i * axis->step;
        bool zero = fabs(at) < axis->step / 2;
        retort_buffer_format(out, "<path class=\"%s\" d=\"", zero ? "zero" : "grid");
        put_point(out, 'M', LEFT, y_of(chart, at));
        retort_buffer_format(out, "H%.0f\"/><text class=\"end\" x=\"%d\" y=\"",
                             chart->width - RIGHT, LEFT - 7);
        retort_buffer_fixed(out, y_of(chart, at) + 4, 1);
        retort_buffer_text(out, "\">");
        report_axis_put(out, axis, at);
        retort_buffer_text(out, "</text>\n");
    }
}

/* Every so many steps a name, so that none runs into the next. */
static size_t between_names(const struct chart *chart)
{
    size_t most = 1, every = 1;
    for (size_t i = 0; i < chart->n_steps; i++) {
        size_t width = report_width(chart->steps[i]);
        most = width > most ? width : most;
    }
    double each = (double)LETTER * (double)((most > NAME ? NAME : most) + 2);
    while (x_of(chart, every) - x_of(chart, 0) < each && every < chart->n_steps)
        every++;
    return every;
}

static void put_steps(struct retort_buffer *out, const struct chart *chart)
{
    const struct report_table *table = chart->plot->table;
    size_t every = between_names(chart);
    for (size_t i = 0; i < chart->n_steps; i += every) {
        retort_buffer_text(out, "<text class=\"middle\" x=\"");
        retort_buffer_fixed(out, x_of(chart, i), 1);
        retort_buffer_format(out, "\" y=\"%.0f\">", chart->top + chart->height + 17);
        html_put_cropped(out, chart->steps[i], NAME);
        retort_buffer_text(out, "</text>\n");
    }
    retort_buffer_format(out, "<text class=\"middle axis\" x=\"%.0f\" y=\"%.0f\">",
                         (LEFT + chart->width - RIGHT) / 2, chart->top + chart->height + 36);
    html_put_words(out, table->columns[table->plot_label].head);
    retort_buffer_format(out, "</text>\n<text class=\"axis\" x=\"0\" y=\"%.0f\">", chart->top - 10);
    html_put_words(out, table->columns[table->plot_value].head);
    retort_buffer_text(out, "</text>\n");
}

/* ---- series ---- */

static bool has_band(const struct chart *chart, size_t series, size_t step)
{
    const struct report_cell *cell = step < chart->n_steps ? cell_at(chart, series, step) : NULL;
    return cell && report_has_interval(cell);
}

/* Each stretch of steps with intervals: along the upper bounds, and back along the lower. */
static void put_band(struct retort_buffer *out, const struct chart *chart, size_t series)
{
    retort_buffer_format(out, "<path class=\"band s%zu\" d=\"", look_of(chart, series));
    for (size_t begin = 0, end; begin < chart->n_steps; begin = end + 1) {
        for (end = begin; has_band(chart, series, end); end++)
            put_point(out, end == begin ? 'M' : 'L', x_of(chart, end),
                      y_of(chart, cell_at(chart, series, end)->high));
        for (size_t i = end; i > begin; i--)
            put_point(out, 'L', x_of(chart, i - 1),
                      y_of(chart, cell_at(chart, series, i - 1)->low));
        retort_buffer_text(out, end > begin ? "z" : "");
    }
    retort_buffer_text(out, "\"/>\n");
}

static void put_line(struct retort_buffer *out, const struct chart *chart, size_t series)
{
    bool drawn = false;
    retort_buffer_format(out, "<path class=\"line s%zu\" d=\"", look_of(chart, series));
    for (size_t i = 0; i < chart->n_steps; i++) {
        const struct report_cell *cell = cell_at(chart, series, i);
        if (cell)
            put_point(out, drawn ? 'L' : 'M', x_of(chart, i), y_of(chart, cell->value));
        drawn = cell != NULL;
    }
    retort_buffer_text(out, "\"/>\n");
}

/* An interval that has no neighbour makes no band. */
static void put_lone_bar(struct retort_buffer *out, const struct chart *chart, size_t series,
                         size_t step)
{
    bool neighbour =
        (step > 0 && has_band(chart, series, step - 1)) || has_band(chart, series, step + 1);
    if (neighbour || !has_band(chart, series, step))
        return;
    retort_buffer_format(out, "<path class=\"bar s%zu\" d=\"", look_of(chart, series));
    put_point(out, 'M', x_of(chart, step), y_of(chart, cell_at(chart, series, step)->low));
    put_point(out, 'L', x_of(chart, step), y_of(chart, cell_at(chart, series, step)->high));
    retort_buffer_text(out, "\"/>");
}

static void put_marks(struct retort_buffer *out, const struct chart *chart, size_t series)
{
    enum { CROWDED = 60 };
    for (size_t i = 0; i < chart->n_steps; i++) {
        const struct report_cell *cell = cell_at(chart, series, i);
        if (!cell || (chart->n_steps > CROWDED && has_band(chart, series, i)))
            continue;
        put_lone_bar(out, chart, series, i);
        plot_put_mark(out, look_of(chart, series), x_of(chart, i), y_of(chart, cell->value));
        plot_put_title(out, chart->plot, chart->row[series * PLOT_MOST_STEPS + i], chart->steps[i]);
        retort_buffer_text(out, "</path>\n");
    }
}

/* ---- the legend ---- */

static size_t name_width(struct retort_span name)
{
    size_t columns = report_width(name);
    return 30 + LETTER * (columns > NAME ? NAME : columns);
}

/* Puts the names, or with NULL only finds out how many rows they take. */
static size_t put_legend(struct retort_buffer *out, const struct plot *plot)
{
    size_t x = 0, row = 0;
    if (plot->n_series < 2)
        return 0;
    for (size_t i = 0; i < plot->n_series; i++) {
        size_t width = name_width(plot->names[i]);
        if (x > 0 && x + width > WIDTH) {
            x = 0;
            row++;
        }
        if (out) {
            plot_put_mark(out, i, (double)x + 8, (double)(row * LEGEND_ROW) + 11);
            retort_buffer_format(out, "</path><text class=\"name\" x=\"%zu\" y=\"%zu\">", x + 18,
                                 row * LEGEND_ROW + 15);
            html_put_cropped(out, plot->names[i], NAME);
            retort_buffer_text(out, "</text>\n");
        }
        x += width;
    }
    return row + 1;
}

/* ---- charts ---- */

static void put_begin(struct retort_buffer *out, const struct chart *chart)
{
    bool alone = chart->end - chart->series < chart->plot->n_series;
    retort_buffer_format(out, "<svg role=\"img\" viewBox=\"0 0 %.0f %.0f\" aria-label=\"",
                         chart->width, chart->top + chart->height + FOOT);
    html_put(out, chart->plot->table->title);
    if (alone) {
        retort_buffer_text(out, ", ");
        html_put(out, chart->plot->names[chart->series]);
    }
    retort_buffer_text(out, "; its numbers stand in the table below\">\n");
    if (!alone) {
        put_legend(out, chart->plot);
        return;
    }
    retort_buffer_text(out, "<text class=\"head\" x=\"0\" y=\"13\">");
    html_put_cropped(out, chart->plot->names[chart->series], 44);
    retort_buffer_text(out, "</text>\n");
}

static void put_chart(struct retort_buffer *out, const struct chart *chart)
{
    put_begin(out, chart);
    put_heights(out, chart);
    put_steps(out, chart);
    for (size_t i = chart->series; i < chart->end; i++)
        put_band(out, chart, i);
    for (size_t i = chart->series; i < chart->end; i++)
        put_line(out, chart, i);
    for (size_t i = chart->series; i < chart->end; i++)
        put_marks(out, chart, i);
    retort_buffer_text(out, "</svg>\n");
}

/* The scale is of the series that the chart shows. */
static bool find_axis(struct chart *chart, struct retort_arena *arena, size_t most_steps)
{
    const struct plot *plot = chart->plot;
    size_t *rows = RETORT_NEW(arena, size_t, plot->n_rows), n = 0;
    for (size_t i = 0; i < plot->n_rows; i++)
        if (plot->series[i] >= chart->series && plot->series[i] < chart->end)
            rows[n++] = plot->rows[i];
    return report_axis_of(plot->table, rows, n, most_steps, &chart->axis);
}

static void put_left_out(struct retort_buffer *out, const struct chart *chart)
{
    if (chart->n_left_out > 0)
        retort_buffer_format(out, "<p class=\"note\">The first %d steps; the table has more.</p>\n",
                             PLOT_MOST_STEPS);
}

static void put_whole(struct retort_buffer *out, struct chart *chart, struct retort_arena *arena)
{
    chart->end = chart->plot->n_series;
    chart->width = WIDTH;
    chart->height = HEIGHT;
    chart->top = (double)(put_legend(NULL, chart->plot) * LEGEND_ROW) + 26;
    retort_buffer_text(out, "<div class=\"scroll lines\" role=\"region\" tabindex=\"0\" "
                            "aria-label=\"Plot of ");
    html_put(out, chart->plot->table->title);
    retort_buffer_text(out, "\">\n");
    if (find_axis(chart, arena, 5))
        put_chart(out, chart);
    retort_buffer_text(out, "</div>\n");
}

static void put_small(struct retort_buffer *out, struct chart *chart, struct retort_arena *arena)
{
    chart->width = SMALL_WIDTH;
    chart->height = SMALL_HEIGHT;
    chart->top = 40;
    retort_buffer_text(out, "<div class=\"panels\">\n");
    for (size_t i = 0; i < chart->plot->n_series; i++) {
        chart->series = i;
        chart->end = i + 1;
        if (find_axis(chart, arena, 3))
            put_chart(out, chart);
    }
    retort_buffer_text(out, "</div>\n");
}

void plot_put_lines(struct retort_buffer *out, const struct plot *plot, struct retort_arena *arena)
{
    struct chart chart = {.plot = plot};
    find_steps(&chart, arena);
    if (plot->n_series > PLOT_MOST_LINES)
        put_small(out, &chart, arena);
    else
        put_whole(out, &chart, arena);
    put_left_out(out, &chart);
}
