/* eval (private to cli): what the hands of `retort eval` share. */
#ifndef RETORT_CLI_EVAL_H
#define RETORT_CLI_EVAL_H

#include "cli/cli.h"
#include "train/train.h"

/* The parts of --by as a table, and as members of the JSON object that is being written. */
void eval_put_parts(struct retort_buffer *out, const char *by, const struct retort_subset *parts,
                    size_t n_parts, size_t n_labels);
void eval_put_parts_json(struct retort_buffer *out, const char *by,
                         const struct retort_subset *parts, size_t n_parts, size_t n_labels);

int cli_eval_audit(const struct cli_arguments *arguments); /* `eval --audit`, called by cli_eval */

#endif
