/* The report as CSV after RFC 4180, long: a line a cell, so that a table of any shape is read by
 * one line of R or Python and made wide by another.
 *
 *     section,table,row,column,value,low,high,why
 *
 * row counts from 1 within the table; the cells of words in a row say what it is of. Shares are 0
 * to 1. A cell without a figure has no value and says why. Text is what was stored, cleaned of
 * control characters; a cell that begins with = is not defused, as retort export says, too. */
#include "report/figures.h"

#include <math.h>

static void put_cell(struct retort_buffer *out, struct retort_span text)
{
    struct retort_buffer clean = {0};
    report_put_clean(&clean, text);
    bool quote = false;
    for (size_t i = 0; i < clean.len && !quote; i++)
        quote = clean.data[i] == ',' || clean.data[i] == '"';
    retort_buffer_text(out, quote ? "\"" : "");
    for (size_t i = 0; i < clean.len; i++) {
        if (clean.data[i] == '"')
            retort_buffer_byte(out, '"');
        retort_buffer_byte(out, clean.data[i]);
    }
    retort_buffer_text(out, quote ? "\"" : "");
    retort_buffer_release(&clean);
}

static void put_number(struct retort_buffer *out, double value, bool whole)
{
    if (!isfinite(value))
        return;
    if (whole)
        retort_buffer_fixed(out, value, 0);
    else
        retort_buffer_number(out, value);
}

/* value,low,high,why */
static void put_said(struct retort_buffer *out, const struct report_cell *cell)
{
    bool whole = cell->kind == REPORT_COUNT;
    if (cell->kind == REPORT_TEXT)
        put_cell(out, cell->text);
    else
        put_number(out, cell->value, whole);
    retort_buffer_byte(out, ',');
    put_number(out, cell->low, whole);
    retort_buffer_byte(out, ',');
    put_number(out, cell->high, whole);
    retort_buffer_byte(out, ',');
    if (cell->kind == REPORT_NOTHING)
        put_cell(out, cell->text);
}

static void put_table(struct retort_buffer *out, const char *section,
                      const struct report_table *table)
{
    for (size_t row = 0; row < table->n_rows; row++)
        for (size_t column = 0; column < table->n_columns; column++) {
            retort_buffer_format(out, "%s,%s,%zu,%s,", section, table->id, row + 1,
                                 table->columns[column].name);
            put_said(out, report_cell_at(table, row, column));
            retort_buffer_text(out, "\r\n");
        }
}

void report_write_csv(const struct retort_report *report, struct retort_buffer *out)
{
    retort_buffer_text(out, "section,table,row,column,value,low,high,why\r\n");
    for (size_t i = 0; i < report->n_sections; i++)
        for (size_t j = 0; j < report->sections[i].n_tables; j++)
            put_table(out, report->sections[i].id, &report->sections[i].tables[j]);
}
