/* retort thread: whom each comment answers, its bounds given.
 *
 * JSON lines in, the same lines out with "parent" and "parent_p" put in: lines as `split --json`
 * prints them, or plain comments in the order of their page. A thread is read whole before its
 * first line is given back. A new one begins where an article follows a comment, or where the first
 * of thread, conversation_id, conversation and source that a line has says something else. */
#include "cli/cli.h"

#include <stdlib.h>

struct line {
    struct retort_span bytes;
    ptrdiff_t comment; /* its index, −1: no comment */
};

/* The lines of one thread; comments borrow from them and from the arena. */
struct gathered {
    struct retort_arena arena;
    struct line *lines;
    struct retort_comment *comments;
    size_t n_lines, line_capacity, n_comments, comment_capacity;
    struct retort_buffer article;
    uint64_t key; /* of the member that names the thread */
    bool keyed;
};

struct threading {
    const struct cli_arguments *arguments;
    const struct retort_cutter *cutter;
    struct gathered thread;
    struct retort_buffer out;
    int code;
};

/* ---- giving a thread back ----------------------------------------------------------------------
 */

static void put_member(struct retort_buffer *out, struct retort_span key, struct retort_span value)
{
    retort_buffer_text(out, out->data[out->len - 1] == '{' ? "\"" : ",\"");
    retort_buffer_put(out, key);
    retort_buffer_text(out, "\":");
    retort_buffer_put(out, value);
}

/* All members as they stand, but for the parent, which is ours to say. */
static void put_comment(struct threading *run, const struct line *line)
{
    const struct retort_comment *comment = &run->thread.comments[line->comment];
    struct retort_buffer values[2] = {{0}, {0}};
    const struct retort_span keys[2] = {RETORT_SPAN("parent"), RETORT_SPAN("parent_p")};
    struct retort_json_member *members;
    bool put[2] = {false, false};
    size_t n = retort_json_members(line->bytes, &run->thread.arena, &members);
    retort_buffer_format(&values[0], "%td", comment->parent + 1);
    retort_buffer_fixed(&values[1], comment->parent_p, 4);
    retort_buffer_byte(&run->out, '{');
    for (size_t i = 0; i < n; i++) {
        struct retort_span value = members[i].value;
        for (size_t k = 0; k < 2; k++)
            if (retort_span_equal(members[i].key, keys[k])) {
                value = retort_buffer_span(&values[k]);
                put[k] = true;
            }
        put_member(&run->out, members[i].key, value);
    }
    for (size_t k = 0; k < 2; k++) {
        if (!put[k])
            put_member(&run->out, keys[k], retort_buffer_span(&values[k]));
        retort_buffer_release(&values[k]);
    }
    retort_buffer_text(&run->out, "}\n");
}

static void forget(struct gathered *thread)
{
    retort_arena_release(&thread->arena);
    retort_buffer_clear(&thread->article);
    thread->n_lines = thread->n_comments = 0;
    thread->keyed = false;
}

static bool give_back(struct threading *run, struct retort_error *error)
{
    struct gathered *thread = &run->thread;
    retort_thread_parents(run->cutter, retort_buffer_span(&thread->article), thread->comments,
                          thread->n_comments, &thread->arena);
    for (size_t i = 0; i < thread->n_lines; i++) {
        if (thread->lines[i].comment >= 0) {
            put_comment(run, &thread->lines[i]);
            continue;
        }
        retort_buffer_put(&run->out, thread->lines[i].bytes);
        retort_buffer_byte(&run->out, '\n');
    }
    forget(thread);
    return cli_flush(&run->out, stdout, error);
}

/* ---- gathering one -----------------------------------------------------------------------------
 */

static struct retort_span text_of(const struct retort_json *row, const char *key,
                                  struct retort_arena *arena)
{
    struct retort_span text = {NULL, 0};
    retort_json_text(retort_json_get(row, key), &text);
    return retort_arena_copy(arena, text);
}

static void add_line(struct gathered *thread, struct retort_span bytes, ptrdiff_t comment)
{
    if (thread->n_lines == thread->line_capacity) {
        thread->line_capacity = 2 * thread->line_capacity + 64;
        thread->lines = retort_grow(thread->lines, thread->line_capacity, sizeof *thread->lines);
    }
    thread->lines[thread->n_lines++] = (struct line){bytes, comment};
}

static void add_comment(struct gathered *thread, const struct retort_json *row,
                        struct retort_span bytes)
{
    if (thread->n_comments == thread->comment_capacity) {
        thread->comment_capacity = 2 * thread->comment_capacity + 64;
        thread->comments =
            retort_grow(thread->comments, thread->comment_capacity, sizeof *thread->comments);
    }
    add_line(thread, bytes, (ptrdiff_t)thread->n_comments);
    thread->comments[thread->n_comments++] = (struct retort_comment){
        .text = text_of(row, "text", &thread->arena),
        .author = text_of(row, "author", &thread->arena),
        .time = text_of(row, "time", &thread->arena),
        .parent = -1,
    };
}

static void add_article(struct gathered *thread, const struct retort_json *row,
                        struct retort_span bytes)
{
    if (thread->article.len > 0)
        retort_buffer_byte(&thread->article, '\n');
    retort_buffer_put(&thread->article, text_of(row, "text", &thread->arena));
    add_line(thread, bytes, -1);
}

/* A hash of the member that names the thread; false when the line has none. */
static bool find_key(struct retort_span bytes, struct retort_arena *arena, uint64_t *key)
{
    static const char *const NAMES[] = {"thread", "conversation_id", "conversation", "source"};
    struct retort_json_member *members;
    size_t n = retort_json_members(bytes, arena, &members);
    for (size_t name = 0; name < sizeof NAMES / sizeof *NAMES; name++)
        for (size_t i = 0; i < n; i++)
            if (retort_span_equal(members[i].key, retort_span_of(NAMES[name]))) {
                *key = retort_hash(members[i].value, name);
                return true;
            }
    return false;
}

static bool begins_thread(const struct gathered *thread, bool article, bool keyed, uint64_t key)
{
    return (article && thread->n_comments > 0) || (keyed && thread->keyed && key != thread->key);
}

static bool take_row(struct threading *run, const struct retort_json *row, struct retort_span bytes,
                     struct retort_error *error)
{
    struct retort_arena scratch = {0};
    struct retort_span role = {NULL, 0}, text;
    uint64_t key = 0;
    retort_json_text(retort_json_get(row, "role"), &role);
    bool article = retort_span_equal(role, RETORT_SPAN("article"));
    bool comment = (role.len == 0 || retort_span_equal(role, RETORT_SPAN("comment"))) &&
                   retort_json_text(retort_json_get(row, "text"), &text);
    bool keyed = find_key(bytes, &scratch, &key);
    retort_arena_release(&scratch);
    if (begins_thread(&run->thread, article, keyed, key) && !give_back(run, error))
        return false;
    if (keyed) {
        run->thread.key = key;
        run->thread.keyed = true;
    }
    if (article)
        add_article(&run->thread, row, bytes);
    else if (comment)
        add_comment(&run->thread, row, bytes);
    else
        add_line(&run->thread, bytes, -1);
    return true;
}

/* ---- files --------------------------------------------------------------------------------------
 */

/* A line that is no object is said and passed over; the exit code remembers it. */
static bool take_line(struct threading *run, struct retort_span line, const char *path,
                      size_t number, struct retort_error *error)
{
    struct retort_json *row = retort_json_parse(line, error);
    if (row && retort_json_is_object(row)) {
        bool taken = take_row(run, row, line, error);
        retort_json_free(row);
        return taken;
    }
    if (row)
        retort_fail(error, RETORT_INPUT, "not an object");
    retort_json_free(row);
    retort_fail_within(error, "%s: line %zu", path, number);
    run->code = cli_fail(run->arguments, error);
    return true;
}

static bool thread_file(struct threading *run, const char *path, struct retort_error *error)
{
    struct retort_file file;
    if (!retort_file_read(&file, path, error))
        return false;
    struct retort_span rest = file.bytes, line;
    bool fine = true;
    for (size_t number = 1; fine && retort_span_next_line(&rest, &line); number++)
        if (retort_span_trim(line).len > 0)
            fine = take_line(run, retort_span_trim(line), path, number, error);
    fine = fine && give_back(run, error);
    retort_file_close(&file);
    return fine;
}

int cli_thread(const struct cli_arguments *arguments)
{
    struct retort_cutter *cutter = NULL;
    struct retort_error error;
    struct threading run = {.arguments = arguments};
    bool done =
        (arguments->n_files > 0 ||
         retort_fail(&error, RETORT_USAGE, "wants FILE.jsonl..., or - for standard input")) &&
        cli_open_cutter(arguments, &cutter, &error);
    run.cutter = cutter;
    for (size_t i = 0; done && i < arguments->n_files; i++)
        done = thread_file(&run, arguments->files[i], &error);
    forget(&run.thread);
    retort_buffer_release(&run.thread.article);
    retort_buffer_release(&run.out);
    free(run.thread.lines);
    free(run.thread.comments);
    retort_cutter_close(cutter);
    return done ? run.code : cli_fail(arguments, &error);
}
