/* Facts of a line: one pass over its bytes counts words, marks and classes; then the counts become
 * flags. Letters beyond ASCII count as lower case (no cue needs more); quotation marks, dashes and
 * dots of typesetting are told apart by code point. A line costs time in proportion to its length
 * and space for at most LINE_WORDS_MOST words. */
#include "page/facts.h"

#include <math.h>
#include <string.h>

enum { LINE_WORDS_MOST = 4000, SHORT_WORDS = 12, SHAPE_WORDS = 14 };

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

static bool is_typeset(uint32_t c)
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
    struct word word;
    uint32_t characters, upper, digits, underscores, apostrophes;
    bool first_upper;
};

static size_t count_letters(const struct token *token)
{
    return token->characters - token->digits - token->underscores - token->apostrophes;
}

static void put_byte(struct word *word, uint8_t byte)
{
    if (word->len < WORD_MOST)
        word->bytes[word->len++] = byte;
}

static void put_code_point(struct word *word, uint32_t c)
{
    uint8_t encoded[4];
    size_t n = retort_utf8_put(encoded, c);
    if (word->len + n > WORD_MOST)
        return;
    memcpy(word->bytes + word->len, encoded, n);
    word->len = (uint8_t)(word->len + n);
}

/* How many of eight bytes are lower-case letters before the first that is none. */
static size_t count_leading_lower(uint64_t eight)
{
    uint64_t low = eight & RETORT_EACH(0x7F);
    uint64_t from_a = low + RETORT_EACH(0x80 - 'a'), beyond_z = low + RETORT_EACH(0x7F - 'z');
    return retort_before_first((~from_a | beyond_z | eight) & RETORT_EACH(0x80));
}

/* Most words are a run of these. A loop over bytes, which ends somewhere else for every word, would
 * cost more than all that is done with the word. */
static size_t read_lower(struct retort_span text, size_t at, struct word *word)
{
    size_t len = word->len;
    for (size_t n = 8; n == 8 && at + 8 <= text.len && len + 8 <= WORD_MOST; at += n, len += n) {
        uint64_t eight = retort_eight(text.data + at);
        n = count_leading_lower(eight);
        retort_put_eight(word->bytes + len, n == 8 ? eight : eight & ~(UINT64_MAX << 8 * n));
    }
    while (at < text.len && is_lower(text.data[at]) && len < WORD_MOST)
        word->bytes[len++] = text.data[at++];
    word->len = (uint8_t)len;
    return at;
}

/* An apostrophe that the word goes on behind, or a letter beyond ASCII; false: the word has ended.
 */
static bool read_apostrophe_or_letter(struct scanner *scanner, size_t *at, struct token *token)
{
    size_t next = *at;
    uint32_t c = retort_utf8_next(scanner->text, &next);
    if (is_apostrophe(c) && token->characters && is_word(peek(scanner->text, next))) {
        scanner->counts.straight_apostrophes += c == '\'';
        scanner->counts.curly_apostrophes += c != '\'';
        token->apostrophes++;
        put_byte(&token->word, '\'');
    } else if (is_word(c)) {
        put_code_point(&token->word, c);
    } else {
        return false;
    }
    *at = next;
    return true;
}

static bool read_other(struct scanner *scanner, size_t *at, struct token *token)
{
    uint8_t byte = scanner->text.data[*at];
    if (byte == '\'' || byte >= 0x80)
        return read_apostrophe_or_letter(scanner, at, token);
    if (!is_word(byte))
        return false;
    bool upper = is_upper(byte);
    token->upper += upper;
    token->digits += is_digit(byte);
    token->underscores += byte == '_';
    put_byte(&token->word, upper ? byte | 0x20 : byte);
    ++*at;
    return true;
}

/* Reads a word, lower-cased, with straight apostrophes inside. */
static size_t read_word(struct scanner *scanner, size_t at, struct token *token)
{
    struct retort_span text = scanner->text;
    token->first_upper = is_upper(text.data[at]);
    for (;;) {
        size_t begin = at;
        at = read_lower(text, at, &token->word);
        token->characters += (uint32_t)(at - begin);
        if (at == text.len || !read_other(scanner, &at, token))
            return at;
        token->characters++;
    }
}

static void list_word(struct scanner *scanner, const struct word *word, uint64_t hash,
                      uint64_t classes)
{
    struct word_list *list = scanner->words;
    if (scanner->listed >= LINE_WORDS_MOST || list->n >= list->capacity)
        return;
    struct retort_word *item = &list->items[list->n++];
    item->hash = (uint32_t)(hash >> 32);
    item->content = word->len >= 3 && !classes;
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
    const uint8_t *bytes = token->word.bytes;
    size_t n = token->word.len;
    if (!token->apostrophes || n < 3 || !memchr(bytes, '\'', n))
        return false;
    uint8_t last = bytes[n - 1], before = bytes[n - 2];
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

static bool is_year(const struct token *token)
{
    const uint8_t *bytes = token->word.bytes;
    return token->characters == 4 && token->digits == 4 &&
           (bytes[0] == '2' || (bytes[0] == '1' && bytes[1] == '9'));
}

/* What is more than lower-case letters. */
static void count_capitals_and_digits(struct counts *counts, const struct token *token)
{
    size_t letters = count_letters(token);
    counts->upper += token->upper;
    counts->digits += token->digits;
    counts->numbers += token->digits == token->characters;
    counts->capitalized += token->first_upper;
    counts->shouted += letters >= 3 && token->upper == letters;
    counts->mixed_word |= token->underscores || (token->digits && letters);
    counts->year |= is_year(token);
}

static void count_letters_of(struct scanner *scanner, const struct token *token)
{
    struct counts *counts = &scanner->counts;
    uint8_t first = token->word.bytes[0];
    counts->letters += count_letters(token);
    if (token->upper || token->digits || token->underscores)
        count_capitals_and_digits(counts, token);
    counts->small_i |= token->characters == 1 && first == 'i' && !token->upper;
    if (scanner->sentence_begins && counts->words > 1)
        counts->sloppy |= !token->first_upper && !token->digits && is_lower(first);
}

static void count_word(struct scanner *scanner, const struct token *token)
{
    struct counts *counts = &scanner->counts;
    uint64_t hash = word_hash(&token->word);
    struct meaning meaning = lexicon_find(scanner->lexicon, &token->word, hash);
    uint64_t classes = meaning.classes;
    counts->words++;
    count_letters_of(scanner, token);
    counts->quoted_words += scanner->in_quotes;
    if (!scanner->in_quotes)
        count_own_word(counts, token, classes);
    if (counts->words == 1) {
        counts->first_classes = classes;
        counts->opener = meaning.opener;
    }
    if (counts->words <= 2 && token->first_upper && (!classes || counts->words == 2))
        counts->opens_name |= is_address_end(scanner->text, scanner->word_end);
    counts->last_classes = classes;
    count_classes(counts, classes);
    list_word(scanner, &token->word, hash, classes);
    if (counts->words <= SHAPE_WORDS)
        shape_word(scanner, token, classes);
    mix(&scanner->hash, hash);
    scanner->sentence_begins = false;
}

/* ---- marks ------------------------------------------------------------------------------- */

static bool starts_link(struct retort_span text, size_t at)
{
    struct retort_span rest = {text.data + at, text.len - at};
    return retort_span_starts(rest, RETORT_SPAN("http://")) ||
           retort_span_starts(rest, RETORT_SPAN("https://")) ||
           retort_span_starts(rest, RETORT_SPAN("www."));
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

static void count_sentence_end(struct scanner *scanner, size_t at)
{
    size_t next = at + 1;
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

static bool is_smiley(uint8_t before, uint8_t after)
{
    return !is_word(before) &&
           (after == ')' || after == '(' || after == 'D' || after == 'P' || after == '-');
}

static void count_ascii_mark(struct scanner *scanner, uint8_t c, size_t at)
{
    struct counts *counts = &scanner->counts;
    uint8_t after = ahead(scanner->text, at + 1), before = behind(scanner->text, at);
    bool between_digits = is_digit(before) && is_digit(after);
    switch (c) {
    case '?':
        counts->question = true;
        counts->own_questions += !scanner->in_quotes;
        counts->loud |= after == '!' || after == '?';
        count_sentence_end(scanner, at);
        break;
    case '!':
        counts->loud |= after == '!' || after == '?';
        count_sentence_end(scanner, at);
        break;
    case '.':
        counts->dots |= after == '.';
        counts->slashed_date |= between_digits;
        count_sentence_end(scanner, at);
        break;
    case '/':
        counts->slashed_date |= between_digits;
        break;
    case '-':
        counts->slashed_date |= between_digits;
        counts->short_dash |= before == ' ' && (after == ' ' || after == '-');
        break;
    case ':':
        counts->clock |= between_digits;
        counts->smiley |= is_smiley(before, after);
        scanner->sentence_begins = false;
        break;
    case ';':
        counts->smiley |= is_smiley(before, after);
        scanner->sentence_begins = false;
        break;
    case '\'':
        counts->straight_apostrophes++;
        break;
    case '@':
        counts->ats += is_word(after);
        break;
    case '>':
        counts->guillemets += before == ' ';
        break;
    case '|':
        counts->bars++;
        break;
    case '$':
        counts->money = true;
        break;
    default:
        break;
    }
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

static void count_double_quote(struct scanner *scanner, uint32_t c)
{
    scanner->counts.double_quotes++;
    scanner->counts.straight += c == '"';
    scanner->counts.curly += c == 0x201C || c == 0x201D;
    bool closes = c == 0x201D || (c == '"' && scanner->in_quotes);
    scanner->in_quotes = !closes;
}

static void count_mark(struct scanner *scanner, uint32_t c, size_t at)
{
    if (is_double_quote(c)) {
        count_double_quote(scanner, c);
        return;
    }
    if (c < 0x80)
        count_ascii_mark(scanner, (uint8_t)c, at);
    else
        count_typeset_mark(scanner, c);
    if (c != 0x200B && scanner->counts.words < SHAPE_WORDS)
        mix(&scanner->shape, (UINT64_C(1) << 40) + c);
}

/* The word, link or mark at `at`, which is no space; returns where the next begins. */
static size_t scan_one(struct scanner *scanner, size_t at)
{
    struct retort_span text = scanner->text;
    uint8_t byte = text.data[at];
    if ((byte == 'h' || byte == 'w') && starts_link(text, at)) {
        scanner->counts.links++;
        return skip_link(text, at);
    }
    size_t next = at;
    uint32_t c = retort_utf8_next(text, &next);
    if (!is_word(c)) {
        count_mark(scanner, c, at);
        return next;
    }
    struct token token = {.characters = 0};
    scanner->word_end = read_word(scanner, at, &token);
    count_word(scanner, &token);
    return scanner->word_end;
}

static void scan(struct scanner *scanner)
{
    struct retort_span text = scanner->text;
    for (size_t at = 0; at < text.len;)
        at = text.data[at] <= ' ' ? at + 1 : scan_one(scanner, at);
}

/* ---- flags ------------------------------------------------------------------------------- */

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
