/* relabel report (private to cli): what a run changes, has changed or would change. */
#ifndef RETORT_CLI_RELABEL_REPORT_H
#define RETORT_CLI_RELABEL_REPORT_H

#include "cli/cli.h"
#include "relabel/relabel.h"

/* What a run (0: none) has changed, as the store tells it, for a person or with --json; --top flips
 * a task.
 * Words are told of models that are open or are found: --against FILE, and the models' directory.
 */
bool relabel_tell_run(const struct cli_arguments *arguments, struct retort_store *store,
                      int64_t run, const struct retort_models *open, struct retort_error *error);
/* What the request would change; writes nothing. */
bool relabel_tell_preview(const struct cli_arguments *arguments, struct retort_store *store,
                          const struct retort_relabel_request *request, struct retort_error *error);

void relabel_put_text(struct retort_buffer *out, const struct retort_diff_report *report);
/* One object on one line; run 0: null. */
void relabel_put_json(struct retort_buffer *out, int64_t run,
                      const struct retort_diff_report *report);

#endif
