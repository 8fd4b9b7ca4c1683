/* The model of parents as it is trained. */
#ifndef RETORT_TRAIN_SPLIT_LINKS_H
#define RETORT_TRAIN_SPLIT_LINKS_H

#include "train/split_pages.h"

struct link_weights {
    size_t n;
    float *values; /* malloc'ed, one a cue */
};

struct link_training {
    double decay; /* L2 */
    size_t n_passes;
    uint64_t seed;
};

/* Trains on the threads of the rows for which use[row] is true, the true bounds given. */
void link_weights_train(struct link_weights *weights, const struct split_set *set, const bool *use,
                        const struct link_training *training);
void link_weights_release(struct link_weights *weights);
void link_weights_put(const struct link_weights *weights, struct retort_buffer *section);

#endif
