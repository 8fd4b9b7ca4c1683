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
    N_TOKEN_KINDS,
};

enum { NO_LEXEME = UINT32_MAX };

/* What folding a token tells. */
#define TOKEN_FACTS                                                                                \
    uint32_t classes; /* word classes, words.h */                                                  \
    enum token_kind kind : 8;                                                                      \
    uint8_t folded_len;                                                                            \
    bool upper : 1;             /* ALL CAPS of two letters or more */                              \
    bool capital : 1;           /* its first letter */                                             \
    bool elongated : 1;         /* "sooo" */                                                       \
    bool foreign : 1;           /* no Latin letter in it, or a word of another language */         \
    bool accented : 1;          /* a Latin letter that English does without: é, ß, ł */         \
    bool veiled : 1;            /* "*" or a digit among its letters */                             \
    bool english : 1;           /* a common English word that is no other language's */            \
    uint8_t foreign_halves : 3; /* what it says for another language, in halves of a word */
struct facts {
    TOKEN_FACTS
};

struct token {
    uint64_t hash;       /* of its folded text; 0 for TOKEN_STOP */
    uint32_t begin, end; /* bytes of the text */
    uint32_t fold_begin; /* where its folded text stands: of bag->names, once they are there */
    uint32_t lexeme;     /* its slot in the lexicon; NO_LEXEME: not kept */
    uint32_t stem;       /* a hash of its first five bytes; of words only */
    union {
        struct facts facts;
        struct {
            TOKEN_FACTS
        };
    };
    bool within_quotes; /* another's words */
    bool quoted;        /* the same, where the recipe tells them apart */
};

static inline uint32_t token_fold_end(const struct token *token)
{
    return token->fold_begin + token->folded_len;
}

enum { N_WORD_CLASSES = 22 }; /* bits of enum word_class */

/* How many of a list's tokens, quoted ones aside, are of a kind or in a class (by its bit). */
struct tally {
    uint32_t kinds[N_TOKEN_KINDS], classes[N_WORD_CLASSES], n_upper, n_elongated;
};

struct token_list {
    struct token *items;
    size_t n, capacity;
    size_t n_words, n_quotes;           /* tokens of these kinds */
    size_t n_english, n_foreign_halves; /* and what their words say of the language */
    bool has_tally;
    struct tally tally; /* once it was asked for */
};

struct retort_extractor; /* what is kept from text to text: extractor.h */

/* The tokens of kinds that are classes, but for their places; lexemes of their own. */
void retort_token_classes(struct token classes[N_TOKEN_KINDS]);
/* Replaces list by the tokens of text, which has SCAN_PADDING NULs behind it (scan.h). */
void retort_tokenize(struct retort_extractor *extractor, struct retort_span text,
                     struct token_list *list);
/* Tokens of an earlier item: the lexicon has all their words still, and keeps them for this one. */
struct lexicon;
bool retort_tokens_are_kept(struct lexicon *lexicon, const struct token_list *list);
/* A token's folded text: its lexeme's, its class's, or what it left in extractor->strange. */
struct retort_span retort_token_text(const struct retort_extractor *extractor,
                                     const struct token *token);
/* Appends the folded texts of a list, a space before, between and behind, and points to them. */
void retort_token_names(const struct retort_extractor *extractor, struct token_list *list,
                        struct retort_buffer *names);

/* Counts the list's tokens, unless they were. */
void retort_tally(struct token_list *list);

/* Marks the tokens of another's words, and says whether there are any: quote.c. */
bool retort_quotes_mark(struct retort_span text, struct token_list *list);

#endif
