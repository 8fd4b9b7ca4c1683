/* retort eval split: a splitter on pages with truth; figures by source and variant. */
#include "cli/cli.h"
#include "train/train.h"

static bool write_figures(const struct cli_arguments *arguments,
                          const struct retort_split_figures *figures, struct retort_error *error)
{
    struct retort_buffer json = {0}, out = {0};
    const char *report = cli_value(arguments, "report");
    retort_split_figures_json(figures, &json);
    bool done = !report || retort_file_replace(report, retort_buffer_span(&json), error);
    if (cli_flag(arguments, "items"))
        retort_split_figures_pages(figures, &out);
    else if (cli_flag(arguments, "json"))
        retort_buffer_put(&out, retort_buffer_span(&json));
    else
        retort_split_figures_table(figures, &out);
    done = done && cli_flush(&out, stdout, error);
    retort_buffer_release(&json);
    retort_buffer_release(&out);
    return done;
}

static bool measure(const struct cli_arguments *arguments, const char *model,
                    struct retort_error *error)
{
    struct retort_buffer command = {0};
    struct retort_split_figures *figures = NULL;
    struct retort_split_options options = {.paths = arguments->files + 1,
                                           .n_paths = arguments->n_files - 1,
                                           .model = model,
                                           .seed = 1,
                                           .time = cli_flag(arguments, "speed"),
                                           .quiet = cli_flag(arguments, "quiet")};
    cli_put_command(&command, arguments);
    options.command = (const char *)command.data;
    bool done = cli_count(arguments, "seed", &options.seed, error) &&
                retort_split_measure(&figures, &options, error) &&
                write_figures(arguments, figures, error);
    retort_split_figures_close(figures);
    retort_buffer_release(&command);
    return done;
}

int cli_eval_split(const struct cli_arguments *arguments)
{
    struct retort_buffer path = {0};
    struct retort_error error;
    const char *model = cli_value(arguments, "model");
    bool done =
        arguments->n_files > 1 || retort_fail(&error, RETORT_USAGE, "split wants PAGES.jsonl");
    if (done && !model && (done = cli_splitter_path(arguments, &path, &error)))
        model = (const char *)path.data;
    done = done && measure(arguments, model, &error);
    retort_buffer_release(&path);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
