/* The JSON objects of a file. Whether they stand in lines is seen by the first line: if it is an
 * object by itself, a line that is broken costs that line alone. Else an object ends with the brace
 * that closes it, and what is wrong inside it costs that object. Bytes are kept from the beginning
 * of an object to its end, and no longer. */
#include "exchange/values.h"

#include <stdlib.h>

enum { CHUNK = 64 << 10 };

struct values {
    struct retort_archive *file;
    struct retort_buffer bytes;
    size_t at; /* of the first byte that belongs to no value yet */
    size_t number;
    bool begun, ended;
    bool lines, array; /* neither: objects, white space between them */
};

struct values *values_open(struct retort_archive *file)
{
    struct values *values = retort_grow(NULL, 1, sizeof *values);
    *values = (struct values){.file = file};
    return values;
}

void values_close(struct values *values)
{
    retort_buffer_release(&values->bytes);
    free(values);
}

size_t values_number(const struct values *values)
{
    return values->number;
}

/* ---- bytes ---- */

static bool read_more(struct values *values)
{
    struct retort_buffer *bytes = &values->bytes;
    size_t got = values->ended
                     ? 0
                     : retort_archive_read(values->file, retort_buffer_room(bytes, CHUNK), CHUNK);
    bytes->len += got;
    values->ended |= got == 0;
    return got > 0;
}

/* What was handed out is done with. */
static void forget_before(struct values *values)
{
    struct retort_buffer *bytes = &values->bytes;
    if (values->at < CHUNK && values->at < bytes->len)
        return;
    memmove(bytes->data, bytes->data + values->at, bytes->len - values->at);
    bytes->len -= values->at;
    values->at = 0;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* The first byte of what comes that is neither space nor, between values, a comma; 0: the end. */
static uint8_t skip_between(struct values *values)
{
    const struct retort_buffer *bytes = &values->bytes;
    for (;; values->at++) {
        if (values->at == bytes->len && !read_more(values))
            return 0;
        uint8_t byte = bytes->data[values->at];
        if (!is_space(byte) && !(values->array && byte == ','))
            return byte;
    }
}

/* ---- how the file is laid out ---- */

static struct retort_span first_line(struct retort_span head)
{
    struct retort_span line = {0};
    retort_span_next_line(&head, &line);
    return line;
}

static bool is_object(struct retort_span bytes)
{
    struct retort_error ignored;
    bytes = retort_span_trim(bytes);
    return bytes.len > 0 && bytes.data[0] == '{' && retort_json_check(bytes, &ignored);
}

/* Reads until the first line is whole, or long. */
static void begin(struct values *values)
{
    struct retort_buffer *bytes = &values->bytes;
    size_t searched = 0;
    values->begun = true;
    while (read_more(values) && bytes->len < VALUES_LONGEST &&
           !memchr(bytes->data + searched, '\n', bytes->len - searched))
        searched = bytes->len;
    struct retort_span head = retort_buffer_span(bytes);
    if (retort_span_starts(head, RETORT_SPAN("\xEF\xBB\xBF")))
        values->at = 3;
    head = retort_span_slice(head, values->at, head.len);
    values->lines = head.len > 0 && is_object(first_line(head));
    if (!values->lines && skip_between(values) == '[') {
        values->array = true;
        values->at++;
    }
}

/* ---- one value ---- */

/* How far into a value the bytes are that were looked at. */
struct scan {
    bool lines, array;
    bool in_string, escaped;
    size_t depth;
};

static bool in_string(struct scan *scan, uint8_t byte)
{
    if (scan->escaped)
        scan->escaped = false;
    else if (byte == '\\')
        scan->escaped = true;
    else if (byte == '"')
        scan->in_string = false;
    return false;
}

/* Does the value end with this byte? What is no object ends before a comma or a bracket. */
static bool ends_with(struct scan *scan, uint8_t byte)
{
    if (scan->lines)
        return byte == '\n';
    if (scan->in_string)
        return in_string(scan, byte);
    scan->in_string = byte == '"';
    if ((byte == '}' || byte == ']') && scan->depth <= 1)
        return true;
    if (byte == '{' || byte == '[')
        scan->depth++;
    else if (byte == '}' || byte == ']')
        scan->depth--;
    return scan->depth == 0 && (byte == ',' || (!scan->array && byte == '\n'));
}

enum found { WHOLE, TOO_LONG, CUT };

/* The value that begins at `at`, which moves behind it. */
static enum found find_end(struct values *values, struct retort_span *value)
{
    struct retort_buffer *bytes = &values->bytes;
    struct scan scan = {.lines = values->lines, .array = values->array};
    size_t begin = values->at, i = begin;
    bool too_long = false, ended = false;
    do {
        for (; i < bytes->len && !ended; i++)
            ended = ends_with(&scan, bytes->data[i]);
        too_long |= i - begin > VALUES_LONGEST;
        if (too_long && !ended)
            bytes->len = i = begin;
    } while (!ended && read_more(values));
    values->at = i;
    *value = retort_span_slice(retort_buffer_span(bytes), begin, i);
    return too_long ? TOO_LONG : ended || values->lines ? WHOLE : CUT;
}

static bool read_value(enum found found, struct retort_span value, struct retort_arena *arena,
                       struct retort_json_object *object, struct retort_error *error)
{
    if (found == TOO_LONG)
        return retort_fail(error, RETORT_INPUT, "longer than %d MB", VALUES_LONGEST >> 20);
    if (found == CUT)
        return retort_fail(error, RETORT_INPUT, "the file ends in the middle of it");
    value = retort_span_trim(value);
    if (value.len == 0 || value.data[0] != '{')
        return retort_fail(error, RETORT_INPUT, "is no JSON object");
    return retort_json_scan(value, arena, object, error);
}

/* An empty line counts as a line and is nothing else. */
static bool skip_to_value(struct values *values)
{
    uint8_t byte = 0;
    if (!values->lines) {
        byte = skip_between(values);
        return byte && !(values->array && byte == ']');
    }
    while (values->at < values->bytes.len || read_more(values)) {
        byte = values->bytes.data[values->at];
        if (!is_space(byte))
            return true;
        values->number += byte == '\n';
        values->at++;
    }
    return false;
}

enum values_step values_next(struct values *values, struct retort_arena *arena,
                             struct retort_json_object *object, struct retort_error *error)
{
    struct retort_span value;
    if (!values->begun)
        begin(values);
    forget_before(values);
    if (!skip_to_value(values))
        return VALUES_END;
    values->number++;
    enum found found = find_end(values, &value);
    return read_value(found, value, arena, object, error) ? VALUES_OBJECT : VALUES_BAD;
}

/* ---- members ---- */

/* A key may have been written with escapes: what it says. */
static bool key_is(struct retort_span key, struct retort_span name, struct retort_arena *arena)
{
    if (retort_span_equal(key, name))
        return true;
    if (key.len <= name.len || !memchr(key.data, '\\', key.len))
        return false;
    struct retort_span quoted = {key.data - 1, key.len + 2};
    return retort_span_equal(retort_json_unquote(quoted, arena), name);
}

struct retort_span values_member(const struct retort_json_object *object, const char *name,
                                 struct retort_arena *arena)
{
    struct retort_span none = {0};
    for (size_t i = 0; i < object->n_members; i++)
        if (key_is(object->members[i].key, retort_span_of(name), arena))
            return object->members[i].value.data[0] == 'n' ? none : object->members[i].value;
    return none;
}

struct retort_span values_text(struct retort_span raw, struct retort_arena *arena)
{
    if (!raw.data || raw.data[0] == '{' || raw.data[0] == '[' || raw.data[0] == 'n')
        return (struct retort_span){0};
    return raw.data[0] == '"' ? retort_json_unquote(raw, arena) : raw;
}

struct retort_span values_text_of(const struct retort_json_object *object, const char *name,
                                  struct retort_arena *arena)
{
    return values_text(values_member(object, name, arena), arena);
}

bool values_object(struct retort_span raw, struct retort_arena *arena,
                   struct retort_json_object *object)
{
    struct retort_error ignored;
    *object = (struct retort_json_object){0};
    return raw.data && raw.data[0] == '{' && retort_json_scan(raw, arena, object, &ignored);
}

size_t values_elements(struct retort_span raw, struct retort_arena *arena,
                       struct retort_span **elements)
{
    struct retort_json_part *parts;
    size_t n = 0;
    if (!raw.data || raw.data[0] != '[')
        return 0;
    size_t n_parts = retort_json_parts(raw, arena, &parts);
    *elements = RETORT_NEW(arena, struct retort_span, n_parts);
    for (size_t i = 1; i < n_parts; i = parts[i].next)
        (*elements)[n++] = parts[i].bytes;
    return n;
}

/* ---- the beginning of a file ---- */

static size_t string_end(struct retort_span text, size_t at)
{
    for (at++; at < text.len && text.data[at] != '"'; at++)
        at += text.data[at] == '\\';
    return at < text.len ? at + 1 : text.len;
}

/* Behind a string that may be a key: the first byte of its value, 0 if it is none. */
static uint8_t value_behind(struct retort_span text, size_t at)
{
    bool colon = false;
    for (; at < text.len; at++) {
        uint8_t byte = text.data[at];
        if (!is_space(byte) && (colon || byte != ':'))
            return colon ? byte : 0;
        colon |= byte == ':';
    }
    return 0;
}

static struct retort_span first_object(struct retort_span head)
{
    if (retort_span_starts(head, RETORT_SPAN("\xEF\xBB\xBF")))
        head = retort_span_slice(head, 3, head.len);
    head = retort_span_trim(head);
    if (head.len > 0 && head.data[0] == '[')
        head = retort_span_trim(retort_span_slice(head, 1, head.len));
    return head.len > 0 && head.data[0] == '{' ? head : (struct retort_span){0};
}

uint8_t values_begins_with(struct retort_span head, const char *name)
{
    struct retort_span object = first_object(head), wanted = retort_span_of(name);
    size_t depth = 0, at = 0;
    do {
        uint8_t byte = at < object.len ? object.data[at] : 0;
        size_t end = byte == '"' ? string_end(object, at) : at + 1;
        bool is = byte == '"' && depth == 1 && end - at == wanted.len + 2 &&
                  retort_span_equal(retort_span_slice(object, at + 1, end - 1), wanted);
        if (is && value_behind(object, end))
            return value_behind(object, end);
        depth += byte == '{' || byte == '[';
        depth -= depth > 0 && (byte == '}' || byte == ']');
        at = end;
    } while (depth > 0 && at < object.len);
    return 0;
}
