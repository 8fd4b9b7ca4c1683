/* What models say now of all comments, for who counts them: one pass over the labels. Who reads all
 * needs no cache of pages: what is read is not read again. */
#include "store/sql.h"

bool retort_store_hold(struct retort_store *store, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = NULL;
    sqlite3_exec(store->db, "PRAGMA cache_size = -4096", NULL, NULL, NULL);
    if (!store_plain(store, BEGIN_READ, error) ||
        !(read = store_statement(store, READ_MODELS, error)))
        return false;
    bool held = store_step(store, read, &found, error); /* the moment is that of the first look */
    sqlite3_reset(read);
    return held;
}

static bool read_answer(struct retort_store *store, sqlite3_stmt *read, struct retort_arena *arena,
                        struct retort_latest_answer *answer, struct retort_error *error)
{
    *answer = (struct retort_latest_answer){
        .comment = sqlite3_column_int64(read, 0),
        .model = store_model(store, sqlite3_column_int64(read, 1)),
        .unsure = sqlite3_column_int(read, 2) != 0,
    };
    return (answer->model &&
            store_read_scores(answer->model, column_blob(read, 3), arena, &answer->scores)) ||
           retort_fail(error, RETORT_REFUSED,
                       "%s: the label of comment %lld is damaged; run `retort label -d` again",
                       store->path, (long long)answer->comment);
}

bool retort_store_each_answer(struct retort_store *store,
                              bool (*visit)(void *context,
                                            const struct retort_latest_answer *answer,
                                            struct retort_error *error),
                              void *context, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_latest_answer answer;
    bool found = true, good = true;
    sqlite3_stmt *read = store_own_statement(store, EACH_ANSWER, error);
    if (!read)
        return false;
    while (good && (good = store_step(store, read, &found, error)) && found) {
        good = read_answer(store, read, &arena, &answer, error) && visit(context, &answer, error);
        retort_arena_clear(&arena);
    }
    sqlite3_finalize(read);
    retort_arena_release(&arena);
    return good;
}
