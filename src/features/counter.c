/* Counters, a dictionary each: as many as there are models. */
#include "features/counter.h"

#include <stdlib.h>

/* ---- made and kept ---- */

enum { POOL_MOST = 1 << 20, PIECES_MOST = 1 << 17 };

struct counter *retort_counter_new(const struct retort_dictionary *dictionary,
                                   const struct retort_recipe *recipe)
{
    size_t n = (size_t)dictionary->n_features + AHEAD;
    struct counter *counter = retort_grow(NULL, 1, sizeof *counter);
    *counter = (struct counter){.id = dictionary->id,
                                .keys = dictionary->keys,
                                .dictionary = dictionary,
                                .binary = recipe->binary,
                                .pool_n = 1,
                                .n_pieces = 1};
    for (size_t i = 0; i < N_WORTHS; i++)
        counter->worths[i] =
            (float)retort_count_weighed(i > 0 ? (double)i : MOST_COUNTED, recipe->binary);
    counter->counts = calloc(n, sizeof *counter->counts);
    counter->met = calloc(n, sizeof *counter->met);
    if (!counter->counts || !counter->met)
        retort_out_of_memory();
    return counter;
}

void retort_counter_free(struct counter *counter)
{
    if (!counter)
        return;
    free(counter->counts);
    free(counter->met);
    free(counter->runs);
    free(counter->dense);
    free(counter->pool);
    free(counter->pieces);
    free(counter);
}

/* Strangers may give two files one checksum: the dictionary has to lie where it lay, too. */
static bool is_of(const struct counter *counter, const struct retort_dictionary *dictionary)
{
    return counter->id == dictionary->id && counter->keys == dictionary->keys;
}

/* The column of a dictionary: its own, else a free one, else the last. */
static size_t column_of(struct retort_extractor *extractor,
                        const struct retort_dictionary *dictionary)
{
    struct counter **counters = extractor->counters;
    size_t at = 0;
    while (at < MOST_COUNTERS - 1 && counters[at] && !is_of(counters[at], dictionary))
        at++;
    if (counters[at] && !is_of(counters[at], dictionary)) {
        retort_counter_free(counters[at]);
        counters[at] = NULL;
        if (at < MOST_COLUMNS)
            retort_lexicon_forget(&extractor->lexicon, at, false);
    }
    return at;
}

struct counter *retort_counter_of(struct retort_extractor *extractor,
                                  const struct retort_dictionary *dictionary,
                                  const struct retort_recipe *recipe)
{
    size_t column = column_of(extractor, dictionary);
    if (!extractor->counters[column])
        extractor->counters[column] = retort_counter_new(dictionary, recipe);
    struct counter *counter = extractor->counters[column];
    counter->column = column;
    counter->lexemes = extractor->lexicon.slots;
    counter->dictionary = dictionary;
    counter->n_met = counter->n_runs = counter->n_dense = 0;
    if (counter->pool_n > POOL_MOST || counter->n_pieces > PIECES_MOST) {
        counter->pool_n = counter->n_pieces = 1;
        retort_lexicon_forget(&extractor->lexicon, column, true);
    }
    return counter;
}

uint32_t *retort_counter_room(struct counter *counter, size_t n)
{
    if (counter->pool_capacity < counter->pool_n + n) {
        counter->pool_capacity = 2 * counter->pool_capacity + n + 4096;
        counter->pool = retort_grow(counter->pool, counter->pool_capacity, sizeof *counter->pool);
    }
    return counter->pool + counter->pool_n;
}

void retort_counter_more_pieces(struct counter *counter, size_t n_lanes)
{
    counter->n_pieces++;
    if (counter->n_pieces <= counter->piece_capacity)
        return;
    counter->piece_capacity = 2 * counter->n_pieces + 1024;
    counter->pieces =
        retort_grow(counter->pieces, counter->piece_capacity * n_lanes, sizeof *counter->pieces);
}

void retort_counter_begin(struct counter *counter, enum retort_field field)
{
    if (counter->n_runs > 0 && counter->runs[counter->n_runs - 1].field == field)
        return;
    if (counter->n_runs == counter->run_capacity) {
        counter->run_capacity = 2 * counter->run_capacity + 16;
        counter->runs = retort_grow(counter->runs, counter->run_capacity, sizeof *counter->runs);
    }
    counter->runs[counter->n_runs++] = (struct run){field, counter->n_met};
}

/* ---- dense features ---- */

void retort_counter_add_dense(struct counter *counter, uint32_t feature, float value)
{
    if (counter->n_dense == counter->dense_capacity) {
        counter->dense_capacity = 2 * counter->dense_capacity + 64;
        counter->dense =
            retort_grow(counter->dense, counter->dense_capacity, sizeof *counter->dense);
    }
    counter->dense[counter->n_dense++] = (struct retort_entry){feature, value};
}

void retort_counter_add_cue(struct counter *counter, uint32_t slot, uint64_t key, float value)
{
    enum { ABSENT = UINT32_MAX };
    uint32_t *held = &counter->cues[slot];
    if (*held == 0) {
        uint32_t feature = dictionary_find(counter->dictionary, key);
        *held = feature == UINT32_MAX ? ABSENT : feature + 1;
    }
    if (*held != ABSENT)
        retort_counter_add_dense(counter, *held - 1, value);
}
