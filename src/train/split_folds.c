/* Folds of the splitter, in processes. A worker cannot hand back an error but by shared memory,
 * where each fold has a place for its own. */
#include "train/split_folds.h"

#include "train/parts.h"
#include "train/split_measure.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINK_PASSES = 16 };
static const double LINK_DECAY = 1e-6;

void split_models_train(struct split_models *models, const struct split_set *set, const bool *use,
                        const struct line_training *training)
{
    struct line_training html = *training;
    bool has_html = false;
    line_weights_train(&models->lines, set, use, training);
    for (size_t i = 0; i < set->n_pages; i++)
        has_html |= use[set->pages[i].row] && set->pages[i].html;
    html.html = true;
    models->markup = (struct line_weights){.n = 0};
    if (has_html)
        line_weights_train(&models->markup, set, use, &html);
    struct link_training links = {LINK_DECAY, LINK_PASSES, training->seed};
    link_weights_train(&models->links, set, use, &links);
}

void split_models_release(struct split_models *models)
{
    line_weights_release(&models->lines);
    line_weights_release(&models->markup);
    link_weights_release(&models->links);
}

bool split_models_write(const struct split_models *models, const char *path,
                        struct retort_span about, struct retort_error *error)
{
    struct retort_buffer lines = {0}, markup = {0}, links = {0};
    bool html = models->markup.n > 0;
    line_weights_put(&models->lines, &lines);
    if (html)
        line_weights_put(&models->markup, &markup);
    link_weights_put(&models->links, &links);
    const struct retort_bundle_part parts[] = {{"lines", retort_buffer_span(&lines)},
                                               {"parents", retort_buffer_span(&links)},
                                               {"about", about},
                                               {"markup", retort_buffer_span(&markup)}};
    bool fine = retort_bundle_write(path, parts, html ? 4 : 3, error);
    retort_buffer_release(&markup);
    retort_buffer_release(&lines);
    retort_buffer_release(&links);
    return fine;
}

/* ---- one fold ------------------------------------------------------------------------------- */

struct outcome {
    bool done;
    struct retort_error error;
};

struct run {
    const struct split_folding *folding;
    double (*sums)[N_SUMS];   /* shared */
    struct outcome *outcomes; /* [n_folds], shared */
};

static void train_without(const struct split_folding *folding, size_t fold,
                          struct split_models *models)
{
    const struct split_set *set = folding->set;
    struct line_training training = folding->training;
    bool *use = retort_grow(NULL, set->n_rows + 1, sizeof *use);
    for (size_t row = 0; row < set->n_rows; row++)
        use[row] = folding->fold[row] != fold;
    training.quiet = true;
    split_models_train(models, set, use, &training);
    free(use);
}

/* The model as it will be used: from a file, which has no name any more when this returns. */
static bool open_models(const struct split_models *models, struct retort_cutter **cutter,
                        struct retort_error *error)
{
    const char *directory = getenv("TMPDIR");
    struct retort_buffer path = {0};
    retort_buffer_format(&path, "%s/retort-fold-XXXXXX", directory ? directory : "/tmp");
    retort_buffer_byte(&path, 0);
    char *name = (char *)path.data;
    int descriptor = mkstemp(name);
    bool fine = descriptor >= 0 || retort_fail(error, RETORT_RUNTIME, "%s: cannot be made", name);
    if (fine) {
        close(descriptor);
        fine = split_models_write(models, name, RETORT_SPAN("{}"), error) &&
               retort_cutter_open(cutter, name, error);
        unlink(name);
    }
    retort_buffer_release(&path);
    return fine;
}

static bool measure_fold(const struct run *run, size_t fold, const struct retort_cutter *cutter,
                         struct retort_error *error)
{
    const struct split_set *set = run->folding->set;
    bool fine = true;
    for (size_t row = 0; fine && row < set->n_rows; row++)
        if (run->folding->fold[row] == fold)
            fine = split_measure_page(cutter, &set->rows[row], run->sums[row], error) ||
                   retort_fail_within(error, "row %zu", row + 1);
    return fine;
}

static void fold_job(void *context, size_t fold)
{
    const struct run *run = context;
    struct outcome *outcome = &run->outcomes[fold];
    struct split_models models;
    struct retort_cutter *cutter;
    train_without(run->folding, fold, &models);
    if (open_models(&models, &cutter, &outcome->error)) {
        outcome->done = measure_fold(run, fold, cutter, &outcome->error);
        retort_cutter_close(cutter);
    }
    split_models_release(&models);
}

/* ---- all folds ------------------------------------------------------------------------------ */

bool split_folds_measure(const struct split_folding *folding, double (*sums)[N_SUMS],
                         struct retort_error *error)
{
    size_t n_rows = folding->set->n_rows, n = folding->n_folds;
    struct run run = {.folding = folding};
    run.sums = retort_shared_new(n_rows, sizeof *run.sums);
    run.outcomes = retort_shared_new(n, sizeof *run.outcomes);
    bool fine =
        retort_workers_run(fold_job, &run, n, folding->n_workers, folding->what, folding->quiet) ||
        retort_fail(error, RETORT_RUNTIME, "a process of %s died", folding->what);
    for (size_t fold = 0; fine && fold < n; fold++) {
        fine = run.outcomes[fold].done;
        if (!fine)
            *error = run.outcomes[fold].error;
    }
    memcpy(sums, run.sums, n_rows * sizeof *run.sums);
    retort_shared_free(run.sums, n_rows, sizeof *run.sums);
    retort_shared_free(run.outcomes, n, sizeof *run.outcomes);
    return fine;
}
