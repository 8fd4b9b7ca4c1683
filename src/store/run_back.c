/* Runs taken back, and what no run needs any more.
 *
 * A label that was the latest before the run is the latest again, as it stands; only where the same
 * model had said something else is a row written anew, and where there was none the run's is
 * deleted. A comment that was labelled again since
 * stays as it is. Decisions are not looked at: what waits for a person follows from the labels. */
#include "store/evidence.h"
#include "store/rank.h"
#include "store/run.h"

#include <string.h>

static bool set_latest(struct retort_store *store, int64_t comment, int64_t model, bool latest,
                       struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, SET_LATEST, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, comment);
    sqlite3_bind_int64(put, 2, model);
    sqlite3_bind_int(put, 3, latest);
    return store_run(store, put, error);
}

static bool restore_row(struct retort_store *store, int64_t run, int64_t comment, int64_t model,
                        struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, RESTORE_ROW, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, run);
    sqlite3_bind_int64(put, 2, comment);
    sqlite3_bind_int64(put, 3, model);
    return store_run(store, put, error);
}

static bool delete_label(struct retort_store *store, int64_t comment, int64_t model,
                         struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, DELETE_LABEL, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, comment);
    sqlite3_bind_int64(put, 2, model);
    return store_run(store, put, error);
}

/* One model's label of a comment; *kept: another is the latest by now. What is counted of a label
 * is counted by what it says: before a row is rewritten or deleted, it is in no list. */
static bool revert_label(struct retort_store *store, const struct retort_run *run, int64_t comment,
                         const struct run_row *own, uint32_t before, bool *kept,
                         struct retort_error *error)
{
    int64_t model = own->answer.model->id;
    *kept |= !own->latest;
    if (!own->latest)
        return true;
    if (!set_latest(store, comment, model, false, error))
        return false;
    if (before != 0 && before != model)
        return set_latest(store, comment, before, true, error);
    return store_settle_comment(store, comment, error) &&
           (before == 0 ? delete_label(store, comment, model, error)
                        : restore_row(store, run->id, comment, model, error));
}

static const struct run_row *own_row(const struct run_rows *rows, const char *hash)
{
    for (size_t i = 0; i < rows->n; i++)
        if (strcmp(rows->all[i].answer.model->hash, hash) == 0)
            return &rows->all[i];
    return NULL;
}

static bool revert_comment(struct retort_store *store, const struct retort_run *run,
                           int64_t comment, struct retort_span before, struct retort_run_back *back,
                           struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct run_rows rows;
    bool kept = false, good = store_run_rows(store, comment, &arena, &rows, error);
    for (size_t m = 0; good && m < run->n_models; m++) {
        const struct run_row *own = own_row(&rows, run->hashes[m]);
        uint32_t model = run_before(before, m);
        if (own && model != BEFORE_SAME)
            good = revert_label(store, run, comment, own, model, &kept, error);
    }
    back->kept += kept;
    back->reverted += !kept;
    good = good && store_settle_comment(store, comment, error);
    retort_arena_release(&arena);
    return good;
}

/* ---- many ---- */

struct lot {
    struct retort_arena arena;
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
    sqlite3_stmt *put = store_statement(store, REACH_RUN, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, run->id);
    sqlite3_bind_int64(put, 2, up_to);
    sqlite3_bind_int64(put, 3, (int64_t)run->labelled);
    bind_text(put, 4,
              retort_span_of(
                  retort_run_state_name(finished ? RETORT_RUN_REVERTED : RETORT_RUN_REVERTING)));
    return store_run(store, put, error);
}

static bool revert_lot(struct retort_store *store, const struct retort_run *run, size_t most,
                       struct retort_run_back *back, struct retort_error *error)
{
    struct lot lot = {0};
    bool good = read_lot(store, run, most, &lot, error);
    for (size_t i = 0; good && i < lot.n; i++)
        good = revert_comment(store, run, lot.comments[i], lot.before[i], back, error);
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
