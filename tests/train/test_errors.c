/* What the card says a model errs: sums by true class, in batches that no group parts. */
#include "train/parts.h"

#include <check.h>
#include <math.h>

Suite *errors_suite(void);

enum { N = 600, N_BATCHES = 40 };

static struct retort_example examples[N];
static int8_t truth[N][2];
static struct retort_score scores[N][2];
static char names[N][8];
static const char *LABELS[] = {"a", "b"};
static struct retort_train_options options;
static struct retort_dataset dataset;
static struct retort_buffer out;
static struct retort_json *root;

/* Groups of six; every third example is b, and the model says so of every third but the first 60.
 */
static void make(enum retort_choice choice)
{
    dataset = (struct retort_dataset){
        .examples = examples, .n_examples = N, .labels = LABELS, .n_labels = 2, .choice = choice};
    for (size_t i = 0; i < N; i++) {
        bool is_b = i % 3 == 0, says_b = is_b && i >= 60;
        snprintf(names[i], sizeof names[i], "g%zu", i / 6);
        truth[i][0] = is_b ? RETORT_NO : RETORT_YES;
        truth[i][1] = is_b ? RETORT_YES : RETORT_NO;
        examples[i] = (struct retort_example){
            .group = retort_span_of(names[i]), .truth = truth[i], .counts = 1};
        scores[i][0] = (struct retort_score){.p = says_b ? .25 : .75, .on = !says_b};
        scores[i][1] = (struct retort_score){.p = says_b ? .75 : .25, .on = says_b};
    }
}

static void put(void)
{
    struct retort_error error;
    const struct retort_trained trained = {
        .options = &options, .dataset = &dataset, .scores = scores[0]};
    retort_buffer_clear(&out);
    retort_buffer_byte(&out, '{');
    retort_errors_put(&trained, &out);
    retort_buffer_byte(&out, '}');
    retort_json_free(root);
    root = retort_json_parse(retort_buffer_span(&out), &error);
    ck_assert_msg(root != NULL, "%s", error.message);
}

static const struct retort_json *problem(size_t index)
{
    return retort_json_at(retort_json_get(retort_json_get(root, "errors"), "problems"), index);
}

static double at(const struct retort_json *list, size_t index)
{
    double value = NAN;
    ck_assert(retort_json_number(retort_json_at(list, index), &value));
    return value;
}

/* One column over all batches. */
static double total(const struct retort_json *of, size_t column)
{
    const struct retort_json *batches = retort_json_get(of, "batches");
    double sum = 0;
    ck_assert_uint_eq(retort_json_length(batches), N_BATCHES);
    for (size_t b = 0; b < N_BATCHES; b++) {
        ck_assert_uint_eq(retort_json_length(retort_json_at(batches, b)), 6);
        sum += at(retort_json_at(batches, b), column);
    }
    return sum;
}

static void check_sums(const struct retort_json *of)
{
    ck_assert_double_eq_tol(total(of, 0), 400, 1e-6);       /* is a */
    ck_assert_double_eq_tol(total(of, 1), 0, 1e-6);         /* of these called b */
    ck_assert_double_eq_tol(total(of, 2), 400 * .25, 1e-6); /* and the p of b */
    ck_assert_double_eq_tol(total(of, 3), 200, 1e-6);       /* is b */
    ck_assert_double_eq_tol(total(of, 4), 180, 1e-6);
    ck_assert_double_eq_tol(total(of, 5), 180 * .75 + 20 * .25, 1e-6);
}

START_TEST(one_of_has_one_problem)
{
    make(RETORT_ONE_OF);
    put();
    check_sums(problem(0));
    ck_assert_double_eq_tol(at(retort_json_get(problem(0), "prior"), 1), 1.0 / 3, 1e-6);
    ck_assert_double_eq_tol(at(retort_json_get(problem(0), "cases"), 1), 200, 1e-6);
    ck_assert(retort_json_at(retort_json_get(retort_json_get(root, "errors"), "problems"), 1) ==
              NULL);
}
END_TEST

/* One-of: for each true class the posteriors of each; a quarter and three quarters lie in bins 4
 * and 7. */
START_TEST(scores_are_spread_over_bins)
{
    double sums[40] = {0};
    make(RETORT_ONE_OF);
    put();
    const struct retort_json *batches = retort_json_get(problem(0), "scores");
    ck_assert_uint_eq(retort_json_length(batches), N_BATCHES);
    for (size_t b = 0; b < N_BATCHES; b++)
        for (size_t i = 0; i < 40; i++)
            sums[i] += at(retort_json_at(batches, b), i);
    ck_assert_double_eq_tol(sums[7], 400, 1e-6); /* is a: p of a .75, of b .25 */
    ck_assert_double_eq_tol(sums[10 + 4], 400, 1e-6);
    ck_assert_double_eq_tol(sums[20 + 4], 180, 1e-6); /* is b */
    ck_assert_double_eq_tol(sums[20 + 7], 20, 1e-6);
    ck_assert_double_eq_tol(sums[30 + 7], 180, 1e-6);
    ck_assert_double_eq_tol(sums[30 + 4], 20, 1e-6);
    ck_assert_uint_eq(retort_errors_bin(0), 0);
    ck_assert_uint_eq(retort_errors_bin(.5), 6);
    ck_assert_uint_eq(retort_errors_bin(1), 9);
}
END_TEST

START_TEST(any_of_has_one_a_label)
{
    make(RETORT_ANY_OF);
    truth[1][1] = RETORT_UNKNOWN; /* not asked for: it is in no sum of b */
    put();
    ck_assert_double_eq_tol(total(problem(1), 0), 399, 1e-6);
    ck_assert_double_eq_tol(total(problem(1), 4), 180, 1e-6);
    ck_assert_double_eq_tol(total(problem(0), 3), 400, 1e-6);
}
END_TEST

START_TEST(no_group_lies_in_two_batches)
{
    make(RETORT_ONE_OF);
    for (size_t i = 6; i < N; i++)
        examples[i].counts = 0;
    put();
    const struct retort_json *batches = retort_json_get(problem(0), "batches");
    size_t n_filled = 0;
    for (size_t b = 0; b < N_BATCHES; b++)
        n_filled += at(retort_json_at(batches, b), 0) > 0;
    ck_assert_uint_eq(n_filled, 1);
}
END_TEST

/* Weights of a stated prevalence move the prior and nothing else. */
START_TEST(a_stated_prevalence_is_the_prior)
{
    struct retort_error error;
    make(RETORT_ONE_OF);
    ck_assert(retort_dataset_weigh(&dataset, retort_span_of("b=0.05"), &error));
    put();
    check_sums(problem(0));
    ck_assert_double_eq_tol(at(retort_json_get(problem(0), "prior"), 1), .05, 1e-6);
    retort_arena_release(&dataset.arena);
}
END_TEST

/* Of cases that count for more than others fewer tell as much. */
START_TEST(unequal_weights_are_fewer_cases)
{
    make(RETORT_ONE_OF);
    for (size_t i = 0; i < N; i++)
        examples[i].counts = i < N / 2 ? 3 : 1;
    put();
    ck_assert_double_eq_tol(at(retort_json_get(problem(0), "cases"), 0), 320,
                            1e-3); /* 400·4²∕(2·5·2) */
    ck_assert_double_eq_tol(total(problem(0), 0), 320, .1);
    ck_assert_double_eq_tol(total(problem(0), 4) / total(problem(0), 3), (400. - 60) / 400, 1e-3);
}
END_TEST

static void release(void)
{
    retort_json_free(root);
    retort_buffer_release(&out);
}

Suite *errors_suite(void)
{
    Suite *suite = suite_create("errors");
    TCase *cases = tcase_create("errors");
    tcase_add_checked_fixture(cases, NULL, release);
    tcase_add_test(cases, one_of_has_one_problem);
    tcase_add_test(cases, scores_are_spread_over_bins);
    tcase_add_test(cases, any_of_has_one_a_label);
    tcase_add_test(cases, no_group_lies_in_two_batches);
    tcase_add_test(cases, a_stated_prevalence_is_the_prior);
    tcase_add_test(cases, unequal_weights_are_fewer_cases);
    suite_add_tcase(suite, cases);
    return suite;
}
