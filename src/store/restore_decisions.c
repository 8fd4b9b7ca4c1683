/* Decisions put as another file tells them, when all its comments are there.
 *
 * They are held in a table of this connection alone until then: which was the last is told by their
 * ids, and of a bulk the first may be on a comment that comes later. Each is put once: one that
 * says the same, by the same person at the same time, is it. */
#include "store/evidence.h"
#include "store/rank.h"

#include <assert.h>

/* What a person said beside what a file tells has no id: it comes behind all that has one. */
static const int64_t WORDS = INT64_C(1) << 62;

/* A comment may stand in a file twice. */
static bool is_of(struct retort_store *store, int64_t told, int64_t comment, bool *is,
                  struct retort_error *error)
{
    int64_t other;
    sqlite3_stmt *find = store_statement(store, HELD_OF, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, told);
    bool found = store_find_id(store, find, &other, error);
    *is = found && other == comment;
    return found;
}

bool retort_store_hold_decision(struct retort_store *store, const struct retort_told_decision *told,
                                bool *held, struct retort_error *error)
{
    const struct retort_decision_record *record = &told->record;
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_stmt *put =
        store_plain(store, HOLD_TABLE, error) ? store_statement(store, HOLD_DECISION, error) : NULL;
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, told->told ? told->told : WORDS + store->n_words++);
    store_bind_decision(put, 2, record);
    bind_text(put, 16, told->decided);
    if (!store_run(store, put, error))
        return false;
    *held = sqlite3_changes(store->db) > 0;
    return *held || is_of(store, told->told, record->comment, held, error);
}

/* ---- one of them ---- */

/* The columns of NEXT_HELD, as they are bound again. */
enum held {
    TOLD,
    COMMENT,
    TASK,
    TARGET,
    KIND,
    LABEL,
    NOTE,
    REVIEWER,
    SELECTION,
    MODEL,
    SHOWN,
    UNDOES,
    TOKEN,
    BATCH,
    VIA,
    DECIDED
};

struct pointers {
    int64_t told, comment;
    int64_t id, undoes, batch; /* ids of the store; undoes and batch 0: none */
};

static bool find_held(struct retort_store *store, enum statement which, int64_t told, int64_t *id,
                      struct retort_error *error)
{
    *id = 0;
    if (!told)
        return true;
    sqlite3_stmt *find = store_statement(store, which, error);
    if (!find)
        return false;
    sqlite3_bind_int64(find, 1, told);
    return store_find_id(store, find, id, error);
}

static bool find_same(struct retort_store *store, sqlite3_stmt *held, int64_t *id,
                      struct retort_error *error)
{
    static const enum held COLUMNS[] = {COMMENT, TASK,     TARGET, KIND,  LABEL,
                                        NOTE,    REVIEWER, MODEL,  SHOWN, DECIDED};
    sqlite3_stmt *find = store_statement(store, SAME_DECISION, error);
    if (!find)
        return false;
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++)
        sqlite3_bind_value(find, (int)i + 1, sqlite3_column_value(held, (int)COLUMNS[i]));
    return store_find_id(store, find, id, error);
}

/* A word that the same person has said last, and it stands. */
static bool find_word(struct retort_store *store, sqlite3_stmt *held, int64_t *id,
                      struct retort_error *error)
{
    static const enum held COLUMNS[] = {COMMENT, TASK, TARGET, KIND, LABEL, NOTE, REVIEWER};
    sqlite3_stmt *find = store_statement(store, SAME_WORD, error);
    if (!find)
        return false;
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++)
        sqlite3_bind_value(find, (int)i + 1, sqlite3_column_value(held, (int)COLUMNS[i]));
    return store_find_id(store, find, id, error);
}

/* An act that is sent twice under its token is stored once, whoever brings it. */
static bool find_token(struct retort_store *store, sqlite3_stmt *held, int64_t *id,
                       struct retort_error *error)
{
    bool found;
    *id = 0;
    if (sqlite3_column_type(held, TOKEN) == SQLITE_NULL)
        return true;
    sqlite3_stmt *find = store_statement(store, TOKEN_DECISION, error);
    if (!find)
        return false;
    sqlite3_bind_value(find, 1, sqlite3_column_value(held, TOKEN));
    if (!store_step(store, find, &found, error))
        return false;
    *id = found ? sqlite3_column_int64(find, 0) : 0;
    sqlite3_reset(find);
    return true;
}

static bool put_held(struct retort_store *store, sqlite3_stmt *held,
                     const struct pointers *pointers, struct retort_error *error)
{
    static const enum held COLUMNS[] = {COMMENT, TASK,     TARGET,    KIND,  LABEL,
                                        NOTE,    REVIEWER, SELECTION, MODEL, SHOWN};
    sqlite3_stmt *put = store_statement(store, RESTORE_DECISION, error);
    if (!put)
        return false;
    for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++)
        sqlite3_bind_value(put, (int)i + 1, sqlite3_column_value(held, (int)COLUMNS[i]));
    store_bind_id(put, 11, pointers->undoes);
    sqlite3_bind_value(put, 12, sqlite3_column_value(held, TOKEN));
    store_bind_id(put, 13, pointers->batch);
    sqlite3_bind_value(put, 14, sqlite3_column_value(held, VIA));
    sqlite3_bind_value(put, 15, sqlite3_column_value(held, DECIDED));
    sqlite3_bind_int64(put, 16, pointers->id);
    return store_run(store, put, error) && store_settle_comment(store, pointers->comment, error);
}

/* An undo of what is not here, or was undone by somebody else since, is nothing. */
static bool is_undone(struct retort_store *store, int64_t id, bool *undone,
                      struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_stored_decision decision;
    bool found, read = retort_store_decision(store, id, &arena, &decision, &found, error);
    *undone = read &&
              (!found || decision.undone || retort_span_equal(decision.kind, RETORT_SPAN("undo")));
    retort_arena_release(&arena);
    return read;
}

/* Its own id, where no later one is there; a bulk whose first decision is not in the file begins
 * with the first that is. */
static bool find_pointers(struct retort_store *store, sqlite3_stmt *held, struct pointers *pointers,
                          struct retort_error *error)
{
    int64_t next, batch = sqlite3_column_int64(held, BATCH);
    if (!find_held(store, HELD_AS, sqlite3_column_int64(held, UNDOES), &pointers->undoes, error) ||
        !find_held(store, HELD_BATCH, batch, &pointers->batch, error) ||
        !retort_store_next_decision(store, &next, error))
        return false;
    pointers->id = pointers->told > next && pointers->told < WORDS ? pointers->told : next;
    if (batch && !pointers->batch)
        pointers->batch = pointers->id;
    return true;
}

/* pointers->id 0: it is nothing. */
static bool restore_new(struct retort_store *store, sqlite3_stmt *held, struct pointers *pointers,
                        struct retort_error *error)
{
    bool undone = false, is_undo = sqlite3_column_type(held, UNDOES) != SQLITE_NULL;
    if (!find_pointers(store, held, pointers, error) ||
        (is_undo && !is_undone(store, pointers->undoes, &undone, error)))
        return false;
    if (!undone)
        return put_held(store, held, pointers, error);
    pointers->id = 0;
    return true;
}

static bool restore_one(struct retort_store *store, sqlite3_stmt *held, size_t *n_new,
                        struct retort_error *error)
{
    struct pointers pointers = {.told = sqlite3_column_int64(held, TOLD),
                                .comment = sqlite3_column_int64(held, COMMENT)};
    if (!find_same(store, held, &pointers.id, error) ||
        (!pointers.id && !find_token(store, held, &pointers.id, error)) ||
        (!pointers.id && pointers.told >= WORDS && !find_word(store, held, &pointers.id, error)))
        return false;
    if (!pointers.id) {
        if (!restore_new(store, held, &pointers, error))
            return false;
        *n_new += pointers.id > 0;
    }
    const int64_t numbers[] = {pointers.told, pointers.id};
    return store_run_with(store, MARK_HELD, numbers, 2, error);
}

/* ---- all of them ---- */

bool retort_store_restore_decisions(struct retort_store *store, size_t most, size_t *n_new,
                                    bool *finished, struct retort_error *error)
{
    bool found = true, good = store_plain(store, HOLD_TABLE, error);
    assert(!sqlite3_get_autocommit(store->db));
    for (size_t i = 0; good && found && i < most; i++) {
        sqlite3_stmt *next = store_statement(store, NEXT_HELD, error);
        good = next != NULL;
        if (good)
            sqlite3_bind_int64(next, 1, store->held_up_to);
        good = good && store_step(store, next, &found, error);
        if (!good || !found)
            break;
        store->held_up_to = sqlite3_column_int64(next, TOLD);
        good = restore_one(store, next, n_new, error);
        sqlite3_reset(next);
    }
    *finished = !found;
    if (!good || found)
        return good;
    store->held_up_to = store->n_words = 0;
    return store_plain(store, CLEAR_HELD, error);
}
