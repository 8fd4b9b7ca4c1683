/* Corrections: decisions drawn at random carry shares and errors; what cannot be corrected stays as
 * counted and says why. */
#include "report/shares_made.h"

#include "report/shares.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *corrections_suite(void);

enum { N = 2000 };

static struct made_shares made;
static struct report_shares shares;

static void ask(uint32_t n_groups)
{
    struct retort_error error;
    const struct report_grouping grouping = {made.data.group, n_groups};
    ck_assert(report_shares(&made.work, &made.task, &grouping, &made.arena, &shares, &error));
}

static struct retort_estimate interval(size_t group)
{
    double values[400];
    for (size_t r = 0; r < 400; r++)
        values[r] = shares.share[(1 + r) * shares.n_groups + group];
    return report_interval(shares.share[group], values, 400);
}

/* One label, threads of two comments; said of `on` comments in a hundred, with p .9, else .1. */
static void begin(size_t on)
{
    made_shares_begin(&made, N, 1, false);
    for (size_t i = 0; i < N; i++) {
        made.data.thread[i] = (uint32_t)(i / 2);
        made_shares_say(&made, i, 0, i * 37 % 100 < on ? .9f : .1f);
    }
    made.data.n_threads = N / 2;
}

/* Every tenth comment from `from` on was drawn; people say yes to all that the model says yes to,
 * and to `more` in a hundred of the others. */
static void decide(size_t from, size_t n, size_t more, bool drawn)
{
    made.task.decided = RETORT_NEW(&made.arena, struct report_decided, n);
    for (size_t i = 0; i < n; i++) {
        uint32_t row = (uint32_t)(from + 9 * i);
        bool yes = made.task.said[row] || i * 61 % 100 < more;
        made.task.decided[i] = (struct report_decided){row, yes, 9, drawn};
    }
    made.task.n_decided = n;
    made.task.weighed = true;
}

START_TEST(enough_decisions_carry_the_share)
{
    begin(30);
    decide(0, 200, 20, true);
    made_shares_card(&made, 40, .9, .1, 0);
    ask(1);
    ck_assert_int_eq(shares.correction[0], REPORT_POWERED);
    ck_assert(strstr(shares.why[0], "drawn at random"));
    double decided = 0, seen = 0;
    for (size_t i = 0; i < 200; i++) {
        decided += made.task.decided[i].labels / 200.;
        seen += (double)made.task.p[made.task.decided[i].row] / 200;
    }
    /* what all comments' mean of .34 is less than the mean of the decided, times a trust of 0 to 1
     */
    double most = decided - (seen - .34);
    ck_assert(fmin(decided, most) - 1e-6 <= shares.share[0] &&
              shares.share[0] <= fmax(decided, most) + 1e-6);
    ck_assert_double_eq_tol(shares.share[0], .44, .05);
    /* narrower than people alone: ± 1.96 · sqrt(.25 / 200) = .069 */
    ck_assert(interval(0).high - interval(0).low < 2 * .062);
    ck_assert(interval(0).low < .44 && .44 < interval(0).high);
    made_shares_end(&made);
}
END_TEST

START_TEST(too_few_or_uneven_decisions_carry_none)
{
    begin(30);
    made_shares_card(&made, 40, .9, .1, 0);
    decide(0, 29, 20, true);
    ask(1);
    ck_assert_int_eq(shares.correction[0], REPORT_CORRECTED);
    decide(0, 40, 20, false); /* chosen, not drawn */
    ask(1);
    ck_assert_int_eq(shares.correction[0], REPORT_CORRECTED);
    decide(0, 40, 20, true);
    made.task.decided[0].weight = 5000; /* all weight on one */
    ask(1);
    ck_assert_int_eq(shares.correction[0], REPORT_CORRECTED);
    decide(0, 40, 20, true);
    made.task.weighed = false;
    ask(1);
    ck_assert_int_eq(shares.correction[0], REPORT_CORRECTED);
    made_shares_end(&made);
}
END_TEST

/* A label that nobody has found yet may still be there. */
START_TEST(nothing_found_is_no_proof_of_nothing)
{
    begin(0);
    decide(0, 60, 0, true);
    ask(1);
    ck_assert_int_eq(shares.correction[0], REPORT_POWERED);
    ck_assert_double_eq_tol(shares.share[0], 0, 1e-9);
    ck_assert(interval(0).high > .01 && interval(0).high < .08); /* Clopper and Pearson: .049 */
    made_shares_end(&made);
}
END_TEST

/* Decisions of one group tell the errors in the other, card or none. */
START_TEST(errors_come_of_decisions_where_there_are_enough)
{
    begin(40);
    for (size_t i = 0; i < N; i++)
        made.data.group[i] = i >= 1800;
    decide(0, 200, 0, true);
    for (size_t i = 0; i < 200; i++) /* of those said so, every fourth is not; nothing is missed */
        made.task.decided[i].labels &= i % 4 != 3;
    ask(2);
    ck_assert_int_eq(shares.correction[0], REPORT_POWERED);
    ck_assert_int_eq(shares.correction[1], REPORT_CORRECTED);
    ck_assert(strstr(shares.why[1], "drawn at random here"));
    double n_off = 0, off_said = 0;
    for (size_t i = 0; i < 200; i++) {
        n_off += made.task.decided[i].labels == 0;
        off_said += made.task.decided[i].labels == 0 && made.task.said[made.task.decided[i].row];
    }
    ck_assert_double_eq_tol(shares.rates[1], off_said / n_off, 1e-9);
    ck_assert_double_eq_tol(shares.rates[3], 1, 1e-9);
    /* posteriors are .1 + .8 · said: so are both rates, and the share is as by counts */
    ck_assert_double_eq_tol(shares.share[1], (.4 - off_said / n_off) / (1 - off_said / n_off),
                            1e-4);
    made_shares_end(&made);
}
END_TEST

START_TEST(what_cannot_be_stays_as_counted)
{
    begin(5);
    made_shares_card(&made, 40, .8, .3, 0); /* even of none it would say 30 % */
    ask(1);
    ck_assert_int_eq(shares.correction[0], REPORT_CORRECTED);
    ck_assert(shares.counted[0] && strstr(shares.counted[0], "no share from 0"));
    ck_assert_double_eq_tol(shares.share[0], .05, 1e-9);
    ck_assert(interval(0).low > 0 && interval(0).high < .1);
    ck_assert(isnan(shares.rates[3]) && isnan(shares.rates[400 * 4 + 3]));
    made_shares_end(&made);
}
END_TEST

/* A group by itself that cannot be leaves the others corrected. */
START_TEST(one_group_that_cannot_be)
{
    begin(50);
    for (size_t i = 0; i < N; i++) {
        made.data.group[i] = i < 300;
        if (i < 300) {
            made.task.said[i] = 0;
            made.task.p[i] = .01f;
        }
    }
    made_shares_card(&made, 40, .8, .2, 0);
    ask(2);
    ck_assert_ptr_null(shares.counted[0]);
    ck_assert_ptr_nonnull(shares.counted[1]);
    ck_assert_double_eq(shares.share[1], 0);
    ck_assert(!isnan(shares.rates[3]));
    made_shares_end(&made);
}
END_TEST

START_TEST(an_interval_that_says_nothing_is_none)
{
    begin(50);
    made_shares_card(&made, 40, .56, .44, .04);
    for (size_t i = 0; i < N; i++)
        made.data.group[i] = i < 30;
    ask(2);
    ck_assert(shares.counted[1] && strstr(shares.counted[1], "50 points"));
    made_shares_end(&made);
}
END_TEST

/* Bins 3 (p .1) and 8 (p .9) as the card has them, in whatever shares; or others. */
START_TEST(scores_of_another_kind_correct_nothing)
{
    static const double KNOWN[20] = {[3] = .9, [8] = .1, [10 + 3] = .2, [10 + 8] = .8};
    static const double OTHER[20] = {[2] = .5, [3] = .4, [8] = .1, [10 + 5] = .2, [10 + 8] = .8};
    begin(30);
    made.spread = KNOWN;
    made_shares_card(&made, 40, .74, .18, .01); /* mean posteriors of these bins, .1 and .9 */
    ask(1);
    ck_assert_ptr_null(shares.counted[0]);
    made.spread = OTHER;
    made_shares_card(&made, 40, .74, .18, .01);
    ask(1);
    ck_assert(shares.counted[0] && strstr(shares.counted[0], "mixture"));
    ck_assert_double_eq_tol(shares.share[0], .3, 1e-9);
    made_shares_end(&made);
}
END_TEST

/* Of p .9 and .1 and a prior of a half, EMQ solves said = .1 + .8 · share. */
START_TEST(emq_and_its_interval)
{
    struct shares_basis basis;
    double values[400];
    begin(30);
    for (size_t i = 0; i < N; i++)
        made.data.thread[i] = (uint32_t)i;
    made.data.n_threads = N;
    made_shares_card(&made, 40, .9, .1, 0);
    const struct report_grouping grouping = {made.data.group, 1};
    shares_basis_fill(&made.work, &made.task, &grouping, &made.arena, &basis);
    double *share = RETORT_NEW(&made.arena, double, 401);
    shares_emq(&basis, &made.task, share);
    ck_assert_double_eq_tol(share[0], .25, 1e-4);
    for (size_t r = 0; r < 400; r++)
        values[r] = share[1 + r];
    const struct retort_estimate of = report_interval(share[0], values, 400);
    ck_assert_double_eq_tol(of.high - of.low, 2 * 1.96 * sqrt(.3 * .7 / N) / .8, .012);
    made_shares_end(&made);
}
END_TEST

Suite *corrections_suite(void)
{
    Suite *suite = suite_create("corrections");
    TCase *cases = tcase_create("corrections");
    tcase_set_timeout(cases, 30);
    tcase_add_test(cases, enough_decisions_carry_the_share);
    tcase_add_test(cases, too_few_or_uneven_decisions_carry_none);
    tcase_add_test(cases, nothing_found_is_no_proof_of_nothing);
    tcase_add_test(cases, errors_come_of_decisions_where_there_are_enough);
    tcase_add_test(cases, what_cannot_be_stays_as_counted);
    tcase_add_test(cases, one_group_that_cannot_be);
    tcase_add_test(cases, an_interval_that_says_nothing_is_none);
    tcase_add_test(cases, scores_of_another_kind_correct_nothing);
    tcase_add_test(cases, emq_and_its_interval);
    suite_add_tcase(suite, cases);
    return suite;
}
