/* The pages: GET /api/pages lists them, POST brings more in; GET /api/pages/{id} shows the lines of
 * one as they are split, POST /api/pages/{id}/corrections mends the split and POST
 * /api/corrections/{id}/undo takes that back. Whoever changes a split gets it back as it is then.
 */
#include "serve/handlers.h"
#include "serve/intake.h"
#include "serve/json.h"
#include "serve/members.h"
#include "serve/params.h"

#include <strings.h>

/* ---- the list ---- */

struct page_list {
    struct retort_buffer *out;
    size_t n, limit;
    int64_t last;
};

static bool put_page_row(void *context, const struct retort_stored_page *page,
                         struct retort_error *error)
{
    struct page_list *list = context;
    (void)error;
    if (list->n++ == list->limit)
        return true;
    list->last = page->id;
    retort_buffer_text(list->out, list->n > 1 ? ",{" : "{");
    json_put_id(list->out, "id", page->id);
    json_put_text(list->out, "source", page->source);
    json_put_id(list->out, "source_id", page->source_id);
    json_put_text(list->out, "fetched", page->fetched);
    json_put_count(list->out, "comments", page->n_comments);
    json_put_count(list->out, "waiting", page->n_waiting);
    json_put_flag(list->out, "corrected", page->corrected_by.data != NULL);
    retort_buffer_byte(list->out, '}');
    return true;
}

void handle_pages(struct exchange *exchange)
{
    enum { LIMIT = 50, MOST = 200 };
    static const char *const PARAMETERS[] = {"after", "limit", NULL};
    uint64_t after = 0, limit = LIMIT;
    struct retort_error error;
    if (!params_only(exchange, PARAMETERS) ||
        !params_number(exchange, "after", 1, INT64_MAX, &after) ||
        !params_number(exchange, "limit", 1, MOST, &limit))
        return;
    struct page_list list = {.out = &exchange->out, .limit = (size_t)limit};
    retort_buffer_text(list.out, "{\"pages\":[");
    if (!retort_store_each_page(exchange->worker->store, (int64_t)after, list.limit + 1,
                                put_page_row, &list, &error)) {
        exchange_fail_error(exchange, &error);
        return;
    }
    retort_buffer_text(list.out, "],\"next\":");
    if (list.n > list.limit)
        retort_buffer_format(list.out, "\"%lld\"}\n", (long long)list.last);
    else
        retort_buffer_text(list.out, "null}\n");
}

/* ---- bringing in ---- */

/* Two texts that nobody has named are two pages, whatever they are called. */
static const char *unnamed(struct exchange *exchange, struct retort_span bytes)
{
    char hash[RETORT_SHA256_HEX], name[32];
    retort_sha256(bytes, hash);
    snprintf(name, sizeof name, "paste-%.12s", hash);
    return retort_arena_string(&exchange->arena, retort_span_of(name));
}

static void bring_in(struct exchange *exchange, const char *name, struct retort_span bytes)
{
    enum { MOST_NAME = 1000 };
    if (retort_span_trim(bytes).len == 0)
        exchange_fail(exchange, 400, "there is nothing in it");
    else if (name && strlen(name) > MOST_NAME)
        exchange_fail(exchange, 400, "\"name\" is longer than %d bytes", MOST_NAME);
    else if (!name || strcmp(name, "paste") == 0)
        intake_take(exchange, unnamed(exchange, bytes), bytes);
    else
        intake_take(exchange, name, bytes);
}

/* The front has let in JSON and this. */
static bool is_bytes(const struct exchange *exchange)
{
    static const char BYTES[] = "application/octet-stream";
    struct retort_span type = retort_span_trim(exchange_header(exchange, "Content-Type"));
    return type.len >= strlen(BYTES) &&
           strncasecmp((const char *)type.data, BYTES, strlen(BYTES)) == 0;
}

static void bring_bytes(struct exchange *exchange)
{
    static const char *const PARAMETERS[] = {"name", NULL};
    const char *name = exchange_query(exchange, "name");
    if (params_only(exchange, PARAMETERS))
        bring_in(exchange, name && *name ? name : NULL, exchange->body);
}

void handle_add_pages(struct exchange *exchange)
{
    static const char *const MEMBERS[] = {"name", "text", NULL};
    struct retort_span text;
    if (is_bytes(exchange)) {
        bring_bytes(exchange);
        return;
    }
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    const char *name;
    if (!body || !member_text(exchange, body, "name", true, &name))
        return;
    if (!*name)
        exchange_fail(exchange, 400, "\"name\" is empty");
    else if (!retort_json_text(retort_json_get(body, "text"), &text))
        exchange_fail(exchange, 400, "\"text\" wants the page as a text");
    else
        bring_in(exchange, name, text);
}

/* ---- one page ---- */

static void put_line(struct retort_buffer *out, size_t number, struct retort_span text,
                     const char *role, size_t comment)
{
    retort_buffer_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
    json_put_count(out, "line", number);
    json_put_text(out, "text", text);
    json_put_text(out, "role", retort_span_of(role));
    json_put_count(out, "comment", comment);
    retort_buffer_byte(out, '}');
}

/* A run of blank lines is one row. */
static void put_lines(struct retort_buffer *out, const struct retort_thread *thread)
{
    static const char *const ROLES[] = {[RETORT_FURNITURE] = "furniture",
                                        [RETORT_ARTICLE] = "article",
                                        [RETORT_COMMENT] = "comment",
                                        [RETORT_SIGNATURE] = "comment"};
    size_t next = 1, c = 0;
    retort_json_key(out, "lines");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < thread->page.n_lines; i++) {
        const struct retort_line *line = &thread->page.lines[i];
        while (c < thread->n_comments && thread->comments[c].last_line < line->number)
            c++;
        bool inside = c < thread->n_comments && thread->comments[c].first_line <= line->number;
        if (line->number > next)
            put_line(out, next, RETORT_SPAN(""), "blank", 0);
        put_line(out, line->number, line->text, ROLES[line->role], inside ? c + 1 : 0);
        next = line->number + 1;
    }
    retort_buffer_byte(out, ']');
}

static void put_comments(struct retort_buffer *out, const struct retort_stored_split *split)
{
    retort_json_key(out, "comments");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < split->thread.n_comments; i++) {
        const struct retort_comment *comment = &split->thread.comments[i];
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        json_put_count(out, "number", i + 1);
        json_put_id(out, "id", split->ids[i]);
        json_put_count(out, "parent", (uint64_t)(comment->parent + 1));
        json_put_count(out, "first_line", comment->first_line);
        json_put_count(out, "last_line", comment->last_line);
        json_put_text(out, "author", comment->author);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

static bool put_correction(void *context, const struct retort_stored_correction *correction,
                           struct retort_error *error)
{
    struct retort_buffer *out = context;
    (void)error;
    retort_buffer_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
    json_put_id(out, "id", correction->id);
    json_put_text(out, "reviewer", correction->reviewer);
    json_put_text(out, "made", correction->made);
    json_put_stored(out, "operations", correction->operations);
    json_put_flag(out, "undone", correction->undone);
    retort_buffer_byte(out, '}');
    return true;
}

static bool put_page(struct exchange *exchange, const struct retort_stored_page *page,
                     struct retort_error *error)
{
    struct retort_store *store = exchange->worker->store;
    struct retort_buffer *out = &exchange->out;
    struct retort_stored_split split;
    if (!retort_store_split(store, page->split, &exchange->arena, &split, error))
        return false;
    retort_buffer_byte(out, '{');
    json_put_id(out, "id", page->id);
    json_put_text(out, "source", page->source);
    json_put_id(out, "source_id", page->source_id);
    json_put_id(out, "split", page->split);
    json_put_text(out, "splitter", page->splitter);
    json_put_text(out, "corrected_by", page->corrected_by);
    put_lines(out, &split.thread);
    put_comments(out, &split);
    retort_json_key(out, "corrections");
    retort_buffer_byte(out, '[');
    if (!retort_store_each_correction(store, page->id, put_correction, out, error))
        return false;
    retort_buffer_text(out, "]}\n");
    return true;
}

static void answer_page(struct exchange *exchange, int64_t id)
{
    struct retort_stored_page page;
    struct retort_error error;
    bool read = retort_store_page(exchange->worker->store, id, &exchange->arena, &page, &error);
    if (read && !page.id)
        exchange_fail(exchange, 404, "there is no page %lld", (long long)id);
    else if (!read || !put_page(exchange, &page, &error))
        exchange_fail_error(exchange, &error);
}

void handle_get_page(struct exchange *exchange)
{
    static const char *const NONE[] = {NULL};
    if (params_only(exchange, NONE))
        answer_page(exchange, exchange->id);
}

/* ---- corrections ---- */

static void answer_mended(struct exchange *exchange, enum retort_mended mended, int64_t page,
                          const struct retort_error *error)
{
    if (mended == RETORT_MENDED)
        answer_page(exchange, page);
    else if (mended == RETORT_MEND_MISSING)
        exchange_fail(exchange, 404, "%s", error->message);
    else if (mended == RETORT_MEND_STALE)
        exchange_fail(exchange, 409, "%s", error->message);
    else
        exchange_fail_error(exchange, error);
}

/* The operations as they were sent: what is kept of them. */
static struct retort_span sent_operations(struct exchange *exchange)
{
    struct retort_json_member *members;
    size_t n = retort_json_members(retort_span_trim(exchange->body), &exchange->arena, &members);
    for (size_t i = 0; i < n; i++)
        if (retort_span_equal(members[i].key, RETORT_SPAN("operations")))
            return members[i].value;
    return (struct retort_span){0};
}

void handle_correct_page(struct exchange *exchange)
{
    static const char *const MEMBERS[] = {"split", "operations", "token", NULL};
    const struct retort_json *body = members_of_body(exchange, MEMBERS);
    struct retort_mending mending = {.page = exchange->id, .reviewer = exchange->user};
    struct retort_error error;
    const char *token;
    if (!body || !member_id(exchange, body, "split", &mending.base) ||
        !member_token(exchange, body, &token))
        return;
    mending.operations = retort_json_get(body, "operations");
    mending.json = sent_operations(exchange);
    mending.token = token ? retort_span_of(token) : (struct retort_span){0};
    const struct retort_judge judge = worker_judge(exchange->worker);
    enum retort_mended mended =
        retort_intake_mend(exchange->worker->store, &judge, &mending, &error);
    answer_mended(exchange, mended, exchange->id, &error);
}

/* As with decisions. What is not there is said by who looks for it next. */
static bool may_take_back(struct exchange *exchange)
{
    struct retort_stored_correction correction;
    struct retort_error error;
    if (!retort_store_correction(exchange->worker->store, exchange->id, &exchange->arena,
                                 &correction, &error)) {
        exchange_fail_error(exchange, &error);
        return false;
    }
    if (correction.id == 0 || exchange->role >= ROLE_ADMIN ||
        retort_span_equal(correction.reviewer, retort_span_of(exchange->user)))
        return true;
    exchange_fail(exchange, 403, "only an admin takes back what another has corrected");
    return false;
}

void handle_undo_correction(struct exchange *exchange)
{
    static const char *const NONE[] = {NULL};
    struct retort_error error;
    int64_t page;
    if (!members_of_body(exchange, NONE) || !may_take_back(exchange))
        return;
    const struct retort_judge judge = worker_judge(exchange->worker);
    enum retort_mended mended = retort_intake_unmend(exchange->worker->store, &judge, exchange->id,
                                                     exchange->user, &page, &error);
    answer_mended(exchange, mended, page, &error);
}
