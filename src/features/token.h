/* token (private to features): a text cut into tokens and folded.
 *
 * The folded text is one string of folded tokens with a space before, between and behind, so every
 * word n-gram and every character n-gram with its word boundary is a slice of it: no n-gram is
 * ever copied to be hashed. */
#ifndef RETORT_FEATURES_TOKEN_H
#define RETORT_FEATURES_TOKEN_H

#include "features/features.h"

/* The groups of the token pattern, in its order: the first that matches names the kind. */
enum token_kind {
    TOKEN_LINK = 1,
    TOKEN_MAIL,
    TOKEN_USER,
    TOKEN_NUMBER,
    TOKEN_WORD,
    TOKEN_SMILE,
    TOKEN_FROWN,
    TOKEN_EMOJI,
    TOKEN_QUESTION, /* a run of ! and ? with a ? in it */
    TOKEN_EXCLAIM,
    TOKEN_DOTS,
    TOKEN_QUOTE,
    TOKEN_STOP, /* . : ; — ends a sentence or a clause; stands in no n-gram */
};

struct token {
    enum token_kind kind;
    uint32_t begin, end;            /* bytes of the text */
    uint32_t fold_begin, fold_end;  /* bytes of the folded text; empty for TOKEN_STOP */
    uint32_t classes;               /* word classes, words.h */
    bool upper, capital, elongated; /* ALL CAPS of two letters or more; first letter; "sooo" */
    bool foreign;                   /* no Latin letter in it, or a word of another language */
    bool accented;                  /* a Latin letter that English does without: é, ß, ł */
    bool quoted;                    /* another's words, where the recipe tells them apart */
    uint32_t n_letters;
};

struct token_list {
    struct token *items;
    size_t n, capacity;
};

struct retort_extractor; /* the compiled pattern and the lists reused from text to text */

struct retort_extractor *retort_extractor_new(void);
void retort_extractor_free(struct retort_extractor *extractor);
/* Replaces list by the tokens of text and appends their folded text to folded. */
void retort_tokenize(struct retort_extractor *extractor, struct retort_span text,
                     struct token_list *list, struct retort_buffer *folded);

/* Marks the tokens of another's words: quote.c. */
void retort_quotes_mark(struct retort_span text, struct token_list *list);

/* The lists of one item's texts; filled by retort_bag_fill. */
struct token_list *retort_extractor_lists(struct retort_extractor *extractor);
struct phrase_table;
const struct phrase_table *retort_extractor_phrases(const struct retort_extractor *extractor);
enum { LIST_TEXT, LIST_PARENT, LIST_ARTICLE, LIST_TARGET, N_LISTS };

#endif
