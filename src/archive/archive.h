/* archive: a path or standard input → documents, one after another.
 *
 * A plain file is one document, a gzipped file too (of any number of members); a WARC or WET file,
 * plain or gzipped as a whole or by record, is as many as it has records that hold a page. Bytes
 * are read as they are asked for and forgotten once they are used: memory does not grow with the
 * archive, only with its largest document, and that has a limit.
 *
 * Archives are broken in practice: cut off, damaged, with lengths that lie. What is wrong is told
 * as a step of its own, and the next step goes on behind it: at the next record, or at the next
 * gzip member. zlib is named in this room only. */
#ifndef RETORT_ARCHIVE_H
#define RETORT_ARCHIVE_H

#include "base/base.h"

struct retort_archive; /* opaque */

/* All spans live until the next step. Empty ones: nobody told. */
struct retort_document {
    struct retort_span bytes;      /* the body alone, its chunks and compression undone */
    struct retort_span uri, date;  /* of the record; the date as written */
    struct retort_span media_type; /* in lower case, such as "text/html" */
    struct retort_span charset;    /* as written */
    unsigned status;               /* of the HTTP answer; 0: there was none */
    size_t record;                 /* from 1, all kinds counted; 0: the file is the document */
    const char *name;              /* for messages: "crawl.warc.gz record 12 (https://…)" */
};

#define RETORT_DOCUMENT_MOST ((size_t)64 << 20)

struct retort_archive_options {
    size_t most_bytes; /* of an unpacked document; 0: RETORT_DOCUMENT_MOST */
    size_t read_size;  /* bytes asked of the system at once; 0: a good size */
    bool records;      /* it is a WARC or WET file, whatever it looks like */
};

/* "-" is standard input. Reads the beginning, to see what it is. */
bool retort_archive_open(struct retort_archive **archive, const char *path,
                         const struct retort_archive_options *options, struct retort_error *error);
/* The same from memory, which must outlive the archive; `name` stands for the path. */
bool retort_archive_open_bytes(struct retort_archive **archive, const char *name,
                               struct retort_span bytes,
                               const struct retort_archive_options *options,
                               struct retort_error *error);
void retort_archive_close(struct retort_archive *archive); /* NULL is fine */

/* False: the file is one document. */
bool retort_archive_has_records(const struct retort_archive *archive);

enum retort_archive_step {
    RETORT_ARCHIVE_END,
    RETORT_ARCHIVE_DOCUMENT,
    RETORT_ARCHIVE_DAMAGE, /* the error says what could not be read; go on */
};
enum retort_archive_step retort_archive_next(struct retort_archive *archive,
                                             struct retort_document *document,
                                             struct retort_error *error);

/* A file that is one document may also be read as it comes, in place of retort_archive_next. */

/* Its first bytes, at least `most` unless it is shorter, which stay unread; until the next call. */
struct retort_span retort_archive_peek(struct retort_archive *archive, size_t most);
/* At most n of its bytes; 0 at the end, where retort_archive_next tells of damage, if any. */
size_t retort_archive_read(struct retort_archive *archive, uint8_t *bytes, size_t n);
/* Would n bytes come, or the end, as far as can be told, without waiting for whoever writes to the
 * other end of a pipe? */
bool retort_archive_is_ready(const struct retort_archive *archive, size_t n);

/* How much of the file has been read, of how much; total 0: nobody knows. */
void retort_archive_position(const struct retort_archive *archive, size_t *done, size_t *total);

/* "zlib 1.2.13" */
void retort_archive_libraries(struct retort_buffer *out);

#endif
