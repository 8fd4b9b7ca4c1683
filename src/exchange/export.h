/* export (private to exchange): one export, and the formats it writes. */
#ifndef RETORT_EXCHANGE_EXPORT_H
#define RETORT_EXCHANGE_EXPORT_H

#include "exchange/exchange.h"

#include <stdio.h>

/* A file that appears only when it is whole: written beside and renamed, or standard output. */
struct export_file {
    char *path, *beside; /* NULL: standard output */
    FILE *stream;
    struct retort_buffer out; /* what is written next */
    bool started;             /* the format's own: something stands in it */
};

struct export_run {
    struct retort_store *store;
    const struct export_format *format;
    const char *task;                   /* NULL: all */
    const char *path;                   /* NULL: standard output */
    const struct retort_models *models; /* NULL: none */
    bool leave_pages;                   /* without the bytes and lines of pages */
    struct ours *ours;                  /* what was told already (ours.c) */
    struct export_file file;
    void *state; /* the format's own */
    size_t n_written;
};

/* One row a format. Each is called with comments in the order they were stored. */
struct export_format {
    bool is_directory; /* the format opens and closes its files itself */
    bool (*begin)(struct export_run *run, struct retort_error *error); /* NULL: nothing to do */
    bool (*put)(struct export_run *run, const struct retort_stored *stored,
                struct retort_arena *arena,
                struct retort_error *error); /* NULL: it is not about comments */
    bool (*end)(struct export_run *run, struct retort_error *error); /* NULL: nothing to do */
    void (*release)(struct export_run *run); /* of state, when there is one, done or not */
};

bool export_file_open(struct export_file *file, const char *path, struct retort_error *error);
bool export_file_flush(struct export_file *file, struct retort_error *error);
/* Keeps the file when `done`, else removes what was written beside. */
bool export_file_close(struct export_file *file, bool done, struct retort_error *error);

/* Is this label to be exported (see --task)? */
bool export_wants(const struct export_run *run, const struct retort_stored_label *label);

/* What several comments need is told with the first of them, and later only named: pages, splits
 * and draws by numbers of the file's own, from 1. Ids of the store are turned into them. */
struct told_ids {
    int64_t *numbers; /* by id; 0: not told yet */
    size_t size;
    int64_t n_told;
};
/* *fresh: it was not told, and has the next number. */
int64_t told_number(struct told_ids *ids, int64_t id, bool *fresh);
bool told_is(const struct told_ids *ids, int64_t id);

struct ours {
    struct told_ids models, draws, pages, splits;
    struct retort_buffer new_models, new_draws, new_pages; /* of this comment: what it defines */
};
void ours_open(struct export_run *run);
void ours_close(struct export_run *run);
/* Into run->ours: all pages of the comment's source with their splits, the draw, the model. */
bool ours_define_pages(struct export_run *run, const struct retort_stored_comment *comment,
                       struct retort_error *error);
bool ours_define_draw(struct export_run *run, int64_t id, int64_t number,
                      struct retort_error *error);
bool ours_define_model(struct export_run *run, const struct retort_stored_model *model,
                       struct retort_error *error);

/* Ours: the JSON object with all that the formats have no place for (ours.c). */
bool export_put_ours(struct export_run *run, const struct retort_stored *stored,
                     struct retort_buffer *out, struct retort_error *error);

/* "key":number, unless it is 0. */
void export_put_number(struct retort_buffer *out, const char *key, int64_t number);

bool export_jsonl_put(struct export_run *run, const struct retort_stored *stored,
                      struct retort_arena *arena, struct retort_error *error);
/* What a line says it answers and is about, as far as it says so; a page's article stands in the
 * store, once for all its comments. */
bool export_context(struct export_run *run, const struct retort_stored_comment *comment,
                    struct retort_arena *arena, struct retort_item *item,
                    struct retort_error *error);
bool export_tsv_begin(struct export_run *run, struct retort_error *error);
bool export_csv_begin(struct export_run *run, struct retort_error *error);
bool export_csv_put(struct export_run *run, const struct retort_stored *stored,
                    struct retort_arena *arena, struct retort_error *error);
void export_csv_release(struct export_run *run);
bool export_doccano_put(struct export_run *run, const struct retort_stored *stored,
                        struct retort_arena *arena, struct retort_error *error);
bool export_studio_begin(struct export_run *run, struct retort_error *error);
bool export_studio_put(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct retort_error *error);
bool export_studio_end(struct export_run *run, struct retort_error *error);
bool export_studio_min_put(struct export_run *run, const struct retort_stored *stored,
                           struct retort_arena *arena, struct retort_error *error);
bool export_studio_config(struct export_run *run, struct retort_error *error);
/* ConvoKit: run->file is the directory's utterances.jsonl. */
bool export_convokit_begin(struct export_run *run, struct retort_error *error);
bool export_convokit_put(struct export_run *run, const struct retort_stored *stored,
                         struct retort_arena *arena, struct retort_error *error);
bool export_convokit_end(struct export_run *run, struct retort_error *error);
void export_convokit_release(struct export_run *run);
bool export_libsvm_begin(struct export_run *run, struct retort_error *error);
bool export_libsvm_put(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct retort_error *error);
bool export_libsvm_end(struct export_run *run, struct retort_error *error);
void export_libsvm_release(struct export_run *run);
bool export_truth_begin(struct export_run *run, struct retort_error *error);

#endif
