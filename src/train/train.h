/* train: labelled JSON lines → grouped folds → libsvm or LIBLINEAR → calibration → a model file;
 * and the measuring of a model on labelled lines.
 *
 * The one room that knows the solvers. Everything is deterministic: the same data, options and
 * seed give the same file, bit for bit, for any number of workers. */
#ifndef RETORT_TRAIN_H
#define RETORT_TRAIN_H

#include "base/base.h"
#include "features/features.h"
#include "model/model.h"
#include "train/split.h"

/* ---- data ---- */

enum { RETORT_UNKNOWN = -1, RETORT_NO = 0, RETORT_YES = 1 };

struct retort_example {
    struct retort_span id;      /* its text; empty when the line has none or it is no string */
    struct retort_span id_json; /* as it stands in the line */
    struct retort_span group;   /* folds never split one; the id, or the line, when there is none */
    struct retort_item item;
    struct retort_span part; /* the member by which parts are measured, as it stands; or empty */
    int8_t *truth;           /* [n_labels] RETORT_YES, RETORT_NO, RETORT_UNKNOWN (not asked) */
    uint32_t copies;         /* machines learn from it as if it stood so often; at least 1 */
    double counts;           /* in calibration and figures; 0: it is only learned from */
    double judges;           /* in telling which of two models is better; 0: it does not */
    bool is_given;           /* it came in no file */
};
enum { RETORT_MOST_COPIES = 1000 };

struct retort_source {
    const char *name; /* the file's name without its directory */
    char sha256[RETORT_SHA256_HEX];
    size_t n_examples;
};

/* All labelled lines of some files, in their order; memory is the data set's own. */
struct retort_dataset {
    struct retort_example *examples;
    size_t n_examples;
    const char **labels; /* ascending bytewise */
    size_t n_labels;
    enum retort_choice choice; /* any-of when a label is a list */
    struct retort_source *sources;
    size_t n_sources;
    size_t
        n_passed_over; /* lines with a label that the model does not have and that may be a list */
    struct retort_span passed_over; /* the first such label */
    /* Of retort_dataset_weigh; NULL: nothing is stated and every case weighs 1. */
    double *prevalence;             /* [n_labels] the stated ones; NaN: none */
    double *weight_yes, *weight_no; /* [n_labels]; one-of tasks use the first only */
    bool *alone; /* [n_labels] what was given counts alone, and states its prevalence; NULL: none */
    struct retort_arena arena; /* private */
};

/* The lines' label `from` is the model's label `to`. */
struct retort_renaming {
    struct retort_span from, to;
};

/* How lines are read to measure a model on them. */
struct retort_measured {
    const struct retort_model *model; /* its labels are the list */
    /* What the lines' labels are called in the model. If there are any, an any-of model is asked
     * for these alone: a line without such a label says no to each. */
    const struct retort_renaming *renamings;
    size_t n_renamings;
    const char *by; /* the member that tells an example's part; NULL: none. In training: source */
};

/* Lines {"id","text","label"} with optional target, parent_text, article_text, group, asked, and
 * copies, counts and judges of an example (1, 1 and 0 where a line does not say). An
 * unreadable line, or a label that is none of the model's, is an error that names file and line; of
 * a list's labels those are passed over and counted. measured is NULL for training. */
bool retort_dataset_read(struct retort_dataset *dataset, const char *const *paths, size_t n_paths,
                         const struct retort_measured *measured, struct retort_error *error);
/* Lines from elsewhere than a file. */
struct retort_given {
    const char *name;         /* what errors and the card call them */
    struct retort_span lines; /* data NULL: there are none */
    /* A label that so many of them have (of a one-of task, all labels) is calibrated and measured
     * on them alone, and what files hold is only learned from; 0: all count alike. */
    size_t alone_from;
};
/* The same for training, of lines that are given before those of files. */
bool retort_dataset_take(struct retort_dataset *dataset, const struct retort_given *given,
                         const char *const *paths, size_t n_paths, struct retort_error *error);
void retort_dataset_release(struct retort_dataset *dataset);

/* Weighs the cases so that labels come to their prevalence in the field: "LABEL=P,LABEL=P", P in
 * (0, 1). Empty: nothing is stated. An unknown label or a share that cannot be is an error
 * of usage. */
bool retort_dataset_weigh(struct retort_dataset *dataset, struct retort_span prevalence,
                          struct retort_error *error);
/* Does the example count for the label, in calibration and in figures? */
bool retort_dataset_counts(const struct retort_dataset *dataset,
                           const struct retort_example *example, size_t label);
/* And what: above 0. */
double retort_dataset_weight(const struct retort_dataset *dataset,
                             const struct retort_example *example, size_t label);

/* ---- measuring ---- */

enum { RETORT_N_BINS = 10, RETORT_N_RISKS = 10 };

/* The cases whose p lies in one tenth. */
struct retort_bin {
    size_t n;
    double p, yes;    /* the mean p, the share of yes; NaN of none */
    double low, high; /* 95 % interval of that share (Clopper and Pearson 1934; where cases weigh
                         differently, of as many equal ones as tell as much: Kish 1965) */
};

/* Of the decisions, the surest first: the share given, and the share of these that is wrong. */
struct retort_risk {
    double coverage, error;
};

/* Figures of one label; NaN where they cannot be had (no positive, none asked). All but the counts
 * and the AUC, which no prevalence changes, are of the weighed cases. */
struct retort_label_figures {
    size_t n_asked, n_yes;
    double precision, recall, f1;
    double auc;      /* area under the ROC curve of the margin */
    double ece;      /* expected calibration error of p, ten bins of equal width */
    double log_loss; /* mean, of p as of a label by itself, natural logarithm */
    struct retort_bin bins[RETORT_N_BINS];
    struct retort_risk risks[RETORT_N_RISKS]; /* at coverages of 10 to 100 % */
};

struct retort_figures {
    size_t n_items;
    double accuracy; /* one-of only, else NaN */
    double macro_f1; /* mean over the labels */
    double mean_auc;
    double sure_share;  /* share of decisions that are sure */
    double sure_error;  /* share of these that are wrong */
    size_t n_decisions; /* one-of: items with a truth; any-of: labels asked for */
    double right_share; /* share of these that are right */
    struct retort_risk risks[RETORT_N_RISKS]; /* of all decisions */
    struct retort_label_figures *labels;      /* [n_labels], in the arena given */
};

/* scores: [n_examples][n_labels], decided. */
void retort_measure(struct retort_figures *figures, const struct retort_dataset *dataset,
                    const struct retort_score *scores, struct retort_arena *arena);

/* Area under the ROC curve: the share of pairs in which the positive lies higher (Mann and Whitney
 * 1947); ties count half. Sorts its cases; NaN without both kinds. */
struct retort_ranked {
    double margin;
    bool yes;
};
double retort_auc(struct retort_ranked *cases, size_t n);

/* The examples of one value of `part`, ascending bytewise by it. */
struct retort_subset {
    struct retort_span value; /* JSON; empty: the member is missing */
    struct retort_figures figures;
};
/* The same for each part alone: their number is returned. */
size_t retort_measure_subsets(const struct retort_dataset *dataset,
                              const struct retort_score *scores, struct retort_arena *arena,
                              struct retort_subset **parts);

/* The figures as one JSON object; what cannot be had is null. */
void retort_figures_json(const struct retort_figures *figures, const char *const *labels,
                         size_t n_labels, struct retort_buffer *out);

/* ---- two models on the same items ---- */

enum { RETORT_CURRENT, RETORT_CANDIDATE, RETORT_N_PAIRED };

/* At 95 %; NaN where it cannot be had. */
struct retort_interval {
    double value, low, high;
};

struct retort_pairing_label {
    const char *name;
    size_t n_yes; /* items of which a person says so */
    double precision[RETORT_N_PAIRED], recall[RETORT_N_PAIRED];
};

/* A current model against a candidate on the examples that judge and count, the candidate out of
 * fold. An item is right when all that was asked of it is. */
struct retort_pairing {
    size_t n_items, n_groups;
    double effective; /* as many items of equal weight as tell as much (Kish 1965) */
    struct retort_interval right[RETORT_N_PAIRED];
    struct retort_interval difference; /* candidate − current, over groups that were drawn */
    size_t only[RETORT_N_PAIRED];      /* items that one alone has right */
    double p;                          /* that they are so few by chance: McNemar 1947, exact */
    struct retort_pairing_label *labels;
    size_t n_labels;
    struct retort_arena arena; /* private */
};
enum retort_better { RETORT_CANNOT_TELL, RETORT_BETTER, RETORT_WORSE };
/* Interval and test must both say so. */
enum retort_better retort_pairing_better(const struct retort_pairing *pairing);
/* The same as a sentence, with its reason. */
void retort_pairing_verdict(const struct retort_pairing *pairing, struct retort_buffer *out);
void retort_pairing_release(struct retort_pairing *pairing);

/* ---- predictions ---- */

/* The example's line: {"id","label","margins":{LABEL: margin},"p":{LABEL: p}} and a line feed, its
 * label a list for any-of tasks. scores: [n_examples][n_labels], decided. */
void retort_prediction_put(struct retort_buffer *out, const struct retort_dataset *dataset,
                           const struct retort_score *scores, size_t index);
/* All examples' lines, each with its "fold" and, where a prevalence is stated, with
 * "weights":{LABEL: what it counts for}, into a file. */
bool retort_out_of_fold_write(const char *path, const struct retort_dataset *dataset,
                              const struct retort_score *scores, const uint8_t *fold,
                              struct retort_error *error);

/* ---- audit ---- */

/* How a label treats the mention of one term (Borkan et al. 2019): AUCs that do not see thresholds.
 * Texts are toxic or fine whatever term they mention. */
struct retort_audit_term {
    const char *name;
    double subgroup; /* its toxic texts against its fine texts */
    double bpsn; /* others' toxic texts against its fine texts: low, where the term alone alarms */
    double bnsp; /* its toxic texts against others' fine texts: low, where the term reassures */
};

/* A feature that the words of a term make, and its weight for the label. */
struct retort_audit_weight {
    struct retort_span feature; /* borrowed from the model */
    double weight;
};

struct retort_audit {
    const char *label; /* borrowed from the model */
    size_t n_texts, n_terms;
    double auc;                  /* of all texts */
    double subgroup, bpsn, bnsp; /* over the terms: power means of exponent −5, near the lowest */
    struct retort_audit_term *terms; /* by their lowest AUC: the worst term first */
    double added; /* what the worst term adds to the margin of a fine text: mean */
    struct retort_audit_weight *weights; /* of the worst term, the heaviest first */
    size_t n_weights;
    struct retort_arena arena; /* private */
};

/* Reads terms and sentences (training/audit/identity.txt says how they stand in a file), puts each
 * term into each sentence and measures the label on all of them. */
bool retort_audit_run(struct retort_audit *audit, const struct retort_model *model,
                      const char *label, const char *path, struct retort_error *error);
void retort_audit_release(struct retort_audit *audit);

/* ---- training ---- */

enum retort_solver {
    RETORT_SOLVER_AUTO,      /* libsvm up to 4,000 examples, dual coordinate descent above */
    RETORT_SOLVER_LIBSVM,    /* C-SVC, linear kernel (Chang and Lin 2011) */
    RETORT_SOLVER_LIBLINEAR, /* by dual coordinate descent (Hsieh et al. 2008), label by label */
    RETORT_SOLVER_DESCENT,   /* the same objective and method, our own: all labels at once */
};

struct retort_train_options {
    const char *task;
    /* Recipe files, divided by commas, of which cross-validation takes the best; or one recipe's
     * text (it holds a `=`); NULL: the general recipe. */
    const char *recipe;
    const char *base;         /* a model file whose margins are stacked; NULL: none */
    const char *base_margins; /* its margins out of fold, as --out-of-fold writes; NULL: none */
    const char *out_of_fold;  /* NULL; else what was decided of each example goes there */
    const char *output;
    const char *const *inputs;
    size_t n_inputs;
    uint64_t seed;
    size_t n_folds;   /* 0: 5 */
    double cost;      /* C; 0: chosen by cross-validation among the recipe's */
    size_t n_workers; /* processes; 0: as many as processors */
    enum retort_solver solver;
    double sure_error;      /* goal for the error among the sure; 0: 0.10 */
    const char *neutralise; /* NULL; else terms whose features keep a weight of zero: "TERM,TERM" */
    const char
        *prevalence; /* labels' prevalence in the field: "LABEL=P,LABEL=P"; NULL: the recipe's */
    bool quiet;
    const struct retort_given *given; /* lines of no file, before the inputs'; NULL: none */
    /* The model that is in use, and how the candidate does beside it; both NULL: not asked. */
    const struct retort_model *current;
    struct retort_pairing *pairing; /* the caller's to release */
    struct retort_span reviews;     /* members of the card's "reviews"; data NULL: it has none */
};

/* Kernels other than the linear are measured beside it, never shipped: what they say is no sum over
 * words. Intersection: the sum over features of the smaller value (Swain and Ballard 1991). */
enum retort_kernel { RETORT_LINEAR, RETORT_RBF, RETORT_INTERSECTION, RETORT_N_KERNELS };

/* One way of training that was compared with others, and what it reached in the search. */
struct retort_tried {
    const char *recipe; /* its file's name, "given" or "general" */
    enum retort_kernel kernel;
    double cost, balance, figure;
};

/* Writes the model, or fails and leaves what was there. */
bool retort_train(const struct retort_train_options *options, struct retort_error *error);

/* "libsvm 3.24, LIBLINEAR 2.30" */
const char *retort_solver_versions(void);

#endif
