/* Plots: which rows and series are drawn, and what stands around the drawings. A plot shows what
 * can be seen; all the numbers stand in the table below it. */
#include "report/plot.h"
#include "report/html.h"

#include <math.h>

/* ---- what is drawn ---- */

struct retort_span plot_name(struct retort_arena *arena, const struct report_table *table,
                             size_t row, size_t column)
{
    const struct report_cell *cell = report_cell_at(table, row, column);
    struct retort_buffer name = {0};
    if (!report_has_figure(cell))
        return cell->text;
    report_put_value(&name, cell, table->columns[column].decimals);
    struct retort_span copy = retort_arena_copy(arena, retort_buffer_span(&name));
    retort_buffer_release(&name);
    return copy;
}

/* The name's number, a new one where it is new. */
static size_t number_of(struct plot *plot, struct retort_span name)
{
    size_t i = 0;
    while (i < plot->n_series && !retort_span_equal(plot->names[i], name))
        i++;
    if (i == plot->n_series)
        plot->names[plot->n_series++] = name;
    return i;
}

static bool has_figures(const struct report_table *table)
{
    size_t n = 0;
    for (size_t row = 0; row < table->n_rows; row++)
        n += report_has_figure(report_cell_at(table, row, table->plot_value));
    return n > 0;
}

static void collect(struct plot *plot, struct retort_arena *arena)
{
    const struct report_table *table = plot->table;
    bool one = table->plot_series >= table->n_columns;
    plot->names = RETORT_NEW(arena, struct retort_span, table->n_rows);
    plot->rows = RETORT_NEW(arena, size_t, table->n_rows);
    plot->series = RETORT_NEW(arena, size_t, table->n_rows);
    for (size_t row = 0; row < table->n_rows; row++) {
        struct retort_span name = {NULL, 0};
        if (!one)
            name = plot_name(arena, table, row, table->plot_series);
        size_t series = number_of(plot, name);
        plot->rows[plot->n_rows] = row;
        plot->series[plot->n_rows++] = series;
    }
}

/* ---- marks ---- */

void plot_put_mark(struct retort_buffer *out, size_t series, double x, double y)
{
    static const char *const SHAPES[] = {
        "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", /* a circle */
        "m-3.5-3.5h7v7h-7z",                  /* a square */
        "m0-4.6l4.6 8h-9.2z",                 /* a triangle */
        "m0-5l5 5l-5 5l-5-5z",                /* a diamond */
    };
    retort_buffer_format(out, "<path class=\"mark s%zu%s\" d=\"M", series % PLOT_N_MARKS,
                         series % PLOT_N_MARKS < 4 ? "" : " hollow");
    retort_buffer_fixed(out, x, 1);
    retort_buffer_byte(out, ' ');
    retort_buffer_fixed(out, y, 1);
    retort_buffer_format(out, "%s\">", SHAPES[series % 4]);
}

void plot_put_title(struct retort_buffer *out, const struct plot *plot, size_t row,
                    struct retort_span name)
{
    const struct report_table *table = plot->table;
    const struct report_cell *cell = report_cell_at(table, row, table->plot_value);
    int decimals = report_form_of(table, table->plot_value).decimals;
    retort_buffer_text(out, "<title>");
    html_put(out, name);
    retort_buffer_text(out, ": ");
    report_put_value(out, cell, decimals);
    if (report_has_interval(cell)) {
        retort_buffer_text(out, " [");
        report_put_bound(out, cell, cell->low, decimals);
        retort_buffer_text(out, ", ");
        report_put_bound(out, cell, cell->high, decimals);
        retort_buffer_byte(out, ']');
    }
    retort_buffer_text(out, "</title>");
}

/* ---- the whole ---- */

/* Panels of one dot each say less than one panel with a dot a series. */
static bool is_single(const struct plot *plot)
{
    return plot->n_series == plot->n_rows;
}

static void put_panels(struct retort_buffer *out, struct plot *plot, struct retort_arena *arena)
{
    retort_buffer_text(out, "<div class=\"panels\">\n");
    for (size_t i = 0; i < plot->n_series; i++)
        plot_put_dots(out, plot, i, arena);
    retort_buffer_text(out, "</div>\n");
}

/* One panel whose marks are named by the series. */
static void put_single(struct retort_buffer *out, struct plot *plot, struct retort_arena *arena)
{
    struct report_table named = *plot->table;
    if (plot->n_series > 1)
        named.plot_label = named.plot_series;
    plot->table = &named;
    for (size_t i = 0; i < plot->n_rows; i++)
        plot->series[i] = 0;
    plot->n_series = 1;
    plot->names[0] = (struct retort_span){NULL, 0};
    put_panels(out, plot, arena);
}

bool html_put_plot(struct retort_buffer *out, const struct report_table *table)
{
    struct retort_arena arena = {0};
    struct plot plot = {.table = table};
    if (table->plot == REPORT_NO_PLOT || table->n_rows < 2 || !has_figures(table))
        return false;
    collect(&plot, &arena);
    bool single = table->plot != REPORT_LINES && is_single(&plot);
    if (!single && plot.n_series > PLOT_MOST_PANELS) {
        plot.n_left_out = plot.n_series - PLOT_MOST_PANELS;
        plot.n_series = PLOT_MOST_PANELS;
    }
    if (table->plot == REPORT_LINES)
        plot_put_lines(out, &plot, &arena);
    else if (single)
        put_single(out, &plot, &arena);
    else
        put_panels(out, &plot, &arena);
    if (plot.n_left_out > 0)
        retort_buffer_format(out,
                             "<p class=\"note\">%zu more %s not drawn; the table has them.</p>\n",
                             plot.n_left_out, plot.n_left_out == 1 ? "is" : "are");
    retort_arena_release(&arena);
    return true;
}
