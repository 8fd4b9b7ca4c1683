/* What one line says by itself, and the words by which lines are compared. */
#ifndef RETORT_PAGE_FACTS_H
#define RETORT_PAGE_FACTS_H

#include "page/lexicon.h"
#include "page/page.h"

/* Yes-or-no facts: FLAG(identifier, name). */
#define LINE_FLAGS(FLAG)                                                                           \
    FLAG(LEN_15, "length to 15")                                                                   \
    FLAG(LEN_40, "length to 40")                                                                   \
    FLAG(LEN_80, "length to 80")                                                                   \
    FLAG(LEN_160, "length to 160")                                                                 \
    FLAG(LEN_320, "length to 320")                                                                 \
    FLAG(LEN_640, "length to 640")                                                                 \
    FLAG(LEN_MORE, "length over 640")                                                              \
    FLAG(ONE_WORD, "one word")                                                                     \
    FLAG(NO_WORD, "no word")                                                                       \
    FLAG(SENTENCES_0, "no sentence end")                                                           \
    FLAG(SENTENCES_1, "one sentence")                                                              \
    FLAG(SENTENCES_2, "two or three sentences")                                                    \
    FLAG(SENTENCES_4, "four sentences or more")                                                    \
    FLAG(HAS_I, "I")                                                                               \
    FLAG(MANY_I, "I three times")                                                                  \
    FLAG(HAS_WE, "we")                                                                             \
    FLAG(HAS_YOU, "you")                                                                           \
    FLAG(HAS_THEY, "they")                                                                         \
    FLAG(HAS_SAID, "said")                                                                         \
    FLAG(HAS_NOT, "not")                                                                           \
    FLAG(HAS_OPINION, "think")                                                                     \
    FLAG(HAS_ASK, "what")                                                                          \
    FLAG(HAS_SLANG, "lol")                                                                         \
    FLAG(HAS_RUDE, "rude")                                                                         \
    FLAG(HAS_THANKS, "thanks")                                                                     \
    FLAG(HAS_PRAISE, "praise")                                                                     \
    FLAG(HAS_POST, "post or article")                                                              \
    FLAG(YOUR_POST, "your post, great article")                                                    \
    FLAG(OPENS_PRAISE, "opens with praise")                                                        \
    FLAG(OPENS_NAME, "opens with a name and a comma")                                              \
    FLAG(OPENS_I, "opens with I")                                                                  \
    FLAG(OPENS_YOU, "opens with you")                                                              \
    FLAG(OPENS_THEY, "opens with they")                                                            \
    FLAG(OPENS_ANSWER, "opens with an answer")                                                     \
    FLAG(OPENS_CONNECT, "opens with a connective")                                                 \
    FLAG(OPENS_POINT, "opens with this or it")                                                     \
    FLAG(OPENS_ASK, "opens with a question word")                                                  \
    FLAG(OPENS_THANKS, "opens with thanks")                                                        \
    FLAG(OPENS_NOT, "opens with a negation")                                                       \
    FLAG(OPENS_WE, "opens with we")                                                                \
    FLAG(OPENS_SLANG, "opens with slang")                                                          \
    FLAG(OPENS_GRAMMAR, "opens with a function word")                                              \
    FLAG(STARTS_LOWER, "starts in lower case")                                                     \
    FLAG(STARTS_DIGIT, "starts with a digit")                                                      \
    FLAG(STARTS_NUMBER_POINT, "starts like a numbered point")                                      \
    FLAG(STARTS_QUOTE, "starts with a quotation mark")                                             \
    FLAG(STARTS_PAREN, "starts with a bracket")                                                    \
    FLAG(STARTS_DOTS, "starts with an ellipsis")                                                   \
    FLAG(STARTS_ANGLE, "starts with >")                                                            \
    FLAG(STARTS_AT, "starts with @")                                                               \
    FLAG(STARTS_BULLET, "starts with a bullet")                                                    \
    FLAG(ENDS_POINT, "ends with a full stop")                                                      \
    FLAG(ENDS_QUESTION, "ends with ?")                                                             \
    FLAG(ENDS_EXCLAIM, "ends with !")                                                              \
    FLAG(ENDS_COLON, "ends with :")                                                                \
    FLAG(ENDS_SEMICOLON, "ends with ; or ,")                                                       \
    FLAG(ENDS_DOTS, "ends with an ellipsis")                                                       \
    FLAG(ENDS_PAREN, "ends with a bracket")                                                        \
    FLAG(ENDS_QUOTE, "ends with a quotation mark")                                                 \
    FLAG(ENDS_DIGIT, "ends with a digit")                                                          \
    FLAG(ENDS_LETTER, "ends with a letter")                                                        \
    FLAG(LOUD, "!! or ??")                                                                         \
    FLAG(DOTS, "dots inside")                                                                      \
    FLAG(SMILEY, "smiley")                                                                         \
    FLAG(DOUBLE_SPACE, "two spaces after a sentence")                                              \
    FLAG(SMALL_I, "i in lower case")                                                               \
    FLAG(SLOPPY, "a sentence in lower case")                                                       \
    FLAG(NO_SPACE, "no space after a sentence")                                                    \
    FLAG(SHOUTS, "a word in capitals")                                                             \
    FLAG(ALL_CAPS, "all in capitals")                                                              \
    FLAG(TITLE_CASE, "most words capitalized")                                                     \
    FLAG(NAME_LIKE, "one to three capitalized words")                                              \
    FLAG(HANDLE_LIKE, "one word with digits or underscore")                                        \
    FLAG(HAS_LINK, "link")                                                                         \
    FLAG(ONLY_LINK, "nothing but a link")                                                          \
    FLAG(HAS_AT, "@name")                                                                          \
    FLAG(HAS_BAR, "bar or middle dot")                                                             \
    FLAG(HAS_GUILLEMET, "arrow or guillemet")                                                      \
    FLAG(HAS_DATE, "date")                                                                         \
    FLAG(HAS_CLOCK, "time of day")                                                                 \
    FLAG(HAS_AGO, "how long ago")                                                                  \
    FLAG(HAS_YEAR, "year")                                                                         \
    FLAG(SHORT_TIME, "short line with a time")                                                     \
    FLAG(ENDS_WRITES, "ends with says or wrote")                                                   \
    FLAG(SHORT_WRITES, "short line with says or wrote")                                            \
    FLAG(STARTS_BY, "starts with by or posted")                                                    \
    FLAG(HAS_DATELINE, "dateline")                                                                 \
    FLAG(ONLY_NUMBER, "nothing but a number")                                                      \
    FLAG(SHORT_BUTTON, "short line with a button")                                                 \
    FLAG(ONLY_BUTTON, "nothing but buttons")                                                       \
    FLAG(SHORT_SITE, "short line of the site's")                                                   \
    FLAG(SHORT_SOCIAL, "short line of social media")                                               \
    FLAG(SHORT_MORE, "short line that leads on")                                                   \
    FLAG(SHORT_DISCUSS, "short line about comments")                                               \
    FLAG(COUNT_DISCUSS, "number of comments")                                                      \
    FLAG(ONLY_DISCUSS, "comments and nothing else")                                                \
    FLAG(NO_COMMENTS, "short line that says there are no comments")                                \
    FLAG(INVITES, "invites to comment")                                                            \
    FLAG(SETS_RULES, "rules of the discussion")                                                    \
    FLAG(SHORT_PHOTO, "photograph credit")                                                         \
    FLAG(HAS_JOB, "journalist")                                                                    \
    FLAG(HAS_AGENCY, "news agency")                                                                \
    FLAG(STRAIGHT, "straight quotation marks")                                                     \
    FLAG(CURLY, "curly quotation marks")                                                           \
    FLAG(STRAIGHT_APOSTROPHE, "straight apostrophe")                                               \
    FLAG(CURLY_APOSTROPHE, "curly apostrophe")                                                     \
    FLAG(ALL_QUOTED, "wholly quoted")                                                              \
    FLAG(PART_QUOTED, "partly quoted")                                                             \
    FLAG(OPEN_QUOTE, "quotation left open")                                                        \
    FLAG(LONG_DASH, "long dash")                                                                   \
    FLAG(SHORT_DASH, "hyphen as a dash")                                                           \
    FLAG(QUESTION_INSIDE, "question inside")                                                       \
    FLAG(HAS_MONEY, "currency sign")                                                               \
    FLAG(OWN_I, "I outside quotation marks")                                                       \
    FLAG(OWN_YOU, "you outside quotation marks")                                                   \
    FLAG(OWN_CONTRACTION, "contraction outside quotation marks")                                   \
    FLAG(OWN_QUESTION, "question outside quotation marks")

enum line_flag {
#define FLAG(id, name) FACT_##id,
    LINE_FLAGS(FLAG)
#undef FLAG
        N_FLAGS
};

/* Shares and amounts, 0 to 255 for 0 to 1. */
#define LINE_AMOUNTS(AMOUNT)                                                                       \
    AMOUNT(LENGTH, "log of length")                                                                \
    AMOUNT(GRAMMAR, "share of function words")                                                     \
    AMOUNT(CAPITALS, "share of capitalized words")                                                 \
    AMOUNT(DIGITS, "share of digits")                                                              \
    AMOUNT(PERSONAL, "share of I and you")                                                         \
    AMOUNT(OWN_TALK, "share of talk outside quotation marks")                                      \
    AMOUNT(UPPER, "share of upper case")                                                           \
    AMOUNT(SITE, "share of words of the site's")

enum line_amount {
#define AMOUNT(id, name) AMOUNT_##id,
    LINE_AMOUNTS(AMOUNT)
#undef AMOUNT
        N_AMOUNTS
};

struct line_facts {
    uint64_t flags[2];
    uint8_t amounts[N_AMOUNTS];
    uint8_t indent;
    uint8_t opener; /* the closed-class word it opens with, 0 for none */
    uint64_t hash;  /* of the words, for lines that stand more than once */
    uint64_t shape; /* of a short line with words and numbers abstracted, 0 for long ones */
    uint32_t first_word, n_words; /* in the page's list of words */
};

_Static_assert(N_FLAGS <= 128, "flags of a line are two 64-bit words");

static inline bool facts_flag(const struct line_facts *facts, enum line_flag flag)
{
    return facts->flags[flag / 64] >> (flag % 64) & 1;
}

struct word_list {
    struct retort_word *items;
    size_t n, capacity;
};

/* Facts of one trimmed line; its words are appended to the list as long as there is room. */
void facts_of_line(struct retort_span text, const struct lexicon *lexicon, struct word_list *words,
                   struct line_facts *facts);

#endif
