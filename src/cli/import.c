/* retort import: lines that `retort label --json --for-import` has labelled, here or on a hundred
 * machines, into one review file.
 *
 * What is there stays as it is, and what is not there is added: a shard that comes twice changes
 * nothing, and shards may come in any order and by several imports at once. So all shards go under
 * one source, whatever their files are called: a comment's identity holds its source. */
#include "cli/cli.h"
#include "intake/intake.h"

#include <string.h>
#include <sys/stat.h>

/* The file that is being read, and what was wrong in it: one line on standard error. */
struct shard {
    const char *path;
    const struct retort_archive *file;
    size_t n_bad, first_bad;
    struct retort_error error; /* of the first bad line */
};

struct importing {
    const struct cli_arguments *arguments;
    struct retort_models models;
    struct retort_line_keeping keeping;
    bool in_batch;
    struct retort_progress progress; /* in bytes of all shards */
    size_t bytes_before;             /* of shards that were read */
    struct shard shard;
    size_t n_lines, n_new, n_nameless;
    int code; /* of what was said and passed over */
};

/* ---- a shard ---- */

static void note_bad_line(struct shard *shard, size_t number, const struct retort_error *error)
{
    if (shard->n_bad++ > 0)
        return;
    shard->first_bad = number;
    shard->error = *error;
}

static void say_bad_lines(struct importing *run)
{
    struct shard *shard = &run->shard;
    if (shard->n_bad == 0)
        return;
    retort_fail_within(&shard->error, "%s:%zu", shard->path, shard->first_bad);
    fprintf(stderr, "retort import: %s", shard->error.message);
    if (shard->n_bad > 1)
        fprintf(stderr, " (and %zu more line%s could not be taken)", shard->n_bad - 1,
                shard->n_bad == 2 ? "" : "s");
    fputc('\n', stderr);
    run->code = RETORT_INPUT;
}

static void show_progress(struct importing *run)
{
    size_t done, total;
    retort_archive_position(run->shard.file, &done, &total);
    retort_progress_step(&run->progress, run->bytes_before + done);
}

static bool put_line(struct importing *run, const struct retort_intake_line *line,
                     struct retort_arena *arena, struct retort_error *error)
{
    struct retort_intake_said said;
    if (!retort_intake_read_scores(line, &run->models, arena, &said, error) ||
        !retort_intake_put_said(&run->keeping, line, &said, error))
        return false;
    run->n_lines++;
    run->n_new += said.n_verdicts > 0;
    run->n_nameless += line->id.len == 0;
    return true;
}

/* ---- transactions ---- */

static bool begin_batch(struct importing *run, struct retort_error *error)
{
    if (!run->in_batch && !retort_store_begin(run->keeping.store, error))
        return false;
    run->in_batch = true;
    return true;
}

static bool end_batch(struct importing *run, struct retort_error *error)
{
    bool was_in_batch = run->in_batch;
    run->in_batch = false;
    return !was_in_batch || retort_store_commit(run->keeping.store, error);
}

/* ---- lines ---- */

/* What is wrong with a line is noted, and the next one comes; false: the run ends here. */
static bool take_line(struct importing *run, const struct retort_intake_line *line,
                      struct retort_arena *arena, struct retort_error *error)
{
    bool good = line->wrong ? retort_fail(error, RETORT_INPUT, "%s", line->wrong)
                            : begin_batch(run, error) && put_line(run, line, arena, error);
    if (!good && error->failure == RETORT_INPUT)
        note_bad_line(&run->shard, line->number, error);
    else if (!good)
        return retort_fail_within(error, "%s:%zu", run->shard.path, line->number);
    return !retort_store_is_due(run->keeping.store) || end_batch(run, error);
}

static bool take_block(struct importing *run, struct retort_intake_lines *lines,
                       struct retort_line_block *block, struct retort_error *error)
{
    retort_line_block_read(block);
    bool good = retort_intake_lines_link(lines, block, error);
    for (size_t i = 0; good && i < block->n_lines; i++)
        good = take_line(run, &block->lines[i], &block->arena, error);
    retort_intake_lines_done(lines, block);
    show_progress(run);
    return good;
}

/* Others may write to the review file while nothing comes. */
static bool take_lines(struct importing *run, struct retort_intake_lines *lines,
                       struct retort_error *error)
{
    struct retort_line_block block = {0};
    bool good = true, ended = false;
    while (good && !ended) {
        good = retort_archive_is_ready(run->shard.file, 1) || end_batch(run, error);
        ended = !good || retort_intake_lines_fill(lines, &block, true) == RETORT_READING_END;
        good = good && (ended || take_block(run, lines, &block, error));
    }
    retort_line_block_release(&block);
    return good && end_batch(run, error);
}

static bool take_shard(void *context, struct retort_archive *file, const char *path,
                       struct retort_error *error)
{
    struct importing *run = context;
    struct retort_intake_lines *lines = retort_intake_lines_open(file);
    run->shard = (struct shard){.path = path, .file = file};
    retort_store_recount_lines(run->keeping.store);
    bool taken = take_lines(run, lines, error);
    if (!taken)
        retort_store_rollback(run->keeping.store);
    run->in_batch = false;
    run->bytes_before = run->progress.done;
    retort_intake_lines_close(lines);
    say_bad_lines(run);
    return taken;
}

/* ---- the command ---- */

static void say(void *context, const struct retort_error *error)
{
    struct importing *run = context;
    run->code = cli_fail(run->arguments, error);
}

static size_t lines_format(void)
{
    size_t format = 0;
    while (strcmp(RETORT_INTAKE_FORMATS[format], "jsonl") != 0)
        format++;
    return format;
}

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
    struct retort_intake intake = {.host = {.lines = take_shard, .say = say, .context = run},
                                   .format = lines_format()};
    bool good = true;
    retort_progress_begin(&run->progress, "bytes read", count_bytes(run->arguments),
                          cli_flag(run->arguments, "quiet"));
    for (size_t i = 0; good && i < run->arguments->n_files; i++)
        good = retort_intake_file(&intake, run->arguments->files[i], error);
    retort_progress_end(&run->progress);
    return good;
}

static bool open_run(struct importing *run, struct retort_error *error)
{
    const char *db = cli_value_or(run->arguments, "db", CLI_DEFAULT_DB);
    run->keeping = (struct retort_line_keeping){
        .source = cli_value_or(run->arguments, "source", "-"),
        .keep_private = cli_flag(run->arguments, "keep-private"),
    };
    if (run->arguments->n_files == 0)
        return retort_fail(error, RETORT_USAGE, "wants FILE..., or - for standard input");
    if (!retort_utf8_valid(retort_span_of(run->keeping.source)) || !run->keeping.source[0])
        return retort_fail(error, RETORT_USAGE, "--source wants a name, in UTF-8");
    cli_step_back();
    return cli_open_models(run->arguments, &run->models, error) &&
           retort_store_open(&run->keeping.store, db, RETORT_STORE_WRITE, RETORT_STORE_BUSY_MS,
                             error) &&
           retort_store_load(run->keeping.store, error);
}

static void say_done(const struct importing *run)
{
    if (cli_flag(run->arguments, "quiet"))
        return;
    printf("%zu comments, of which %zu are new\n", run->n_lines, run->n_new);
    if (run->n_nameless > 0)
        printf("%zu have no id: of those that are alike, two in one file are two comments, one in "
               "each of two files is the same\n",
               run->n_nameless);
}

int cli_import(const struct cli_arguments *arguments)
{
    struct importing run = {.arguments = arguments};
    struct retort_error error;
    bool done = open_run(&run, &error) && take_files(&run, &error);
    retort_store_close(run.keeping.store);
    retort_models_close(&run.models);
    if (!done)
        return cli_fail(arguments, &error);
    say_done(&run);
    return run.code;
}
