/* Sides: two filters, or each group of --by against the others. */
#include "report/sides.h"

#include <math.h>
#include <string.h>

static uint32_t *left_out(const struct report_data *data, struct retort_arena *arena)
{
    uint32_t *group = retort_arena_room(arena, data->n + 1, sizeof *group);
    for (size_t i = 0; i < data->n; i++)
        group[i] = REPORT_LEFT_OUT;
    return group;
}

static bool take_filters(struct report_work *work, struct retort_arena *arena,
                         struct report_sides *sides, struct retort_error *error)
{
    const struct report_data *data = work->data;
    const char *filters[2] = {work->request->compare, work->request->against};
    uint32_t *second = left_out(data, arena);
    sides->asked = true;
    sides->by_label = strstr(filters[0], "label=") || strstr(filters[1], "label=");
    sides->group = left_out(data, arena);
    sides->n_groups = 2;
    sides->n_pairs = 1;
    sides->names = RETORT_NEW(&work->report->arena, struct retort_span, 2);
    for (size_t i = 0; i < 2; i++)
        sides->names[i] = retort_arena_copy(&work->report->arena, retort_span_of(filters[i]));
    if (!report_select(work, filters[0], sides->group, 0, error) ||
        !report_select(work, filters[1], second, 1, error))
        return false;
    for (size_t i = 0; i < data->n; i++) {
        bool both = sides->group[i] == 0 && second[i] == 1;
        sides->n_both += both;
        if (both || data->group[i] == REPORT_LEFT_OUT)
            sides->group[i] = REPORT_LEFT_OUT;
        else if (second[i] == 1)
            sides->group[i] = 1;
    }
    return true;
}

bool report_sides_of(struct report_work *work, struct retort_arena *arena,
                     struct report_sides *sides, struct retort_error *error)
{
    const struct report_data *data = work->data;
    *sides = (struct report_sides){.group = data->group, .n_groups = data->n_groups};
    if (work->request->compare && work->request->against)
        return take_filters(work, arena, sides, error);
    sides->names = RETORT_NEW(&work->report->arena, struct retort_span, data->n_groups + 1);
    for (size_t g = 0; g < data->n_groups; g++)
        sides->names[g] = retort_arena_copy(&work->report->arena, data->groups[g]);
    if (data->n_groups > 1) /* "(others)" is on the other side only */
        sides->n_pairs = data->n_groups == 2 ? 1 : data->n_groups - (data->n_merged > 0 ? 1 : 0);
    return true;
}

bool report_sides_are_labels(const struct report_work *work, const struct report_sides *sides,
                             const struct report_task *task)
{
    const char *by = work->request->by;
    size_t len = strlen(task->model->task);
    return !sides->asked && by && strncmp(by, "label:", 6) == 0 &&
           strncmp(by + 6, task->model->task, len) == 0 && (by[6 + len] == 0 || by[6 + len] == '=');
}

/* ---- shares of both sides ---- */

double report_side_share(const struct report_shares *shares, size_t replicate, size_t group,
                         size_t label)
{
    return shares->share[(replicate * shares->n_groups + group) * shares->n_labels + label];
}

/* One that has no replicates is taken as it is: it is a single comment. */
static double weighed_share(const struct report_shares *shares, size_t replicate, size_t group,
                            size_t label)
{
    double share = report_side_share(shares, replicate, group, label);
    return shares->count[group] *
           (isnan(share) ? report_side_share(shares, 0, group, label) : share);
}

void report_others_of(const struct report_shares *shares, struct retort_arena *arena,
                      struct report_others *others)
{
    size_t n_labels = shares->n_labels;
    *others = (struct report_others){
        .shares = shares,
        .sums = RETORT_NEW(arena, double, (1 + shares->n_replicates) * n_labels + 1),
    };
    for (size_t g = 0; g < shares->n_groups; g++) {
        if (!(shares->count[g] > 0))
            continue;
        others->count += shares->count[g];
        for (size_t r = 0; r <= shares->n_replicates; r++)
            for (size_t l = 0; l < n_labels; l++)
                others->sums[r * n_labels + l] += weighed_share(shares, r, g, l);
    }
}

double report_other_share(const struct report_others *others, size_t replicate, size_t group,
                          size_t label)
{
    const struct report_shares *shares = others->shares;
    double own = shares->count[group] > 0 ? shares->count[group] : 0, count = others->count - own;
    if (shares->n_groups == 2)
        return report_side_share(shares, replicate, 1 - group, label);
    if (!(count > 0))
        return (double)NAN;
    double sum = others->sums[replicate * shares->n_labels + label];
    return (own > 0 ? sum - weighed_share(shares, replicate, group, label) : sum) / count;
}

/* Are there labelled comments on both sides? Of two groups that have any, the second says what the
 * first has said. NULL, or why the pair is not told. */
const char *report_side_untold(const struct report_shares *shares, size_t pair)
{
    size_t n_before = 0, n = 0;
    for (size_t g = 0; g < shares->n_groups; g++) {
        n += shares->count[g] > 0;
        n_before += g < pair && shares->count[g] > 0;
    }
    return !(shares->count[pair] > 0) ? "no comment here is labelled"
           : n < 2                    ? "no comment of the other side is labelled"
           : n == 2 && n_before > 0   ? ""
                                      : NULL;
}
