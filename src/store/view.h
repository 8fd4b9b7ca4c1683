/* view: how a filtered, ordered list of comments is found.
 *
 * Slabs of labels are walked in the order asked for (walk.c), passing over groups (model and label)
 * that do not fit. What a packed slab does not know (words, author, source) is a sieve (sieve.c),
 * and where a sieve lets few through, these few are looked at instead (view.c). */
#ifndef RETORT_STORE_VIEW_H
#define RETORT_STORE_VIEW_H

#include "store/rank.h"

/* ---- sieves: what a comment must be, beside its labels ---- */

enum sieve_kind {
    SIEVE_WORDS,
    SIEVE_AUTHOR,
    SIEVE_SOURCE,
    SIEVE_DRAW,
    SIEVE_PARKED,
    SIEVE_OWN,
    SIEVE_JUDGED,
    N_SIEVES
};

struct sieve {
    enum sieve_kind kind;
    struct retort_span text; /* what is compared */
    int64_t number;
    bool full;     /* bits say all; else each comment is asked for */
    uint8_t *bits; /* [n_bits ∕ 8 + 1], by comment id */
    size_t n_bits;
    size_t n_ids; /* set in bits */
    size_t n_asked;
};
/* Gathers those that pass, `most` of them (0: all); full when there are no more. */
bool sieve_fill(struct retort_store *store, struct sieve *sieve, size_t most,
                struct retort_arena *arena, struct retort_error *error);
bool sieve_passes(struct retort_store *store, struct sieve *sieve, int64_t comment,
                  struct retort_arena *arena, bool *passes, struct retort_error *error);
/* The first id in bits that is `from` or above; 0: none. */
int64_t sieve_next(const struct sieve *sieve, int64_t from);

/* ---- groups of labels ---- */

struct group {
    int state;
    const struct retort_stored_model *model;
    struct retort_span label;
    uint64_t n;
};

/* ---- a plan: the view, and what was found out for it ---- */

struct cursor {
    double score;
    int64_t comment; /* 0: from the first on */
    unsigned domain; /* bits of the permutation of a random order */
};

struct plan;
/* Of the item that was handed out last, in the arena; and the view's `after`, read into the plan.
 */
struct retort_span cursor_write(const struct plan *plan, const struct retort_listed *last);
bool cursor_read(struct plan *plan, struct retort_error *error);
/* Chooses the domain of a random order, or checks the one that the cursor has brought. */
bool cursor_domain(struct plan *plan, struct retort_error *error);

struct plan {
    struct retort_store *store;
    const struct retort_view *view;
    struct retort_arena *arena;
    struct cursor after;
    struct group *groups; /* that fit */
    size_t n_groups;
    uint64_t n_rows;           /* in them */
    int64_t last;              /* the largest id of a comment */
    struct retort_span quoted; /* the label asked for, as it stands in a set */
    struct sieve sieves[N_SIEVES];
    size_t n_sieves;
    bool asks_parked;            /* the reviewer has skipped or escalated something */
    struct retort_listed *items; /* found so far, in order */
    size_t n_items, capacity;
    bool lists; /* rather than counts */
    bool over;  /* one more than the limit was found */
};

/* Reads what there is; false also for filters that are a slip of the pen. */
bool plan_begin(struct plan *plan, struct retort_error *error);
/* The filter's sieve that lets the fewest through, filled, if those are at most `most` (0: the one
 * that is full, whatever it holds); NULL: none is so fine. */
bool plan_finest(struct plan *plan, size_t most, struct sieve **finest, struct retort_error *error);
/* Whether the comment fits the filter, and the label that ranks it first. */
bool plan_judge(struct plan *plan, int64_t comment, struct retort_listed *best, bool *fits,
                struct retort_error *error);
/* Whether labels of this model and set can fit, and those that had this state when they were
 * packed. */
bool plan_wants_group(const struct plan *plan, const struct retort_stored_model *model,
                      struct retort_span label);
bool plan_may_want_state(const struct plan *plan, int state);
bool plan_is_behind(const struct plan *plan, double score, int64_t comment);
bool plan_is_full(const struct plan *plan);
/* Adds the item if it fits and if it is the label that ranks its comment first. Items must come in
 * order. */
bool plan_offer(struct plan *plan, const struct retort_listed *item, struct retort_error *error);
void plan_add(struct plan *plan, const struct retort_listed *item);
/* Where a comment stands in the random order: smaller first. */
uint64_t plan_place(const struct plan *plan, int64_t comment);
/* And the comment (or no comment's id) at that place. */
int64_t plan_at(const struct plan *plan, uint64_t place);
uint64_t plan_n_places(const struct plan *plan);

int compare_listed(const void *left, const void *right);

/* Walks: each fills the plan's items. */
bool walk_ranks(struct plan *plan, struct retort_error *error);
bool walk_newest(struct plan *plan, struct retort_error *error);
bool walk_random(struct plan *plan, struct retort_error *error);
/* All labels that may fit, appended as struct retort_listed with score 0. */
bool walk_gather(struct plan *plan, struct retort_buffer *rows, struct retort_error *error);

/* The user's words as FTS5 wants them, in the arena; data NULL: there is nothing to search for. */
struct retort_span words_query(struct retort_span words, struct retort_arena *arena);

#endif
