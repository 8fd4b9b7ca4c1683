/* The bytes of an HTML page → UTF-8, by byte order mark, HTTP, the page's own word, or a guess. */
#ifndef RETORT_PAGE_CHARSET_H
#define RETORT_PAGE_CHARSET_H

#include "page/page.h"

struct charset_text {
    struct retort_span text;       /* UTF-8 */
    enum retort_encoding encoding; /* meaningless when `legacy` is set */
    const char *legacy; /* a charset that libc's iconv reads; NULL for the five of base */
};

/* `declared` is the charset of the HTTP header, empty for none. */
void charset_decode(struct retort_span bytes, struct retort_span declared,
                    struct retort_arena *arena, struct charset_text *text);
/* Ascending offsets into the text become offsets into the bytes, in place. */
void charset_source_offsets(struct retort_span bytes, const struct charset_text *text,
                            size_t *offsets, size_t n_offsets);

#endif
