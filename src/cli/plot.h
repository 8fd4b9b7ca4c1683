/* plot (private to cli): a model's reliability as SVG. */
#ifndef RETORT_CLI_PLOT_H
#define RETORT_CLI_PLOT_H

#include "cli/cli.h"

/* Drawn from the bins in the model's card; refused when it has none. */
bool cli_plot(const struct retort_model *model, struct retort_buffer *out,
              struct retort_error *error);

#endif
