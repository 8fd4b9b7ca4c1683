/* Bytes of a file or of memory, gzip undone.
 *
 * gzip members stand one behind the other (a crawl has one for each record), padded with zeros by
 * some. zlib writes into the window itself, so that a record is never copied. After damage the next
 * member is looked for from the beginning of the broken one, as long as that is held in memory: a
 * decoder that has lost its way may run over the border before it notices. How far it may go back
 * is bounded by the bytes read so far, which keeps the work linear. */
#include "archive/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    READ_SIZE = 256 << 10,
    ROOM = 64 << 10,     /* the window has at least so much room for what comes in */
    HELD_MOST = 1 << 20, /* of a gzip member, to look through again */
    GZIP_HEAD = 4,       /* bytes by which a member is known */
    GZIP_WINDOW = 31,    /* zlib's window bits: the largest window, with gzip around it */
};

/* ---- bytes of the file ---- */

static size_t read_memory(struct stream_input *input, uint8_t *into, size_t n)
{
    n = n < input->memory.len ? n : input->memory.len;
    if (n > 0)
        memcpy(into, input->memory.data, n);
    input->memory = retort_span_slice(input->memory, n, input->memory.len);
    return n;
}

/* How many bytes came; 0 at the end and where reading fails. */
static size_t read_bytes(struct stream_input *input, uint8_t *into, size_t n)
{
    ssize_t got;
    n = n < input->read_size ? n : input->read_size;
    if (input->dry)
        return 0;
    if (input->descriptor < 0)
        got = (ssize_t)read_memory(input, into, n);
    else
        do
            got = read(input->descriptor, into, n);
        while (got < 0 && errno == EINTR);
    if (got < 0)
        input->why = errno;
    input->dry = got <= 0;
    input->n_read += got > 0 ? (size_t)got : 0;
    return got > 0 ? (size_t)got : 0;
}

/* Bytes taken that are still needed: the member's, while it is short. */
static size_t held_from(struct stream_input *input)
{
    if (input->member > input->at || input->at - input->member > HELD_MOST)
        input->member = SIZE_MAX;
    return input->member < input->at ? input->member : input->at;
}

static bool more_input(struct stream_input *input)
{
    size_t held = held_from(input);
    if (held > 0 && input->end > held)
        memmove(input->data, input->data + held, input->end - held);
    input->at -= held;
    input->end -= held;
    input->member -= input->member == SIZE_MAX ? 0 : held;
    if (input->capacity - input->end < input->read_size) {
        input->capacity = input->end + input->read_size;
        input->data = retort_grow(input->data, input->capacity, 1);
    }
    size_t got = read_bytes(input, input->data + input->end, input->read_size);
    input->end += got;
    return got > 0;
}

/* At least n unread bytes, unless the file ends before. */
static bool want_input(struct stream_input *input, size_t n)
{
    while (input->end - input->at < n)
        if (!more_input(input))
            return false;
    return true;
}

static size_t file_offset(const struct stream_input *input)
{
    return input->n_read - (input->end - input->at);
}

/* ---- faults ---- */

static void fail(struct stream *stream, enum stream_fault fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void fail(struct stream *stream, enum stream_fault fault, const char *format, ...)
{
    va_list values;
    va_start(values, format);
    vsnprintf(stream->why, sizeof stream->why, format, values);
    va_end(values);
    stream->fault = fault;
}

/* No byte came: the end, a cut, or a system that refuses. */
static void end_of_file(struct stream *stream)
{
    int why = stream->input.why;
    if (why)
        fail(stream, STREAM_UNREADABLE, "%s%s", strerror(why),
             why == EISDIR ? "; name the files in it" : "");
    else if (stream->in_member)
        fail(stream, STREAM_CUT, "is cut off in the middle of its gzip data at byte %zu",
             stream->input.n_read);
    stream->ended = true;
}

/* ---- gzip ---- */

static bool is_gzip(const uint8_t *bytes)
{
    return bytes[0] == 0x1F && bytes[1] == 0x8B;
}

/* Magic, the only method there is, and no flag that has no meaning yet. */
static bool is_member(const uint8_t *bytes)
{
    return is_gzip(bytes) && bytes[2] == Z_DEFLATED && (bytes[3] & 0xE0) == 0;
}

static void start_member(struct stream *stream)
{
    stream->input.member = stream->input.at;
    stream->in_member = true;
    inflateReset(&stream->inflater);
}

/* Between members: padding is passed over; another member, the end, or something strange. */
static void next_member(struct stream *stream)
{
    struct stream_input *input = &stream->input;
    input->member = SIZE_MAX;
    while (want_input(input, 1) && input->data[input->at] == 0)
        input->at++;
    bool ends = !want_input(input, 2), begins = input->end > input->at;
    begins = begins && input->data[input->at] == 0x1F && (ends || is_gzip(input->data + input->at));
    if (begins)
        start_member(stream);
    else if (input->end == input->at)
        end_of_file(stream);
    else
        fail(stream, STREAM_DAMAGED, "goes on behind its gzip data with other bytes at byte %zu",
             file_offset(input));
}

/* One call of inflate, from the input at hand into the room at hand. */
static int inflate_some(struct stream *stream)
{
    struct stream_input *input = &stream->input;
    z_stream *inflater = &stream->inflater;
    size_t room = stream->capacity - stream->end, rest = input->end - input->at;
    inflater->next_in = input->data + input->at;
    inflater->avail_in = rest < UINT_MAX ? (uInt)rest : UINT_MAX;
    inflater->next_out = stream->data + stream->end;
    inflater->avail_out = room < UINT_MAX ? (uInt)room : UINT_MAX;
    int code = inflate(inflater, Z_NO_FLUSH);
    input->at = (size_t)(inflater->next_in - input->data);
    stream->end = (size_t)(inflater->next_out - stream->data);
    return code;
}

static void unpack(struct stream *stream)
{
    if (!stream->in_member) {
        next_member(stream);
        return;
    }
    if (!want_input(&stream->input, 1)) {
        end_of_file(stream);
        return;
    }
    int code = inflate_some(stream);
    if (code == Z_MEM_ERROR)
        retort_out_of_memory();
    if (code == Z_STREAM_END)
        stream->in_member = false;
    else if (code != Z_OK && code != Z_BUF_ERROR)
        fail(stream, STREAM_DAMAGED, "has damaged gzip data near byte %zu (%s)",
             file_offset(&stream->input), stream->inflater.msg ? stream->inflater.msg : "no gzip");
}

/* From where to look for a member behind the damage. */
static void step_back(struct stream *stream)
{
    struct stream_input *input = &stream->input;
    size_t from = input->member == SIZE_MAX ? input->at : input->member + 1;
    if (from < input->at && stream->rescanned + (input->at - from) <= input->n_read) {
        stream->rescanned += input->at - from;
        input->at = from;
    }
    input->member = SIZE_MAX;
}

static bool find_member(struct stream *stream)
{
    struct stream_input *input = &stream->input;
    while (want_input(input, GZIP_HEAD)) {
        const uint8_t *begin = input->data + input->at;
        const uint8_t *found = memchr(begin, 0x1F, input->end - input->at - (GZIP_HEAD - 1));
        input->at = found ? (size_t)(found - input->data) : input->end - (GZIP_HEAD - 1);
        if (found && is_member(found))
            return true;
        input->at += found != NULL;
    }
    return false;
}

/* ---- the window ---- */

/* Moves the window to the front when that costs no more than what was taken, else grows. */
static void make_room(struct stream *stream)
{
    size_t held = stream->end - stream->at;
    if (stream->capacity - stream->end >= ROOM)
        return;
    if (stream->at >= held && stream->at > 0) {
        memmove(stream->data, stream->data + stream->at, held);
        stream->at = 0;
        stream->end = held;
    }
    if (stream->capacity - stream->end < ROOM) {
        stream->capacity = 2 * stream->capacity + 2 * (size_t)ROOM;
        stream->data = retort_grow(stream->data, stream->capacity, 1);
    }
}

/* What was read to see the beginning comes first, then the file itself. */
static void read_plain(struct stream *stream)
{
    struct stream_input *input = &stream->input;
    size_t room = stream->capacity - stream->end, got = input->end - input->at;
    got = got < room ? got : room;
    if (got > 0)
        memcpy(stream->data + stream->end, input->data + input->at, got);
    else
        got = read_bytes(input, stream->data + stream->end, room);
    input->at += got < input->end - input->at ? got : input->end - input->at;
    stream->end += got;
    if (got == 0)
        end_of_file(stream);
}

size_t stream_fill(struct stream *stream, size_t n)
{
    while (stream->end - stream->at < n && !stream->ended && !stream->fault) {
        make_room(stream);
        if (stream->packed)
            unpack(stream);
        else
            read_plain(stream);
    }
    return stream->end - stream->at;
}

struct retort_span stream_window(const struct stream *stream)
{
    return (struct retort_span){stream->data + stream->at, stream->end - stream->at};
}

void stream_take(struct stream *stream, size_t n)
{
    size_t held = stream->end - stream->at;
    stream->at += n < held ? n : held;
}

bool stream_is_direct(const struct stream *stream)
{
    return !stream->packed && !stream->ended && !stream->fault && stream->at == stream->end &&
           stream->input.at == stream->input.end;
}

size_t stream_read(struct stream *stream, uint8_t *bytes, size_t n)
{
    size_t got = n > 0 ? read_bytes(&stream->input, bytes, n) : 0;
    if (n > 0 && got == 0)
        end_of_file(stream);
    return got;
}

bool stream_is_ready(const struct stream *stream, size_t n)
{
    const struct stream_input *input = &stream->input;
    struct pollfd other = {.fd = input->descriptor, .events = POLLIN};
    return stream->ended || stream->fault || input->dry || stream->end - stream->at >= n ||
           input->at < input->end || input->descriptor < 0 || poll(&other, 1, 0) != 0;
}

bool stream_pass(struct stream *stream)
{
    bool damaged = stream->fault == STREAM_DAMAGED;
    stream->at = stream->end;
    stream->fault = STREAM_SOUND;
    if (!damaged)
        return !stream->ended;
    step_back(stream);
    stream->ended = !find_member(stream);
    if (!stream->ended)
        start_member(stream);
    return !stream->ended;
}

/* ---- opening and closing ---- */

void stream_expect_gzip(struct stream *stream)
{
    if (inflateInit2(&stream->inflater, GZIP_WINDOW) != Z_OK)
        retort_out_of_memory();
    stream->packed = true;
}

static void begin(struct stream *stream, size_t read_size)
{
    struct stream_input *input = &stream->input;
    input->member = SIZE_MAX;
    input->read_size = read_size ? read_size : READ_SIZE;
    if (want_input(input, 2) && is_gzip(input->data))
        stream_expect_gzip(stream);
}

bool stream_open(struct stream *stream, const char *path, size_t read_size,
                 struct retort_error *error)
{
    struct stat status;
    *stream = (struct stream){.input = {.descriptor = STDIN_FILENO}};
    struct stream_input *input = &stream->input;
    if (strcmp(path, "-") != 0)
        input->descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (input->descriptor < 0)
        return retort_fail(error, RETORT_INPUT, "%s: %s; check %s", path, strerror(errno),
                           errno == ENOENT ? "the name" : "its permissions");
    if (fstat(input->descriptor, &status) == 0 && S_ISREG(status.st_mode))
        input->total = (size_t)status.st_size;
    begin(stream, read_size);
    return true;
}

void stream_open_bytes(struct stream *stream, struct retort_span bytes, size_t read_size)
{
    *stream = (struct stream){.input = {.descriptor = -1, .memory = bytes, .total = bytes.len}};
    begin(stream, read_size);
}

void stream_close(struct stream *stream)
{
    if (stream->input.descriptor > STDIN_FILENO)
        close(stream->input.descriptor);
    if (stream->packed)
        inflateEnd(&stream->inflater);
    free(stream->input.data);
    free(stream->data);
}
