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

/* How each comment of a set stands; texts that repeat from one to the next are kept once. */
struct bulk_rows {
    struct retort_standing *standings;
    struct retort_buffer label; /* the decision's, as it is stored */
};

/* ---- the set ---- */

static int compare_ids(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

static void put_ordered(const struct retort_bulk *bulk, struct retort_arena *arena,
                        struct retort_bulk_set *set)
{
    int64_t *ids = RETORT_NEW(arena, int64_t, bulk->n_comments + 1);
    size_t n = 0;
    if (bulk->n_comments)
        memcpy(ids, bulk->comments, bulk->n_comments * sizeof *ids);
    qsort(ids, bulk->n_comments, sizeof *ids, compare_ids);
    for (size_t i = 0; i < bulk->n_comments; i++)
        if (n == 0 || ids[n - 1] != ids[i])
            ids[n++] = ids[i];
    set->comments = ids;
    set->n_comments = n;
}

static bool find_set(struct retort_store *store, struct retort_bulk *bulk,
                     struct retort_arena *arena, struct retort_bulk_set *set,
                     struct retort_error *error)
{
    if (bulk->find && !bulk->find(bulk->context, store, arena, bulk, error))
        return false;
    if (bulk->n_comments > RETORT_BULK_MOST)
        return retort_fail(error, RETORT_INPUT,
                           "these are more than %d comments; narrow the filter and decide in parts",
                           (int)RETORT_BULK_MOST);
    put_ordered(bulk, arena, set);
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

static bool read_standing(struct retort_store *store, const struct retort_bulk *bulk,
                          int64_t comment, struct retort_arena *arena,
                          struct retort_standing *standing, struct retort_error *error)
{
    return retort_store_standing(store, comment, retort_span_of(bulk->choice.task), arena, standing,
                                 error) &&
           (standing->found || review_no_comment(comment, error));
}

static bool read_rows(struct retort_store *store, const struct retort_bulk *bulk,
                      struct retort_arena *arena, struct retort_bulk_set *set,
                      struct bulk_rows *rows, struct retort_error *error)
{
    struct retort_buffer digested = {0};
    struct retort_standing last = {0};
    bool read = true;
    rows->standings = RETORT_NEW(arena, struct retort_standing, set->n_comments);
    for (size_t i = 0; read && i < set->n_comments; i++) {
        struct retort_arena once = {0};
        struct retort_standing *row = &rows->standings[i];
        read = read_standing(store, bulk, set->comments[i], &once, row, error);
        row->target = keep(arena, row->target, last.target);
        row->model = keep(arena, row->model, last.model);
        row->label = keep(arena, row->label, last.label);
        last = *row;
        retort_buffer_format(&digested, "%lld,%lld,", (long long)set->comments[i],
                             (long long)row->decision);
        digest_text(&digested, row->target);
        digest_text(&digested, row->label);
        retort_arena_release(&once);
    }
    retort_sha256(retort_buffer_span(&digested), set->digest);
    retort_buffer_release(&digested);
    return read;
}

static bool find_rows(struct retort_store *store, struct retort_bulk *bulk,
                      struct retort_arena *arena, struct retort_bulk_set *set,
                      struct bulk_rows *rows, struct retort_error *error)
{
    const struct retort_stored_model *model;
    return review_model_of(store, bulk->choice.task, &model, error) &&
           (bulk->choice.act != RETORT_DECIDE ||
            review_write_labels(&bulk->choice, model, &rows->label, error)) &&
           find_set(store, bulk, arena, set, error) &&
           read_rows(store, bulk, arena, set, rows, error);
}

bool retort_review_bulk_set(struct retort_store *store, struct retort_bulk *bulk,
                            struct retort_arena *arena, struct retort_bulk_set *set,
                            struct retort_error *error)
{
    struct bulk_rows rows = {0};
    *set = (struct retort_bulk_set){0};
    bool found = find_rows(store, bulk, arena, set, &rows, error);
    retort_buffer_release(&rows.label);
    return found;
}

/* ---- storing ---- */

static bool put_rows(struct retort_store *store, const struct retort_bulk *bulk,
                     const struct retort_bulk_set *set, const struct bulk_rows *rows,
                     struct retort_bulk_done *done, struct retort_error *error)
{
    struct retort_choice_made choice = bulk->choice;
    int64_t ignored;
    choice.selection = 0;
    if (set->n_comments && !retort_store_next_decision(store, &done->batch, error))
        return false;
    for (size_t i = 0; i < set->n_comments; i++) {
        choice.comment = set->comments[i];
        choice.token = i == 0 ? bulk->choice.token : NULL;
        struct retort_decision_record record =
            review_record(&choice, &rows->standings[i], retort_buffer_span(&rows->label));
        record.batch = done->batch;
        if (!retort_store_put_decision(store, &record, &ignored, error))
            return false;
    }
    done->n = set->n_comments;
    return true;
}

/* Was the stored bulk, of which this is the first decision, this one? Of a filter, what it found
 * then cannot be found again: it is taken at its word. */
static bool same_bulk(struct retort_store *store, const struct retort_bulk *bulk,
                      struct retort_arena *arena, const struct retort_stored_decision *first,
                      uint64_t n, struct retort_error *error)
{
    struct retort_choice_made choice = bulk->choice;
    struct retort_stored_decision act = *first;
    struct retort_bulk_set set = {0};
    struct retort_buffer label = {0};
    const struct retort_stored_model *model;
    put_ordered(bulk, arena, &set);
    choice.comment = first->comment;
    if (first->batch != first->id || first->undoes ||
        (!bulk->find && (set.n_comments != n || set.comments[0] != first->comment)))
        act.comment = 0;
    bool same =
        review_model_of(store, choice.task, &model, error) &&
        (choice.act != RETORT_DECIDE || review_write_labels(&choice, model, &label, error)) &&
        review_same_act(&choice, retort_buffer_span(&label), &act, error);
    retort_buffer_release(&label);
    return same;
}

/* *again: the token's bulk is stored already, and done says which it was. */
static bool find_again(struct retort_store *store, const struct retort_bulk *bulk,
                       struct retort_arena *arena, struct retort_bulk_done *done, bool *again,
                       struct retort_error *error)
{
    struct retort_stored_decision first;
    *again = false;
    if (!bulk->choice.token)
        return true;
    if (!retort_store_decision_of_token(store, retort_span_of(bulk->choice.token), arena, &first,
                                        again, error))
        return false;
    if (!*again)
        return true;
    done->batch = first.id;
    return retort_store_batch_size(store, first.id, &done->n, error) &&
           same_bulk(store, bulk, arena, &first, done->n, error);
}

static bool bulk_inside(struct retort_store *store, struct retort_bulk *bulk, const char *digest,
                        struct retort_arena *arena, struct retort_bulk_done *done,
                        struct retort_error *error)
{
    struct retort_bulk_set set = {0};
    struct bulk_rows rows = {0};
    bool again;
    bool good = find_again(store, bulk, arena, done, &again, error);
    if (good && !again) {
        good = find_rows(store, bulk, arena, &set, &rows, error);
        done->changed = good && strcmp(set.digest, digest) != 0;
        good = good && (done->changed || put_rows(store, bulk, &set, &rows, done, error));
    }
    retort_buffer_release(&rows.label);
    return good;
}

bool retort_review_bulk(struct retort_store *store, struct retort_bulk *bulk, const char *digest,
                        struct retort_bulk_done *done, struct retort_error *error)
{
    struct retort_arena arena = {0};
    *done = (struct retort_bulk_done){0};
    bool good = retort_store_begin(store, error) &&
                bulk_inside(store, bulk, digest, &arena, done, error) &&
                retort_store_commit(store, error);
    if (!good)
        retort_store_rollback(store);
    retort_arena_release(&arena);
    return good;
}
