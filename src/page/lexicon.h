/* Closed-class words and the stock words of sites, by class, and the words that lines open with. */
#ifndef RETORT_PAGE_LEXICON_H
#define RETORT_PAGE_LEXICON_H

#include "base/base.h"

enum word_class {
    WORD_I,
    WORD_WE,
    WORD_YOU,
    WORD_THEY,
    WORD_SAID,
    WORD_NOT,
    WORD_OPINION,
    WORD_ASK,
    WORD_SLANG,
    WORD_RUDE,
    WORD_THANKS,
    WORD_ANSWER,
    WORD_CONNECT,
    WORD_POINT,
    WORD_GRAMMAR,
    WORD_MONTH,
    WORD_WEEKDAY,
    WORD_UNIT,
    WORD_AGO,
    WORD_HALF,
    WORD_BUTTON,
    WORD_SITE,
    WORD_SOCIAL,
    WORD_MORE,
    WORD_DISCUSS,
    WORD_WRITES,
    WORD_BY,
    WORD_PHOTO,
    WORD_JOB,
    WORD_AGENCY,
    WORD_PRAISE,
    WORD_POST,
    WORD_RULES,
    WORD_INVITE,
    N_WORD_CLASSES
};

#define WORD_BIT(class) (UINT64_C(1) << (class))

/* A word as it is compared: lower-cased, with straight apostrophes, cut to its room, zeros behind.
 */
enum { WORD_MOST = 31, WORD_EIGHTS = 4 };
struct word {
    uint8_t bytes[WORD_MOST], len;
};

_Static_assert(sizeof(struct word) == 8 * WORD_EIGHTS, "a word is hashed and compared by eights");

/* Of equal words equal, on every machine. */
static inline uint64_t word_hash(const struct word *word)
{
    uint64_t hash = word->len;
    for (size_t at = 0; at < 16 || at < word->len; at += 8) {
        hash = (hash ^ retort_eight(word->bytes + at)) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
}

static inline bool word_equal(const struct word *a, const struct word *b)
{
    uint64_t differs = 0;
    for (size_t at = 0; at < sizeof *a; at += 8)
        differs |= retort_eight(a->bytes + at) ^ retort_eight(b->bytes + at);
    return !differs;
}

/* Closed-class words that are told apart where they open a line: 1 to N_OPENERS, 0 for others. */
enum { N_OPENERS = 128 };

/* What the lists say of a word: its classes as bits, its number as an opener; zeros for others. */
struct meaning {
    uint64_t classes;
    uint8_t opener;
};

/* Made from the lists when it is first asked for; any thread may ask. */
struct lexicon;
const struct lexicon *lexicon_get(void);
struct meaning lexicon_find(const struct lexicon *lexicon, const struct word *word, uint64_t hash);
struct retort_span lexicon_opener_word(uint8_t opener);

#endif
