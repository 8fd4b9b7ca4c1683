/* import (private to exchange): one import, and the formats it reads.
 *
 * A reader opens an envelope and hands in its comments one after the other; what becomes of them is
 * the same for all (take.c): what ours tells is restored, what people said beside it becomes
 * decisions, and what is there already stays as it is. */
#ifndef RETORT_EXCHANGE_IMPORT_H
#define RETORT_EXCHANGE_IMPORT_H

#include "archive/archive.h"
#include "exchange/exchange.h"

/* What a person said of a comment, where the format tells it; data NULL: it doesn't. */
struct import_word {
    const char *kind;               /* NULL: the label says it; else "skip" or "note" */
    struct retort_span task, label; /* label: a JSON array of names; of the others data NULL */
    struct retort_span target;      /* the claim it was judged against */
    struct retort_span reviewer, note;
    struct retort_span decided; /* ISO 8601 in UTC */
};

/* A comment as its envelope tells it; data NULL: it doesn't. Lives to the end of import_take. */
struct import_comment {
    struct retort_span native_id, parent_id, author, time, text, target;
    struct retort_span parent_text, article_text;
    struct retort_span meta;   /* a JSON object */
    struct retort_span ours;   /* the JSON object that export_put_ours has written */
    struct retort_span source; /* data NULL: that of ours, else that of the whole import */
    const struct import_word *words;
    size_t n_words;
};

/* As a line of the store, of this source. */
static inline struct retort_line_record import_line(const struct import_comment *comment,
                                                    const char *source)
{
    return (struct retort_line_record){
        .source = source,
        .native_id = comment->native_id,
        .parent_id = comment->parent_id,
        .author = comment->author,
        .time = comment->time,
        .text = comment->text,
        .target = comment->target,
        .parent_text = comment->parent_text,
        .article_text = comment->article_text,
        .meta = comment->meta,
    };
}

struct import_run {
    const struct retort_import_request *request;
    struct retort_import_figures *figures;
    struct retort_store *store;
    const char *path; /* of the file that is being read */
    /* private to take.c */
    struct restoring *restoring;
    struct labelling *labelling; /* bare.c; NULL: no comment has wanted it */
    bool in_batch;
    int64_t last_comment;    /* what was there before has ids up to this */
    size_t n_bad, first_bad; /* of the file */
    struct retort_error bad;
};

/* Stores it, in batches that are committed in between. False: the error says what is wrong;
 * RETORT_INPUT: with this comment, and the next may come. */
bool import_take(struct import_run *run, const struct import_comment *comment,
                 struct retort_arena *arena, struct retort_error *error);
/* What is wrong with a place of the file (a line, an item; from 1) is noted and said at its end, in
 * one line. False, and nothing noted, for what would stop the next too. */
bool import_note(struct import_run *run, size_t number, const struct retort_error *error);
void import_say_bad(struct import_run *run);
/* What is put stands between these; due: others may have a turn. */
bool import_begin(struct import_run *run, struct retort_error *error);
bool import_due(struct import_run *run, struct retort_error *error);
/* Commits: others may write while nothing comes. */
bool import_pause(struct import_run *run, struct retort_error *error);

/* ---- what ours tells (restore.c) ---- */

/* What the comments of one file have told so far. */
struct restoring *restoring_open(void);
void restoring_close(struct restoring *restoring);

/* A comment that came, and what its ours is. */
struct restored {
    int64_t id; /* 0: it is not kept */
    bool is_new;
    bool is_changed;  /* it is not the one that was exported any more */
    size_t n_answers; /* labels of models that it told, and that it has now */
};
/* The comment with all that ours tells of it; decisions are held (see store.h). */
bool restore_comment(struct import_run *run, const struct import_comment *comment,
                     struct retort_arena *arena, struct restored *restored,
                     struct retort_error *error);
/* What people said beside it; held, too. Where a model of the task is known, its names are wanted,
 * and of a one-of task one. */
bool hold_words(struct import_run *run, const struct import_comment *comment, int64_t id,
                struct retort_arena *arena, struct retort_error *error);

/* ---- what comes without labels (bare.c) ---- */

/* The text of what it answers, where only an id tells and the store knows it. */
bool import_find_parent(struct import_run *run, struct retort_line_record *line,
                        struct retort_arena *arena, struct retort_error *error);
/* All models on it, where there are some; else it is counted as bare. */
bool import_label(struct import_run *run, int64_t comment, const struct retort_line_record *line,
                  struct retort_arena *arena, struct retort_error *error);
void import_label_end(struct import_run *run);

/* All that was held of a file's decisions, when its comments are there. */
bool import_decisions(struct import_run *run, struct retort_error *error);

/* ---- formats ---- */

/* One row a format: reads the file to its end, from its first byte. */
struct import_format {
    /* Is it this format, by its first bytes? NULL: it has to be named, or is what is left. */
    bool (*recognise)(struct retort_span head);
    bool (*read)(struct import_run *run, struct retort_archive *file, struct retort_error *error);
    bool (*read_directory)(struct import_run *run, struct retort_error *error); /* run->path */
};

/* The file's beginning, with its first line whole; no more of it than has come. */
struct retort_span import_peek_head(struct retort_archive *file);

bool import_jsonl_read(struct import_run *run, struct retort_archive *file,
                       struct retort_error *error);
bool import_is_table(struct retort_span head);
bool import_csv_read(struct import_run *run, struct retort_archive *file,
                     struct retort_error *error);
bool import_tsv_read(struct import_run *run, struct retort_archive *file,
                     struct retort_error *error);
bool import_is_foreign(struct retort_span head);
bool import_foreign_read(struct import_run *run, struct retort_archive *file,
                         struct retort_error *error);

bool import_is_doccano(struct retort_span head);
bool import_doccano(struct import_run *run, struct retort_archive *file,
                    struct retort_error *error);
/* Label Studio: its full form and the short one. */
bool import_is_studio(struct retort_span head);
bool import_studio(struct import_run *run, struct retort_archive *file, struct retort_error *error);
bool import_is_convokit(struct retort_span head);
bool import_convokit(struct import_run *run, struct retort_archive *file,
                     struct retort_error *error);
bool import_convokit_directory(struct import_run *run, struct retort_error *error);

#endif
