/* What every request passes before its handler: the host it asks for, the size and kind of its
 * body, who asks and what they may. Three kinds of address: what anybody may see (the page's own
 * files, health); /api, where a person works, whose changes carry the page token; /v1alpha1, where
 * programs call. A page elsewhere can make a browser send us a request, but can neither read the
 * token nor send this header or type of body without asking first, which is refused. */
#include "serve/auth.h"
#include "serve/front.h"
#include "serve/handlers.h"

#include <strings.h>
#include <time.h>

enum { MOST_URL = 8 << 10 };

static bool refuse(struct exchange *exchange, unsigned status, const char *message)
{
    exchange_fail(exchange, status, "%s", message);
    return false;
}

int64_t front_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* ---- what is asked ---- */

static bool check_host(struct exchange *exchange)
{
    struct retort_span host = exchange_header(exchange, "Host");
    if (host.len == 0)
        return refuse(exchange, 400, "the header Host is missing");
    if (host_fits(exchange->server->options, host))
        return true;
    exchange_fail(exchange, 421, "this server does not answer to %.*s; start it with --host %.*s",
                  (int)host.len, (const char *)host.data, (int)host.len, (const char *)host.data);
    return false;
}

static bool check_url(struct exchange *exchange)
{
    if (exchange->path.len > MOST_URL)
        return refuse(exchange, 414, "the address is longer than 8192 bytes");
    return retort_utf8_valid(exchange->path) ||
           refuse(exchange, 400, "the address is no UTF-8 text");
}

/* Where a body ends must be told in one way: a proxy in front of us that read it in another would
 * take the rest of it for a request of its own. */
static bool check_framing(struct exchange *exchange)
{
    struct retort_span coding = exchange_header(exchange, "Transfer-Encoding");
    size_t n_lengths = exchange_count_headers(exchange, "Content-Length");
    if (n_lengths > 1 || (coding.data && n_lengths > 0) ||
        exchange_count_headers(exchange, "Transfer-Encoding") > 1)
        return refuse(exchange, 400, "the length of the body is told twice");
    if (exchange_count_headers(exchange, "Host") > 1)
        return refuse(exchange, 400, "the header Host is there twice");
    return !coding.data || strcasecmp((const char *)coding.data, "chunked") == 0 ||
           refuse(exchange, 400, "the only Transfer-Encoding that is taken is chunked");
}

/* A body that is too large is refused before it is sent, where its length is told. */
static bool check_length(struct exchange *exchange)
{
    struct retort_span length = exchange_header(exchange, "Content-Length");
    uint64_t n;
    size_t most = exchange->route->most_body ? exchange->route->most_body : DEFAULT_BODY;
    if (!length.data || !retort_parse_count((const char *)length.data, &n) || n <= most)
        return true;
    exchange_fail(exchange, 413, "the body is larger than %zu bytes", most);
    return false;
}

static bool is_type(struct retort_span type, const char *wanted)
{
    size_t end = 0;
    while (end < type.len && type.data[end] != ';')
        end++;
    struct retort_span media = retort_span_trim(retort_span_slice(type, 0, end));
    return media.len == strlen(wanted) &&
           strncasecmp((const char *)media.data, wanted, media.len) == 0;
}

static bool check_type(struct exchange *exchange)
{
    struct retort_span type = exchange_header(exchange, "Content-Type");
    bool bytes = strcmp(exchange->route->path, "/api/pages") == 0; /* a file as it is */
    if (is_type(type, "application/json") || (bytes && is_type(type, "application/octet-stream")))
        return true;
    return refuse(exchange, 415,
                  bytes ? "send Content-Type: application/json or application/octet-stream"
                        : "send Content-Type: application/json");
}

/* ---- a person ---- */

/* Browsers tell which page a request comes from: only our own may change anything. */
static bool check_origin(struct exchange *exchange)
{
    struct retort_span origin = exchange_header(exchange, "Origin");
    struct retort_span host = exchange_header(exchange, "Host");
    if (!origin.data)
        return true;
    for (const char *const *scheme = (const char *const[]){"http://", "https://", NULL}; *scheme;
         scheme++)
        if (retort_span_starts(origin, retort_span_of(*scheme)) &&
            retort_span_equal(retort_span_slice(origin, strlen(*scheme), origin.len), host))
            return true;
    return refuse(exchange, 403, "the request comes from a page of another origin");
}

static bool check_change(struct exchange *exchange)
{
    struct retort_span token = exchange_header(exchange, "X-Retort-Token");
    if (!check_origin(exchange) || !check_type(exchange))
        return false;
    return auth_token_fits(exchange->visitor, (const char *)token.data) ||
           refuse(exchange, 403,
                  "the token is missing or old: send X-Retort-Token as GET /api/session tells it");
}

static bool admit_person(struct exchange *exchange)
{
    struct retort_span cookie = exchange_cookie(exchange, exchange->server->cookie);
    exchange->visitor = RETORT_NEW(&exchange->arena, struct auth_visitor, 1);
    auth_visit(exchange->server->auth, cookie, front_now(), exchange->visitor);
    exchange->user = exchange->visitor->name[0] ? exchange->visitor->name : NULL;
    exchange->role = exchange->visitor->role;
    if (exchange->is_post && !check_change(exchange))
        return false;
    if (exchange->role >= exchange->route->least)
        return true;
    if (exchange->role == ROLE_NOBODY)
        exchange_fail(exchange, 401, "sign in first");
    else
        exchange_fail(exchange, 403, "only a %s may do this; %s is a %s",
                      auth_role_name(exchange->route->least), exchange->user,
                      auth_role_name(exchange->role));
    return false;
}

/* ---- a program ---- */

/* Will what is sent be evidence? */
static bool is_kept(const struct exchange *exchange)
{
    return exchange->route->handle == handle_suggestscore ||
           exchange->server->options->store_analyzed;
}

static bool admit_client(struct exchange *exchange)
{
    struct retort_span sent = exchange_header(exchange, "X-Goog-Api-Key");
    const char *key = sent.data ? (const char *)sent.data : exchange_query(exchange, "key");
    if (exchange->is_post && !check_type(exchange))
        return false;
    if (auth_key_fits(exchange->server->auth, key, is_kept(exchange)))
        return true;
    if (!key)
        return refuse(exchange, 403,
                      "The request is missing a valid API key. Pass it as ?key= or as "
                      "X-Goog-Api-Key.");
    refuse(exchange, 400, "API key not valid. Please pass a valid API key.");
    exchange->out.len -= strlen("]}}\n"); /* details, as Google's clients know them */
    retort_buffer_text(&exchange->out,
                       "{\"@type\":\"type.googleapis.com/google.rpc.ErrorInfo\","
                       "\"reason\":\"API_KEY_INVALID\",\"domain\":\"googleapis.com\"}]}}\n");
    return false;
}

bool admit(struct exchange *exchange)
{
    exchange->is_post = retort_span_equal(exchange->method, RETORT_SPAN("POST"));
    if (!check_url(exchange) || !check_framing(exchange) || !check_host(exchange) ||
        !check_length(exchange))
        return false;
    if (retort_span_starts(exchange->path, RETORT_SPAN("/v1alpha1/")))
        return admit_client(exchange);
    return !retort_span_starts(exchange->path, RETORT_SPAN("/api/")) || admit_person(exchange);
}
