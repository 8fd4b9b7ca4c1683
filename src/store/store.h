/* store: the SQLite file that holds pages, comments, labels and decisions.
 *
 * Evidence apart from inference (schema_1.sql is the table of tables, schema_2.sql to
 * schema_4.sql what came after). Evidence is append-only, by triggers. Inference may be thrown
 * away. A person's decision wins over every model's label and is never overwritten: all readers
 * take labels from the one view `current_label`.
 *
 * A comment's identity is the SHA-256 over its source, native id, author, time, parent, text and an
 * ordinal among otherwise identical ones; white space is folded first, so that a page saved with
 * other line ends holds the same comments. Position is no part of it, and of the parent only what
 * the source itself says (a JSON line's parent_id, or its parent_text): whom a comment on a flat
 * page answers is inferred, and a better splitter must not lose the decisions on it. So the
 * inferred parent stands in `placement`, with the split. Identical comments of a page ("LOL" and
 * "LOL") get their ordinals when first seen; in a newer scrape each finds its own again by what it
 * answers and by its neighbours, so that a third "LOL" further up becomes a third comment and not
 * the first.
 *
 * One writer at a time: a transaction takes the write lock at once and waits busy_ms for it.
 * Readers never wait for a writer (WAL). What is put between begin and commit is there whole or not
 * at all, also after a kill or with a full disk. Spans handed out are borrowed until the next call
 * that hands out spans of that kind, or to the end of the callback.
 *
 * It is long because it is the whole contract of a room that others know by this header alone: what
 * is written, then what is read, then figures, runs, samples, what another file has told, what is
 * forgotten, and health.
 *
 * Failures: a file that cannot be used (foreign, newer, damaged, read-only, locked, absent) is
 * RETORT_REFUSED, the machine's (full disk, I/O) RETORT_RUNTIME. */
#ifndef RETORT_STORE_H
#define RETORT_STORE_H

#include "base/base.h"
#include "features/features.h"
#include "model/model.h"
#include "thread/thread.h"

#define RETORT_STORE_SCHEMA 4
#define RETORT_STORE_BUSY_MS 5000

struct retort_store; /* opaque; one per thread */

enum retort_store_mode {
    RETORT_STORE_READ,  /* the file must be there; works on a read-only file or directory */
    RETORT_STORE_EDIT,  /* the file must be there; brought up to the newest schema */
    RETORT_STORE_WRITE, /* made when absent or empty, else as EDIT */
};

bool retort_store_open(struct retort_store **store, const char *path, enum retort_store_mode mode,
                       unsigned busy_ms, struct retort_error *error);
/* From now on what is put is a load: much, by someone who puts it again when he was killed. What it
 * has committed is safe from a kill at once, but from a failing power only when it is closed. */
bool retort_store_load(struct retort_store *store, struct retort_error *error);
void retort_store_close(struct retort_store *store); /* NULL is fine; rolls back what is open */
/* From now on waits so long for other writers, and not as long as was said when it was opened. */
void retort_store_patience(struct retort_store *store, unsigned busy_ms);
const char *retort_store_library(void); /* SQLite's version */

/* ---- transactions ---- */

/* Is the file where it was opened? One that was moved, deleted or replaced still takes what is
 * written, and it is lost: RETORT_REFUSED. Asked at each beginning. Any thread may ask. */
bool retort_store_in_place(const struct retort_store *store, struct retort_error *error);
bool retort_store_begin(struct retort_store *store, struct retort_error *error);
bool retort_store_commit(struct retort_store *store, struct retort_error *error);
/* Has this transaction held the write lock so long that others should have a turn? Then commit, and
 * begin again: that lets them. */
bool retort_store_is_due(const struct retort_store *store);
void retort_store_rollback(struct retort_store *store); /* nothing when none is open */

/* ---- evidence (between begin and commit) ---- */

struct retort_page_record {
    const char *source;         /* path or URL, as given */
    struct retort_span bytes;   /* as read */
    const char *splitter;       /* hash of the splitter's model */
    struct retort_span article; /* the article's text; data NULL: none */
    const struct retort_comment *comments;
    size_t n_comments;
    const struct retort_page *page; /* its lines with their roles; NULL: they are not kept */
    struct retort_span title;       /* as markup tells it; empty for none */
};

enum retort_page_outcome {
    RETORT_PAGE_NEW,       /* the first of its source */
    RETORT_PAGE_NEWER,     /* supersedes an older scrape */
    RETORT_PAGE_SPLIT,     /* the same bytes, split another way */
    RETORT_PAGE_UNCHANGED, /* all was there: nothing was written */
};

/* Stores page, split and comments; ids[n_comments] receives the comments' ids in order; 0: it was
 * forgotten, or is by somebody who was, and is not kept. */
bool retort_store_put_page(struct retort_store *store, const struct retort_page_record *page,
                           int64_t *ids, enum retort_page_outcome *outcome,
                           struct retort_error *error);

/* The source's newest page, if it has these bytes; else 0. */
bool retort_store_find_page(struct retort_store *store, const char *source,
                            struct retort_span bytes, int64_t *page, struct retort_error *error);
/* Another split of a page that is there. bytes: those of the page, or empty where its lines are no
 * parts of them. What is there already is found again. */
bool retort_store_put_split(struct retort_store *store, int64_t page,
                            const struct retort_page_record *record, int64_t *ids, int64_t *split,
                            struct retort_error *error);

/* A person mended the split `base` of a page into `split`; or, with `undoes`, took that back. */
struct retort_correction_record {
    int64_t page, source_id, split, base; /* split and base 0: an undo */
    int64_t undoes;                       /* 0: nothing */
    struct retort_span operations;        /* a JSON array; data NULL: none */
    const char *reviewer;
    struct retort_span token; /* the client's name for this act; data NULL: none */
};
/* From now on that split holds, or after an undo the one before; what waits for a person follows.
 * To be checked before, in the same transaction: that `base` is the split that holds, and that the
 * token is new. */
bool retort_store_put_correction(struct retort_store *store,
                                 const struct retort_correction_record *record, int64_t *id,
                                 struct retort_error *error);

/* A comment that came as a JSON line. Spans with data NULL: the line doesn't say. */
struct retort_line_record {
    const char *source; /* file name, or "-" */
    struct retort_span native_id, parent_id, author, time, text, target;
    struct retort_span parent_text, article_text;
    bool answers_article;    /* the source says so: parent_text is the article, and no part of what
                                the comment is, so that a mended article loses no decision */
    struct retort_span meta; /* unknown members, verbatim, as one JSON object */
    const uint8_t *identity; /* as retort_store_identify has told it; NULL: not asked */
};

/* Of what putting a line takes, that which takes no store: any thread may do it beforehand. In the
 * arena. (Of lines without native_id it can't be known before their turn.) */
void retort_store_identify(struct retort_line_record *line, struct retort_arena *arena);

/* The same line again finds the same comment. *id 0: by somebody who was forgotten; it is not kept.
 * Lines without native_id are counted when otherwise
 * identical: 20 to 45 bytes of memory a line, since open. Begin and commit every few thousand. */
bool retort_store_put_line(struct retort_store *store, const struct retort_line_record *line,
                           int64_t *id, struct retort_error *error);

/* A line that is to be stored, or is already, and what it answers; all as it tells. */
struct retort_earlier {
    const char *source;
    struct retort_span id, parent_id;
};
/* The text of the comment with that parent_id, of those that were stored before the line; data
 * NULL: there is none. */
bool retort_store_earlier_text(struct retort_store *store, const struct retort_earlier *asked,
                               struct retort_arena *arena, struct retort_span *text,
                               struct retort_error *error);

/* Lines that are alike and without native_id are counted from one again: another delivery of what
 * may be the same lines begins. */
void retort_store_recount_lines(struct retort_store *store);

/* ---- inference (between begin and commit) ---- */

/* One model's answer. target: the claim when it was *given* (by option or by the line), empty when
 * it was taken from the article: a decision on one given claim says nothing of another. It is kept
 * only for models whose recipe looks at it. */
struct retort_label_record {
    int64_t comment;
    const struct retort_verdict *verdict;
    struct retort_span target;
    size_t below; /* comments below it in its thread, as far as they are known */
};
/* Replaces the model's earlier answer, and ages those of older models of the task. What the queue
 * asks (ranks, state, tallies) is written with it. */
bool retort_store_put_label(struct retort_store *store, const struct retort_label_record *record,
                            struct retort_error *error);
/* The same for all models' answers for one comment, verdicts[n]; of->verdict is not looked at. Of
 * comment 0, which was forgotten, nothing is written. */
bool retort_store_put_labels(struct retort_store *store, const struct retort_label_record *of,
                             const struct retort_verdict *verdicts, size_t n,
                             struct retort_error *error);

/* Has this model labelled it? */
bool retort_store_has_label(struct retort_store *store, int64_t comment,
                            const struct retort_model *model, bool *has,
                            struct retort_error *error);

/* The harm of a label that is rightly on, 0 to 1: threat 1, identity_attack .9, severe_toxic .9,
 * toxic .6, insult .6, obscene .4, angry .2, sarcastic .1, polite 0, any other .3. */
double retort_store_severity(const char *label);

/* ---- decisions and draws (between begin and commit; by src/review only) ---- */

struct retort_decision_record {
    int64_t comment;
    struct retort_span task, target;
    const char *kind;         /* accept, correct, skip, escalate, note, undo */
    struct retort_span label; /* JSON array; data NULL for the other kinds */
    struct retort_span note;  /* data NULL: none */
    const char *reviewer;
    int64_t selection;               /* 0: was not drawn */
    struct retort_span model, shown; /* hash and label of the model, as the person saw it */
    int64_t undoes;                  /* 0: nothing */
    struct retort_span token;        /* the client's name for the act, unique; data NULL: none */
    int64_t batch;                   /* the decision that began its bulk; 0: alone */
    const char *via;                 /* terminal, page, api; NULL: not said */
};
bool retort_store_put_decision(struct retort_store *store,
                               const struct retort_decision_record *record, int64_t *id,
                               struct retort_error *error);
/* The id that the next decision of this transaction will have. */
bool retort_store_next_decision(struct retort_store *store, int64_t *id,
                                struct retort_error *error);

struct retort_draw_record {
    struct retort_span design;
    bool seeded;
    uint64_t seed;
    uint64_t population;
    const char *reviewer;
};
bool retort_store_put_draw(struct retort_store *store, const struct retort_draw_record *record,
                           int64_t *id, struct retort_error *error);
struct retort_selection_record {
    int64_t draw, comment;
    struct retort_span task;
    double probability;
    struct retort_span stratum; /* data NULL: none */
};
bool retort_store_put_selection(struct retort_store *store,
                                const struct retort_selection_record *record, int64_t *id,
                                struct retort_error *error);

/* ---- reading ---- */

struct retort_stored_comment {
    int64_t id;
    char identity[RETORT_SHA256_HEX];
    struct retort_span source, stored; /* stored: when, ISO 8601 */
    struct retort_span native_id, parent_id, author, time, text, target, meta; /* NULL: unknown */
    bool paged;   /* from a page; the fields that follow are of its newest place */
    bool current; /* it still stands in the newest scrape (JSON lines: always) */
    int64_t source_id, split;
    size_t number, first_line, last_line, begin, end;
    size_t parent_number; /* of the comment it answers, in its split; 0: the article */
    int64_t parent;       /* the id of the comment it answers; 0: the article, or unknown */
    bool orphan; /* what it answers on its page was forgotten: nothing is known of it any more */
    int64_t line_article, line_parent; /* passages a JSON line came with; 0: none */
};

/* Visitors return false (error filled) to stop. They may call the other readers. */
bool retort_store_each_comment(struct retort_store *store,
                               bool (*visit)(void *context,
                                             const struct retort_stored_comment *comment,
                                             struct retort_error *error),
                               void *context, struct retort_error *error);
/* false with an error when there is no such comment. The spans are copied into the arena. */
bool retort_store_comment(struct retort_store *store, int64_t id, struct retort_arena *arena,
                          struct retort_stored_comment *comment, struct retort_error *error);

/* The newest comment that a source names so and that has this text; *id 0: there is none. */
bool retort_store_find_native(struct retort_store *store, const char *source,
                              struct retort_span native_id, struct retort_span text, int64_t *id,
                              struct retort_error *error);

/* What a model looks at, as far as the store knows it: the parent's and the article's text. */
bool retort_store_item(struct retort_store *store, const struct retort_stored_comment *comment,
                       struct retort_arena *arena, struct retort_item *item,
                       struct retort_error *error);
/* The comment that follows on the page (or in the file); 0: none. */
bool retort_store_following(struct retort_store *store, const struct retort_stored_comment *comment,
                            int64_t *id, struct retort_error *error);

enum { RETORT_MOST_NEIGHBOURS = 60 };
/* A comment of a thread; texts are copied into the arena. */
struct retort_neighbour {
    int64_t id, parent;              /* parent 0: it answers the article, or what is not known */
    size_t depth;                    /* answers above it; of lines, of those that are shown */
    size_t number;                   /* on its page, from 1; 0: it came as a line */
    struct retort_span author, text; /* author's data NULL: unknown */
};
/* The comment and what stands around it, in the thread's order: what it answers, what is near it,
 * what answers it, as far as there is room. */
bool retort_store_neighbours(struct retort_store *store,
                             const struct retort_stored_comment *comment,
                             struct retort_arena *arena, struct retort_neighbour **neighbours,
                             size_t *n, struct retort_error *error);
/* How many comments answer it directly, as far as that is known; of a thousand no more is said. */
bool retort_store_replies(struct retort_store *store, const struct retort_stored_comment *comment,
                          size_t *n, struct retort_error *error);
/* The page that a split splits. */
bool retort_store_page_of(struct retort_store *store, int64_t split, int64_t *page,
                          struct retort_error *error);

/* ---- pages, splits and corrections ---- */

/* A page and the split of it that holds: a person's before a model's, else the newest. */
struct retort_stored_page {
    int64_t id, source_id, split;
    struct retort_span source, fetched; /* fetched: when, ISO 8601 */
    struct retort_span splitter;        /* of that split: a model's hash, "person" */
    struct retort_span corrected_by;    /* who made it; data NULL: a model */
    bool newest;                        /* of its source */
    size_t n_comments, n_waiting;       /* in that split; of them, those that wait for a person */
};
/* id 0 when there is no such page. In the arena. */
bool retort_store_page(struct retort_store *store, int64_t id, struct retort_arena *arena,
                       struct retort_stored_page *page, struct retort_error *error);
/* The newest page of each source, the newest first: at most so many, with ids below `before` (0:
 * all). Spans live to the end of the visit. */
bool retort_store_each_page(struct retort_store *store, int64_t before, size_t most,
                            bool (*visit)(void *context, const struct retort_stored_page *page,
                                          struct retort_error *error),
                            void *context, struct retort_error *error);
/* A page's bytes as they were read; in the arena. RETORT_INPUT: there is no such page. */
bool retort_store_bytes(struct retort_store *store, int64_t page, struct retort_arena *arena,
                        struct retort_span *bytes, struct retort_error *error);
/* Every page whose split a person made, newer scrapes or not, in the order of their ids. */
bool retort_store_each_corrected(struct retort_store *store,
                                 bool (*visit)(void *context, const struct retort_stored_page *page,
                                               struct retort_error *error),
                                 void *context, struct retort_error *error);

/* All of it in the arena. The thread has its page with lines and roles, article, title and
 * comments, but no blocks. */
struct retort_stored_split {
    int64_t id, page;
    struct retort_span splitter;
    struct retort_span bytes; /* the page's, where its lines are parts of them; else empty */
    struct retort_thread thread;
    int64_t *ids; /* of the comments */
};
/* RETORT_INPUT: there is none, or its lines were not kept. */
bool retort_store_split(struct retort_store *store, int64_t id, struct retort_arena *arena,
                        struct retort_stored_split *split, struct retort_error *error);

struct retort_stored_correction {
    int64_t id, page, split, base, undoes;
    struct retort_span operations, reviewer, made;
    bool undone;
};
/* By its id or by the client's name for the act; id 0 when there is none. In the arena. */
bool retort_store_correction(struct retort_store *store, int64_t id, struct retort_arena *arena,
                             struct retort_stored_correction *correction,
                             struct retort_error *error);
bool retort_store_correction_sent(struct retort_store *store, struct retort_span token,
                                  struct retort_arena *arena,
                                  struct retort_stored_correction *correction,
                                  struct retort_error *error);
/* Of a page, the oldest first, without the rows that undo. Spans live to the end of the visit. */
bool retort_store_each_correction(struct retort_store *store, int64_t page,
                                  bool (*visit)(void *context,
                                                const struct retort_stored_correction *correction,
                                                struct retort_error *error),
                                  void *context, struct retort_error *error);

struct retort_stored_model {
    int64_t id;
    const char *hash, *task;
    enum retort_choice choice;
    size_t n_labels;
    const char **labels;
    double *thresholds, *severities; /* [n_labels]; severities: of retort_store_severity */
};
/* Those that labels refer to; borrowed until close. */
bool retort_store_models(struct retort_store *store, const struct retort_stored_model **models,
                         size_t *n_models, struct retort_error *error);

/* The card of the model with this hash, in the arena; data NULL: there is none. */
bool retort_store_model_card(struct retort_store *store, const char *hash,
                             struct retort_arena *arena, struct retort_span *card,
                             struct retort_error *error);

struct retort_stored_score {
    double p;
    bool on, unsure;
};

/* A row of current_label. */
struct retort_stored_label {
    int64_t comment;
    struct retort_span task, target;
    struct retort_span label; /* JSON array: the person's if there is one, else the model's */
    int64_t decision;         /* 0: no person has decided */
    struct retort_span decision_kind, reviewer, decided;
    const struct retort_stored_model *model; /* NULL: no model has labelled it */
    struct retort_span model_label;
    bool unsure;
    enum retort_doubt doubt;
    const struct retort_stored_score *scores; /* [model->n_labels] */
};

/* All labels of one comment, copied into the arena, by task. */
bool retort_store_labels(struct retort_store *store, int64_t comment, struct retort_arena *arena,
                         struct retort_stored_label **labels, size_t *n_labels,
                         struct retort_error *error);
/* From now on all that is read is as it was at this moment, whoever writes meanwhile; ended by
 * retort_store_rollback. */
bool retort_store_hold(struct retort_store *store, struct retort_error *error);

/* A model's answer for a comment, the latest of its task. */
struct retort_latest_answer {
    int64_t comment;
    const struct retort_stored_model *model;  /* borrowed until close */
    const struct retort_stored_score *scores; /* [model->n_labels] */
    bool unsure;
};
/* All of them by comment, in the order of ids; a second a million comments. Scores live to the end
 * of the visit. */
bool retort_store_each_answer(struct retort_store *store,
                              bool (*visit)(void *context,
                                            const struct retort_latest_answer *answer,
                                            struct retort_error *error),
                              void *context, struct retort_error *error);

/* ---- the queue ---- */

/* Of a comment's labels for the tasks asked for. All but ALL speak of latest labels of comments
 * that stand; a decision counts for the target it was made for. */
enum retort_wanted {
    RETORT_WAITING,   /* no person has decided */
    RETORT_DECIDED,   /* a person has */
    RETORT_CHANGED,   /* decided, and otherwise than the model says now */
    RETORT_ESCALATED, /* waiting, and somebody's escalation of it stands */
    RETORT_SKIPPED,   /* waiting, and somebody skipped it */
    RETORT_ALL,       /* waiting or decided */
};

/* worth: severity of a label × the chance that what the model says of it is wrong × reach, the
 *   largest over the labels. Any-of tasks: the chance is p where the label is off, 1 − p where it
 * is on. One-of: 0.1 × (1 − p of the label). Reach: 1 + log2(1 + comments below it in its thread).
 * severe: the harm to be expected of leaving the comment as it stands: any-of tasks the largest
 *   severity × p, since p is the chance that letting it stand is wrong; one-of as above.
 * unsure: answers marked unsure before the others; within each, the nearer to the border between
 *   labels the earlier. Nearness, 0 to 1: one-of tasks 1 − (best p − second p); any-of tasks
 *   1 − |p − threshold| ∕ (the room p has on its side), the largest over the labels.
 * newest: what was stored last comes first.
 * random: each item with the same probability at each place, the same for the same seed. */
enum retort_order { RETORT_WORTH, RETORT_SEVERE, RETORT_UNSURE, RETORT_NEWEST, RETORT_RANDOM };

/* All that is said must hold. */
struct retort_filter {
    enum retort_wanted state;
    const char *task;          /* NULL: of each comment the task that ranks it first */
    const char *label;         /* NULL: any; else the model says it */
    int64_t source;            /* comments of this source; 0: of all */
    int64_t draw;              /* that this draw has chosen; 0: any */
    struct retort_span author; /* exactly; data NULL: of all */
    struct retort_span words;  /* as a person types them (see below); data NULL: any */
    const char *reviewer;      /* waiting: without what this person skipped or escalated; or NULL */
};

struct retort_view {
    struct retort_filter filter;
    enum retort_order order;
    uint64_t seed;            /* random */
    size_t limit;             /* 0: all */
    struct retort_span after; /* an earlier answer's `next`; empty: from the first on */
};

struct retort_listed {
    int64_t comment;
    const struct retort_stored_model *model; /* its task is the item's task; borrowed until close */
    double score;                            /* by the order; larger comes first */
};
/* In the arena. */
struct retort_listing {
    struct retort_listed *items;
    size_t n_items;
    struct retort_span next; /* opaque, ASCII; data NULL: these were the last */
};

/* A source's id by its name; 0: nothing was stored of it. */
bool retort_store_find_source(struct retort_store *store, const char *name, int64_t *id,
                              struct retort_error *error);

/* A row for each comment, the best first; of equals the one stored first. Whatever is decided or
 * stored meanwhile, `next` goes on behind what was handed out. Takes time by the limit, not by the
 * size of the store, except where filters exclude each other. RETORT_USAGE: a task or label that no
 * model here has, words in which there is nothing to search for, a cursor of another view. */
bool retort_store_list(struct retort_store *store, const struct retort_view *view,
                       struct retort_arena *arena, struct retort_listing *listing,
                       struct retort_error *error);

/* Comments that fit the filter; where finding out takes more than looking at `most` of them (0: all
 * that it takes), *exact is false and *n a lower bound. */
bool retort_store_count(struct retort_store *store, const struct retort_filter *filter, size_t most,
                        uint64_t *n, bool *exact, struct retort_error *error);

struct retort_label_tally {
    const char *name;
    uint64_t waiting;
};
struct retort_task_tally {
    const char *task;
    uint64_t waiting;
    size_t n_labels;
    struct retort_label_tally *labels; /* of the task's models, each once */
};
/* Of all comments that stand and are labelled; in the arena. */
struct retort_tallies {
    uint64_t comments, waiting, decided; /* waiting, decided: for at least one task */
    size_t n_tasks;
    struct retort_task_tally *tasks;
};
bool retort_store_tallies(struct retort_store *store, struct retort_arena *arena,
                          struct retort_tallies *tallies, struct retort_error *error);

/* ---- words ----
 *
 * Comments' words are searched by SQLite's FTS5: all the words must be there, in any order; "words
 * in quotes" stand one behind the other; a word that ends in * is a beginning. Case and accents do
 * not matter. Any text is a valid search. What was stored is searched only when it has been read:
 * in chunks and on demand, so that a load pays nothing. */

/* Reads at most `most` comments more, in a transaction of its own (a writer's). share: of the
 * comments, how much can be searched now, 0 to 1. */
bool retort_store_index_words(struct retort_store *store, size_t most, double *share,
                              struct retort_error *error);
bool retort_store_words_share(struct retort_store *store, double *share,
                              struct retort_error *error);

/* ---- decisions read ---- */

struct retort_stored_decision {
    int64_t id, comment, undoes, selection;
    struct retort_span task, target, kind, label, note, reviewer, decided, model, shown;
    struct retort_span token, via; /* data NULL: not said */
    int64_t batch;                 /* the decision that began its bulk; 0: alone */
    double probability;            /* of having been drawn; 0: was not drawn */
    bool undone;                   /* a later row undoes it */
};
/* The history of one comment (0: of all), oldest first; spans live to the end of the visit. */
bool retort_store_each_decision(struct retort_store *store, int64_t comment,
                                bool (*visit)(void *context,
                                              const struct retort_stored_decision *decision,
                                              struct retort_error *error),
                                void *context, struct retort_error *error);
/* One decision, copied into the arena; found says whether there is one. */
bool retort_store_decision(struct retort_store *store, int64_t id, struct retort_arena *arena,
                           struct retort_stored_decision *decision, bool *found,
                           struct retort_error *error);
bool retort_store_decision_of_token(struct retort_store *store, struct retort_span token,
                                    struct retort_arena *arena,
                                    struct retort_stored_decision *decision, bool *found,
                                    struct retort_error *error);

struct retort_history_request {
    const char *reviewer; /* NULL: all */
    int64_t before;       /* only older ids; 0: from the newest on */
    size_t limit;
    bool bulks_once; /* of a bulk only the decision that began it */
};
/* Newest first; spans live to the end of the visit. */
bool retort_store_history(struct retort_store *store, const struct retort_history_request *request,
                          bool (*visit)(void *context,
                                        const struct retort_stored_decision *decision,
                                        struct retort_error *error),
                          void *context, struct retort_error *error);
/* All decisions of a bulk, in the order they were stored; spans live to the end of the visit. */
bool retort_store_each_of_batch(struct retort_store *store, int64_t batch,
                                bool (*visit)(void *context,
                                              const struct retort_stored_decision *decision,
                                              struct retort_error *error),
                                void *context, struct retort_error *error);
bool retort_store_batch_size(struct retort_store *store, int64_t batch, uint64_t *n,
                             struct retort_error *error);

/* How a comment stands for one task: a person's word on it, and what its newest model says. */
struct retort_standing {
    bool found;                              /* there is such a comment */
    int64_t decision;                        /* the last that stands; 0: none */
    struct retort_span target, model, label; /* model: its hash; data NULL: none has labelled it */
};
/* Spans are copied into the arena. */
bool retort_store_standing(struct retort_store *store, int64_t comment, struct retort_span task,
                           struct retort_arena *arena, struct retort_standing *standing,
                           struct retort_error *error);
/* The reviewer's last decision that is not undone; 0: none. */
bool retort_store_last_decision(struct retort_store *store, const char *reviewer, int64_t *id,
                                int64_t *comment, struct retort_error *error);

/* ---- figures: what people have done, and what there is ---- */

/* Acts that stand; notes and undos are none. */
struct retort_hour_figure {
    struct retort_span hour, reviewer; /* "2026-11-26T06" */
    uint64_t n;
};
/* From a time on (ISO 8601), by hour and reviewer; in the arena. */
bool retort_store_hours(struct retort_store *store, const char *since, struct retort_arena *arena,
                        struct retort_hour_figure **hours, size_t *n_hours,
                        struct retort_error *error);

struct retort_reviewer_figure {
    struct retort_span reviewer;
    uint64_t n, accepted, corrected;
};
bool retort_store_reviewers(struct retort_store *store, struct retort_arena *arena,
                            struct retort_reviewer_figure **reviewers, size_t *n_reviewers,
                            struct retort_error *error);

struct retort_set_figure {
    const struct retort_stored_model *model;
    struct retort_span label; /* JSON array; a person's where there is one */
    uint64_t n;
};
/* Of a source's comments that stand and are labelled. */
struct retort_source_figure {
    int64_t id;
    struct retort_span source;
    uint64_t comments, waiting; /* waiting: for at least one task */
    struct retort_set_figure *sets;
    size_t n_sets;
};
enum { RETORT_SOURCES_MOST = 64 };
/* The largest sources, at most RETORT_SOURCES_MOST, in the arena. One pass over all labels: a
 * second or two a million comments. */
bool retort_store_sources(struct retort_store *store, size_t limit, struct retort_arena *arena,
                          struct retort_source_figure **sources, size_t *n_sources,
                          struct retort_error *error);

/* What a person said of one comment's labels, by itself and not in bulk, and it stands. */
struct retort_judgement {
    int64_t decision, comment;
    struct retort_span task, target, label, reviewer;
    struct retort_span shown; /* what the model had said; data NULL: nothing */
};
/* Oldest first; spans live to the end of the visit. */
bool retort_store_each_judgement(struct retort_store *store,
                                 bool (*visit)(void *context,
                                               const struct retort_judgement *judgement,
                                               struct retort_error *error),
                                 void *context, struct retort_error *error);

/* ---- runs: stored comments labelled again ----
 *
 * A run keeps whose label was the latest before it wrote its own, so that it can be taken back and
 * told; where the same model had said something else before, that is kept beside. */

enum retort_run_state {
    RETORT_RUN_OPEN,      /* not at its end: it is going on, or was killed and can be resumed */
    RETORT_RUN_STOPPED,   /* another was begun in its place */
    RETORT_RUN_DONE,      /* all comments were looked at */
    RETORT_RUN_REVERTING, /* being taken back, or killed meanwhile */
    RETORT_RUN_REVERTED,
    RETORT_RUN_PRUNED, /* what it replaced is gone */
    RETORT_N_RUN_STATES
};
const char *retort_run_state_name(enum retort_run_state state);

struct retort_run {
    int64_t id;
    enum retort_run_state state;
    struct retort_span begun, ended; /* ISO 8601; ended: data NULL where it has not */
    struct retort_span filter;       /* which comments, as it was said; empty: all */
    int64_t up_to;     /* comments up to this id are done; while it is reverted: taken back */
    uint64_t labelled; /* comments of which it has written a label */
    size_t n_models;
    const char **hashes, **tasks; /* [n_models], in the order in which they were given */
};
/* Oldest first; the run lives to the end of the visit. */
bool retort_store_each_run(struct retort_store *store,
                           bool (*visit)(void *context, const struct retort_run *run,
                                         struct retort_error *error),
                           void *context, struct retort_error *error);
/* In the arena. RETORT_INPUT: there is no such run. */
bool retort_store_run(struct retort_store *store, int64_t id, struct retort_arena *arena,
                      struct retort_run *run, struct retort_error *error);

/* Which stored comments; all that is said must hold. Spans with data NULL: any. */
struct retort_run_filter {
    struct retort_span source, author; /* exactly */
    struct retort_span since, until;   /* stored at or after, and before; ISO 8601 */
    struct retort_span from, to;       /* written so, by its own word: not asked here, but by
                                          those who understand comments' times */
    struct retort_span task, label;    /* a model says so now, of that task */
    struct retort_span state;          /* waiting, decided or changed, of that task */
};
/* At most `most` comments behind this id, by id; spans live to the end of the visit. */
bool retort_store_each_behind(struct retort_store *store, const struct retort_run_filter *filter,
                              int64_t behind, size_t most,
                              bool (*visit)(void *context,
                                            const struct retort_stored_comment *comment,
                                            struct retort_error *error),
                              void *context, struct retort_error *error);
bool retort_store_last_comment(struct retort_store *store, int64_t *id, struct retort_error *error);
/* The claim that somebody gave for the comment's stance; data NULL: nobody has. In the arena. */
bool retort_store_given(struct retort_store *store, const struct retort_stored_comment *comment,
                        struct retort_arena *arena, struct retort_span *target,
                        struct retort_error *error);
/* What a page's markup says is its title, as the split has it; data NULL: nothing. In the arena. */
bool retort_store_title(struct retort_store *store, int64_t split, struct retort_arena *arena,
                        struct retort_span *title, struct retort_error *error);
/* Decisions of a task that would be about another claim than the labels of a model that looks at
 * the target (or does not). */
bool retort_store_stranded(struct retort_store *store, struct retort_span task, bool targeted,
                           uint64_t *n, struct retort_error *error);

/* One model's answer for a comment, as it is stored, or would be. */
struct retort_stored_answer {
    const struct retort_stored_model *model;
    const struct retort_stored_score *scores; /* [model->n_labels] */
    bool unsure;
    enum retort_doubt doubt;
};
struct retort_change {
    int64_t comment;
    struct retort_span target;                 /* the claim that was given; empty: none */
    const struct retort_stored_answer *before; /* NULL: no model had labelled it */
    const struct retort_stored_answer *after;
};
/* Every label that a run has written, by comment, then by the run's order of models, and what was
 * the latest before; of a run that was taken back, too. RETORT_INPUT: there is no such run;
 * RETORT_REFUSED: what it replaced was pruned. */
bool retort_store_each_change(struct retort_store *store, int64_t run,
                              bool (*visit)(void *context, const struct retort_change *change,
                                            struct retort_error *error),
                              void *context, struct retort_error *error);

/* A comment's verdicts by a run's models. */
struct retort_run_record {
    int64_t comment;
    const struct retort_verdict *verdicts; /* [n_models], in the run's order */
    size_t n_models;
    struct retort_span target; /* the claim where it was given; data NULL: it was not */
};
/* What these verdicts would change, a visit each, also where nothing would; `after` has the model
 * of `shapes` ([n_models]). Writes nothing. */
bool retort_store_preview(struct retort_store *store, const struct retort_run_record *record,
                          const struct retort_stored_model *shapes,
                          bool (*visit)(void *context, const struct retort_change *change,
                                        struct retort_error *error),
                          void *context, struct retort_error *error);

/* What follows stands between begin and commit. */

struct retort_run_writer {
    const char *filter;
    int64_t run;       /* 0: nothing has been written, and there is no run yet */
    uint64_t labelled; /* by this run */
};
/* Writes what is not there already; the first to be written begins the run, and stops one that is
 * open. */
bool retort_store_run_put(struct retort_store *store, struct retort_run_writer *writer,
                          const struct retort_run_record *record, struct retort_error *error);
/* All comments up to this id are done; a writer without a run writes nothing. */
bool retort_store_run_reached(struct retort_store *store, const struct retort_run_writer *writer,
                              int64_t up_to, bool done, struct retort_error *error);

struct retort_run_back {
    uint64_t reverted; /* comments that have their earlier labels again */
    uint64_t kept;     /* that were labelled again since, and stay as they are */
    bool finished;
};
/* Takes back some comments of a run, at most `most`, and goes on where it was. To be checked
 * before: that it can be taken back. */
bool retort_store_run_revert(struct retort_store *store, int64_t run, size_t most,
                             struct retort_run_back *back, struct retort_error *error);

/* Deletes labels that are not the latest of their task, of so many comments behind this id, and
 * what runs have kept of them; *behind moves on. */
bool retort_store_prune(struct retort_store *store, int64_t *behind, size_t most,
                        uint64_t *n_deleted, bool *finished, struct retort_error *error);
/* A decision in force: the last on its item (comment, task, target) that labels it and stands. */
struct retort_decided {
    int64_t decision, comment;
    struct retort_span target, label; /* label: a JSON array */
    struct retort_span model;         /* hash of the one whose label the person saw; NULL: none */
    bool in_bulk;
    int64_t first; /* the first decision on the item that stands: from then on it did not wait */
    /* The seeded draw that led to the first decision on it that a draw led to, and that decision;
     * 0: none did. population: how many it was drawn from. */
    int64_t draw, drawn;
    struct retort_span design;
    uint64_t population;
};
/* Of one task, ascending by decision; spans live to the end of the visit. */
bool retort_store_each_decided(struct retort_store *store, const char *task,
                               bool (*visit)(void *context, const struct retort_decided *decided,
                                             struct retort_error *error),
                               void *context, struct retort_error *error);

/* Comments that were drawn at random and then skipped or escalated, and not decided since. */
bool retort_store_drawn_passed(struct retort_store *store, const char *task, uint64_t *n,
                               struct retort_error *error);

/* ---- samples ---- */

/* A comment that waits for a person, for one task. */
struct retort_waiting {
    int64_t comment, source;
    double near;              /* as for RETORT_UNSURE: 0 to 2 */
    struct retort_span label; /* what the model says, a JSON array */
};
bool retort_store_source_name(struct retort_store *store, int64_t source,
                              struct retort_arena *arena, struct retort_span *name,
                              struct retort_error *error);
/* By comment; the filter is as of each_behind, NULL: all. Spans live to the end of the visit. */
bool retort_store_each_waiting(struct retort_store *store, const char *task,
                               const struct retort_run_filter *filter,
                               bool (*visit)(void *context, const struct retort_waiting *waiting,
                                             struct retort_error *error),
                               void *context, struct retort_error *error);

/* A draw whose design begins with "design=", as retort_review_sample makes it. */
struct retort_stored_draw {
    int64_t id; /* 0: there is none */
    struct retort_span design, task, reviewer, drawn;
    uint64_t seed, population, n_items;
};
/* By its id, or the last of a task (NULL: of any) where id is 0. In the arena. */
bool retort_store_sample(struct retort_store *store, int64_t id, const char *task,
                         struct retort_arena *arena, struct retort_stored_draw *draw,
                         struct retort_error *error);
/* The selection of a comment by a draw; 0: it was not drawn. */
bool retort_store_selection(struct retort_store *store, int64_t draw, int64_t comment,
                            struct retort_span task, int64_t *id, struct retort_error *error);
/* An item of such a draw. */
struct retort_sampled {
    int64_t draw, selection, comment;
    uint64_t population; /* of the draw */
    double probability;
    struct retort_span design, stratum; /* stratum: data NULL: none */
    bool decided;                       /* a person's word on it, said of it alone, is in force */
    bool served;                        /* and it came of this draw's being worked off */
};
/* Of one task, by draw, then in the order they are to be served; spans live to the end of the
 * visit. */
bool retort_store_each_sampled(struct retort_store *store, const char *task,
                               bool (*visit)(void *context, const struct retort_sampled *sampled,
                                             struct retort_error *error),
                               void *context, struct retort_error *error);
/* ---- there and back: what other readers leave out, and rows as another file tells them ----
 *
 * What is told is checked as a stranger's: it may be false, but nothing that could not have been
 * stored here gets in. RETORT_INPUT says what is wrong with it. What is there already is found
 * again and stays as it is, so that the same file twice changes nothing. */

/* What one model said of a comment; older ones', too. */
struct retort_answer {
    const struct retort_stored_model *model; /* borrowed until close */
    bool latest;                             /* of its task's models */
    bool unsure;
    enum retort_doubt doubt;
    struct retort_span target, label;         /* label: a JSON array */
    const struct retort_stored_score *scores; /* [model->n_labels] */
    double worth;                             /* as the queue ranks it */
    bool has_reach;                           /* comments below it make it worth more */
};
/* By task, the latest of each first, then by the models' hashes; in the arena. */
bool retort_store_answers(struct retort_store *store, int64_t comment, struct retort_arena *arena,
                          struct retort_answer **answers, size_t *n, struct retort_error *error);
/* Which of the comments that are otherwise identical it is, from 0. */
bool retort_store_ordinal(struct retort_store *store, int64_t comment, uint64_t *ordinal,
                          struct retort_error *error);

struct retort_told_draw {
    struct retort_span design, reviewer, drawn; /* drawn: when, ISO 8601 */
    bool seeded;
    uint64_t seed, population;
};
struct retort_told_selection {
    int64_t id, draw;
    struct retort_span task, stratum; /* stratum: data NULL: none */
    double probability;               /* above 0, at most 1 */
};
bool retort_store_told_draw(struct retort_store *store, int64_t id, struct retort_arena *arena,
                            struct retort_told_draw *draw, struct retort_error *error);
/* Of a comment, in the order in which they were drawn; in the arena. */
bool retort_store_selections(struct retort_store *store, int64_t comment,
                             struct retort_arena *arena, struct retort_told_selection **selections,
                             size_t *n, struct retort_error *error);

/* The pages of a source that hold what is exported: the newest, and those in which a comment stands
 * that is gone from it, but somebody has decided on it. The oldest first; in the arena. */
bool retort_store_told_pages(struct retort_store *store, int64_t source, struct retort_arena *arena,
                             int64_t **pages, size_t *n, struct retort_error *error);
struct retort_told_page {
    struct retort_span fetched; /* ISO 8601 */
    struct retort_span bytes;
};
struct retort_told_split {
    int64_t id;
    struct retort_span splitter, digest, made;
    struct retort_span article, title; /* data NULL: none */
    struct retort_span text, lines;    /* text: where the lines are no parts of the page's bytes;
                                          lines: as an outline has them; data NULL: not kept */
};
struct retort_told_correction {
    int64_t id, split, base, undoes; /* ids; 0: none */
    struct retort_span operations, reviewer, made, token;
};
bool retort_store_told_page(struct retort_store *store, int64_t id, struct retort_arena *arena,
                            struct retort_told_page *page, struct retort_error *error);
/* Of a page, in the order in which they were made; in the arena. */
bool retort_store_told_splits(struct retort_store *store, int64_t page, struct retort_arena *arena,
                              struct retort_told_split **splits, size_t *n,
                              struct retort_error *error);
bool retort_store_told_corrections(struct retort_store *store, int64_t page,
                                   struct retort_arena *arena,
                                   struct retort_told_correction **corrections, size_t *n,
                                   struct retort_error *error);

struct retort_told_place {
    int64_t split, number, parent; /* numbers in the split, from 1; parent 0: the article */
    int64_t first_line, last_line, begin, end;
};
/* Where a page's comment stands, in all splits that have it; in the arena. */
bool retort_store_places(struct retort_store *store, int64_t comment, struct retort_arena *arena,
                         struct retort_told_place **places, size_t *n, struct retort_error *error);

/* What follows stands between begin and commit; *id is that of the row, new or found again. */

struct retort_told_comment {
    struct retort_line_record line; /* of a page's comment: source, author, time, text */
    bool paged;
    uint64_t ordinal;
    const uint8_t *identity;   /* [RETORT_SHA256_BYTES], which must be that of the fields */
    struct retort_span stored; /* when; ISO 8601 */
};
enum retort_told_as {
    RETORT_TOLD_NEW,
    RETORT_TOLD_KNOWN,
    RETORT_TOLD_CHANGED,   /* the identity is another's: something of it was changed; *id 0 */
    RETORT_TOLD_FORGOTTEN, /* by somebody who was forgotten; *id 0 */
};
bool retort_store_restore_comment(struct retort_store *store,
                                  const struct retort_told_comment *comment, int64_t *id,
                                  enum retort_told_as *outcome, struct retort_error *error);
/* A page of the source that stands behind the page `behind` (0: any), which is the one before it in
 * the file; else new, and the source's newest. */
bool retort_store_restore_page(struct retort_store *store, const char *source, int64_t behind,
                               const struct retort_told_page *page, int64_t *id,
                               struct retort_error *error);
bool retort_store_restore_split(struct retort_store *store, int64_t page,
                                const struct retort_told_split *split, int64_t *id,
                                struct retort_error *error);
bool retort_store_restore_correction(struct retort_store *store, int64_t page,
                                     const struct retort_told_correction *correction, int64_t *id,
                                     struct retort_error *error);
/* A source's pages have new ones behind them: what waits for a person follows. */
bool retort_store_restored_pages(struct retort_store *store, const char *source,
                                 struct retort_error *error);

/* A place that is another's is left to it. */
bool retort_store_restore_place(struct retort_store *store, int64_t comment,
                                const struct retort_told_place *place, struct retort_error *error);

struct retort_told_model {
    struct retort_span hash, task, choice, labels, thresholds, card; /* as the schema has them */
};
/* Borrowed until close. */
bool retort_store_restore_model(struct retort_store *store, const struct retort_told_model *told,
                                const struct retort_stored_model **model,
                                struct retort_error *error);
/* Of `answer` label, unsure and has_reach are not looked at; worth 0: to be computed. A comment
 * that has a label of this model keeps it. *is_new: it had none. */
bool retort_store_restore_answer(struct retort_store *store, int64_t comment,
                                 const struct retort_answer *answer, bool *is_new,
                                 struct retort_error *error);

bool retort_store_restore_draw(struct retort_store *store, const struct retort_told_draw *draw,
                               int64_t *id, struct retort_error *error);
bool retort_store_restore_selection(struct retort_store *store, int64_t comment,
                                    const struct retort_told_selection *selection, int64_t *id,
                                    struct retort_error *error);

/* Decisions point at others of other comments and tell by their ids which was the last: they are
 * held back, in a table that is nobody else's, until all comments are there. */
struct retort_told_decision {
    struct retort_decision_record record; /* undoes and batch: ids as told */
    int64_t told;               /* its id in the file it comes from; 0: it has none, and is
                                   put behind the others unless it is this person's last
                                   word on the item anyway */
    struct retort_span decided; /* when; ISO 8601 */
};
/* *held: false where another comment's with this id is. */
bool retort_store_hold_decision(struct retort_store *store,
                                const struct retort_told_decision *decision, bool *held,
                                struct retort_error *error);
/* Puts at most `most` of those that are held, in the order of their ids, which they keep where no
 * later one is there. */
bool retort_store_restore_decisions(struct retort_store *store, size_t most, size_t *n_new,
                                    bool *finished, struct retort_error *error);

/* ---- forgetting ----
 *
 * Evidence is append-only, but for one thing: somebody may ask that what they wrote is removed.
 * Then their comments go with all that is said of them, pages keep their offsets with blanks in
 * between, and what others wrote stays. What is counted stays true of what is left: tallies are the
 * same as if the comments had never been there, a draw's chances are still those of the items left.
 */

struct retort_forget_request {
    struct retort_span author; /* exactly */
    const char *asked_by;      /* goes into the log */
    bool no_marks;             /* a later import may bring it all back */
    bool dry;                  /* it is all done, told, and taken back */
};
struct retort_forgotten {
    int64_t id;
    bool open;                         /* its bytes are not all overwritten yet */
    struct retort_span made, asked_by; /* made: ISO 8601 */
    /* A JSON object: comments, earlier_readings (by others, of the same lines), pages, labels by
     * task and label, decisions by task, kind and label, selections, draws, replies_left (others'
     * that answer it and stay), named_by_others (their comments in which the name stands, and
     * stays). */
    struct retort_span counts;
};
/* Removes it in one transaction, and tells it in the arena. The bytes are gone when
 * retort_store_erase has been here. RETORT_INPUT: there is no comment by this author. */
bool retort_store_forget(struct retort_store *store, const struct retort_forget_request *request,
                         struct retort_arena *arena, struct retort_forgotten *forgotten,
                         struct retort_error *error);
/* Writes the file anew without its free space and empties the log, so that nothing of what was
 * forgotten stands in either, and says so of all that is open. It needs room for a copy of the
 * file, and that nobody else reads or writes meanwhile: RETORT_REFUSED. To be called again then. */
bool retort_store_erase(struct retort_store *store, bool quiet, struct retort_error *error);
/* An author who was kept out may come back with the next import; *was: they were. */
bool retort_store_readmit(struct retort_store *store, struct retort_span author, bool *was,
                          struct retort_error *error);
/* Oldest first; spans live to the end of the visit. */
bool retort_store_each_forgotten(struct retort_store *store,
                                 bool (*visit)(void *context,
                                               const struct retort_forgotten *forgotten,
                                               struct retort_error *error),
                                 void *context, struct retort_error *error);

/* ---- masks ----
 *
 * A reader of the file may see it through a mask, so that no name of a person is handed out by any
 * of the functions above: writers, reviewers, and where they are named in texts. */
struct retort_mask {
    void *context;
    void (*author)(void *context, struct retort_span name, struct retort_buffer *out);
    void (*reviewer)(void *context, struct retort_span name, struct retort_buffer *out);
    /* Names within a text, and within the strings of a JSON value; source: where it stands, 0:
     * anywhere. */
    void (*text)(void *context, struct retort_span text, int64_t source, struct retort_buffer *out);
    void (*json)(void *context, struct retort_span json, int64_t source, struct retort_buffer *out);
    /* What is made of names, as an identity is: RETORT_SHA256_BYTES that tell nothing of it. */
    void (*hash)(void *context, struct retort_span bytes, uint8_t hash[RETORT_SHA256_BYTES]);
};
/* From now on, until it is closed; the mask is borrowed. The store is open for reading. Pages have
 * no bytes then. */
bool retort_store_mask(struct retort_store *store, const struct retort_mask *mask,
                       struct retort_error *error);
/* Every author once; source: where they write, 0: in several. */
bool retort_store_each_author(struct retort_store *store,
                              bool (*visit)(void *context, struct retort_span name, int64_t source,
                                            struct retort_error *error),
                              void *context, struct retort_error *error);

/* ---- health ---- */

struct retort_store_health {
    int schema;
    bool wal;         /* the journal is a write-ahead log */
    bool immutable;   /* read as a snapshot: the directory cannot be written */
    uint64_t n_bytes; /* of the file */
    uint64_t n_pages, n_comments, n_current, n_labels, n_models, n_decisions, n_undone;
    uint64_t n_broken_links; /* rows of foreign_key_check */
    char integrity[160];     /* "ok", or the first thing that is wrong */
};
bool retort_store_check(struct retort_store *store, struct retort_store_health *health,
                        struct retort_error *error);

#endif
