/* queue (private to cli): the options that queue and review share. */
#ifndef RETORT_CLI_QUEUE_H
#define RETORT_CLI_QUEUE_H

#include "cli/cli.h"
#include "review/review.h"

/* --order, --limit, --seed, --task, --label; the request brings what holds when they are not given.
 */
bool queue_request(const struct cli_arguments *arguments, struct retort_queue_request *request,
                   struct retort_error *error);

#endif
