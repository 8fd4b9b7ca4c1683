/* review: which comment a person should look at next, what they decide, and how well people agree.
 *
 * One function decides, for the terminal now and for the web later: it keeps what the person saw
 * beside what they said, and each decision is a transaction of its own, so that none is lost. Undo
 * is a new row. Nothing is ever overwritten. */
#ifndef RETORT_REVIEW_H
#define RETORT_REVIEW_H

#include "base/base.h"
#include "estimate/estimate.h"
#include "store/store.h"

/* ---- queue ---- */

struct retort_queue_item {
    int64_t comment;
    const struct retort_stored_model *model; /* its task is the item's task */
    double score;                            /* by the order; larger comes first */
    int64_t selection;                       /* 0 until drawn */
};

struct retort_queue {
    struct retort_queue_item *items;
    size_t n_items;
    struct retort_span next; /* view.after of the page that follows; data NULL: this is the last */
};

/* What the view shows (retort_store_list says how), in the arena. Where several have all but the
 * same text (letters and digits, case and repeats aside), the first stands in its place and its
 * likes behind all that are first of their kind: no two in a row while there is other work. */
bool retort_review_queue(struct retort_store *store, const struct retort_view *view,
                         struct retort_arena *arena, struct retort_queue *queue,
                         struct retort_error *error);
/* The probability with which an item of `population` came to be in a queue of n: 1 for the orders
 * that leave nothing to chance (what lies beyond the limit had 0), else n ∕ population. */
double retort_review_probability(enum retort_order order, size_t n_items, uint64_t population);
/* Records that these items were chosen for review: design, seed, population and probability, in one
 * transaction; sets their selection. The view must have begun at the first item. Of a sample's
 * items the selections are there, and are found. */
bool retort_review_draw(struct retort_store *store, const struct retort_view *view,
                        struct retort_queue *queue, struct retort_error *error);
const char *retort_order_name(enum retort_order order);
const char *retort_wanted_name(enum retort_wanted state);

/* ---- which comments ---- */

/* task=NAME, label=NAME, page=SOURCE, author=NAME, since=TIME, until=TIME (when it was stored),
 * from=TIME, to=TIME (when it was written), state=waiting|decided|changed, commas between; a value
 * may stand in "". NULL: all. Spans in the arena. RETORT_USAGE: it means nothing. */
bool retort_review_where(const char *where, struct retort_arena *arena,
                         struct retort_run_filter *filter, struct retort_error *error);
/* In one way: in the order above, every value in "". */
void retort_review_where_put(const struct retort_run_filter *filter, struct retort_buffer *out);
/* RETORT_USAGE: the store does not know a name in it. */
bool retort_review_where_check(struct retort_store *store, const struct retort_run_filter *filter,
                               struct retort_error *error);

/* ---- samples ---- */

enum retort_design {
    RETORT_UNIFORM,     /* each with the same chance */
    RETORT_STRATIFIED,  /* each with the chance of its page, or of what the model says of it */
    RETORT_UNCERTAINTY, /* the nearer to the border between labels, the likelier */
};
enum retort_stratify { RETORT_STRATA_OF_PAGES, RETORT_STRATA_OF_LABELS };
/* Of n, a stratum of size N gets a part in proportion to N, √N (Bankier 1988) or 1; at least 2. */
enum retort_allocation { RETORT_PROPORTIONAL, RETORT_ROOT, RETORT_EQUAL };

/* So much of an uncertainty sample falls on all alike: no comment has less than this part of the
 * chance that it has in a uniform one, so none weighs more than twice as much. */
#define RETORT_SAMPLE_FLOOR 0.5
enum { RETORT_SAMPLE_TOLD = 20 };

struct retort_sample_request {
    const char *task;
    uint64_t n; /* at most all that wait */
    enum retort_design design;
    enum retort_stratify by;           /* stratified */
    enum retort_allocation allocation; /* stratified */
    const char *where;                 /* NULL: of all that wait for the task */
    uint64_t seed;
    const char *reviewer; /* who draws */
    bool dry;             /* nothing is stored */
};

struct retort_sample_stratum {
    struct retort_span name; /* data NULL: the sample has none, or it is beyond those told */
    uint64_t size, drawn;
    size_t first; /* as they were met */
};
struct retort_sample {
    int64_t draw; /* 0: dry, or nothing waits */
    uint64_t population, n;
    double least, most; /* chances */
    bool whole;         /* of each stratum a whole number; else small ones are met by chance */
    struct retort_sample_stratum *strata; /* the largest first, in the arena */
    size_t n_strata, n_told;
};
/* Draws from all that wait for a person for the task, and stores the draw and what it has chosen,
 * each with its chance: estimate.h says how it is drawn. About 70 bytes a comment that waits.
 * RETORT_USAGE: a task or filter that means nothing here. */
bool retort_review_sample(struct retort_store *store, const struct retort_sample_request *request,
                          struct retort_arena *arena, struct retort_sample *sample,
                          struct retort_error *error);
const char *retort_design_name(enum retort_design design);
const char *retort_allocation_name(enum retort_allocation allocation);

/* The view becomes that of a sample (0: the last, of the view's task if it has one), in its random
 * order: retort_review_queue and _draw then give what it has chosen, with its selections. The
 * view's state and reviewer stay. RETORT_USAGE: there is no such sample, or the view narrows it. */
bool retort_review_serve(struct retort_store *store, int64_t draw, struct retort_view *view,
                         struct retort_error *error);

/* ---- decisions ---- */

enum retort_act {
    RETORT_DECIDE, /* the labels are these: stored as accept or correct */
    RETORT_SKIP,
    RETORT_ESCALATE,
    RETORT_NOTE,
};

/* The front that a person's word came by. */
enum retort_via { RETORT_BY_TERMINAL, RETORT_BY_PAGE, RETORT_BY_API };

struct retort_choice_made {
    int64_t comment;
    const char *task;
    enum retort_act act;
    const char *const *labels; /* RETORT_DECIDE: exactly one for one-of tasks */
    size_t n_labels;
    struct retort_span note; /* data NULL: none */
    const char *reviewer;
    int64_t selection; /* 0: was not drawn */
    const char *token; /* the client's name for this act, never used for another; NULL: none */
    enum retort_via via;
};

/* One transaction. An act whose token is stored already is not stored again: *decision is the one
 * that is there. RETORT_INPUT when the task has no such label, and when the token is another act's.
 */
bool retort_review_decide(struct retort_store *store, const struct retort_choice_made *choice,
                          int64_t *decision, struct retort_error *error);

struct retort_undoing {
    int64_t decision; /* 0: the last act of this reviewer that still stands */
    const char *reviewer;
    const char *token; /* as of a choice */
    enum retort_via via;
};
struct retort_undone {
    int64_t *decisions, *comments; /* [n] which decisions no longer stand, and whose they were */
    size_t n;                      /* 0: there was nothing to take back */
};
/* Takes back a decision, with all of its bulk if it was of one, in one transaction; what is undone
 * already stays so. RETORT_INPUT: there is no such decision, or it is an undo itself. */
bool retort_review_undo(struct retort_store *store, const struct retort_undoing *undoing,
                        struct retort_arena *arena, struct retort_undone *undone,
                        struct retort_error *error);

/* ---- bulk ---- */

/* The same word on many comments, in one transaction: all of them or none. */
struct retort_bulk {
    struct retort_choice_made choice; /* its comment and selection do not count */
    const int64_t *comments; /* which; any order, a comment that stands twice counts once */
    size_t n_comments;
    /* NULL, or it says which, by a filter: called inside the transaction, for what it finds must be
     * what is decided. Sets comments, in the arena. */
    bool (*find)(void *context, struct retort_store *store, struct retort_arena *arena,
                 struct retort_bulk *bulk, struct retort_error *error);
    void *context;
};
enum { RETORT_BULK_MOST = 200000 };

/* How the comments stand that a bulk would decide: each once, ascending. The digest (SHA-256) is
 * over their ids, the models' labels and people's last words for the task: as long as it is the
 * same, a bulk does what its preview has shown. RETORT_INPUT when a comment is not there, the task
 * has no such label, or there are more than RETORT_BULK_MOST. */
struct retort_bulk_set {
    const int64_t *comments;
    size_t n_comments;
    char digest[RETORT_SHA256_HEX];
};
bool retort_review_bulk_set(struct retort_store *store, struct retort_bulk *bulk,
                            struct retort_arena *arena, struct retort_bulk_set *set,
                            struct retort_error *error);

struct retort_bulk_done {
    bool changed;  /* the digest is another now: nothing was stored */
    int64_t batch; /* the first of its decisions, which all name; 0: there was nothing to decide */
    uint64_t n;
};
/* A bulk whose token is stored already is not stored again. */
bool retort_review_bulk(struct retort_store *store, struct retort_bulk *bulk, const char *digest,
                        struct retort_bulk_done *done, struct retort_error *error);

/* ---- agreement ---- */

/* Cohen's kappa (Cohen 1960) over the items that two people have judged, each by their last word;
 * with more than two people every pair of them counts. A set of labels is one category. A bulk is
 * no judgement of each of its comments and does not count. */
struct retort_agreement {
    size_t n_items, n_pairs;
    double observed, expected;
    double kappa; /* 1 when both are 1; 0 when there is no pair */
};
bool retort_review_agreement(struct retort_store *store, const char *task,
                             struct retort_agreement *agreement, struct retort_error *error);

/* ---- statistics ---- */

/* A share and its 95 % interval; NaN when there is nothing to divide by. */
struct retort_share {
    double value, low, high;
};

/* How a model does on one label, by people's last words on what it had said; bulks do not count.
 * random: at least 30 items of the task were drawn at random, and these alone count, weighed by
 * what they stand for (Horvitz and Thompson 1952); else all that were worked off count alike, which
 * is no random sample: a queue puts first what the model doubts. Intervals: Clopper and Pearson
 * (1934), weighed as Korn and Graubard (1998) do. */
struct retort_quality {
    struct retort_span task, label;
    bool random;
    uint64_t judged, model, human, both; /* items: of the task; with the label by the model, by the
                                            person, by both */
    struct retort_share precision, recall;
};

struct retort_task_agreement {
    struct retort_span task;
    struct retort_agreement agreement;
};

struct retort_statistics {
    struct retort_quality *quality; /* by task, then by label */
    size_t n_quality;
    struct retort_task_agreement *agreement; /* of each task that anybody has judged */
    size_t n_tasks;
};
/* In the arena. Takes about 2 µs and 48 bytes a decision. */
bool retort_review_statistics(struct retort_store *store, struct retort_arena *arena,
                              struct retort_statistics *statistics, struct retort_error *error);

/* ---- enough ---- */

/* Where a task's decisions stand, label by label: estimate.h says how it is counted. */
struct retort_enough_label {
    const char *label;              /* borrowed until the store closes */
    uint64_t found;                 /* comments of which a person says it */
    struct retort_estimate share;   /* of all comments; NaN unless weighed */
    uint64_t more;                  /* decisions of a sample until the interval is narrower than
                                       width; 0: it is, or unless weighed */
    uint64_t found_drawn;           /* of the search's draws */
    struct retort_search_stop stop; /* unless there is a uniform sample: nothing */
};
struct retort_enough {
    struct retort_enough_label *labels; /* of the newest model of the task, in the arena */
    size_t n_labels;
    uint64_t n_decided, n_drawn; /* comments; drawn at random, of them */
    bool weighed;                /* enough were drawn to speak of shares */
    /* The search: what uniform samples have served since somebody last decided otherwise, of all
     * that nobody had looked at. */
    int64_t draw;              /* the last of them; 0: there is none */
    uint64_t urn, drawn, open; /* open: that the last one has still to serve */
};
bool retort_review_enough(struct retort_store *store, const char *task, double width,
                          struct retort_arena *arena, struct retort_enough *enough,
                          struct retort_error *error);

/* ---- lessons ---- */

enum {
    RETORT_LESSONS_LEAST = 50,            /* decisions to learn from */
    RETORT_LESSONS_LEAST_OF_A_LABEL = 10, /* that say it */
    RETORT_LESSONS_ENOUGH_DRAWN = 30,     /* at random: from then on chances count */
    RETORT_LESSONS_MOST_COPIES = 20,
};

struct retort_lessons_wanted {
    const char *task;
    int64_t learned_up_to; /* the current model has learned from decisions up to this one */
};

struct retort_lesson_label {
    struct retort_span name;
    size_t n, n_counting; /* decisions that say it; those that count in figures */
};

/* Decisions in force on one task as labelled lines for retort_train, in the arena.
 *
 * weighed: at least RETORT_LESSONS_ENOUGH_DRAWN were drawn at random from all that waited for the
 * task. Then a line counts, in calibration and figures, for the comments that it stands for
 * (Horvitz and Thompson 1952; chances.c says how draws that follow each other go together): what
 * was chosen, not drawn, stands for itself where no later draw could have drawn it, and counts
 * nothing where it had been among what was drawn from. Machines learn from each as from 1 to
 * RETORT_LESSONS_MOST_COPIES comments, in the same proportion. Not weighed: all count alike, and
 * figures are of what people chose to look at. */
struct retort_lessons {
    struct retort_span lines;
    enum retort_choice choice;
    size_t n;
    size_t n_drawn, n_draws;
    size_t n_partly; /* drawn at random, but from a part (a label, a source) or for no task alone */
    uint64_t
        n_passed;     /* drawn at random, then skipped or escalated: taken to be like the decided */
    size_t n_in_bulk; /* left out */
    size_t n_counted; /* those that count in figures */
    size_t n_judging; /* those that compare models: the current one has not learned from them */
    double effective; /* as many of equal weight as tell as much (Kish 1965) */
    size_t n_capped;
    uint32_t most_copies;
    bool weighed;
    struct retort_lesson_label *labels; /* that decisions say, or people were asked for; by name */
    size_t n_labels;
    struct { /* the newest decision of all in the store, for whatever task; decision 0: none */
        int64_t decision;
        char comment[RETORT_SHA256_HEX];
        struct retort_span decided;
    } last;
};
bool retort_review_lessons(struct retort_store *store, const struct retort_lessons_wanted *wanted,
                           struct retort_arena *arena, struct retort_lessons *lessons,
                           struct retort_error *error);
/* RETORT_INPUT where they are too few to learn from. alone: nothing else is learned from. */
bool retort_review_lessons_suffice(const struct retort_lessons *lessons,
                                   const struct retort_lessons_wanted *wanted, bool alone,
                                   struct retort_error *error);

/* What a decided item stands for, as for lessons: a number of comments; all 1 where not weighed. */
struct retort_weight {
    int64_t comment, decision;
    struct retort_span target, label; /* label: a JSON array, the decision in force */
    double weight;                    /* 0: others speak for it */
    bool drawn;                       /* at random */
    double probability;               /* with which it came to be known so; 0: not by chance */
    uint32_t stratum; /* of the one sample there is, where it is decided to its end; else 0 */
    uint64_t thread;  /* hash: what has the same hangs together */
};
struct retort_weights {
    struct retort_weight *all;
    size_t n, n_drawn;
    bool weighed; /* at least RETORT_LESSONS_ENOUGH_DRAWN were drawn at random */
};
struct retort_weights_wanted {
    const char *task;
    int64_t after;     /* items that were first decided behind this decision; 0: all */
    const char *where; /* for these comments draws have to speak, as of retort_review_where; what
                          items beyond are said to weigh means nothing. NULL: for all */
    bool no_threads;   /* thread is 0: finding it takes the longest */
};
/* A draw from a part speaks for what lies in this part only, and counts only where that was wanted.
 * In the arena; bulks are left out. */
bool retort_review_weights_of(struct retort_store *store,
                              const struct retort_weights_wanted *wanted,
                              struct retort_arena *arena, struct retort_weights *weights,
                              struct retort_error *error);
/* Of a task's items that were first decided behind the decision `after`, in the arena; bulks are
 * left out. */
bool retort_review_weights(struct retort_store *store, const char *task, int64_t after,
                           struct retort_arena *arena, struct retort_weights *weights,
                           struct retort_error *error);

#endif
