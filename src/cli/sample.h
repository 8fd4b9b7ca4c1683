/* sample (private to cli): what drawing and stopping have in common. */
#ifndef RETORT_CLI_SAMPLE_H
#define RETORT_CLI_SAMPLE_H

#include "cli/cli.h"
#include "review/review.h"

/* --task, else the only task that is labelled here; borrowed until the store closes. */
bool sample_task(const struct cli_arguments *arguments, struct retort_store *store,
                 const char **task, struct retort_error *error);
/* --enough: appends what is to be said. */
bool sample_enough(const struct cli_arguments *arguments, struct retort_store *store,
                   struct retort_buffer *out, struct retort_error *error);

#endif
