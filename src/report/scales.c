/* Scales: labels that have an order, so that more can be said of their shares than how even they
 * are.
 *
 * What is known of tasks is a table; the request may say otherwise. Labels that are not on the
 * scale are left out, and the shares of the others are shares of them. */
#include "report/scales.h"

#include <math.h>
#include <string.h>

static const struct {
    const char *task, *scale;
} KNOWN[] = {
    {"stance", "against,none,favor"},
    {"reply", "disagree,none,agree"},
};

/* The next name of a list with commas between; false: there is none. */
static bool next_name(struct retort_span *rest, struct retort_span *name)
{
    size_t len = 0;
    if (!rest->data)
        return false;
    while (len < rest->len && rest->data[len] != ',')
        len++;
    *name = retort_span_trim(retort_span_slice(*rest, 0, len));
    *rest = len < rest->len ? retort_span_slice(*rest, len + 1, rest->len)
                            : (struct retort_span){NULL, 0};
    return true;
}

static size_t label_of(const struct report_task *task, struct retort_span name)
{
    for (size_t l = 0; l < task->n_labels; l++)
        if (retort_span_equal(retort_span_of(task->model->labels[l]), name))
            return l;
    return SIZE_MAX;
}

static bool is_on(const struct report_scale *scale, size_t label)
{
    for (size_t i = 0; i < scale->n; i++)
        if (scale->labels[i] == label)
            return true;
    return false;
}

/* false: a name is none of the task's labels, or said twice; or there is but one. */
static bool read_scale(const struct report_task *task, const char *names,
                       struct report_scale *scale)
{
    struct retort_span rest = retort_span_of(names), name;
    *scale = (struct report_scale){.ordered = true};
    while (next_name(&rest, &name)) {
        size_t label = label_of(task, name);
        if (label == SIZE_MAX || is_on(scale, label) || scale->n == RETORT_MOST_CATEGORIES)
            return false;
        scale->labels[scale->n++] = label;
    }
    scale->n_outside = task->n_labels - scale->n;
    return scale->n > 1;
}

bool report_scale_of(const struct retort_report_request *request, const struct report_task *task,
                     struct report_scale *scale)
{
    if (!task->one_of || task->n_labels < 2 || task->n_labels > RETORT_MOST_CATEGORIES)
        return false;
    if (request->scale && read_scale(task, request->scale, scale))
        return true;
    for (size_t i = 0; i < sizeof KNOWN / sizeof *KNOWN; i++)
        if (strcmp(KNOWN[i].task, task->model->task) == 0 &&
            read_scale(task, KNOWN[i].scale, scale))
            return true;
    *scale = (struct report_scale){.n = task->n_labels};
    for (size_t l = 0; l < task->n_labels; l++)
        scale->labels[l] = l;
    return true;
}

bool report_scale_check(const struct report_work *work, struct retort_error *error)
{
    struct report_scale scale;
    if (!work->request->scale)
        return true;
    for (size_t i = 0; i < work->data->n_tasks; i++)
        if (report_task_is_wanted(work, &work->data->tasks[i]) && work->data->tasks[i].one_of &&
            read_scale(&work->data->tasks[i], work->request->scale, &scale))
            return true;
    return retort_fail(error, RETORT_USAGE,
                       "--scale %.200s: is no scale of a task here; name two or more labels of a "
                       "task that has one label a comment, lowest first, commas between",
                       work->request->scale);
}

struct retort_span report_scale_text(const struct report_task *task,
                                     const struct report_scale *scale, struct retort_arena *arena)
{
    struct retort_buffer text = {0};
    for (size_t i = 0; i < scale->n; i++) {
        retort_buffer_text(&text, i == 0 ? "" : scale->ordered ? " < " : ", ");
        retort_buffer_text(&text, task->model->labels[scale->labels[i]]);
    }
    struct retort_span kept = retort_arena_copy(arena, retort_buffer_span(&text));
    retort_buffer_release(&text);
    return kept;
}

bool report_scale_shares(const struct report_scale *scale, const double *shares, double *on_scale)
{
    double sum = 0;
    for (size_t i = 0; i < scale->n; i++)
        sum += on_scale[i] = shares[scale->labels[i]];
    if (!(sum > 1e-9)) /* NaN, too */
        return false;
    for (size_t i = 0; i < scale->n; i++)
        on_scale[i] /= sum;
    return true;
}

struct retort_estimate report_interval_whole(struct retort_estimate of)
{
    if (of.high - of.low > 1e-9)
        return (struct retort_estimate){of.value, fmin(of.low, of.value), fmax(of.high, of.value)};
    return report_bare(of.value);
}

struct retort_estimate report_interval_told(double value, double *values, size_t n)
{
    return report_interval_whole(report_interval(value, values, n));
}

const char *report_as_said(const struct report_shares *shares)
{
    for (size_t g = 0; g < shares->n_groups; g++)
        if (shares->correction[g] == REPORT_RAW && shares->count[g] > 0)
            return ", as the model says";
    return "";
}

/* ---- tasks ---- */

bool report_task_is_wanted(const struct report_work *work, const struct report_task *task)
{
    return !work->request->task || strcmp(work->request->task, task->model->task) == 0;
}

const char *report_task_id(struct report_work *work, const char *prefix,
                           const struct report_task *task)
{
    struct retort_buffer id = {0};
    retort_buffer_text(&id, prefix);
    retort_buffer_byte(&id, '-');
    for (const char *at = task->model->task; *at; at++) {
        uint8_t byte = (uint8_t)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        retort_buffer_byte(&id, plain ? byte : '-');
    }
    const char *kept = retort_arena_string(&work->report->arena, retort_buffer_span(&id));
    retort_buffer_release(&id);
    return kept;
}
