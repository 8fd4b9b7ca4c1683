/* Walks: from the best to the worst, over slabs.
 *
 * By rank: each slab is a run in order, packed or sorted on the spot where it still is open, and
 * the runs are merged by a heap; a run is read in chunks that grow, as most runs give little.
 * Newest: slabs from the newest down. Random: places of the permutation are tried one after the
 * other while the store is full of what fits, else all that fits is gathered and put in order. */
#include "store/pack.h"
#include "store/view.h"

#include <stdlib.h>
#include <string.h>

/* ---- the bytes of a run -----------------------------------------------------------------------
 */

enum { FIRST_CHUNK = 4096, CHUNK_MOST = 1 << 16 };

struct head {
    double score;
    int64_t comment;
    const struct retort_stored_model *model;
};

struct run {
    int64_t slab;
    bool packed;              /* in row 4 · slab + order; else the bytes are in memory */
    struct retort_span bytes; /* in memory */
    size_t at, n_left;        /* where the next entry stands; entries not yet read */
    size_t chunk;
    const struct retort_stored_model **models; /* [groups]: NULL where the group doesn't fit */
    size_t n_groups;
    struct head *heads; /* [n_heads], used up to next */
    size_t n_heads, next, capacity;
};

struct walk {
    struct plan *plan;
    enum pack_order order;
    sqlite3_blob *blob; /* of one run at a time */
    struct retort_buffer chunk;
    struct run *runs;
    size_t n_runs;
    struct run **heap; /* by their next heads */
    size_t n_heap;
};

static bool fail_damaged(const struct walk *walk, struct retort_error *error)
{
    return retort_fail(error, RETORT_REFUSED,
                       "%s: a packed slab is damaged; run `retort label -d` again",
                       walk->plan->store->path);
}

static bool open_blob(struct walk *walk, int64_t row, struct retort_error *error)
{
    struct retort_store *store = walk->plan->store;
    int code = walk->blob
                   ? sqlite3_blob_reopen(walk->blob, row)
                   : sqlite3_blob_open(store->db, "main", "packed", "rows", row, 0, &walk->blob);
    return code == SQLITE_OK || store_fail(store, error);
}

/* Bytes of a run; *read borrows from memory or from the walk's chunk. */
static bool read_bytes(struct walk *walk, const struct run *run, size_t at, size_t len,
                       struct retort_span *read, struct retort_error *error)
{
    if (!run->packed) {
        *read = retort_span_slice(run->bytes, at, at + len);
        return true;
    }
    if (!open_blob(walk, run->slab << 2 | walk->order, error))
        return false;
    size_t size = (size_t)sqlite3_blob_bytes(walk->blob);
    if (at > size || len > size - at)
        return fail_damaged(walk, error);
    if (walk->chunk.capacity < len) {
        retort_buffer_release(&walk->chunk);
        walk->chunk.data = retort_grow(NULL, len, 1);
        walk->chunk.capacity = len;
    }
    if (sqlite3_blob_read(walk->blob, walk->chunk.data, (int)len, (int)at) != SQLITE_OK)
        return store_fail(walk->plan->store, error);
    *read = (struct retort_span){walk->chunk.data, len};
    return true;
}

/* Packs an open slab in memory. */
static bool pack_open(struct walk *walk, struct run *run, struct retort_error *error)
{
    struct retort_buffer bytes = {0};
    struct pack pack = {0};
    bool read = pack_read(walk->plan->store, run->slab, &pack, error);
    if (read) {
        pack_write(&pack, walk->order, &bytes);
        run->bytes = retort_arena_copy(walk->plan->arena, retort_buffer_span(&bytes));
    }
    retort_buffer_release(&bytes);
    pack_release(&pack);
    return read;
}

static bool read_groups(struct walk *walk, struct run *run, struct retort_error *error)
{
    struct plan *plan = walk->plan;
    struct retort_span bytes;
    struct pack_group *groups;
    if (!read_bytes(walk, run, 0, PACK_FRONT, &bytes, error))
        return false;
    const struct pack_front front = pack_front(bytes.data);
    if (front.head < PACK_FRONT || !read_bytes(walk, run, 0, front.head, &bytes, error))
        return front.head < PACK_FRONT ? fail_damaged(walk, error) : false;
    if (!pack_groups(bytes, &front, plan->arena, &groups))
        return fail_damaged(walk, error);
    run->at = front.head;
    run->n_left = front.n_entries;
    run->n_groups = front.n_groups;
    run->chunk = FIRST_CHUNK;
    run->models = RETORT_NEW(plan->arena, const struct retort_stored_model *, front.n_groups);
    for (size_t i = 0; i < front.n_groups; i++) {
        const struct retort_stored_model *model = store_model(plan->store, groups[i].model);
        run->models[i] = plan_wants_group(plan, model, groups[i].label) ? model : NULL;
    }
    return true;
}

static bool begin_run(struct walk *walk, struct run *run, int64_t slab, bool packed,
                      struct retort_error *error)
{
    *run = (struct run){.slab = slab, .packed = packed};
    return (packed || pack_open(walk, run, error)) && read_groups(walk, run, error);
}

/* ---- entries ----------------------------------------------------------------------------------
 */

static bool take_entry(struct walk *walk, struct run *run, const uint8_t *bytes,
                       struct retort_error *error)
{
    const struct pack_entry entry = pack_entry(bytes, run->slab);
    if (entry.group >= run->n_groups)
        return fail_damaged(walk, error);
    const struct retort_stored_model *model = run->models[entry.group];
    if (model && plan_may_want_state(walk->plan, entry.state))
        run->heads[run->n_heads++] = (struct head){entry.score, entry.comment, model};
    return true;
}

/* Decodes the next chunk of a run of which all heads are used. */
static bool read_chunk(struct walk *walk, struct run *run, struct retort_error *error)
{
    size_t n = run->chunk / PACK_ENTRY;
    n = n < run->n_left ? n : run->n_left;
    struct retort_span bytes;
    if (!read_bytes(walk, run, run->at, n * PACK_ENTRY, &bytes, error))
        return false;
    if (n > run->capacity) {
        run->heads = RETORT_NEW(walk->plan->arena, struct head, n);
        run->capacity = n;
    }
    run->n_heads = run->next = 0;
    for (size_t i = 0; i < n; i++)
        if (!take_entry(walk, run, bytes.data + i * PACK_ENTRY, error))
            return false;
    run->at += n * PACK_ENTRY;
    run->n_left -= n;
    run->chunk = run->chunk * 4 < CHUNK_MOST ? run->chunk * 4 : CHUNK_MOST;
    return true;
}

/* To the next head behind the cursor; none: next is n_heads. */
static bool advance_run(struct walk *walk, struct run *run, bool ordered,
                        struct retort_error *error)
{
    for (;;) {
        while (
            run->next < run->n_heads && ordered &&
            !plan_is_behind(walk->plan, run->heads[run->next].score, run->heads[run->next].comment))
            run->next++;
        if (run->next < run->n_heads || run->n_left == 0)
            return true;
        if (!read_chunk(walk, run, error))
            return false;
    }
}

/* ---- slabs ------------------------------------------------------------------------------------
 */

/* All slabs there are, the newest first: runs that have not begun. */
static bool list_slabs(struct walk *walk, struct retort_buffer *slabs, struct retort_error *error)
{
    bool found = true, good = true;
    sqlite3_stmt *read = store_statement(walk->plan->store, EACH_SLAB, error);
    if (!read)
        return false;
    while ((good = store_step(walk->plan->store, read, &found, error)) && found) {
        const int64_t slab[2] = {sqlite3_column_int64(read, 0), sqlite3_column_int64(read, 1)};
        retort_buffer_put(slabs, (struct retort_span){(const uint8_t *)slab, sizeof slab});
    }
    sqlite3_reset(read);
    return good;
}

static size_t n_slabs(const struct retort_buffer *slabs)
{
    return slabs->len / (2 * sizeof(int64_t));
}

static bool begin_nth(struct walk *walk, const struct retort_buffer *slabs, size_t nth,
                      struct run *run, struct retort_error *error)
{
    int64_t slab[2];
    memcpy(slab, slabs->data + nth * sizeof slab, sizeof slab);
    return begin_run(walk, run, slab[0], slab[1] != 0, error);
}

static void end_walk(struct walk *walk)
{
    sqlite3_blob_close(walk->blob); /* NULL is fine */
    retort_buffer_release(&walk->chunk);
}

/* ---- by rank ----------------------------------------------------------------------------------
 */

static bool comes_before(const struct run *a, const struct run *b)
{
    const struct head *left = &a->heads[a->next], *right = &b->heads[b->next];
    if (left->score != right->score)
        return left->score > right->score;
    return left->comment < right->comment; /* of two slabs, never equal */
}

static void sink(struct walk *walk, size_t at)
{
    struct run **heap = walk->heap;
    for (;;) {
        size_t best = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < walk->n_heap; child++)
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

static bool begin_merge(struct walk *walk, struct retort_error *error)
{
    struct retort_buffer slabs = {0};
    bool good = list_slabs(walk, &slabs, error);
    size_t n = good ? n_slabs(&slabs) : 0;
    walk->runs = RETORT_NEW(walk->plan->arena, struct run, n);
    walk->heap = RETORT_NEW(walk->plan->arena, struct run *, n);
    for (size_t i = 0; good && i < n; i++) {
        struct run *run = &walk->runs[i];
        good = begin_nth(walk, &slabs, i, run, error) && advance_run(walk, run, true, error);
        if (good && run->next < run->n_heads)
            walk->heap[walk->n_heap++] = run;
    }
    retort_buffer_release(&slabs);
    for (size_t i = walk->n_heap / 2; i-- > 0;)
        sink(walk, i);
    return good;
}

/* The first run's next head is used. */
static bool advance(struct walk *walk, struct retort_error *error)
{
    struct run *run = walk->heap[0];
    run->next++;
    if (!advance_run(walk, run, true, error))
        return false;
    if (run->next == run->n_heads)
        walk->heap[0] = walk->heap[--walk->n_heap];
    sink(walk, 0);
    return true;
}

bool walk_ranks(struct plan *plan, struct retort_error *error)
{
    static const enum pack_order ORDERS[] = {
        [RETORT_WORTH] = PACK_WORTH, [RETORT_SEVERE] = PACK_SEVERE, [RETORT_UNSURE] = PACK_NEAR};
    struct walk walk = {.plan = plan, .order = ORDERS[plan->view->order]};
    bool good = begin_merge(&walk, error);
    while (good && walk.n_heap && !plan_is_full(plan)) {
        const struct head *head = &walk.heap[0]->heads[walk.heap[0]->next];
        const struct retort_listed item = {head->comment, head->model, head->score};
        good = plan_offer(plan, &item, error) && advance(&walk, error);
    }
    end_walk(&walk);
    return good;
}

/* ---- gathered ---------------------------------------------------------------------------------
 */

/* All that may fit of a slab, appended as struct retort_listed with score 0. */
static bool gather_slab(struct walk *walk, const struct retort_buffer *slabs, size_t nth,
                        struct retort_buffer *rows, struct retort_error *error)
{
    struct run run;
    if (!begin_nth(walk, slabs, nth, &run, error))
        return false;
    run.chunk = CHUNK_MOST;
    while (run.n_left) {
        if (!read_chunk(walk, &run, error))
            return false;
        for (size_t i = 0; i < run.n_heads; i++) {
            const struct retort_listed row = {run.heads[i].comment, run.heads[i].model, 0};
            retort_buffer_put(rows, (struct retort_span){(const uint8_t *)&row, sizeof row});
        }
    }
    return true;
}

bool walk_gather(struct plan *plan, struct retort_buffer *rows, struct retort_error *error)
{
    struct walk walk = {.plan = plan, .order = PACK_WORTH};
    struct retort_buffer slabs = {0};
    bool good = list_slabs(&walk, &slabs, error);
    for (size_t i = 0; good && i < n_slabs(&slabs); i++)
        good = gather_slab(&walk, &slabs, i, rows, error);
    retort_buffer_release(&slabs);
    end_walk(&walk);
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

static int64_t slab_number(const struct retort_buffer *slabs, size_t nth)
{
    int64_t slab;
    memcpy(&slab, slabs->data + nth * 2 * sizeof slab, sizeof slab);
    return slab;
}

static bool try_comment(struct plan *plan, int64_t comment, struct retort_error *error)
{
    struct retort_listed best;
    bool fits;
    if (comment < 1 || comment > plan->last)
        return true;
    if (!plan_judge(plan, comment, &best, &fits, error))
        return false;
    if (fits)
        plan_add(plan, &best);
    return true;
}

/* Where most fits, a few tries fill the page; the walk goes on behind them. */
static bool try_newest(struct plan *plan, struct retort_error *error)
{
    enum { TRIES = 4 };
    int64_t comment = plan->after.comment ? plan->after.comment : plan->last + 1;
    for (size_t n = 0; n < TRIES * plan->view->limit && comment > 1 && !plan_is_full(plan); n++)
        if (!try_comment(plan, --comment, error))
            return false;
    plan->after.comment = comment;
    plan->after.score = (double)comment;
    return true;
}

bool walk_newest(struct plan *plan, struct retort_error *error)
{
    struct walk walk = {.plan = plan, .order = PACK_WORTH};
    struct retort_buffer slabs = {0}, rows = {0};
    bool good = try_newest(plan, error) && list_slabs(&walk, &slabs, error);
    int64_t from = plan->after.comment >> SLAB_BITS;
    for (size_t i = 0; good && i < n_slabs(&slabs) && !plan_is_full(plan); i++) {
        if (slab_number(&slabs, i) > from)
            continue;
        retort_buffer_clear(&rows);
        good = gather_slab(&walk, &slabs, i, &rows, error) && offer_rows(plan, &rows, error);
    }
    retort_buffer_release(&slabs);
    retort_buffer_release(&rows);
    end_walk(&walk);
    return good;
}

/* ---- random -----------------------------------------------------------------------------------
 */

static bool try_places(struct plan *plan, struct retort_error *error)
{
    uint64_t place = plan->after.comment ? (uint64_t)-plan->after.score + 1 : 0;
    for (; place < plan_n_places(plan) && !plan_is_full(plan); place++)
        if (!try_comment(plan, plan_at(plan, place), error))
            return false;
    return true;
}

/* Whether trying places (that fit with a chance of n_rows in all comments) until the page is full
 * costs less than gathering all rows and sorting them. */
static bool is_dense(const struct plan *plan)
{
    double rows = (double)plan->n_rows, limit = (double)plan->view->limit;
    return limit > 0 && limit * (double)plan->last * (double)plan->store->try_cost < rows * rows;
}

bool walk_random(struct plan *plan, struct retort_error *error)
{
    struct retort_buffer rows = {0};
    if (is_dense(plan))
        return try_places(plan, error);
    bool good = walk_gather(plan, &rows, error) && offer_rows(plan, &rows, error);
    retort_buffer_release(&rows);
    return good;
}
