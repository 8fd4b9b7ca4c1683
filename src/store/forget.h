/* forget: what the two files that remove a person share. */
#ifndef RETORT_STORE_FORGET_H
#define RETORT_STORE_FORGET_H

#include "store/evidence.h"

/* A statement that is needed once, with texts bound from ?1 on; NULL and the error. */
sqlite3_stmt *forget_statement(struct retort_store *store, const char *sql,
                               const struct retort_span *texts, size_t n_texts,
                               struct retort_error *error);
/* Runs one that gives no row. */
bool forget_run(struct retort_store *store, const char *sql, const struct retort_span *texts,
                size_t n_texts, struct retort_error *error);

/* Overwrites what the comments of temp.gone are on pages: bytes, lines, texts made of them. Earlier
 * readings that say of others what was theirs are added to temp.gone. */
bool forget_pages(struct retort_store *store, struct retort_span author,
                  struct retort_error *error);

#endif
