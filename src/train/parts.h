/* parts (private to train): what a training run is made of.
 *
 *   data set → folds → matrix → margins out of fold → calibration → weights on all → model file */
#ifndef RETORT_TRAIN_PARTS_H
#define RETORT_TRAIN_PARTS_H

#include "train/calibrate.h"
#include "train/train.h"

/* ---- folds ---- */

/* fold[i] in [0, n_folds) for each of n examples, whose groups are named; a group stays together;
 * sizes even out. At most 256 folds. Fewer groups than folds: fewer folds. Returns their number; 1
 * means there is nothing to validate with. */
size_t retort_folds_assign(const struct retort_span *names, size_t n, size_t n_folds, uint64_t seed,
                           uint8_t *fold);

/* ---- matrix ---- */

/* The data set over its dictionary: rows of ascending entries. */
struct retort_matrix {
    struct retort_dictionary dictionary;
    struct retort_span *names; /* [n_features] "word:not" */
    struct retort_entry *entries;
    size_t *ends; /* [n_rows] */
    size_t n_rows;
    struct retort_arena arena;
};

bool retort_matrix_build(struct retort_matrix *matrix, const struct retort_dataset *dataset,
                         const struct retort_recipe *recipe, size_t min_df, bool quiet,
                         struct retort_error *error);
void retort_matrix_release(struct retort_matrix *matrix);

/* ---- solver ---- */

/* The matrix as the libraries want it: rows of (index from 1, value), ended by index −1. */
struct retort_problem;

struct retort_problem *retort_problem_new(const struct retort_matrix *matrix, bool libsvm);
void retort_problem_free(struct retort_problem *problem);

/* One linear machine: weights [n_features], bias. */
struct retort_machine {
    double *weights;
    double bias;
    double objective; /* of the primal: ½|w|² + C Σ cost·hinge */
};

struct retort_fit {
    const size_t *rows;  /* [n] rows of the matrix to train on */
    const int8_t *truth; /* [n] RETORT_YES or RETORT_NO */
    size_t n;
    double cost;                  /* C */
    double weight_yes, weight_no; /* C is multiplied by these */
    double tolerance;             /* of the solver's stopping rule */
    uint64_t seed;
};

/* Fills machine->weights (which the caller owns). One class only: zero weights, bias ±1. */
void retort_fit_linear(const struct retort_problem *problem, const struct retort_fit *fit,
                       struct retort_machine *machine);
double retort_machine_margin(const struct retort_machine *machine,
                             const struct retort_matrix *matrix, size_t row);
/* ---- workers ---- */

/* As many as are wanted (0: one a processor), 64 at most. */
size_t retort_workers_count(size_t wanted);
/* Runs job(context, i) for all i < n_jobs in n_workers processes (0: one a processor); results go
 * where the context points, into memory from retort_shared_new. False when a worker died. */
bool retort_workers_run(void (*job)(void *context, size_t index), void *context, size_t n_jobs,
                        size_t n_workers, const char *what, bool quiet);
void *retort_shared_new(size_t count, size_t size);
void retort_shared_free(void *memory, size_t count, size_t size);

/* ---- the card ---- */

struct retort_trained {
    const struct retort_train_options *options;
    const struct retort_dataset *dataset;
    const struct retort_recipe *recipe;
    const double *costs; /* [n_labels] the chosen C */
    const char *solver;
    size_t n_folds;
    const struct retort_figures *whole;           /* cross-fitted, all folds together */
    const struct retort_figures *folds;           /* [n_folds] */
    const struct retort_label *labels;            /* [n_labels] as they go into the model */
    const struct retort_calibration *calibration; /* of all folds, with its losses */
};
void retort_card_write(const struct retort_trained *trained, struct retort_buffer *out);

#endif
