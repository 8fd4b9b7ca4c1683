/* Report: what went by, told task by task. */
#include "relabel/diff.h"

#include <string.h>

/* Each hash once: a store may hand out a model's row at more than one address. */
static void tell_models(const struct task *task, struct retort_arena *arena,
                        struct retort_diff_task *told)
{
    told->before = RETORT_NEW(arena, const char *, task->n_met);
    told->after = RETORT_NEW(arena, const char *, task->n_met);
    for (size_t i = 0; i < task->n_met; i++) {
        const char *hash = task->met[i].hash;
        const struct {
            bool is;
            const char **hashes;
            size_t *n;
        } sides[] = {{task->met[i].before, told->before, &told->n_before},
                     {task->met[i].after, told->after, &told->n_after}};
        for (size_t s = 0; s < 2; s++) {
            bool known = !sides[s].is;
            for (size_t k = 0; k < *sides[s].n; k++)
                known |= strcmp(sides[s].hashes[k], hash) == 0;
            if (!known)
                sides[s].hashes[(*sides[s].n)++] = hash;
        }
    }
}

static void tell_flow(const struct task *task, struct retort_arena *arena,
                      struct retort_diff_task *told)
{
    told->labels = RETORT_NEW(arena, struct retort_diff_label, task->n_labels);
    told->n_labels = task->n_labels;
    for (size_t i = 0; i < task->n_labels; i++) {
        told->labels[i].name = task->names[i];
        memcpy(told->labels[i].flow, task->flow[i], sizeof told->labels[i].flow);
    }
    told->moves = task->moves;
}

static bool tell_flips(const struct diff_explainer *explainer, struct task *task,
                       struct retort_diff_task *told, struct retort_error *error)
{
    diff_sort_flips(&task->flips);
    told->flips = RETORT_NEW(explainer->arena, struct retort_diff_flip, task->flips.n);
    for (; told->n_flips < task->flips.n; told->n_flips++)
        if (!diff_explain(explainer, task, &task->flips.all[told->n_flips], true,
                          &told->flips[told->n_flips], error))
            return false;
    return diff_tell_drifts(explainer, task, told, error);
}

static bool tell_task(struct retort_diff *diff, const struct diff_explainer *explainer,
                      struct task *task, struct retort_diff_task *told, struct retort_error *error)
{
    struct diff_learned learned;
    *told = (struct retort_diff_task){.task = task->name,
                                      .choice = task->choice,
                                      .n = task->n,
                                      .n_new = task->n_new,
                                      .n_changed = task->n_changed,
                                      .unsure_before = task->unsure_before,
                                      .unsure_after = task->unsure_after,
                                      .n_turned = task->n_turned};
    tell_models(task, explainer->arena, told);
    tell_flow(task, explainer->arena, told);
    if (!diff_learn(diff, task, explainer->models, explainer->arena, &learned, error) ||
        !diff_judge(diff, task, learned.last, told, error))
        return false;
    diff_give_verdict(told, &learned, explainer->arena);
    return tell_flips(explainer, task, told, error);
}

bool retort_diff_finish(struct retort_diff *diff, const struct retort_models *models,
                        struct retort_arena *arena, struct retort_diff_report *report,
                        struct retort_error *error)
{
    struct retort_labeller labeller;
    bool told = true;
    const struct diff_explainer explainer = {diff->store, models, &labeller, arena};
    retort_labeller_init(&labeller);
    *report =
        (struct retort_diff_report){RETORT_NEW(arena, struct retort_diff_task, diff->n_tasks), 0};
    for (size_t i = 0; told && i < diff->n_tasks; i++)
        if (diff->tasks[i]->n > 0)
            told = tell_task(diff, &explainer, diff->tasks[i], &report->tasks[report->n_tasks++],
                             error);
    retort_labeller_release(&labeller);
    return told;
}
