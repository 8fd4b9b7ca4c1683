/* identity: which comment is which, by content. */
#ifndef RETORT_STORE_IDENTITY_H
#define RETORT_STORE_IDENTITY_H

#include "base/base.h"

/* What the source itself says of a comment. Empty and unknown are the same here. */
struct identity_fields {
    struct retort_span source, native_id, parent, author, time, target, text;
    bool paged;
};

/* Replaces the buffer by the fields' bytes, each with its length before it, white space folded. */
void identity_write(const struct identity_fields *fields, struct retort_buffer *out);
/* Adds the ordinal to what identity_write has left and hashes it. */
void identity_hash(struct retort_buffer *fields, uint64_t ordinal, uint8_t identity[32]);

/* A comment among those that may be identical to it, and its surroundings: hashes of fields. */
struct identity_twin {
    uint64_t key;
    uint64_t parent, before, after; /* of the comment it answers (1: the article), of neighbours */
    uint64_t ordinal;
    bool matched;
};

/* Gives each found comment an ordinal: that of the known twin in the most similar surroundings,
 * else the next free one of its key. O(n log n). */
void identity_match(struct identity_twin *known, size_t n_known, struct identity_twin *found,
                    size_t n_found, struct retort_arena *arena);

#endif
