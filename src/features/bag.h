/* bag (private to features): one item's texts as tokens, and the hands that add terms. */
#ifndef RETORT_FEATURES_BAG_H
#define RETORT_FEATURES_BAG_H

#include "features/extractor.h"
#include "features/phrases.h"
#include "features/token.h"
#include "features/words.h"

/* An item while its bag is made. Folded texts of all lists stand in bag->names. */
struct reading {
    struct retort_bag *bag;
    const struct retort_item *item;
    const struct token_list *text, *parent, *article, *target;
    const struct phrase_table *phrases;
};

struct reading retort_bag_reading(struct retort_bag *bag);
struct retort_span retort_token_folded(const struct reading *reading, const struct token *token);
/* The first token that a sentence may open with: no name, link, quotation mark or stop. NULL: none.
 */
const struct token *retort_first_token(const struct token_list *list);
/* The token is a word that says what a text is about. */
bool retort_token_is_content(const struct token *token);
/* The target is against its thing: an odd number of "ban", "not", "harmful" and the like. */
bool retort_target_is_turned(const struct token_list *target);

/* A term that has its key; its name is in bag->names. */
void retort_bag_add_keyed(struct retort_bag *bag, struct retort_term term);
/* A term whose name is already in bag->names. */
void retort_bag_add(struct retort_bag *bag, struct retort_term term);
/* A cue by its name, in two literals; a value of 0 adds nothing. */
void retort_bag_cue(struct retort_bag *bag, const char *family, const char *name, double value);

/* Shares of the content words of one list that stand in another, exactly or by a stem of five
 * bytes. 0 when the first has none. */
struct overlap {
    size_t n_words, n_exact, n_stem;
    size_t first; /* index in `in` of the first word found; in->n when none is */
};
struct overlap retort_overlap(const struct reading *reading, const struct token_list *of,
                              const struct token_list *in);
/* marks[i]: content word i of one list stands in the other, exactly or by its stem. */
void retort_overlap_mark(const struct reading *reading, const struct token_list *of,
                         const struct token_list *in, bool *marks);

/* crossed.c: what it opens with; words behind a negation; target word × comment word; words by the
 * side the target takes. */
void retort_add_openings(const struct reading *reading);
void retort_add_negated(const struct reading *reading);
void retort_add_pairs(const struct reading *reading);
void retort_add_sides(const struct reading *reading);
/* groups.c: a group of cues, as terms or counted. */
void retort_bag_add_group(const struct reading *reading, enum retort_cue_group group);

/* "top", "first" (answers the article) or "deeper". */
const char *retort_place_name(const struct retort_item *item);
/* Dense features of how near comment and target are; nothing without vectors or target. */
void retort_kin_add(const struct reading *reading, const struct retort_recipe *recipe);
/* Each n-gram of words and characters in the bag again, beside the target's name. */
void retort_toward_add(const struct reading *reading);
/* The comment's tokens with the target's words folded to <target>. */
struct token_list retort_target_mask(const struct reading *reading, struct retort_arena *arena);

void retort_cues_own(const struct reading *reading);
void retort_cues_manner(const struct reading *reading);
void retort_cues_reply(const struct reading *reading);
void retort_cues_target(const struct reading *reading);
void retort_cues_phrases(const struct reading *reading);
void retort_cues_questions(const struct reading *reading);
void retort_cues_length(const struct reading *reading);

#endif
