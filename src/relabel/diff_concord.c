/* Concord: how far old and new agree with people, from sums over the decided comments.
 *
 * Comments of one thread are right or wrong together. So beside the exact test, which knows nothing
 * of threads, stands the interval of the lead as a ratio over threads that were drawn: with A and W
 * what a thread leads and weighs, and L = ΣA ∕ ΣW, its variance is n ∕ (n − 1) · Σ(A − L·W)² ∕
 * (ΣW)², and Σ(A − L·W)² = ΣA² − 2·L·ΣAW + L²·ΣW², so that no thread has to be kept. */
#include "relabel/diff.h"

#include <math.h>

static const double RISK = 0.025; /* on each side */

static void add(struct diff_sum *sum, bool counts, double weight)
{
    if (!counts)
        return;
    sum->n++;
    sum->weight += weight;
    sum->squares += weight * weight;
}

void diff_add_errors(struct diff_sums *sums, size_t before, size_t after, double weight)
{
    add(&sums->all, true, weight);
    add(&sums->before_right, before == 0, weight);
    add(&sums->after_right, after == 0, weight);
    add(&sums->only_before, before < after, weight);
    add(&sums->only_after, after < before, weight);
    sums->led += weight * ((double)(after < before) - (double)(before < after));
    sums->weight += weight;
}

void diff_end_thread(struct diff_sums *sums)
{
    if (!(sums->weight > 0))
        return;
    sums->n_threads++;
    sums->led_squares += sums->led * sums->led;
    sums->products += sums->led * sums->weight;
    sums->weight_squares += sums->weight * sums->weight;
    sums->led = sums->weight = 0;
}

static struct retort_share share_of(const struct diff_sum *hits, const struct diff_sum *all)
{
    if (!(all->weight > 0))
        return (struct retort_share){(double)NAN, (double)NAN, (double)NAN};
    double value = fmin(hits->weight / all->weight, 1);
    double n = all->weight * all->weight / all->squares;
    return (struct retort_share){value, retort_share_above(value * n, n, RISK),
                                 retort_share_below(value * n, n, RISK)};
}

/* Of a single thread there is no interval. */
static struct retort_share lead_of(const struct diff_sums *sums)
{
    struct retort_share lead = {(double)NAN, (double)NAN, (double)NAN};
    double weight = sums->all.weight, n = (double)sums->n_threads;
    if (!(weight > 0))
        return lead;
    lead.value = (sums->only_after.weight - sums->only_before.weight) / weight;
    if (n < 2)
        return lead;
    double squares = sums->led_squares - 2 * lead.value * sums->products +
                     lead.value * lead.value * sums->weight_squares;
    double error = sqrt(fmax(squares, 0) * n / (n - 1)) / weight;
    double t = retort_student(n - 1, RISK);
    lead.low = fmax(-1, lead.value - t * error);
    lead.high = fmin(1, lead.value + t * error);
    return lead;
}

struct retort_concord diff_concord(const struct diff_sums *sums)
{
    double weight = sums->only_before.weight + sums->only_after.weight;
    double squares = sums->only_before.squares + sums->only_after.squares;
    double effective = squares > 0 ? weight / squares : 0; /* cases a unit of weight */
    return (struct retort_concord){
        .n = sums->all.n,
        .before_right = sums->before_right.n,
        .after_right = sums->after_right.n,
        .only_before = sums->only_before.n,
        .only_after = sums->only_after.n,
        .before = share_of(&sums->before_right, &sums->all),
        .after = share_of(&sums->after_right, &sums->all),
        .lead = lead_of(sums),
        .n_threads = sums->n_threads,
        .p = retort_share_mcnemar(effective * sums->only_before.weight,
                                  effective * sums->only_after.weight),
    };
}
