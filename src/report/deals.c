/* Deals: rows → what two sides have in each thread → a permutation test.
 *
 * A test looks at every thread ten thousand times, so of many threads some are put together, as
 * many in a block on either side, that blocks may change sides as threads may. Where one side has
 * few and the other very many, some of the many are looked at and no others. */
#include "report/deals.h"

#include <assert.h>
#include <math.h>

enum { MOST_BLOCKS = 256, MOST_OF_OTHERS = 16384, NO_BLOCK = -1 };

struct blocks {
    const struct report_deal *deal;
    const struct report_data *data;
    uint32_t group;
    uint8_t *kinds;         /* [n_threads] bit 0: has comments of the group, 1: of the others */
    size_t n_threads[4];    /* of each kind */
    size_t size[4], n[4];   /* threads a block, blocks */
    size_t step[4];         /* every which block is kept */
    size_t first[4], n_all; /* where the blocks of a kind begin */
    int32_t *block;         /* [n_threads] */
};

/* The side of a row: 0 the group, 1 the others; 2: on none, or not labelled. */
static size_t side_of(const struct blocks *blocks, size_t row)
{
    const struct report_task *task = blocks->deal->task;
    uint32_t group = blocks->deal->sides->group[row];
    if (group == REPORT_LEFT_OUT || isnan(task->p[row * task->n_labels]))
        return 2;
    return group == blocks->group ? 0 : 1;
}

static void find_kinds(struct blocks *blocks)
{
    const struct report_data *data = blocks->data;
    for (size_t i = 0; i < data->n; i++) {
        size_t side = side_of(blocks, i);
        if (side < 2)
            blocks->kinds[data->thread[i]] |= (uint8_t)(1 << side);
    }
    for (size_t t = 0; t < data->n_threads; t++)
        blocks->n_threads[blocks->kinds[t]]++;
}

static size_t parts(size_t n, size_t size)
{
    return (n + size - 1) / size;
}

/* Blocks of threads that are whole have one size on both sides. */
static void lay_out(struct blocks *blocks)
{
    size_t one = blocks->n_threads[1], other = blocks->n_threads[2];
    size_t fewer = one < other ? one : other, most = one < other ? other : one;
    size_t whole = parts(fewer > 0 ? fewer : most, MOST_BLOCKS);
    blocks->size[1] = blocks->size[2] = whole > 0 ? whole : 1;
    blocks->size[3] = parts(blocks->n_threads[3] + 1, MOST_BLOCKS);
    for (size_t kind = 1; kind < 4; kind++) {
        size_t n = parts(blocks->n_threads[kind], blocks->size[kind]);
        blocks->step[kind] = n > MOST_OF_OTHERS ? parts(n, MOST_OF_OTHERS) : 1;
        blocks->n[kind] = n;
        blocks->first[kind] = blocks->n_all;
        blocks->n_all += parts(n, blocks->step[kind]);
    }
}

/* Threads go to blocks in turn, so that those of a block are not neighbours in time. */
static void assign(struct blocks *blocks)
{
    size_t seen[4] = {0, 0, 0, 0};
    for (size_t t = 0; t < blocks->data->n_threads; t++) {
        size_t kind = blocks->kinds[t];
        blocks->block[t] = NO_BLOCK;
        if (kind == 0)
            continue;
        size_t block = seen[kind]++ % blocks->n[kind];
        if (block % blocks->step[kind] == 0)
            blocks->block[t] = (int32_t)(blocks->first[kind] + block / blocks->step[kind]);
    }
}

/* ---- scores ---- */

/* What a said label counts for each label: itself, or what the errors make of it. [n][n] */
static const double *weights_of(const struct report_deal *deal, struct retort_arena *arena)
{
    size_t n = deal->task->n_labels;
    double *weights = RETORT_NEW(arena, double, n *n);
    if (deal->task->one_of && deal->shares->rates &&
        retort_rates_invert(deal->shares->rates, n, weights))
        return weights;
    memset(weights, 0, n * n * sizeof *weights);
    for (size_t l = 0; l < n; l++)
        weights[l * n + l] = 1;
    return weights;
}

static void add_up(const struct blocks *blocks, const double *weights, double *size, double *score)
{
    const struct report_task *task = blocks->deal->task;
    size_t n_labels = task->n_labels;
    for (size_t i = 0; i < blocks->data->n; i++) {
        size_t side = side_of(blocks, i);
        int32_t block = side < 2 ? blocks->block[blocks->data->thread[i]] : NO_BLOCK;
        if (block == NO_BLOCK)
            continue;
        size_t at = 2 * (size_t)block + side;
        size[at] += 1;
        for (size_t said = 0; said < n_labels; said++)
            if (task->said[i] >> said & 1)
                for (size_t l = 0; l < n_labels; l++)
                    score[at * n_labels + l] += weights[said * n_labels + l];
    }
}

struct retort_permuted report_deal_test(struct report_work *work, const struct report_deal *deal,
                                        uint32_t group, double *p)
{
    struct retort_arena arena = {0};
    size_t n_labels = deal->task->n_labels;
    struct retort_permuted permuted = {true, 0};
    struct blocks blocks = {.deal = deal, .data = work->data, .group = group};
    blocks.kinds = RETORT_NEW(&arena, uint8_t, work->data->n_threads + 1);
    blocks.block = RETORT_NEW(&arena, int32_t, work->data->n_threads + 1);
    find_kinds(&blocks);
    size_t mixed = blocks.n_threads[3];
    for (size_t l = 0; l < n_labels; l++)
        p[l] = (double)NAN;
    if (blocks.n_threads[1] + mixed > 1 && blocks.n_threads[2] + mixed > 1) {
        lay_out(&blocks);
        assign(&blocks);
        double *size = RETORT_NEW(&arena, double, blocks.n_all * 2);
        double *score = RETORT_NEW(&arena, double, blocks.n_all * 2 * n_labels);
        add_up(&blocks, weights_of(deal, &arena), size, score);
        struct retort_contrast contrast = {blocks.n_all, n_labels, size, score};
        permuted = retort_permutation_test(&contrast, deal->most,
                                           work->report->seed + 0x9E3779B97F4A7C15 * (group + 1),
                                           &arena, p);
    }
    retort_arena_release(&arena);
    return permuted;
}
