/* Out-of-fold figures of the splitter: what a model says of pages that it was not trained on. */
#ifndef RETORT_TRAIN_SPLIT_FOLDS_H
#define RETORT_TRAIN_SPLIT_FOLDS_H

#include "train/split_figures.h"
#include "train/split_lines.h"
#include "train/split_links.h"

/* The two models of a splitter's file. */
struct split_models {
    struct line_weights lines, markup; /* markup: none without pages of HTML */
    struct link_weights links;
};

/* Trains on the pages of the rows for which use[row] is true. */
void split_models_train(struct split_models *models, const struct split_set *set, const bool *use,
                        const struct line_training *training);
bool split_models_write(const struct split_models *models, const char *path,
                        struct retort_span about, struct retort_error *error);
void split_models_release(struct split_models *models);

struct split_folding {
    const struct split_set *set;
    const uint8_t *fold; /* [n_rows] which fold each row is left out with */
    size_t n_folds;
    struct line_training training;
    size_t n_workers;
    const char *what; /* for the progress */
    bool quiet;
};

/* For each fold: a model of the others is trained, written to a file, opened as a user's would be
 * and measured on the fold's rows. Fills sums[n_rows][N_SUMS]; the same for any n_workers. */
bool split_folds_measure(const struct split_folding *folding, double (*sums)[N_SUMS],
                         struct retort_error *error);

#endif
