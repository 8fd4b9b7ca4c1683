/* Filling the document: tables and sentences, in the report's arena. Arrays double, so what was
 * handed out of one is valid until the next is added. */
#include "report/document.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Room for one more of n: at 0, 1, 2, 4, 8 the array is full. */
static void *grown(struct retort_arena *arena, void *old, size_t n, size_t size)
{
    if ((n & (n - 1)) != 0)
        return old;
    void *all = retort_arena_alloc(arena, n ? 2 * n : 1, size);
    if (n)
        memcpy(all, old, n * size);
    return all;
}

static struct retort_span formatted(struct retort_arena *arena, const char *format, va_list rest)
{
    char text[2048];
    int n = vsnprintf(text, sizeof text, format, rest);
    size_t len = n < 0 ? 0 : (size_t)n < sizeof text ? (size_t)n : sizeof text - 1;
    return retort_arena_copy(arena, (struct retort_span){(const uint8_t *)text, len});
}

/* ---- tables ---- */

/* Groups are headed by what they are: months, depths, authors. */
static const struct report_column *headed(struct retort_report *report,
                                          const struct report_column *columns, size_t n)
{
    size_t group = 0;
    while (group < n && strcmp(columns[group].name, "group") != 0)
        group++;
    if (group == n || !report->group_head)
        return columns;
    struct report_column *own = RETORT_NEW(&report->arena, struct report_column, n);
    memcpy(own, columns, n * sizeof *own);
    own[group].head = report->group_head;
    return own;
}

struct report_table *report_add_table(struct retort_report *report, struct report_section *section,
                                      const char *id, const char *title,
                                      const struct report_column *columns, size_t n_columns)
{
    section->tables =
        grown(&report->arena, section->tables, section->n_tables, sizeof *section->tables);
    struct report_table *table = &section->tables[section->n_tables++];
    *table = (struct report_table){
        .id = id,
        .title = retort_arena_copy(&report->arena, retort_span_of(title)),
        .columns = headed(report, columns, n_columns),
        .n_columns = n_columns,
        .plot_series = SIZE_MAX,
    };
    return table;
}

struct report_cell *report_add_row(struct retort_report *report, struct report_table *table)
{
    table->cells =
        grown(&report->arena, table->cells, table->n_rows, table->n_columns * sizeof *table->cells);
    struct report_cell *row = table->cells + table->n_columns * table->n_rows++;
    for (size_t i = 0; i < table->n_columns; i++)
        row[i] = report_nothing("");
    return row;
}

/* ---- sentences ---- */

void report_add_note(struct retort_report *report, struct report_table *table, const char *format,
                     ...)
{
    va_list rest;
    table->notes = grown(&report->arena, table->notes, table->n_notes, sizeof *table->notes);
    va_start(rest, format);
    table->notes[table->n_notes++] = formatted(&report->arena, format, rest);
    va_end(rest);
}

void report_add_finding(struct retort_report *report, struct report_section *section,
                        const char *format, ...)
{
    va_list rest;
    section->findings =
        grown(&report->arena, section->findings, section->n_findings, sizeof *section->findings);
    va_start(rest, format);
    section->findings[section->n_findings++] = formatted(&report->arena, format, rest);
    va_end(rest);
}

void report_add_method(struct retort_report *report, const char *sources, const char *format, ...)
{
    va_list rest;
    va_start(rest, format);
    struct retort_span sentence = formatted(&report->arena, format, rest);
    va_end(rest);
    for (size_t i = 0; i < report->n_methods; i++)
        if (retort_span_equal(report->methods[i].sentence, sentence))
            return;
    report->methods =
        grown(&report->arena, report->methods, report->n_methods, sizeof *report->methods);
    report->methods[report->n_methods++] = (struct report_method){sentence, sources};
}

struct retort_span report_keep(struct retort_report *report, struct retort_buffer *words)
{
    struct retort_span copy = retort_arena_copy(&report->arena, retort_buffer_span(words));
    retort_buffer_release(words);
    return copy;
}

/* ---- cells ---- */

struct report_cell report_text(struct retort_span text)
{
    return (struct report_cell){REPORT_TEXT, text, NAN, NAN, NAN};
}

struct report_cell report_words(const char *text)
{
    return report_text(retort_span_of(text));
}

struct report_cell report_count(uint64_t n)
{
    return (struct report_cell){REPORT_COUNT, {NULL, 0}, (double)n, NAN, NAN};
}

static struct report_cell figure(enum report_kind kind, struct retort_estimate of)
{
    if (!isfinite(of.value))
        return report_nothing("–");
    return (struct report_cell){kind, {NULL, 0}, of.value, of.low, of.high};
}

struct report_cell report_share(struct retort_estimate share)
{
    return figure(REPORT_SHARE, share);
}

struct report_cell report_points(struct retort_estimate difference)
{
    return figure(REPORT_POINTS, difference);
}

struct report_cell report_number(struct retort_estimate number)
{
    return figure(REPORT_NUMBER, number);
}

struct report_cell report_p(double p)
{
    return figure(REPORT_P, report_bare(p));
}

struct report_cell report_nothing(const char *why)
{
    return (struct report_cell){REPORT_NOTHING, retort_span_of(why), NAN, NAN, NAN};
}
