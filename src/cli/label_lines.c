/* JSON lines as a filter: one line out for each line in, in order. What is read is handed back
 * byte for byte, with "labels" put behind; a line that cannot be read leaves an error in its place
 * and the rest goes on. */
#include "cli/label.h"

enum { BATCH = 2000 /* lines a transaction */ };

static bool store_line(struct labelling *run, const struct retort_intake_line *line,
                       const struct retort_verdict *verdicts, struct retort_error *error)
{
    const struct retort_line_keeping keeping = {run->store, &run->judge, run->source,
                                                cli_flag(run->arguments, "keep-private")};
    return !run->store || retort_intake_put_line(&keeping, line, verdicts, error);
}

static bool label_line(struct labelling *run, struct retort_intake_line *line, size_t number,
                       struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_verdict *verdicts = retort_judge_line(&run->judge, line, &arena);
    if (run->json) {
        retort_buffer_byte(&run->out, '{');
        retort_intake_put_members(&run->out, line);
        label_put_json(run, &line->item, verdicts, &arena);
        if (run->for_import)
            retort_intake_put_scores(&run->out, &run->judge, line, verdicts);
        retort_buffer_text(&run->out, "}\n");
    } else if (!run->quiet) {
        const struct label_row row = {number, 0, line->item, line->author, verdicts};
        label_put_row(run, &row, number == 1);
    }
    bool stored = store_line(run, line, verdicts, error);
    retort_arena_release(&arena);
    return stored;
}

/* What was wrong in one file: each bad line has its error in the output, standard error has one
 * line for all of them. */
struct bad_lines {
    size_t n, first;
    struct retort_error error; /* of the first */
};

static void put_bad_line(struct labelling *run, struct bad_lines *bad, size_t number,
                         const struct retort_error *error)
{
    run->saw_bad_line = true;
    if (bad->n++ == 0) {
        bad->first = number;
        bad->error = *error;
    }
    if (!run->json)
        return;
    retort_buffer_byte(&run->out, '{');
    retort_json_key(&run->out, "error");
    retort_json_put(&run->out, retort_span_of(error->message));
    retort_json_key(&run->out, "line");
    retort_buffer_format(&run->out, "%zu}\n", number);
}

static void say_bad_lines(const struct labelling *run, const struct bad_lines *bad)
{
    struct retort_error where = bad->error;
    if (bad->n == 0)
        return;
    retort_fail_within(&where, "%s:%zu", run->source, bad->first);
    if (bad->n > 1)
        fprintf(stderr, "retort label: %s (and %zu more lines could not be read)\n", where.message,
                bad->n - 1);
    else
        fprintf(stderr, "retort label: %s\n", where.message);
}

/* ---- all lines ---- */

static bool begin_batch(struct labelling *run, struct retort_error *error)
{
    return !run->store || retort_store_begin(run->store, error);
}

static bool end_batch(struct labelling *run, struct retort_error *error)
{
    return (!run->store || retort_store_commit(run->store, error)) &&
           cli_flush(&run->out, stdout, error);
}

static bool filter(struct labelling *run, struct retort_intake_lines *lines, struct bad_lines *bad,
                   struct retort_error *error)
{
    struct retort_progress progress;
    enum retort_lines_step step = RETORT_LINES_LINE;
    bool done = begin_batch(run, error);
    retort_progress_begin(&progress, "comments", 0, run->quiet);
    for (size_t number = 1; done && step != RETORT_LINES_END; number++) {
        struct retort_arena arena = {0};
        struct retort_intake_line line;
        step = retort_intake_lines_next(lines, &arena, &line, error);
        if (step == RETORT_LINES_BAD)
            put_bad_line(run, bad, number, error);
        else if (step == RETORT_LINES_LINE)
            done = label_line(run, &line, number, error);
        retort_arena_release(&arena);
        if (done && run->out.len > 1 << 16)
            done = cli_flush(&run->out, stdout, error);
        if (done && (number % BATCH == 0 || (run->store && retort_store_is_due(run->store))))
            done = end_batch(run, error) && begin_batch(run, error);
        retort_progress_step(&progress, number);
    }
    retort_progress_end(&progress);
    return done && end_batch(run, error);
}

bool label_lines(struct labelling *run, struct retort_archive *file, struct retort_error *error)
{
    struct retort_intake_lines *lines = retort_intake_lines_open(file);
    struct bad_lines bad = {0};
    bool done = filter(run, lines, &bad, error);
    if (!done && run->store)
        retort_store_rollback(run->store);
    say_bad_lines(run, &bad);
    retort_intake_lines_close(lines);
    return done;
}
