/* Up to sixteen linear machines over one matrix, learned together by dual coordinate descent
 * (Hsieh, Chang, Lin, Keerthi and Sundararajan 2008): the same objective as LIBLINEAR's,
 *
 *   ½|w|² + ½(b/B)² + Σ C·loss(1 − y(w·x + b)),   loss the hinge or its square,
 *
 * to which the tests hold it. Three things make it an order of magnitude faster.
 *
 * All machines step on a row while it is at hand (descent_sweep.c).
 *
 * The bias is hardly a feature of the rows. As one it makes every step short, for B² = 16 is large
 * beside a row's own length, and stands below every step's fraction. A bias b of value B is the
 * same as two whose squared values add up to B²: the smaller one moves with every step and keeps
 * the rows from pulling together too far; the larger one stands still for a sweep and then moves
 * to where (its B²)·Σαy, which falls as it rises, would meet it, by the secant. How fast Σαy falls
 * is never more than the smaller one allows.
 *
 * It ends by the duality gap, not by a gradient: when the primal is within a share of the dual for
 * every machine, over all rows. So what is left is known in units of the objective, whatever C is.
 *
 * α and w are kept from run to run: along a list of C each run begins where the last one ended. */
#include "train/descent.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_SWEEPS = 1000,
    REFRESH = 50 /* sweeps, after which weights are added up anew, for they gather rounding */
};
static const double BIAS = RETORT_BIAS;
static const double GAP = 0.1; /* times the tolerance: the share of the objective left */
static const float UNBOUNDED = 1e30F;
static const double MOST_CHANGE = 4; /* of the slope, from sweep to sweep */

static double *double_room(struct retort_arena *arena, size_t n)
{
    return RETORT_NEW(arena, double, n);
}

static void set(retort_lane *lanes, size_t machine, double value)
{
    lanes[machine / LANE][machine % LANE] = (float)value;
}

static double get(const retort_lane *lanes, size_t machine)
{
    return (double)lanes[machine / LANE][machine % LANE];
}

/* ---- what is learned from ---- */

/* A row that stands in a lesson several times stands so in every lesson that has it. */
static void note_lesson(struct retort_descent *descent, const struct retort_lesson *lesson,
                        size_t machine)
{
    bool both = retort_lesson_has_both(lesson);
    for (size_t i = 0, n = 0; both && i < lesson->n; i += n) {
        size_t row = lesson->rows[i];
        for (n = 1; i + n < lesson->n && lesson->rows[i + n] == row; n++)
            ;
        struct retort_duals *duals = &descent->duals[row * descent->n_lanes + machine / LANE];
        duals->sign[machine % LANE] = lesson->truth[i] == RETORT_YES ? 1 : -1;
        assert(descent->copies[row] == 0 || descent->copies[row] == (float)n);
        descent->copies[row] = (float)n;
    }
}

static void note_scales(struct retort_descent *descent, const struct retort_fit *fits)
{
    size_t n_lanes = descent->n_lanes;
    if (!fits[0].scale)
        return;
    descent->squares =
        RETORT_NEW(&descent->arena, retort_lane, descent->problem->n_features * n_lanes);
    for (size_t i = 0; i < descent->problem->n_features; i++)
        for (size_t m = 0; m < descent->n_machines; m++)
            set(descent->squares + i * n_lanes, m, fits[m].scale[i] * fits[m].scale[i]);
}

/* The rows that somebody learns from, and how long each is. */
static void note_rows(struct retort_descent *descent)
{
    const struct retort_problem *problem = descent->problem;
    const retort_lane ones = {1, 1, 1, 1};
    for (size_t row = 0; row < problem->n_rows; row++) {
        if (descent->copies[row] == 0)
            continue;
        descent->rows[descent->n_rows++] = row;
        for (size_t v = 0; v < descent->n_lanes; v++)
            descent->duals[row * descent->n_lanes + v].square = ones * RETORT_BIAS_WITHIN;
        for (size_t i = row ? problem->ends[row - 1] : 0; i < problem->ends[row]; i++) {
            const struct retort_entry *entry = &problem->entries[i];
            for (size_t v = 0; v < descent->n_lanes; v++)
                descent->duals[row * descent->n_lanes + v].square +=
                    entry->value * entry->value *
                    (descent->squares ? descent->squares[entry->feature * descent->n_lanes + v]
                                      : ones);
        }
    }
}

struct retort_descent *retort_descent_new(const struct retort_problem *problem,
                                          const struct retort_fit *fits, size_t n_fits)
{
    assert(n_fits > 0 && n_fits <= RETORT_MOST_TOGETHER);
    struct retort_descent *descent = retort_grow(NULL, 1, sizeof *descent);
    *descent = (struct retort_descent){
        .problem = problem, .n_machines = n_fits, .n_lanes = (n_fits + LANE - 1) / LANE};
    struct retort_arena *arena = &descent->arena;
    descent->weights = RETORT_NEW(arena, retort_lane, problem->n_features * descent->n_lanes);
    descent->duals = RETORT_NEW(arena, struct retort_duals, problem->n_rows * descent->n_lanes);
    descent->copies = RETORT_NEW(arena, float, problem->n_rows);
    descent->rows = RETORT_NEW(arena, size_t, problem->n_rows);
    descent->wakes = RETORT_NEW(arena, uint32_t, problem->n_rows);
    descent->streaks = RETORT_NEW(arena, uint8_t, problem->n_rows);
    for (size_t m = 0; m < n_fits; m++) {
        note_lesson(descent, &fits[m].lesson, m);
        descent->slopes[m] = 1 / (double)RETORT_BIAS_WITHIN;
    }
    note_scales(descent, fits);
    note_rows(descent);
    return descent;
}

void retort_descent_free(struct retort_descent *descent)
{
    if (!descent)
        return;
    retort_arena_release(&descent->arena);
    free(descent);
}

/* ---- sums ---- */

/* Sums over the rows of one machine's α, and what its dual is worth. */
struct sums {
    double signed_duals; /* Σαy */
    double linear;       /* Σα */
    double quadratic; /* Σ give·α² + |w|² + (B Σαy)²; the dual is worth linear − quadratic/2 */
};

static void add_rows(const struct retort_descent *descent, struct sums *sums)
{
    for (size_t row = 0; row < descent->problem->n_rows; row++) {
        for (size_t m = 0; m < descent->n_machines && descent->copies[row] > 0; m++) {
            const struct retort_duals *duals = &descent->duals[row * descent->n_lanes + m / LANE];
            double dual = (double)duals->dual[m % LANE], sign = (double)duals->sign[m % LANE];
            double give = (double)descent->terms[m / LANE].give[sign > 0][m % LANE];
            sums[m].signed_duals += dual * sign;
            sums[m].linear += dual;
            sums[m].quadratic += give * dual * dual / (double)descent->copies[row];
        }
    }
}

static void take_norms(const struct retort_descent *descent, struct sums *sums)
{
    size_t n_lanes = descent->n_lanes;
    for (size_t i = 0; i < descent->problem->n_features; i++)
        for (size_t m = 0; m < descent->n_machines; m++) {
            double weight = get(descent->weights + i * n_lanes, m);
            double square = descent->squares ? get(descent->squares + i * n_lanes, m) : 1;
            if (square > 0)
                sums[m].quadratic += weight * weight / square;
        }
    for (size_t m = 0; m < descent->n_machines; m++)
        sums[m].quadratic += BIAS * BIAS * sums[m].signed_duals * sums[m].signed_duals;
}

static void sum_up(const struct retort_descent *descent, struct sums *sums)
{
    memset(sums, 0, descent->n_machines * sizeof *sums);
    add_rows(descent, sums);
    take_norms(descent, sums);
}

/* ---- where a run begins ---- */

/* Σ α y x of every machine, in double: [n_features][n_machines]; without the scale. */
static double *sum_supports(const struct retort_descent *descent, struct retort_arena *arena)
{
    const struct retort_problem *problem = descent->problem;
    size_t n = descent->n_machines;
    double *sums = double_room(arena, problem->n_features * n), shares[RETORT_MOST_TOGETHER];
    for (size_t row = 0; row < problem->n_rows; row++) {
        bool supports = false;
        for (size_t m = 0; m < n; m++) {
            const struct retort_duals *duals = &descent->duals[row * descent->n_lanes + m / LANE];
            shares[m] = (double)duals->dual[m % LANE] * (double)duals->sign[m % LANE];
            supports |= shares[m] != 0;
        }
        for (size_t i = row ? problem->ends[row - 1] : 0; supports && i < problem->ends[row]; i++)
            for (size_t m = 0; m < n; m++)
                sums[problem->entries[i].feature * n + m] +=
                    shares[m] * (double)problem->entries[i].value;
    }
    return sums;
}

/* The weights that belong to the α there are. */
static void make_weights(struct retort_descent *descent)
{
    struct retort_arena arena = {0};
    size_t n_lanes = descent->n_lanes, n = descent->n_machines;
    const double *sums = sum_supports(descent, &arena);
    for (size_t i = 0; i < descent->problem->n_features; i++)
        for (size_t m = 0; m < n; m++)
            set(descent->weights + i * n_lanes, m,
                sums[i * n + m] * (descent->squares ? get(descent->squares + i * n_lanes, m) : 1));
    retort_arena_release(&arena);
}

static void set_terms(struct retort_descent *descent, const struct retort_fit *fits)
{
    for (size_t m = 0; m < descent->n_machines; m++) {
        struct retort_terms *terms = &descent->terms[m / LANE];
        for (int yes = 0; yes < 2; yes++) {
            double cost = fits[m].cost * (yes ? fits[m].weight_yes : fits[m].weight_no);
            terms->cost[yes][m % LANE] = (float)cost;
            terms->most[yes][m % LANE] = descent->squared ? UNBOUNDED : (float)cost;
            terms->give[yes][m % LANE] = descent->squared ? (float)(0.5 / cost) : 0;
        }
    }
}

static void scale_duals(struct retort_descent *descent, size_t m, double yes, double no)
{
    for (size_t row = 0; row < descent->problem->n_rows; row++) {
        struct retort_duals *duals = &descent->duals[row * descent->n_lanes + m / LANE];
        duals->dual[m % LANE] *= (float)(duals->sign[m % LANE] > 0 ? yes : no);
    }
}

/* A larger C lets α rise in proportion, where it was at its bound and nearly so elsewhere; but no
 * farther than the dual gains by it. */
static void carry_over(struct retort_descent *descent, const struct retort_terms *before)
{
    struct sums sums[RETORT_MOST_TOGETHER];
    for (size_t m = 0; m < descent->n_machines; m++) {
        const struct retort_terms *old = &before[m / LANE], *new = &descent->terms[m / LANE];
        scale_duals(descent, m, (double)new->cost[1][m % LANE] / (double)old->cost[1][m % LANE],
                    (double)new->cost[0][m % LANE] / (double)old->cost[0][m % LANE]);
    }
    make_weights(descent);
    sum_up(descent, sums);
    for (size_t m = 0; m < descent->n_machines; m++) {
        double share = sums[m].quadratic > 0 ? sums[m].linear / sums[m].quadratic : 1;
        if (share < 1)
            scale_duals(descent, m, share, share);
    }
    make_weights(descent);
}

/* ---- between sweeps ---- */

/* A machine's bias, the part that stands still, and how far it is from where Σαy wants it. */
struct offset {
    double bias, excess;
};

/* Moves that part by the secant through this sweep and the one before. */
static void move_bias(struct retort_descent *descent, size_t m, double signed_duals,
                      struct offset *last)
{
    double within = (double)RETORT_BIAS_WITHIN, least = 1 / (BIAS * BIAS - within);
    double bias = descent->biases[m], excess = bias * least - signed_duals;
    double run = bias - last->bias, *slope = &descent->slopes[m];
    if (run != 0)
        *slope = fmin(fmax((excess - last->excess) / run - least, *slope / MOST_CHANGE),
                      fmin(*slope * MOST_CHANGE, 1 / within));
    *last = (struct offset){bias, excess};
    descent->biases[m] = bias - excess / (least + *slope);
    descent->terms[m / LANE].bias[m % LANE] = (float)(descent->biases[m] + within * signed_duals);
}

static void shuffle(size_t *rows, size_t n, uint64_t *state)
{
    for (size_t i = 0; i + 1 < n; i++) {
        size_t other = i + retort_random(state) % (n - i), row = rows[i];
        rows[i] = rows[other];
        rows[other] = row;
    }
}

/* The share of the objective that is still to be had, of the machine that is farthest from its end.
 */
static double largest_gap(const struct retort_descent *descent, const struct retort_sweep *sweep,
                          const struct sums *sums)
{
    double largest = 0;
    for (size_t m = 0; m < descent->n_machines; m++) {
        double bias = (double)descent->terms[m / LANE].bias[m % LANE];
        double apart = bias / BIAS - BIAS * sums[m].signed_duals;
        double gap = get(sweep->gap, m) + apart * apart / 2;
        double value = sums[m].linear - sums[m].quadratic / 2;
        if (gap > 0)
            largest = fmax(largest, gap / (fabs(value) + gap));
    }
    return largest;
}

static void wake_all(struct retort_descent *descent)
{
    memset(descent->wakes, 0, descent->problem->n_rows * sizeof *descent->wakes);
    memset(descent->streaks, 0, descent->problem->n_rows);
}

/* Sweeps until the gap is closed in a sweep over all rows. */
static void descend(struct retort_descent *descent, double tolerance, uint64_t seed)
{
    struct retort_sweep sweep;
    struct sums sums[RETORT_MOST_TOGETHER];
    struct offset offsets[RETORT_MOST_TOGETHER];
    bool whole = true, closed = false;
    for (size_t m = 0; m < descent->n_machines; m++)
        offsets[m] = (struct offset){descent->biases[m], 0};
    wake_all(descent);
    for (size_t n = 1; n <= MOST_SWEEPS; n++, whole = closed) {
        shuffle(descent->rows, descent->n_rows, &seed);
        retort_descent_sweep(descent, &sweep);
        sum_up(descent, sums);
        closed = largest_gap(descent, &sweep, sums) <= tolerance * GAP;
        if (closed && whole)
            return;
        for (size_t m = 0; m < descent->n_machines; m++)
            move_bias(descent, m, sums[m].signed_duals, &offsets[m]);
        if (closed)
            wake_all(descent);
        if (closed || n % REFRESH == 0)
            make_weights(descent);
    }
}

/* ---- a run ---- */

static void give_machines(const struct retort_descent *descent, const struct retort_fit *fits,
                          struct retort_machine *machines)
{
    struct retort_arena arena = {0};
    size_t n = descent->n_machines;
    const double *sums = sum_supports(descent, &arena);
    for (size_t m = 0; m < n; m++) {
        const double *scale = fits[m].scale;
        for (size_t i = 0; i < descent->problem->n_features; i++)
            machines[m].weights[i] = sums[i * n + m] * (scale ? scale[i] * scale[i] : 1);
        machines[m].bias = retort_lesson_has_both(&fits[m].lesson)
                               ? (double)descent->terms[m / LANE].bias[m % LANE]
                               : retort_lesson_bias(&fits[m].lesson);
    }
    retort_arena_release(&arena);
}

void retort_descent_run(struct retort_descent *descent, const struct retort_fit *fits,
                        struct retort_machine *machines)
{
    struct retort_terms before[MOST_LANES];
    memcpy(before, descent->terms, sizeof before);
    descent->squared = fits[0].squared;
    set_terms(descent, fits);
    if (before[0].cost[0][0] > 0)
        carry_over(descent, before);
    descend(descent, fits[0].tolerance, fits[0].seed);
    give_machines(descent, fits, machines);
}
