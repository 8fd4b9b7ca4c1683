/* report: stored labels → prevalence, polarity, networks, words and transparency, with intervals.
 *
 * What is stored is read once into columns, some 100 bytes a comment (gather.h). Each section of
 * the report is a function over them (one row of the table in report.c) that fills tables of a
 * plain document (document.h), and each format is a function that writes any document. So no
 * section knows a format, and no format a section. Nothing is written to the store. */
#ifndef RETORT_REPORT_H
#define RETORT_REPORT_H

#include "base/base.h"
#include "estimate/estimate.h"
#include "exchange/exchange.h"
#include "relabel/relabel.h"
#include "review/review.h"
#include "store/store.h"

struct retort_report; /* opaque: a finished document */

struct retort_report_request {
    const char *name;  /* of what is reported on, for the title; NULL: "comments" */
    const char *where; /* which comments, as retort_relabel_request says; NULL: all that stand */
    const char
        *by; /* page, day, week, month, author, depth, place, label:TASK; NULL: all in one group */
    const char *task;              /* NULL: every task that is labelled here */
    const char *section;           /* only these, with commas between; NULL: all */
    const char *compare, *against; /* two filters like where; NULL: no comparison */
    const char *scale; /* labels of an ordered task, lowest first, commas between; NULL: as known */
    uint64_t seed;     /* of resampling, permutation, imputation */
    size_t n_resamples; /* 0: RETORT_REPORT_RESAMPLES */
    size_t n_groups;    /* at most so many, the largest; the others are one. 0: 50 */
    bool quiet;         /* no progress */
};
enum { RETORT_REPORT_RESAMPLES = 1000 };

/* RETORT_USAGE: a filter, grouping, task, section or label that means nothing here. To be freed. */
bool retort_report_make(struct retort_store *store, const struct retort_report_request *request,
                        struct retort_report **report, struct retort_error *error);
void retort_report_free(struct retort_report *report); /* NULL is fine */

/* ---- the document, written ---- */

enum retort_report_format {
    RETORT_REPORT_TEXT, /* for a terminal */
    RETORT_REPORT_JSON,
    RETORT_REPORT_CSV, /* long: section, table, row, column, value, low, high, why */
    RETORT_REPORT_LATEX,
    RETORT_REPORT_HTML,
    RETORT_REPORT_BIB,
};
/* columns: of the terminal, for TEXT; colour: with escapes, for TEXT. */
struct retort_report_look {
    enum retort_report_format format;
    size_t columns;
    bool colour;
};
void retort_report_write(const struct retort_report *report, const struct retort_report_look *look,
                         struct retort_buffer *out);

/* ---- the network of replies, as GraphML ----
 *
 * Nodes are the people that comments name, edges the replies of one to another, directed. A node
 * tells its comments, the replies it makes and gets, its community, and of each label how many of
 * its comments have it; an edge how many replies it stands for, and of each label of the task
 * `reply` (or of the task asked for) how many of them have it. These are sums of probabilities:
 * the model's, moved so that over all comments they add up to the corrected shares, and 0 or 1
 * where a person has decided. Needs the memory of a report, and 20 bytes a comment. */

struct retort_graphml_request {
    const char *where; /* as of a report; NULL: all that stand */
    const char *task;  /* only its labels; NULL: of all */
    const char *path;  /* NULL: standard output */
    uint64_t seed;     /* of communities */
    bool quiet;
};
/* A file appears only when it is whole. RETORT_INPUT: nothing is stored. */
bool retort_report_graphml(struct retort_store *store, const struct retort_graphml_request *request,
                           struct retort_error *error);

#endif
