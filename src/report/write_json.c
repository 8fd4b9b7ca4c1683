/* The report as JSON: one object on one line.
 *
 *     {"retort": version, "title", "subtitle", "seed": "…", "resamples",
 *      "sections": [{"id", "title", "findings": [sentence…],
 *          "tables": [{"id", "title", "columns": [{"name", "head"}…],
 *              "rows": [{NAME OF A COLUMN: cell…}…], "notes": [sentence…]}…]}…],
 *      "methods": [{"sentence", "sources": [key…]}…]}
 *
 * A cell is a string (words), a number (a count; a chance under the null hypothesis), an object
 * {"value", "low", "high"} (a share from 0 to 1, or another figure, with its 95 % interval, or null
 * for low and high where it has none), or {"value": null, "why"} where the data carry no figure.
 * There is no NaN. The seed is a string, for it may have more digits than a double. */
#include "report/sources.h"

#include <math.h>

static void put_sentences(struct retort_buffer *out, const char *key,
                          const struct retort_span *sentences, size_t n)
{
    retort_json_key(out, key);
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        retort_buffer_text(out, i ? "," : "");
        retort_json_put(out, sentences[i]);
    }
    retort_buffer_byte(out, ']');
}

static void put_text(struct retort_buffer *out, const char *key, struct retort_span text)
{
    retort_json_key(out, key);
    retort_json_put(out, text);
}

static void put_number(struct retort_buffer *out, const char *key, double value)
{
    retort_json_key(out, key);
    retort_buffer_number(out, value);
}

/* With all of its digits: retort_buffer_number would say 1e+06. */
static void put_count(struct retort_buffer *out, double n)
{
    retort_buffer_fixed(out, n, 0);
}

static void put_estimate(struct retort_buffer *out, const struct report_cell *cell)
{
    retort_buffer_byte(out, '{');
    put_number(out, "value", cell->value);
    put_number(out, "low", cell->low);
    put_number(out, "high", cell->high);
    retort_buffer_byte(out, '}');
}

static void put_cell(struct retort_buffer *out, const struct report_cell *cell)
{
    switch (cell->kind) {
    case REPORT_NOTHING:
        retort_buffer_byte(out, '{');
        put_number(out, "value", NAN);
        put_text(out, "why", cell->text);
        retort_buffer_byte(out, '}');
        break;
    case REPORT_TEXT:
        retort_json_put(out, cell->text);
        break;
    case REPORT_COUNT:
        put_count(out, cell->value);
        break;
    case REPORT_P:
        retort_buffer_number(out, cell->value);
        break;
    case REPORT_SHARE:
    case REPORT_POINTS:
    case REPORT_NUMBER:
        put_estimate(out, cell);
        break;
    }
}

static void put_row(struct retort_buffer *out, const struct report_table *table, size_t row)
{
    retort_buffer_text(out, row ? ",{" : "{");
    for (size_t i = 0; i < table->n_columns; i++) {
        retort_json_key(out, table->columns[i].name);
        put_cell(out, &table->cells[row * table->n_columns + i]);
    }
    retort_buffer_byte(out, '}');
}

static void put_table(struct retort_buffer *out, const struct report_table *table)
{
    retort_buffer_byte(out, '{');
    put_text(out, "id", retort_span_of(table->id));
    put_text(out, "title", table->title);
    retort_json_key(out, "columns");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < table->n_columns; i++) {
        retort_buffer_text(out, i ? ",{" : "{");
        put_text(out, "name", retort_span_of(table->columns[i].name));
        put_text(out, "head", retort_span_of(table->columns[i].head));
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    retort_json_key(out, "rows");
    retort_buffer_byte(out, '[');
    for (size_t row = 0; row < table->n_rows; row++)
        put_row(out, table, row);
    retort_buffer_byte(out, ']');
    put_sentences(out, "notes", table->notes, table->n_notes);
    retort_buffer_byte(out, '}');
}

static void put_section(struct retort_buffer *out, const struct report_section *section)
{
    retort_buffer_byte(out, '{');
    put_text(out, "id", retort_span_of(section->id));
    put_text(out, "title", retort_span_of(section->title));
    put_sentences(out, "findings", section->findings, section->n_findings);
    retort_json_key(out, "tables");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < section->n_tables; i++) {
        retort_buffer_text(out, i ? "," : "");
        put_table(out, &section->tables[i]);
    }
    retort_buffer_text(out, "]}");
}

/* "a,b" as ["a","b"]. */
static void put_sources(struct retort_buffer *out, const char *sources)
{
    struct retort_span key;
    retort_json_key(out, "sources");
    retort_buffer_byte(out, '[');
    for (size_t n = 0; report_next_key(&sources, &key); n++) {
        retort_buffer_text(out, n ? "," : "");
        retort_json_put(out, key);
    }
    retort_buffer_byte(out, ']');
}

static void put_methods(struct retort_buffer *out, const struct retort_report *report)
{
    retort_json_key(out, "methods");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < report->n_methods; i++) {
        retort_buffer_text(out, i ? ",{" : "{");
        put_text(out, "sentence", report->methods[i].sentence);
        put_sources(out, report->methods[i].sources);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

void report_write_json(const struct retort_report *report, struct retort_buffer *out)
{
    retort_buffer_byte(out, '{');
    put_text(out, "retort", RETORT_SPAN(RETORT_VERSION));
    put_text(out, "title", report->title);
    put_text(out, "subtitle", report->subtitle);
    retort_json_key(out, "seed");
    retort_buffer_format(out, "\"%llu\"", (unsigned long long)report->seed);
    retort_json_key(out, "resamples");
    put_count(out, (double)report->n_resamples);
    retort_json_key(out, "sections");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < report->n_sections; i++) {
        retort_buffer_text(out, i ? "," : "");
        put_section(out, &report->sections[i]);
    }
    retort_buffer_byte(out, ']');
    put_methods(out, report);
    retort_buffer_text(out, "}\n");
}
