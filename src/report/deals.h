/* deals (private to report): what two sides have in each thread, for the permutation test. */
#ifndef RETORT_REPORT_DEALS_H
#define RETORT_REPORT_DEALS_H

#include "report/sides.h"

/* The chance, if sides were dealt to threads at random, of a difference as large as the one found
 * between group and the others, for each label: p [n_labels]. NaN: a side has a single thread. What
 * is compared are said labels, solved for the model's errors as the shares are. */
struct report_deal {
    const struct report_task *task;
    const struct report_shares *shares;
    const struct report_sides *sides;
    uint64_t most; /* deals */
};
struct retort_permuted report_deal_test(struct report_work *work, const struct report_deal *deal,
                                        uint32_t group, double *p);

#endif
