/* made: threads of comments that answer each other, with a truth that a model errs about. */
#ifndef TESTS_REPORT_REPLIES_MADE_H
#define TESTS_REPORT_REPLIES_MADE_H

#include "report/gather.h"
#include "report/shares_made.h"

/* Columns of n_threads threads of `size` comments; in each the first answers nobody. */
struct made_replies {
    struct made_shares made;
    struct report_section section;
    struct retort_stored_model model;
    uint8_t *truth; /* [n] any-of: is on; one-of: which */
    uint64_t state;
};
void made_replies_begin(struct made_replies *made, uint32_t n_threads, uint32_t size, bool one_of);
void made_replies_end(struct made_replies *made);
/* 0 to 1, the next of a fixed sequence. */
double made_replies_chance(struct made_replies *made);
/* Each comment but a thread's first answers the one before it, or an earlier one. */
void made_replies_chain(struct made_replies *made);
void made_replies_scatter(struct made_replies *made);
/* Every comment is by another person; or by one of so many in its thread. */
void made_replies_strangers(struct made_replies *made);
void made_replies_circle(struct made_replies *made, uint32_t n_people);
/* What the model says of each truth, by its rates; the card tells them. */
void made_replies_say(struct made_replies *made, double tpr, double fpr);
void made_replies_say_one_of(struct made_replies *made, const double *rates);

/* NULL: there is no such table. */
const struct report_table *made_table(const struct made_replies *made, const char *id);
const struct report_cell *made_cell(const struct report_table *table, size_t row,
                                    const char *column);
/* Is there a finding that begins so? */
bool made_finds(const struct made_replies *made, const char *beginning);
/* No figure that is shown may be anything but a number. */
void made_replies_check(const struct made_replies *made);

#endif
