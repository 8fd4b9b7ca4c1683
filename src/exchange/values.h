/* values (private to exchange): the JSON objects of a file, one after another, in bounded memory.
 *
 * Programs write the same records as lines of JSON, as one array, or, of a single one, as an object
 * over many lines. Here they are the same: objects. One that cannot be read is told and passed
 * over. */
#ifndef RETORT_EXCHANGE_VALUES_H
#define RETORT_EXCHANGE_VALUES_H

#include "archive/archive.h"
#include "base/base.h"

enum { VALUES_LONGEST = 16 << 20 }; /* bytes of an object */

enum values_step {
    VALUES_END,
    VALUES_OBJECT,
    VALUES_BAD, /* the error says what is wrong with it; go on */
};

struct values; /* opaque */
/* The archive stays the caller's. */
struct values *values_open(struct retort_archive *file);
void values_close(struct values *values);
/* The object's members, in the arena; they borrow from bytes that live until the next step. */
enum values_step values_next(struct values *values, struct retort_arena *arena,
                             struct retort_json_object *object, struct retort_error *error);
/* Of the last step: the line's number, or that of the value in its array; from 1. */
size_t values_number(const struct values *values);

/* Of a file that begins so: the first byte of the value that the first object's member of this name
 * has, as far as can be seen; 0: it has none, or there is no object. */
uint8_t values_begins_with(struct retort_span head, const char *name);

/* The raw value of the member with this name; data NULL: there is none, or it is null. */
struct retort_span values_member(const struct retort_json_object *object, const char *name,
                                 struct retort_arena *arena);
/* What a string says, or a number or truth value as it is written; data NULL: of all else. */
struct retort_span values_text(struct retort_span raw, struct retort_arena *arena);
/* Both at once. */
struct retort_span values_text_of(const struct retort_json_object *object, const char *name,
                                  struct retort_arena *arena);
/* The members of a raw object that is part of a checked one; false: it is no object. */
bool values_object(struct retort_span raw, struct retort_arena *arena,
                   struct retort_json_object *object);
/* The elements of a raw array, in the arena; 0 when it is none. */
size_t values_elements(struct retort_span raw, struct retort_arena *arena,
                       struct retort_span **elements);

#endif
