/* Which charset: a byte order mark wins; bytes above 127 that are valid UTF-8 are UTF-8 whatever
 * anybody declares (pages lie about it far more often than chance makes valid UTF-8); else the HTTP
 * header, then <meta charset>, if the name is one of the closed list of labels and the bytes go
 * through it nearly without error; else base's guess, which knows Windows-1252. Latin-1 is read as
 * Windows-1252, as browsers do. Charsets of seven bits that a label can smuggle markup through
 * (UTF-7) are not on the list.
 *
 * The legacy charsets are libc's iconv. One step function converts as much as fits, so offsets are
 * found by converting again into exactly as much room, and the two cannot disagree. */
#include "page/charset.h"

#include <errno.h>
#include <iconv.h>
#include <string.h>

enum { PRESCAN_BYTES = 4096, LABEL_MOST = 24 };

/* Labels of the encoding standard without case, '-' and '_'; NULL: what base reads by itself. */
static const struct {
    const char *label, *charset;
} LABELS[] = {
    {"utf8", NULL},
    {"usascii", NULL},
    {"ascii", NULL},
    {"iso88591", NULL},
    {"latin1", NULL},
    {"windows1252", NULL},
    {"cp1252", NULL},
    {"iso88592", "ISO-8859-2"},
    {"latin2", "ISO-8859-2"},
    {"iso88593", "ISO-8859-3"},
    {"iso88594", "ISO-8859-4"},
    {"iso88595", "ISO-8859-5"},
    {"iso88596", "ISO-8859-6"},
    {"iso88597", "ISO-8859-7"},
    {"iso88598", "ISO-8859-8"},
    {"iso88599", "WINDOWS-1254"},
    {"iso885910", "ISO-8859-10"},
    {"iso885913", "ISO-8859-13"},
    {"iso885914", "ISO-8859-14"},
    {"iso885915", "ISO-8859-15"},
    {"iso885916", "ISO-8859-16"},
    {"windows874", "WINDOWS-874"},
    {"tis620", "WINDOWS-874"},
    {"windows1250", "WINDOWS-1250"},
    {"windows1251", "WINDOWS-1251"},
    {"cp1251", "WINDOWS-1251"},
    {"windows1253", "WINDOWS-1253"},
    {"windows1254", "WINDOWS-1254"},
    {"windows1255", "WINDOWS-1255"},
    {"windows1256", "WINDOWS-1256"},
    {"windows1257", "WINDOWS-1257"},
    {"windows1258", "WINDOWS-1258"},
    {"koi8r", "KOI8-R"},
    {"koi8u", "KOI8-U"},
    {"macintosh", "MACINTOSH"},
    {"ibm866", "CP866"},
    {"cp866", "CP866"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5-HKSCS"},
    {"big5hkscs", "BIG5-HKSCS"},
    {"eucjp", "EUC-JP"},
    {"xeucjp", "EUC-JP"},
    {"shiftjis", "CP932"},
    {"sjis", "CP932"},
    {"xsjis", "CP932"},
    {"windows31j", "CP932"},
    {"iso2022jp", "ISO-2022-JP"},
    {"euckr", "CP949"},
    {"ksc56011987", "CP949"},
    {"windows949", "CP949"},
};

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 32) : byte;
}

/* The label without its case and hyphens; false when it is no label at all. */
static bool fold_label(struct retort_span label, char folded[LABEL_MOST])
{
    size_t n = 0;
    for (size_t i = 0; i < label.len; i++) {
        uint8_t byte = lower(label.data[i]);
        if (byte == '-' || byte == '_' || byte == ' ')
            continue;
        bool plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9');
        if (!plain || n + 1 == LABEL_MOST)
            return false;
        folded[n++] = (char)byte;
    }
    folded[n] = 0;
    return n > 0;
}

/* Is it a label we know? Then *charset is what iconv calls it, or NULL. */
static bool find_charset(struct retort_span label, const char **charset)
{
    char folded[LABEL_MOST];
    if (!fold_label(retort_span_trim(label), folded))
        return false;
    for (size_t i = 0; i < sizeof LABELS / sizeof *LABELS; i++) {
        if (strcmp(LABELS[i].label, folded) == 0) {
            *charset = LABELS[i].charset;
            return true;
        }
    }
    return false;
}

/* ---- what the page says of itself ------------------------------------------------------------ */

static bool matches(struct retort_span bytes, size_t at, const char *word)
{
    for (size_t i = 0; word[i]; i++)
        if (at + i >= bytes.len || lower(bytes.data[at + i]) != (uint8_t)word[i])
            return false;
    return true;
}

static bool ends_label(uint8_t byte)
{
    return byte == '"' || byte == '\'' || byte == ';' || byte == '>' || byte == '/' || byte <= ' ';
}

/* The label behind the word ("charset", "encoding") in one tag; empty when there is none. */
static struct retort_span label_in_tag(struct retort_span tag, const char *word)
{
    size_t len = strlen(word);
    for (size_t at = 0; at + len < tag.len; at++) {
        if (!matches(tag, at, word))
            continue;
        size_t begin = at + len;
        while (begin < tag.len && (tag.data[begin] <= ' ' || tag.data[begin] == '='))
            begin++;
        begin += begin < tag.len && (tag.data[begin] == '"' || tag.data[begin] == '\'');
        size_t end = begin;
        while (end < tag.len && !ends_label(tag.data[end]))
            end++;
        return retort_span_slice(tag, begin, end);
    }
    return (struct retort_span){NULL, 0};
}

/* Where the comment that begins at `at` ends, or the tag does. */
static size_t skip_markup(struct retort_span bytes, size_t at)
{
    bool comment = matches(bytes, at, "<!--");
    for (; at < bytes.len; at++)
        if (comment ? matches(bytes, at, "-->") : bytes.data[at] == '>')
            break;
    return at;
}

static struct retort_span label_of_page(struct retort_span bytes)
{
    struct retort_span head =
        retort_span_slice(bytes, 0, bytes.len < PRESCAN_BYTES ? bytes.len : PRESCAN_BYTES);
    for (size_t at = 0; at < head.len; at++) {
        if (head.data[at] != '<')
            continue;
        size_t end = skip_markup(head, at);
        struct retort_span tag = retort_span_slice(head, at, end), label = {NULL, 0};
        if (matches(head, at, "<meta"))
            label = label_in_tag(tag, "charset");
        else if (matches(head, at, "<?xml"))
            label = label_in_tag(tag, "encoding");
        if (label.len)
            return label;
        at = end;
    }
    return (struct retort_span){NULL, 0};
}

/* ---- iconv ------------------------------------------------------------------------------------
 */

struct converter {
    iconv_t handle;
    struct retort_span bytes;
    size_t at, n_bad;
};

static bool converter_open(struct converter *converter, const char *charset,
                           struct retort_span bytes)
{
    *converter = (struct converter){.handle = iconv_open("UTF-8", charset), .bytes = bytes};
    return converter->handle != (iconv_t)-1;
}

/* As many whole characters as fit into the room; returns their length. */
static size_t convert(struct converter *converter, uint8_t *out, size_t room)
{
    char *to = (char *)out;
    size_t left = room;
    while (converter->at < converter->bytes.len) {
        char *from = (char *)(uintptr_t)(converter->bytes.data + converter->at);
        size_t rest = converter->bytes.len - converter->at;
        size_t result = iconv(converter->handle, &from, &rest, &to, &left);
        converter->at = converter->bytes.len - rest;
        if (result != (size_t)-1 || errno == E2BIG || left < 3)
            break;
        memcpy(to, "\xEF\xBF\xBD", 3); /* what is no character of the charset */
        to += 3;
        left -= 3;
        converter->at++;
        converter->n_bad++;
    }
    return room - left;
}

/* Bytes of a charset other than the declared one mostly fail to be its characters. */
enum { BAD_MOST_ONE_IN = 100 };

static bool decode_legacy(struct retort_span bytes, const char *charset, struct retort_arena *arena,
                          struct charset_text *text)
{
    struct converter converter;
    if (!converter_open(&converter, charset, bytes))
        return false;
    size_t room = bytes.len <= (SIZE_MAX - 16) / 4 ? bytes.len * 4 + 16 : 0;
    uint8_t *out = retort_arena_alloc(arena, room, 1);
    size_t len = convert(&converter, out, room);
    iconv_close(converter.handle);
    if (converter.n_bad * BAD_MOST_ONE_IN > bytes.len)
        return false;
    *text = (struct charset_text){{out, len}, RETORT_UTF8_MENDED, charset};
    return true;
}

static void legacy_offsets(struct retort_span bytes, const char *charset, size_t *offsets,
                           size_t n_offsets)
{
    struct converter converter;
    uint8_t scratch[1024];
    size_t done = 0;
    if (!converter_open(&converter, charset, bytes))
        return;
    for (size_t i = 0; i < n_offsets; i++) {
        while (done < offsets[i] && converter.at < bytes.len) {
            size_t room = offsets[i] - done;
            size_t got =
                convert(&converter, scratch, room < sizeof scratch ? room : sizeof scratch);
            if (!got)
                break;
            done += got;
        }
        offsets[i] = converter.at;
    }
    iconv_close(converter.handle);
}

/* ---- the choice --------------------------------------------------------------------------------
 */

static bool has_mark(struct retort_span bytes)
{
    return retort_span_starts(bytes, RETORT_SPAN("\xEF\xBB\xBF")) ||
           retort_span_starts(bytes, RETORT_SPAN("\xFF\xFE")) ||
           retort_span_starts(bytes, RETORT_SPAN("\xFE\xFF"));
}

/* The charset whose turn it is for iconv, or NULL. */
static const char *legacy_of(struct retort_span bytes, struct retort_span declared)
{
    const char *charset = NULL;
    if (has_mark(bytes))
        return NULL;
    if (!find_charset(declared, &charset))
        find_charset(label_of_page(bytes), &charset);
    if (!charset)
        return NULL;
    bool seven_bits = strcmp(charset, "ISO-2022-JP") == 0;
    return seven_bits || !retort_utf8_valid(bytes) ? charset : NULL;
}

void charset_decode(struct retort_span bytes, struct retort_span declared,
                    struct retort_arena *arena, struct charset_text *text)
{
    *text = (struct charset_text){.encoding = RETORT_UTF8};
    const char *legacy = legacy_of(bytes, declared);
    if (legacy && decode_legacy(bytes, legacy, arena, text))
        return;
    text->text = retort_text_decode(bytes, arena, &text->encoding);
}

void charset_source_offsets(struct retort_span bytes, const struct charset_text *text,
                            size_t *offsets, size_t n_offsets)
{
    if (text->legacy)
        legacy_offsets(bytes, text->legacy, offsets, n_offsets);
    else
        retort_text_source_offsets(bytes, text->encoding, offsets, n_offsets);
}
