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
    const char *task; /* NULL: all */
    const char *path; /* NULL: standard output */
    bool leave_pages; /* without the bytes and lines of pages */
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

/* Ours: the JSON object with all that the formats have no place for (ours.c). */
bool export_put_ours(struct export_run *run, const struct retort_stored *stored,
                     struct retort_buffer *out, struct retort_error *error);

/* "key":number, unless it is 0. */
void export_put_number(struct retort_buffer *out, const char *key, int64_t number);

bool export_jsonl_put(struct export_run *run, const struct retort_stored *stored,
                      struct retort_arena *arena, struct retort_error *error);
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
bool export_truth_begin(struct export_run *run, struct retort_error *error);

#endif
