/* Walks: from the best to the worst, over the groups of labels that fit.
 *
 * By rank: every group of a slab is a run of its index in order, and the runs are merged by a heap.
 * A run's first row is read at once, the next ones in chunks that grow, as most runs give little.
 * Newest: slabs from the newest down. Random: places of the permutation are tried one after the
 * other while the store is full of what fits, else all that fits is gathered and put in order. */
#include "store/view.h"

#include <stdlib.h>
#include <string.h>

/* ---- runs -------------------------------------------------------------------------------------
 */

enum { CHUNK_MOST = 512 };

struct head {
    double score;
    int64_t comment;
};

struct run {
    const struct group *group;
    struct head *heads; /* [n_heads], read and not yet used from `at` on */
    size_t n_heads, at, capacity;
    struct head last; /* read so far */
    bool begun, dry;
};

struct merge {
    struct plan *plan;
    struct run *runs;
    struct run **heap; /* by their first heads */
    size_t n_heap;
};

/* Runs begin at their first row, or behind the last one that was read. */
static const struct {
    enum statement first, behind;
} RANKS[] = {
    [RETORT_WORTH] = {WORTH_FIRST, WORTH_BEHIND},
    [RETORT_SEVERE] = {SEVERE_FIRST, SEVERE_BEHIND},
    [RETORT_UNSURE] = {NEAR_FIRST, NEAR_BEHIND},
};

static sqlite3_stmt *run_statement(struct merge *merge, struct run *run, size_t most,
                                   struct retort_error *error)
{
    struct plan *plan = merge->plan;
    enum statement which =
        run->begun ? RANKS[plan->view->order].behind : RANKS[plan->view->order].first;
    sqlite3_stmt *read = store_statement(plan->store, which, error);
    if (!read)
        return NULL;
    sqlite3_bind_int(read, 1, run->group->state);
    sqlite3_bind_int64(read, 2, run->group->slab);
    sqlite3_bind_int64(read, 3, run->group->model->id);
    bind_text(read, 4, run->group->label);
    sqlite3_bind_int64(read, 5, (int64_t)most);
    if (run->begun) {
        sqlite3_bind_double(read, 6, run->last.score);
        sqlite3_bind_int64(read, 7, run->last.comment);
    }
    return read;
}

/* Reads the next chunk of a run that has none left. */
static bool read_run(struct merge *merge, struct run *run, struct retort_error *error)
{
    bool found = true, good = true;
    size_t most = run->capacity ? run->capacity * 4 : 1;
    most = most > CHUNK_MOST ? CHUNK_MOST : most;
    if (most > run->capacity) {
        run->heads = RETORT_NEW(merge->plan->arena, struct head, most);
        run->capacity = most;
    }
    run->n_heads = run->at = 0;
    sqlite3_stmt *read = run_statement(merge, run, most, error);
    if (!read)
        return false;
    while (run->n_heads < most && (good = store_step(merge->plan->store, read, &found, error)) &&
           found)
        run->heads[run->n_heads++] =
            (struct head){sqlite3_column_double(read, 0), sqlite3_column_int64(read, 1)};
    sqlite3_reset(read);
    run->begun = true;
    run->dry = run->n_heads < most;
    if (run->n_heads)
        run->last = run->heads[run->n_heads - 1];
    return good;
}

static bool comes_before(const struct run *a, const struct run *b)
{
    const struct head *left = &a->heads[a->at], *right = &b->heads[b->at];
    if (left->score != right->score)
        return left->score > right->score;
    if (left->comment != right->comment)
        return left->comment < right->comment;
    return a->group->model->id < b->group->model->id;
}

static void sink(struct merge *merge, size_t at)
{
    struct run **heap = merge->heap;
    for (;;) {
        size_t best = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < merge->n_heap; child++)
            if (comes_before(heap[child], heap[best]))
                best = child;
        if (best == at)
            return;
        struct run *down = heap[at];
        heap[at] = heap[best];
        heap[best] = down;
        at = best;
    }
}

static bool begin_merge(struct merge *merge, struct retort_error *error)
{
    struct plan *plan = merge->plan;
    merge->runs = RETORT_NEW(plan->arena, struct run, plan->n_groups);
    merge->heap = RETORT_NEW(plan->arena, struct run *, plan->n_groups);
    for (size_t i = 0; i < plan->n_groups; i++) {
        struct run *run = &merge->runs[i];
        *run = (struct run){.group = &plan->groups[i],
                            .begun = plan->after.comment != 0,
                            .last = {plan->after.score, plan->after.comment}};
        if (!read_run(merge, run, error))
            return false;
        if (run->n_heads)
            merge->heap[merge->n_heap++] = run;
    }
    for (size_t i = merge->n_heap / 2; i-- > 0;)
        sink(merge, i);
    return true;
}

/* The first run's first head is used. */
static bool advance(struct merge *merge, struct retort_error *error)
{
    struct run *run = merge->heap[0];
    if (++run->at == run->n_heads && !run->dry && !read_run(merge, run, error))
        return false;
    if (run->at == run->n_heads)
        merge->heap[0] = merge->heap[--merge->n_heap];
    sink(merge, 0);
    return true;
}

bool walk_ranks(struct plan *plan, struct retort_error *error)
{
    struct merge merge = {.plan = plan};
    if (!begin_merge(&merge, error))
        return false;
    while (merge.n_heap && !plan_is_full(plan)) {
        const struct run *run = merge.heap[0];
        const struct retort_listed item = {run->heads[run->at].comment, run->group->model,
                                           run->heads[run->at].score};
        if (!plan_offer(plan, &item, error) || !advance(&merge, error))
            return false;
    }
    return true;
}

/* ---- gathered groups --------------------------------------------------------------------------
 */

bool walk_collect(struct plan *plan, const struct group *group, struct retort_buffer *rows,
                  struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_statement(plan->store, COLLECT_GROUP, error);
    if (!read)
        return false;
    sqlite3_bind_int(read, 1, group->state);
    sqlite3_bind_int64(read, 2, group->slab);
    sqlite3_bind_int64(read, 3, group->model->id);
    bind_text(read, 4, group->label);
    while ((good = store_step(plan->store, read, &found, error)) && found) {
        const struct retort_listed row = {sqlite3_column_int64(read, 0), group->model, 0};
        retort_buffer_put(rows, (struct retort_span){(const uint8_t *)&row, sizeof row});
    }
    sqlite3_reset(read);
    return good;
}

/* Scores the rows by the order, sorts them and offers those behind the cursor. */
static bool offer_rows(struct plan *plan, struct retort_buffer *rows, struct retort_error *error)
{
    struct retort_listed *items = (struct retort_listed *)(void *)rows->data;
    size_t n_items = rows->len / sizeof *items;
    bool random = plan->view->order == RETORT_RANDOM;
    for (size_t i = 0; i < n_items; i++)
        items[i].score =
            random ? -(double)plan_place(plan, items[i].comment) : (double)items[i].comment;
    if (n_items)
        qsort(items, n_items, sizeof *items, compare_listed);
    for (size_t i = 0; i < n_items && !plan_is_full(plan); i++)
        if (plan_is_behind(plan, items[i].score, items[i].comment) &&
            !plan_offer(plan, &items[i], error))
            return false;
    return true;
}

static int compare_slabs(const void *left, const void *right)
{
    const struct group *a = left, *b = right;
    return a->slab > b->slab ? -1 : a->slab < b->slab;
}

/* Whether trying ids (that fit with a chance of n_rows in n_ids) until the page is full costs less
 * than gathering all rows and sorting them. */
static bool is_dense(const struct plan *plan, uint64_t n_rows, uint64_t n_ids)
{
    double tries = (double)plan->view->limit * (double)n_ids; /* ∕ n_rows */
    return plan->view->limit > 0 &&
           tries * (double)plan->store->try_cost < (double)n_rows * (double)n_rows;
}

static bool try_comment(struct plan *plan, int64_t comment, struct retort_error *error)
{
    struct retort_listed best;
    bool fits;
    if (!plan_judge(plan, comment, &best, &fits, error))
        return false;
    if (fits)
        plan_add(plan, &best);
    return true;
}

static bool try_slab(struct plan *plan, int64_t slab, struct retort_error *error)
{
    int64_t first = slab << SLAB_BITS, behind = first + (1 << SLAB_BITS);
    behind = behind > plan->last ? plan->last + 1 : behind;
    if (plan->after.comment && plan->after.comment < behind)
        behind = plan->after.comment;
    for (int64_t id = behind; id-- > first && !plan_is_full(plan);)
        if (!try_comment(plan, id, error))
            return false;
    return true;
}

static bool gather_groups(struct plan *plan, const struct group *groups, size_t n_groups,
                          struct retort_error *error)
{
    struct retort_buffer rows = {0};
    bool good = true;
    for (size_t i = 0; good && i < n_groups; i++)
        good = walk_collect(plan, &groups[i], &rows, error);
    good = good && offer_rows(plan, &rows, error);
    retort_buffer_release(&rows);
    return good;
}

bool walk_newest(struct plan *plan, struct retort_error *error)
{
    int64_t from = plan->after.comment ? plan->after.comment >> SLAB_BITS : INT64_MAX;
    bool good = true;
    if (plan->n_groups)
        qsort(plan->groups, plan->n_groups, sizeof *plan->groups, compare_slabs);
    for (size_t i = 0, next; good && i < plan->n_groups && !plan_is_full(plan); i = next) {
        uint64_t n_rows = 0;
        int64_t slab = plan->groups[i].slab;
        for (next = i; next < plan->n_groups && plan->groups[next].slab == slab; next++)
            n_rows += plan->groups[next].n;
        if (slab > from)
            continue;
        good = is_dense(plan, n_rows, 1 << SLAB_BITS)
                   ? try_slab(plan, slab, error)
                   : gather_groups(plan, &plan->groups[i], next - i, error);
    }
    return good;
}

/* ---- random -----------------------------------------------------------------------------------
 */

static bool try_places(struct plan *plan, struct retort_error *error)
{
    uint64_t place = plan->after.comment ? (uint64_t)-plan->after.score + 1 : 0;
    for (; place < plan_n_places(plan) && !plan_is_full(plan); place++) {
        int64_t comment = plan_at(plan, place);
        if (comment >= 1 && comment <= plan->last && !try_comment(plan, comment, error))
            return false;
    }
    return true;
}

bool walk_random(struct plan *plan, struct retort_error *error)
{
    return is_dense(plan, plan->n_rows, (uint64_t)plan->last)
               ? try_places(plan, error)
               : gather_groups(plan, plan->groups, plan->n_groups, error);
}
