/* What people decide of comments, one by one: POST /api/comments/{id}/decisions, its undo, and the
 * history of all.
 *
 * An answer is sent when the decision is on the disk (the store commits with a full sync), so what
 * was acknowledged outlives a kill; what was not is sent again under the same token. */
#include "serve/acts.h"
#include "serve/handlers.h"
#include "serve/json.h"
#include "serve/params.h"

#include <assert.h>

/* ---- decide ---- */

static void put_decided(struct exchange *exchange, int64_t id, int64_t comment)
{
    struct retort_stored_decision decision;
    struct retort_error error;
    bool found;
    retort_buffer_text(&exchange->out, "{\"decision\":{");
    bool read = retort_store_decision(exchange->worker->store, id, &exchange->arena, &decision,
                                      &found, &error);
    if (read) {
        assert(found);
        json_put_decision(&exchange->out, &decision);
        retort_buffer_byte(&exchange->out, '}');
        read = json_put_labels_of(exchange, comment, &error);
        retort_buffer_text(&exchange->out, "}\n");
    }
    if (!read)
        exchange_fail_error(exchange, &error);
}

void handle_decide(struct exchange *exchange)
{
    static const char *const MEMBERS[] = {"task", "act", "labels", "note", "token", NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    struct retort_choice_made choice;
    struct retort_error error;
    int64_t decision;
    if (!body || !act_read(exchange, body, &choice) ||
        !member_token(exchange, body, &choice.token) || !act_finds_comment(exchange, exchange->id))
        return;
    choice.comment = exchange->id;
    choice.selection =
        lease_selection(&exchange->server->leases, choice.comment, choice.reviewer, choice.task);
    if (!retort_review_decide(exchange->worker->store, &choice, &decision, &error)) {
        exchange_fail_error(exchange, &error);
        return;
    }
    metrics_count(&exchange->worker->counters, METRIC_DECISIONS, 1);
    put_decided(exchange, decision, choice.comment);
}

/* ---- undo ---- */

static void put_ids(struct retort_buffer *out, const char *key, const int64_t *ids, size_t n)
{
    retort_json_key(out, key);
    for (size_t i = 0; i < n; i++)
        retort_buffer_format(out, "%s%lld", i > 0 ? "," : "[", (long long)ids[i]);
    retort_buffer_text(out, n ? "]" : "[]");
}

static void undo(struct exchange *exchange, int64_t decision)
{
    static const char *const MEMBERS[] = {"token", NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    struct retort_undoing undoing = {
        .decision = decision, .reviewer = exchange->user, .via = RETORT_BY_PAGE};
    struct retort_undone undone;
    struct retort_error error;
    if (!body || !member_token(exchange, body, &undoing.token))
        return;
    if (!retort_review_undo(exchange->worker->store, &undoing, &exchange->arena, &undone, &error)) {
        exchange_fail_error(exchange, &error);
        return;
    }
    retort_buffer_byte(&exchange->out, '{');
    put_ids(&exchange->out, "undone", undone.decisions, undone.n);
    put_ids(&exchange->out, "comments", undone.comments, undone.n);
    retort_buffer_text(&exchange->out, "}\n");
}

void handle_undo(struct exchange *exchange)
{
    undo(exchange, 0);
}

void handle_undo_decision(struct exchange *exchange)
{
    struct retort_stored_decision decision;
    struct retort_error error;
    bool found;
    if (!retort_store_decision(exchange->worker->store, exchange->id, &exchange->arena, &decision,
                               &found, &error))
        exchange_fail_error(exchange, &error);
    else if (!found)
        exchange_fail(exchange, 404, "there is no decision %lld", (long long)exchange->id);
    else if (exchange->role < ROLE_ADMIN &&
             !retort_span_equal(decision.reviewer, retort_span_of(exchange->user)))
        exchange_fail(exchange, 403, "only an admin takes back what another has decided");
    else
        undo(exchange, exchange->id);
}

/* ---- history ---- */

struct history {
    struct exchange *exchange;
    int64_t batch; /* the bulk whose size was asked last; its rows come in a row */
    uint64_t size;
};

/* How many decisions were made at once. */
static bool read_size(struct history *history, const struct retort_stored_decision *decision,
                      uint64_t *size, struct retort_error *error)
{
    *size = 1;
    if (!decision->batch)
        return true;
    if (decision->batch != history->batch &&
        !retort_store_batch_size(history->exchange->worker->store, decision->batch, &history->size,
                                 error))
        return false;
    history->batch = decision->batch;
    *size = history->size;
    return true;
}

static bool put_row(void *context, const struct retort_stored_decision *decision,
                    struct retort_error *error)
{
    struct history *history = context;
    struct exchange *exchange = history->exchange;
    struct retort_buffer *out = &exchange->out;
    struct retort_stored_comment comment;
    uint64_t size;
    if (!read_size(history, decision, &size, error) ||
        !retort_store_comment(exchange->worker->store, decision->comment, &exchange->arena,
                              &comment, error))
        return false;
    retort_buffer_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
    json_put_decision(out, decision);
    json_put_count(out, "size", size);
    json_put_excerpt(out, "excerpt", comment.text);
    retort_buffer_byte(out, '}');
    return true;
}

static bool read_bulks(struct exchange *exchange, bool *once)
{
    const char *bulks = exchange_query(exchange, "bulks");
    *once = bulks && strcmp(bulks, "once") == 0;
    if (!bulks || *once || strcmp(bulks, "all") == 0)
        return true;
    exchange_fail(exchange, 400, "bulks is all or once");
    return false;
}

void handle_history(struct exchange *exchange)
{
    enum { LIMIT = 50, MOST = 200 };
    static const char *const PARAMETERS[] = {"reviewer", "before", "bulks", "limit", NULL};
    struct history history = {.exchange = exchange};
    struct retort_history_request request = {.reviewer = exchange_query(exchange, "reviewer")};
    uint64_t before = 0, limit = LIMIT;
    struct retort_error error;
    if (!params_only(exchange, PARAMETERS) ||
        !params_number(exchange, "before", 1, INT64_MAX, &before) ||
        !params_number(exchange, "limit", 1, MOST, &limit) ||
        !read_bulks(exchange, &request.bulks_once))
        return;
    request.before = (int64_t)before;
    request.limit = (size_t)limit;
    retort_buffer_text(&exchange->out, "{\"decisions\":[");
    if (retort_store_history(exchange->worker->store, &request, put_row, &history, &error))
        retort_buffer_text(&exchange->out, "]}\n");
    else
        exchange_fail_error(exchange, &error);
}
