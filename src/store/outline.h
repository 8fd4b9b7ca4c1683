/* outline: the lines of a split as they are kept. */
#ifndef RETORT_STORE_OUTLINE_H
#define RETORT_STORE_OUTLINE_H

#include "store/evidence.h"

/* Is the text of its lines a part of its bytes? */
bool outline_is_plain(const struct retort_page_record *page);
/* Its lines as text, a line each. */
void outline_write(const struct retort_page_record *page, struct retort_buffer *out);
/* Puts it beside its split; nothing where the record has no lines. */
bool outline_put(struct retort_store *store, int64_t split, const struct retort_page_record *page,
                 struct retort_error *error);
/* Lines over `text`, which must outlive them, into the arena; false: the outline is damaged. */
bool outline_read(struct retort_span lines, struct retort_span text, struct retort_arena *arena,
                  struct retort_page *page);

#endif
