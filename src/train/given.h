/* given (private to train): lines that came in no file, among those that did. */
#ifndef RETORT_TRAIN_GIVEN_H
#define RETORT_TRAIN_GIVEN_H

#include "train/train.h"

/* A file's example with a text that was given is of the group of that. */
void retort_given_join(struct retort_dataset *dataset);
/* Labels that at least so many given examples have, which count, need no others: dataset->alone. */
void retort_given_alone(struct retort_dataset *dataset, size_t from);

#endif
