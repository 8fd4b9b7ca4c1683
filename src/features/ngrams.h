/* ngrams (private to features): n-grams of words and letters, as terms or counted at once. */
#ifndef RETORT_FEATURES_NGRAMS_H
#define RETORT_FEATURES_NGRAMS_H

#include "features/bag.h"

/* Word n-grams of a list up to so long; quoted ones are of a field of their own. */
void retort_ngrams_words(const struct reading *reading, const struct token_list *list,
                         unsigned longest, enum retort_field field);
/* Those of the comment's first words once more. */
void retort_ngrams_early(const struct reading *reading, unsigned n_early);
/* Character n-grams of each word with the space on either side; all stand on the whole word. */
void retort_ngrams_letters(const struct reading *reading, const struct retort_recipe *recipe);

/* The same over a dictionary: of the comment itself. */
void retort_ngrams_count_words(struct retort_bag *bag, const struct token_list *list,
                               unsigned longest);
void retort_ngrams_count_letters(const struct reading *reading, const struct retort_recipe *recipe);

/* Looks keys up and counts what is found. Most are strangers: the others are told from them without
 * a branch to foresee. */
struct counter;
void retort_count_keys(struct counter *counter, const uint64_t *keys, size_t n);

/* A token with character n-grams; those of a word have at most 42 letters with its spaces, which
 * begin up to 6 n-grams each. */
enum { LONGEST_SPACED = 42, MOST_GRAMS = LONGEST_SPACED * 6 };
bool retort_ngrams_has_letters(const struct token *token);
/* The features of a token's character n-grams; known: [MOST_GRAMS + 1]. */
size_t retort_ngrams_find_letters(const struct reading *reading, const struct token *token,
                                  const struct retort_recipe *recipe,
                                  const struct retort_dictionary *dictionary, uint32_t *known);

#endif
