/* Scopes: for what a draw speaks, by the words of its design.
 *
 * A draw from all that waited for a task speaks for every part of it; a draw from a part, for what
 * lies in that part. A filter is a conjunction, so what is asked about lies in the part if it says
 * all that the draw's filter says. What a model says of a comment may be another thing tomorrow:
 * such a filter is the same only as long as the model is. */
#include "review/lessons.h"

#include <math.h>
#include <stdlib.h>

/* A sample is drawn from at most 2³² (sample.c); what was imported may say anything. */
static const double LEAST_CHANCE = 1e-10;

/* ---- words ---- */

static bool next_word(struct retort_span *rest, struct retort_span *word)
{
    size_t end = 0;
    while (end < rest->len && rest->data[end] != ' ')
        end++;
    *word = retort_span_slice(*rest, 0, end);
    *rest = retort_span_slice(*rest, end < rest->len ? end + 1 : end, rest->len);
    return word->len > 0;
}

bool lessons_is_whole(struct retort_span design, const char *task, bool only)
{
    const struct retort_span prefix = RETORT_SPAN("task=");
    struct retort_span word;
    bool named = false;
    while (next_word(&design, &word)) {
        bool is_task =
            retort_span_starts(word, prefix) &&
            retort_span_equal(retort_span_slice(word, prefix.len, word.len), retort_span_of(task));
        if (!is_task && !retort_span_equal(word, RETORT_SPAN("order=random")) &&
            !retort_span_starts(word, RETORT_SPAN("limit=")))
            return false;
        named |= is_task;
    }
    return named || only;
}

/* The value of a word of a sample's design; data NULL: it has none. where stands last and goes on
 * to the end. */
static struct retort_span value_of(struct retort_span design, struct retort_span key)
{
    struct retort_span word, rest = design;
    while (next_word(&rest, &word)) {
        bool where = retort_span_starts(word, RETORT_SPAN("where="));
        if (where)
            word.len += rest.len + (rest.len > 0);
        if (retort_span_starts(word, key))
            return retort_span_slice(word, key.len, word.len);
        if (where)
            break;
    }
    return (struct retort_span){NULL, 0};
}

static int64_t number_of(struct retort_span digits)
{
    int64_t number = 0;
    for (size_t i = 0; i < digits.len && digits.data[i] >= '0' && digits.data[i] <= '9' &&
                       number < INT64_MAX / 10 - 1;
         i++)
        number = 10 * number + (digits.data[i] - '0');
    return number;
}

int64_t lessons_after(struct retort_span design)
{
    return number_of(value_of(design, RETORT_SPAN("after=")));
}

bool lessons_is_uniform(struct retort_span design)
{
    return retort_span_starts(design, RETORT_SPAN("design=uniform ")) &&
           !value_of(design, RETORT_SPAN("where=")).data;
}

/* ---- filters ---- */

static bool same_if_said(struct retort_span drawn, struct retort_span asked)
{
    return !drawn.data || (asked.data && retort_span_equal(drawn, asked));
}

static bool says_all(const struct retort_run_filter *drawn, const struct retort_run_filter *asked)
{
    return same_if_said(drawn->source, asked->source) &&
           same_if_said(drawn->author, asked->author) && same_if_said(drawn->since, asked->since) &&
           same_if_said(drawn->until, asked->until) && same_if_said(drawn->task, asked->task) &&
           same_if_said(drawn->label, asked->label);
}

/* What the filter asks of labels means what it meant. */
static bool means_the_same(const struct retort_run_filter *drawn, struct retort_span design,
                           const struct lessons_scope *scope)
{
    if (drawn->state.data)
        return false;
    if (!drawn->label.data && !drawn->task.data)
        return true;
    return drawn->task.data && retort_span_equal(drawn->task, retort_span_of(scope->task)) &&
           retort_span_equal(value_of(design, RETORT_SPAN("model=")), retort_span_of(scope->model));
}

static bool covers(struct retort_span design, const struct lessons_scope *scope)
{
    struct retort_arena arena = {0};
    struct retort_run_filter drawn;
    struct retort_error ignored;
    struct retort_span where = value_of(design, RETORT_SPAN("where="));
    bool good =
        !where.data ||
        (retort_review_where(retort_arena_string(&arena, where), &arena, &drawn, &ignored) &&
         says_all(&drawn, &scope->filter) && means_the_same(&drawn, design, scope));
    retort_arena_release(&arena);
    return good;
}

/* ---- public ---- */

bool lessons_scope(struct retort_store *store, const char *task, const char *where,
                   struct retort_arena *arena, struct lessons_scope *scope,
                   struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    *scope = (struct lessons_scope){.task = task, .model = "", .only = true};
    if (!retort_review_where(where, arena, &scope->filter, error) ||
        !retort_store_models(store, &models, &n_models, error))
        return false;
    for (size_t m = 0; m < n_models; m++)
        if (strcmp(models[m].task, task) == 0)
            scope->model = models[m].hash; /* they ascend: the newest stays */
        else
            scope->only = false;
    return true;
}

bool lessons_is_drawn(const struct retort_decided *decided, const struct lessons_scope *scope)
{
    return decided->draw && decided->population &&
           lessons_is_whole(decided->design, scope->task, scope->only);
}

struct reading {
    const struct lessons_scope *scope;
    struct lessons_samples *samples;
    int64_t draw, after; /* the one at hand */
    bool covers;
};

static bool add_sampled(void *context, const struct retort_sampled *sampled,
                        struct retort_error *error)
{
    struct reading *reading = context;
    struct lessons_samples *samples = reading->samples;
    (void)error;
    if (sampled->draw != reading->draw) {
        reading->draw = sampled->draw;
        reading->after = lessons_after(sampled->design);
        reading->covers = covers(sampled->design, reading->scope);
    }
    if (!reading->covers) {
        samples->n_partly += sampled->decided;
        return true;
    }
    if (samples->n == samples->capacity) {
        samples->capacity = samples->capacity ? 2 * samples->capacity : 256;
        samples->all = retort_grow(samples->all, samples->capacity, sizeof *samples->all);
    }
    samples->all[samples->n++] = (struct lessons_sampled){
        .draw = sampled->draw,
        .comment = sampled->comment,
        .after = reading->after,
        .probability = fmax(sampled->probability, LEAST_CHANCE),
        .stratum = sampled->stratum.data ? (uint32_t)retort_hash(sampled->stratum, 0) | 1 : 0,
        .decided = sampled->decided,
        .served = sampled->served,
    };
    return true;
}

bool lessons_read_samples(struct retort_store *store, const struct lessons_scope *scope,
                          struct lessons_samples *samples, struct retort_error *error)
{
    struct reading reading = {.scope = scope, .samples = samples};
    *samples = (struct lessons_samples){0};
    return retort_store_each_sampled(store, scope->task, add_sampled, &reading, error);
}
