/* retort split: which lines of a page are what, as a list a person reads or as JSON lines. */
#include "cli/intake.h"

static void put_json(struct retort_buffer *out, const struct retort_intake_thread *found)
{
    for (size_t b = 0; b < found->thread.n_blocks; b++) {
        retort_buffer_byte(out, '{');
        intake_put_source(out, found);
        cli_put_place(out, &found->thread, &found->thread.blocks[b]);
        retort_buffer_text(out, "}\n");
    }
}

/* Every line that is not blank, as the reader sees it. */
static void put_lines(struct retort_buffer *out, const struct retort_intake_thread *found)
{
    static const char *const STATES[RETORT_N_STATES] = {"before", "article", "amid", "head",
                                                        "begin",  "goes on", "tail", "after"};
    const struct retort_page *page = &found->thread.page;
    for (size_t at = 0; at < page->n_lines; at++) {
        const struct retort_line *line = &page->lines[at];
        retort_buffer_byte(out, '{');
        intake_put_source(out, found);
        retort_json_key(out, "line");
        retort_buffer_format(out,
                             "%zu,\"state\":\"%s\",\"bytes\":[%zu,%zu],\"text\":", line->number,
                             STATES[line->state], line->begin, line->end);
        retort_json_put(out, line->text);
        retort_buffer_text(out, "}\n");
    }
}

/* "12–14  comment 3 to 1  Jane: It was…" */
static void put_line(struct retort_buffer *out, const struct retort_thread *thread,
                     const struct retort_block *block, bool colour)
{
    static const struct {
        const char *name;
        enum cli_style style;
    } ROLES[] = {[RETORT_FURNITURE] = {"furniture", CLI_DIM},
                 [RETORT_ARTICLE] = {"article", CLI_BLUE},
                 [RETORT_COMMENT] = {"comment", CLI_GREEN}};
    struct retort_buffer lines = {0}, what = {0};
    if (block->first_line > 0)
        retort_buffer_format(&lines, "%zu", block->first_line);
    if (block->last_line > block->first_line)
        retort_buffer_format(&lines, "–%zu", block->last_line);
    retort_buffer_text(&what, ROLES[block->role].name);
    if (block->comment > 0) {
        ptrdiff_t parent = thread->comments[block->comment - 1].parent;
        retort_buffer_format(&what, parent >= 0 ? " %zu to %td" : " %zu", block->comment,
                             parent + 1);
    }
    if (lines.len > 0)
        cli_excerpt(out, retort_buffer_span(&lines), 10, true);
    retort_buffer_text(out, cli_style(colour, ROLES[block->role].style));
    cli_excerpt(out, retort_buffer_span(&what), 18, true);
    retort_buffer_text(out, cli_style(colour, CLI_PLAIN));
    if (block->comment > 0 && thread->comments[block->comment - 1].author.len > 0) {
        cli_excerpt(out, thread->comments[block->comment - 1].author, 20, false);
        retort_buffer_text(out, ": ");
    }
    cli_excerpt(out, block->text, cli_width(stdout) > 60 ? cli_width(stdout) - 32 : 30, false);
    retort_buffer_byte(out, '\n');
    retort_buffer_release(&lines);
    retort_buffer_release(&what);
}

/* Which of a file's documents the blocks below are of. */
static void put_title(struct retort_buffer *out, const struct retort_intake_thread *found,
                      bool colour)
{
    retort_buffer_text(out, cli_style(colour, CLI_BOLD));
    intake_put_title(out, found);
    retort_buffer_format(out, "%s\n", cli_style(colour, CLI_PLAIN));
}

static bool put_thread(void *context, const struct retort_intake_thread *found,
                       struct retort_error *error)
{
    const struct cli_arguments *arguments = context;
    struct retort_buffer out = {0};
    bool lines = cli_flag(arguments, "lines"), json = cli_flag(arguments, "json") || lines;
    bool colour = cli_has_colour(stdout);
    if (lines)
        put_lines(&out, found);
    else if (json)
        put_json(&out, found);
    if (!json && found->is_part)
        put_title(&out, found, colour);
    for (size_t b = 0; !json && b < found->thread.n_blocks; b++)
        if (found->thread.blocks[b].text.len > 0 || found->thread.blocks[b].comment > 0)
            put_line(&out, &found->thread, &found->thread.blocks[b], colour);
    bool done = cli_deliver(&out, stdout, error);
    retort_buffer_release(&out);
    return done;
}

int cli_split(const struct cli_arguments *arguments)
{
    struct intake intake = {
        .arguments = arguments, .thread = put_thread, .context = (void *)(uintptr_t)arguments};
    struct retort_error error;
    if (intake_begin(&intake, &error) && intake_run(&intake, &error))
        return intake.code;
    return cli_fail(arguments, &error);
}
