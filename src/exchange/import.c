/* Import: a file is opened, what it is is seen by its first bytes, and its format reads it. What is
 * there already stays as it is, and what is not there is added: a file that comes twice changes
 * nothing, parts may come in any order, and several imports may run at once. */
#include "exchange/import.h"
#include "platform/platform.h"

#include <string.h>
#include <sys/stat.h>

enum { AUTO, JSONL, DOCCANO, LABEL_STUDIO, CONVOKIT, CSV, TSV, FOREIGN, N_FORMATS };

/* In the order in which files are asked what they are. */
const char *const RETORT_IMPORT_FORMATS[N_FORMATS + 1] = {
    [AUTO] = "auto",         [JSONL] = "jsonl",
    [DOCCANO] = "doccano",   [LABEL_STUDIO] = "label-studio",
    [CONVOKIT] = "convokit", [CSV] = "csv",
    [TSV] = "tsv",           [FOREIGN] = "objects",
};

static const struct import_format FORMATS[N_FORMATS] = {
    [JSONL] = {.read = import_jsonl_read},
    [DOCCANO] = {.recognise = import_is_doccano, .read = import_doccano},
    [LABEL_STUDIO] = {.recognise = import_is_studio, .read = import_studio},
    [CONVOKIT] = {.recognise = import_is_convokit,
                  .read = import_convokit,
                  .read_directory = import_convokit_directory},
    [CSV] = {.recognise = import_is_table, .read = import_csv_read},
    [TSV] = {.read = import_tsv_read},
    [FOREIGN] = {.recognise = import_is_foreign, .read = import_foreign_read},
};

/* ---- which format ---- */

/* Who writes the file may wait for what becomes of what has come. */
struct retort_span import_peek_head(struct retort_archive *file)
{
    size_t most = 1;
    struct retort_span head = retort_archive_peek(file, most);
    while (head.len >= most && head.len < RETORT_PLATFORM_HEAD &&
           (retort_archive_is_ready(file, head.len + 1) || !memchr(head.data, '\n', head.len))) {
        most = head.len + 1;
        head = retort_archive_peek(file, most);
    }
    return head;
}

static size_t format_of(const struct import_run *run, struct retort_archive *file)
{
    if (run->request->format != AUTO)
        return run->request->format;
    struct retort_span head = import_peek_head(file);
    for (size_t i = AUTO + 1; i < N_FORMATS; i++)
        if (FORMATS[i].recognise && FORMATS[i].recognise(head))
            return i;
    uint8_t first = head.len == 0 ? '{' : head.data[0];
    if (first == '[')
        return FOREIGN;
    return !run->request->map ? JSONL : first == '{' ? FOREIGN : CSV;
}

/* ---- a file ---- */

static bool read_file(struct import_run *run, struct retort_error *error)
{
    const struct retort_archive_options options = {0};
    struct retort_archive *file;
    struct retort_document none;
    if (!retort_archive_open(&file, run->path, &options, error))
        return false;
    size_t format = format_of(run, file);
    bool good = FORMATS[format].read
                    ? FORMATS[format].read(run, file, error)
                    : retort_fail(error, RETORT_INPUT, "%s: is no directory", run->path);
    good = good && retort_archive_next(file, &none, error) != RETORT_ARCHIVE_DAMAGE;
    retort_archive_close(file);
    return good;
}

static bool read_directory(struct import_run *run, struct retort_error *error)
{
    size_t format = run->request->format;
    for (size_t i = AUTO + 1; i < N_FORMATS && format == AUTO; i++)
        format = FORMATS[i].read_directory ? i : AUTO;
    return (
        FORMATS[format].read_directory
            ? FORMATS[format].read_directory(run, error) && import_decisions(run, error)
            : retort_fail(error, RETORT_INPUT, "%s: is a directory; name its files", run->path));
}

/* Of a file that breaks off, what came before stays, decisions too. */
static bool read_path(struct import_run *run, struct retort_error *error)
{
    struct stat status;
    bool directory =
        strcmp(run->path, "-") != 0 && stat(run->path, &status) == 0 && S_ISDIR(status.st_mode);
    bool good = directory ? read_directory(run, error) : read_file(run, error);
    if (good || error->failure == RETORT_INPUT) {
        struct retort_error worse;
        if (import_decisions(run, &worse))
            return good;
        *error = worse;
    }
    retort_store_rollback(run->store);
    return false;
}

bool retort_exchange_import(const struct retort_import_request *request, const char *path,
                            struct retort_import_figures *figures, struct retort_error *error)
{
    struct import_run run = {.request = request,
                             .figures = figures,
                             .store = request->store,
                             .path = path,
                             .restoring = restoring_open()};
    retort_store_recount_lines(request->store);
    bool good = retort_store_last_comment(request->store, &run.last_comment, error) &&
                read_path(&run, error);
    restoring_close(run.restoring);
    import_label_end(&run);
    import_say_bad(&run);
    if (good || error->failure != RETORT_INPUT)
        return good;
    request->say(request->context, RETORT_INPUT, error->message);
    return true;
}
