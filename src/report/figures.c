/* Figures in the words of people: digits, signs, units. */
#include "report/figures.h"

#include <math.h>
#include <stdio.h>

/* ---- forms ---- */

bool report_has_interval(const struct report_cell *cell)
{
    return report_has_figure(cell) && isfinite(cell->low) && isfinite(cell->high);
}

static bool is_percent(const struct report_cell *cell)
{
    return cell->kind == REPORT_SHARE || cell->kind == REPORT_POINTS;
}

/* A share that would be shown as 0.0 % and has a second decimal: then all of its column get one. */
static int share_decimals(const struct report_table *table, size_t column)
{
    for (size_t row = 0; row < table->n_rows; row++) {
        const struct report_cell *cell = report_cell_at(table, row, column);
        double percent = fabs(100 * cell->value);
        if (is_percent(cell) && percent >= 0.005 && percent < 0.1)
            return 2;
    }
    return 1;
}

struct report_form report_form_of(const struct report_table *table, size_t column)
{
    struct report_form form = {.is_text = true, .decimals = table->columns[column].decimals};
    bool shares = false;
    for (size_t row = 0; row < table->n_rows; row++) {
        const struct report_cell *cell = report_cell_at(table, row, column);
        form.is_text = form.is_text && !report_has_figure(cell);
        form.has_interval = form.has_interval || report_has_interval(cell);
        shares = shares || is_percent(cell);
    }
    if (shares)
        form.decimals = share_decimals(table, column);
    return form;
}

/* ---- figures ---- */

/* With the minus of mathematics, which is as wide as a digit. */
static void put_signed(struct retort_buffer *out, double value, int decimals)
{
    struct retort_buffer digits = {0};
    retort_buffer_fixed(&digits, value, decimals);
    struct retort_span text = retort_buffer_span(&digits);
    bool negative = text.len > 0 && text.data[0] == '-';
    retort_buffer_text(out, negative ? "−" : "");
    retort_buffer_put(out, retort_span_slice(text, negative, text.len));
    retort_buffer_release(&digits);
}

void report_put_grouped(struct retort_buffer *out, uint64_t n)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0)
            retort_buffer_byte(out, ',');
        retort_buffer_byte(out, (uint8_t)digits[i]);
    }
}

static void put_p(struct retort_buffer *out, double p)
{
    if (p < 0.001)
        retort_buffer_text(out, "< 0.001");
    else
        retort_buffer_fixed(out, p, 3);
}

void report_put_bound(struct retort_buffer *out, const struct report_cell *cell, double bound,
                      int decimals)
{
    bool plus = cell->kind == REPORT_POINTS && bound > 0;
    retort_buffer_text(out, plus ? "+" : "");
    put_signed(out, is_percent(cell) ? 100 * bound : bound,
               cell->kind == REPORT_COUNT ? 0 : decimals);
}

void report_put_value(struct retort_buffer *out, const struct report_cell *cell, int decimals)
{
    switch (cell->kind) {
    case REPORT_COUNT:
        report_put_grouped(out, cell->value > 0 ? (uint64_t)cell->value : 0);
        break;
    case REPORT_SHARE:
        report_put_bound(out, cell, cell->value, decimals);
        retort_buffer_text(out, " %");
        break;
    case REPORT_POINTS:
    case REPORT_NUMBER:
        report_put_bound(out, cell, cell->value, decimals);
        break;
    case REPORT_P:
        put_p(out, cell->value);
        break;
    case REPORT_NOTHING:
    case REPORT_TEXT:
        break;
    }
}

/* ---- text from anywhere ---- */

static bool is_space_or_control(uint32_t c)
{
    return c <= ' ' || (c >= 0x7F && c <= 0xA0) || c == 0x2028 || c == 0x2029;
}

/* Marks and overrides of direction, what has no width, what is no character, tags, private use
 * planes' ends. */
static bool is_left_out(uint32_t c)
{
    return c == 0x00AD || c == 0x061C || c == 0x200B || c == 0x200E || c == 0x200F ||
           (c >= 0x202A && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE ||
           (c >= 0xE0000 && c <= 0xE0FFF);
}

void report_put_clean(struct retort_buffer *out, struct retort_span text)
{
    bool space = false, begun = false;
    for (size_t at = 0; at < text.len;) {
        uint32_t c = retort_utf8_next(text, &at);
        if (is_left_out(c))
            continue;
        if (is_space_or_control(c)) {
            space = begun;
            continue;
        }
        if (space)
            retort_buffer_byte(out, ' ');
        uint8_t bytes[4];
        retort_buffer_put(out, (struct retort_span){bytes, retort_utf8_put(bytes, c)});
        space = false;
        begun = true;
    }
}

/* ---- lines ---- */

size_t report_width(struct retort_span text)
{
    size_t n = 0;
    for (size_t at = 0; at < text.len;)
        n += retort_columns(retort_utf8_next(text, &at));
    return n;
}

bool report_next_line(struct retort_span *rest, size_t columns, struct retort_span *line)
{
    size_t used = 0, at = 0, space = 0;
    while (at < rest->len) {
        size_t begin = at;
        uint32_t c = retort_utf8_next(*rest, &at);
        used += retort_columns(c);
        if (used > columns && c != ' ') {
            at = begin; /* a letter wider than the line still gets one */
            break;
        }
        bool unit = at < rest->len && rest->data[at] == '%'; /* which stays with its number */
        if (c == ' ' && !unit)
            space = begin;
    }
    if (rest->len == 0)
        return false;
    if (at == 0)
        retort_utf8_next(*rest, &at);
    size_t whole = at < rest->len && space > 0 ? space : at;
    *line = retort_span_slice(*rest, 0, whole);
    *rest = retort_span_slice(*rest, whole, rest->len);
    while (rest->len > 0 && rest->data[0] == ' ')
        *rest = retort_span_slice(*rest, 1, rest->len);
    while (line->len > 0 && line->data[line->len - 1] == ' ')
        line->len--;
    return true;
}

/* ---- reasons ---- */

static bool stands_below(const struct report_cell *cell)
{
    enum { SHORT = 4 };
    return cell->kind == REPORT_NOTHING && report_width(cell->text) > SHORT;
}

size_t report_reason_at(const struct report_reasons *reasons, const struct report_cell *cell)
{
    for (size_t i = 0; stands_below(cell) && i < reasons->n; i++)
        if (retort_span_equal(reasons->why[i], cell->text))
            return i;
    return SIZE_MAX;
}

struct report_reasons report_reasons_of(const struct report_table *table,
                                        struct retort_arena *arena)
{
    size_t n_cells = table->n_rows * table->n_columns, n_long = 0;
    for (size_t i = 0; i < n_cells; i++)
        n_long += stands_below(&table->cells[i]);
    struct report_reasons reasons = {RETORT_NEW(arena, struct retort_span, n_long), 0};
    for (size_t i = 0; i < n_cells; i++) {
        const struct report_cell *cell = &table->cells[i];
        if (stands_below(cell) && report_reason_at(&reasons, cell) == SIZE_MAX)
            reasons.why[reasons.n++] = cell->text;
    }
    return reasons;
}

void report_put_mark(struct retort_buffer *out, size_t reason)
{
    retort_buffer_byte(out, (uint8_t)('a' + reason % 26));
    if (reason >= 26)
        retort_buffer_format(out, "%zu", reason / 26);
}
