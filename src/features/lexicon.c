/* Words as they are written → what folding tells. */
#include "features/lexicon.h"

#include <stdlib.h>

void retort_lexicon_release(struct lexicon *lexicon)
{
    free(lexicon->memory);
    free(lexicon->folded);
    *lexicon = (struct lexicon){0};
}

/* Zeroed pages that nothing has touched cost nothing: who labels one comment meets few of them. */
static void make(struct lexicon *lexicon)
{
    enum { LINE = 64, N = LEXICON_SLOTS + N_TOKEN_KINDS };
    lexicon->memory = calloc(N + 1, sizeof *lexicon->slots);
    lexicon->folded = calloc(LEXICON_SLOTS, sizeof *lexicon->folded);
    if (!lexicon->memory || !lexicon->folded)
        retort_out_of_memory();
    uintptr_t at = ((uintptr_t)lexicon->memory + LINE - 1) / LINE * LINE;
    lexicon->slots = (struct lexeme *)at;
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
