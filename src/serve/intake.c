/* Bringing pages in: the file as it was sent is read as the command line would read it, and what it
 * holds is stored thread by thread, so that a break loses only the rest and sending it again does
 * no harm. An export's threads are one row of the answer. */
#include "serve/intake.h"

#include "serve/json.h"

#include <stdlib.h>

struct arrival {
    int64_t page; /* 0: an export has none */
    int64_t source_id;
    const char *source;
    size_t n_comments;
};

struct arrivals {
    struct exchange *exchange;
    struct retort_judge judge;
    struct arrival *rows;
    size_t n_rows, capacity, n_comments;
    struct retort_buffer said; /* JSON texts, a comma between them */
    bool full;
};

struct retort_judge worker_judge(struct worker *worker)
{
    return (struct retort_judge){.models = &worker->server->models, .labeller = &worker->labeller};
}

static void add_said(struct arrivals *arrivals, const char *text)
{
    if (arrivals->said.len > 0)
        retort_buffer_byte(&arrivals->said, ',');
    retort_json_put(&arrivals->said, retort_span_of(text));
}

static void say(void *context, const struct retort_error *error)
{
    add_said(context, error->message);
}

static bool want_cutter(void *context, const struct retort_cutter **cutter,
                        struct retort_error *error)
{
    const struct arrivals *arrivals = context;
    *cutter = server_cutter(arrivals->exchange->server, error);
    return *cutter != NULL;
}

/* ---- one thread ---- */

static void add_row(struct arrivals *arrivals, const struct arrival *row, bool told)
{
    struct arrival *last = arrivals->n_rows ? &arrivals->rows[arrivals->n_rows - 1] : NULL;
    if (told && last && !last->page && last->source_id == row->source_id) {
        last->n_comments += row->n_comments;
        return;
    }
    if (arrivals->n_rows == arrivals->capacity) {
        arrivals->capacity = arrivals->capacity ? 2 * arrivals->capacity : 16;
        arrivals->rows = retort_grow(arrivals->rows, arrivals->capacity, sizeof *arrivals->rows);
    }
    arrivals->rows[arrivals->n_rows++] = *row;
}

/* Other bytes under a name that is there are its newer scrape: whoever brings them should know. */
static bool tell_newer(struct arrivals *arrivals, const struct retort_intake_thread *found,
                       struct retort_error *error)
{
    int64_t source, page;
    struct retort_store *store = arrivals->exchange->worker->store;
    struct retort_buffer text = {0};
    if (found->is_told)
        return true;
    if (!retort_store_find_source(store, found->source, &source, error) ||
        !retort_store_find_page(store, found->source, found->bytes, &page, error))
        return false;
    if (!source || page)
        return true;
    retort_buffer_format(&text,
                         "%s is taken as a newer version of the page of that name: comments that "
                         "it does not have any more are in no queue",
                         found->source);
    retort_buffer_byte(&text, 0);
    add_said(arrivals, (const char *)text.data);
    retort_buffer_release(&text);
    return true;
}

static bool store_thread(struct arrivals *arrivals, struct retort_intake_thread *found,
                         struct retort_arena *arena, struct retort_error *error)
{
    struct retort_store *store = arrivals->exchange->worker->store;
    struct retort_arena *kept = &arrivals->exchange->arena;
    if (!tell_newer(arrivals, found, error) || !retort_intake_hold(store, found, arena, error))
        return false;
    found->thread.article = retort_intake_article(found, arena);
    struct retort_verdict **verdicts =
        retort_judge_thread(&arrivals->judge, &found->thread, false, arena);
    struct arrival row = {.n_comments = found->thread.n_comments,
                          .source = retort_arena_string(kept, retort_span_of(found->source))};
    if (!retort_intake_store(store, found, &arrivals->judge, verdicts, error) ||
        !retort_store_find_source(store, found->source, &row.source_id, error) ||
        (!found->is_told &&
         !retort_store_find_page(store, found->source, found->bytes, &row.page, error)))
        return false;
    add_row(arrivals, &row, found->is_told);
    arrivals->n_comments += row.n_comments;
    metrics_count(&arrivals->exchange->worker->counters, METRIC_LABELLED, row.n_comments);
    return true;
}

/* Such a page would keep decisions waiting. */
static bool check_size(const struct retort_intake_thread *found, struct retort_error *error)
{
    size_t n = found->thread.n_comments;
    return found->is_told || n <= MOST_ON_A_PAGE ||
           retort_fail(error, RETORT_INPUT,
                       "%s: %zu comments on one page are too many here; `retort label -d` takes "
                       "them",
                       found->source, n);
}

/* Room for more comments? Not RETORT_INPUT, or what stands behind would be asked for, too. */
static bool check_room(struct arrivals *arrivals, struct retort_error *error)
{
    arrivals->full = arrivals->n_comments >= MOST_ARRIVING;
    return !arrivals->full ||
           retort_fail(error, RETORT_USAGE,
                       "more than %d comments: the rest was left out; `retort label -d` takes any "
                       "number",
                       MOST_ARRIVING);
}

static bool take_thread(void *context, const struct retort_intake_thread *thread,
                        struct retort_error *error)
{
    struct arrivals *arrivals = context;
    struct retort_arena arena = {0};
    struct retort_intake_thread found = *thread;
    bool stored = check_room(arrivals, error) && check_size(&found, error) &&
                  store_thread(arrivals, &found, &arena, error);
    retort_arena_release(&arena);
    return stored;
}

/* ---- JSON lines ---- */

struct bad_lines {
    size_t n, first;
    struct retort_error error; /* of the first */
};

static void say_bad_lines(struct arrivals *arrivals, struct bad_lines *bad, const char *path)
{
    struct retort_buffer text = {0};
    if (bad->n == 0)
        return;
    retort_buffer_format(&text, "%s:%zu: %s", path, bad->first, bad->error.message);
    if (bad->n > 1)
        retort_buffer_format(&text, " (and %zu more line%s could not be read)", bad->n - 1,
                             bad->n == 2 ? "" : "s");
    retort_buffer_byte(&text, 0);
    add_said(arrivals, (const char *)text.data);
    retort_buffer_release(&text);
}

static bool put_line(const struct retort_line_keeping *keeping, struct retort_intake_line *line,
                     struct retort_arena *arena, struct retort_error *error)
{
    struct retort_verdict *verdicts = retort_judge_line(keeping->judge, line, arena);
    return retort_intake_put_line(keeping, line, verdicts, error) &&
           (!retort_store_is_due(keeping->store) || (retort_store_commit(keeping->store, error) &&
                                                     retort_store_begin(keeping->store, error)));
}

/* In transactions that leave others their turn. */
static bool put_lines(struct arrivals *arrivals, const struct retort_line_keeping *keeping,
                      struct retort_intake_lines *lines, struct bad_lines *bad,
                      struct retort_error *error)
{
    enum retort_lines_step step = RETORT_LINES_LINE;
    bool put = retort_store_begin(keeping->store, error);
    for (size_t number = 1; put && step != RETORT_LINES_END; number++) {
        struct retort_arena arena = {0};
        struct retort_intake_line line;
        step = retort_intake_lines_next(lines, &line, error);
        put = step != RETORT_LINES_FAILED;
        if (step == RETORT_LINES_BAD && bad->n++ == 0)
            *bad = (struct bad_lines){1, number, *error};
        if (step == RETORT_LINES_LINE && !check_room(arrivals, error)) {
            add_said(arrivals, error->message);
            step = RETORT_LINES_END;
        } else if (step == RETORT_LINES_LINE) {
            put = put_line(keeping, &line, &arena, error);
            arrivals->n_comments += put;
        }
        retort_arena_release(&arena);
    }
    if (put)
        return retort_store_commit(keeping->store, error);
    retort_store_rollback(keeping->store);
    return false;
}

static bool take_lines(void *context, struct retort_archive *file, const char *path,
                       struct retort_error *error)
{
    struct arrivals *arrivals = context;
    struct retort_store *store = arrivals->exchange->worker->store;
    const struct retort_line_keeping keeping = {store, &arrivals->judge, path, false};
    struct retort_intake_lines *lines = retort_intake_lines_open(file);
    retort_intake_lines_ask(lines, store, path);
    struct bad_lines bad = {0};
    struct arrival row = {
        .source = retort_arena_string(&arrivals->exchange->arena, retort_span_of(path))};
    bool put = put_lines(arrivals, &keeping, lines, &bad, error) &&
               retort_store_find_source(store, path, &row.source_id, error);
    retort_intake_lines_close(lines);
    say_bad_lines(arrivals, &bad, path);
    row.n_comments = arrivals->n_comments;
    if (put && row.n_comments > 0)
        add_row(arrivals, &row, true);
    return put;
}

/* ---- the answer ---- */

static void put_arrivals(const struct arrivals *arrivals)
{
    struct retort_buffer *out = &arrivals->exchange->out;
    retort_buffer_text(out, "{\"pages\":[");
    for (size_t i = 0; i < arrivals->n_rows; i++) {
        const struct arrival *row = &arrivals->rows[i];
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        json_put_id(out, "id", row->page);
        json_put_id(out, "source_id", row->source_id);
        json_put_text(out, "source", retort_span_of(row->source));
        json_put_count(out, "comments", row->n_comments);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    json_put_count(out, "comments", arrivals->n_comments);
    retort_json_key(out, "said");
    retort_buffer_byte(out, '[');
    retort_buffer_put(out, retort_buffer_span(&arrivals->said));
    retort_buffer_text(out, "]}\n");
}

static void take(struct exchange *exchange, const char *name, struct retort_span bytes)
{
    struct arrivals arrivals = {.exchange = exchange, .judge = worker_judge(exchange->worker)};
    struct retort_intake intake = {
        .host = {take_thread, take_lines, want_cutter, say, &arrivals},
    };
    struct retort_error error;
    bool read = retort_intake_bytes(&intake, name, bytes, &error);
    bool cut_off = !read && arrivals.full;
    if (cut_off)
        add_said(&arrivals, error.message);
    if (read || cut_off)
        put_arrivals(&arrivals);
    else
        exchange_fail_error(exchange, &error);
    free(arrivals.rows);
    retort_buffer_release(&arrivals.said);
}

void intake_take(struct exchange *exchange, const char *name, struct retort_span bytes)
{
    _Atomic unsigned *n = &exchange->server->n_intakes;
    if (atomic_fetch_add(n, 1) < MOST_INTAKES)
        take(exchange, name, bytes);
    else
        exchange_fail(exchange, 503, "other files are being read; try again in a moment");
    atomic_fetch_sub(n, 1);
}
