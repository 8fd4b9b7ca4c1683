/* The way forward through the network.
 *
 * Every output is a sum over inputs in their order, one lane an output, so that wider registers
 * give the same bits. Squashing is the Padé form of tanh, exactly ±1 from ±3 on: only products and
 * a quotient, no library's exp. Nothing is kept between lines but the two walks' memories; training
 * asks for a trace. */
#include "page/page.h"

#include <string.h>

#define HIDDEN RETORT_N_HIDDEN
#define GATES RETORT_N_GATES

typedef float wide __attribute__((vector_size(16), aligned(4), may_alias));
enum { LANES = 4, WIDTH = HIDDEN / LANES, OUT_WIDTH = RETORT_N_SCORES / LANES };
enum gate { RESET, UPDATE, CANDIDATE };

_Static_assert(HIDDEN % LANES == 0 && RETORT_N_SCORES % LANES == 0, "whole registers");

size_t retort_network_n_weights(size_t n_cues)
{
    size_t bytes = sizeof(struct retort_network) + n_cues * sizeof(struct retort_cue_weights);
    return bytes / sizeof(float);
}

void retort_network_add_cues(const struct retort_network *network, const struct retort_cue *cues,
                             size_t n_cues, float hidden[HIDDEN], float scores[RETORT_N_SCORES])
{
    wide sum[WIDTH + OUT_WIDTH];
    memset(sum, 0, sizeof sum);
    for (size_t i = 0; i < n_cues; i++) {
        const struct retort_cue_weights *row = &network->cues[cues[i].id];
        const wide *weights = (const wide *)row->hidden;
        for (size_t k = 0; k < WIDTH + OUT_WIDTH; k++)
            sum[k] += weights[k] * cues[i].value;
    }
    memcpy(hidden, sum, HIDDEN * sizeof(float));
    memcpy(scores, sum + WIDTH, RETORT_N_SCORES * sizeof(float));
}

/* ---- one step of a walk --------------------------------------------------------------------- */

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

static void multiply_inputs(wide sum[WIDTH], const struct inputs *inputs,
                            const float (*weights)[HIDDEN])
{
    for (size_t i = 0; i < inputs->n; i++) {
        const wide *row = (const wide *)weights[inputs->at[i]];
        for (size_t k = 0; k < WIDTH; k++)
            sum[k] += row[k] * inputs->values[i];
    }
}

static void multiply(wide sum[WIDTH], const float state[HIDDEN], const float (*weights)[HIDDEN])
{
    for (size_t i = 0; i < HIDDEN; i++) {
        const wide *row = (const wide *)weights[i];
        for (size_t k = 0; k < WIDTH; k++)
            sum[k] += row[k] * state[i];
    }
}

/* x becomes tanh(x), nearly; the result is the derivative there. */
static inline float squash(float *x)
{
    float at = *x < 3 ? *x : 3;
    at = at > -3 ? at : -3;
    float square = at * at, divisor = 27 + 9 * square, value = at * (27 + square) / divisor;
    *x = value;
    return (27 + 3 * square - 18 * at * value) / divisor;
}

static inline float squash_gate(float *x)
{
    float half = *x * 0.5F, slope = squash(&half);
    *x = 0.5F + 0.5F * half;
    return 0.25F * slope;
}

struct step {
    float gates[GATES][HIDDEN], slopes[GATES][HIDDEN], carry[HIDDEN];
};

static void open_gates(const struct retort_walk *walk, const struct inputs *inputs,
                       const float state[HIDDEN], struct step *step)
{
    for (size_t gate = 0; gate < GATES; gate++) {
        wide sum[WIDTH];
        memcpy(sum, walk->bias[gate], sizeof sum);
        multiply_inputs(sum, inputs, walk->in[gate]);
        if (gate != CANDIDATE)
            multiply(sum, state, walk->back[gate]);
        memcpy(step->gates[gate], sum, sizeof sum);
    }
    wide carry[WIDTH];
    memset(carry, 0, sizeof carry);
    multiply(carry, state, walk->back[CANDIDATE]);
    memcpy(step->carry, carry, sizeof carry);
}

static void remember(struct step *step, float state[HIDDEN])
{
    float(*gates)[HIDDEN] = step->gates, (*slopes)[HIDDEN] = step->slopes;
    for (size_t i = 0; i < HIDDEN; i++) {
        slopes[RESET][i] = squash_gate(&gates[RESET][i]);
        slopes[UPDATE][i] = squash_gate(&gates[UPDATE][i]);
        gates[CANDIDATE][i] += gates[RESET][i] * step->carry[i];
        slopes[CANDIDATE][i] = squash(&gates[CANDIDATE][i]);
        state[i] = gates[UPDATE][i] * state[i] + (1 - gates[UPDATE][i]) * gates[CANDIDATE][i];
    }
}

static void speak(const struct retort_walk *walk, const float state[HIDDEN],
                  float scores[RETORT_N_SCORES])
{
    wide sum[OUT_WIDTH];
    memcpy(sum, scores, sizeof sum);
    for (size_t i = 0; i < HIDDEN; i++) {
        const wide *row = (const wide *)walk->out[i];
        for (size_t k = 0; k < OUT_WIDTH; k++)
            sum[k] += row[k] * state[i];
    }
    memcpy(scores, sum, sizeof sum);
}

static void keep_step(const struct retort_trace *trace, size_t walk, size_t line,
                      const struct step *step, float state[HIDDEN])
{
    memcpy(trace->gates[walk][line], step->gates, sizeof step->gates);
    memcpy(trace->slopes[walk][line], step->slopes, sizeof step->slopes);
    memcpy(trace->carries[walk][line], step->carry, sizeof step->carry);
    memcpy(trace->states[walk][line], state, HIDDEN * sizeof *state);
}

static void drop(const float keep[HIDDEN], const float state[HIDDEN], float kept[HIDDEN])
{
    for (size_t i = 0; i < HIDDEN; i++)
        kept[i] = state[i] * keep[i];
}

static void walk_lines(const struct retort_network *network, size_t walk, size_t n_lines,
                       float (*hidden)[HIDDEN], float (*scores)[RETORT_N_SCORES],
                       const struct retort_trace *trace)
{
    float state[HIDDEN] = {0}, kept[HIDDEN];
    struct inputs inputs;
    struct step step;
    for (size_t i = 0; i < n_lines; i++) {
        size_t line = walk ? n_lines - 1 - i : i;
        take_inputs(&inputs, hidden[line]);
        open_gates(&network->walks[walk], &inputs, state, &step);
        remember(&step, state);
        if (!trace) {
            speak(&network->walks[walk], state, scores[line]);
            continue;
        }
        keep_step(trace, walk, line, &step, state);
        drop(trace->keep_states[walk][line], state, kept);
        speak(&network->walks[walk], kept, scores[line]);
    }
}

void retort_network_walk(const struct retort_network *network, size_t n_lines,
                         float (*hidden)[HIDDEN], float (*scores)[RETORT_N_SCORES],
                         const struct retort_trace *trace)
{
    for (size_t line = 0; line < n_lines; line++) {
        for (size_t i = 0; i < HIDDEN; i++)
            hidden[line][i] = hidden[line][i] > 0 ? hidden[line][i] : 0;
        if (trace)
            drop(trace->keep_hidden[line], hidden[line], hidden[line]);
    }
    for (size_t walk = 0; walk < 2; walk++)
        walk_lines(network, walk, n_lines, hidden, scores, trace);
}
