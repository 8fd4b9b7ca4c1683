/* How long decisions take: from when a comment was stored to when a person first decided on it. */
#include "report/transparency.h"
#include "report/when.h"

#include <math.h>
#include <stdlib.h>

static const struct report_column COLUMNS[] = {
    {"task", "Task", 0},
    {"decisions", "Decided", 0},
    {"median_hours", "Median", 2},
    {"p90_hours", "90 % within", 2},
    {"longest_hours", "Longest", 2},
};
enum { N_COLUMNS = sizeof COLUMNS / sizeof *COLUMNS };

struct first {
    uint32_t row;
    double hours;
};

struct times {
    struct report_work *work;
    struct retort_span task;
    struct first *all; /* owned; in the order in which people decided */
    size_t n, room;
    size_t n_backwards; /* decided before it was stored, as clocks have it */
    uint8_t *seen;      /* [rows] */
};

/* An undone decision was one, too: somebody had looked. */
static bool take_decision(void *context, const struct retort_stored_decision *decision,
                          struct retort_error *error)
{
    struct times *times = context;
    struct retort_arena arena = {0};
    struct retort_stored_comment comment;
    int64_t stored, decided;
    size_t row;
    if (!decision->label.data || !retort_span_equal(decision->task, times->task) ||
        !transparency_is_asked(times->work, decision->comment, &row) || times->seen[row])
        return true;
    times->seen[row] = 1;
    bool read =
        retort_store_comment(times->work->store, decision->comment, &arena, &comment, error);
    if (read && retort_when(comment.stored, &stored) && retort_when(decision->decided, &decided)) {
        if (times->n == times->room)
            times->all = retort_grow(times->all, times->room = times->room ? 2 * times->room : 256,
                                     sizeof *times->all);
        if (decided < stored)
            times->n_backwards++;
        else
            times->all[times->n++] =
                (struct first){(uint32_t)row, (double)(decided - stored) / 3600};
    }
    retort_arena_release(&arena);
    return read;
}

static int by_hours(const void *left, const void *right)
{
    const struct first *a = left, *b = right;
    return a->hours < b->hours ? -1 : a->hours > b->hours;
}

/* The value at a share of all, its interval by the binomial distribution of ranks. */
static struct retort_estimate quantile(const struct times *times, double share)
{
    double n = (double)times->n, spread = 1.96 * sqrt(n * share * (1 - share));
    double low = floor(n * share - spread), high = ceil(n * share + spread);
    size_t at = (size_t)fmin(floor(n * share), n - 1);
    struct retort_estimate estimate = report_bare(times->all[at].hours);
    if (low >= 1 && high <= n) {
        estimate.low = times->all[(size_t)low - 1].hours;
        estimate.high = times->all[(size_t)high - 1].hours;
    }
    return estimate;
}

static void put_row(struct times *times, struct report_table *table)
{
    struct retort_report *report = times->work->report;
    struct report_cell *row = report_add_row(report, table);
    row[0] = report_text(retort_arena_copy(&report->arena, times->task));
    row[1] = report_count(times->n);
    for (size_t c = 2; c < N_COLUMNS; c++)
        row[c] = report_nothing("nobody has decided yet");
    if (times->n == 0)
        return;
    qsort(times->all, times->n, sizeof *times->all, by_hours);
    row[2] = report_number(quantile(times, 0.5));
    row[3] = report_number(quantile(times, 0.9));
    row[4] = report_number(report_bare(times->all[times->n - 1].hours));
}

bool transparency_time(struct report_work *work, struct report_section *section,
                       struct retort_error *error)
{
    struct report_table *table = report_add_table(
        work->report, section, "time", "Hours from stored to decided", COLUMNS, N_COLUMNS);
    size_t n_backwards = 0;
    for (size_t t = 0; t < work->data->n_tasks; t++) {
        struct times times = {.work = work,
                              .task = retort_span_of(work->data->tasks[t].model->task)};
        if (!transparency_is_task(work, &work->data->tasks[t]))
            continue;
        times.seen = RETORT_NEW(work->arena, uint8_t, work->data->n);
        bool read = retort_store_each_decision(work->store, 0, take_decision, &times, error);
        if (read)
            put_row(&times, table);
        n_backwards += times.n_backwards;
        free(times.all);
        if (!read)
            return false;
    }
    if (n_backwards)
        report_add_note(work->report, table,
                        "%zu were decided before they were stored, as the clocks have it; they are "
                        "left out.",
                        n_backwards);
    report_add_note(
        work->report, table,
        "From when a comment came into this file to the first decision on it, whether it "
        "was taken back later or not.");
    return true;
}
