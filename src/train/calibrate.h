/* calibrate (private to train): margins out of fold → links, offsets, thresholds, bands. */
#ifndef RETORT_TRAIN_CALIBRATE_H
#define RETORT_TRAIN_CALIBRATE_H

#include "train/train.h"

/* ---- one label's margins → log odds ---- */

#define RETORT_FLATTEST (-1e-6) /* Platt's slope where the margins say nothing, or the contrary */

struct retort_case {
    double margin;
    double weight; /* 1, or what brings the data to the stated prevalence; above 0 */
    uint8_t fold;
    bool yes;
};

/* Platt's sigmoid with his smoothed targets. The slope is kept negative: where the margins say
 * nothing or the contrary, p is the base rate. */
void retort_platt_fit(const struct retort_case *cases, size_t n, double *a, double *b);
/* The same from where a and b are, as of other cases; from the base rate where a is not below
 * RETORT_FLATTEST. */
void retort_platt_refit(const struct retort_case *cases, size_t n, double *a, double *b);
/* cases ascend in margin. The curve never falls, has at least one knot, and no p of 0 or 1. */
void retort_isotonic_fit(const struct retort_case *cases, size_t n, struct retort_curve *curve);

/* All labels of a one-of task at once. */
struct retort_joint {
    const double *margins; /* [n][n_labels] */
    const size_t *truth;   /* [n] the index of the true label */
    const double *weights; /* [n] */
    size_t n, n_labels;
};
/* Fills platt_a (< 0) and platt_b of every label, to be read with the softmax link. */
void retort_softmax_fit(const struct retort_joint *data, struct retort_label *labels);

/* ---- bounds ---- */

/* Decisions from the most certain down; certainty is any number that orders them. */
struct retort_decision {
    double certainty, weight;
    uint32_t group; /* decisions of one group may be right or wrong together */
    bool right;
    uint8_t fold;
};

/* Decisions, weighed; the squares tell how many there are of a kind whose weights differ. */
struct retort_tally {
    double right, wrong, right_squares, wrong_squares;
};
void retort_tally_count(struct retort_tally *tally, const struct retort_decision *decision);
double retort_tally_precision(const struct retort_tally *tally); /* NaN of none */
/* The lower bound of the precision of what was chosen out of all. Weights all 1: Clopper–Pearson
 * of the chosen. Else of the two shares that were chosen, of the right and of the wrong, each at
 * half the risk: they hold whatever the prevalence is said to be. */
double retort_tally_bound(const struct retort_tally *chosen, const struct retort_tally *all,
                          double risk);

void retort_decisions_sort(struct retort_decision *list, size_t n);
/* What is looked for. */
struct retort_reach {
    double goal, floor;
    bool few_places; /* only where four fifths of the decisions at the place before are left: of
                        thousands of places one passes by luck */
};
/* The lowest certainty ≥ floor from which on the precision reaches the goal by two lower bounds at
 * RETORT_RISK: the one above, and that of a ratio over groups that were drawn, not decisions
 * (Cochran 1977; Student's t with as many groups as count). INFINITY: there is none. */
double retort_decisions_reach(const struct retort_decision *list, size_t n,
                              const struct retort_tally *all, const struct retort_reach *reach);
/* The precision, on each fold, of what is found without it; NaN: of none. */
double retort_decisions_held(const struct retort_decision *list, size_t n,
                             const struct retort_tally *all, const struct retort_reach *reach);
#define RETORT_RISK 0.05

/* ---- a task ---- */

struct retort_calibration {
    const struct retort_dataset *dataset;
    const double *margins; /* [n_examples][n_labels], out of fold; not finite: not looked at */
    const uint8_t *fold;   /* [n_examples] */
    size_t leave_out;      /* examples of this fold are not looked at; SIZE_MAX: all are */
    double sure_error;
    /* [n_labels][RETORT_N_LINKS] or NULL: the mean log loss of every link, fitted without the fold
     * that it was measured on; NaN: not tried. */
    double *losses;
    bool by_accuracy; /* one-of: the most probable label wins, and no offset bends that */
    bool by_source;   /* one-of: sure only from where every source reaches the goal by itself */
};
/* The number of every example's group, [n_examples] in the arena. */
uint32_t *retort_groups_number(const struct retort_dataset *dataset, struct retort_arena *arena);
/* Fits link, offset, threshold and unsure band of every label. The link is the one of the least
 * log loss across the folds that are looked at: of a label where each is on or off by itself, of
 * all labels together for one-of tasks. */
void retort_calibrate(const struct retort_calibration *calibration, struct retort_label *labels);

/* ---- one calibration at work: shared by links.c and calibrate.c ---- */

struct retort_work {
    const struct retort_calibration *c;
    struct retort_label *labels;
    size_t n_labels, n_folds;
    size_t also_out;             /* a second fold left out, to measure a link on; SIZE_MAX: none */
    struct retort_case **cases;  /* [n_labels] all that are looked at, ascending in margin */
    size_t *n_cases;             /* [n_labels] */
    struct retort_case *part;    /* room for some of them */
    struct retort_score *scores; /* [n_examples][n_labels] */
    uint32_t *groups;            /* [n_examples] */
    struct retort_arena arena;
};

bool retort_work_counts(const struct retort_work *work, size_t example, size_t label);
double retort_work_weight(const struct retort_work *work, size_t example, size_t label);
bool retort_work_is_yes(const struct retort_work *work, size_t example, size_t label);
/* Scores an example as the labels stand; the index of a one-of task's label. */
size_t retort_work_decide(const struct retort_work *work, size_t example,
                          struct retort_score *scores);
/* Gathers the cases of all labels and fits the links that lose least. */
void retort_work_link(struct retort_work *work);

/* ---- operating points ---- */

enum { RETORT_N_POINTS = 3 };

/* The lowest p whose precision reaches the goal by its lower bound at RETORT_RISK. */
struct retort_point {
    double goal;
    double threshold; /* NaN: not reachable, and the rest means nothing */
    double precision; /* of the margins out of fold that it was found on */
    double bound, recall;
    double held_precision; /* on each fold, of the threshold found on the others; NaN: of none */
};
/* points: [n_labels][RETORT_N_POINTS], for precisions of .80, .90 and .95. */
void retort_points_find(const struct retort_calibration *calibration,
                        const struct retort_label *labels, struct retort_point *points);

#endif
