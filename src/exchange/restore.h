/* restore (private to exchange): what reading ours has in common. */
#ifndef RETORT_EXCHANGE_RESTORE_H
#define RETORT_EXCHANGE_RESTORE_H

#include "exchange/import.h"
#include "exchange/parts.h"

/* ---- numbers of the file → ids of the store ---- */

struct known_ids {
    struct known_id {
        int64_t number, id;
    } * all; /* ascending, as files tell them */
    size_t n, capacity;
};

struct restoring {
    struct known_ids draws, splits;
    const struct retort_stored_model **models; /* borrowed from the store */
    size_t n_models;
};

/* 0: it was not told. */
int64_t known_id(const struct known_ids *ids, int64_t number);
/* NULL: it was not told. */
const struct retort_stored_model *known_model(const struct restoring *restoring,
                                              struct retort_span hash);

/* ---- what a comment's ours is read with ---- */

struct reading {
    struct import_run *run;
    struct parts parts;
    struct retort_arena *arena;
    const char *source;
};

struct retort_span ours_text(const struct reading *reading, size_t object, const char *key);
int64_t ours_number(const struct reading *reading, size_t object, const char *key);
/* The elements of a member that is an array of objects; an absent one has none. */
bool ours_each(const struct reading *reading, size_t object, const char *key,
               bool (*take)(const struct reading *reading, size_t element, void *context,
                            struct retort_error *error),
               void *context, struct retort_error *error);
bool ours_is_time(struct retort_span text);

/* What it defines goes into the store, and is known under its numbers from then on. */
bool restore_defines(const struct reading *reading, struct retort_error *error);

#endif
