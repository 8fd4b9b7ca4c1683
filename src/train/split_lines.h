/* The model of lines as it is trained. */
#ifndef RETORT_TRAIN_SPLIT_LINES_H
#define RETORT_TRAIN_SPLIT_LINES_H

#include "train/split_pages.h"

struct line_weights {
    size_t n;                       /* floats of the network */
    struct retort_network *network; /* malloc'ed */
    bool html;
};

struct line_training {
    size_t n_passes; /* over all pages */
    uint64_t seed;
    size_t n_threads; /* the weights are the same for any number */
    bool quiet;
    bool html; /* of pages of HTML; else of flat text */
};
/* Trains on the pages of the rows for which use[row] is true. */
void line_weights_train(struct line_weights *weights, const struct split_set *set, const bool *use,
                        const struct line_training *training);
void line_weights_release(struct line_weights *weights);
void line_weights_put(const struct line_weights *weights, struct retort_buffer *section);

#endif
