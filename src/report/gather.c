/* Gathering: what is stored, read as of one moment, into columns: comments, then what models say of
 * them, then what people said, then groups. */
#include "report/gatherer.h"
#include "report/when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- comments ---- */

size_t report_row(const struct report_data *data, int64_t comment)
{
    size_t low = 0, high = data->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (data->comment[middle] < comment)
            low = middle + 1;
        else
            high = middle;
    }
    return low < data->n && data->comment[low] == comment ? low : SIZE_MAX;
}

struct each {
    const struct retort_run_filter *filter;
    int64_t from, to; /* seconds */
    bool (*visit)(void *context, const struct retort_stored_comment *comment,
                  struct retort_error *error);
    void *context;
    int64_t behind;
    size_t n_seen;
};

/* Times that are asked for leave out what tells none. */
static bool was_written_then(const struct each *each, const struct retort_stored_comment *comment)
{
    int64_t seconds;
    if (!each->filter->from.data && !each->filter->to.data)
        return true;
    return comment->time.data && retort_when(comment->time, &seconds) && seconds >= each->from &&
           seconds < each->to;
}

static bool see(void *context, const struct retort_stored_comment *comment,
                struct retort_error *error)
{
    struct each *each = context;
    each->behind = comment->id;
    each->n_seen++;
    return !comment->current || !was_written_then(each, comment) ||
           each->visit(each->context, comment, error);
}

/* 2026, 2026-11 and longer, as the filter's language has checked it; a year is its first day. */
static bool read_bound(struct retort_span word, int64_t otherwise, int64_t *seconds,
                       struct retort_error *error)
{
    char text[32];
    *seconds = otherwise;
    if (!word.data)
        return true;
    int n = snprintf(text, sizeof text, word.len == 4 ? "%.*s-01" : "%.*s", (int)word.len,
                     (const char *)word.data);
    return (n > 0 && (size_t)n < sizeof text && retort_when(retort_span_of(text), seconds)) ||
           retort_fail(error, RETORT_USAGE, "--where: \"%.*s\" is no time; write 2026-11-01",
                       (int)word.len, (const char *)word.data);
}

bool gather_each(struct retort_store *store, const struct retort_run_filter *filter,
                 bool (*visit)(void *context, const struct retort_stored_comment *comment,
                               struct retort_error *error),
                 void *context, struct retort_error *error)
{
    enum { CHUNK = 16384 };
    struct each each = {.filter = filter, .visit = visit, .context = context};
    if (!read_bound(filter->from, INT64_MIN, &each.from, error) ||
        !read_bound(filter->to, INT64_MAX, &each.to, error))
        return false;
    do {
        each.n_seen = 0;
        if (!retort_store_each_behind(store, filter, each.behind, CHUNK, see, &each, error))
            return false;
    } while (each.n_seen == CHUNK);
    return true;
}

/* ---- columns ---- */

static void make_room(struct gatherer *gatherer)
{
    struct report_data *data = gatherer->data;
    size_t room = gatherer->capacity ? 2 * gatherer->capacity : 4096;
    data->comment = retort_grow(data->comment, room, sizeof *data->comment);
    data->author = retort_grow(data->author, room, sizeof *data->author);
    data->place = retort_grow(data->place, room, sizeof *data->place);
    data->day = retort_grow(data->day, room, sizeof *data->day);
    gatherer->parent_id = retort_grow(gatherer->parent_id, room, sizeof *gatherer->parent_id);
    gatherer->page = retort_grow(gatherer->page, room, sizeof *gatherer->page);
    gatherer->source = retort_grow(gatherer->source, room, sizeof *gatherer->source);
    gatherer->capacity = room;
}

static int32_t day_of(struct report_data *data, struct retort_span time)
{
    int64_t seconds;
    if (!time.data || time.len == 0) {
        data->n_timeless++;
        return REPORT_NO_DAY;
    }
    if (retort_when(time, &seconds))
        return report_day(seconds);
    data->n_odd_times++;
    return REPORT_NO_DAY;
}

/* A page's comments are one thread, and those that share an article; others hang on their root. */
static uint32_t page_of(struct gatherer *gatherer, const struct retort_stored_comment *comment)
{
    if (comment->paged)
        return 1 + report_key(&gatherer->pages, 2 * (uint64_t)comment->source_id);
    if (comment->line_article)
        return 1 + report_key(&gatherer->pages, 2 * (uint64_t)comment->line_article + 1);
    return 0;
}

static bool put_row(void *context, const struct retort_stored_comment *comment,
                    struct retort_error *error)
{
    struct gatherer *gatherer = context;
    struct report_data *data = gatherer->data;
    if (data->n == UINT32_MAX - 1)
        return retort_fail(error, RETORT_INPUT, "more than 4,294,967,294 comments; use --where");
    if (data->n == gatherer->capacity)
        make_room(gatherer);
    size_t row = data->n++;
    if ((row & 4095) == 0)
        retort_progress_step(&gatherer->progress, row);
    data->comment[row] = comment->id;
    data->author[row] = comment->author.data && comment->author.len > 0
                            ? 1 + report_key(&gatherer->authors, retort_hash(comment->author, 0))
                            : 0;
    data->place[row] = comment->paged ? (uint32_t)comment->number - 1 : UINT32_MAX;
    data->day[row] = day_of(data, comment->time);
    gatherer->parent_id[row] = comment->parent;
    gatherer->page[row] = page_of(gatherer, comment);
    gatherer->source[row] = report_key(&gatherer->sources, (uint64_t)comment->source_id);
    if (comment->stored.len < sizeof data->newest &&
        retort_span_compare(comment->stored, retort_span_of(data->newest)) > 0) {
        memcpy(data->newest, comment->stored.data, comment->stored.len);
        data->newest[comment->stored.len] = 0;
    }
    return true;
}

static void list_authors(struct gatherer *gatherer)
{
    struct report_data *data = gatherer->data;
    data->n_authors = gatherer->authors.n;
    data->author_row = RETORT_NEW(gatherer->arena, uint32_t, 1 + (size_t)data->n_authors);
    for (size_t row = data->n; row > 0; row--)
        data->author_row[data->author[row - 1]] = (uint32_t)(row - 1);
}

/* What only threads are made of: labels need the room. */
static void release_threads(struct gatherer *gatherer)
{
    report_keys_release(&gatherer->authors);
    report_keys_release(&gatherer->pages);
    free(gatherer->parent_id);
    free(gatherer->page);
    gatherer->parent_id = NULL;
    gatherer->page = NULL;
}

static bool gather_all(struct gatherer *gatherer, struct retort_error *error)
{
    const struct retort_run_filter all = {0};
    int64_t last;
    if (!retort_store_last_comment(gatherer->store, &last, error))
        return false;
    retort_progress_begin(&gatherer->progress, "reading", (size_t)last, gatherer->request->quiet);
    bool read = gather_each(gatherer->store, &all, put_row, gatherer, error);
    retort_progress_end(&gatherer->progress);
    if (!read)
        return false;
    if (gatherer->data->n == 0)
        return retort_fail(error, RETORT_INPUT,
                           "there is no comment here yet; store some by `retort label -d`");
    list_authors(gatherer);
    gather_threads(gatherer);
    release_threads(gatherer);
    return gather_labels(gatherer, error) && gather_groups(gatherer, error);
}

bool report_gather(struct report_work *work, struct report_data *data, struct retort_error *error)
{
    struct gatherer gatherer = {.store = work->store,
                                .request = work->request,
                                .arena = work->arena,
                                .names = &work->report->arena,
                                .data = data};
    bool gathered = retort_store_hold(work->store, error) && gather_all(&gatherer, error);
    release_threads(&gatherer);
    report_keys_release(&gatherer.sources);
    free(gatherer.source);
    return gathered;
}

void report_data_release(struct report_data *data)
{
    free(data->comment);
    free(data->author);
    free(data->place);
    free(data->day);
}

/* ---- for sections ---- */

struct selecting {
    const struct report_data *data;
    uint32_t *group, value;
    size_t n;
};

static bool select_row(void *context, const struct retort_stored_comment *comment,
                       struct retort_error *error)
{
    struct selecting *selecting = context;
    size_t row = report_row(selecting->data, comment->id);
    (void)error;
    if (row != SIZE_MAX) {
        selecting->group[row] = selecting->value;
        selecting->n++;
    }
    return true;
}

bool report_select(struct report_work *work, const char *where, uint32_t *group, uint32_t value,
                   struct retort_error *error)
{
    struct retort_run_filter filter;
    struct selecting selecting = {work->data, group, value, 0};
    return retort_review_where(where, work->arena, &filter, error) &&
           retort_review_where_check(work->store, &filter, error) &&
           gather_each(work->store, &filter, select_row, &selecting, error) &&
           (selecting.n > 0 ||
            retort_fail(error, RETORT_USAGE, "no comment is taken by \"%s\"", where));
}

const struct report_task *report_task_named(const struct report_data *data, const char *task)
{
    for (size_t t = 0; t < data->n_tasks; t++)
        if (strcmp(data->tasks[t].model->task, task) == 0)
            return &data->tasks[t];
    return NULL;
}

size_t report_label_named(const struct report_task *task, const char *label)
{
    for (size_t l = 0; l < task->n_labels; l++)
        if (strcmp(task->model->labels[l], label) == 0)
            return l;
    return SIZE_MAX;
}
