/* Facts of a line: what was counted in it (facts_scan.c) becomes flags and amounts. */
#include "page/facts_scan.h"

#include <math.h>
#include <string.h>

enum { SHORT_WORDS = 12 };

static void set(struct line_facts *facts, enum line_flag flag, bool yes)
{
    facts->flags[flag / 64] |= (uint64_t)yes << (flag % 64);
}

static void set_length(struct line_facts *facts, const struct counts *counts)
{
    static const size_t limits[] = {15, 40, 80, 160, 320, 640};
    size_t bucket = 0;
    while (bucket < 6 && counts->characters > limits[bucket])
        bucket++;
    set(facts, (enum line_flag)(FACT_LEN_15 + (int)bucket), true);
    set(facts, FACT_ONE_WORD, counts->words == 1);
    set(facts, FACT_NO_WORD, counts->words == 0);
    set(facts, FACT_SENTENCES_0, counts->sentences == 0);
    set(facts, FACT_SENTENCES_1, counts->sentences == 1);
    set(facts, FACT_SENTENCES_2, counts->sentences == 2 || counts->sentences == 3);
    set(facts, FACT_SENTENCES_4, counts->sentences >= 4);
}

static void set_classes(struct line_facts *facts, const struct counts *counts)
{
    const size_t *n = counts->by_class;
    set(facts, FACT_HAS_I, n[WORD_I] > 0);
    set(facts, FACT_OWN_I, counts->own_i > 0);
    set(facts, FACT_OWN_YOU, counts->own_you > 0);
    set(facts, FACT_OWN_CONTRACTION, counts->own_contractions > 0);
    set(facts, FACT_OWN_QUESTION, counts->own_questions > 0);
    set(facts, FACT_MANY_I, n[WORD_I] >= 3);
    set(facts, FACT_HAS_WE, n[WORD_WE] > 0);
    set(facts, FACT_HAS_YOU, n[WORD_YOU] > 0);
    set(facts, FACT_HAS_THEY, n[WORD_THEY] > 0);
    set(facts, FACT_HAS_SAID, n[WORD_SAID] > 0);
    set(facts, FACT_HAS_NOT, n[WORD_NOT] > 0);
    set(facts, FACT_HAS_OPINION, n[WORD_OPINION] > 0);
    set(facts, FACT_HAS_ASK, n[WORD_ASK] > 0);
    set(facts, FACT_HAS_SLANG, n[WORD_SLANG] > 0);
    set(facts, FACT_HAS_RUDE, n[WORD_RUDE] > 0);
    set(facts, FACT_HAS_THANKS, n[WORD_THANKS] > 0);
    set(facts, FACT_HAS_PRAISE, n[WORD_PRAISE] > 0);
    set(facts, FACT_HAS_POST, n[WORD_POST] > 0);
    set(facts, FACT_YOUR_POST, n[WORD_POST] && (n[WORD_PRAISE] || n[WORD_YOU] || n[WORD_THANKS]));
    set(facts, FACT_OPENS_NAME, counts->opens_name);
    set(facts, FACT_HAS_JOB, n[WORD_JOB] > 0);
    set(facts, FACT_HAS_AGENCY, n[WORD_AGENCY] > 0);
}

static void set_opening(struct line_facts *facts, const struct counts *counts)
{
    static const struct {
        enum line_flag flag;
        enum word_class class;
    } rows[] = {
        {FACT_OPENS_I, WORD_I},
        {FACT_OPENS_YOU, WORD_YOU},
        {FACT_OPENS_THEY, WORD_THEY},
        {FACT_OPENS_ANSWER, WORD_ANSWER},
        {FACT_OPENS_CONNECT, WORD_CONNECT},
        {FACT_OPENS_POINT, WORD_POINT},
        {FACT_OPENS_ASK, WORD_ASK},
        {FACT_OPENS_THANKS, WORD_THANKS},
        {FACT_OPENS_NOT, WORD_NOT},
        {FACT_OPENS_WE, WORD_WE},
        {FACT_OPENS_SLANG, WORD_SLANG},
        {FACT_OPENS_GRAMMAR, WORD_GRAMMAR},
        {FACT_STARTS_BY, WORD_BY},
        {FACT_OPENS_PRAISE, WORD_PRAISE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        set(facts, rows[i].flag, counts->first_classes >> rows[i].class & 1);
}

static bool is_numbered(struct retort_span text)
{
    size_t at = 0;
    while (at < text.len && at < 3 && is_digit(text.data[at]))
        at++;
    return at > 0 && at < text.len &&
           (text.data[at] == '.' || text.data[at] == ')' || text.data[at] == '/') &&
           ahead(text, at + 1) == ' ';
}

static void set_start(struct line_facts *facts, struct retort_span text)
{
    uint32_t c = peek(text, 0);
    uint8_t second = ahead(text, 1);
    set(facts, FACT_STARTS_LOWER, is_lower(c));
    set(facts, FACT_STARTS_DIGIT, is_digit(c));
    set(facts, FACT_STARTS_NUMBER_POINT, is_numbered(text));
    set(facts, FACT_STARTS_QUOTE, is_double_quote(c) || c == '\'' || c == 0x2018);
    set(facts, FACT_STARTS_PAREN, c == '(' || c == '[');
    set(facts, FACT_STARTS_DOTS, c == 0x2026 || (c == '.' && second == '.'));
    set(facts, FACT_STARTS_ANGLE, c == '>');
    set(facts, FACT_STARTS_AT, c == '@');
    set(facts, FACT_STARTS_BULLET,
        ((c == '-' || c == '*') && second == ' ') || c == 0x2022 || c == 0xB7 || c == 0x2013 ||
            c == 0x2014);
}

static uint32_t last_character(struct retort_span text)
{
    size_t at = text.len;
    if (!at)
        return 0;
    do
        at--;
    while (at && text.len - at < 4 && (text.data[at] & 0xC0) == 0x80);
    return peek(text, at);
}

static void set_end(struct line_facts *facts, struct retort_span text, const struct counts *counts)
{
    uint32_t c = last_character(text);
    bool dots = c == 0x2026 || (c == '.' && text.len > 1 && text.data[text.len - 2] == '.');
    set(facts, FACT_ENDS_POINT, c == '.' && !dots);
    set(facts, FACT_ENDS_DOTS, dots);
    set(facts, FACT_ENDS_QUESTION, c == '?');
    set(facts, FACT_ENDS_EXCLAIM, c == '!');
    set(facts, FACT_ENDS_COLON, c == ':');
    set(facts, FACT_ENDS_SEMICOLON, c == ';' || c == ',');
    set(facts, FACT_ENDS_PAREN, c == ')' || c == ']');
    set(facts, FACT_ENDS_QUOTE, is_double_quote(c));
    set(facts, FACT_ENDS_DIGIT, is_digit(c));
    set(facts, FACT_ENDS_LETTER, is_word(c) && !is_digit(c));
    set(facts, FACT_ENDS_WRITES, counts->last_classes >> WORD_WRITES & 1 && counts->words <= 10);
}

static void set_style(struct line_facts *facts, const struct counts *counts)
{
    set(facts, FACT_LOUD, counts->loud);
    set(facts, FACT_DOTS, counts->dots);
    set(facts, FACT_SMILEY, counts->smiley);
    set(facts, FACT_DOUBLE_SPACE, counts->double_space);
    set(facts, FACT_SMALL_I, counts->small_i);
    set(facts, FACT_SLOPPY, counts->sloppy);
    set(facts, FACT_NO_SPACE, counts->no_space);
    set(facts, FACT_SHOUTS, counts->shouted > 0 && counts->upper < counts->letters);
    set(facts, FACT_ALL_CAPS, counts->letters >= 3 && counts->upper == counts->letters);
    set(facts, FACT_LONG_DASH, counts->long_dash);
    set(facts, FACT_SHORT_DASH, counts->short_dash);
    set(facts, FACT_QUESTION_INSIDE, counts->question);
    set(facts, FACT_HAS_MONEY, counts->money);
    set(facts, FACT_STRAIGHT, counts->straight > 0);
    set(facts, FACT_CURLY, counts->curly > 0);
    set(facts, FACT_STRAIGHT_APOSTROPHE, counts->straight_apostrophes > 0);
    set(facts, FACT_CURLY_APOSTROPHE, counts->curly_apostrophes > 0);
    set(facts, FACT_HAS_BAR, counts->bars > 0);
    set(facts, FACT_HAS_GUILLEMET, counts->guillemets > 0);
    set(facts, FACT_HAS_LINK, counts->links > 0);
    set(facts, FACT_ONLY_LINK, counts->links > 0 && counts->words == 0);
    set(facts, FACT_HAS_AT, counts->ats > 0);
}

static void set_quoted(struct line_facts *facts, const struct scanner *scanner)
{
    const struct counts *counts = &scanner->counts;
    bool all = counts->words >= 3 && counts->quoted_words == counts->words;
    set(facts, FACT_ALL_QUOTED, all);
    set(facts, FACT_PART_QUOTED, !all && counts->quoted_words > 0);
    set(facts, FACT_OPEN_QUOTE, scanner->in_quotes);
}

static void set_time(struct line_facts *facts, const struct counts *counts)
{
    const size_t *n = counts->by_class;
    bool date = (n[WORD_MONTH] && counts->digits) || (counts->slashed_date && counts->digits >= 5);
    bool ago = counts->digits && ((n[WORD_AGO] && n[WORD_UNIT]) ||
                                  (counts->words <= 3 && (n[WORD_AGO] || n[WORD_UNIT])));
    bool clock = counts->clock || (n[WORD_HALF] && counts->digits);
    set(facts, FACT_HAS_DATE, date);
    set(facts, FACT_HAS_AGO, ago);
    set(facts, FACT_HAS_CLOCK, clock);
    set(facts, FACT_HAS_YEAR, counts->year);
    set(facts, FACT_SHORT_TIME, counts->words <= SHORT_WORDS && (date || ago || clock));
    set(facts, FACT_HAS_DATELINE,
        counts->words > 15 && counts->shouted && (n[WORD_AGENCY] || counts->long_dash));
}

static void set_site(struct line_facts *facts, const struct counts *counts)
{
    const size_t *n = counts->by_class;
    bool is_short = counts->words <= SHORT_WORDS;
    set(facts, FACT_SHORT_BUTTON, is_short && n[WORD_BUTTON]);
    set(facts, FACT_ONLY_BUTTON,
        counts->words && n[WORD_BUTTON] && n[WORD_BUTTON] + counts->numbers >= counts->words);
    set(facts, FACT_SHORT_SITE, is_short && n[WORD_SITE]);
    set(facts, FACT_SHORT_SOCIAL, is_short && n[WORD_SOCIAL]);
    set(facts, FACT_SHORT_MORE, is_short && n[WORD_MORE]);
    set(facts, FACT_SHORT_DISCUSS, is_short && n[WORD_DISCUSS]);
    set(facts, FACT_COUNT_DISCUSS, is_short && n[WORD_DISCUSS] && counts->numbers);
    set(facts, FACT_ONLY_DISCUSS,
        counts->words && n[WORD_DISCUSS] + counts->numbers >= counts->words && n[WORD_DISCUSS]);
    bool discusses = counts->words <= 30 && n[WORD_DISCUSS];
    set(facts, FACT_NO_COMMENTS, discusses && counts->words <= 8 && n[WORD_NOT]);
    set(facts, FACT_INVITES, discusses && n[WORD_INVITE]);
    set(facts, FACT_SETS_RULES, n[WORD_RULES] >= 2 || (discusses && n[WORD_RULES]));
    set(facts, FACT_SHORT_PHOTO, counts->words <= 30 && n[WORD_PHOTO]);
    set(facts, FACT_SHORT_WRITES, is_short && n[WORD_WRITES]);
    set(facts, FACT_ONLY_NUMBER, counts->words && counts->numbers == counts->words);
    set(facts, FACT_TITLE_CASE, counts->words >= 2 && counts->capitalized * 3 >= counts->words * 2);
    set(facts, FACT_NAME_LIKE,
        counts->words >= 1 && counts->words <= 3 && !counts->sentences &&
            counts->capitalized == counts->words && !counts->digits);
    set(facts, FACT_HANDLE_LIKE, counts->words == 1 && counts->mixed_word);
}

static uint8_t share(size_t part, size_t whole)
{
    if (!whole)
        return 0;
    return (uint8_t)(255 * (part < whole ? part : whole) / whole);
}

static void set_amounts(struct line_facts *facts, const struct counts *counts)
{
    const size_t *n = counts->by_class;
    double length = log1p((double)counts->characters) / log(2000.0);
    facts->amounts[AMOUNT_LENGTH] = (uint8_t)(255 * (length < 1 ? length : 1));
    facts->amounts[AMOUNT_GRAMMAR] = share(n[WORD_GRAMMAR], counts->words);
    facts->amounts[AMOUNT_CAPITALS] = share(counts->capitalized, counts->words);
    facts->amounts[AMOUNT_DIGITS] = share(counts->digits, counts->digits + counts->letters);
    facts->amounts[AMOUNT_PERSONAL] = share(4 * (n[WORD_I] + n[WORD_YOU]), counts->words);
    facts->amounts[AMOUNT_OWN_TALK] =
        share(4 * (counts->own_i + counts->own_you + counts->own_contractions), counts->words);
    facts->amounts[AMOUNT_UPPER] = share(counts->upper, counts->letters);
    facts->amounts[AMOUNT_SITE] =
        share(n[WORD_SITE] + n[WORD_SOCIAL] + n[WORD_BUTTON] + n[WORD_MORE] + n[WORD_DISCUSS],
              counts->words);
}

/* Bytes that begin one: all but 10xxxxxx. */
static size_t count_characters(struct retort_span text)
{
    size_t n = text.len, at = 0;
    for (; at + 8 <= text.len; at += 8) {
        uint64_t eight = retort_eight(text.data + at);
        n -= (eight >> 7 & ~eight >> 6 & RETORT_EACH(1)) * RETORT_EACH(1) >> 56;
    }
    for (; at < text.len; at++)
        n -= (text.data[at] & 0xC0) == 0x80;
    return n;
}

void facts_of_line(struct retort_span text, const struct lexicon *lexicon, struct word_list *words,
                   struct line_facts *facts)
{
    struct scanner scanner = {.text = text, .lexicon = lexicon, .words = words, .hash = 1};
    *facts = (struct line_facts){.first_word = (uint32_t)words->n};
    facts_scan(&scanner);
    scanner.counts.characters = count_characters(text);
    facts->opener = scanner.counts.opener;
    facts->n_words = (uint32_t)(words->n - facts->first_word);
    facts->hash = scanner.counts.words ? scanner.hash : retort_hash(text, 2);
    facts->shape = scanner.counts.words <= SHAPE_WORDS ? scanner.shape : 0;
    set_length(facts, &scanner.counts);
    set_classes(facts, &scanner.counts);
    set_opening(facts, &scanner.counts);
    set_start(facts, text);
    set_end(facts, text, &scanner.counts);
    set_style(facts, &scanner.counts);
    set_quoted(facts, &scanner);
    set_time(facts, &scanner.counts);
    set_site(facts, &scanner.counts);
    set_amounts(facts, &scanner.counts);
}
