/* retort label: pages or JSON lines in, labelled comments out: as a table, as JSON lines, into a
 * review file, or all at once. */
#include "cli/label.h"

struct retort_verdict *label_item(struct labelling *run, const struct retort_item *item,
                                  struct retort_arena *arena)
{
    size_t n = run->models.n_models;
    struct retort_verdict *verdicts = RETORT_NEW(arena, struct retort_verdict, n);
    for (size_t m = 0; m < n; m++)
        retort_label_item(&run->labeller, run->models.models[m], item, arena, &verdicts[m]);
    return verdicts;
}

bool label_store(struct labelling *run, int64_t comment, const struct retort_verdict *verdicts,
                 struct retort_span given, struct retort_error *error)
{
    for (size_t m = 0; m < run->models.n_models; m++)
        if (!retort_store_put_label(run->store, comment, &verdicts[m], given, error))
            return false;
    return true;
}

struct retort_span label_headline(struct retort_span article)
{
    enum { LONGEST = 300 };
    struct retort_span rest = retort_span_trim(article), line = {0};
    retort_span_next_line(&rest, &line);
    for (size_t at = 0; at + 1 < line.len && at < LONGEST; at++) {
        bool stop = line.data[at] == '.' || line.data[at] == '!' || line.data[at] == '?';
        if (stop && line.data[at + 1] == ' ' && at > 20)
            return retort_span_slice(line, 0, at + 1);
    }
    size_t end = line.len < LONGEST ? line.len : LONGEST;
    while (end > 0 && end < line.len && (line.data[end] & 0xC0) == 0x80)
        end--;
    return retort_span_slice(line, 0, end);
}

static bool take_thread(void *context, const struct intake_thread *found,
                        struct retort_error *error)
{
    struct labelling *run = context;
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

static bool open_run(struct labelling *run, const struct cli_arguments *arguments,
                     struct retort_error *error)
{
    const char *target = cli_value(arguments, "target"), *db = cli_value(arguments, "db");
    run->arguments = arguments;
    run->json = cli_flag(arguments, "json");
    run->explain = cli_flag(arguments, "explain");
    run->quiet = cli_flag(arguments, "quiet");
    if (target)
        run->target = retort_span_of(target);
    if (target && !retort_utf8_valid(run->target))
        return retort_fail(error, RETORT_USAGE, "--target wants UTF-8");
    retort_labeller_init(&run->labeller);
    return cli_open_models(arguments, &run->models, error) &&
           (!db ||
            retort_store_open(&run->store, db, RETORT_STORE_WRITE, RETORT_STORE_BUSY_MS, error));
}

static void close_run(struct labelling *run)
{
    retort_store_close(run->store);
    retort_labeller_release(&run->labeller);
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
    return run.saw_bad_line ? RETORT_INPUT : intake.code;
}
