/* Along a thread: each comment's place in its thread in tenths, and how common a label is in each.
 *
 * Only threads of at least ten comments, so that every thread has all tenths and the first are not
 * those of other threads than the last. */
#include "report/pairs.h"
#include "report/say.h"

#include <math.h>

enum { N_TENTHS = 10, LEAST_THREAD = 10, N_SHOWN = 4 };

struct along {
    const struct report_task *task;
    struct report_shares shares;
    size_t label;
};

/* How many comments each thread has. */
static uint32_t *measure_threads(const struct report_data *data, struct retort_arena *arena)
{
    uint32_t *sizes = RETORT_NEW(arena, uint32_t, data->n_threads);
    for (size_t row = 0; row < data->n; row++)
        if (data->place[row] >= sizes[data->thread[row]])
            sizes[data->thread[row]] = data->place[row] + 1;
    return sizes;
}

/* Rows that the report is about, in tenths; how many threads are long enough. */
static size_t group_by_tenth(const struct report_data *data, struct retort_arena *arena,
                             struct report_grouping *grouping)
{
    const uint32_t *sizes = measure_threads(data, arena);
    uint32_t *groups = RETORT_NEW(arena, uint32_t, data->n);
    bool *is_in = RETORT_NEW(arena, bool, data->n_threads);
    size_t n_long = 0;
    for (size_t row = 0; row < data->n; row++) {
        uint32_t thread = data->thread[row], size = sizes[thread];
        groups[row] = REPORT_LEFT_OUT;
        if (size < LEAST_THREAD || data->group[row] == REPORT_LEFT_OUT)
            continue;
        groups[row] = (uint32_t)(N_TENTHS * (uint64_t)data->place[row] / size);
        n_long += !is_in[thread];
        is_in[thread] = true;
    }
    *grouping = (struct report_grouping){groups, N_TENTHS};
    return n_long;
}

/* What a label's share changes by from a thread's beginning to its end. */
static double change_along(const void *context, const double *shares)
{
    const struct along *along = context;
    double x[N_TENTHS], y[N_TENTHS], weight[N_TENTHS];
    size_t n = 0;
    for (size_t tenth = 0; tenth < N_TENTHS; tenth++) {
        double share = shares[tenth * along->shares.n_labels + along->label];
        if (isnan(share))
            continue;
        x[n] = ((double)tenth + 0.5) / N_TENTHS;
        y[n] = share;
        weight[n++] = along->shares.count[tenth];
    }
    return n ? retort_slope(x, y, weight, n) : NAN;
}

/* NaN: some tenths are corrected and others are not. */
static struct retort_estimate change_of(struct along *along, size_t label)
{
    const struct report_figure change = {change_along, along, -1, 1};
    if (report_basis_of(&along->shares, label) == REPORT_MIXED)
        return (struct retort_estimate){NAN, NAN, NAN};
    along->label = label;
    return report_figure_of_shares(&along->shares, &change);
}

static const struct report_column CHANGES[] = {
    {"task", "Task", 0},         {"label", "Label", 0},     {"change", "Change, points", 0},
    {"first", "First tenth", 0}, {"last", "Last tenth", 0},
};

static void put_changes(struct report_work *work, struct along *along, struct report_table *table)
{
    const struct retort_stored_model *model = along->task->model;
    for (size_t label = 0; label < along->task->n_labels; label++) {
        struct report_cell *row = report_add_row(work->report, table);
        row[0] = report_words(model->task);
        row[1] = report_words(model->labels[label]);
        row[2] = report_change_cell(change_of(along, label));
        row[3] = report_share_cell(&along->shares, 0, label);
        row[4] = report_share_cell(&along->shares, N_TENTHS - 1, label);
    }
}

/* The sum of its shares over the tenths. */
static double overall(const struct along *along, size_t label)
{
    double sum = 0;
    for (size_t tenth = 0; tenth < N_TENTHS; tenth++) {
        double share = along->shares.share[tenth * along->shares.n_labels + label];
        sum += isnan(share) ? 0 : share;
    }
    return sum;
}

static const struct report_column TENTHS[] = {
    {"task", "Task", 0},   {"label", "Label", 0},       {"tenth", "Tenth", 0},
    {"share", "Share", 0}, {"comments", "Comments", 0},
};

/* Is it among the most common labels of the task? */
static bool is_shown(const struct along *along, size_t label)
{
    size_t n_more = 0;
    for (size_t other = 0; other < along->task->n_labels; other++) {
        double more = overall(along, other) - overall(along, label);
        n_more += more > 0 || (more == 0 && other < label);
    }
    return n_more < N_SHOWN;
}

static void put_tenths(struct report_work *work, const struct along *along,
                       struct report_table *table)
{
    static const char *const NAMES[N_TENTHS] = {"1", "2", "3", "4", "5", "6", "7", "8", "9", "10"};
    const struct retort_stored_model *model = along->task->model;
    for (size_t label = 0; label < along->task->n_labels; label++)
        for (size_t tenth = 0; is_shown(along, label) && tenth < N_TENTHS; tenth++) {
            struct report_cell *row = report_add_row(work->report, table);
            row[0] = report_words(model->task);
            row[1] = report_words(model->labels[label]);
            row[2] = report_words(NAMES[tenth]);
            row[3] = report_share_cell(&along->shares, tenth, label);
            row[4] = report_count((uint64_t)along->shares.count[tenth]);
        }
}

/* Of a million comments, changes can be told that are nothing to speak of. */
static const double LEAST_TOLD = 0.005;

/* The labels whose change can be told, and is worth it. */
static void tell_changes(struct report_work *work, struct report_section *section,
                         struct along *along)
{
    char said[REPORT_SAID];
    size_t n_told = 0;
    for (size_t label = 0; label < along->task->n_labels; label++) {
        struct retort_estimate change = change_of(along, label);
        if (!report_is_off(change, 0) || fabs(change.value) < LEAST_TOLD)
            continue;
        report_add_finding(work->report, section,
                           "From a thread's beginning to its end the share of \"%s\" comments "
                           "changes by %s%s.",
                           along->task->model->labels[label], report_say_points(change, said),
                           report_say_raw(&along->shares, label));
        n_told++;
    }
    if (n_told == 0)
        report_add_finding(
            work->report, section,
            "No label of %s can be told to grow or fall along a thread by half a point "
            "or more.",
            along->task->model->task);
}

static void fill_tables(struct report_work *work, struct report_section *section,
                        struct along *alongs, size_t n_alongs, size_t n_long)
{
    struct report_table *table =
        report_add_table(work->report, section, "tone-along", "Tone along a thread", CHANGES,
                         sizeof CHANGES / sizeof *CHANGES);
    table->plot = REPORT_FLOOR;
    table->plot_label = 1;
    table->plot_value = 2;
    char threads[REPORT_SAID], rows[REPORT_SAID];
    for (size_t i = 0; i < n_alongs; i++)
        put_changes(work, &alongs[i], table);
    report_add_note(work->report, table,
                    "Change: of the share, from the beginning of a thread to its end, by a line "
                    "through its tenths. Threads of at least %d comments: %s; shorter ones are not "
                    "in it. Of %s intervals about one in twenty misses by chance.",
                    LEAST_THREAD, report_say_count(n_long, threads),
                    report_say_count(table->n_rows, rows));
    for (size_t i = 0; i < n_alongs; i++)
        report_note_raw(work, table, alongs[i].task, &alongs[i].shares);
    table = report_add_table(work->report, section, "tone-by-tenth", "Tone by tenths of a thread",
                             TENTHS, sizeof TENTHS / sizeof *TENTHS);
    table->plot = REPORT_LINES;
    table->plot_label = 2;
    table->plot_series = 1;
    table->plot_value = 3;
    for (size_t i = 0; i < n_alongs; i++)
        put_tenths(work, &alongs[i], table);
    report_add_note(work->report, table, "The most common labels, at most %d of a task.", N_SHOWN);
    for (size_t i = 0; i < n_alongs; i++)
        tell_changes(work, section, &alongs[i]);
}

bool report_threads_along(struct report_work *work, struct report_section *section,
                          struct retort_error *error)
{
    const struct report_data *data = work->data;
    struct retort_arena arena = {0};
    struct report_grouping grouping;
    struct along *alongs = RETORT_NEW(&arena, struct along, data->n_tasks);
    size_t n_alongs = 0, n_long = group_by_tenth(data, &arena, &grouping);
    bool good = true;
    for (size_t i = 0; good && n_long && i < data->n_tasks; i++) {
        if (data->tasks[i].one_of || !report_wants(work, &data->tasks[i]))
            continue;
        struct along *along = &alongs[n_alongs++];
        along->task = &data->tasks[i];
        good = report_shares(work, along->task, &grouping, &arena, &along->shares, error);
    }
    if (good && n_alongs)
        fill_tables(work, section, alongs, n_alongs, n_long);
    if (good && !n_long)
        report_add_finding(work->report, section,
                           "No thread here has %d comments, so nothing is said of how tone changes "
                           "along a thread.",
                           LEAST_THREAD);
    retort_arena_release(&arena);
    return good;
}
