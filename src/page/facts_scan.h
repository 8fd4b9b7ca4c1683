/* What is counted in one pass over a line, before it becomes facts. Private to the room. */
#ifndef RETORT_PAGE_FACTS_SCAN_H
#define RETORT_PAGE_FACTS_SCAN_H

#include "page/facts.h"

enum { SHAPE_WORDS = 14 };

struct counts {
    size_t words, capitalized, shouted, letters, upper, digits, characters;
    size_t sentences, by_class[N_WORD_CLASSES];
    size_t links, ats, bars, guillemets, double_quotes, quoted_words, numbers;
    size_t straight, curly, straight_apostrophes, curly_apostrophes;
    size_t own_i, own_you, own_contractions, own_questions; /* outside quotation marks */
    bool small_i, sloppy, loud, dots, smiley, double_space, no_space, money;
    bool clock, slashed_date, year, day_of_month, long_dash, short_dash, question, mixed_word;
    bool opens_name;
    uint64_t first_classes, last_classes;
    uint8_t opener;
};

struct scanner {
    struct retort_span text;
    const struct lexicon *lexicon;
    struct word_list *words;
    struct counts counts;
    uint64_t hash, shape;
    bool in_quotes, sentence_begins;
    size_t listed, word_end;
};

/* Counts the scanner's text; its words go to the list. */
void facts_scan(struct scanner *scanner);

/* ---- characters -------------------------------------------------------------------------- */

static inline bool is_lower(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool is_upper(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_typeset(uint32_t c)
{
    return (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x80 && c <= 0xBF) || c == 0xD7 || c >= 0x1F000 ||
           c == 0xFEFF || (c >= 0x3000 && c <= 0x3003);
}

/* Letters, digits and _ of ASCII, a bit each. */
static const uint64_t WORD_CHARACTERS[2] = {0x03FF000000000000, 0x07FFFFFE87FFFFFE};

static inline bool is_word(uint32_t c)
{
    return c < 0x80 ? WORD_CHARACTERS[c / 64] >> c % 64 & 1 : !is_typeset(c);
}

static inline bool is_double_quote(uint32_t c)
{
    return c == '"' || c == 0x201C || c == 0x201D || c == 0x201E || c == 0xAB || c == 0xBB;
}

static inline uint32_t peek(struct retort_span text, size_t at)
{
    return at < text.len ? retort_utf8_next(text, &at) : 0;
}

/* The byte before, with none before the first: a space. */
static inline uint8_t behind(struct retort_span text, size_t at)
{
    return at ? text.data[at - 1] : ' ';
}

static inline uint8_t ahead(struct retort_span text, size_t at)
{
    return at < text.len ? text.data[at] : ' ';
}

#endif
