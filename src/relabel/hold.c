/* Models held: copies that nobody else has a name for.
 *
 * An open model is a mapped file. Replaced by renaming, the old file lives on under the mapping;
 * but one that is overwritten where it lies would change, or end, under a run of an hour. So a run
 * takes a copy, checked whole like every model, in a file that has no name any more. */
#include "relabel/run.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static bool write_all(int file, struct retort_span bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(file, bytes.data, bytes.len);
        if (n < 0 && errno != EINTR)
            return false;
        bytes = retort_span_slice(bytes, n > 0 ? (size_t)n : 0, bytes.len);
    }
    return true;
}

static bool fail(struct retort_error *error, const char *path)
{
    return retort_fail(error, RETORT_RUNTIME, "%s: %s (a copy of a model); make room there", path,
                       strerror(errno));
}

static bool copy_to(const char *path, int file, struct retort_span bytes,
                    struct retort_error *error)
{
    bool written = write_all(file, bytes) || fail(error, path);
    close(file);
    return written;
}

/* The copy in place of the model. */
static bool hold(struct retort_model **model, struct retort_error *error)
{
    const char *directory = getenv("TMPDIR");
    struct retort_buffer path = {0};
    struct retort_model *copy = NULL;
    retort_buffer_format(&path, "%s/retort-model.XXXXXX", directory ? directory : "/tmp");
    retort_buffer_byte(&path, 0);
    char *name = (char *)path.data;
    int file = mkstemp(name);
    bool held = (file >= 0 || fail(error, name)) &&
                copy_to(name, file, retort_model_bytes(*model), error) &&
                retort_model_open(&copy, name, error);
    if (file >= 0)
        unlink(name);
    if (held) {
        retort_model_close(*model);
        *model = copy;
    }
    retort_buffer_release(&path);
    return held;
}

static bool hold_all(struct retort_models *models, struct retort_error *error)
{
    for (size_t i = 0; i < models->n_models; i++)
        if (!hold(&models->models[i], error)) {
            retort_models_close(models);
            return false;
        }
    return true;
}

bool retort_relabel_open_files(struct retort_models *models, const char *const *paths,
                               size_t n_paths, struct retort_error *error)
{
    *models = (struct retort_models){.models = retort_grow(NULL, n_paths, sizeof *models->models)};
    for (size_t i = 0; i < n_paths; i++) {
        if (!retort_model_open(&models->models[i], paths[i], error)) {
            retort_models_close(models);
            return false;
        }
        models->n_models++;
    }
    return hold_all(models, error);
}

bool retort_relabel_open_directory(struct retort_models *models, const char *directory,
                                   struct retort_error *error)
{
    return retort_models_open(models, directory, error) && hold_all(models, error);
}

/* ---- as the store hands it out ---- */

struct retort_stored_model *retort_diff_model(const struct retort_model *model,
                                              struct retort_arena *arena)
{
    size_t n = retort_model_n_labels(model);
    struct retort_stored_model *stored = RETORT_NEW(arena, struct retort_stored_model, 1);
    *stored = (struct retort_stored_model){
        .hash = retort_model_hash(model),
        .task = retort_model_task(model),
        .choice = retort_model_choice(model),
        .n_labels = n,
        .labels = RETORT_NEW(arena, const char *, n),
        .thresholds = RETORT_NEW(arena, double, n),
        .severities = RETORT_NEW(arena, double, n),
    };
    for (size_t i = 0; i < n; i++) {
        stored->labels[i] = retort_model_label(model, i)->name;
        stored->thresholds[i] = retort_model_label(model, i)->threshold;
        stored->severities[i] = retort_store_severity(stored->labels[i]);
    }
    return stored;
}
