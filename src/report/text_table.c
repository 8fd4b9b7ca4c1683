/* A table for a terminal: figures to the right, decimal points and brackets below each other, words
 * wrapped within their cells. Columns of words give way until it fits; then the gaps between
 * columns; then groups are named on lines of their own; where all this is not enough, each row is a
 * small list. Where there is room to the right, intervals are drawn there. */
#include "report/plot.h"
#include "report/text.h"

enum { INDENT = 2, MOST_WORDS = 60, LEAST_WORDS = 16, LEAST_PLOT = 18, MOST_PLOT = 42 };

struct lane {
    struct report_form form;
    size_t value, low, high; /* widths of figures and of the bounds of their intervals */
    size_t width;            /* of the whole, as it was fitted */
    size_t natural, least;   /* what it would be, and what words can't be narrower than */
};

struct lay {
    const struct text_sheet *sheet;
    const struct report_table *table;
    struct lane *lanes;
    struct report_reasons reasons;
    struct retort_arena arena;
    size_t first;      /* 1: the first column stands on lines of its own, above its rows */
    size_t gap, width; /* of all lanes with the gaps between */
    struct report_axis axis;
    size_t plot; /* columns of the drawing; 0: none */
};

/* ---- what a cell says ---- */

/* Words, a figure, or why there is none. */
static void put_plain(struct retort_buffer *out, const struct lay *lay,
                      const struct report_cell *cell, int decimals)
{
    size_t reason = report_reason_at(&lay->reasons, cell);
    if (report_has_figure(cell))
        report_put_value(out, cell, decimals);
    else if (reason == SIZE_MAX)
        report_put_clean(out, cell->text);
    if (reason == SIZE_MAX)
        return;
    retort_buffer_byte(out, '(');
    report_put_mark(out, reason);
    retort_buffer_byte(out, ')');
}

static size_t bound_width(const struct report_cell *cell, double bound, int decimals)
{
    struct retort_buffer said = {0};
    report_put_bound(&said, cell, bound, decimals);
    size_t width = report_width(retort_buffer_span(&said));
    retort_buffer_release(&said);
    return width;
}

static void put_right(struct retort_buffer *out, struct retort_span text, size_t columns)
{
    size_t width = report_width(text);
    text_repeat(out, " ", columns > width ? columns - width : 0);
    retort_buffer_put(out, text);
}

static void put_interval(struct retort_buffer *out, const struct lane *lane,
                         const struct report_cell *cell)
{
    const double bounds[] = {cell->low, cell->high};
    retort_buffer_text(out, " [");
    for (size_t i = 0; i < 2; i++) {
        struct retort_buffer bound = {0};
        report_put_bound(&bound, cell, bounds[i], lane->form.decimals);
        put_right(out, retort_buffer_span(&bound), i ? lane->high : lane->low);
        retort_buffer_text(out, i ? "]" : ", ");
        retort_buffer_release(&bound);
    }
}

/* ---- widths ---- */

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t longest_word(struct retort_span text)
{
    size_t longest = 0;
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        for (end = at; end < text.len && text.data[end] != ' '; end++)
            ;
        longest = larger(longest, report_width(retort_span_slice(text, at, end)));
    }
    return longest;
}

static void measure_cell(const struct lay *lay, struct lane *lane, const struct report_cell *cell,
                         size_t *word)
{
    struct retort_buffer said = {0};
    put_plain(&said, lay, cell, lane->form.decimals);
    lane->value = larger(lane->value, report_width(retort_buffer_span(&said)));
    *word = larger(*word, longest_word(retort_buffer_span(&said)));
    retort_buffer_release(&said);
    if (!report_has_interval(cell))
        return;
    lane->low = larger(lane->low, bound_width(cell, cell->low, lane->form.decimals));
    lane->high = larger(lane->high, bound_width(cell, cell->high, lane->form.decimals));
}

/* Words are wrapped between words, where these are not as long as a hash. */
static void measure(struct lay *lay, size_t column)
{
    struct lane *lane = &lay->lanes[column];
    size_t head = longest_word(retort_span_of(lay->table->columns[column].head)), word = 0;
    lane->form = report_form_of(lay->table, column);
    for (size_t row = 0; row < lay->table->n_rows; row++)
        measure_cell(lay, lane, report_cell_at(lay->table, row, column), &word);
    size_t body = lane->value + (lane->form.has_interval ? lane->low + lane->high + 5 : 0);
    if (lane->form.is_text && body > MOST_WORDS)
        body = MOST_WORDS;
    word = word > LEAST_WORDS ? LEAST_WORDS : word;
    lane->natural = larger(body, head);
    lane->least = lane->form.is_text ? larger(head, word) : lane->natural;
}

/* Words give way, the widest first; false: it does not fit. */
static bool fit_words(struct lay *lay)
{
    size_t n = lay->table->n_columns;
    lay->width = lay->gap * (n - lay->first - 1);
    for (size_t i = lay->first; i < n; i++)
        lay->width += lay->lanes[i].width = lay->lanes[i].natural;
    while (lay->width + INDENT > lay->sheet->columns) {
        struct lane *widest = NULL;
        for (size_t i = lay->first; i < n; i++)
            if (lay->lanes[i].width > lay->lanes[i].least &&
                (!widest || lay->lanes[i].width > widest->width))
                widest = &lay->lanes[i];
        if (!widest)
            return false;
        widest->width--;
        lay->width--;
    }
    return true;
}

static bool has_groups(const struct lay *lay)
{
    return lay->table->n_columns > 2 && lay->lanes[0].form.is_text && lay->lanes[1].form.is_text;
}

/* Ways to lay it out, the best first; false: none fits. */
static bool fit(struct lay *lay)
{
    static const struct {
        size_t first, gap;
    } WAYS[] = {{0, 2}, {0, 1}, {1, 2}, {1, 1}};
    for (size_t i = 0; i < sizeof WAYS / sizeof *WAYS; i++) {
        lay->first = WAYS[i].first;
        lay->gap = WAYS[i].gap;
        if ((lay->first == 0 || has_groups(lay)) && fit_words(lay))
            return true;
    }
    return false;
}

/* ---- the drawing ---- */

/* Spaces are only written when something comes behind them. */
struct pen {
    struct retort_buffer *out;
    size_t owed, gap;
};

static void put_owed(struct pen *pen)
{
    text_repeat(pen->out, " ", pen->owed);
    pen->owed = 0;
}

static size_t mark_width(const struct report_axis *axis, double mark)
{
    struct retort_buffer said = {0};
    report_axis_put(&said, axis, mark);
    size_t width = report_width(retort_buffer_span(&said));
    retort_buffer_release(&said);
    return width;
}

/* The drawing has its place where both ends of its scale do. */
static void find_plot(struct lay *lay)
{
    const struct report_table *table = lay->table;
    size_t used = INDENT + lay->width + lay->gap + 1; /* a column before the margin stays empty */
    if ((table->plot != REPORT_DOTS && table->plot != REPORT_FLOOR) || table->n_rows < 2 ||
        lay->sheet->columns < used + LEAST_PLOT)
        return;
    size_t *rows = RETORT_NEW(&lay->arena, size_t, table->n_rows);
    for (size_t i = 0; i < table->n_rows; i++)
        rows[i] = i;
    size_t room = lay->sheet->columns - used;
    room = room < MOST_PLOT ? room : MOST_PLOT;
    if (report_axis_of(table, rows, table->n_rows, 4, &lay->axis) &&
        mark_width(&lay->axis, lay->axis.low) + mark_width(&lay->axis, lay->axis.high) < room)
        lay->plot = room;
}

static size_t plot_at(const struct lay *lay, double value)
{
    return (size_t)(report_axis_share(&lay->axis, value) * (double)(lay->plot - 1) + 0.5);
}

static const char *mark_of(const struct lay *lay, const struct report_cell *cell, size_t at)
{
    bool drawn = report_has_figure(cell), barred = report_has_interval(cell);
    if (drawn && at == plot_at(lay, cell->value))
        return "●";
    if (barred && at >= plot_at(lay, cell->low) && at <= plot_at(lay, cell->high))
        return "─";
    return lay->axis.low < 0 && lay->axis.high > 0 && at == plot_at(lay, 0) ? "┊" : NULL;
}

static void put_drawing(const struct lay *lay, size_t row, struct pen *pen)
{
    const struct report_cell *cell = report_cell_at(lay->table, row, lay->table->plot_value);
    for (size_t at = 0; at < lay->plot; at++) {
        const char *mark = mark_of(lay, cell, at);
        if (mark) {
            put_owed(pen);
            retort_buffer_text(pen->out, mark);
        } else {
            pen->owed++;
        }
    }
}

/* What stands at its left and at its right end. */
static void put_scale(const struct lay *lay)
{
    struct retort_buffer low = {0}, high = {0};
    report_axis_put(&low, &lay->axis, lay->axis.low);
    report_axis_put(&high, &lay->axis, lay->axis.high);
    retort_buffer_put(lay->sheet->out, retort_buffer_span(&low));
    put_right(lay->sheet->out, retort_buffer_span(&high),
              lay->plot - report_width(retort_buffer_span(&low)));
    retort_buffer_release(&low);
    retort_buffer_release(&high);
}

/* ---- lines ---- */

/* One line of a cell or head in its lane, and the gap behind it. */
static void put_in_lane(struct pen *pen, const struct lane *lane, struct retort_span line)
{
    size_t width = report_width(line), room = lane->width > width ? lane->width - width : 0;
    size_t begin = lane->form.is_text ? 0 : room, end = line.len;
    while (end > 0 && line.data[end - 1] == ' ')
        end--;
    if (end > 0) {
        pen->owed += begin;
        put_owed(pen);
        retort_buffer_put(pen->out, retort_span_slice(line, 0, end));
        pen->owed = line.len - end + room - begin + pen->gap;
    } else {
        pen->owed += lane->width + pen->gap;
    }
}

/* What is left of each cell of a row, a line of it a lane. Figures stand as they were laid out. */
static void put_next_lines(struct pen *pen, const struct lay *lay, struct retort_span *rests,
                           bool wrap)
{
    for (size_t i = lay->first; i < lay->table->n_columns; i++) {
        struct retort_span line = rests[i];
        if (!wrap && !lay->lanes[i].form.is_text)
            rests[i].len = 0;
        else if (!report_next_line(&rests[i], lay->lanes[i].width, &line))
            line.len = 0;
        put_in_lane(pen, &lay->lanes[i], line);
    }
}

static bool is_any_left(const struct retort_span *rests, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (rests[i].len > 0)
            return true;
    return false;
}

/* How many lines a head takes. */
static size_t head_lines(const struct lay *lay)
{
    size_t most = lay->plot > 0;
    for (size_t i = lay->first; i < lay->table->n_columns; i++) {
        struct retort_span rest = retort_span_of(lay->table->columns[i].head), line;
        size_t n = 0;
        while (report_next_line(&rest, lay->lanes[i].width, &line))
            n++;
        most = larger(most, n);
    }
    return most;
}

static void put_heads(struct lay *lay)
{
    size_t n = lay->table->n_columns, n_lines = head_lines(lay);
    struct retort_span *heads = RETORT_NEW(&lay->arena, struct retort_span, n);
    for (size_t i = 0; i < n; i++)
        heads[i] = retort_span_of(lay->table->columns[i].head);
    for (size_t at = 0; at < n_lines; at++) {
        struct pen pen = {lay->sheet->out, INDENT, lay->gap};
        retort_buffer_text(lay->sheet->out, text_style(lay->sheet, TEXT_BOLD));
        put_next_lines(&pen, lay, heads, true);
        if (lay->plot > 0 && at + 1 == n_lines) {
            put_owed(&pen);
            put_scale(lay);
        }
        retort_buffer_text(lay->sheet->out, text_style(lay->sheet, TEXT_PLAIN));
        retort_buffer_byte(lay->sheet->out, '\n');
    }
}

static void put_rule(const struct lay *lay)
{
    text_repeat(lay->sheet->out, " ", INDENT);
    retort_buffer_text(lay->sheet->out, text_style(lay->sheet, TEXT_DIM));
    text_repeat(lay->sheet->out, "─", lay->width + (lay->plot ? lay->gap + lay->plot : 0));
    retort_buffer_text(lay->sheet->out, text_style(lay->sheet, TEXT_PLAIN));
    retort_buffer_byte(lay->sheet->out, '\n');
}

/* ---- rows ---- */

/* Words that name a row's group are said once where the rows below have them, too. */
static bool is_repeated(const struct lay *lay, size_t row, size_t column)
{
    const struct report_table *table = lay->table;
    if (column > 0 || row == 0 || !has_groups(lay))
        return false;
    const struct report_cell *here = report_cell_at(table, row, 0);
    const struct report_cell *above = report_cell_at(table, row - 1, 0);
    return here->kind == REPORT_TEXT && above->kind == REPORT_TEXT &&
           retort_span_equal(here->text, above->text);
}

/* A cell as it is laid out, on one line. */
static struct retort_span said(const struct lay *lay, size_t row, size_t column,
                               struct retort_arena *arena)
{
    const struct report_cell *cell = report_cell_at(lay->table, row, column);
    const struct lane *lane = &lay->lanes[column];
    struct retort_buffer plain = {0}, whole = {0};
    if (!is_repeated(lay, row, column))
        put_plain(&plain, lay, cell, lane->form.decimals);
    put_right(&whole, retort_buffer_span(&plain), lane->form.is_text ? 0 : lane->value);
    if (report_has_interval(cell))
        put_interval(&whole, lane, cell);
    else if (lane->form.has_interval)
        text_repeat(&whole, " ", lane->low + lane->high + 5);
    struct retort_span copy = retort_arena_copy(arena, retort_buffer_span(&whole));
    retort_buffer_release(&plain);
    retort_buffer_release(&whole);
    return copy;
}

static void put_row(const struct lay *lay, size_t row, struct retort_arena *arena)
{
    size_t n = lay->table->n_columns;
    struct retort_span *rests = RETORT_NEW(arena, struct retort_span, n);
    for (size_t i = 0; i < n; i++)
        rests[i] = said(lay, row, i, arena);
    if (lay->first > 0 && rests[0].len > 0)
        text_put_paragraph(lay->sheet, "  ", TEXT_BOLD, rests[0]);
    rests[0].len = lay->first > 0 ? 0 : rests[0].len;
    for (size_t at = 0; at == 0 || is_any_left(rests, n); at++) {
        struct pen pen = {lay->sheet->out, INDENT, lay->gap};
        put_next_lines(&pen, lay, rests, false);
        if (lay->plot > 0 && at == 0)
            put_drawing(lay, row, &pen);
        retort_buffer_byte(lay->sheet->out, '\n');
    }
}

static void put_rows(const struct lay *lay)
{
    struct retort_arena arena = {0};
    for (size_t row = 0; row < lay->table->n_rows; row++) {
        put_row(lay, row, &arena);
        retort_arena_clear(&arena);
    }
    retort_arena_release(&arena);
}

/* Too narrow for a table: a row is its words, and its figures below. */
static void put_list(const struct lay *lay)
{
    const struct report_table *table = lay->table;
    for (size_t row = 0; row < table->n_rows; row++)
        for (size_t i = 0; i < table->n_columns; i++) {
            const struct report_cell *cell = report_cell_at(table, row, i);
            struct lane lane = {.form = lay->lanes[i].form};
            struct retort_buffer line = {0};
            retort_buffer_format(&line, "%s: ", table->columns[i].head);
            size_t head = line.len;
            put_plain(&line, lay, cell, lane.form.decimals);
            if (line.len == head)
                line.len = 0;
            if (report_has_interval(cell))
                put_interval(&line, &lane, cell);
            text_put_paragraph(lay->sheet, i ? "    " : "  ", i ? TEXT_PLAIN : TEXT_BOLD,
                               retort_buffer_span(&line));
            retort_buffer_release(&line);
        }
}

static void put_below(const struct lay *lay)
{
    for (size_t i = 0; i < lay->reasons.n; i++) {
        struct retort_buffer mark = {0};
        retort_buffer_text(&mark, "  (");
        report_put_mark(&mark, i);
        retort_buffer_text(&mark, ") ");
        retort_buffer_byte(&mark, 0);
        text_put_paragraph(lay->sheet, (const char *)mark.data, TEXT_DIM, lay->reasons.why[i]);
        retort_buffer_release(&mark);
    }
    for (size_t i = 0; i < lay->table->n_notes; i++)
        text_put_paragraph(lay->sheet, "  ", TEXT_DIM, lay->table->notes[i]);
}

void text_put_table(const struct text_sheet *sheet, const struct report_table *table)
{
    struct lay lay = {.sheet = sheet, .table = table};
    lay.lanes = RETORT_NEW(&lay.arena, struct lane, table->n_columns);
    lay.reasons = report_reasons_of(table, &lay.arena);
    for (size_t i = 0; i < table->n_columns; i++)
        measure(&lay, i);
    text_put_paragraph(sheet, "  ", TEXT_BOLD, table->title);
    if (table->n_rows > 0 && fit(&lay)) {
        find_plot(&lay);
        put_heads(&lay);
        put_rule(&lay);
        put_rows(&lay);
    } else {
        put_list(&lay);
    }
    put_below(&lay);
    retort_arena_release(&lay.arena);
}
