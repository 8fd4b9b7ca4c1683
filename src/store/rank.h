/* rank: what the queue asks of a label, kept beside it when it is written: its ranks, its state,
 * and how many there are of each. */
#ifndef RETORT_STORE_RANK_H
#define RETORT_STORE_RANK_H

#include "store/sql.h"

/* ---- ranks ---- */

/* Of a model, what its labels' ranks depend on; [n_labels] each. */
struct rank_shape {
    enum retort_choice choice;
    size_t n_labels;
    const double *severities, *thresholds;
};
struct ranks {
    double worth, severe, near; /* the columns of label */
};
/* unsure: of the whole answer; below: comments below it in its thread, as far as they are known. */
struct ranks store_ranks(const struct rank_shape *shape, const struct retort_stored_score *scores,
                         bool unsure, size_t below);
/* Gives SQL the functions rank_worth, rank_severe and rank_near (model, scores, unsure), for rows
 * that were written before there were ranks. */
bool store_offer_ranks(struct retort_store *store, struct retort_error *error);

/* ---- state ---- */

/* Values of label.state. */
enum label_state { STATE_NONE, STATE_WAITS, STATE_ACCEPTED, STATE_CHANGED, N_STATES };

/* A label that is about to be written, latest of its task: older models' of the task are aged, what
 * is counted is changed, and *row is told the rest. */
struct label_row {
    int64_t comment;
    const struct known_model *model;
    struct retort_span target, label;
    /* out */
    int state;   /* what the row shall say */
    bool is_new; /* there is no such row yet */
};
bool store_settle_label(struct retort_store *store, struct label_row *row,
                        struct retort_error *error);
/* The states of a comment's labels, after a decision on it or a change of where it stands. */
bool store_settle_comment(struct retort_store *store, int64_t comment, struct retort_error *error);
/* In place of the label by the model `from` that by `to` (0: none) is the latest of their task.
 * *was: the first was it; else nothing is changed. */
bool store_settle_move(struct retort_store *store, int64_t comment, int64_t from, int64_t to,
                       bool *was, struct retort_error *error);
/* Of all comments of a source's pages: after another scrape, split or correction of a split. */
bool store_settle_source(struct retort_store *store, int64_t source, struct retort_error *error);
/* A comment that was put now and came as a line: nothing need be read of it. */
void store_settle_new(struct retort_store *store, int64_t comment);
/* What was read of a comment is forgotten: at begin and rollback. */
void store_settle_forget(struct retort_store *store);

/* ---- tallies ---- */

/* One more or one less (n) of these; written when the transaction commits. */
void store_tally(struct retort_store *store, const struct tally_key *key, int64_t n);
bool store_tally_write(struct retort_store *store, struct retort_error *error);
void store_tally_forget(struct retort_store *store);

/* ---- slabs that are filled (filling.c); nothing where there is no load ---- */

void store_fill(struct retort_store *store);
void store_fill_end(struct retort_store *store);
bool store_fill_begin(struct retort_store *store, struct retort_error *error); /* a transaction */
void store_fill_comment(struct retort_store *store, int64_t comment);          /* it is new */
void store_fill_label(struct retort_store *store, const struct label_row *row,
                      const struct ranks *ranks); /* of the comment before */
/* Something of this comment's is changed otherwise. */
void store_fill_spoil(struct retort_store *store, int64_t comment);
void store_fill_forget(struct retort_store *store); /* at rollback */

/* ---- slabs ---- */

/* A label of this comment has new ranks or is in a list again. */
void store_slab_open(struct retort_store *store, int64_t comment);
/* A label of it is in another list, or in none. */
void store_slab_stale(struct retort_store *store, int64_t comment);
bool store_slabs_write(struct retort_store *store, struct retort_error *error);
/* Packs what was opened and is complete, and some of what is stale: before a commit. */
bool store_slabs_pack(struct retort_store *store, struct retort_error *error);
/* Packs the last slab too, when nothing is being stored. */
bool store_slabs_tidy(struct retort_store *store, struct retort_error *error);
void store_slabs_forget(struct retort_store *store);

#endif
