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
