/* retort split: which lines of a page are what, as a list a person reads or as JSON lines. */
#include "cli/cli.h"
#include "thread/thread.h"

static const char *const FORMATS[] = {"text", NULL};

static void put_json(struct retort_buffer *out, const struct retort_thread *thread)
{
    for (size_t b = 0; b < thread->n_blocks; b++) {
        retort_buffer_byte(out, '{');
        cli_put_place(out, thread, &thread->blocks[b]);
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
    retort_buffer_format(&lines, "%zu", block->first_line);
    if (block->last_line > block->first_line)
        retort_buffer_format(&lines, "–%zu", block->last_line);
    retort_buffer_text(&what, ROLES[block->role].name);
    if (block->comment > 0) {
        ptrdiff_t parent = thread->comments[block->comment - 1].parent;
        retort_buffer_format(&what, parent >= 0 ? " %zu to %td" : " %zu", block->comment,
                             parent + 1);
    }
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

static bool split_file(const struct cli_arguments *arguments, const struct retort_cutter *cutter,
                       const char *path, struct retort_error *error)
{
    struct retort_file file;
    struct retort_arena arena = {0};
    struct retort_buffer out = {0};
    struct retort_thread thread;
    if (!retort_file_read(&file, path, error))
        return false;
    bool done = retort_text_check(file.bytes, error) || retort_fail_within(error, "%s", path);
    if (done) {
        retort_thread_split(cutter, file.bytes, &arena, &thread);
        if (cli_flag(arguments, "json"))
            put_json(&out, &thread);
        for (size_t b = 0; b < thread.n_blocks && !cli_flag(arguments, "json"); b++)
            put_line(&out, &thread, &thread.blocks[b], cli_has_colour(stdout));
        done = cli_flush(&out, stdout, error);
    }
    retort_buffer_release(&out);
    retort_arena_release(&arena);
    retort_file_close(&file);
    return done;
}

/* A bad file is said and passed over; the exit code remembers it. */
static bool split_files(const struct cli_arguments *arguments, const struct retort_cutter *cutter,
                        int *code, struct retort_error *error)
{
    for (size_t i = 0; i < arguments->n_files; i++) {
        if (split_file(arguments, cutter, arguments->files[i], error))
            continue;
        if (error->failure != RETORT_INPUT)
            return false;
        *code = cli_fail(arguments, error);
    }
    return true;
}

int cli_split(const struct cli_arguments *arguments)
{
    struct retort_cutter *cutter = NULL;
    struct retort_error error;
    size_t format = 0;
    int code = RETORT_DONE;
    bool done = (arguments->n_files > 0 ||
                 retort_fail(&error, RETORT_USAGE, "wants FILE..., or - for standard input")) &&
                cli_choice(arguments, "format", FORMATS, &format, &error) &&
                cli_open_cutter(arguments, &cutter, &error) &&
                split_files(arguments, cutter, &code, &error);
    retort_cutter_close(cutter);
    return done ? code : cli_fail(arguments, &error);
}
