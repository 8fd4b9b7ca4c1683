/* relabel: stored comments through new models, and what that changes.
 *
 * A run goes through the comments by id, in short transactions: comments are read and their labels
 * written in the caller's thread, and labelled in all. With each transaction the run keeps how far
 * it has come, so that it can be killed at any instant and goes on there. People's decisions are
 * evidence, and no run touches them; earlier models' labels stay beside the new ones until they are
 * pruned, so that a run can be taken back. */
#ifndef RETORT_RELABEL_H
#define RETORT_RELABEL_H

#include "base/base.h"
#include "intake/intake.h"
#include "model/model.h"
#include "store/store.h"

/* ---- runs ---- */

/* Opens models (their files, or all of a directory) so that nobody can change them meanwhile: a
 * file may be replaced, deleted or overwritten. To be closed by retort_models_close. */
bool retort_relabel_open_files(struct retort_models *models, const char *const *paths,
                               size_t n_paths, struct retort_error *error);
bool retort_relabel_open_directory(struct retort_models *models, const char *directory,
                                   struct retort_error *error);

struct retort_relabel_request {
    const struct retort_models *models;
    /* Which comments: task=NAME, label=NAME, page=SOURCE, author=NAME, since=TIME, until=TIME,
     * state=waiting|decided|changed, commas between; a value may stand in "". NULL: all. */
    const char *where;
    size_t n_threads; /* 1 or more */
    bool quiet;       /* no progress */
};

struct retort_relabel_outcome {
    int64_t run;         /* 0: nothing has changed, and nothing was written */
    bool resumed;        /* it went on where an earlier call had come to an end */
    uint64_t n_comments; /* looked at by this call */
    uint64_t n_labelled; /* comments of which the run has written a label, earlier calls' too */
};
/* The store is open for editing; db: its path. RETORT_USAGE: a filter that means nothing.
 * RETORT_REFUSED, before anything is written: a model that does not fit (its task, its labels, what
 * it looks at), another run or pruning that is going on, a run that is half taken back. */
bool retort_relabel(struct retort_store *store, const char *db,
                    const struct retort_relabel_request *request,
                    struct retort_relabel_outcome *outcome, struct retort_error *error);
/* The same, but writes nothing: every comment's labels as they are and as they would be, each model
 * a visit, also where both are the same. The store may be open for reading. */
bool retort_relabel_preview(struct retort_store *store,
                            const struct retort_relabel_request *request,
                            bool (*visit)(void *context, const struct retort_change *change,
                                          struct retort_error *error),
                            void *context, struct retort_error *error);
/* Takes a run back, or goes on with that. RETORT_REFUSED: a later run for the same task stands, or
 * what it replaced was pruned. */
bool retort_relabel_revert(struct retort_store *store, const char *db, int64_t run, bool quiet,
                           struct retort_run_back *back, struct retort_error *error);
/* Deletes all labels that are not the latest of their task; no run can be taken back any more. */
bool retort_relabel_prune(struct retort_store *store, const char *db, bool quiet,
                          uint64_t *n_deleted, struct retort_error *error);

/* What a model is told of a stored comment, toward the target that was given (empty: none was); the
 * same as when it was first labelled. In the arena. */
bool retort_relabel_item(struct retort_store *store, int64_t comment, struct retort_span target,
                         struct retort_arena *arena, struct retort_item *item,
                         struct retort_error *error);
/* An open model as the store would hand it out, in the arena. */
struct retort_stored_model *retort_diff_model(const struct retort_model *model,
                                              struct retort_arena *arena);

#endif
