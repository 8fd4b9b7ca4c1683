/* Labels at the two ends of replies, corrected for what the classifier errs at both.
 *
 * If what it says of one end depends only on what that end is, then said = R' true R, with R the
 * rates P(says | is), and the inverse of R at both ends gives back the truth without bias. Labels
 * drawn from posteriors would not: they know nothing of the other end, and pull every association
 * toward none. The price is spread, which the intervals show. */
#include "estimate/estimate.h"

#include <math.h>

/* ---- clusters ---- */

static void scale(double *cells, size_t n, double by)
{
    for (size_t i = 0; i < n; i++)
        cells[i] *= by;
}

static double sum(const double *cells, size_t n)
{
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += cells[i];
    return total;
}

static void to_shares(double *cells, size_t n)
{
    double total = sum(cells, n);
    scale(cells, n, total > 0 ? 1 / total : NAN);
}

void retort_pairs_all(const struct retort_pairs *pairs, double *cells)
{
    size_t size = pairs->n_labels * pairs->n_labels;
    memset(cells, 0, size * sizeof *cells);
    for (size_t i = 0; i < pairs->n_clusters * size; i++)
        cells[i % size] += pairs->cells[i];
    to_shares(cells, size);
}

void retort_pairs_draw(const struct retort_pairs *pairs, const double *all, uint64_t *state,
                       double *cells)
{
    size_t size = pairs->n_labels * pairs->n_labels, n = pairs->n_clusters;
    double wider = NAN;
    if (n >= 3)
        wider = sqrt((double)n / (double)(n - 1)) * retort_student((double)(n - 1), 0.025) /
                retort_student(1e6, 0.025);
    memset(cells, 0, size * sizeof *cells);
    for (size_t i = 0; i < n; i++) {
        const double *drawn = pairs->cells + retort_random(state) % n * size;
        for (size_t j = 0; j < size; j++)
            cells[j] += drawn[j];
    }
    to_shares(cells, size);
    for (size_t j = 0; j < size; j++)
        cells[j] = all[j] + wider * (cells[j] - all[j]);
}

/* ---- correction ---- */

/* Below this a pivot is taken for zero: the classifier hardly tells these labels apart. */
static const double LEAST_PIVOT = 0.02;

static size_t find_pivot(const double *rows, size_t n, size_t column)
{
    size_t best = column;
    for (size_t i = column + 1; i < n; i++)
        if (fabs(rows[i * n + column]) > fabs(rows[best * n + column]))
            best = i;
    return best;
}

static void swap_rows(double *rows, size_t n, size_t a, size_t b)
{
    for (size_t j = 0; a != b && j < n; j++) {
        double kept = rows[a * n + j];
        rows[a * n + j] = rows[b * n + j];
        rows[b * n + j] = kept;
    }
}

static void subtract_row(double *rows, size_t n, size_t from, double times, size_t row)
{
    for (size_t j = 0; j < n; j++)
        rows[from * n + j] -= times * rows[row * n + j];
}

/* Gauss and Jordan, on rows that are used up. */
static bool invert(double *rows, size_t n, double *inverse)
{
    for (size_t i = 0; i < n * n; i++)
        inverse[i] = i % (n + 1) == 0;
    for (size_t c = 0; c < n; c++) {
        size_t pivot = find_pivot(rows, n, c);
        if (!(fabs(rows[pivot * n + c]) >= LEAST_PIVOT))
            return false;
        swap_rows(rows, n, c, pivot);
        swap_rows(inverse, n, c, pivot);
        double by = 1 / rows[c * n + c];
        scale(rows + c * n, n, by);
        scale(inverse + c * n, n, by);
        for (size_t i = 0; i < n; i++) {
            double times = i == c ? 0 : rows[i * n + c];
            subtract_row(rows, n, i, times, c);
            subtract_row(inverse, n, i, times, c);
        }
    }
    return true;
}

bool retort_rates_invert(const double *rates, size_t n, double *inverse)
{
    struct retort_arena arena = {0};
    double *rows = RETORT_NEW(&arena, double, n *n);
    memcpy(rows, rates, n * n * sizeof *rows);
    bool inverted = invert(rows, n, inverse);
    retort_arena_release(&arena);
    return inverted;
}

/* The inverse at one end: cells' rows; they come back turned, so that twice is both ends. */
static void correct_turned(const double *cells, const double *inverse, size_t n, double *turned)
{
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++) {
            double value = 0;
            for (size_t a = 0; a < n; a++)
                value += inverse[a * n + i] * cells[a * n + j];
            turned[j * n + i] = value;
        }
}

void retort_pairs_correct(double *cells, const double *inverse, size_t n_labels)
{
    struct retort_arena arena = {0};
    double *turned = RETORT_NEW(&arena, double, n_labels *n_labels);
    correct_turned(cells, inverse, n_labels, turned);
    correct_turned(turned, inverse, n_labels, cells);
    retort_arena_release(&arena);
}

/* ---- figures ---- */

/* like: pairs of one label; expected: how many there would be if ends were put together blindly. */
static double count_like(const double *cells, size_t n, double *expected)
{
    double like = 0;
    *expected = 0;
    for (size_t i = 0; i < n; i++) {
        double answered = 0, answers = 0;
        for (size_t j = 0; j < n; j++) {
            answered += cells[i * n + j];
            answers += cells[j * n + i];
        }
        like += cells[i * n + i];
        *expected += answered * answers;
    }
    return like;
}

double retort_pairs_modularity(const double *cells, size_t n_labels)
{
    double expected, like = count_like(cells, n_labels, &expected);
    return like - expected;
}

double retort_pairs_assortativity(const double *cells, size_t n_labels)
{
    double expected, like = count_like(cells, n_labels, &expected);
    return 1 - expected > 1e-9 ? (like - expected) / (1 - expected) : NAN;
}

double retort_slope(const double *x, const double *y, const double *weight, size_t n)
{
    double all = 0, x_mean = 0, y_mean = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < n; i++) {
        all += weight[i];
        x_mean += weight[i] * x[i];
        y_mean += weight[i] * y[i];
    }
    for (size_t i = 0; i < n; i++) {
        double off = x[i] - x_mean / all;
        xx += weight[i] * off * off;
        xy += weight[i] * off * (y[i] - y_mean / all);
    }
    return xx > 1e-12 ? xy / xx : NAN;
}
