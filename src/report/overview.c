/* overview: what the report is about: how many comments, from when to when, and what was odd. */
#include "report/say.h"
#include "report/when.h"

#include <string.h>

static const struct report_column COLUMNS[] = {{"what", "", 0}, {"value", "", 0}};
enum { N_COLUMNS = sizeof COLUMNS / sizeof *COLUMNS };

struct extent {
    uint64_t n_threads, n_authors, n_timeless;
    int32_t first, last; /* days */
};

/* How many different numbers below n the rows of the report have. */
static uint64_t count_different(const struct report_work *work, const uint32_t *column, size_t n)
{
    const struct report_data *data = work->data;
    uint8_t *seen = RETORT_NEW(work->arena, uint8_t, n);
    uint64_t different = 0;
    for (size_t row = 0; row < data->n; row++) {
        if (data->group[row] == REPORT_LEFT_OUT || seen[column[row]])
            continue;
        seen[column[row]] = 1;
        different++;
    }
    return different;
}

static struct extent measure(const struct report_work *work)
{
    const struct report_data *data = work->data;
    struct extent extent = {.first = INT32_MAX, .last = REPORT_NO_DAY};
    bool nameless = false;
    for (size_t row = 0; row < data->n; row++) {
        if (data->group[row] == REPORT_LEFT_OUT)
            continue;
        nameless |= data->author[row] == 0;
        extent.n_timeless += data->day[row] == REPORT_NO_DAY;
        if (data->day[row] == REPORT_NO_DAY)
            continue;
        extent.first = data->day[row] < extent.first ? data->day[row] : extent.first;
        extent.last = data->day[row] > extent.last ? data->day[row] : extent.last;
    }
    extent.n_threads = count_different(work, data->thread, data->n_threads);
    extent.n_authors = count_different(work, data->author, (size_t)data->n_authors + 1) - nameless;
    return extent;
}

static void put_count(struct report_work *work, struct report_table *table, const char *what,
                      uint64_t n)
{
    struct report_cell *row = report_add_row(work->report, table);
    row[0] = report_words(what);
    row[1] = report_count(n);
}

static void put_days(const struct extent *extent, struct retort_buffer *out)
{
    report_put_period(out, REPORT_DAY, extent->first);
    if (extent->first != extent->last) {
        retort_buffer_text(out, " to ");
        report_put_period(out, REPORT_DAY, extent->last);
    }
}

static void put_span(struct report_work *work, struct report_table *table,
                     const struct extent *extent)
{
    struct report_cell *row = report_add_row(work->report, table);
    struct retort_buffer days = {0};
    row[0] = report_words("written");
    row[1] = report_nothing("no comment tells when");
    if (extent->last != REPORT_NO_DAY) {
        put_days(extent, &days);
        row[1] = report_text(retort_arena_copy(&work->report->arena, retort_buffer_span(&days)));
    }
    retort_buffer_release(&days);
}

static void put_odd(struct report_work *work, struct report_table *table)
{
    const struct report_data *data = work->data;
    char n[REPORT_SAID];
    if (data->n_odd_times)
        report_add_note(
            work->report, table,
            data->n_odd_times == 1
                ? "%s time is in no form that is known, and counts as none: write ISO 8601."
                : "%s times are in no form that is known, and count as none: write ISO 8601.",
            report_say_count(data->n_odd_times, n));
    if (data->n_cycles)
        report_add_note(work->report, table,
                        "%s comments answer themselves in a circle; each circle was cut where it "
                        "was met.",
                        report_say_count(data->n_cycles, n));
    if (data->too_wide)
        report_add_note(work->report, table,
                        "The task %s has more labels than a report can tell, and is left out.",
                        data->too_wide);
    if (data->by && work->request->by && data->by_is_ordered &&
        strcmp(data->by, work->request->by) != 0)
        report_add_note(work->report, table,
                        "There are too many periods to be read by %s, so they are shown by %s; "
                        "--groups shows more.",
                        work->request->by, data->by);
    if (data->n_merged)
        report_add_note(work->report, table, "%s groups are one, (others); --groups shows more.",
                        report_say_count(data->n_merged, n));
}

bool report_overview(struct report_work *work, struct report_section *section,
                     struct retort_error *error)
{
    const struct extent extent = measure(work);
    struct report_table *table =
        report_add_table(work->report, section, "overview", "Comments", COLUMNS, N_COLUMNS);
    (void)error;
    put_count(work, table, "comments that stand in the file", work->data->n);
    put_count(work, table, "of these in this report", work->data->n_selected);
    put_count(work, table, "threads", extent.n_threads);
    put_count(work, table, "authors that are named", extent.n_authors);
    put_span(work, table, &extent);
    put_count(work, table, "without a time", extent.n_timeless);
    put_odd(work, table);
    return true;
}
