/* The model of lines: a recurrent network whose scores a grammar decodes (page/network.c), trained
 * by Adam (Kingma and Ba 2015) with decoupled decay (Loshchilov and Hutter 2019) on small batches
 * of pages; the rate falls to nothing in a straight line, and the result is the running mean of the
 * iterates. A batch's pages go to a fixed number of lanes, each with a gradient of its own, and the
 * lanes are added up in their order: the sum, and so every weight, is the same for any number of
 * threads. */
#include "train/split_lines.h"

#include "train/split_gradient.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { BATCH = 16, LANES = 4 };
static const double RATE = 4e-3, DECAY = 3e-3, FIRST_MOMENT = 0.9, SECOND_MOMENT = 0.99;
static const double KEPT_MEAN = 0.995;

/* What the entry into comments must be worth before it is taken, in units of the loss: a comment
 * invented on a page without any is worse than one of a page's few that is missed. */
static const float CAUTION = 1;

struct trainer {
    struct retort_arena arena;
    const struct line_training *training;
    size_t n_cues, n_weights, n_examples;
    struct line_example *examples;
    size_t *order;
    struct retort_network *network, *mean, *first, *second, *lanes[LANES];
    uint64_t n_steps;
};

/* ---- examples -------------------------------------------------------------------------------- */

static void take_page(struct trainer *trainer, const struct split_page *page)
{
    size_t n = page->page.n_lines, n_cues = 0;
    struct retort_cue line[RETORT_LINE_CUES_MOST];
    uint32_t *first = RETORT_NEW(&trainer->arena, uint32_t, n + 1);
    for (size_t at = 0; at < n; at++) {
        first[at] = (uint32_t)n_cues;
        n_cues += retort_page_line_cues(page->observed, at, line);
    }
    first[n] = (uint32_t)n_cues;
    struct retort_cue *cues = RETORT_NEW(&trainer->arena, struct retort_cue, n_cues);
    for (size_t at = 0; at < n; at++) {
        size_t n_here = retort_page_line_cues(page->observed, at, line);
        memcpy(cues + first[at], line, n_here * sizeof *line);
    }
    trainer->examples[trainer->n_examples++] =
        (struct line_example){n, page->states, cues, first, page->n_comments > 0};
}

/* ---- the network and its like ------------------------------------------------------------------
 */

static struct retort_network *network_new(struct trainer *trainer)
{
    return retort_arena_alloc(&trainer->arena, trainer->n_weights, sizeof(float));
}

/* About normal, of variance 1/inputs: the sum of four uniform numbers. */
static float draw(uint64_t *random, size_t n_inputs)
{
    double sum = -2;
    for (size_t i = 0; i < 4; i++)
        sum += (double)(retort_random(random) >> 11) * 0x1p-53;
    return (float)(sum * sqrt(3.0 / (double)n_inputs));
}

static void draw_network(struct trainer *trainer, uint64_t *random)
{
    struct retort_network *network = trainer->network;
    for (size_t walk = 0; walk < 2; walk++) {
        struct retort_walk *at = &network->walks[walk];
        for (size_t gate = 0; gate < RETORT_N_GATES; gate++)
            for (size_t i = 0; i < RETORT_N_HIDDEN; i++)
                for (size_t j = 0; j < RETORT_N_HIDDEN; j++) {
                    at->in[gate][i][j] = draw(random, RETORT_N_HIDDEN);
                    at->back[gate][i][j] = draw(random, RETORT_N_HIDDEN);
                }
        for (size_t i = 0; i < RETORT_N_HIDDEN; i++)
            for (size_t row = 0; row < RETORT_N_ROWS; row++)
                at->out[i][row] = 0.1F * draw(random, 2 * (size_t)RETORT_N_HIDDEN);
    }
    for (size_t cue = 0; cue < trainer->n_cues; cue++)
        for (size_t i = 0; i < RETORT_N_HIDDEN; i++)
            network->cues[cue].hidden[i] = draw(random, trainer->n_cues);
}

static void trainer_open(struct trainer *trainer, const struct split_set *set, const bool *use,
                         const struct line_training *training)
{
    *trainer = (struct trainer){.training = training};
    trainer->n_cues = training->html ? retort_page_n_html_cues() : retort_page_n_cues();
    trainer->n_weights = retort_network_n_weights(trainer->n_cues);
    trainer->examples = RETORT_NEW(&trainer->arena, struct line_example, set->n_pages + 1);
    for (size_t i = 0; i < set->n_pages; i++)
        if (use[set->pages[i].row] && set->pages[i].html == training->html &&
            set->pages[i].page.n_lines)
            take_page(trainer, &set->pages[i]);
    trainer->order = RETORT_NEW(&trainer->arena, size_t, trainer->n_examples + 1);
    for (size_t i = 0; i < trainer->n_examples; i++)
        trainer->order[i] = i;
    trainer->network = network_new(trainer);
    trainer->mean = network_new(trainer);
    trainer->first = network_new(trainer);
    trainer->second = network_new(trainer);
    for (size_t lane = 0; lane < LANES; lane++)
        trainer->lanes[lane] = network_new(trainer);
}

/* ---- one batch ------------------------------------------------------------------------------- */

struct batch {
    struct trainer *trainer;
    size_t begin, end; /* in the order */
    size_t thread, n_threads;
};

static void fill_lane(const struct batch *batch, size_t lane)
{
    struct trainer *trainer = batch->trainer;
    struct retort_network *gradient = trainer->lanes[lane];
    memset(gradient, 0, trainer->n_weights * sizeof(float));
    for (size_t at = batch->begin + lane; at < batch->end; at += LANES) {
        uint64_t seed = trainer->training->seed + (trainer->n_steps << 8) + (at - batch->begin);
        line_example_gradient(&trainer->examples[trainer->order[at]], trainer->network, seed,
                              gradient);
    }
}

static void *fill_lanes(void *context)
{
    const struct batch *batch = context;
    for (size_t lane = batch->thread; lane < LANES; lane += batch->n_threads)
        fill_lane(batch, lane);
    return NULL;
}

static void fill_all_lanes(struct trainer *trainer, size_t begin, size_t end)
{
    pthread_t threads[LANES];
    struct batch parts[LANES] = {{.trainer = trainer}};
    size_t wanted = trainer->training->n_threads, n = wanted < LANES ? wanted : LANES;
    bool started[LANES] = {false};
    for (size_t i = 0; i < n; i++)
        parts[i] = (struct batch){trainer, begin, end, i, n};
    for (size_t i = 1; i < n; i++)
        started[i] = pthread_create(&threads[i], NULL, fill_lanes, &parts[i]) == 0;
    fill_lanes(&parts[0]);
    for (size_t i = 1; i < n; i++) {
        if (started[i])
            pthread_join(threads[i], NULL);
        else
            fill_lanes(&parts[i]);
    }
}

static void descend(struct trainer *trainer, double rate, size_t n_pages)
{
    float *weights = (float *)(void *)trainer->network, *mean = (float *)(void *)trainer->mean;
    float *first = (float *)(void *)trainer->first, *second = (float *)(void *)trainer->second;
    double steps = (double)++trainer->n_steps;
    double first_scale = 1 / (1 - pow(FIRST_MOMENT, steps));
    double second_scale = 1 / (1 - pow(SECOND_MOMENT, steps));
    for (size_t i = 0; i < trainer->n_weights; i++) {
        double slope = 0;
        for (size_t lane = 0; lane < LANES; lane++)
            slope += (double)((const float *)(void *)trainer->lanes[lane])[i];
        slope /= (double)n_pages;
        first[i] = (float)(FIRST_MOMENT * (double)first[i] + (1 - FIRST_MOMENT) * slope);
        second[i] =
            (float)(SECOND_MOMENT * (double)second[i] + (1 - SECOND_MOMENT) * slope * slope);
        double step =
            (double)first[i] * first_scale / (sqrt((double)second[i] * second_scale) + 1e-8);
        weights[i] -= (float)(rate * (step + DECAY * (double)weights[i]));
        mean[i] = (float)(KEPT_MEAN * (double)mean[i] + (1 - KEPT_MEAN) * (double)weights[i]);
    }
}

/* ---- all ------------------------------------------------------------------------------------- */

static void shuffle(size_t *items, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(retort_random(state) % i), held = items[i - 1];
        items[i - 1] = items[j];
        items[j] = held;
    }
}

static void train(struct trainer *trainer, uint64_t *random)
{
    struct retort_progress progress;
    size_t n = trainer->n_examples, total = trainer->training->n_passes * n, done = 0;
    retort_progress_begin(&progress, "lines", total, trainer->training->quiet);
    for (size_t pass = 0; pass < trainer->training->n_passes; pass++) {
        shuffle(trainer->order, n, random);
        for (size_t begin = 0; begin < n; begin += BATCH) {
            size_t end = begin + BATCH < n ? begin + BATCH : n;
            fill_all_lanes(trainer, begin, end);
            descend(trainer, RATE * (1 - (double)done / (double)total), end - begin);
            done += end - begin;
            retort_progress_step(&progress, done);
        }
    }
    retort_progress_end(&progress);
}

void line_weights_train(struct line_weights *weights, const struct split_set *set, const bool *use,
                        const struct line_training *training)
{
    struct trainer trainer;
    uint64_t random = training->seed;
    trainer_open(&trainer, set, use, training);
    draw_network(&trainer, &random);
    memcpy(trainer.mean, trainer.network, trainer.n_weights * sizeof(float));
    train(&trainer, &random);
    weights->n = trainer.n_weights;
    weights->html = training->html;
    weights->network = retort_grow(NULL, weights->n, sizeof(float));
    memcpy(weights->network, trainer.mean, weights->n * sizeof(float));
    weights->network->cues[0].scores[RETORT_N_STATES] -= CAUTION;
    retort_arena_release(&trainer.arena);
}

void line_weights_release(struct line_weights *weights)
{
    free(weights->network);
    *weights = (struct line_weights){.n = 0};
}

void line_weights_put(const struct line_weights *weights, struct retort_buffer *section)
{
    const uint64_t hash = weights->html ? retort_page_html_cues_hash() : retort_page_cues_hash();
    const size_t n_cues = weights->html ? retort_page_n_html_cues() : retort_page_n_cues();
    const uint32_t sizes[2] = {(uint32_t)n_cues, (uint32_t)weights->n};
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)&hash, sizeof hash});
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)sizes, sizeof sizes});
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)weights->network,
                                                    weights->n * sizeof(float)});
}
