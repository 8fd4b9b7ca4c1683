/* run (private to store): a comment's labels by all models, as a run looks at them. */
#ifndef RETORT_STORE_RUN_H
#define RETORT_STORE_RUN_H

#include "store/sql.h"

struct run_row {
    bool latest; /* of the models of its task */
    struct retort_stored_answer answer;
    struct retort_span target;
    double worth; /* as it is stored */
};
struct run_rows {
    struct run_row *all;
    size_t n;
};
/* All labels of a comment, by model; in the arena. */
bool store_run_rows(struct retort_store *store, int64_t comment, struct retort_arena *arena,
                    struct run_rows *rows, struct retort_error *error);
/* A row of the columns of RUN_ROWS; in the arena. */
bool store_run_row(struct retort_store *store, sqlite3_stmt *read, struct retort_arena *arena,
                   struct run_row *row, struct retort_error *error);
/* How far a run has come, what it has labelled, and how it stands. */
bool store_run_reach(struct retort_store *store, int64_t run, int64_t up_to, uint64_t labelled,
                     enum retort_run_state state, struct retort_error *error);
/* NULL: there is none. */
struct run_row *run_latest(const struct run_rows *rows, const char *task);
struct run_row *run_row_of(const struct run_rows *rows, int64_t model);

/* Of a comment and each model of a run, whose label was the latest before: run_comment.before. */
enum { BEFORE_BYTES = 4 };
#define BEFORE_SAME UINT32_MAX /* the run found its own label there */
void run_before_put(uint8_t *blob, size_t nth, uint32_t model);
uint32_t run_before(struct retort_span blob, size_t nth);

#endif
