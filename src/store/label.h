/* label (private to store): how a label stands in its row. */
#ifndef RETORT_STORE_LABEL_H
#define RETORT_STORE_LABEL_H

#include "store/rank.h"

/* label.scores: for each label p as a little-endian IEEE double, and a byte of flags. */
enum { SCORE_BYTES = 9, FLAG_ON = 1, FLAG_UNSURE = 2 };

/* The model's row, made when it is not there. */
bool store_model_row(struct retort_store *store, const struct retort_model *model,
                     struct known_model *row, struct retort_error *error);

#endif
