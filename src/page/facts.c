/* Facts of a line: one pass over its bytes counts words, marks and classes; then the counts become
 * flags. Letters beyond ASCII count as lower case (no cue needs more); quotation marks, dashes and
 * dots of typesetting are told apart by code point. A line costs time in proportion to its length
 * and space for at most LINE_WORDS_MOST words. */
#include "page/facts.h"

#include <math.h>
#include <string.h>

enum { WORD_MOST = 31, LINE_WORDS_MOST = 4000, SHORT_WORDS = 12, SHAPE_WORDS = 14 };

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
    bool in_quotes, sentence_begins, first_done;
    size_t listed, word_end;
};

/* ---- characters -------------------------------------------------------------------------- */

static bool is_lower(uint32_t c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_upper(uint32_t c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_typeset(uint32_t c)
{
    return (c >= 0x2000 && c <= 0x2BFF) || (c >= 0x80 && c <= 0xBF) || c == 0xD7 || c >= 0x1F000 ||
           c == 0xFEFF || (c >= 0x3000 && c <= 0x3003);
}

static bool is_word(uint32_t c)
{
    return is_lower(c) || is_upper(c) || is_digit(c) || c == '_' || (c >= 0x80 && !is_typeset(c));
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2019;
}

static bool is_double_quote(uint32_t c)
{
    return c == '"' || c == 0x201C || c == 0x201D || c == 0x201E || c == 0xAB || c == 0xBB;
}

static uint32_t peek(struct retort_span text, size_t at)
{
    return at < text.len ? retort_utf8_next(text, &at) : 0;
}

static void mix(uint64_t *hash, uint64_t value)
{
    *hash = (*hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    *hash ^= *hash >> 29;
}

/* ---- words ------------------------------------------------------------------------------- */

struct token {
    uint8_t bytes[WORD_MOST];
    size_t len, letters, upper, digits, characters;
    bool first_upper, underscore;
};

/* Reads a word, lower-cased, with straight apostrophes inside. */
static size_t read_word(struct scanner *scanner, size_t at, struct token *token)
{
    struct retort_span text = scanner->text;
    while (at < text.len) {
        size_t next = at;
        uint32_t c = retort_utf8_next(text, &next);
        bool inner = is_apostrophe(c) && token->characters && is_word(peek(text, next));
        if (!is_word(c) && !inner)
            break;
        if (inner) {
            scanner->counts.straight_apostrophes += c == '\'';
            scanner->counts.curly_apostrophes += c != '\'';
            c = '\'';
        }
        token->first_upper |= token->characters == 0 && is_upper(c);
        token->upper += is_upper(c);
        token->digits += is_digit(c);
        token->underscore |= c == '_';
        token->letters += !is_digit(c) && c != '\'' && c != '_';
        token->characters++;
        uint32_t lower = is_upper(c) ? c + 32 : c;
        uint8_t encoded[4];
        size_t n = retort_utf8_put(encoded, lower);
        if (token->len + n <= WORD_MOST) {
            memcpy(token->bytes + token->len, encoded, n);
            token->len += n;
        }
        at = next;
    }
    return at;
}

static void list_word(struct scanner *scanner, struct retort_span word, uint64_t classes)
{
    struct word_list *list = scanner->words;
    if (scanner->listed >= LINE_WORDS_MOST || list->n >= list->capacity)
        return;
    struct retort_word *item = &list->items[list->n++];
    item->hash = (uint32_t)retort_hash(word, 0);
    item->content = word.len >= 3 && !classes;
    item->quoted = scanner->in_quotes;
    scanner->listed++;
}

static void count_classes(struct counts *counts, uint64_t classes)
{
    for (uint64_t rest = classes; rest; rest &= rest - 1)
        counts->by_class[__builtin_ctzll(rest)]++;
}

static void shape_word(struct scanner *scanner, const struct token *token, uint64_t classes)
{
    uint64_t stock = classes & (WORD_BIT(WORD_BUTTON) | WORD_BIT(WORD_WRITES) | WORD_BIT(WORD_BY) |
                                WORD_BIT(WORD_MONTH) | WORD_BIT(WORD_AGO) | WORD_BIT(WORD_HALF) |
                                WORD_BIT(WORD_UNIT) | WORD_BIT(WORD_SITE));
    uint64_t kind = token->digits == token->characters ? 1 : token->first_upper ? 2 : 3;
    mix(&scanner->shape, stock ? ~stock : kind);
}

/* After a name that somebody is addressed by: "Ann, …", "Ann: …", "Ann - …". */
static bool is_address_end(struct retort_span text, size_t at)
{
    uint8_t c = at < text.len ? text.data[at] : 0, next = at + 1 < text.len ? text.data[at + 1] : 0;
    return ((c == ',' || c == ':') && next == ' ') || (c == ' ' && next == '-');
}

/* "don't", "they're", "it's", but no possessive: its noun is no closed-class word. */
static bool is_contraction(const struct token *token, uint64_t classes)
{
    size_t n = token->len;
    if (n < 3 || !memchr(token->bytes, '\'', n))
        return false;
    uint8_t last = token->bytes[n - 1], before = token->bytes[n - 2];
    bool possessive = last == 's' && before == '\'';
    return !possessive || classes;
}

/* A reporter's own sentences have no I, no you, no "won't"; those he quotes have. */
static void count_own_word(struct counts *counts, const struct token *token, uint64_t classes)
{
    counts->own_i += (classes & WORD_BIT(WORD_I)) != 0;
    counts->own_you += (classes & WORD_BIT(WORD_YOU)) != 0;
    counts->own_contractions += is_contraction(token, classes);
}

static void count_word(struct scanner *scanner, const struct token *token)
{
    struct counts *counts = &scanner->counts;
    struct retort_span word = {token->bytes, token->len};
    uint64_t classes = lexicon_classes(scanner->lexicon, word);
    counts->words++;
    counts->letters += token->letters;
    counts->upper += token->upper;
    counts->digits += token->digits;
    counts->numbers += token->digits == token->characters;
    counts->capitalized += token->first_upper;
    counts->shouted += token->letters >= 3 && token->upper == token->letters;
    counts->quoted_words += scanner->in_quotes;
    if (!scanner->in_quotes)
        count_own_word(counts, token, classes);
    counts->mixed_word |= token->underscore || (token->digits && token->letters);
    counts->small_i |= token->characters == 1 && token->bytes[0] == 'i' && !token->upper;
    if (token->digits == token->characters && token->digits == 4)
        counts->year |=
            token->bytes[0] == '2' || (token->bytes[0] == '1' && token->bytes[1] == '9');
    if (scanner->sentence_begins && counts->words > 1 && token->letters)
        counts->sloppy |= !token->first_upper && !token->digits && is_lower(token->bytes[0]);
    if (!scanner->first_done) {
        counts->first_classes = classes;
        counts->opener = lexicon_opener(scanner->lexicon, word);
    }
    if (counts->words <= 2 && token->first_upper && (!classes || counts->words == 2))
        counts->opens_name |= is_address_end(scanner->text, scanner->word_end);
    counts->last_classes = classes;
    count_classes(counts, classes);
    list_word(scanner, word, classes);
    if (counts->words <= SHAPE_WORDS)
        shape_word(scanner, token, classes);
    mix(&scanner->hash, retort_hash(word, 1));
    scanner->first_done = true;
    scanner->sentence_begins = false;
}

/* ---- marks ------------------------------------------------------------------------------- */

static bool starts_at(struct retort_span text, size_t at, const char *prefix)
{
    size_t n = strlen(prefix);
    return text.len - at >= n && memcmp(text.data + at, prefix, n) == 0;
}

static size_t skip_link(struct retort_span text, size_t at)
{
    while (at < text.len && text.data[at] > ' ' && text.data[at] != ')' && text.data[at] != '"')
        at++;
    return at;
}

/* The byte before, with none before the first: a space. */
static uint8_t behind(struct retort_span text, size_t at)
{
    return at ? text.data[at - 1] : ' ';
}

static uint8_t ahead(struct retort_span text, size_t at)
{
    return at < text.len ? text.data[at] : ' ';
}

static void count_sentence_end(struct scanner *scanner, size_t at, size_t next)
{
    struct counts *counts = &scanner->counts;
    uint8_t after = ahead(scanner->text, next), before = behind(scanner->text, at);
    bool closing = after == '"' || after == ')' || after == '\'' || after >= 0x80;
    if (after == ' ' || closing) {
        counts->sentences += counts->words > 0;
        scanner->sentence_begins = true;
        counts->double_space |=
            after == ' ' && ahead(scanner->text, next + 1) == ' ' && next + 1 < scanner->text.len;
    } else if (is_lower(before) && is_upper(after)) {
        counts->no_space = true;
    }
}

static void count_ascii_mark(struct scanner *scanner, uint32_t c, size_t at, size_t next)
{
    struct counts *counts = &scanner->counts;
    uint8_t after = ahead(scanner->text, next), before = behind(scanner->text, at);
    counts->bars += c == '|';
    counts->money |= c == '$';
    counts->ats += c == '@' && is_word(after);
    counts->question |= c == '?';
    counts->own_questions += c == '?' && !scanner->in_quotes;
    counts->loud |= (c == '!' || c == '?') && (after == '!' || after == '?');
    counts->dots |= c == '.' && after == '.';
    counts->clock |= c == ':' && is_digit(before) && is_digit(after);
    counts->slashed_date |=
        (c == '/' || c == '-' || c == '.') && is_digit(before) && is_digit(after);
    counts->short_dash |= c == '-' && before == ' ' && (after == ' ' || after == '-');
    counts->smiley |=
        (c == ':' || c == ';') && !is_word(before) &&
        (after == ')' || after == '(' || after == 'D' || after == 'P' || after == '-');
    counts->straight_apostrophes += c == '\'';
    counts->guillemets += c == '>' && before == ' ';
    if (c == '.' || c == '!' || c == '?')
        count_sentence_end(scanner, at, next);
    if (c == ':' || c == ';')
        scanner->sentence_begins = false;
}

static void count_typeset_mark(struct scanner *scanner, uint32_t c)
{
    struct counts *counts = &scanner->counts;
    counts->bars += c == 0xB7 || c == 0x2022;
    counts->guillemets +=
        c == 0xAB || c == 0xBB || c == 0x2039 || c == 0x203A || (c >= 0x2190 && c <= 0x21FF);
    counts->money |= c == 0xA3 || c == 0x20AC;
    counts->dots |= c == 0x2026;
    counts->long_dash |= c == 0x2013 || c == 0x2014;
    counts->curly_apostrophes += c == 0x2019 || c == 0x2018;
    counts->smiley |= c >= 0x1F300 || (c >= 0x2639 && c <= 0x263B);
}

static void count_mark(struct scanner *scanner, uint32_t c, size_t at, size_t next)
{
    if (is_double_quote(c)) {
        scanner->counts.double_quotes++;
        scanner->counts.straight += c == '"';
        scanner->counts.curly += c == 0x201C || c == 0x201D;
        bool closes = c == 0x201D || (c == '"' && scanner->in_quotes);
        scanner->in_quotes = !closes;
        return;
    }
    if (c < 0x80)
        count_ascii_mark(scanner, c, at, next);
    else
        count_typeset_mark(scanner, c);
    if (c > ' ' && scanner->counts.words < SHAPE_WORDS && c != 0x200B)
        mix(&scanner->shape, (UINT64_C(1) << 40) + c);
}

static void scan(struct scanner *scanner)
{
    struct retort_span text = scanner->text;
    for (size_t at = 0; at < text.len;) {
        if (starts_at(text, at, "http://") || starts_at(text, at, "https://") ||
            starts_at(text, at, "www.")) {
            scanner->counts.links++;
            at = skip_link(text, at);
            continue;
        }
        size_t next = at;
        uint32_t c = retort_utf8_next(text, &next);
        if (is_word(c)) {
            struct token token = {.len = 0};
            next = scanner->word_end = read_word(scanner, at, &token);
            count_word(scanner, &token);
        } else {
            count_mark(scanner, c, at, next);
        }
        at = next;
    }
}

/* ---- flags ------------------------------------------------------------------------------- */

static void set(struct line_facts *facts, enum line_flag flag, bool yes)
{
    if (yes)
        facts->flags[flag / 64] |= UINT64_C(1) << (flag % 64);
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

static size_t count_characters(struct retort_span text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += (text.data[i] & 0xC0) != 0x80;
    return n;
}

void facts_of_line(struct retort_span text, const struct lexicon *lexicon, struct word_list *words,
                   struct line_facts *facts)
{
    struct scanner scanner = {.text = text, .lexicon = lexicon, .words = words, .hash = 1};
    *facts = (struct line_facts){.first_word = (uint32_t)words->n};
    scan(&scanner);
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
