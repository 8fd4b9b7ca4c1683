/* lessons (private to review): decided items, and what each of them stands for. */
#ifndef RETORT_REVIEW_LESSONS_H
#define RETORT_REVIEW_LESSONS_H

#include "review/review.h"

/* A decided item; texts live in the arena of the reading. */
struct lesson {
    struct retort_decided decided;
    bool is_drawn;   /* at random, from all that waited for the task */
    double weight;   /* how many comments it stands for; 0: others speak for it */
    uint32_t copies; /* for the machines */
    double counts;   /* in calibration and figures; 1 on average of those that count */
    double judges;   /* the same in comparing models: among what neither has learned from */
};

/* Fills weights, copies and counts of all n, and what is told of them. */
void lessons_weigh(struct lesson *all, size_t n, struct retort_lessons *lessons);
/* Did it draw from all that waited for the task? only: the store knows no other task. */
bool lessons_is_whole(struct retort_span design, const char *task, bool only);
/* What hangs together with the comment, by name: "page 3", "article 7", "thread 12". */
bool lessons_thread(struct retort_store *store, const struct retort_stored_comment *comment,
                    struct retort_arena *arena, struct retort_buffer *out,
                    struct retort_error *error);

#endif
