/* Reports of any words and any figures: every format writes UTF-8 without a control character, JSON
 * is JSON, and no line is longer than the terminal. */
#include "fuzz/fuzz.h"
#include "report/document.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { N_COLUMNS = 4, MOST_ROWS = 200 };

static const struct report_column COLUMNS[N_COLUMNS] = {
    {"group", "group", 0}, {"label", "the label", 0}, {"a", "", 2}, {"b", "another figure", 1}};

/* ---- a document of the input ---- */

static double next_double(struct retort_span *rest)
{
    double value = NAN;
    if (rest->len >= sizeof value)
        memcpy(&value, rest->data, sizeof value);
    *rest = retort_span_slice(*rest, sizeof value, rest->len);
    return value;
}

static struct retort_estimate next_estimate(struct retort_span *rest)
{
    double value = next_double(rest), low = next_double(rest), high = next_double(rest);
    return (struct retort_estimate){value, low, high};
}

static struct retort_span next_words(struct retort_span *rest)
{
    size_t len = rest->len > 0 ? rest->data[0] % 64 : 0;
    struct retort_span words = retort_span_slice(*rest, 1, 1 + len);
    *rest = retort_span_slice(*rest, 1 + len, rest->len);
    return words;
}

static struct report_cell next_cell(struct retort_span *rest)
{
    unsigned kind = rest->len > 0 ? rest->data[0] % 6 : 0;
    *rest = retort_span_slice(*rest, 1, rest->len);
    switch (kind) {
    case 0:
        return (struct report_cell){REPORT_NOTHING, next_words(rest), NAN, NAN, NAN};
    case 1:
        return report_count((uint64_t)fmax(0, fmin(next_double(rest), 1e15)));
    case 2:
        return report_share(next_estimate(rest));
    case 3:
        return report_number(next_estimate(rest));
    case 4:
        return report_p(next_double(rest));
    default:
        return report_text(next_words(rest));
    }
}

static void fill(struct retort_report *report, struct report_section *section,
                 struct retort_span rest)
{
    struct report_table *table =
        report_add_table(report, section, "t", "The table", COLUMNS, N_COLUMNS);
    table->plot = (enum report_plot)(rest.len > 0 ? rest.data[0] % 4 : 0);
    table->plot_label = 0;
    table->plot_series = rest.len > 1 && rest.data[1] % 2 ? 1 : SIZE_MAX;
    table->plot_value = 2;
    rest = retort_span_slice(rest, 2, rest.len);
    while (rest.len > 0 && table->n_rows < MOST_ROWS) {
        struct report_cell *row = report_add_row(report, table);
        for (size_t i = 0; i < N_COLUMNS; i++)
            row[i] = next_cell(&rest);
    }
}

/* ---- what is held of it ---- */

static void check_bytes(struct retort_span text)
{
    assert(retort_utf8_valid(text));
    for (size_t at = 0; at < text.len;) {
        uint32_t c = retort_utf8_next(text, &at);
        assert((c >= ' ' && (c < 0x7F || c > 0x9F)) || c == '\n' || c == '\r');
    }
}

static void check_lines(struct retort_span text, size_t columns)
{
    struct retort_span line;
    while (retort_span_next_line(&text, &line)) {
        size_t n = 0;
        for (size_t at = 0; at < line.len;)
            n += retort_columns(retort_utf8_next(line, &at));
        assert(n <= columns);
    }
}

static void check_json(struct retort_span text)
{
    struct retort_error error;
    struct retort_json *json = retort_json_parse(text, &error);
    assert(json);
    retort_json_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_report report = {.n_resamples = 100};
    struct report_section section = {.id = "s", .title = "A section"};
    struct retort_buffer out = {0};
    size_t columns = 30 + (size > 2 ? data[2] % 128u : 0);
    report.title = retort_span_slice((struct retort_span){data, size}, 0, 40);
    fill(&report, &section, (struct retort_span){data, size});
    report.sections = &section;
    report.n_sections = 1;
    for (int format = RETORT_REPORT_TEXT; format <= RETORT_REPORT_BIB; format++) {
        const struct retort_report_look look = {(enum retort_report_format)format, columns, false};
        retort_buffer_clear(&out);
        retort_report_write(&report, &look, &out);
        check_bytes(retort_buffer_span(&out));
        if (format == RETORT_REPORT_TEXT)
            check_lines(retort_buffer_span(&out), columns);
        if (format == RETORT_REPORT_JSON)
            check_json(retort_buffer_span(&out));
    }
    retort_buffer_release(&out);
    retort_arena_release(&report.arena);
    return 0;
}
