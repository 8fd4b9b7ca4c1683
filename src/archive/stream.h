/* stream (private to archive): the bytes of a file, gzip undone, seen through a window that slides.
 *
 * The window holds what was read and not yet taken; filling it moves it, so spans into it last
 * until the next fill. Where the bytes cannot go on (the file is cut, gzip data are damaged) the
 * window ends, and nothing behind that place comes in before the reader has passed the fault. */
#ifndef RETORT_ARCHIVE_STREAM_H
#define RETORT_ARCHIVE_STREAM_H

#include "base/base.h"

#define ZLIB_CONST
#include <zlib.h>

enum stream_fault {
    STREAM_SOUND,
    STREAM_CUT,        /* the file ends in the middle of gzip data */
    STREAM_DAMAGED,    /* gzip data that are none */
    STREAM_UNREADABLE, /* the system refuses */
};

/* The bytes as they stand in the file. */
struct stream_input {
    int descriptor;            /* -1: from memory */
    struct retort_span memory; /* what is left of it */
    uint8_t *data;
    size_t at, end, capacity; /* unread is [at, end) */
    size_t member;            /* where the gzip member began; SIZE_MAX: no longer held */
    size_t n_read, total;     /* bytes read from the file, of how many; 0: unknown */
    size_t read_size;
    bool dry; /* nothing more comes */
    int why;  /* errno of the read that failed; 0: none did */
};

struct stream {
    struct stream_input input;
    z_stream inflater;
    bool packed;    /* gzip */
    bool in_member; /* packed: between a member's header and its end */
    uint8_t *data;
    size_t at, end, capacity; /* the window is [at, end) */
    bool ended;               /* nothing comes behind the window (and its fault) */
    enum stream_fault fault;
    char why[160]; /* of the fault: "its gzip data are damaged near byte 512 (…)" */
    size_t rescanned;
};

/* Both take the first bytes, to see whether it is gzip. */
bool stream_open(struct stream *stream, const char *path, size_t read_size,
                 struct retort_error *error);
void stream_open_bytes(struct stream *stream, struct retort_span bytes, size_t read_size);
void stream_close(struct stream *stream);

/* Reads until the window holds n bytes, or the stream ends or has a fault; how many it holds. */
size_t stream_fill(struct stream *stream, size_t n);
struct retort_span stream_window(const struct stream *stream);
void stream_take(struct stream *stream, size_t n); /* at most what the window holds */
/* Is it a plain file of which all that was read is taken? Then its next bytes may be read past the
 * window; 0: there are none. */
bool stream_is_direct(const struct stream *stream);
size_t stream_read(struct stream *stream, uint8_t *bytes, size_t n);
/* Does the window hold n bytes, or would more come without waiting for another program? */
bool stream_is_ready(const struct stream *stream, size_t n);
/* Drops the window and goes on behind the fault; false: nothing follows. */
bool stream_pass(struct stream *stream);
/* The file is gzip, though it does not begin so. */
void stream_expect_gzip(struct stream *stream);

#endif
