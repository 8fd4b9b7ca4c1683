/* What the suites of store and review share: a directory of their own, pages from lists of strings,
 * small models. */
#ifndef RETORT_TESTS_STORE_FIXTURE_H
#define RETORT_TESTS_STORE_FIXTURE_H

#include "store/store.h"

#include <check.h>

/* A fresh directory under $TMPDIR; the path of a file in it (borrowed until the next call). */
void fixture_begin(void);
void fixture_end(void);
const char *fixture_path(const char *name);
const char *fixture_directory(void);

/* Opens or fails the test. */
struct retort_store *fixture_open(const char *name, enum retort_store_mode mode);
/* Puts a page of these comments (NULL ends the list) in one transaction. A leading digit and colon
 * ("2:text") names the comment answered. ids may be NULL. */
enum retort_page_outcome fixture_page(struct retort_store *store, const char *source,
                                      const char *splitter, const char *const *texts, int64_t *ids);
/* The same without begin and commit. */
bool fixture_put(struct retort_store *store, const char *source, const char *splitter,
                 const char *const *texts, int64_t *ids, enum retort_page_outcome *outcome,
                 struct retort_error *error);
int64_t fixture_line(struct retort_store *store, const char *native_id, const char *text);

/* A model without features: its labels' p are what its biases say. `salt` changes its hash. */
struct retort_model *fixture_model(const char *task, enum retort_choice choice,
                                   const char *const *labels, const char *salt);
/* Labels a comment with these p, in a transaction of its own. */
void fixture_label(struct retort_store *store, const struct retort_model *model, int64_t comment,
                   const double *p);
/* One number from the database, by a connection of its own. */
int64_t fixture_ask(const char *name, const char *sql);
/* The same, with a second database as `other`. */
int64_t fixture_ask_both(const char *name, const char *other, const char *sql);

/* Parts of the store's suite with files of their own. */
TCase *store_refusals(void);
TCase *store_accidents(void);
TCase *store_neighbours(void);
TCase *store_outlines(void);
TCase *store_bulk(void);
TCase *store_forgetting(void);

#endif
