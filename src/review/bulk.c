/* Bulk: one word on many comments, in one transaction.
 *
 * A preview and its bulk go the same way: the set is found, and how each of its comments stands for
 * the task is read; the digest over that is what the two must have in common. The bulk does so
 * inside the transaction that stores, so that nobody's word comes between.
 *
 * Its decisions are rows like any other, each naming the first as its batch; the first has the
 * token. */
#include "review/decide.h"

#include <stdlib.h>
#include <string.h>

struct work {
    struct retort_store *store;
    struct retort_bulk *bulk;
    struct retort_arena *arena;
    struct retort_bulk_set set;
    struct retort_standing *standings; /* [set.n_comments]; texts that repeat are kept once */
    struct retort_buffer label;        /* the decision's, as it is stored */
};

/* ---- the set ---- */

static int compare_ids(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static void order(struct work *work)
{
    const struct retort_bulk *bulk = work->bulk;
    int64_t *ids = RETORT_NEW(work->arena, int64_t, bulk->n_comments + 1);
    size_t n = 0;
    if (bulk->n_comments)
        memcpy(ids, bulk->comments, bulk->n_comments * sizeof *ids);
    qsort(ids, bulk->n_comments, sizeof *ids, compare_ids);
    for (size_t i = 0; i < bulk->n_comments; i++)
        if (n == 0 || ids[n - 1] != ids[i])
            ids[n++] = ids[i];
    work->set.comments = ids;
    work->set.n_comments = n;
}

static bool find_set(struct work *work, struct retort_error *error)
{
    struct retort_bulk *bulk = work->bulk;
    if (bulk->find && !bulk->find(bulk->context, work->store, work->arena, bulk, error))
        return false;
    if (bulk->n_comments > RETORT_BULK_MOST)
        return retort_fail(error, RETORT_INPUT,
                           "these are more than %d comments; narrow the filter and decide in parts",
                           (int)RETORT_BULK_MOST);
    order(work);
    return true;
}

/* ---- how they stand ---- */

static struct retort_span keep(struct retort_arena *arena, struct retort_span text,
                               struct retort_span last)
{
    if (!text.data || (last.data && retort_span_equal(text, last)))
        return text.data ? last : text;
    return retort_arena_copy(arena, text);
}

static void digest_text(struct retort_buffer *digested, struct retort_span text)
{
    retort_buffer_format(digested, "%zu:", text.data ? text.len : 0);
    retort_buffer_put(digested, text);
}

static bool read_standing(struct work *work, size_t at, struct retort_buffer *digested,
                          struct retort_error *error)
{
    static const struct retort_standing NONE;
    struct retort_arena once = {0};
    int64_t comment = work->set.comments[at];
    struct retort_standing *row = &work->standings[at];
    const struct retort_standing *last = at > 0 ? row - 1 : &NONE;
    bool read = retort_store_standing(work->store, comment, retort_span_of(work->bulk->choice.task),
                                      &once, row, error) &&
                (row->found || review_no_comment(comment, error));
    row->target = keep(work->arena, row->target, last->target);
    row->model = keep(work->arena, row->model, last->model);
    row->label = keep(work->arena, row->label, last->label);
    retort_buffer_format(digested, "%lld,%lld,", (long long)comment, (long long)row->decision);
    digest_text(digested, row->target);
    digest_text(digested, row->label);
    retort_arena_release(&once);
    return read;
}

static bool read_standings(struct work *work, struct retort_error *error)
{
    struct retort_buffer digested = {0};
    bool read = true;
    work->standings = RETORT_NEW(work->arena, struct retort_standing, work->set.n_comments);
    for (size_t i = 0; read && i < work->set.n_comments; i++)
        read = read_standing(work, i, &digested, error);
    retort_sha256(retort_buffer_span(&digested), work->set.digest);
    retort_buffer_release(&digested);
    return read;
}

static bool find(struct work *work, struct retort_error *error)
{
    const struct retort_choice_made *choice = &work->bulk->choice;
    const struct retort_stored_model *model;
    return review_model_of(work->store, choice->task, &model, error) &&
           (choice->act != RETORT_DECIDE ||
            review_write_labels(choice, model, &work->label, error)) &&
           find_set(work, error) && read_standings(work, error);
}

bool retort_review_bulk_set(struct retort_store *store, struct retort_bulk *bulk,
                            struct retort_arena *arena, struct retort_bulk_set *set,
                            struct retort_error *error)
{
    struct work work = {.store = store, .bulk = bulk, .arena = arena};
    bool found = find(&work, error);
    *set = work.set;
    retort_buffer_release(&work.label);
    return found;
}

/* ---- storing ---- */

static bool put_rows(struct work *work, struct retort_bulk_done *done, struct retort_error *error)
{
    struct retort_choice_made choice = work->bulk->choice;
    size_t n = work->set.n_comments;
    int64_t ignored;
    choice.selection = 0;
    if (n && !retort_store_next_decision(work->store, &done->batch, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        choice.comment = work->set.comments[i];
        choice.token = i == 0 ? work->bulk->choice.token : NULL;
        struct retort_decision_record record =
            review_record(&choice, &work->standings[i], retort_buffer_span(&work->label));
        record.batch = done->batch;
        if (!retort_store_put_decision(work->store, &record, &ignored, error))
            return false;
    }
    done->n = n;
    return true;
}

/* Was the stored bulk, of which this is the first decision, this one? Of a filter, what it found
 * then cannot be found again: it is taken at its word. */
static bool same_bulk(struct work *work, const struct retort_stored_decision *first, uint64_t n,
                      struct retort_error *error)
{
    struct retort_choice_made choice = work->bulk->choice;
    struct retort_stored_decision act = *first;
    const struct retort_stored_model *model;
    order(work);
    const struct retort_bulk_set *set = &work->set;
    choice.comment = first->comment;
    if (first->batch != first->id || first->undoes ||
        (!work->bulk->find && (set->n_comments != n || set->comments[0] != first->comment)))
        act.comment = 0; /* of no act */
    return review_model_of(work->store, choice.task, &model, error) &&
           (choice.act != RETORT_DECIDE ||
            review_write_labels(&choice, model, &work->label, error)) &&
           review_same_act(&choice, retort_buffer_span(&work->label), &act, error);
}

/* *again: the token's bulk is stored already, and done says which it was. */
static bool find_again(struct work *work, struct retort_bulk_done *done, bool *again,
                       struct retort_error *error)
{
    struct retort_stored_decision first;
    const char *token = work->bulk->choice.token;
    *again = false;
    if (!token)
        return true;
    if (!retort_store_decision_of_token(work->store, retort_span_of(token), work->arena, &first,
                                        again, error))
        return false;
    if (!*again)
        return true;
    done->batch = first.id;
    return retort_store_batch_size(work->store, first.id, &done->n, error) &&
           same_bulk(work, &first, done->n, error);
}

static bool bulk_inside(struct work *work, const char *digest, struct retort_bulk_done *done,
                        struct retort_error *error)
{
    bool again;
    if (!find_again(work, done, &again, error))
        return false;
    if (again)
        return true;
    if (!find(work, error))
        return false;
    done->changed = strcmp(work->set.digest, digest) != 0;
    return done->changed || put_rows(work, done, error);
}

bool retort_review_bulk(struct retort_store *store, struct retort_bulk *bulk, const char *digest,
                        struct retort_bulk_done *done, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct work work = {.store = store, .bulk = bulk, .arena = &arena};
    *done = (struct retort_bulk_done){0};
    bool good = retort_store_begin(store, error) && bulk_inside(&work, digest, done, error) &&
                retort_store_commit(store, error);
    if (!good)
        retort_store_rollback(store);
    retort_buffer_release(&work.label);
    retort_arena_release(&arena);
    return good;
}
