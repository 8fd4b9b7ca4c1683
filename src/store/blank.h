/* blank: bytes of a page overwritten so that all that stands around them stays where it is. */
#ifndef RETORT_STORE_BLANK_H
#define RETORT_STORE_BLANK_H

#include "base/base.h"
#include "page/page.h"

/* For each byte of a page: whose is it? */
enum blank { BLANK_NOT, BLANK_GONE, BLANK_OTHERS };
struct blanks {
    uint8_t *of; /* [len] of enum blank */
    size_t len;
};
struct blanks blanks_begin(size_t len, struct retort_arena *arena);
/* Bytes begin to end, as far as there are such, from now on. */
void blanks_mark(const struct blanks *blanks, size_t begin, size_t end, enum blank whose);
/* The word or text wherever it stands alone (no letter or digit on either side) and in nobody
 * else's comment. */
void blanks_find(const struct blanks *blanks, struct retort_span bytes, struct retort_span text);
/* Is one of these bytes marked as gone? */
bool blanks_touch(const struct blanks *blanks, size_t begin, size_t end);

/* Spaces in place of the marked bytes, but line ends stay; where they are markup, so do tags
 * without what stands in them, and with them the tree of the page. */
void blanks_apply(const struct blanks *blanks, struct retort_span bytes, bool is_markup,
                  uint8_t *out);
/* Takes the marked lines out of the page. text: the page's own, [text.len], to be blanked where
 * they stand; NULL: it is the bytes themselves. */
void blanks_drop_lines(const struct blanks *blanks, struct retort_page *page, uint8_t *text);

#endif
