/* What the command line adds to reading: files and options by name, the splitter beside the other
 * models, and what is passed over on standard error. */
#include "cli/intake.h"

#include <string.h>
#include <unistd.h>

/* ---- options ---- */

/* "500M" */
static bool parse_size(const char *text, uint64_t *size)
{
    static const char UNITS[] = "kMG";
    size_t len = strlen(text), shift = 0;
    char digits[24];
    const char *unit = len > 0 ? strchr(UNITS, text[len - 1]) : NULL;
    if (unit && *unit) {
        shift = 10 * (size_t)(unit - UNITS + 1);
        len--;
    }
    if (len == 0 || len >= sizeof digits)
        return false;
    memcpy(digits, text, len);
    digits[len] = 0;
    if (!retort_parse_count(digits, size) || *size > UINT64_MAX >> (shift + 2))
        return false;
    *size <<= shift;
    return *size > 0;
}

/* What was read is gone: a second look would be of nothing, and say so in silence. */
static bool reads_input_twice(const struct cli_arguments *arguments)
{
    size_t n = 0;
    for (size_t i = 0; i < arguments->n_files; i++)
        n += strcmp(arguments->files[i], "-") == 0;
    return n > 1;
}

/* ---- the host ---- */

static bool take_thread(void *context, const struct retort_intake_thread *found,
                        struct retort_error *error)
{
    const struct intake *intake = context;
    return intake->thread(intake->context, found, error);
}

static bool take_lines(void *context, struct retort_archive *file, const char *path,
                       struct retort_error *error)
{
    const struct intake *intake = context;
    return intake->lines(intake->context, file, path, error);
}

static bool want_cutter(void *context, const struct retort_cutter **cutter,
                        struct retort_error *error)
{
    struct intake *intake = context;
    if (!intake->cutter && !cli_open_cutter(intake->arguments, &intake->cutter, error))
        return false;
    *cutter = intake->cutter;
    return true;
}

static void say(void *context, const struct retort_error *error)
{
    struct intake *intake = context;
    intake->code = cli_fail(intake->arguments, error);
}

/* ---- a run ---- */

bool intake_begin(struct intake *intake, struct retort_error *error)
{
    const struct cli_arguments *arguments = intake->arguments;
    const char *most = cli_value(arguments, "max-size");
    uint64_t size = 0;
    if (arguments->n_files == 0)
        return retort_fail(error, RETORT_USAGE, "wants FILE..., or - for standard input");
    if (reads_input_twice(arguments))
        return retort_fail(error, RETORT_USAGE, "standard input (-) can be read once only");
    intake->reading = (struct retort_intake){
        .host = {take_thread, intake->lines ? take_lines : NULL, want_cutter, say, intake},
        .keep_private = cli_flag(arguments, "keep-private"),
        .progress = !cli_flag(arguments, "quiet") && !isatty(STDOUT_FILENO),
    };
    if (!cli_choice(arguments, "format", RETORT_INTAKE_FORMATS, &intake->reading.format, error))
        return false;
    if (most && !parse_size(most, &size))
        return retort_fail(error, RETORT_USAGE, "--max-size wants a size such as 500M, not \"%s\"",
                           most);
    intake->reading.most_bytes = (size_t)size;
    return true;
}

bool intake_run(struct intake *intake, struct retort_error *error)
{
    bool going = true;
    for (size_t i = 0; going && i < intake->arguments->n_files; i++)
        going = retort_intake_file(&intake->reading, intake->arguments->files[i], error);
    retort_cutter_close(intake->cutter);
    intake->cutter = NULL;
    return going;
}

/* ---- which document it is ---- */

void intake_put_source(struct retort_buffer *out, const struct retort_intake_thread *found)
{
    if (!found->is_part || found->is_told)
        return;
    retort_json_key(out, "source");
    retort_json_put(out, retort_span_of(found->source));
}

void intake_put_title(struct retort_buffer *out, const struct retort_intake_thread *found)
{
    const struct retort_thread *thread = &found->thread;
    const struct retort_span names[] = {thread->title, thread->url, thread->id};
    size_t name = 0, most = sizeof names / sizeof *names;
    cli_excerpt(out, retort_span_of(found->source), 60, false);
    while (name < most && names[name].len == 0)
        name++;
    if (!found->is_told || name == most)
        return;
    retort_buffer_text(out, ": ");
    cli_excerpt(out, names[name], 60, false);
}
