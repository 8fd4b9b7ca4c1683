/* retort export: the review file for other programs. Lossless where the format has a place for it:
 * ids, authors, times, parents, sources, what the models say with p, what people said, and unknown
 * members verbatim. One comment is in memory at a time.
 *
 * Exported are the comments that stand in the newest scrape of their source, and those a person has
 * decided on, wherever they are now. */
#include "cli/export.h"

#include <string.h>

static const struct export_format FORMATS[] = {
    {"jsonl", false, NULL, export_jsonl_put, NULL, NULL},
    {"csv", false, export_csv_begin, export_csv_put, NULL, export_csv_release},
    {"doccano", false, NULL, export_doccano_put, NULL, NULL},
    {"label-studio", false, export_studio_begin, export_studio_put, export_studio_end, NULL},
    {"convokit", true, export_convokit_begin, export_convokit_put, export_convokit_end,
     export_convokit_release},
    {"truth", false, export_truth_begin, NULL, NULL, NULL},
};

bool export_wants(const struct export_run *run, const struct retort_stored_label *label)
{
    return !run->task || retort_span_equal(label->task, retort_span_of(run->task));
}

/* Labels of other tasks are left out; a comment that is gone stays for a decision's sake. */
static bool select_labels(const struct export_run *run, struct stored *stored)
{
    size_t n = 0;
    bool decided = false;
    for (size_t i = 0; i < stored->n_labels; i++) {
        decided |= stored->labels[i].decision != 0;
        if (export_wants(run, &stored->labels[i]))
            stored->labels[n++] = stored->labels[i];
    }
    stored->n_labels = n;
    return stored->comment.current || decided;
}

static bool put_comment(void *context, const struct retort_stored_comment *comment,
                        struct retort_error *error)
{
    struct export_run *run = context;
    struct retort_arena arena = {0};
    struct stored stored;
    bool good = stored_read(run->store, comment, &arena, &stored, error);
    if (good && select_labels(run, &stored)) {
        good = run->format->put(run, &stored, &arena, error);
        run->n_written++;
    }
    retort_arena_release(&arena);
    return good && (run->file.out.len < 1 << 16 || export_file_flush(&run->file, error));
}

static bool write_all(struct export_run *run, struct retort_error *error)
{
    return (!run->format->begin || run->format->begin(run, error)) &&
           (!run->format->put || retort_store_each_comment(run->store, put_comment, run, error)) &&
           (!run->format->end || run->format->end(run, error));
}

static bool write_file(struct export_run *run, struct retort_error *error)
{
    bool own = run->format->is_directory;
    bool done = (own || export_file_open(&run->file, run->path, error)) && write_all(run, error);
    if (!own)
        done = export_file_close(&run->file, done, error);
    if (run->state)
        run->format->release(run);
    return done;
}

static bool read_options(const struct cli_arguments *arguments, struct export_run *run,
                         struct retort_error *error)
{
    static const char *names[sizeof FORMATS / sizeof *FORMATS + 1];
    size_t format = 0;
    for (size_t i = 0; i < sizeof FORMATS / sizeof *FORMATS; i++)
        names[i] = FORMATS[i].name;
    if (!cli_value(arguments, "format"))
        return retort_fail(error, RETORT_USAGE, "--format is missing; see `retort export --help`");
    if (!cli_choice(arguments, "format", names, &format, error))
        return false;
    run->format = &FORMATS[format];
    run->task = cli_value(arguments, "task");
    run->path = cli_value(arguments, "output");
    return !run->format->is_directory || run->path ||
           retort_fail(error, RETORT_USAGE, "--format %s writes a directory; name it by -o DIR",
                       run->format->name);
}

/* A task that nobody has ever labelled is a slip of the pen. */
static bool check_task(struct export_run *run, struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    if (!retort_store_models(run->store, &models, &n_models, error))
        return false;
    for (size_t i = 0; run->task && i < n_models; i++)
        if (strcmp(models[i].task, run->task) == 0)
            return true;
    return !run->task || retort_fail(error, RETORT_USAGE,
                                     "no model has labelled here for the task \"%s\"", run->task);
}

int cli_export(const struct cli_arguments *arguments)
{
    struct retort_error error = {0};
    struct export_run run = {0};
    const char *db = cli_value_or(arguments, "db", STORED_DEFAULT_DB);
    bool done =
        read_options(arguments, &run, &error) &&
        retort_store_open(&run.store, db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS, &error) &&
        check_task(&run, &error) && write_file(&run, &error);
    retort_store_close(run.store);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
