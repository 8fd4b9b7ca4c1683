/* Blanking: what somebody wrote goes from a page's bytes, and no offset of anybody else's moves.
 *
 * Whose a byte is stands in an array beside the page: comments overlap where a page was split in
 * more than one way, and the last word on a byte is the one that holds. */
#define _GNU_SOURCE /* memmem */
#include "store/blank.h"

#include <string.h>

struct blanks blanks_begin(size_t len, struct retort_arena *arena)
{
    struct blanks blanks = {RETORT_NEW(arena, uint8_t, len + 1), len};
    memset(blanks.of, BLANK_NOT, len + 1);
    return blanks;
}

void blanks_mark(const struct blanks *blanks, size_t begin, size_t end, enum blank whose)
{
    end = end < blanks->len ? end : blanks->len;
    if (begin < end)
        memset(blanks->of + begin, whose, end - begin);
}

bool blanks_touch(const struct blanks *blanks, size_t begin, size_t end)
{
    end = end < blanks->len ? end : blanks->len;
    return begin < end && memchr(blanks->of + begin, BLANK_GONE, end - begin);
}

/* ---- what stands elsewhere on the page ---- */

static bool is_word(uint8_t byte)
{
    return byte > 0x7F || (byte >= '0' && byte <= '9') ||
           ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z');
}

static bool stands_alone(struct retort_span bytes, size_t begin, size_t end)
{
    return (begin == 0 || !is_word(bytes.data[begin - 1]) || !is_word(bytes.data[begin])) &&
           (end == bytes.len || !is_word(bytes.data[end]) || !is_word(bytes.data[end - 1]));
}

void blanks_find(const struct blanks *blanks, struct retort_span bytes, struct retort_span text)
{
    const uint8_t *at = bytes.data, *end = bytes.data + bytes.len;
    while (text.len && at && (at = memmem(at, (size_t)(end - at), text.data, text.len))) {
        size_t begin = (size_t)(at - bytes.data);
        if (stands_alone(bytes, begin, begin + text.len) &&
            !memchr(blanks->of + begin, BLANK_OTHERS, text.len))
            blanks_mark(blanks, begin, begin + text.len, BLANK_GONE);
        at++;
    }
}

/* ---- bytes ---- */

static bool is_letter(uint8_t byte)
{
    return (byte | 0x20) >= 'a' && (byte | 0x20) <= 'z';
}

enum place { TEXT, NAME, INSIDE }; /* outside of tags, in a tag's name, behind it */

/* Where the next byte is, after this one. */
static enum place next_place(enum place place, struct retort_span bytes, size_t at)
{
    uint8_t byte = bytes.data[at], next = at + 1 < bytes.len ? bytes.data[at + 1] : 0;
    if (place == TEXT)
        return byte == '<' && (is_letter(next) || next == '/') ? NAME : TEXT;
    if (byte == '>')
        return TEXT;
    return place == NAME && (is_letter(next) || (next >= '0' && next <= '9') || next == '/')
               ? NAME
               : INSIDE;
}

static uint8_t blank_of(uint8_t byte, enum place place, enum place next)
{
    bool is_tag =
        place == NAME || (place == TEXT && next == NAME) || (place != TEXT && byte == '>');
    return byte == '\n' || byte == '\r' || is_tag ? byte : ' ';
}

void blanks_apply(const struct blanks *blanks, struct retort_span bytes, bool is_markup,
                  uint8_t *out)
{
    enum place place = TEXT;
    for (size_t i = 0; i < bytes.len; i++) {
        enum place next = is_markup ? next_place(place, bytes, i) : TEXT;
        out[i] = blanks->of[i] == BLANK_GONE ? blank_of(bytes.data[i], place, next) : bytes.data[i];
        place = next;
    }
}

/* ---- lines ---- */

void blanks_drop_lines(const struct blanks *blanks, struct retort_page *page, uint8_t *text)
{
    size_t n = 0;
    for (size_t i = 0; i < page->n_lines; i++) {
        const struct retort_line *line = &page->lines[i];
        if (!blanks_touch(blanks, line->begin, line->end))
            page->lines[n++] = *line;
        else if (text)
            memset(text + (line->text.data - page->text.data), ' ', line->text.len);
    }
    page->n_lines = n;
}
