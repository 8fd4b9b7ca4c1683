/* GET /api/queue and /api/counts: what deserves a person first, and how much there is of it. */
#include "serve/filters.h"
#include "serve/handlers.h"
#include "serve/json.h"

#include "review/review.h"

/* Comments that a search reads into the index of words before it answers, and that a count looks
 * at: the rest is read when nobody waits, and is not counted. */
enum { INDEX_CHUNK = 20000, COUNT_MOST = 10000 };
/* A search does not wait long for who writes; it then finds what was read before. */
enum { SEARCH_PATIENCE_MS = 200 };

/* How much of the store a search finds in. Who searches catches it up first; where that cannot be
 * (a full disk, a lock), it is searched as far as it was read. */
static bool read_indexed(struct exchange *exchange, const struct retort_view *view, double *share,
                         struct retort_error *error)
{
    struct retort_store *store = exchange->worker->store;
    bool searches = view->filter.words.data != NULL, read = false;
    if (searches) {
        retort_store_patience(store, SEARCH_PATIENCE_MS);
        read = retort_store_index_words(store, INDEX_CHUNK, share, error);
        retort_store_patience(store, RETORT_STORE_BUSY_MS);
    }
    if (!read && !retort_store_words_share(store, share, error))
        return false;
    if (searches && *share < 1)
        jobs_want_words(&exchange->server->jobs);
    return true;
}

void handle_queue(struct exchange *exchange)
{
    struct retort_view view;
    struct retort_queue queue;
    struct retort_error error;
    double indexed;
    if (!filters_of_query(exchange, true, &view))
        return;
    retort_buffer_byte(&exchange->out, '{');
    if (!read_indexed(exchange, &view, &indexed, &error) ||
        !retort_review_queue(exchange->worker->store, &view, &exchange->arena, &queue, &error) ||
        !json_put_items(exchange, "items", queue.items, queue.n_items, &error)) {
        exchange_fail_error(exchange, &error);
        return;
    }
    json_put_text(&exchange->out, "next", queue.next);
    json_put_number(&exchange->out, "indexed", indexed);
    retort_buffer_text(&exchange->out, "}\n");
}

/* ---- counts ---- */

static void put_task(struct retort_buffer *out, const struct retort_task_tally *task)
{
    json_put_text(out, "task", retort_span_of(task->task));
    json_put_count(out, "waiting", task->waiting);
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '[');
    for (size_t l = 0; l < task->n_labels; l++) {
        retort_buffer_text(out, l > 0 ? ",{" : "{");
        json_put_text(out, "name", retort_span_of(task->labels[l].name));
        json_put_count(out, "waiting", task->labels[l].waiting);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

static void put_tallies(struct retort_buffer *out, const struct retort_tallies *tallies)
{
    json_put_count(out, "waiting", tallies->waiting);
    json_put_count(out, "decided", tallies->decided);
    json_put_count(out, "comments", tallies->comments);
    retort_json_key(out, "tasks");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < tallies->n_tasks; i++) {
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        put_task(out, &tallies->tasks[i]);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

void handle_counts(struct exchange *exchange)
{
    struct retort_store *store = exchange->worker->store;
    struct retort_view view;
    struct retort_tallies tallies;
    struct retort_error error;
    uint64_t matching;
    bool exact;
    if (!filters_of_query(exchange, false, &view))
        return;
    if (!retort_store_count(store, &view.filter, COUNT_MOST, &matching, &exact, &error) ||
        !retort_store_tallies(store, &exchange->arena, &tallies, &error)) {
        exchange_fail_error(exchange, &error);
        return;
    }
    retort_buffer_byte(&exchange->out, '{');
    json_put_count(&exchange->out, "matching", matching);
    json_put_flag(&exchange->out, "exact", exact);
    put_tallies(&exchange->out, &tallies);
    retort_buffer_text(&exchange->out, "}\n");
}
