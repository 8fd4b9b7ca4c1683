/* Decisions: rows that only src/review makes. */
#include "store/evidence.h"
#include "store/rank.h"

#include <assert.h>

static bool run_for_id(struct retort_store *store, sqlite3_stmt *put, int64_t *id,
                       struct retort_error *error)
{
    if (!store_run(store, put, error))
        return false;
    *id = sqlite3_last_insert_rowid(store->db);
    return true;
}

void store_bind_decision(sqlite3_stmt *put, int column, const struct retort_decision_record *record)
{
    sqlite3_bind_int64(put, column, record->comment);
    bind_text(put, column + 1, record->task);
    bind_text(put, column + 2, record->target);
    bind_text(put, column + 3, retort_span_of(record->kind));
    bind_optional(put, column + 4, record->label);
    bind_optional(put, column + 5, record->note);
    bind_text(put, column + 6, retort_span_of(record->reviewer));
    store_bind_id(put, column + 7, record->selection);
    bind_optional(put, column + 8, record->model);
    bind_optional(put, column + 9, record->shown);
    store_bind_id(put, column + 10, record->undoes);
    bind_optional(put, column + 11, record->token);
    store_bind_id(put, column + 12, record->batch);
    if (record->via)
        bind_text(put, column + 13, retort_span_of(record->via));
}

bool retort_store_put_decision(struct retort_store *store,
                               const struct retort_decision_record *record, int64_t *id,
                               struct retort_error *error)
{
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_stmt *put = store_statement(store, PUT_DECISION, error);
    if (!put)
        return false;
    store_bind_decision(put, 1, record);
    return run_for_id(store, put, id, error) && store_settle_comment(store, record->comment, error);
}

bool retort_store_next_decision(struct retort_store *store, int64_t *id, struct retort_error *error)
{
    assert(!sqlite3_get_autocommit(store->db));
    sqlite3_stmt *find = store_statement(store, NEXT_DECISION, error);
    return find && store_find_id(store, find, id, error);
}

static void read_decision(sqlite3_stmt *read, struct retort_stored_decision *decision)
{
    *decision = (struct retort_stored_decision){
        .id = sqlite3_column_int64(read, 0),
        .comment = sqlite3_column_int64(read, 1),
        .undoes = sqlite3_column_int64(read, 2),
        .selection = sqlite3_column_int64(read, 3),
        .task = column_text(read, 4),
        .target = column_text(read, 5),
        .kind = column_text(read, 6),
        .label = column_text(read, 7),
        .note = column_text(read, 8),
        .reviewer = column_text(read, 9),
        .decided = column_text(read, 10),
        .model = column_text(read, 11),
        .shown = column_text(read, 12),
        .probability = sqlite3_column_double(read, 13),
        .undone = sqlite3_column_int(read, 14) != 0,
        .token = column_text(read, 15),
        .via = column_text(read, 16),
        .batch = sqlite3_column_int64(read, 17),
    };
}

/* Steps through the rows of a statement that is bound. */
static bool visit_all(struct retort_store *store, sqlite3_stmt *read,
                      bool (*visit)(void *context, const struct retort_stored_decision *decision,
                                    struct retort_error *error),
                      void *context, struct retort_error *error)
{
    for (bool found = true; found;) {
        struct retort_stored_decision decision;
        if (!store_step(store, read, &found, error))
            return false;
        if (!found)
            break;
        read_decision(read, &decision);
        if (!visit(context, &decision, error))
            return false;
    }
    return true;
}

bool retort_store_each_decision(struct retort_store *store, int64_t comment,
                                bool (*visit)(void *context,
                                              const struct retort_stored_decision *decision,
                                              struct retort_error *error),
                                void *context, struct retort_error *error)
{
    /* Of one comment: prepared once, as an export asks for every comment. */
    sqlite3_stmt *read = comment ? store_statement(store, DECISIONS_OF, error)
                                 : store_own_statement(store, EACH_DECISION, error);
    if (!read)
        return false;
    if (comment)
        sqlite3_bind_int64(read, 1, comment);
    bool good = visit_all(store, read, visit, context, error);
    if (comment)
        sqlite3_reset(read);
    else
        sqlite3_finalize(read);
    return good;
}

/* Goes on behind the decisions with which a bulk went on: it was stored in one transaction, so
 * their ids follow that of the first. */
static void pass_bulk(sqlite3_stmt *read, int64_t batch)
{
    sqlite3_reset(read);
    sqlite3_bind_int64(read, 1, batch + 1);
}

static bool visit_recent(struct retort_store *store, sqlite3_stmt *read,
                         const struct retort_history_request *request,
                         bool (*visit)(void *context, const struct retort_stored_decision *decision,
                                       struct retort_error *error),
                         void *context, struct retort_error *error)
{
    bool found;
    for (size_t n = 0; n < request->limit;) {
        struct retort_stored_decision decision;
        if (!store_step(store, read, &found, error))
            return false;
        if (!found)
            break;
        read_decision(read, &decision);
        if (request->bulks_once && decision.batch && decision.batch < decision.id) {
            pass_bulk(read, decision.batch);
            continue;
        }
        if (!visit(context, &decision, error))
            return false;
        n++;
    }
    return true;
}

bool retort_store_history(struct retort_store *store, const struct retort_history_request *request,
                          bool (*visit)(void *context,
                                        const struct retort_stored_decision *decision,
                                        struct retort_error *error),
                          void *context, struct retort_error *error)
{
    enum statement which = request->reviewer ? RECENT_DECISIONS_OF : RECENT_DECISIONS;
    sqlite3_stmt *read = store_own_statement(store, which, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, request->before ? request->before : INT64_MAX);
    if (request->reviewer)
        bind_text(read, 2, retort_span_of(request->reviewer));
    bool good = visit_recent(store, read, request, visit, context, error);
    sqlite3_finalize(read);
    return good;
}

bool retort_store_each_of_batch(struct retort_store *store, int64_t batch,
                                bool (*visit)(void *context,
                                              const struct retort_stored_decision *decision,
                                              struct retort_error *error),
                                void *context, struct retort_error *error)
{
    sqlite3_stmt *read = store_own_statement(store, BATCH_DECISIONS, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, batch);
    bool good = visit_all(store, read, visit, context, error);
    sqlite3_finalize(read);
    return good;
}

bool retort_store_batch_size(struct retort_store *store, int64_t batch, uint64_t *n,
                             struct retort_error *error)
{
    int64_t count = 0;
    sqlite3_stmt *find = store_statement(store, BATCH_COUNT, error);
    if (find)
        sqlite3_bind_int64(find, 1, batch);
    bool good = find && store_find_id(store, find, &count, error);
    *n = (uint64_t)count;
    return good;
}

/* ---- one decision ---- */

static struct retort_span keep(struct retort_arena *arena, struct retort_span text)
{
    return text.data ? retort_arena_copy(arena, text) : text;
}

static void keep_decision(struct retort_arena *arena, struct retort_stored_decision *decision)
{
    struct retort_span *const texts[] = {&decision->task,    &decision->target, &decision->kind,
                                         &decision->label,   &decision->note,   &decision->reviewer,
                                         &decision->decided, &decision->model,  &decision->shown,
                                         &decision->via,     &decision->token};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = keep(arena, *texts[i]);
}

/* The one row of a statement that is bound. */
static bool read_one(struct retort_store *store, sqlite3_stmt *read, struct retort_arena *arena,
                     struct retort_stored_decision *decision, bool *found,
                     struct retort_error *error)
{
    *decision = (struct retort_stored_decision){0};
    if (!store_step(store, read, found, error))
        return false;
    if (*found) {
        read_decision(read, decision);
        keep_decision(arena, decision);
    }
    sqlite3_reset(read);
    return true;
}

bool retort_store_decision(struct retort_store *store, int64_t id, struct retort_arena *arena,
                           struct retort_stored_decision *decision, bool *found,
                           struct retort_error *error)
{
    sqlite3_stmt *read = store_statement(store, ONE_DECISION, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, id);
    return read_one(store, read, arena, decision, found, error);
}

bool retort_store_decision_of_token(struct retort_store *store, struct retort_span token,
                                    struct retort_arena *arena,
                                    struct retort_stored_decision *decision, bool *found,
                                    struct retort_error *error)
{
    sqlite3_stmt *read = store_statement(store, TOKEN_DECISION, error);
    if (!read)
        return false;
    bind_text(read, 1, token);
    return read_one(store, read, arena, decision, found, error);
}

bool retort_store_standing(struct retort_store *store, int64_t comment, struct retort_span task,
                           struct retort_arena *arena, struct retort_standing *standing,
                           struct retort_error *error)
{
    *standing = (struct retort_standing){0};
    sqlite3_stmt *read = store_statement(store, STANDING, error);
    if (!read)
        return false;
    sqlite3_bind_int64(read, 1, comment);
    bind_text(read, 2, task);
    if (!store_step(store, read, &standing->found, error))
        return false;
    if (standing->found) {
        standing->decision = sqlite3_column_int64(read, 1);
        standing->target = keep(arena, column_text(read, 2));
        standing->model = keep(arena, column_text(read, 3));
        standing->label = keep(arena, column_text(read, 4));
    }
    sqlite3_reset(read);
    return true;
}

bool retort_store_last_decision(struct retort_store *store, const char *reviewer, int64_t *id,
                                int64_t *comment, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *find = store_statement(store, LAST_DECISION, error);
    if (!find)
        return false;
    bind_text(find, 1, retort_span_of(reviewer));
    if (!store_step(store, find, &found, error))
        return false;
    *id = found ? sqlite3_column_int64(find, 0) : 0;
    *comment = found ? sqlite3_column_int64(find, 1) : 0;
    sqlite3_reset(find);
    return true;
}
