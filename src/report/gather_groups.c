/* Groups: which rows the report is about, and which of them belong together.
 *
 * A key is made of each row, keys are counted, and what is shown is either in order (periods,
 * depths, places) or the largest first, with the others as one group at the end. Too many periods
 * are made longer ones: a line of a thousand days can't be read. */
#include "report/gatherer.h"
#include "report/when.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEFAULT_GROUPS = 50 };
static const uint64_t NO_KEY = UINT64_MAX; /* the comment doesn't say */

struct grouper {
    struct gatherer *gatherer;
    struct report_data *data;
    const struct kind *kind;
    const struct report_task *task; /* of label: */
    size_t label;                   /* of label:TASK=LABEL; SIZE_MAX: the label itself */
    enum report_period period;
};

struct group {
    uint64_t key;
    uint32_t index, row; /* row: the first of it */
    size_t n;
};

struct kind {
    const char *name, *unknown; /* unknown: what a group is called of which comments do not say */
    bool is_ordered, is_period;
    uint64_t (*key)(const struct grouper *grouper, size_t row);
    bool (*put)(const struct grouper *grouper, const struct group *group, struct retort_buffer *out,
                struct retort_error *error);
};

/* ---- keys ---- */

static uint64_t page_key(const struct grouper *grouper, size_t row)
{
    return grouper->gatherer->source[row];
}

static uint64_t author_key(const struct grouper *grouper, size_t row)
{
    uint32_t author = grouper->data->author[row];
    return author ? author : NO_KEY;
}

/* Days before 1970 are negative: keys are shifted, so that they stay in order. */
static const int64_t SHIFT = INT64_C(1) << 32;

static uint64_t period_key(const struct grouper *grouper, size_t row)
{
    int32_t day = grouper->data->day[row];
    return day == REPORT_NO_DAY ? NO_KEY
                                : (uint64_t)(report_period_begin(grouper->period, day) + SHIFT);
}

static uint64_t depth_key(const struct grouper *grouper, size_t row)
{
    enum { DEEPEST = 10 };
    return grouper->data->depth[row] < DEEPEST ? grouper->data->depth[row] : DEEPEST;
}

/* Places 1, 2, 3–4, 5–8 and so on: as many comments stand in each as in all before it. */
static uint64_t place_key(const struct grouper *grouper, size_t row)
{
    uint64_t key = 0;
    for (uint32_t place = grouper->data->place[row]; place > 0; place /= 2)
        key++;
    return key;
}

static uint64_t label_key(const struct grouper *grouper, size_t row)
{
    const struct report_task *task = grouper->task;
    if (isnan(task->p[row * task->n_labels]))
        return NO_KEY;
    if (grouper->label != SIZE_MAX)
        return task->said[row] >> grouper->label & 1 ? 0 : 1;
    for (size_t l = 0; l < task->n_labels; l++)
        if (task->said[row] >> l & 1)
            return l;
    return NO_KEY;
}

/* ---- names ---- */

static bool put_of_comment(const struct grouper *grouper, const struct group *group, bool author,
                           struct retort_buffer *out, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_stored_comment comment;
    bool read = retort_store_comment(grouper->gatherer->store, grouper->data->comment[group->row],
                                     &arena, &comment, error);
    if (read)
        retort_buffer_put(out, author ? comment.author : comment.source);
    retort_arena_release(&arena);
    return read;
}

static bool put_page(const struct grouper *grouper, const struct group *group,
                     struct retort_buffer *out, struct retort_error *error)
{
    return put_of_comment(grouper, group, false, out, error);
}

static bool put_author(const struct grouper *grouper, const struct group *group,
                       struct retort_buffer *out, struct retort_error *error)
{
    return put_of_comment(grouper, group, true, out, error);
}

static bool put_period(const struct grouper *grouper, const struct group *group,
                       struct retort_buffer *out, struct retort_error *error)
{
    (void)error;
    report_put_period(out, grouper->period, (int32_t)((int64_t)group->key - SHIFT));
    return true;
}

static bool put_depth(const struct grouper *grouper, const struct group *group,
                      struct retort_buffer *out, struct retort_error *error)
{
    (void)grouper, (void)error;
    retort_buffer_format(out, group->key < 10 ? "%llu" : "%llu or more",
                         (unsigned long long)group->key);
    return true;
}

static bool put_place(const struct grouper *grouper, const struct group *group,
                      struct retort_buffer *out, struct retort_error *error)
{
    uint64_t last = UINT64_C(1) << group->key, first = group->key ? last / 2 + 1 : 1;
    (void)grouper, (void)error;
    retort_buffer_format(out, first == last ? "%llu" : "%llu–%llu", (unsigned long long)first,
                         (unsigned long long)last);
    return true;
}

static bool put_label(const struct grouper *grouper, const struct group *group,
                      struct retort_buffer *out, struct retort_error *error)
{
    size_t label = grouper->label == SIZE_MAX ? (size_t)group->key : grouper->label;
    (void)error;
    if (grouper->label != SIZE_MAX && group->key == 1)
        retort_buffer_text(out, "not ");
    retort_buffer_text(out, grouper->task->model->labels[label]);
    return true;
}

static const struct kind KINDS[] = {
    {"page", NULL, false, false, page_key, put_page},
    {"author", "(no author)", false, false, author_key, put_author},
    {"day", "(no time)", true, true, period_key, put_period},
    {"week", "(no time)", true, true, period_key, put_period},
    {"month", "(no time)", true, true, period_key, put_period},
    {"depth", NULL, true, false, depth_key, put_depth},
    {"place", NULL, true, false, place_key, put_place},
    {"label", "(not labelled)", false, false, label_key, put_label},
};
enum { N_KINDS = sizeof KINDS / sizeof *KINDS };
static const char *const PERIODS[] = {"day", "week", "month"};

/* ---- what was asked for ---- */

static bool find_label(struct grouper *grouper, const char *rest, struct retort_error *error)
{
    const char *equals = strchr(rest, '=');
    struct retort_span task = {(const uint8_t *)rest,
                               equals ? (size_t)(equals - rest) : strlen(rest)};
    grouper->task =
        report_task_named(grouper->data, retort_arena_string(grouper->gatherer->arena, task));
    if (!grouper->task)
        return retort_fail(error, RETORT_USAGE,
                           "--by label: \"%s\" names no task that is labelled "
                           "here; write --by label:stance",
                           rest);
    if (equals) {
        grouper->label = report_label_named(grouper->task, equals + 1);
        return grouper->label != SIZE_MAX ||
               retort_fail(error, RETORT_USAGE, "--by label: the task %s has no label \"%s\"",
                           grouper->task->model->task, equals + 1);
    }
    return grouper->task->one_of ||
           retort_fail(error, RETORT_USAGE,
                       "--by label:%s: several of its labels may hold at once; name one, as in "
                       "--by label:%s=%s",
                       grouper->task->model->task, grouper->task->model->task,
                       grouper->task->model->labels[0]);
}

static bool find_kind(struct grouper *grouper, const char *by, struct retort_error *error)
{
    bool is_label = strncmp(by, "label:", 6) == 0;
    for (size_t k = 0; k < N_KINDS; k++)
        if (strcmp(by, KINDS[k].name) == 0 || (is_label && KINDS[k].key == label_key))
            grouper->kind = &KINDS[k];
    if (!grouper->kind)
        return retort_fail(error, RETORT_USAGE,
                           "--by \"%s\" is not known; write page, author, day, week, month, depth, "
                           "place or label:TASK",
                           by);
    for (size_t p = 0; p < sizeof PERIODS / sizeof *PERIODS; p++)
        if (strcmp(by, PERIODS[p]) == 0)
            grouper->period = (enum report_period)p;
    grouper->data->by = grouper->data->noun = grouper->kind->name;
    grouper->data->by_is_ordered = grouper->kind->is_ordered;
    grouper->data->by_is_period = grouper->kind->is_period;
    if (grouper->kind->key != label_key)
        return true;
    if (!find_label(grouper, is_label ? by + 6 : "", error))
        return false;
    grouper->data->noun = grouper->task->model->task;
    return true;
}

/* ---- groups ---- */

static int by_key(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    return a->key < b->key ? -1 : a->key > b->key;
}

static int by_size(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    bool a_says = a->key != NO_KEY, b_says = b->key != NO_KEY;
    if (a_says != b_says)
        return a_says ? -1 : 1;
    if (a->n != b->n)
        return a->n > b->n ? -1 : 1;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Of the rows that are selected; to be freed. Leaves each row's group as an index of them. */
static struct group *count_groups(const struct grouper *grouper, uint32_t *n)
{
    struct report_data *data = grouper->data;
    struct report_keys keys = {0};
    struct group *groups = NULL;
    size_t room = 0;
    for (size_t row = 0; row < data->n; row++) {
        if (data->group[row] == REPORT_LEFT_OUT)
            continue;
        uint32_t known = keys.n;
        uint64_t key = grouper->kind->key(grouper, row);
        uint32_t at = report_key(&keys, key);
        if (at == room)
            groups = retort_grow(groups, room = room ? 2 * room : 64, sizeof *groups);
        if (keys.n > known)
            groups[at] = (struct group){key, at, (uint32_t)row, 0};
        data->group[row] = at;
        groups[at].n++;
    }
    *n = keys.n;
    report_keys_release(&keys);
    return groups;
}

static struct group *count_readable(struct grouper *grouper, size_t most, uint32_t *n)
{
    struct group *groups = count_groups(grouper, n);
    while (*n > most && grouper->kind->is_period && grouper->period < REPORT_MONTH) {
        free(groups);
        grouper->period++;
        grouper->data->by = grouper->data->noun = PERIODS[grouper->period];
        groups = count_groups(grouper, n);
    }
    return groups;
}

static bool put_name(const struct grouper *grouper, const struct group *group,
                     struct retort_span *name, struct retort_error *error)
{
    struct retort_buffer out = {0};
    bool put = true;
    if (group->key == NO_KEY)
        retort_buffer_text(&out, grouper->kind->unknown);
    else
        put = grouper->kind->put(grouper, group, &out, error);
    *name = retort_arena_copy(grouper->gatherer->names, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return put;
}

/* In their order; those beyond the room are one, the last. */
static bool arrange(const struct grouper *grouper, struct group *groups, uint32_t n, size_t most)
{
    struct report_data *data = grouper->data;
    uint32_t *place = retort_grow(NULL, n, sizeof *place);
    size_t shown = n > most ? most - 1 : n;
    qsort(groups, n, sizeof *groups, by_size);
    if (grouper->kind->is_ordered)
        qsort(groups, shown, sizeof *groups, by_key);
    for (uint32_t g = 0; g < n; g++)
        place[groups[g].index] = g < shown ? g : (uint32_t)shown;
    for (size_t row = 0; row < data->n; row++)
        if (data->group[row] != REPORT_LEFT_OUT)
            data->group[row] = place[data->group[row]];
    data->n_merged = n - (uint32_t)shown;
    data->n_groups = (uint32_t)shown + (data->n_merged > 0);
    free(place);
    return data->n_merged > 0;
}

static bool make_groups(struct grouper *grouper, size_t most, struct retort_error *error)
{
    struct report_data *data = grouper->data;
    uint32_t n;
    struct group *groups = count_readable(grouper, most, &n);
    bool merged = arrange(grouper, groups, n, most), named = true;
    data->groups = RETORT_NEW(grouper->gatherer->arena, struct retort_span, data->n_groups);
    for (size_t g = 0; named && g + merged < data->n_groups; g++)
        named = put_name(grouper, &groups[g], &data->groups[g], error);
    if (merged)
        data->groups[data->n_groups - 1] = RETORT_SPAN("(others)");
    free(groups);
    return named;
}

/* ---- which rows ---- */

static bool select_row(void *context, const struct retort_stored_comment *comment,
                       struct retort_error *error)
{
    struct report_data *data = context;
    size_t row = report_row(data, comment->id);
    (void)error;
    if (row != SIZE_MAX) {
        data->group[row] = 0;
        data->n_selected++;
    }
    return true;
}

static bool select_rows(struct gatherer *gatherer, struct retort_error *error)
{
    struct report_data *data = gatherer->data;
    const char *where = gatherer->request->where;
    struct retort_run_filter filter;
    data->group = RETORT_NEW(gatherer->arena, uint32_t, data->n);
    data->n_selected = data->n;
    if (!where)
        return true;
    for (size_t row = 0; row < data->n; row++)
        data->group[row] = REPORT_LEFT_OUT;
    data->n_selected = 0;
    return retort_review_where(where, gatherer->arena, &filter, error) &&
           retort_review_where_check(gatherer->store, &filter, error) &&
           gather_each(gatherer->store, &filter, select_row, data, error) &&
           (data->n_selected > 0 ||
            retort_fail(error, RETORT_USAGE, "--where: no comment is like that"));
}

bool gather_groups(struct gatherer *gatherer, struct retort_error *error)
{
    const struct retort_report_request *request = gatherer->request;
    struct grouper grouper = {.gatherer = gatherer, .data = gatherer->data, .label = SIZE_MAX};
    size_t most = request->n_groups ? request->n_groups : DEFAULT_GROUPS;
    if (!select_rows(gatherer, error))
        return false;
    if (request->by)
        return find_kind(&grouper, request->by, error) && make_groups(&grouper, most, error);
    gatherer->data->n_groups = 1;
    gatherer->data->groups = RETORT_NEW(gatherer->arena, struct retort_span, 1);
    gatherer->data->groups[0] = RETORT_SPAN("all");
    return true;
}
