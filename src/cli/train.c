/* retort train: labelled lines in, a model file out. */
#include "cli/train.h"

#include <string.h>

static bool is_task_name(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && len < 64 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == len;
}

/* What goes with decisions, and what does not. */
static bool check_reviews(const struct cli_arguments *arguments,
                          const struct retort_train_options *options, bool reviews,
                          struct retort_error *error)
{
    static const char *const OURS[] = {"db", "with", "current", "models"};
    for (size_t i = 0; !reviews && i < sizeof OURS / sizeof OURS[0]; i++)
        if (cli_value(arguments, OURS[i]))
            return retort_fail(error, RETORT_USAGE, "--%s goes with --from-reviews", OURS[i]);
    if (reviews && options->neutralise)
        return retort_fail(error, RETORT_USAGE,
                           "--neutralise compares two models, --from-reviews two others; one of "
                           "them at a time");
    if (reviews && strcmp(options->task, "split") == 0)
        return retort_fail(error, RETORT_USAGE,
                           "a splitter learns from corrected pages: retort export --format truth, "
                           "then retort train --task split");
    return true;
}

static bool read_options(const struct cli_arguments *arguments,
                         struct retort_train_options *options, struct retort_error *error)
{
    static const char *const SOLVERS[] = {"auto", "libsvm", "liblinear", "descent", NULL};
    const char *cost = cli_value(arguments, "cost"), *sure = cli_value(arguments, "sure-error");
    uint64_t folds = 5, threads = 0;
    size_t solver = 0;
    *options = (struct retort_train_options){.task = cli_value(arguments, "task"),
                                             .recipe = cli_value(arguments, "recipe"),
                                             .out_of_fold = cli_value(arguments, "out-of-fold"),
                                             .base = cli_value(arguments, "base"),
                                             .base_margins = cli_value(arguments, "base-margins"),
                                             .output = cli_value(arguments, "output"),
                                             .inputs = arguments->files,
                                             .n_inputs = arguments->n_files,
                                             .seed = 1,
                                             .neutralise = cli_value(arguments, "neutralise"),
                                             .prevalence = cli_value(arguments, "prevalence"),
                                             .quiet = cli_flag(arguments, "quiet")};
    bool reviews = cli_flag(arguments, "from-reviews");
    if (!options->task || !options->output || (options->n_inputs == 0 && !reviews))
        return retort_fail(error, RETORT_USAGE,
                           "wants --task NAME, -o MODEL and at least one DATA.jsonl, or "
                           "--from-reviews");
    if (!check_reviews(arguments, options, reviews, error))
        return false;
    if (cli_value(arguments, "audit") && !options->neutralise)
        return retort_fail(error, RETORT_USAGE,
                           "--audit goes with --neutralise; else: retort eval --audit FILE");
    if (!is_task_name(options->task))
        return retort_fail(error, RETORT_USAGE,
                           "--task wants a name of 1 to 63 letters, digits, - and _");
    if ((cost && (!retort_parse_number(cost, &options->cost) || options->cost <= 0)) ||
        (sure && (!retort_parse_number(sure, &options->sure_error) || options->sure_error <= 0 ||
                  options->sure_error >= 1)))
        return retort_fail(error, RETORT_USAGE,
                           "--cost wants a number above 0, --sure-error one between 0 and 1");
    if (!cli_count(arguments, "seed", &options->seed, error) ||
        !cli_count(arguments, "folds", &folds, error) ||
        !cli_count(arguments, "threads", &threads, error) ||
        !cli_choice(arguments, "solver", SOLVERS, &solver, error))
        return false;
    if (folds < 2 || folds > 100 || threads > 64)
        return retort_fail(error, RETORT_USAGE, "--folds wants 2 to 100, --threads at most 64");
    options->n_folds = folds;
    options->n_workers = threads;
    options->solver = (enum retort_solver)solver;
    return true;
}

/* The splitter learns from whole pages, not from labelled comments: another data format, and the
 * report of its figures beside the model. */
static bool train_splitter(const struct cli_arguments *arguments,
                           const struct retort_train_options *options, struct retort_error *error)
{
    struct retort_buffer command = {0};
    uint64_t n_passes = 0;
    if (!cli_count(arguments, "passes", &n_passes, error))
        return false;
    if (n_passes > 1000)
        return retort_fail(error, RETORT_USAGE, "--passes wants at most 1000");
    cli_put_command(&command, arguments);
    const struct retort_split_options split = {.paths = options->inputs,
                                               .n_paths = options->n_inputs,
                                               .model = options->output,
                                               .report = cli_value(arguments, "report"),
                                               .command = (const char *)command.data,
                                               .seed = options->seed,
                                               .n_passes = n_passes,
                                               .leave_out = cli_flag(arguments, "leave-out"),
                                               .n_folds = options->n_folds,
                                               .n_workers = options->n_workers,
                                               .quiet = options->quiet};
    bool done = retort_train_split(&split, error);
    retort_buffer_release(&command);
    return done;
}

int cli_train(const struct cli_arguments *arguments)
{
    struct retort_train_options options;
    struct retort_error error;
    struct retort_model *model;
    if (!read_options(arguments, &options, &error))
        return cli_fail(arguments, &error);
    if (strcmp(options.task, "split") == 0)
        return train_splitter(arguments, &options, &error) ? RETORT_DONE
                                                           : cli_fail(arguments, &error);
    if (cli_flag(arguments, "from-reviews"))
        return train_reviews(arguments, &options, &error) ? RETORT_DONE
                                                          : cli_fail(arguments, &error);
    bool done = options.neutralise ? train_neutral(arguments, &options, &error)
                                   : retort_train(&options, &error);
    if (!done || !retort_model_open(&model, options.output, &error))
        return cli_fail(arguments, &error);
    if (!options.quiet && !options.neutralise)
        cli_print_card(model, stdout);
    retort_model_close(model);
    return RETORT_DONE;
}
