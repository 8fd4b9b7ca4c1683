/* The queue: what the store ranks, with likes kept apart; and the record of what was drawn. */
#include "review/review.h"

#include <stdlib.h>

const char *retort_order_name(enum retort_order order)
{
    static const char *const NAMES[] = {"worth", "severe", "unsure", "newest", "random"};
    return NAMES[order];
}

const char *retort_wanted_name(enum retort_wanted wanted)
{
    static const char *const NAMES[] = {"waiting",   "decided", "changed",
                                        "escalated", "skipped", "all"};
    return NAMES[wanted];
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

bool retort_review_queue(struct retort_store *store, const struct retort_view *view,
                         struct retort_arena *arena, struct retort_queue *queue,
                         struct retort_error *error)
{
    struct retort_listing listing;
    *queue = (struct retort_queue){0};
    if (!retort_store_list(store, view, arena, &listing, error))
        return false;
    queue->n_items = listing.n_items;
    queue->next = listing.next;
    queue->items = RETORT_NEW(arena, struct retort_queue_item, listing.n_items);
    for (size_t i = 0; i < listing.n_items; i++)
        queue->items[i] = (struct retort_queue_item){
            listing.items[i].comment, listing.items[i].model, listing.items[i].score, 0};
    /* A sample's order is chance's: what of it is decided first must be like the rest. */
    return view->filter.draw || part_likes(store, queue, arena, error);
}

double retort_review_probability(enum retort_order order, size_t n_items, uint64_t population)
{
    return order == RETORT_RANDOM && population ? (double)n_items / (double)population : 1;
}

/* ---- draws ------------------------------------------------------------------------------------
 */

static bool put_selections(struct retort_store *store, struct retort_queue *queue, int64_t draw,
                           double probability, struct retort_error *error)
{
    for (size_t i = 0; i < queue->n_items; i++) {
        struct retort_queue_item *item = &queue->items[i];
        const struct retort_selection_record record = {
            draw, item->comment, retort_span_of(item->model->task), probability, {NULL, 0}};
        if (!retort_store_put_selection(store, &record, &item->selection, error))
            return false;
    }
    return true;
}

/* The order and filters, as text. */
static void write_design(const struct retort_view *view, struct retort_buffer *out)
{
    const struct retort_filter *filter = &view->filter;
    retort_buffer_format(out, "order=%s limit=%zu", retort_order_name(view->order), view->limit);
    if (filter->task)
        retort_buffer_format(out, " task=%s", filter->task);
    if (filter->label)
        retort_buffer_format(out, " label=%s", filter->label);
    if (filter->state != RETORT_WAITING)
        retort_buffer_format(out, " state=%s", retort_wanted_name(filter->state));
    if (filter->source)
        retort_buffer_format(out, " source=%lld", (long long)filter->source);
    if (filter->author.data) {
        retort_buffer_text(out, " author=");
        retort_json_put(out, filter->author);
    }
    if (filter->words.data) {
        retort_buffer_text(out, " search=");
        retort_json_put(out, filter->words);
    }
}

static bool put_draw(struct retort_store *store, const struct retort_draw_record *record,
                     enum retort_order order, struct retort_queue *queue,
                     struct retort_error *error)
{
    int64_t draw;
    double probability = retort_review_probability(order, queue->n_items, record->population);
    if (retort_store_begin(store, error) && retort_store_put_draw(store, record, &draw, error) &&
        put_selections(store, queue, draw, probability, error) && retort_store_commit(store, error))
        return true;
    retort_store_rollback(store);
    return false;
}

static bool find_selections(struct retort_store *store, int64_t draw, struct retort_queue *queue,
                            struct retort_error *error)
{
    for (size_t i = 0; i < queue->n_items; i++) {
        struct retort_queue_item *item = &queue->items[i];
        if (!retort_store_selection(store, draw, item->comment, retort_span_of(item->model->task),
                                    &item->selection, error))
            return false;
    }
    return true;
}

bool retort_review_draw(struct retort_store *store, const struct retort_view *view,
                        struct retort_queue *queue, struct retort_error *error)
{
    struct retort_buffer design = {0};
    bool exact, drawn = true;
    if (view->filter.draw)
        return find_selections(store, view->filter.draw, queue, error);
    write_design(view, &design);
    struct retort_draw_record record = {
        .design = retort_buffer_span(&design),
        .seeded = view->order == RETORT_RANDOM,
        .seed = view->seed,
        .reviewer = view->filter.reviewer ? view->filter.reviewer : "",
    };
    if (queue->n_items)
        drawn = retort_store_count(store, &view->filter, 0, &record.population, &exact, error) &&
                put_draw(store, &record, view->order, queue, error);
    retort_buffer_release(&design);
    return drawn;
}
