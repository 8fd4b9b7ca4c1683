/* evidence: what storing pages and storing lines have in common. */
#ifndef RETORT_STORE_EVIDENCE_H
#define RETORT_STORE_EVIDENCE_H

#include "store/identity.h"
#include "store/sql.h"

/* A row of comment, ready to be stored. Spans with NULL data and ids of 0 are unknown. */
struct evidence_row {
    struct identity_fields fields;
    int64_t source, article, parent_text;
    struct retort_span parent_id, text, meta;
    const uint8_t *identity;   /* NULL: to be made */
    struct retort_span stored; /* when; data NULL: now */
};

/* Binds an id; 0 stays NULL. */
void store_bind_id(sqlite3_stmt *statement, int column, int64_t id);
/* Runs a query for one id; 0 when there is no row. */
bool store_find_id(struct retort_store *store, sqlite3_stmt *statement, int64_t *id,
                   struct retort_error *error);
bool store_put_source(struct retort_store *store, const char *name, int64_t *id,
                      struct retort_error *error);
/* An article's text, of which the last is remembered; NULL data gives 0. */
bool store_put_article(struct retort_store *store, struct retort_span text, int64_t *id,
                       struct retort_error *error);
/* What a line says it is about and answers. */
bool store_put_passages(struct retort_store *store, const struct retort_line_record *line,
                        struct evidence_row *row, struct retort_error *error);
/* Where the row has no identity, store->scratch holds its fields as identity_write left them. */
bool store_put_comment(struct retort_store *store, const struct evidence_row *row, uint64_t ordinal,
                       int64_t *id, struct retort_error *error);
/* Steps through rows of comments (the columns of EACH_COMMENT); the statement stays the caller's.
 */
bool store_visit_comments(struct retort_store *store, sqlite3_stmt *read,
                          bool (*visit)(void *context, const struct retort_stored_comment *comment,
                                        struct retort_error *error),
                          void *context, struct retort_error *error);

#endif
