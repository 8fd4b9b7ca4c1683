/* JSON by jansson, chosen for strictness over speed: it refuses lone surrogates, broken UTF-8,
 * numbers that do not fit and what follows the value; cJSON is eight times faster and takes or
 * cuts all of these in silence.
 *
 * jansson's json_t is our opaque retort_json. What must be handed back as it stands in the bytes is
 * found by a scanner of our own (json_parts.c). */
#include "base/base.h"

#include <jansson.h>
#include <string.h>

static const json_t *inner(const struct retort_json *value)
{
    return (const json_t *)(const void *)value;
}

static const struct retort_json *outer(const json_t *value)
{
    return (const struct retort_json *)(const void *)value;
}

struct retort_json *retort_json_parse(struct retort_span bytes, struct retort_error *error)
{
    json_error_t why;
    size_t flags = JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL;
    const char *data = bytes.len ? (const char *)bytes.data : "";
    json_t *root = json_loadb(data, bytes.len, flags, &why);
    if (!root)
        retort_fail(error, RETORT_INPUT, "no valid JSON at byte %d: %s", why.position, why.text);
    return (struct retort_json *)(void *)root;
}

void retort_json_free(struct retort_json *root)
{
    json_decref((json_t *)(void *)root);
}

bool retort_json_is_object(const struct retort_json *value)
{
    return json_is_object(inner(value));
}

bool retort_json_is_array(const struct retort_json *value)
{
    return json_is_array(inner(value));
}

bool retort_json_is_null(const struct retort_json *value)
{
    return json_is_null(inner(value));
}

const struct retort_json *retort_json_get(const struct retort_json *object, const char *key)
{
    return outer(json_object_get(inner(object), key));
}

size_t retort_json_n_members(const struct retort_json *object)
{
    return json_object_size(inner(object));
}

size_t retort_json_length(const struct retort_json *array)
{
    return json_array_size(inner(array));
}

const struct retort_json *retort_json_at(const struct retort_json *array, size_t index)
{
    return outer(json_array_get(inner(array), index));
}

bool retort_json_text(const struct retort_json *value, struct retort_span *text)
{
    if (!json_is_string(inner(value)))
        return false;
    *text = (struct retort_span){(const uint8_t *)json_string_value(inner(value)),
                                 json_string_length(inner(value))};
    return true;
}

bool retort_json_number(const struct retort_json *value, double *number)
{
    if (!json_is_number(inner(value)))
        return false;
    *number = json_number_value(inner(value));
    return true;
}

bool retort_json_flag(const struct retort_json *value, bool *flag)
{
    *flag = json_is_true(inner(value));
    return json_is_boolean(inner(value));
}

/* ---- writing --------------------------------------------------------------------------------- */

static void put_escaped(struct retort_buffer *buffer, uint8_t byte)
{
    static const char SHORT[] = "\b\t\n\f\r\"\\", LETTER[] = "btnfr\"\\";
    const char *found = byte ? strchr(SHORT, byte) : NULL;
    if (found)
        retort_buffer_format(buffer, "\\%c", LETTER[found - SHORT]);
    else
        retort_buffer_format(buffer, "\\u%04x", byte);
}

void retort_json_put(struct retort_buffer *buffer, struct retort_span text)
{
    size_t plain = 0; /* bytes before it are written */
    retort_buffer_byte(buffer, '"');
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        uint32_t code_point = retort_utf8_next(text, &at);
        bool malformed = code_point == 0xFFFD && at - begin == 1;
        bool control = code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F);
        bool escape = control || code_point == '"' || code_point == '\\';
        if (!malformed && !escape)
            continue;
        retort_buffer_put(buffer, retort_span_slice(text, plain, begin));
        if (malformed)
            retort_buffer_text(buffer, "\xEF\xBF\xBD");
        else
            put_escaped(buffer, (uint8_t)code_point);
        plain = at;
    }
    retort_buffer_put(buffer, retort_span_slice(text, plain, text.len));
    retort_buffer_byte(buffer, '"');
}

void retort_json_key(struct retort_buffer *buffer, const char *key)
{
    uint8_t last = buffer->len ? buffer->data[buffer->len - 1] : '{';
    if (last != '{' && last != '[')
        retort_buffer_byte(buffer, ',');
    retort_json_put(buffer, retort_span_of(key));
    retort_buffer_byte(buffer, ':');
}
