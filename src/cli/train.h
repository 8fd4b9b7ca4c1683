/* train (private to cli): what the hands of `retort train` share. */
#ifndef RETORT_CLI_TRAIN_H
#define RETORT_CLI_TRAIN_H

#include "cli/cli.h"
#include "train/train.h"

/* Trains without the options' neutralise and with it, writes the latter, prints what has changed.
 */
bool train_neutral(const struct cli_arguments *arguments,
                   const struct retort_train_options *options, struct retort_error *error);

/* From the decisions of a review file, and the options' inputs; unless quiet, prints what it
 * learned from, the card, and how the candidate does beside the current model. */
bool train_reviews(const struct cli_arguments *arguments,
                   const struct retort_train_options *options, struct retort_error *error);

#endif
