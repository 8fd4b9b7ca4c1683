/* retort export: what was asked for, and where to. */
#include "cli/cli.h"
#include "exchange/exchange.h"
#include "report/report.h"

#include <string.h>

static bool read_options(const struct cli_arguments *arguments,
                         struct retort_export_request *request, struct retort_error *error)
{
    if (!cli_value(arguments, "format"))
        return retort_fail(error, RETORT_USAGE, "--format is missing; see `retort export --help`");
    request->task = cli_value(arguments, "task");
    request->path = cli_value(arguments, "output");
    return cli_choice(arguments, "format", RETORT_EXPORT_FORMATS, &request->format, error);
}

/* The network is the report's: its labels are counted with their errors corrected. */
static bool is_graphml(const struct cli_arguments *arguments)
{
    const char *format = cli_value(arguments, "format");
    return format && strcmp(format, "graphml") == 0;
}

static bool export_graphml(const struct cli_arguments *arguments, struct retort_store *store,
                           struct retort_error *error)
{
    const struct retort_graphml_request request = {
        .task = cli_value(arguments, "task"),
        .path = cli_value(arguments, "output"),
        .seed = 1,
    };
    return retort_report_graphml(store, &request, error);
}

int cli_export(const struct cli_arguments *arguments)
{
    struct retort_error error = {0};
    struct retort_export_request request = {0};
    const char *db = cli_value_or(arguments, "db", CLI_DEFAULT_DB);
    bool graphml = is_graphml(arguments);
    bool done =
        (graphml || read_options(arguments, &request, &error)) &&
        retort_store_open(&request.store, db, RETORT_STORE_READ, RETORT_STORE_BUSY_MS, &error) &&
        (graphml ? export_graphml(arguments, request.store, &error)
                 : retort_exchange_export(&request, &error));
    retort_store_close(request.store);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
