/* A page: split, each comment labelled with what it answers, stored whole or not at all. A thread
 * that an export tells is labelled the same way and stored a comment at a time, as JSON lines are:
 * it has no bytes to keep, but ids, and all the rest that it says as meta. */
#include "cli/label.h"

#include <stdlib.h>

/* What the comments talk of: a flat page's article has its title in it, an export's has not, and
 * often the title is all it has. */
static struct retort_span article_of(const struct intake_thread *found, struct retort_arena *arena)
{
    const struct retort_thread *thread = &found->thread;
    struct retort_buffer out = {0};
    if (!found->is_told || thread->title.len == 0)
        return thread->article;
    retort_buffer_put(&out, thread->title);
    retort_buffer_text(&out, thread->article.len > 0 ? "\n\n" : "");
    retort_buffer_put(&out, thread->article);
    struct retort_span article = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return article;
}

/* What a model is told of comment i: its parent's text, or the article's, which it then answers. */
static struct retort_item item_of(const struct labelling *run, const struct retort_thread *thread,
                                  size_t i)
{
    const struct retort_comment *comment = &thread->comments[i];
    struct retort_item item = {.text = comment->text, .target = run->target};
    if (thread->article.len > 0)
        item.article_text = thread->article;
    item.parent_text =
        comment->parent >= 0 ? thread->comments[comment->parent].text : item.article_text;
    if (!item.target.data && thread->title.len > 0)
        item.target = thread->title;
    if (!item.target.data && item.article_text.data)
        item.target = label_headline(item.article_text);
    return item;
}

static bool put_comments(struct labelling *run, const struct intake_thread *found,
                         struct retort_verdict *const *verdicts, struct retort_error *error)
{
    const struct retort_thread *thread = &found->thread;
    for (size_t b = 0; b < thread->n_blocks; b++) {
        const struct retort_block *block = &thread->blocks[b];
        struct retort_arena arena = {0};
        if (block->comment == 0)
            continue;
        const struct retort_item item = item_of(run, thread, block->comment - 1);
        retort_buffer_byte(&run->out, '{');
        intake_put_source(&run->out, found);
        cli_put_place(&run->out, thread, block);
        label_put_json(run, &item, verdicts[block->comment - 1], &arena);
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
static void put_told_counts(struct labelling *run, const struct intake_thread *found)
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
    struct retort_span target = run->target.data ? run->target : label_headline(thread->article);
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
        retort_buffer_text(out, "Nothing was stored; -d FILE keeps it for `retort review`.\n");
        return;
    }
    const char *retort = run->arguments->program;
    retort_buffer_text(out, "Stored in ");
    put_file(out, db, ". Next:\n");
    retort_buffer_format(out, "  %s queue -d ", retort);
    put_file(out, db, "     what deserves a human first\n");
    retort_buffer_format(out, "  %s review -d ", retort);
    put_file(out, db, "    decide, one comment at a time\n");
    retort_buffer_format(out, "  %s label --explain ", retort);
    put_file(out, path, "   the words that decided\n");
}

static void put_rows(struct labelling *run, const struct retort_thread *thread,
                     struct retort_verdict *const *verdicts, struct retort_arena *arena)
{
    struct label_row *rows = RETORT_NEW(arena, struct label_row, thread->n_comments);
    for (size_t i = 0; i < thread->n_comments; i++) {
        const struct retort_comment *comment = &thread->comments[i];
        rows[i] = (struct label_row){i + 1, (size_t)(comment->parent + 1), item_of(run, thread, i),
                                     comment->author, verdicts[i]};
    }
    label_put_table(run, rows, thread->n_comments);
}

/* Of an archive's documents, those without a comment are a line each. */
static void put_table(struct labelling *run, const struct intake_thread *found,
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

/* ---- storing ---- */

static struct retort_span known(struct retort_span span)
{
    return span.len > 0 ? span : (struct retort_span){0};
}

static bool store_labels(struct labelling *run, const struct retort_thread *thread,
                         const int64_t *ids, struct retort_verdict *const *verdicts,
                         struct retort_error *error)
{
    for (size_t i = 0; i < thread->n_comments; i++)
        if (!label_store(run, ids[i], verdicts[i], run->target, error))
            return false;
    return true;
}

static bool store_page(struct labelling *run, const struct intake_thread *found,
                       struct retort_verdict *const *verdicts, struct retort_error *error)
{
    const struct retort_thread *thread = &found->thread;
    const struct retort_page_record record = {
        .source = found->source,
        .bytes = found->bytes,
        .splitter = found->splitter,
        .article = known(thread->article),
        .comments = thread->comments,
        .n_comments = thread->n_comments,
    };
    int64_t *ids = retort_grow(NULL, thread->n_comments, sizeof *ids);
    enum retort_page_outcome outcome;
    bool stored = retort_store_begin(run->store, error) &&
                  retort_store_put_page(run->store, &record, ids, &outcome, error) &&
                  store_labels(run, thread, ids, verdicts, error) &&
                  retort_store_commit(run->store, error);
    if (!stored)
        retort_store_rollback(run->store);
    free(ids);
    return stored;
}

/* ---- storing what an export tells ---- */

static bool store_told_comment(struct labelling *run, const struct intake_thread *found, size_t i,
                               const struct retort_verdict *verdicts, struct retort_error *error)
{
    const struct retort_thread *thread = &found->thread;
    const struct retort_comment *comment = &thread->comments[i];
    const struct retort_comment *parent =
        comment->parent >= 0 ? &thread->comments[comment->parent] : NULL;
    const struct retort_item item = item_of(run, thread, i);
    struct retort_arena arena = {0};
    int64_t id;
    const struct retort_line_record record = {
        .source = found->source,
        .native_id = known(comment->id),
        .parent_id = parent ? known(parent->id) : (struct retort_span){0},
        .author = known(comment->author),
        .time = known(comment->time),
        .text = comment->text,
        .parent_text = item.parent_text,
        .article_text = item.article_text,
        .answers_article = !parent,
        .meta = known(retort_platform_beside(thread, comment, &arena)),
    };
    bool stored = retort_store_put_line(run->store, &record, &id, error) &&
                  label_store(run, id, verdicts, run->target, error);
    retort_arena_release(&arena);
    return stored;
}

static bool store_told(struct labelling *run, const struct intake_thread *found,
                       struct retort_verdict *const *verdicts, struct retort_error *error)
{
    bool stored = retort_store_begin(run->store, error);
    for (size_t i = 0; stored && i < found->thread.n_comments; i++)
        stored = store_told_comment(run, found, i, verdicts[i], error);
    stored = stored && retort_store_commit(run->store, error);
    if (!stored)
        retort_store_rollback(run->store);
    return stored;
}

static bool store_thread(struct labelling *run, const struct intake_thread *found,
                         struct retort_verdict *const *verdicts, struct retort_error *error)
{
    if (!run->store)
        return true;
    return found->is_told ? store_told(run, found, verdicts, error)
                          : store_page(run, found, verdicts, error);
}

static struct retort_verdict **
label_comments(struct labelling *run, const struct intake_thread *found, struct retort_arena *arena)
{
    const struct retort_thread *thread = &found->thread;
    struct retort_verdict **verdicts =
        RETORT_NEW(arena, struct retort_verdict *, thread->n_comments);
    struct retort_progress progress;
    retort_progress_begin(&progress, "comments", thread->n_comments, run->quiet || found->is_part);
    for (size_t i = 0; i < thread->n_comments; i++) {
        const struct retort_item item = item_of(run, thread, i);
        verdicts[i] = label_item(run, &item, arena);
        retort_progress_step(&progress, i);
    }
    retort_progress_end(&progress);
    return verdicts;
}

bool label_page(struct labelling *run, const struct intake_thread *page, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct intake_thread found = *page;
    found.thread.article = article_of(page, &arena);
    struct retort_verdict **verdicts = label_comments(run, &found, &arena);
    bool done = store_thread(run, &found, verdicts, error);
    if (done && run->json)
        done = put_comments(run, &found, verdicts, error);
    else if (done && !run->quiet)
        put_table(run, &found, verdicts, &arena);
    done = done && cli_deliver(&run->out, stdout, error);
    retort_arena_release(&arena);
    return done;
}
