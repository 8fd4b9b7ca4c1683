/* Corrected shares and their replicates: which method each group and label has, and why.
 *
 * Where enough was decided by people on comments drawn at random, their word counts and the model's
 * only narrows it. Else posteriors are corrected for what the model errs out of fold (PACC: Bella
 * et al. 2010), which stands on its erring here as it did there. Where that cannot be, as no share
 * from 0 to 1 would make the model say what it says, shares stay as counted and it is said so:
 * training data are full of what is hard to tell, and pages may be full of what is not.
 *
 * The same seed weighs the same way whatever the grouping, so that shares of two groupings may be
 * held against each other, replicate by replicate. */
#include "report/shares.h"

#include <math.h>
#include <stdlib.h>

static const char POWERED[] = "what people decided on comments drawn at random, made narrower by "
                              "what the model says of all",
                  CORRECTED[] = "by what the model errs out of fold",
                  CORRECTED_HERE[] = "by what the model errs on comments that were drawn at random "
                                     "here and decided by people",
                  IMPOSSIBLE[] =
                      "no share from 0 to 100 % would make a model with its errors out of "
                      "fold say this: it errs otherwise here (decide a random sample: "
                      "retort sample)",
                  FOREIGN[] =
                      "the model's scores of these comments are no mixture of those that it "
                      "gave its true labels out of fold, so its errors there tell nothing of "
                      "its errors here (decide a random sample: retort sample)",
                  WIDE[] = "of so few comments the correction leaves an interval of more than 50 "
                           "points";

/* Of so many replicates one may lie within what shares can be. */
enum { IMPOSSIBLE_IN = 100 };

static bool has_own(const struct shares_errors *errors)
{
    for (size_t i = 0; i < errors->n_problems; i++)
        if (errors->is_own[i])
            return true;
    return false;
}

/* ---- the method of each group ---- */

static void choose(const struct shares_basis *basis, enum shares_method *methods,
                   struct report_shares *shares)
{
    for (size_t g = 0; g < basis->cells.n_groups; g++) {
        bool powered = shares_is_powered(&basis->cells, g);
        methods[g] = powered ? SHARES_POWERED : basis->untold ? SHARES_CC : SHARES_PACC;
        shares->correction[g] = powered         ? REPORT_POWERED
                                : basis->untold ? REPORT_RAW
                                                : REPORT_CORRECTED;
        shares->why[g] = powered                   ? POWERED
                         : basis->untold           ? basis->untold
                         : has_own(&basis->errors) ? CORRECTED_HERE
                                                   : CORRECTED;
    }
}

/* ---- what is left as counted ---- */

/* Do all but a few replicates of a method lie below 0, or above 1? group SIZE_MAX: all corrected
 * groups together, for a method that is linear. */
static bool lies_outside(const struct report_shares *shares, const double *of, size_t group,
                         size_t label)
{
    size_t n_below = 0, n_above = 0, n = 0, first = group == SIZE_MAX ? 0 : group,
           end = group == SIZE_MAX ? shares->n_groups : group + 1;
    for (size_t r = 1; r <= shares->n_replicates; r++) {
        double sum = 0, count = 0;
        for (size_t g = first; g < end; g++) {
            double share = of[(r * shares->n_groups + g) * shares->n_labels + label];
            if (shares->correction[g] != REPORT_CORRECTED || isnan(share))
                continue;
            sum += shares->count[g] * share;
            count += shares->count[g];
        }
        n += count > 0;
        n_below += sum < 0;
        n_above += sum > count;
    }
    size_t few = n / IMPOSSIBLE_IN;
    return n > 0 && (n - n_below <= few || n - n_above <= few);
}

/* By PACC, which shares are of, or by ACC. */
static bool is_impossible(const struct report_shares *shares, const double *acc, size_t group,
                          size_t label)
{
    return lies_outside(shares, shares->share, group, label) ||
           lies_outside(shares, acc, group, label);
}

static void refuse(struct report_shares *shares, size_t group, size_t label, const char *why)
{
    if (shares->correction[group] == REPORT_CORRECTED)
        shares->counted[group * shares->n_labels + label] = why;
}

static void refuse_in_all(const struct shares_basis *basis, struct report_shares *shares,
                          const double *acc, size_t label)
{
    size_t problem = basis->one_of ? 0 : label;
    const char *why = basis->rates.untold[problem];
    if (!why && basis->is_foreign[problem])
        why = FOREIGN;
    else if (!why && is_impossible(shares, acc, SIZE_MAX, label))
        why = IMPOSSIBLE;
    size_t size = basis->rates.n_classes * basis->rates.n_classes;
    for (size_t g = 0; why && g < shares->n_groups; g++)
        refuse(shares, g, label, why);
    for (size_t r = 0; why && r <= shares->n_replicates; r++)
        for (size_t i = 0; i < size; i++)
            shares->rates[(r * basis->rates.n_problems + problem) * size + i] = (double)NAN;
}

/* One-of: a label that cannot be corrected takes the others with it. */
static void spread(struct report_shares *shares, size_t group)
{
    const char *why = NULL, **counted = shares->counted + group * shares->n_labels;
    for (size_t l = 0; l < shares->n_labels; l++)
        why = counted[l] ? counted[l] : why;
    for (size_t l = 0; l < shares->n_labels; l++)
        counted[l] = why;
    if (why) {
        shares->correction[group] = REPORT_RAW;
        shares->why[group] = why;
    }
}

/* Puts counts in the place of what was refused. */
static void put_counts(struct report_shares *shares, const double *counts)
{
    size_t each = shares->n_groups * shares->n_labels;
    for (size_t i = 0; i < each; i++)
        for (size_t r = 0; shares->counted[i] && r <= shares->n_replicates; r++)
            shares->share[r * each + i] = counts[r * each + i];
}

static double *all_by(const struct shares_basis *basis, enum shares_method method,
                      struct retort_arena *arena)
{
    size_t n_groups = basis->cells.n_groups;
    enum shares_method *methods = RETORT_NEW(arena, enum shares_method, n_groups + 1);
    double *shares = retort_arena_room(
        arena, (1 + basis->n_replicates) * n_groups * basis->cells.n_labels + 1, sizeof *shares);
    for (size_t g = 0; g < n_groups; g++)
        methods[g] = method;
    shares_by_method(basis, methods, shares);
    return shares;
}

static double width_of(const struct report_shares *shares, const double *of, size_t at,
                       double *values)
{
    size_t each = shares->n_groups * shares->n_labels;
    for (size_t r = 0; r < shares->n_replicates; r++)
        values[r] = of[(1 + r) * each + at];
    struct retort_estimate estimate =
        retort_resample_interval(of[at], values, shares->n_replicates);
    return estimate.high - estimate.low;
}

/* Has the correction, and not the few comments alone, made an interval that says nothing? */
static bool is_wide(const struct report_shares *shares, const double *counts, size_t at,
                    double *values)
{
    enum { TIMES = 2 };
    double width = width_of(shares, shares->share, at, values);
    return width > .5 && width > TIMES * width_of(shares, counts, at, values);
}

static void refuse_in_group(struct report_shares *shares, const double *acc, const double *counts,
                            size_t group)
{
    double *values = retort_grow(NULL, shares->n_replicates + 1, sizeof *values);
    for (size_t l = 0; l < shares->n_labels; l++) {
        size_t at = group * shares->n_labels + l;
        if (shares->correction[group] != REPORT_CORRECTED || shares->counted[at])
            continue;
        if (is_impossible(shares, acc, group, l))
            refuse(shares, group, l, IMPOSSIBLE);
        else if (is_wide(shares, counts, at, values))
            refuse(shares, group, l, WIDE);
    }
    free(values);
}

static void refuse_some(const struct shares_basis *basis, struct report_shares *shares,
                        struct retort_arena *passing)
{
    const double *acc = all_by(basis, SHARES_ACC, passing),
                 *counts = all_by(basis, SHARES_CC, passing);
    for (size_t l = 0; l < shares->n_labels; l++)
        refuse_in_all(basis, shares, acc, l);
    for (size_t g = 0; g < shares->n_groups; g++) {
        refuse_in_group(shares, acc, counts, g);
        if (basis->one_of)
            spread(shares, g);
    }
    put_counts(shares, counts);
}

/* ---- what sections ask for ---- */

/* The estimates themselves lie within [0, 1]; their replicates may not. */
static void cut(const struct shares_basis *basis, struct report_shares *shares)
{
    size_t n_labels = shares->n_labels;
    for (size_t g = 0; g < shares->n_groups; g++) {
        double *share = shares->share + g * n_labels;
        if (basis->one_of && shares->correction[g] != REPORT_RAW && !isnan(share[0]))
            retort_shares_project(share, n_labels);
        for (size_t l = 0; !basis->one_of && l < n_labels; l++)
            share[l] = isnan(share[l]) ? share[l] : fmin(fmax(share[l], 0), 1);
    }
}

static void make_room(const struct shares_basis *basis, struct retort_arena *arena,
                      struct report_shares *shares)
{
    size_t n = basis->cells.n_groups, n_labels = basis->cells.n_labels;
    *shares = (struct report_shares){
        .n_groups = n,
        .n_labels = n_labels,
        .n_replicates = basis->n_replicates,
        .share =
            retort_arena_room(arena, (1 + basis->n_replicates) * n * n_labels + 1, sizeof(double)),
        .count = RETORT_NEW(arena, double, n + 1),
        .n_threads = RETORT_NEW(arena, uint32_t, n + 1),
        .correction = RETORT_NEW(arena, enum report_correction, n + 1),
        .why = RETORT_NEW(arena, const char *, n + 1),
        .counted = RETORT_NEW(arena, const char *, n *n_labels + 1),
    };
    memcpy(shares->n_threads, basis->cells.n_threads, n * sizeof *shares->n_threads);
    for (size_t g = 0; g < n; g++)
        shares->count[g] = basis->cells.total[g * basis->cells.stride];
}

static void copy_rates(const struct shares_basis *basis, struct retort_arena *arena,
                       struct report_shares *shares)
{
    const struct shares_rates *rates = &basis->rates;
    size_t size =
        (1 + basis->n_replicates) * rates->n_problems * rates->n_classes * rates->n_classes;
    shares->rates = retort_arena_room(arena, size, sizeof(double));
    memcpy(shares->rates, rates->said, size * sizeof(double));
}

void shares_fill(const struct shares_basis *basis, struct retort_arena *arena,
                 struct report_shares *shares)
{
    struct retort_arena passing = {0};
    enum shares_method *methods =
        RETORT_NEW(&passing, enum shares_method, basis->cells.n_groups + 1);
    make_room(basis, arena, shares);
    if (!basis->untold)
        copy_rates(basis, arena, shares);
    choose(basis, methods, shares);
    shares_by_method(basis, methods, shares->share);
    if (!basis->untold)
        refuse_some(basis, shares, &passing);
    cut(basis, shares);
    retort_arena_release(&passing);
}

bool report_shares(struct report_work *work, const struct report_task *task,
                   const struct report_grouping *grouping, struct retort_arena *arena,
                   struct report_shares *shares, struct retort_error *error)
{
    struct retort_arena passing = {0};
    struct shares_basis basis;
    (void)error;
    shares_basis_fill(work, task, grouping, &passing, &basis);
    shares_fill(&basis, arena, shares);
    retort_arena_release(&passing);
    return true;
}

struct retort_estimate report_interval(double value, double *values, size_t n)
{
    return retort_resample_interval(value, values, n);
}
