/* Decisions in force for one task, with what is known of how their items came to be looked at: so
 * that a model can learn from them without learning what the queue likes. */
#include "store/evidence.h"

bool retort_store_each_decided(struct retort_store *store, const char *task,
                               bool (*visit)(void *context, const struct retort_decided *decided,
                                             struct retort_error *error),
                               void *context, struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_own_statement(store, EACH_DECIDED, error);
    if (!read)
        return false;
    bind_text(read, 1, retort_span_of(task));
    while (good && (good = store_step(store, read, &found, error)) && found) {
        const struct retort_decided decided = {
            .decision = sqlite3_column_int64(read, 0),
            .comment = sqlite3_column_int64(read, 1),
            .target = column_text(read, 2),
            .label = column_text(read, 3),
            .model = column_text(read, 4),
            .in_bulk = sqlite3_column_type(read, 5) != SQLITE_NULL,
            .first = sqlite3_column_int64(read, 6),
            .draw = sqlite3_column_int64(read, 7),
            .drawn = sqlite3_column_int64(read, 8),
            .design = column_text(read, 9),
            .population = (uint64_t)sqlite3_column_int64(read, 10),
        };
        good = visit(context, &decided, error);
    }
    sqlite3_finalize(read);
    return good;
}

bool retort_store_drawn_passed(struct retort_store *store, const char *task, uint64_t *n,
                               struct retort_error *error)
{
    int64_t count = 0;
    sqlite3_stmt *find = store_statement(store, DRAWN_PASSED, error);
    if (find)
        bind_text(find, 1, retort_span_of(task));
    bool good = find && store_find_id(store, find, &count, error);
    *n = (uint64_t)count;
    return good;
}
