/* document (private to report): sections of tables, what every section fills and every format
 * writes.
 *
 * All of it lives in the report's arena. A cell that has no figure says why, in words. Sentences
 * are plain UTF-8 without markup. */
#ifndef RETORT_REPORT_DOCUMENT_H
#define RETORT_REPORT_DOCUMENT_H

#include "report/report.h"

#include <math.h>

enum report_kind {
    REPORT_NOTHING, /* text says why */
    REPORT_TEXT,
    REPORT_COUNT,
    REPORT_SHARE,  /* 0 to 1, shown in per cent */
    REPORT_POINTS, /* how far two shares are apart, -1 to 1, shown in points with its sign */
    REPORT_NUMBER, /* shown with the column's decimals */
    REPORT_P,      /* a chance under the null hypothesis */
};

struct report_cell {
    enum report_kind kind;
    struct retort_span text;
    double value, low, high; /* low NaN: no interval */
};

struct report_column {
    const char *name; /* key in JSON and CSV: [a-z0-9_] */
    const char *head; /* for people */
    int decimals;     /* of REPORT_NUMBER; shares have one, in per cent */
};

enum report_plot {
    REPORT_NO_PLOT,
    REPORT_DOTS,  /* a row a mark with its interval, named by the label column */
    REPORT_LINES, /* rows in order from left to right, a line a series */
    REPORT_FLOOR, /* dots around zero: effects, a line at zero */
};

struct report_table {
    const char *id; /* [a-z0-9-], unique in the report */
    struct retort_span title;
    const struct report_column *columns;
    size_t n_columns, n_rows;
    struct report_cell *cells; /* [n_rows][n_columns] */
    enum report_plot plot;
    size_t plot_label, plot_series, plot_value; /* columns; series SIZE_MAX: there is one */
    struct retort_span *notes;
    size_t n_notes;
};

struct report_section {
    const char *id, *title;
    struct retort_span *findings; /* sentences: what it comes to, effect size first */
    size_t n_findings;
    struct report_table *tables;
    size_t n_tables;
};

/* Formats for people begin with the first finding of each section that has one, if some do. */
static inline bool report_has_summary(const struct report_section *sections, size_t n)
{
    size_t n_told = 0;
    for (size_t i = 0; i < n; i++)
        n_told += sections[i].n_findings > 0;
    return n_told > 1;
}

/* What the methods paragraph says: a sentence, and the papers it stands on. */
struct report_method {
    struct retort_span sentence;
    const char *sources; /* keys of sources.bib, commas between; NULL: none */
};

/* A model whose labels the report stands on. */
struct report_model {
    struct retort_span task, hash;
    struct retort_span merit; /* what its card says of it, in a clause; empty: nothing */
};

struct retort_report {
    struct retort_arena arena;
    struct retort_span title, subtitle; /* subtitle: file, filter, date of the newest comment */
    const char *group_head; /* what columns named "group" are headed; NULL: as the section says */
    struct report_section *sections;
    size_t n_sections;
    struct report_method *methods;
    size_t n_methods;
    struct report_model *models; /* in force, a task each; filled by methods.c */
    size_t n_models;
    uint64_t seed;
    size_t n_resamples;
};

/* ---- filling ---- */

struct report_table *report_add_table(struct retort_report *report, struct report_section *section,
                                      const char *id, const char *title,
                                      const struct report_column *columns, size_t n_columns);
/* A new row's cells [n_columns], all REPORT_NOTHING; valid until the next row is added. */
struct report_cell *report_add_row(struct retort_report *report, struct report_table *table);
void report_add_note(struct retort_report *report, struct report_table *table, const char *format,
                     ...) __attribute__((format(printf, 3, 4)));
void report_add_finding(struct retort_report *report, struct report_section *section,
                        const char *format, ...) __attribute__((format(printf, 3, 4)));
/* The same sentence twice is said once. */
void report_add_method(struct retort_report *report, const char *sources, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The buffer's words, kept as long as the report; the buffer is released. */
struct retort_span report_keep(struct retort_report *report, struct retort_buffer *words);

/* A figure without an interval. */
static inline struct retort_estimate report_bare(double value)
{
    return (struct retort_estimate){value, (double)NAN, (double)NAN};
}

struct report_cell report_text(struct retort_span text); /* not copied */
struct report_cell report_words(const char *text);       /* not copied */
struct report_cell report_count(uint64_t n);
struct report_cell report_share(struct retort_estimate share); /* no number: REPORT_NOTHING, "–" */
struct report_cell report_points(struct retort_estimate difference); /* the same */
struct report_cell report_number(struct retort_estimate number);     /* the same */
struct report_cell report_p(double p);
struct report_cell report_nothing(const char *why); /* not copied */

/* ---- formats, a file each ---- */

void report_write_text(const struct retort_report *report, const struct retort_report_look *look,
                       struct retort_buffer *out);
void report_write_json(const struct retort_report *report, struct retort_buffer *out);
void report_write_csv(const struct retort_report *report, struct retort_buffer *out);
void report_write_latex(const struct retort_report *report, struct retort_buffer *out);
void report_write_html(const struct retort_report *report, struct retort_buffer *out);
void report_write_bib(const struct retort_report *report, struct retort_buffer *out);

#endif
