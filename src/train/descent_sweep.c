/* One pass of dual coordinate descent (Hsieh et al. 2008) over the rows, for all machines of a
 * descent: where nearly all time of training goes. A row's features are read once; the weights of
 * one feature for all machines stand together, so that they cost one miss of the cache. */
#include "train/descent.h"

#include <string.h>

enum {
    AHEAD = 4,         /* rows are asked for so many visits before */
    LONGEST_STREAK = 3 /* of visits in vain, after which a row sleeps for 2^streak − 1 sweeps */
};

static inline retort_lane pick(retort_mask mask, retort_lane yes, retort_lane no)
{
    return (retort_lane)(((retort_mask)yes & mask) | ((retort_mask)no & ~mask));
}

static inline retort_lane larger(retort_lane a, retort_lane b)
{
    return pick(a > b, a, b);
}

static inline bool any(retort_mask mask)
{
    uint64_t halves[2];
    memcpy(halves, &mask, sizeof halves);
    return (halves[0] | halves[1]) != 0;
}

/* The row's part in primal less dual: its loss, and what its α claims of it. */
static inline retort_lane gap_of(retort_lane cost, retort_lane missing, retort_lane dual,
                                 retort_lane give, bool squared)
{
    const retort_lane none = {0};
    retort_lane lost = larger(missing, none);
    retort_lane loss = cost * lost * (squared ? lost : none + 1);
    return loss - dual * missing + 0.5F * give * dual * dual;
}

/* One step of four machines on a row; returns by how much αy moved. *free: those that no bound
 * held. */
static inline retort_lane step(struct retort_duals *duals, const struct retort_terms *terms,
                               retort_lane margin, float copies, struct retort_sweep *sweep,
                               size_t lane, bool squared, retort_mask *free)
{
    const retort_lane none = {0};
    const retort_mask yes = duals->sign > 0, known = duals->sign != 0;
    const retort_lane cost = pick(known, pick(yes, terms->cost[1], terms->cost[0]) * copies, none);
    const retort_lane most = pick(yes, terms->most[1], terms->most[0]) * copies;
    const retort_lane give = pick(yes, terms->give[1], terms->give[0]) / copies;
    const retort_lane dual = duals->dual;
    const retort_lane missing = 1 - duals->sign * (margin + terms->bias);
    const retort_lane slope = give * dual - missing;
    const retort_mask held =
        ((dual <= 0) & (slope >= 0)) | ((dual >= most) & (slope <= 0)) | ~known;
    const retort_lane pull = pick(held, none, slope);
    sweep->gap[lane] += gap_of(cost, missing, dual, give, squared);
    *free |= ~held;
    retort_lane to = dual - pull / (duals->square + give);
    to = larger(to, none);
    to = pick(to > most, most, to);
    duals->dual = pick(known, to, none);
    return (duals->dual - dual) * duals->sign;
}

struct retort_row {
    const struct retort_entry *entries;
    size_t n;
};

static inline struct retort_row row_of(const struct retort_problem *problem, size_t row)
{
    size_t begin = row ? problem->ends[row - 1] : 0;
    return (struct retort_row){problem->entries + begin, problem->ends[row] - begin};
}

static inline __attribute__((always_inline)) void add_margins(const struct retort_descent *descent,
                                                              struct retort_row row,
                                                              retort_lane *margins,
                                                              const size_t n_lanes)
{
    for (size_t i = 0; i < row.n; i++) {
        const retort_lane *weights = descent->weights + row.entries[i].feature * n_lanes;
        for (size_t v = 0; v < n_lanes; v++)
            margins[v] += weights[v] * row.entries[i].value;
    }
}

static inline __attribute__((always_inline)) void move_weights(struct retort_descent *descent,
                                                               struct retort_row row,
                                                               const retort_lane *moved,
                                                               const size_t n_lanes)
{
    for (size_t i = 0; i < row.n; i++) {
        retort_lane *weights = descent->weights + row.entries[i].feature * n_lanes;
        for (size_t v = 0; v < n_lanes; v++)
            weights[v] += moved[v] * row.entries[i].value;
    }
}

static inline __attribute__((always_inline)) void
move_scaled_weights(struct retort_descent *descent, struct retort_row row, const retort_lane *moved,
                    const size_t n_lanes)
{
    for (size_t i = 0; i < row.n; i++) {
        size_t at = row.entries[i].feature * n_lanes;
        for (size_t v = 0; v < n_lanes; v++)
            descent->weights[at + v] += moved[v] * row.entries[i].value * descent->squares[at + v];
    }
}

/* False: every machine was held at a bound. */
static inline __attribute__((always_inline)) bool
visit(struct retort_descent *descent, size_t row, struct retort_sweep *sweep, const size_t n_lanes)
{
    struct retort_duals *duals = descent->duals + row * n_lanes;
    struct retort_row entries = row_of(descent->problem, row);
    retort_lane margins[MOST_LANES] = {{0}}, moved[MOST_LANES];
    retort_mask free = {0}, moves = {0};
    add_margins(descent, entries, margins, n_lanes);
    for (size_t v = 0; v < n_lanes; v++) {
        moved[v] = step(&duals[v], &descent->terms[v], margins[v], descent->copies[row], sweep, v,
                        descent->squared, &free);
        descent->terms[v].bias += moved[v] * RETORT_BIAS_WITHIN;
        moves |= moved[v] != 0;
    }
    if (any(moves) && descent->squares)
        move_scaled_weights(descent, entries, moved, n_lanes);
    else if (any(moves))
        move_weights(descent, entries, moved, n_lanes);
    return any(free);
}

static inline void ask_for(const struct retort_descent *descent, size_t row)
{
    if (descent->wakes[row] > descent->n_sweeps)
        return;
    const uint8_t *duals = (const uint8_t *)(descent->duals + row * descent->n_lanes);
    const uint8_t *entries = (const uint8_t *)row_of(descent->problem, row).entries;
    for (size_t byte = 0; byte < descent->n_lanes * sizeof *descent->duals; byte += 64)
        __builtin_prefetch(duals + byte);
    __builtin_prefetch(entries);
    __builtin_prefetch(entries + 64);
}

/* A row at whose bounds all machines are held visit after visit is visited more and more seldom. */
static inline void rest(struct retort_descent *descent, size_t row, bool moves)
{
    uint8_t *streak = &descent->streaks[row];
    *streak = moves ? 0 : (uint8_t)(*streak + (*streak < LONGEST_STREAK));
    descent->wakes[row] = descent->n_sweeps + (1U << *streak);
}

/* n_lanes is a constant where this is called, so that what runs over lanes is unrolled. */
static inline __attribute__((always_inline)) void
sweep_rows(struct retort_descent *descent, struct retort_sweep *sweep, const size_t n_lanes)
{
    for (size_t i = 0; i < descent->n_rows; i++) {
        size_t row = descent->rows[i];
        if (i + AHEAD < descent->n_rows)
            ask_for(descent, descent->rows[i + AHEAD]);
        if (descent->wakes[row] <= descent->n_sweeps)
            rest(descent, row, visit(descent, row, sweep, n_lanes));
    }
    descent->n_sweeps++;
}

void retort_descent_sweep(struct retort_descent *descent, struct retort_sweep *sweep)
{
    *sweep = (struct retort_sweep){0};
    switch (descent->n_lanes) {
    case 1:
        sweep_rows(descent, sweep, 1);
        break;
    case 2:
        sweep_rows(descent, sweep, 2);
        break;
    case 3:
        sweep_rows(descent, sweep, 3);
        break;
    default:
        sweep_rows(descent, sweep, 4);
    }
}
