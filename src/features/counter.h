/* counter (private to features): a bag counted over one dictionary while it is made.
 *
 * For each feature how often it was met, and which were met, in their order. What a dictionary
 * knows of a word of the lexicon, its own feature and those of its letters, is looked up once. */
#ifndef RETORT_FEATURES_COUNTER_H
#define RETORT_FEATURES_COUNTER_H

#include "features/dictionary.h"
#include "features/extractor.h"

enum { N_WORTHS = 64, AHEAD = 8 /* features that are fetched before they are added */ };

/* No n-gram stands in a text more often than it has bytes: the space as a letter does in "a a a …".
 * One such count is beyond 16 bits, and is told from none by being among what was met. */
enum { MOST_COUNTED = RETORT_TEXT_READ };

/* N-grams of one field that were met one after the other: up to the next run's first. */
struct run {
    enum retort_field field;
    size_t first;
};

struct counter {
    uint64_t id;          /* of the dictionary, */
    const uint64_t *keys; /* and its own */
    const struct retort_dictionary *dictionary;
    float worths[N_WORTHS]; /* what an n-gram counts for that stands so often in a comment */
    bool binary;
    uint16_t *counts; /* [n_features] of the item, MOST_COUNTED as 0; else 0 */
    uint32_t *met;    /* [n_features + AHEAD] in the order in which they were met */
    size_t n_met;
    struct run *runs; /* in the same order */
    size_t n_runs, run_capacity;
    struct retort_entry *dense; /* features and values of cues */
    size_t n_dense, dense_capacity;
    struct lexeme *lexemes; /* the lexicon's, which hold what was looked up of them, in */
    size_t column;          /* this column; from MOST_COLUMNS on nothing is held */
    uint32_t *pool; /* from 1 on: a number of features, then these; from time to time emptied */
    size_t pool_n, pool_capacity;
    float *pieces; /* from 1 on: a row a word, of its character n-grams together; emptied like it */
    size_t n_pieces, piece_capacity;
    uint32_t cues[CUE_SLOTS]; /* feature + 1 of a cue's name; 0: not looked up */
};

struct counter *retort_counter_new(const struct retort_dictionary *dictionary,
                                   const struct retort_recipe *recipe);
/* The counter of a dictionary, empty, made at the first time; the recipe is the dictionary's. */
struct counter *retort_counter_of(struct retort_extractor *extractor,
                                  const struct retort_dictionary *dictionary,
                                  const struct retort_recipe *recipe);
void retort_counter_free(struct counter *counter);

/* What is held of the token's word; NULL: nothing is. */
static inline struct known *counter_known(const struct counter *counter, const struct token *token)
{
    bool held = token->lexeme != NO_LEXEME && counter->column < MOST_COLUMNS;
    return held ? &counter->lexemes[token->lexeme].known[counter->column] : NULL;
}

static inline void counter_add(struct counter *counter, uint32_t feature)
{
    uint16_t count = counter->counts[feature];
    counter->met[counter->n_met] = feature;
    counter->n_met += count == 0;
    counter->counts[feature] = (uint16_t)(count + 1);
}

/* What is added from now on is of this field. */
void retort_counter_begin(struct counter *counter, enum retort_field field);

static inline void counter_add_key(struct counter *counter, uint64_t key)
{
    uint32_t feature = dictionary_find(counter->dictionary, key);
    if (feature != UINT32_MAX)
        counter_add(counter, feature);
}

void retort_counter_add_dense(struct counter *counter, uint32_t feature, float value);
/* Cues are told by slots of the extractor's table of names. */
void retort_counter_add_cue(struct counter *counter, uint32_t slot, uint64_t key, float value);
/* Room for one more row of pieces: the last. */
void retort_counter_more_pieces(struct counter *counter, size_t n_lanes);
/* Room in the pool for the next n. */
uint32_t *retort_counter_room(struct counter *counter, size_t n);

#endif
