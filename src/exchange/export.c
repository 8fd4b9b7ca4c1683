/* Export: the review file for other programs. Lossless where the format has a place for it:
 * ids, authors, times, parents, sources, what the models say with p, what people said, and unknown
 * members verbatim. One comment is in memory at a time.
 *
 * Exported are the comments that stand in the newest scrape of their source, and those a person has
 * decided on, wherever they are now. */
#include "exchange/export.h"

#include <string.h>

enum {
    JSONL,
    CSV,
    TSV,
    DOCCANO,
    LABEL_STUDIO,
    LABEL_STUDIO_MIN,
    LABEL_STUDIO_CONFIG,
    CONVOKIT,
    LIBSVM,
    TRUTH,
    N_FORMATS
};

const char *const RETORT_EXPORT_FORMATS[N_FORMATS + 1] = {
    [JSONL] = "jsonl",
    [CSV] = "csv",
    [TSV] = "tsv",
    [DOCCANO] = "doccano",
    [LABEL_STUDIO] = "label-studio",
    [LABEL_STUDIO_MIN] = "label-studio-min",
    [LABEL_STUDIO_CONFIG] = "label-studio-config",
    [CONVOKIT] = "convokit",
    [LIBSVM] = "libsvm",
    [TRUTH] = "truth",
};

static const struct export_format FORMATS[N_FORMATS] = {
    [JSONL] = {.put = export_jsonl_put},
    [CSV] = {.begin = export_csv_begin, .put = export_csv_put, .release = export_csv_release},
    [TSV] = {.begin = export_tsv_begin, .put = export_csv_put, .release = export_csv_release},
    [DOCCANO] = {.put = export_doccano_put},
    [LABEL_STUDIO] = {.begin = export_studio_begin,
                      .put = export_studio_put,
                      .end = export_studio_end},
    [LABEL_STUDIO_MIN] = {.begin = export_studio_begin,
                          .put = export_studio_min_put,
                          .end = export_studio_end},
    [LABEL_STUDIO_CONFIG] = {.begin = export_studio_config},
    [CONVOKIT] = {.is_directory = true,
                  .begin = export_convokit_begin,
                  .put = export_convokit_put,
                  .end = export_convokit_end,
                  .release = export_convokit_release},
    [LIBSVM] = {.begin = export_libsvm_begin,
                .put = export_libsvm_put,
                .end = export_libsvm_end,
                .release = export_libsvm_release},
    [TRUTH] = {.begin = export_truth_begin},
};

bool export_wants(const struct export_run *run, const struct retort_stored_label *label)
{
    return !run->task || retort_span_equal(label->task, retort_span_of(run->task));
}

/* Labels of other tasks are left out; a comment that is gone stays for a decision's sake. */
static bool select_labels(const struct export_run *run, struct retort_stored *stored)
{
    size_t n = 0;
    bool decided = false;
    for (size_t i = 0; i < stored->n_labels; i++) {
        decided |= stored->labels[i].decision != 0;
        if (export_wants(run, &stored->labels[i]))
            stored->labels[n++] = stored->labels[i];
    }
    stored->n_labels = n;
    return stored->comment.current || decided;
}

static bool put_comment(void *context, const struct retort_stored_comment *comment,
                        struct retort_error *error)
{
    struct export_run *run = context;
    struct retort_arena arena = {0};
    struct retort_stored stored;
    bool good = retort_stored_read(run->store, comment, &arena, &stored, error);
    if (good && select_labels(run, &stored)) {
        good = run->format->put(run, &stored, &arena, error);
        run->n_written++;
    }
    retort_arena_release(&arena);
    return good && (run->file.out.len < 1 << 16 || export_file_flush(&run->file, error));
}

static bool write_all(struct export_run *run, struct retort_error *error)
{
    return (!run->format->begin || run->format->begin(run, error)) &&
           (!run->format->put || retort_store_each_comment(run->store, put_comment, run, error)) &&
           (!run->format->end || run->format->end(run, error));
}

static bool write_file(struct export_run *run, struct retort_error *error)
{
    bool own = run->format->is_directory;
    ours_open(run);
    bool done = (own || export_file_open(&run->file, run->path, error)) && write_all(run, error);
    if (!own)
        done = export_file_close(&run->file, done, error);
    if (run->state)
        run->format->release(run);
    ours_close(run);
    return done;
}

/* A task that nobody has ever labelled is a slip of the pen. */
static bool check_task(const struct export_run *run, struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    if (!retort_store_models(run->store, &models, &n_models, error))
        return false;
    for (size_t i = 0; run->task && i < n_models; i++)
        if (strcmp(models[i].task, run->task) == 0)
            return true;
    return !run->task || retort_fail(error, RETORT_USAGE,
                                     "no model has labelled here for the task \"%s\"", run->task);
}

bool retort_exchange_wants_models(size_t format)
{
    return format == LIBSVM;
}

bool retort_exchange_export(const struct retort_export_request *request, struct retort_error *error)
{
    const struct export_format *format = &FORMATS[request->format];
    struct export_run run = {.store = request->store,
                             .format = format,
                             .task = request->task,
                             .path = request->path,
                             .models = request->models,
                             .leave_pages = request->leave_pages || request->pseudonyms};
    if (request->pseudonyms && request->format == TRUTH)
        return retort_fail(error, RETORT_USAGE,
                           "--format truth is of whole pages, with all names "
                           "in them; leave --pseudonymise out");
    if (format->is_directory && !request->path)
        return retort_fail(error, RETORT_USAGE, "--format %s writes a directory; name it by -o DIR",
                           RETORT_EXPORT_FORMATS[request->format]);
    return check_task(&run, error) && write_file(&run, error);
}
