/* Draws: what was chosen for review, with which chance; and what could be. */
#include "store/evidence.h"

#include <assert.h>

/* ---- writing ---- */

static bool run_for_id(struct retort_store *store, sqlite3_stmt *put, int64_t *id,
                       struct retort_error *error)
{
    if (!store_run(store, put, error))
        return false;
    *id = sqlite3_last_insert_rowid(store->db);
    return true;
}

bool retort_store_put_draw(struct retort_store *store, const struct retort_draw_record *record,
                           int64_t *id, struct retort_error *error)
{
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_stmt *put = store_statement(store, PUT_DRAW, error);
    if (!put)
        return false;
    bind_text(put, 1, record->design);
    if (record->seeded)
        sqlite3_bind_int64(put, 2, (int64_t)record->seed);
    sqlite3_bind_int64(put, 3, (int64_t)record->population);
    bind_text(put, 4, retort_span_of(record->reviewer));
    return run_for_id(store, put, id, error);
}

bool retort_store_put_selection(struct retort_store *store,
                                const struct retort_selection_record *record, int64_t *id,
                                struct retort_error *error)
{
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_stmt *put = store_statement(store, PUT_SELECTION, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, record->draw);
    sqlite3_bind_int64(put, 2, record->comment);
    bind_text(put, 3, record->task);
    sqlite3_bind_double(put, 4, record->probability);
    bind_optional(put, 5, record->stratum);
    return run_for_id(store, put, id, error);
}

/* ---- what could be drawn ---- */

static void bind_filter(sqlite3_stmt *read, const struct retort_run_filter *filter)
{
    bind_optional(read, 2, filter->source);
    bind_optional(read, 3, filter->author);
    bind_optional(read, 4, filter->since);
    bind_optional(read, 5, filter->until);
    bind_optional(read, 6, filter->task);
    bind_optional(read, 7, filter->label);
    bind_optional(read, 8, filter->state);
}

bool retort_store_each_waiting(struct retort_store *store, const char *task,
                               const struct retort_run_filter *filter,
                               bool (*visit)(void *context, const struct retort_waiting *waiting,
                                             struct retort_error *error),
                               void *context, struct retort_error *error)
{
    const struct retort_run_filter all = {0};
    bool found = true, good = true;
    sqlite3_stmt *read = store_own_statement(store, EACH_WAITING, error);
    if (!read)
        return false;
    bind_text(read, 1, retort_span_of(task));
    bind_filter(read, filter ? filter : &all);
    while (good && (good = store_step(store, read, &found, error)) && found) {
        const struct retort_waiting waiting = {
            .comment = sqlite3_column_int64(read, 0),
            .source = sqlite3_column_int64(read, 1),
            .near = sqlite3_column_double(read, 2),
            .label = column_text(read, 3),
        };
        good = visit(context, &waiting, error);
    }
    sqlite3_finalize(read);
    return good;
}

bool retort_store_source_name(struct retort_store *store, int64_t source,
                              struct retort_arena *arena, struct retort_span *name,
                              struct retort_error *error)
{
    if (!store_read_text(store, SOURCE_NAME, source, arena, name, error))
        return false;
    if (!name->data)
        *name = RETORT_SPAN("");
    return true;
}

/* ---- what was drawn ---- */

bool retort_store_sample(struct retort_store *store, int64_t id, const char *task,
                         struct retort_arena *arena, struct retort_stored_draw *draw,
                         struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, ONE_SAMPLE, error);
    *draw = (struct retort_stored_draw){0};
    if (!read)
        return false;
    store_bind_id(read, 1, id);
    if (task)
        bind_text(read, 2, retort_span_of(task));
    if (!store_step(store, read, &found, error))
        return false;
    if (found)
        *draw = (struct retort_stored_draw){
            .id = sqlite3_column_int64(read, 0),
            .design = retort_arena_copy(arena, column_text(read, 1)),
            .task = retort_arena_copy(arena, column_text(read, 2)),
            .reviewer = retort_arena_copy(arena, column_text(read, 3)),
            .drawn = retort_arena_copy(arena, column_text(read, 4)),
            .seed = (uint64_t)sqlite3_column_int64(read, 5),
            .population = (uint64_t)sqlite3_column_int64(read, 6),
            .n_items = (uint64_t)sqlite3_column_int64(read, 7),
        };
    sqlite3_reset(read);
    return true;
}

bool retort_store_selection(struct retort_store *store, int64_t draw, int64_t comment,
                            struct retort_span task, int64_t *id, struct retort_error *error)
{
    sqlite3_stmt *find = store_statement(store, FIND_SELECTION, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, draw);
    sqlite3_bind_int64(find, 2, comment);
    bind_text(find, 3, task);
    return store_find_id(store, find, id, error);
}

bool retort_store_each_sampled(struct retort_store *store, const char *task,
                               bool (*visit)(void *context, const struct retort_sampled *sampled,
                                             struct retort_error *error),
                               void *context, struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_own_statement(store, EACH_SAMPLED, error);
    if (!read)
        return false;
    bind_text(read, 1, retort_span_of(task));
    while (good && (good = store_step(store, read, &found, error)) && found) {
        const struct retort_sampled sampled = {
            .draw = sqlite3_column_int64(read, 0),
            .design = column_text(read, 1),
            .selection = sqlite3_column_int64(read, 2),
            .comment = sqlite3_column_int64(read, 3),
            .probability = sqlite3_column_double(read, 4),
            .stratum = column_text(read, 5),
            .decided = sqlite3_column_int(read, 6) != 0,
            .served = sqlite3_column_int(read, 7) != 0,
            .population = (uint64_t)sqlite3_column_int64(read, 8),
        };
        good = visit(context, &sampled, error);
    }
    sqlite3_finalize(read);
    return good;
}
