/* Bytes from outside → valid UTF-8, and offsets in it → offsets in the bytes.
 *
 * One step function reads the next code point of any encoding; decoding and mapping offsets are
 * two loops over it, so they cannot disagree. No table of offsets is kept: blocks need a handful,
 * and a second walk is cheaper than eight bytes a byte.
 *
 * Which encoding: a byte order mark says UTF-16; valid UTF-8 is UTF-8; otherwise the bytes that
 * are not UTF-8 decide. They are Windows-1252 if the page holds no proper multi-byte sequence and
 * nearly all of them stand where that encoding's quotes, dashes and letters stand; else they are
 * stray and each becomes U+FFFD. */
#include "base/base.h"

#include <string.h>

/* Windows-1252 0x80–0x9F; 0xFFFD where it defines none. */
static const uint16_t WINDOWS_1252[32] = {
    0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
};

const char *retort_encoding_name(enum retort_encoding encoding)
{
    static const char *const NAMES[] = {"UTF-8", "UTF-8 with stray bytes", "Windows-1252",
                                        "UTF-16LE", "UTF-16BE"};
    return NAMES[encoding];
}

static bool is_ascii_letter(uint8_t byte)
{
    return (uint8_t)((byte | 32) - 'a') < 26;
}

/* Does a high byte stand like Windows-1252: punctuation of its own, or a letter beside letters? */
static bool looks_like_1252(struct retort_span bytes, size_t at)
{
    uint8_t byte = bytes.data[at];
    if (byte < 0xA0)
        return byte == 0x80 || byte == 0x85 || (byte >= 0x91 && byte <= 0x99);
    if (byte < 0xC0)
        return true;
    bool after = at > 0 && (is_ascii_letter(bytes.data[at - 1]) || bytes.data[at - 1] >= 0xC0);
    bool before = at + 1 < bytes.len && is_ascii_letter(bytes.data[at + 1]);
    return byte != 0xFF && byte != 0xD7 && byte != 0xF7 && (after || before);
}

static enum retort_encoding guess_eight_bit(struct retort_span bytes)
{
    size_t n_bad = 0, n_like_1252 = 0;
    for (size_t at = 0; at < bytes.len;) {
        size_t begin = at;
        uint32_t code_point = retort_utf8_next(bytes, &at);
        if (at - begin > 1)
            return RETORT_UTF8_MENDED;
        if (code_point < 0x80)
            continue;
        n_bad++;
        n_like_1252 += looks_like_1252(bytes, begin);
    }
    return n_like_1252 * 10 >= n_bad * 9 ? RETORT_WINDOWS_1252 : RETORT_UTF8_MENDED;
}

static enum retort_encoding guess(struct retort_span bytes)
{
    if (bytes.len >= 2 && bytes.data[0] == 0xFF && bytes.data[1] == 0xFE)
        return RETORT_UTF16_LE;
    if (bytes.len >= 2 && bytes.data[0] == 0xFE && bytes.data[1] == 0xFF)
        return RETORT_UTF16_BE;
    return retort_utf8_valid(bytes) ? RETORT_UTF8 : guess_eight_bit(bytes);
}

static uint32_t unit16(struct retort_span bytes, size_t at, bool big)
{
    return big ? (uint32_t)bytes.data[at] << 8 | bytes.data[at + 1]
               : (uint32_t)bytes.data[at + 1] << 8 | bytes.data[at];
}

static uint32_t next_utf16(struct retort_span bytes, size_t *at, bool big)
{
    if (bytes.len - *at < 2) {
        *at = bytes.len;
        return 0xFFFD;
    }
    uint32_t high = unit16(bytes, *at, big);
    *at += 2;
    if (high < 0xD800 || high > 0xDFFF)
        return high;
    if (high > 0xDBFF || bytes.len - *at < 2)
        return 0xFFFD;
    uint32_t low = unit16(bytes, *at, big);
    if (low < 0xDC00 || low > 0xDFFF)
        return 0xFFFD;
    *at += 2;
    return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

static uint32_t next_code_point(struct retort_span bytes, enum retort_encoding encoding, size_t *at)
{
    if (encoding == RETORT_UTF16_LE || encoding == RETORT_UTF16_BE)
        return next_utf16(bytes, at, encoding == RETORT_UTF16_BE);
    if (encoding != RETORT_WINDOWS_1252)
        return retort_utf8_next(bytes, at);
    uint8_t byte = bytes.data[(*at)++];
    return byte >= 0x80 && byte <= 0x9F ? WINDOWS_1252[byte - 0x80] : byte;
}

/* Where the text begins: behind the byte order mark, if there is one. */
static size_t mark_length(struct retort_span bytes, enum retort_encoding encoding)
{
    if (encoding == RETORT_UTF16_LE || encoding == RETORT_UTF16_BE)
        return 2;
    bool marked = retort_span_starts(bytes, RETORT_SPAN("\xEF\xBB\xBF"));
    return marked && encoding != RETORT_WINDOWS_1252 ? 3 : 0;
}

struct retort_span retort_text_decode(struct retort_span bytes, struct retort_arena *arena,
                                      enum retort_encoding *encoding)
{
    *encoding = guess(bytes);
    size_t at = mark_length(bytes, *encoding);
    if (*encoding == RETORT_UTF8)
        return retort_span_slice(bytes, at, bytes.len);
    uint8_t *text = retort_arena_room(arena, bytes.len + 1, 3); /* no byte becomes more than 3 */
    size_t len = 0;
    while (at < bytes.len)
        len += retort_utf8_put(text + len, next_code_point(bytes, *encoding, &at));
    return (struct retort_span){text, len};
}

void retort_text_source_offsets(struct retort_span bytes, enum retort_encoding encoding,
                                size_t *offsets, size_t n_offsets)
{
    size_t at = mark_length(bytes, encoding), decoded = 0, next = 0;
    uint8_t scratch[4];
    if (encoding == RETORT_UTF8) {
        for (size_t i = 0; i < n_offsets; i++)
            offsets[i] += at;
        return;
    }
    while (next < n_offsets) {
        if (decoded >= offsets[next] || at >= bytes.len)
            offsets[next++] = at;
        else
            decoded += retort_utf8_put(scratch, next_code_point(bytes, encoding, &at));
    }
}

static bool is_control(uint8_t byte)
{
    return (byte < 0x20 && !(byte >= '\t' && byte <= '\r') && byte != 0x1B) || byte == 0x7F;
}

bool retort_text_check(struct retort_span bytes, struct retort_error *error)
{
    enum retort_encoding mark =
        bytes.len >= 2 && (bytes.data[0] ^ bytes.data[1]) == 1 && bytes.data[0] >= 0xFE
            ? guess(bytes)
            : RETORT_UTF8;
    if (mark != RETORT_UTF8)
        return true;
    const uint8_t *nul = bytes.len ? memchr(bytes.data, 0, bytes.len) : NULL;
    if (nul)
        return retort_fail(error, RETORT_INPUT,
                           "byte %zu is NUL: this is no text; give a text page, or UTF-16 with its "
                           "byte order mark",
                           (size_t)(nul - bytes.data));
    size_t n_control = 0;
    for (size_t i = 0; i < bytes.len; i++)
        n_control += is_control(bytes.data[i]);
    if (n_control > bytes.len / 10)
        return retort_fail(error, RETORT_INPUT,
                           "%zu of %zu bytes are control characters: this is binary; give a text "
                           "page",
                           n_control, bytes.len);
    return true;
}
