/* An exchange from a handler's side: what was asked, and how a failure is said. */
#include "serve/http.h"

#include <assert.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <strings.h>

/* ---- the request ---- */

const char *exchange_query(struct exchange *exchange, const char *name)
{
    for (size_t i = 0; i < exchange->n_query; i++)
        if (retort_span_equal(exchange->query[i].name, retort_span_of(name)))
            return retort_arena_string(&exchange->arena, exchange->query[i].value);
    return NULL;
}

struct retort_span exchange_header(const struct exchange *exchange, const char *name)
{
    const char *value = exchange->connection ? MHD_lookup_connection_value(exchange->connection,
                                                                           MHD_HEADER_KIND, name)
                                             : NULL;
    return value ? retort_span_of(value) : (struct retort_span){0};
}

struct counted {
    const char *name;
    size_t n;
};

static enum MHD_Result count_header(void *context, enum MHD_ValueKind kind, const char *name,
                                    const char *value)
{
    struct counted *counted = context;
    (void)kind, (void)value;
    counted->n += strcasecmp(name, counted->name) == 0;
    return MHD_YES;
}

size_t exchange_count_headers(const struct exchange *exchange, const char *name)
{
    struct counted counted = {name, 0};
    if (exchange->connection)
        MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, count_header, &counted);
    return counted.n;
}

struct retort_span exchange_cookie(const struct exchange *exchange, const char *name)
{
    const char *value = exchange->connection ? MHD_lookup_connection_value(exchange->connection,
                                                                           MHD_COOKIE_KIND, name)
                                             : NULL;
    return value ? retort_span_of(value) : (struct retort_span){0};
}

const struct retort_json *exchange_json(struct exchange *exchange)
{
    struct retort_error error;
    if (!exchange->json)
        exchange->json = retort_json_parse(exchange->body, &error);
    if (!exchange->json)
        exchange_fail(exchange, 400, "the body is no JSON: %s", error.message);
    else if (!retort_json_is_object(exchange->json))
        exchange_fail(exchange, 400, "the body is no JSON object");
    else
        return exchange->json;
    return NULL;
}

/* ---- the answer ---- */

void exchange_add_header(struct exchange *exchange, const char *name, struct retort_span value)
{
    const char *copy = retort_arena_string(&exchange->arena, value);
    assert(exchange->n_headers < sizeof exchange->headers / sizeof *exchange->headers);
    exchange->headers[exchange->n_headers++] =
        (struct pair){retort_span_of(name), retort_span_of(copy)};
}

static const struct {
    unsigned status;
    const char *name;
} STATUSES[] = {
    {400, "INVALID_ARGUMENT"}, {401, "UNAUTHENTICATED"},    {403, "PERMISSION_DENIED"},
    {404, "NOT_FOUND"},        {405, "UNIMPLEMENTED"},      {409, "ABORTED"},
    {413, "INVALID_ARGUMENT"}, {414, "INVALID_ARGUMENT"},   {415, "INVALID_ARGUMENT"},
    {421, "INVALID_ARGUMENT"}, {429, "RESOURCE_EXHAUSTED"}, {500, "INTERNAL"},
    {503, "UNAVAILABLE"},
};

const char *exchange_status_name(unsigned status)
{
    for (size_t i = 0; i < sizeof STATUSES / sizeof *STATUSES; i++)
        if (STATUSES[i].status == status)
            return STATUSES[i].name;
    return "UNKNOWN";
}

void exchange_fail(struct exchange *exchange, unsigned status, const char *format, ...)
{
    char message[768];
    va_list values;
    va_start(values, format);
    vsnprintf(message, sizeof message, format, values);
    va_end(values);
    exchange->status = status;
    exchange->type = "application/json";
    exchange->fixed = (struct retort_span){0};
    retort_buffer_clear(&exchange->out);
    retort_buffer_format(&exchange->out, "{\"error\":{\"code\":%u,\"message\":", status);
    retort_json_put(&exchange->out, retort_span_of(message));
    retort_buffer_format(&exchange->out, ",\"status\":\"%s\",\"details\":[]}}\n",
                         exchange_status_name(status));
}

void exchange_fail_error(struct exchange *exchange, const struct retort_error *error)
{
    bool theirs = error->failure == RETORT_USAGE || error->failure == RETORT_INPUT;
    exchange_fail(exchange, theirs ? 400 : 503, "%s", error->message);
}

void exchange_defer(struct exchange *exchange, void (*handler)(struct exchange *exchange))
{
    exchange->deferred = handler;
}

void exchange_release(struct exchange *exchange)
{
    retort_json_free(exchange->json);
    retort_buffer_release(&exchange->out);
    retort_buffer_release(&exchange->received);
    retort_arena_release(&exchange->arena);
}
