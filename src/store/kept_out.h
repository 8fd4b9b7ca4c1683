/* kept_out: what was forgotten does not come back with the next import. */
#ifndef RETORT_STORE_KEPT_OUT_H
#define RETORT_STORE_KEPT_OUT_H

#include "store/sql.h"

/* A short text ("LOL") is nobody's own. */
enum { MARKED_TEXT_LEAST = 16 };

/* Read once a transaction; what follows asks for it itself. */
bool kept_out_read(struct retort_store *store, struct retort_error *error);
/* Has an author of this name, or a text like this, been forgotten, and is not to come back? Data
 * NULL, and texts of less than MARKED_TEXT_LEAST bytes: no. */
bool kept_out_author(struct retort_store *store, struct retort_span name, bool *is,
                     struct retort_error *error);
bool kept_out_text(struct retort_store *store, struct retort_span text, bool *is,
                   struct retort_error *error);
/* The marks that say so. */
void kept_out_mark_author(const struct kept_out *kept_out, struct retort_span name,
                          uint8_t mark[RETORT_SECRET]);
void kept_out_mark_text(const struct kept_out *kept_out, struct retort_span text,
                        uint8_t mark[RETORT_SECRET]);

/* The page as it is kept: the record itself, or a copy in the arena in which comments by those who
 * were forgotten are blank, and are marked in gone[n_comments]. */
bool kept_out_page(struct retort_store *store, const struct retort_page_record *page,
                   struct retort_arena *arena, const struct retort_page_record **kept, bool *gone,
                   struct retort_error *error);

#endif
