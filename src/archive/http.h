/* http (private to archive): an HTTP answer as a crawler kept it: what it says of itself, and its
 * body as a browser would see it. */
#ifndef RETORT_ARCHIVE_HTTP_H
#define RETORT_ARCHIVE_HTTP_H

#include "base/base.h"

/* All spans lie in the answer's bytes; empty: not told. */
struct http_answer {
    unsigned status;
    struct retort_span content_type, coding, transfer;
    struct retort_span body; /* as sent */
};

/* Bytes that begin with no status line are all body. */
struct http_answer http_read(struct retort_span bytes);

/* "Text/HTML; charset=\"utf-8\"" → "text/html" in the arena, and "utf-8". */
void http_media_type(struct retort_span content_type, struct retort_arena *arena,
                     struct retort_span *media_type, struct retort_span *charset);

/* Undoes chunks and compression. `bodies` are two buffers that hold the result. NULL, or what is
 * wrong with it. */
const char *http_body(const struct http_answer *answer, size_t most, struct retort_buffer bodies[2],
                      struct retort_span *body);

#endif
