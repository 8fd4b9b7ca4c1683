/* retort prune: the labels of earlier models deleted for good. */
#include "cli/cli.h"
#include "relabel/relabel.h"

int cli_prune(const struct cli_arguments *arguments)
{
    const char *db = cli_value_or(arguments, "db", CLI_DEFAULT_DB);
    bool quiet = cli_flag(arguments, "quiet");
    struct retort_store *store;
    struct retort_error error;
    uint64_t n_deleted;
    if (!retort_store_open(&store, db, RETORT_STORE_EDIT, RETORT_STORE_BUSY_MS, &error))
        return cli_fail(arguments, &error);
    bool done = retort_store_load(store, &error) &&
                retort_relabel_prune(store, db, quiet, &n_deleted, &error);
    retort_store_close(store);
    if (!done)
        return cli_fail(arguments, &error);
    if (!quiet)
        printf("%llu label%s of earlier models deleted%s\n", (unsigned long long)n_deleted,
               n_deleted == 1 ? "" : "s",
               n_deleted ? "; the file keeps its size, and has room for what comes next" : "");
    return RETORT_DONE;
}
