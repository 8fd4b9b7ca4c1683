/* gather (private to report): what is stored, as columns, and how sections get at it.
 *
 * Columns have a row a comment, in the order of ids: all comments that stand, so that threads are
 * whole. Which of them the report is about says `group`: what the request's filter leaves out is in
 * none. */
#ifndef RETORT_REPORT_GATHER_H
#define RETORT_REPORT_GATHER_H

#include "report/document.h"

enum { REPORT_NO_DAY = INT32_MIN, REPORT_LEFT_OUT = UINT32_MAX };

/* What a person said of a comment, for one task. */
struct report_decided {
    uint32_t row;    /* of the columns; ascending */
    uint32_t labels; /* bit l: label l of the task is on */
    double weight;   /* comments it stands for (retort_review_weights); 0: others speak for it */
    bool drawn;      /* at random, so that its weight is the inverse of a chance */
};

struct report_task {
    const struct retort_stored_model *model; /* in force; its labels are the task's */
    struct retort_span card;                 /* JSON */
    bool one_of;
    size_t n_labels;
    /* [n][n_labels]; NaN in the first: no label of the model in force. What a person said is not in
     * it. */
    float *p;
    uint32_t *said;             /* [n] bit l: the model says label l; 0 for one-of: not labelled */
    uint8_t *unsure;            /* [n] 1: the model is unsure of it, or of any of several labels */
    size_t n_labelled, n_other; /* n_other: comments whose latest label is another model's */
    struct report_decided *decided;
    size_t n_decided, n_drawn;
    bool weighed; /* enough were drawn at random: weights say what decided comments stand for */
};

struct report_data {
    size_t n;
    int64_t *comment;
    uint32_t *thread; /* below n_threads: page, article or root, as folds are made */
    uint32_t *author; /* 0: not known; else 1 to n_authors */
    uint32_t *parent; /* a row + 1; 0: it answers the article, or what is not here */
    uint32_t *place;  /* in its thread, from 0, in the order it was stored or stands */
    uint16_t *depth;  /* answers above it */
    int32_t *day; /* since 1970-01-01, UTC; REPORT_NO_DAY: the comment does not say, or in no form
                     we know */
    uint32_t
        *group; /* below n_groups, by the request; REPORT_LEFT_OUT: the report is not about it */
    uint32_t n_threads, n_authors, n_groups;
    uint32_t *author_row;       /* [1 + n_authors] a row whose comment has that author */
    struct retort_span *groups; /* [n_groups] names, the order of display */
    const char *by;             /* what they are: "page", "day", …; NULL: one group of all */
    const char *noun;           /* what one of them is called: "page", "depth", "stance"; or NULL */
    bool by_is_ordered;         /* they follow each other: periods, depths, places */
    bool by_is_period;          /* and their names say what they are */
    size_t n_selected;          /* rows that are in a group */
    uint32_t n_merged;          /* groups that are one row "(others)", the last; 0: none is */
    struct report_task *tasks;
    size_t n_tasks;
    const char *too_wide; /* a task with more labels than a report can tell, left out; NULL: none */
    uint64_t n_odd_times; /* in no form we know */
    uint64_t n_timeless;  /* comments that tell no time */
    uint64_t n_cycles;    /* parents that ran in a circle, cut */
    char newest[24];      /* ISO 8601: when the newest of them was stored */
};

struct report_work {
    struct retort_store *store;
    const struct retort_report_request *request;
    struct retort_report *report; /* its arena outlives the work */
    const struct report_data *data;
    struct retort_arena *arena; /* dies with the work */
};

/* The store is held as of one moment (ended by retort_store_rollback). Columns are to be released;
 * what else there is lives in the arena, groups' names in `names`. RETORT_INPUT: there is nothing
 * to report on. */
bool report_gather(struct report_work *work, struct report_data *data, struct retort_error *error);
void report_data_release(struct report_data *data);

/* Writes `value` into group [n] for the rows that a filter takes (as of the request), whatever
 * group they are in. RETORT_USAGE: the filter means nothing here, or takes no comment. */
bool report_select(struct report_work *work, const char *where, uint32_t *group, uint32_t value,
                   struct retort_error *error);

/* The row of a comment; SIZE_MAX: it is not there. */
size_t report_row(const struct report_data *data, int64_t comment);
/* A JSON array of labels as bits; labels that the model in force does not know are passed over. */
uint32_t report_label_bits(const struct report_task *task, struct retort_span labels);
/* RETORT_USAGE: the request is about a task that is not labelled here. */
bool report_check_task(const struct report_work *work, struct retort_error *error);
/* NULL: the task is not labelled here. */
const struct report_task *report_task_named(const struct report_data *data, const char *task);
size_t report_label_named(const struct report_task *task, const char *label); /* SIZE_MAX: none */

/* ---- corrected shares (shares.c) ---- */

/* Which rows form which group: the request's own, or a section's (by depth, by place, by side). */
struct report_grouping {
    const uint32_t *group; /* [n] below n_groups, or REPORT_LEFT_OUT */
    uint32_t n_groups;
};

enum report_correction {
    REPORT_RAW,       /* counted as the model says: nothing is known of its errors */
    REPORT_CORRECTED, /* by its out-of-fold errors */
    REPORT_POWERED,   /* decisions drawn at random, the model's word on the rest */
};

/* Shares of a task's labels by group, corrected for what the model errs, and their replicates: each
 * from threads and from the classifier's error figures drawn anew, the same draw for all groups, so
 * that any function of shares has its interval from its values over the replicates. One-of: shares
 * of a group add up to 1. Shares are not cut to [0, 1] in the replicates of linear corrections, so
 * that intervals near 0 cover; `of` (0) is. */
struct report_shares {
    size_t n_groups, n_labels, n_replicates;
    double
        *share; /* [1 + n_replicates][n_groups][n_labels]; 0: the estimate; NaN: group is empty */
    double *count;       /* [n_groups] labelled comments */
    uint32_t *n_threads; /* [n_groups] */
    /* What each replicate takes the model's errors to be: P(says j | is i), any-of tasks i, j of
     * {off, on}, a matrix a label. [1 + n_replicates][n_labels or n_labels * 2][n_labels or 2];
     * NULL: RAW */
    double *rates;
    enum report_correction
        *correction;  /* [n_groups] what was done, the best that there is data for */
    const char **why; /* [n_groups] in words */
    /* [n_groups][n_labels] NULL, or why this share is as counted although its group is corrected:
     * its errors are not known, or what the model says cannot be with the errors that are known of
     * it. Its rates are NaN if that is so of all groups. */
    const char **counted;
};
bool report_shares(struct report_work *work, const struct report_task *task,
                   const struct report_grouping *grouping, struct retort_arena *arena,
                   struct report_shares *shares, struct retort_error *error);
/* The interval of values [n_replicates]; fewer than 20 that are numbers: NaN. value stays as given.
 */
struct retort_estimate report_interval(double value, double *values, size_t n);

/* ---- sections, a file each; false: the store failed ---- */

/* Title and subtitle (title.c). */
void report_title(struct report_work *work);
/* The models that are in force, and the sentences on them and on the program (methods.c). */
void report_methods(struct report_work *work);

typedef bool report_section_fill(struct report_work *work, struct report_section *section,
                                 struct retort_error *error);
report_section_fill report_overview, report_prevalence, report_polarity, report_threads,
    report_network, report_comparison, report_words_told, report_transparency;

#endif
