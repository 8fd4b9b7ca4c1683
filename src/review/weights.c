/* Weights: what each decided item stands for, for who compares models on what people decided. The
 * same as when a model learns from them (chances.c). */
#include "review/lessons.h"

#include <math.h>
#include <stdlib.h>

struct weighing {
    const struct retort_weights_wanted *wanted;
    struct lessons_scope scope;
    struct lessons_samples samples;
    struct retort_arena *arena;
    struct lesson *all;
    size_t n, capacity;
};

static bool visit(void *context, const struct retort_decided *decided, struct retort_error *error)
{
    struct weighing *weighing = context;
    (void)error;
    if (decided->in_bulk || decided->first <= weighing->wanted->after)
        return true;
    if (weighing->n == weighing->capacity) {
        weighing->capacity = weighing->capacity ? 2 * weighing->capacity : 256;
        weighing->all = retort_grow(weighing->all, weighing->capacity, sizeof *weighing->all);
    }
    struct lesson *lesson = &weighing->all[weighing->n++];
    *lesson = (struct lesson){.decided = *decided};
    lesson->decided.target = retort_arena_copy(weighing->arena, decided->target);
    lesson->decided.label = retort_arena_copy(weighing->arena, decided->label);
    lesson->is_drawn = lessons_is_drawn(decided, &weighing->scope);
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

static void put_weights(struct weighing *weighing, struct retort_weights *weights)
{
    struct retort_lessons told = {0};
    lessons_weigh(weighing->all, weighing->n, &weighing->samples, &told);
    weights->weighed = told.weighed;
    weights->n_drawn = told.n_drawn;
    weights->n = weighing->n;
    weights->all = RETORT_NEW(weighing->arena, struct retort_weight, weighing->n);
    for (size_t i = 0; i < weighing->n; i++) {
        const struct lesson *lesson = &weighing->all[i];
        weights->all[i] = (struct retort_weight){
            .comment = lesson->decided.comment,
            .decision = lesson->decided.decision,
            .target = lesson->decided.target,
            .label = lesson->decided.label,
            .weight = lesson->weight,
            .drawn = lesson->drawn,
            .probability = lesson->drawn && told.weighed ? fmin(1 / lesson->weight, 1) : 0,
            .stratum = lesson->stratum,
        };
    }
}

/* Without threads, which take a look at each comment. */
static bool weigh(struct retort_store *store, const struct retort_weights_wanted *wanted,
                  struct retort_arena *arena, struct retort_weights *weights,
                  struct retort_error *error)
{
    struct weighing weighing = {.wanted = wanted, .arena = arena};
    *weights = (struct retort_weights){0};
    bool read = lessons_scope(store, wanted->task, wanted->where, arena, &weighing.scope, error) &&
                retort_store_each_decided(store, wanted->task, visit, &weighing, error) &&
                lessons_read_samples(store, &weighing.scope, &weighing.samples, error);
    if (read)
        put_weights(&weighing, weights);
    free(weighing.all);
    free(weighing.samples.all);
    return read;
}

bool retort_review_weights_of(struct retort_store *store,
                              const struct retort_weights_wanted *wanted,
                              struct retort_arena *arena, struct retort_weights *weights,
                              struct retort_error *error)
{
    bool read = weigh(store, wanted, arena, weights, error);
    for (size_t i = 0; read && !wanted->no_threads && i < weights->n; i++)
        read = find_thread(store, &weights->all[i], error);
    return read;
}

bool retort_review_weights(struct retort_store *store, const char *task, int64_t after,
                           struct retort_arena *arena, struct retort_weights *weights,
                           struct retort_error *error)
{
    const struct retort_weights_wanted wanted = {.task = task, .after = after};
    return retort_review_weights_of(store, &wanted, arena, weights, error);
}
