/* retort report: what is stored, measured, in one of several forms. */
#include "report/report.h"
#include "cli/cli.h"

static bool read_request(const struct cli_arguments *arguments,
                         struct retort_report_request *request, struct retort_error *error)
{
    uint64_t n_resamples = 0, n_groups = 0;
    *request = (struct retort_report_request){
        .name = cli_file_name(cli_value_or(arguments, "db", CLI_DEFAULT_DB)),
        .where = cli_value(arguments, "where"),
        .by = cli_value(arguments, "by"),
        .task = cli_value(arguments, "task"),
        .section = cli_value(arguments, "section"),
        .compare = cli_value(arguments, "compare"),
        .against = cli_value(arguments, "against"),
        .scale = cli_value(arguments, "scale"),
        .seed = 1,
        .quiet = cli_flag(arguments, "quiet"),
    };
    if (!cli_count(arguments, "seed", &request->seed, error) ||
        !cli_count(arguments, "resamples", &n_resamples, error) ||
        !cli_count(arguments, "groups", &n_groups, error))
        return false;
    if (cli_value(arguments, "resamples") && (n_resamples < 100 || n_resamples > 100000))
        return retort_fail(error, RETORT_USAGE, "--resamples: between 100 and 100000");
    if (cli_value(arguments, "groups") && (n_groups < 2 || n_groups > 1000))
        return retort_fail(error, RETORT_USAGE, "--groups: between 2 and 1000");
    request->n_resamples = (size_t)n_resamples;
    request->n_groups = (size_t)n_groups;
    return (!request->compare == !request->against) ||
           retort_fail(error, RETORT_USAGE, "--compare and --against go together");
}

static bool write_file(const struct retort_report *report, const char *path,
                       enum retort_report_format format, struct retort_error *error)
{
    const struct retort_report_look look = {.format = format};
    struct retort_buffer out = {0};
    retort_report_write(report, &look, &out);
    bool written = retort_file_replace(path, retort_buffer_span(&out), error);
    retort_buffer_release(&out);
    return written;
}

static const struct {
    const char *option;
    enum retort_report_format format;
} FORMS[] = {
    {"json", RETORT_REPORT_JSON}, {"csv", RETORT_REPORT_CSV}, {"latex", RETORT_REPORT_LATEX}};
enum { N_FORMS = sizeof FORMS / sizeof *FORMS };

/* The form of what goes to standard output: at most one. */
static bool read_form(const struct cli_arguments *arguments, const char **option,
                      enum retort_report_format *format, struct retort_error *error)
{
    *option = NULL;
    *format = RETORT_REPORT_TEXT;
    for (size_t i = 0; i < N_FORMS; i++) {
        if (!cli_flag(arguments, FORMS[i].option))
            continue;
        if (*option)
            return retort_fail(error, RETORT_USAGE, "--%s and --%s: one form at a time", *option,
                               FORMS[i].option);
        *option = FORMS[i].option;
        *format = FORMS[i].format;
    }
    return true;
}

/* On standard output, unless only files were asked for. */
static bool print(const struct cli_arguments *arguments, const struct retort_report *report,
                  struct retort_error *error)
{
    struct retort_report_look look = {RETORT_REPORT_TEXT, cli_width(stdout),
                                      cli_has_colour(stdout)};
    struct retort_buffer out = {0};
    const char *option;
    if (!read_form(arguments, &option, &look.format, error))
        return false;
    if (!option && (cli_value(arguments, "html") || cli_value(arguments, "bib")))
        return true;
    retort_report_write(report, &look, &out);
    bool written = cli_flush(&out, stdout, error);
    retort_buffer_release(&out);
    return written;
}

static bool write_all(const struct cli_arguments *arguments, const struct retort_report *report,
                      struct retort_error *error)
{
    const char *html = cli_value(arguments, "html"), *bib = cli_value(arguments, "bib");
    return (!html || write_file(report, html, RETORT_REPORT_HTML, error)) &&
           (!bib || write_file(report, bib, RETORT_REPORT_BIB, error)) &&
           print(arguments, report, error);
}

/* What would be refused at the end is refused before all is counted. */
static bool spares(const struct cli_arguments *arguments, const char *db,
                   struct retort_error *error)
{
    const char *option;
    enum retort_report_format format;
    const char *html = cli_value(arguments, "html"), *bib = cli_value(arguments, "bib");
    return read_form(arguments, &option, &format, error) &&
           cli_spares(html, db, "the database", error) &&
           cli_spares(bib, db, "the database", error) &&
           cli_spares(html, bib, "what --bib writes", error);
}

int cli_report(const struct cli_arguments *arguments)
{
    struct retort_error error = {0};
    struct retort_report_request request;
    struct retort_store *store = NULL;
    struct retort_report *report = NULL;
    const char *db = cli_value_or(arguments, "db", CLI_DEFAULT_DB);
    bool done = read_request(arguments, &request, &error) && spares(arguments, db, &error) &&
                retort_store_open(&store, db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS, &error) &&
                retort_report_make(store, &request, &report, &error) &&
                write_all(arguments, report, &error);
    retort_report_free(report);
    retort_store_close(store);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
