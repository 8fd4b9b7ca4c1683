/* Diff: old and new answers go by once, comment by comment; what is kept of them is counts, the
 * flips of the largest margins, and how both stood where a person has decided. So memory does not
 * grow with the store, and whether decisions may count is asked at the end, when it is known which
 * models took part.
 *
 * Labels are matched by name: several old models may have labelled parts of the store, and a new
 * one may know labels that they did not. */
#include "relabel/diff.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- tasks and their labels ---- */

struct task *diff_task(struct retort_diff *diff, struct retort_span name)
{
    for (size_t i = 0; i < diff->n_tasks; i++)
        if (retort_span_equal(retort_span_of(diff->tasks[i]->name), name))
            return diff->tasks[i];
    struct task *task = RETORT_NEW(&diff->arena, struct task, 1);
    task->name = retort_arena_string(&diff->arena, name);
    task->number = (uint32_t)diff->n_tasks;
    diff->tasks = retort_grow(diff->tasks, diff->n_tasks + 1, sizeof *diff->tasks);
    diff->tasks[diff->n_tasks++] = task;
    return task;
}

/* The moves among one more label: the last row and column, of no answer, stay the last. */
static uint64_t *wider_moves(const struct task *task, struct retort_arena *arena)
{
    size_t n = task->n_labels, wide = n + 2;
    uint64_t *moves = RETORT_NEW(arena, uint64_t, wide * wide);
    for (size_t from = 0; task->moves && from <= n; from++)
        for (size_t to = 0; to <= n; to++)
            moves[(from < n ? from : n + 1) * wide + (to < n ? to : n + 1)] =
                task->moves[from * (n + 1) + to];
    return moves;
}

/* Those that went by before had not been asked for it. */
static void add_label(struct task *task, const char *name, struct retort_arena *arena)
{
    size_t n = task->n_labels;
    const char **names = RETORT_NEW(arena, const char *, n + 1);
    uint64_t(*flow)[RETORT_N_STANDS][RETORT_N_STANDS] =
        retort_arena_alloc(arena, n + 1, sizeof *flow);
    if (n > 0) {
        memcpy(names, task->names, n * sizeof *names);
        memcpy(flow, task->flow, n * sizeof *flow);
    }
    names[n] = retort_arena_string(arena, retort_span_of(name));
    flow[n][RETORT_UNASKED][RETORT_UNASKED] = task->n;
    if (task->choice == RETORT_ONE_OF)
        task->moves = wider_moves(task, arena);
    task->names = names;
    task->flow = flow;
    task->stands = RETORT_NEW(arena, uint8_t, 2 * (n + 1));
    task->p = RETORT_NEW(arena, double, 2 * (n + 1));
    task->n_labels++;
}

static size_t place_of(struct task *task, const char *name, struct retort_arena *arena)
{
    for (size_t i = 0; i < task->n_labels; i++)
        if (strcmp(task->names[i], name) == 0)
            return i;
    add_label(task, name, arena);
    return task->n_labels - 1;
}

/* Which of the task's models it is. What a dry run hands in is gone before the report is made. */
static size_t meet(struct retort_diff *diff, struct task *task,
                   const struct retort_stored_model *model, bool before)
{
    size_t m = 0;
    while (m < task->n_met && task->met[m].at != model)
        m++;
    if (m == task->n_met) {
        task->met = retort_grow(task->met, task->n_met + 1, sizeof *task->met);
        task->choice = task->n_met ? task->choice : model->choice;
        size_t *places = RETORT_NEW(&diff->arena, size_t, model->n_labels);
        for (size_t i = 0; i < model->n_labels; i++)
            places[i] = place_of(task, model->labels[i], &diff->arena);
        const char *hash = retort_arena_string(&diff->arena, retort_span_of(model->hash));
        task->met[task->n_met++] = (struct met_model){.at = model, .hash = hash, .places = places};
    }
    task->met[m].before |= before;
    task->met[m].after |= !before;
    return m;
}

/* ---- a change goes by ---- */

/* side 0: before, 1: after. answer NULL: there is none. */
static void lay_out(struct task *task, size_t side, const struct retort_stored_answer *answer)
{
    const size_t *places = task->met[task->models[side]].places;
    uint8_t *stands = task->stands + side * task->n_labels;
    double *p = task->p + side * task->n_labels;
    for (size_t i = 0; i < task->n_labels; i++) {
        stands[i] = RETORT_UNASKED;
        p[i] = (double)NAN;
    }
    for (size_t i = 0; answer && i < answer->model->n_labels; i++) {
        stands[places[i]] = answer->scores[i].on ? RETORT_ON : RETORT_OFF;
        p[places[i]] = answer->scores[i].p;
    }
}

size_t diff_first_on(const uint8_t *stands, size_t n)
{
    size_t i = 0;
    while (i < n && stands[i] != RETORT_ON)
        i++;
    return i;
}

static void count(struct task *task, const struct retort_change *change)
{
    size_t n = task->n_labels;
    const uint8_t *before = task->stands, *after = task->stands + n;
    bool changed = false;
    for (size_t i = 0; i < n; i++) {
        task->flow[i][before[i]][after[i]]++;
        changed |= (before[i] == RETORT_ON) != (after[i] == RETORT_ON);
    }
    if (task->choice == RETORT_ONE_OF)
        task->moves[diff_first_on(before, n) * (n + 1) + diff_first_on(after, n)]++;
    task->n++;
    task->n_new += !change->before;
    task->n_changed += change->before && changed;
    task->unsure_before += change->before && change->before->unsure;
    task->unsure_after += change->before && change->after->unsure;
}

void retort_diff_add(struct retort_diff *diff, const struct retort_change *change)
{
    struct task *task = diff_task(diff, retort_span_of(change->after->model->task));
    if (change->before)
        task->models[0] = meet(diff, task, change->before->model, true);
    task->models[1] = meet(diff, task, change->after->model, false);
    lay_out(task, 0, change->before);
    lay_out(task, 1, change->after);
    count(task, change);
    struct judged *judged = diff_find_judged(diff, task, change);
    if (judged)
        diff_keep_stands(diff, task, judged);
    if (change->before)
        diff_find_flips(task, diff->top, change, judged);
}

/* ---- a diff ---- */

bool retort_diff_open(struct retort_diff **diff, struct retort_store *store, size_t top,
                      struct retort_error *error)
{
    *diff = retort_grow(NULL, 1, sizeof **diff);
    **diff = (struct retort_diff){.store = store, .top = top};
    if (diff_read_judged(*diff, error))
        return true;
    retort_diff_close(*diff);
    *diff = NULL;
    return false;
}

void retort_diff_close(struct retort_diff *diff)
{
    if (!diff)
        return;
    for (size_t i = 0; i < diff->n_tasks; i++) {
        struct task *task = diff->tasks[i];
        diff_release_flips(&task->flips);
        for (size_t d = 0; d < task->n_drifts; d++)
            diff_release_flips(&task->drifts[d].sample);
        free(task->drifts);
        free(task->met);
    }
    free(diff->tasks);
    free(diff->judged);
    retort_arena_release(&diff->arena);
    free(diff);
}
