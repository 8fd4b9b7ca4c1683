/* Dots with their intervals, a row each, over one scale; a small panel of its own for each series,
 * so that panels find their place on a narrow screen and on paper. */
#include "report/html.h"
#include "report/plot.h"

#include <math.h>

enum { WIDTH = 340, ROW = 22, RIGHT = 20, LEAST_LEFT = 40, MOST_LEFT = 150, FOOT = 40, NAME = 20 };

struct panel {
    const struct plot *plot;
    size_t *rows; /* of the table */
    size_t n_rows, n_left_out;
    struct retort_span title;
    struct report_axis axis;
    double left, top, bottom;
    struct retort_arena *arena;
};

static double x_of(const struct panel *panel, double value)
{
    return panel->left + report_axis_share(&panel->axis, value) * (WIDTH - RIGHT - panel->left);
}

static double y_of(const struct panel *panel, size_t i)
{
    return panel->top + ROW * ((double)i + 0.5);
}

/* Room for names: 7 units a letter. */
static double left_of(const struct panel *panel)
{
    size_t most = 0;
    for (size_t i = 0; i < panel->n_rows; i++) {
        const struct report_table *table = panel->plot->table;
        struct retort_span name = plot_name(panel->arena, table, panel->rows[i], table->plot_label);
        size_t width = report_width(name);
        most = width > most ? width : most;
    }
    return fmin(fmax(7.0 * (double)(most > NAME ? NAME : most) + 10, LEAST_LEFT), MOST_LEFT);
}

static size_t mark_width(const struct report_axis *axis, double mark)
{
    struct retort_buffer said = {0};
    report_axis_put(&said, axis, mark);
    size_t columns = report_width(retort_buffer_span(&said));
    retort_buffer_release(&said);
    return columns;
}

/* Every so many marks are told, so that none runs into the next. */
static size_t between_marks(const struct panel *panel, size_t n)
{
    double step = (WIDTH - RIGHT - panel->left) / (double)n;
    size_t low = mark_width(&panel->axis, panel->axis.low), every = 1;
    size_t high = mark_width(&panel->axis, panel->axis.high);
    double needed = 7.0 * (double)(low > high ? low : high) + 8;
    while (step * (double)every < needed && every < n)
        every++;
    return every;
}

static void put_mark_told(struct retort_buffer *out, const struct panel *panel, double at)
{
    retort_buffer_text(out, "<text class=\"middle\" x=\"");
    retort_buffer_fixed(out, x_of(panel, at), 1);
    retort_buffer_format(out, "\" y=\"%.0f\">", panel->bottom + 15);
    report_axis_put(out, &panel->axis, at);
    retort_buffer_text(out, "</text>\n");
}

/* Zero is told wherever it is on the scale. */
static void put_axis(struct retort_buffer *out, const struct panel *panel)
{
    const struct report_table *table = panel->plot->table;
    const struct report_axis *axis = &panel->axis;
    size_t n = (size_t)((axis->high - axis->low) / axis->step + 0.5);
    size_t every = between_marks(panel, n), first = 0;
    if (axis->low < 0 && axis->high > 0)
        first = (size_t)(-axis->low / axis->step + 0.5) % every;
    for (size_t i = 0; i <= n; i++) {
        double at = axis->low + (double)i * axis->step;
        bool zero = fabs(at) < axis->step / 2;
        retort_buffer_format(out, "<path class=\"%s\" d=\"M", zero ? "zero" : "grid");
        retort_buffer_fixed(out, x_of(panel, at), 1);
        retort_buffer_format(out, " %.0fV%.0f\"/>", panel->top, panel->bottom);
        if (i % every == first)
            put_mark_told(out, panel, at);
    }
    retort_buffer_text(out, "<text class=\"middle axis\" x=\"");
    retort_buffer_fixed(out, (panel->left + WIDTH - RIGHT) / 2, 1);
    retort_buffer_format(out, "\" y=\"%.0f\">", panel->bottom + 31);
    html_put_words(out, table->columns[table->plot_value].head);
    retort_buffer_text(out, "</text>\n");
}

static void put_bar(struct retort_buffer *out, const struct panel *panel,
                    const struct report_cell *cell, double y)
{
    if (!report_has_interval(cell))
        return;
    retort_buffer_text(out, "<path class=\"bar s0\" d=\"M");
    retort_buffer_fixed(out, x_of(panel, cell->low), 1);
    retort_buffer_format(out, " %.0fv8m0-4H", y - 4);
    retort_buffer_fixed(out, x_of(panel, cell->high), 1);
    retort_buffer_text(out, "m0-4v8\"/>");
}

static void put_row(struct retort_buffer *out, const struct panel *panel, size_t i)
{
    const struct report_table *table = panel->plot->table;
    const struct report_cell *cell = report_cell_at(table, panel->rows[i], table->plot_value);
    struct retort_span name = plot_name(panel->arena, table, panel->rows[i], table->plot_label);
    double y = y_of(panel, i);
    retort_buffer_format(out, "<text class=\"end name\" x=\"%.0f\" y=\"%.0f\">", panel->left - 8,
                         y + 4);
    html_put_cropped(out, name, NAME);
    retort_buffer_text(out, "</text>");
    if (report_has_figure(cell)) {
        put_bar(out, panel, cell, y);
        plot_put_mark(out, 0, x_of(panel, cell->value), y);
        plot_put_title(out, panel->plot, panel->rows[i], name);
        retort_buffer_text(out, "</path>\n");
    } else {
        retort_buffer_format(out, "<text x=\"%.0f\" y=\"%.0f\">no figure</text>\n", panel->left + 6,
                             y + 4);
    }
}

static void put_panel(struct retort_buffer *out, struct panel *panel)
{
    panel->left = left_of(panel);
    panel->top = panel->title.len > 0 ? 26 : 6;
    panel->bottom = panel->top + ROW * (double)panel->n_rows;
    double height = panel->bottom + FOOT;
    retort_buffer_format(out, "<svg role=\"img\" viewBox=\"0 0 %d %.0f\" aria-label=\"", WIDTH,
                         height);
    html_put(out, panel->plot->table->title);
    retort_buffer_text(out, panel->title.len > 0 ? ", " : "");
    html_put(out, panel->title);
    retort_buffer_text(out, "; its numbers stand in the table below\">\n");
    if (panel->title.len > 0) {
        retort_buffer_text(out, "<text class=\"head\" x=\"0\" y=\"15\">");
        html_put_cropped(out, panel->title, 44);
        retort_buffer_text(out, "</text>\n");
    }
    put_axis(out, panel);
    for (size_t i = 0; i < panel->n_rows; i++)
        put_row(out, panel, i);
    retort_buffer_text(out, "</svg>\n");
}

void plot_put_dots(struct retort_buffer *out, const struct plot *plot, size_t series,
                   struct retort_arena *arena)
{
    struct panel panel = {.plot = plot, .title = plot->names[series], .arena = arena};
    panel.rows = RETORT_NEW(arena, size_t, plot->n_rows);
    for (size_t i = 0; i < plot->n_rows; i++)
        if (plot->series[i] == series) {
            if (panel.n_rows < PLOT_MOST_MARKS)
                panel.rows[panel.n_rows++] = plot->rows[i];
            else
                panel.n_left_out++;
        }
    if (!report_axis_of(plot->table, panel.rows, panel.n_rows, 4, &panel.axis))
        return;
    put_panel(out, &panel);
    if (panel.n_left_out > 0)
        retort_buffer_format(out, "<p class=\"note\">The first %d; the table has %zu more.</p>\n",
                             PLOT_MOST_MARKS, panel.n_left_out);
}
