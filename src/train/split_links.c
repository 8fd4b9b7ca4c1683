/* The model of parents: for each comment a choice among its candidates, linear in named cues; the
 * conditional log-likelihood of the true parent is climbed by AdaGrad (Duchi et al. 2011) over
 * shuffled threads and the iterates are averaged. A log-linear choice rather than a hinge, because
 * `retort thread` prints the probability. Each source counts by the square root of its links, else
 * Reddit's habit (the previous comment, nearly always) would be everybody's. While training, the
 * comments before the one asked have their true parents (where unknown: those chosen). */
#include "train/split_links.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double RATE = 0.1;

struct climb {
    const struct split_set *set;
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

static void climb_page(struct climb *climb, const struct split_page *page, double importance,
                       struct choice *choice)
{
    struct retort_arena arena = {0};
    size_t n;
    struct retort_heard *heard = hear_page(page, &arena, &n);
    for (size_t at = 0; at < n && at < page->n_comments; at++) {
        size_t best = score_choice(climb->weights, heard, at, choice), truth = choice->n;
        for (size_t i = 0; i < choice->n; i++)
            if (choice->candidates[i] == page->parents[at])
                truth = i;
        ptrdiff_t told = choice->candidates[best];
        if (truth < choice->n) {
            told = choice->candidates[truth];
            soften(choice, best);
            climb_choice(climb, choice, truth, importance);
        } else if (page->parents[at] >= -1) {
            told = page->parents[at];
        }
        retort_thread_tell(heard, at, told);
    }
    retort_arena_release(&arena);
    double keep = climb->n_steps / (climb->n_steps + 2);
    for (size_t i = 0; i < climb->n_cues; i++)
        climb->mean[i] = keep * climb->mean[i] + (1 - keep) * climb->weights[i];
    climb->n_steps++;
}

static size_t count_links(const struct split_page *page)
{
    size_t n = 0;
    for (size_t i = 0; page->parents && i < page->n_comments; i++)
        n += page->parents[i] >= -1;
    return n;
}

/* 1/√(links of the page's source), scaled so that the smallest source has 1. */
static double importance_of(const struct split_set *set, const bool *use,
                            const struct split_page *page, double *smallest)
{
    size_t n = 0;
    for (size_t i = 0; i < set->n_pages; i++)
        if (use[i] && retort_span_equal(set->pages[i].source, page->source))
            n += count_links(&set->pages[i]);
    double importance = 1 / sqrt((double)n + 1);
    *smallest = importance > *smallest ? importance : *smallest;
    return importance;
}

struct course {
    size_t page;
    double importance;
};

static size_t plan(const struct split_set *set, const bool *use, struct course *courses)
{
    double largest = 0;
    size_t n = 0;
    struct retort_span source = {NULL, 0};
    double importance = 0;
    for (size_t i = 0; i < set->n_pages; i++) {
        const struct split_page *page = &set->pages[i];
        if (!use[i] || !count_links(page))
            continue;
        if (!n || !retort_span_equal(source, page->source))
            importance = importance_of(set, use, page, &largest);
        source = page->source;
        courses[n++] = (struct course){i, importance};
    }
    for (size_t i = 0; i < n; i++)
        courses[i].importance /= largest;
    return n;
}

static void shuffle(struct course *items, size_t n, uint64_t *state)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)(retort_random(state) % i);
        struct course held = items[i - 1];
        items[i - 1] = items[j];
        items[j] = held;
    }
}

void link_weights_train(struct link_weights *weights, const struct split_set *set, const bool *use,
                        const struct link_training *training)
{
    struct retort_arena arena = {0};
    struct climb climb = {.set = set, .n_cues = retort_thread_n_cues(), .decay = training->decay};
    climb.weights = RETORT_NEW(&arena, double, climb.n_cues);
    climb.mean = RETORT_NEW(&arena, double, climb.n_cues);
    climb.squares = RETORT_NEW(&arena, double, climb.n_cues);
    struct choice *choice = RETORT_NEW(&arena, struct choice, 1);
    struct course *courses = RETORT_NEW(&arena, struct course, set->n_pages + 1);
    size_t n = plan(set, use, courses);
    uint64_t random = training->seed;
    for (size_t pass = 0; pass < training->n_passes; pass++) {
        shuffle(courses, n, &random);
        for (size_t i = 0; i < n; i++)
            climb_page(&climb, &set->pages[courses[i].page], courses[i].importance, choice);
    }
    weights->n = climb.n_cues;
    weights->values = retort_grow(NULL, climb.n_cues, sizeof *weights->values);
    for (size_t i = 0; i < climb.n_cues; i++)
        weights->values[i] = (float)climb.mean[i];
    retort_arena_release(&arena);
}

void link_weights_parents(const struct link_weights *weights, const struct split_page *page,
                          int32_t *parents)
{
    struct retort_arena arena = {0};
    double *values = RETORT_NEW(&arena, double, weights->n);
    struct choice *choice = RETORT_NEW(&arena, struct choice, 1);
    for (size_t i = 0; i < weights->n; i++)
        values[i] = (double)weights->values[i];
    size_t n;
    struct retort_heard *heard = hear_page(page, &arena, &n);
    for (size_t at = 0; at < n && at < page->n_comments; at++) {
        size_t best = score_choice(values, heard, at, choice);
        parents[at] = (int32_t)choice->candidates[best];
        retort_thread_tell(heard, at, choice->candidates[best]);
    }
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
