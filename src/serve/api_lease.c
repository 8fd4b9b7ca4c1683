/* Who looks at what: POST /api/next gives the best comment that nobody else has before them, POST
 * /api/lease takes, renews or gives back one.
 *
 * Two may find the same comment best at once: the lease is taken before it is known to be free for
 * this person, and what was found is looked at again behind it, for its last holder may have
 * decided it between the finding and the taking. */
#include "serve/acts.h"
#include "serve/filters.h"
#include "serve/handlers.h"
#include "serve/json.h"

enum { MOST_IDS = 1000, AT_ONCE = 50, COUNT_MOST = 20000 };

/* ---- the next one ---- */

struct search {
    struct exchange *exchange;
    struct retort_view view;
    int64_t *done, *keep; /* not to be given */
    size_t n_done, n_keep;
    struct retort_queue_item found; /* comment 0: none */
};

static bool is_among(int64_t comment, const int64_t *ids, size_t n_ids)
{
    for (size_t i = 0; i < n_ids; i++)
        if (ids[i] == comment)
            return true;
    return false;
}

static bool is_still_wanted(const struct search *search, const struct retort_queue_item *item,
                            bool *wanted, struct retort_error *error)
{
    struct exchange *exchange = search->exchange;
    struct retort_standing standing;
    *wanted = true;
    if (search->view.filter.state != RETORT_WAITING)
        return true;
    if (!retort_store_standing(exchange->worker->store, item->comment,
                               retort_span_of(item->model->task), &exchange->arena, &standing,
                               error))
        return false;
    *wanted = standing.decision == 0;
    return true;
}

static bool try_item(struct search *search, const struct retort_queue_item *item,
                     struct retort_error *error)
{
    struct exchange *exchange = search->exchange;
    struct leases *leases = &exchange->server->leases;
    bool wanted;
    if (is_among(item->comment, search->done, search->n_done) ||
        is_among(item->comment, search->keep, search->n_keep) ||
        !lease_take(leases, item->comment, exchange->user, lease_clock()))
        return true;
    bool looked = is_still_wanted(search, item, &wanted, error);
    if (looked && wanted)
        search->found = *item;
    else
        lease_give_back(leases, item->comment, exchange->user);
    return looked;
}

/* Page by page of the queue, as many as others hold or are done. */
static bool find_next(struct search *search, struct retort_error *error)
{
    struct retort_queue queue = {0};
    do {
        search->view.after = queue.next.data ? queue.next : RETORT_SPAN("");
        if (!retort_review_queue(search->exchange->worker->store, &search->view,
                                 &search->exchange->arena, &queue, error))
            return false;
        for (size_t i = 0; i < queue.n_items && !search->found.comment; i++)
            if (!try_item(search, &queue.items[i], error))
                return false;
    } while (!search->found.comment && queue.next.data);
    return true;
}

/* An item that chance has chosen says so with the decision that it leads to: one of all that wait.
 */
static bool record_draw(struct search *search, struct retort_error *error)
{
    struct exchange *exchange = search->exchange;
    struct retort_queue queue = {.items = &search->found, .n_items = 1};
    if (!search->found.comment || search->view.order != RETORT_RANDOM ||
        search->view.filter.state != RETORT_WAITING)
        return true;
    search->view.after = RETORT_SPAN("");
    search->view.limit = 1;
    if (!retort_review_draw(exchange->worker->store, &search->view, &queue, error)) {
        lease_give_back(&exchange->server->leases, search->found.comment, exchange->user);
        return false;
    }
    lease_remember(&exchange->server->leases, search->found.comment, exchange->user,
                   search->found.model->task, search->found.selection);
    return true;
}

static bool put_found(struct search *search, struct retort_error *error)
{
    struct exchange *exchange = search->exchange;
    struct retort_buffer *out = &exchange->out;
    const struct retort_queue_item *found = &search->found;
    uint64_t n;
    bool exact;
    if (!retort_store_count(exchange->worker->store, &search->view.filter, COUNT_MOST, &n, &exact,
                            error))
        return false;
    retort_buffer_text(out, found->comment ? "{\"comment\":{" : "{\"comment\":null");
    if (found->comment && !json_put_comment(exchange, found->comment, error))
        return false;
    if (found->comment)
        retort_buffer_byte(out, '}');
    json_put_text(out, "task",
                  found->comment ? retort_span_of(found->model->task) : (struct retort_span){0});
    json_put_count(out, "left", found->comment && n ? n - 1 : n);
    retort_buffer_text(out, "}\n");
    return true;
}

void handle_next(struct exchange *exchange)
{
    static const char *const MEMBERS[] = {"filters", "done", "keep", NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    struct search search = {.exchange = exchange};
    struct retort_error error;
    if (!body || !filters_of_body(exchange, &search.view) ||
        !member_ids(exchange, body, "done", MOST_IDS, &search.done, &search.n_done) ||
        !member_ids(exchange, body, "keep", MOST_IDS, &search.keep, &search.n_keep))
        return;
    search.view.limit = AT_ONCE;
    lease_give_back_all(&exchange->server->leases, exchange->user, search.keep, search.n_keep);
    if (!find_next(&search, &error) || !record_draw(&search, &error) || !put_found(&search, &error))
        exchange_fail_error(exchange, &error);
}

/* ---- one lease ---- */

/* Who holds it now, which is what the page wants to know of every answer. */
static void put_holder(struct exchange *exchange, int64_t comment)
{
    retort_buffer_byte(&exchange->out, '{');
    json_put_holder(exchange, comment);
    retort_buffer_text(&exchange->out, "}\n");
}

static void refuse(struct exchange *exchange, int64_t comment)
{
    char holder[LEASE_NAME];
    if (lease_holder(&exchange->server->leases, comment, lease_clock(), holder))
        exchange_fail(exchange, 409, "%s has this comment before them", holder);
    else
        exchange_fail(exchange, 503, "too many comments are held; try again in a minute");
}

void handle_lease(struct exchange *exchange)
{
    static const char *const MEMBERS[] = {"comment", "hold", NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    struct leases *leases = &exchange->server->leases;
    int64_t comment;
    bool hold;
    if (!body || !member_id(exchange, body, "comment", &comment) ||
        !member_flag(exchange, body, "hold", &hold) || !act_finds_comment(exchange, comment))
        return;
    if (!hold)
        lease_give_back(leases, comment, exchange->user);
    if (hold && !lease_take(leases, comment, exchange->user, lease_clock()))
        refuse(exchange, comment);
    else
        put_holder(exchange, comment);
}
