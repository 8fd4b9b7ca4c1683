/* words (private to features): closed lists of words, by what they do in an argument. */
#ifndef RETORT_FEATURES_WORDS_H
#define RETORT_FEATURES_WORDS_H

#include "base/base.h"

enum word_class {
    WORD_FUNCTION = 1 << 0, /* closed-class English: no content */
    WORD_QUESTION = 1 << 1, /* opens a question */
    WORD_NEGATION = 1 << 2,
    WORD_AGREE = 1 << 3,
    WORD_DISAGREE = 1 << 4,
    WORD_DOUBT = 1 << 5,
    WORD_POLITE = 1 << 6,
    WORD_LAUGH = 1 << 7,
    WORD_SWEAR = 1 << 8,
    WORD_FIRST = 1 << 9,   /* I, we */
    WORD_SECOND = 1 << 10, /* you */
    WORD_GOOD = 1 << 11,   /* in favour of what it stands beside */
    WORD_BAD = 1 << 12,
    WORD_MUST = 1 << 13,    /* claims: should, must, need */
    WORD_REPORT = 1 << 14,  /* news of a rumour: confirmed, reports, breaking */
    WORD_TURN = 1 << 15,    /* in a target: it is against its thing ("ban", "harmful") */
    WORD_FOREIGN = 1 << 16, /* closed-class word of another language and no English word */
    WORD_COMMON = 1 << 17,  /* English, and so common that few comments go without one */
    WORD_SHARED = 1 << 18,  /* would be WORD_FOREIGN, were it no English word */
    WORD_ALL = 1 << 19,     /* speaks of all or none: everyone, always, never */
    WORD_THEY = 1 << 20,    /* they, those people */
    WORD_INTERJECTION = 1 << 21
};

/* languages.c: a string a language, ended by NULL; and one of English. */
extern const char *const RETORT_FOREIGN_WORDS[];
extern const char RETORT_COMMON_WORDS[];

struct listed_word {
    struct retort_span word;
    uint32_t classes;
};

enum { WORD_SLOTS = 8192 };

struct word_table {
    struct listed_word slots[WORD_SLOTS]; /* linear probing; at least half stay free */
};

void retort_word_table_init(struct word_table *table);
/* The classes of a folded word, or 0. */
uint32_t retort_word_classes(const struct word_table *table, struct retort_span word);

#endif
