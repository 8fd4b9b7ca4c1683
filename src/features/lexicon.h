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
    LEXICON_SETS = 1 << 15,
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
    uint32_t stem;
};
_Static_assert(sizeof(struct lexeme) == 64, "a lexeme is a line of the cache");

struct lexicon {
    void *memory;                      /* of the slots, before it is aligned */
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
static inline uint64_t first_bytes(uint64_t eight, size_t n)
{
    return n >= 8 ? eight : eight & ((UINT64_C(1) << 8 * n) - 1);
}

/* The word's bytes have SCAN_PADDING others behind them. False: it is too long to be kept. */
static inline bool retort_lexicon_seek(const struct lexicon *lexicon, const uint8_t *word,
                                       size_t len, struct sought *sought)
{
    if (len > LONGEST_LEXEME)
        return false;
    sought->raw[0] = first_bytes(retort_eight(word), len);
    sought->raw[1] = len > 8 ? first_bytes(retort_eight(word + 8), len - 8) : 0;
    sought->set = (uint32_t)(retort_mix(sought->raw[0] ^ UINT64_C(0x9E3779B97F4A7C15),
                                        sought->raw[1] ^ UINT64_C(0x243F6A8885A308D3)) %
                             LEXICON_SETS);
    __builtin_prefetch(&lexicon->slots[2 * sought->set]);
    __builtin_prefetch(&lexicon->slots[2 * sought->set + 1]);
    return true;
}

static inline bool is_it(const struct lexeme *lexeme, const struct sought *sought)
{
    return lexeme->raw[0] == sought->raw[0] && lexeme->raw[1] == sought->raw[1];
}

/* Its slot; *known is false when the caller has to fill it. NULL: both are words of this item. */
static inline struct lexeme *retort_lexicon_slot(struct lexicon *lexicon,
                                                 const struct sought *sought, bool *known)
{
    struct lexeme *pair = &lexicon->slots[2 * sought->set], *lexeme;
    *known = is_it(&pair[0], sought) || is_it(&pair[1], sought);
    if (*known)
        lexeme = is_it(&pair[0], sought) ? &pair[0] : &pair[1];
    else
        lexeme = lexicon->item - pair[0].item >= lexicon->item - pair[1].item ? &pair[0] : &pair[1];
    if (!*known && lexeme->facts.folded_len && lexeme->item == lexicon->item)
        return NULL;
    lexeme->raw[0] = sought->raw[0];
    lexeme->raw[1] = sought->raw[1];
    lexeme->item = lexicon->item;
    return lexeme;
}

#endif
