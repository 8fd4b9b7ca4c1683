/* The model of lines: a structured SVM (Tsochantaridis et al. 2005) whose paths are those of the
 * page's grammar, trained by block-coordinate Frank-Wolfe (Lacoste-Julien et al. 2013): for one
 * page at a time the path that the current weights and the loss like best, and the step that is
 * exactly optimal toward it; no step size to choose. The result is the weighted average of the
 * iterates. A page counts by the square root of its lines, so that neither the long pages nor the
 * short ones decide alone. The loss of a line: one for a wrong role, one for a comment's beginning
 * that is missed or invented; comments found on a page without any cost more. */
#include "train/split_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const float INVENTED_COMMENTS = 5, MISSED_BEGIN = 1.4F, INVENTED_BEGIN = 0.7F;

static size_t steps_at(void)
{
    return retort_page_n_cues() * RETORT_N_ROWS;
}

static size_t starts_at(void)
{
    return steps_at() + (size_t)RETORT_N_STATES * RETORT_N_STATES;
}

size_t line_weights_n(void)
{
    return starts_at() + 2 * (size_t)RETORT_N_STATES;
}

/* ---- scores ------------------------------------------------------------------------------- */

/* As the splitter does: line cues for the states, entry cues for the last row. */
static void score_line(const float *values, const struct split_page *page, size_t at, float *row)
{
    struct retort_cue cues[RETORT_LINE_CUES_MOST];
    size_t n = retort_page_line_cues(page->observed, at, cues);
    for (size_t i = 0; i < n; i++)
        for (size_t state = 0; state < RETORT_N_STATES; state++)
            row[state] += values[(size_t)cues[i].id * RETORT_N_ROWS + state] * cues[i].value;
    n = retort_page_entry_cues(page->observed, at, cues);
    for (size_t i = 0; i < n; i++)
        row[RETORT_N_STATES] +=
            values[(size_t)cues[i].id * RETORT_N_ROWS + RETORT_N_STATES] * cues[i].value;
}

static void score_page(const float *values, const struct split_page *page,
                       float (*scores)[RETORT_N_ROWS])
{
    for (size_t at = 0; at < page->page.n_lines; at++)
        score_line(values, page, at, scores[at]);
}

static double decode_scores(const float *values, const struct split_page *page,
                            float (*scores)[RETORT_N_ROWS], struct retort_arena *arena,
                            uint8_t *states)
{
    const float *starts = values + starts_at();
    struct retort_lattice lattice = {
        page->page.n_lines, (const float(*)[RETORT_N_ROWS])scores,
        (const float(*)[RETORT_N_STATES])(const void *)(values + steps_at()), starts,
        starts + RETORT_N_STATES};
    return retort_page_decode(&lattice, arena, states);
}

void line_weights_decode(const float *values, const struct split_page *page, uint8_t *states)
{
    struct retort_arena arena = {0};
    float(*scores)[RETORT_N_ROWS] =
        retort_arena_alloc(&arena, page->page.n_lines + 1, sizeof *scores);
    score_page(values, page, scores);
    decode_scores(values, page, scores, &arena, states);
    retort_arena_release(&arena);
}

/* ---- loss --------------------------------------------------------------------------------- */

static int role_group(size_t state)
{
    static const int groups[RETORT_N_STATES] = {0, 1, 0, 2, 3, 3, 2, 0};
    return groups[state];
}

static float line_loss(size_t truth, size_t state)
{
    bool begins = truth == RETORT_STATE_BEGIN, says_begins = state == RETORT_STATE_BEGIN;
    float wrong_begin = begins == says_begins ? 0 : begins ? MISSED_BEGIN : INVENTED_BEGIN;
    return (role_group(truth) != role_group(state) ? 1.0F : 0.0F) + wrong_begin;
}

static float invention_loss(const struct split_page *page)
{
    return page->n_comments ? 0 : INVENTED_COMMENTS;
}

static void add_losses(const struct split_page *page, float (*scores)[RETORT_N_ROWS])
{
    for (size_t at = 0; at < page->page.n_lines; at++) {
        for (size_t state = 0; state < RETORT_N_STATES; state++)
            scores[at][state] += line_loss(page->states[at], state);
        scores[at][RETORT_N_STATES] += invention_loss(page);
    }
}

static bool has_comments(const uint8_t *states, size_t n)
{
    for (size_t at = 0; at < n; at++)
        if (states[at] == RETORT_STATE_HEAD || states[at] == RETORT_STATE_BEGIN)
            return true;
    return false;
}

static double path_loss(const struct split_page *page, const uint8_t *states)
{
    double loss = has_comments(states, page->page.n_lines) ? (double)invention_loss(page) : 0;
    for (size_t at = 0; at < page->page.n_lines; at++)
        loss += (double)line_loss(page->states[at], states[at]);
    return loss;
}

/* ---- features of a path --------------------------------------------------------------------- */

static void add_rows(double *features, const struct retort_cue *cues, size_t n, size_t row,
                     double sign)
{
    for (size_t i = 0; i < n; i++)
        features[(size_t)cues[i].id * RETORT_N_ROWS + row] += sign * (double)cues[i].value;
}

static size_t from_state(const uint8_t *states, size_t at)
{
    return at ? states[at - 1] : RETORT_N_STATES;
}

static void add_steps(double *features, const uint8_t *states, size_t n, double sign)
{
    for (size_t at = 1; at < n; at++)
        features[steps_at() + (size_t)states[at - 1] * RETORT_N_STATES + states[at]] += sign;
    features[starts_at() + states[0]] += sign;
    features[starts_at() + RETORT_N_STATES + states[n - 1]] += sign;
}

/* features += scale · (features of the truth − features of the path) */
static void add_difference(double *features, const struct split_page *page, const uint8_t *states,
                           double scale)
{
    struct retort_cue cues[RETORT_LINE_CUES_MOST];
    size_t lines = page->page.n_lines;
    for (size_t at = 0; at < lines; at++) {
        size_t truth = page->states[at], state = states[at];
        if (truth != state) {
            size_t n = retort_page_line_cues(page->observed, at, cues);
            add_rows(features, cues, n, truth, scale);
            add_rows(features, cues, n, state, -scale);
        }
        bool enters = retort_page_enters(from_state(page->states, at), truth);
        bool says_enters = retort_page_enters(from_state(states, at), state);
        if (enters != says_enters) {
            size_t n = retort_page_entry_cues(page->observed, at, cues);
            add_rows(features, cues, n, RETORT_N_STATES, enters ? scale : -scale);
        }
    }
    add_steps(features, page->states, lines, scale);
    add_steps(features, states, lines, -scale);
}

/* ---- block-coordinate Frank-Wolfe ------------------------------------------------------------ */

struct trainer {
    const struct split_set *set;
    size_t n_weights, n_pages;
    size_t *pages;          /* those used */
    double *weights, *mean; /* the iterate and the average of iterates */
    float *rounded;         /* the iterate as scores need it */
    float *parts;           /* [page][weight]: each page's share of the weights */
    double *part_losses;
    double *toward; /* scratch */
    double lambda, n_steps;
};

static void shuffle(size_t *items, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(retort_random(state) % i), held = items[i - 1];
        items[i - 1] = items[j];
        items[j] = held;
    }
}

/* The path that violates the margin most, its scaled features in `toward`; returns its loss. */
static double find_violation(struct trainer *trainer, const struct split_page *page)
{
    struct retort_arena arena = {0};
    size_t n = page->page.n_lines;
    float(*scores)[RETORT_N_ROWS] = retort_arena_alloc(&arena, n + 1, sizeof *scores);
    uint8_t *states = RETORT_NEW(&arena, uint8_t, n + 1);
    score_page(trainer->rounded, page, scores);
    add_losses(page, scores);
    decode_scores(trainer->rounded, page, scores, &arena, states);
    double weight = 1 / sqrt((double)n);
    memset(trainer->toward, 0, trainer->n_weights * sizeof *trainer->toward);
    double scale = weight / (trainer->lambda * (double)trainer->n_pages);
    add_difference(trainer->toward, page, states, scale);
    double loss = weight * path_loss(page, states) / (double)trainer->n_pages;
    retort_arena_release(&arena);
    return loss;
}

static void step_page(struct trainer *trainer, size_t index)
{
    double loss = find_violation(trainer, &trainer->set->pages[trainer->pages[index]]);
    float *part = trainer->parts + index * trainer->n_weights;
    double gap = 0, length = 0;
    for (size_t i = 0; i < trainer->n_weights; i++) {
        double change = (double)part[i] - trainer->toward[i];
        gap += change * trainer->weights[i];
        length += change * change;
    }
    gap = trainer->lambda * gap - trainer->part_losses[index] + loss;
    double rate = length > 0 ? gap / (trainer->lambda * length) : gap > 0;
    rate = rate < 0 ? 0 : rate > 1 ? 1 : rate;
    for (size_t i = 0; rate > 0 && i < trainer->n_weights; i++) {
        float next = (float)((1 - rate) * (double)part[i] + rate * trainer->toward[i]);
        trainer->weights[i] += (double)next - (double)part[i];
        trainer->rounded[i] = (float)trainer->weights[i];
        part[i] = next;
    }
    trainer->part_losses[index] = (1 - rate) * trainer->part_losses[index] + rate * loss;
}

/* mean ← k/(k+2) mean + 2/(k+2) weights, the average of the paper, once a batch of pages. */
static void average(struct trainer *trainer)
{
    double keep = trainer->n_steps / (trainer->n_steps + 2);
    for (size_t i = 0; i < trainer->n_weights; i++)
        trainer->mean[i] = keep * trainer->mean[i] + (1 - keep) * trainer->weights[i];
    trainer->n_steps++;
}

static void trainer_open(struct trainer *trainer, const struct split_set *set, const bool *use,
                         double cost)
{
    size_t n = line_weights_n();
    *trainer = (struct trainer){.set = set, .n_weights = n};
    trainer->pages = retort_grow(NULL, set->n_pages + 1, sizeof *trainer->pages);
    for (size_t i = 0; i < set->n_pages; i++)
        if (use[i] && set->pages[i].page.n_lines)
            trainer->pages[trainer->n_pages++] = i;
    size_t pages = trainer->n_pages + 1;
    trainer->lambda = 1 / (cost * (double)pages);
    trainer->weights = retort_grow(NULL, n, sizeof *trainer->weights);
    trainer->mean = retort_grow(NULL, n, sizeof *trainer->mean);
    trainer->toward = retort_grow(NULL, n, sizeof *trainer->toward);
    trainer->rounded = retort_grow(NULL, n, sizeof *trainer->rounded);
    trainer->parts = retort_grow(NULL, pages * n, sizeof *trainer->parts);
    trainer->part_losses = retort_grow(NULL, pages, sizeof *trainer->part_losses);
    memset(trainer->weights, 0, n * sizeof *trainer->weights);
    memset(trainer->mean, 0, n * sizeof *trainer->mean);
    memset(trainer->rounded, 0, n * sizeof *trainer->rounded);
    memset(trainer->parts, 0, pages * n * sizeof *trainer->parts);
    memset(trainer->part_losses, 0, pages * sizeof *trainer->part_losses);
}

static void trainer_close(struct trainer *trainer)
{
    free(trainer->pages);
    free(trainer->weights);
    free(trainer->mean);
    free(trainer->toward);
    free(trainer->rounded);
    free(trainer->parts);
    free(trainer->part_losses);
}

enum { AVERAGE_EVERY = 32 };

void line_weights_train(struct line_weights *weights, const struct split_set *set, const bool *use,
                        const struct line_training *training)
{
    struct trainer trainer;
    struct retort_progress progress;
    trainer_open(&trainer, set, use, training->cost);
    size_t *order = retort_grow(NULL, trainer.n_pages + 1, sizeof *order);
    for (size_t i = 0; i < trainer.n_pages; i++)
        order[i] = i;
    uint64_t random = training->seed;
    retort_progress_begin(&progress, "lines", training->n_passes * trainer.n_pages,
                          training->quiet);
    for (size_t pass = 0, done = 0; pass < training->n_passes; pass++) {
        shuffle(order, trainer.n_pages, &random);
        for (size_t i = 0; i < trainer.n_pages; i++) {
            step_page(&trainer, order[i]);
            if (i % AVERAGE_EVERY == 0)
                average(&trainer);
            retort_progress_step(&progress, ++done);
        }
    }
    retort_progress_end(&progress);
    weights->n = trainer.n_weights;
    weights->values = retort_grow(NULL, weights->n, sizeof *weights->values);
    for (size_t i = 0; i < weights->n; i++)
        weights->values[i] = (float)trainer.mean[i];
    free(order);
    trainer_close(&trainer);
}

void line_weights_release(struct line_weights *weights)
{
    free(weights->values);
    *weights = (struct line_weights){.n = 0};
}

bool line_weights_put(const struct line_weights *weights, struct retort_buffer *section)
{
    const uint64_t hash = retort_page_cues_hash();
    const uint32_t sizes[2] = {(uint32_t)retort_page_n_cues(), RETORT_N_ROWS};
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)&hash, sizeof hash});
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)sizes, sizeof sizes});
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)weights->values,
                                                    weights->n * sizeof *weights->values});
    return true;
}
