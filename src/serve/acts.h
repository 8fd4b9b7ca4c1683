/* acts (private to serve): what a person does to a comment, or to many at once, as a body says it.
 */
#ifndef RETORT_SERVE_ACTS_H
#define RETORT_SERVE_ACTS_H

#include "serve/members.h"

#include "review/review.h"

/* task, act, labels and note of an object; reviewer and via are the exchange's. False: 400 was
 * answered. */
bool act_read(struct exchange *exchange, const struct retort_json *object,
              struct retort_choice_made *choice);
/* Is there such a comment? False: 404 was answered. */
bool act_finds_comment(struct exchange *exchange, int64_t comment);

#endif
