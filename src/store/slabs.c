/* Slabs: which of them are packed, and when they are packed again.
 *
 * A label with new ranks, or one that waits again, opens its slab: it is read row by row until the
 * transaction ends, and packed then; only the last slab, which still grows, stays open. A label
 * that is decided or gone only makes its slab a little stale: readers judge what they find, and
 * pass over it. When a slab is stale enough to cost them time it is packed anew. Slabs that were
 * packed before are packed a few at a commit (a large bulk taken back opens many), so that nobody
 * waits long for the write lock; the next commits go on. */
#include "store/pack.h"

#include <stdlib.h>

enum { STALE_MOST = 64, STALE_AT_ONCE = 2, OPEN_AT_ONCE = 16 };

static struct slab_change *change_of(struct retort_store *store, int64_t slab)
{
    struct slab_changes *changes = &store->slabs;
    for (size_t i = changes->n; i-- > 0;)
        if (changes->all[i].slab == slab)
            return &changes->all[i];
    if (changes->n == changes->capacity) {
        changes->capacity = changes->capacity ? 2 * changes->capacity : 16;
        changes->all = retort_grow(changes->all, changes->capacity, sizeof *changes->all);
    }
    changes->all[changes->n] = (struct slab_change){.slab = slab};
    return &changes->all[changes->n++];
}

void store_slab_open(struct retort_store *store, int64_t comment)
{
    change_of(store, comment >> SLAB_BITS)->opens = true;
}

void store_slab_stale(struct retort_store *store, int64_t comment)
{
    change_of(store, comment >> SLAB_BITS)->n_stale++;
}

void store_slabs_forget(struct retort_store *store)
{
    store->slabs.n = 0;
    store->slabs.written = false;
}

static bool write_change(struct retort_store *store, const struct slab_change *change,
                         struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, change->opens ? OPEN_SLAB : STALE_SLAB, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, change->slab);
    sqlite3_bind_int64(put, 2, change->n_stale);
    return store_run(store, put, error);
}

bool store_slabs_write(struct retort_store *store, struct retort_error *error)
{
    for (size_t i = 0; i < store->slabs.n; i++)
        if (!write_change(store, &store->slabs.all[i], error))
            return false;
    store->slabs.written |= store->slabs.n > 0;
    store->slabs.n = 0;
    return true;
}

/* ---- packing ----------------------------------------------------------------------------------
 */

static bool put_packed(struct retort_store *store, int64_t slab, const struct pack *pack,
                       enum pack_order order, struct retort_error *error)
{
    pack_write(pack, order, &store->packed);
    sqlite3_stmt *put = store_statement(store, PUT_PACKED, error);
    if (!put)
        return false;
    sqlite3_bind_int64(put, 1, slab << 2 | order);
    bind_blob(put, 2, retort_buffer_span(&store->packed));
    return store_run(store, put, error);
}

static bool write_pack(struct retort_store *store, int64_t slab, const struct pack *pack,
                       struct retort_error *error)
{
    for (int order = 0; order < N_PACKS; order++)
        if (!put_packed(store, slab, pack, (enum pack_order)order, error))
            return false;
    sqlite3_stmt *mark = store_statement(store, MARK_PACKED, error);
    if (!mark)
        return false;
    sqlite3_bind_int64(mark, 1, slab);
    return store_run(store, mark, error);
}

static bool pack_slab(struct retort_store *store, int64_t slab, struct retort_error *error)
{
    struct pack read = {0};
    struct pack *filled = store_filled(store, slab), *pack = filled ? filled : &read;
    bool good =
        (filled || pack_read(store, slab, pack, error)) && write_pack(store, slab, pack, error);
    store_fill_spoil(store, slab << SLAB_BITS); /* its memory is free */
    pack_release(&read);
    return good;
}

/* Slab after slab, as the statement names one that is due. */
static bool pack_due(struct retort_store *store, enum statement which, int64_t value, size_t most,
                     struct retort_error *error)
{
    for (size_t n = 0; n < most; n++) {
        bool found;
        sqlite3_stmt *find = store_statement(store, which, error);
        if (!find)
            return false;
        sqlite3_bind_int64(find, 1, value);
        if (!store_step(store, find, &found, error))
            return false;
        int64_t slab = found ? sqlite3_column_int64(find, 0) : 0;
        sqlite3_reset(find);
        if (!found)
            return true;
        if (!pack_slab(store, slab, error))
            return false;
    }
    return true;
}

static bool last_slab(struct retort_store *store, int64_t *slab, struct retort_error *error)
{
    bool found;
    sqlite3_stmt *read = store_statement(store, LAST_COMMENT, error);
    if (!read || !store_step(store, read, &found, error))
        return false;
    *slab = found ? sqlite3_column_int64(read, 0) >> SLAB_BITS : 0;
    sqlite3_reset(read);
    return true;
}

bool store_slabs_pack(struct retort_store *store, struct retort_error *error)
{
    int64_t last;
    if (!store->slabs.written)
        return true;
    store->slabs.written = false;
    return last_slab(store, &last, error) && pack_due(store, NEW_SLABS, last, SIZE_MAX, error) &&
           pack_due(store, OPEN_SLABS, last, OPEN_AT_ONCE, error) &&
           pack_due(store, STALE_SLABS, STALE_MOST, STALE_AT_ONCE, error);
}

bool store_slabs_tidy(struct retort_store *store, struct retort_error *error)
{
    return store_slabs_write(store, error) &&
           pack_due(store, OPEN_SLABS, INT64_MAX, OPEN_AT_ONCE, error);
}
