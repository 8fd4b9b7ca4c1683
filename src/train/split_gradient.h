/* The loss of one page under a network and its gradient. */
#ifndef RETORT_TRAIN_SPLIT_GRADIENT_H
#define RETORT_TRAIN_SPLIT_GRADIENT_H

#include "page/page.h"

/* A page as the trainer of the network sees it. */
struct line_example {
    size_t n_lines;
    const uint8_t *states;         /* [n_lines] the truth */
    const struct retort_cue *cues; /* of all lines, one after another */
    const uint32_t *first;         /* [n_lines + 1] where a line's cues begin */
    bool has_comments;
};

/* Adds the page's gradient to `gradient` (laid out as the network) and returns its loss. The seed
 * chooses what is dropped. */
double line_example_gradient(const struct line_example *example,
                             const struct retort_network *network, uint64_t seed,
                             struct retort_network *gradient);

#endif
