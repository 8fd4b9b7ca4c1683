/* retort export: what was asked for, and where to. */
#include "cli/cli.h"
#include "exchange/exchange.h"
#include "report/report.h"

enum { MOST_FORMATS = 32 };

/* The network is the report's, as its labels are counted with their errors corrected; it stands
 * behind the formats of comments. */
static bool read_format(const struct cli_arguments *arguments,
                        struct retort_export_request *request, bool *graphml,
                        struct retort_error *error)
{
    const char *names[MOST_FORMATS + 2] = {NULL};
    size_t n = 0;
    while (n < MOST_FORMATS && RETORT_EXPORT_FORMATS[n]) {
        names[n] = RETORT_EXPORT_FORMATS[n];
        n++;
    }
    names[n] = "graphml";
    if (!cli_choice(arguments, "format", names, &request->format, error))
        return false;
    *graphml = request->format == n;
    return true;
}

static bool read_options(const struct cli_arguments *arguments,
                         struct retort_export_request *request, bool *graphml,
                         struct retort_error *error)
{
    if (!cli_value(arguments, "format"))
        return retort_fail(error, RETORT_USAGE, "--format is missing; see `retort export --help`");
    request->task = cli_value(arguments, "task");
    request->path = cli_value(arguments, "output");
    return read_format(arguments, request, graphml, error);
}

static bool export_graphml(const struct retort_export_request *request, struct retort_error *error)
{
    const struct retort_graphml_request graphml = {
        .task = request->task, .path = request->path, .seed = 1};
    return retort_report_graphml(request->store, &graphml, error);
}

/* The store hands out pseudonyms from now on. */
static bool hide_names(const struct cli_arguments *arguments, struct retort_export_request *request,
                       struct retort_pseudonyms **pseudonyms, struct retort_error *error)
{
    bool made;
    const char *key = cli_value(arguments, "pseudonymise");
    if (!key)
        return true;
    if (!retort_pseudonyms_open(pseudonyms, request->store, key, &made, error))
        return false;
    if (made)
        fprintf(stderr,
                "%s: made; keep it apart from the export, for whoever has both knows the "
                "names of all they can guess\n",
                key);
    request->pseudonyms = *pseudonyms;
    return true;
}

/* The key may have been made only now. */
static bool spares(const struct cli_arguments *arguments, const char *output,
                   struct retort_error *error)
{
    return cli_spares(output, cli_value_or(arguments, "db", CLI_DEFAULT_DB), "the database",
                      error) &&
           cli_spares(output, cli_value(arguments, "pseudonymise"), "the key", error);
}

static bool open_models(const struct cli_arguments *arguments,
                        struct retort_export_request *request, struct retort_models *models,
                        struct retort_error *error)
{
    if (!RETORT_EXPORT_FORMATS[request->format] || !retort_exchange_wants_models(request->format))
        return true;
    if (!cli_open_models(arguments, models, error))
        return false;
    request->models = models;
    return true;
}

int cli_export(const struct cli_arguments *arguments)
{
    struct retort_error error = {0};
    struct retort_export_request request = {0};
    struct retort_pseudonyms *pseudonyms = NULL;
    struct retort_models models = {0};
    const char *db = cli_value_or(arguments, "db", CLI_DEFAULT_DB);
    bool graphml = false;
    bool done =
        read_options(arguments, &request, &graphml, &error) &&
        open_models(arguments, &request, &models, &error) &&
        retort_store_open(&request.store, db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS, &error) &&
        hide_names(arguments, &request, &pseudonyms, &error) &&
        spares(arguments, request.path, &error) &&
        (graphml ? export_graphml(&request, &error) : retort_exchange_export(&request, &error));
    retort_store_close(request.store);
    retort_pseudonyms_close(pseudonyms);
    if (request.models)
        retort_models_close(&models);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
