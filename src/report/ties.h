/* ties (private to report): replies between two people who are known and not the same. */
#ifndef RETORT_REPORT_TIES_H
#define RETORT_REPORT_TIES_H

#include "report/pairs.h"

/* Replies thread by thread. Their ends are members: a person in one thread, numbered from 0, since
 * whom one can answer, and what one takes a stand on, is the thread's. */
struct report_ties {
    size_t n;
    uint32_t *row;       /* [n] the reply */
    uint32_t *from, *to; /* [n] members: who replies, who is answered */
    size_t *bounds;      /* [n_bounds + 1] threads that have replies begin and end */
    size_t n_bounds;
    size_t n_members;
    uint32_t *member;           /* [rows] UINT32_MAX: of nobody known */
    uint32_t *author;           /* [n_members] from 0 */
    uint64_t n_self, n_unknown; /* replies to oneself, and of or to somebody not named */
};
void report_ties_find(const struct report_data *data, struct retort_arena *arena,
                      struct report_ties *ties);
/* The network of authors. */
void report_ties_graph(const struct report_data *data, const struct report_ties *ties,
                       struct retort_arena *arena, struct retort_graph *directed);

/* The camps of a one-of task: each member's shares of labels, as the model says. */
struct report_camps {
    struct report_ends ends;
    float *profile; /* [n_members][n_labels]; NaN: nothing of theirs is labelled */
};
void report_camps_find(const struct report_data *data, const struct report_ties *ties,
                       const struct report_task *task, struct retort_arena *arena,
                       struct report_camps *camps);
/* Pairs of the two people of each reply: the product of their profiles. */
struct retort_pairs report_camps_count(const struct report_data *data,
                                       const struct report_ties *ties,
                                       const struct report_camps *camps,
                                       struct retort_arena *arena);

#endif
