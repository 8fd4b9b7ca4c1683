/* scales (private to report): which tasks have labels in an order, and which; what is told of
 * figures of shares. */
#ifndef RETORT_REPORT_SCALES_H
#define RETORT_REPORT_SCALES_H

#include "report/gather.h"

/* Labels of a one-of task as the categories of a distribution. */
struct report_scale {
    size_t labels[RETORT_MOST_CATEGORIES]; /* indexes of the task's labels, lowest first */
    size_t n;
    bool ordered;     /* else all labels, in the task's order */
    size_t n_outside; /* labels that have no place on it */
};

/* As the request says, else as is known of the task. false: it is no scale (any-of, one label). */
bool report_scale_of(const struct retort_report_request *request, const struct report_task *task,
                     struct report_scale *scale);
/* RETORT_USAGE: the request names a scale, and no task has its labels. */
bool report_scale_check(const struct report_work *work, struct retort_error *error);
/* "against < none < favor", in the arena. */
struct retort_span report_scale_text(const struct report_task *task,
                                     const struct report_scale *scale, struct retort_arena *arena);
/* The task's shares [n_labels] → the scale's [scale->n], as a distribution; false: nothing is on
 * it.
 */
bool report_scale_shares(const struct report_scale *scale, const double *shares, double *on_scale);

/* report_interval, but none where no replicate differs: comments that all say the same tell nothing
 * of others. It holds the value: at an end of a figure's range all replicates lie to one side of
 * it. */
struct retort_estimate report_interval_told(double value, double *values, size_t n);
struct retort_estimate
report_interval_whole(struct retort_estimate of); /* the same of an interval */

/* ", as the model says" where a group's shares are not corrected, so that what is made of them
 * claims no more; else "". */
const char *report_as_said(const struct report_shares *shares);

/* Is the report about this task? */
bool report_task_is_wanted(const struct report_work *work, const struct report_task *task);
/* "prefix-task", of characters that an id may have; in the report's arena. */
const char *report_task_id(struct report_work *work, const char *prefix,
                           const struct report_task *task);

#endif
