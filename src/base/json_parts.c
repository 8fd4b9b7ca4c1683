/* JSON as it stands: where each value begins and ends in bytes that jansson has accepted.
 *
 * A tree that forgets how a number was written, or reads a long id as a double, cannot hand back
 * what it was given. So the values are found once, in one pass, as spans; `next` makes a tree of
 * the flat list. While a container is open its `next` holds the one around it: that is the stack.
 * There is no error path, for only JSON that jansson has accepted comes here. */
#include "base/base.h"

#include <string.h>

/* ---- members of one object ------------------------------------------------------------------ */

static size_t skip_space(struct retort_span text, size_t at)
{
    while (at < text.len && (text.data[at] == ' ' || text.data[at] == '\t' ||
                             text.data[at] == '\n' || text.data[at] == '\r'))
        at++;
    return at;
}

/* From the opening quote to behind the closing one. */
static size_t skip_string(struct retort_span text, size_t at)
{
    for (at++; at < text.len && text.data[at] != '"'; at++)
        if (text.data[at] == '\\')
            at++;
    return at < text.len ? at + 1 : text.len;
}

/* To the `,` or `}` that ends a value: brackets are counted, strings are skipped. */
static size_t skip_value(struct retort_span text, size_t at)
{
    size_t depth = 0;
    while (at < text.len) {
        uint8_t byte = text.data[at];
        if (depth == 0 && (byte == ',' || byte == '}'))
            break;
        if (byte == '"') {
            at = skip_string(text, at);
            continue;
        }
        depth += byte == '{' || byte == '[';
        depth -= byte == '}' || byte == ']';
        at++;
    }
    return at;
}

/* Reads `"key" : value` at *at and moves to the next member's key or the closing brace. */
static struct retort_json_member next_member(struct retort_span text, size_t *at)
{
    size_t key = *at, key_end = skip_string(text, key);
    size_t value = skip_space(text, skip_space(text, key_end) + 1);
    size_t value_end = skip_value(text, value);
    *at = skip_space(text, value_end + 1);
    return (struct retort_json_member){
        retort_span_slice(text, key + 1, key_end - 1),
        retort_span_trim(retort_span_slice(text, value, value_end)),
    };
}

size_t retort_json_members(struct retort_span object, struct retort_arena *arena,
                           struct retort_json_member **members)
{
    size_t n_members = 0, begin = skip_space(object, skip_space(object, 0) + 1);
    for (size_t at = begin; at < object.len && object.data[at] == '"'; n_members++)
        next_member(object, &at);
    *members = RETORT_NEW(arena, struct retort_json_member, n_members);
    for (size_t at = begin, i = 0; i < n_members; i++)
        (*members)[i] = next_member(object, &at);
    return n_members;
}

/* ---- all parts ------------------------------------------------------------------------------ */

static bool is_between(uint8_t byte)
{
    return byte == ',' || byte == ':' || byte == ' ' || byte == '\t' || byte == '\n' ||
           byte == '\r';
}

static size_t scalar_end(struct retort_span text, size_t at)
{
    while (at < text.len && !is_between(text.data[at]) && text.data[at] != '}' &&
           text.data[at] != ']')
        at++;
    return at;
}

/* Every value stands at the beginning or behind one of these. */
static size_t most_parts(struct retort_span text)
{
    size_t n = 1;
    for (size_t at = 0; at < text.len; at++) {
        uint8_t byte = text.data[at];
        if (byte == '"')
            at = skip_string(text, at) - 1;
        n += byte == '{' || byte == '[' || byte == ',' || byte == ':';
    }
    return n;
}

size_t retort_json_parts(struct retort_span bytes, struct retort_arena *arena,
                         struct retort_json_part **parts)
{
    struct retort_json_part *part = RETORT_NEW(arena, struct retort_json_part, most_parts(bytes));
    size_t n = 0, open = 0;
    for (size_t at = 0; at < bytes.len;) {
        uint8_t byte = bytes.data[at];
        size_t end = at + 1;
        if (byte == '{' || byte == '[') {
            part[n] = (struct retort_json_part){{bytes.data + at, 0}, open};
            open = n++;
        } else if (byte == '}' || byte == ']') {
            size_t around = part[open].next;
            part[open].bytes.len = (size_t)(bytes.data + end - part[open].bytes.data);
            part[open].next = n;
            open = around;
        } else if (!is_between(byte)) {
            end = byte == '"' ? skip_string(bytes, at) : scalar_end(bytes, at);
            part[n] = (struct retort_json_part){retort_span_slice(bytes, at, end), n + 1};
            n++;
        }
        at = end;
    }
    *parts = part;
    return n;
}

/* ---- strings -------------------------------------------------------------------------------- */

static uint32_t hex4(const uint8_t *digits)
{
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        uint8_t digit = digits[i];
        value = value << 4 | (digit <= '9' ? digit - (uint32_t)'0' : (digit | 32u) - 'a' + 10u);
    }
    return value;
}

/* The code point of \uXXXX at *at, which moves behind it and behind the second half of a pair. */
static uint32_t escaped_code_point(struct retort_span text, size_t *at)
{
    uint32_t high = hex4(text.data + *at + 2);
    *at += 6;
    if (high < 0xD800 || high > 0xDBFF)
        return high;
    uint32_t low = hex4(text.data + *at + 2);
    *at += 6;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static size_t put_escape(struct retort_span text, size_t *at, uint8_t *out)
{
    static const char LETTER[] = "btnfr", MEANT[] = "\b\t\n\f\r";
    uint8_t letter = text.data[*at + 1];
    if (letter == 'u')
        return retort_utf8_put(out, escaped_code_point(text, at));
    const char *found = strchr(LETTER, letter);
    *out = found ? (uint8_t)MEANT[found - LETTER] : letter;
    *at += 2;
    return 1;
}

struct retort_span retort_json_unquote(struct retort_span quoted, struct retort_arena *arena)
{
    struct retort_span text = retort_span_slice(quoted, 1, quoted.len - 1);
    const uint8_t *escape = text.len > 0 ? memchr(text.data, '\\', text.len) : NULL;
    if (!escape)
        return text;
    uint8_t *out = retort_arena_room(arena, text.len + 4, 1);
    size_t len = 0;
    for (size_t at = 0; at < text.len;) {
        size_t end = escape ? (size_t)(escape - text.data) : text.len;
        memcpy(out + len, text.data + at, end - at);
        len += end - at;
        at = end;
        if (escape)
            len += put_escape(text, &at, out + len);
        escape = at < text.len ? memchr(text.data + at, '\\', text.len - at) : NULL;
    }
    return (struct retort_span){out, len};
}
