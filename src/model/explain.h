/* explain (private to model): one comment over one model, while it is explained. */
#ifndef RETORT_MODEL_EXPLAIN_H
#define RETORT_MODEL_EXPLAIN_H

#include "model/file.h"

/* The words of a comment, in the order of the text, none over another. */
struct words {
    struct word {
        uint32_t begin, end;
    } * words;
    size_t n;
    uint32_t *at; /* the word that begins at a byte */
};

/* What is shared out for one label. */
struct shares {
    double *words;  /* [n] */
    double *shared; /* [n] what word i and i + 1 have from n-grams that hold both */
};

struct reading {
    const struct retort_model *model;
    const struct retort_item *item;
    struct retort_arena *arena;
    const struct retort_bag *bag;
    const struct words *words;
    struct retort_entry *entries;
    size_t n_entries;
    double *margins;    /* [n_labels] */
    uint32_t *entry_of; /* [n_terms]; NO_ENTRY: the model does not know the term */
    uint32_t *n_places; /* [n_entries] terms that are this feature */
    bool *stands;       /* [n_entries] on words of the comment */
    /* Of a model with a base, else NULL: the comment over the base, its shares [n_labels of it],
     * and the label of it that an entry is made of ([n_entries], NO_ENTRY: none). */
    const struct reading *base;
    const struct shares *base_shares;
    uint32_t *stacked;
};

enum { NO_ENTRY = UINT32_MAX };

/* The words that a label's causes say decided, with what the label would be without them. *known
 * begins as NULL and is kept from label to label. Labels the comment again: the labeller's bags are
 * another text's then. */
struct without;
void retort_find_deciders(struct retort_labeller *labeller, const struct reading *reading,
                          size_t label, struct retort_explanation *explanation,
                          const struct without **known);

#endif
