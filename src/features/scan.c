/* The token pattern by hand, for ASCII. Each branch of the pattern is a function here that says how
 * far it goes, or that it does not know; a byte tells which branches may begin with it. */
#include "features/scan.h"

/* What a token that begins with a byte may be. */
enum start {
    NONE,
    LETTER,
    DIGIT,
    END,
    MARK,
    DOT,
    EYES,
    QUOTE,
    LINE_QUOTE,
    MAIL,
    SLASH,
    ASK,
    BEYOND
};

#define L LETTER
#define D DIGIT
#define B BEYOND, BEYOND, BEYOND, BEYOND, BEYOND, BEYOND, BEYOND, BEYOND
/* clang-format off */
static const uint8_t STARTS[256] = {
    /* controls */       END, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                         0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    /*  !"#$%&'()*+,-./ */ 0, MARK, QUOTE, 0, 0, 0, 0, 0, 0, 0, 0, MAIL, 0, MAIL, DOT, SLASH,
    /* 0-9:;<=>? */      D, D, D, D, D, D, D, D, D, D, EYES, EYES, ASK, EYES, LINE_QUOTE, MARK,
    /* @A-O */           ASK, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    /* P-Z[\]^_ */       L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, MAIL,
    /* `a-o */           0, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L,
    /* p-z{|}~ */        L, L, L, L, L, L, L, L, L, L, L, 0, 0, 0, 0, 0,
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B,
};
/* clang-format on */
#undef L
#undef D
#undef B

static const size_t UNKNOWN = SIZE_MAX; /* as an end: ask the pattern */

static enum start start_of(uint8_t byte)
{
    return (enum start)STARTS[byte];
}

static bool is_digit(uint8_t byte)
{
    return start_of(byte) == DIGIT;
}

static bool is_alphanumeric(uint8_t byte)
{
    return (uint8_t)(STARTS[byte] - LETTER) <= DIGIT - LETTER;
}

/* Behind the text there are NULs, and no branch has one. */
static uint8_t byte_at(const struct scan *scan, size_t at)
{
    return scan->text[at];
}

enum { PUNCTUATION = 3 }; /* bytes of: */

/* U+2000 to U+203F, E2 80 xx: blanks and punctuation, no letter, mark or number among them. */
static bool is_punctuation(const struct scan *scan, size_t at)
{
    return byte_at(scan, at) == 0xE2 && byte_at(scan, at + 1) == 0x80;
}

/* No letter, mark or number of any script begins here; false also where that is not known. */
static bool ends_word(const struct scan *scan, size_t at)
{
    uint8_t byte = byte_at(scan, at);
    return byte < 0x80 ? !is_alphanumeric(byte) : is_punctuation(scan, at);
}

enum { LONGEST_NAME = 400 }; /* letters before the "@", as in the pattern */

static __attribute__((noinline)) bool leads_to_mail(struct scan *scan, size_t at)
{
    if (scan->mail < at) {
        const uint8_t *next = memchr(scan->text + at, '@', scan->len - at);
        scan->mail = next ? (size_t)(next - scan->text) : scan->len;
    }
    if (scan->mail == scan->len)
        return false;
    size_t i = at;
    bool beyond_ascii = false; /* where one letter is several bytes */
    for (; i < scan->mail && i < at + LONGEST_NAME; i++) {
        uint8_t byte = scan->text[i];
        bool part = is_alphanumeric(byte) || byte == '.' || byte == '+' || byte == '-' ||
                    byte == '_' || byte >= 0x80;
        beyond_ascii |= byte >= 0x80;
        if (!part)
            return false;
    }
    return i == scan->mail || beyond_ascii;
}

/* May a mail address begin here? Only where nothing but its letters lies before an "@". */
static inline bool may_be_mail(struct scan *scan, size_t at)
{
    return scan->mail != scan->len && leads_to_mail(scan, at);
}

/* How many of eight bytes are ASCII letters before the first that is none. */
static size_t n_letters(uint64_t eight)
{
    uint64_t lower = eight | RETORT_EACH(0x20), seven = lower & RETORT_EACH(0x7F);
    uint64_t from_a = seven + RETORT_EACH(0x80 - 'a'), above_z = seven + RETORT_EACH(0x7F - 'z');
    return retort_before_first(~(from_a & ~above_z & ~lower) & RETORT_EACH(0x80));
}

static size_t end_of_letters(const struct scan *scan, size_t at)
{
    size_t n;
    do {
        n = n_letters(retort_eight(scan->text + at));
        at += n;
    } while (n == 8);
    return at;
}

/* Letters, marks and numbers, with apostrophes and asterisks between. */
static inline size_t end_of_word(const struct scan *scan, size_t at)
{
    for (;;) {
        at = end_of_letters(scan, at);
        if (scan->text[at] == ' ')
            return at;
        while (is_alphanumeric(scan->text[at]))
            at++;
        uint8_t byte = byte_at(scan, at);
        size_t next = at;
        if (byte == '\'')
            next = at + 1;
        else if (byte == '*')
            while (byte_at(scan, next) == '*')
                next++;
        else if (byte < 0x80)
            return at;
        else if (!is_punctuation(scan, at))
            return UNKNOWN;
        else if (byte_at(scan, at + 2) == 0x99) /* the curly apostrophe */
            next = at + PUNCTUATION;
        if (next == at || ends_word(scan, next))
            return at;
        if (byte_at(scan, next) >= 0x80)
            return UNKNOWN;
        at = next;
    }
}

static bool stands(const struct scan *scan, size_t at, const char *word, size_t len)
{
    return memcmp(scan->text + at, word, len) == 0;
}

/* A word, unless a link, a mail address or a name begins here. */
static inline size_t word_from(struct scan *scan, size_t at)
{
    uint8_t byte = scan->text[at];
    if ((byte == 'h' && stands(scan, at, "http", 4)) ||
        (byte == 'w' && stands(scan, at, "www.", 4)) ||
        (byte == 'u' && byte_at(scan, at + 1) == '/') || may_be_mail(scan, at))
        return UNKNOWN;
    return end_of_word(scan, at + 1);
}

enum { MOST_GROUPS = 400 }; /* of a number, as in the pattern */

/* 1,000.50%; a word where a letter follows. */
static size_t number_from(struct scan *scan, size_t at, enum token_kind *kind)
{
    size_t begin = at, n_groups = 0;
    if (may_be_mail(scan, at))
        return UNKNOWN;
    for (;;) {
        while (is_digit(byte_at(scan, at)))
            at++;
        uint8_t byte = byte_at(scan, at), next = byte_at(scan, at + 1);
        bool joins = byte == '.' || byte == ',' || byte == ':' || byte == '/' || byte == '%';
        if (joins && next >= 0x80 && !is_punctuation(scan, at + 1))
            return UNKNOWN;
        if (!joins || !is_digit(next))
            break;
        if (++n_groups == MOST_GROUPS)
            return UNKNOWN;
        at++;
    }
    if (byte_at(scan, at) >= 0x80 && !is_punctuation(scan, at))
        return UNKNOWN;
    at += byte_at(scan, at) == '%';
    if (byte_at(scan, at) >= 0x80 && !is_punctuation(scan, at))
        return UNKNOWN;
    *kind = start_of(byte_at(scan, at)) == LETTER ? TOKEN_WORD : TOKEN_NUMBER;
    return *kind == TOKEN_NUMBER ? at : end_of_word(scan, begin + 1);
}

/* A run of ! and ?: from the first "?" on both may stand in it. */
static size_t marks_from(const struct scan *scan, size_t at, enum token_kind *kind)
{
    *kind = TOKEN_EXCLAIM;
    while (byte_at(scan, at) == '!')
        at++;
    if (byte_at(scan, at) != '?')
        return at;
    *kind = TOKEN_QUESTION;
    while (byte_at(scan, at) == '!' || byte_at(scan, at) == '?')
        at++;
    return at;
}

static size_t dots_from(struct scan *scan, size_t at, enum token_kind *kind)
{
    size_t end = at;
    if (may_be_mail(scan, at))
        return UNKNOWN;
    while (byte_at(scan, end) == '.')
        end++;
    *kind = end - at >= 2 ? TOKEN_DOTS : TOKEN_STOP;
    return end;
}

/* A colon and its like: the eyes of a face, or a stop. "=" is no stop. */
static size_t eyes_from(const struct scan *scan, size_t at, enum token_kind *kind)
{
    uint8_t next = byte_at(scan, at + 1);
    bool face = next && memchr("'o-)]DPp([/|", next, 12);
    *kind = TOKEN_STOP;
    return face ? UNKNOWN : at + (scan->text[at] != '=');
}

/* ">" that opens a line: from the blanks before it on. */
static bool opens_line(const struct scan *scan, size_t at, uint32_t *begin)
{
    *begin = (uint32_t)at;
    while (*begin > 0 && (scan->text[*begin - 1] == ' ' || scan->text[*begin - 1] == '\t'))
        --*begin;
    return *begin == 0 || scan->text[*begin - 1] == '\n';
}

/* What begins beyond ASCII: quotation marks, dashes and dots are known; other punctuation of that
 * row is no token. */
static bool known_punctuation(const struct scan *scan, size_t at, enum token_kind *kind)
{
    if (!is_punctuation(scan, at))
        return false;
    uint8_t last = byte_at(scan, at + 2);
    *kind = last == 0x9C || last == 0x9D ? TOKEN_QUOTE
            : last == 0xA6               ? TOKEN_DOTS
            : last == 0x94               ? TOKEN_STOP
                                         : 0;
    return true;
}

struct scan retort_scan_begin(struct scanner *scanner, struct retort_span text)
{
    const uint8_t *mail = text.len ? memchr(text.data, '@', text.len) : NULL;
    return (struct scan){scanner, text.data, text.len, 0,
                         mail ? (size_t)(mail - text.data) : text.len};
}

static bool ask(struct scan *scan, size_t at, struct found *found)
{
    bool any = retort_pattern_next(&scan->scanner->pattern,
                                   (struct retort_span){scan->text, scan->len}, at, found);
    scan->at = any ? found->end : scan->len;
    return any;
}

/* The token but word or number that begins at `at`: its end, `at` when there is none, or UNKNOWN.
 */
static size_t token_from(struct scan *scan, size_t at, struct found *found)
{
    switch (start_of(scan->text[at])) {
    case MARK:
        return marks_from(scan, at, &found->kind);
    case DOT:
        return dots_from(scan, at, &found->kind);
    case EYES:
        return eyes_from(scan, at, &found->kind);
    case QUOTE:
        found->kind = TOKEN_QUOTE;
        return at + 1;
    case LINE_QUOTE:
        found->kind = TOKEN_QUOTE;
        return opens_line(scan, at, &found->begin) ? at + 1 : at;
    case MAIL:
        return may_be_mail(scan, at) ? UNKNOWN : at;
    case SLASH:
        return stands(scan, at, "/u/", 3) ? UNKNOWN : at;
    case ASK:
        return UNKNOWN;
    case BEYOND:
        if (!known_punctuation(scan, at, &found->kind))
            return UNKNOWN;
        return found->kind ? at + PUNCTUATION : at;
    default:
        return at;
    }
}

/* The next token that begins at `at` or later: its end, or UNKNOWN with where that is in *begin;
 * the text's end when there is none. */
static inline size_t next_from(struct scan *scan, size_t at, struct found *found)
{
    for (;;) {
        enum start start = start_of(scan->text[at]);
        size_t end = at;
        found->begin = (uint32_t)at;
        if (start == LETTER) {
            found->kind = TOKEN_WORD;
            return word_from(scan, at);
        }
        if (start == DIGIT)
            return number_from(scan, at, &found->kind);
        if (start == END && at >= scan->len)
            return at;
        if (start > END)
            end = token_from(scan, at, found);
        if (end != at)
            return end;
        at += start == BEYOND ? PUNCTUATION : 1;
    }
}

static size_t scan_exactly(struct scan *scan, struct found *found, size_t most)
{
    size_t n = 0;
    while (n < most && scan->at < scan->len && ask(scan, scan->at, &found[n]))
        n++;
    return n;
}

size_t retort_scan_some(struct scan *scan, struct found *found, size_t most)
{
    size_t at = scan->at, n;
    if (scan->scanner->exact)
        return scan_exactly(scan, found, most);
    for (n = 0; n < most; n++) {
        size_t end = next_from(scan, at, &found[n]);
        if (end == UNKNOWN) {
            if (!ask(scan, found[n].begin, &found[n]))
                return n;
            at = scan->at;
            continue;
        }
        if (end == found[n].begin)
            break;
        found[n].end = (uint32_t)end;
        at = end;
    }
    scan->at = at;
    return n;
}

void retort_scanner_release(struct scanner *scanner)
{
    retort_pattern_free(scanner->pattern);
    *scanner = (struct scanner){0};
}
