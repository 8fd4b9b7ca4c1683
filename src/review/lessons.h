/* lessons (private to review): decided items, and what each of them stands for. */
#ifndef RETORT_REVIEW_LESSONS_H
#define RETORT_REVIEW_LESSONS_H

#include "review/review.h"

/* A decided item; texts live in the arena of the reading. */
struct lesson {
    struct retort_decided decided;
    bool is_drawn;    /* at random, by a queue, from all that waited for the task */
    bool drawn;       /* so, or by a sample: set by lessons_weigh */
    double weight;    /* how many comments it stands for; 0: others speak for it */
    uint32_t stratum; /* of the sample that has drawn it; 0: none, or it tells nothing */
    uint32_t copies;  /* for the machines */
    double counts;    /* in calibration and figures; 1 on average of those that count */
    double judges;    /* the same in comparing models: among what neither has learned from */
};

/* What is asked about, and what has to be known to see which draws speak for it. */
struct lessons_scope {
    const char *task, *model;        /* model: hash of the newest of the task */
    bool only;                       /* the store knows no other task */
    struct retort_run_filter filter; /* in the arena; nothing said: all comments */
};
/* where: NULL for all. Borrows task. */
bool lessons_scope(struct retort_store *store, const char *task, const char *where,
                   struct retort_arena *arena, struct lessons_scope *scope,
                   struct retort_error *error);

/* An item of a sample that speaks for what is asked about. */
struct lessons_sampled {
    int64_t draw, comment, after; /* after: decisions up to this one were there before the draw */
    double probability;
    uint32_t stratum;     /* a number for its name; 0: none */
    bool decided, served; /* as of retort_sampled */
};
struct lessons_samples {
    struct lessons_sampled *all; /* [n] by draw, to be freed */
    size_t n, capacity;
    size_t n_partly; /* decided items of samples that speak for another part */
};
bool lessons_read_samples(struct retort_store *store, const struct lessons_scope *scope,
                          struct lessons_samples *samples, struct retort_error *error);

/* Of a sample's design: what was decided up to this decision was there before; whether each that
 * waited had the same chance, and all that waited could be drawn. */
int64_t lessons_after(struct retort_span design);
bool lessons_is_uniform(struct retort_span design);

/* Fills weights, copies and counts of all n, and what is told of them. samples NULL: none. */
void lessons_weigh(struct lesson *all, size_t n, const struct lessons_samples *samples,
                   struct retort_lessons *lessons);
/* Was it drawn by a queue from all that waited? */
bool lessons_is_drawn(const struct retort_decided *decided, const struct lessons_scope *scope);
/* Did it draw from all that waited for the task? only: the store knows no other task. */
bool lessons_is_whole(struct retort_span design, const char *task, bool only);
/* What hangs together with the comment, by name: "page 3", "article 7", "thread 12". */
bool lessons_thread(struct retort_store *store, const struct retort_stored_comment *comment,
                    struct retort_arena *arena, struct retort_buffer *out,
                    struct retort_error *error);

#endif
