/* The discovery document: what Google's own clients read to know where and how to call. Its
 * addresses are those by which the client has reached us. */
#include "serve/handlers.h"

static const uint8_t DOCUMENT[] = {
#include "embed/serve/discovery.json.h"
};
static const struct retort_span PLACE = {(const uint8_t *)"@ROOT@", 6};

/* A host and a port, and nothing that could be more. */
static bool is_host(struct retort_span host)
{
    for (size_t i = 0; i < host.len; i++) {
        uint8_t byte = host.data[i];
        bool letter = ((byte | 32) >= 'a' && (byte | 32) <= 'z') || (byte >= '0' && byte <= '9');
        if (!letter && byte != '.' && byte != '-' && byte != ':' && byte != '[' && byte != ']')
            return false;
    }
    return host.len > 0 && host.len <= 255;
}

/* A proxy that ends TLS before us says so. */
static void put_root(struct exchange *exchange)
{
    struct retort_span host = exchange_header(exchange, "Host");
    bool tls =
        retort_span_equal(exchange_header(exchange, "X-Forwarded-Proto"), RETORT_SPAN("https"));
    retort_buffer_text(&exchange->out, tls ? "https://" : "http://");
    retort_buffer_put(&exchange->out, is_host(host) ? host : RETORT_SPAN("localhost"));
    retort_buffer_byte(&exchange->out, '/');
}

void handle_discovery(struct exchange *exchange)
{
    const char *version = exchange_query(exchange, "version");
    if (version && strcmp(version, "v1alpha1") != 0) {
        exchange_fail(exchange, 404, "there is only the version v1alpha1");
        return;
    }
    const struct retort_span text = {DOCUMENT, sizeof DOCUMENT};
    size_t begin = 0, at = 0;
    for (; at + PLACE.len <= text.len; at++) {
        if (!retort_span_equal(retort_span_slice(text, at, at + PLACE.len), PLACE))
            continue;
        retort_buffer_put(&exchange->out, retort_span_slice(text, begin, at));
        put_root(exchange);
        begin = at + PLACE.len;
    }
    retort_buffer_put(&exchange->out, retort_span_slice(text, begin, text.len));
}
