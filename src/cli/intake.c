/* Files → documents → threads. A file is one document or an archive of many; what a document is, is
 * seen by its bytes and, in an archive, by what the server said of it. A crawl holds images, style
 * sheets and answers that are no pages: these are passed over without a word. What should have been
 * a page and cannot be read is said, and the next one comes. */
#include "cli/intake.h"

#include <string.h>
#include <unistd.h>

/* Those of platforms stand last, in the order of enum retort_platform. */
enum format { FORMAT_AUTO, FORMAT_TEXT, FORMAT_HTML, FORMAT_WARC, FORMAT_WET, FORMAT_JSONL };
static const char *const FORMATS[] = {"auto",      "text",     "html",     "warc",   "wet",
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

bool intake_begin(struct intake *intake, struct retort_error *error)
{
    const char *most = cli_value(intake->arguments, "max-size");
    uint64_t size = 0;
    if (intake->arguments->n_files == 0)
        return retort_fail(error, RETORT_USAGE, "wants FILE..., or - for standard input");
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

/* A file by its name, else by how it begins. Lines may also be a corpus's. */
static size_t guess_file(const char *path, struct retort_span begin)
{
    size_t len = strlen(path);
    enum retort_platform platform = retort_platform_detect(begin);
    len -= ends_with(path, len, ".gz") ? 3 : 0;
    if (ends_with(path, len, ".jsonl") || ends_with(path, len, ".ndjson"))
        return format_of(platform == RETORT_PLATFORM_CONVOKIT ? platform : RETORT_PLATFORM_JSONL);
    if (ends_with(path, len, ".txt") || platform == RETORT_PLATFORM_NONE)
        return FORMAT_TEXT;
    return format_of(platform);
}

/* Is the record a page at all, and not an image or a redirection? */
static bool is_page(const struct retort_document *document)
{
    static const char *const TYPES[] = {"", "text/plain", "text/html", "application/xhtml+xml"};
    if (document->status != 0 && (document->status < 200 || document->status > 299))
        return false;
    for (size_t i = 0; i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (retort_span_equal(document->media_type, retort_span_of(TYPES[i])))
            return true;
    return false;
}

/* ---- documents ---- */

static bool want_cutter(struct intake *intake, struct retort_error *error)
{
    return intake->cutter || cli_open_cutter(intake->arguments, &intake->cutter, error);
}

static bool is_html(const struct intake *intake, const struct retort_document *document)
{
    if (intake->format == FORMAT_HTML || intake->format == FORMAT_TEXT)
        return intake->format == FORMAT_HTML;
    if (document->media_type.len > 0)
        return !retort_span_equal(document->media_type, RETORT_SPAN("text/plain"));
    return retort_page_is_html(document->bytes);
}

static bool read_text(struct intake *intake, const struct retort_document *document,
                      struct retort_arena *arena, struct retort_error *error)
{
    bool html = is_html(intake, document);
    if (!html && !retort_text_check(document->bytes, error))
        return retort_fail_within(error, "%s", document->name);
    if (!want_cutter(intake, error))
        return false;
    struct intake_thread found = {
        .bytes = document->bytes,
        .source = document->uri.len ? retort_arena_string(arena, document->uri) : document->name,
        .splitter = retort_cutter_hash(intake->cutter),
        .is_part = document->record > 0,
    };
    if (html)
        retort_thread_split_html(intake->cutter, document->bytes, document->charset, arena,
                                 &found.thread);
    else
        retort_thread_split(intake->cutter, document->bytes, arena, &found.thread);
    return intake->thread(intake->context, &found, error);
}

static bool read_document(struct intake *intake, size_t format,
                          const struct retort_document *document, struct retort_error *error)
{
    struct retort_arena arena = {0};
    if (document->record > 0 && !is_page(document))
        return true;
    if (document->record == 0 && platform_of(format) != RETORT_PLATFORM_NONE)
        return intake_export(intake, platform_of(format), document->bytes, document->name, error);
    bool read = read_text(intake, document, &arena, error);
    retort_arena_release(&arena);
    return read;
}

/* ---- files ---- */

static bool read_documents(struct intake *intake, size_t format, struct retort_archive *archive,
                           struct retort_error *error)
{
    struct retort_document document;
    enum retort_archive_step step;
    size_t done, total;
    while ((step = retort_archive_next(archive, &document, error)) != RETORT_ARCHIVE_END) {
        bool read =
            step == RETORT_ARCHIVE_DOCUMENT && read_document(intake, format, &document, error);
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

static bool read_archive(struct intake *intake, struct retort_archive *archive, const char *path,
                         struct retort_error *error)
{
    size_t format = intake->format, done, total;
    bool records = retort_archive_has_records(archive);
    if (format == FORMAT_AUTO && !records)
        format = guess_file(path, retort_archive_peek(archive, RETORT_PLATFORM_HEAD));
    if (format == FORMAT_JSONL && !records && intake->lines)
        return read_lines(intake, archive, path, error);
    retort_archive_position(archive, &done, &total);
    retort_progress_begin(&intake->progress, "bytes read", total,
                          !records || cli_flag(intake->arguments, "quiet") ||
                              isatty(STDOUT_FILENO));
    bool read = read_documents(intake, format, archive, error);
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
