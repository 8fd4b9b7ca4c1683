/* extractor (private to features): what a thread keeps from text to text. */
#ifndef RETORT_FEATURES_EXTRACTOR_H
#define RETORT_FEATURES_EXTRACTOR_H

#include "features/lexicon.h"
#include "features/phrases.h"
#include "features/words.h"

enum { LIST_TEXT, LIST_PARENT, LIST_ARTICLE, LIST_TARGET, N_LISTS };

enum { CUE_SLOTS = 1024, MOST_COUNTERS = 32 };

/* A cue's name is two literals, and where they stand is as good as what they say. */
struct cue_name {
    const char *family, *name; /* NULL: free */
    uint64_t key;
};

struct keys {
    uint64_t *keys;
    size_t n, capacity;
};

/* Hashes that were met in this round: what is of another round is as good as free. */
struct round {
    struct met {
        uint64_t hash;
        uint32_t round, first; /* where it was met first */
    } * met;                   /* [capacity], linear probing below the mask */
    size_t capacity, mask;
    uint32_t round;
};

struct counter;

struct retort_extractor {
    struct scanner scanner;
    struct lexicon lexicon;
    struct token classes[N_TOKEN_KINDS]; /* of kinds that fold to one word */
    struct token_list lists[N_LISTS];    /* of the item's texts */
    struct retort_buffer scratch;        /* a word that is folded */
    struct retort_buffer texts[N_LISTS]; /* that the lists are of, NULs behind each */
    struct round met;                    /* words of a comment */
    struct keys pairs, others; /* of the comment's n-grams of two words, once for all; of any */
    bool has_pairs;
    struct cue_name cues[CUE_SLOTS]; /* linear probing */
    uint32_t n_cues;
    struct counter *counters[MOST_COUNTERS]; /* of the dictionaries that were counted over */
    struct retort_buffer strange; /* folded words of the item that the lexicon does not keep */
    struct word_table words;
    struct phrase_table phrases;
};

struct retort_extractor *retort_extractor_new(void);
void retort_extractor_free(struct retort_extractor *extractor);

/* Before at most n hashes are asked for. */
void retort_round_begin(struct round *round, size_t n);
/* Was it met in this round? Then it was, at this place. */
bool retort_round_meets(struct round *round, uint64_t hash, uint32_t place);
bool retort_round_has(const struct round *round, uint64_t hash, uint32_t *first);

#endif
