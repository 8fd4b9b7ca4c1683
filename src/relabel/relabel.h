/* relabel: stored comments through new models, and what that changes.
 *
 * A run goes through the comments by id, in short transactions: comments are read and their labels
 * written in the caller's thread, and labelled in all. With each transaction the run keeps how far
 * it has come, so that it can be killed at any instant and goes on there. People's decisions are
 * evidence, and no run touches them; earlier models' labels stay beside the new ones until they are
 * pruned, so that a run can be taken back. */
#ifndef RETORT_RELABEL_H
#define RETORT_RELABEL_H

#include "base/base.h"
#include "intake/intake.h"
#include "model/model.h"
#include "review/review.h"
#include "store/store.h"
#include "train/train.h"

/* ---- runs ---- */

/* Opens models (their files, or all of a directory) so that nobody can change them meanwhile: a
 * file may be replaced, deleted or overwritten. To be closed by retort_models_close. */
bool retort_relabel_open_files(struct retort_models *models, const char *const *paths,
                               size_t n_paths, struct retort_error *error);
bool retort_relabel_open_directory(struct retort_models *models, const char *directory,
                                   struct retort_error *error);

struct retort_relabel_request {
    const struct retort_models *models;
    /* Which comments: task=NAME, label=NAME, page=SOURCE, author=NAME, since=TIME, until=TIME,
     * state=waiting|decided|changed, commas between; a value may stand in "". NULL: all. */
    const char *where;
    size_t n_threads; /* 1 or more */
    bool quiet;       /* no progress */
};

struct retort_relabel_outcome {
    int64_t run;         /* 0: nothing has changed, and nothing was written */
    bool resumed;        /* it went on where an earlier call had come to an end */
    uint64_t n_comments; /* looked at by this call */
    uint64_t n_labelled; /* comments of which the run has written a label, earlier calls' too */
};
/* The store is open for editing; db: its path. RETORT_USAGE: a filter that means nothing.
 * RETORT_REFUSED, before anything is written: a model that does not fit (its task, its labels, what
 * it looks at), another run or pruning that is going on, a run that is half taken back. */
bool retort_relabel(struct retort_store *store, const char *db,
                    const struct retort_relabel_request *request,
                    struct retort_relabel_outcome *outcome, struct retort_error *error);
/* The same, but writes nothing: every comment's labels as they are and as they would be, each model
 * a visit, also where both are the same. The store may be open for reading. */
bool retort_relabel_preview(struct retort_store *store,
                            const struct retort_relabel_request *request,
                            bool (*visit)(void *context, const struct retort_change *change,
                                          struct retort_error *error),
                            void *context, struct retort_error *error);
/* Takes a run back, or goes on with that. RETORT_REFUSED: a later run for the same task stands, or
 * what it replaced was pruned. */
bool retort_relabel_revert(struct retort_store *store, const char *db, int64_t run, bool quiet,
                           struct retort_run_back *back, struct retort_error *error);
/* Deletes all labels that are not the latest of their task; no run can be taken back any more. */
bool retort_relabel_prune(struct retort_store *store, const char *db, bool quiet,
                          uint64_t *n_deleted, struct retort_error *error);

/* Removes somebody's comments (retort_store_forget says what of them), and not while a run is going
 * on: RETORT_REFUSED. What is left to do then is retort_store_erase. */
bool retort_relabel_forget(struct retort_store *store, const char *db,
                           const struct retort_forget_request *request, struct retort_arena *arena,
                           struct retort_forgotten *forgotten, struct retort_error *error);

/* What a model is told of a stored comment, toward the target that was given (empty: none was); the
 * same as when it was first labelled. In the arena. */
bool retort_relabel_item(struct retort_store *store, int64_t comment, struct retort_span target,
                         struct retort_arena *arena, struct retort_item *item,
                         struct retort_error *error);
/* ---- what changes ----
 *
 * Old answers against new ones, comment by comment: what flows from label to label, the labels that
 * turn over with the words that did it, and whether people agree more with the new than with the
 * old. Nothing is written; memory goes with the number of decisions and of flips shown, not with
 * that of comments. */

/* How a label stands: nobody has asked for it, off, on. */
enum retort_stand { RETORT_UNASKED, RETORT_OFF, RETORT_ON, RETORT_N_STANDS };

/* Old and new against people's last words, over the comments of which both have an answer. Shares
 * have 95 % intervals of Clopper and Pearson (1934). Where enough comments were drawn at random,
 * shares and test are weighed by what each stands for (retort_review_weights; Horvitz and Thompson
 * 1952), by effective counts (Korn and Graubard 1998). */
struct retort_concord {
    uint64_t n, before_right, after_right; /* comments; right: all its labels are the person's */
    uint64_t only_before, only_after;      /* of which one errs in fewer labels than the other */
    struct retort_share before, after;     /* right, of all comments that they stand for */
    struct retort_share lead; /* the share that the new one is closer on less that of the old one;
                                 its interval that of a ratio over threads (Cochran 1977) */
    uint64_t n_threads;
    double p; /* of McNemar's test over only_before, only_after */
};

const char *retort_better_name(enum retort_better verdict); /* "cannot tell", … */

struct retort_diff_label {
    const char *name;
    uint64_t flow[RETORT_N_STANDS][RETORT_N_STANDS]; /* [before][after] comments */
    struct retort_concord concord;                   /* of this label alone */
    enum retort_better verdict; /* at 5 % over all labels of the task together (Holm 1979) */
};

/* What a word, or a feature that stands on none, adds to a flip: to the log odds, toward the new
 * answer, in the old model and in the new. */
struct retort_diff_cause {
    struct retort_span name;
    size_t n_places; /* 0: stands on no word */
    double before, after;
    bool decisive; /* a word without which both models would say the same */
};

/* A label that turns over. One-of: `was` gives way to `label`; any-of: `label` goes on or off. */
struct retort_diff_flip {
    int64_t comment;
    struct retort_span target, text;
    struct retort_span human; /* what a person says, a JSON array; data NULL: nobody has decided */
    size_t was, label;        /* indexes of the task's labels */
    bool on;                  /* label is on now; one-of: always */
    double p_before, p_after; /* of what was said and of what is said; any-of: of the label */
    double margin;            /* by how much the log odds moved toward the new answer */
    bool has_before, has_after;       /* that model was there to be explained */
    struct retort_diff_cause *causes; /* what moved it most, the largest first */
    size_t n_causes;                  /* at most RETORT_MOST_DECIDERS */
    double rest;                      /* the margin less what these moved: other words, where the
                                         models start from, the bend of their links */
};

/* All flips of one kind, and the words that moved most in some of them, drawn at random. */
struct retort_diff_drift {
    size_t was, label; /* as of a flip */
    bool on;
    uint64_t n;
    size_t n_drawn;
    struct retort_diff_word {
        struct retort_span name;
        bool is_word;   /* else a feature that stands on none */
        size_t n_flips; /* of those drawn, in which it is among the causes */
        double moved;   /* in all of these */
    } * words;          /* the largest first */
    size_t n_words;     /* at most RETORT_MOST_DECIDERS */
};

/* One task. Labels are those of all its models, each once. */
struct retort_diff_task {
    const char *task;
    enum retort_choice choice;
    const char **before, **after; /* hashes of the models */
    size_t n_before, n_after;
    uint64_t n, n_new;                    /* answers, and those of comments that had none */
    uint64_t n_changed;                   /* the labels given are others */
    uint64_t unsure_before, unsure_after; /* of those that had an answer */
    struct retort_diff_label *labels;
    size_t n_labels;
    uint64_t *moves; /* one-of: [n_labels + 1][n_labels + 1], from, to; the last: no answer */
    struct retort_diff_flip *flips;
    size_t n_flips;
    uint64_t n_turned;                /* flips in all */
    struct retort_diff_drift *drifts; /* the largest first */
    size_t n_drifts;                  /* at most RETORT_MOST_DRIFTS */
    /* people */
    uint64_t n_decided; /* comments here that a person has decided */
    uint64_t n_learned; /* of them left out: a model may have learned from what was decided */
    uint64_t n_kept;    /* of the rest: the person was shown the old answer and left it */
    bool random;        /* enough were drawn at random, and all are weighed */
    struct retort_concord concord;
    enum retort_better verdict;
    struct retort_span reason; /* some sentences for a person */
};

enum { RETORT_MOST_DRIFTS = 64 };

struct retort_diff_report {
    struct retort_diff_task *tasks;
    size_t n_tasks;
};

struct retort_diff; /* opaque; one thread */

/* Reads people's decisions: about 130 bytes of memory each. top: flips kept a task; 0: no flip is
 * looked at. */
bool retort_diff_open(struct retort_diff **diff, struct retort_store *store, size_t top,
                      struct retort_error *error);
void retort_diff_close(struct retort_diff *diff); /* NULL is fine */
/* Once a comment and task, always in the same order. Models stay where they are till the last. */
void retort_diff_add(struct retort_diff *diff, const struct retort_change *change);
/* When all were added. Models, old and new, are found by their hash among those given; of one that
 * is not there no words can be told. The report borrows from arena and diff. */
bool retort_diff_finish(struct retort_diff *diff, const struct retort_models *models,
                        struct retort_arena *arena, struct retort_diff_report *report,
                        struct retort_error *error);

/* An open model as the store would hand it out, in the arena. */
struct retort_stored_model *retort_diff_model(const struct retort_model *model,
                                              struct retort_arena *arena);

#endif
