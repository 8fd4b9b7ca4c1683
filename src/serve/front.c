/* The front: libmicrohttpd's callbacks, and an exchange's way through them.
 *
 * The daemon calls `access_request` once when the headers are there, once for each piece of the
 * body, once when all of it is there, and once more when a suspended connection is resumed.
 * READING, RUNNING and DONE are what the exchange is in meanwhile. An answer is handed over without
 * a copy: the exchange lives until the daemon says that the request is completed. */
#include "serve/front.h"
#include "serve/handlers.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    CONNECTION_MEMORY = 32 << 10, /* headers must fit in there, and a piece of the body */
    MOST_HELD = 256 << 20,        /* bytes of all bodies and answers at once, */
    ALWAYS_HELD = 64 << 10,       /* but so much of each is held */
    MOST_DROPPED = 16 << 20,      /* of a body that is too large, before we hang up */
};

struct front {
    struct MHD_Daemon *daemon;
};

/* ---- answering ---- */

static const char *const EVERY_ANSWER[][2] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Referrer-Policy", "no-referrer"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};
static const char *const EVERY_PAGE[][2] = {
    {"Content-Security-Policy",
     "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
     "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
     "require-trusted-types-for 'script'; trusted-types 'none'"},
};
static const char *const EVERY_OTHER[][2] = {
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cache-Control", "no-store"},
};

static void add_all(struct MHD_Response *response, const char *const headers[][2], size_t n)
{
    for (size_t i = 0; i < n; i++)
        MHD_add_response_header(response, headers[i][0], headers[i][1]);
}

/* Who asks for much and takes none of it has no more of our memory than who sends much. */
static void hold(struct exchange *exchange)
{
    _Atomic size_t *all = &exchange->server->held_bytes;
    size_t n = exchange->out.len;
    if (n <= ALWAYS_HELD)
        return;
    if (atomic_fetch_add(all, n) <= MOST_HELD) {
        exchange->n_held = n;
        return;
    }
    atomic_fetch_sub(all, n);
    retort_buffer_release(&exchange->out);
    exchange_fail(exchange, 503, "too much is being answered; try again in a moment");
}

static enum MHD_Result answer(struct exchange *exchange)
{
    hold(exchange);
    struct retort_span bytes =
        exchange->fixed.data ? exchange->fixed : retort_buffer_span(&exchange->out);
    struct MHD_Response *response = MHD_create_response_from_buffer(
        bytes.len, (void *)(uintptr_t)bytes.data, MHD_RESPMEM_PERSISTENT);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange->type);
    add_all(response, EVERY_ANSWER, sizeof EVERY_ANSWER / sizeof *EVERY_ANSWER);
    if (exchange->fixed.data)
        add_all(response, EVERY_PAGE, sizeof EVERY_PAGE / sizeof *EVERY_PAGE);
    else
        add_all(response, EVERY_OTHER, sizeof EVERY_OTHER / sizeof *EVERY_OTHER);
    for (size_t i = 0; i < exchange->n_headers; i++)
        MHD_add_response_header(response, (const char *)exchange->headers[i].name.data,
                                (const char *)exchange->headers[i].value.data);
    if (exchange->state == DONE)
        connection_enter(exchange->client, PHASE_ANSWER, connections_now());
    enum MHD_Result queued = MHD_queue_response(exchange->connection, exchange->status, response);
    MHD_destroy_response(response);
    return queued;
}

/* ---- a request's way ---- */

void front_resume(struct exchange *exchange)
{
    exchange->state = DONE;
    MHD_resume_connection(exchange->connection);
}

/* From here on the exchange is the worker's, until the daemon calls again. */
static void hand_over(struct exchange *exchange)
{
    exchange->state = RUNNING;
    connection_enter(exchange->client, PHASE_RUNNING, exchange->started);
    MHD_suspend_connection(exchange->connection);
    if (jobs_put(&exchange->server->jobs, exchange))
        return;
    exchange_fail(exchange, 503, "too much is waiting; try again in a moment");
    front_resume(exchange);
}

/* True: it is answered. False: handed over. */
static bool run(struct exchange *exchange)
{
    const struct route *route = exchange->route;
    exchange->body = retort_buffer_span(&exchange->received);
    exchange->deferred = route->place == STORE ? route->handle : NULL;
    if (route->place == INLINE) {
        exchange->worker = server_loop_worker(exchange->server);
        route->handle(exchange);
    }
    if (exchange->deferred) {
        hand_over(exchange);
        return false;
    }
    exchange->state = DONE;
    return true;
}

static enum MHD_Result count_pair(void *context, enum MHD_ValueKind kind, const char *name,
                                  size_t name_len, const char *value, size_t value_len)
{
    (void)kind, (void)name, (void)name_len, (void)value, (void)value_len;
    ++*(size_t *)context;
    return MHD_YES;
}

struct pairs {
    struct pair *pairs;
    size_t n;
};

static enum MHD_Result take_pair(void *context, enum MHD_ValueKind kind, const char *name,
                                 size_t name_len, const char *value, size_t value_len)
{
    struct pairs *pairs = context;
    (void)kind;
    pairs->pairs[pairs->n++] =
        (struct pair){{(const uint8_t *)name, name_len},
                      {(const uint8_t *)(value ? value : ""), value ? value_len : 0}};
    return MHD_YES;
}

static bool read_query(struct exchange *exchange)
{
    size_t n = 0;
    MHD_get_connection_values_n(exchange->connection, MHD_GET_ARGUMENT_KIND, count_pair, &n);
    struct pairs pairs = {RETORT_NEW(&exchange->arena, struct pair, n), 0};
    MHD_get_connection_values_n(exchange->connection, MHD_GET_ARGUMENT_KIND, take_pair, &pairs);
    exchange->query = pairs.pairs;
    exchange->n_query = pairs.n;
    for (size_t i = 0; i < n; i++)
        if (!retort_utf8_valid(pairs.pairs[i].value) ||
            memchr(pairs.pairs[i].value.data, 0, pairs.pairs[i].value.len)) {
            exchange_fail(exchange, 400, "a parameter is no UTF-8 text without NUL");
            return false;
        }
    return true;
}

/* The headers are there: may it, and where does it go? False: it was answered. */
static bool begin(struct exchange *exchange)
{
    char allowed[32];
    exchange->route =
        route_find(exchange->method, exchange->path, &exchange->id, &exchange->name, allowed);
    if (!exchange->route && allowed[0]) {
        exchange_add_header(exchange, "Allow", retort_span_of(allowed));
        exchange_fail(exchange, 405, "this address takes %s", allowed);
    } else if (!exchange->route) {
        answer_nowhere(exchange);
    }
    return exchange->route && read_query(exchange) && admit(exchange);
}

static struct connection *client_of(struct MHD_Connection *connection)
{
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
}

static struct exchange *new_exchange(struct server *server, struct MHD_Connection *connection)
{
    struct exchange *exchange = retort_grow(NULL, 1, sizeof *exchange);
    *exchange = (struct exchange){.server = server,
                                  .connection = connection,
                                  .client = client_of(connection),
                                  .started = connections_now(),
                                  .status = 200,
                                  .type = "application/json",
                                  .state = READING};
    return exchange;
}

/* The answer can only be given behind the body: what is too large is dropped until then, for a
 * while. False: long enough. */
static bool take_body(struct exchange *exchange, struct retort_span piece)
{
    _Atomic size_t *all = &exchange->server->held_bytes;
    if (exchange->status != 200) {
        exchange->n_dropped += piece.len;
        return exchange->n_dropped <= MOST_DROPPED;
    }
    size_t most = exchange->route->most_body ? exchange->route->most_body : DEFAULT_BODY;
    if (exchange->received.len + piece.len > most) {
        exchange_fail(exchange, 413, "the body is larger than %zu bytes", most);
    } else if (atomic_fetch_add(all, piece.len) > MOST_HELD &&
               exchange->received.len + piece.len > ALWAYS_HELD) {
        atomic_fetch_sub(all, piece.len);
        exchange_fail(exchange, 503, "too much is being sent; try again in a moment");
    } else {
        retort_buffer_put(&exchange->received, piece);
    }
    return true;
}

/* A refusal before the body has come ends the connection; where there is little of it, it is read
 * and dropped, and the connection stays. */
static bool is_soon_here(const struct exchange *exchange)
{
    enum { LITTLE = 64 << 10 };
    struct retort_span length = exchange_header(exchange, "Content-Length");
    uint64_t n = 0;
    return !exchange_header(exchange, "Transfer-Encoding").data &&
           !exchange_header(exchange, "Expect").data &&
           (!length.data || (retort_parse_count((const char *)length.data, &n) && n <= LITTLE));
}

static enum MHD_Result access_request(void *context, struct MHD_Connection *connection,
                                      const char *url, const char *method, const char *version,
                                      const char *data, size_t *len, void **kept)
{
    struct exchange *exchange = *kept;
    (void)version;
    if (!exchange) {
        *kept = exchange = new_exchange(context, connection);
        exchange->path = retort_span_of(url);
        exchange->method = retort_span_of(method);
        connection_enter(exchange->client, PHASE_BODY, exchange->started);
        return begin(exchange) || is_soon_here(exchange) ? MHD_YES : answer(exchange);
    }
    if (*len) {
        struct retort_span piece = {(const uint8_t *)data, *len};
        *len = 0;
        return take_body(exchange, piece) ? MHD_YES : MHD_NO;
    }
    if (exchange->state == READING && exchange->status == 200 && !run(exchange))
        return MHD_YES;
    return answer(exchange);
}

static void complete(void *context, struct MHD_Connection *connection, void **kept,
                     enum MHD_RequestTerminationCode why)
{
    struct server *server = context;
    struct exchange *exchange = *kept;
    (void)connection;
    if (!exchange)
        return;
    struct counters *counters = &server_loop_worker(server)->counters;
    int64_t now = connections_now();
    metrics_request(counters, exchange->route, exchange->status, now - exchange->started);
    if (why != MHD_REQUEST_TERMINATED_COMPLETED_OK)
        metrics_count(counters, METRIC_ABORTED, 1);
    connection_enter(exchange->client, PHASE_IDLE, now);
    atomic_fetch_sub(&server->held_bytes, exchange->received.len + exchange->n_held);
    exchange_release(exchange);
    free(exchange);
    *kept = NULL;
}

/* A request's line is there. */
static void *begin_headers(void *context, const char *uri, struct MHD_Connection *connection)
{
    (void)context, (void)uri;
    connection_enter(client_of(connection), PHASE_HEADERS, connections_now());
    return NULL;
}

static void notice(void *context, struct MHD_Connection *connection, void **kept,
                   enum MHD_ConnectionNotificationCode code)
{
    struct server *server = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED)
        *kept = connections_add(
            &server->connections,
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
    else
        connections_remove(&server->connections, *kept);
}

/* ---- the daemon ---- */

static void say_nothing(void *context, const char *format, va_list values)
{
    (void)context, (void)format, (void)values;
}

/* Cookies know no ports. */
static void name_cookie(struct server *server, const char *url)
{
    unsigned port = (unsigned)strtoul(strrchr(url, ':') + 1, NULL, 10);
    snprintf(server->cookie, sizeof server->cookie, "retort-%u", port);
}

/* As many connections as there may be files, some kept for the stores. */
static unsigned most_connections(void)
{
    enum { KEPT = 64 };
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return MOST_CONNECTIONS / 2;
    rlim_t wanted = MOST_CONNECTIONS + KEPT;
    if (files.rlim_cur < wanted) {
        files.rlim_cur = files.rlim_max < wanted ? files.rlim_max : wanted;
        setrlimit(RLIMIT_NOFILE, &files);
        getrlimit(RLIMIT_NOFILE, &files);
    }
    return files.rlim_cur >= wanted
               ? MOST_CONNECTIONS
               : (unsigned)(files.rlim_cur > 2 * KEPT ? files.rlim_cur - KEPT : KEPT);
}

bool front_open(struct front **front, struct server *server, struct retort_buffer *url,
                struct retort_error *error)
{
    unsigned n_loops = server->options->n_loops;
    long n_processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (n_loops == 0)
        n_loops = n_processors > 1 ? (unsigned)n_processors : 1;
    int fd = listen_at(server->options->listen, url, error);
    if (fd < 0)
        return false;
    name_cookie(server, (const char *)url->data);
    *front = retort_grow(NULL, 1, sizeof **front);
    /* The logger comes first: it is told of what the options after it do. */
    (*front)->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL,
        access_request, server, MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL,
        MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_THREAD_POOL_SIZE, n_loops > 1 ? n_loops : 0,
        MHD_OPTION_CONNECTION_LIMIT, most_connections(), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
        MHD_OPTION_NOTIFY_COMPLETED, complete, server, MHD_OPTION_NOTIFY_CONNECTION, notice, server,
        MHD_OPTION_URI_LOG_CALLBACK, begin_headers, server, MHD_OPTION_END);
    if ((*front)->daemon)
        return true;
    close(fd);
    free(*front);
    *front = NULL;
    return retort_fail(error, RETORT_RUNTIME, "%s: the HTTP server cannot be started",
                       server->options->listen);
}

void front_quiesce(struct front *front)
{
    int fd = MHD_quiesce_daemon(front->daemon);
    if (fd >= 0)
        close(fd);
}

void front_close(struct front *front)
{
    MHD_stop_daemon(front->daemon);
    free(front);
}
