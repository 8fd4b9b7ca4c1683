/* What every request passes before its handler: who asks, and may they. */
#include "serve/front.h"

bool admit(struct exchange *exchange)
{
    exchange->user = exchange->server->options->user;
    exchange->role = ROLE_ADMIN;
    bool changes = retort_span_equal(exchange->method, RETORT_SPAN("POST")) &&
                   retort_span_starts(exchange->path, RETORT_SPAN("/api/"));
    if (changes && !retort_span_equal(exchange_header(exchange, "X-Retort-Token"),
                                      retort_span_of(exchange->server->token))) {
        exchange_fail(exchange, 403, "the token is missing or old; load the page again");
        return false;
    }
    if (exchange->role < exchange->route->least) {
        exchange_fail(exchange, 403, "your role may not do that");
        return false;
    }
    return true;
}
