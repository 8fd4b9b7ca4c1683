/* Polarity held to what others' programs say of the same numbers, and to sums done by hand. */
#include "estimate/estimate.h"

#include <check.h>
#include <math.h>

Suite *polarity_suite(void);
TCase *comparison_case(void), *distinctive_case(void); /* in files of their names */

static void near(double value, double wanted)
{
    ck_assert_msg(fabs(value - wanted) < 1e-6, "%.9f is not %.9f", value, wanted);
}

/* Counts become shares. */
static struct retort_distribution of(const double *counts, size_t n)
{
    static double shares[RETORT_MOST_CATEGORIES];
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += counts[i];
    for (size_t i = 0; i < n; i++)
        shares[i] = counts[i] / sum;
    return (struct retort_distribution){shares, n, sum};
}
#define OF(...)                                                                                    \
    of((const double[]){__VA_ARGS__}, sizeof((const double[]){__VA_ARGS__}) / sizeof(double))

START_TEST(test_agreement_is_as_printed_elsewhere)
{
    /* The example in the manual of R's agrmt (Ruedin); the others by hand: of the pattern there are
     * four triples for one camp and one for two. */
    struct retort_distribution manual = OF(30, 40, 210, 130, 530, 50, 10);
    near(retort_agreement_a(&manual), 0.6113333);
    struct retort_distribution pattern = OF(1, 0, 1, 0, 0, 0, 0);
    near(retort_agreement_a(&pattern), (5 * 4 - 6 * 1) / 25.0 * 5 / 6);
    struct retort_distribution ends = OF(1, 0, 0, 0, 0, 0, 1);
    near(retort_agreement_a(&ends), -1);
    struct retort_distribution alike = OF(1, 1, 1, 1, 1);
    near(retort_agreement_a(&alike), 0);
    struct retort_distribution one = OF(0, 0, 8, 0, 0);
    near(retort_agreement_a(&one), 1);
    struct retort_distribution three = OF(40, 25, 35);
    near(retort_agreement_a(&three), 0.75 * 0 + 0.2 * -1 + 0.05 * 1);
    struct retort_distribution two = OF(40, 25);
    ck_assert(isnan(retort_agreement_a(&two)));
}
END_TEST

START_TEST(test_scale_figures_are_those_of_the_comments)
{
    /* scipy 1.17: mean, var, skew(bias=False), kurtosis(bias=False) of 4 times -1, 2 times 0 and
     * 3 times 1. */
    struct retort_distribution few = OF(4, 2, 3);
    near(retort_scale_mean(&few), -1.0 / 9);
    near(retort_scale_variance(&few), 0.765432099);
    near(retort_bimodality(&few), 0.418685053);
    struct retort_distribution ends = OF(500, 0, 500);
    near(retort_scale_variance(&ends), 1);
    ck_assert(retort_bimodality(&ends) > 0.99 && retort_bimodality(&ends) <= 1);
    struct retort_distribution one = OF(0, 9, 0);
    ck_assert(isnan(retort_bimodality(&one)));
    struct retort_distribution three = OF(1, 1, 1);
    ck_assert(isnan(retort_bimodality(&three)));
}
END_TEST

START_TEST(test_esteban_ray_is_most_for_two_camps)
{
    struct retort_distribution ends = OF(5, 0, 5);
    near(retort_esteban_ray(&ends), 1);
    near(retort_camps(&ends), 1);
    struct retort_distribution few = OF(4, 2, 3);
    /* By hand: 2 (16*3*2 + 9*4*2 + 16*2 + 4*4 + 4*3 + 9*2) / 729. */
    near(retort_esteban_ray(&few), 2 * 246.0 / 729);
    near(retort_camps(&few), 4 * (16 * 5 + 4 * 7 + 9 * 6) / 729.0);
    struct retort_distribution one = OF(0, 0, 5);
    near(retort_esteban_ray(&one), 0);
    near(retort_camps(&one), 0);
}
END_TEST

START_TEST(test_entropy_is_shannons)
{
    struct retort_distribution alike = OF(2, 2, 2, 2);
    near(retort_entropy(&alike), 2);
    near(retort_evenness(&alike), 1);
    struct retort_distribution few = OF(4, 2, 3);
    near(retort_entropy(&few), 1.530493057);
    struct retort_distribution one = OF(0, 7);
    near(retort_entropy(&one), 0);
}
END_TEST

START_TEST(test_numbers_become_the_nearest_distribution)
{
    double outside[] = {0.7, 0.4, -0.1}, within[] = {0.2, 0.5, 0.3}, far[] = {3, -1, -1};
    retort_shares_project(outside, 3);
    near(outside[0], 0.65);
    near(outside[1], 0.35);
    near(outside[2], 0);
    retort_shares_project(within, 3);
    near(within[1], 0.5);
    retort_shares_project(far, 3);
    near(far[0], 1);
    near(far[1] + far[2], 0);
}
END_TEST

/* ---- intervals of figures with bends ---- */

enum { N_DRAWN = 120, N_REPLICATES = 200, N_TRIALS = 300 };

static double uniform(uint64_t *state)
{
    return (double)(retort_random(state) >> 11) * 0x1p-53;
}

/* Shares of so many comments, each of category 0, 1 or 2. */
static void draw(const double *shares, uint64_t *state, double *drawn)
{
    memset(drawn, 0, 3 * sizeof *drawn);
    for (size_t i = 0; i < N_DRAWN; i++) {
        double u = uniform(state);
        drawn[u < shares[0] ? 0 : u < shares[0] + shares[1] ? 1 : 2] += 1.0 / N_DRAWN;
    }
}

/* In how many trials the interval holds what is true of the shares. */
static int held(const double *truth, double (*figure)(const struct retort_distribution *of))
{
    const struct retort_distribution of = {truth, 3, N_DRAWN};
    double wanted = figure(&of), seen[3], replicates[N_REPLICATES * 3];
    const struct retort_bending bending = {figure, replicates, N_REPLICATES, 3, N_DRAWN};
    const struct retort_distribution found = {seen, 3, N_DRAWN};
    uint64_t state = 5;
    int n = 0;
    for (int trial = 0; trial < N_TRIALS; trial++) {
        draw(truth, &state, seen);
        for (size_t r = 0; r < N_REPLICATES; r++)
            draw(seen, &state, replicates + 3 * r);
        struct retort_estimate interval = retort_bending_interval(&bending, figure(&found));
        n += interval.low - 1e-9 <= wanted && wanted <= interval.high + 1e-9;
    }
    return n;
}

START_TEST(test_intervals_hold_where_a_figure_bends)
{
    static const double TRUTHS[][3] = {{.4, .2, .4}, {.2, .5, .3}, {.45, .1, .45}};
    for (size_t i = 0; i < 3; i++) {
        int n = held(TRUTHS[i], retort_agreement_a);
        ck_assert_msg(n > N_TRIALS * 89 / 100 && n < N_TRIALS, "%d of %d", n, N_TRIALS);
    }
    int smooth = held(TRUTHS[1], retort_scale_mean);
    ck_assert_msg(smooth > N_TRIALS * 92 / 100 && smooth < N_TRIALS * 98 / 100, "%d", smooth);
}
END_TEST

START_TEST(test_few_replicates_are_no_interval)
{
    double replicates[40 * 3];
    for (size_t i = 0; i < 40; i++)
        memcpy(replicates + 3 * i, (const double[]){i < 25 ? (double)NAN : .2, .5, .3}, 24);
    struct retort_bending bending = {retort_agreement_a, replicates, 40, 3, 100};
    ck_assert(isnan(retort_bending_interval(&bending, 0.3).low));
    for (size_t i = 0; i < 40; i++)
        memcpy(replicates + 3 * i, (const double[]){.2, .5, .3}, 24);
    struct retort_estimate same = retort_bending_interval(&bending, 0.3);
    near(same.high - same.low, 0);
}
END_TEST

Suite *polarity_suite(void)
{
    Suite *suite = suite_create("polarity");
    TCase *all = tcase_create("polarity");
    tcase_add_test(all, test_agreement_is_as_printed_elsewhere);
    tcase_add_test(all, test_scale_figures_are_those_of_the_comments);
    tcase_add_test(all, test_esteban_ray_is_most_for_two_camps);
    tcase_add_test(all, test_entropy_is_shannons);
    tcase_add_test(all, test_numbers_become_the_nearest_distribution);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, test_intervals_hold_where_a_figure_bends);
    tcase_add_test(all, test_few_replicates_are_no_interval);
    suite_add_tcase(suite, all);
    suite_add_tcase(suite, comparison_case());
    suite_add_tcase(suite, distinctive_case());
    return suite;
}
