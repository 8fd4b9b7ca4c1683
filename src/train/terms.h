/* terms (private to train): every text as a row of numbered terms, read once. */
#ifndef RETORT_TRAIN_TERMS_H
#define RETORT_TRAIN_TERMS_H

#include "train/parts.h"

/* A term of the data set, and how often it stands there. */
struct retort_frequency {
    uint64_t key;
    uint32_t n_documents; /* texts that it stands in */
    uint32_t last, at;    /* the row it was last met in, from 1, and its entry there */
    uint32_t name;        /* 1 + its place among the names; 0: it stands in too few rows */
    enum retort_field field;
    uint32_t number; /* its place, before anybody orders them */
};

struct retort_terms {
    struct retort_frequency *frequencies; /* [n_frequencies] */
    size_t n_frequencies;
    struct retort_span *names;    /* "word:not", in the arena */
    struct retort_entry *entries; /* rows of (number of a term, value), each term once a row */
    size_t *ends;                 /* [n_rows] */
    /* private: */
    uint32_t *slots; /* by key: 0 is free, else 1 + a term's number */
    size_t mask, n_names, name_capacity, frequency_capacity, entry_capacity;
    struct retort_arena arena;
};

/* Reads all examples in as many threads as the making says; what comes out is the same for any
 * number of them. */
void retort_terms_read(struct retort_terms *terms, const struct retort_dataset *dataset,
                       const struct retort_making *making);
void retort_terms_release(struct retort_terms *terms);

#endif
