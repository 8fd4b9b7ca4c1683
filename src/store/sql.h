/* sql: what the files of this room share. The only header that names SQLite. */
#ifndef RETORT_STORE_SQL_H
#define RETORT_STORE_SQL_H

#include "store/store.h"

#include <sqlite3.h>
#include <time.h>

/* The statements, each prepared once when first needed; their text is statements.c. */
enum statement {
    BEGIN_WRITE,
    BEGIN_READ,
    COMMIT,
    ROLLBACK,
    PUT_SOURCE,
    FIND_SOURCE,
    NEWEST_PAGE,
    PUT_PAGE,
    FIND_SPLIT,
    PUT_SPLIT,
    PUT_OUTLINE,
    READ_SPLIT,
    SPLIT_THREAD,
    PUT_CORRECTION,
    CORRECTION_BY_ID,
    CORRECTION_BY_TOKEN,
    CORRECTIONS_OF,
    PAGE_BY_ID,
    PAGE_BYTES,
    EACH_PAGE,
    CORRECTED_PAGES,
    SPLIT_COMMENTS,
    PUT_PLACEMENT,
    KNOWN_COMMENTS,
    PUT_COMMENT,
    FIND_COMMENT,
    FIND_NATIVE,
    PUT_PASSAGE,
    FIND_PASSAGE,
    READ_PASSAGE,
    PUT_MODEL,
    FIND_MODEL,
    READ_MODELS,
    MODEL_CARD,
    PUT_LABEL,
    HAS_LABEL,
    DATA_VERSION,
    CHANGE_LABEL,
    PUT_STATE,
    COMMENT_STANDS,
    SETTLED_ROWS,
    DECIDED_LABEL,
    PAGED_COMMENTS,
    PUT_TALLY,
    PUT_DECISION,
    NEXT_DECISION,
    PUT_DRAW,
    PUT_SELECTION,
    FIND_SELECTION,
    ONE_SAMPLE,
    EACH_SAMPLED,
    EACH_WAITING,
    EACH_COMMENT,
    ONE_COMMENT,
    COMMENT_AT,
    COMMENT_FROM,
    NATIVE_COMMENT,
    EARLIER_TEXT,
    NATIVE_TEXT,
    SPLIT_ARTICLE,
    COMMENT_TEXT,
    NEXT_LINE,
    SPLIT_PLACES,
    NEIGHBOUR_WORDS,
    LINE_LINKS,
    ANSWERS_BEFORE,
    ANSWERS_AFTER,
    TOPS_BEFORE,
    TOPS_AFTER,
    N_PLACED_ANSWERS,
    N_LINE_ANSWERS,
    PAGE_OF_SPLIT,
    LABELS_OF,
    DECISIONS_OF,
    EACH_DECISION,
    ONE_DECISION,
    TOKEN_DECISION,
    RECENT_DECISIONS,
    RECENT_DECISIONS_OF,
    BATCH_DECISIONS,
    BATCH_COUNT,
    LAST_DECISION,
    STANDING,
    READ_TALLY,
    COUNT_COMMENTS,
    SUM_WAITING,
    LAST_COMMENT,
    HAS_PARKED,
    PARKED_BY,
    PARKED_AS,
    BEST_ROWS,
    SLAB_ROWS,
    EACH_SLAB,
    OPEN_SLAB,
    STALE_SLAB,
    NEW_SLABS,
    OPEN_SLABS,
    STALE_SLABS,
    PUT_PACKED,
    MARK_PACKED,
    WORDS_FILL,
    WORDS_ASK,
    AUTHOR_FILL,
    AUTHOR_ASK,
    SOURCE_FILL,
    SOURCE_ASK,
    DRAW_FILL,
    DRAW_ASK,
    SOURCE_NAME,
    PARKED_FILL,
    PARKED_ASK,
    OWN_FILL,
    OWN_ASK,
    JUDGED_FILL,
    JUDGED_ASK,
    WORDS_REACH,
    WORDS_READ,
    WORDS_MARK,
    EACH_JUDGEMENT,
    EACH_DECIDED,
    EACH_ANSWER,
    DRAWN_PASSED,
    HOURS,
    REVIEWERS,
    LARGEST_SOURCES,
    SOURCE_COMMENTS,
    STANDING_LABELS,
    HUMAN_LABEL,
    EACH_RUN,
    ONE_RUN,
    RUN_MODELS,
    PUT_RUN,
    PUT_RUN_MODEL,
    STOP_RUNS,
    REACH_RUN,
    RUN_ROWS,
    PUT_RUN_COMMENT,
    PUT_REPLACED,
    RUN_COMMENTS,
    REPLACED_ROW,
    RESTORE_ROW,
    DELETE_LABEL,
    MARK_REVERTING,
    BEHIND,
    GIVEN_TARGET,
    SPLIT_TITLE,
    STRANDED,
    PRUNE_RUNS,
    PRUNE_RUN_COMMENTS,
    PRUNE_REPLACED,
    PRUNE_REACH,
    PRUNE_LABELS,
    FORGOTTEN_BEFORE,
    FORGOTTEN_MARK,
    ANSWERS_OF,
    ORDINAL_OF,
    TOLD_DRAW,
    SELECTIONS_OF,
    TOLD_PAGES,
    TOLD_PAGE,
    TOLD_SPLITS,
    TOLD_CORRECTIONS,
    PLACES_OF,
    SAME_PAGE,
    RESTORE_PAGE,
    RESTORE_SPLIT,
    RESTORE_OUTLINE,
    SAME_CORRECTION,
    RESTORE_CORRECTION,
    RESTORE_PLACE,
    RESTORE_OLDER,
    SAME_DRAW,
    RESTORE_DRAW,
    SAME_SELECTION,
    HOLD_TABLE,
    HOLD_DECISION,
    NEXT_HELD,
    HELD_AS,
    HELD_OF,
    HELD_BATCH,
    MARK_HELD,
    CLEAR_HELD,
    SAME_DECISION,
    SAME_WORD,
    RESTORE_DECISION,
    N_STATEMENTS
};

extern const char *const store_sql[N_STATEMENTS];

struct known_model {
    const struct retort_model *open; /* borrowed, only compared: the model this row was made for;
                                        NULL: only told of (restore_labels.c) */
    const char *task;
    int64_t id;
    bool alone;                      /* no other model of its task has labels here */
    struct retort_span *names;       /* [labels of the model]: their names as JSON */
    double *severities, *thresholds; /* [labels of the model] */
};

/* ---- state and tallies (settle.c, tally.c) ---- */

/* 8,192 comments that came one after the other are a slab: their labels are packed together. */
enum { SLAB_BITS = 13 };
/* So many labels of a comment go in by one statement. */
enum { LABELS_AT_ONCE = 8 };

struct slab_change {
    int64_t slab;
    bool opens;
    int64_t n_stale;
};
/* What this transaction changes, not yet written; written: something was, and may want packing. */
struct slab_changes {
    struct slab_change *all;
    size_t n, capacity;
    bool written;
};

struct settled_text {
    size_t at, len; /* in settled.texts */
};
struct settled_row {
    int64_t model;
    int state;
    bool latest;
    struct settled_text label, task, target;
};
/* The comment whose labels were settled last; 0: none. */
struct settled {
    int64_t comment;
    bool current, judged; /* it stands; a person has said something of it */
    struct settled_row *rows;
    size_t n_rows, capacity;
    struct retort_buffer texts;
};

struct tally_key {
    int state;
    int64_t model;            /* 0: comments */
    struct retort_span label; /* as it stands in label.label */
};
struct tally_change {
    uint64_t hash; /* 0: free */
    struct tally_key key;
    size_t label_at; /* the label's bytes in tallies.labels */
    int64_t n;
};
/* What this transaction changes, not yet written. */
struct tallies {
    struct tally_change *changes;
    size_t n_changes, size; /* size: 0 or a power of two */
    struct retort_buffer labels;
};

struct ordinal_count {
    uint64_t key; /* 0: free */
    uint64_t n;
};

/* Who was forgotten (kept_out.c), as this transaction has read it. */
struct kept_out {
    bool read, any; /* any: there are marks */
    uint8_t key[RETORT_SECRET];
    int64_t next_comment; /* the id that the next new comment gets; 0: the one that follows */
};

/* A second, and how a row says it. */
struct stored_now {
    time_t time;
    char text[24];
};

/* turns.c: times in milliseconds */
struct turn {
    int64_t begun; /* when this transaction got the write lock */
    bool was_long; /* the last one held it so long that others come first */
    int64_t waits_since, most_wait;
};

struct retort_store {
    sqlite3 *db;
    struct turn turn;
    char *path;
    enum retort_store_mode mode;
    bool immutable;
    struct store_checkpointer *checkpointer; /* these two NULL: no load */
    struct filling *filling;
    struct stored_now now;
    struct kept_out kept_out;
    /* mask.c; NULL: none. What ids are made into lives until the next comment of a walk. */
    const struct retort_mask *mask;
    struct retort_arena masked;
    size_t n_walks; /* walks through comments that are going on, one within the other */
    sqlite3_stmt *prepared[N_STATEMENTS];
    sqlite3_stmt *put_labels[LABELS_AT_ONCE + 1]; /* [rows] */
    /* put_line: how often a line without id was seen since open */
    struct ordinal_count *counts;
    size_t n_counts, counts_size; /* size: 0 or a power of two */
    /* the last source and article: a file has one, and often repeats the other on each line */
    struct retort_buffer source, passage;
    int64_t source_id, passage_id; /* 0: none */
    /* put_label: models by address */
    struct known_model *known;
    size_t n_known;
    struct retort_buffer scratch, labels;
    struct retort_stored_score *scores; /* of the label being put */
    size_t n_scores;
    struct settled settled;
    struct tallies tallies;
    struct slab_changes slabs;
    struct retort_buffer packed;
    /* where a view changes its way (view.c, sieve.c, walk.c), and a load its; tests set them
     * otherwise */
    size_t fine_most, asked_most, try_cost;
    int log_asked, log_most;
    /* restore_decisions.c: of those that are held, up to here are put; words among them */
    int64_t held_up_to, n_words;
    /* reading */
    struct retort_arena models_arena;
    struct retort_stored_model *models;
    size_t n_models;
    bool models_read;
};

/* An id of a source as the mask shows it. */
struct retort_span store_masked_id(struct retort_store *store, struct retort_span id,
                                   int64_t source);

/* Does work in which SQLite is busy for long, and shows that it goes on; what NULL: shows nothing.
 */
bool store_while(struct retort_store *store, const char *what,
                 bool (*work)(struct retort_store *store, struct retort_error *error),
                 struct retort_error *error);

void store_turn_begin(struct retort_store *store); /* before asking for the write lock */
void store_turn_begun(struct retort_store *store); /* it was had */
void store_turn_end(struct retort_store *store);   /* it was given back */
void store_turn_wait(struct retort_store *store, unsigned busy_ms); /* how it is waited for */

/* checkpoint.c: from now on the log is taken over beside the load; the end waits, and takes over
 * the rest. */
void store_checkpoint_beside(struct retort_store *store);
void store_checkpoint_end(struct retort_store *store);

/* Fills the error from SQLite's last one and returns false. */
bool store_fail(const struct retort_store *store, struct retort_error *error);
bool store_fail_open(sqlite3 *db, const char *path, struct retort_error *error);
/* The statement, reset, with nothing bound; NULL and the error when it cannot be prepared. */
sqlite3_stmt *store_statement(struct retort_store *store, enum statement which,
                              struct retort_error *error);
/* A fresh statement of the same text, for readers that visit while others read. */
sqlite3_stmt *store_own_statement(struct retort_store *store, enum statement which,
                                  struct retort_error *error);
/* Runs a statement that takes nothing. */
bool store_plain(struct retort_store *store, enum statement which, struct retort_error *error);
/* Steps a statement that gives no row. */
bool store_run(struct retort_store *store, sqlite3_stmt *statement, struct retort_error *error);
/* Runs a statement that takes n numbers and gives no row. */
bool store_run_with(struct retort_store *store, enum statement which, const int64_t *numbers,
                    size_t n, struct retort_error *error);
/* Steps to the next row: *found, or the end; false is an error. */
bool store_step(struct retort_store *store, sqlite3_stmt *statement, bool *found,
                struct retort_error *error);

/* Binding borrows. A span with NULL data is SQL's NULL; bind_text makes it ''. */
void bind_optional(sqlite3_stmt *statement, int column, struct retort_span text);
void bind_text(sqlite3_stmt *statement, int column, struct retort_span text);
void bind_blob(sqlite3_stmt *statement, int column, struct retort_span bytes);
/* Borrowed until the next step. */
struct retort_span column_text(sqlite3_stmt *statement, int column);
struct retort_span column_blob(sqlite3_stmt *statement, int column);

/* The one text that a statement gives for an id, copied; NULL data: there is none, or id is 0. */
bool store_read_text(struct retort_store *store, enum statement which, int64_t id,
                     struct retort_arena *arena, struct retort_span *text,
                     struct retort_error *error);
/* Binds what a decision says, from comment to via, at 14 columns from this one on. */
void store_bind_decision(sqlite3_stmt *put, int column,
                         const struct retort_decision_record *record);

bool store_models_load(struct retort_store *store, struct retort_error *error);
/* Borrowed until close; NULL: there is none. */
const struct retort_stored_model *store_model(struct retort_store *store, int64_t id);
/* A row's blob of scores, [n_labels] in the arena; false when its length is wrong. */
bool store_read_scores(const struct retort_stored_model *model, struct retort_span bytes,
                       struct retort_arena *arena, const struct retort_stored_score **read);
/* A row of current_label (the columns of LABELS_OF): texts are borrowed from the statement, scores
 * stand in the arena. */
bool store_read_label(struct retort_store *store, sqlite3_stmt *read, struct retort_arena *arena,
                      struct retort_stored_label *label, struct retort_error *error);

#endif
