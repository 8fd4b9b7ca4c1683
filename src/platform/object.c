/* One object of an export: what is understood is taken, the rest goes on as it stands.
 *
 * Meta is written from the parts, so that a number keeps its digits and a member its place; only
 * white space between values goes. It is one walk over a flat list with a stack of open containers:
 * what was taken and what is personal is stepped over, at any depth. To hoist a member is to step
 * into it without a brace. */
#include "platform/object.h"

#include "platform/personal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct object_json object_parse(struct retort_span checked, struct retort_arena *arena)
{
    struct retort_json_part *parts;
    size_t n_parts = retort_json_parts(checked, arena, &parts);
    return (struct object_json){parts, n_parts};
}

bool object_is(const struct object_json *json, size_t at, uint8_t first)
{
    return json->n_parts > 0 && json->parts[at].bytes.data[0] == first;
}

/* ---- finding -------------------------------------------------------------------------------- */

static bool is_key(struct retort_span key, struct retort_span name)
{
    struct retort_arena arena = {0};
    if (retort_span_equal(retort_span_slice(key, 1, key.len - 1), name))
        return true;
    if (!memchr(key.data, '\\', key.len))
        return false;
    bool same = retort_span_equal(retort_json_unquote(key, &arena), name);
    retort_arena_release(&arena);
    return same;
}

static size_t member(const struct object_json *json, size_t at, struct retort_span name)
{
    if (!object_is(json, at, '{'))
        return 0;
    for (size_t key = at + 1; key < json->parts[at].next; key = json->parts[key + 1].next)
        if (is_key(json->parts[key].bytes, name))
            return key + 1;
    return 0;
}

size_t object_member(const struct object_json *json, size_t at, const char *name)
{
    return member(json, at, retort_span_of(name));
}

/* Cuts what stands before the next `mark` off *rest; false when *rest is used up. */
static bool cut(struct retort_span *rest, uint8_t mark, struct retort_span *piece)
{
    if (!rest->data)
        return false;
    const uint8_t *found = rest->len ? memchr(rest->data, mark, rest->len) : NULL;
    size_t len = found ? (size_t)(found - rest->data) : rest->len;
    *piece = retort_span_slice(*rest, 0, len);
    *rest = found ? retort_span_slice(*rest, len + 1, rest->len) : (struct retort_span){0};
    return true;
}

static size_t walk_path(const struct object_json *json, size_t at, struct retort_span path)
{
    struct retort_span name;
    while (cut(&path, '.', &name)) {
        at = member(json, at, name);
        if (at == 0)
            return 0;
    }
    return at;
}

size_t object_path(const struct object_json *json, size_t at, const char *path)
{
    return walk_path(json, at, retort_span_of(path));
}

size_t object_array(const struct object_json *json, size_t at, const char *path)
{
    size_t found = object_path(json, at, path);
    return found > 0 && object_is(json, found, '[') ? found : 0;
}

static bool is_number(struct retort_span bytes)
{
    return bytes.data[0] == '-' || (bytes.data[0] >= '0' && bytes.data[0] <= '9');
}

struct retort_span object_text(const struct object_json *json, size_t at,
                               struct retort_arena *arena)
{
    struct retort_span bytes = at > 0 ? json->parts[at].bytes : RETORT_SPAN("null");
    if (bytes.data[0] == '"')
        return retort_json_unquote(bytes, arena);
    return is_number(bytes) ? bytes : (struct retort_span){0};
}

/* ---- taking --------------------------------------------------------------------------------- */

static bool is_taken(const struct object *object, size_t at)
{
    for (size_t i = 0; i < object->n_taken; i++)
        if (object->taken[i] == at)
            return true;
    return false;
}

void object_drop(struct object *object, size_t at)
{
    assert(object->n_taken < OBJECT_MOST_TAKEN);
    if (at > 0)
        object->taken[object->n_taken++] = at;
}

static bool is_null(struct retort_span value)
{
    return retort_span_equal(value, RETORT_SPAN("null"));
}

/* Null, "" and a date that a database writes for none. */
static bool says_nothing(struct retort_span value)
{
    return is_null(value) || retort_span_equal(value, RETORT_SPAN("\"\"")) ||
           retort_span_starts(value, RETORT_SPAN("\"0000-00-00"));
}

struct retort_span object_take(struct object *object, const char *paths)
{
    struct retort_span rest = retort_span_of(paths), path, nothing = {0};
    while (cut(&rest, '|', &path)) {
        size_t at = walk_path(object->json, object->at, path);
        if (at == 0)
            continue;
        struct retort_span value = object->json->parts[at].bytes;
        struct retort_span text = object_text(object->json, at, object->arena);
        if (text.len == 0 && !says_nothing(value))
            continue;
        object_drop(object, at);
        if (is_null(value))
            return nothing;
        if (!says_nothing(value))
            return text;
    }
    return nothing;
}

size_t object_find(const struct object_json *json, size_t at, const char *paths)
{
    struct retort_span rest = retort_span_of(paths), path;
    size_t found = 0;
    while (found == 0 && cut(&rest, '|', &path))
        found = walk_path(json, at, path);
    return found;
}

/* ---- meta ----------------------------------------------------------------------------------- */

/* A container that is being written. */
struct frame {
    size_t at, hidden; /* its part; a value in it that is personal by its neighbour */
    size_t begin;      /* where it begins in the buffer, key and comma included */
    size_t n_written;
};

struct meta_writer {
    const struct object *object;
    const struct object_json *json;
    bool keep_private;
    size_t hoist; /* the value that is stepped into; 0: none */
    struct retort_buffer out;
    size_t depth;
    struct frame frames[RETORT_JSON_DEPTH + 1];
};

static bool holds_address(struct retort_span value)
{
    return value.data[0] != 't' && value.data[0] != 'f' && !says_nothing(value);
}

static bool is_personal_text(const struct meta_writer *writer, size_t at)
{
    struct retort_span value = writer->json->parts[at].bytes;
    bool may_be = value.len > 4 && value.data[0] == '"' && memchr("{[aOCs \\", value.data[1], 8);
    return may_be && personal_data(retort_json_unquote(value, writer->object->arena));
}

static bool is_personal_member(const struct meta_writer *writer, size_t key)
{
    struct retort_span name = writer->json->parts[key].bytes;
    return personal_name(retort_json_unquote(name, writer->object->arena)) &&
           holds_address(writer->json->parts[key + 1].bytes);
}

/* Is the value written? key 0: it is an element. */
static bool is_written(const struct meta_writer *writer, const struct frame *frame, size_t key,
                       size_t value)
{
    if (is_taken(writer->object, value))
        return false;
    if (writer->keep_private)
        return true;
    return value != frame->hidden && !is_personal_text(writer, value) &&
           !(key > 0 && is_personal_member(writer, key));
}

/* WordPress keeps what plugins know of a comment as pairs of key and value. */
static size_t hidden_value(const struct meta_writer *writer, size_t at)
{
    size_t key = object_member(writer->json, at, "wp:meta_key");
    bool hides = personal_name(object_text(writer->json, key, writer->object->arena));
    return key > 0 && hides ? object_member(writer->json, at, "wp:meta_value") : 0;
}

static void open_frame(struct meta_writer *writer, size_t at, size_t begin)
{
    assert(writer->depth <= RETORT_JSON_DEPTH);
    writer->frames[writer->depth++] = (struct frame){at, hidden_value(writer, at), begin, 0};
    retort_buffer_byte(&writer->out, writer->json->parts[at].bytes.data[0]);
}

/* An object that lost all it held goes too, where it is the member of an object. */
static void close_frame(struct meta_writer *writer)
{
    const struct frame *frame = &writer->frames[--writer->depth];
    struct frame *around = writer->depth > 0 ? &writer->frames[writer->depth - 1] : NULL;
    bool object = object_is(writer->json, frame->at, '{');
    bool emptied = frame->n_written == 0 && writer->json->parts[frame->at].next > frame->at + 1;
    if (around && emptied && object_is(writer->json, around->at, '{')) {
        writer->out.len = frame->begin;
        around->n_written--;
        return;
    }
    retort_buffer_byte(&writer->out, object ? '}' : ']');
}

/* Writes the value at `at` of the innermost container; returns the part to look at next. */
static size_t write_next(struct meta_writer *writer, size_t at)
{
    struct frame *frame = &writer->frames[writer->depth - 1];
    size_t key = object_is(writer->json, frame->at, '{') ? at : 0, value = key ? at + 1 : at;
    const struct retort_json_part *part = &writer->json->parts[value];
    size_t begin = writer->out.len;
    if (value == writer->hoist)
        return value + 1;
    if (!is_written(writer, frame, key, value))
        return part->next;
    if (frame->n_written++ > 0)
        retort_buffer_byte(&writer->out, ',');
    if (key > 0) {
        retort_buffer_put(&writer->out, writer->json->parts[key].bytes);
        retort_buffer_byte(&writer->out, ':');
    }
    if (part->bytes.data[0] == '{' || part->bytes.data[0] == '[') {
        open_frame(writer, value, begin);
        return value + 1;
    }
    retort_buffer_put(&writer->out, part->bytes);
    return part->next;
}

static int compare_names(const void *left, const void *right)
{
    const struct retort_span *a = left, *b = right;
    return retort_span_compare(*a, *b);
}

static size_t collect_names(const struct object *object, size_t at, size_t but,
                            struct retort_span *names)
{
    const struct object_json *json = object->json;
    size_t n = 0;
    for (size_t key = at + 1; key < json->parts[at].next; key = json->parts[key + 1].next)
        if (key + 1 != but && !is_taken(object, key + 1))
            names[n++] = retort_json_unquote(json->parts[key].bytes, object->arena);
    return n;
}

/* The object whose members may stand among their parent's: no name comes twice. */
static size_t hoistable(const struct object *object, const char *name)
{
    const struct object_json *json = object->json;
    size_t at = name ? object_member(json, object->at, name) : 0;
    if (at == 0 || !object_is(json, at, '{'))
        return 0;
    struct retort_span *names =
        RETORT_NEW(object->arena, struct retort_span, json->parts[object->at].next - object->at);
    size_t n = collect_names(object, object->at, at, names);
    n += collect_names(object, at, 0, names + n);
    qsort(names, n, sizeof *names, compare_names);
    for (size_t i = 1; i < n; i++)
        if (retort_span_equal(names[i - 1], names[i]))
            return 0;
    return at;
}

struct retort_span object_meta(const struct object *object, const char *hoist, bool keep_private)
{
    struct meta_writer writer;
    writer.object = object;
    writer.json = object->json;
    writer.keep_private = keep_private;
    writer.hoist = hoistable(object, hoist);
    writer.out = (struct retort_buffer){0};
    writer.depth = 0;
    open_frame(&writer, object->at, 0);
    for (size_t at = object->at + 1; writer.depth > 0;) {
        if (at == writer.json->parts[writer.frames[writer.depth - 1].at].next)
            close_frame(&writer);
        else
            at = write_next(&writer, at);
    }
    struct retort_span meta = retort_buffer_span(&writer.out);
    meta = meta.len > 2 ? retort_arena_copy(object->arena, meta) : (struct retort_span){0};
    retort_buffer_release(&writer.out);
    return meta;
}

struct retort_span object_meta_add(struct retort_span meta, const char *name,
                                   struct retort_span json, struct retort_arena *arena)
{
    struct retort_buffer out = {0}, key = {0};
    struct object_json parsed = {0};
    retort_buffer_text(&key, name);
    if (meta.len > 0)
        parsed = object_parse(meta, arena);
    while (meta.len > 0 && member(&parsed, 0, retort_buffer_span(&key)) > 0)
        retort_buffer_byte(&key, '_');
    retort_buffer_put(&out,
                      meta.len > 0 ? retort_span_slice(meta, 0, meta.len - 1) : RETORT_SPAN("{"));
    retort_buffer_text(&out, meta.len > 0 ? "," : "");
    retort_json_put(&out, retort_buffer_span(&key));
    retort_buffer_byte(&out, ':');
    retort_buffer_put(&out, json);
    retort_buffer_byte(&out, '}');
    struct retort_span added = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    retort_buffer_release(&key);
    return added;
}
