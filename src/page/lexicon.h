/* Closed-class words and the stock words of sites, by class, and the words that lines open with. */
#ifndef RETORT_PAGE_LEXICON_H
#define RETORT_PAGE_LEXICON_H

#include "base/base.h"

#include <string.h>

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
enum { WORD_MOST = 31 };
struct word {
    uint8_t bytes[WORD_MOST + 1];
    size_t len;
};

/* Of equal words equal, within a run of the program. */
static inline uint64_t word_hash(const struct word *word)
{
    uint64_t hash = word->len, eight;
    for (size_t at = 0; at < word->len; at += sizeof eight) {
        memcpy(&eight, word->bytes + at, sizeof eight);
        hash = (hash ^ eight) * UINT64_C(0x9E3779B97F4A7C15);
        hash ^= hash >> 32;
    }
    return hash;
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
