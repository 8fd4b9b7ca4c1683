/* Training and measuring the splitter, end to end.
 *
 * Groups 0 to 16 train, 17 to 19 are held out: nothing is chosen on them. The cost C of the line
 * model is chosen by four folds of groups; the spread over folds goes into the report. Then all of
 * 0 to 16 train the model that is written, with the parents' model beside it in the same file. */
#include "train/split.h"

#include "train/split_lines.h"
#include "train/split_links.h"
#include "train/split_measure.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_FOLDS = 4, FOLD_PASSES = 3, PASSES = 10, LINK_PASSES = 6 };
static const double COSTS[] = {0.3, 1};
enum { N_COSTS = sizeof COSTS / sizeof *COSTS };
static const double LINK_DECAY = 1e-6;

struct models {
    struct line_weights lines;
    struct link_weights links;
};

static void train_models(struct models *models, const struct split_set *set, const bool *use,
                         const struct line_training *training)
{
    line_weights_train(&models->lines, set, use, training);
    struct link_training links = {LINK_DECAY, LINK_PASSES, training->seed};
    link_weights_train(&models->links, set, use, &links);
}

static void release_models(struct models *models)
{
    line_weights_release(&models->lines);
    link_weights_release(&models->links);
}

static void measure_page(const struct models *models, const struct split_page *page,
                         struct split_tallies *tallies)
{
    struct retort_arena arena = {0};
    uint8_t *states = RETORT_NEW(&arena, uint8_t, page->page.n_lines + 1);
    int32_t *parents = RETORT_NEW(&arena, int32_t, page->n_comments + 1);
    struct split_tally *tally = split_tally_of(tallies, page);
    line_weights_decode(models->lines.values, page, states);
    split_tally_lines(tally, page, states);
    if (page->parents) {
        link_weights_parents(&models->links, page, parents);
        split_tally_parents(tally, page, parents);
    }
    retort_arena_release(&arena);
}

static void measure(const struct models *models, const struct split_set *set, const bool *use,
                    struct split_tallies *tallies)
{
    tallies->n = 0;
    for (size_t i = 0; i < set->n_pages; i++)
        if (use[i])
            measure_page(models, &set->pages[i], tallies);
}

/* ---- the choice of C ------------------------------------------------------------------------ */

/* Mean over kinds of pages of role accuracy, with beginnings' F1 or absence of invented comments.
 */
static double quality(const struct split_tallies *tallies)
{
    double sum = 0;
    for (size_t i = 0; i < tallies->n; i++) {
        const struct split_tally *row = &tallies->rows[i];
        double right = row->page_right / (double)row->n_pages;
        double other = row->n_with ? row->page_f1 / (double)row->n_with
                                   : 1 - (double)row->n_invented / (double)row->n_without;
        sum += (right + other) / 2;
    }
    return tallies->n ? sum / (double)tallies->n : 0;
}

static void choose_pages(const struct split_set *set, int fold, bool *train, bool *test)
{
    for (size_t i = 0; i < set->n_pages; i++) {
        bool ours = set->pages[i].group < SPLIT_HELD_OUT;
        bool in_fold = fold < 0 ? !ours : ours && (int)(set->pages[i].group % N_FOLDS) == fold;
        train[i] = ours && !in_fold;
        test[i] = in_fold;
    }
}

struct trial {
    double cost, folds[N_FOLDS], mean;
};

static void try_cost(struct trial *trial, const struct split_set *set,
                     const struct retort_split_options *options, bool *train, bool *test)
{
    struct split_tallies *tallies = retort_grow(NULL, 1, sizeof *tallies);
    struct line_training training = {trial->cost, FOLD_PASSES, options->seed, options->quiet};
    trial->mean = 0;
    for (int fold = 0; fold < N_FOLDS; fold++) {
        struct models models;
        choose_pages(set, fold, train, test);
        train_models(&models, set, train, &training);
        measure(&models, set, test, tallies);
        trial->folds[fold] = quality(tallies);
        trial->mean += trial->folds[fold] / N_FOLDS;
        release_models(&models);
    }
    free(tallies);
}

/* ---- what is written ------------------------------------------------------------------------ */

static void put_number(struct retort_buffer *out, const char *key, double value)
{
    retort_json_key(out, key);
    retort_buffer_number(out, value);
}

static void put_trials(struct retort_buffer *out, const struct trial trials[N_COSTS])
{
    for (size_t i = 0; i < N_COSTS; i++) {
        double spread = 0;
        for (size_t fold = 0; fold < N_FOLDS; fold++)
            spread += pow(trials[i].folds[fold] - trials[i].mean, 2) / (N_FOLDS - 1);
        retort_buffer_text(out, "{");
        put_number(out, "cost", trials[i].cost);
        retort_json_key(out, "cross_validated");
        retort_buffer_fixed(out, trials[i].mean, 4);
        retort_json_key(out, "standard_deviation");
        retort_buffer_fixed(out, sqrt(spread), 4);
        retort_buffer_text(out, "}\n");
    }
}

static void put_about(struct retort_buffer *out, const struct split_set *set,
                      const struct retort_split_options *options, double cost)
{
    retort_buffer_text(out, "{");
    retort_json_key(out, "task");
    retort_json_put(out, RETORT_SPAN("split"));
    put_number(out, "seed", (double)options->seed);
    put_number(out, "cost", cost);
    put_number(out, "pages", (double)set->n_pages);
    put_number(out, "pages_outside_the_grammar", (double)set->n_skipped);
    retort_buffer_text(out, "}\n");
}

static bool write_model(const struct models *models, const struct retort_split_options *options,
                        struct retort_span about, struct retort_error *error)
{
    struct retort_buffer lines = {0}, links = {0};
    line_weights_put(&models->lines, &lines);
    link_weights_put(&models->links, &links);
    const struct retort_bundle_part parts[] = {{"lines", retort_buffer_span(&lines)},
                                               {"parents", retort_buffer_span(&links)},
                                               {"about", about}};
    bool fine = retort_bundle_write(options->model, parts, 3, error);
    retort_buffer_release(&lines);
    retort_buffer_release(&links);
    return fine;
}

static bool train_set(const struct split_set *set, const struct retort_split_options *options,
                      struct retort_error *error)
{
    bool *train = retort_grow(NULL, set->n_pages + 1, sizeof *train);
    bool *test = retort_grow(NULL, set->n_pages + 1, sizeof *test);
    struct split_tallies *tallies = retort_grow(NULL, 1, sizeof *tallies);
    struct retort_buffer about = {0}, report = {0};
    struct trial trials[N_COSTS];
    struct models models;
    size_t best = 0;
    for (size_t i = 0; i < N_COSTS; i++) {
        trials[i].cost = COSTS[i];
        try_cost(&trials[i], set, options, train, test);
        best = trials[i].mean > trials[best].mean ? i : best;
    }
    choose_pages(set, -1, train, test);
    struct line_training training = {COSTS[best], PASSES, options->seed, options->quiet};
    train_models(&models, set, train, &training);
    measure(&models, set, test, tallies);
    put_about(&about, set, options, COSTS[best]);
    put_trials(&report, trials);
    split_tallies_put(tallies, &report);
    bool fine = write_model(&models, options, retort_buffer_span(&about), error);
    if (fine && options->report)
        fine = retort_file_replace(options->report, retort_buffer_span(&report), error);
    release_models(&models);
    retort_buffer_release(&about);
    retort_buffer_release(&report);
    free(tallies);
    free(train);
    free(test);
    return fine;
}

bool retort_train_split(const struct retort_split_options *options, struct retort_error *error)
{
    struct split_set set;
    if (!split_set_read(&set, options->paths, options->n_paths, error))
        return false;
    bool fine = set.n_pages ? train_set(&set, options, error)
                            : retort_fail(error, RETORT_INPUT, "no page to train on");
    split_set_release(&set);
    return fine;
}

/* ---- measuring a model file ------------------------------------------------------------------ */

/* The weights of an opened file, behind the headers that were checked at its opening. */
static void copy_models(const struct retort_bundle *bundle, struct models *models)
{
    struct retort_span lines = retort_bundle_section(bundle, "lines");
    struct retort_span links = retort_bundle_section(bundle, "parents");
    models->lines.n = line_weights_n();
    models->links.n = retort_thread_n_cues();
    models->lines.values = retort_grow(NULL, models->lines.n, sizeof *models->lines.values);
    models->links.values = retort_grow(NULL, models->links.n, sizeof *models->links.values);
    memcpy(models->lines.values, lines.data + lines.len - models->lines.n * sizeof(float),
           models->lines.n * sizeof(float));
    memcpy(models->links.values, links.data + links.len - models->links.n * sizeof(float),
           models->links.n * sizeof(float));
}

static bool read_models(const char *path, struct models *models, struct retort_error *error)
{
    struct retort_cutter *cutter;
    struct retort_bundle bundle;
    if (!retort_cutter_open(&cutter, path, error))
        return false;
    retort_cutter_close(cutter);
    if (!retort_bundle_open(&bundle, path, error))
        return false;
    copy_models(&bundle, models);
    retort_bundle_close(&bundle);
    return true;
}

bool retort_eval_split(const struct retort_split_options *options, FILE *out,
                       struct retort_error *error)
{
    struct models models;
    struct split_set set;
    if (!read_models(options->model, &models, error))
        return false;
    if (!split_set_read(&set, options->paths, options->n_paths, error)) {
        release_models(&models);
        return false;
    }
    struct split_tallies *tallies = retort_grow(NULL, 1, sizeof *tallies);
    struct retort_buffer report = {0};
    tallies->n = 0;
    for (size_t i = 0; i < set.n_pages; i++)
        measure_page(&models, &set.pages[i], tallies);
    split_tallies_put(tallies, &report);
    bool fine = fwrite(report.data, 1, report.len, out) == report.len ||
                retort_fail(error, RETORT_RUNTIME, "the figures cannot be written");
    retort_buffer_release(&report);
    free(tallies);
    split_set_release(&set);
    release_models(&models);
    return fine;
}
