/* object (private to platform): one JSON object of an export. What is understood is taken from it,
 * the rest is its meta. */
#ifndef RETORT_PLATFORM_OBJECT_H
#define RETORT_PLATFORM_OBJECT_H

#include "base/base.h"

/* Checked JSON in parts. 0 is the whole, so as the index of a member it means: there is none. */
struct object_json {
    const struct retort_json_part *parts;
    size_t n_parts;
};
struct object_json object_parse(struct retort_span checked, struct retort_arena *arena);

bool object_is(const struct object_json *json, size_t at, uint8_t first); /* '{', '[' or '"' */
/* The member of the object at `at` with this name; 0 when there is none or `at` is no object. */
size_t object_member(const struct object_json *json, size_t at, const char *name);
/* The same along a path of names with dots between them: "data.children". */
size_t object_path(const struct object_json *json, size_t at, const char *path);
/* The same if it is an array, else 0. */
size_t object_array(const struct object_json *json, size_t at, const char *path);
/* A string's text, a number as it stands; empty for what is neither, and for at 0. */
struct retort_span object_text(const struct object_json *json, size_t at,
                               struct retort_arena *arena);

enum { OBJECT_MOST_TAKEN = 32 };

struct object {
    const struct object_json *json;
    size_t at;
    struct retort_arena *arena;
    size_t n_taken, taken[OBJECT_MOST_TAKEN]; /* values that meta leaves out */
};

/* `paths`: one or more, with a bar between them; the first that holds text is taken. A null on the
 * way says that there is none: it is taken, and no further path is tried. Empty when none does. */
struct retort_span object_take(struct object *object, const char *paths);
/* The first of the paths that leads anywhere; 0: none does. */
size_t object_find(const struct object_json *json, size_t at, const char *paths);
/* Leaves the value out of meta: the structure that is walked. 0 is fine. */
void object_drop(struct object *object, size_t at);

/* What was not taken, as one object; empty when nothing is left. `hoist`: a member that is an
 * object and whose members come first, as if they stood in its place, unless a name would come
 * twice; NULL: none. Objects from which all was taken go as well. */
struct retort_span object_meta(const struct object *object, const char *hoist, bool keep_private);
/* The meta with one more member, under the name or, where that is taken, the name and "_". */
struct retort_span object_meta_add(struct retort_span meta, const char *name,
                                   struct retort_span json, struct retort_arena *arena);

#endif
