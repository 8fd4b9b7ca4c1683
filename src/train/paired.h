/* paired (private to train): a current model and a candidate on the same decided items. */
#ifndef RETORT_TRAIN_PAIRED_H
#define RETORT_TRAIN_PAIRED_H

#include "train/train.h"

/* scores: the candidate's, [n_examples][n_labels], decided by what never saw the example's group.
 * The current model labels the examples that judge. */
void retort_pairing_fill(struct retort_pairing *pairing, const struct retort_dataset *dataset,
                         const struct retort_score *scores, const struct retort_model *current);
/* As one JSON object. */
void retort_pairing_json(const struct retort_pairing *pairing, struct retort_buffer *out);

#endif
