/* What is told of a run: all its changes go through one diff, whether they are read back from the
 * store or were never written. A run that was killed and resumed is told whole so. */
#include "cli/relabel_report.h"

#include <stdlib.h>
#include <sys/stat.h>

enum { DEFAULT_TOP = 10 };

struct telling {
    const struct cli_arguments *arguments;
    struct retort_store *store;
    struct retort_diff *diff;
    struct retort_models known;          /* all that may be explained */
    struct retort_models against, found; /* opened for it */
    struct retort_progress progress;     /* of changes read back */
    size_t n_read;
};

static bool add_preview(void *context, const struct retort_change *change,
                        struct retort_error *error)
{
    (void)error;
    retort_diff_add(((struct telling *)context)->diff, change);
    return true;
}

static bool add_change(void *context, const struct retort_change *change,
                       struct retort_error *error)
{
    struct telling *telling = context;
    retort_progress_step(&telling->progress, telling->n_read++);
    return add_preview(context, change, error);
}

/* ---- models ---- */

/* --against names an old model, or a directory of them. */
static bool open_against(struct telling *telling, struct retort_error *error)
{
    const char *path = cli_value(telling->arguments, "against");
    struct stat status;
    if (!path)
        return true;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return retort_relabel_open_directory(&telling->against, path, error);
    return retort_relabel_open_files(&telling->against, &path, 1, error);
}

/* The directory's models, if they can be opened: without them there are fewer words, no more. */
static bool find_models(struct telling *telling, struct retort_error *error)
{
    struct retort_buffer path = {0};
    struct retort_error ignored;
    if (!open_against(telling, error))
        return false;
    if (cli_models_directory(telling->arguments, &path, &ignored))
        retort_relabel_open_directory(&telling->found, (const char *)path.data, &ignored);
    retort_buffer_release(&path);
    return true;
}

/* An open one comes first: it is the one that has labelled. */
static void join_models(struct telling *telling, const struct retort_models *open)
{
    const struct retort_models none = {0}, *const sets[] = {open ? open : &none, &telling->against,
                                                            &telling->found};
    size_t n = 0;
    for (size_t s = 0; s < 3; s++)
        n += sets[s]->n_models;
    telling->known.models = retort_grow(NULL, n + 1, sizeof *telling->known.models);
    for (size_t s = 0; s < 3; s++)
        for (size_t m = 0; m < sets[s]->n_models; m++)
            telling->known.models[telling->known.n_models++] = sets[s]->models[m];
}

/* ---- a telling ---- */

static bool begin(struct telling *telling, const struct retort_models *open,
                  struct retort_error *error)
{
    uint64_t top = DEFAULT_TOP;
    if (!cli_count(telling->arguments, "top", &top, error) || !find_models(telling, error))
        return false;
    join_models(telling, open);
    return retort_diff_open(&telling->diff, telling->store, top, error);
}

/* run 0: none. */
static bool print(struct telling *telling, int64_t run, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_buffer out = {0};
    struct retort_diff_report report;
    bool told = retort_diff_finish(telling->diff, &telling->known, &arena, &report, error);
    if (told && cli_flag(telling->arguments, "json"))
        relabel_put_json(&out, run, &report);
    else if (told)
        relabel_put_text(&out, &report);
    told = told && cli_flush(&out, stdout, error);
    retort_buffer_release(&out);
    retort_arena_release(&arena);
    return told;
}

static void end(struct telling *telling)
{
    retort_diff_close(telling->diff);
    retort_models_close(&telling->against);
    retort_models_close(&telling->found);
    free(telling->known.models);
}

static bool read_back(struct telling *telling, int64_t id, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_run run;
    bool read = retort_store_run(telling->store, id, &arena, &run, error);
    if (read) {
        retort_progress_begin(&telling->progress, "changes read back", run.labelled * run.n_models,
                              cli_flag(telling->arguments, "quiet"));
        read = retort_store_each_change(telling->store, id, add_change, telling, error);
        retort_progress_end(&telling->progress);
    }
    retort_arena_release(&arena);
    return read;
}

bool relabel_tell_run(const struct cli_arguments *arguments, struct retort_store *store,
                      int64_t run, const struct retort_models *open, struct retort_error *error)
{
    struct telling telling = {.arguments = arguments, .store = store};
    bool told = begin(&telling, open, error) && (run == 0 || read_back(&telling, run, error)) &&
                print(&telling, run, error);
    end(&telling);
    return told;
}

bool relabel_tell_preview(const struct cli_arguments *arguments, struct retort_store *store,
                          const struct retort_relabel_request *request, struct retort_error *error)
{
    struct telling telling = {.arguments = arguments, .store = store};
    bool told = begin(&telling, request->models, error) &&
                retort_relabel_preview(store, request, add_preview, &telling, error) &&
                print(&telling, 0, error);
    end(&telling);
    return told;
}
