/* The way back, and its end: runs taken back, and earlier models' labels deleted for good. Both go
 * through the file in short transactions and can be killed and called again. */
#include "relabel/run.h"

enum { AT_ONCE = 500 }; /* comments a step; a transaction has as many steps as its turn allows */

/* ---- can it be taken back? ---- */

struct asked {
    const struct retort_run *run;
    int64_t newest; /* of those that came after it and stand in its way; 0: none */
};

static bool shares_task(const struct retort_run *a, const struct retort_run *b)
{
    for (size_t i = 0; i < a->n_models; i++)
        for (size_t j = 0; j < b->n_models; j++)
            if (strcmp(a->tasks[i], b->tasks[j]) == 0)
                return true;
    return false;
}

static bool look_at_run(void *context, const struct retort_run *run, struct retort_error *error)
{
    struct asked *asked = context;
    bool stands = run->state != RETORT_RUN_REVERTED && run->state != RETORT_RUN_PRUNED;
    (void)error;
    if (run->id > asked->run->id && run->id > asked->newest && stands &&
        shares_task(run, asked->run))
        asked->newest = run->id;
    return true;
}

static bool check(struct retort_store *store, const char *db, const struct retort_run *run,
                  struct retort_error *error)
{
    struct asked asked = {run, 0};
    if (run->state == RETORT_RUN_PRUNED)
        return retort_fail(error, RETORT_REFUSED,
                           "run %lld can't be taken back: the labels before it were pruned",
                           (long long)run->id);
    if (!retort_store_each_run(store, look_at_run, &asked, error))
        return false;
    return asked.newest == 0 ||
           retort_fail(error, RETORT_REFUSED,
                       "run %lld came after it, for the same task; take that back first: `retort "
                       "relabel -d %s --revert %lld`",
                       (long long)asked.newest, db, (long long)asked.newest);
}

/* ---- taking back ---- */

static bool revert(struct retort_store *store, const struct retort_run *run, bool quiet,
                   struct retort_run_back *back, struct retort_error *error)
{
    struct retort_progress progress;
    bool good = retort_store_begin(store, error);
    retort_progress_begin(&progress, "comments", run->labelled, quiet);
    while (good && !back->finished) {
        good = retort_store_run_revert(store, run->id, AT_ONCE, back, error);
        retort_progress_step(&progress, back->reverted + back->kept);
        if (good && !back->finished && retort_store_is_due(store))
            good = retort_store_commit(store, error) && retort_store_begin(store, error);
    }
    retort_progress_end(&progress);
    good = good && retort_store_commit(store, error);
    if (!good)
        retort_store_rollback(store);
    return good;
}

bool retort_relabel_revert(struct retort_store *store, const char *db, int64_t id, bool quiet,
                           struct retort_run_back *back, struct retort_error *error)
{
    struct run_lock lock;
    struct retort_arena arena = {0};
    struct retort_run run;
    *back = (struct retort_run_back){0};
    if (!run_lock_take(&lock, db, error))
        return false;
    bool good = retort_store_run(store, id, &arena, &run, error);
    back->finished = good && run.state == RETORT_RUN_REVERTED;
    good = good && (back->finished ||
                    (check(store, db, &run, error) && revert(store, &run, quiet, back, error)));
    retort_arena_release(&arena);
    run_lock_release(&lock);
    return good;
}

/* ---- pruning ---- */

static bool look_for_halves(void *context, const struct retort_run *run, struct retort_error *error)
{
    const char *db = context;
    if (run->state == RETORT_RUN_OPEN)
        return retort_fail(error, RETORT_REFUSED,
                           "run %lld is not at its end; call it again, or take it back: `retort "
                           "relabel -d %s --revert %lld`",
                           (long long)run->id, db, (long long)run->id);
    if (run->state == RETORT_RUN_REVERTING)
        return retort_fail(error, RETORT_REFUSED,
                           "run %lld is half taken back; finish that first: `retort relabel -d %s "
                           "--revert %lld`",
                           (long long)run->id, db, (long long)run->id);
    return true;
}

static bool prune(struct retort_store *store, const char *db, bool quiet, uint64_t *n_deleted,
                  struct retort_error *error)
{
    struct retort_progress progress;
    int64_t behind = 0, last;
    bool finished = false;
    bool good = retort_store_each_run(store, look_for_halves, (void *)db, error) &&
                retort_store_last_comment(store, &last, error) && retort_store_begin(store, error);
    if (!good)
        return false;
    retort_progress_begin(&progress, "comments", (size_t)last, quiet);
    while (good && !finished) {
        good = retort_store_prune(store, &behind, AT_ONCE, n_deleted, &finished, error);
        retort_progress_step(&progress, (size_t)behind);
        if (good && !finished && retort_store_is_due(store))
            good = retort_store_commit(store, error) && retort_store_begin(store, error);
    }
    retort_progress_end(&progress);
    good = good && retort_store_commit(store, error);
    if (!good)
        retort_store_rollback(store);
    return good;
}

bool retort_relabel_prune(struct retort_store *store, const char *db, bool quiet,
                          uint64_t *n_deleted, struct retort_error *error)
{
    struct run_lock lock;
    *n_deleted = 0;
    if (!run_lock_take(&lock, db, error))
        return false;
    bool good = prune(store, db, quiet, n_deleted, error);
    run_lock_release(&lock);
    return good;
}
