/* word_counts (private to report): how many comments use each word, in each of some columns.
 *
 * A word counts once a comment, so that who repeats it has no more weight. Memory is bounded: when
 * there are too many different words, the rarest are dropped, and what may be missing of any count
 * is known. */
#ifndef RETORT_REPORT_WORD_COUNTS_H
#define RETORT_REPORT_WORD_COUNTS_H

#include "base/base.h"
#include "features/features.h"

struct word_counts {
    size_t n_columns;
    size_t n, capacity;         /* words, and at most so many */
    struct counted_word *words; /* [n] */
    uint32_t *counts;           /* [n][n_columns] comments that use it */
    uint64_t *totals;           /* [n_columns] sum of all words' counts, of dropped ones, too */
    uint32_t lost;              /* at most so much is missing of a word's count in all */
    struct retort_buffer names;
    uint32_t *slots; /* [n_slots] a word + 1; 0: free */
    size_t n_slots;
};
struct counted_word {
    uint64_t key;
    uint32_t name, length; /* in names */
    uint32_t total;        /* comments that use it, in whatever column */
    uint32_t last;         /* the comment that used it last, + 1 */
};

/* n_bytes: what counts may take, names apart. */
void word_counts_begin(struct word_counts *counts, size_t n_columns, size_t n_bytes);
void word_counts_end(struct word_counts *counts);
/* The words of a comment in its columns, which differ; comments are numbered upward from 0. */
void word_counts_add(struct word_counts *counts, const struct retort_bag *bag, uint32_t comment,
                     const uint32_t *columns, size_t n_columns);
static inline struct retort_span word_counts_name(const struct word_counts *counts, size_t word)
{
    return retort_span_slice(retort_buffer_span(&counts->names), counts->words[word].name,
                             (size_t)counts->words[word].name + counts->words[word].length);
}

#endif
