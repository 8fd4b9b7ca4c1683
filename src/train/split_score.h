/* A page as it was split against its truth → sums. What is compared is what a user is given:
 * blocks, comments, the lines they stand on and the parents; no state of the model. */
#ifndef RETORT_TRAIN_SPLIT_SCORE_H
#define RETORT_TRAIN_SPLIT_SCORE_H

#include "thread/thread.h"
#include "train/split_figures.h"
#include "train/split_truth.h"

/* Scores the output for a page; false when the truth cannot be of this page. */
bool split_score_page(const struct split_truth *truth, const struct retort_thread *output,
                      double sums[N_SUMS], struct retort_error *error);

/* The true comments of the page (of a list, or of roles on the output's lines), parents not set;
 * borrows from truth and output. `article` is filled beside. */
struct retort_comment *split_score_bounds(const struct split_truth *truth,
                                          const struct retort_thread *output,
                                          struct retort_arena *arena, struct retort_span *article);
/* Counts parents that were found with these bounds given. */
void split_score_parents(const struct split_truth *truth, const struct retort_comment *comments,
                         double sums[N_SUMS]);

#endif
