/* Members of objects, and the null of what is not known. */
#include "serve/json.h"

#include <inttypes.h>
#include <math.h>

static void put_null(struct retort_buffer *out)
{
    retort_buffer_text(out, "null");
}

void json_put_text(struct retort_buffer *out, const char *key, struct retort_span text)
{
    retort_json_key(out, key);
    if (text.data)
        retort_json_put(out, text);
    else
        put_null(out);
}

void json_put_flag(struct retort_buffer *out, const char *key, bool value)
{
    retort_json_key(out, key);
    retort_buffer_text(out, value ? "true" : "false");
}

void json_put_count(struct retort_buffer *out, const char *key, uint64_t count)
{
    retort_json_key(out, key);
    retort_buffer_format(out, "%" PRIu64, count);
}

void json_put_id(struct retort_buffer *out, const char *key, int64_t id)
{
    retort_json_key(out, key);
    if (id)
        retort_buffer_format(out, "%" PRId64, id);
    else
        put_null(out);
}

void json_put_number(struct retort_buffer *out, const char *key, double value)
{
    retort_json_key(out, key);
    if (isfinite(value))
        retort_buffer_number(out, value);
    else
        put_null(out);
}

void json_put_stored(struct retort_buffer *out, const char *key, struct retort_span json)
{
    struct retort_error ignored;
    retort_json_key(out, key);
    if (json.data && retort_json_check(json, &ignored))
        retort_buffer_put(out, json);
    else
        put_null(out);
}

static bool is_space(uint32_t code_point)
{
    return code_point <= ' ' || code_point == 0xA0 || code_point == 0x2028 || code_point == 0x2029;
}

void json_put_excerpt(struct retort_buffer *out, const char *key, struct retort_span text)
{
    struct retort_buffer line = {0};
    size_t n = 0;
    bool space = false;
    text = retort_span_trim(text);
    for (size_t at = 0; at < text.len;) {
        size_t begin = at;
        if (is_space(retort_utf8_next(text, &at))) {
            space = true;
            continue;
        }
        n += 1 + space;
        if (n > MOST_EXCERPT) {
            retort_buffer_text(&line, "…");
            break;
        }
        retort_buffer_text(&line, space ? " " : "");
        retort_buffer_put(&line, retort_span_slice(text, begin, at));
        space = false;
    }
    retort_json_key(out, key);
    retort_json_put(out, retort_buffer_span(&line));
    retort_buffer_release(&line);
}
