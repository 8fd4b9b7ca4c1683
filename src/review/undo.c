/* Undo: a new row for each decision that it takes back, so that nothing is lost. A bulk was one act
 * and is taken back as one. */
#include "review/decide.h"

#include <string.h>

/* What is to be taken back; texts repeat within a bulk and are kept once. */
struct found {
    struct retort_decision_record *records;
    size_t n, capacity;
    struct retort_arena *arena;
};

static struct retort_span keep_text(struct found *found, struct retort_span text,
                                    const struct retort_span *last)
{
    return last && retort_span_equal(*last, text) ? *last : retort_arena_copy(found->arena, text);
}

static bool add_standing(void *context, const struct retort_stored_decision *decision,
                         struct retort_error *error)
{
    struct found *found = context;
    (void)error;
    if (decision->undone)
        return true;
    if (found->n == found->capacity) {
        size_t capacity = found->capacity ? 2 * found->capacity : 1;
        struct retort_decision_record *grown =
            RETORT_NEW(found->arena, struct retort_decision_record, capacity);
        if (found->n)
            memcpy(grown, found->records, found->n * sizeof *grown);
        found->records = grown;
        found->capacity = capacity;
    }
    const struct retort_decision_record *last = found->n ? &found->records[found->n - 1] : NULL;
    found->records[found->n++] = (struct retort_decision_record){
        .comment = decision->comment,
        .task = keep_text(found, decision->task, last ? &last->task : NULL),
        .target = keep_text(found, decision->target, last ? &last->target : NULL),
        .kind = "undo",
        .undoes = decision->id,
    };
    return true;
}

static bool find_decision(struct retort_store *store, int64_t id, struct found *found,
                          struct retort_error *error)
{
    struct retort_stored_decision decision;
    bool there;
    if (!retort_store_decision(store, id, found->arena, &decision, &there, error))
        return false;
    if (!there)
        return retort_fail(error, RETORT_INPUT, "there is no decision %lld", (long long)id);
    if (retort_span_equal(decision.kind, RETORT_SPAN("undo")))
        return retort_fail(error, RETORT_INPUT, "an undo is not undone; decide again");
    return decision.batch
               ? retort_store_each_of_batch(store, decision.batch, add_standing, found, error)
               : add_standing(found, &decision, error);
}

static bool put_undos(struct retort_store *store, const struct retort_undoing *undoing,
                      struct found *found, struct retort_error *error)
{
    int64_t first, ignored;
    if (!retort_store_next_decision(store, &first, error))
        return false;
    for (size_t i = 0; i < found->n; i++) {
        struct retort_decision_record *record = &found->records[i];
        record->reviewer = undoing->reviewer;
        record->via = review_via(undoing->via);
        record->batch = found->n > 1 ? first : 0;
        if (i == 0 && undoing->token)
            record->token = retort_span_of(undoing->token);
        if (!retort_store_put_decision(store, record, &ignored, error))
            return false;
    }
    return true;
}

/* ---- the same undo again ---- */

static bool add_undone(void *context, const struct retort_stored_decision *undo,
                       struct retort_error *error)
{
    struct retort_stored_decision decision = *undo;
    decision.id = undo->undoes;
    decision.undone = false;
    return add_standing(context, &decision, error);
}

/* *again: the token's undo is stored already, and found holds what it took back. */
static bool find_again(struct retort_store *store, const struct retort_undoing *undoing,
                       struct found *found, bool *again, struct retort_error *error)
{
    struct retort_stored_decision undo;
    *again = false;
    if (!undoing->token)
        return true;
    if (!retort_store_decision_of_token(store, retort_span_of(undoing->token), found->arena, &undo,
                                        again, error))
        return false;
    if (!*again)
        return true;
    if (!undo.undoes)
        return retort_fail(error, RETORT_INPUT,
                           "the token was used for another act; make a new one for each");
    return undo.batch ? retort_store_each_of_batch(store, undo.batch, add_undone, found, error)
                      : add_undone(found, &undo, error);
}

/* Is what an earlier undo took back what is to be taken back now? */
static bool same_undo(const struct retort_undoing *undoing, const struct found *found,
                      struct retort_error *error)
{
    bool same = undoing->decision == 0;
    for (size_t i = 0; i < found->n && !same; i++)
        same = found->records[i].undoes == undoing->decision;
    return same || retort_fail(error, RETORT_INPUT,
                               "the token was used for another act; make a new one for each");
}

/* ---- public ---- */

static bool undo_inside(struct retort_store *store, const struct retort_undoing *undoing,
                        struct found *found, struct retort_error *error)
{
    int64_t id = undoing->decision, ignored;
    bool again;
    if (!find_again(store, undoing, found, &again, error))
        return false;
    if (again)
        return same_undo(undoing, found, error);
    if (!id && !retort_store_last_decision(store, undoing->reviewer, &id, &ignored, error))
        return false;
    return id == 0 ||
           (find_decision(store, id, found, error) && put_undos(store, undoing, found, error));
}

bool retort_review_undo(struct retort_store *store, const struct retort_undoing *undoing,
                        struct retort_arena *arena, struct retort_undone *undone,
                        struct retort_error *error)
{
    struct found found = {.arena = arena};
    *undone = (struct retort_undone){0};
    if (!retort_store_begin(store, error) || !undo_inside(store, undoing, &found, error) ||
        !retort_store_commit(store, error)) {
        retort_store_rollback(store);
        return false;
    }
    undone->n = found.n;
    undone->decisions = RETORT_NEW(arena, int64_t, found.n);
    undone->comments = RETORT_NEW(arena, int64_t, found.n);
    for (size_t i = 0; i < found.n; i++) {
        undone->decisions[i] = found.records[i].undoes;
        undone->comments[i] = found.records[i].comment;
    }
    return true;
}
