/* sides (private to report): which groups are held against which, for shares and for words. */
#ifndef RETORT_REPORT_SIDES_H
#define RETORT_REPORT_SIDES_H

#include "report/gather.h"

struct report_sides {
    uint32_t *group; /* [n] of the columns: below n_groups, or REPORT_LEFT_OUT */
    uint32_t n_groups;
    struct retort_span *names; /* [n_groups] in the report's arena */
    /* Pair i is group i against all others; two groups are one pair. 0: there is nothing to
     * compare.
     */
    uint32_t n_pairs;
    bool asked;      /* by --compare and --against */
    bool by_label;   /* and these ask for labels */
    uint64_t n_both; /* comments that both filters take: they are on neither side */
};
/* RETORT_USAGE: a filter that means nothing here. In the arena, but for the names. */
bool report_sides_of(struct report_work *work, struct retort_arena *arena,
                     struct report_sides *sides, struct retort_error *error);
/* Are the groups made of this task's own labels? Then they differ in them by construction. */
bool report_sides_are_labels(const struct report_work *work, const struct report_sides *sides,
                             const struct report_task *task);

/* Of replicate 0 the estimate. */
double report_side_share(const struct report_shares *shares, size_t replicate, size_t group,
                         size_t label);
/* Shares of all groups but one, each as large as it is: added up once. */
struct report_others {
    const struct report_shares *shares;
    double *sums; /* [1 + n_replicates][n_labels] of all groups' shares by their comments */
    double count; /* of all groups */
};
void report_others_of(const struct report_shares *shares, struct retort_arena *arena,
                      struct report_others *others);
double report_other_share(const struct report_others *others, size_t replicate, size_t group,
                          size_t label);
/* NULL, or why a pair is not told: a side has no labelled comment, or, as an empty text, it is one
 * that was told the other way round. */
const char *report_side_untold(const struct report_shares *shares, size_t pair);

/* ---- differences on a scale (comparison_scales.c) ---- */

struct report_scaled {
    const struct report_task *task;
    const struct report_others *others; /* and the shares of all groups */
    const struct report_sides *sides;
};
/* A table of how means and polarity of both sides differ; none where the task's labels have no
 * order. */
void report_scale_differences(struct report_work *work, struct report_section *section,
                              const struct report_scaled *scaled);

#endif
