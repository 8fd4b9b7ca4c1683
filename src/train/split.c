/* Training the splitter, and its report.
 *
 * All pages train the model that is written. The report measures what such a model says of pages
 * it has not seen: out of fold, by folds that never split a group, and, if asked, with a whole
 * source left out at a time. What one source has borrowed from another (furniture, an article put
 * before a thread) is not left out with it. */
#include "train/split.h"

#include "train/parts.h"
#include "train/split_folds.h"
#include "train/split_measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES = 20 };

static struct line_training training_of(const struct retort_split_options *options,
                                        size_t n_threads)
{
    size_t n_passes = options->n_passes ? options->n_passes : PASSES;
    return (struct line_training){n_passes, options->seed, n_threads, options->quiet, false};
}

/* Where each row is left out. */
struct partition {
    uint8_t *fold; /* [n_rows] */
    size_t n_folds;
};

static struct partition by_groups(const struct split_set *set, size_t n_folds, uint64_t seed)
{
    struct partition partition = {retort_grow(NULL, set->n_rows + 1, 1), 0};
    struct retort_span *groups = retort_grow(NULL, set->n_rows + 1, sizeof *groups);
    for (size_t i = 0; i < set->n_rows; i++)
        groups[i] = set->rows[i].group;
    partition.n_folds = retort_folds_assign(groups, set->n_rows, n_folds, seed, partition.fold);
    free(groups);
    return partition;
}

/* A fold a source; those after the 255th share one. */
static struct partition by_sources(const struct split_set *set)
{
    struct partition partition = {retort_grow(NULL, set->n_rows + 1, 1), 0};
    struct retort_span names[UINT8_MAX + 1];
    for (size_t i = 0; i < set->n_rows; i++) {
        size_t fold = 0;
        while (fold < partition.n_folds && !retort_span_equal(names[fold], set->rows[i].source))
            fold++;
        fold = fold < UINT8_MAX ? fold : UINT8_MAX;
        if (fold == partition.n_folds)
            names[partition.n_folds++] = set->rows[i].source;
        partition.fold[i] = (uint8_t)fold;
    }
    return partition;
}

static bool measure(const struct split_set *set, const struct partition *partition,
                    const struct retort_split_options *options, struct split_scores *scores,
                    struct retort_error *error)
{
    struct split_folding folding = {.set = set,
                                    .fold = partition->fold,
                                    .n_folds = partition->n_folds,
                                    .training = training_of(options, 1),
                                    .n_workers = options->n_workers,
                                    .what = "folds",
                                    .quiet = options->quiet};
    double(*sums)[N_SUMS] = retort_grow(NULL, set->n_rows + 1, sizeof *sums);
    bool fine = split_folds_measure(&folding, sums, error);
    *scores = (struct split_scores){.n = 0};
    for (size_t i = 0; fine && i < set->n_rows; i++)
        split_scores_add(scores, &set->rows[i], sums[i]);
    free(sums);
    return fine;
}

/* ---- the model ------------------------------------------------------------------------------ */

static void put_number(struct retort_buffer *out, const char *key, double value)
{
    retort_json_key(out, key);
    retort_buffer_number(out, value);
}

static void put_about(struct retort_buffer *out, const struct split_set *set,
                      const struct retort_split_options *options)
{
    retort_buffer_text(out, "{");
    retort_json_key(out, "task");
    retort_json_put(out, RETORT_SPAN("split"));
    put_number(out, "seed", (double)options->seed);
    put_number(out, "pages", (double)set->n_pages);
    put_number(out, "pages_outside_the_grammar", (double)(set->n_rows - set->n_pages));
    retort_buffer_text(out, "}\n");
}

static bool train_all(const struct split_set *set, const struct retort_split_options *options,
                      struct retort_error *error)
{
    struct line_training training = training_of(options, retort_workers_count(options->n_workers));
    bool *use = retort_grow(NULL, set->n_rows + 1, sizeof *use);
    struct retort_buffer about = {0};
    struct split_models models;
    for (size_t row = 0; row < set->n_rows; row++)
        use[row] = true;
    split_models_train(&models, set, use, &training);
    put_about(&about, set, options);
    bool fine = split_models_write(&models, options->model, retort_buffer_span(&about), error);
    split_models_release(&models);
    retort_buffer_release(&about);
    free(use);
    return fine;
}

/* ---- the report ----------------------------------------------------------------------------- */

static bool fill_report(struct retort_split_figures *figures, const struct split_set *set,
                        const struct partition *partition,
                        const struct retort_split_options *options, struct retort_error *error)
{
    struct partition sources = by_sources(set);
    bool fine = split_figures_name(figures, options, error) &&
                measure(set, partition, options, &figures->scores, error) &&
                (!options->leave_out || sources.n_folds < 2 ||
                 measure(set, &sources, options, &figures->left_out, error));
    free(sources.fold);
    if (fine)
        split_figures_make(figures);
    return fine;
}

static bool report(const struct split_set *set, const struct partition *partition,
                   const struct retort_split_options *options, struct retort_error *error)
{
    struct retort_split_figures *figures = split_figures_new(options);
    struct retort_buffer out = {0};
    figures->data = set->data;
    figures->n_data = set->n_data;
    figures->n_folds = partition->n_folds;
    bool fine = fill_report(figures, set, partition, options, error);
    if (fine) {
        retort_split_figures_json(figures, &out);
        fine = retort_file_replace(options->report, retort_buffer_span(&out), error);
    }
    retort_buffer_release(&out);
    retort_split_figures_close(figures);
    return fine;
}

bool retort_train_split(const struct retort_split_options *options, struct retort_error *error)
{
    struct split_set set;
    if (!split_set_read(&set, options->paths, options->n_paths, error))
        return false;
    struct partition partition = by_groups(&set, options->n_folds, options->seed);
    bool fine = (partition.n_folds > 1 ||
                 retort_fail(error, RETORT_INPUT,
                             "the pages are of one group only; folds never split a group")) &&
                train_all(&set, options, error) &&
                (!options->report || report(&set, &partition, options, error));
    free(partition.fold);
    split_set_release(&set);
    return fine;
}
