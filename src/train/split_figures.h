/* Figures of merit of a splitter, made from sums over pages.
 *
 * A page is scored once, into a row of sums (split_score.c); every figure is a quotient of sums,
 * so that a mean over pages, a figure pooled over all lines and a figure of a resample are made by
 * one function. What cannot be had (no page has a comment) is NaN.
 *
 * Spread: the standard deviation of the figure over bootstrap resamples of sites (Efron 1979).
 * Sites are drawn, not pages: pages of one site are no independent evidence. One site alone: NaN.
 */
#ifndef RETORT_TRAIN_SPLIT_FIGURES_H
#define RETORT_TRAIN_SPLIT_FIGURES_H

#include "base/base.h"
#include "page/page.h"

/* Texts that are compared token by token. Signed: comments with their author and date lines. */
enum split_reading {
    READING_ARTICLE,
    READING_COMMENTS,
    READING_SIGNED_COMMENTS,
    READING_BOTH,
    READING_SIGNED_BOTH,
    N_READINGS
};

enum { N_ROLES = RETORT_SIGNATURE + 1 };

enum split_sum {
    SUM_PAGES,
    SUM_WITH,     /* pages with comments */
    SUM_LOST,     /* … that were given none */
    SUM_WITHOUT,  /* pages known to have no comment */
    SUM_INVENTED, /* … that were given one */
    /* tokens, page by page: for each reading the sums of precision, recall, F1; pages */
    SUM_TOKENS,
    SUM_LINE_PAGES = SUM_TOKENS + 4 * N_READINGS, /* pages whose lines are known */
    SUM_LINES_RIGHT, /* sum over pages of the share of lines with the right role */
    SUM_MACRO_F1,    /* sum over pages of the mean of F1 over the page's roles */
    /* lines: for each role matched, truth, given */
    SUM_ROLES,
    SUM_BEGINS = SUM_ROLES + 3 * N_ROLES, /* beginnings of comments: matched, truth, given */
    SUM_TEXT_LINES = SUM_BEGINS + 3, /* lines of comments: what "every line begins one" would say */
    SUM_BEGIN_PAGES,                 /* pages with comments whose beginnings are known */
    SUM_BEGIN_F1,                    /* sum over these of F1 */
    SUM_SEGMENT_PAGES,               /* pages whose comments have lines enough for a window */
    SUM_PK,
    SUM_WINDOWDIFF,
    SUM_LINKS,                  /* comments with a known parent, bounds given */
    SUM_LINKS_RIGHT,            /* … given the right one */
    SUM_PREVIOUS,               /* … that answer the comment before */
    SUM_LINKS_ARTICLE,          /* … that answer the article */
    SUM_THREADS,                /* pages with known parents */
    SUM_LINK_SHARE,             /* sum over these of the share of right parents */
    SUM_ENDS,                   /* links end to end: matched, truth, given */
    SUM_ANSWERS = SUM_ENDS + 3, /* the same without links to the article */
    N_SUMS = SUM_ANSWERS + 3
};

/* What is kept of a page after it was scored. */
struct split_scored {
    struct retort_span id, source, variant, site;
    double sums[N_SUMS];
    size_t n_bytes;
    double seconds; /* processor time of splitting it; 0: not timed */
};

/* The figures, in families that a table shows together. */
enum split_family { IN_TOKENS, IN_ROLES, IN_BOUNDS, IN_PARENTS, N_FAMILIES };

struct split_figure {
    const char *name;   /* in JSON */
    const char *column; /* in a table; NULL: not shown there */
    enum split_family family;
};

size_t split_n_figures(void);
const struct split_figure *split_figure_at(size_t index);
size_t split_figure_named(const char *name); /* must be one */
double split_figure_value(size_t index, const double sums[N_SUMS]);

/* Figures of some pages: of one source and variant, of one source, of all. */
struct split_row {
    struct retort_span source, variant; /* empty: all */
    size_t n_pages, n_sites;
    double *values, *errors; /* [n_figures]; NaN: cannot be had */
};

struct split_rows_made {
    struct split_row *rows;
    size_t n;
};

/* How the spread is found: n 0 leaves all errors NaN. */
struct split_resampling {
    size_t n;
    uint64_t seed;
};

/* Rows by source and variant, each source's rows before the row of the whole source; last the row
 * of all pages and the mean over sources (source "mean of sources"). */
void split_rows_make(struct split_rows_made *made, const struct split_scored *pages, size_t n_pages,
                     struct split_resampling resampling, struct retort_arena *arena);

#endif
