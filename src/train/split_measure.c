/* Measuring a splitter: every page of the rows is split as a user's page is and scored.
 *
 * What is kept of a page is its sums, so the data set is streamed. Time is the processor's, of the
 * splitting alone: each page is split three times and the median counts. */
#include "train/split_measure.h"

#include "train/split_score.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static double processor_seconds(void)
{
    struct timespec time;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static void split_input(const struct retort_cutter *cutter, const struct split_truth *truth,
                        struct retort_arena *arena, struct retort_thread *thread)
{
    if (truth->html)
        retort_thread_split_html(cutter, truth->input, RETORT_SPAN("utf-8"), arena, thread);
    else
        retort_thread_split(cutter, truth->input, arena, thread);
}

static double split_seconds(const struct retort_cutter *cutter, const struct split_truth *truth)
{
    struct retort_arena arena = {0};
    struct retort_thread thread;
    double begin = processor_seconds();
    split_input(cutter, truth, &arena, &thread);
    double seconds = processor_seconds() - begin;
    retort_arena_release(&arena);
    return seconds;
}

static double median_of_three(double a, double b, double c)
{
    double low = a < b ? a : b, high = a < b ? b : a;
    return c < low ? low : c > high ? high : c;
}

/* The output for a page; rows of comments alone have none. */
static void split_truth_page(const struct retort_cutter *cutter, const struct split_truth *truth,
                             struct retort_arena *arena, struct retort_thread *thread)
{
    *thread = (struct retort_thread){.n_comments = 0};
    if (truth->input.data)
        split_input(cutter, truth, arena, thread);
}

bool split_measure_page(const struct retort_cutter *cutter, const struct split_truth *truth,
                        double *sums, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct retort_thread thread;
    struct retort_span article;
    memset(sums, 0, N_SUMS * sizeof *sums);
    sums[SUM_PAGES] = 1;
    split_truth_page(cutter, truth, &arena, &thread);
    bool fine = !truth->input.data || split_score_page(truth, &thread, sums, error);
    struct retort_comment *bounds =
        fine && truth->parents ? split_score_bounds(truth, &thread, &arena, &article) : NULL;
    if (bounds) {
        retort_thread_parents(cutter, article, bounds, truth->n_comments, &arena);
        split_score_parents(truth, bounds, sums);
    }
    retort_arena_release(&arena);
    return fine;
}

/* ---- all pages ------------------------------------------------------------------------------ */

void split_scores_add(struct split_scores *scores, const struct split_truth *truth,
                      const double sums[N_SUMS])
{
    if (scores->n == scores->capacity) {
        scores->capacity = scores->capacity ? scores->capacity * 2 : 256;
        scores->pages = retort_grow(scores->pages, scores->capacity, sizeof *scores->pages);
    }
    struct split_scored *page = &scores->pages[scores->n++];
    *page = (struct split_scored){.id = retort_arena_copy(&scores->arena, truth->id)};
    page->source = retort_arena_copy(&scores->arena, truth->source);
    page->variant = retort_arena_copy(&scores->arena, truth->variant);
    page->site = retort_arena_copy(&scores->arena, truth->site);
    page->n_bytes = truth->input.len;
    memcpy(page->sums, sums, sizeof page->sums);
}

void split_scores_release(struct split_scores *scores)
{
    free(scores->pages);
    retort_arena_release(&scores->arena);
    *scores = (struct split_scores){.n = 0};
}

static bool measure_row(const struct retort_cutter *cutter, const struct split_truth *truth,
                        bool time, struct split_scores *scores, struct retort_error *error)
{
    double sums[N_SUMS];
    if (!split_measure_page(cutter, truth, sums, error))
        return false;
    split_scores_add(scores, truth, sums);
    if (time && truth->input.data)
        scores->pages[scores->n - 1].seconds =
            median_of_three(split_seconds(cutter, truth), split_seconds(cutter, truth),
                            split_seconds(cutter, truth));
    return true;
}

static bool measure_rows(const struct retort_cutter *cutter,
                         const struct retort_split_options *options,
                         struct retort_split_figures *figures, struct retort_error *error)
{
    struct split_scores *scores = &figures->scores;
    struct split_rows rows = split_rows_of(options->paths, options->n_paths, figures->data);
    struct retort_progress progress;
    bool more = true, fine = true;
    retort_progress_begin(&progress, "pages", 0, options->quiet);
    while (fine && more) {
        struct retort_arena arena = {0};
        struct split_truth truth;
        fine = split_rows_next(&rows, &arena, &truth, &more, error);
        if (fine && more)
            fine = measure_row(cutter, &truth, options->time, scores, error) ||
                   split_rows_blame(&rows, error);
        retort_progress_step(&progress, scores->n);
        retort_arena_release(&arena);
    }
    retort_progress_end(&progress);
    split_rows_close(&rows);
    return fine &&
           (scores->n || retort_fail(error, RETORT_INPUT, "%s: has no page", options->paths[0]));
}

/* ---- a measurement ----------------------------------------------------------------------------
 */

enum { N_RESAMPLES = 1000 };

struct retort_split_figures *split_figures_new(const struct retort_split_options *options)
{
    struct retort_split_figures *figures = retort_grow(NULL, 1, sizeof *figures);
    *figures = (struct retort_split_figures){.seed = options->seed};
    figures->command = options->command ? options->command : "";
    return figures;
}

bool split_figures_name(struct retort_split_figures *figures,
                        const struct retort_split_options *options, struct retort_error *error)
{
    struct retort_cutter *cutter;
    if (!retort_cutter_open(&cutter, options->model, error))
        return false;
    memcpy(figures->model, retort_cutter_hash(cutter), RETORT_SHA256_HEX);
    retort_cutter_close(cutter);
    return true;
}

void split_figures_make(struct retort_split_figures *figures)
{
    struct split_resampling resampling = {N_RESAMPLES, figures->seed};
    split_rows_make(&figures->made, figures->scores.pages, figures->scores.n, resampling,
                    &figures->arena);
    if (figures->left_out.n)
        split_rows_make(&figures->made_left, figures->left_out.pages, figures->left_out.n,
                        resampling, &figures->arena);
}

bool retort_split_measure(struct retort_split_figures **out,
                          const struct retort_split_options *options, struct retort_error *error)
{
    struct retort_cutter *cutter;
    *out = NULL;
    if (!retort_cutter_open(&cutter, options->model, error))
        return false;
    struct retort_split_figures *figures = split_figures_new(options);
    figures->n_data = options->n_paths;
    figures->data = RETORT_NEW(&figures->arena, struct split_data, options->n_paths);
    memcpy(figures->model, retort_cutter_hash(cutter), RETORT_SHA256_HEX);
    bool fine = measure_rows(cutter, options, figures, error);
    retort_cutter_close(cutter);
    if (fine) {
        split_figures_make(figures);
        *out = figures;
    } else {
        retort_split_figures_close(figures);
    }
    return fine;
}

void retort_split_figures_close(struct retort_split_figures *figures)
{
    if (!figures)
        return;
    split_scores_release(&figures->scores);
    split_scores_release(&figures->left_out);
    retort_arena_release(&figures->arena);
    free(figures);
}
