/* dictionary (private to features): looking up a key, where every cycle counts. */
#ifndef RETORT_FEATURES_DICTIONARY_H
#define RETORT_FEATURES_DICTIONARY_H

#include "features/features.h"

enum { BUCKET = 8 }; /* slots */

static inline uint32_t dictionary_home(const struct retort_dictionary *dictionary, uint64_t key)
{
    return (uint32_t)key & (dictionary->n_slots - 1) & ~(uint32_t)(BUCKET - 1);
}

static inline uint8_t dictionary_tag(uint64_t key)
{
    uint8_t tag = (uint8_t)(key >> 56);
    return tag ? tag : 1;
}

/* The highest bit of each byte that is 0; bytes above the first of them may be wrong. */
static inline uint64_t bytes_zero(uint64_t eight)
{
    return (eight - RETORT_EACH(0x01)) & ~eight & RETORT_EACH(0x80);
}

/* Where in the bucket the tag may stand; 0: nowhere. */
static inline uint64_t bucket_matches(uint64_t tags, uint8_t tag)
{
    return bytes_zero(tags ^ RETORT_EACH(tag));
}

/* The feature's index, or UINT32_MAX. */
static inline uint32_t dictionary_find(const struct retort_dictionary *dictionary, uint64_t key)
{
    uint8_t tag = dictionary_tag(key);
    for (uint32_t at = dictionary_home(dictionary, key);;
         at = (at + BUCKET) & (dictionary->n_slots - 1)) {
        uint64_t tags = retort_eight(dictionary->tags + at);
        for (uint64_t left = bucket_matches(tags, tag); left; left &= left - 1) {
            uint32_t slot = at + (uint32_t)retort_before_first(left);
            uint32_t feature = dictionary->slots[slot];
            if (dictionary->tags[slot] == tag && dictionary->keys[feature] == key)
                return feature;
        }
        if (bytes_zero(tags))
            return UINT32_MAX;
    }
}

/* Cannot be there: seen by one look at the tags. */
static inline bool dictionary_misses(const struct retort_dictionary *dictionary, uint64_t key)
{
    uint64_t tags = retort_eight(dictionary->tags + dictionary_home(dictionary, key));
    return !bucket_matches(tags, dictionary_tag(key)) && bytes_zero(tags);
}

/* What an n-gram that stands so often in a comment counts for. */
double retort_count_weighed(double count, bool binary);

#endif
