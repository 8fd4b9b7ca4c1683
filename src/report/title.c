/* The report's title and the line below it: what it is of, how much that is, as of when. */
#include "report/figures.h"
#include "report/gather.h"

#include <stdlib.h>

/* How many different ones the rows have that the report is about; `none` is no one. */
static size_t n_different(const struct report_data *data, const uint32_t *of, uint32_t n,
                          uint32_t none)
{
    uint8_t *seen = retort_grow(NULL, (size_t)n + 1, 1);
    size_t n_seen = 0;
    memset(seen, 0, (size_t)n + 1);
    for (size_t i = 0; i < data->n; i++)
        if (data->group[i] != REPORT_LEFT_OUT && of[i] != none && !seen[of[i]]) {
            seen[of[i]] = 1;
            n_seen++;
        }
    free(seen);
    return n_seen;
}

static void put_count(struct retort_buffer *out, size_t n, const char *what)
{
    report_put_grouped(out, n);
    retort_buffer_format(out, " %s%s", what, n == 1 ? "" : "s");
}

/* "Depth", "Author", "Month" */
static const char *head_of(struct report_work *work)
{
    if (!work->data->noun)
        return NULL;
    char *head = retort_arena_string(&work->report->arena, retort_span_of(work->data->noun));
    if (head[0] >= 'a' && head[0] <= 'z')
        head[0] = (char)(head[0] - 'a' + 'A');
    return head;
}

void report_title(struct report_work *work)
{
    const struct report_data *data = work->data;
    const struct retort_report_request *request = work->request;
    struct retort_buffer title = {0}, below = {0};
    retort_buffer_format(&title, "Discourse in %s", request->name ? request->name : "comments");
    work->report->group_head = head_of(work);
    work->report->title = report_keep(work->report, &title);
    put_count(&below, data->n_selected, "comment");
    retort_buffer_text(&below, " of ");
    put_count(&below, n_different(data, data->thread, data->n_threads, UINT32_MAX), "thread");
    size_t n_authors = n_different(data, data->author, data->n_authors, 0);
    if (n_authors > 0) {
        retort_buffer_text(&below, " by ");
        put_count(&below, n_authors, "named author");
    }
    if (request->where)
        retort_buffer_format(&below, ", where %s", request->where);
    retort_buffer_format(&below, "; the newest stored %.10s", data->newest);
    work->report->subtitle = report_keep(work->report, &below);
}
