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

bool retort_review_weights(struct retort_store *store, const char *task, int64_t after,
                           struct retort_arena *arena, struct retort_weights *weights,
                           struct retort_error *error)
{
    struct weighing weighing = {.task = task, .after = after, .arena = arena};
    struct retort_lessons told = {0};
    *weights = (struct retort_weights){0};
    bool read = knows_no_other(store, task, &weighing.only, error) &&
                retort_store_each_decided(store, task, visit, &weighing, error);
    if (read) {
        lessons_weigh(weighing.all, weighing.n, &told);
        weights->weighed = told.weighed;
        weights->n = weighing.n;
        weights->all = RETORT_NEW(arena, struct retort_weight, weighing.n);
    }
    for (size_t i = 0; read && i < weighing.n; i++)
        weights->all[i] =
            (struct retort_weight){weighing.all[i].decided.comment, weighing.all[i].decided.target,
                                   weighing.all[i].weight};
    free(weighing.all);
    return read;
}
