/* made: columns of a report by hand, and a model's card with the errors that are asked for. */
#ifndef TESTS_REPORT_SHARES_MADE_H
#define TESTS_REPORT_SHARES_MADE_H

#include "report/gather.h"

/* A task of two labels or more whose columns are to be filled, a row a comment, all in one thread
 * and one group. */
struct made_shares {
    struct retort_arena arena;
    struct retort_report report;
    struct retort_report_request request;
    struct report_data data;
    struct report_task task;
    struct report_work work;
    struct retort_buffer card;
    const double
        *spread; /* NULL, or of any-of cards: [2][RETORT_ERRORS_BINS] shares of off, of on */
};
void made_shares_begin(struct made_shares *made, size_t n, size_t n_labels, bool one_of);
void made_shares_end(struct made_shares *made);
/* Row i says the label with certainty p; one-of: the others share the rest. */
void made_shares_say(struct made_shares *made, size_t row, size_t label, float p);
/* Any-of: every label errs alike in each of n_batches; p1, p0: the mean posterior of on among what
 * is on, and off. jitter: by how much batches differ. */
void made_shares_card(struct made_shares *made, size_t n_batches, double tpr, double fpr,
                      double jitter);
/* One-of: P(says j | is i), [n_labels][n_labels], in each of 40 batches of 50 a class; posteriors
 * the same. */
void made_shares_card_one_of(struct made_shares *made, const double *errors);

#endif
