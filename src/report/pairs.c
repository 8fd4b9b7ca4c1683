/* Pairs: counted in clusters of threads, drawn anew cluster by cluster, and each draw corrected by
 * a draw of the classifier's error figures.
 *
 * The errors of a reply and of what it answers are taken not to depend on each other, given what
 * both are. People's decisions are not looked at: the error figures are the model's. */
#include "report/pairs.h"

#include <math.h>
#include <stdlib.h>

/* ---- ends ---- */

struct report_ends report_ends_of(const struct report_task *task, size_t label)
{
    if (task->one_of)
        return (struct report_ends){task, 0, task->n_labels};
    return (struct report_ends){task, label, 2};
}

bool report_wants(const struct report_work *work, const struct report_task *task)
{
    const char *wanted = work->request->task;
    return task->n_labelled > 0 && (!wanted || strcmp(wanted, task->model->task) == 0);
}

bool report_is_labelled(const struct report_task *task, size_t row)
{
    return !isnan(task->p[row * task->n_labels]);
}

bool report_is_reply(const struct report_data *data, size_t row)
{
    return data->parent[row] && data->group[row] != REPORT_LEFT_OUT;
}

size_t report_end(const struct report_ends *ends, size_t row)
{
    uint32_t said = ends->task->said[row];
    if (!ends->task->one_of)
        return said >> ends->label & 1;
    return said ? (size_t)__builtin_ctz(said) : 0;
}

/* ---- clusters ---- */

struct retort_pairs report_pairs_room(const struct report_data *data, size_t n_labels,
                                      struct retort_arena *arena)
{
    size_t n =
        data->n_threads < REPORT_MOST_CLUSTERS ? data->n_threads : (size_t)REPORT_MOST_CLUSTERS;
    return (struct retort_pairs){n_labels, n, RETORT_NEW(arena, double, n *n_labels *n_labels)};
}

double *report_pairs_cells(const struct report_data *data, const struct retort_pairs *pairs,
                           size_t row)
{
    uint64_t state = data->thread[row];
    size_t cluster = data->thread[row];
    if (data->n_threads > pairs->n_clusters)
        cluster = retort_random(&state) % pairs->n_clusters;
    return pairs->cells + cluster * pairs->n_labels * pairs->n_labels;
}

/* Clusters without a pair would count as witnesses. */
static struct retort_pairs without_empty(const struct retort_pairs *counted, double *n_pairs,
                                         struct retort_arena *arena)
{
    size_t size = counted->n_labels * counted->n_labels;
    struct retort_pairs kept = {counted->n_labels, 0,
                                RETORT_NEW(arena, double, counted->n_clusters *size)};
    *n_pairs = 0;
    for (size_t i = 0; i < counted->n_clusters; i++) {
        const double *cells = counted->cells + i * size;
        double n = 0;
        for (size_t j = 0; j < size; j++)
            n += cells[j];
        if (n > 0)
            memcpy(kept.cells + kept.n_clusters++ * size, cells, size * sizeof *cells);
        *n_pairs += n;
    }
    return kept;
}

/* ---- correction ---- */

/* The rates that a replicate takes for these ends; NULL: nothing is known of them. */
static const double *rates_of(const struct report_ends *ends, const struct report_shares *rates,
                              size_t replicate)
{
    size_t n = ends->task->n_labels, size = ends->n_labels * ends->n_labels;
    if (!rates || !rates->rates || rates->correction[0] == REPORT_RAW)
        return NULL;
    return rates->rates +
           (ends->task->one_of ? replicate * size : (replicate * n + ends->label) * size);
}

static void correct(double *shares, size_t n, const double *rates, double *inverse)
{
    if (!rates)
        return;
    if (retort_rates_invert(rates, n, inverse))
        retort_pairs_correct(shares, inverse, n);
    else
        for (size_t i = 0; i < n * n; i++)
            shares[i] = NAN;
}

void report_pairs_correct(const struct report_ends *ends, const struct retort_pairs *counted,
                          const struct report_shares *rates, struct retort_arena *arena,
                          struct report_pairs *pairs)
{
    size_t n = ends->n_labels, size = n * n;
    uint64_t state = pairs->seed;
    struct retort_arena scratch = {0};
    pairs->n_labels = n;
    pairs->n_replicates = rates ? rates->n_replicates : 0;
    struct retort_pairs kept = without_empty(counted, &pairs->n_pairs, &scratch);
    double *inverse = RETORT_NEW(&scratch, double, size);
    pairs->n_clusters = kept.n_clusters;
    pairs->said = RETORT_NEW(arena, double, size);
    pairs->shares = RETORT_NEW(arena, double, (1 + pairs->n_replicates) * size);
    retort_pairs_all(&kept, pairs->said);
    memcpy(pairs->shares, pairs->said, size * sizeof *pairs->said);
    for (size_t b = 0; b <= pairs->n_replicates; b++) {
        double *shares = pairs->shares + b * size;
        if (b > 0)
            retort_pairs_draw(&kept, pairs->said, &state, shares);
        correct(shares, n, rates_of(ends, rates, b), inverse);
    }
    retort_arena_release(&scratch);
}

bool report_rates(struct report_work *work, const struct report_task *task,
                  struct retort_arena *arena, struct report_shares *rates,
                  struct retort_error *error)
{
    struct retort_arena scratch = {0};
    uint32_t *groups = RETORT_NEW(&scratch, uint32_t, work->data->n);
    for (size_t row = 0; row < work->data->n; row++)
        groups[row] = work->data->group[row] == REPORT_LEFT_OUT ? REPORT_LEFT_OUT : 0;
    const struct report_grouping all = {groups, 1};
    bool known = report_shares(work, task, &all, arena, rates, error);
    retort_arena_release(&scratch);
    return known;
}

/* ---- figures ---- */

static struct retort_estimate cut(struct retort_estimate estimate,
                                  const struct report_figure *figure)
{
    if (isnan(estimate.value))
        return (struct retort_estimate){NAN, NAN, NAN};
    estimate.value = fmin(fmax(estimate.value, figure->low), figure->high);
    if (!isnan(estimate.low)) {
        estimate.low = fmin(fmax(estimate.low, figure->low), estimate.value);
        estimate.high = fmax(fmin(estimate.high, figure->high), estimate.value);
    }
    return estimate;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The estimate's shares were cut to [0, 1] and those of the replicates were not: where that puts it
 * outside its own interval, the median of the replicates is what it would be. */
static struct retort_estimate settle(double value, double *values, size_t n)
{
    struct retort_estimate estimate = report_interval(value, values, n);
    if (isnan(estimate.low) || (estimate.low <= value && value <= estimate.high))
        return estimate;
    qsort(values, n, sizeof *values, by_value);
    estimate.value = fmin(fmax(values[n / 2], estimate.low), estimate.high);
    return estimate;
}

/* all [1 + n][size] */
static struct retort_estimate over(const double *all, size_t n, size_t size,
                                   const struct report_figure *figure)
{
    double *values = retort_grow(NULL, n + 1, sizeof *values);
    size_t n_known = 0;
    double value = figure->of(figure->context, all);
    for (size_t b = 1; b <= n; b++) {
        double one = figure->of(figure->context, all + b * size);
        if (isfinite(one))
            values[n_known++] = one;
    }
    struct retort_estimate estimate = {isfinite(value) ? value : (double)NAN, NAN, NAN};
    if (n_known * 20 >= n * 19 && isfinite(value))
        estimate = settle(value, values, n_known);
    free(values);
    return cut(estimate, figure);
}

struct retort_estimate report_figure_of_pairs(const struct report_pairs *pairs,
                                              const struct report_figure *figure)
{
    return over(pairs->shares, pairs->n_replicates, pairs->n_labels * pairs->n_labels, figure);
}

struct retort_estimate report_figure_of_shares(const struct report_shares *shares,
                                               const struct report_figure *figure)
{
    return over(shares->share, shares->n_replicates, shares->n_groups * shares->n_labels, figure);
}

static double share_at(const void *context, const double *shares)
{
    return shares[*(const size_t *)context];
}

struct retort_estimate report_share_of(const struct report_shares *shares, size_t group,
                                       size_t label)
{
    size_t at = group * shares->n_labels + label;
    const struct report_figure figure = {share_at, &at, 0, 1};
    struct retort_estimate share = report_figure_of_shares(shares, &figure);
    share.value = shares->share[at]; /* as other sections have it */
    if (!isnan(share.low)) {
        share.low = fmin(share.low, share.value);
        share.high = fmax(share.high, share.value);
    }
    return share;
}

/* Why a share is as counted; NULL: it is not, or there is none. */
static const char *why_counted(const struct report_shares *shares, size_t group, size_t label)
{
    if (!(shares->count[group] > 0))
        return NULL;
    if (shares->correction[group] == REPORT_RAW)
        return shares->why[group];
    return shares->counted ? shares->counted[group * shares->n_labels + label] : NULL;
}

static const char NONE_SAID[] = "The model says it of none of them.";
static const char ALL_SAID[] = "The model says it of all of them.";
static const char FALSE_ALARMS[] =
    "The model says it no more often than its false alarms alone would.";
static const char ANYTHING[] = "So few comments tell that it could be anything.";

/* Resampling none of none, or all of all, would give an interval without a width, which nothing
 * has. */
struct report_cell report_share_cell(const struct report_shares *shares, size_t group, size_t label)
{
    struct retort_estimate share = report_share_of(shares, group, label);
    bool is_raw = why_counted(shares, group, label) != NULL;
    if (isnan(share.value))
        return report_nothing(shares->why && shares->why[group] ? shares->why[group] : "–");
    if (share.high <= 0)
        return report_nothing(is_raw ? NONE_SAID : FALSE_ALARMS);
    if (is_raw && share.low >= 1)
        return report_nothing(ALL_SAID);
    if (share.low <= 0 && share.high >= 1)
        return report_nothing(ANYTHING);
    return report_share(share);
}

struct report_cell report_change_cell(struct retort_estimate change)
{
    if (isnan(change.value))
        return report_nothing("The model's errors can be corrected in some of them only, so that "
                              "they can't be compared.");
    if (!isnan(change.low) && change.low >= change.high)
        return report_nothing("It is said of none of them, so nothing changes.");
    if (change.high - change.low > 1)
        return report_nothing(ANYTHING);
    return report_points(change);
}

bool report_pairs_impossible(const struct report_pairs *pairs)
{
    for (size_t i = 0; i < pairs->n_labels * pairs->n_labels; i++) {
        const struct report_figure whole = {share_at, &i, -INFINITY, INFINITY};
        struct retort_estimate share = report_figure_of_pairs(pairs, &whole);
        if (share.high < 0 || share.low > 1)
            return true;
    }
    return false;
}

static const char *why_any(const struct report_shares *shares, size_t label)
{
    const char *why = NULL;
    for (size_t group = 0; !why && group < shares->n_groups; group++)
        why = why_counted(shares, group, label);
    return why;
}

enum report_basis report_basis_of(const struct report_shares *shares, size_t label)
{
    size_t n = 0, n_counted = 0;
    for (size_t group = 0; group < shares->n_groups; group++) {
        n += shares->count[group] > 0;
        n_counted += why_counted(shares, group, label) != NULL;
    }
    return n_counted == 0   ? REPORT_ALL_CORRECTED
           : n_counted == n ? REPORT_ALL_COUNTED
                            : REPORT_MIXED;
}

const char *report_say_raw(const struct report_shares *shares, size_t label)
{
    return report_basis_of(shares, label) == REPORT_ALL_CORRECTED
               ? ""
               : ", as the model says, not corrected";
}

/* The labels that are as counted for this reason, where it is not of all of them. */
static void name_labels(struct retort_buffer *names, const struct report_task *task,
                        const struct report_shares *shares, const char *why)
{
    size_t n = 0;
    for (size_t label = 0; label < shares->n_labels; label++) {
        const char *own = why_any(shares, label);
        if (!own || strcmp(own, why) != 0)
            continue;
        retort_buffer_format(names, "%s%s", n++ ? ", " : " (", task->model->labels[label]);
    }
    if (n == shares->n_labels)
        retort_buffer_clear(names);
    else
        retort_buffer_byte(names, ')');
}

static bool is_first(const struct report_shares *shares, size_t label, const char *why)
{
    for (size_t earlier = 0; earlier < label; earlier++) {
        const char *other = why_any(shares, earlier);
        if (other && strcmp(other, why) == 0)
            return false;
    }
    return true;
}

void report_note_raw(struct report_work *work, struct report_table *table,
                     const struct report_task *task, const struct report_shares *shares)
{
    for (size_t label = 0; label < shares->n_labels; label++) {
        const char *why = why_any(shares, label);
        struct retort_buffer names = {0};
        if (!why || !is_first(shares, label, why))
            continue;
        name_labels(&names, task, shares, why);
        report_add_note(work->report, table, "%s%.*s: as the model says%s, not corrected: %s.",
                        task->model->task, (int)names.len, (const char *)names.data,
                        report_basis_of(shares, label) == REPORT_MIXED ? " in some rows" : "", why);
        retort_buffer_release(&names);
    }
}

double report_said(const struct report_task *task, const struct report_grouping *grouping,
                   const struct report_data *data, uint32_t group, size_t label)
{
    size_t n = 0, n_said = 0;
    for (size_t row = 0; row < data->n; row++) {
        if (grouping->group[row] != group || !report_is_labelled(task, row))
            continue;
        n++;
        n_said += task->said[row] >> label & 1;
    }
    return n ? (double)n_said / (double)n : NAN;
}

/* ---- in words ---- */

bool report_is_off(struct retort_estimate estimate, double value)
{
    return estimate.low > value || estimate.high < value;
}
