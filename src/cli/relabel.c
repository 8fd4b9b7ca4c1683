/* retort relabel: stored comments through new models: what would change, the change, the way back.
 */
#include "cli/relabel_report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct relabelling {
    const struct cli_arguments *arguments;
    const char *db;
    struct retort_models models;
    struct retort_relabel_request request;
    struct retort_store *store;
    struct retort_buffer out;
};

/* The files named, else all models of the directory. */
static bool open_models(struct relabelling *run, struct retort_error *error)
{
    const struct cli_arguments *arguments = run->arguments;
    const char *first = cli_value(arguments, "model");
    struct retort_buffer directory = {0};
    bool opened;
    if (first || arguments->n_files > 0) {
        const char **paths = retort_grow(NULL, arguments->n_files + 1, sizeof *paths);
        size_t n = 0;
        if (first)
            paths[n++] = first;
        for (size_t i = 0; i < arguments->n_files; i++)
            paths[n++] = arguments->files[i];
        opened = retort_relabel_open_files(&run->models, paths, n, error);
        free(paths);
    } else {
        opened = cli_models_directory(arguments, &directory, error) &&
                 retort_relabel_open_directory(&run->models, (const char *)directory.data, error);
        retort_buffer_release(&directory);
    }
    return opened;
}

/* ---- runs ---- */

static bool put_run(void *context, const struct retort_run *run, struct retort_error *error)
{
    struct relabelling *of = context;
    struct retort_buffer *out = &of->out;
    (void)error;
    retort_buffer_format(out, "%5lld  %-9s  ", (long long)run->id,
                         retort_run_state_name(run->state));
    retort_buffer_put(out, run->begun);
    retort_buffer_format(out, "  %9llu comments ", (unsigned long long)run->labelled);
    for (size_t i = 0; i < run->n_models; i++)
        retort_buffer_format(out, " %s:%.12s", run->tasks[i], run->hashes[i]);
    if (run->filter.len > 0) {
        retort_buffer_text(out, "  --where ");
        cli_excerpt(out, run->filter, 60, false);
    }
    retort_buffer_byte(out, '\n');
    return true;
}

static bool list_runs(struct relabelling *run, struct retort_error *error)
{
    if (!retort_store_open(&run->store, run->db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS, error) ||
        !retort_store_each_run(run->store, put_run, run, error))
        return false;
    if (run->out.len == 0)
        retort_buffer_text(&run->out, "no runs yet\n");
    return cli_flush(&run->out, stdout, error);
}

/* What is written here can be written again: it is a load. */
static bool open_for_writing(struct relabelling *run, struct retort_error *error)
{
    cli_step_back();
    return retort_store_open(&run->store, run->db, RETORT_STORE_EDIT, RETORT_STORE_BUSY_MS,
                             error) &&
           retort_store_load(run->store, error);
}

/* ---- the way back ---- */

static bool revert(struct relabelling *run, struct retort_error *error)
{
    uint64_t id = 0;
    struct retort_run_back back;
    if (!cli_count(run->arguments, "revert", &id, error) || !open_for_writing(run, error) ||
        !retort_relabel_revert(run->store, run->db, (int64_t)id, run->request.quiet, &back, error))
        return false;
    if (run->request.quiet)
        return true;
    retort_buffer_format(&run->out,
                         "run %llu is taken back: %llu comments have their earlier labels again",
                         (unsigned long long)id, (unsigned long long)back.reverted);
    if (back.kept)
        retort_buffer_format(&run->out, "; %llu were labelled again since and stay",
                             (unsigned long long)back.kept);
    retort_buffer_byte(&run->out, '\n');
    return cli_flush(&run->out, stdout, error);
}

/* ---- labelling again ---- */

static void say_outcome(struct relabelling *run, const struct retort_relabel_outcome *outcome)
{
    struct retort_buffer *out = &run->out;
    unsigned long long n = outcome->n_comments, n_labelled = outcome->n_labelled;
    if (outcome->run)
        retort_buffer_format(out, "run %lld%s: %llu comments looked at, %llu labelled anew\n",
                             (long long)outcome->run, outcome->resumed ? " (gone on with)" : "", n,
                             n_labelled);
    else
        retort_buffer_format(out, "%llu comments looked at: all are labelled so already\n", n);
}

/* What comes next, below all that was told. */
static bool say_next(struct relabelling *run, int64_t id, struct retort_error *error)
{
    if (run->request.quiet || cli_flag(run->arguments, "json"))
        return true;
    if (id)
        retort_buffer_format(&run->out, "\nTo take it back: %s relabel -d %s --revert %lld\n",
                             run->arguments->program, run->db, (long long)id);
    else
        retort_buffer_text(&run->out,
                           "\nNothing was written; the same without --dry-run does it.\n");
    return cli_flush(&run->out, stdout, error);
}

/* The report is read back from the store: what an earlier call had done before it was killed is
 * told, too. */
static bool relabel(struct relabelling *run, struct retort_error *error)
{
    struct retort_relabel_outcome outcome;
    bool json = cli_flag(run->arguments, "json");
    if (!open_models(run, error) || !open_for_writing(run, error) ||
        !retort_relabel(run->store, run->db, &run->request, &outcome, error))
        return false;
    if (!run->request.quiet && !json)
        say_outcome(run, &outcome);
    return cli_deliver(&run->out, stdout, error) &&
           ((!json && (run->request.quiet || outcome.run == 0)) ||
            (relabel_tell_run(run->arguments, run->store, outcome.run, &run->models, error) &&
             say_next(run, outcome.run, error)));
}

static bool preview(struct relabelling *run, struct retort_error *error)
{
    cli_step_back();
    return open_models(run, error) &&
           retort_store_open(&run->store, run->db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS,
                             error) &&
           relabel_tell_preview(run->arguments, run->store, &run->request, error) &&
           say_next(run, 0, error);
}

static bool show(struct relabelling *run, struct retort_error *error)
{
    uint64_t id = 0;
    if (!cli_count(run->arguments, "show", &id, error))
        return false;
    if (id < 1 || id > INT64_MAX)
        return retort_fail(error, RETORT_USAGE, "--show wants a run; --runs lists them");
    bool named = cli_value(run->arguments, "model") || run->arguments->n_files > 0;
    return (!named || open_models(run, error)) &&
           retort_store_open(&run->store, run->db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS,
                             error) &&
           relabel_tell_run(run->arguments, run->store, (int64_t)id, &run->models, error);
}

/* ---- the command ---- */

/* What stands beside an act and would be passed over is refused: `--revert 1 --dry-run` is no dry
 * run, and `--revert 1 --where author=ann` would take back all. */
static bool check_acts(const struct cli_arguments *arguments, struct retort_error *error)
{
    static const char *const ACTS[] = {"runs", "revert", "show", "dry-run"};
    enum { N_ACTS = sizeof ACTS / sizeof *ACTS, N_OF_NO_MODEL = 2, N_OF_RUNS = 3 };
    const char *act = NULL;
    for (size_t i = 0; i < N_ACTS; i++) {
        if (!cli_value(arguments, ACTS[i]))
            continue;
        if (act)
            return retort_fail(error, RETORT_USAGE, "does --%s or --%s, not both", act, ACTS[i]);
        act = ACTS[i];
        if (i < N_OF_RUNS && cli_value(arguments, "where"))
            return retort_fail(error, RETORT_USAGE, "--%s is of whole runs: leave --where away",
                               act);
        if (i < N_OF_NO_MODEL && (cli_value(arguments, "model") || arguments->n_files > 0))
            return retort_fail(error, RETORT_USAGE, "--%s takes no model", act);
    }
    return true;
}

/* Seen before a run, not when it is done and cannot be told. */
static bool check_telling(const struct cli_arguments *arguments, struct retort_error *error)
{
    const char *against = cli_value(arguments, "against");
    uint64_t top = 0;
    if (!cli_count(arguments, "top", &top, error))
        return false;
    return !against || access(against, R_OK) == 0 ||
           retort_fail(error, RETORT_REFUSED, "%s: %s; check the name", against, strerror(errno));
}

static bool read_options(struct relabelling *run, struct retort_error *error)
{
    const struct cli_arguments *arguments = run->arguments;
    run->db = cli_value_or(arguments, "db", CLI_DEFAULT_DB);
    run->request = (struct retort_relabel_request){.models = &run->models,
                                                   .where = cli_value(arguments, "where"),
                                                   .quiet = cli_flag(arguments, "quiet")};
    return check_acts(arguments, error) && check_telling(arguments, error) &&
           cli_threads(arguments, &run->request.n_threads, error);
}

static bool act(struct relabelling *run, struct retort_error *error)
{
    const struct cli_arguments *arguments = run->arguments;
    if (cli_flag(arguments, "runs"))
        return list_runs(run, error);
    if (cli_value(arguments, "revert"))
        return revert(run, error);
    if (cli_value(arguments, "show"))
        return show(run, error);
    return (cli_flag(arguments, "dry-run") ? preview : relabel)(run, error);
}

int cli_relabel(const struct cli_arguments *arguments)
{
    struct relabelling run = {.arguments = arguments};
    struct retort_error error;
    bool done = read_options(&run, &error) && act(&run, &error);
    retort_store_close(run.store);
    retort_models_close(&run.models);
    retort_buffer_release(&run.out);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
