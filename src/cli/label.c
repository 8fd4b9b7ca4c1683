/* retort label: pages or JSON lines in, labelled comments out: as a table, as JSON lines, into a
 * review file, or all at once. */
#include "cli/label.h"

static bool take_thread(void *context, const struct retort_intake_thread *found,
                        struct retort_error *error)
{
    struct labelling *run = context;
    if (run->for_import)
        return retort_fail(error, RETORT_USAGE,
                           "%s: --for-import is of JSON lines; store this by `retort label -d`",
                           found->source);
    run->source = found->source;
    return label_page(run, found, error);
}

static bool take_lines(void *context, struct retort_archive *file, const char *path,
                       struct retort_error *error)
{
    struct labelling *run = context;
    run->source = path;
    return label_lines(run, file, error);
}

/* ---- the command ---- */

/* A hash is made when it is first asked for, and that must not be by many threads at once. */
static void ask_hashes(const struct retort_models *models)
{
    for (size_t m = 0; m < models->n_models; m++)
        retort_model_hash(models->models[m]);
}

static bool open_run(struct labelling *run, const struct cli_arguments *arguments,
                     struct retort_error *error)
{
    const char *target = cli_value(arguments, "target"), *db = cli_value(arguments, "db");
    run->arguments = arguments;
    run->json = cli_flag(arguments, "json");
    run->for_import = cli_flag(arguments, "for-import");
    run->explain = cli_flag(arguments, "explain");
    run->quiet = cli_flag(arguments, "quiet");
    run->judge = (struct retort_judge){.models = &run->models, .labeller = &run->labeller};
    if (target)
        run->judge.target = retort_span_of(target);
    if (run->for_import && !run->json)
        return retort_fail(error, RETORT_USAGE, "--for-import is of --json lines: give both");
    if (target && !retort_utf8_valid(run->judge.target))
        return retort_fail(error, RETORT_USAGE, "--target wants UTF-8");
    if (db)
        cli_step_back();
    retort_labeller_init(&run->labeller);
    if (!cli_threads(arguments, &run->n_threads, error) ||
        !cli_open_models(arguments, &run->models, error) ||
        (db &&
         !(retort_store_open(&run->store, db, RETORT_STORE_WRITE, RETORT_STORE_BUSY_MS, error) &&
           retort_store_load(run->store, error))))
        return false;
    run->forms = label_forms_open(&run->models);
    if (run->for_import || db)
        ask_hashes(&run->models);
    return true;
}

static void close_run(struct labelling *run)
{
    retort_store_close(run->store);
    retort_labeller_release(&run->labeller);
    label_forms_close(run->forms);
    retort_models_close(&run->models);
    retort_buffer_release(&run->out);
}

int cli_label(const struct cli_arguments *arguments)
{
    struct labelling run = {0};
    struct intake intake = {
        .arguments = arguments, .thread = take_thread, .lines = take_lines, .context = &run};
    struct retort_error error;
    bool done = intake_begin(&intake, &error) && open_run(&run, arguments, &error) &&
                intake_run(&intake, &error) && label_page_end(&run, &error);
    close_run(&run);
    if (!done)
        return cli_fail(arguments, &error);
    /* With --for-import a bad line goes on as what it is, and the import says so: a worker that has
     * done all that can be done is not to be run again. */
    return run.saw_bad_line && !run.for_import ? RETORT_INPUT : intake.code;
}
