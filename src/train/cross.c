/* Calibration, each fold left out in turn: what judges a fold was fitted on the margins of the
 * others. Each fold's is a job of its own, and so is that of all for the model. */
#include "train/run.h"

#include <string.h>

struct crossing {
    const struct retort_run *run;
    const struct retort_folded *part;
    struct retort_label *labels; /* shared: [n_folds + 1][n_labels] */
    double *losses;              /* shared: [n_labels][RETORT_N_LINKS] of the last */
};

static void calibrate(void *context, size_t index)
{
    const struct crossing *crossing = context;
    const struct retort_run *run = crossing->run;
    const struct retort_folded *part = crossing->part;
    bool all = index == part->n_folds;
    const struct retort_calibration calibration = {
        .dataset = &part->dataset,
        .margins = part->margins,
        .fold = part->fold,
        .leave_out = all ? RETORT_NO_FOLD : index,
        .sure_error = run->options.sure_error,
        .losses = all ? crossing->losses : NULL,
        .by_accuracy = run->method.by_accuracy > 0,
        .by_source = run->method.sure_by_source > 0,
    };
    retort_calibrate(&calibration, crossing->labels + index * part->dataset.n_labels);
}

static struct retort_score *decide(const struct crossing *crossing, struct retort_arena *arena)
{
    const struct retort_folded *part = crossing->part;
    size_t n = part->dataset.n_examples, n_labels = part->dataset.n_labels, label;
    struct retort_score *scores = RETORT_NEW(arena, struct retort_score, n * n_labels);
    for (size_t i = 0; i < n * n_labels; i++)
        scores[i].margin = part->margins[i];
    for (size_t i = 0; i < n; i++)
        retort_decide(crossing->labels + part->fold[i] * n_labels, n_labels, part->dataset.choice,
                      scores + i * n_labels, &label);
    return scores;
}

bool retort_cross_fit(const struct retort_run *run, const struct retort_folded *part,
                      const struct retort_fitted *fitted, struct retort_score **scores,
                      struct retort_arena *arena)
{
    size_t n_labels = part->dataset.n_labels, n_fits = part->n_folds + (fitted != NULL);
    size_t n_all = n_fits * n_labels, n_losses = n_labels * RETORT_N_LINKS;
    struct crossing crossing = {.run = run,
                                .part = part,
                                .labels = retort_shared_new(n_all, sizeof *crossing.labels),
                                .losses = retort_shared_new(n_losses, sizeof *crossing.losses)};
    bool done = retort_workers_run(calibrate, &crossing, n_fits, run->options.n_workers,
                                   "calibration", run->options.quiet);
    if (done)
        *scores = decide(&crossing, arena);
    if (done && fitted) {
        memcpy(fitted->labels, crossing.labels + part->n_folds * n_labels,
               n_labels * sizeof *fitted->labels);
        memcpy(fitted->losses, crossing.losses, n_losses * sizeof *fitted->losses);
    }
    retort_shared_free(crossing.labels, n_all, sizeof *crossing.labels);
    retort_shared_free(crossing.losses, n_losses, sizeof *crossing.losses);
    return done;
}
