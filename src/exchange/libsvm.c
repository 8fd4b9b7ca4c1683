/* libsvm: sparse lines for other learners, of one task's model: what it sees of each comment.
 *
 *     2 4:0.117 90:0.0313 …          one of several labels, by its number
 *     0,3 4:0.117 …                  any of them, as scikit-learn reads it; none: the line begins
 * with a space
 *
 * Numbers of labels begin at 0, of features at 1, as is the custom. The label is the person's where
 * there is one, else the model's: FILE.ids tells which. Beside it lie FILE.features (number, name)
 * and FILE.labels, so that a line can be read. */
#include "exchange/export.h"
#include "intake/intake.h"

#include <stdlib.h>
#include <string.h>

struct libsvm {
    const struct retort_model *model;
    struct retort_labeller labeller;
    struct export_file ids;
};

static const struct retort_model *find_model(const struct export_run *run)
{
    for (size_t i = 0; run->models && i < run->models->n_models; i++)
        if (strcmp(retort_model_task(run->models->models[i]), run->task) == 0)
            return run->models->models[i];
    return NULL;
}

/* ---- beside it ---- */

static bool open_beside(const struct export_run *run, const char *end, struct export_file *file,
                        struct retort_error *error)
{
    struct retort_buffer path = {0};
    retort_buffer_format(&path, "%s%s", run->path, end);
    retort_buffer_byte(&path, 0);
    bool opened = export_file_open(file, (const char *)path.data, error);
    retort_buffer_release(&path);
    return opened;
}

/* Tabs and line ends of a name become spaces: it is one cell. */
static void put_name(struct retort_buffer *out, struct retort_span name)
{
    for (size_t i = 0; i < name.len; i++)
        retort_buffer_byte(out, name.data[i] < ' ' ? ' ' : name.data[i]);
    retort_buffer_byte(out, '\n');
}

static bool put_features(const struct retort_model *model, struct export_file *file,
                         struct retort_error *error)
{
    uint32_t n = retort_model_dictionary(model)->n_features;
    bool good = true;
    for (uint32_t i = 0; good && i < n; i++) {
        retort_buffer_format(&file->out, "%lu\t", (unsigned long)i + 1);
        put_name(&file->out, retort_model_feature(model, i));
        good = file->out.len < 1 << 16 || export_file_flush(file, error);
    }
    return good;
}

static bool write_features(const struct export_run *run, const struct retort_model *model,
                           struct retort_error *error)
{
    struct export_file file;
    bool done = open_beside(run, ".features", &file, error) && put_features(model, &file, error);
    return export_file_close(&file, done, error);
}

static bool write_labels(const struct export_run *run, const struct retort_model *model,
                         struct retort_error *error)
{
    struct export_file file;
    bool done = open_beside(run, ".labels", &file, error);
    for (size_t i = 0; done && i < retort_model_n_labels(model); i++) {
        retort_buffer_format(&file.out, "%zu\t", i);
        put_name(&file.out, retort_span_of(retort_model_label(model, i)->name));
    }
    return export_file_close(&file, done, error);
}

bool export_libsvm_begin(struct export_run *run, struct retort_error *error)
{
    struct libsvm *libsvm = retort_grow(NULL, 1, sizeof *libsvm);
    *libsvm = (struct libsvm){0};
    retort_labeller_init(&libsvm->labeller);
    run->state = libsvm;
    if (!run->task || !run->path)
        return retort_fail(error, RETORT_USAGE,
                           "--format libsvm wants --task TASK and -o FILE, beside which it says "
                           "what its numbers are");
    libsvm->model = find_model(run);
    if (!libsvm->model)
        return retort_fail(error, RETORT_REFUSED, "there is no model for %s here; see --models",
                           run->task);
    return write_features(run, libsvm->model, error) && write_labels(run, libsvm->model, error) &&
           open_beside(run, ".ids", &libsvm->ids, error);
}

/* ---- a line ---- */

/* Of one-of labels there is one; *n: how many were put. */
static void put_label(struct retort_buffer *out, const struct retort_model *model,
                      const struct retort_stored_label *label)
{
    size_t n = 0;
    for (size_t i = 0; i < retort_model_n_labels(model); i++)
        if (retort_stored_label_is_on(label, retort_model_label(model, i)->name))
            retort_buffer_format(out, n++ ? ",%zu" : "%zu", i);
}

static bool put_vector(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct retort_error *error)
{
    struct libsvm *libsvm = run->state;
    struct retort_item item;
    struct retort_entry *entries;
    struct retort_span target;
    struct retort_buffer *out = &run->file.out;
    if (!retort_store_given(run->store, &stored->comment, arena, &target, error) ||
        !retort_intake_stored_item(run->store, &stored->comment, target, arena, &item, error))
        return false;
    size_t n = retort_model_vector(libsvm->model, &libsvm->labeller, &item, arena, &entries);
    for (size_t i = 0; i < n; i++) {
        if (entries[i].value == 0)
            continue;
        retort_buffer_format(out, " %lu:", (unsigned long)entries[i].feature + 1);
        retort_buffer_number(out, (double)entries[i].value);
    }
    retort_buffer_byte(out, '\n');
    return true;
}

/* A comment that nobody and nothing has labelled has no line. */
bool export_libsvm_put(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct retort_error *error)
{
    struct libsvm *libsvm = run->state;
    if (stored->n_labels == 0)
        return true;
    const struct retort_stored_label *label = &stored->labels[0];
    put_label(&run->file.out, libsvm->model, label);
    retort_buffer_text(&libsvm->ids.out, stored->comment.identity);
    retort_buffer_byte(&libsvm->ids.out, '\t');
    retort_buffer_text(&libsvm->ids.out, label->decision ? "person\t" : "model\t");
    put_name(&libsvm->ids.out, stored->comment.native_id);
    return put_vector(run, stored, arena, error) &&
           (libsvm->ids.out.len < 1 << 16 || export_file_flush(&libsvm->ids, error));
}

bool export_libsvm_end(struct export_run *run, struct retort_error *error)
{
    struct libsvm *libsvm = run->state;
    return export_file_close(&libsvm->ids, true, error);
}

void export_libsvm_release(struct export_run *run)
{
    struct libsvm *libsvm = run->state;
    struct retort_error ignored;
    if (libsvm->ids.stream)
        export_file_close(&libsvm->ids, false, &ignored);
    retort_labeller_release(&libsvm->labeller);
    free(libsvm);
}
