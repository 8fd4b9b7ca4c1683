/* Members of checked JSON, found by a walk over the parts of their object: they are few. */
#include "exchange/parts.h"

#include <math.h>
#include <string.h>

bool parts_read(struct retort_span json, struct retort_arena *arena, struct parts *parts,
                struct retort_error *error)
{
    struct retort_json_part *all;
    if (!retort_json_check(json, error))
        return false;
    retort_json_parts(json, arena, &all);
    *parts = (struct parts){all, arena};
    return true;
}

bool parts_is(const struct parts *parts, size_t part, char first)
{
    return parts->all[part].bytes.data[0] == (uint8_t)first;
}

size_t parts_first(const struct parts *parts, size_t array)
{
    return array + 1 < parts->all[array].next ? array + 1 : 0;
}

size_t parts_next(const struct parts *parts, size_t array, size_t element)
{
    size_t next = parts->all[element].next;
    return next < parts->all[array].next ? next : 0;
}

size_t parts_member(const struct parts *parts, size_t object, const char *key)
{
    if (!parts_is(parts, object, '{'))
        return 0;
    struct retort_span wanted = retort_span_of(key);
    for (size_t at = parts_first(parts, object); at;) {
        size_t value = parts->all[at].next;
        if (retort_span_equal(parts_string(parts, at), wanted))
            return value;
        at = parts_next(parts, object, value);
    }
    return 0;
}

struct retort_span parts_string(const struct parts *parts, size_t part)
{
    if (!parts_is(parts, part, '"'))
        return (struct retort_span){0};
    return retort_json_unquote(parts->all[part].bytes, parts->arena);
}

struct retort_span parts_text(const struct parts *parts, size_t object, const char *key)
{
    size_t member = parts_member(parts, object, key);
    return member ? parts_string(parts, member) : (struct retort_span){0};
}

struct retort_span parts_bytes(const struct parts *parts, size_t object, const char *key)
{
    size_t member = parts_member(parts, object, key);
    return member ? parts->all[member].bytes : (struct retort_span){0};
}

bool parts_double(const struct parts *parts, size_t part, double *value)
{
    uint8_t first = parts->all[part].bytes.data[0];
    if (first != '-' && (first < '0' || first > '9'))
        return false;
    return retort_parse_number(retort_arena_string(parts->arena, parts->all[part].bytes), value);
}

int64_t parts_number(const struct parts *parts, size_t object, const char *key)
{
    double value;
    size_t member = parts_member(parts, object, key);
    if (!member || !parts_double(parts, member, &value) || fabs(value) > 0x1p53 ||
        value != floor(value))
        return 0;
    return (int64_t)value;
}
