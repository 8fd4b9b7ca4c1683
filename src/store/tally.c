/* Tallies: how many labels there are of each state, model and label set.
 *
 * A load changes a few of them a million times, so changes are gathered in a table of their own and
 * written at the end of each transaction: a row a group, not a row a label. */
#include "store/rank.h"

#include <stdlib.h>
#include <string.h>

static uint64_t key_hash(const struct tally_key *key)
{
    const int64_t numbers[2] = {key->state, key->model};
    uint64_t seed = retort_hash((struct retort_span){(const uint8_t *)numbers, sizeof numbers}, 0);
    return retort_hash(key->label, seed);
}

static bool is_key(const struct tallies *tallies, const struct tally_change *change,
                   const struct tally_key *key)
{
    struct retort_span label = {tallies->labels.data + change->label_at, change->key.label.len};
    return change->key.state == key->state && change->key.model == key->model &&
           (key->label.len == 0 ? label.len == 0 : retort_span_equal(label, key->label));
}

/* The slot of the key, or a free one (hash 0). */
static struct tally_change *find(const struct tallies *tallies, const struct tally_key *key,
                                 uint64_t hash)
{
    size_t at = hash & (tallies->size - 1);
    while (tallies->changes[at].hash &&
           !(tallies->changes[at].hash == hash && is_key(tallies, &tallies->changes[at], key)))
        at = (at + 1) & (tallies->size - 1);
    return &tallies->changes[at];
}

static void grow(struct tallies *tallies)
{
    struct tallies grown = *tallies;
    grown.size = tallies->size ? tallies->size * 2 : 256;
    grown.changes = retort_grow(NULL, grown.size, sizeof *grown.changes);
    memset(grown.changes, 0, grown.size * sizeof *grown.changes);
    for (size_t i = 0; i < tallies->size; i++) {
        size_t at = tallies->changes[i].hash & (grown.size - 1);
        while (grown.changes[at].hash)
            at = (at + 1) & (grown.size - 1);
        if (tallies->changes[i].hash)
            grown.changes[at] = tallies->changes[i];
    }
    free(tallies->changes);
    *tallies = grown;
}

void store_tally(struct retort_store *store, const struct tally_key *key, int64_t n)
{
    struct tallies *tallies = &store->tallies;
    uint64_t hash = key_hash(key) | 1;
    if (tallies->n_changes >= tallies->size / 4 * 3)
        grow(tallies);
    struct tally_change *change = find(tallies, key, hash);
    if (!change->hash) {
        *change = (struct tally_change){.hash = hash, .key = *key, .label_at = tallies->labels.len};
        change->key.label.data = NULL; /* the bytes move with their buffer */
        retort_buffer_put(&tallies->labels, key->label);
        tallies->n_changes++;
    }
    change->n += n;
}

static bool write_change(struct retort_store *store, const struct tally_change *change,
                         struct retort_error *error)
{
    sqlite3_stmt *put = store_statement(store, PUT_TALLY, error);
    if (!put)
        return false;
    struct retort_span label = {store->tallies.labels.data + change->label_at,
                                change->key.label.len};
    sqlite3_bind_int64(put, 1, change->key.state);
    sqlite3_bind_int64(put, 2, change->key.model);
    bind_text(put, 3, label.len ? label : RETORT_SPAN(""));
    sqlite3_bind_int64(put, 4, change->n);
    return store_run(store, put, error);
}

bool store_tally_write(struct retort_store *store, struct retort_error *error)
{
    for (size_t i = 0; i < store->tallies.size; i++) {
        const struct tally_change *change = &store->tallies.changes[i];
        if (change->hash && change->n != 0 && !write_change(store, change, error))
            return false;
    }
    store_tally_forget(store);
    return true;
}

void store_tally_forget(struct retort_store *store)
{
    struct tallies *tallies = &store->tallies;
    if (tallies->n_changes)
        memset(tallies->changes, 0, tallies->size * sizeof *tallies->changes);
    tallies->n_changes = 0;
    retort_buffer_clear(&tallies->labels);
}
