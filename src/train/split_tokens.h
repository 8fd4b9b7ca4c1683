/* How much of two texts is the same: overlap of their tokens, as dragnet's evaluation counts it
 * (Peters and Lecocq 2013 and the code published with it), so that our figures stand beside its.
 *
 * A token is a maximal run of letters and numbers; underscores and all other marks part tokens;
 * case is kept. The overlap is that of multisets: order counts nothing, a token said twice must be
 * found twice. */
#ifndef RETORT_TRAIN_SPLIT_TOKENS_H
#define RETORT_TRAIN_SPLIT_TOKENS_H

#include "base/base.h"

struct split_overlap {
    size_t matched, truth, given; /* tokens in both, in the truth, in the output */
};

/* A text is a list of spans; a token never goes from one span into the next. */
struct split_overlap split_tokens_overlap(const struct retort_span *truth, size_t n_truth,
                                          const struct retort_span *given, size_t n_given);

/* The hashes of the first tokens of a text, at most `most`; returns how many there are. */
size_t split_tokens_first(struct retort_span text, uint64_t *hashes, size_t most);

/* matched / whole, 0 where whole is 0; 2 · matched / (truth + given), 0 where both are empty. */
double split_share(size_t matched, size_t whole);
double split_f1(size_t matched, size_t truth, size_t given);

#endif
