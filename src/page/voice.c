/* A comment as a whole, described by the same facts as a line; and what an author line says. */
#include "page/facts.h"

enum { VOICE_WORDS_MOST = 4000 };

const struct lexicon *retort_page_lexicon(struct retort_arena *arena)
{
    (void)arena;
    return lexicon_get();
}

_Static_assert(RETORT_N_VOICE_FACTS <= 64, "facts of a voice are one 64-bit word");

static uint64_t take_facts(const struct line_facts *facts)
{
    uint64_t bits = 0;
#define FACT(id, name) bits |= (uint64_t)facts_flag(facts, FACT_##id) << RETORT_VOICE_##id;
    RETORT_VOICE_FACTS(FACT)
#undef FACT
    return bits;
}

void retort_page_voice(struct retort_span text, const struct lexicon *lexicon,
                       struct retort_arena *arena, struct retort_voice *voice)
{
    struct word_list words = {.capacity = text.len / 2 + 1};
    if (words.capacity > VOICE_WORDS_MOST)
        words.capacity = VOICE_WORDS_MOST;
    words.items = retort_arena_room(arena, words.capacity, sizeof *words.items);
    struct line_facts facts;
    facts_of_line(text, lexicon, &words, &facts);
    *voice = (struct retort_voice){.words = words.items, .n_words = words.n};
    voice->n_characters = text.len;
    voice->facts = take_facts(&facts);
}

/* ---- author lines ------------------------------------------------------------------------- */

/* A run of bytes that are neither space nor the marks that sites put between the parts. */
struct piece {
    struct retort_span text;
    bool time, stop; /* part of a time; ends a name */
};

enum { PIECES_MOST = 24 };

static uint64_t classes_of(struct retort_span piece, const struct lexicon *lexicon)
{
    struct word word = {.len = 0};
    for (size_t i = 0; i < piece.len && word.len < WORD_MOST; i++) {
        uint8_t c = piece.data[i];
        bool upper = c >= 'A' && c <= 'Z';
        if (upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)
            word.bytes[word.len++] = (uint8_t)(upper ? c + 32 : c);
    }
    return lexicon_find(lexicon, &word, word_hash(&word)).classes;
}

static size_t count_digits(struct retort_span piece)
{
    size_t n = 0;
    for (size_t i = 0; i < piece.len; i++)
        n += piece.data[i] >= '0' && piece.data[i] <= '9';
    return n;
}

static bool starts_digit(struct retort_span piece)
{
    size_t at = piece.len && (piece.data[0] == '@' || piece.data[0] == '(');
    return at < piece.len && piece.data[at] >= '0' && piece.data[at] <= '9';
}

static bool is_mark(struct retort_span piece)
{
    for (size_t at = 0; at < piece.len;) {
        uint32_t c = retort_utf8_next(piece, &at);
        if (retort_is_letter(c) || (c >= '0' && c <= '9'))
            return false;
    }
    return true;
}

static size_t cut_pieces(struct retort_span line, const struct lexicon *lexicon,
                         struct piece pieces[PIECES_MOST])
{
    const uint64_t times = WORD_BIT(WORD_MONTH) | WORD_BIT(WORD_WEEKDAY) | WORD_BIT(WORD_AGO) |
                           WORD_BIT(WORD_HALF) | WORD_BIT(WORD_UNIT);
    const uint64_t stops = WORD_BIT(WORD_WRITES) | WORD_BIT(WORD_BUTTON) | WORD_BIT(WORD_SITE) |
                           WORD_BIT(WORD_BY) | WORD_BIT(WORD_DISCUSS) | WORD_BIT(WORD_GRAMMAR);
    size_t n = 0, begin = 0;
    for (size_t at = 0; at <= line.len && n < PIECES_MOST; at++) {
        if (at < line.len && line.data[at] != ' ' && line.data[at] != '\t')
            continue;
        struct retort_span text = retort_span_slice(line, begin, at);
        begin = at + 1;
        if (!text.len)
            continue;
        uint64_t classes = classes_of(text, lexicon);
        bool number = starts_digit(text) && count_digits(text) > 0;
        struct piece *piece = &pieces[n++];
        *piece = (struct piece){text, number || (classes & times), false};
        piece->stop = piece->time || (classes & stops) || is_mark(text) || text.data[0] == '#';
    }
    return n;
}

static struct retort_span span_between(const struct piece *first, const struct piece *last)
{
    const uint8_t *end = last->text.data + last->text.len;
    return (struct retort_span){first->text.data, (size_t)(end - first->text.data)};
}

/* From the first to the last piece of time; a bare number is none. */
static struct retort_span find_time(const struct piece *pieces, size_t n)
{
    size_t first = n, last = n, digits = 0, named = 0;
    for (size_t i = 0; i < n; i++) {
        if (!pieces[i].time)
            continue;
        first = first == n ? i : first;
        last = i;
        digits += count_digits(pieces[i].text);
        named += !starts_digit(pieces[i].text) || count_digits(pieces[i].text) >= 3;
    }
    bool unit = n == 1 && first == 0 && digits && digits < pieces[0].text.len;
    if (first == n || !digits || (!named && !unit))
        return (struct retort_span){NULL, 0};
    return span_between(&pieces[first], &pieces[last]);
}

/* The first run of pieces that end no name, without the marks around it. */
static struct retort_span find_author(const struct piece *pieces, size_t n)
{
    size_t first = 0;
    while (first < n && pieces[first].stop)
        first++;
    size_t end = first;
    while (end < n && !pieces[end].stop && end - first < 5) {
        uint8_t last = pieces[end].text.data[pieces[end].text.len - 1];
        end++;
        if (last == ':' || last == ',' || last == '|')
            break;
    }
    if (first == end)
        return (struct retort_span){NULL, 0};
    struct retort_span name = span_between(&pieces[first], &pieces[end - 1]);
    while (name.len && (name.data[0] == '@' || name.data[0] == '-' || name.data[0] == '('))
        name = retort_span_slice(name, 1, name.len);
    while (name.len && (name.data[name.len - 1] == ':' || name.data[name.len - 1] == ',' ||
                        name.data[name.len - 1] == '|' || name.data[name.len - 1] == ')'))
        name.len--;
    return retort_span_trim(name);
}

void retort_page_read_sign(struct retort_span line, const struct lexicon *lexicon,
                           struct retort_span *author, struct retort_span *time)
{
    struct piece pieces[PIECES_MOST];
    size_t n = cut_pieces(line, lexicon, pieces);
    *time = find_time(pieces, n);
    *author = find_author(pieces, n);
}
