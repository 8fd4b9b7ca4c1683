/* queue (private to cli): the options that queue and review share. */
#ifndef RETORT_CLI_QUEUE_H
#define RETORT_CLI_QUEUE_H

#include "cli/cli.h"
#include "review/review.h"

/* The options that say what is shown; the view brings what holds when they are not given. Spans are
 * the arguments'. */
bool queue_view(const struct cli_arguments *arguments, struct retort_view *view,
                struct retort_error *error);
/* What the view asks of the store: --page by name, and all words read where --search is given. */
bool queue_prepare(const struct cli_arguments *arguments, struct retort_store *store,
                   struct retort_view *view, struct retort_error *error);

#endif
