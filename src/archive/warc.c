/* The records of a WARC file: a line "WARC/1.1", fields, a blank line, a block of the length that a
 * field tells, two line ends.
 *
 * A length may lie, so a block counts only when another record or the end follows it. When none
 * does, when a head makes no sense or when the bytes themselves are damaged, that is told once, and
 * the next line that begins a record is looked for, right behind the place where the broken one
 * began: what its length had swallowed is found again. A block above the limit is passed over the
 * same way, so that no length can swallow the rest of the file. Blocks are read where they lie in
 * the window; ISO 28500 is read generously (line ends, case, order, brackets around addresses). */
#include "archive/warc.h"

#include <string.h>

enum {
    HEAD_MOST = 64 << 10, /* bytes of a record's fields */
    HEAD_STEP = 2048,
    MAGIC_LINE = 9,  /* "WARC/1.0\n" at least */
    MAGIC_MOST = 32, /* what is longer is no such line */
    GAP = 4,         /* line ends between a block and the next record */
};

static const struct retort_span MAGIC = {(const uint8_t *)"WARC/", 5};

/* ---- where a record begins ---- */

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_line_end(uint8_t byte)
{
    return byte == '\r' || byte == '\n';
}

/* "WARC/1.1" and the end of the line. */
static bool is_magic_line(struct retort_span at)
{
    if (at.len < MAGIC_LINE || !retort_span_starts(at, MAGIC) || !is_digit(at.data[5]))
        return false;
    size_t i = 6;
    while (i < at.len && i < MAGIC_MOST / 2 && (is_digit(at.data[i]) || at.data[i] == '.'))
        i++;
    return i < at.len && is_line_end(at.data[i]);
}

static size_t count_line_ends(struct retort_span bytes)
{
    size_t n = 0;
    while (n < bytes.len && is_line_end(bytes.data[n]))
        n++;
    return n;
}

bool warc_begins(struct retort_span bytes)
{
    return is_magic_line(retort_span_slice(bytes, count_line_ends(bytes), bytes.len));
}

/* The offset, from `at` on, of the first line that begins a record; the window's length: there is
 * none. `at` is the window's beginning or behind the end of a head. */
static size_t find_magic(struct retort_span window, size_t at)
{
    const uint8_t *found;
    while (at < window.len && (found = memchr(window.data + at, MAGIC.data[0], window.len - at))) {
        at = (size_t)(found - window.data);
        bool begins_line = at == 0 || is_line_end(found[-1]);
        if (begins_line && is_magic_line(retort_span_slice(window, at, window.len)))
            return at;
        at++;
    }
    return window.len;
}

/* Moves on to the next record wherever it is; false at the end of all. */
static bool find_record(struct stream *stream)
{
    for (;;) {
        struct retort_span window = stream_window(stream);
        size_t at = find_magic(window, 0), kept = window.len < MAGIC_MOST ? window.len : MAGIC_MOST;
        stream_take(stream, at < window.len ? at : window.len - kept);
        if (at < window.len)
            return true;
        if (stream_fill(stream, kept + 1) == kept && !stream_pass(stream))
            return false;
    }
}

/* ---- what the head says ---- */

struct head {
    struct retort_span type, length, uri, date, content_type;
};

static bool same_name(struct retort_span a, const char *lower)
{
    size_t i = 0;
    for (; i < a.len && lower[i]; i++) {
        uint8_t byte = a.data[i] >= 'A' && a.data[i] <= 'Z' ? (uint8_t)(a.data[i] + 32) : a.data[i];
        if (byte != (uint8_t)lower[i])
            return false;
    }
    return i == a.len && !lower[i];
}

static void read_field(struct retort_span line, struct head *head)
{
    const struct {
        const char *name;
        struct retort_span *value;
    } FIELDS[] = {{"warc-type", &head->type},
                  {"content-length", &head->length},
                  {"warc-target-uri", &head->uri},
                  {"warc-date", &head->date},
                  {"content-type", &head->content_type}};
    const uint8_t *colon = line.len ? memchr(line.data, ':', line.len) : NULL;
    size_t at = colon ? (size_t)(colon - line.data) : line.len;
    struct retort_span name = retort_span_trim(retort_span_slice(line, 0, at));
    for (size_t i = 0; colon && i < sizeof FIELDS / sizeof FIELDS[0]; i++)
        if (!FIELDS[i].value->data && same_name(name, FIELDS[i].name))
            *FIELDS[i].value = retort_span_trim(retort_span_slice(line, at + 1, line.len));
}

static struct retort_span without_brackets(struct retort_span uri)
{
    bool bracketed = uri.len >= 2 && uri.data[0] == '<' && uri.data[uri.len - 1] == '>';
    return bracketed ? retort_span_slice(uri, 1, uri.len - 1) : uri;
}

static struct head parse_head(struct retort_span bytes)
{
    struct head head = {0};
    struct retort_span line;
    while (retort_span_next_line(&bytes, &line))
        read_field(line, &head);
    head.uri = without_brackets(head.uri);
    return head;
}

static bool parse_length(struct retort_span digits, size_t *length)
{
    *length = 0;
    for (size_t i = 0; i < digits.len; i++)
        if (!is_digit(digits.data[i]) || __builtin_mul_overflow(*length, 10, length) ||
            __builtin_add_overflow(*length, digits.data[i] - '0', length))
            return false;
    return digits.len > 0;
}

/* What crawlers note for themselves under addresses of their own. */
static bool is_note(struct retort_span uri)
{
    return retort_span_starts(uri, RETORT_SPAN("metadata:")) ||
           retort_span_starts(uri, RETORT_SPAN("dns:"));
}

static enum warc_kind kind_of(const struct head *head)
{
    if (is_note(head->uri))
        return WARC_OTHER;
    if (same_name(head->type, "response"))
        return WARC_RESPONSE;
    if (same_name(head->type, "resource"))
        return WARC_RESOURCE;
    return same_name(head->type, "conversion") ? WARC_CONVERSION : WARC_OTHER;
}

enum { NEVER = HEAD_MOST + 1 };

/* The end of the blank line behind the fields; 0: it has not come yet; NEVER: another record begins
 * before. (Without that, heads without end would be searched through again and again.) */
static size_t head_end(struct retort_span window, size_t from)
{
    const uint8_t *lf;
    while (from < window.len && (lf = memchr(window.data + from, '\n', window.len - from))) {
        size_t next = (size_t)(lf - window.data) + 1;
        if (next < window.len && window.data[next] == '\n')
            return next + 1;
        if (next + 1 < window.len && window.data[next] == '\r' && window.data[next + 1] == '\n')
            return next + 2;
        if (is_magic_line(retort_span_slice(window, next, window.len)))
            return NEVER;
        from = next;
    }
    return 0;
}

/* Bytes of the head at the beginning of the window; 0: it has no end. `cut`: as the window has. */
static size_t read_head(struct stream *stream, bool *cut)
{
    size_t searched = 0, had = 0, end = 0;
    *cut = false;
    while (end == 0 && searched < HEAD_MOST && !*cut) {
        size_t has = stream_fill(stream, searched + HEAD_STEP);
        end = head_end(stream_window(stream), searched > MAGIC_MOST ? searched - MAGIC_MOST : 0);
        *cut = has == had && end == 0;
        had = searched = has;
    }
    return end == NEVER ? 0 : end;
}

/* ---- what is told of a broken record ---- */

void warc_put_name(struct retort_buffer *out, const char *path, size_t record,
                   struct retort_span uri)
{
    enum { LONGEST = 160 };
    struct retort_span shown = retort_span_slice(uri, 0, LONGEST);
    retort_buffer_format(out, "%s record %zu", path, record);
    if (uri.len == 0)
        return;
    retort_buffer_text(out, " (");
    for (size_t at = 0; at < shown.len;) {
        uint8_t bytes[4];
        uint32_t code_point = retort_utf8_next(shown, &at);
        retort_buffer_put(out, (struct retort_span){bytes, retort_utf8_put(bytes, code_point)});
    }
    retort_buffer_text(out, uri.len > LONGEST ? "…)" : ")");
}

static enum retort_archive_step tell(struct warc *warc, struct retort_span uri, const char *what,
                                     struct retort_error *error)
{
    struct retort_buffer name = {0};
    warc_put_name(&name, warc->path, warc->n_records, uri);
    retort_fail(error, RETORT_INPUT, "%.*s: %s", (int)name.len, (const char *)name.data, what);
    retort_buffer_release(&name);
    return RETORT_ARCHIVE_DAMAGE;
}

/* The fault that the window ends with, or the end of the file. */
static const char *why_cut(const struct stream *stream)
{
    return stream->fault ? stream->why : "is cut off: the file ends in the middle of it";
}

static enum retort_archive_step tell_fault(struct warc *warc, struct retort_error *error)
{
    retort_fail(error, RETORT_INPUT, "%s: %s", warc->path, warc->stream->why);
    return RETORT_ARCHIVE_DAMAGE;
}

/* What stands between records and is none. */
static enum retort_archive_step tell_stray(struct warc *warc, struct retort_error *error)
{
    if (warc->n_records > 0)
        retort_fail(error, RETORT_INPUT, "%s: has bytes behind record %zu that are no record",
                    warc->path, warc->n_records);
    else
        retort_fail(error, RETORT_INPUT, "%s: begins with bytes that are no WARC record",
                    warc->path);
    return RETORT_ARCHIVE_DAMAGE;
}

/* ---- one record ---- */

/* Does a record end `at` bytes into the window: at the end of the file, or before another? */
static bool ends_at(struct warc *warc, size_t at)
{
    struct stream *stream = warc->stream;
    stream_fill(stream, at + GAP + MAGIC.len);
    struct retort_span rest = stream_window(stream);
    rest = retort_span_slice(rest, at, at + GAP + MAGIC.len);
    size_t gap = count_line_ends(rest), n_lines = 0;
    bool all = gap == rest.len;
    for (size_t i = 0; i < gap; i++)
        n_lines += rest.data[i] == '\n';
    if (all && rest.len < GAP + MAGIC.len) { /* the window ends with it */
        warc->unfinished = !stream->fault && n_lines < 2;
        return stream->fault != STREAM_DAMAGED;
    }
    rest = retort_span_slice(rest, gap, rest.len);
    return all || retort_span_starts(retort_span_slice(MAGIC, 0, rest.len), rest) ||
           retort_span_starts(rest, MAGIC);
}

/* The block behind a head: its length is believed when it leads to where a record may end. */
static const char *check_block(struct warc *warc, size_t head, size_t length)
{
    if (length > warc->most_bytes)
        return "is larger than a document may be; --max-size raises the limit";
    if (stream_fill(warc->stream, head + length) < head + length)
        return why_cut(warc->stream);
    if (ends_at(warc, head + length))
        return NULL;
    return warc->stream->fault == STREAM_DAMAGED
               ? warc->stream->why
               : "is damaged: its Content-Length leads to where no record ends";
}

/* Where a record ends whose length lies: before the line that begins the next one, or, when the
 * length leads into the file, with the file. 0: not within the limit. */
static size_t real_end(struct warc *warc, size_t n_head, bool into_file)
{
    struct stream *stream = warc->stream;
    struct retort_span window = stream_window(stream);
    size_t at = n_head, had;
    do {
        at = find_magic(window, at);
        if (at < window.len)
            break;
        had = window.len;
        at = had > n_head + MAGIC_MOST ? had - MAGIC_MOST : n_head;
        stream_fill(stream, had + 1);
        window = stream_window(stream);
    } while (window.len > had && at - n_head <= warc->most_bytes);
    bool found = at < window.len && is_magic_line(retort_span_slice(window, at, window.len));
    at = found ? at : window.len;
    if ((!found && (!into_file || stream->fault)) || at - n_head > warc->most_bytes)
        return 0;
    for (size_t i = 0; i < GAP && at > n_head && is_line_end(window.data[at - 1]); i++)
        at--;
    return at;
}

/* What a look at the line that begins a record has found. */
struct look {
    struct head head;
    size_t n_head, length;
    size_t mended;     /* the record's end, when its length lies and the end can be told */
    const char *wrong; /* NULL: nothing is */
    bool silent;       /* nobody wants to hear of it */
};

static void parse_look(const struct stream *stream, struct look *look)
{
    look->head = parse_head(retort_span_slice(stream_window(stream), 0, look->n_head));
}

static void look_at_block(struct warc *warc, struct look *look)
{
    look->wrong = check_block(warc, look->n_head, look->length);
    if (look->wrong && warc->stream->fault != STREAM_DAMAGED) {
        bool into_file = stream_window(warc->stream).len > look->n_head + look->length;
        look->mended = real_end(warc, look->n_head, into_file);
    }
    if (look->mended)
        look->wrong = "has a wrong Content-Length; it is read up to where the next record begins";
    parse_look(warc->stream, look); /* the window may have moved */
    look->silent = look->length > warc->most_bytes && kind_of(&look->head) == WARC_OTHER;
}

static struct look look_at_record(struct warc *warc)
{
    bool cut;
    struct look look = {.n_head = read_head(warc->stream, &cut)};
    parse_look(warc->stream, &look);
    if (look.head.type.len > 0 && parse_length(look.head.length, &look.length)) {
        if (warc->mended)
            look.length = warc->mended - look.n_head;
        else
            look_at_block(warc, &look);
        return look;
    }
    look.wrong =
        cut ? why_cut(warc->stream) : "is damaged: its head has no end, no type or no length";
    look.silent = warc->lost;
    return look;
}

/* At a line that begins a record: the record, or what is wrong with it. */
static enum retort_archive_step read_record(struct warc *warc, struct warc_record *record,
                                            struct retort_error *error)
{
    struct look look = look_at_record(warc);
    warc->n_records += warc->mended ? 0 : !look.silent || !warc->lost;
    warc->mended = look.mended;
    warc->lost = look.wrong && !look.mended;
    if (look.wrong) { /* what follows is looked through from behind its first word */
        warc->used = look.mended ? 0 : MAGIC.len;
        return look.silent ? RETORT_ARCHIVE_END : tell(warc, look.head.uri, look.wrong, error);
    }
    warc->used = look.n_head + look.length;
    struct retort_span window = stream_window(warc->stream);
    *record = (struct warc_record){
        .kind = kind_of(&look.head),
        .uri = look.head.uri,
        .date = look.head.date,
        .content_type = look.head.content_type,
        .block = retort_span_slice(window, look.n_head, warc->used),
    };
    return RETORT_ARCHIVE_DOCUMENT;
}

/* Passes line ends; is there a line that begins a record? Else `step` is what to tell. */
static bool reach_record(struct warc *warc, enum retort_archive_step *step,
                         struct retort_error *error)
{
    struct stream *stream = warc->stream;
    struct retort_span window;
    do {
        stream_take(stream, count_line_ends(stream_window(stream)));
        stream_fill(stream, MAGIC_LINE * 2);
        window = stream_window(stream);
    } while (window.len > 0 && is_line_end(window.data[0]));
    if (is_magic_line(window))
        return true;
    warc->lost = true;
    *step = RETORT_ARCHIVE_END;
    if (stream->fault)
        *step = tell_fault(warc, error);
    else if (window.len > 0 || warc->unfinished)
        *step = tell_stray(warc, error);
    warc->unfinished = false;
    return false;
}

enum retort_archive_step warc_next(struct warc *warc, struct warc_record *record,
                                   struct retort_error *error)
{
    for (;;) {
        enum retort_archive_step step;
        stream_take(warc->stream, warc->used);
        warc->used = 0;
        if (warc->lost && !find_record(warc->stream))
            return RETORT_ARCHIVE_END;
        if (!warc->lost && !reach_record(warc, &step, error))
            return step;
        step = read_record(warc, record, error);
        if (step == RETORT_ARCHIVE_DAMAGE)
            return step;
        if (step == RETORT_ARCHIVE_DOCUMENT && record->kind != WARC_OTHER)
            return step;
    }
}
