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

/* Examples whose text also stands in another fold. */
size_t retort_duplicates_count(const struct retort_dataset *dataset, const uint8_t *fold);

/* ---- method ---- */

enum { RETORT_MOST_TRIED = 8 };
#define RETORT_NOT_TRIED (-1.0) /* behind the last value of a list */

/* How weights are learned; numbers, so that one table reads them all. */
struct retort_method {
    double min_df;                /* an n-gram stands in at least so many texts */
    double most[RETORT_N_FIELDS]; /* features kept of each field */
    double chi2;     /* 1: kept by chi-square with the labels, else by how often they stand */
    double nb;       /* smoothing of the naive-Bayes ratio that scales n-grams; 0: none */
    double plain;    /* beside nb: the margin is the mean of a machine on scaled n-grams and one on
                        plain ones, whose C is so many times as large; 0: no second machine */
    double standard; /* 1: dense features in units of their deviation */
    double squared;  /* 1: squared hinge loss (LIBLINEAR only), else hinge */
    double one_vs_one; /* 1: a machine for every two labels of a one-of task, their margins added */
    double kernels;    /* 1: kernels are tried beside the linear one, on small sets */
    double by_accuracy; /* one-of: C is chosen, and labels are decided, by accuracy, not macro-F1 */
    double sure_by_source; /* one-of: 1: sure where every source of the data (a line's "source")
                              reaches the goal, not only all together */
    double by_f1;          /* any-of: C is chosen by F1 at the best threshold, else by AUC */
    double vectors;        /* dimensions of word vectors that the model brings to others; 0: none */
    struct retort_span prevalence; /* as retort_dataset_weigh reads it; borrowed from the recipe */
    double costs[RETORT_MOST_TRIED];
    double
        balances[RETORT_MOST_TRIED]; /* 0: every example weighs 1; 1: both sides weigh the same */
};

bool retort_method_read(struct retort_method *method, struct retort_span recipe,
                        enum retort_choice choice, struct retort_error *error);

/* ---- matrix ---- */

/* The data set over its dictionary of candidates: rows of ascending entries, counts not yet
 * weighed, for what is kept of the dictionary may differ from fold to fold. */
struct retort_matrix {
    const struct retort_recipe *recipe;
    struct retort_dictionary dictionary;
    struct retort_span *names; /* [n_features] "word:not" */
    struct retort_entry *entries;
    size_t *ends; /* [n_rows] */
    size_t n_rows;
    const bool *neutral; /* [n_features] their weights stay zero; NULL: none does */
    size_t n_neutral;
    struct retort_standard *standards; /* [n_features]; NULL: dense features as they are */
    struct retort_arena arena;
};

/* What a dense feature is measured in; mean 0 and deviation 1 for n-grams. */
struct retort_standard {
    double mean, deviation;
};
/* Notes what the dense features of these rows are to be measured in. */
void retort_standard_measure(struct retort_matrix *matrix);
/* Counts → counts in those units, in place; nothing where none were noted. */
void retort_standard_apply(const struct retort_matrix *matrix, struct retort_entry *entries,
                           size_t n);
/* Weights and bias for features in those units → for features as they are. */
void retort_standard_fold(const struct retort_matrix *matrix, double *weights, double *bias);

/* What the rows of a matrix are made with. */
struct retort_making {
    const struct retort_recipe *recipe;
    const struct retort_method *method;
    const struct retort_model *base;  /* NULL: nothing is stacked */
    const struct retort_known *known; /* the base's margins out of fold; NULL: none */
    size_t n_workers;                 /* threads; 0: one a processor */
    bool quiet;
};
bool retort_matrix_build(struct retort_matrix *matrix, const struct retort_dataset *dataset,
                         const struct retort_making *making, struct retort_error *error);
void retort_matrix_release(struct retort_matrix *matrix);
/* Holds the weights of features that contain a term at zero. terms: "gay,african american"; a
 * plural with s is the same term. Of n-grams of characters: those that hold it, and telling pieces
 * of it. */
bool retort_matrix_neutralise(struct retort_matrix *matrix, const char *terms,
                              struct retort_error *error);

/* Margins of a base model by the id of an example: where the base was trained on the example's own
 * text, its margins out of fold stand in for those of the finished base. */
struct retort_known;
bool retort_known_read(struct retort_known **known, const char *path,
                       const struct retort_model *base, struct retort_error *error);
void retort_known_free(struct retort_known *known);               /* NULL is fine */
const double *retort_known_find(const struct retort_known *known, /* NULL is fine */
                                struct retort_span id);

/* ---- word vectors ---- */

/* Vectors of the data set's content words, in the arena. False when too few words stand in enough
 * texts to have any. */
bool retort_vectors_learn(const struct retort_dataset *dataset, size_t n_dimensions,
                          struct retort_vectors *vectors, struct retort_arena *arena);

/* ---- selection ---- */

/* The rows and truths one machine learns from. */
struct retort_lesson {
    const size_t *rows;  /* [n] rows of the matrix */
    const int8_t *truth; /* [n] RETORT_YES or RETORT_NO */
    size_t n;
};

/* keep[feature]: its chi-square with a label, the largest over all labels, is among the `most` of
 * its field (Yang and Pedersen 1997). Only rows whose fold is not leave_out are looked at. Dense
 * features are always kept. */
void retort_select(const struct retort_matrix *matrix, const struct retort_dataset *dataset,
                   const struct retort_method *method, const uint8_t *fold, size_t leave_out,
                   bool *keep);
/* ratio[feature] = |log((p/Σp)/(q/Σq))| of the counts in positive and negative rows, smoothed by
 * alpha (Wang and Manning 2012); 1 for dense features. The sign would cancel out of the margin. */
void retort_nb_ratio(const struct retort_matrix *matrix, const struct retort_lesson *lesson,
                     double alpha, double *ratio);

/* ---- solver ---- */

/* The matrix weighed: rows of values. */
struct retort_problem;

/* keep: NULL for all features. */
struct retort_problem *retort_problem_new(const struct retort_matrix *matrix, const bool *keep);
void retort_problem_free(struct retort_problem *problem); /* NULL is fine */

/* Rows that a machine judges, and where their margins go. */
struct retort_judged {
    const size_t *rows;
    size_t n, stride; /* margins[i * stride] */
    double *margins;
};

/* One linear machine: weights [n_features], bias. */
struct retort_machine {
    double *weights;
    double bias;
};

struct retort_fit {
    struct retort_lesson lesson;
    double cost;                  /* C */
    double weight_yes, weight_no; /* C is multiplied by these */
    double tolerance; /* of the libraries' stopping rules, on gradients; our own descent stops when
                         a tenth of it, as a share of the objective, is left */
    enum retort_solver solver;
    bool squared;        /* squared hinge loss */
    const double *scale; /* [n_features] values are multiplied by it; NULL: by 1 */
    uint64_t seed;
};

/* Positive and negative rows: there is something to tell apart. */
bool retort_lesson_has_both(const struct retort_lesson *lesson);
/* The bias of a machine that has nothing to tell apart: ±1. */
double retort_lesson_bias(const struct retort_lesson *lesson);
/* Fills machine->weights (which the caller owns), the scale folded in. One class only: zero
 * weights, bias ±1. */
void retort_fit_linear(const struct retort_problem *problem, const struct retort_fit *fit,
                       struct retort_machine *machine);
/* ½|w|² + C Σ cost·loss, of the weights before the scale; without the bias's share. */
double retort_machine_objective(const struct retort_problem *problem, const struct retort_fit *fit,
                                const struct retort_machine *machine);

/* Up to so many machines that learn together (descent.c), in several runs, each beginning where the
 * last one ended. A run takes cost, weights, tolerance, loss and seed of its fits; lessons and
 * scales (all fits have one, or none has) are those of the first. */
enum { RETORT_MOST_TOGETHER = 16 };
struct retort_descent;
struct retort_descent *retort_descent_new(const struct retort_problem *problem,
                                          const struct retort_fit *fits, size_t n_fits);
void retort_descent_run(struct retort_descent *descent, const struct retort_fit *fits,
                        struct retort_machine *machines);
void retort_descent_free(struct retort_descent *descent); /* NULL is fine */

/* Margins of a machine with a kernel for n_rows rows (libsvm; fit->scale and squared are not for
 * it). One class only: margins of zero. */
void retort_fit_kernel(const struct retort_problem *problem, const struct retort_fit *fit,
                       enum retort_kernel kernel, const struct retort_judged *judged);
double retort_machine_margin(const struct retort_machine *machine,
                             const struct retort_problem *problem, size_t row);
/* margins[row][machine] of all rows. */
void retort_machines_judge(const struct retort_machine *machines, size_t n_machines,
                           const struct retort_problem *problem, double *margins);

/* ---- workers ---- */

/* As many as are wanted (0: one a processor), 64 at most. */
size_t retort_workers_count(size_t wanted);
/* Runs job(context, i) for all i < n_jobs in n_workers processes (0: one a processor); results go
 * where the context points, into memory from retort_shared_new. False when a worker died. */
bool retort_workers_run(void (*job)(void *context, size_t index), void *context, size_t n_jobs,
                        size_t n_workers, const char *what, bool quiet);
/* Says so; returns false. */
bool retort_workers_fail(struct retort_error *error);
void *retort_shared_new(size_t count, size_t size);
void retort_shared_free(void *memory, size_t count, size_t size);

/* ---- the card ---- */

struct retort_trained {
    const struct retort_train_options *options;
    const struct retort_dataset *dataset;
    struct retort_span recipe;       /* its text */
    const struct retort_model *base; /* NULL: nothing is stacked */
    const double *costs, *balances;  /* [n_labels] as chosen */
    const struct retort_tried *tried;
    size_t n_tried;
    const char *solver;
    size_t n_folds, n_duplicates, n_neutral;
    const struct retort_score *scores;            /* out of fold, decided */
    const struct retort_figures *whole;           /* cross-fitted, all folds together */
    const struct retort_figures *folds;           /* [n_folds] */
    const struct retort_label *labels;            /* [n_labels] as they go into the model */
    const struct retort_calibration *calibration; /* of all folds, with its losses */
};
void retort_card_write(const struct retort_trained *trained, struct retort_buffer *out);

/* ---- what it errs ---- */

/* The card's member "errors": {"problems":[{"prior":[…],"cases":[…],"batches":[[…],…],
 * "scores":[[…],…]},…]}. A problem is a set of classes that share out 1: all labels of a one-of
 * task, or off and on of each label of an any-of task. prior: the classes' shares that
 * probabilities were calibrated for; cases: as many examples of each true class, of equal weight,
 * as tell as much (Kish 1965). A batch has for each true class in turn: its cases, then how many of
 * them were called each class but the first (unsure ones as they were called), then their
 * posteriors of each class but the first, added up; what is missing to the cases is the first's.
 * Scores have, of the same batches, for each true class how many posteriors lie in each of
 * RETORT_ERRORS_BINS bins (model.h): one-of: of each class in turn; any-of: of on. No group lies in
 * two batches. */
void retort_errors_put(const struct retort_trained *trained, struct retort_buffer *out);

#endif
