/* The gradient of the model of lines, held against differences of the loss. */
#include "train/split_gradient.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N_LINES = 7, N_CUES_A_LINE = 3, N_TRIED = 300 };

static const uint8_t STATES[N_LINES] = {
    RETORT_STATE_BEFORE, RETORT_STATE_ARTICLE, RETORT_STATE_AMID, RETORT_STATE_HEAD,
    RETORT_STATE_BEGIN,  RETORT_STATE_GOES_ON, RETORT_STATE_AFTER};

struct fixture {
    size_t n_weights;
    float *weights, *gradient, *unused;
    struct retort_cue cues[N_LINES * N_CUES_A_LINE];
    uint32_t first[N_LINES + 1];
    struct line_example example;
};

static void fixture_open(struct fixture *fixture, uint64_t seed)
{
    size_t n_cues = retort_page_n_cues();
    fixture->n_weights = retort_network_n_weights(n_cues);
    fixture->weights = calloc(fixture->n_weights, sizeof(float));
    fixture->gradient = calloc(fixture->n_weights, sizeof(float));
    fixture->unused = calloc(fixture->n_weights, sizeof(float));
    for (size_t i = 0; i < fixture->n_weights; i++)
        fixture->weights[i] = ((float)(retort_random(&seed) % 2001) / 1000 - 1) * 0.3F;
    for (size_t i = 0; i < N_LINES * N_CUES_A_LINE; i++)
        fixture->cues[i] = (struct retort_cue){(uint16_t)(retort_random(&seed) % n_cues),
                                               (float)(1 + i % N_CUES_A_LINE) / 2};
    for (uint32_t at = 0; at <= N_LINES; at++)
        fixture->first[at] = at * N_CUES_A_LINE;
    fixture->example = (struct line_example){N_LINES, STATES, fixture->cues, fixture->first, true};
}

static void fixture_close(struct fixture *fixture)
{
    free(fixture->weights);
    free(fixture->gradient);
    free(fixture->unused);
}

static double loss_at(struct fixture *fixture, size_t weight, float value)
{
    float held = fixture->weights[weight];
    fixture->weights[weight] = value;
    double loss = line_example_gradient(&fixture->example, (void *)fixture->weights, 5,
                                        (void *)fixture->unused);
    fixture->weights[weight] = held;
    return loss;
}

/* Where the page's cues stand, so that most of the weights tried matter. */
static size_t draw_weight(const struct fixture *fixture, uint64_t *random)
{
    size_t shared = sizeof(struct retort_network) / sizeof(float);
    size_t row = sizeof(struct retort_cue_weights) / sizeof(float);
    if (retort_random(random) % 2)
        return retort_random(random) % shared;
    uint16_t cue = fixture->cues[retort_random(random) % (N_LINES * N_CUES_A_LINE)].id;
    return shared + cue * row + retort_random(random) % row;
}

/* A few weights stand at the kink of a rectified unit, where a difference says nothing. */
START_TEST(the_gradient_is_the_slope_of_the_loss)
{
    struct fixture fixture;
    uint64_t random = (uint64_t)_i;
    size_t n_wrong = 0;
    fixture_open(&fixture, (uint64_t)_i + 1);
    line_example_gradient(&fixture.example, (void *)fixture.weights, 5, (void *)fixture.gradient);
    for (size_t i = 0; i < N_TRIED; i++) {
        size_t weight = draw_weight(&fixture, &random);
        float value = fixture.weights[weight], step = 2e-3F;
        double difference =
            loss_at(&fixture, weight, value + step) - loss_at(&fixture, weight, value - step);
        double slope = difference / (2 * (double)step), given = (double)fixture.gradient[weight];
        n_wrong += fabs(slope - given) > 0.01 + 0.05 * fabs(slope);
    }
    ck_assert_uint_le(n_wrong, N_TRIED / 100);
    fixture_close(&fixture);
}
END_TEST

/* Scores far apart: sums over paths stay finite. */
START_TEST(sure_scores_have_finite_gradients)
{
    struct fixture fixture;
    fixture_open(&fixture, 9);
    for (size_t i = 0; i < fixture.n_weights; i++)
        fixture.weights[i] *= 1000;
    double loss = line_example_gradient(&fixture.example, (void *)fixture.weights, 5,
                                        (void *)fixture.gradient);
    ck_assert(isfinite(loss));
    for (size_t i = 0; i < fixture.n_weights; i++)
        ck_assert(isfinite((double)fixture.gradient[i]));
    fixture_close(&fixture);
}
END_TEST

Suite *gradient_suite(void);

Suite *gradient_suite(void)
{
    Suite *suite = suite_create("gradient");
    TCase *cases = tcase_create("gradient");
    tcase_set_timeout(cases, 120);
    tcase_add_loop_test(cases, the_gradient_is_the_slope_of_the_loss, 0, 4);
    tcase_add_test(cases, sure_scores_have_finite_gradients);
    suite_add_tcase(suite, cases);
    return suite;
}
