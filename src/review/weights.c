/* Weights: what each decided item stands for, for who compares models on what people decided. The
 * same as when a model learns from them (chances.c). */
#include "review/lessons.h"

#include <stdlib.h>

struct weighing {
    const char *task;
    int64_t after;
    bool only; /* the store knows no other task */
    struct retort_arena *arena;
    struct lesson *all;
    size_t n, capacity;
};

static bool visit(void *context, const struct retort_decided *decided, struct retort_error *error)
{
    struct weighing *weighing = context;
    (void)error;
    if (decided->in_bulk || decided->first <= weighing->after)
        return true;
    if (weighing->n == weighing->capacity) {
        weighing->capacity = weighing->capacity ? 2 * weighing->capacity : 256;
        weighing->all = retort_grow(weighing->all, weighing->capacity, sizeof *weighing->all);
    }
    struct lesson *lesson = &weighing->all[weighing->n++];
    *lesson = (struct lesson){.decided = *decided};
    lesson->decided.target = retort_arena_copy(weighing->arena, decided->target);
    lesson->decided.label = retort_arena_copy(weighing->arena, decided->label);
    lesson->is_drawn = decided->draw && decided->population &&
                       lessons_is_whole(decided->design, weighing->task, weighing->only);
    return true;
}

static bool knows_no_other(struct retort_store *store, const char *task, bool *only,
                           struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    if (!retort_store_models(store, &models, &n_models, error))
        return false;
    *only = true;
    for (size_t m = 0; m < n_models; m++)
        *only &= strcmp(models[m].task, task) == 0;
    return true;
}

static bool find_thread(struct retort_store *store, struct retort_weight *weight,
                        struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_buffer name = {0};
    struct retort_stored_comment comment;
    bool found = retort_store_comment(store, weight->comment, &arena, &comment, error) &&
                 lessons_thread(store, &comment, &arena, &name, error);
    weight->thread = retort_hash(retort_buffer_span(&name), 0);
    retort_buffer_release(&name);
    retort_arena_release(&arena);
    return found;
}

static bool put_weights(struct retort_store *store, struct weighing *weighing,
                        struct retort_weights *weights, struct retort_error *error)
{
    struct retort_lessons told = {0};
    bool put = true;
    lessons_weigh(weighing->all, weighing->n, &told);
    weights->weighed = told.weighed;
    weights->all = RETORT_NEW(weighing->arena, struct retort_weight, weighing->n);
    for (; put && weights->n < weighing->n; weights->n++) {
        const struct lesson *lesson = &weighing->all[weights->n];
        struct retort_weight *weight = &weights->all[weights->n];
        *weight = (struct retort_weight){.comment = lesson->decided.comment,
                                         .target = lesson->decided.target,
                                         .label = lesson->decided.label,
                                         .weight = lesson->weight,
                                         .drawn = lesson->is_drawn};
        put = find_thread(store, weight, error);
    }
    return put;
}

bool retort_review_weights(struct retort_store *store, const char *task, int64_t after,
                           struct retort_arena *arena, struct retort_weights *weights,
                           struct retort_error *error)
{
    struct weighing weighing = {.task = task, .after = after, .arena = arena};
    *weights = (struct retort_weights){0};
    bool read = knows_no_other(store, task, &weighing.only, error) &&
                retort_store_each_decided(store, task, visit, &weighing, error) &&
                put_weights(store, &weighing, weights, error);
    free(weighing.all);
    return read;
}
