/* Routes: which method and path is answered by whom. The page's own addresses all answer with its
 * one document. */
#include "serve/handlers.h"
#include "serve/intake.h"

#include <string.h>

const struct route ROUTES[] = {
    {"GET", "/healthz", STORE, ROLE_NOBODY, handle_health, 0},
    {"GET", "/metrics", INLINE, ROLE_NOBODY, handle_metrics, 0},

    {"GET", "/", INLINE, ROLE_NOBODY, handle_page, 0},
    {"GET", "/queue", INLINE, ROLE_NOBODY, handle_page, 0},
    {"GET", "/comment/{id}", INLINE, ROLE_NOBODY, handle_page, 0},
    {"GET", "/dashboard", INLINE, ROLE_NOBODY, handle_page, 0},
    {"GET", "/pages", INLINE, ROLE_NOBODY, handle_page, 0},
    {"GET", "/pages/{id}", INLINE, ROLE_NOBODY, handle_page, 0},
    {"GET", "/history", INLINE, ROLE_NOBODY, handle_page, 0},
    {"GET", "/assets/{name}", INLINE, ROLE_NOBODY, handle_asset, 0},

    {"GET", "/api/session", INLINE, ROLE_NOBODY, handle_session, 0},
    {"POST", "/api/session", STORE, ROLE_NOBODY, handle_sign_in, 0},
    {"POST", "/api/session/end", INLINE, ROLE_NOBODY, handle_sign_out, 0},
    {"GET", "/api/tasks", STORE, ROLE_READER, handle_tasks, 0},
    {"GET", "/api/queue", STORE, ROLE_READER, handle_queue, 0},
    {"GET", "/api/counts", STORE, ROLE_READER, handle_counts, 0},
    {"GET", "/api/comments/{id}", STORE, ROLE_READER, handle_comment, 0},
    {"GET", "/api/comments/{id}/explanations", STORE, ROLE_READER, handle_explanations, 0},
    {"POST", "/api/comments/{id}/decisions", STORE, ROLE_REVIEWER, handle_decide, 0},
    {"GET", "/api/decisions", STORE, ROLE_READER, handle_history, 0},
    {"POST", "/api/decisions/{id}/undo", STORE, ROLE_REVIEWER, handle_undo_decision, 0},
    {"POST", "/api/undo", STORE, ROLE_REVIEWER, handle_undo, 0},
    {"GET", "/api/dashboard", STORE, ROLE_READER, handle_dashboard, 0},
    {"POST", "/api/bulk/preview", STORE, ROLE_REVIEWER, handle_bulk_preview, 0},
    {"POST", "/api/bulk", STORE, ROLE_REVIEWER, handle_bulk, 3 << 20}, /* a preview's as a text */
    {"POST", "/api/next", STORE, ROLE_REVIEWER, handle_next, 0},
    {"POST", "/api/lease", STORE, ROLE_REVIEWER, handle_lease, 0},
    {"GET", "/api/pages", STORE, ROLE_READER, handle_pages, 0},
    {"POST", "/api/pages", STORE, ROLE_REVIEWER, handle_add_pages, MOST_PAGE_BODY},
    {"GET", "/api/pages/{id}", STORE, ROLE_READER, handle_get_page, 0},
    {"POST", "/api/pages/{id}/corrections", STORE, ROLE_REVIEWER, handle_correct_page, 0},
    {"POST", "/api/corrections/{id}/undo", STORE, ROLE_REVIEWER, handle_undo_correction, 0},
    {"GET", "/api/openapi.json", INLINE, ROLE_NOBODY, handle_openapi, 0},

    {"POST", "/v1alpha1/comments:analyze", INLINE, ROLE_NOBODY, handle_analyze, 2 << 20},
    {"POST", "/v1alpha1/comments:suggestscore", STORE, ROLE_NOBODY, handle_suggestscore, 2 << 20},
    {"GET", "/$discovery/rest", INLINE, ROLE_NOBODY, handle_discovery, 0},
    {0},
};

/* A number from 1 on, in digits alone; 0: it is none. */
static int64_t number_of(struct retort_span segment)
{
    int64_t number = 0;
    if (segment.len == 0 || segment.len > 18)
        return 0;
    for (size_t i = 0; i < segment.len; i++) {
        if (segment.data[i] < '0' || segment.data[i] > '9')
            return 0;
        number = 10 * number + (segment.data[i] - '0');
    }
    return number;
}

static bool fits(const char *pattern, struct retort_span path, int64_t *id,
                 struct retort_span *name)
{
    size_t at = 0;
    for (; *pattern; pattern++) {
        if (*pattern != '{') {
            if (at == path.len || path.data[at++] != (uint8_t)*pattern)
                return false;
            continue;
        }
        size_t begin = at;
        while (at < path.len && path.data[at] != '/')
            at++;
        *name = retort_span_slice(path, begin, at);
        if (name->len == 0)
            return false;
        if (pattern[1] == 'i' && (*id = number_of(*name)) == 0)
            return false;
        pattern = strchr(pattern, '}');
    }
    return at == path.len;
}

const struct route *route_find(struct retort_span method, struct retort_span path, int64_t *id,
                               struct retort_span *name, char allowed[32])
{
    allowed[0] = 0;
    for (const struct route *route = ROUTES; route->method; route++) {
        bool head =
            strcmp(route->method, "GET") == 0 && retort_span_equal(method, RETORT_SPAN("HEAD"));
        if (!fits(route->path, path, id, name))
            continue;
        if (head || retort_span_equal(method, retort_span_of(route->method)))
            return route;
        strcat(allowed, allowed[0] ? ", " : "");
        strcat(allowed, route->method);
    }
    return NULL;
}
