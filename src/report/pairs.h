/* pairs (private to report): labels at the two ends of replies, corrected at both, with replicates;
 * and what the sections on threads and networks share. */
#ifndef RETORT_REPORT_PAIRS_H
#define RETORT_REPORT_PAIRS_H

#include "report/gather.h"

/* Labels that pairs are counted by: all of a one-of task, or off and on of one label of an any-of
 * task. */
struct report_ends {
    const struct report_task *task;
    size_t label;    /* any-of: which; one-of: 0 */
    size_t n_labels; /* of a pair's end: the task's, or 2 */
};
struct report_ends report_ends_of(const struct report_task *task, size_t label);
/* Is anything labelled for it, and does the request ask for it? */
bool report_wants(const struct report_work *work, const struct report_task *task);
bool report_is_labelled(const struct report_task *task, size_t row);
/* Does it answer a stored comment, and is the report about it? */
bool report_is_reply(const struct report_data *data, size_t row);
/* Which of them the model says; the row is labelled. */
size_t report_end(const struct report_ends *ends, size_t row);

/* Threads are hashed into so many clusters at most. */
enum { REPORT_MOST_CLUSTERS = 1024 };
struct retort_pairs report_pairs_room(const struct report_data *data, size_t n_labels,
                                      struct retort_arena *arena);
/* The cells of the cluster that this row's thread is in. */
double *report_pairs_cells(const struct report_data *data, const struct retort_pairs *pairs,
                           size_t row);

/* Shares of pairs, by the label of the one that is answered (row) and that answers (column). They
 * may leave [0, 1]. */
struct report_pairs {
    uint64_t seed; /* of its draws: to be set before */
    size_t n_labels, n_replicates;
    size_t n_clusters; /* with pairs */
    double n_pairs;
    double *said;   /* [n_labels][n_labels] */
    double *shares; /* [1 + n_replicates][n_labels][n_labels]; 0: the estimate; NaN: not known */
};
/* rates: of report_shares of the ends' task; NULL: not corrected. */
void report_pairs_correct(const struct report_ends *ends, const struct retort_pairs *counted,
                          const struct report_shares *rates, struct retort_arena *arena,
                          struct report_pairs *pairs);
/* The classifier's error figures for a task, with their replicates. */
bool report_rates(struct report_work *work, const struct report_task *task,
                  struct retort_arena *arena, struct report_shares *rates,
                  struct retort_error *error);

/* A function of shares of pairs, or of a report_shares' [n_groups][n_labels], with its interval.
 * NaN: more than one in twenty replicates has none. */
struct report_figure {
    double (*of)(const void *context, const double *shares);
    const void *context;
    double low, high; /* what it can be at most; cut to it */
};
struct retort_estimate report_figure_of_pairs(const struct report_pairs *pairs,
                                              const struct report_figure *figure);
/* Corrected shares that are below 0 or above 1 by more than chance explains: the model errs
 * otherwise here than where it was measured, or the errors at the two ends go together. */
bool report_pairs_impossible(const struct report_pairs *pairs);
struct retort_estimate report_figure_of_shares(const struct report_shares *shares,
                                               const struct report_figure *figure);
/* One share of a report_shares, cut to [0, 1]. */
struct retort_estimate report_share_of(const struct report_shares *shares, size_t group,
                                       size_t label);
struct report_cell report_share_cell(const struct report_shares *shares, size_t group,
                                     size_t label);
/* Are a label's shares corrected in the groups that have comments, or as the model says? Where both
 * are, groups can't be compared. */
enum report_basis { REPORT_ALL_CORRECTED, REPORT_MIXED, REPORT_ALL_COUNTED };
enum report_basis report_basis_of(const struct report_shares *shares, size_t label);
/* Notes of what is as the model says, and why. */
void report_note_raw(struct report_work *work, struct report_table *table,
                     const struct report_task *task, const struct report_shares *shares);
/* What a finding says of such figures: ", as the model says, not corrected", or nothing. */
const char *report_say_raw(const struct report_shares *shares, size_t label);
/* How much a share changes; words where that can't be told. */
struct report_cell report_change_cell(struct retort_estimate change);
/* Of the rows of a group that are labelled, the share of which the model says it; NaN: of none. */
double report_said(const struct report_task *task, const struct report_grouping *grouping,
                   const struct report_data *data, uint32_t group, size_t label);

/* Does the interval leave this value out? */
bool report_is_off(struct retort_estimate estimate, double value);

/* ---- parts of the section on threads ---- */

report_section_fill report_threads_depth, report_threads_along, report_threads_answers;

#endif
