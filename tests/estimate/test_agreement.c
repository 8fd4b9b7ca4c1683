/* Agreement, held to the worked example of Krippendorff (2011), to scikit-learn's kappa and to what
 * must be. */
#include "estimate/estimate.h"

#include <check.h>
#include <math.h>

Suite *agreement_suite(void);

/* Four observers, twelve units, categories 1 to 5; 0: did not judge. */
static const int OBSERVERS[4][12] = {
    {1, 2, 3, 3, 2, 1, 4, 1, 2, 0, 0, 0},
    {1, 2, 3, 3, 2, 2, 4, 1, 2, 5, 0, 3},
    {0, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, 0},
    {1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, 0},
};

static struct retort_estimate alpha(enum retort_metric metric, size_t n)
{
    double values[12 * 5] = {0};
    const struct retort_ratings ratings = {values, 12, 5, metric};
    const struct retort_resampling resampling = {n, 7};
    for (size_t o = 0; o < 4; o++)
        for (size_t u = 0; u < 12; u++)
            if (OBSERVERS[o][u])
                values[u * 5 + (size_t)OBSERVERS[o][u] - 1]++;
    return retort_krippendorff_alpha(&ratings, &resampling);
}

START_TEST(test_alpha_is_that_of_the_paper)
{
    ck_assert_double_eq_tol(alpha(RETORT_NOMINAL, 0).value, 0.743, 5e-4);
    ck_assert_double_eq_tol(alpha(RETORT_ORDINAL, 0).value, 0.815, 5e-4);
}
END_TEST

START_TEST(test_an_interval_holds_alpha_and_comes_again)
{
    const struct retort_estimate first = alpha(RETORT_NOMINAL, 500),
                                 again = alpha(RETORT_NOMINAL, 500);
    ck_assert(first.low < first.value && first.value < first.high);
    ck_assert(first.low > 0.2 && first.high <= 1);
    ck_assert(first.low == again.low && first.high == again.high);
}
END_TEST

START_TEST(test_alpha_of_what_tells_nothing_is_none)
{
    const double same[] = {2, 0, 2, 0}, alone[] = {1, 0, 0, 1}, apart[] = {1, 1, 1, 1};
    const struct retort_resampling resampling = {100, 1};
    const struct retort_ratings all_same = {same, 2, 2, RETORT_NOMINAL},
                                one_each = {alone, 2, 2, RETORT_NOMINAL},
                                never = {apart, 2, 2, RETORT_NOMINAL},
                                none = {NULL, 0, 2, RETORT_NOMINAL};
    ck_assert(isnan(retort_krippendorff_alpha(&all_same, &resampling).value));
    ck_assert(isnan(retort_krippendorff_alpha(&one_each, &resampling).value));
    ck_assert(isnan(retort_krippendorff_alpha(&none, &resampling).value));
    ck_assert_double_eq_tol(retort_krippendorff_alpha(&never, &resampling).value, -0.5, 1e-12);
}
END_TEST

/* 20 both yes, 15 both no, 5 and 10 otherwise: Cohen's kappa .4. */
START_TEST(test_kappa_by_hand)
{
    uint32_t first[50], second[50];
    for (size_t i = 0; i < 50; i++) {
        first[i] = i < 25;
        second[i] = i < 20 || i >= 40;
    }
    const struct retort_kappa kappa = retort_cohens_kappa(first, second, 50, 2);
    ck_assert_double_eq_tol(kappa.observed, 0.7, 1e-12);
    ck_assert_double_eq_tol(kappa.expected, 0.5, 1e-12);
    ck_assert_double_eq_tol(kappa.kappa, 0.4, 1e-12);
    ck_assert(isnan(retort_cohens_kappa(first, second, 0, 2).kappa));
    ck_assert_double_eq(retort_cohens_kappa(first, first, 20, 2).kappa, 1);
}
END_TEST

Suite *agreement_suite(void)
{
    Suite *suite = suite_create("agreement");
    TCase *cases = tcase_create("people");
    tcase_add_test(cases, test_alpha_is_that_of_the_paper);
    tcase_add_test(cases, test_an_interval_holds_alpha_and_comes_again);
    tcase_add_test(cases, test_alpha_of_what_tells_nothing_is_none);
    tcase_add_test(cases, test_kappa_by_hand);
    suite_add_tcase(suite, cases);
    return suite;
}
