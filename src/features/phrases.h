/* phrases (private to features): closed lists of one to three words, by what they do in a reply. */
#ifndef RETORT_FEATURES_PHRASES_H
#define RETORT_FEATURES_PHRASES_H

#include "features/token.h"

enum phrase_act {
    PHRASE_DENY,    /* calls what was told untrue */
    PHRASE_ASK,     /* wants to know, or wants a source */
    PHRASE_CONFIRM, /* tells it too, or stands by it */
    PHRASE_OPINION, /* I think, maybe */
    PHRASE_SORROW,
    PHRASE_ANGER,
    PHRASE_THANKS,
    PHRASE_LAUGH,
    PHRASE_CONTRAST, /* but, however */
    PHRASE_OBJECT,   /* contradicts a person */
    PHRASE_ACCEPT,   /* agrees with a person */
    N_PHRASE_ACTS
};

enum { PHRASE_SLOTS = 2048, LONGEST_PHRASE = 3 };

struct phrase_table {
    struct {
        struct retort_span phrase;
        uint32_t acts;     /* 1 << enum phrase_act */
    } slots[PHRASE_SLOTS]; /* linear probing; at least half stay free */
};

void retort_phrase_table_init(struct phrase_table *table);
/* "_does_deny" */
const char *retort_phrase_act_name(enum phrase_act act);

/* How often each act is done by the tokens [begin, end) of a text, whose folded words stand in
 * `folded`. A phrase never bridges a stop, nor own and quoted words. */
struct phrase_counts {
    uint16_t n[N_PHRASE_ACTS];
};
struct phrase_counts retort_phrases_count(const struct phrase_table *table,
                                          const struct token_list *text, size_t begin, size_t end,
                                          struct retort_span folded);

/* What a folded word asks for where it stands in a question. */
enum question_word { QUESTION_NONE, QUESTION_YES_NO, QUESTION_WHAT, QUESTION_WHY, QUESTION_PROOF };
enum question_word retort_question_word(struct retort_span word);

#endif
