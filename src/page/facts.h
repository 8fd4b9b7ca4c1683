/* What one line says by itself, and the words by which lines are compared. */
#ifndef RETORT_PAGE_FACTS_H
#define RETORT_PAGE_FACTS_H

#include "page/lexicon.h"
#include "page/page.h"

/* Yes-or-no facts: FLAG(identifier, name, also looked at in the lines before and after). */
#define LINE_FLAGS(FLAG)                                                                           \
    FLAG(LEN_15, "length to 15", 1)                                                                \
    FLAG(LEN_40, "length to 40", 1)                                                                \
    FLAG(LEN_80, "length to 80", 1)                                                                \
    FLAG(LEN_160, "length to 160", 1)                                                              \
    FLAG(LEN_320, "length to 320", 1)                                                              \
    FLAG(LEN_640, "length to 640", 1)                                                              \
    FLAG(LEN_MORE, "length over 640", 1)                                                           \
    FLAG(ONE_WORD, "one word", 0)                                                                  \
    FLAG(NO_WORD, "no word", 0)                                                                    \
    FLAG(SENTENCES_0, "no sentence end", 0)                                                        \
    FLAG(SENTENCES_1, "one sentence", 0)                                                           \
    FLAG(SENTENCES_2, "two or three sentences", 0)                                                 \
    FLAG(SENTENCES_4, "four sentences or more", 0)                                                 \
    FLAG(HAS_I, "I", 1)                                                                            \
    FLAG(MANY_I, "I three times", 0)                                                               \
    FLAG(HAS_WE, "we", 0)                                                                          \
    FLAG(HAS_YOU, "you", 1)                                                                        \
    FLAG(HAS_THEY, "they", 0)                                                                      \
    FLAG(HAS_SAID, "said", 1)                                                                      \
    FLAG(HAS_NOT, "not", 0)                                                                        \
    FLAG(HAS_OPINION, "think", 0)                                                                  \
    FLAG(HAS_ASK, "what", 0)                                                                       \
    FLAG(HAS_SLANG, "lol", 1)                                                                      \
    FLAG(HAS_RUDE, "rude", 0)                                                                      \
    FLAG(HAS_THANKS, "thanks", 0)                                                                  \
    FLAG(HAS_PRAISE, "praise", 0)                                                                  \
    FLAG(HAS_POST, "post or article", 0)                                                           \
    FLAG(YOUR_POST, "your post, great article", 1)                                                 \
    FLAG(OPENS_PRAISE, "opens with praise", 1)                                                     \
    FLAG(OPENS_NAME, "opens with a name and a comma", 1)                                           \
    FLAG(OPENS_I, "opens with I", 0)                                                               \
    FLAG(OPENS_YOU, "opens with you", 0)                                                           \
    FLAG(OPENS_THEY, "opens with they", 0)                                                         \
    FLAG(OPENS_ANSWER, "opens with an answer", 1)                                                  \
    FLAG(OPENS_CONNECT, "opens with a connective", 0)                                              \
    FLAG(OPENS_POINT, "opens with this or it", 0)                                                  \
    FLAG(OPENS_ASK, "opens with a question word", 0)                                               \
    FLAG(OPENS_THANKS, "opens with thanks", 0)                                                     \
    FLAG(OPENS_NOT, "opens with a negation", 0)                                                    \
    FLAG(OPENS_WE, "opens with we", 0)                                                             \
    FLAG(OPENS_SLANG, "opens with slang", 0)                                                       \
    FLAG(OPENS_GRAMMAR, "opens with a function word", 0)                                           \
    FLAG(STARTS_LOWER, "starts in lower case", 1)                                                  \
    FLAG(STARTS_DIGIT, "starts with a digit", 1)                                                   \
    FLAG(STARTS_NUMBER_POINT, "starts like a numbered point", 1)                                   \
    FLAG(STARTS_QUOTE, "starts with a quotation mark", 1)                                          \
    FLAG(STARTS_PAREN, "starts with a bracket", 0)                                                 \
    FLAG(STARTS_DOTS, "starts with an ellipsis", 0)                                                \
    FLAG(STARTS_ANGLE, "starts with >", 1)                                                         \
    FLAG(STARTS_AT, "starts with @", 0)                                                            \
    FLAG(STARTS_BULLET, "starts with a bullet", 1)                                                 \
    FLAG(ENDS_POINT, "ends with a full stop", 1)                                                   \
    FLAG(ENDS_QUESTION, "ends with ?", 1)                                                          \
    FLAG(ENDS_EXCLAIM, "ends with !", 1)                                                           \
    FLAG(ENDS_COLON, "ends with :", 1)                                                             \
    FLAG(ENDS_SEMICOLON, "ends with ; or ,", 1)                                                    \
    FLAG(ENDS_DOTS, "ends with an ellipsis", 1)                                                    \
    FLAG(ENDS_PAREN, "ends with a bracket", 0)                                                     \
    FLAG(ENDS_QUOTE, "ends with a quotation mark", 1)                                              \
    FLAG(ENDS_DIGIT, "ends with a digit", 0)                                                       \
    FLAG(ENDS_LETTER, "ends with a letter", 1)                                                     \
    FLAG(LOUD, "!! or ??", 0)                                                                      \
    FLAG(DOTS, "dots inside", 0)                                                                   \
    FLAG(SMILEY, "smiley", 0)                                                                      \
    FLAG(DOUBLE_SPACE, "two spaces after a sentence", 0)                                           \
    FLAG(SMALL_I, "i in lower case", 0)                                                            \
    FLAG(SLOPPY, "a sentence in lower case", 0)                                                    \
    FLAG(NO_SPACE, "no space after a sentence", 0)                                                 \
    FLAG(SHOUTS, "a word in capitals", 0)                                                          \
    FLAG(ALL_CAPS, "all in capitals", 1)                                                           \
    FLAG(TITLE_CASE, "most words capitalized", 1)                                                  \
    FLAG(NAME_LIKE, "one to three capitalized words", 1)                                           \
    FLAG(HANDLE_LIKE, "one word with digits or underscore", 1)                                     \
    FLAG(HAS_LINK, "link", 0)                                                                      \
    FLAG(ONLY_LINK, "nothing but a link", 1)                                                       \
    FLAG(HAS_AT, "@name", 0)                                                                       \
    FLAG(HAS_BAR, "bar or middle dot", 1)                                                          \
    FLAG(HAS_GUILLEMET, "arrow or guillemet", 0)                                                   \
    FLAG(HAS_DATE, "date", 1)                                                                      \
    FLAG(HAS_CLOCK, "time of day", 1)                                                              \
    FLAG(HAS_AGO, "how long ago", 1)                                                               \
    FLAG(HAS_YEAR, "year", 0)                                                                      \
    FLAG(SHORT_TIME, "short line with a time", 1)                                                  \
    FLAG(ENDS_WRITES, "ends with says or wrote", 1)                                                \
    FLAG(SHORT_WRITES, "short line with says or wrote", 1)                                         \
    FLAG(STARTS_BY, "starts with by or posted", 1)                                                 \
    FLAG(HAS_DATELINE, "dateline", 0)                                                              \
    FLAG(ONLY_NUMBER, "nothing but a number", 1)                                                   \
    FLAG(SHORT_BUTTON, "short line with a button", 1)                                              \
    FLAG(ONLY_BUTTON, "nothing but buttons", 1)                                                    \
    FLAG(SHORT_SITE, "short line of the site's", 1)                                                \
    FLAG(SHORT_SOCIAL, "short line of social media", 1)                                            \
    FLAG(SHORT_MORE, "short line that leads on", 1)                                                \
    FLAG(SHORT_DISCUSS, "short line about comments", 1)                                            \
    FLAG(COUNT_DISCUSS, "number of comments", 1)                                                   \
    FLAG(ONLY_DISCUSS, "comments and nothing else", 1)                                             \
    FLAG(SHORT_PHOTO, "photograph credit", 0)                                                      \
    FLAG(HAS_JOB, "journalist", 1)                                                                 \
    FLAG(HAS_AGENCY, "news agency", 0)                                                             \
    FLAG(STRAIGHT, "straight quotation marks", 0)                                                  \
    FLAG(CURLY, "curly quotation marks", 0)                                                        \
    FLAG(STRAIGHT_APOSTROPHE, "straight apostrophe", 0)                                            \
    FLAG(CURLY_APOSTROPHE, "curly apostrophe", 0)                                                  \
    FLAG(ALL_QUOTED, "wholly quoted", 1)                                                           \
    FLAG(PART_QUOTED, "partly quoted", 0)                                                          \
    FLAG(OPEN_QUOTE, "quotation left open", 0)                                                     \
    FLAG(LONG_DASH, "long dash", 0)                                                                \
    FLAG(SHORT_DASH, "hyphen as a dash", 0)                                                        \
    FLAG(QUESTION_INSIDE, "question inside", 0)                                                    \
    FLAG(HAS_MONEY, "currency sign", 0)                                                            \
    FLAG(OWN_I, "I outside quotation marks", 1)                                                    \
    FLAG(OWN_YOU, "you outside quotation marks", 1)                                                \
    FLAG(OWN_CONTRACTION, "contraction outside quotation marks", 1)                                \
    FLAG(OWN_QUESTION, "question outside quotation marks", 1)

enum line_flag {
#define FLAG(id, name, near) FACT_##id,
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
