/* HTTP: whatever is asked, by whomever, is answered: well-formed JSON, an error of the one shape or
 * a status that the address has. Between the wire and the handlers only libmicrohttpd is left out.
 *
 * An input is a request: "METHOD /path?query" on the first line, what stands in Host on the second,
 * the cookie on the third, and all the rest is the body. */
#include "fuzz/fuzz.h"
#include "intake/intake.h"
#include "serve/auth.h"
#include "serve/front.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

static char directory[2048], path[2060];
static struct retort_serve_options options = {
    .version = "0", .db = path, .listen = "127.0.0.1:8765", .user = "fuzz", .hosts = "a.example,b"};
static struct server server = {.options = &options, .mutex = PTHREAD_MUTEX_INITIALIZER};
static struct worker worker = {.server = &server};

static void must(bool done, const struct retort_error *error)
{
    if (done)
        return;
    fprintf(stderr, "%s\n", error->message);
    exit(EXIT_FAILURE);
}

static void put_line(const char *text, const char *id, const char *parent)
{
    struct retort_arena arena = {0};
    struct retort_error error;
    struct retort_line_record line = {.source = "lines",
                                      .text = retort_span_of(text),
                                      .native_id = retort_span_of(id),
                                      .parent_id = retort_span_of(parent)};
    struct retort_item item = {.text = line.text};
    struct retort_judge judge = {.models = &server.models, .labeller = &worker.labeller};
    struct retort_verdict *verdicts = retort_judge_item(&judge, &item, &arena);
    struct retort_label_record label = {0};
    must(retort_store_put_line(worker.store, &line, &label.comment, &error) &&
             retort_intake_put_labels(worker.store, &label, &judge, verdicts, &error),
         &error);
    retort_arena_release(&arena);
}

static void put_lines(void)
{
    struct retort_error error;
    must(retort_store_begin(worker.store, &error), &error);
    put_line("You are an idiot.", "a", "");
    put_line("Nonsense. Where is your source?", "b", "a");
    put_line("Thank you.", "c", "a");
    must(retort_store_commit(worker.store, &error), &error);
}

static void end(void)
{
    static const char *const ENDS[] = {"", "-wal", "-shm"};
    char file[sizeof path + 8];
    retort_store_close(worker.store);
    retort_labeller_release(&worker.labeller);
    retort_models_close(&server.models);
    auth_close(server.auth);
    leases_release(&server.leases);
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++) {
        snprintf(file, sizeof file, "%s%s", path, ENDS[i]);
        unlink(file);
    }
    rmdir(directory);
}

static void begin(void)
{
    const char *models = getenv("RETORT_MODELS");
    static char splitter[4096];
    struct retort_error error;
    const char *temporary = getenv("TMPDIR");
    snprintf(directory, sizeof directory, "%s/retort-fuzz-XXXXXX", temporary ? temporary : "/tmp");
    if (!mkdtemp(directory))
        exit(EXIT_FAILURE);
    snprintf(path, sizeof path, "%s/a.db", directory);
    options.models = models ? models : "models";
    snprintf(splitter, sizeof splitter, "%s/splitter.model", options.models);
    options.splitter = splitter;
    leases_init(&server.leases);
    retort_labeller_init(&worker.labeller);
    must(retort_models_open(&server.models, options.models, &error) &&
             auth_open(&server.auth, NULL, options.user, &error) &&
             retort_store_open(&worker.store, path, RETORT_STORE_WRITE, 0, &error),
         &error);
    atexit(end);
    put_lines();
}

/* ---- a request ---- */

static int digit(uint8_t byte)
{
    const char *digits = "0123456789abcdefABCDEF";
    const char *found = byte ? strchr(digits, byte) : NULL;
    int value = found ? (int)(found - digits) : -1;
    return value > 15 ? value - 6 : value;
}

/* %41 and + undone, as the daemon does. */
static struct retort_span decode(struct retort_span text, struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    for (size_t i = 0; i < text.len; i++) {
        bool escape = text.data[i] == '%' && i + 2 < text.len && digit(text.data[i + 1]) >= 0 &&
                      digit(text.data[i + 2]) >= 0;
        if (escape)
            retort_buffer_byte(&out,
                               (uint8_t)(16 * digit(text.data[i + 1]) + digit(text.data[i + 2])));
        else
            retort_buffer_byte(&out, text.data[i] == '+' ? ' ' : text.data[i]);
        i += escape ? 2 : 0;
    }
    struct retort_span decoded = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return decoded;
}

/* What stands before the first such byte; *rest goes on behind it. */
static struct retort_span cut(struct retort_span *rest, uint8_t at)
{
    size_t end = 0;
    while (end < rest->len && rest->data[end] != at)
        end++;
    struct retort_span head = retort_span_slice(*rest, 0, end);
    *rest = retort_span_slice(*rest, end < rest->len ? end + 1 : end, rest->len);
    return head;
}

enum { MOST_PAIRS = 40 };

/* False: the front would have refused it. */
static bool read_query(struct exchange *exchange, struct retort_span rest)
{
    struct pair *pairs = RETORT_NEW(&exchange->arena, struct pair, MOST_PAIRS);
    while (rest.len > 0 && exchange->n_query < MOST_PAIRS) {
        struct retort_span value = cut(&rest, '&'), name = cut(&value, '=');
        struct pair *pair = &pairs[exchange->n_query++];
        *pair = (struct pair){decode(name, &exchange->arena), decode(value, &exchange->arena)};
        if (!retort_utf8_valid(pair->value) || memchr(pair->value.data, 0, pair->value.len))
            return false;
    }
    exchange->query = pairs;
    return true;
}

static void check_answer(const struct exchange *exchange)
{
    struct retort_error error;
    struct retort_span out =
        exchange->fixed.data ? exchange->fixed : retort_buffer_span(&exchange->out);
    assert(exchange->status == 200 || exchange->status == 304 ||
           (exchange->status >= 400 && exchange->status < 600));
    if (strcmp(exchange->type, "application/json") == 0)
        assert(retort_json_check(out, &error));
    if (exchange->status >= 400)
        assert(retort_span_starts(out, RETORT_SPAN("{\"error\":{\"code\":")));
    if (exchange->route && exchange->status >= 500)
        assert(exchange->status == 503);
}

static void answer(struct exchange *exchange)
{
    const struct route *route = exchange->route;
    exchange->deferred = NULL;
    route->handle(exchange);
    if (exchange->deferred)
        exchange->deferred(exchange);
    check_answer(exchange);
}

static void ask(struct exchange *exchange, struct retort_span head, struct retort_span cookie)
{
    char allowed[32];
    struct auth_visitor visitor;
    struct retort_span method = cut(&head, ' '), address = cut(&head, '?');
    exchange->method = method;
    exchange->path = decode(address, &exchange->arena);
    exchange->route = route_find(method, exchange->path, &exchange->id, &exchange->name, allowed);
    auth_visit(server.auth, cookie, 1000, &visitor);
    exchange->visitor = &visitor;
    exchange->user = visitor.name[0] ? visitor.name : NULL;
    exchange->role = visitor.role;
    exchange->is_post = retort_span_equal(method, RETORT_SPAN("POST"));
    if (exchange->route && read_query(exchange, head) && retort_utf8_valid(exchange->path) &&
        exchange->role >= exchange->route->least)
        answer(exchange);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_span rest = {data, size}, head = {0}, host = {0}, cookie = {0};
    struct exchange exchange = {
        .server = &server, .worker = &worker, .status = 200, .type = "application/json"};
    if (!worker.store)
        begin();
    if (retort_span_next_line(&rest, &head) && retort_span_next_line(&rest, &host))
        retort_span_next_line(&rest, &cookie);
    exchange.body = rest;
    host_fits(&options, host);
    ask(&exchange, head, cookie);
    exchange_release(&exchange);
    return 0;
}
