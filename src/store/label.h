/* label (private to store): how a label stands in its row. */
#ifndef RETORT_STORE_LABEL_H
#define RETORT_STORE_LABEL_H

#include "store/rank.h"

/* label.scores: for each label p as a little-endian IEEE double, and a byte of flags. */
enum { SCORE_BYTES = 9, FLAG_ON = 1, FLAG_UNSURE = 2 };

/* The model's row, made when it is not there. */
bool store_model_row(struct retort_store *store, const struct retort_model *model,
                     struct known_model *row, struct retort_error *error);
/* A model whose row is there, and whose shape is known, is found by id from now on. */
bool store_know_model(struct retort_store *store, struct retort_span hash,
                      struct known_model *known, struct retort_error *error);
/* The claim a label is kept with, as far as its model looks at it; and one of its scores. */
struct retort_span store_label_target(const struct retort_verdict *verdict,
                                      struct retort_span given);
struct retort_stored_score store_label_score(const struct retort_verdict *verdict, size_t nth);

#endif
