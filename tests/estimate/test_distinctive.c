/* Distinctive words, beside the formulas of the paper worked out elsewhere. */
#include "estimate/estimate.h"

#include <check.h>
#include <math.h>

TCase *distinctive_case(void); /* of the suite of polarity */

static void near(double value, double wanted)
{
    ck_assert_msg(fabs(value - wanted) < 1e-6, "%.9f is not %.9f", value, wanted);
}

START_TEST(test_log_odds_are_those_of_the_paper)
{
    /* Worked out in Python: log((30 + 2) / (1000 + 100 - 32)) - log((10 + 2) / (2000 + 100 - 12)),
     * by sqrt(1 / 32 + 1 / 12). */
    struct retort_distinction of =
        retort_log_odds((double[]){30, 10}, (double[]){1000, 2000}, 2, 100);
    near(of.log_odds.value, 1.651248182);
    near(of.z, 4.878110418);
    near(of.log_odds.high - of.log_odds.low, 2 * 1.959963985 * 0.338501600);
    struct retort_distinction back =
        retort_log_odds((double[]){10, 30}, (double[]){2000, 1000}, 2, 100);
    near(back.z, -of.z);
}
END_TEST

START_TEST(test_a_word_said_once_sets_nothing_apart)
{
    struct retort_distinction once =
        retort_log_odds((double[]){1, 0}, (double[]){1000, 1000}, 0.05, 100);
    ck_assert(once.z > 0 && once.z < 1);
    struct retort_distinction never = retort_log_odds((double[]){0, 0}, (double[]){10, 10}, 0, 0);
    ck_assert(isnan(never.z) && isnan(never.log_odds.value));
    struct retort_distinction only = retort_log_odds((double[]){5, 5}, (double[]){5, 10}, 0, 0);
    ck_assert(isnan(only.z));
}
END_TEST

START_TEST(test_chances_of_z_are_the_tables)
{
    near(retort_normal_p(RETORT_NORMAL_95), 0.05);
    near(retort_normal_p(-2.575829304), 0.01);
    near(retort_normal_p(0), 1);
}
END_TEST

TCase *distinctive_case(void)
{
    TCase *all = tcase_create("distinctive");
    tcase_add_test(all, test_log_odds_are_those_of_the_paper);
    tcase_add_test(all, test_a_word_said_once_sets_nothing_apart);
    tcase_add_test(all, test_chances_of_z_are_the_tables);
    return all;
}
