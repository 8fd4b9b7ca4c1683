/* figures (private to report): how cells are said to people, the same in a terminal, in LaTeX and
 * in a browser.
 *
 * A column has one form, so that its figures line up: as many decimals in every row, and room for
 * an interval where one row has it. Reasons why there is no figure are too long for a cell, so they
 * get a letter in it and stand below the table. What may come from a page or a person goes through
 * report_put_clean before it is escaped for a format. */
#ifndef RETORT_REPORT_FIGURES_H
#define RETORT_REPORT_FIGURES_H

#include "report/document.h"

struct report_form {
    bool is_text;      /* words, not figures: to the left */
    bool has_interval; /* of some row */
    int decimals;      /* of what is shown, a share in per cent */
};
struct report_form report_form_of(const struct report_table *table, size_t column);

static inline const struct report_cell *report_cell_at(const struct report_table *table, size_t row,
                                                       size_t column)
{
    return &table->cells[row * table->n_columns + column];
}

static inline bool report_has_figure(const struct report_cell *cell)
{
    return cell->kind == REPORT_COUNT || cell->kind == REPORT_SHARE ||
           cell->kind == REPORT_POINTS || cell->kind == REPORT_NUMBER || cell->kind == REPORT_P;
}
bool report_has_interval(const struct report_cell *cell);

/* "1,234", "12.3 %", "+2.1", "−0.51", "< 0.001"; nothing where the cell has no figure. */
void report_put_value(struct retort_buffer *out, const struct report_cell *cell, int decimals);
/* One bound of an interval, without the unit. */
void report_put_bound(struct retort_buffer *out, const struct report_cell *cell, double bound,
                      int decimals);
void report_put_grouped(struct retort_buffer *out, uint64_t n); /* 1,234,567 */

/* Text from anywhere on one line: runs of white space and control characters are one space;
 * characters that turn the direction of what follows, or that nobody sees, are left out; what is no
 * UTF-8 is U+FFFD. Joiners stay, for scripts and emoji need them. */
void report_put_clean(struct retort_buffer *out, struct retort_span text);

size_t report_width(struct retort_span text); /* in columns of a terminal */
/* The next line of clean text that fits into so many columns, cut at a space where there is one;
 * false: *rest was empty. */
bool report_next_line(struct retort_span *rest, size_t columns, struct retort_span *line);
/* ---- reasons ---- */

/* The table's reasons that are too long to stand in a cell, each once. */
struct report_reasons {
    struct retort_span *why;
    size_t n;
};
struct report_reasons report_reasons_of(const struct report_table *table,
                                        struct retort_arena *arena);
/* Which reason a cell has; SIZE_MAX: none, or one that stands in the cell. */
size_t report_reason_at(const struct report_reasons *reasons, const struct report_cell *cell);
void report_put_mark(struct retort_buffer *out, size_t reason); /* a, b, …, z, a1, … */

#endif
