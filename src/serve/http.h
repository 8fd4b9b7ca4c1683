/* http (private to serve): one exchange, a request and its answer, as handlers see it. */
#ifndef RETORT_SERVE_HTTP_H
#define RETORT_SERVE_HTTP_H

#include "serve/server.h"

enum place {
    INLINE, /* only computes: on the event loop */
    STORE,  /* touches the store or takes long: on a worker, the connection suspended */
};

enum role { ROLE_NOBODY, ROLE_READER, ROLE_REVIEWER, ROLE_ADMIN };

struct exchange;

/* A row of ROUTES. In the path, {id} stands for a number and {name} for one segment of text. */
struct route {
    const char *method, *path;
    enum place place;
    enum role least; /* who may */
    void (*handle)(struct exchange *exchange);
    size_t most_body; /* bytes; 0: DEFAULT_BODY */
};
enum { DEFAULT_BODY = 1 << 20 };

extern const struct route ROUTES[]; /* ended by a NULL method */
/* The row that fits, else NULL; *allowed then lists the methods ("GET, POST") that the path has,
 * "" when nothing has that path. id and name receive what stands in the path. */
const struct route *route_find(struct retort_span method, struct retort_span path, int64_t *id,
                               struct retort_span *name, char allowed[32]);

struct pair {
    struct retort_span name, value;
};

struct MHD_Connection;

struct exchange {
    struct server *server;
    struct worker *worker;
    struct retort_arena arena; /* dies with the exchange */
    /* the request */
    const struct route *route;
    struct retort_span method, path, body;
    int64_t id;              /* the number in the path; 0: none */
    struct retort_span name; /* the segment of text in the path */
    const struct pair *query;
    size_t n_query;
    const char *user; /* who asks, and what they may; NULL: nobody */
    enum role role;
    /* the answer */
    unsigned status; /* 200 until a handler says otherwise */
    const char *type;
    struct retort_span fixed; /* in place of out: bytes that live as long as the program */
    struct retort_buffer out;
    struct pair headers[4]; /* beyond those that every answer has; NUL-terminated values */
    size_t n_headers;
    /* private to the front */
    bool is_post;
    int64_t started;              /* when its headers were there, by connections_now */
    struct connection *client;    /* NULL in tests */
    struct auth_visitor *visitor; /* of /api */
    void (*deferred)(struct exchange *exchange);
    struct MHD_Connection *connection; /* NULL in tests */
    struct retort_buffer received;
    size_t n_dropped; /* bytes of a body that was too large */
    size_t n_held;    /* bytes of a large answer, counted among the server's */
    struct retort_json *json;
    enum { READING, RUNNING, DONE } state;
    struct exchange *next; /* in the workers' queue */
};

/* A query parameter, decoded, UTF-8 without NUL; NULL: not given. The first of several. */
const char *exchange_query(struct exchange *exchange, const char *name);
/* A request header; data NULL: not sent. */
struct retort_span exchange_header(const struct exchange *exchange, const char *name);
size_t exchange_count_headers(const struct exchange *exchange, const char *name);
/* A cookie's value; empty: not sent. */
struct retort_span exchange_cookie(const struct exchange *exchange, const char *name);
/* The body's JSON object, freed with the exchange; NULL: there is none, and 400 was answered. */
const struct retort_json *exchange_json(struct exchange *exchange);
/* Adds a header to the answer. The value is copied. */
void exchange_add_header(struct exchange *exchange, const char *name, struct retort_span value);

/* Replaces the answer by an error in Google's shape: {"error":{"code","message","status",
 * "details":[]}}. */
void exchange_fail(struct exchange *exchange, unsigned status, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for a failure from further inside: usage and bad input are 400, else 503. */
void exchange_fail_error(struct exchange *exchange, const struct retort_error *error);
/* The name Google gives a status: "INVALID_ARGUMENT". */
const char *exchange_status_name(unsigned status);

/* For an INLINE handler that finds it needs the store: `handler` runs next, on a worker. */
void exchange_defer(struct exchange *exchange, void (*handler)(struct exchange *exchange));

void exchange_release(struct exchange *exchange);

#endif
