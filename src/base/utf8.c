/* UTF-8, one code point at a time, and what utf8proc knows of code points.
 *
 * The decoder is total: every byte string is a sequence of code points, a malformed byte being
 * U+FFFD on its own, so that no caller has an error path and no byte is skipped. */
#include "base/base.h"

#include <utf8proc.h>

enum { REPLACEMENT = 0xFFFD };

/* Length of the well-formed sequence at data (Unicode table 3-7), 0 when it is malformed. */
static size_t sequence_length(const uint8_t *data, size_t len)
{
    uint8_t lead = data[0];
    if (lead < 0x80)
        return 1;
    size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || len < size)
        return 0;
    uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (data[1] < low || data[1] > high)
        return 0;
    for (size_t i = 2; i < size; i++)
        if ((data[i] & 0xC0) != 0x80)
            return 0;
    return size;
}

uint32_t retort_utf8_next_long(struct retort_span text, size_t *at)
{
    const uint8_t *data = text.data + *at;
    size_t size = sequence_length(data, text.len - *at);
    *at += size ? size : 1;
    if (size == 0)
        return REPLACEMENT;
    if (size == 1)
        return data[0];
    uint32_t code_point = data[0] & (0xFFu >> (size + 1));
    for (size_t i = 1; i < size; i++)
        code_point = code_point << 6 | (data[i] & 0x3Fu);
    return code_point;
}

size_t retort_utf8_put(uint8_t out[4], uint32_t code_point)
{
    if (code_point > 0x10FFFF || (code_point >= 0xD800 && code_point <= 0xDFFF))
        code_point = REPLACEMENT;
    return (size_t)utf8proc_encode_char((utf8proc_int32_t)code_point, out);
}

bool retort_utf8_valid(struct retort_span text)
{
    for (size_t at = 0; at < text.len;) {
        if (at + 8 <= text.len && !(retort_eight(text.data + at) & RETORT_EACH(0x80))) {
            at += 8;
            continue;
        }
        size_t size = sequence_length(text.data + at, text.len - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}

uint32_t retort_fold(uint32_t code_point)
{
    if (code_point < 0x80)
        return code_point >= 'A' && code_point <= 'Z' ? code_point + 32 : code_point;
    return (uint32_t)utf8proc_tolower((utf8proc_int32_t)code_point);
}

bool retort_is_letter(uint32_t code_point)
{
    if (code_point < 0x80)
        return (code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z';
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO;
}

bool retort_is_upper(uint32_t code_point)
{
    if (code_point < 0x80)
        return code_point >= 'A' && code_point <= 'Z';
    return utf8proc_category((utf8proc_int32_t)code_point) == UTF8PROC_CATEGORY_LU;
}

bool retort_is_alphanumeric(uint32_t code_point)
{
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code_point);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_LO) ||
           (category >= UTF8PROC_CATEGORY_ND && category <= UTF8PROC_CATEGORY_NO);
}

size_t retort_columns(uint32_t code_point)
{
    int width = utf8proc_charwidth((utf8proc_int32_t)code_point);
    return width > 0 ? (size_t)width : 0;
}
