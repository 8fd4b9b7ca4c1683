/* How low the true precision may be that lies behind a measured one (by the exact bounds of
 * base/share.c); what decisions of one group, which err together, leave of it; and the decisions
 * that are certain enough. */
#include "train/calibrate.h"

#include <math.h>
#include <stdlib.h>

/* ---- tallies ---- */

void retort_tally_count(struct retort_tally *tally, const struct retort_decision *decision)
{
    double weight = decision->weight;
    tally->right += decision->right ? weight : 0;
    tally->wrong += decision->right ? 0 : weight;
    tally->right_squares += decision->right ? weight * weight : 0;
    tally->wrong_squares += decision->right ? 0 : weight * weight;
}

double retort_tally_precision(const struct retort_tally *tally)
{
    double all = tally->right + tally->wrong;
    return all > 0 ? tally->right / all : (double)NAN;
}

/* A bound of the weight that is chosen on average, by counting in units of the mean weight. */
static double weight_bound(const double sums[2], const double all[2], double risk, bool upper)
{
    if (!(all[0] > 0))
        return 0;
    double unit = sums[0] > 0 ? sums[1] / sums[0] : all[1] / all[0];
    double hits = sums[0] / unit, n = fmax(all[0] / unit, hits);
    return unit * n * (upper ? retort_share_below : retort_share_above)(hits, n, risk);
}

double retort_tally_bound(const struct retort_tally *chosen, const struct retort_tally *all,
                          double risk)
{
    if (!(chosen->right > 0))
        return 0;
    if (all->right == all->right_squares && all->wrong == all->wrong_squares)
        return retort_share_above(chosen->right, chosen->right + chosen->wrong, risk);
    double right = weight_bound((double[]){chosen->right, chosen->right_squares},
                                (double[]){all->right, all->right_squares}, risk / 2, false);
    double wrong = weight_bound((double[]){chosen->wrong, chosen->wrong_squares},
                                (double[]){all->wrong, all->wrong_squares}, risk / 2, true);
    return right > 0 ? right / (right + wrong) : 0;
}

/* ---- decisions ---- */

static int by_falling_certainty(const void *a, const void *b)
{
    const struct retort_decision *x = a, *y = b;
    if (x->certainty != y->certainty)
        return x->certainty < y->certainty ? 1 : -1;
    if (x->right != y->right)
        return (int)y->right - (int)x->right;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    return (x->weight > y->weight) - (x->weight < y->weight);
}

void retort_decisions_sort(struct retort_decision *list, size_t n)
{
    qsort(list, n, sizeof *list, by_falling_certainty);
}

/* ---- groups ---- */

/* What the chosen decisions come to, group by group. Sums of squares are kept as decisions leave,
 * so that a bound for every place costs no more than one. */
struct clusters {
    double *right, *all;                /* [n_groups] weights */
    double sum_right, sum_all;          /* over the groups */
    double right_2, all_2, right_x_all; /* squares and products over the groups */
};

static void move(struct clusters *c, const struct retort_decision *decision, double sign)
{
    double *right = &c->right[decision->group], *all = &c->all[decision->group];
    double weight = sign * decision->weight, hit = decision->right ? weight : 0;
    c->right_2 += hit * (2 * *right + hit);
    c->all_2 += weight * (2 * *all + weight);
    c->right_x_all += *right * weight + *all * hit + hit * weight;
    c->sum_right += hit;
    c->sum_all += weight;
    *right += hit;
    *all += weight;
}

/* Is the precision, of groups drawn anew, at the goal with a chance of 1 − risk? */
static bool clusters_reach(const struct clusters *c, double goal, double risk)
{
    double precision = c->sum_right / c->sum_all;
    double n = c->sum_all * c->sum_all / c->all_2; /* groups of one size that tell as much */
    double variance =
        c->right_2 - 2 * precision * c->right_x_all + precision * precision * c->all_2;
    if (!(n > 2) || precision < goal)
        return false;
    double error = sqrt(fmax(variance, 0) * n / (n - 1)) / c->sum_all;
    double t = error > 0 ? (precision - goal) / error : INFINITY;
    return retort_incomplete_beta((n - 1) / 2, 0.5, (n - 1) / (n - 1 + t * t)) / 2 <= risk;
}

static struct clusters clusters_of(const struct retort_decision *list, size_t n)
{
    struct clusters c = {0};
    size_t n_groups = 1;
    for (size_t i = 0; i < n; i++)
        n_groups = list[i].group >= n_groups ? (size_t)list[i].group + 1 : n_groups;
    c.right = retort_grow(NULL, 2 * n_groups, sizeof *c.right);
    c.all = c.right + n_groups;
    for (size_t i = 0; i < 2 * n_groups; i++)
        c.right[i] = 0;
    for (size_t i = 0; i < n; i++)
        move(&c, &list[i], 1);
    return c;
}

/* From the lowest up, because the first that reaches is the answer: decisions leave one by one. */
double retort_decisions_reach(const struct retort_decision *list, size_t n,
                              const struct retort_tally *all, const struct retort_reach *reach)
{
    struct retort_tally *from = retort_grow(NULL, n + 1, sizeof *from);
    double reached = INFINITY;
    size_t last = 0;
    from[0] = (struct retort_tally){0};
    for (size_t i = 0; i < n && list[i].certainty >= reach->floor; i++, last++) {
        from[i + 1] = from[i];
        retort_tally_count(&from[i + 1], &list[i]);
    }
    double next = (double)last;
    struct clusters clusters = clusters_of(list, last);
    for (size_t i = last; i > 0 && reached == INFINITY; i--) {
        bool cuts = i == n || list[i].certainty < list[i - 1].certainty;
        if (cuts && (double)i <= next) {
            next *= reach->few_places ? 0.8 : 1;
            if (clusters_reach(&clusters, reach->goal, RETORT_RISK) &&
                retort_tally_bound(&from[i], all, RETORT_RISK) >= reach->goal)
                reached = list[i - 1].certainty;
        }
        move(&clusters, &list[i - 1], -1);
    }
    free(clusters.right);
    free(from);
    return reached;
}

/* The list without one fold; it stays sorted. */
static size_t drop_fold(const struct retort_decision *list, size_t n, size_t fold,
                        struct retort_decision *rest)
{
    size_t n_rest = 0;
    for (size_t i = 0; i < n; i++)
        if (list[i].fold != fold)
            rest[n_rest++] = list[i];
    return n_rest;
}

double retort_decisions_held(const struct retort_decision *list, size_t n,
                             const struct retort_tally *all, const struct retort_reach *reach)
{
    struct retort_decision *rest = retort_grow(NULL, n, sizeof *rest);
    struct retort_tally held = {0};
    for (size_t fold = 0; fold <= UINT8_MAX; fold++) {
        size_t n_rest = drop_fold(list, n, fold, rest);
        if (n_rest == n)
            continue;
        double from = retort_decisions_reach(rest, n_rest, all, reach);
        for (size_t i = 0; i < n && list[i].certainty >= from; i++)
            if (list[i].fold == fold)
                retort_tally_count(&held, &list[i]);
    }
    free(rest);
    return retort_tally_precision(&held);
}
