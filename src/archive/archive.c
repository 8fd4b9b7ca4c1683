/* A file → its documents: one, or as many as it has records that hold a page. */
#include "archive/archive.h"
#include "archive/http.h"
#include "archive/stream.h"
#include "archive/warc.h"

#include <stdlib.h>
#include <string.h>

struct retort_archive {
    struct stream stream;
    struct warc warc;
    bool has_records, given;       /* given: the one document was */
    size_t most_bytes, n_unpacked; /* of bodies so far */
    char *path;
    struct retort_arena arena; /* of the document at hand */
    struct retort_buffer name, bodies[2];
};

enum { SEEN = 64 }; /* first bytes by which a file is known */

/* ---- opening ---- */

static bool ends_with(const char *path, const char *end)
{
    size_t len = strlen(path), tail = strlen(end);
    return len >= tail && strcmp(path + len - tail, end) == 0;
}

static bool is_named_warc(const char *path)
{
    static const char *const ENDS[] = {".warc", ".warc.gz", ".wet", ".wet.gz"};
    for (size_t i = 0; i < sizeof ENDS / sizeof ENDS[0]; i++)
        if (ends_with(path, ENDS[i]))
            return true;
    return false;
}

/* What we do not read would be binary noise, or text that is none of anybody's. */
static bool check_kind(const char *path, struct retort_span begin, struct retort_error *error)
{
    static const struct {
        struct retort_span mark;
        const char *what;
    } KINDS[] = {
        {{(const uint8_t *)"\x28\xB5\x2F\xFD", 4}, "is Zstandard data; unpack it first (unzstd)"},
        {{(const uint8_t *)"\xFD\x37zXZ", 5}, "is xz data; unpack it first (unxz)"},
        {{(const uint8_t *)"BZh", 3}, "is bzip2 data; unpack it first (bunzip2)"},
        {{(const uint8_t *)"\x04\x22\x4D\x18", 4}, "is LZ4 data; unpack it first (unlz4)"},
        {{(const uint8_t *)"PK\3\4", 4}, "is a zip archive; unpack it first (unzip)"},
        {{(const uint8_t *)"7z\xBC\xAF", 4}, "is a 7-Zip archive; unpack it first (7z x)"},
        {{(const uint8_t *)"filedesc://", 11}, "is an ARC file; convert it to WARC first"},
    };
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++)
        if (retort_span_starts(begin, KINDS[i].mark))
            return retort_fail(error, RETORT_INPUT, "%s: %s", path, KINDS[i].what);
    return true;
}

static char *copy_path(const char *path)
{
    size_t size = strlen(path) + 1;
    return memcpy(retort_grow(NULL, size, 1), path, size);
}

/* As much as tells what it is. Of JSON the first byte does: who writes lines may wait for answers.
 */
static void fill_begin(struct stream *stream)
{
    if (stream_fill(stream, 1) > 0 && stream_window(stream).data[0] != '{')
        stream_fill(stream, SEEN);
}

/* Sees what the file is; false: it is nothing that can be read. */
static bool look_at(struct retort_archive *archive, const char *path,
                    const struct retort_archive_options *options, struct retort_error *error)
{
    struct stream *stream = &archive->stream;
    archive->path = copy_path(path);
    archive->most_bytes =
        options && options->most_bytes ? options->most_bytes : RETORT_DOCUMENT_MOST;
    fill_begin(stream);
    bool begins = warc_begins(stream_window(stream)), named = is_named_warc(path);
    archive->has_records = begins || named || (options && options->records);
    if (archive->has_records && !begins && !stream->packed && ends_with(path, ".gz"))
        stream_expect_gzip(stream); /* its first member is damaged */
    archive->warc = (struct warc){
        .stream = stream,
        .path = archive->path,
        .most_bytes = archive->most_bytes,
    };
    return check_kind(path, stream_window(stream), error);
}

static bool finish_open(struct retort_archive **archive, bool opened)
{
    if (opened)
        return true;
    retort_archive_close(*archive);
    *archive = NULL;
    return false;
}

static struct retort_archive *new_archive(void)
{
    struct retort_archive *archive = calloc(1, sizeof *archive);
    if (!archive)
        retort_out_of_memory();
    return archive;
}

bool retort_archive_open(struct retort_archive **archive, const char *path,
                         const struct retort_archive_options *options, struct retort_error *error)
{
    struct retort_archive *opened = *archive = new_archive();
    size_t read_size = options ? options->read_size : 0;
    return finish_open(archive, stream_open(&opened->stream, path, read_size, error) &&
                                    look_at(opened, path, options, error));
}

bool retort_archive_open_bytes(struct retort_archive **archive, const char *name,
                               struct retort_span bytes,
                               const struct retort_archive_options *options,
                               struct retort_error *error)
{
    struct retort_archive *opened = *archive = new_archive();
    stream_open_bytes(&opened->stream, bytes, options ? options->read_size : 0);
    return finish_open(archive, look_at(opened, name, options, error));
}

void retort_archive_close(struct retort_archive *archive)
{
    if (!archive)
        return;
    stream_close(&archive->stream);
    retort_arena_release(&archive->arena);
    retort_buffer_release(&archive->name);
    retort_buffer_release(&archive->bodies[0]);
    retort_buffer_release(&archive->bodies[1]);
    free(archive->path);
    free(archive);
}

bool retort_archive_has_records(const struct retort_archive *archive)
{
    return archive->has_records;
}

void retort_archive_position(const struct retort_archive *archive, size_t *done, size_t *total)
{
    *done = archive->stream.input.n_read;
    *total = archive->stream.input.total;
}

void retort_archive_libraries(struct retort_buffer *out)
{
    retort_buffer_format(out, "zlib %s", zlibVersion());
}

/* ---- a file that is one document ---- */

static enum retort_archive_step tell_fault(struct retort_archive *archive,
                                           struct retort_error *error)
{
    struct stream *stream = &archive->stream;
    retort_fail(error, RETORT_INPUT, "%s: %s", archive->path, stream->why);
    stream_pass(stream);
    return RETORT_ARCHIVE_DAMAGE;
}

static bool too_large(const struct retort_archive *archive)
{
    return archive->stream.packed && stream_window(&archive->stream).len > archive->most_bytes;
}

/* The whole file. What comes before damage is a document all the same; the damage is told next. */
static enum retort_archive_step next_whole(struct retort_archive *archive,
                                           struct retort_document *document,
                                           struct retort_error *error)
{
    struct stream *stream = &archive->stream;
    if (archive->given) {
        stream_take(stream, SIZE_MAX);
        return stream->fault ? tell_fault(archive, error) : RETORT_ARCHIVE_END;
    }
    archive->given = true;
    stream_fill(stream, stream->packed ? archive->most_bytes + 1 : SIZE_MAX);
    if (too_large(archive)) {
        stream->ended = true;
        stream->fault = STREAM_SOUND;
        retort_fail(error, RETORT_INPUT,
                    "%s: is larger unpacked than the %zu bytes a document may have; --max-size "
                    "raises the limit",
                    archive->path, archive->most_bytes);
        return RETORT_ARCHIVE_DAMAGE;
    }
    *document = (struct retort_document){.bytes = stream_window(stream), .name = archive->path};
    if (stream->fault && document->bytes.len == 0)
        return tell_fault(archive, error);
    return RETORT_ARCHIVE_DOCUMENT;
}

struct retort_span retort_archive_peek(struct retort_archive *archive, size_t most)
{
    stream_fill(&archive->stream, most);
    return stream_window(&archive->stream);
}

size_t retort_archive_read(struct retort_archive *archive, uint8_t *bytes, size_t n)
{
    archive->given = true;
    if (stream_is_direct(&archive->stream))
        return stream_read(&archive->stream, bytes, n);
    if (n == 0 || stream_fill(&archive->stream, 1) == 0)
        return 0;
    struct retort_span window = stream_window(&archive->stream);
    n = n < window.len ? n : window.len;
    memcpy(bytes, window.data, n);
    stream_take(&archive->stream, n);
    return n;
}

bool retort_archive_is_ready(const struct retort_archive *archive, size_t n)
{
    return stream_is_ready(&archive->stream, n);
}

/* ---- a file of records ---- */

static void set_name(struct retort_archive *archive, struct retort_document *document)
{
    retort_buffer_clear(&archive->name);
    warc_put_name(&archive->name, archive->path, document->record, document->uri);
    retort_buffer_byte(&archive->name, 0);
    document->name = (const char *)archive->name.data;
}

static bool is_http_message(const struct warc_record *record)
{
    return record->kind == WARC_RESPONSE && retort_span_starts(record->block, RETORT_SPAN("HTTP/"));
}

/* Bodies may be packed over and over, and many records into few bytes. So all of them together may
 * be so many times the size of the file: no honest crawl comes near. */
static size_t unpacked_most(const struct retort_archive *archive)
{
    enum { HONEST = 256 };
    size_t most = archive->most_bytes, read = archive->stream.input.n_read;
    size_t all = read < (SIZE_MAX - most) / HONEST ? most + HONEST * read : SIZE_MAX;
    size_t left = all > archive->n_unpacked ? all - archive->n_unpacked : 0;
    return left < most ? left : most;
}

/* What the record holds: NULL, or what is wrong with it. */
static const char *open_record(struct retort_archive *archive, const struct warc_record *record,
                               struct retort_document *document)
{
    struct retort_span content_type = record->content_type;
    const char *wrong = NULL;
    document->bytes = record->block;
    if (is_http_message(record)) {
        struct http_answer answer = http_read(record->block);
        size_t most = unpacked_most(archive);
        retort_buffer_clear(&archive->bodies[0]);
        retort_buffer_clear(&archive->bodies[1]);
        content_type = answer.content_type;
        document->status = answer.status;
        wrong = http_body(&answer, most, archive->bodies, &document->bytes);
        if (answer.coding.len > 0)
            archive->n_unpacked += archive->bodies[0].len + archive->bodies[1].len;
    }
    http_media_type(content_type, &archive->arena, &document->media_type, &document->charset);
    return wrong;
}

static enum retort_archive_step next_record(struct retort_archive *archive,
                                            struct retort_document *document,
                                            struct retort_error *error)
{
    struct warc_record record;
    enum retort_archive_step step = warc_next(&archive->warc, &record, error);
    if (step != RETORT_ARCHIVE_DOCUMENT)
        return step;
    *document = (struct retort_document){
        .uri = record.uri, .date = record.date, .record = archive->warc.n_records};
    const char *wrong = open_record(archive, &record, document);
    set_name(archive, document);
    if (!wrong)
        return step;
    retort_fail(error, RETORT_INPUT, "%s: %s", document->name, wrong);
    return RETORT_ARCHIVE_DAMAGE;
}

enum retort_archive_step retort_archive_next(struct retort_archive *archive,
                                             struct retort_document *document,
                                             struct retort_error *error)
{
    retort_arena_release(&archive->arena);
    return archive->has_records ? next_record(archive, document, error)
                                : next_whole(archive, document, error);
}
