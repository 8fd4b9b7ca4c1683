/* run (private to train): all of one training run of a classifier.
 *
 * A machine separates one label from the rest, or (one against one) two labels from each other;
 * the machines' margins, added up label by label, are the labels' margins. So whatever was trained,
 * the model file holds one column of weights a label. */
#ifndef RETORT_TRAIN_RUN_H
#define RETORT_TRAIN_RUN_H

#include "train/calibrate.h"
#include "train/parts.h"

struct retort_run {
    struct retort_train_options options;
    struct retort_dataset dataset;
    struct retort_model *base;  /* NULL: nothing is stacked */
    struct retort_known *known; /* its margins out of fold, or NULL */
    const char *recipe_name;
    struct retort_span recipe_text;
    struct retort_recipe recipe;
    struct retort_method method;
    struct retort_matrix matrix;
    uint8_t *fold;
    size_t n_folds, n_machines;
    bool pairs;               /* one against one */
    double *costs, *balances; /* [n_labels] as chosen */
    double *margins;          /* [n_examples][n_labels], out of fold, with what was chosen */
    const struct retort_score *scores; /* the same decided, each fold by what the others fitted */
    struct retort_tried *tried;
    size_t n_tried;
    struct retort_arena arena;
};

/* ---- machines ---- */

/* One way of training: a C and a balance for all labels, or for each label the chosen ones. Only
 * the linear kernel has weights. */
struct retort_way {
    double cost, balance;
    enum retort_kernel kernel;
};

enum { RETORT_NO_FOLD = SIZE_MAX };

/* Trains every machine in every way on all folds but one, for each of the first n_folds in turn,
 * and where `weights` is not NULL on all, in processes; ways: [n_ways][n_labels]. margins,
 * [n_ways][n_examples][n_labels], gets the rows of the folds left out; weights, [n_labels]
 * [n_features + 1] with the bias last, those of the last way. */
struct retort_training {
    struct retort_run *run;
    const struct retort_way *ways;
    size_t n_ways, n_folds;
    double tolerance;
    enum retort_solver solver;
    double *margins, *weights;
    const char *what; /* for the line of progress */
};
bool retort_machines_train(const struct retort_training *training, struct retort_error *error);
/* Features that the machines of a fold see; NULL: all. In the arena. */
bool *retort_run_keep(const struct retort_run *run, size_t fold, struct retort_arena *arena);

/* ---- search ---- */

/* Chooses C and balance of each label by the first folds; notes what was tried. *figure is the mean
 * over the labels of what the best way was chosen by. compared: it will be held against another
 * recipe's, so that it is wanted even where one way leaves nothing to choose. */
bool retort_search(struct retort_run *run, bool compared, double *figure,
                   struct retort_error *error);

/* Examples of some folds together: a data set of its own over the same texts. */
struct retort_folded {
    struct retort_dataset dataset;
    uint8_t *fold; /* 0 to n_folds − 1 */
    double *margins;
    size_t n_folds;
};
/* The examples whose fold lies in [from, to), with their rows of margins. In the arena. */
struct retort_folded retort_folded_part(const struct retort_run *run, const double *margins,
                                        size_t from, size_t to, struct retort_arena *arena);
/* What is fitted on all folds, for the model. */
struct retort_fitted {
    struct retort_label *labels; /* [n_labels] */
    double *losses;              /* [n_labels][RETORT_N_LINKS], as of a calibration */
};
/* Every example decided with what was fitted on the other folds, in the arena. fitted: NULL, or
 * what to fill besides. Runs in processes. */
bool retort_cross_fit(const struct retort_run *run, const struct retort_folded *part,
                      const struct retort_fitted *fitted, struct retort_score **scores,
                      struct retort_arena *arena);

/* ---- recipes ---- */

/* Reads the recipes of the options, builds matrices, searches; leaves the best one's in the run. */
bool retort_choose_recipe(struct retort_run *run, struct retort_error *error);
/* What the run's recipe wants of a base: its margins, its word vectors. */
bool retort_stacks_margins(const struct retort_run *run);
bool retort_wants_vectors(const struct retort_run *run);

/* ---- the end ---- */

/* Reports and writes the files. weights: [n_labels][n_features + 1], the bias last. */
bool retort_finish(struct retort_run *run, const double *weights, struct retort_error *error);

#endif
