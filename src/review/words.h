/* words (private to review): what people have said of comments, held in memory to be counted.
 *
 * A few dozen bytes a word; texts repeat without end and are kept once, so that they are compared
 * by number. */
#ifndef RETORT_REVIEW_WORDS_H
#define RETORT_REVIEW_WORDS_H

#include "review/review.h"

enum { NO_TEXT = UINT32_MAX };

struct word {
    int64_t decision;
    uint64_t item;                         /* hash of comment, task and target */
    uint32_t task, label, shown, reviewer; /* indexes of texts */
};

struct words {
    struct word *all; /* oldest first, as read */
    size_t n_words, capacity;
    struct retort_span *texts; /* [n_texts] in the arena */
    size_t n_texts, texts_capacity;
    uint32_t *slots; /* [2 × texts_capacity] index + 1 of a text by its hash; 0: free */
    struct retort_arena arena;
};

/* Every word that stands and was said of one comment, not of a bulk. */
bool words_read(struct words *words, struct retort_store *store, struct retort_error *error);
void words_release(struct words *words);
/* NO_TEXT: nobody has said it. */
uint32_t words_text(const struct words *words, struct retort_span text);

/* Agreement for one task; words may be in any order and are left in another. */
void words_agree(struct words *words, uint32_t task, struct retort_agreement *agreement);
/* The model against people for one task: a row for each label that either has given. */
void words_judge(struct words *words, uint32_t task, const struct retort_weights *weights,
                 struct retort_arena *arena, struct retort_statistics *statistics);

#endif
