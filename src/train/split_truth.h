/* Pages with truth, row by row: the JSON lines that `retort eval split` measures on and that the
 * splitter learns from. training/README.md describes the rows; there are three kinds:
 *
 *   text and roles       every line's role is known (and parents, where they are)
 *   text or html, with   the texts of article and comments are known: "comments" is one text, or a
 *   article and comments list of {"text", "author", "parent", "begin"}
 *   comments alone       a list as above, for parents with given bounds */
#ifndef RETORT_TRAIN_SPLIT_TRUTH_H
#define RETORT_TRAIN_SPLIT_TRUTH_H

#include "thread/thread.h"

enum { SPLIT_PARENT_UNKNOWN = -2 };

struct split_truth {
    struct retort_span id, source, variant;
    struct retort_span group; /* folds are made of whole groups */
    struct retort_span site;  /* pages of one site are no independent evidence; else the group */
    struct retort_span input; /* text or HTML; NULL data: comments alone */
    bool html;
    struct retort_span roles;       /* a letter a line, see split_pages.h; NULL data: not known */
    bool has_article, has_comments; /* of rows without roles: are their texts known? */
    struct retort_span article, comments; /* gold texts; of a list of comments, the latter empty */
    size_t n_comments;
    struct retort_comment *list; /* text, author, begin; NULL: no list */
    bool has_begins;             /* the list tells where in the input each text begins */
    int32_t *parents;            /* index, −1 the article, −2 unknown; NULL: all unknown */
};

/* A file of rows, for the record. */
struct split_data {
    const char *path;
    char sha256[RETORT_SHA256_HEX];
};

/* The rows of some files in their order. */
struct split_rows {
    const char *const *paths;
    struct split_data *data;       /* [n_paths], filled as files are opened; NULL: not wanted */
    size_t n_paths, at_path, line; /* line: of the row read last, from 1 */
    struct retort_file file;
    struct retort_span rest;
    bool opened;
};

struct split_rows split_rows_of(const char *const *paths, size_t n_paths, struct split_data *data);
/* The next row into the arena; *more is false at the end. A bad row is an error that names file
 * and line. */
bool split_rows_next(struct split_rows *rows, struct retort_arena *arena, struct split_truth *truth,
                     bool *more, struct retort_error *error);
/* Puts "FILE: line N: " of the row read last before the error's message; returns false. */
bool split_rows_blame(const struct split_rows *rows, struct retort_error *error);
void split_rows_close(struct split_rows *rows);

/* The letters of the page's lines that are not blank; false when the roles are not this page's. */
bool split_truth_letters(const struct split_truth *truth, const struct retort_page *page,
                         uint8_t *letters, struct retort_error *error);

#endif
