/* Training and measuring the splitter: `retort train --task split`, `retort eval --task split`. */
#ifndef RETORT_TRAIN_SPLIT_H
#define RETORT_TRAIN_SPLIT_H

#include "base/base.h"

struct retort_split_options {
    const char *const *paths; /* JSON lines as training/pages/flatten.py writes them */
    size_t n_paths;
    const char *model;  /* train: written; eval: read */
    const char *report; /* train: the measured figures as JSON; NULL: none */
    uint64_t seed;
    bool quiet;
};

/* Chooses the cost by cross-validation over the groups below 17, trains on them, measures on the
 * groups held out (17 to 19), writes the model. The same files and seed give the same bytes. */
bool retort_train_split(const struct retort_split_options *options, struct retort_error *error);

/* Measures a model on pages with truth; one JSON object a source and variant on `out`. */
bool retort_eval_split(const struct retort_split_options *options, FILE *out,
                       struct retort_error *error);

#endif
