/* parts (private to exchange): members of JSON that was checked, found where they stand. A part is
 * an index into what retort_json_parts gives; 0, the whole, is never a member: it says "none". */
#ifndef RETORT_EXCHANGE_PARTS_H
#define RETORT_EXCHANGE_PARTS_H

#include "base/base.h"

struct parts {
    const struct retort_json_part *all;
    struct retort_arena *arena;
};

/* False: it is no JSON, and the error says what is wrong. */
bool parts_read(struct retort_span json, struct retort_arena *arena, struct parts *parts,
                struct retort_error *error);
bool parts_is(const struct parts *parts, size_t part, char first); /* '{', '[', '"', 't' … */
size_t parts_member(const struct parts *parts, size_t object, const char *key);
/* The first and the next element of an array (of an object: its keys, each before its value). */
size_t parts_first(const struct parts *parts, size_t array);
size_t parts_next(const struct parts *parts, size_t array, size_t element);
/* What a member says; data NULL where there is none or it is no string. */
struct retort_span parts_text(const struct parts *parts, size_t object, const char *key);
struct retort_span parts_string(const struct parts *parts, size_t part);
/* A member as it stands; data NULL: there is none. */
struct retort_span parts_bytes(const struct parts *parts, size_t object, const char *key);
/* A whole number of at most 2^53; 0 where there is none. */
int64_t parts_number(const struct parts *parts, size_t object, const char *key);
bool parts_double(const struct parts *parts, size_t part, double *value);

#endif
