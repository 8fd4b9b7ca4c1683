/* Runs taken back, and what no run needs any more.
 *
 * A label that was the latest before the run is the latest again, as it stands; only where the same
 * model had said something else is a row written anew, and where there was none the run's is
 * deleted. A comment that was labelled again since stays as it is. Decisions are not looked at:
 * what waits for a person follows from the labels. */
#include "store/evidence.h"
#include "store/rank.h"
#include "store/run.h"

#include <string.h>

static bool restore_row(struct retort_store *store, int64_t run, int64_t comment, int64_t model,
                        struct retort_error *error)
{
    return store_run_with(store, RESTORE_ROW, (const int64_t[]){run, comment, model}, 3, error);
}

static bool delete_label(struct retort_store *store, int64_t comment, int64_t model,
                         struct retort_error *error)
{
    return store_run_with(store, DELETE_LABEL, (const int64_t[]){comment, model}, 2, error);
}

/* One model's label of a comment; *kept: another is the latest by now. What is counted of a label
 * is counted by what it says: before a row is rewritten or deleted, it is in no list. */
static bool revert_label(struct retort_store *store, int64_t run, int64_t comment, int64_t model,
                         uint32_t before, bool *kept, struct retort_error *error)
{
    bool other = before != 0 && before != model, was;
    if (!store_settle_move(store, comment, model, other ? before : 0, &was, error))
        return false;
    *kept |= !was;
    if (other || !was)
        return true;
    store_settle_forget(store);
    return before == 0 ? delete_label(store, comment, model, error)
                       : restore_row(store, run, comment, model, error) &&
                             store_settle_comment(store, comment, error);
}

/* ---- many ---- */

struct lot {
    struct retort_arena arena;
    int64_t *models; /* of the run; 0: that one has no labels here */
    int64_t *comments;
    struct retort_span *before;
    size_t n;
};

/* Gathered before any of them is written to. */
static bool read_lot(struct retort_store *store, const struct retort_run *run, size_t most,
                     struct lot *lot, struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_statement(store, RUN_COMMENTS, error);
    if (!read)
        return false;
    lot->comments = RETORT_NEW(&lot->arena, int64_t, most);
    lot->before = RETORT_NEW(&lot->arena, struct retort_span, most);
    sqlite3_bind_int64(read, 1, run->id);
    sqlite3_bind_int64(read, 2, run->up_to);
    sqlite3_bind_int64(read, 3, (int64_t)most);
    while (lot->n < most && (good = store_step(store, read, &found, error)) && found) {
        lot->comments[lot->n] = sqlite3_column_int64(read, 0);
        lot->before[lot->n++] = retort_arena_copy(&lot->arena, column_blob(read, 1));
    }
    sqlite3_reset(read);
    return good;
}

static bool mark(struct retort_store *store, const struct retort_run *run, int64_t up_to,
                 bool finished, struct retort_error *error)
{
    return store_run_reach(store, run->id, up_to, run->labelled,
                           finished ? RETORT_RUN_REVERTED : RETORT_RUN_REVERTING, error);
}

static int64_t model_of(const struct retort_store *store, const char *hash)
{
    for (size_t i = 0; i < store->n_models; i++)
        if (strcmp(store->models[i].hash, hash) == 0)
            return store->models[i].id;
    return 0;
}

static bool revert_comment(struct retort_store *store, const struct retort_run *run,
                           const struct lot *lot, size_t nth, struct retort_run_back *back,
                           struct retort_error *error)
{
    bool kept = false;
    for (size_t m = 0; m < run->n_models; m++) {
        uint32_t before = run_before(lot->before[nth], m);
        if (before != BEFORE_SAME && lot->models[m] &&
            !revert_label(store, run->id, lot->comments[nth], lot->models[m], before, &kept, error))
            return false;
    }
    back->kept += kept;
    back->reverted += !kept;
    return true;
}

static bool revert_lot(struct retort_store *store, const struct retort_run *run, size_t most,
                       struct retort_run_back *back, struct retort_error *error)
{
    struct lot lot = {0};
    bool good = store_models_load(store, error) && read_lot(store, run, most, &lot, error);
    lot.models = RETORT_NEW(&lot.arena, int64_t, run->n_models);
    for (size_t m = 0; m < run->n_models; m++)
        lot.models[m] = model_of(store, run->hashes[m]);
    for (size_t i = 0; good && i < lot.n; i++)
        good = revert_comment(store, run, &lot, i, back, error);
    back->finished = lot.n < most;
    int64_t up_to = lot.n ? lot.comments[lot.n - 1] : run->up_to;
    good = good && mark(store, run, up_to, back->finished, error);
    retort_arena_release(&lot.arena);
    return good;
}

/* `up_to` says how far a run has come, and when it is taken back how far that has. */
bool retort_store_run_revert(struct retort_store *store, int64_t run, size_t most,
                             struct retort_run_back *back, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_run of;
    sqlite3_stmt *begin = store_statement(store, MARK_REVERTING, error);
    if (!begin)
        return false;
    sqlite3_bind_int64(begin, 1, run);
    bool good = store_run(store, begin, error) &&
                retort_store_run(store, run, &arena, &of, error) &&
                revert_lot(store, &of, most, back, error);
    retort_arena_release(&arena);
    return good;
}

/* ---- pruning ---- */

static bool prune_kept(struct retort_store *store, enum statement which, size_t most,
                       bool *finished, struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, which, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, (int64_t)most);
    bool good = store_run(store, put, error);
    *finished &= sqlite3_changes(store->db) == 0;
    return good;
}

static bool prune_labels(struct retort_store *store, int64_t behind, int64_t up_to,
                         uint64_t *n_deleted, struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, PRUNE_LABELS, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, behind);
    sqlite3_bind_int64(put, 2, up_to);
    bool good = store_run(store, put, error);
    *n_deleted += (uint64_t)sqlite3_changes(store->db);
    return good;
}

static bool find_reach(struct retort_store *store, int64_t behind, size_t most, int64_t *up_to,
                       struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, PRUNE_REACH, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, behind);
    sqlite3_bind_int64(find, 2, (int64_t)most);
    return store_find_id(store, find, up_to, error);
}

bool retort_store_prune(struct retort_store *store, int64_t *behind, size_t most,
                        uint64_t *n_deleted, bool *finished, struct retort_error *error)
{
    int64_t up_to;
    *finished = true;
    if (!store_plain(store, PRUNE_RUNS, error) ||
        !prune_kept(store, PRUNE_RUN_COMMENTS, most, finished, error) ||
        !prune_kept(store, PRUNE_REPLACED, most, finished, error) ||
        !find_reach(store, *behind, most, &up_to, error))
        return false;
    if (up_to == 0)
        return true;
    *finished = false;
    if (!prune_labels(store, *behind, up_to, n_deleted, error))
        return false;
    *behind = up_to;
    return true;
}
