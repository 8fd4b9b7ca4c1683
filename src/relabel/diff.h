/* diff (private to relabel): what is kept while old and new answers go by. */
#ifndef RETORT_RELABEL_DIFF_H
#define RETORT_RELABEL_DIFF_H

#include "relabel/relabel.h"

/* A person's last word on a comment, and how the two models' labels stood when it came by. */
struct judged {
    int64_t comment;
    uint64_t target; /* hash */
    uint32_t task;
    int64_t decision, first;         /* the last word on it, and the first */
    struct retort_span label, shown; /* JSON arrays */
    double weight;                   /* comments that it stands for; 0: it does not count */
    uint64_t thread;                 /* hash; what has the same hangs together */
    const uint8_t *stands;           /* enum retort_stand [2][n_stands]; NULL: did not come by */
    size_t n_stands;                 /* labels of the task at that time */
    bool same_shown;                 /* what the person was shown is what the old model says */
};

/* A model's labels among those of its task. */
struct met_model {
    const struct retort_stored_model *at; /* where it lies while changes go by */
    const char *hash;
    size_t *places; /* [n_labels] */
    bool before, after;
};

struct flip {
    double key; /* those with the largest are kept */
    double margin, p_before, p_after;
    int64_t comment;
    size_t was, label;
    bool on;
    size_t before, after;        /* indexes of the task's models */
    const struct judged *judged; /* NULL: nobody has */
    struct retort_buffer target;
};

/* A heap, the least on top. */
struct flips {
    struct flip *all;
    size_t n;
};

/* Flips of one kind: a random sample. */
struct drift {
    size_t was, label;
    bool on;
    uint64_t n;
    struct flips sample;
};

struct task {
    const char *name;
    uint32_t number;
    enum retort_choice choice;
    struct met_model *met;
    size_t n_met;
    /* [n_labels], [n_labels], one-of: [n_labels + 1]² */
    const char **names;
    uint64_t (*flow)[RETORT_N_STANDS][RETORT_N_STANDS];
    uint64_t *moves;
    size_t n_labels;
    /* of the change that goes by: [2][n_labels], before and after; its models */
    uint8_t *stands;
    double *p;
    size_t models[2];
    uint64_t n, n_new, n_changed, unsure_before, unsure_after, n_turned;
    struct flips flips; /* by margin */
    struct drift *drifts;
    size_t n_drifts;
};

struct retort_diff {
    struct retort_store *store;
    struct retort_arena arena;
    struct task **tasks;
    size_t n_tasks, top;
    struct judged *judged; /* by task, comment, target */
    size_t n_judged, judged_capacity;
};

struct task *diff_task(struct retort_diff *diff, struct retort_span name);
/* The first label that is on; n: none is. */
size_t diff_first_on(const uint8_t *stands, size_t n);

/* ---- flips (diff_flips.c) ---- */

/* The labels of the change that goes by which turn over. */
void diff_find_flips(struct task *task, size_t top, const struct retort_change *change,
                     const struct judged *judged);
/* The largest key first; of equals the first comment. */
void diff_sort_flips(struct flips *flips);
void diff_release_flips(struct flips *flips);

/* ---- decisions (diff_decided.c) ---- */

bool diff_read_judged(struct retort_diff *diff, struct retort_error *error);
struct judged *diff_find_judged(const struct retort_diff *diff, const struct task *task,
                                const struct retort_change *change);
void diff_keep_stands(struct retort_diff *diff, const struct task *task, struct judged *judged);
/* The old and the new against people. learned: up to this decision a model may have learned from
 * what was decided; 0: from none. */
bool diff_judge(struct retort_diff *diff, const struct task *task, int64_t learned,
                struct retort_diff_task *report, struct retort_error *error);

/* ---- sums over decided comments (diff_concord.c) ---- */

struct diff_sum {
    uint64_t n;
    double weight, squares;
};

struct diff_sums {
    struct diff_sum all, before_right, after_right, only_before, only_after;
    double led, weight; /* of the thread at hand */
    double led_squares, products, weight_squares;
    uint64_t n_threads;
};
/* A comment of which old and new have so many labels wrong; thread by thread. */
void diff_add_errors(struct diff_sums *sums, size_t before, size_t after, double weight);
void diff_end_thread(struct diff_sums *sums);
struct retort_concord diff_concord(const struct diff_sums *sums);

/* ---- what a model has learned (diff_learned.c) ---- */

struct diff_learned {
    int64_t
        last; /* decision of this store that a model of the task may have learned from; 0: none */
    struct retort_span said;    /* by the new model's own cross-validation; data NULL: nothing */
    enum retort_better verdict; /* of that, over the old model; where it was over another one it
                                       cannot tell */
};
/* What is said lives in the arena. */
bool diff_learn(struct retort_diff *diff, const struct task *task,
                const struct retort_models *models, struct retort_arena *arena,
                struct diff_learned *learned, struct retort_error *error);

/* ---- words (diff_words.c) ---- */

struct diff_explainer {
    struct retort_store *store;
    const struct retort_models *models;
    struct retort_labeller *labeller;
    struct retort_arena *arena; /* of the report */
};
/* decisive: ask of each word whether it is; that labels the comment again and again. */
bool diff_explain(const struct diff_explainer *explainer, const struct task *task,
                  const struct flip *flip, bool decisive, struct retort_diff_flip *told,
                  struct retort_error *error);
/* The same words in whatever case have the same. */
uint64_t diff_fold(struct retort_span name, bool is_word);
/* What moved each kind of flip (diff_drift.c). */
bool diff_tell_drifts(const struct diff_explainer *explainer, struct task *task,
                      struct retort_diff_task *told, struct retort_error *error);
const struct retort_model *diff_open_model(const struct retort_models *models, const char *hash);

/* ---- the verdict (diff_verdict.c) ---- */

/* Fills verdict and reason of a task whose concord and labels are there. */
void diff_give_verdict(struct retort_diff_task *task, const struct diff_learned *learned,
                       struct retort_arena *arena);

#endif
