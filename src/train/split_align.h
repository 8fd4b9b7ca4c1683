/* Gold texts → the roles of an HTML page's lines. */
#ifndef RETORT_TRAIN_SPLIT_ALIGN_H
#define RETORT_TRAIN_SPLIT_ALIGN_H

#include "train/split_truth.h"

/* A letter a line: F furniture, A article, H B I T of comments, as split_truth.h has them. */
void split_align(const struct split_truth *truth, const struct retort_page *page, uint8_t *letters);

#endif
