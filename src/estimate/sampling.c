/* Sampling: which units are drawn, with chances that are known exactly.
 *
 * One way draws for all designs: units are put in random order within their strata and marked at
 * equal distances along their chances. A uniform sample has equal chances and one stratum; a
 * stratified one has the chance of its stratum; and where chances differ from unit to unit, each
 * still has its own and the number drawn is fixed, which drawing them one by one does not give. */
#include "estimate/estimate.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

/* ---- sharing out ---- */

static double at_scale(const struct retort_bounds *bounds, size_t i, double scale)
{
    double x = scale * bounds->weights[i];
    double high = bounds->high ? bounds->high[i] : 1;
    x = x < high ? x : high;
    return bounds->low && x < bounds->low[i] ? bounds->low[i] : x;
}

static double sum_at(const struct retort_bounds *bounds, double scale)
{
    double sum = 0;
    for (size_t i = 0; i < bounds->n_units; i++)
        sum += at_scale(bounds, i, scale);
    return sum;
}

/* The sum grows with the scale; a scale that reaches n is doubled up to, then halved down to. */
void retort_share_out(const struct retort_bounds *bounds, double n, double *x)
{
    enum { DOUBLINGS = 1000, HALVINGS = 60 };
    double below = 0, above = 1;
    for (int i = 0; i < DOUBLINGS && sum_at(bounds, above) < n; i++)
        above *= 2;
    for (int i = 0; i < HALVINGS; i++) {
        double middle = (below + above) / 2;
        if (sum_at(bounds, middle) < n)
            below = middle;
        else
            above = middle;
    }
    for (size_t i = 0; i < bounds->n_units; i++)
        x[i] = at_scale(bounds, i, above);
}

/* ---- allocation ---- */

struct rest {
    size_t stratum;
    double rest;
};

static int by_rest(const void *left, const void *right)
{
    const struct rest *a = left, *b = right;
    if (a->rest != b->rest)
        return a->rest > b->rest ? -1 : 1;
    return a->stratum < b->stratum ? -1 : a->stratum > b->stratum;
}

/* To whole numbers with the same sum, by the largest remainders. */
static void make_whole(double *drawn, size_t n_strata, double n)
{
    struct rest *rests = retort_grow(NULL, n_strata, sizeof *rests);
    double sum = 0;
    for (size_t h = 0; h < n_strata; h++) {
        double whole = floor(drawn[h] + 1e-9);
        rests[h] = (struct rest){h, drawn[h] - whole};
        drawn[h] = whole;
        sum += whole;
    }
    qsort(rests, n_strata, sizeof *rests, by_rest);
    for (size_t i = 0; i < n_strata && sum < n; i++, sum++)
        drawn[rests[i].stratum]++;
    free(rests);
}

bool retort_allocate(const double *sizes, size_t n_strata, double n, double power, double *drawn)
{
    double *weights = retort_grow(NULL, 2 * n_strata + 1, sizeof *weights);
    double *least = weights + n_strata, sum = 0;
    for (size_t h = 0; h < n_strata; h++) {
        weights[h] = pow(sizes[h], power);
        least[h] = fmin(sizes[h], 2);
        sum += least[h];
    }
    bool whole = sum <= n;
    const struct retort_bounds bounds = {weights, whole ? least : NULL, sizes, n_strata};
    retort_share_out(&bounds, n, drawn);
    if (whole)
        make_whole(drawn, n_strata, n);
    free(weights);
    return whole;
}

/* ---- drawing ---- */

/* Below n, each with the same chance: what would be left over of the generator's range is drawn
 * anew. */
static size_t below(size_t n, uint64_t *seed)
{
    uint64_t most = UINT64_MAX - UINT64_MAX % n, random;
    do
        random = retort_random(seed);
    while (random >= most);
    return (size_t)(random % n);
}

static void shuffle(uint32_t *order, size_t n, uint64_t *seed)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = below(i, seed);
        uint32_t kept = order[i - 1];
        order[i - 1] = order[j];
        order[j] = kept;
    }
}

/* By stratum, within each in the order they have. */
static void group(const struct retort_frame *frame, const uint32_t *shuffled, uint32_t *order)
{
    size_t *begins = retort_grow(NULL, frame->n_strata + 1, sizeof *begins);
    memset(begins, 0, (frame->n_strata + 1) * sizeof *begins);
    for (size_t i = 0; i < frame->n_units; i++)
        begins[frame->stratum[i] + 1]++;
    for (size_t h = 0; h < frame->n_strata; h++)
        begins[h + 1] += begins[h];
    for (size_t i = 0; i < frame->n_units; i++)
        order[begins[frame->stratum[shuffled[i]]]++] = shuffled[i];
    free(begins);
}

static void mark(const struct retort_frame *frame, const uint32_t *order, size_t n, double start,
                 uint32_t *picks)
{
    size_t n_picks = 0, last = frame->n_units - n; /* so many can be passed over yet */
    double reached = 0;
    for (size_t i = 0; i < frame->n_units && n_picks < n; i++) {
        reached += frame->chances[order[i]];
        bool must = i - n_picks >= last; /* sums are rounded */
        if (must || reached > start + (double)n_picks)
            picks[n_picks++] = order[i];
    }
}

void retort_sample(const struct retort_frame *frame, size_t n, uint64_t seed, uint32_t *picks)
{
    assert(n <= frame->n_units && frame->n_units <= UINT32_MAX);
    uint32_t *order = retort_grow(NULL, 2 * frame->n_units + 1, sizeof *order);
    uint32_t *grouped = order + frame->n_units;
    for (size_t i = 0; i < frame->n_units; i++)
        order[i] = (uint32_t)i;
    shuffle(order, frame->n_units, &seed);
    if (frame->stratum)
        group(frame, order, grouped);
    double start = (double)(retort_random(&seed) >> 11) * 0x1p-53;
    mark(frame, frame->stratum ? grouped : order, n, start, picks);
    shuffle(picks, n, &seed);
    free(order);
}
