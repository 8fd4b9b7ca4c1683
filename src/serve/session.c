/* Who is at the page, and the token that its changes carry. */
#include "serve/handlers.h"

static const char *const ROLES[] = {"nobody", "reader", "reviewer", "admin"};

void handle_session(struct exchange *exchange)
{
    struct retort_buffer *out = &exchange->out;
    retort_buffer_text(out, "{\"user\":");
    retort_json_put(out, retort_span_of(exchange->user));
    retort_buffer_format(out, ",\"role\":\"%s\",\"token\":\"%s\",\"auth\":false,\"version\":",
                         ROLES[exchange->role], exchange->server->token);
    retort_json_put(out, retort_span_of(exchange->server->options->version));
    retort_buffer_text(out, "}\n");
}
