/* Shares and chances, held to sums of binomial coefficients made in whole numbers elsewhere. */
#include "base/base.h"

#include <check.h>
#include <math.h>

Suite *share_suite(void);

static const struct {
    double wins, losses, p;
} SIGNS[] = {
    {0, 0, 1},
    {1, 0, 1},
    {5, 0, 0.0625},
    {6, 0, 0.03125},
    {0, 6, 0.03125},
    {10, 10, 1},
    {31, 10, 0.00145049101411},
    {59, 41, 0.0886260801141},
    {200, 150, 0.00872003653056},
    {1500, 1400, 0.0659873496652},
};

START_TEST(mcnemars_test_is_the_binomial_sum)
{
    double p = retort_share_mcnemar(SIGNS[_i].wins, SIGNS[_i].losses);
    ck_assert_double_eq_tol(p, SIGNS[_i].p, 1e-9);
}
END_TEST

/* Weighed cases: between the whole numbers it has no jumps and never rises with a lead. */
START_TEST(mcnemars_test_takes_what_is_not_whole)
{
    double last = 1;
    for (double lead = 0; lead <= 20; lead += 0.25) {
        double p = retort_share_mcnemar(20 + lead / 2, 20 - lead / 2);
        ck_assert_double_le(p, last);
        ck_assert_double_gt(p, last - 0.1);
        ck_assert_double_eq(p, retort_share_mcnemar(20 - lead / 2, 20 + lead / 2));
        last = p;
    }
    ck_assert_double_lt(last, 0.01);
}
END_TEST

/* As tables have it. */
START_TEST(students_t_is_that_of_the_tables)
{
    ck_assert_double_eq_tol(retort_student(1, .025), 12.7062, 1e-4);
    ck_assert_double_eq_tol(retort_student(10, .025), 2.2281, 1e-4);
    ck_assert_double_eq_tol(retort_student(1e6, .025), 1.96, 1e-4);
}
END_TEST

Suite *share_suite(void)
{
    Suite *suite = suite_create("share");
    TCase *signs = tcase_create("signs");
    tcase_add_loop_test(signs, mcnemars_test_is_the_binomial_sum, 0,
                        sizeof SIGNS / sizeof SIGNS[0]);
    tcase_add_test(signs, mcnemars_test_takes_what_is_not_whole);
    tcase_add_test(signs, students_t_is_that_of_the_tables);
    suite_add_tcase(suite, signs);
    return suite;
}
