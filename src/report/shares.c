/* Corrected shares and their replicates.
 *
 * Each replicate weighs clusters anew, and the batches of the model's errors; what the model says
 * of the weighed comments is then solved for the shares that would make it say so (PACC: Bella et
 * al. 2010). The same seed weighs the same way whatever the grouping, so that shares of two
 * groupings may be held against each other, replicate by replicate. */
#include "report/shares.h"

#include <math.h>
#include <stdlib.h>

void shares_basis_fill(const struct report_work *work, const struct report_task *task,
                       const struct report_grouping *grouping, struct retort_arena *arena,
                       struct shares_basis *basis)
{
    *basis = (struct shares_basis){.seed = work->report->seed,
                                   .n_replicates = work->report->n_resamples,
                                   .one_of = task->one_of};
    shares_cells_gather(work->data, task, grouping, arena, &basis->cells);
    basis->untold = shares_errors_read(task, arena, &basis->errors);
    if (basis->untold)
        return;
    shares_rates_draw(&basis->errors, basis->seed, basis->n_replicates, arena, &basis->rates);
    if (task->one_of)
        basis->untold = basis->rates.untold[0];
}

/* ---- one replicate ---- */

/* What is said of a group, as shares of its comments, deviations widened as so few clusters want.
 */
static void said_shares(const struct shares_basis *basis, size_t group, const double *sums,
                        bool posteriors, double *said)
{
    const struct shares_cells *cells = &basis->cells;
    size_t from = posteriors ? 1 + cells->n_labels : 1;
    const double *sum = sums + group * cells->stride, *total = cells->total + group * cells->stride;
    double by = retort_resample_widening(cells->effective[group]);
    for (size_t l = 0; l < cells->n_labels; l++) {
        double counted = total[from + l] / total[0];
        said[l] = counted + by * (sum[from + l] / sum[0] - counted);
    }
}

static void solve(const struct shares_basis *basis, const double *inverse, const double *said,
                  double *share)
{
    size_t n_labels = basis->cells.n_labels;
    if (basis->one_of) {
        retort_prevalence_adjust(inverse, said, n_labels, share);
        return;
    }
    for (size_t l = 0; l < n_labels; l++) {
        double both[2];
        retort_prevalence_adjust(inverse + l * 4, (const double[]){1 - said[l], said[l]}, 2, both);
        share[l] = basis->rates.untold[l] ? (double)NAN : both[1];
    }
}

/* One comment, or one thread's one, says nothing of how others would differ. */
static bool has_replicates(const struct shares_cells *cells, size_t group)
{
    return cells->begin[group + 1] - cells->begin[group] > 1;
}

static void fill_group(const struct shares_basis *basis, enum shares_method method,
                       size_t replicate, size_t group, const double *sums, double *share)
{
    const struct shares_cells *cells = &basis->cells;
    const struct shares_rates *rates = &basis->rates;
    size_t size = rates->n_problems * rates->n_classes * rates->n_classes;
    double said[RETORT_MOST_CLASSES];
    bool posteriors = method == SHARES_PCC || method == SHARES_PACC;
    if (cells->total[group * cells->stride] == 0 || (replicate && !has_replicates(cells, group))) {
        for (size_t l = 0; l < cells->n_labels; l++)
            share[l] = (double)NAN;
        return;
    }
    said_shares(basis, group, sums, posteriors, said);
    if (method == SHARES_CC || method == SHARES_PCC)
        memcpy(share, said, cells->n_labels * sizeof *share);
    else
        solve(basis, (posteriors ? rates->inverse_of_p : rates->inverse) + replicate * size, said,
              share);
}

void shares_by_method(const struct shares_basis *basis, enum shares_method method, double *share)
{
    const struct shares_cells *cells = &basis->cells;
    double *sums = retort_grow(NULL, cells->n_groups * cells->stride + 1, sizeof *sums);
    for (size_t r = 0; r <= basis->n_replicates; r++) {
        shares_cells_sum(cells, basis->seed, r, sums);
        for (size_t g = 0; g < cells->n_groups; g++)
            fill_group(basis, method, r, g, sums,
                       share + (r * cells->n_groups + g) * cells->n_labels);
    }
    free(sums);
}

/* ---- what sections ask for ---- */

/* The estimate itself lies within [0, 1]; its replicates may not. */
static void cut(const struct shares_basis *basis, double *share)
{
    const struct shares_cells *cells = &basis->cells;
    for (size_t i = 0; i < cells->n_groups * cells->n_labels; i += cells->n_labels) {
        if (basis->one_of && !isnan(share[i]))
            retort_shares_project(share + i, cells->n_labels);
        for (size_t l = 0; !basis->one_of && l < cells->n_labels; l++)
            share[i + l] = isnan(share[i + l]) ? share[i + l] : fmin(fmax(share[i + l], 0), 1);
    }
}

static const char CORRECTED[] = "corrected by the model's errors out of fold";

static void explain(const struct shares_basis *basis, struct report_shares *shares)
{
    for (size_t g = 0; g < shares->n_groups; g++) {
        shares->count[g] = basis->cells.total[g * basis->cells.stride];
        shares->correction[g] = basis->untold ? REPORT_RAW : REPORT_CORRECTED;
        shares->why[g] = basis->untold ? basis->untold : CORRECTED;
    }
}

bool report_shares(struct report_work *work, const struct report_task *task,
                   const struct report_grouping *grouping, struct retort_arena *arena,
                   struct report_shares *shares, struct retort_error *error)
{
    struct retort_arena passing = {0};
    struct shares_basis basis;
    size_t n = grouping->n_groups, n_all;
    (void)error;
    shares_basis_fill(work, task, grouping, &passing, &basis);
    n_all = (1 + basis.n_replicates) * n * task->n_labels;
    *shares = (struct report_shares){.n_groups = n,
                                     .n_labels = task->n_labels,
                                     .n_replicates = basis.n_replicates,
                                     .share = retort_arena_room(arena, n_all + 1, sizeof(double)),
                                     .count = RETORT_NEW(arena, double, n + 1),
                                     .n_threads = RETORT_NEW(arena, uint32_t, n + 1),
                                     .correction = RETORT_NEW(arena, enum report_correction, n + 1),
                                     .why = RETORT_NEW(arena, const char *, n + 1)};
    memcpy(shares->n_threads, basis.cells.n_threads, n * sizeof *shares->n_threads);
    explain(&basis, shares);
    shares_by_method(&basis, basis.untold ? SHARES_CC : SHARES_PACC, shares->share);
    if (!basis.untold) {
        cut(&basis, shares->share);
        size_t size = (1 + basis.n_replicates) * basis.rates.n_problems * basis.rates.n_classes *
                      basis.rates.n_classes;
        shares->rates = retort_arena_room(arena, size, sizeof(double));
        memcpy(shares->rates, basis.rates.said, size * sizeof(double));
    }
    retort_arena_release(&passing);
    return true;
}

struct retort_estimate report_interval(double value, double *values, size_t n)
{
    return retort_resample_interval(value, values, n);
}
