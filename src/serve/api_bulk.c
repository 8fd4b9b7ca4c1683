/* One word on many comments: POST /api/bulk/preview says how many and shows some, POST /api/bulk
 * does it.
 *
 * The ticket between them is the digest of what the preview found and the preview's own request, so
 * the server keeps nothing, also over a restart: the bulk reads that request again, finds what it
 * finds now, and does it only if that has the same digest. */
#include "serve/acts.h"
#include "serve/filters.h"
#include "serve/handlers.h"
#include "serve/json.h"

enum {
    MOST_IDS = 100000,
    SAMPLE = 10,
    INDEX_CHUNK = 20000, /* comments whose words are read at once */
    INDEX_CHUNKS = 10,
    DIGEST = RETORT_SHA256_HEX - 1
};

/* What a preview asks for: a bulk, and the view that finds its comments. */
struct asked {
    struct retort_bulk bulk;
    struct retort_view view;
};

/* ---- reading ---- */

static bool find(void *context, struct retort_store *store, struct retort_arena *arena,
                 struct retort_bulk *bulk, struct retort_error *error)
{
    const struct asked *asked = context;
    struct retort_listing listing;
    if (!retort_store_list(store, &asked->view, arena, &listing, error))
        return false;
    int64_t *comments = RETORT_NEW(arena, int64_t, listing.n_items + 1);
    for (size_t i = 0; i < listing.n_items; i++)
        comments[i] = listing.items[i].comment;
    bulk->comments = comments;
    bulk->n_comments = listing.n_items;
    return true;
}

/* By filters: of the task that is to be decided, unless they name another; the order does not
 * matter, and the newest first is the one found fastest. */
static bool read_filters(struct exchange *exchange, struct asked *asked)
{
    if (!filters_of_body(exchange, &asked->view))
        return false;
    if (!asked->view.filter.task)
        asked->view.filter.task = asked->bulk.choice.task;
    asked->view.order = RETORT_NEWEST;
    asked->view.limit = (size_t)RETORT_BULK_MOST + 1; /* one too many is refused */
    asked->bulk.find = find;
    asked->bulk.context = asked;
    return true;
}

static bool read_asked(struct exchange *exchange, struct asked *asked)
{
    static const char *const MEMBERS[] = {"filters", "comments", "task", "act",
                                          "labels",  "note",     NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    int64_t *ids;
    *asked = (struct asked){0};
    if (!body || !act_read(exchange, body, &asked->bulk.choice) ||
        !member_ids(exchange, body, "comments", MOST_IDS, &ids, &asked->bulk.n_comments))
        return false;
    asked->bulk.comments = ids;
    bool filters = retort_json_get(body, "filters") != NULL;
    if (filters == (ids != NULL)) {
        exchange_fail(exchange, 400, "a bulk wants either \"filters\" or \"comments\"");
        return false;
    }
    return !filters || read_filters(exchange, asked);
}

/* A bulk by words wants them all read, or it would pass over what it means. */
static bool index_words(struct exchange *exchange, const struct asked *asked)
{
    double share = 1;
    struct retort_error error;
    for (int i = 0; asked->view.filter.words.data && i < INDEX_CHUNKS; i++) {
        if (!retort_store_index_words(exchange->worker->store, INDEX_CHUNK, &share, &error)) {
            exchange_fail_error(exchange, &error);
            return false;
        }
        if (share >= 1)
            break;
    }
    if (share < 1)
        exchange_fail(exchange, 503, "%.0f%% of the comments can be searched yet; try again",
                      100 * share);
    return share >= 1;
}

/* ---- preview ---- */

static const struct retort_stored_model *model_of(struct retort_store *store, const char *task)
{
    const struct retort_stored_model *models, *found = NULL;
    struct retort_error ignored;
    size_t n_models;
    if (retort_store_models(store, &models, &n_models, &ignored))
        for (size_t i = 0; i < n_models; i++)
            found = strcmp(models[i].task, task) == 0 ? &models[i] : found;
    return found;
}

/* Some of the set, evenly from its first to its last: what was stored at any time. */
static bool put_sample(struct exchange *exchange, const struct asked *asked,
                       const struct retort_bulk_set *set, struct retort_error *error)
{
    struct retort_queue_item items[SAMPLE];
    size_t n = set->n_comments < SAMPLE ? set->n_comments : SAMPLE;
    for (size_t i = 0; i < n; i++)
        items[i] = (struct retort_queue_item){
            .comment = set->comments[i * set->n_comments / n],
            .model = model_of(exchange->worker->store, asked->bulk.choice.task)};
    return json_put_items(exchange, "sample", items, n, error);
}

static void put_ticket(struct exchange *exchange, const struct retort_bulk_set *set)
{
    struct retort_buffer ticket = {0};
    retort_buffer_text(&ticket, set->digest);
    retort_buffer_put(&ticket, exchange->body);
    json_put_text(&exchange->out, "ticket", retort_buffer_span(&ticket));
    retort_buffer_release(&ticket);
}

void handle_bulk_preview(struct exchange *exchange)
{
    struct asked asked;
    struct retort_bulk_set set;
    struct retort_error error;
    if (!read_asked(exchange, &asked) || !index_words(exchange, &asked))
        return;
    bool found = retort_review_bulk_set(exchange->worker->store, &asked.bulk, &exchange->arena,
                                        &set, &error);
    if (found) {
        retort_buffer_byte(&exchange->out, '{');
        json_put_count(&exchange->out, "count", set.n_comments);
        found = put_sample(exchange, &asked, &set, &error);
        put_ticket(exchange, &set);
        retort_buffer_text(&exchange->out, "}\n");
    }
    if (!found)
        exchange_fail_error(exchange, &error);
}

/* ---- bulk ---- */

/* The preview's request takes the place of this one's; its digest is cut off. */
static bool open_ticket(struct exchange *exchange, const char *ticket, char digest[DIGEST + 1])
{
    struct retort_error error;
    struct retort_span text = retort_span_of(ticket);
    if (text.len <= DIGEST || strspn(ticket, "0123456789abcdef") < DIGEST ||
        !retort_json_check(retort_span_slice(text, DIGEST, text.len), &error)) {
        exchange_fail(exchange, 400, "\"ticket\" is none that a preview has given");
        return false;
    }
    memcpy(digest, ticket, DIGEST);
    digest[DIGEST] = 0;
    retort_json_free(exchange->json);
    exchange->json = NULL;
    exchange->body = retort_span_slice(text, DIGEST, text.len);
    return true;
}

static void put_done(struct exchange *exchange, const struct retort_bulk_done *done)
{
    if (done->changed) {
        exchange_fail(exchange, 409,
                      "what is to be decided has changed since the preview; look at it again");
        return;
    }
    metrics_count(&exchange->worker->counters, METRIC_DECISIONS, done->n);
    retort_buffer_byte(&exchange->out, '{');
    json_put_count(&exchange->out, "count", done->n);
    json_put_id(&exchange->out, "batch", done->batch);
    retort_buffer_text(&exchange->out, "}\n");
}

void handle_bulk(struct exchange *exchange)
{
    static const char *const MEMBERS[] = {"ticket", "token", NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    const char *ticket, *token;
    char digest[DIGEST + 1];
    struct asked asked;
    struct retort_bulk_done done;
    struct retort_error error;
    if (!body || !member_text(exchange, body, "ticket", true, &ticket) ||
        !member_token(exchange, body, &token) || !open_ticket(exchange, ticket, digest) ||
        !read_asked(exchange, &asked))
        return;
    asked.bulk.choice.token = token;
    if (retort_review_bulk(exchange->worker->store, &asked.bulk, digest, &done, &error))
        put_done(exchange, &done);
    else
        exchange_fail_error(exchange, &error);
}
