/* A page or an export's thread: each comment labelled with what it answers, stored whole or not at
 * all, and printed: as a table for a person, or as JSON lines. */
#include "cli/label.h"

static bool put_comments(struct labelling *run, const struct retort_intake_thread *found,
                         struct retort_verdict *const *verdicts, struct retort_error *error)
{
    const struct retort_thread *thread = &found->thread;
    const struct label_pen pen = label_main_pen(run);
    for (size_t b = 0; b < thread->n_blocks; b++) {
        const struct retort_block *block = &thread->blocks[b];
        struct retort_arena arena = {0};
        if (block->comment == 0)
            continue;
        const struct retort_item item = retort_judge_told(&run->judge, thread, block->comment - 1);
        retort_buffer_byte(&run->out, '{');
        intake_put_source(&run->out, found);
        cli_put_place(&run->out, thread, block);
        label_put_json(&pen, &item, verdicts[block->comment - 1], &arena);
        retort_buffer_text(&run->out, "}\n");
        retort_arena_release(&arena);
        if (run->out.len > 1 << 16 && !cli_flush(&run->out, stdout, error))
            return false;
    }
    return true;
}

/* ---- the table and its frame ---- */

static size_t count_role(const struct retort_thread *thread, enum retort_role role)
{
    size_t n = 0;
    for (size_t i = 0; i < thread->page.n_lines; i++)
        n += thread->page.lines[i].role == role;
    return n;
}

/* "page.txt: 9 article lines, 19 comments, 0 lines of furniture" */
static void put_counts(struct labelling *run, const struct retort_thread *thread)
{
    bool colour = cli_has_colour(stdout);
    struct retort_buffer *out = &run->out;
    retort_buffer_text(out, cli_style(colour, CLI_BOLD));
    cli_excerpt(out, retort_span_of(run->source), 60, false);
    retort_buffer_format(out, "%s: %zu article lines, %zu comments, %zu lines of furniture\n",
                         cli_style(colour, CLI_PLAIN), count_role(thread, RETORT_ARTICLE),
                         thread->n_comments, count_role(thread, RETORT_FURNITURE));
}

/* "export.xml: The ferry: 19 comments" */
static void put_told_counts(struct labelling *run, const struct retort_intake_thread *found)
{
    bool colour = cli_has_colour(stdout);
    retort_buffer_text(&run->out, cli_style(colour, CLI_BOLD));
    intake_put_title(&run->out, found);
    retort_buffer_format(&run->out, "%s: %zu comments\n", cli_style(colour, CLI_PLAIN),
                         found->thread.n_comments);
}

static void put_target(struct labelling *run, const struct retort_thread *thread)
{
    struct retort_buffer *out = &run->out;
    struct retort_span target =
        run->judge.target.data ? run->judge.target : retort_intake_headline(thread->article);
    if (target.len > 0) {
        retort_buffer_text(out, "stance is toward: ");
        cli_excerpt(out, target, cli_width(stdout) - 18, false);
        retort_buffer_byte(out, '\n');
    }
    retort_buffer_byte(out, '\n');
}

static size_t count_unsure(const struct labelling *run, const struct retort_thread *thread,
                           struct retort_verdict *const *verdicts)
{
    size_t n = 0;
    for (size_t i = 0; i < thread->n_comments; i++)
        for (size_t m = 0; m < run->models.n_models; m++) {
            bool unsure = false;
            for (size_t l = 0; l < retort_model_n_labels(verdicts[i][m].model); l++)
                unsure |= verdicts[i][m].scores[l].unsure && verdicts[i][m].scores[l].on;
            n += unsure;
        }
    return n;
}

/* A file's name may hold what drives a terminal. */
static void put_file(struct retort_buffer *out, const char *name, const char *then)
{
    cli_excerpt(out, retort_span_of(name), 4096, false);
    retort_buffer_text(out, then);
}

static void put_next_steps(struct labelling *run, size_t n_unsure, const char *path)
{
    struct retort_buffer *out = &run->out;
    const char *db = cli_value(run->arguments, "db");
    retort_buffer_format(out,
                         "\n%zu labels are unsure, marked with ?: a person should look. "
                         "The number in \"to\" is the comment answered, · the article.\n",
                         n_unsure);
    if (!db) {
        retort_buffer_text(
            out, "Nothing was stored; -d FILE keeps it for `retort serve` and `retort review`.\n");
        return;
    }
    const char *retort = run->arguments->program;
    retort_buffer_text(out, "Stored in ");
    put_file(out, db, ". Next:\n");
    retort_buffer_format(out, "  %s serve -d ", retort);
    put_file(out, db, "     review in a browser, what deserves a human first\n");
    retort_buffer_format(out, "  %s review -d ", retort);
    put_file(out, db, "    the same in the terminal\n");
    retort_buffer_format(out, "  %s label --explain ", retort);
    put_file(out, path, "   the words that decided\n");
}

static void put_rows(struct labelling *run, const struct retort_thread *thread,
                     struct retort_verdict *const *verdicts, struct retort_arena *arena)
{
    const struct label_pen pen = label_main_pen(run);
    struct label_row *rows = RETORT_NEW(arena, struct label_row, thread->n_comments);
    for (size_t i = 0; i < thread->n_comments; i++) {
        const struct retort_comment *comment = &thread->comments[i];
        rows[i] = (struct label_row){i + 1, (size_t)(comment->parent + 1),
                                     retort_judge_told(&run->judge, thread, i), comment->author,
                                     verdicts[i]};
    }
    label_put_table(&pen, rows, thread->n_comments);
}

/* Of an archive's documents, those without a comment are a line each. */
static void put_table(struct labelling *run, const struct retort_intake_thread *found,
                      struct retort_verdict *const *verdicts, struct retort_arena *arena)
{
    const struct retort_thread *thread = &found->thread;
    size_t n_unsure = count_unsure(run, thread, verdicts);
    if (found->is_told)
        put_told_counts(run, found);
    else
        put_counts(run, thread);
    run->n_parts += found->is_part;
    run->n_unsure += found->is_part ? n_unsure : 0;
    if (found->is_part && thread->n_comments == 0)
        return;
    put_target(run, thread);
    if (thread->n_comments == 0) {
        retort_buffer_text(&run->out, "No reader comment was found on this page.\n");
        return;
    }
    put_rows(run, thread, verdicts, arena);
    if (found->is_part)
        retort_buffer_byte(&run->out, '\n');
    else
        put_next_steps(run, n_unsure, run->source);
}

bool label_page_end(struct labelling *run, struct retort_error *error)
{
    if (run->n_parts > 0)
        put_next_steps(run, run->n_unsure, run->arguments->files[0]);
    if (run->explain && !run->json && !run->quiet)
        cli_put_deciders_legend(&run->out);
    return cli_flush(&run->out, stdout, error);
}

bool label_page(struct labelling *run, const struct retort_intake_thread *page,
                struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_intake_thread found = *page;
    if (run->store && !retort_intake_hold(run->store, &found, &arena, error)) {
        retort_arena_release(&arena);
        return false;
    }
    found.thread.article = retort_intake_article(&found, &arena);
    struct retort_verdict **verdicts =
        retort_judge_thread(&run->judge, &found.thread, !run->quiet && !found.is_part, &arena);
    bool done =
        !run->store || retort_intake_store(run->store, &found, &run->judge, verdicts, error);
    if (done && run->json)
        done = put_comments(run, &found, verdicts, error);
    else if (done && !run->quiet)
        put_table(run, &found, verdicts, &arena);
    done = done && cli_deliver(&run->out, stdout, error);
    retort_arena_release(&arena);
    return done;
}
