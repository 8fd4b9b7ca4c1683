/* lexicon (private to features): words that were met, folded once.
 *
 * Comments use the same few thousand words over and over: what folding a word tells is kept under
 * the word as it was written, in pairs of which the one that was met less lately makes room, so
 * that memory is bounded whatever is read. What every comment asks of a word lies in one line of
 * the cache; its letters, which few ask for, lie elsewhere. */
#ifndef RETORT_FEATURES_LEXICON_H
#define RETORT_FEATURES_LEXICON_H

#include "features/scan.h"

enum {
    LEXICON_SETS = 1 << 14,
    LEXICON_SLOTS = 2 * LEXICON_SETS,
    LONGEST_LEXEME = 16, /* bytes of a word as it is written; longer ones are folded each time */
    LONGEST_FOLDED = 24, /* what becomes of it: a letter may take three bytes for two */
};

/* What a dictionary knows of a word, by its counter's column. */
struct known {
    uint32_t word;    /* its feature + 1; 0: not looked up */
    uint32_t letters; /* where those of its character n-grams stand in the pool; 0: not looked up */
};
enum { MOST_COLUMNS = 3, KNOWN_NOT = UINT32_MAX };

struct lexeme {
    uint64_t raw[2];    /* its bytes, then zeros; no word holds NUL */
    uint64_t hash;      /* of its folded letters */
    struct facts facts; /* folded_len 0: the slot is free */
    struct known known[MOST_COLUMNS];
    uint32_t item; /* when it was met last */
};
_Static_assert(sizeof(struct lexeme) == 64, "a lexeme is a line of the cache");

struct lexicon {
    struct lexeme *slots;              /* [LEXICON_SLOTS], behind them one a kind of token */
    uint8_t (*folded)[LONGEST_FOLDED]; /* [LEXICON_SLOTS] */
    uint32_t item;                     /* the number of the item that is read */
};

void retort_lexicon_release(struct lexicon *lexicon);
/* Forgets what a counter has looked up; only_letters: of letters. */
void retort_lexicon_forget(struct lexicon *lexicon, size_t column, bool only_letters);
/* Before an item: its words keep their slots until the next. */
void retort_lexicon_next_item(struct lexicon *lexicon);

/* A word on its way to its slot: asked for before it is needed, so that memory has time to come. */
struct sought {
    uint64_t raw[2];
    uint32_t set;
};
/* The word's bytes have SCAN_PADDING others behind them. False: it is too long to be kept. */
bool retort_lexicon_seek(const struct lexicon *lexicon, const uint8_t *word, size_t len,
                         struct sought *sought);
/* Its slot; *known is false when the caller has to fill it. NULL: both are words of this item. */
struct lexeme *retort_lexicon_slot(struct lexicon *lexicon, const struct sought *sought,
                                   bool *known);

#endif
