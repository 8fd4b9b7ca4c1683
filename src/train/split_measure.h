/* Measuring, and what is known of a measurement. */
#ifndef RETORT_TRAIN_SPLIT_MEASURE_H
#define RETORT_TRAIN_SPLIT_MEASURE_H

#include "thread/thread.h"
#include "train/split.h"
#include "train/split_figures.h"
#include "train/split_truth.h"

/* The pages scored so far; their names are in the arena. */
struct split_scores {
    struct split_scored *pages;
    size_t n, capacity;
    struct retort_arena arena;
};

void split_scores_add(struct split_scores *scores, const struct split_truth *truth,
                      const double sums[N_SUMS]);
void split_scores_release(struct split_scores *scores);

/* Splits one page, finds the parents of its true comments, scores both into sums[N_SUMS]. */
bool split_measure_page(const struct retort_cutter *cutter, const struct split_truth *truth,
                        double *sums, struct retort_error *error);

struct retort_split_figures {
    struct split_scores scores, left_out;   /* left_out: of models without the page's source */
    struct split_rows_made made, made_left; /* made_left: none where nothing was left out */
    const char *command;
    struct split_data *data; /* [n_data] */
    size_t n_data;
    char model[RETORT_SHA256_HEX];
    uint64_t seed;
    size_t n_folds; /* 0: the model itself was measured */
    struct retort_arena arena;
};

struct retort_split_figures *split_figures_new(const struct retort_split_options *options);
/* Notes the model's hash; an unreadable model is an error. */
bool split_figures_name(struct retort_split_figures *figures,
                        const struct retort_split_options *options, struct retort_error *error);
/* Scores → rows of figures with their spread. */
void split_figures_make(struct retort_split_figures *figures);

#endif
