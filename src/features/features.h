/* features: a comment and what it answers → a bag of named features → a sparse vector.
 *
 * The one room that tokenizes (PCRE2), and one function makes the bag for training and for
 * predicting. A bag is a list of terms; a term is a 64-bit key (the hash of its field and its
 * folded words), a value, and where in the comment it stands, so that a weight can be shown on
 * the very word that carries it.
 *
 * Before any n-gram is made, links, mail addresses, names with @ and digit strings are folded into
 * the classes <link> <mail> <user> <number>: no model learns a person's name or number. */
#ifndef RETORT_FEATURES_H
#define RETORT_FEATURES_H

#include "base/base.h"

/* What is known of one comment. Spans are UTF-8; data == NULL means "not known". */
struct retort_item {
    struct retort_span text;
    struct retort_span
        parent_text; /* NULL: a top-level comment; equal to article_text: answers it */
    struct retort_span article_text; /* the article or source post of the thread */
    struct retort_span target;       /* the claim or topic a stance is toward */
};

/* ---- recipe: which features a task uses ---- */

struct retort_recipe {
    unsigned word_max;           /* word n-grams up to this n, 0–3 */
    unsigned char_min, char_max; /* character n-grams inside words, 0: none; ≤ 6 */
    /* Character n-grams are added up word by word, each word of the comment once, as if its pieces
     * were one feature (Bojanowski et al. 2017 do so in fastText): a word that was met before costs
     * one addition. Else each counts by itself. */
    bool pieces;
    bool binary;   /* an n-gram counts once; else 1 + log of its count */
    bool idf;      /* weigh by inverse document frequency */
    bool negation; /* a word behind a negation, up to the clause's end, is another word */
    bool cues;     /* hand-named cues of the comment itself */
    bool manner;   /* cues of how it speaks to others and of them */
    bool quotes;   /* quoted words are a field of their own, and no cue of the writer's */
    bool reply;    /* the same as place, parent and openings together */
    bool place;    /* cues of its place in the thread and of its parent; such a model is unsure, for
                      want of evidence, where nothing is answered */
    bool parent;   /* the parent's words */
    bool openings; /* the comment's first words, as one */
    unsigned early; /* the words among its first so many tokens, as a field of their own; ≤ 100 */
    bool phrases;   /* cues: what closed phrases do: deny, ask, confirm, agree, object … */
    bool questions; /* cues: how it asks */
    bool lengths;   /* cues: lengths of comment and parent in steps */
    bool target;    /* cues of target overlap, and target × comment word pairs */
    bool mask;      /* in n-grams, the target's words are <target> */
    bool toward;    /* n-grams also told apart by the target: for targets that are known */
    double cue_scale; /* cues are multiplied by this; the bag has length 1 */
    /* Nearness by word vectors, which the base model brings; 0: none. */
    double kin_scale;   /* how near comment and target are */
    double topic_scale; /* the mean vectors of target and comment themselves */
    /* Margins of a nested model as further cues (stacking: Wolpert 1992); the room model adds them.
     */
    bool stack;         /* of the comment */
    bool stack_parent;  /* of its parent, and the products of both */
    bool stack_target;  /* told apart by whether the comment names the target, and by its side */
    double stack_scale; /* these cues are multiplied by it, not by cue_scale */
};

/* What a task without a recipe of its own gets. */
extern const struct retort_recipe RETORT_GENERAL_RECIPE;

/* A recipe's text: `key=value` words, `#` to the line's end is a comment; what is not named is 0.
 * Keys that begin with "train." are passed over. Written with its keys in one order. */
void retort_recipe_write(const struct retort_recipe *recipe, struct retort_buffer *out);
bool retort_recipe_read(struct retort_recipe *recipe, struct retort_span text,
                        struct retort_error *error);

/* One setting after another, for who reads other keys of the same text. */
struct retort_setting {
    struct retort_span key, value; /* borrowed from the text */
};
bool retort_recipe_next(struct retort_span *rest, struct retort_setting *setting);
/* A number from 0 to `most`. */
bool retort_setting_number(struct retort_span text, double most, double *value);

/* ---- bag ---- */

enum retort_field {
    RETORT_FIELD_WORD,    /* the comment's word n-grams */
    RETORT_FIELD_CHAR,    /* its character n-grams */
    RETORT_FIELD_PARENT,  /* the parent's words */
    RETORT_FIELD_PAIR,    /* target word × comment word */
    RETORT_FIELD_SIDE,    /* is the target for or against its thing × comment word */
    RETORT_FIELD_OPENING, /* the comment's first words, as one */
    RETORT_FIELD_CUE,     /* dense, hand-named */
    RETORT_FIELD_STACK,   /* dense, margins of a nested model */
    RETORT_FIELD_EARLY,   /* word n-grams of its first tokens */
    RETORT_FIELD_QUOTED,  /* word n-grams of what it quotes */
    RETORT_FIELD_KIN,     /* dense, nearness of comment and target by word vectors */
    RETORT_FIELD_TOWARD,  /* target × n-gram of the comment */
};
enum { RETORT_N_FIELDS = RETORT_FIELD_TOWARD + 1 };

struct retort_term {
    uint64_t key;
    float value;           /* n-grams: 1 an occurrence; cues: their value, 0 to about 1 */
    uint32_t begin, end;   /* bytes of item.text it stands on; begin == end: on none */
    uint32_t name, length; /* its folded words, in bag.names */
    enum retort_field field;
};

/* Words as directions: those that keep the same company point the same way. Borrowed arrays. */
enum { RETORT_MOST_DIMENSIONS = 256 };
struct retort_vectors {
    uint32_t n_words, n_dimensions; /* at most RETORT_MOST_DIMENSIONS */
    const uint64_t *keys;           /* [n_words] as retort_bag_content gives them, ascending */
    const float *weights;           /* [n_words] inverse document frequency */
    const int8_t *values;           /* [n_words][n_dimensions], each of length 127 */
};

/* Private: cues of one kind, made once for all recipes. */
enum retort_cue_group {
    RETORT_CUES_TARGET,
    RETORT_CUES_OWN,
    RETORT_CUES_MANNER,
    RETORT_CUES_REPLY,
    RETORT_CUES_PHRASES,
    RETORT_CUES_QUESTIONS,
    RETORT_CUES_LENGTH,
    RETORT_N_CUE_GROUPS
};
struct retort_cue_range {
    bool made;
    size_t first, n;
};

struct retort_entry {
    uint32_t feature;
    float value;
};

struct retort_bag {
    struct retort_term *terms; /* n_terms; in the order of the text, cues last */
    size_t n_terms;
    struct retort_buffer names;
    size_t n_words;   /* word tokens of the comment, classes and punctuation not counted */
    size_t n_english; /* of these, common English words that are no other language's */
    /* What speaks for another language: 2 a closed-class word, 3 another word with a letter that
     * English does without, 2 or 4 a short or longer word of another script. */
    size_t n_foreign_halves;
    /* Set by the caller: cues that count words stand on them. One that stands on several is a term
     * on each, its value on the first and 0 on the others. */
    bool wants_places;
    const struct retort_vectors *vectors; /* set by the caller; NULL: nothing is kin */
    bool names_target;        /* a content word of the target stands in the comment, by its stem */
    bool target_against;      /* the target is against its thing ("ban …", "… is harmful") */
    size_t n_single, n_known; /* words of the comment (n-grams of 1), and those of a dictionary */
    /* private: */
    size_t capacity;
    struct retort_extractor *extractor;
    struct retort_item item;      /* as it was read */
    bool has_names;               /* folded texts of its tokens are in names, */
    size_t names_read;            /* so many bytes */
    bool has_quotes, quotes_told; /* it quotes; quoted tokens are marked as such now */
    struct retort_entry *cues;    /* slots and values of what was made of it */
    size_t n_cues, cue_capacity;
    struct retort_cue_range groups[RETORT_N_CUE_GROUPS];
    struct counter *counting; /* what was counted at once; NULL: all is terms */
};

struct retort_dictionary; /* below */

enum { RETORT_TEXT_READ = 1 << 16 }; /* bytes of a comment that are read at most */

/* Compiles the token pattern; reuse one per thread for all comments. */
void retort_bag_init(struct retort_bag *bag);
void retort_bag_release(struct retort_bag *bag);
/* The part of a text that is read: its first bytes, mended; mending may lengthen it, so it is cut
 * again, and what was read once is read again as it is. */
struct retort_span retort_text_read(struct retort_span text, size_t limit,
                                    struct retort_arena *arena);
/* Replaces the bag's content by the item's: retort_bag_read, then retort_bag_make. Of the comment
 * the first RETORT_TEXT_READ bytes are read, of parent, article and target the first 8 KiB: more
 * adds time, not evidence. Text should be valid UTF-8; what is not is mended first, and the places
 * of terms are then those of the mended text. */
void retort_bag_fill(struct retort_bag *bag, const struct retort_recipe *recipe,
                     const struct retort_item *item);
/* The item's texts as tokens: done once for all recipes that are then made of them. */
void retort_bag_read(struct retort_bag *bag, const struct retort_item *item);
/* The bag of the item that was read. With a dictionary what it knows is counted at once and the bag
 * has few terms or none: for retort_bag_vector over the same dictionary, at a tenth of the cost.
 * Without one all is terms, with names and places. The item's texts must still be there. */
void retort_bag_make(struct retort_bag *bag, const struct retort_recipe *recipe,
                     const struct retort_dictionary *dictionary);
/* Replaces the bag's content by nothing, and gives the keys of a text's content words in their
 * order, at most so many; their number is returned. */
size_t retort_bag_content(struct retort_bag *bag, struct retort_span text, uint64_t *keys,
                          size_t most);
/* Adds a dense term that stands on no word, its name in two parts; a value of 0 adds nothing. */
void retort_bag_add_dense(struct retort_bag *bag, enum retort_field field,
                          const char *const parts[2], double value);
/* The term's words as they were folded, and its field's name ("word", "pair", "cue" …). */
struct retort_span retort_term_name(const struct retort_bag *bag, const struct retort_term *term);
const char *retort_field_name(enum retort_field field);
/* A few hand-named values, weighed by a scale of their own; else n-grams, scaled to length 1. */
static inline bool retort_field_is_dense(enum retort_field field)
{
    return field == RETORT_FIELD_CUE || field == RETORT_FIELD_STACK || field == RETORT_FIELD_KIN;
}
/* What a dense feature's value is multiplied by, in training and in predicting. */
double retort_dense_scale(enum retort_field field, const struct retort_recipe *recipe);
/* A comment in no language the English models know: what speaks for another language outweighs the
 * common English words in it. Names, slang and borrowed words alone do not. */
bool retort_bag_is_foreign(const struct retort_bag *bag);

/* The key of a term by field and name: what bags and dictionaries agree on. */
uint64_t retort_term_key(enum retort_field field, struct retort_span name);

/* "PCRE2 10.42": what finds the words. */
void retort_features_libraries(struct retort_buffer *out);

/* ---- dictionary and vector ---- */

/* Locked: keys → feature indexes. Arrays are borrowed (from a model file, or from training). */
struct retort_dictionary {
    uint64_t id; /* of its content: a bag keeps what it has looked up under it; 0: keeps nothing */
    uint32_t n_features;
    uint32_t n_slots; /* a power of two > n_features, at least 8 */
    /* [n_slots] 0: free, else a byte of the key. Eight slots that lie together are a bucket and are
     * looked at at once; from a full one it goes on to the next, from any other no further. */
    const uint8_t *tags;
    const uint32_t *slots; /* [n_slots] feature indexes */
    const uint64_t *keys;  /* [n_features] */
    const float *idf;      /* [n_features]; 1 for dense features and without idf */
    const uint8_t *fields; /* [n_features] enum retort_field */
};

/* The feature's index, or UINT32_MAX. */
uint32_t retort_dictionary_find(const struct retort_dictionary *dictionary, uint64_t key);
/* So many slots that few buckets are full. */
uint32_t retort_dictionary_n_slots(uint32_t n_features);
/* Fills tags and slots, [n_slots] each and zeroed, from keys; false when two keys are equal. */
bool retort_dictionary_index(struct retort_dictionary *dictionary, uint8_t *tags, uint32_t *slots);

/* For training, the bag over the dictionary, unweighted: how often each n-gram stands in it, what
 * each dense feature is. Entries ascending by feature, in the arena. */
size_t retort_bag_counts(const struct retort_bag *bag, const struct retort_dictionary *dictionary,
                         struct retort_arena *arena, struct retort_entry **entries);
/* Counts → values, in place: the n-grams of each field are weighted and scaled to Euclidean length
 * 1, cues multiplied by cue_scale, stacked margins by stack_scale. */
void retort_weigh(struct retort_entry *entries, size_t n, const struct retort_recipe *recipe,
                  const struct retort_dictionary *dictionary);
/* For labelling, the bag as a vector: n-grams in the order in which they first stand in the bag,
 * then the dense features, weighed as retort_weigh does. Sets n_single and n_known. */
size_t retort_bag_vector(struct retort_bag *bag, const struct retort_recipe *recipe,
                         const struct retort_dictionary *dictionary, struct retort_arena *arena,
                         struct retort_entry **entries);

/* What a linear model knows of each feature, as it is added up: its inverse document frequency,
 * then a weight for each label, then zeros up to a multiple of four. */
enum { RETORT_ROW_IDF = 0, RETORT_ROW_WEIGHTS = 1, RETORT_MOST_LANES = 260 };
struct retort_rows {
    const float *values; /* [n_features][n_lanes] */
    size_t n_lanes;
};

/* The vector times the rows, without writing it down: what labelling takes most of its time for.
 * sums: [n_lanes], of the weights in their lanes. The same bits on every machine: lanes never
 * meet, and each adds up in the order in which the features were met, field by field. */
void retort_bag_product(struct retort_bag *bag, const struct retort_recipe *recipe,
                        const struct retort_dictionary *dictionary, const struct retort_rows *rows,
                        float *sums);

#endif
