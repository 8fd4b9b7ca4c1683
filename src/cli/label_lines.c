/* JSON lines as a filter: one line out for each line in, in order. What is read is handed back
 * byte for byte, with "labels" put behind; a line that cannot be read leaves an error in its place
 * and the rest goes on. Memory is bounded: one line, and a window of earlier comments in which
 * parent_id is looked up. */
#include "cli/label.h"

#include <stdlib.h>
#include <string.h>

enum {
    LONGEST_LINE = 16 << 20,
    LONGEST_TEXT = 1 << 20,
    WINDOW = 8192, /* parents are found among about so many earlier lines */
    BATCH = 2000,  /* lines a transaction */
};

/* ---- lines of a file ---- */

struct line_source {
    struct retort_archive *file;
    struct retort_buffer bytes;
    size_t at; /* of the line that comes next */
    bool ended;
};

static bool more(struct line_source *source)
{
    size_t rest = source->bytes.len - source->at, room = 1 << 16;
    if (rest > 0)
        memmove(source->bytes.data, source->bytes.data + source->at, rest);
    source->bytes.len = rest;
    source->at = 0;
    if (source->bytes.capacity - rest < room) {
        source->bytes.capacity = 2 * source->bytes.capacity + room;
        source->bytes.data = retort_grow(source->bytes.data, source->bytes.capacity, 1);
    }
    size_t got = retort_archive_read(source->file, source->bytes.data + rest, room);
    source->bytes.len += got;
    source->ended = got == 0;
    return got > 0;
}

/* Skips to the end of a line too long to be held. */
static void skip_line(struct line_source *source)
{
    do {
        const uint8_t *begin = source->bytes.data + source->at;
        const uint8_t *end = memchr(begin, '\n', source->bytes.len - source->at);
        source->at = end ? (size_t)(end - source->bytes.data) + 1 : source->bytes.len;
        if (end)
            return;
    } while (more(source));
}

/* The next line; `whole` is false when it is longer than LONGEST_LINE and was skipped. */
static bool next_line(struct line_source *source, struct retort_span *line, bool *whole)
{
    size_t searched = 0;
    *whole = true;
    for (;;) {
        size_t rest = source->bytes.len - source->at;
        const uint8_t *begin = rest > 0 ? source->bytes.data + source->at : NULL;
        const uint8_t *end =
            rest > searched ? memchr(begin + searched, '\n', rest - searched) : NULL;
        if (end || (source->ended && rest > 0)) {
            *line = (struct retort_span){begin, end ? (size_t)(end - begin) : rest};
            source->at += line->len + (end != NULL);
            return true;
        }
        if (source->ended)
            return false;
        searched = rest;
        if (rest > LONGEST_LINE) {
            *whole = false;
            *line = (struct retort_span){0};
            skip_line(source);
            return true;
        }
        more(source);
    }
}

/* ---- earlier comments, by id ---- */

struct earlier {
    struct retort_buffer id, text;
};

static struct earlier *earlier_slot(struct earlier *window, struct retort_span id)
{
    return &window[retort_hash(id, 0) % WINDOW];
}

static void remember(struct earlier *window, struct retort_span id, struct retort_span text)
{
    struct earlier *slot = earlier_slot(window, id);
    retort_buffer_clear(&slot->id);
    retort_buffer_clear(&slot->text);
    retort_buffer_put(&slot->id, id);
    retort_buffer_put(&slot->text, retort_span_slice(text, 0, 8192));
}

static bool recall(struct earlier *window, struct retort_span id, struct retort_span *text)
{
    struct earlier *slot = earlier_slot(window, id);
    if (id.len == 0 || !retort_span_equal(retort_buffer_span(&slot->id), id))
        return false;
    *text = retort_buffer_span(&slot->text);
    return true;
}

static void release_window(struct earlier *window)
{
    for (size_t i = 0; i < WINDOW; i++) {
        retort_buffer_release(&window[i].id);
        retort_buffer_release(&window[i].text);
    }
    free(window);
}

/* ---- one line ---- */

/* A line as read: what is known of the comment, and its members as they stand. */
struct read_line {
    struct retort_item item;
    struct retort_span id, parent_id, author, time, target;
    struct retort_json_member *members;
    size_t n_members;
};

static const char *const KNOWN[] = {"id",     "text",   "parent_id", "parent_text", "article_text",
                                    "target", "author", "time",      "labels",      "explain"};

static bool is_known(struct retort_span key)
{
    for (size_t i = 0; i < sizeof KNOWN / sizeof KNOWN[0]; i++)
        if (retort_span_equal(key, retort_span_of(KNOWN[i])))
            return true;
    return false;
}

/* Absent and null are the same (data NULL); anything but a string is an error. */
static bool text_member(const struct retort_json *json, const char *key, struct retort_arena *arena,
                        struct retort_span *text, struct retort_error *error)
{
    const struct retort_json *value = retort_json_get(json, key);
    *text = (struct retort_span){0};
    if (!value || retort_json_is_null(value))
        return true;
    if (!retort_json_text(value, text))
        return retort_fail(error, RETORT_INPUT, "\"%s\" must be a string", key);
    *text = retort_arena_copy(arena, *text);
    return true;
}

/* An id or time may be a string or a number: its text, or the number as it stands. */
static struct retort_span id_member(const struct read_line *line, const struct retort_json *json,
                                    const char *key, struct retort_arena *arena)
{
    struct retort_span text;
    const struct retort_json *value = retort_json_get(json, key);
    if (value && retort_json_text(value, &text))
        return retort_arena_copy(arena, text);
    for (size_t i = 0; i < line->n_members; i++)
        if (retort_span_equal(line->members[i].key, retort_span_of(key)) &&
            !retort_span_equal(line->members[i].value, RETORT_SPAN("null")))
            return line->members[i].value;
    return (struct retort_span){0};
}

static bool read_item(struct read_line *line, const struct retort_json *json,
                      struct retort_arena *arena, struct retort_error *error)
{
    struct retort_item *item = &line->item;
    if (!retort_json_is_object(json))
        return retort_fail(error, RETORT_INPUT,
                           "is no JSON object; each line is {\"id\":…,\"text\":…}");
    if (!text_member(json, "text", arena, &item->text, error) ||
        !text_member(json, "parent_text", arena, &item->parent_text, error) ||
        !text_member(json, "article_text", arena, &item->article_text, error) ||
        !text_member(json, "target", arena, &line->target, error))
        return false;
    if (!item->text.data)
        return retort_fail(error, RETORT_INPUT, "has no \"text\"");
    if (item->text.len > LONGEST_TEXT)
        return retort_fail(error, RETORT_INPUT,
                           "has a text of %zu bytes and a comment may have %d; cut it",
                           item->text.len, LONGEST_TEXT);
    return true;
}

static bool read_line(struct read_line *line, struct retort_span bytes, struct retort_arena *arena,
                      struct retort_error *error)
{
    struct retort_json *json = retort_json_parse(bytes, error);
    *line = (struct read_line){0};
    if (!json)
        return false;
    bool sound = read_item(line, json, arena, error);
    if (sound) {
        line->n_members = retort_json_members(bytes, arena, &line->members);
        line->id = id_member(line, json, "id", arena);
        line->parent_id = id_member(line, json, "parent_id", arena);
        line->author = id_member(line, json, "author", arena);
        line->time = id_member(line, json, "time", arena);
    }
    retort_json_free(json);
    return sound;
}

/* All members but `labels` and `explain`, as they stand; only what is unknown, for the store. */
static void put_members(struct retort_buffer *out, const struct read_line *line, bool only_unknown)
{
    bool first = true;
    for (size_t i = 0; i < line->n_members; i++) {
        const struct retort_json_member *member = &line->members[i];
        bool ours = retort_span_equal(member->key, RETORT_SPAN("labels")) ||
                    retort_span_equal(member->key, RETORT_SPAN("explain"));
        if (only_unknown ? is_known(member->key) : ours)
            continue;
        retort_buffer_text(out, first ? "\"" : ",\"");
        retort_buffer_put(out, member->key);
        retort_buffer_text(out, "\":");
        retort_buffer_put(out, member->value);
        first = false;
    }
}

/* The unknown members as one object; what is stored is without mail and IP addresses, unless they
 * were asked for. */
static struct retort_span meta_of(const struct labelling *run, const struct read_line *line,
                                  struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '{');
    put_members(&out, line, true);
    retort_buffer_byte(&out, '}');
    struct retort_span meta = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    if (!cli_flag(run->arguments, "keep-private"))
        meta = retort_platform_public(meta, arena);
    return meta.len > 2 ? meta : (struct retort_span){0};
}

static bool store_line(struct labelling *run, const struct read_line *line,
                       const struct retort_verdict *verdicts, struct retort_error *error)
{
    struct retort_arena arena = {0};
    if (!run->store)
        return true;
    const struct retort_line_record record = {
        .source = run->source,
        .native_id = line->id,
        .parent_id = line->parent_id,
        .author = line->author,
        .time = line->time,
        .text = line->item.text,
        .target = line->target,
        .parent_text = line->item.parent_text,
        .article_text = line->item.article_text,
        .meta = meta_of(run, line, &arena),
    };
    struct retort_label_record of = {.target =
                                         line->target.data ? line->target : run->judge.target};
    bool stored = retort_store_put_line(run->store, &record, &of.comment, error) &&
                  retort_intake_put_labels(run->store, &of, &run->judge, verdicts, error);
    retort_arena_release(&arena);
    return stored;
}

static struct retort_verdict *judge_line(struct labelling *run, struct read_line *line,
                                         struct earlier *window, struct retort_arena *arena)
{
    struct retort_span parent;
    if (!line->item.parent_text.data && recall(window, line->parent_id, &parent))
        line->item.parent_text = retort_arena_copy(arena, parent);
    if (line->id.len > 0)
        remember(window, line->id, line->item.text);
    line->item.target = line->target.data ? line->target : run->judge.target;
    if (!line->item.target.data && line->item.article_text.data)
        line->item.target = retort_intake_headline(line->item.article_text);
    return retort_judge_item(&run->judge, &line->item, arena);
}

static bool label_line(struct labelling *run, struct read_line *line, size_t number,
                       struct earlier *window, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_verdict *verdicts = judge_line(run, line, window, &arena);
    if (run->json) {
        retort_buffer_byte(&run->out, '{');
        put_members(&run->out, line, false);
        label_put_json(run, &line->item, verdicts, &arena);
        retort_buffer_text(&run->out, "}\n");
    } else if (!run->quiet) {
        const struct label_row row = {number, 0, line->item, line->author, verdicts};
        label_put_row(run, &row, number == 1);
    }
    bool stored = store_line(run, line, verdicts, error);
    retort_arena_release(&arena);
    return stored;
}

/* What was wrong in one file: each bad line has its error in the output, standard error has one
 * line for all of them. */
struct bad_lines {
    size_t n, first;
    struct retort_error error; /* of the first */
};

static void put_bad_line(struct labelling *run, struct bad_lines *bad, size_t number,
                         const struct retort_error *error)
{
    run->saw_bad_line = true;
    if (bad->n++ == 0) {
        bad->first = number;
        bad->error = *error;
    }
    if (!run->json)
        return;
    retort_buffer_byte(&run->out, '{');
    retort_json_key(&run->out, "error");
    retort_json_put(&run->out, retort_span_of(error->message));
    retort_json_key(&run->out, "line");
    retort_buffer_format(&run->out, "%zu}\n", number);
}

static void say_bad_lines(const struct labelling *run, const struct bad_lines *bad)
{
    struct retort_error where = bad->error;
    if (bad->n == 0)
        return;
    retort_fail_within(&where, "%s:%zu", run->source, bad->first);
    if (bad->n > 1)
        fprintf(stderr, "retort label: %s (and %zu more lines could not be read)\n", where.message,
                bad->n - 1);
    else
        fprintf(stderr, "retort label: %s\n", where.message);
}

/* ---- all lines ---- */

static bool begin_batch(struct labelling *run, struct retort_error *error)
{
    return !run->store || retort_store_begin(run->store, error);
}

static bool end_batch(struct labelling *run, struct retort_error *error)
{
    return (!run->store || retort_store_commit(run->store, error)) &&
           cli_flush(&run->out, stdout, error);
}

static bool filter(struct labelling *run, struct line_source *source, struct earlier *window,
                   struct bad_lines *bad, struct retort_error *error)
{
    struct retort_progress progress;
    struct retort_span bytes;
    struct read_line line;
    bool whole, done = begin_batch(run, error);
    retort_progress_begin(&progress, "comments", 0, run->quiet);
    for (size_t number = 1; done && next_line(source, &bytes, &whole); number++) {
        struct retort_arena arena = {0};
        if (!whole)
            retort_fail(error, RETORT_INPUT, "is longer than %d bytes; cut it", LONGEST_LINE);
        if (!whole || !read_line(&line, bytes, &arena, error))
            put_bad_line(run, bad, number, error);
        else
            done = label_line(run, &line, number, window, error);
        retort_arena_release(&arena);
        if (done && run->out.len > 1 << 16)
            done = cli_flush(&run->out, stdout, error);
        if (done && (number % BATCH == 0 || (run->store && retort_store_is_due(run->store))))
            done = end_batch(run, error) && begin_batch(run, error);
        retort_progress_step(&progress, number);
    }
    retort_progress_end(&progress);
    return done && end_batch(run, error);
}

bool label_lines(struct labelling *run, struct retort_archive *file, struct retort_error *error)
{
    struct line_source source = {.file = file};
    struct bad_lines bad = {0};
    struct earlier *window = calloc(WINDOW, sizeof *window);
    if (!window)
        retort_out_of_memory();
    bool done = filter(run, &source, window, &bad, error);
    if (!done && run->store)
        retort_store_rollback(run->store);
    say_bad_lines(run, &bad);
    retort_buffer_release(&source.bytes);
    release_window(window);
    return done;
}
