/* Enough: how many decisions more, until a share is known well, or a rare label is found.
 *
 * Shares are of what was drawn, by its chances. A search is another matter: it wants to know what
 * is left where nobody has looked. It counts what uniform samples have served since somebody last
 * decided otherwise: then each was drawn from all that nobody had looked at, whatever was chosen
 * before, and however. */
#include "review/decide.h"
#include "review/lessons.h"

#include "estimate/estimate.h"

#include <math.h>
#include <stdlib.h>

/* ---- what was decided ---- */

struct event {
    int64_t first, comment; /* first: decision */
    uint64_t said;          /* bit l: label l of the model */
    int64_t draw;           /* the uniform sample that has served it; 0: none */
};

struct uniform {
    int64_t draw, after;
    uint64_t population, open;
};

struct asking {
    const struct retort_stored_model *model;
    struct event *events;
    size_t n_events, events_capacity;
    struct uniform *draws; /* ascending */
    size_t n_draws, draws_capacity;
};

/* The names among the model's labels, as bits. */
static uint64_t said(const struct retort_stored_model *model, struct retort_span set)
{
    struct retort_error ignored;
    struct retort_span name;
    uint64_t bits = 0;
    struct retort_json *names = retort_json_parse(set, &ignored);
    for (size_t i = 0; i < retort_json_length(names); i++)
        for (size_t l = 0; l < model->n_labels && l < 64; l++)
            if (retort_json_text(retort_json_at(names, i), &name) &&
                retort_span_equal(name, retort_span_of(model->labels[l])))
                bits |= (uint64_t)1 << l;
    retort_json_free(names);
    return bits;
}

static bool add_event(void *context, const struct retort_decided *decided,
                      struct retort_error *error)
{
    struct asking *asking = context;
    (void)error;
    if (asking->n_events == asking->events_capacity) {
        asking->events_capacity = asking->events_capacity ? 2 * asking->events_capacity : 256;
        asking->events =
            retort_grow(asking->events, asking->events_capacity, sizeof *asking->events);
    }
    asking->events[asking->n_events++] =
        (struct event){decided->first, decided->comment, said(asking->model, decided->label), 0};
    return true;
}

static int by_comment(const void *left, const void *right)
{
    const struct event *a = left, *b = right;
    if (a->comment != b->comment)
        return a->comment < b->comment ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static int by_first(const void *left, const void *right)
{
    const struct event *a = left, *b = right;
    return a->first < b->first ? -1 : a->first > b->first;
}

/* Each comment once: what it was judged toward makes no difference here. Events stand by comment.
 */
static void join_events(struct asking *asking)
{
    size_t n = 0;
    if (asking->n_events)
        qsort(asking->events, asking->n_events, sizeof *asking->events, by_comment);
    for (size_t i = 0; i < asking->n_events; i++)
        if (n && asking->events[n - 1].comment == asking->events[i].comment)
            asking->events[n - 1].said |= asking->events[i].said;
        else
            asking->events[n++] = asking->events[i];
    asking->n_events = n;
}

static struct uniform *uniform_of(struct asking *asking, const struct retort_sampled *sampled)
{
    if (asking->n_draws && asking->draws[asking->n_draws - 1].draw == sampled->draw)
        return &asking->draws[asking->n_draws - 1];
    if (asking->n_draws == asking->draws_capacity) {
        asking->draws_capacity = asking->draws_capacity ? 2 * asking->draws_capacity : 8;
        asking->draws = retort_grow(asking->draws, asking->draws_capacity, sizeof *asking->draws);
    }
    struct uniform *draw = &asking->draws[asking->n_draws++];
    *draw = (struct uniform){.draw = sampled->draw,
                             .after = lessons_after(sampled->design),
                             .population = sampled->population};
    return draw;
}

static bool add_served(void *context, const struct retort_sampled *sampled,
                       struct retort_error *error)
{
    struct asking *asking = context;
    (void)error;
    if (!lessons_is_uniform(sampled->design))
        return true;
    struct uniform *draw = uniform_of(asking, sampled);
    draw->open += !sampled->decided;
    const struct event key = {.comment = sampled->comment, .first = INT64_MIN};
    size_t low = 0, high = asking->n_events;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (by_comment(&asking->events[middle], &key) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < asking->n_events && asking->events[low].comment == sampled->comment &&
        sampled->served)
        asking->events[low].draw = sampled->draw;
    return true;
}

/* ---- the search ---- */

static uint64_t n_between(const struct asking *asking, int64_t after, int64_t to)
{
    uint64_t n = 0;
    for (size_t i = 0; i < asking->n_events; i++)
        n += asking->events[i].first > after && asking->events[i].first <= to;
    return n;
}

/* The first of the draws that together are one: nothing came in between, only decisions. */
static size_t first_of_chain(const struct asking *asking)
{
    size_t first = asking->n_draws - 1;
    while (first > 0) {
        const struct uniform *before = &asking->draws[first - 1], *draw = &asking->draws[first];
        if (before->population - n_between(asking, before->after, draw->after) != draw->population)
            break;
        first--;
    }
    return first;
}

/* Events stand by their first decision. */
static void look_for(const struct asking *asking, struct retort_enough *enough)
{
    const struct uniform *chain = &asking->draws[first_of_chain(asking)];
    const struct uniform *last = &asking->draws[asking->n_draws - 1];
    int64_t start = chain->after;
    for (size_t i = 0; i < asking->n_events; i++)
        if (asking->events[i].draw < chain->draw && asking->events[i].first > start)
            start = asking->events[i].first; /* somebody decided otherwise */
    enough->draw = last->draw;
    enough->open = last->open;
    uint64_t looked_at = n_between(asking, chain->after, start);
    enough->drawn = n_between(asking, start, INT64_MAX);
    enough->urn = chain->population > looked_at ? chain->population - looked_at : 0;
    if (enough->urn < enough->drawn) /* so it was imported */
        enough->urn = enough->drawn;
    for (size_t l = 0; l < enough->n_labels; l++) {
        struct retort_enough_label *label = &enough->labels[l];
        struct retort_search search = {
            .urn = enough->urn, .drawn = enough->drawn, .recall = 0.95, .risk = 0.05};
        for (size_t i = 0; i < asking->n_events; i++) {
            bool found = asking->events[i].said >> l & 1;
            if (asking->events[i].first > start)
                search.found_drawn += found;
            else
                search.found_before += found;
        }
        label->found_drawn = search.found_drawn;
        retort_search_enough(&search, &label->stop);
    }
}

/* ---- shares ---- */

static void measure(const struct asking *asking, const struct retort_weights *weights, size_t l,
                    double width, struct retort_enough_label *label)
{
    struct retort_drawn *values = retort_grow(NULL, weights->n + 1, sizeof *values);
    struct retort_drawn_share share;
    double units = 0;
    size_t n = 0;
    for (size_t i = 0; i < weights->n; i++) {
        const struct retort_weight *weight = &weights->all[i];
        if (!(weight->weight > 0))
            continue;
        values[n] =
            (struct retort_drawn){.value = said(asking->model, weight->label) >> l & 1 ? 1 : 0,
                                  .chance = fmin(1 / weight->weight, 1),
                                  .stratum = weight->stratum};
        units += 1 / values[n++].chance;
    }
    retort_share_drawn(values, n, &share);
    label->share = share.share;
    double drawn = (double)weights->n_drawn;
    uint64_t wanted =
        retort_drawn_for_width(share.share.value, drawn, share.n_effective, units, width);
    bool narrow = share.share.high - share.share.low < width;
    label->more = narrow || wanted <= weights->n_drawn ? 0 : wanted - weights->n_drawn;
    if (!narrow && label->more == 0)
        label->more = 1;
    free(values);
}

/* ---- public ---- */

static bool read_all(struct retort_store *store, const char *task, struct asking *asking,
                     struct retort_error *error)
{
    if (!retort_store_each_decided(store, task, add_event, asking, error))
        return false;
    join_events(asking);
    bool read = retort_store_each_sampled(store, task, add_served, asking, error);
    if (asking->n_events)
        qsort(asking->events, asking->n_events, sizeof *asking->events, by_first);
    return read;
}

static void count(const struct asking *asking, struct retort_arena *arena,
                  struct retort_enough *enough)
{
    enough->n_labels = asking->model->n_labels < 64 ? asking->model->n_labels : 64;
    enough->labels = RETORT_NEW(arena, struct retort_enough_label, enough->n_labels);
    enough->n_decided = asking->n_events;
    for (size_t l = 0; l < enough->n_labels; l++) {
        struct retort_enough_label *label = &enough->labels[l];
        *label = (struct retort_enough_label){.label = asking->model->labels[l],
                                              .share = {(double)NAN, (double)NAN, (double)NAN}};
        for (size_t i = 0; i < asking->n_events; i++)
            label->found += asking->events[i].said >> l & 1;
    }
}

bool retort_review_enough(struct retort_store *store, const char *task, double width,
                          struct retort_arena *arena, struct retort_enough *enough,
                          struct retort_error *error)
{
    struct asking asking = {0};
    struct retort_weights weights;
    const struct retort_weights_wanted wanted = {.task = task, .no_threads = true};
    *enough = (struct retort_enough){0};
    bool read =
        review_model_of(store, task, &asking.model, error) &&
        (asking.model || retort_fail(error, RETORT_USAGE,
                                     "no model has labelled here for the task \"%s\"", task)) &&
        read_all(store, task, &asking, error) &&
        retort_review_weights_of(store, &wanted, arena, &weights, error);
    if (read) {
        count(&asking, arena, enough);
        enough->n_drawn = weights.n_drawn;
        enough->weighed = weights.weighed;
        for (size_t l = 0; weights.weighed && l < enough->n_labels; l++)
            measure(&asking, &weights, l, width, &enough->labels[l]);
        if (asking.n_draws)
            look_for(&asking, enough);
    }
    free(asking.events);
    free(asking.draws);
    return read;
}
