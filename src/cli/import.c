/* retort import: files of other programs, of other machines and of other review files into one.
 *
 * All that doesn't tell its source goes under one, whatever the files are called: a comment's
 * identity holds its source, so that shards may be cut and named as one likes. */
#include "cli/cli.h"
#include "exchange/exchange.h"

#include <sys/stat.h>

struct importing {
    const struct cli_arguments *arguments;
    struct retort_import_request request;
    struct retort_import_figures figures;
    struct retort_models models;
    bool has_models;
    struct retort_progress progress; /* in bytes of all files */
    size_t bytes_before;             /* of files that were read */
    int code;                        /* of what was said and passed over */
};

/* ---- the host ---- */

static bool ask_models(void *context, const struct retort_models **models,
                       struct retort_error *error)
{
    struct importing *run = context;
    if (!run->has_models && !cli_open_models(run->arguments, &run->models, error))
        return false;
    run->has_models = true;
    *models = &run->models;
    return true;
}

static void say(void *context, enum retort_failure failure, const char *message)
{
    struct importing *run = context;
    if (run->progress.enabled)
        fputs("\r\033[K", stderr);
    fprintf(stderr, "retort import: %s\n", message);
    if (failure != RETORT_DONE)
        run->code = (int)failure;
}

static void show(void *context, size_t n_bytes)
{
    struct importing *run = context;
    retort_progress_step(&run->progress, run->bytes_before + n_bytes);
}

/* ---- the command ---- */

/* 0: nobody knows, such as of standard input. */
static size_t count_bytes(const struct cli_arguments *arguments)
{
    struct stat status;
    size_t total = 0;
    for (size_t i = 0; i < arguments->n_files; i++) {
        if (stat(arguments->files[i], &status) != 0 || !S_ISREG(status.st_mode))
            return 0;
        total += (size_t)status.st_size;
    }
    return total;
}

static bool take_files(struct importing *run, struct retort_error *error)
{
    bool good = true;
    retort_progress_begin(&run->progress, "bytes read", count_bytes(run->arguments),
                          cli_flag(run->arguments, "quiet"));
    for (size_t i = 0; good && i < run->arguments->n_files; i++) {
        good =
            retort_exchange_import(&run->request, run->arguments->files[i], &run->figures, error);
        run->bytes_before = run->progress.done;
    }
    retort_progress_end(&run->progress);
    return good;
}

static bool read_options(struct importing *run, struct retort_error *error)
{
    const struct cli_arguments *arguments = run->arguments;
    run->request = (struct retort_import_request){
        .source = cli_value_or(arguments, "source", "-"),
        .keep_private = cli_flag(arguments, "keep-private"),
        .map = cli_value(arguments, "map"),
        .task = cli_value(arguments, "task"),
        .reviewer = cli_value(arguments, "reviewer"),
        .confirmed = cli_flag(arguments, "confirmed"),
        .models = ask_models,
        .say = say,
        .show = show,
        .context = run,
    };
    if (arguments->n_files == 0)
        return retort_fail(error, RETORT_USAGE, "wants FILE..., or - for standard input");
    if (!retort_utf8_valid(retort_span_of(run->request.source)) || !run->request.source[0])
        return retort_fail(error, RETORT_USAGE, "--source wants a name, in UTF-8");
    return cli_choice(arguments, "format", RETORT_IMPORT_FORMATS, &run->request.format, error);
}

static bool open_run(struct importing *run, struct retort_error *error)
{
    const char *db = cli_value_or(run->arguments, "db", CLI_DEFAULT_DB);
    if (!read_options(run, error))
        return false;
    cli_step_back();
    return retort_store_open(&run->request.store, db, RETORT_STORE_WRITE, RETORT_STORE_BUSY_MS,
                             error) &&
           retort_store_load(run->request.store, error);
}

/* ---- what it says ---- */

static void say_done(const struct importing *run)
{
    const struct retort_import_figures *figures = &run->figures;
    if (cli_flag(run->arguments, "quiet"))
        return;
    printf("%zu comments, of which %zu are new\n", figures->n_comments, figures->n_new);
    if (figures->n_decisions > 0)
        printf("%zu new decisions of people\n", figures->n_decisions);
    if (figures->n_nameless > 0)
        printf("%zu have no id: of those that are alike, two in one file are two comments, one in "
               "each of two files is the same\n",
               figures->n_nameless);
    if (figures->n_bare > 0)
        printf("%zu have no label, as there are no models here; see --models\n", figures->n_bare);
    if (figures->n_changed > 0)
        printf("%zu were changed since they were exported: they are comments of their own\n",
               figures->n_changed);
    if (figures->n_unplaced > 0)
        printf("%zu stand on a page of which the file does not tell: they have no place here\n",
               figures->n_unplaced);
    if (figures->n_forgotten > 0)
        printf("%zu are by people who were forgotten here: they stay out\n", figures->n_forgotten);
}

int cli_import(const struct cli_arguments *arguments)
{
    struct importing run = {.arguments = arguments};
    struct retort_error error;
    bool done = open_run(&run, &error) && take_files(&run, &error);
    retort_store_close(run.request.store);
    if (run.has_models)
        retort_models_close(&run.models);
    if (!done)
        return cli_fail(arguments, &error);
    say_done(&run);
    return run.code;
}
