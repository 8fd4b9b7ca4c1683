/* The page's files, embedded. Their tag is the hash of their bytes, so a browser asks and is told
 * that nothing changed. */
#include "serve/handlers.h"

struct asset {
    const char *name;
    const uint8_t *data;
    size_t len;
};
#include "embed/serve/page.h"

static const struct {
    const char *ending, *type;
} TYPES[] = {
    {".html", "text/html; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".svg", "image/svg+xml"},
};

static const char *type_of(struct retort_span name)
{
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++) {
        struct retort_span ending = retort_span_of(TYPES[i].ending);
        if (name.len > ending.len &&
            retort_span_equal(retort_span_slice(name, name.len - ending.len, name.len), ending))
            return TYPES[i].type;
    }
    return "application/octet-stream";
}

static const struct asset *find_asset(struct retort_span name)
{
    for (size_t i = 0; i < sizeof ASSETS / sizeof *ASSETS; i++)
        if (retort_span_equal(name, retort_span_of(ASSETS[i].name)))
            return &ASSETS[i];
    return NULL;
}

static void put_asset(struct exchange *exchange, const struct asset *asset)
{
    exchange_add_header(exchange, "Cache-Control", RETORT_SPAN("no-cache"));
    exchange->type = type_of(retort_span_of(asset->name));
    exchange->fixed = (struct retort_span){asset->data, asset->len};
}

static void answer(struct exchange *exchange, struct retort_span name)
{
    char tag[20];
    const struct asset *asset = find_asset(name);
    if (!asset) {
        exchange_fail(exchange, 404, "there is no such file");
        return;
    }
    put_asset(exchange, asset);
    snprintf(tag, sizeof tag, "\"%016llx\"", (unsigned long long)retort_hash(exchange->fixed, 0));
    exchange_add_header(exchange, "ETag", retort_span_of(tag));
    if (retort_span_equal(exchange_header(exchange, "If-None-Match"), retort_span_of(tag))) {
        exchange->status = 304;
        exchange->fixed.len = 0; /* fixed still: a browser takes its policy from a 304, too */
    }
}

/* Browsers name what they want for a person first; to them the page says it, with the ways on. */
void answer_nowhere(struct exchange *exchange)
{
    struct retort_span accepted = exchange_header(exchange, "Accept"),
                       html = RETORT_SPAN("text/html");
    exchange_fail(exchange, 404, "there is nothing at this address");
    if (!exchange->is_post && accepted.len >= html.len &&
        retort_span_equal(retort_span_slice(accepted, 0, html.len), html))
        put_asset(exchange, find_asset(RETORT_SPAN("index.html")));
}

void handle_page(struct exchange *exchange)
{
    answer(exchange, RETORT_SPAN("index.html"));
}

void handle_asset(struct exchange *exchange)
{
    answer(exchange, exchange->name);
}
