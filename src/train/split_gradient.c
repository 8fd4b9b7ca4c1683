/* Softmax-margin (Gimpel and Smith 2010): the log-likelihood of the true path among all paths of
 * the grammar, each of the others made likelier by what it would cost. It is the structured SVM's
 * objective with a soft maximum in place of the hard one, which a network can descend. The loss of
 * a line: one for a wrong role, more for a comment's beginning that is missed than for one that is
 * invented; comments found on a page without any cost more. A page counts by the square root of
 * its lines.
 *
 * Sums over paths by forward and backward passes (Rabiner 1989), scaled a line at a time. A state
 * that all lines above speak against weighs less than a double can hold, hence long double. Then
 * backpropagation through the two walks, written out by hand. */
#include "train/split_gradient.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#define HIDDEN RETORT_N_HIDDEN
#define GATES RETORT_N_GATES
#define STATES RETORT_N_STATES

enum gate { RESET, UPDATE, CANDIDATE };
static const double INVENTED_COMMENTS = 5, MISSED_BEGIN = 1.4, INVENTED_BEGIN = 0.7;
static const uint64_t DROPPED = 64, DROPPED_CUES = 51; /* of 256 */

/* ---- what a line costs ---------------------------------------------------------------------- */

static double line_cost(size_t truth, size_t state)
{
    static const int groups[STATES] = {0, 1, 0, 2, 3, 3, 2, 0};
    bool begins = truth == RETORT_STATE_BEGIN, says_begins = state == RETORT_STATE_BEGIN;
    double wrong_begin = begins == says_begins ? 0 : begins ? MISSED_BEGIN : INVENTED_BEGIN;
    return (groups[truth] != groups[state] ? 1 : 0) + wrong_begin;
}

/* ---- sums over paths ------------------------------------------------------------------------ */

/* Per line: likelihoods of the states (scores and costs, scaled) and of the entry, sums over the
 * paths before and after. */
struct lattice {
    size_t n;
    double (*likes)[STATES];
    long double (*before)[STATES], (*after)[STATES];
    double *enters;
    double steps[STATES + 1][STATES]; /* the last row from the page's start */
    double stops[STATES];
    bool entry[STATES + 1][STATES];
    double log_sum; /* of all paths */
};

static void fill_steps(struct lattice *lattice, const struct retort_network *network)
{
    for (size_t from = 0; from <= STATES; from++)
        for (size_t to = 0; to < STATES; to++) {
            float score = from < STATES ? network->steps[from][to] : network->starts[to];
            bool allowed = retort_page_may_follow(from, to);
            lattice->steps[from][to] = allowed ? exp((double)score) : 0;
            lattice->entry[from][to] = retort_page_enters(from, to);
        }
    for (size_t state = 0; state < STATES; state++)
        lattice->stops[state] =
            retort_page_may_stop(state) ? exp((double)network->stops[state]) : 0;
}

/* Far below what a page's other paths weigh; further down a product would vanish. */
static const double LEAST = -100;

/* Returns the logarithm that the line's likelihoods were divided by. */
static double fill_line(struct lattice *lattice, const struct line_example *example, size_t at,
                        const float scores[RETORT_N_SCORES])
{
    double costly[STATES], most = -INFINITY;
    for (size_t state = 0; state < STATES; state++) {
        costly[state] = (double)scores[state] + line_cost(example->states[at], state);
        most = costly[state] > most ? costly[state] : most;
    }
    for (size_t state = 0; state < STATES; state++)
        lattice->likes[at][state] = exp(fmax(costly[state] - most, LEAST));
    double entry = (double)scores[STATES] + (example->has_comments ? 0 : INVENTED_COMMENTS);
    lattice->enters[at] = exp(fmin(fmax(entry, LEAST), -LEAST));
    return most;
}

static double arrive(const struct lattice *lattice, size_t at, size_t from, size_t to)
{
    return lattice->steps[from][to] * (lattice->entry[from][to] ? lattice->enters[at] : 1);
}

static double scale(long double values[STATES])
{
    long double sum = 0;
    for (size_t i = 0; i < STATES; i++)
        sum += values[i];
    for (size_t i = 0; i < STATES; i++)
        values[i] /= sum;
    return (double)logl(sum);
}

static void pass_forward(struct lattice *lattice)
{
    for (size_t to = 0; to < STATES; to++)
        lattice->before[0][to] = arrive(lattice, 0, STATES, to) * lattice->likes[0][to];
    lattice->log_sum += scale(lattice->before[0]);
    for (size_t at = 1; at < lattice->n; at++) {
        for (size_t to = 0; to < STATES; to++) {
            long double sum = 0;
            for (size_t from = 0; from < STATES; from++)
                sum += lattice->before[at - 1][from] * arrive(lattice, at, from, to);
            lattice->before[at][to] = sum * lattice->likes[at][to];
        }
        lattice->log_sum += scale(lattice->before[at]);
    }
    long double sum = 0;
    for (size_t state = 0; state < STATES; state++)
        sum += lattice->before[lattice->n - 1][state] * lattice->stops[state];
    lattice->log_sum += (double)logl(sum);
}

static void pass_backward(struct lattice *lattice)
{
    for (size_t state = 0; state < STATES; state++)
        lattice->after[lattice->n - 1][state] = lattice->stops[state];
    scale(lattice->after[lattice->n - 1]);
    for (size_t at = lattice->n - 1; at > 0; at--) {
        for (size_t from = 0; from < STATES; from++) {
            long double sum = 0;
            for (size_t to = 0; to < STATES; to++)
                sum +=
                    arrive(lattice, at, from, to) * lattice->likes[at][to] * lattice->after[at][to];
            lattice->after[at - 1][from] = sum;
        }
        scale(lattice->after[at - 1]);
    }
}

/* ---- the slopes of scores, steps, starts and stops ------------------------------------------- */

struct slopes {
    float (*scores)[RETORT_N_SCORES]; /* [n_lines], zeroed */
    struct retort_network *gradient;
    double weight;
};

static void add_truth(const struct slopes *slopes, const struct line_example *example)
{
    float weight = (float)slopes->weight;
    size_t from = STATES;
    for (size_t at = 0; at < example->n_lines; at++) {
        size_t to = example->states[at];
        slopes->scores[at][to] -= weight;
        slopes->scores[at][STATES] -= retort_page_enters(from, to) ? weight : 0;
        if (from < STATES)
            slopes->gradient->steps[from][to] -= weight;
        else
            slopes->gradient->starts[to] -= weight;
        from = to;
    }
    slopes->gradient->stops[example->states[example->n_lines - 1]] -= weight;
}

static void add_expected_line(const struct slopes *slopes, const struct lattice *lattice, size_t at)
{
    long double pairs[STATES + 1][STATES], sum = 0;
    size_t first = at ? 0 : STATES, last = at ? STATES : STATES + 1;
    for (size_t from = first; from < last; from++)
        for (size_t to = 0; to < STATES; to++) {
            long double before = at ? lattice->before[at - 1][from] : 1;
            pairs[from][to] = before * arrive(lattice, at, from, to) * lattice->likes[at][to] *
                              lattice->after[at][to];
            sum += pairs[from][to];
        }
    for (size_t from = first; from < last; from++)
        for (size_t to = 0; to < STATES; to++) {
            float share = (float)(slopes->weight * (double)(pairs[from][to] / sum));
            slopes->scores[at][to] += share;
            slopes->scores[at][STATES] += lattice->entry[from][to] ? share : 0;
            if (from < STATES)
                slopes->gradient->steps[from][to] += share;
            else
                slopes->gradient->starts[to] += share;
        }
}

static void add_expected(const struct slopes *slopes, const struct lattice *lattice)
{
    long double sum = 0;
    const long double *last = lattice->before[lattice->n - 1];
    for (size_t at = 0; at < lattice->n; at++)
        add_expected_line(slopes, lattice, at);
    for (size_t state = 0; state < STATES; state++)
        sum += last[state] * lattice->stops[state];
    for (size_t state = 0; state < STATES; state++)
        slopes->gradient->stops[state] +=
            (float)(slopes->weight * (double)(last[state] * lattice->stops[state] / sum));
}

static double true_score(const struct line_example *example, const struct retort_network *network,
                         const float (*scores)[RETORT_N_SCORES])
{
    double sum = 0;
    size_t from = STATES;
    for (size_t at = 0; at < example->n_lines; at++) {
        size_t to = example->states[at];
        sum += (double)scores[at][to];
        sum += retort_page_enters(from, to) ? (double)scores[at][STATES] : 0;
        sum += (double)(from < STATES ? network->steps[from][to] : network->starts[to]);
        from = to;
    }
    return sum + (double)network->stops[example->states[example->n_lines - 1]];
}

static double slope_scores(const struct line_example *example, const struct retort_network *network,
                           const float (*scores)[RETORT_N_SCORES], const struct slopes *slopes,
                           struct retort_arena *arena)
{
    size_t n = example->n_lines;
    struct lattice lattice = {.n = n};
    lattice.likes = retort_arena_alloc(arena, n, sizeof *lattice.likes);
    lattice.before = retort_arena_alloc(arena, n, sizeof *lattice.before);
    lattice.after = retort_arena_alloc(arena, n, sizeof *lattice.after);
    lattice.enters = RETORT_NEW(arena, double, n);
    fill_steps(&lattice, network);
    for (size_t at = 0; at < n; at++)
        lattice.log_sum += fill_line(&lattice, example, at, scores[at]);
    pass_forward(&lattice);
    pass_backward(&lattice);
    add_truth(slopes, example);
    add_expected(slopes, &lattice);
    return slopes->weight * (lattice.log_sum - true_score(example, network, scores));
}

/* ---- back through the network -----------------------------------------------------------------
 */

struct passes {
    const struct line_example *example;
    const struct retort_network *network;
    struct retort_network *gradient;
    float (*hidden)[HIDDEN]; /* [n_lines] as the walks had it */
    float (*slopes)[HIDDEN]; /* of `hidden`, zeroed */
    float (*scores)[RETORT_N_SCORES];
    const struct retort_trace *trace;
};

static void add_outer(float (*restrict gradient)[HIDDEN], const float *restrict from,
                      const float *restrict to)
{
    for (size_t i = 0; i < HIDDEN; i++) {
        if (from[i] == 0)
            continue;
        for (size_t j = 0; j < HIDDEN; j++)
            gradient[i][j] += from[i] * to[j];
    }
}

/* sums[i] += weights[i] · slopes; eight sums side by side, so that registers can be used. */
static void add_inner(const float (*restrict weights)[HIDDEN], const float *restrict slopes,
                      float *restrict sums)
{
    for (size_t i = 0; i < HIDDEN; i++) {
        float parts[8] = {0};
        for (size_t j = 0; j < HIDDEN; j += 8)
            for (size_t k = 0; k < 8; k++)
                parts[k] += weights[i][j + k] * slopes[j + k];
        sums[i] += ((parts[0] + parts[4]) + (parts[1] + parts[5])) +
                   ((parts[2] + parts[6]) + (parts[3] + parts[7]));
    }
}

/* What the line's scores ask of what is remembered there. */
static void unspeak(const struct passes *passes, size_t walk, size_t line, float slopes[HIDDEN])
{
    const float(*out)[RETORT_N_SCORES] = passes->network->walks[walk].out;
    float(*gradient)[RETORT_N_SCORES] = passes->gradient->walks[walk].out;
    const float *state = passes->trace->states[walk][line];
    const float *keep = passes->trace->keep_states[walk][line];
    for (size_t i = 0; i < HIDDEN; i++) {
        float sum = 0;
        for (size_t row = 0; row < RETORT_N_ROWS; row++) {
            sum += out[i][row] * passes->scores[line][row];
            gradient[i][row] += state[i] * keep[i] * passes->scores[line][row];
        }
        slopes[i] += sum * keep[i];
    }
}

/* `slopes` of the memory after the line become those of the memory before it. */
static void unstep(const struct passes *passes, size_t walk, size_t line, const float *before,
                   float slopes[HIDDEN])
{
    float(*gates)[HIDDEN] = passes->trace->gates[walk][line];
    float(*bends)[HIDDEN] = passes->trace->slopes[walk][line];
    const float *carry = passes->trace->carries[walk][line];
    float sums[GATES][HIDDEN], carried[HIDDEN];
    for (size_t i = 0; i < HIDDEN; i++) {
        float candidate = slopes[i] * (1 - gates[UPDATE][i]) * bends[CANDIDATE][i];
        sums[CANDIDATE][i] = candidate;
        sums[UPDATE][i] = slopes[i] * (before[i] - gates[CANDIDATE][i]) * bends[UPDATE][i];
        sums[RESET][i] = candidate * carry[i] * bends[RESET][i];
        carried[i] = candidate * gates[RESET][i];
        slopes[i] *= gates[UPDATE][i];
    }
    const struct retort_walk *weights = &passes->network->walks[walk];
    struct retort_walk *gradient = &passes->gradient->walks[walk];
    for (size_t gate = 0; gate < GATES; gate++) {
        const float *back = gate == CANDIDATE ? carried : sums[gate];
        for (size_t i = 0; i < HIDDEN; i++)
            gradient->bias[gate][i] += sums[gate][i];
        add_outer(gradient->in[gate], passes->hidden[line], sums[gate]);
        add_inner(weights->in[gate], sums[gate], passes->slopes[line]);
        add_outer(gradient->back[gate], before, back);
        add_inner(weights->back[gate], back, slopes);
    }
}

static void unwalk(const struct passes *passes, size_t walk)
{
    static const float nothing[HIDDEN];
    size_t n = passes->example->n_lines;
    float slopes[HIDDEN] = {0};
    for (size_t i = 0; i < n; i++) {
        size_t line = walk ? i : n - 1 - i;
        bool first = line == (walk ? n - 1 : 0);
        const float *before = first ? nothing : passes->trace->states[walk][line + 2 * walk - 1];
        unspeak(passes, walk, line, slopes);
        unstep(passes, walk, line, before, slopes);
    }
}

static void uncue(const struct passes *passes, size_t line)
{
    const struct line_example *example = passes->example;
    float slopes[HIDDEN];
    for (size_t i = 0; i < HIDDEN; i++)
        slopes[i] = passes->hidden[line][i] > 0
                        ? passes->slopes[line][i] * passes->trace->keep_hidden[line][i]
                        : 0;
    for (size_t at = example->first[line]; at < example->first[line + 1]; at++) {
        struct retort_cue_weights *row = &passes->gradient->cues[example->cues[at].id];
        for (size_t i = 0; i < HIDDEN; i++)
            row->hidden[i] += example->cues[at].value * slopes[i];
        for (size_t i = 0; i < RETORT_N_ROWS; i++)
            row->scores[i] += example->cues[at].value * passes->scores[line][i];
    }
}

/* ---- one page -------------------------------------------------------------------------------- */

static const float (*draw_kept(size_t n, uint64_t *random, struct retort_arena *arena))[HIDDEN]
{
    const float kept = 256.0F / (float)(256 - DROPPED);
    float(*keep)[HIDDEN] = retort_arena_alloc(arena, n, sizeof *keep);
    for (size_t line = 0; line < n; line++) {
        uint64_t bits = 0;
        for (size_t i = 0; i < HIDDEN; i++, bits >>= 8) {
            if (i % 8 == 0)
                bits = retort_random(random);
            keep[line][i] = (bits & 255) < DROPPED ? 0 : kept;
        }
    }
    return (const float(*)[HIDDEN])keep;
}

static bool is_dropped(uint16_t cue, uint64_t seed)
{
    uint64_t state = seed + ((uint64_t)cue << 40);
    return cue > 0 && (retort_random(&state) & 255) < DROPPED_CUES;
}

/* The example without a fifth of the cues, the same ones all over the page: no single habit of a
 * site should decide. The first cue, which is always there, stays. */
static struct line_example drop_cues(const struct line_example *example, uint64_t seed,
                                     struct retort_arena *arena)
{
    struct line_example kept = *example;
    size_t n_cues = example->first[example->n_lines];
    struct retort_cue *cues = RETORT_NEW(arena, struct retort_cue, n_cues);
    uint32_t *first = RETORT_NEW(arena, uint32_t, example->n_lines + 1), n = 0;
    for (size_t line = 0; line < example->n_lines; line++) {
        for (size_t at = example->first[line]; at < example->first[line + 1]; at++)
            if (!is_dropped(example->cues[at].id, seed))
                cues[n++] = example->cues[at];
        first[line + 1] = n;
    }
    kept.cues = cues;
    kept.first = first;
    return kept;
}

static void trace_open(struct retort_trace *trace, size_t n, uint64_t seed,
                       struct retort_arena *arena)
{
    trace->keep_hidden = draw_kept(n, &seed, arena);
    for (size_t walk = 0; walk < 2; walk++) {
        trace->gates[walk] = retort_arena_alloc(arena, n, sizeof *trace->gates[walk]);
        trace->slopes[walk] = retort_arena_alloc(arena, n, sizeof *trace->slopes[walk]);
        trace->carries[walk] = retort_arena_alloc(arena, n, sizeof *trace->carries[walk]);
        trace->states[walk] = retort_arena_alloc(arena, n, sizeof *trace->states[walk]);
        trace->keep_states[walk] = draw_kept(n, &seed, arena);
    }
}

double line_example_gradient(const struct line_example *example,
                             const struct retort_network *network, uint64_t seed,
                             struct retort_network *gradient)
{
    struct retort_arena arena = {0};
    size_t n = example->n_lines;
    assert(n > 0);
    struct retort_trace trace;
    struct line_example kept = drop_cues(example, seed, &arena);
    struct passes passes = {.example = &kept, .network = network, .gradient = gradient};
    float(*scores)[RETORT_N_SCORES] = retort_arena_alloc(&arena, n, sizeof *scores);
    passes.hidden = retort_arena_alloc(&arena, n, sizeof *passes.hidden);
    passes.slopes = retort_arena_alloc(&arena, n, sizeof *passes.slopes);
    passes.scores = retort_arena_alloc(&arena, n, sizeof *passes.scores);
    passes.trace = &trace;
    trace_open(&trace, n, seed, &arena);
    for (size_t line = 0; line < n; line++)
        retort_network_add_cues(network, kept.cues + kept.first[line],
                                kept.first[line + 1] - kept.first[line], passes.hidden[line],
                                scores[line]);
    retort_network_walk(network, n, passes.hidden, scores, &trace);
    struct slopes slopes = {passes.scores, gradient, 1 / sqrt((double)n)};
    double loss =
        slope_scores(example, network, (const float(*)[RETORT_N_SCORES])scores, &slopes, &arena);
    for (size_t walk = 0; walk < 2; walk++)
        unwalk(&passes, walk);
    for (size_t line = 0; line < n; line++)
        uncue(&passes, line);
    retort_arena_release(&arena);
    return loss;
}
