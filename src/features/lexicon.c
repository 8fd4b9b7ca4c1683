/* Words as they are written → what folding tells. */
#include "features/lexicon.h"

#include <stdlib.h>

void retort_lexicon_release(struct lexicon *lexicon)
{
    free(lexicon->slots);
    free(lexicon->folded);
    *lexicon = (struct lexicon){0};
}

static void make(struct lexicon *lexicon)
{
    enum { LINE = 64, N = LEXICON_SLOTS + N_TOKEN_KINDS };
    lexicon->slots = aligned_alloc(LINE, N * sizeof *lexicon->slots);
    lexicon->folded = calloc(LEXICON_SLOTS, sizeof *lexicon->folded);
    if (!lexicon->slots || !lexicon->folded)
        retort_out_of_memory();
    memset(lexicon->slots, 0, N * sizeof *lexicon->slots);
}

void retort_lexicon_next_item(struct lexicon *lexicon)
{
    if (!lexicon->slots)
        make(lexicon);
    lexicon->item++;
}

void retort_lexicon_forget(struct lexicon *lexicon, size_t column, bool only_letters)
{
    for (size_t i = 0; i < LEXICON_SLOTS + N_TOKEN_KINDS; i++) {
        struct known *known = &lexicon->slots[i].known[column];
        *known = (struct known){only_letters ? known->word : 0, 0};
    }
}

static uint64_t first_bytes(uint64_t eight, size_t n)
{
    return n >= 8 ? eight : eight & ((UINT64_C(1) << 8 * n) - 1);
}

bool retort_lexicon_seek(const struct lexicon *lexicon, const uint8_t *word, size_t len,
                         struct sought *sought)
{
    if (len > LONGEST_LEXEME)
        return false;
    sought->raw[0] = first_bytes(retort_eight(word), len);
    sought->raw[1] = len > 8 ? first_bytes(retort_eight(word + 8), len - 8) : 0;
    sought->set = (uint32_t)(retort_mix(sought->raw[0] ^ UINT64_C(0x9E3779B97F4A7C15),
                                        sought->raw[1] ^ UINT64_C(0x243F6A8885A308D3)) %
                             LEXICON_SETS);
    __builtin_prefetch(&lexicon->slots[2 * sought->set]);
    __builtin_prefetch(&lexicon->slots[2 * sought->set + 1]);
    return true;
}

static bool is_it(const struct lexeme *lexeme, const struct sought *sought)
{
    return lexeme->raw[0] == sought->raw[0] && lexeme->raw[1] == sought->raw[1];
}

struct lexeme *retort_lexicon_slot(struct lexicon *lexicon, const struct sought *sought,
                                   bool *known)
{
    struct lexeme *pair = &lexicon->slots[2 * sought->set], *lexeme;
    *known = is_it(&pair[0], sought) || is_it(&pair[1], sought);
    if (*known)
        lexeme = is_it(&pair[0], sought) ? &pair[0] : &pair[1];
    else
        lexeme = lexicon->item - pair[0].item >= lexicon->item - pair[1].item ? &pair[0] : &pair[1];
    if (!*known && lexeme->facts.folded_len && lexeme->item == lexicon->item)
        return NULL;
    lexeme->raw[0] = sought->raw[0];
    lexeme->raw[1] = sought->raw[1];
    lexeme->item = lexicon->item;
    return lexeme;
}
