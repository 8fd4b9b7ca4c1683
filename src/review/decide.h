/* decide (private to review): what one decision and a bulk of them have in common. */
#ifndef RETORT_REVIEW_DECIDE_H
#define RETORT_REVIEW_DECIDE_H

#include "review/review.h"

/* The newest model in the store for a task; NULL: none has labelled for it. */
bool review_model_of(struct retort_store *store, const char *task,
                     const struct retort_stored_model **model, struct retort_error *error);
/* The choice as a JSON array, in the model's order, so that equal sets are equal bytes. */
bool review_write_labels(const struct retort_choice_made *choice,
                         const struct retort_stored_model *model, struct retort_buffer *out,
                         struct retort_error *error);
/* The row that keeps this choice of a comment that stands so; label is what review_write_labels
 * wrote. Spans are borrowed. */
struct retort_decision_record review_record(const struct retort_choice_made *choice,
                                            const struct retort_standing *standing,
                                            struct retort_span label);
const char *review_via(enum retort_via via);
/* Is the stored decision, found by the choice's token, this act? RETORT_INPUT when not. */
bool review_same_act(const struct retort_choice_made *choice, struct retort_span label,
                     const struct retort_stored_decision *stored, struct retort_error *error);
bool review_no_comment(int64_t comment, struct retort_error *error);

#endif
