/* The slabs that a load fills: their rows are kept in memory as they are put, so that they need not
 * be read again to be packed.
 *
 * That holds as long as nobody else touches a slab. It is forgotten with the first row of it that
 * is changed or was there before, with a transaction that fails, and when another connection has
 * committed anything: then the slab is read. */
#include "store/pack.h"

#include <stdlib.h>

/* A transaction may fill some; they are packed when it commits. */
enum { KEPT = 8 };

struct filled {
    struct pack pack;
    int64_t slab;
    bool whole; /* pack holds all rows of the slab that there are */
};
struct filling {
    struct filled kept[KEPT]; /* slab n at n % KEPT */
    int64_t next;             /* the comment that comes next */
    int64_t version;          /* of the file, as others have changed it */
};

static struct filled *filled_of(struct filling *filling, int64_t comment)
{
    int64_t slab = comment >> SLAB_BITS;
    struct filled *filled = &filling->kept[slab % KEPT];
    return filled->whole && filled->slab == slab ? filled : NULL;
}

static void forget(struct filled *filled)
{
    filled->whole = false;
    pack_release(&filled->pack);
}

void store_fill(struct retort_store *store)
{
    if (store->filling)
        return;
    store->filling = retort_grow(NULL, 1, sizeof *store->filling);
    *store->filling = (struct filling){.version = -1};
}

static void forget_all(struct filling *filling)
{
    for (size_t i = 0; i < KEPT; i++)
        forget(&filling->kept[i]);
}

void store_fill_end(struct retort_store *store)
{
    if (store->filling)
        forget_all(store->filling);
    free(store->filling);
    store->filling = NULL;
}

void store_fill_forget(struct retort_store *store)
{
    if (store->filling)
        forget_all(store->filling);
}

void store_fill_spoil(struct retort_store *store, int64_t comment)
{
    struct filled *filled = store->filling ? filled_of(store->filling, comment) : NULL;
    if (filled)
        forget(filled);
}

bool store_fill_begin(struct retort_store *store, struct retort_error *error)
{
    bool found;
    struct filling *filling = store->filling;
    if (!filling)
        return true;
    sqlite3_stmt *read = store_statement(store, DATA_VERSION, error);
    if (!read || !store_step(store, read, &found, error))
        return false;
    int64_t version = sqlite3_column_int64(read, 0);
    sqlite3_reset(read);
    if (version != filling->version)
        forget_all(filling);
    filling->version = version;
    return true;
}

/* The ids of a slab begin at a multiple of its size; there is no comment 0. */
void store_fill_comment(struct retort_store *store, int64_t comment)
{
    struct filling *filling = store->filling;
    if (!filling)
        return;
    if (comment == 1 || comment % (1 << SLAB_BITS) == 0) {
        struct filled *filled = &filling->kept[(comment >> SLAB_BITS) % KEPT];
        forget(filled);
        filled->slab = comment >> SLAB_BITS;
        filled->whole = true;
    } else if (comment != filling->next) {
        store_fill_spoil(store, comment);
    }
    filling->next = comment + 1;
}

void store_fill_label(struct retort_store *store, const struct label_row *row,
                      const struct ranks *ranks)
{
    struct filled *filled = store->filling ? filled_of(store->filling, row->comment) : NULL;
    const struct pack_row packed = {.ranks = {ranks->worth, ranks->severe, ranks->near},
                                    .comment = row->comment,
                                    .model = row->model->id,
                                    .state = row->state};
    if (!filled)
        return;
    if (!row->is_new || row->comment + 1 != store->filling->next)
        forget(filled);
    else if (row->state != STATE_NONE)
        pack_add(&filled->pack, &packed, row->label);
}

struct pack *store_filled(struct retort_store *store, int64_t slab)
{
    struct filled *filled = store->filling ? filled_of(store->filling, slab << SLAB_BITS) : NULL;
    return filled ? &filled->pack : NULL;
}
