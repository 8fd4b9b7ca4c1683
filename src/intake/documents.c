/* A file or bytes in memory → documents → threads. A damaged record, a page that is no text, an
 * export that breaks off: said, and what comes behind is read. */
#include "intake/formats.h"

/* ---- what is said ---- */

/* Said and passed over; false for what would stop the next document too. */
static bool pass_over(struct retort_intake *intake, const struct retort_error *error)
{
    if (error->failure != RETORT_INPUT)
        return false;
    if (intake->shown.enabled)
        fputs("\r\033[K", stderr);
    intake->host.say(intake->host.context, error);
    return true;
}

/* ---- exports ---- */

struct export
{
    struct retort_intake *intake;
    const char *name;
};

static bool take_told(void *context, const struct retort_thread *thread, struct retort_error *error)
{
    const struct export *export = context;
    const struct retort_intake_host *host = &export->intake->host;
    const struct retort_intake_thread found = {
        .thread = *thread,
        .source = export->name,
        .splitter = "",
        .is_part = true,
        .is_told = true,
    };
    return host->thread(host->context, &found, error);
}

static bool read_export(struct retort_intake *intake, enum retort_platform platform,
                        struct retort_span bytes, const char *source, struct retort_error *error)
{
    struct export export = {intake, source};
    const struct retort_platform_reading reading = {intake->keep_private, take_told, &export};
    return retort_platform_read(platform, bytes, &reading, error);
}

static bool read_corpus(struct retort_intake *intake, const char *path, struct retort_error *error)
{
    struct export export = {intake, path};
    const struct retort_platform_reading reading = {intake->keep_private, take_told, &export};
    return retort_platform_read_corpus(path, &reading, error);
}

/* ---- documents ---- */

/* JSON that a program wrote is no page, and would be one without a word. */
static bool is_json(struct retort_span bytes)
{
    struct retort_error ignored;
    bytes = retort_span_trim(bytes);
    return bytes.len > 0 && (bytes.data[0] == '[' || bytes.data[0] == '{') &&
           retort_json_check(bytes, &ignored);
}

static bool read_page(struct retort_intake *intake, const struct retort_document *document,
                      bool html, const char *source, struct retort_error *error)
{
    const struct retort_intake_host *host = &intake->host;
    const struct retort_cutter *cutter;
    struct retort_arena arena = {0};
    if (!html && !retort_text_check(document->bytes, error))
        return retort_fail_within(error, "%s", document->name);
    if (!html && intake->format == FORMAT_AUTO && is_json(document->bytes))
        return retort_fail(error, RETORT_INPUT,
                           "%s: is JSON, but no export that retort knows; comments are read one a "
                           "line, as `jq -c '.[]'` makes them of an array",
                           document->name);
    if (!host->cutter(host->context, &cutter, error))
        return false;
    struct retort_intake_thread found = {
        .bytes = document->bytes,
        .source = source,
        .splitter = retort_cutter_hash(cutter),
        .is_part = document->record > 0,
    };
    if (html)
        retort_thread_split_html(cutter, document->bytes, document->charset, &arena, &found.thread);
    else
        retort_thread_split(cutter, document->bytes, &arena, &found.thread);
    bool taken = host->thread(host->context, &found, error);
    retort_arena_release(&arena);
    return taken;
}

static bool read_document(struct retort_intake *intake, const struct retort_document *document,
                          struct retort_error *error)
{
    struct retort_arena arena = {0};
    size_t format;
    bool read;
    if (!format_of_document(intake->format, document, &format))
        return true;
    const char *source =
        document->uri.len ? retort_arena_string(&arena, document->uri) : document->name;
    if (format <= FORMAT_HTML)
        read = read_page(intake, document, format == FORMAT_HTML, source, error);
    else
        read = read_export(intake, format_platform(format), document->bytes, source, error) ||
               (error->failure == RETORT_INPUT && retort_fail_within(error, "%s", document->name));
    retort_arena_release(&arena);
    return read;
}

/* ---- files ---- */

static bool read_documents(struct retort_intake *intake, struct retort_archive *archive,
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
        retort_progress_step(&intake->shown, done);
    }
    return true;
}

/* JSON lines go to the host as they come; what was wrong with the file is asked for behind. */
static bool read_lines(struct retort_intake *intake, struct retort_archive *archive,
                       const char *path, struct retort_error *error)
{
    struct retort_document none;
    if (!intake->host.lines(intake->host.context, archive, path, error))
        return false;
    return retort_archive_next(archive, &none, error) != RETORT_ARCHIVE_DAMAGE;
}

/* The file's beginning; no more of it than has come, where that shows that it is lines: a program
 * that writes one may wait for the answer. */
static struct retort_span peek_head(struct retort_archive *archive, const char *path)
{
    size_t most = 1;
    struct retort_span head = retort_archive_peek(archive, most);
    while (head.len >= most && head.len < RETORT_PLATFORM_HEAD &&
           (retort_archive_is_ready(archive, head.len + 1) || !format_is_lines(path, head))) {
        most = head.len + 1;
        head = retort_archive_peek(archive, most);
    }
    return head;
}

static bool wants_lines(const struct retort_intake *intake, struct retort_archive *archive,
                        const char *path)
{
    size_t format = intake->format;
    if (!intake->host.lines || retort_archive_has_records(archive))
        return false;
    if (format == FORMAT_AUTO)
        format = format_by_bytes(path, peek_head(archive, path));
    return format == FORMAT_JSONL;
}

static bool read_archive(struct retort_intake *intake, struct retort_archive *archive,
                         const char *path, struct retort_error *error)
{
    size_t done, total;
    if (wants_lines(intake, archive, path))
        return read_lines(intake, archive, path, error);
    retort_archive_position(archive, &done, &total);
    retort_progress_begin(&intake->shown, "bytes read", total,
                          !intake->progress || !retort_archive_has_records(archive));
    bool read = read_documents(intake, archive, error);
    retort_progress_end(&intake->shown);
    return read;
}

static struct retort_archive_options archive_options(const struct retort_intake *intake)
{
    return (struct retort_archive_options){
        .most_bytes = intake->most_bytes,
        .records = intake->format == FORMAT_WARC || intake->format == FORMAT_WET,
    };
}

static bool read_file(struct retort_intake *intake, const char *path, struct retort_error *error)
{
    const struct retort_archive_options options = archive_options(intake);
    struct retort_archive *archive;
    if ((intake->format == FORMAT_AUTO ||
         format_platform(intake->format) == RETORT_PLATFORM_CONVOKIT) &&
        retort_platform_is_corpus(path))
        return read_corpus(intake, path, error);
    if (!retort_archive_open(&archive, path, &options, error))
        return false;
    bool read = read_archive(intake, archive, path, error);
    retort_archive_close(archive);
    return read;
}

bool retort_intake_file(struct retort_intake *intake, const char *path, struct retort_error *error)
{
    return read_file(intake, path, error) || pass_over(intake, error);
}

static bool read_bytes(struct retort_intake *intake, const char *name, struct retort_span bytes,
                       struct retort_error *error)
{
    const struct retort_archive_options options = archive_options(intake);
    struct retort_archive *archive;
    if (!retort_archive_open_bytes(&archive, name, bytes, &options, error))
        return false;
    bool read = read_archive(intake, archive, name, error);
    retort_archive_close(archive);
    return read;
}

bool retort_intake_bytes(struct retort_intake *intake, const char *name, struct retort_span bytes,
                         struct retort_error *error)
{
    return read_bytes(intake, name, bytes, error) || pass_over(intake, error);
}
