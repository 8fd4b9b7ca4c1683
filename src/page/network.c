/* The way forward through the network.
 *
 * Every output is a sum over inputs in their order, one lane an output, so that wider registers
 * give the same bits. Squashing is the Padé form of tanh, exactly ±1 from ±3 on: only products and
 * a quotient, no library's exp. What the inputs say is summed for a block of lines at once, so that
 * the weights of inputs and those of memory take turns in the nearest cache. Nothing is kept
 * between lines but the two walks' memories; training asks for a trace. */
#include "page/page.h"

#include <string.h>

#define HIDDEN RETORT_N_HIDDEN
#define GATES RETORT_N_GATES
#define SCORES RETORT_N_SCORES

enum { BLOCK = 16 };
enum gate { RESET, UPDATE, CANDIDATE };

/* The loops over lanes are compiled for wider registers too, where the linker can choose by the
 * processor (sanitizers start too late for that). */
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__clang__) &&                            \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ANY_WIDTH __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define ANY_WIDTH
#endif

size_t retort_network_n_weights(size_t n_cues)
{
    size_t bytes = sizeof(struct retort_network) + n_cues * sizeof(struct retort_cue_weights);
    return bytes / sizeof(float);
}

/* ---- sums over lanes ------------------------------------------------------------------------ */

ANY_WIDTH
static void add_rows(const struct retort_cue_weights *rows, const struct retort_cue *cues,
                     size_t n_cues, float *restrict hidden, float *restrict scores)
{
    for (size_t i = 0; i < n_cues; i++) {
        const struct retort_cue_weights *row = &rows[cues[i].id];
        for (size_t k = 0; k < HIDDEN; k++)
            hidden[k] += row->hidden[k] * cues[i].value;
        for (size_t k = 0; k < SCORES; k++)
            scores[k] += row->scores[k] * cues[i].value;
    }
}

void retort_network_add_cues(const struct retort_network *network, const struct retort_cue *cues,
                             size_t n_cues, float hidden[HIDDEN], float scores[SCORES])
{
    memset(hidden, 0, HIDDEN * sizeof *hidden);
    memset(scores, 0, SCORES * sizeof *scores);
    add_rows(network->cues, cues, n_cues, hidden, scores);
}

/* The inputs of a line that are not zero: a rectified vector has many that are. */
struct inputs {
    size_t n;
    uint8_t at[HIDDEN];
    float values[HIDDEN];
};

static void take_inputs(struct inputs *inputs, const float hidden[HIDDEN])
{
    inputs->n = 0;
    for (size_t i = 0; i < HIDDEN; i++) {
        inputs->at[inputs->n] = (uint8_t)i;
        inputs->values[inputs->n] = hidden[i];
        inputs->n += hidden[i] != 0;
    }
}

ANY_WIDTH
static void multiply_inputs(float *restrict sum, const struct inputs *inputs,
                            const float (*weights)[HIDDEN])
{
    for (size_t i = 0; i < inputs->n; i++)
        for (size_t k = 0; k < HIDDEN; k++)
            sum[k] += weights[inputs->at[i]][k] * inputs->values[i];
}

ANY_WIDTH
static void multiply(float *restrict sum, const float *state, const float (*weights)[HIDDEN])
{
    for (size_t i = 0; i < HIDDEN; i++)
        for (size_t k = 0; k < HIDDEN; k++)
            sum[k] += weights[i][k] * state[i];
}

/* A state says scores. */
ANY_WIDTH
static void speak(float *restrict scores, const float *state, const float (*weights)[SCORES])
{
    for (size_t i = 0; i < HIDDEN; i++)
        for (size_t k = 0; k < SCORES; k++)
            scores[k] += weights[i][k] * state[i];
}

/* ---- squashing ------------------------------------------------------------------------------ */

static inline float clamp(float x)
{
    x = x < 3 ? x : 3;
    return x > -3 ? x : -3;
}

/* Nearly tanh, between −3 and 3. */
static inline float bend(float x)
{
    float square = x * x;
    return x * (27 + square) / (27 + 9 * square);
}

/* Two loops: in one, the compiler would jump past the quotient instead of taking many lanes. */
static inline void squash(float lanes[restrict HIDDEN])
{
    for (size_t i = 0; i < HIDDEN; i++)
        lanes[i] = clamp(lanes[i]);
    for (size_t i = 0; i < HIDDEN; i++)
        lanes[i] = bend(lanes[i]);
}

static inline void squash_gate(float lanes[restrict HIDDEN])
{
    for (size_t i = 0; i < HIDDEN; i++)
        lanes[i] *= 0.5F;
    squash(lanes);
    for (size_t i = 0; i < HIDDEN; i++)
        lanes[i] = 0.5F + 0.5F * lanes[i];
}

/* The derivatives, of one lane. */
static float slope(float x)
{
    float at = clamp(x), square = at * at;
    return (27 + 3 * square - 18 * at * bend(at)) / (27 + 9 * square);
}

static float slope_gate(float x)
{
    return 0.25F * slope(x * 0.5F);
}

/* ---- one step of a walk --------------------------------------------------------------------- */

struct step {
    float gates[GATES][HIDDEN], carry[HIDDEN];
};

static void hear_inputs(const struct retort_walk *walk, const float hidden[HIDDEN],
                        struct step *step)
{
    struct inputs inputs;
    take_inputs(&inputs, hidden);
    memcpy(step->gates, walk->bias, sizeof step->gates);
    for (size_t gate = 0; gate < GATES; gate++)
        multiply_inputs(step->gates[gate], &inputs, walk->in[gate]);
}

static void hear_memory(const struct retort_walk *walk, const float state[HIDDEN],
                        struct step *step)
{
    multiply(step->gates[RESET], state, walk->back[RESET]);
    multiply(step->gates[UPDATE], state, walk->back[UPDATE]);
    memset(step->carry, 0, sizeof step->carry);
    multiply(step->carry, state, walk->back[CANDIDATE]);
}

/* Before the gates are squashed. */
static void keep_slopes(const struct step *step, float (*slopes)[HIDDEN])
{
    for (size_t i = 0; i < HIDDEN; i++) {
        float reset = step->gates[RESET][i], candidate = step->gates[CANDIDATE][i];
        float opened = 0.5F + 0.5F * bend(clamp(reset * 0.5F));
        slopes[RESET][i] = slope_gate(reset);
        slopes[UPDATE][i] = slope_gate(step->gates[UPDATE][i]);
        slopes[CANDIDATE][i] = slope(candidate + opened * step->carry[i]);
    }
}

ANY_WIDTH
static void remember(struct step *restrict step, float *restrict state)
{
    float *reset = step->gates[RESET], *update = step->gates[UPDATE];
    float *candidate = step->gates[CANDIDATE];
    squash_gate(reset);
    squash_gate(update);
    for (size_t i = 0; i < HIDDEN; i++)
        candidate[i] += reset[i] * step->carry[i];
    squash(candidate);
    for (size_t i = 0; i < HIDDEN; i++)
        state[i] = update[i] * state[i] + (1 - update[i]) * candidate[i];
}

static void drop(const float keep[HIDDEN], const float state[HIDDEN], float kept[HIDDEN])
{
    for (size_t i = 0; i < HIDDEN; i++)
        kept[i] = state[i] * keep[i];
}

/* ---- the walks ------------------------------------------------------------------------------ */

struct walk {
    size_t number, n_lines; /* 0 downward, 1 upward */
    const struct retort_walk *weights;
    const struct retort_trace *trace; /* or NULL */
    float state[HIDDEN];
    struct step steps[BLOCK];
};

static size_t line_at(const struct walk *walk, size_t step)
{
    return walk->number ? walk->n_lines - 1 - step : step;
}

static void hear_block(struct walk *walk, size_t first, float (*hidden)[HIDDEN])
{
    for (size_t i = 0; i < BLOCK && first + i < walk->n_lines; i++)
        hear_inputs(walk->weights, hidden[line_at(walk, first + i)], &walk->steps[i]);
}

static void keep_step(const struct walk *walk, size_t line, const struct step *step)
{
    const struct retort_trace *trace = walk->trace;
    memcpy(trace->gates[walk->number][line], step->gates, sizeof step->gates);
    memcpy(trace->carries[walk->number][line], step->carry, sizeof step->carry);
    memcpy(trace->states[walk->number][line], walk->state, sizeof walk->state);
}

static void take_step(struct walk *walk, size_t line, struct step *step, float scores[SCORES])
{
    float kept[HIDDEN];
    hear_memory(walk->weights, walk->state, step);
    if (!walk->trace) {
        remember(step, walk->state);
        speak(scores, walk->state, walk->weights->out);
        return;
    }
    keep_slopes(step, walk->trace->slopes[walk->number][line]);
    remember(step, walk->state);
    keep_step(walk, line, step);
    drop(walk->trace->keep_states[walk->number][line], walk->state, kept);
    speak(scores, kept, walk->weights->out);
}

void retort_network_walk(const struct retort_network *network, size_t n_lines,
                         float (*hidden)[HIDDEN], float (*scores)[SCORES],
                         const struct retort_trace *trace)
{
    for (size_t line = 0; line < n_lines; line++) {
        for (size_t i = 0; i < HIDDEN; i++)
            hidden[line][i] = hidden[line][i] > 0 ? hidden[line][i] : 0;
        if (trace)
            drop(trace->keep_hidden[line], hidden[line], hidden[line]);
    }
    for (size_t number = 0; number < 2; number++) {
        struct walk walk = {.number = number, .n_lines = n_lines};
        walk.weights = &network->walks[number];
        walk.trace = trace;
        for (size_t i = 0; i < n_lines; i++) {
            if (i % BLOCK == 0)
                hear_block(&walk, i, hidden);
            size_t line = line_at(&walk, i);
            take_step(&walk, line, &walk.steps[i % BLOCK], scores[line]);
        }
    }
}
