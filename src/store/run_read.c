/* Runs read: which there were, what each has changed, and the comments that a run looks at. */
#include "store/evidence.h"
#include "store/run.h"

#include <string.h>

static const char *const STATES[RETORT_N_RUN_STATES] = {
    [RETORT_RUN_OPEN] = "open",         [RETORT_RUN_STOPPED] = "stopped",
    [RETORT_RUN_DONE] = "done",         [RETORT_RUN_REVERTING] = "reverting",
    [RETORT_RUN_REVERTED] = "reverted", [RETORT_RUN_PRUNED] = "pruned",
};

const char *retort_run_state_name(enum retort_run_state state)
{
    return STATES[state];
}

/* ---- runs ---- */

static enum retort_run_state state_of(struct retort_span name)
{
    size_t state = 0;
    while (state + 1 < RETORT_N_RUN_STATES &&
           !retort_span_equal(name, retort_span_of(STATES[state])))
        state++;
    return (enum retort_run_state)state;
}

static void add_model(struct retort_run *run, sqlite3_stmt *read, struct retort_arena *arena)
{
    size_t n = run->n_models;
    const char **hashes = RETORT_NEW(arena, const char *, n + 1);
    const char **tasks = RETORT_NEW(arena, const char *, n + 1);
    if (n) {
        memcpy(hashes, run->hashes, n * sizeof *hashes);
        memcpy(tasks, run->tasks, n * sizeof *tasks);
    }
    hashes[n] = retort_arena_string(arena, column_text(read, 0));
    tasks[n] = retort_arena_string(arena, column_text(read, 1));
    run->hashes = hashes;
    run->tasks = tasks;
    run->n_models = n + 1;
}

static bool read_models(struct retort_store *store, struct retort_run *run,
                        struct retort_arena *arena, struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_statement(store, RUN_MODELS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, run->id);
    while ((good = store_step(store, read, &found, error)) && found)
        add_model(run, read, arena);
    sqlite3_reset(read);
    return good;
}

static struct retort_span keep(struct retort_arena *arena, struct retort_span span)
{
    return span.data ? retort_arena_copy(arena, span) : span;
}

static bool read_run(struct retort_store *store, sqlite3_stmt *read, struct retort_arena *arena,
                     struct retort_run *run, struct retort_error *error)
{
    *run = (struct retort_run){
        .id = sqlite3_column_int64(read, 0),
        .state = state_of(column_text(read, 1)),
        .begun = keep(arena, column_text(read, 2)),
        .ended = keep(arena, column_text(read, 3)),
        .filter = keep(arena, column_text(read, 4)),
        .up_to = sqlite3_column_int64(read, 5),
        .labelled = (uint64_t)sqlite3_column_int64(read, 6),
    };
    return read_models(store, run, arena, error);
}

bool retort_store_each_run(struct retort_store *store,
                           bool (*visit)(void *context, const struct retort_run *run,
                                         struct retort_error *error),
                           void *context, struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_own_statement(store, EACH_RUN, error);
    if (!read)
        return false;
    while (good && found) {
        struct retort_arena arena = {0};
        struct retort_run run;
        good = store_step(store, read, &found, error);
        if (good && found)
            good = read_run(store, read, &arena, &run, error) && visit(context, &run, error);
        retort_arena_release(&arena);
    }
    sqlite3_finalize(read);
    return good;
}

bool retort_store_run(struct retort_store *store, int64_t id, struct retort_arena *arena,
                      struct retort_run *run, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, ONE_RUN, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    if (!store_step(store, read, &found, error))
        return false;
    if (!found)
        return retort_fail(error, RETORT_INPUT,
                           "%s: there is no run %lld; `retort relabel --runs -d %s` shows them",
                           store->path, (long long)id, store->path);
    bool good = read_run(store, read, arena, run, error);
    sqlite3_reset(read);
    return good;
}

/* ---- what a run has changed ---- */

struct change_walk {
    struct retort_store *store;
    const struct retort_run *run;
    bool (*visit)(void *context, const struct retort_change *change, struct retort_error *error);
    void *context;
};

static const struct retort_stored_model *model_of(struct retort_store *store, const char *hash)
{
    for (size_t i = 0; i < store->n_models; i++)
        if (strcmp(store->models[i].hash, hash) == 0)
            return &store->models[i];
    return NULL;
}

/* What the same model had said; *row stays NULL when that is not there. */
static bool read_replaced(const struct change_walk *walk, int64_t comment, int64_t model,
                          struct retort_arena *arena, struct run_row **row,
                          struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(walk->store, REPLACED_ROW, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, walk->run->id);
    sqlite3_bind_int64(read, 2, comment);
    sqlite3_bind_int64(read, 3, model);
    if (!store_step(walk->store, read, &found, error))
        return false;
    *row = found ? RETORT_NEW(arena, struct run_row, 1) : NULL;
    bool good = !found || store_run_row(walk->store, read, arena, *row, error);
    sqlite3_reset(read);
    return good;
}

static bool visit_model(const struct change_walk *walk, int64_t comment,
                        const struct run_rows *rows, const struct retort_stored_model *model,
                        uint32_t before, struct retort_arena *arena, struct retort_error *error)
{
    const struct run_row *after = model ? run_row_of(rows, model->id) : NULL;
    struct run_row *old = NULL;
    if (!after || before == BEFORE_SAME)
        return true;
    if (before != model->id)
        old = run_row_of(rows, before);
    else if (!read_replaced(walk, comment, model->id, arena, &old, error))
        return false;
    const struct retort_change change = {comment, after->target, old ? &old->answer : NULL,
                                         &after->answer};
    return walk->visit(walk->context, &change, error);
}

static bool visit_comment(const struct change_walk *walk, int64_t comment,
                          struct retort_span before, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct run_rows rows;
    bool good = store_run_rows(walk->store, comment, &arena, &rows, error);
    for (size_t m = 0; good && m < walk->run->n_models; m++)
        good = visit_model(walk, comment, &rows, model_of(walk->store, walk->run->hashes[m]),
                           run_before(before, m), &arena, error);
    retort_arena_release(&arena);
    return good;
}

static bool walk_changes(const struct change_walk *walk, struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_own_statement(walk->store, RUN_COMMENTS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, walk->run->id);
    sqlite3_bind_int64(read, 2, 0);
    sqlite3_bind_int64(read, 3, -1);
    while (good && (good = store_step(walk->store, read, &found, error)) && found)
        good = visit_comment(walk, sqlite3_column_int64(read, 0), column_blob(read, 1), error);
    sqlite3_finalize(read);
    return good;
}

bool retort_store_each_change(struct retort_store *store, int64_t run,
                              bool (*visit)(void *context, const struct retort_change *change,
                                            struct retort_error *error),
                              void *context, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_run of;
    bool good = retort_store_run(store, run, &arena, &of, error);
    if (good && of.state == RETORT_RUN_PRUNED)
        good = retort_fail(error, RETORT_REFUSED,
                           "%s: what run %lld replaced was pruned; what it changed is not known "
                           "any more",
                           store->path, (long long)run);
    store->models_read = false; /* another process may have added some */
    if (good && (good = store_models_load(store, error))) {
        const struct change_walk walk = {store, &of, visit, context};
        good = walk_changes(&walk, error);
    }
    retort_arena_release(&arena);
    return good;
}

/* ---- the comments a run looks at ---- */

bool retort_store_last_comment(struct retort_store *store, int64_t *id, struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, LAST_COMMENT, error);
    return find && store_find_id(store, find, id, error);
}

bool retort_store_each_behind(struct retort_store *store, const struct retort_run_filter *filter,
                              int64_t behind, size_t most,
                              bool (*visit)(void *context,
                                            const struct retort_stored_comment *comment,
                                            struct retort_error *error),
                              void *context, struct retort_error *error)
{
    sqlite3_stmt *read = store_statement(store, BEHIND, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, behind);
    bind_optional(read, 2, filter->source);
    bind_optional(read, 3, filter->author);
    bind_optional(read, 4, filter->since);
    bind_optional(read, 5, filter->until);
    bind_optional(read, 6, filter->task);
    bind_optional(read, 7, filter->label);
    bind_optional(read, 8, filter->state);
    sqlite3_bind_int64(read, 9, (int64_t)most);
    bool good = store_visit_comments(store, read, visit, context, error);
    sqlite3_reset(read);
    return good;
}

bool retort_store_given(struct retort_store *store, const struct retort_stored_comment *comment,
                        struct retort_arena *arena, struct retort_span *target,
                        struct retort_error *error)
{
    if (!store_read_text(store, GIVEN_TARGET, comment->id, arena, target, error))
        return false;
    if (!target->data)
        *target = keep(arena, comment->target);
    return true;
}

bool retort_store_title(struct retort_store *store, int64_t split, struct retort_arena *arena,
                        struct retort_span *title, struct retort_error *error)
{
    return store_read_text(store, SPLIT_TITLE, split, arena, title, error);
}

bool retort_store_stranded(struct retort_store *store, struct retort_span task, bool targeted,
                           uint64_t *n, struct retort_error *error)
{
    int64_t count;
    sqlite3_stmt *find = store_statement(store, STRANDED, error);
    if (!find)
        return false;
    bind_text(find, 1, task);
    sqlite3_bind_int(find, 2, targeted);
    if (!store_find_id(store, find, &count, error))
        return false;
    *n = (uint64_t)count;
    return true;
}
