/* key (private to features): the 64-bit name of a term.
 *
 * An n-gram of words is made from the hashes of its words, so that the next longer one costs a
 * multiplication and no letter is hashed twice; one of characters from its letters, where they fit
 * into eight bytes. Any other term is hashed as it is written. */
#ifndef RETORT_FEATURES_KEY_H
#define RETORT_FEATURES_KEY_H

#include "features/features.h"

enum { PACKED_LETTERS = 8 }; /* bytes of a character n-gram that is its own hash */

/* Odd numbers without a pattern: the fractional digits of the golden ratio and of pi. */
#define KEY_FIELD UINT64_C(0x9E3779B97F4A7C15)
#define KEY_NEXT UINT64_C(0x243F6A8885A308D3)
#define KEY_LETTERS UINT64_C(0x13198A2E03707345)

/* One word, by the hash of its folded letters. */
static inline uint64_t key_of_word(enum retort_field field, uint64_t word)
{
    return word ^ KEY_FIELD * ((uint64_t)field + 1);
}

/* The n-gram that is one word longer. */
static inline uint64_t key_with_next(uint64_t key, uint64_t word)
{
    return retort_mix(key ^ KEY_NEXT, word ^ KEY_FIELD);
}

/* Letters: the first in the lowest byte, 0 where there is none. */
static inline uint64_t key_of_letters(uint64_t letters)
{
    return retort_mix(letters ^ KEY_LETTERS, KEY_FIELD);
}

/* An n-gram of words: its name is folded words with a space between. */
static inline bool key_is_of_words(enum retort_field field)
{
    return field == RETORT_FIELD_WORD || field == RETORT_FIELD_PARENT ||
           field == RETORT_FIELD_EARLY || field == RETORT_FIELD_QUOTED;
}

/* Two words: "target|word", "against|word". */
static inline bool key_is_crossed(enum retort_field field)
{
    return field == RETORT_FIELD_PAIR || field == RETORT_FIELD_SIDE;
}

#endif
