/* exchange: the review file in the formats of other programs, there and back.
 *
 * A format is an envelope: how it writes a comment, its labels and what people said, so that its
 * own programs understand it. All that they have no place for stands in one JSON object, the same
 * in every format ("retort", written and read by ours.c): with it what was exported comes back as
 * it was. What several comments need (a model with its card, a page with its splits, a draw) is
 * told with the first that needs it, as most formats have no head. */
#ifndef RETORT_EXCHANGE_H
#define RETORT_EXCHANGE_H

#include "base/base.h"
#include "model/model.h"
#include "store/store.h"

/* ---- stored comments as JSON, for whoever shows them ---- */

/* A comment with all labels that are in force; lives in the arena it was read into. */
struct retort_stored {
    struct retort_stored_comment comment;
    struct retort_stored_label *labels; /* by task */
    size_t n_labels;
};

bool retort_stored_read(struct retort_store *store, const struct retort_stored_comment *comment,
                        struct retort_arena *arena, struct retort_stored *stored,
                        struct retort_error *error);

/* The id a reader knows it by: its native one, else its identity. */
struct retort_span retort_stored_id(const struct retort_stored_comment *comment);
/* The same of the comment it answers, in the arena; NULL data: the article, or unknown, or gone. */
bool retort_stored_parent_id(struct retort_store *store,
                             const struct retort_stored_comment *comment,
                             struct retort_arena *arena, struct retort_span *id,
                             struct retort_error *error);

/* Is this label on, by the person's word if there is one? */
bool retort_stored_label_is_on(const struct retort_stored_label *label, const char *name);
/* The names that are on, in the arena. */
size_t retort_stored_label_names(const struct retort_stored_label *label,
                                 struct retort_arena *arena, const char ***names);

/* "source":…,"comment":n,"lines":[…],"bytes":[…] (a page's), members of an object being written. */
void retort_stored_put_place(struct retort_buffer *out,
                             const struct retort_stored_comment *comment);
/* "labels":{…} as `label --json` gives them, with people's words in place of the model's. */
void retort_stored_put_labels(struct retort_buffer *out, const struct retort_stored *stored,
                              struct retort_arena *arena);
/* "key":"text", unless the text's data is NULL. */
void retort_stored_put_text(struct retort_buffer *out, const char *key, struct retort_span text);

/* ---- a file for rooms downstream ---- */

struct retort_exchange_file; /* opaque */
typedef bool retort_exchange_write(void *context, struct retort_exchange_file *file,
                                   struct retort_error *error);
/* To be called by the writer, with pieces of any size. */
bool retort_exchange_put(struct retort_exchange_file *file, struct retort_span bytes,
                         struct retort_error *error);
/* What `write` puts is a file at the path once it has returned true, and else nothing is. path
 * NULL: standard output. */
bool retort_exchange_whole(const char *path, retort_exchange_write *write, void *context,
                           struct retort_error *error);

/* ---- out ---- */

/* Writers, reviewers, and whoever texts name behind an @ or, where they write in the same source,
 * by a name that is no plain word, as keyed hashes: the same for the same key. Ids of comments that
 * are made of names are hashed, too. */
struct retort_pseudonyms; /* opaque */
/* Reads the key from a file, or makes it there (*made) for its owner's eyes only. From now on the
 * store, open for reading, hands out no other names. RETORT_INPUT: the file is no key. */
bool retort_pseudonyms_open(struct retort_pseudonyms **pseudonyms, struct retort_store *store,
                            const char *path, bool *made, struct retort_error *error);
/* When the store is closed. NULL is fine. */
void retort_pseudonyms_close(struct retort_pseudonyms *pseudonyms);

extern const char *const RETORT_EXPORT_FORMATS[]; /* "jsonl", "csv", …; NULL ends them */

struct retort_export_request {
    struct retort_store *store;
    size_t format;    /* an index into RETORT_EXPORT_FORMATS */
    const char *task; /* only this task's labels; NULL: all */
    const char *path; /* a file, or a directory where the format is one; NULL: standard output */
    bool leave_pages; /* without the bytes and lines of pages */
    const struct retort_models *models; /* of libsvm: with the task's; NULL: none */
    /* People are named by these; pages have no bytes then. NULL: by their names. */
    const struct retort_pseudonyms *pseudonyms;
};
/* Does this format want models? */
bool retort_exchange_wants_models(size_t format);
/* One comment is in memory at a time. A file is there whole or not at all. RETORT_USAGE: no model
 * has labelled for that task; a directory without a path; pseudonyms in whole pages. */
bool retort_exchange_export(const struct retort_export_request *request,
                            struct retort_error *error);

/* ---- in ---- */

extern const char *const RETORT_IMPORT_FORMATS[]; /* "auto", "jsonl", …; NULL ends them */

struct retort_import_request {
    struct retort_store *store;
    size_t format;      /* an index into RETORT_IMPORT_FORMATS; 0: as the bytes tell */
    const char *source; /* of comments that don't tell theirs */
    bool keep_private;  /* of what isn't ours: mail and IP addresses, too */
    const char *map;    /* "text=body,author=user": a field and the column it is in; NULL: by their
                           names */
    const char *task;   /* of labels that don't tell theirs; NULL: none */
    const char *reviewer; /* who decided, where the file doesn't tell; NULL: by the format */
    bool confirmed;       /* labels that nobody changed are decisions, too */
    /* The models, asked for by the first line that `label --for-import` has labelled, which wants
     * them, and by the first comment that has no label; they stay the callback's. */
    bool (*models)(void *context, const struct retort_models **models, struct retort_error *error);
    /* What was passed over, or should be known: one line. */
    void (*say)(void *context, enum retort_failure failure, const char *message);
    /* So many bytes of the file have been read. */
    void (*show)(void *context, size_t n_bytes);
    void *context;
};
struct retort_import_figures {
    size_t n_comments, n_new; /* that were taken; of them, those that told something new */
    size_t n_decisions;       /* new ones */
    size_t n_nameless;        /* without an id */
    size_t n_bare;            /* without a label, and no model is here */
    size_t n_changed;         /* ours, but changed since: they are comments of their own */
    size_t n_forgotten;       /* by people who were forgotten: they stay out */
    size_t n_unplaced;        /* of pages that the file does not tell of */
    size_t n_bad;             /* places of files that could not be taken, and were said */
};
/* All that a file (or a directory; "-": standard input) tells. What is there already stays as it
 * is. What is wrong with a place in the file is said, and the next is read; false: something stops
 * the run. Figures are added to. */
bool retort_exchange_import(const struct retort_import_request *request, const char *path,
                            struct retort_import_figures *figures, struct retort_error *error);

#endif
