/* retort serve: the review page and the API, until a signal. */
#include "serve/serve.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <unistd.h>

struct start {
    const struct cli_arguments *arguments;
    const char *db;
    bool is_new; /* a name mistyped is a new file, too */
};

static void say_ready(void *context, const char *url)
{
    const struct start *start = context;
    if (cli_flag(start->arguments, "quiet"))
        return;
    printf("retort serves %s%s on %s\nCtrl-C ends it; decisions are kept at once.\n", start->db,
           start->is_new ? ", new and empty," : "", url);
    fflush(stdout);
}

static void say(void *context, const char *message)
{
    const struct start *start = context;
    fprintf(stderr, "retort %s: %s\n", start->arguments->command->name, message);
}

static const char *person(const struct cli_arguments *arguments)
{
    const char *user = getenv("USER");
    return cli_value_or(arguments, "reviewer", user && user[0] ? user : "reviewer");
}

int cli_serve(const struct cli_arguments *arguments)
{
    const char *db = cli_value_or(arguments, "db", CLI_DEFAULT_DB);
    struct start start = {arguments, db, access(db, F_OK) != 0};
    struct retort_error error = {0};
    struct retort_buffer models = {0}, splitter = {0};
    bool done = cli_models_directory(arguments, &models, &error) &&
                cli_splitter_path(arguments, &splitter, &error);
    const struct retort_serve_options options = {
        .version = RETORT_VERSION,
        .db = db,
        .listen = cli_value_or(arguments, "listen", "127.0.0.1:8765"),
        .user = person(arguments),
        .auth = cli_value(arguments, "auth-file"),
        .hosts = cli_value(arguments, "host"),
        .models = (const char *)models.data,
        .splitter = (const char *)splitter.data,
        .store_analyzed = cli_flag(arguments, "store-analyzed"),
        .ready = say_ready,
        .said = say,
        .context = &start,
    };
    done = done && retort_serve(&options, &error);
    retort_buffer_release(&models);
    retort_buffer_release(&splitter);
    return done ? RETORT_DONE : cli_fail(arguments, &error);
}
