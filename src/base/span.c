/* Spans: counted bytes that are borrowed. Nothing here allocates or reads past a length. */
#include "base/base.h"

#include <string.h>

struct retort_span retort_span_of(const char *terminated)
{
    return (struct retort_span){(const uint8_t *)terminated, strlen(terminated)};
}

bool retort_span_equal(struct retort_span a, struct retort_span b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

int retort_span_compare(struct retort_span a, struct retort_span b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared ? memcmp(a.data, b.data, shared) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

bool retort_span_starts(struct retort_span span, struct retort_span prefix)
{
    return retort_span_equal(retort_span_slice(span, 0, prefix.len), prefix);
}

static bool is_ascii_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Bytes of the white space that begins at data: 1, 2 (U+00A0), 3 (U+FEFF), or 0 for none. */
static size_t space_at(const uint8_t *data, size_t len)
{
    if (len >= 1 && is_ascii_space(data[0]))
        return 1;
    if (len >= 2 && data[0] == 0xC2 && data[1] == 0xA0)
        return 2;
    return len >= 3 && data[0] == 0xEF && data[1] == 0xBB && data[2] == 0xBF ? 3 : 0;
}

static size_t space_before(const uint8_t *data, size_t len)
{
    for (size_t size = 1; size <= 3 && size <= len; size++)
        if (space_at(data + len - size, size) == size)
            return size;
    return 0;
}

struct retort_span retort_span_trim(struct retort_span span)
{
    size_t size;
    while ((size = space_at(span.data, span.len)) > 0)
        span = retort_span_slice(span, size, span.len);
    while ((size = space_before(span.data, span.len)) > 0)
        span.len -= size;
    return span;
}

/* In the highest bit of a byte: is it equal? (Also set, wrongly, for an `equal ^ 1` above one.) */
static uint64_t find_equal(uint64_t eight, uint8_t equal)
{
    uint64_t zero = eight ^ RETORT_EACH(equal);
    return (zero - RETORT_EACH(1)) & ~zero & RETORT_EACH(0x80);
}

/* The first CR or LF, or the end. memchr twice would read a page of LF lines n² times for CR. */
static size_t line_length(struct retort_span text)
{
    size_t at = 0;
    for (size_t n = 8; n == 8 && at + 8 <= text.len; at += n) {
        uint64_t eight = retort_eight(text.data + at);
        n = retort_before_first(find_equal(eight, '\n') | find_equal(eight, '\r'));
    }
    while (at < text.len && text.data[at] != '\n' && text.data[at] != '\r')
        at++;
    return at;
}

bool retort_span_next_line(struct retort_span *rest, struct retort_span *line)
{
    if (rest->len == 0)
        return false;
    size_t len = line_length(*rest), next = len;
    if (next < rest->len && rest->data[next] == '\r')
        next++;
    if (next < rest->len && rest->data[next] == '\n')
        next++;
    *line = retort_span_slice(*rest, 0, len);
    *rest = retort_span_slice(*rest, next, rest->len);
    return true;
}
