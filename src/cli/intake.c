/* Files → documents → threads. A file is one document or an archive of many; what a document is, is
 * seen by its bytes and, in an archive, by what the server said of it. A crawl holds images, style
 * sheets and answers that are no pages: these are passed over without a word. What should have been
 * a page and cannot be read is said, and the next one comes. */
#include "cli/intake.h"

#include <string.h>
#include <unistd.h>

/* Those of platforms stand last, in the order of enum retort_platform. */
enum format { FORMAT_AUTO, FORMAT_WARC, FORMAT_WET, FORMAT_TEXT, FORMAT_HTML, FORMAT_JSONL };
static const char *const FORMATS[] = {"auto",      "warc",     "wet",      "text",   "html",
                                      "jsonl",     "disqus",   "wxr",      "reddit", "hn",
                                      "discourse", "guardian", "convokit", NULL};

static enum retort_platform platform_of(size_t format)
{
    return retort_platform_named(FORMATS[format]);
}

static size_t format_of(enum retort_platform platform)
{
    return FORMAT_JSONL + (size_t)platform - RETORT_PLATFORM_JSONL;
}

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

bool intake_begin(struct intake *intake, struct retort_error *error)
{
    const char *most = cli_value(intake->arguments, "max-size");
    uint64_t size = 0;
    if (intake->arguments->n_files == 0)
        return retort_fail(error, RETORT_USAGE, "wants FILE..., or - for standard input");
    if (reads_input_twice(intake->arguments))
        return retort_fail(error, RETORT_USAGE, "standard input (-) can be read once only");
    if (!cli_choice(intake->arguments, "format", FORMATS, &intake->format, error))
        return false;
    if (most && !parse_size(most, &size))
        return retort_fail(error, RETORT_USAGE, "--max-size wants a size such as 500M, not \"%s\"",
                           most);
    intake->keep_private = cli_flag(intake->arguments, "keep-private");
    intake->options.most_bytes = (size_t)size;
    intake->options.records = intake->format == FORMAT_WARC || intake->format == FORMAT_WET;
    return true;
}

void intake_put_source(struct retort_buffer *out, const struct intake_thread *found)
{
    if (!found->is_part || found->is_told)
        return;
    retort_json_key(out, "source");
    retort_json_put(out, retort_span_of(found->source));
}

/* ---- what is said ---- */

static void say(struct intake *intake, const struct retort_error *error)
{
    if (intake->progress.enabled)
        fputs("\r\033[K", stderr);
    intake->code = cli_fail(intake->arguments, error);
}

/* Said and passed over; false for what would stop the next document too. */
static bool pass_over(struct intake *intake, const struct retort_error *error)
{
    if (error->failure != RETORT_INPUT)
        return false;
    say(intake, error);
    return true;
}

/* ---- what a document is ---- */

static bool ends_with(const char *text, size_t len, const char *end)
{
    size_t tail = strlen(end);
    return len >= tail && memcmp(text + len - tail, end, tail) == 0;
}

/* A comment a line: an object with a text, and another object below. Whatever else the lines
 * resemble, they go through as lines. */
static bool has_lines(struct retort_span head)
{
    struct retort_span line = {0}, text;
    struct retort_error error;
    retort_span_next_line(&head, &line);
    if (line.len == 0 || line.data[0] != '{' || head.len == 0 || head.data[0] != '{')
        return false;
    struct retort_json *json = retort_json_parse(line, &error);
    bool has_text = json && retort_json_text(retort_json_get(json, "text"), &text);
    retort_json_free(json);
    return has_text;
}

/* A file by its name, else by how it begins. Lines may also be a corpus's. */
static size_t format_by_bytes(const char *path, struct retort_span bytes)
{
    size_t len = strlen(path);
    struct retort_span head = retort_span_slice(bytes, 0, RETORT_PLATFORM_HEAD);
    enum retort_platform platform = retort_platform_detect(head);
    len -= ends_with(path, len, ".gz") ? 3 : 0;
    if (ends_with(path, len, ".jsonl") || ends_with(path, len, ".ndjson"))
        return format_of(platform == RETORT_PLATFORM_CONVOKIT ? platform : RETORT_PLATFORM_JSONL);
    if (platform != RETORT_PLATFORM_NONE && !ends_with(path, len, ".txt"))
        return format_of(platform != RETORT_PLATFORM_CONVOKIT && has_lines(head)
                             ? RETORT_PLATFORM_JSONL
                             : platform);
    return retort_page_is_html(bytes) ? FORMAT_HTML : FORMAT_TEXT;
}

/* What a record of this media type holds; FORMAT_AUTO: data for programs, where the bytes must
 * show that a person wrote them. */
static const struct {
    const char *media_type;
    enum format format;
} MEDIA_TYPES[] = {
    {"text/html", FORMAT_HTML},
    {"application/xhtml+xml", FORMAT_HTML},
    {"text/plain", FORMAT_TEXT},
    {"application/x-ndjson", FORMAT_JSONL},
    {"application/json", FORMAT_AUTO},
    {"application/xml", FORMAT_AUTO},
    {"text/xml", FORMAT_AUTO},
    {"application/rss+xml", FORMAT_AUTO},
    {"", FORMAT_AUTO},
};

/* False: the record is no page, but an image, a redirection, data. */
static bool format_of_record(const struct retort_document *document, size_t *format)
{
    size_t i = 0, n = sizeof MEDIA_TYPES / sizeof MEDIA_TYPES[0];
    if (document->status != 0 && (document->status < 200 || document->status > 299))
        return false;
    while (i < n &&
           !retort_span_equal(document->media_type, retort_span_of(MEDIA_TYPES[i].media_type)))
        i++;
    if (i == n)
        return false;
    *format = MEDIA_TYPES[i].format;
    if (*format != FORMAT_AUTO)
        return true;
    *format = format_by_bytes("", document->bytes);
    return *format != FORMAT_TEXT && *format != FORMAT_JSONL;
}

/* False: there is nothing to read. What --format says goes before what the bytes say. */
static bool format_of_document(const struct intake *intake, const struct retort_document *document,
                               size_t *format)
{
    bool is_page = true;
    if (document->record > 0)
        is_page = format_of_record(document, format);
    else
        *format = format_by_bytes(document->name, document->bytes);
    if (intake->format >= FORMAT_TEXT)
        *format = intake->format;
    return is_page;
}

/* ---- documents ---- */

static bool want_cutter(struct intake *intake, struct retort_error *error)
{
    return intake->cutter || cli_open_cutter(intake->arguments, &intake->cutter, error);
}

static bool read_page(struct intake *intake, const struct retort_document *document, bool html,
                      const char *source, struct retort_error *error)
{
    struct retort_arena arena = {0};
    if (!html && !retort_text_check(document->bytes, error))
        return retort_fail_within(error, "%s", document->name);
    if (!want_cutter(intake, error))
        return false;
    struct intake_thread found = {
        .bytes = document->bytes,
        .source = source,
        .splitter = retort_cutter_hash(intake->cutter),
        .is_part = document->record > 0,
    };
    if (html)
        retort_thread_split_html(intake->cutter, document->bytes, document->charset, &arena,
                                 &found.thread);
    else
        retort_thread_split(intake->cutter, document->bytes, &arena, &found.thread);
    bool taken = intake->thread(intake->context, &found, error);
    retort_arena_release(&arena);
    return taken;
}

static bool read_document(struct intake *intake, const struct retort_document *document,
                          struct retort_error *error)
{
    struct retort_arena arena = {0};
    size_t format;
    bool read;
    if (!format_of_document(intake, document, &format))
        return true;
    const char *source =
        document->uri.len ? retort_arena_string(&arena, document->uri) : document->name;
    if (format <= FORMAT_HTML)
        read = read_page(intake, document, format == FORMAT_HTML, source, error);
    else
        read = intake_export(intake, platform_of(format), document->bytes, source, error) ||
               (error->failure == RETORT_INPUT && retort_fail_within(error, "%s", document->name));
    retort_arena_release(&arena);
    return read;
}

/* ---- files ---- */

static bool read_documents(struct intake *intake, struct retort_archive *archive,
                           struct retort_error *error)
{
    struct retort_document document;
    enum retort_archive_step step;
    size_t done, total;
    while ((step = retort_archive_next(archive, &document, error)) != RETORT_ARCHIVE_END) {
        bool read = step == RETORT_ARCHIVE_DOCUMENT && read_document(intake, &document, error);
        if (!read && !pass_over(intake, error))
            return false;
        retort_archive_position(archive, &done, &total);
        retort_progress_step(&intake->progress, done);
    }
    return true;
}

/* JSON lines go to the command as they come; what was wrong with the file is asked for behind. */
static bool read_lines(struct intake *intake, struct retort_archive *archive, const char *path,
                       struct retort_error *error)
{
    struct retort_document none;
    if (!intake->lines(intake->context, archive, path, error))
        return false;
    return retort_archive_next(archive, &none, error) != RETORT_ARCHIVE_DAMAGE;
}

static bool wants_lines(const struct intake *intake, struct retort_archive *archive,
                        const char *path)
{
    size_t format = intake->format;
    if (!intake->lines || retort_archive_has_records(archive))
        return false;
    if (format == FORMAT_AUTO)
        format = format_by_bytes(path, retort_archive_peek(archive, RETORT_PLATFORM_HEAD));
    return format == FORMAT_JSONL;
}

static bool read_archive(struct intake *intake, struct retort_archive *archive, const char *path,
                         struct retort_error *error)
{
    size_t done, total;
    if (wants_lines(intake, archive, path))
        return read_lines(intake, archive, path, error);
    bool unseen = !retort_archive_has_records(archive) || cli_flag(intake->arguments, "quiet") ||
                  isatty(STDOUT_FILENO);
    retort_archive_position(archive, &done, &total);
    retort_progress_begin(&intake->progress, "bytes read", total, unseen);
    bool read = read_documents(intake, archive, error);
    retort_progress_end(&intake->progress);
    return read;
}

static bool read_file(struct intake *intake, const char *path, struct retort_error *error)
{
    struct retort_archive *archive;
    enum retort_platform platform = platform_of(intake->format);
    if ((intake->format == FORMAT_AUTO || platform == RETORT_PLATFORM_CONVOKIT) &&
        retort_platform_is_corpus(path))
        return intake_corpus(intake, path, error);
    if (!retort_archive_open(&archive, path, &intake->options, error))
        return false;
    bool read = read_archive(intake, archive, path, error);
    retort_archive_close(archive);
    return read;
}

bool intake_run(struct intake *intake, struct retort_error *error)
{
    bool going = true;
    for (size_t i = 0; going && i < intake->arguments->n_files; i++)
        going = read_file(intake, intake->arguments->files[i], error) || pass_over(intake, error);
    retort_cutter_close(intake->cutter);
    intake->cutter = NULL;
    return going;
}
