/* The model of lines as it is trained. */
#ifndef RETORT_TRAIN_SPLIT_LINES_H
#define RETORT_TRAIN_SPLIT_LINES_H

#include "train/split_pages.h"

/* [cue][row], then [from][to], starts, stops: as the model file has them. */
struct line_weights {
    size_t n;
    float *values; /* malloc'ed */
};

size_t line_weights_n(void);
/* The best states of a page under the weights. */
void line_weights_decode(const float *values, const struct split_page *page, uint8_t *states);

struct line_training {
    double cost; /* C of the structured SVM: weight of the losses against ½|w|² */
    size_t n_passes;
    uint64_t seed;
    bool quiet;
};
/* Trains on the pages of the set for which use[i] is true. */
void line_weights_train(struct line_weights *weights, const struct split_set *set, const bool *use,
                        const struct line_training *training);
void line_weights_release(struct line_weights *weights);
bool line_weights_put(const struct line_weights *weights, struct retort_buffer *section);

#endif
