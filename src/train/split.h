/* Training and measuring the splitter: `retort train --task split`, `retort eval split`. */
#ifndef RETORT_TRAIN_SPLIT_H
#define RETORT_TRAIN_SPLIT_H

#include "base/base.h"

struct retort_split_options {
    const char *const *paths; /* rows of pages with truth; training/README.md describes them */
    size_t n_paths;
    const char *model;   /* train: written; measure: read */
    const char *report;  /* train: the measured figures as JSON; NULL: none */
    const char *command; /* for the report: what made it */
    uint64_t seed;
    size_t n_passes;  /* train: over the pages; 0: as many as shipped models had */
    size_t n_folds;   /* train */
    bool leave_out;   /* train: the report also has models without each source */
    size_t n_workers; /* train: processes at once */
    bool time;        /* measure: the processor time of splitting, too */
    bool quiet;
};

/* Trains on all pages and writes the model; the report has the figures out of fold, and with each
 * source left out. The same files, options and seed give the same bytes, for any n_workers. */
bool retort_train_split(const struct retort_split_options *options, struct retort_error *error);

/* The figures of a model on pages with truth; opaque. */
struct retort_split_figures;
bool retort_split_measure(struct retort_split_figures **figures,
                          const struct retort_split_options *options, struct retort_error *error);
void retort_split_figures_close(struct retort_split_figures *figures); /* NULL is fine */
/* One JSON object with what was measured, how, and the figures by source and variant. */
void retort_split_figures_json(const struct retort_split_figures *figures,
                               struct retort_buffer *out);
/* The same for a person: a table a family of figures, "value ±standard error". */
void retort_split_figures_table(const struct retort_split_figures *figures,
                                struct retort_buffer *out);
/* One JSON object a page: its own figures. */
void retort_split_figures_pages(const struct retort_split_figures *figures,
                                struct retort_buffer *out);

#endif
