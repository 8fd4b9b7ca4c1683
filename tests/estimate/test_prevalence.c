/* Prevalence: adjusted counts and EMQ held to numbers worked out by hand and by QuaPy 0.2 (Moreo,
 * Esuli and Sebastiani 2021), see tests/peers; intervals of resampling. */
#include "estimate/estimate.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *prevalence_suite(void);

START_TEST(two_classes_are_adjusted_as_forman_does)
{
    /* tpr .8, fpr .1, called so 38 %: (.38 − .1) / (.8 − .1) */
    double matrix[4] = {.9, .1, .2, .8}, share[2], amplifies;
    ck_assert(retort_prevalence_invert(matrix, 2, &amplifies));
    retort_prevalence_adjust(matrix, (const double[]){.62, .38}, 2, share);
    ck_assert_double_eq_tol(share[1], .4, 1e-12);
    ck_assert_double_eq_tol(share[0], .6, 1e-12);
    ck_assert_double_eq_tol(amplifies, (.9 + .1) / .7, 1e-12); /* on from off and on */
}
END_TEST

START_TEST(three_classes_come_back_from_what_is_said_of_them)
{
    static const double ERRORS[9] = {.7, .2, .1, .15, .8, .05, .3, .1, .6};
    static const double TRUTH[3] = {.2, .3, .5};
    double matrix[9], said[3] = {0}, share[3], amplifies;
    for (size_t i = 0; i < 9; i++) {
        matrix[i] = ERRORS[i];
        said[i % 3] += TRUTH[i / 3] * ERRORS[i];
    }
    ck_assert(retort_prevalence_invert(matrix, 3, &amplifies));
    retort_prevalence_adjust(matrix, said, 3, share);
    for (size_t i = 0; i < 3; i++)
        ck_assert_double_eq_tol(share[i], TRUTH[i], 1e-12);
}
END_TEST

START_TEST(a_classifier_that_tells_nothing_has_no_inverse)
{
    double matrix[4] = {.5, .5, .5, .5}, amplifies;
    ck_assert(!retort_prevalence_invert(matrix, 2, &amplifies));
    ck_assert(isnan(matrix[0]) && isnan(matrix[3]));
    ck_assert(isinf(amplifies));
    double nothing[4] = {NAN, NAN, .2, .8};
    ck_assert(!retort_prevalence_invert(nothing, 2, &amplifies));
}
END_TEST

START_TEST(a_pivot_of_zero_is_no_obstacle)
{
    double matrix[4] = {0, 1, 1, 0}, amplifies;
    ck_assert(retort_prevalence_invert(matrix, 2, &amplifies));
    ck_assert_double_eq(matrix[1], 1);
    ck_assert_double_eq(matrix[0], 0);
}
END_TEST

/* Two values of a posterior: the likelihood has its maximum where the score is 0, found by hand:
 * cases of .8 (60) and of .2 (40), prior .5: share = (.8·60·… ) solves to .6667. */
START_TEST(emq_finds_the_share_of_largest_likelihood)
{
    float p[200];
    double share[2];
    for (size_t i = 0; i < 100; i++) {
        p[2 * i + 1] = i < 60 ? .8f : .2f;
        p[2 * i] = 1 - p[2 * i + 1];
    }
    const struct retort_posteriors posteriors = {
        .p = p, .prior = (const double[]){.5, .5}, .n = 100, .n_classes = 2};
    retort_prevalence_emq(&posteriors, share);
    /* likelihood ratio 4 or ¼: .6 said so = .2 + .6·share */
    ck_assert_double_eq_tol(share[1], 2.0 / 3, 1e-4);
    ck_assert_double_eq_tol(share[0] + share[1], 1, 1e-12);
}
END_TEST

START_TEST(emq_of_weights_is_emq_of_so_many_cases)
{
    static const float P[6] = {.3f, .7f, .6f, .4f, .9f, .1f};
    static const float MANY[12] = {.3f, .7f, .3f, .7f, .3f, .7f, .6f, .4f, .9f, .1f, .9f, .1f};
    double by_weight[2], by_cases[2];
    struct retort_posteriors posteriors = {P, (const double[]){3, 1, 2}, (const double[]){.7, .3},
                                           3, 2};
    retort_prevalence_emq(&posteriors, by_weight);
    posteriors = (struct retort_posteriors){MANY, NULL, (const double[]){.7, .3}, 6, 2};
    retort_prevalence_emq(&posteriors, by_cases);
    ck_assert_double_eq_tol(by_weight[1], by_cases[1], 1e-9);
    posteriors.n = 0;
    retort_prevalence_emq(&posteriors, by_cases);
    ck_assert(isnan(by_cases[0]) && isnan(by_cases[1]));
}
END_TEST

/* Rows of one label: comments, posteriors, weight, yes, weighed posteriors. */
START_TEST(what_people_decided_is_moved_by_what_they_saw_too_much_of)
{
    /* of 100 comments of mean posterior .3, ten were decided: half yes, their mean posterior .4 */
    static const double TOTAL[5] = {100, 30, 100, 50, 40};
    double share;
    retort_powered_share(TOTAL, 1, NULL, &share);
    ck_assert_double_eq_tol(share, .5, 1e-12);
    retort_powered_share(TOTAL, 1, (const double[]){.8}, &share);
    ck_assert_double_eq_tol(share, .5 - .8 * .1, 1e-12);
    static const double NOTHING[5] = {100, 30, 0, 0, 0};
    retort_powered_share(NOTHING, 1, NULL, &share);
    ck_assert(isnan(share));
}
END_TEST

enum { N_CLUSTERS = 400 };

/* Clusters of ten comments, one of them decided; its posterior tells the truth, or nothing. */
static double tuned(double tells)
{
    static double rows[N_CLUSTERS * 5], total[5];
    double trust;
    uint64_t random = 3;
    memset(total, 0, sizeof total);
    for (size_t i = 0; i < N_CLUSTERS; i++) {
        double yes = (double)(retort_random(&random) % 2),
               noise = (double)(retort_random(&random) % 2), p = tells * yes + (1 - tells) * noise,
               *row = rows + i * 5;
        row[0] = 10;
        row[1] = 5 + p - .5;
        row[2] = 10;
        row[3] = 10 * yes;
        row[4] = 10 * p;
        for (size_t j = 0; j < 5; j++)
            total[j] += row[j];
    }
    const struct retort_powered of = {rows, total, N_CLUSTERS, 5, 1};
    retort_powered_tune(&of, false, &trust);
    return trust;
}

START_TEST(a_model_is_trusted_as_far_as_it_tells)
{
    ck_assert_double_eq_tol(tuned(1), 1, .12);
    ck_assert_double_eq_tol(tuned(.5), 1,
                            .12); /* half the truth, half noise: covariance 1/8 of 1/8 */
    ck_assert_double_eq_tol(tuned(0), 0, .12);
}
END_TEST

START_TEST(weights_have_mean_and_variance_one)
{
    uint64_t random = 7;
    double sum = 0, squares = 0;
    enum { N = 100000 };
    for (int i = 0; i < N; i++) {
        double weight = retort_resample_weight(&random);
        ck_assert(weight >= 0 && isfinite(weight));
        sum += weight;
        squares += weight * weight;
    }
    ck_assert_double_eq_tol(sum / N, 1, .02);
    ck_assert_double_eq_tol(squares / N - 1, 1, .05);
}
END_TEST

START_TEST(halves_have_mean_a_half)
{
    uint64_t random = 7;
    double sum = 0, squares = 0;
    enum { N = 100000 };
    for (int i = 0; i < N; i++) {
        double half = retort_resample_half(&random);
        ck_assert(half >= 0 && isfinite(half));
        sum += half;
        squares += half * half;
    }
    ck_assert_double_eq_tol(sum / N, .5, .01);
    ck_assert_double_eq_tol(squares / N - .25, .5, .03);
}
END_TEST

START_TEST(few_clusters_widen_as_student_says)
{
    /* t of 1, 9 and 39 degrees: 12.706, 2.262, 2.023 */
    ck_assert_double_eq_tol(retort_resample_widening(2), sqrt(3) * 12.706 / 1.95996, 1e-3);
    ck_assert_double_eq_tol(retort_resample_widening(10), sqrt(11.0 / 9) * 2.2622 / 1.95996, 1e-4);
    ck_assert_double_eq_tol(retort_resample_widening(40), sqrt(41.0 / 39) * 2.0227 / 1.95996, 1e-4);
    ck_assert_double_eq(retort_resample_widening(.5), retort_resample_widening(2));
    ck_assert_double_eq_tol(retort_resample_widening(1e6), 1, 1e-4);
}
END_TEST

START_TEST(an_interval_lies_between_percentiles)
{
    double values[1003];
    for (size_t i = 0; i < 1001; i++)
        values[i] = (double)((i * 8) % 1001);
    values[1001] = NAN;
    values[1002] = INFINITY;
    const struct retort_estimate all = retort_resample_interval(400, values, 1003);
    ck_assert_double_eq(all.value, 400);
    ck_assert_double_eq(all.low, 25);
    ck_assert_double_eq(all.high, 975);
    const struct retort_estimate few = retort_resample_interval(400, values, 19);
    ck_assert_double_eq(few.value, 400);
    ck_assert(isnan(few.low) && isnan(few.high));
    const struct retort_estimate none = retort_resample_interval(NAN, values, 100);
    ck_assert(isnan(none.low) && isnan(none.value));
}
END_TEST

Suite *prevalence_suite(void)
{
    Suite *suite = suite_create("prevalence");
    TCase *cases = tcase_create("prevalence");
    tcase_add_test(cases, two_classes_are_adjusted_as_forman_does);
    tcase_add_test(cases, three_classes_come_back_from_what_is_said_of_them);
    tcase_add_test(cases, a_classifier_that_tells_nothing_has_no_inverse);
    tcase_add_test(cases, a_pivot_of_zero_is_no_obstacle);
    tcase_add_test(cases, emq_finds_the_share_of_largest_likelihood);
    tcase_add_test(cases, emq_of_weights_is_emq_of_so_many_cases);
    tcase_add_test(cases, what_people_decided_is_moved_by_what_they_saw_too_much_of);
    tcase_add_test(cases, a_model_is_trusted_as_far_as_it_tells);
    tcase_add_test(cases, halves_have_mean_a_half);
    tcase_add_test(cases, weights_have_mean_and_variance_one);
    tcase_add_test(cases, few_clusters_widen_as_student_says);
    tcase_add_test(cases, an_interval_lies_between_percentiles);
    suite_add_tcase(suite, cases);
    return suite;
}
