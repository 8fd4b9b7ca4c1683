/* Sieves: conditions on a comment that no index by rank knows.
 *
 * A sieve is asked comment by comment, or filled: a bit for every comment that passes. Filling pays
 * where few pass, and where it is asked so often that asking costs more; so it is filled up to a
 * bound at first, and wholly after some thousand questions. */
#include "store/view.h"

#include <string.h>

static const struct {
    enum statement fill, ask;
} SIEVES[N_SIEVES] = {
    [SIEVE_WORDS] = {WORDS_FILL, WORDS_ASK},    [SIEVE_AUTHOR] = {AUTHOR_FILL, AUTHOR_ASK},
    [SIEVE_SOURCE] = {SOURCE_FILL, SOURCE_ASK}, [SIEVE_PARKED] = {PARKED_FILL, PARKED_ASK},
    [SIEVE_OWN] = {OWN_FILL, OWN_ASK},          [SIEVE_JUDGED] = {JUDGED_FILL, JUDGED_ASK},
    [SIEVE_DRAW] = {DRAW_FILL, DRAW_ASK},
};

static void bind_value(sqlite3_stmt *statement, const struct sieve *sieve)
{
    if (sieve->text.data)
        bind_text(statement, 1, sieve->text);
    else
        sqlite3_bind_int64(statement, 1, sieve->number);
}

static void set_bit(struct sieve *sieve, int64_t id)
{
    if (id < 0 || (size_t)id >= sieve->n_bits)
        return; /* stored since the search began */
    uint8_t *byte = &sieve->bits[id / 8], bit = (uint8_t)(1u << (id % 8));
    sieve->n_ids += (*byte & bit) == 0;
    *byte |= bit;
}

bool sieve_fill(struct retort_store *store, struct sieve *sieve, size_t most,
                struct retort_arena *arena, struct retort_error *error)
{
    bool found = true, good = true;
    size_t n_rows = 0;
    sqlite3_stmt *read = store_statement(store, SIEVES[sieve->kind].fill, error);
    if (!read)
        return false;
    if (!sieve->bits)
        sieve->bits = RETORT_NEW(arena, uint8_t, sieve->n_bits / 8 + 1);
    memset(sieve->bits, 0, sieve->n_bits / 8 + 1);
    sieve->n_ids = 0;
    bind_value(read, sieve);
    sqlite3_bind_int64(read, 2, most ? (int64_t)most + 1 : -1);
    while ((good = store_step(store, read, &found, error)) && found && (!most || n_rows < most)) {
        set_bit(sieve, sqlite3_column_int64(read, 0));
        n_rows++;
    }
    sqlite3_reset(read);
    sieve->full = good && !found;
    return good;
}

static bool ask(struct retort_store *store, const struct sieve *sieve, int64_t comment,
                bool *passes, struct retort_error *error)
{
    sqlite3_stmt *read = store_statement(store, SIEVES[sieve->kind].ask, error);
    if (!read)
        return false;
    bind_value(read, sieve);
    sqlite3_bind_int64(read, 2, comment);
    if (!store_step(store, read, passes, error))
        return false;
    sqlite3_reset(read);
    return true;
}

bool sieve_passes(struct retort_store *store, struct sieve *sieve, int64_t comment,
                  struct retort_arena *arena, bool *passes, struct retort_error *error)
{
    if (!sieve->full && ++sieve->n_asked < store->asked_most)
        return ask(store, sieve, comment, passes, error);
    if (!sieve->full && !sieve_fill(store, sieve, 0, arena, error))
        return false;
    *passes = (size_t)comment < sieve->n_bits && sieve->bits[comment / 8] >> (comment % 8) & 1;
    return true;
}

int64_t sieve_next(const struct sieve *sieve, int64_t from)
{
    for (size_t id = (size_t)from; id < sieve->n_bits; id++) {
        if (sieve->bits[id / 8] == 0)
            id |= 7; /* none in this byte */
        else if (sieve->bits[id / 8] >> (id % 8) & 1)
            return (int64_t)id;
    }
    return 0;
}
