/* The assumption under every correction, tested: that comments here are of the same kinds as those
 * the model was tried on out of fold, in other shares. Then their posteriors are spread as a
 * mixture of how those of each true class are, with the corrected shares. How far they are from it
 * (total variation, over bins) is held against the same of replicates, each less what is found (a
 * bootstrap of the residual). Where it is clearly no mixture, corrected figures would be worse than
 * counts. */
#include "report/shares.h"

#include <math.h>
#include <stdlib.h>

/* It fails where chance would hardly make so large a deviation, as a share of the distance between
 * the classes: a small one by the strict risk, a large one by the lax. A smaller one moves figures
 * little. Both thresholds were chosen while looking at a dozen sets of known labels;
 * training/prevalence.py measures on others, too. Some that are stopped would have been mended. */
static const double SMALL = 0.1, STRICT = 0.01, LARGE = 0.2, LAX = 0.1;

/* All comments in groups, added up by cluster. */
struct mixture {
    const struct shares_basis *basis;
    const struct report_data *data;
    const struct report_task *task;
    size_t n_clusters, n_labels, stride; /* comments, said and posteriors of each label, bins */
    double *cells;                       /* [n_clusters][stride] */
    double widening;
    size_t size, k, n_scored; /* of a problem: bins of all that is scored */
};

static void add_row(const struct mixture *mixture, size_t row, double *cell)
{
    const float *p = mixture->task->p + row * mixture->n_labels;
    double *bins = cell + 1 + 2 * mixture->n_labels;
    cell[0]++;
    for (size_t l = 0; l < mixture->n_labels; l++) {
        cell[1 + l] += mixture->task->said[row] >> l & 1;
        cell[1 + mixture->n_labels + l] += (double)p[l];
        bins[l * RETORT_ERRORS_BINS + retort_errors_bin((double)p[l])]++;
    }
}

static void fill_cells(struct mixture *mixture, const uint32_t *group)
{
    const struct report_data *data = mixture->data;
    double sum = 0, squares = 0;
    for (size_t i = 0; i < data->n; i++) {
        if (group[i] == REPORT_LEFT_OUT || isnan(mixture->task->p[i * mixture->n_labels]))
            continue;
        size_t cluster = data->n_threads > 1 ? shares_cluster(data->thread[i], data->n_threads)
                                             : i % mixture->n_clusters;
        add_row(mixture, i, mixture->cells + cluster * mixture->stride);
    }
    for (size_t c = 0; c < mixture->n_clusters; c++) {
        double n = mixture->cells[c * mixture->stride];
        sum += n;
        squares += n * n;
    }
    mixture->widening = retort_resample_widening(squares > 0 ? sum * sum / squares : 0);
}

/* What the weighed comments say: shares of them. */
static void observe(const struct mixture *mixture, size_t replicate, double *sums)
{
    double weights[SHARES_CLUSTERS];
    shares_clusters_weigh(mixture->n_clusters, mixture->basis->seed, replicate, weights);
    memset(sums, 0, mixture->stride * sizeof *sums);
    for (size_t c = 0; c < mixture->n_clusters; c++)
        for (size_t i = 0; i < mixture->stride; i++)
            sums[i] += weights[c] * mixture->cells[c * mixture->stride + i];
    for (size_t i = 1; i < mixture->stride; i++)
        sums[i] /= sums[0];
}

/* The spread of each class in a problem, [k][size], by the replicate's batches. */
static void expect(const struct mixture *mixture, size_t problem, size_t replicate, double *spread)
{
    const struct shares_errors *errors = &mixture->basis->errors;
    double *weights = retort_grow(NULL, errors->n_batches, sizeof *weights);
    size_t k = mixture->k, size = mixture->size;
    memset(spread, 0, k * size * sizeof *spread);
    shares_batches_weigh(errors->n_batches, mixture->basis->seed, replicate, weights);
    for (size_t i = 0; i < k; i++) {
        double n = 0;
        for (size_t b = 0; b < errors->n_batches; b++) {
            size_t at = (b * errors->n_problems + problem) * k + i;
            n += weights[b] * errors->n[at];
            for (size_t j = 0; j < size; j++)
                spread[i * size + j] += weights[b] * errors->spread[at * size + j];
        }
        for (size_t j = 0; j < size; j++)
            spread[i * size + j] /= n;
    }
    free(weights);
}

/* Shares of the problem's classes, of all labels' as they were solved for. */
static void mix(const struct mixture *mixture, size_t problem, const double *shares, double *mixed)
{
    if (mixture->task->one_of) {
        memcpy(mixed, shares, mixture->k * sizeof *mixed);
        retort_shares_project(mixed, mixture->k);
        return;
    }
    mixed[1] = fmin(fmax(shares[problem], 0), 1);
    mixed[0] = 1 - mixed[1];
}

/* What of the problem's observed bins no mixture explains: observed − Σ share · spread, [size]. */
static void subtract(const struct mixture *mixture, const double *bins, const double *mixed,
                     const double *spread, double *left)
{
    for (size_t j = 0; j < mixture->size; j++) {
        left[j] = bins[j];
        for (size_t i = 0; i < mixture->k; i++)
            left[j] -= mixed[i] * spread[i * mixture->size + j];
    }
}

/* The mean total variation over what is scored. minus: NULL, or what is taken off first. */
static double variation(const struct mixture *mixture, const double *values, const double *minus)
{
    double sum = 0;
    for (size_t j = 0; j < mixture->size; j++)
        sum += fabs(values[j] - (minus ? minus[j] : 0));
    return sum / 2 / (double)mixture->n_scored;
}

/* The mean distance between two classes. */
static double distance(const struct mixture *mixture, const double *spread)
{
    double sum = 0, n = 0;
    for (size_t a = 1; a < mixture->k; a++)
        for (size_t b = 0; b < a; b++) {
            sum += variation(mixture, spread + a * mixture->size, spread + b * mixture->size);
            n++;
        }
    return sum / n;
}

/* One problem's residuals under way. */
struct residual {
    double *spread, *left, *found; /* [k][size], [size], [size]; found: of what was observed */
    double variation, distance;    /* of found; of the classes */
    size_t n_larger;               /* replicates that lie as far from it by chance */
};

static void replicate(const struct mixture *mixture, size_t problem, size_t replicate,
                      const double *observed, struct residual *residual)
{
    double shares[RETORT_MOST_LABELS], mixed[SHARES_MOST_CLASSES];
    const double *bins = observed + 1 + 2 * mixture->n_labels +
                         (mixture->task->one_of ? 0 : problem * mixture->size);
    shares_solve(mixture->basis, replicate, observed + 1, observed + 1 + mixture->n_labels, shares);
    expect(mixture, problem, replicate, residual->spread);
    mix(mixture, problem, shares, mixed);
    subtract(mixture, bins, mixed, residual->spread, residual->left);
    if (replicate > 0) {
        residual->n_larger +=
            mixture->widening * variation(mixture, residual->left, residual->found) >=
            residual->variation;
        return;
    }
    memcpy(residual->found, residual->left, mixture->size * sizeof *residual->found);
    residual->variation = variation(mixture, residual->found, NULL);
    residual->distance = distance(mixture, residual->spread);
}

static bool is_tested(const struct shares_basis *basis, size_t problem)
{
    return !basis->rates.untold[problem] && !basis->errors.is_own[problem];
}

static void test_all(const struct mixture *mixture, struct residual *residuals)
{
    const struct shares_basis *basis = mixture->basis;
    double *observed = retort_grow(NULL, mixture->stride, sizeof *observed);
    for (size_t r = 0; r <= basis->n_replicates; r++) {
        observe(mixture, r, observed);
        for (size_t i = 0; i < basis->errors.n_problems; i++)
            if (is_tested(basis, i))
                replicate(mixture, i, r, observed, &residuals[i]);
    }
    free(observed);
}

static bool deviates(const struct residual *residual, size_t n_replicates)
{
    double chance = (double)(1 + residual->n_larger) / (double)(1 + n_replicates),
           relative = residual->variation / residual->distance;
    return (relative > SMALL && chance < STRICT) || (relative > LARGE && chance < LAX);
}

void shares_mixture_test(const struct shares_basis *basis, const struct report_data *data,
                         const struct report_task *task, const struct report_grouping *grouping,
                         bool *fails)
{
    struct retort_arena arena = {0};
    const struct shares_errors *errors = &basis->errors;
    size_t k = errors->n_classes, size = errors->n_scored * RETORT_ERRORS_BINS,
           stride = 1 + task->n_labels * (2 + RETORT_ERRORS_BINS);
    struct mixture mixture = {.basis = basis,
                              .data = data,
                              .task = task,
                              .n_clusters =
                                  data->n_threads == 1 ? SHARES_CLUSTERS : basis->cells.n_clusters,
                              .n_labels = task->n_labels,
                              .stride = stride,
                              .cells = RETORT_NEW(&arena, double, SHARES_CLUSTERS *stride),
                              .size = size,
                              .k = k,
                              .n_scored = errors->n_scored};
    struct residual *residuals = RETORT_NEW(&arena, struct residual, errors->n_problems);
    for (size_t i = 0; i < errors->n_problems; i++)
        residuals[i] = (struct residual){.spread = RETORT_NEW(&arena, double, k *size),
                                         .left = RETORT_NEW(&arena, double, size),
                                         .found = RETORT_NEW(&arena, double, size)};
    fill_cells(&mixture, grouping->group);
    test_all(&mixture, residuals);
    for (size_t i = 0; i < errors->n_problems; i++)
        fails[i] = is_tested(basis, i) && deviates(&residuals[i], basis->n_replicates);
    retort_arena_release(&arena);
}
