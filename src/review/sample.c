/* Samples: comments drawn for people to decide, each with the chance it was drawn with.
 *
 * All that waits for the task, and that the filter takes, is read once, 16 bytes a comment; the
 * design gives each its chance, estimate/ draws. What was decided before did not wait and needs no
 * drawing: it is known (chances.c). The write lock is held meanwhile, so that what is drawn from is
 * what waits. */
#include "review/decide.h"

#include "estimate/estimate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *retort_design_name(enum retort_design design)
{
    static const char *const NAMES[] = {"uniform", "stratified", "uncertainty"};
    return NAMES[design];
}

const char *retort_allocation_name(enum retort_allocation allocation)
{
    static const char *const NAMES[] = {"proportional", "root", "equal"};
    return NAMES[allocation];
}

/* ---- the frame: what could be drawn ---- */

struct unit {
    int64_t comment;
    float near;
    uint32_t stratum;
};

struct stratum {
    uint64_t key; /* a source, or the hash of a label */
    struct retort_span label;
    double size, drawn;
};

struct frame {
    const struct retort_sample_request *request;
    struct retort_run_filter filter;
    struct unit *units;
    size_t n_units, capacity;
    struct stratum *strata;
    size_t n_strata, strata_capacity;
    uint32_t *slots; /* [2 × strata_capacity] index + 1 by key; 0: free */
    double *chances; /* [n_units] */
    uint32_t *picks; /* [n] */
    size_t n;
    bool whole; /* of each stratum a whole number is drawn */
    struct retort_arena arena;
};

static void release(struct frame *frame)
{
    free(frame->units);
    free(frame->strata);
    free(frame->slots);
    free(frame->chances);
    free(frame->picks);
    retort_arena_release(&frame->arena);
}

static size_t slot_of(const struct frame *frame, uint64_t key)
{
    size_t size = 2 * frame->strata_capacity;
    size_t at = (size_t)(key * 0x9E3779B97F4A7C15u >> 20) & (size - 1);
    while (frame->slots[at] && frame->strata[frame->slots[at] - 1].key != key)
        at = (at + 1) & (size - 1);
    return at;
}

static void grow_strata(struct frame *frame)
{
    size_t capacity = frame->strata_capacity ? 2 * frame->strata_capacity : 64;
    frame->strata_capacity = capacity;
    frame->strata = retort_grow(frame->strata, capacity, sizeof *frame->strata);
    frame->slots = retort_grow(frame->slots, 2 * capacity, sizeof *frame->slots);
    memset(frame->slots, 0, 2 * capacity * sizeof *frame->slots);
    for (size_t h = 0; h < frame->n_strata; h++)
        frame->slots[slot_of(frame, frame->strata[h].key)] = (uint32_t)h + 1;
}

static uint32_t stratum_of(struct frame *frame, const struct retort_waiting *waiting)
{
    bool by_page = frame->request->by == RETORT_STRATA_OF_PAGES;
    bool stratified = frame->request->design == RETORT_STRATIFIED;
    uint64_t key = !stratified ? 0
                   : by_page   ? (uint64_t)waiting->source
                               : retort_hash(waiting->label, 0);
    if (frame->n_strata == frame->strata_capacity)
        grow_strata(frame);
    size_t slot = slot_of(frame, key);
    if (!frame->slots[slot]) {
        frame->strata[frame->n_strata++] =
            (struct stratum){key, retort_arena_copy(&frame->arena, waiting->label), 0, 0};
        frame->slots[slot] = (uint32_t)frame->n_strata;
    }
    uint32_t stratum = frame->slots[slot] - 1;
    frame->strata[stratum].size++;
    return stratum;
}

static bool add_unit(void *context, const struct retort_waiting *waiting,
                     struct retort_error *error)
{
    struct frame *frame = context;
    if (frame->n_units == UINT32_MAX)
        return retort_fail(error, RETORT_INPUT,
                           "more comments wait than can be drawn from; use "
                           "--where");
    if (frame->n_units == frame->capacity) {
        frame->capacity = frame->capacity ? 2 * frame->capacity : 1024;
        frame->units = retort_grow(frame->units, frame->capacity, sizeof *frame->units);
    }
    double near =
        fmin(fmax(waiting->near, 0), 2); /* a forged one is no chance above 1 or below 0 */
    frame->units[frame->n_units++] =
        (struct unit){waiting->comment, (float)near, stratum_of(frame, waiting)};
    return true;
}

/* ---- chances, by design ---- */

static void share_by_strata(struct frame *frame)
{
    static const double POWERS[] = {1, 0.5, 0};
    double *sizes = RETORT_NEW(&frame->arena, double, frame->n_strata);
    double *drawn = RETORT_NEW(&frame->arena, double, frame->n_strata);
    for (size_t h = 0; h < frame->n_strata; h++)
        sizes[h] = frame->strata[h].size;
    double power =
        frame->request->design == RETORT_STRATIFIED ? POWERS[frame->request->allocation] : 1;
    frame->whole = retort_allocate(sizes, frame->n_strata, (double)frame->n, power, drawn);
    for (size_t h = 0; h < frame->n_strata; h++)
        frame->strata[h].drawn = drawn[h];
    for (size_t i = 0; i < frame->n_units; i++) {
        const struct stratum *stratum = &frame->strata[frame->units[i].stratum];
        frame->chances[i] = fmin(stratum->drawn / stratum->size, 1);
    }
}

/* A part of the sample falls on all alike, so that no weight is large; the rest by nearness. */
static void share_by_doubt(struct frame *frame)
{
    double n = (double)frame->n_units, sum = 0;
    double *weights = retort_grow(NULL, frame->n_units, sizeof *weights);
    for (size_t i = 0; i < frame->n_units; i++)
        sum += frame->units[i].near;
    for (size_t i = 0; i < frame->n_units; i++)
        weights[i] = RETORT_SAMPLE_FLOOR / n +
                     (sum > 0 ? (1 - RETORT_SAMPLE_FLOOR) * frame->units[i].near / sum : 0);
    retort_share_out(&(struct retort_bounds){weights, NULL, NULL, frame->n_units}, (double)frame->n,
                     frame->chances);
    frame->whole = true;
    for (size_t i = 0; i < frame->n_units && frame->n == frame->n_units; i++)
        frame->chances[i] = 1; /* not nearly so */
    free(weights);
}

static void draw(struct frame *frame)
{
    uint64_t n = frame->request->n;
    uint32_t *stratum = NULL;
    frame->n = n < frame->n_units ? (size_t)n : frame->n_units;
    frame->chances = retort_grow(NULL, frame->n_units + 1, sizeof *frame->chances);
    frame->picks = retort_grow(NULL, frame->n + 1, sizeof *frame->picks);
    if (frame->n_units == 0)
        return;
    if (frame->request->design == RETORT_UNCERTAINTY)
        share_by_doubt(frame);
    else
        share_by_strata(frame);
    if (frame->n_strata > 1) {
        stratum = retort_grow(NULL, frame->n_units, sizeof *stratum);
        for (size_t i = 0; i < frame->n_units; i++)
            stratum[i] = frame->units[i].stratum;
    }
    const struct retort_frame drawing = {frame->chances, stratum, frame->n_units, frame->n_strata};
    retort_sample(&drawing, frame->n, frame->request->seed, frame->picks);
    free(stratum);
}

/* ---- what is stored ---- */

/* Says all that a reader of chances has to know (lessons_part); where stands last, to the end. */
static void write_design(const struct frame *frame, const char *model, int64_t after,
                         struct retort_buffer *out)
{
    const struct retort_sample_request *request = frame->request;
    retort_buffer_format(out, "design=%s n=%zu task=%s", retort_design_name(request->design),
                         frame->n, request->task);
    if (request->design == RETORT_STRATIFIED)
        retort_buffer_format(out, " by=%s allocation=%s",
                             request->by == RETORT_STRATA_OF_PAGES ? "page" : "label",
                             retort_allocation_name(request->allocation));
    if (request->design == RETORT_UNCERTAINTY)
        retort_buffer_format(out, " floor=%g", RETORT_SAMPLE_FLOOR);
    retort_buffer_format(out, " model=%s after=%lld", model, (long long)after);
    if (!request->where)
        return;
    retort_buffer_text(out, " where=");
    retort_review_where_put(&frame->filter, out);
}

static bool name_stratum(struct retort_store *store, const struct frame *frame,
                         const struct stratum *stratum, struct retort_arena *arena,
                         struct retort_span *name, struct retort_error *error)
{
    *name = (struct retort_span){NULL, 0};
    if (frame->request->design != RETORT_STRATIFIED)
        return true;
    if (frame->request->by == RETORT_STRATA_OF_PAGES)
        return retort_store_source_name(store, (int64_t)stratum->key, arena, name, error);
    *name = retort_arena_copy(arena, stratum->label);
    return true;
}

/* In the order of the picks, which is random: so they are served. */
static bool put_picks(struct retort_store *store, struct frame *frame, int64_t id,
                      struct retort_error *error)
{
    for (size_t i = 0; i < frame->n; i++) {
        const struct unit *unit = &frame->units[frame->picks[i]];
        struct retort_selection_record record = {
            .draw = id,
            .comment = unit->comment,
            .task = retort_span_of(frame->request->task),
            .probability = frame->chances[frame->picks[i]],
        };
        struct retort_arena arena = {0};
        int64_t ignored;
        bool put = name_stratum(store, frame, &frame->strata[unit->stratum], &arena,
                                &record.stratum, error) &&
                   retort_store_put_selection(store, &record, &ignored, error);
        retort_arena_release(&arena);
        if (!put)
            return false;
    }
    return true;
}

static bool put_sample(struct retort_store *store, struct frame *frame, const char *model,
                       struct retort_sample *sample, struct retort_error *error)
{
    struct retort_buffer design = {0};
    int64_t next;
    bool put = retort_store_next_decision(store, &next, error);
    if (put)
        write_design(frame, model, next - 1, &design);
    const struct retort_draw_record record = {
        .design = retort_buffer_span(&design),
        .seeded = true,
        .seed = frame->request->seed,
        .population = frame->n_units,
        .reviewer = frame->request->reviewer,
    };
    put = put && retort_store_put_draw(store, &record, &sample->draw, error) &&
          put_picks(store, frame, sample->draw, error);
    retort_buffer_release(&design);
    return put;
}

/* ---- what is told ---- */

static int by_size(const void *left, const void *right)
{
    const struct retort_sample_stratum *a = left, *b = right;
    if (a->size != b->size)
        return a->size > b->size ? -1 : 1;
    return a->first < b->first ? -1 : a->first > b->first;
}

static bool tell_strata(struct retort_store *store, const struct frame *frame,
                        struct retort_arena *arena, struct retort_sample *sample,
                        struct retort_error *error)
{
    sample->strata = RETORT_NEW(arena, struct retort_sample_stratum, frame->n_strata);
    sample->n_strata = frame->n_strata;
    for (size_t h = 0; h < frame->n_strata; h++)
        sample->strata[h] =
            (struct retort_sample_stratum){.size = (uint64_t)frame->strata[h].size, .first = h};
    for (size_t i = 0; i < frame->n; i++)
        sample->strata[frame->units[frame->picks[i]].stratum].drawn++;
    if (frame->n_strata)
        qsort(sample->strata, frame->n_strata, sizeof *sample->strata, by_size);
    sample->n_told = frame->n_strata < RETORT_SAMPLE_TOLD ? frame->n_strata : RETORT_SAMPLE_TOLD;
    for (size_t h = 0; h < sample->n_told; h++)
        if (!name_stratum(store, frame, &frame->strata[sample->strata[h].first], arena,
                          &sample->strata[h].name, error))
            return false;
    return true;
}

static bool tell(struct retort_store *store, const struct frame *frame, struct retort_arena *arena,
                 struct retort_sample *sample, struct retort_error *error)
{
    sample->population = frame->n_units;
    sample->n = frame->n;
    sample->whole = frame->whole;
    sample->least = frame->n_units ? 1 : 0;
    for (size_t i = 0; i < frame->n_units; i++) {
        sample->least = fmin(sample->least, frame->chances[i]);
        sample->most = fmax(sample->most, frame->chances[i]);
    }
    return tell_strata(store, frame, arena, sample, error);
}

/* ---- public ---- */

static bool read_request(struct retort_store *store, struct frame *frame,
                         const struct retort_stored_model **model, struct retort_error *error)
{
    const struct retort_sample_request *request = frame->request;
    struct retort_run_filter *filter = &frame->filter;
    if (!retort_review_where(request->where, &frame->arena, filter, error) ||
        !retort_review_where_check(store, filter, error) ||
        !review_model_of(store, request->task, model, error))
        return false;
    if (filter->from.data || filter->to.data)
        return retort_fail(error, RETORT_USAGE,
                           "--where: from= and to= are of reports; samples know since= and until=, "
                           "when a comment was stored");
    if (request->n == 0)
        return retort_fail(error, RETORT_USAGE, "how many? say so by --n N");
    return *model || retort_fail(error, RETORT_USAGE,
                                 "no model has labelled here for the task "
                                 "\"%s\"",
                                 request->task);
}

static bool make_sample(struct retort_store *store, struct frame *frame, struct retort_arena *arena,
                        struct retort_sample *sample, struct retort_error *error)
{
    const struct retort_stored_model *model;
    if (!read_request(store, frame, &model, error) ||
        !retort_store_each_waiting(store, frame->request->task, &frame->filter, add_unit, frame,
                                   error))
        return false;
    draw(frame);
    bool stores = !frame->request->dry && frame->n_units;
    return (!stores || put_sample(store, frame, model->hash, sample, error)) &&
           tell(store, frame, arena, sample, error);
}

bool retort_review_sample(struct retort_store *store, const struct retort_sample_request *request,
                          struct retort_arena *arena, struct retort_sample *sample,
                          struct retort_error *error)
{
    struct frame frame = {.request = request};
    *sample = (struct retort_sample){0};
    bool made = (request->dry || retort_store_begin(store, error)) &&
                make_sample(store, &frame, arena, sample, error) &&
                (request->dry || retort_store_commit(store, error));
    if (!made && !request->dry)
        retort_store_rollback(store);
    release(&frame);
    return made;
}

bool retort_review_serve(struct retort_store *store, int64_t draw, struct retort_view *view,
                         struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_filter *filter = &view->filter;
    struct retort_stored_draw sample;
    const struct retort_stored_model *model;
    bool read = retort_store_sample(store, draw, filter->task, &arena, &sample, error);
    if (read && sample.id == 0)
        read = retort_fail(error, RETORT_USAGE, "there is no such sample; draw one: retort sample");
    read = read && review_model_of(store, retort_arena_string(&arena, sample.task), &model, error);
    if (read &&
        (!model || filter->label || filter->source || filter->author.data || filter->words.data))
        read = retort_fail(error, RETORT_USAGE,
                           "a sample is shown as it was drawn: only its task "
                           "and a state go with it");
    if (read) {
        filter->draw = sample.id;
        filter->task = model->task;
        view->order = RETORT_RANDOM;
        view->seed = sample.seed;
    }
    retort_arena_release(&arena);
    return read;
}
