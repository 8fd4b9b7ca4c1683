/* warc (private to archive): the records of a WARC or WET file. */
#ifndef RETORT_ARCHIVE_WARC_H
#define RETORT_ARCHIVE_WARC_H

#include "archive/archive.h"
#include "archive/stream.h"

enum warc_kind {
    WARC_OTHER,      /* requests, metadata, … : passed over */
    WARC_RESPONSE,   /* an HTTP answer */
    WARC_RESOURCE,   /* a file as it is */
    WARC_CONVERSION, /* its text: what WET files hold */
};

/* All spans lie in the stream's window. */
struct warc_record {
    enum warc_kind kind;
    struct retort_span uri, date, content_type;
    struct retort_span block;
};

struct warc {
    struct stream *stream;
    const char *path;  /* for messages */
    size_t most_bytes; /* of a block */
    size_t n_records;  /* heads read so far */
    size_t used;       /* of the window by the record at hand */
    size_t mended;     /* the end of the record at hand, whose length lies; 0: it does not */
    bool lost;         /* looking for the next record */
    bool unfinished;   /* the last block was whole, but the file ends before the record does */
};

enum retort_archive_step warc_next(struct warc *warc, struct warc_record *record,
                                   struct retort_error *error);
/* Could it be the beginning of a WARC file? */
bool warc_begins(struct retort_span bytes);

/* "crawl.warc.gz record 12 (https://…)" */
void warc_put_name(struct retort_buffer *out, const char *path, size_t record,
                   struct retort_span uri);

#endif
