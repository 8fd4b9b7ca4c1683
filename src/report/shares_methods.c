/* Shares by one method, and their replicates: each weighs clusters anew, and the batches of the
 * model's errors, and solves what the model says of the weighed comments for the shares that would
 * make it say so. Or takes what people decided, by the inverse of its chance, and what the model
 * says to narrow it. */
#include "report/shares.h"

#include <math.h>
#include <stdlib.h>

/* ---- what all methods stand on ---- */

static bool tells_any(const struct shares_rates *rates)
{
    for (size_t i = 0; i < rates->n_problems; i++)
        if (!rates->untold[i])
            return true;
    return false;
}

static void tune(struct shares_basis *basis, struct retort_arena *arena)
{
    const struct shares_cells *cells = &basis->cells;
    basis->trust = RETORT_NEW(arena, double, cells->n_groups * cells->n_labels);
    for (size_t g = 0; g < cells->n_groups; g++) {
        const struct retort_powered of = {.rows = cells->values + cells->begin[g] * cells->stride,
                                          .total = cells->total + g * cells->stride,
                                          .n_rows = cells->begin[g + 1] - cells->begin[g],
                                          .stride = cells->stride,
                                          .n_labels = cells->n_labels};
        if (cells->n_decided[g] > 0)
            retort_powered_tune(&of, basis->one_of, basis->trust + g * cells->n_labels);
    }
}

/* Every method asks for the same sums. */
static void keep_sums(struct shares_basis *basis, struct retort_arena *arena)
{
    enum { MOST_KEPT = 2000000 };
    const struct shares_cells *cells = &basis->cells;
    size_t n = cells->n_groups * cells->stride, n_all = 1 + basis->n_replicates;
    if (n > MOST_KEPT / n_all)
        return;
    double *weights = retort_grow(NULL, cells->begin[cells->n_groups] + 1, sizeof *weights);
    basis->sums = retort_arena_room(arena, n * n_all + 1, sizeof *basis->sums);
    for (size_t r = 0; r < n_all; r++) {
        shares_cells_weigh(cells, basis->seed, r, weights);
        shares_cells_sum(cells, weights, basis->sums + r * n);
    }
    free(weights);
}

void shares_basis_fill(const struct report_work *work, const struct report_task *task,
                       const struct report_grouping *grouping, struct retort_arena *arena,
                       struct shares_basis *basis)
{
    *basis = (struct shares_basis){.seed = work->report->seed,
                                   .n_replicates = work->report->n_resamples,
                                   .one_of = task->one_of};
    shares_cells_gather(work->data, task, grouping, arena, &basis->cells);
    keep_sums(basis, arena);
    tune(basis, arena);
    const char *why = shares_errors_read(task, arena, &basis->errors);
    basis->untold = shares_errors_own(work->data, task, why, arena, &basis->errors);
    if (basis->untold)
        return;
    shares_rates_draw(&basis->errors, basis->seed, basis->n_replicates, arena, &basis->rates);
    basis->untold = tells_any(&basis->rates) ? NULL : basis->rates.untold[0];
    basis->is_foreign = RETORT_NEW(arena, bool, basis->errors.n_problems);
    if (!basis->untold && basis->errors.spread)
        shares_mixture_test(basis, work->data, task, grouping, basis->is_foreign);
}

bool shares_is_powered(const struct shares_cells *cells, size_t group)
{
    double sum = cells->total[group * cells->stride + 1 + cells->n_labels],
           squares = cells->squares[group];
    return cells->n_drawn[group] >= SHARES_LEAST_DRAWN && sum * sum >= squares * SHARES_LEAST_EVEN;
}

/* ---- one replicate ---- */

/* A deviation from what was counted, as many times as large as so few clusters want. */
static double widen(double counted, double drawn, double by)
{
    return counted + by * (drawn - counted);
}

/* What is said of a group, or the mean posteriors: shares of its comments. */
static void said_shares(const struct shares_cells *cells, size_t group, const double *sum,
                        bool posteriors, double *said)
{
    size_t from = posteriors ? 1 : RETORT_POWERED_WIDTH(cells->n_labels);
    const double *total = cells->total + group * cells->stride;
    const double *widening = cells->widening + group * cells->n_labels;
    for (size_t l = 0; l < cells->n_labels; l++)
        said[l] = widen(total[from + l] / total[0], sum[from + l] / sum[0], widening[l]);
}

/* A problem's classes as the model says them, and the matrix that makes shares of them. */
struct solving {
    const struct shares_basis *basis;
    const double *said, *p; /* [n_labels] */
    size_t replicate;
};

static void solve_problem(const struct solving *solving, size_t problem, bool posteriors,
                          double *share)
{
    const struct shares_rates *rates = &solving->basis->rates;
    const double *said = posteriors ? solving->p : solving->said;
    size_t k = rates->n_classes, at = (solving->replicate * rates->n_problems + problem) * k * k;
    const double *inverse = (posteriors ? rates->inverse_of_p : rates->inverse) + at;
    double both[2];
    if (solving->basis->one_of) {
        retort_prevalence_adjust(inverse, said, k, share);
        return;
    }
    retort_prevalence_adjust(inverse, (const double[]){1 - said[problem], said[problem]}, 2, both);
    share[problem] = both[1];
}

static void solve(const struct solving *solving, bool posteriors, double *share)
{
    const struct shares_rates *rates = &solving->basis->rates;
    for (size_t i = 0; i < rates->n_problems; i++)
        solve_problem(solving, i, posteriors && !rates->by_count[i], share);
}

void shares_solve(const struct shares_basis *basis, size_t replicate, const double *said,
                  const double *p, double *share)
{
    const struct solving solving = {basis, said, p, replicate};
    solve(&solving, true, share);
}

/* How much of the prior has the label on: one-of: a draw for each label, which all add up; any-of:
 * of one comment, Beta(½, ½). */
static double draw_prior(const struct shares_basis *basis, uint64_t *random, double *on)
{
    double all = basis->one_of ? 0 : retort_resample_weight(random);
    for (size_t l = 0; l < basis->cells.n_labels; l++) {
        on[l] = retort_resample_half(random);
        if (basis->one_of)
            all += on[l];
        else
            on[l] *= all / (on[l] + retort_resample_half(random));
    }
    return all;
}

/* Half a comment of each class, drawn, joins what was decided, as Jeffreys' prior does: so that a
 * label that nobody has found yet has no interval of nothing. */
static void add_prior(const struct shares_basis *basis, size_t group, uint64_t *random, double *sum)
{
    size_t n = basis->cells.n_labels, weight = 1 + n;
    double mean = basis->cells.total[group * basis->cells.stride + weight] /
                  basis->cells.n_decided[group],
           on[RETORT_MOST_LABELS], all = draw_prior(basis, random, on);
    for (size_t l = 0; l < n; l++) { /* with the posteriors of the others: they say nothing new */
        sum[weight + 1 + l] += mean * on[l];
        sum[weight + 1 + n + l] += mean * all * sum[weight + 1 + n + l] / sum[weight];
    }
    sum[weight] += mean * all;
}

static void powered_shares(const struct shares_basis *basis, size_t group, size_t replicate,
                           double *sum, double *share, bool alone)
{
    const struct shares_cells *cells = &basis->cells;
    const double *trust = alone ? NULL : basis->trust + group * cells->n_labels;
    double counted[RETORT_MOST_LABELS];
    uint64_t random = retort_mix(basis->seed ^ UINT64_C(0x8cb92ba72f3d8dd7),
                                 retort_mix(replicate + 1, group + 1));
    if (replicate)
        add_prior(basis, group, &random, sum);
    retort_powered_share(sum, cells->n_labels, trust, share);
    if (replicate == 0)
        return;
    retort_powered_share(cells->total + group * cells->stride, cells->n_labels, trust, counted);
    for (size_t l = 0; l < cells->n_labels; l++)
        share[l] = widen(counted[l], share[l], cells->deciding[group]);
}

/* One comment, or one cluster, says nothing of how others would differ. */
static bool is_empty(const struct shares_cells *cells, enum shares_method method, size_t replicate,
                     size_t group)
{
    return cells->total[group * cells->stride] == 0 ||
           (replicate && cells->begin[group + 1] - cells->begin[group] < 2) ||
           (method >= SHARES_PEOPLE && cells->n_decided[group] == 0);
}

static void model_shares(const struct shares_basis *basis, enum shares_method method,
                         size_t replicate, size_t group, const double *sum, double *share)
{
    double said[RETORT_MOST_LABELS], p[RETORT_MOST_LABELS];
    const struct solving solving = {basis, said, p, replicate};
    said_shares(&basis->cells, group, sum, false, said);
    said_shares(&basis->cells, group, sum, true, p);
    if (method == SHARES_ACC || method == SHARES_PACC)
        solve(&solving, method == SHARES_PACC, share);
    else
        memcpy(share, method == SHARES_PCC ? p : said, basis->cells.n_labels * sizeof *share);
}

static void fill_group(const struct shares_basis *basis, enum shares_method method,
                       size_t replicate, size_t group, double *sum, double *share)
{
    const struct shares_cells *cells = &basis->cells;
    if (is_empty(cells, method, replicate, group))
        for (size_t l = 0; l < cells->n_labels; l++)
            share[l] = (double)NAN;
    else if (method >= SHARES_PEOPLE)
        powered_shares(basis, group, replicate, sum, share, method == SHARES_PEOPLE);
    else
        model_shares(basis, method, replicate, group, sum, share);
}

/* The sums of a replicate: those kept, or made anew. scratch: of all groups, and a weight a cell.
 */
static void take_sums(const struct shares_basis *basis, size_t replicate, double *scratch)
{
    const struct shares_cells *cells = &basis->cells;
    size_t n = cells->n_groups * cells->stride;
    if (basis->sums) {
        memcpy(scratch, basis->sums + replicate * n, n * sizeof *scratch);
        return;
    }
    shares_cells_weigh(cells, basis->seed, replicate, scratch + n);
    shares_cells_sum(cells, scratch + n, scratch);
}

void shares_by_method(const struct shares_basis *basis, const enum shares_method *methods,
                      double *share)
{
    const struct shares_cells *cells = &basis->cells;
    size_t n = cells->n_groups * cells->stride + cells->begin[cells->n_groups];
    double *sums = retort_grow(NULL, n + 1, sizeof *sums);
    for (size_t r = 0; r <= basis->n_replicates; r++) {
        take_sums(basis, r, sums);
        for (size_t g = 0; g < cells->n_groups; g++)
            fill_group(basis, methods[g], r, g, sums + g * cells->stride,
                       share + (r * cells->n_groups + g) * cells->n_labels);
    }
    free(sums);
}
