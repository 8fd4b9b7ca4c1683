/* Class names are English glued together: "comment-body", "postMetaHeader", "commentlist". A name
 * is cut where case changes and at what is no letter; a piece that is not on the list is tried as
 * two words of the list. Words are found by their hash in a small table. */
#include "page/html_words.h"

#include <string.h>

static const char *const SPELLINGS[HTML_N_WORDS] = {
#define WORD(id, spellings) spellings,
    HTML_WORDS(WORD)
#undef WORD
};

enum { SLOTS = 2048, WORD_MOST = 24 };

struct html_wordbook {
    uint64_t hashes[SLOTS];
    uint8_t words[SLOTS];
};

_Static_assert(HTML_N_WORDS <= 128, "words are two 64-bit sets");

const char *html_word_name(enum html_word word)
{
    return SPELLINGS[word];
}

static uint64_t hash_word(const uint8_t *bytes, size_t len)
{
    uint64_t hash = 0xCBF29CE484222325U;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ bytes[i]) * 0x100000001B3U;
    return hash | 1;
}

static size_t slot_of(const struct html_wordbook *book, uint64_t hash)
{
    size_t at = (hash ^ hash >> 32) % SLOTS;
    while (book->hashes[at] && book->hashes[at] != hash)
        at = (at + 1) % SLOTS;
    return at;
}

const struct html_wordbook *html_wordbook_make(struct retort_arena *arena)
{
    struct html_wordbook *book = RETORT_NEW(arena, struct html_wordbook, 1);
    for (size_t word = 0; word < HTML_N_WORDS; word++) {
        for (const char *at = SPELLINGS[word]; *at;) {
            size_t len = strcspn(at, " ");
            uint64_t hash = hash_word((const uint8_t *)at, len);
            size_t slot = slot_of(book, hash);
            book->hashes[slot] = hash;
            book->words[slot] = (uint8_t)word;
            at += len + (at[len] == ' ');
        }
    }
    return book;
}

static int find_word(const struct html_wordbook *book, const uint8_t *bytes, size_t len)
{
    uint64_t hash = hash_word(bytes, len);
    size_t slot = slot_of(book, hash);
    return book->hashes[slot] == hash ? book->words[slot] : -1;
}

static void set(struct html_words *words, int word)
{
    words->bits[word / 64] |= (uint64_t)1 << (word % 64);
}

static void read_piece(const struct html_wordbook *book, const uint8_t *bytes, size_t len,
                       struct html_words *words)
{
    int whole = find_word(book, bytes, len);
    if (whole >= 0) {
        set(words, whole);
        return;
    }
    for (size_t cut = len > 3 ? len - 3 : 0; cut >= 3; cut--) {
        int first = find_word(book, bytes, cut);
        int second = first >= 0 ? find_word(book, bytes + cut, len - cut) : -1;
        if (second >= 0) {
            set(words, first);
            set(words, second);
            return;
        }
    }
    if (len > 7 && memcmp(bytes, "comment", 7) == 0)
        set(words, HTML_WORD_COMMENT);
}

void html_words_read(const struct html_wordbook *book, struct retort_span names,
                     struct html_words *words)
{
    uint8_t piece[WORD_MOST];
    size_t n = 0;
    bool was_lower = false;
    for (size_t i = 0; i <= names.len; i++) {
        uint8_t byte = i < names.len ? names.data[i] : ' ';
        bool upper = byte >= 'A' && byte <= 'Z', small = byte >= 'a' && byte <= 'z';
        if ((!upper && !small) || (upper && was_lower) || n == WORD_MOST) {
            if (n > 1)
                read_piece(book, piece, n, words);
            n = 0;
        }
        if (upper || small)
            piece[n++] = (uint8_t)(byte | 32);
        was_lower = small;
    }
}
