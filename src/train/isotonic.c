/* Isotonic calibration: the probabilities that never fall with the margin and fit best, by pooling
 * adjacent violators (Ayer et al. 1955), then drawn as a broken line with one corner a block, at
 * the block's mean margin (centred isotonic regression: Oron and Flournoy 2017): a step would give
 * a whole block one p and lose the order within it.
 *
 * Two made-up cases, a yes below all margins and a no above all, keep every p off 0 and 1; they
 * are Laplace's correction where it is needed, at the ends. The line is bounded in length by
 * joining the neighbours that lose least. */
#include "train/calibrate.h"

#include <math.h>
#include <stdlib.h>

/* A run of cases that share one p; sums are weighted. */
struct block {
    double weight, yes, margin;
};

static double share(const struct block *block)
{
    return block->yes / block->weight;
}

static void join(struct block *into, const struct block *next)
{
    into->weight += next->weight;
    into->yes += next->yes;
    into->margin += next->margin;
}

static void add_case(struct block *block, double margin, double weight, bool yes)
{
    const struct block one = {weight, yes ? weight : 0, weight * margin};
    join(block, &one);
}

/* What a case of that answer weighs on average; 1 when there is none. */
static double mean_weight(const struct retort_case *cases, size_t n, bool yes)
{
    double sum = 0, count = 0;
    for (size_t i = 0; i < n; i++) {
        sum += cases[i].yes == yes ? cases[i].weight : 0;
        count += cases[i].yes == yes;
    }
    return sum > 0 ? sum / count : 1;
}

/* Pools while a block's share is not above that of the block before. Cases of one margin come in
 * one block from the beginning: no line could tell them apart. */
static size_t pool(const struct retort_case *cases, size_t n, struct block *blocks)
{
    size_t n_blocks = 0;
    for (size_t begin = 0, end; begin < n; begin = end) {
        struct block block = {0};
        for (end = begin; end < n && cases[end].margin == cases[begin].margin; end++)
            add_case(&block, cases[end].margin, cases[end].weight, cases[end].yes);
        if (begin == 0)
            add_case(&block, cases[0].margin, mean_weight(cases, n, true), true);
        if (end == n)
            add_case(&block, cases[n - 1].margin, mean_weight(cases, n, false), false);
        blocks[n_blocks++] = block;
        while (n_blocks > 1 && share(&blocks[n_blocks - 1]) <= share(&blocks[n_blocks - 2])) {
            join(&blocks[n_blocks - 2], &blocks[n_blocks - 1]);
            n_blocks--;
        }
    }
    return n_blocks;
}

/* −log likelihood of the block's cases under its own share. */
static double loss_of(const struct block *block)
{
    double no = block->weight - block->yes, p = share(block);
    return -((block->yes > 0 ? block->yes * log(p) : 0) + (no > 0 ? no * log(1 - p) : 0));
}

static double price(const struct block *blocks, size_t i)
{
    struct block both = blocks[i];
    join(&both, &blocks[i + 1]);
    return loss_of(&both) - loss_of(&blocks[i]) - loss_of(&blocks[i + 1]);
}

static size_t shorten(struct block *blocks, size_t n_blocks)
{
    while (n_blocks > RETORT_MOST_KNOTS) {
        size_t cheapest = 0;
        double least = INFINITY;
        for (size_t i = 0; i + 1 < n_blocks; i++) {
            double asked = price(blocks, i);
            cheapest = asked < least ? i : cheapest;
            least = fmin(asked, least);
        }
        join(&blocks[cheapest], &blocks[cheapest + 1]);
        n_blocks--;
        for (size_t i = cheapest + 1; i < n_blocks; i++)
            blocks[i] = blocks[i + 1];
    }
    return n_blocks;
}

/* Margins that round to the corner before and log odds that round below it would be no curve. */
static void add_knot(struct retort_curve *curve, double margin, double log_odds)
{
    uint32_t n = curve->n_knots;
    if (n > 0 && margin <= curve->margins[n - 1])
        return;
    curve->margins[n] = margin;
    curve->log_odds[n] = n > 0 ? fmax(log_odds, curve->log_odds[n - 1]) : log_odds;
    curve->n_knots++;
}

void retort_isotonic_fit(const struct retort_case *cases, size_t n, struct retort_curve *curve)
{
    struct block *blocks = retort_grow(NULL, n, sizeof *blocks);
    size_t n_blocks = shorten(blocks, pool(cases, n, blocks));
    *curve = (struct retort_curve){0};
    for (size_t i = 0; i < n_blocks; i++) {
        double p = share(&blocks[i]);
        add_knot(curve, blocks[i].margin / blocks[i].weight, log(p / (1 - p)));
    }
    curve->n_knots += curve->n_knots == 0; /* of nothing: even odds */
    free(blocks);
}
