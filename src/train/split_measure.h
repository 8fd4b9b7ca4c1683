/* How good a split is, by source and variant. */
#ifndef RETORT_TRAIN_SPLIT_MEASURE_H
#define RETORT_TRAIN_SPLIT_MEASURE_H

#include "train/split_pages.h"

/* Sums over pages of one kind; `role_right` is also taken page by page. */
struct split_tally {
    struct retort_span source, variant;
    size_t n_pages, n_lines, n_right;
    double page_right;             /* sum over pages of the share of right roles */
    size_t begins, found, matched; /* beginnings of comments: true, given, both */
    size_t said;                   /* lines of comments: as many beginnings gives "every line" */
    double page_f1;                /* sum over pages with comments */
    size_t n_with, n_without, n_invented, n_lost; /* pages with, without; given wrongly; lost */
    size_t n_links, n_linked;     /* comments whose parent is known; given the right one */
    size_t n_previous, n_article; /* right by "the previous comment", by "always the article" */
};

struct split_tallies {
    struct split_tally rows[64];
    size_t n;
};

struct split_tally *split_tally_of(struct split_tallies *tallies, const struct split_page *page);
/* Counts one page whose lines were given these states. */
void split_tally_lines(struct split_tally *tally, const struct split_page *page,
                       const uint8_t *states);
/* Counts one page's parents, the bounds given: indices, −1 the article. */
void split_tally_parents(struct split_tally *tally, const struct split_page *page,
                         const int32_t *parents);
double split_tally_f1(const struct split_tally *tally);
/* One JSON object a line. */
void split_tallies_put(const struct split_tallies *tallies, struct retort_buffer *out);

#endif
