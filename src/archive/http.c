/* HTTP answers as crawlers keep them. Many crawlers undo chunks or compression and leave the fields
 * that announce them, so what is announced is undone only where the bytes look like it; the length
 * that a server announced is not looked at, the record knows its own. */
#include "archive/http.h"

#include <limits.h>
#include <string.h>
#define ZLIB_CONST
#include <zlib.h>

/* ---- fields ---- */

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static bool same_word(struct retort_span a, const char *word)
{
    size_t i = 0;
    while (i < a.len && word[i] && lower(a.data[i]) == (uint8_t)word[i])
        i++;
    return i == a.len && !word[i];
}

/* Cuts what stands before the mark off *rest. */
static struct retort_span cut_at(struct retort_span *rest, uint8_t mark)
{
    const uint8_t *found = rest->len ? memchr(rest->data, mark, rest->len) : NULL;
    size_t at = found ? (size_t)(found - rest->data) : rest->len;
    struct retort_span part = retort_span_slice(*rest, 0, at);
    *rest = retort_span_slice(*rest, at + 1, rest->len);
    return retort_span_trim(part);
}

/* "HTTP/1.1 200 OK"; 0 when there is no number. */
static unsigned read_status(struct retort_span line)
{
    unsigned status = 0;
    cut_at(&line, ' ');
    struct retort_span number = cut_at(&line, ' ');
    for (size_t i = 0; i < number.len; i++)
        if (number.len > 3 || number.data[i] < '0' || number.data[i] > '9')
            return 0;
        else
            status = status * 10 + (number.data[i] - '0');
    return status;
}

static void read_field(struct retort_span line, struct http_answer *answer)
{
    const struct {
        const char *name;
        struct retort_span *value;
    } FIELDS[] = {{"content-type", &answer->content_type},
                  {"content-encoding", &answer->coding},
                  {"transfer-encoding", &answer->transfer}};
    struct retort_span name = cut_at(&line, ':');
    for (size_t i = 0; i < sizeof FIELDS / sizeof FIELDS[0]; i++)
        if (same_word(name, FIELDS[i].name))
            *FIELDS[i].value = retort_span_trim(line);
}

struct http_answer http_read(struct retort_span bytes)
{
    struct http_answer answer = {.body = bytes};
    struct retort_span line;
    if (!retort_span_starts(bytes, RETORT_SPAN("HTTP/")))
        return answer;
    retort_span_next_line(&bytes, &line);
    answer.status = read_status(line);
    while (retort_span_next_line(&bytes, &line) && line.len > 0)
        read_field(line, &answer);
    answer.body = bytes;
    return answer;
}

static struct retort_span without_quotes(struct retort_span text)
{
    while (text.len > 0 && (text.data[0] == '"' || text.data[0] == '\''))
        text = retort_span_slice(text, 1, text.len);
    while (text.len > 0 && (text.data[text.len - 1] == '"' || text.data[text.len - 1] == '\''))
        text.len--;
    return text;
}

void http_media_type(struct retort_span content_type, struct retort_arena *arena,
                     struct retort_span *media_type, struct retort_span *charset)
{
    struct retort_span type = cut_at(&content_type, ';');
    uint8_t *bytes = retort_arena_alloc(arena, type.len, 1);
    for (size_t i = 0; i < type.len; i++)
        bytes[i] = lower(type.data[i]);
    *media_type = (struct retort_span){bytes, type.len};
    *charset = (struct retort_span){0};
    while (content_type.len > 0) {
        struct retort_span value = cut_at(&content_type, ';'), name = cut_at(&value, '=');
        if (charset->len == 0 && same_word(name, "charset"))
            *charset = without_quotes(retort_span_trim(value));
    }
}

/* ---- chunks ---- */

static int hex_digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte = lower(byte);
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* "1f4;extension" */
static bool read_chunk_size(struct retort_span line, size_t *size)
{
    struct retort_span digits = cut_at(&line, ';');
    *size = 0;
    for (size_t i = 0; i < digits.len; i++)
        if (hex_digit(digits.data[i]) < 0 || *size > SIZE_MAX >> 5)
            return false;
        else
            *size = *size << 4 | (size_t)hex_digit(digits.data[i]);
    return digits.len > 0;
}

/* False: these are no chunks, or the last ones are not; what was read stands in `out`. A body that
 * ends before its last chunk was cut by the server. */
static bool join_chunks(struct retort_span body, struct retort_buffer *out)
{
    struct retort_span line;
    size_t size;
    retort_buffer_clear(out);
    while (retort_span_next_line(&body, &line)) {
        if (!read_chunk_size(line, &size))
            return false;
        if (size == 0)
            return true;
        retort_buffer_put(out, retort_span_slice(body, 0, size));
        body = retort_span_slice(body, size, body.len);
        if (body.len > 0 && (!retort_span_next_line(&body, &line) || line.len > 0))
            return false;
    }
    return true;
}

/* ---- compression ---- */

static const char TOO_LARGE[] = "is larger unpacked than a document may be; --max-size raises the "
                                "limit";
static const char DAMAGED[] = "has a body whose compressed data are damaged";

/* zlib's window bits for data that begin so: gzip or zlib by their head, else bare deflate. */
static int window_bits(struct retort_span body)
{
    bool gzip = body.len >= 2 && body.data[0] == 0x1F && body.data[1] == 0x8B;
    bool zlib = body.len >= 2 && (body.data[0] & 0x0F) == Z_DEFLATED &&
                (body.data[0] * 256 + body.data[1]) % 31 == 0;
    return gzip ? 31 : zlib ? 15 : -15;
}

static int inflate_step(z_stream *inflater, struct retort_buffer *out)
{
    enum { ROOM = 64 << 10 };
    if (out->capacity - out->len < ROOM) {
        out->capacity = 2 * out->capacity + ROOM;
        out->data = retort_grow(out->data, out->capacity, 1);
    }
    size_t room = out->capacity - out->len;
    inflater->next_out = out->data + out->len;
    inflater->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
    int code = inflate(inflater, Z_NO_FLUSH);
    out->len = (size_t)(inflater->next_out - out->data);
    return code;
}

/* gzip members may follow each other here too; other bytes behind the data are ignored. */
static int inflate_all(z_stream *inflater, struct retort_span body, size_t most,
                       struct retort_buffer *out)
{
    int code = Z_OK;
    inflater->next_in = body.data;
    inflater->avail_in = (uInt)body.len;
    while (code == Z_OK && out->len <= most) {
        code = inflate_step(inflater, out);
        bool again = code == Z_STREAM_END && inflater->avail_in > 1 &&
                     inflater->next_in[0] == 0x1F && inflater->next_in[1] == 0x8B;
        if (again)
            code = inflateReset(inflater);
    }
    return code;
}

static const char *unpack(struct retort_span body, size_t most, struct retort_buffer *out)
{
    z_stream inflater = {0};
    retort_buffer_clear(out);
    if (body.len > UINT_MAX)
        return TOO_LARGE;
    if (inflateInit2(&inflater, window_bits(body)) != Z_OK)
        retort_out_of_memory();
    int code = inflate_all(&inflater, body, most, out);
    inflateEnd(&inflater);
    if (code == Z_MEM_ERROR)
        retort_out_of_memory();
    if (out->len > most)
        return TOO_LARGE;
    return code == Z_STREAM_END || code == Z_BUF_ERROR ? NULL : DAMAGED;
}

/* ---- the body ---- */

enum coding { CODING_NONE, CODING_GZIP, CODING_DEFLATE, CODING_OTHER };

static enum coding coding_of(struct retort_span name)
{
    static const struct {
        const char *name;
        enum coding coding;
    } CODINGS[] = {{"", CODING_NONE},        {"identity", CODING_NONE},  {"none", CODING_NONE},
                   {"chunked", CODING_NONE}, {"utf-8", CODING_NONE},     {"gzip", CODING_GZIP},
                   {"x-gzip", CODING_GZIP},  {"deflate", CODING_DEFLATE}};
    for (size_t i = 0; i < sizeof CODINGS / sizeof CODINGS[0]; i++)
        if (same_word(name, CODINGS[i].name))
            return CODINGS[i].coding;
    return CODING_OTHER;
}

/* Was it undone before it was archived? Bare deflate has no mark: text gives itself away. */
static bool looks_packed(struct retort_span body, enum coding coding)
{
    int bits = window_bits(body);
    if (coding == CODING_GZIP)
        return bits == 31;
    for (size_t i = 0; bits == -15 && i < body.len && i < 64; i++)
        if (body.data[i] < '\t' || body.data[i] > '~')
            return true;
    return bits != -15;
}

static const char *undo(struct retort_span coding, size_t most, struct retort_buffer *out,
                        struct retort_span *body)
{
    enum coding kind = coding_of(coding);
    if (kind == CODING_OTHER)
        return "has a body that is compressed by other means than gzip and deflate";
    if (kind == CODING_NONE || !looks_packed(*body, kind))
        return NULL;
    const char *wrong = unpack(*body, most, out);
    *body = retort_buffer_span(out);
    return wrong;
}

const char *http_body(const struct http_answer *answer, size_t most, struct retort_buffer bodies[2],
                      struct retort_span *body)
{
    enum { DEEPEST = 4 };
    struct retort_span codings[DEEPEST] = {0}, rest = answer->coding;
    size_t n = 0, turn = 0;
    const char *wrong = NULL;
    *body = answer->body;
    if (same_word(answer->transfer, "chunked")) {
        bool whole = join_chunks(answer->body, &bodies[0]);
        bool any = bodies[0].len > 0 || (whole && answer->body.len > 0);
        wrong = whole || !any ? NULL : "has a body whose chunks are damaged";
        *body = any ? retort_buffer_span(&bodies[0]) : answer->body;
        turn = 1;
    }
    while (rest.len > 0 && n < DEEPEST)
        codings[n++] = cut_at(&rest, ',');
    while (n > 0 && !wrong) {
        wrong = undo(codings[--n], most, &bodies[turn], body);
        turn = 1 - turn;
    }
    return wrong;
}
