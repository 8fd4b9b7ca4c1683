/* The model of parents: for each comment a choice among its candidates, linear in named cues; the
 * conditional log-likelihood of the true parent is climbed by AdaGrad (Duchi et al. 2011) over
 * shuffled threads and the iterates are averaged. A log-linear choice rather than a hinge, because
 * `retort thread` prints the probability. Every source and variant counts the same, else Reddit's
 * habit (the previous comment, nearly always) would be everybody's. While training as while
 * predicting, the comments before the one asked have the parents that the model chose, so that it
 * learns to live with its own mistakes (Ross et al. 2011).
 *
 * It learns from rows that are threads and nothing else; where there are none, from the threads of
 * pages. */
#include "train/split_links.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double RATE = 0.1;

struct climb {
    size_t n_cues;
    double *weights, *mean, *squares;
    double decay, n_steps;
};

struct choice {
    size_t n, n_cues[RETORT_CANDIDATES_MOST];
    ptrdiff_t candidates[RETORT_CANDIDATES_MOST];
    struct retort_cue cues[RETORT_CANDIDATES_MOST][RETORT_LINK_CUES_MOST];
    double scores[RETORT_CANDIDATES_MOST];
};

static size_t score_choice(const double *weights, struct retort_heard *heard, size_t at,
                           struct choice *choice)
{
    size_t best = 0;
    choice->n = retort_thread_candidates(heard, at, choice->candidates);
    for (size_t i = 0; i < choice->n; i++) {
        choice->n_cues[i] =
            retort_thread_link_cues(heard, at, choice->candidates[i], choice->cues[i]);
        choice->scores[i] = 0;
        for (size_t k = 0; k < choice->n_cues[i]; k++)
            choice->scores[i] += weights[choice->cues[i][k].id] * (double)choice->cues[i][k].value;
        best = choice->scores[i] > choice->scores[best] ? i : best;
    }
    return best;
}

/* Scores become probabilities. */
static void soften(struct choice *choice, size_t best)
{
    double top = choice->scores[best], sum = 0;
    for (size_t i = 0; i < choice->n; i++)
        sum += choice->scores[i] = exp(choice->scores[i] - top);
    for (size_t i = 0; i < choice->n; i++)
        choice->scores[i] /= sum;
}

static void climb_choice(struct climb *climb, const struct choice *choice, size_t truth,
                         double importance)
{
    for (size_t i = 0; i < choice->n; i++) {
        double pull = importance * ((i == truth ? 1.0 : 0.0) - choice->scores[i]);
        for (size_t k = 0; k < choice->n_cues[i]; k++) {
            size_t id = choice->cues[i][k].id;
            double slope =
                pull * (double)choice->cues[i][k].value - climb->decay * climb->weights[id];
            climb->squares[id] += slope * slope;
            climb->weights[id] += RATE * slope / sqrt(climb->squares[id] + 1e-8);
        }
    }
}

/* ---- threads ----------------------------------------------------------------------------------
 */

/* A thread with known parents. */
struct lesson {
    const struct split_truth *truth;
    struct retort_heard *heard;
    size_t n;
    const int32_t *parents;
    double importance;
};

static struct retort_heard *hear_page(const struct split_page *page, struct retort_arena *arena,
                                      size_t *n)
{
    struct retort_thread thread;
    struct retort_page labelled = page->page;
    labelled.lines = RETORT_NEW(arena, struct retort_line, labelled.n_lines + 1);
    for (size_t at = 0; at < labelled.n_lines; at++) {
        labelled.lines[at] = page->page.lines[at];
        labelled.lines[at].state = (enum retort_state)page->states[at];
        labelled.lines[at].role = retort_page_role(labelled.lines[at].state);
    }
    retort_thread_cut(&labelled, arena, &thread);
    *n = thread.n_comments;
    return retort_thread_hear(thread.article, thread.comments, thread.n_comments, arena);
}

static size_t take_threads(const struct split_set *set, const bool *use, struct lesson *lessons,
                           struct retort_arena *arena)
{
    size_t n = 0;
    for (size_t i = 0; i < set->n_rows; i++) {
        const struct split_truth *row = &set->rows[i];
        if (!use[i] || row->input.data || !row->list || !row->parents)
            continue;
        struct lesson *lesson = &lessons[n++];
        *lesson = (struct lesson){.truth = row, .n = row->n_comments, .parents = row->parents};
        lesson->heard = retort_thread_hear(row->article, row->list, row->n_comments, arena);
    }
    return n;
}

static size_t take_pages(const struct split_set *set, const bool *use, struct lesson *lessons,
                         struct retort_arena *arena)
{
    size_t n = 0;
    for (size_t i = 0; i < set->n_pages; i++) {
        const struct split_page *page = &set->pages[i];
        if (!use[page->row] || !page->parents)
            continue;
        struct lesson *lesson = &lessons[n++];
        *lesson = (struct lesson){.truth = &set->rows[page->row], .parents = page->parents};
        lesson->heard = hear_page(page, arena, &lesson->n);
        lesson->n = lesson->n < page->n_comments ? lesson->n : page->n_comments;
    }
    return n;
}

static size_t count_links(const struct lesson *lesson)
{
    size_t n = 0;
    for (size_t i = 0; i < lesson->n; i++)
        n += lesson->parents[i] >= -1;
    return n;
}

static bool are_alike(const struct split_truth *a, const struct split_truth *b)
{
    return retort_span_equal(a->source, b->source) && retort_span_equal(a->variant, b->variant);
}

/* 1/links of the lesson's source and variant, scaled so that the smallest of them have 1. */
static void weigh(struct lesson *lessons, size_t n)
{
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        size_t links = 1;
        if (i && are_alike(lessons[i].truth, lessons[i - 1].truth)) {
            lessons[i].importance = lessons[i - 1].importance;
            continue;
        }
        for (size_t k = 0; k < n; k++)
            links += are_alike(lessons[i].truth, lessons[k].truth) ? count_links(&lessons[k]) : 0;
        lessons[i].importance = 1 / (double)links;
        largest = fmax(largest, lessons[i].importance);
    }
    for (size_t i = 0; i < n; i++)
        lessons[i].importance /= largest;
}

/* ---- the climb ----------------------------------------------------------------------------------
 */

static void climb_lesson(struct climb *climb, const struct lesson *lesson, struct choice *choice)
{
    retort_thread_forget(lesson->heard);
    for (size_t at = 0; at < lesson->n; at++) {
        size_t best = score_choice(climb->weights, lesson->heard, at, choice), truth = choice->n;
        ptrdiff_t told = choice->candidates[best];
        for (size_t i = 0; i < choice->n; i++)
            if (choice->candidates[i] == lesson->parents[at])
                truth = i;
        if (truth < choice->n) {
            soften(choice, best);
            climb_choice(climb, choice, truth, lesson->importance);
        }
        retort_thread_tell(lesson->heard, at, told);
    }
    double keep = climb->n_steps / (climb->n_steps + 2);
    for (size_t i = 0; i < climb->n_cues; i++)
        climb->mean[i] = keep * climb->mean[i] + (1 - keep) * climb->weights[i];
    climb->n_steps++;
}

static void shuffle(struct lesson *items, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(retort_random(state) % i);
        struct lesson held = items[i - 1];
        items[i - 1] = items[j];
        items[j] = held;
    }
}

void link_weights_train(struct link_weights *weights, const struct split_set *set, const bool *use,
                        const struct link_training *training)
{
    struct retort_arena arena = {0};
    struct climb climb = {.n_cues = retort_thread_n_cues(), .decay = training->decay};
    climb.weights = RETORT_NEW(&arena, double, climb.n_cues);
    climb.mean = RETORT_NEW(&arena, double, climb.n_cues);
    climb.squares = RETORT_NEW(&arena, double, climb.n_cues);
    struct choice *choice = RETORT_NEW(&arena, struct choice, 1);
    struct lesson *lessons = RETORT_NEW(&arena, struct lesson, set->n_rows + 1);
    size_t n = take_threads(set, use, lessons, &arena);
    n = n ? n : take_pages(set, use, lessons, &arena);
    weigh(lessons, n);
    uint64_t random = training->seed;
    for (size_t pass = 0; pass < training->n_passes; pass++) {
        shuffle(lessons, n, &random);
        for (size_t i = 0; i < n; i++)
            climb_lesson(&climb, &lessons[i], choice);
    }
    weights->n = climb.n_cues;
    weights->values = retort_grow(NULL, climb.n_cues, sizeof *weights->values);
    for (size_t i = 0; i < climb.n_cues; i++)
        weights->values[i] = (float)climb.mean[i];
    retort_arena_release(&arena);
}

void link_weights_release(struct link_weights *weights)
{
    free(weights->values);
    *weights = (struct link_weights){.n = 0};
}

void link_weights_put(const struct link_weights *weights, struct retort_buffer *section)
{
    const uint64_t hash = retort_thread_cues_hash();
    const uint32_t sizes[2] = {(uint32_t)weights->n, 0};
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)&hash, sizeof hash});
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)sizes, sizeof sizes});
    retort_buffer_put(section, (struct retort_span){(const uint8_t *)weights->values,
                                                    weights->n * sizeof *weights->values});
}
