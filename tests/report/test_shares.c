/* Shares: what is counted, solved for what the card says the model errs, and its replicates. */
#include "report/shares_made.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *shares_suite(void);

static struct made_shares made;
static struct report_shares shares;

static void ask(const uint32_t *group, uint32_t n_groups)
{
    struct retort_error error;
    const struct report_grouping grouping = {group, n_groups};
    ck_assert(report_shares(&made.work, &made.task, &grouping, &made.arena, &shares, &error));
    ck_assert_uint_eq(shares.n_replicates, made.report.n_resamples);
}

static double share(size_t replicate, size_t group, size_t label)
{
    return shares.share[(replicate * shares.n_groups + group) * shares.n_labels + label];
}

static struct retort_estimate interval(size_t group, size_t label)
{
    double values[400];
    for (size_t r = 0; r < 400; r++)
        values[r] = share(1 + r, group, label);
    return report_interval(share(0, group, label), values, 400);
}

/* Comments of `each` in a thread; the label is said of every one below `on` in a hundred. */
static void begin(size_t n, size_t each, size_t on, float p_on, float p_off)
{
    made_shares_begin(&made, n, 1, false);
    for (size_t i = 0; i < n; i++) {
        made.data.thread[i] = (uint32_t)(i / each);
        made_shares_say(&made, i, 0, i * 37 % 100 < on ? p_on : p_off);
    }
    made.data.n_threads = (uint32_t)((n + each - 1) / each);
}

START_TEST(what_is_said_is_solved_for_what_is)
{
    begin(1000, 5, 38, 1, 0);
    made_shares_card(&made, 40, .8, .1, 0);
    ask(made.data.group, 1);
    ck_assert_int_eq(shares.correction[0], REPORT_CORRECTED);
    ck_assert_double_eq_tol(share(0, 0, 0), .4, 1e-9);
    ck_assert_double_eq(shares.count[0], 1000);
    ck_assert_uint_eq(shares.n_threads[0], 200);
    ck_assert_double_eq_tol(shares.rates[3], .8, 1e-9); /* [off, on][off, on] */
    ck_assert_double_eq_tol(shares.rates[1], .1, 1e-9);
    made_shares_end(&made);
}
END_TEST

START_TEST(posteriors_are_what_is_added_up)
{
    begin(1000, 5, 38, .7f, .2f); /* mean .39; said 38 % */
    made_shares_card(&made, 40, .8, .1, 0);
    ask(made.data.group, 1);
    ck_assert_double_eq_tol(share(0, 0, 0), (.39 - .1) / .7, 1e-6);
    made_shares_end(&made);
}
END_TEST

START_TEST(an_old_card_leaves_counts_and_says_so)
{
    begin(1000, 5, 38, .7f, .2f);
    made.task.card = retort_span_of("{\"task\":\"x\"}");
    ask(made.data.group, 1);
    ck_assert_int_eq(shares.correction[0], REPORT_RAW);
    ck_assert(strstr(shares.why[0], "train it again"));
    ck_assert_double_eq_tol(share(0, 0, 0), .38, 1e-9);
    ck_assert_ptr_null(shares.rates);
    ck_assert(interval(0, 0).low < .38 && interval(0, 0).high > .38);
    made_shares_end(&made);
}
END_TEST

START_TEST(a_damaged_card_is_no_card)
{
    static const char *const CARDS[] = {
        "{\"errors\":{\"problems\":[]}}",
        "{\"errors\":{\"problems\":[{\"prior\":[0.5,0.5],\"cases\":[9,9],\"batches\":[[1,2]]}]}}",
        "{\"errors\":{\"problems\":[{\"prior\":[1],\"cases\":[9,9],\"batches\":[[9,1,1,9,8,8]]}]}}",
        "{\"errors\":{\"problems\":[{\"prior\":[0.5,0.5],\"cases\":[9,9],\"batches\":[[9,1,1,9,8,-"
        "8]]}]"
        "}}",
        "{\"errors\":7}",
        "{\"errors\":{\"problems\":[7]}}",
        "[",
        "",
    };
    begin(1000, 5, 38, .7f, .2f);
    for (size_t i = 0; i < sizeof CARDS / sizeof *CARDS; i++) {
        made.task.card = retort_span_of(CARDS[i]);
        ask(made.data.group, 1);
        ck_assert_int_eq(shares.correction[0], REPORT_RAW);
    }
    made_shares_end(&made);
}
END_TEST

START_TEST(a_model_that_tells_nothing_corrects_nothing)
{
    begin(1000, 5, 38, 1, 0);
    made_shares_card(&made, 40, .4, .38, .01);
    ask(made.data.group, 1);
    ck_assert_int_eq(shares.correction[0], REPORT_RAW);
    ck_assert_double_eq_tol(share(0, 0, 0), .38, 1e-9);
    ck_assert_ptr_nonnull(strstr(shares.why[0], "hardly better than by chance"));
    made_shares_end(&made);
}
END_TEST

START_TEST(too_few_batches_correct_nothing)
{
    begin(1000, 5, 38, 1, 0);
    made_shares_card(&made, 3, .8, .1, 0);
    ask(made.data.group, 1);
    ck_assert_int_eq(shares.correction[0], REPORT_RAW);
    ck_assert_double_eq_tol(share(0, 0, 0), .38, 1e-9);
    ck_assert_ptr_nonnull(strstr(shares.why[0], "too few threads"));
    made_shares_end(&made);
}
END_TEST

/* The model's errors widen what threads alone would say. */
START_TEST(errors_of_the_errors_are_carried_on)
{
    begin(20000, 5, 38, 1, 0);
    made_shares_card(&made, 40, .8, .1, 0);
    ask(made.data.group, 1);
    const struct retort_estimate sure = interval(0, 0);
    made_shares_card(&made, 40, .8, .1, .05);
    ask(made.data.group, 1);
    const struct retort_estimate doubtful = interval(0, 0);
    ck_assert_double_eq_tol(doubtful.value, .4, 1e-6);
    ck_assert(doubtful.high - doubtful.low > 1.5 * (sure.high - sure.low));
    made_shares_end(&made);
}
END_TEST

/* Ten threads that agree within: an interval as of ten, not of a thousand comments. */
START_TEST(a_thread_is_one_witness)
{
    made_shares_begin(&made, 1000, 1, false);
    made.data.n_threads = 10;
    for (size_t i = 0; i < 1000; i++) {
        made.data.thread[i] = (uint32_t)(i / 100);
        made_shares_say(&made, i, 0, i / 100 < 4 ? 1 : 0);
    }
    made.task.card = retort_span_of("{}");
    ask(made.data.group, 1);
    /* Student's of ten: .4 ± 2.262 · sqrt(.24 / 9) */
    const struct retort_estimate whole = interval(0, 0);
    ck_assert_double_eq_tol(whole.high - whole.low, 2 * .369, .1);
    made_shares_end(&made);
}
END_TEST

START_TEST(a_group_of_one_thread_has_its_comments)
{
    begin(100, 100, 38, 1, 0);
    made.task.card = retort_span_of("{}");
    ask(made.data.group, 1);
    ck_assert_uint_eq(shares.n_threads[0], 1);
    const struct retort_estimate whole = interval(0, 0);
    ck_assert_double_eq_tol(whole.high - whole.low, 2 * 1.98 * sqrt(.38 * .62 / 99), .03);
    made_shares_end(&made);
}
END_TEST

START_TEST(groups_of_one_and_of_none)
{
    begin(1000, 5, 38, 1, 0);
    made_shares_card(&made, 40, .8, .1, .02);
    for (size_t i = 0; i < 1000; i++)
        made.data.group[i] = i == 0 ? 1 : i < 10 ? REPORT_LEFT_OUT : 0;
    ask(made.data.group, 3);
    ck_assert_double_eq(shares.count[0], 990);
    ck_assert_double_eq(shares.count[1], 1);
    ck_assert_double_eq(shares.count[2], 0);
    ck_assert(isnan(share(0, 2, 0)) && isnan(share(7, 2, 0)));
    ck_assert_double_eq(share(0, 1, 0), 1); /* (1 − .1) / .7 is cut */
    ck_assert(isnan(interval(1, 0).low));
    made_shares_end(&made);
}
END_TEST

START_TEST(one_of_shares_add_up_in_every_replicate)
{
    static const double ERRORS[9] = {.7, .2, .1, .15, .8, .05, .3, .1, .6};
    made_shares_begin(&made, 900, 3, true);
    made.data.n_threads = 300;
    for (size_t i = 0; i < 900; i++) {
        made.data.thread[i] = (uint32_t)(i / 3);
        made.data.group[i] = i % 2;
        made_shares_say(&made, i, i * 7 % 10 < 5 ? 0 : i * 7 % 10 < 8 ? 1 : 2, 1);
    }
    made.task.p[5 * 3] = NAN; /* not labelled */
    made_shares_card_one_of(&made, ERRORS);
    ask(made.data.group, 2);
    ck_assert_double_eq(shares.count[1], 449);
    for (size_t r = 0; r <= 400; r++)
        for (size_t g = 0; g < 2; g++)
            ck_assert_double_eq_tol(share(r, g, 0) + share(r, g, 1) + share(r, g, 2), 1, 1e-9);
    for (size_t l = 0; l < 3; l++)
        ck_assert(share(0, 0, l) >= 0 && interval(0, l).low < interval(0, l).high);
    made_shares_end(&made);
}
END_TEST

START_TEST(the_same_draw_serves_every_grouping)
{
    uint32_t *whole, *parts;
    double kept[400];
    begin(6000, 2, 38, .9f, .2f); /* more threads than clusters */
    made_shares_card(&made, 40, .8, .1, .02);
    whole = RETORT_NEW(&made.arena, uint32_t, 6000);
    parts = RETORT_NEW(&made.arena, uint32_t, 6000);
    for (size_t i = 0; i < 6000; i++) {
        whole[i] = i < 3000 ? 0 : REPORT_LEFT_OUT;
        parts[i] = i < 3000 ? 1 : 0;
    }
    ask(whole, 1);
    for (size_t r = 0; r < 400; r++)
        kept[r] = share(1 + r, 0, 0);
    ask(parts, 2);
    for (size_t r = 0; r < 400; r++)
        ck_assert_double_eq(kept[r], share(1 + r, 1, 0));
    made.report.seed = 2;
    ask(parts, 2);
    ck_assert_double_ne(kept[0], share(1, 1, 0));
    made_shares_end(&made);
}
END_TEST

Suite *shares_suite(void)
{
    Suite *suite = suite_create("shares");
    TCase *cases = tcase_create("shares");
    tcase_add_test(cases, what_is_said_is_solved_for_what_is);
    tcase_add_test(cases, posteriors_are_what_is_added_up);
    tcase_add_test(cases, an_old_card_leaves_counts_and_says_so);
    tcase_add_test(cases, a_damaged_card_is_no_card);
    tcase_add_test(cases, a_model_that_tells_nothing_corrects_nothing);
    tcase_add_test(cases, too_few_batches_correct_nothing);
    tcase_add_test(cases, errors_of_the_errors_are_carried_on);
    tcase_add_test(cases, a_thread_is_one_witness);
    tcase_add_test(cases, a_group_of_one_thread_has_its_comments);
    tcase_add_test(cases, groups_of_one_and_of_none);
    tcase_add_test(cases, one_of_shares_add_up_in_every_replicate);
    tcase_add_test(cases, the_same_draw_serves_every_grouping);
    suite_add_tcase(suite, cases);
    return suite;
}
