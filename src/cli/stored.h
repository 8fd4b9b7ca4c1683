/* stored (private to cli): comments of the review file as JSON, for queue and export alike. */
#ifndef RETORT_CLI_STORED_H
#define RETORT_CLI_STORED_H

#include "cli/cli.h"
#include "store/store.h"

#define STORED_DEFAULT_DB "retort.db"

/* A comment with all that is stored of it; lives in the arena it was read into. */
struct stored {
    struct retort_stored_comment comment;
    struct retort_stored_label *labels; /* by task */
    size_t n_labels;
};

bool stored_read(struct retort_store *store, const struct retort_stored_comment *comment,
                 struct retort_arena *arena, struct stored *stored, struct retort_error *error);

/* The id a reader knows it by: its native one, else its identity. */
struct retort_span stored_id(const struct retort_stored_comment *comment);
/* The same of the comment it answers, in the arena; NULL data: the article, or unknown. */
bool stored_parent_id(struct retort_store *store, const struct retort_stored_comment *comment,
                      struct retort_arena *arena, struct retort_span *id,
                      struct retort_error *error);

/* Is this label on, by the person's word if there is one? */
bool stored_label_is_on(const struct retort_stored_label *label, const char *name);
/* The names that are on, in the arena. */
size_t stored_label_names(const struct retort_stored_label *label, struct retort_arena *arena,
                          const char ***names);

/* "source":…,"comment":n,"lines":[…],"bytes":[…] (a page's), members of an object being written. */
void stored_put_place(struct retort_buffer *out, const struct retort_stored_comment *comment);
/* "labels":{…} as `label --json` gives them, with people's words in place of the model's. */
void stored_put_labels(struct retort_buffer *out, const struct stored *stored,
                       struct retort_arena *arena);
/* "key":"text", unless the text's data is NULL. */
void stored_put_text(struct retort_buffer *out, const char *key, struct retort_span text);

#endif
