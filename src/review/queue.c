/* The queue: one pass over the undecided answers, the best `limit` kept.
 *
 * A buffer of twice the limit is sorted and cut when it is full: no heap, and memory that does not
 * grow with the database. Scores come from the stored p alone; no model is needed. */
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

static const double WRONG_LABEL_SEVERITY = 0.1;

const char *retort_order_name(enum retort_order order)
{
    static const char *const NAMES[] = {"unsure", "severe", "newest", "random"};
    return NAMES[order];
}

/* ---- scores -----------------------------------------------------------------------------------
 */

static double nearness_one_of(const struct retort_stored_label *label)
{
    double best = 0, second = 0;
    for (size_t i = 0; i < label->model->n_labels; i++) {
        double p = label->scores[i].p;
        if (p > best) {
            second = best;
            best = p;
        } else if (p > second) {
            second = p;
        }
    }
    return 1 - (best - second);
}

static double nearness_any_of(const struct retort_stored_label *label)
{
    double nearest = 0;
    for (size_t i = 0; i < label->model->n_labels; i++) {
        double p = label->scores[i].p, threshold = label->model->thresholds[i];
        double room = p >= threshold ? 1 - threshold : threshold;
        double away = p >= threshold ? p - threshold : threshold - p;
        double nearness = room > 0 ? 1 - away / room : 0;
        nearest = nearness > nearest ? nearness : nearest;
    }
    return nearest;
}

static double severity_of(const struct retort_stored_label *label)
{
    double most = 0;
    bool one = label->model->choice == RETORT_ONE_OF;
    for (size_t i = 0; i < label->model->n_labels; i++) {
        const struct retort_stored_score *score = &label->scores[i];
        double severity = one ? (score->on ? WRONG_LABEL_SEVERITY * (1 - score->p) : 0)
                              : label->model->severities[i] * score->p;
        most = severity > most ? severity : most;
    }
    return most;
}

static double chance(int64_t comment, uint64_t seed)
{
    uint64_t state = seed ^ ((uint64_t)comment * 0x9E3779B97F4A7C15u);
    retort_random(&state);
    return (double)(retort_random(&state) >> 11) / 9007199254740992.0;
}

static double score_of(const struct retort_queue_request *request,
                       const struct retort_stored_label *label)
{
    switch (request->order) {
    case RETORT_UNSURE:
        return (label->unsure ? 1 : 0) + (label->model->choice == RETORT_ONE_OF
                                              ? nearness_one_of(label)
                                              : nearness_any_of(label));
    case RETORT_SEVERE:
        return severity_of(label);
    case RETORT_NEWEST:
        return (double)label->comment;
    case RETORT_RANDOM:
        return chance(label->comment, request->seed);
    }
    return 0;
}

/* ---- the best ones ----------------------------------------------------------------------------
 */

struct gathering {
    const struct retort_queue_request *request;
    struct retort_queue_item best; /* of the comment being read; comment 0: none yet */
    struct retort_queue_item *items;
    size_t n_items, capacity, population;
};

static int compare_items(const void *left, const void *right)
{
    const struct retort_queue_item *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    return a->comment < b->comment ? -1 : a->comment > b->comment;
}

static void keep_best(struct gathering *all)
{
    size_t limit = all->request->limit;
    if (all->n_items) /* qsort wants a pointer even for none */
        qsort(all->items, all->n_items, sizeof *all->items, compare_items);
    if (limit && all->n_items > limit)
        all->n_items = limit;
}

/* The comment is read to its end: its best answer joins. */
static void end_comment(struct gathering *all)
{
    if (!all->best.comment)
        return;
    if (all->n_items == all->capacity && all->request->limit && all->n_items >= 1024)
        keep_best(all);
    if (all->n_items * 2 > all->capacity || all->n_items == all->capacity) {
        all->capacity = all->capacity ? all->capacity * 2 : 1024;
        all->items = retort_grow(all->items, all->capacity, sizeof *all->items);
    }
    all->items[all->n_items++] = all->best;
    all->best.comment = 0;
    all->population++;
}

static bool fits(const struct retort_queue_request *request,
                 const struct retort_stored_label *label)
{
    if (!label->model || (request->task && strcmp(request->task, label->model->task) != 0))
        return false;
    if (!request->label)
        return true;
    for (size_t i = 0; i < label->model->n_labels; i++)
        if (strcmp(label->model->labels[i], request->label) == 0)
            return label->scores[i].on;
    return false;
}

static bool gather(void *context, const struct retort_stored_label *label,
                   struct retort_error *error)
{
    struct gathering *all = context;
    (void)error;
    if (label->comment != all->best.comment)
        end_comment(all);
    if (!fits(all->request, label))
        return true;
    struct retort_queue_item item = {label->comment, label->model, score_of(all->request, label),
                                     0};
    if (!all->best.comment || item.score > all->best.score)
        all->best = item;
    return true;
}

/* ---- likes apart ------------------------------------------------------------------------------
 */

struct kin {
    uint64_t hash;
    size_t rank, nth; /* nth of its kind */
};

static int compare_hashes(const void *left, const void *right)
{
    const struct kin *a = left, *b = right;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

static int compare_turns(const void *left, const void *right)
{
    const struct kin *a = left, *b = right;
    if (a->nth != b->nth)
        return a->nth < b->nth ? -1 : 1;
    return a->rank < b->rank ? -1 : a->rank > b->rank;
}

/* Letters and digits, folded, no letter twice in a row: "LOL!!" and "loool" are alike. */
static uint64_t likeness(struct retort_span text)
{
    struct retort_buffer letters = {0};
    uint32_t last = 0;
    for (size_t at = 0; at < text.len;) {
        uint32_t folded = retort_fold(retort_utf8_next(text, &at));
        bool counts = retort_is_letter(folded) || (folded >= '0' && folded <= '9');
        uint8_t bytes[4];
        if (counts && folded != last)
            retort_buffer_put(&letters,
                              (struct retort_span){bytes, retort_utf8_put(bytes, folded)});
        last = counts ? folded : last;
    }
    uint64_t hash = retort_hash(letters.len ? retort_buffer_span(&letters) : text, 0);
    retort_buffer_release(&letters);
    return hash;
}

static bool read_kin(struct retort_store *store, const struct retort_queue *queue, struct kin *kin,
                     struct retort_error *error)
{
    for (size_t i = 0; i < queue->n_items; i++) {
        struct retort_arena arena = {0};
        struct retort_stored_comment comment;
        bool read = retort_store_comment(store, queue->items[i].comment, &arena, &comment, error);
        kin[i] = (struct kin){read ? likeness(comment.text) : 0, i, 0};
        retort_arena_release(&arena);
        if (!read)
            return false;
    }
    return true;
}

static bool part_likes(struct retort_store *store, struct retort_queue *queue,
                       struct retort_arena *arena, struct retort_error *error)
{
    size_t n = queue->n_items;
    struct kin *kin = RETORT_NEW(arena, struct kin, n);
    struct retort_queue_item *parted = RETORT_NEW(arena, struct retort_queue_item, n);
    if (!read_kin(store, queue, kin, error))
        return false;
    qsort(kin, n, sizeof *kin, compare_hashes);
    for (size_t i = 1; i < n; i++)
        kin[i].nth = kin[i].hash == kin[i - 1].hash ? kin[i - 1].nth + 1 : 0;
    qsort(kin, n, sizeof *kin, compare_turns);
    for (size_t i = 0; i < n; i++)
        parted[i] = queue->items[kin[i].rank];
    queue->items = parted;
    return true;
}

/* ---- public -----------------------------------------------------------------------------------
 */

static bool has_label(const struct retort_stored_model *model, const char *label)
{
    for (size_t i = 0; i < model->n_labels; i++)
        if (strcmp(model->labels[i], label) == 0)
            return true;
    return false;
}

/* A filter that can match nothing is a slip of the pen. */
static bool check_filters(struct retort_store *store, const struct retort_queue_request *request,
                          struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    bool task = !request->task, label = !request->label;
    if (!retort_store_models(store, &models, &n_models, error))
        return false;
    for (size_t i = 0; i < n_models; i++) {
        bool of_task = !request->task || strcmp(models[i].task, request->task) == 0;
        task |= of_task;
        label |= of_task && request->label && has_label(&models[i], request->label);
    }
    if (n_models == 0 || (task && label))
        return true;
    return retort_fail(error, RETORT_USAGE, "no model has labelled here for the %s \"%s\"",
                       task ? "label" : "task", task ? request->label : request->task);
}

bool retort_review_queue(struct retort_store *store, const struct retort_queue_request *request,
                         struct retort_arena *arena, struct retort_queue *queue,
                         struct retort_error *error)
{
    struct gathering all = {.request = request};
    *queue = (struct retort_queue){0};
    if (!check_filters(store, request, error))
        return false;
    bool read = retort_store_each_undecided(store, request->reviewer, gather, &all, error);
    if (read) {
        end_comment(&all);
        keep_best(&all);
        queue->n_items = all.n_items;
        queue->population = all.population;
        queue->items = RETORT_NEW(arena, struct retort_queue_item, all.n_items);
        if (all.n_items)
            memcpy(queue->items, all.items, all.n_items * sizeof *all.items);
        bool by_chance = request->order == RETORT_RANDOM && all.population;
        queue->probability = by_chance ? (double)all.n_items / (double)all.population : 1;
    }
    free(all.items);
    return read && part_likes(store, queue, arena, error);
}

static bool put_selections(struct retort_store *store, struct retort_queue *queue, int64_t draw,
                           struct retort_error *error)
{
    for (size_t i = 0; i < queue->n_items; i++) {
        struct retort_queue_item *item = &queue->items[i];
        if (!retort_store_put_selection(store, draw, item->comment,
                                        retort_span_of(item->model->task), queue->probability,
                                        &item->selection, error))
            return false;
    }
    return true;
}

bool retort_review_draw(struct retort_store *store, const struct retort_queue_request *request,
                        struct retort_queue *queue, struct retort_error *error)
{
    struct retort_buffer design = {0};
    int64_t draw;
    retort_buffer_format(&design, "order=%s limit=%zu", retort_order_name(request->order),
                         request->limit);
    if (request->task)
        retort_buffer_format(&design, " task=%s", request->task);
    if (request->label)
        retort_buffer_format(&design, " label=%s", request->label);
    const struct retort_draw_record record = {
        .design = retort_buffer_span(&design),
        .seeded = request->order == RETORT_RANDOM,
        .seed = request->seed,
        .population = queue->population,
        .reviewer = request->reviewer ? request->reviewer : "",
    };
    bool drawn =
        queue->n_items == 0 ||
        (retort_store_begin(store, error) && retort_store_put_draw(store, &record, &draw, error) &&
         put_selections(store, queue, draw, error) && retort_store_commit(store, error));
    if (!drawn)
        retort_store_rollback(store);
    retort_buffer_release(&design);
    return drawn;
}
