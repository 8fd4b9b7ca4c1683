/* Counting a line: one pass over its bytes. Letters beyond ASCII count as lower case (no cue needs
 * more); quotation marks, dashes and dots of typesetting are told apart by code point. A line costs
 * time in proportion to its length and space for at most LINE_WORDS_MOST words. */
#include "page/facts_scan.h"

#include <string.h>

enum { LINE_WORDS_MOST = 4000 };

static inline bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == 0x2019;
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

void facts_scan(struct scanner *scanner)
{
    struct retort_span text = scanner->text;
    for (size_t at = 0; at < text.len;)
        at = text.data[at] <= ' ' ? at + 1 : scan_one(scanner, at);
}
