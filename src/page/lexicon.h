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

struct lexicon;
const struct lexicon *lexicon_make(struct retort_arena *arena);
/* Classes of a lower-cased word with straight apostrophes, as bits. */
uint64_t lexicon_classes(const struct lexicon *lexicon, struct retort_span word);

/* Closed-class words that are told apart where they open a line: 1 to N_OPENERS, 0 for others. */
enum { N_OPENERS = 128 };
uint8_t lexicon_opener(const struct lexicon *lexicon, struct retort_span word);
struct retort_span lexicon_opener_word(uint8_t opener);

#endif
