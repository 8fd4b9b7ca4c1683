/* JSON lines, cut into blocks however they come, are what a plain reading of the whole finds: which
 * are sound, their texts, whom they answer. The first byte says how many come at once. */
#include "fuzz/fuzz.h"
#include "intake/intake.h"

#include <assert.h>
#include <stdlib.h>

enum { MOST_LINES = 300 };

/* A line by jansson's tree. */
struct plain {
    struct retort_json *json; /* NULL: it is not sound */
    struct retort_span text, id, parent_id, parent_text;
};

static bool is_text_or_none(const struct retort_json *json, const char *key,
                            struct retort_span *text)
{
    const struct retort_json *value = retort_json_get(json, key);
    *text = (struct retort_span){0};
    return !value || retort_json_is_null(value) || retort_json_text(value, text);
}

/* The raw value of what is no string. */
static struct retort_span id_of(const struct retort_json *json, const char *key,
                                struct retort_span line, struct retort_arena *arena)
{
    struct retort_json_member *members;
    struct retort_span text;
    const struct retort_json *value = retort_json_get(json, key);
    if (!value || retort_json_is_null(value))
        return (struct retort_span){0};
    if (retort_json_text(value, &text))
        return text;
    for (size_t i = 0, n = retort_json_members(line, arena, &members); i < n; i++) {
        struct retort_span quoted = {members[i].key.data - 1, members[i].key.len + 2};
        if (retort_span_equal(retort_json_unquote(quoted, arena), retort_span_of(key)))
            return members[i].value;
    }
    abort();
}

static void read_plain(struct plain *plain, struct retort_span line, struct retort_arena *arena)
{
    struct retort_error error;
    struct retort_span ignored;
    struct retort_json *json = plain->json = retort_json_parse(line, &error);
    if (json && retort_json_is_object(json) && is_text_or_none(json, "text", &plain->text) &&
        plain->text.data && is_text_or_none(json, "parent_text", &plain->parent_text) &&
        is_text_or_none(json, "article_text", &ignored) &&
        is_text_or_none(json, "target", &ignored)) {
        plain->id = id_of(json, "id", line, arena);
        plain->parent_id = id_of(json, "parent_id", line, arena);
        return;
    }
    retort_json_free(json);
    *plain = (struct plain){0};
}

/* The newest line before with that id; so few lines are all in the window. */
static struct retort_span parent_of(const struct plain *lines, size_t i)
{
    if (lines[i].parent_text.data || lines[i].parent_id.len == 0)
        return lines[i].parent_text;
    for (size_t before = i; before-- > 0;)
        if (lines[before].json && lines[before].id.len > 0 &&
            retort_span_equal(lines[before].id, lines[i].parent_id))
            return lines[before].text;
    return (struct retort_span){0};
}

static size_t read_all(struct retort_span rest, struct plain *lines, struct retort_arena *arena)
{
    size_t n = 0;
    while (rest.len > 0 && n < MOST_LINES) {
        const uint8_t *found = memchr(rest.data, '\n', rest.len);
        size_t len = found ? (size_t)(found - rest.data) : rest.len;
        lines[n] = (struct plain){0};
        read_plain(&lines[n++], retort_span_slice(rest, 0, len), arena);
        rest = retort_span_slice(rest, len + (found != NULL), rest.len);
    }
    return n;
}

static void compare(const struct plain *lines, size_t n, struct retort_span bytes, size_t read_size)
{
    const struct retort_archive_options options = {.read_size = read_size};
    struct retort_archive *archive;
    struct retort_error error;
    struct retort_intake_line line;
    if (!retort_archive_open_bytes(&archive, "lines", bytes, &options, &error))
        return;
    struct retort_intake_lines *reader = retort_intake_lines_open(archive);
    for (size_t i = 0; i < n && !retort_archive_has_records(archive); i++) {
        enum retort_lines_step step = retort_intake_lines_next(reader, &line, &error);
        assert(step == (lines[i].json ? RETORT_LINES_LINE : RETORT_LINES_BAD));
        assert(line.number == i + 1);
        if (!lines[i].json)
            continue;
        assert(retort_span_equal(line.item.text, lines[i].text));
        struct retort_span parent = parent_of(lines, i);
        assert(line.item.parent_text.len <= parent.len &&
               parent.len - line.item.parent_text.len < (parent.len > 8000 ? parent.len : 1));
        assert(retort_span_starts(parent, line.item.parent_text));
    }
    retort_intake_lines_close(reader);
    retort_archive_close(archive);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_arena arena = {0};
    if (size < 4 || (data[1] == 0x1F && data[2] == 0x8B)) /* gzip is the archive's matter */
        return 0;
    struct retort_span bytes = {data + 1, size - 1};
    struct plain *lines = retort_grow(NULL, MOST_LINES, sizeof *lines);
    size_t n = read_all(bytes, lines, &arena);
    compare(lines, n, bytes, data[0] ? data[0] : 70000);
    for (size_t i = 0; i < n; i++)
        retort_json_free(lines[i].json);
    free(lines);
    retort_arena_release(&arena);
    return 0;
}
