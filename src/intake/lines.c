/* JSON lines, a comment each: read as they come, in bounded memory: one line, and a window of
 * earlier comments in which parent_id is looked up. A line that cannot be read is a step of its
 * own; the next step goes on behind it. */
#include "intake/intake.h"

#include <stdlib.h>

enum {
    LONGEST_LINE = 16 << 20,
    LONGEST_TEXT = 1 << 20,
    WINDOW = 8192, /* parents are found among about so many earlier lines */
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

static const char *const KNOWN[] = {"id",           "text",    "parent_id", "parent_text",
                                    "article_text", "target",  "author",    "time",
                                    "labels",       "explain", "retort"};
static const char *const OURS[] = {"labels", "explain", "retort"};

static bool is_among(struct retort_span key, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (retort_span_equal(key, retort_span_of(names[i])))
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
static struct retort_span id_member(const struct retort_intake_line *line,
                                    const struct retort_json *json, const char *key,
                                    struct retort_arena *arena)
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

static bool read_item(struct retort_intake_line *line, const struct retort_json *json,
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

static bool read_line(struct retort_intake_line *line, struct retort_span bytes,
                      struct retort_arena *arena, struct retort_error *error)
{
    struct retort_json *json = retort_json_parse(bytes, error);
    *line = (struct retort_intake_line){0};
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

/* All members but OURS, as they stand; only what is unknown, for the store. */
static void put_members(struct retort_buffer *out, const struct retort_intake_line *line,
                        bool only_unknown)
{
    bool first = true;
    for (size_t i = 0; i < line->n_members; i++) {
        const struct retort_json_member *member = &line->members[i];
        if (only_unknown ? is_among(member->key, KNOWN, sizeof KNOWN / sizeof KNOWN[0])
                         : is_among(member->key, OURS, sizeof OURS / sizeof OURS[0]))
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
static struct retort_span meta_of(const struct retort_intake_line *line, bool keep_private,
                                  struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '{');
    put_members(&out, line, true);
    retort_buffer_byte(&out, '}');
    struct retort_span meta = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    if (!keep_private)
        meta = retort_platform_public(meta, arena);
    return meta.len > 2 ? meta : (struct retort_span){0};
}

void retort_intake_put_members(struct retort_buffer *out, const struct retort_intake_line *line)
{
    put_members(out, line, false);
}

/* ---- all lines ---- */

struct retort_intake_lines {
    struct line_source source;
    struct earlier *window; /* [WINDOW] */
};

struct retort_intake_lines *retort_intake_lines_open(struct retort_archive *file)
{
    struct retort_intake_lines *lines = retort_grow(NULL, 1, sizeof *lines);
    *lines = (struct retort_intake_lines){.source = {.file = file}};
    lines->window = calloc(WINDOW, sizeof *lines->window);
    if (!lines->window)
        retort_out_of_memory();
    return lines;
}

void retort_intake_lines_close(struct retort_intake_lines *lines)
{
    retort_buffer_release(&lines->source.bytes);
    release_window(lines->window);
    free(lines);
}

static void find_parent(struct retort_intake_lines *lines, struct retort_intake_line *line,
                        struct retort_arena *arena)
{
    struct retort_span parent;
    if (!line->item.parent_text.data && recall(lines->window, line->parent_id, &parent))
        line->item.parent_text = retort_arena_copy(arena, parent);
    if (line->id.len > 0)
        remember(lines->window, line->id, line->item.text);
}

enum retort_lines_step retort_intake_lines_next(struct retort_intake_lines *lines,
                                                struct retort_arena *arena,
                                                struct retort_intake_line *line,
                                                struct retort_error *error)
{
    struct retort_span bytes;
    bool whole;
    if (!next_line(&lines->source, &bytes, &whole))
        return RETORT_LINES_END;
    if (!whole)
        retort_fail(error, RETORT_INPUT, "is longer than %d bytes; cut it", LONGEST_LINE);
    if (!whole || !read_line(line, bytes, arena, error))
        return RETORT_LINES_BAD;
    find_parent(lines, line, arena);
    return RETORT_LINES_LINE;
}

struct retort_verdict *retort_judge_line(const struct retort_judge *judge,
                                         struct retort_intake_line *line,
                                         struct retort_arena *arena)
{
    line->item.target = line->target.data ? line->target : judge->target;
    if (!line->item.target.data && line->item.article_text.data)
        line->item.target = retort_intake_headline(line->item.article_text);
    return retort_judge_item(judge, &line->item, arena);
}

bool retort_intake_put_comment(const struct retort_line_keeping *keeping,
                               const struct retort_intake_line *line, int64_t *id,
                               struct retort_error *error)
{
    struct retort_arena arena = {0};
    const struct retort_line_record record = {
        .source = keeping->source,
        .native_id = line->id,
        .parent_id = line->parent_id,
        .author = line->author,
        .time = line->time,
        .text = line->item.text,
        .target = line->target,
        .parent_text = line->item.parent_text,
        .article_text = line->item.article_text,
        .meta = meta_of(line, keeping->keep_private, &arena),
    };
    bool stored = retort_store_put_line(keeping->store, &record, id, error);
    retort_arena_release(&arena);
    return stored;
}

bool retort_intake_put_line(const struct retort_line_keeping *keeping,
                            const struct retort_intake_line *line,
                            const struct retort_verdict *verdicts, struct retort_error *error)
{
    struct retort_label_record of = {.target =
                                         line->target.data ? line->target : keeping->judge->target};
    return retort_intake_put_comment(keeping, line, &of.comment, error) &&
           retort_intake_put_labels(keeping->store, &of, keeping->judge, verdicts, error);
}
