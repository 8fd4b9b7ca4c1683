/* retort label: pages or JSON lines in, labelled comments out: as a table, as JSON lines, into a
 * review file, or all at once. */
#include "cli/label.h"

#include <errno.h>
#include <string.h>

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

/* ---- what a file is ---- */

enum format { FORMAT_AUTO, FORMAT_TEXT, FORMAT_JSONL };
static const char *const FORMATS[] = {"auto", "text", "jsonl", NULL};

static bool ends_with(const char *text, const char *end)
{
    size_t len = strlen(text), tail = strlen(end);
    return len >= tail && strcmp(text + len - tail, end) == 0;
}

/* By its name, else by its first byte that is not white space: an object's brace. */
static enum format guess_format(const char *path, FILE *stream)
{
    int byte;
    if (ends_with(path, ".jsonl") || ends_with(path, ".ndjson"))
        return FORMAT_JSONL;
    if (ends_with(path, ".txt"))
        return FORMAT_TEXT;
    byte = getc(stream);
    if (byte != EOF)
        ungetc(byte, stream);
    return byte == '{' ? FORMAT_JSONL : FORMAT_TEXT;
}

static bool read_stream(FILE *stream, struct retort_buffer *bytes)
{
    size_t got, room = 1 << 16;
    do {
        if (bytes->capacity - bytes->len < room) {
            bytes->capacity = 2 * bytes->capacity + room;
            bytes->data = retort_grow(bytes->data, bytes->capacity, 1);
        }
        got = fread(bytes->data + bytes->len, 1, bytes->capacity - bytes->len, stream);
        bytes->len += got;
    } while (got > 0);
    return !ferror(stream);
}

static bool label_stream(struct labelling *run, FILE *stream, enum format format,
                         struct retort_error *error)
{
    struct retort_buffer bytes = {0};
    if (format == FORMAT_AUTO)
        format = guess_format(run->source, stream);
    if (format == FORMAT_JSONL)
        return label_lines(run, stream, error);
    bool done = read_stream(stream, &bytes) ||
                retort_fail(error, RETORT_INPUT, "%s: %s", run->source, strerror(errno));
    done = done && (run->cutter || cli_open_cutter(run->arguments, &run->cutter, error)) &&
           label_page(run, retort_buffer_span(&bytes), error);
    retort_buffer_release(&bytes);
    return done;
}

static bool label_file(struct labelling *run, const char *path, enum format format,
                       struct retort_error *error)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *stream = standard ? stdin : fopen(path, "rb");
    run->source = path;
    if (!stream)
        return retort_fail(error, RETORT_INPUT, "%s: %s; check the name and its permissions", path,
                           strerror(errno));
    bool done = label_stream(run, stream, format, error);
    if (!standard)
        fclose(stream);
    return done;
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
    if (run->explain && !run->json)
        return retort_fail(error, RETORT_USAGE, "--explain goes with --json");
    retort_labeller_init(&run->labeller);
    return cli_open_models(arguments, &run->models, error) &&
           (!db ||
            retort_store_open(&run->store, db, RETORT_STORE_WRITE, RETORT_STORE_BUSY_MS, error));
}

static void close_run(struct labelling *run)
{
    retort_store_close(run->store);
    retort_labeller_release(&run->labeller);
    retort_cutter_close(run->cutter);
    retort_models_close(&run->models);
    retort_buffer_release(&run->out);
}

/* A bad file is said and passed over; what stops the run is what would stop the next file too. */
static bool label_files(struct labelling *run, const struct cli_arguments *arguments,
                        enum format format, int *code, struct retort_error *error)
{
    for (size_t i = 0; i < arguments->n_files; i++) {
        if (label_file(run, arguments->files[i], format, error))
            continue;
        if (error->failure != RETORT_INPUT)
            return false;
        *code = cli_fail(arguments, error);
    }
    if (run->saw_bad_line)
        *code = RETORT_INPUT;
    return true;
}

int cli_label(const struct cli_arguments *arguments)
{
    struct labelling run = {0};
    struct retort_error error;
    size_t format = FORMAT_AUTO;
    int code = RETORT_DONE;
    bool done = (arguments->n_files > 0 ||
                 retort_fail(&error, RETORT_USAGE, "wants FILE..., or - for standard input")) &&
                cli_choice(arguments, "format", FORMATS, &format, &error) &&
                open_run(&run, arguments, &error) &&
                label_files(&run, arguments, (enum format)format, &code, &error);
    close_run(&run);
    return done ? code : cli_fail(arguments, &error);
}
