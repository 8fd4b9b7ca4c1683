/* Filters: a row a name. Whether a task or label is known, whether a search has words and a cursor
 * is of this view, the store says. */
#include "serve/filters.h"
#include "serve/members.h"
#include "serve/params.h"

#include "review/review.h"

#include <string.h>

/* ---- values: false when the text is none ---- */

static bool set_order(struct retort_view *view, const char *text)
{
    for (int order = RETORT_WORTH; order <= RETORT_RANDOM; order++)
        if (strcmp(text, retort_order_name((enum retort_order)order)) == 0) {
            view->order = (enum retort_order)order;
            return true;
        }
    return false;
}

static bool set_state(struct retort_view *view, const char *text)
{
    for (int state = RETORT_WAITING; state <= RETORT_ALL; state++)
        if (strcmp(text, retort_wanted_name((enum retort_wanted)state)) == 0) {
            view->filter.state = (enum retort_wanted)state;
            return true;
        }
    return false;
}

static bool set_seed(struct retort_view *view, const char *text)
{
    return retort_parse_count(text, &view->seed);
}

static bool set_page(struct retort_view *view, const char *text)
{
    uint64_t id;
    if (!retort_parse_count(text, &id) || id < 1 || id > INT64_MAX)
        return false;
    view->filter.source = (int64_t)id;
    return true;
}

static bool set_draw(struct retort_view *view, const char *text)
{
    uint64_t id;
    if (!retort_parse_count(text, &id) || id < 1 || id > INT64_MAX)
        return false;
    view->filter.draw = (int64_t)id;
    return true;
}

static bool set_task(struct retort_view *view, const char *text)
{
    view->filter.task = text;
    return true;
}

static bool set_label(struct retort_view *view, const char *text)
{
    view->filter.label = text;
    return true;
}

static bool set_author(struct retort_view *view, const char *text)
{
    view->filter.author = retort_span_of(text);
    return true;
}

static bool set_words(struct retort_view *view, const char *text)
{
    view->filter.words = retort_span_of(text);
    return true;
}

static const struct {
    const char *name;
    bool (*set)(struct retort_view *view, const char *text);
    const char *wants;
} FILTERS[] = {
    {"order", set_order, "one of worth, severe, unsure, newest, random"},
    {"seed", set_seed, "a number from 0 on"},
    {"draw", set_draw, "the number of a sample, from 1 on"},
    {"task", set_task, "a task"},
    {"label", set_label, "a label"},
    {"page", set_page, "the id of a source, a number from 1 on"},
    {"author", set_author, "a name"},
    {"q", set_words, "words"},
    {"state", set_state, "one of waiting, decided, changed, escalated, skipped, all"},
};
enum { N_FILTERS = sizeof FILTERS / sizeof *FILTERS };

static const char *const NAMES[] = {"order", "seed",   "draw", "task",  "label",
                                    "page",  "author", "q",    "state", NULL};
static const char *const PAGED_NAMES[] = {"order",  "seed", "draw",  "task",  "label", "page",
                                          "author", "q",    "state", "limit", "after", NULL};

static void begin(struct exchange *exchange, struct retort_view *view)
{
    *view = (struct retort_view){.filter = {.state = RETORT_WAITING, .reviewer = exchange->user},
                                 .order = RETORT_WORTH};
}

static bool set(struct exchange *exchange, struct retort_view *view, size_t filter,
                const char *text)
{
    if (!text || FILTERS[filter].set(view, text))
        return true;
    exchange_fail(exchange, 400, "%s wants %s", FILTERS[filter].name, FILTERS[filter].wants);
    return false;
}

/* A sample is seen as it was drawn, in its own order, whatever order was asked for. */
static bool find_draw(struct exchange *exchange, struct retort_view *view)
{
    struct retort_error error;
    if (!view->filter.draw ||
        retort_review_serve(exchange->worker->store, view->filter.draw, view, &error))
        return true;
    exchange_fail_error(exchange, &error);
    return false;
}

bool filters_of_query(struct exchange *exchange, bool paged, struct retort_view *view)
{
    uint64_t limit = paged ? FILTERS_DEFAULT_LIMIT : 0;
    begin(exchange, view);
    if (!params_only(exchange, paged ? PAGED_NAMES : NAMES))
        return false;
    for (size_t i = 0; i < N_FILTERS; i++)
        if (!set(exchange, view, i, exchange_query(exchange, FILTERS[i].name)))
            return false;
    if (paged && !params_number(exchange, "limit", 1, FILTERS_MOST, &limit))
        return false;
    const char *after = paged ? exchange_query(exchange, "after") : NULL;
    view->limit = (size_t)limit;
    view->after = retort_span_of(after ? after : "");
    return find_draw(exchange, view);
}

/* The member as it stands in the body, whose own members are then known to be no others. */
static bool check_members(struct exchange *exchange)
{
    struct retort_json_member *members;
    size_t n = retort_json_members(retort_span_trim(exchange->body), &exchange->arena, &members);
    for (size_t i = 0; i < n; i++)
        if (retort_span_equal(members[i].key, RETORT_SPAN("filters")))
            return params_members(exchange, members[i].value, "\"filters\"", NAMES);
    return true;
}

bool filters_of_body(struct exchange *exchange, struct retort_view *view)
{
    const struct retort_json *body = exchange_json(exchange);
    const struct retort_json *filters = body ? retort_json_get(body, "filters") : NULL;
    begin(exchange, view);
    if (!filters)
        return body != NULL;
    if (!retort_json_is_object(filters)) {
        exchange_fail(exchange, 400, "\"filters\" wants an object of texts");
        return false;
    }
    if (!check_members(exchange))
        return false;
    for (size_t i = 0; i < N_FILTERS; i++) {
        const char *text;
        if (!member_text(exchange, filters, FILTERS[i].name, false, &text) ||
            !set(exchange, view, i, text))
            return false;
    }
    return find_draw(exchange, view);
}
