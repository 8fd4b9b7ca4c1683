/* What an example weighs, and two models on the same items. */
#include "train/made.h"
#include "train/paired.h"
#include "train/train.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

static struct retort_error error;

/* ---- weights ---- */

/* Thirty lines of two kinds, some with three copies: written once with their number, or thrice. */
static void write_lines(bool thrice)
{
    static const char *const WORDS[] = {"fine good day", "bad awful night", "good awful street",
                                        "bad fine street"};
    struct retort_buffer out = {0};
    for (int i = 0; i < 30; i++) {
        bool heavy = i % 5 < 2;
        for (int copy = 0; copy < (thrice && heavy ? 3 : 1); copy++)
            retort_buffer_format(
                &out, "{\"group\":%d,\"text\":\"%s %s\",\"label\":\"%s\",\"copies\":%d}\n", i % 6,
                WORDS[i % 4], WORDS[(i / 3) % 4], i % 2 ? "no" : "yes", heavy && !thrice ? 3 : 1);
    }
    ck_assert(retort_file_replace(made_data, retort_buffer_span(&out), &error));
    retort_buffer_release(&out);
}

static struct retort_model *train(double cost, enum retort_solver solver)
{
    const char *inputs[] = {made_data};
    struct retort_model *model;
    const struct retort_train_options options = {
        .task = "test",
        .recipe = "words=1 binary=1 train.min_df=2 train.balances=0",
        .output = made_model,
        .inputs = inputs,
        .n_inputs = 1,
        .cost = cost,
        .n_workers = 1,
        .solver = solver,
        .quiet = true};
    ck_assert_msg(retort_train(&options, &error), "%s", error.message);
    ck_assert(retort_model_open(&model, made_model, &error));
    return model;
}

static const enum retort_solver SOLVERS[] = {RETORT_SOLVER_LIBSVM, RETORT_SOLVER_LIBLINEAR,
                                             RETORT_SOLVER_DESCENT};

/* Copies weigh among the others; C stays what it was for as many examples. */
START_TEST(three_copies_weigh_as_three_lines)
{
    write_lines(false);
    struct retort_model *copied = train(1, SOLVERS[_i]);
    write_lines(true);
    struct retort_model *repeated = train(30.0 / (30 + 2 * 12), SOLVERS[_i]);
    uint32_t n = retort_model_dictionary(copied)->n_features;
    ck_assert_uint_eq(n, retort_model_dictionary(repeated)->n_features);
    ck_assert_uint_gt(n, 4);
    for (uint32_t f = 0; f < n; f++)
        for (size_t l = 0; l < 2; l++)
            ck_assert_double_eq_tol(retort_model_weight(copied, f, l),
                                    retort_model_weight(repeated, f, l), 0.02);
    retort_model_close(copied);
    retort_model_close(repeated);
    write_lines(false);
}
END_TEST

static const char *const BAD_WEIGHTS[] = {"\"copies\":0",  "\"copies\":1.5",   "\"copies\":1001",
                                          "\"counts\":-1", "\"counts\":\"1\"", "\"judges\":true"};

START_TEST(a_weight_that_is_none_is_refused)
{
    struct retort_buffer line = {0};
    struct retort_dataset dataset;
    retort_buffer_format(&line, "{\"text\":\"a\",\"label\":\"x\",%s}\n", BAD_WEIGHTS[_i]);
    const struct retort_given given = {"decisions", retort_buffer_span(&line), 0};
    ck_assert(!retort_dataset_take(&dataset, &given, NULL, 0, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_msg(strstr(error.message, "decisions:1: ") != NULL, "%s", error.message);
    retort_buffer_release(&line);
}
END_TEST

/* ---- given beside files ---- */

/* Ten given lines of two labels, of which "rare" has three; a file with one text of theirs. */
static void take(struct retort_dataset *dataset, size_t alone_from)
{
    const char *inputs[] = {made_data};
    struct retort_buffer out = {0};
    ck_assert(retort_file_replace(
        made_data,
        RETORT_SPAN("{\"group\":\"theirs\",\"text\":\"text 4\",\"label\":[\"rare\"]}\n"
                    "{\"group\":\"theirs\",\"text\":\"another\",\"label\":[\"rare\"]}\n"),
        &error));
    for (int i = 0; i < 10; i++)
        retort_buffer_format(&out, "{\"group\":\"g%d\",\"text\":\"text %d\",\"label\":[\"%s\"]}\n",
                             i, i, i < 3 ? "rare" : "often");
    const struct retort_given given = {"decisions", retort_buffer_span(&out), alone_from};
    ck_assert(retort_dataset_take(dataset, &given, inputs, 1, &error));
    retort_buffer_release(&out);
}

START_TEST(one_text_is_in_one_fold)
{
    struct retort_dataset dataset;
    take(&dataset, 0);
    ck_assert(retort_span_equal(dataset.examples[10].group, RETORT_SPAN("\"g4\"")));
    ck_assert(retort_span_equal(dataset.examples[11].group, RETORT_SPAN("\"theirs\"")));
    ck_assert_ptr_null(dataset.alone);
    ck_assert(retort_dataset_counts(&dataset, &dataset.examples[11], 0));
    retort_dataset_release(&dataset);
}
END_TEST

START_TEST(files_count_where_what_was_given_is_few)
{
    struct retort_dataset dataset;
    take(&dataset, 4);
    ck_assert_str_eq(dataset.labels[0], "often");
    ck_assert(!retort_dataset_counts(&dataset, &dataset.examples[11], 0));
    ck_assert(retort_dataset_counts(&dataset, &dataset.examples[11], 1));
    ck_assert(retort_dataset_counts(&dataset, &dataset.examples[0], 0));
    ck_assert(retort_dataset_weigh(&dataset, RETORT_SPAN("often=0.1,rare=0.1"), &error));
    ck_assert(isnan(dataset.prevalence[0])); /* what was given tells it */
    ck_assert_double_eq(retort_dataset_weight(&dataset, &dataset.examples[5], 0), 1);
    ck_assert_double_lt(retort_dataset_weight(&dataset, &dataset.examples[0], 1), 1);
    retort_dataset_release(&dataset);
}
END_TEST

/* ---- pairs ---- */

enum { N_ITEMS = 60 };

/* Truth "x" for all; the current model never says it, the candidate does of the first `right`. */
struct pair {
    struct retort_dataset dataset;
    struct retort_score scores[N_ITEMS];
    struct retort_model *current;
    struct retort_pairing pairing;
};

static void write_never_x(void)
{
    struct retort_buffer out = {0};
    for (int i = 0; i < 12; i++)
        retort_buffer_format(
            &out, "{\"group\":%d,\"text\":\"w%d\",\"label\":[],\"asked\":[\"x\"]}\n", i, i % 3);
    ck_assert(retort_file_replace(made_data, retort_buffer_span(&out), &error));
    retort_buffer_release(&out);
}

static void pair_items(struct pair *pair, size_t right, size_t per_group)
{
    struct retort_buffer out = {0};
    *pair = (struct pair){0};
    write_never_x();
    pair->current = train(1, RETORT_SOLVER_AUTO);
    for (size_t i = 0; i < N_ITEMS; i++)
        retort_buffer_format(&out,
                             "{\"group\":%zu,\"text\":\"w\",\"label\":[\"x\"],\"judges\":%d}\n",
                             i / per_group, i < 50 ? 1 : 0);
    const struct retort_given given = {"decisions", retort_buffer_span(&out), 0};
    ck_assert(retort_dataset_take(&pair->dataset, &given, NULL, 0, &error));
    for (size_t i = 0; i < N_ITEMS; i++)
        pair->scores[i].on = i < right;
    retort_pairing_fill(&pair->pairing, &pair->dataset, pair->scores, pair->current);
    retort_buffer_release(&out);
}

static void unpair(struct pair *pair)
{
    retort_pairing_release(&pair->pairing);
    retort_dataset_release(&pair->dataset);
    retort_model_close(pair->current);
}

/* Of 50 that count 10 are right now and were not: 2 × ½¹⁰, and a share of 0.2 whose interval is
 * t(49) = 2.00958 times √(50∕49 · (10·0.8² + 40·0.2²)) ∕ 50. */
START_TEST(a_pairing_done_by_hand)
{
    struct pair pair;
    pair_items(&pair, 10, 1);
    const struct retort_pairing *pairing = &pair.pairing;
    ck_assert_uint_eq(pairing->n_items, 50);
    ck_assert_uint_eq(pairing->n_groups, 50);
    ck_assert_uint_eq(pairing->only[RETORT_CURRENT], 0);
    ck_assert_uint_eq(pairing->only[RETORT_CANDIDATE], 10);
    ck_assert_double_eq_tol(pairing->p, 2 / 1024.0, 1e-9);
    ck_assert_double_eq_tol(pairing->effective, 50, 1e-9);
    ck_assert_double_eq_tol(pairing->right[RETORT_CANDIDATE].value, 0.2, 1e-12);
    ck_assert_double_eq_tol(pairing->difference.value, 0.2, 1e-12);
    double error_of = sqrt(50.0 / 49 * (10 * 0.64 + 40 * 0.04)) / 50;
    ck_assert_double_eq_tol(pairing->difference.low, 0.2 - 2.00957524 * error_of, 1e-6);
    ck_assert_double_eq_tol(pairing->labels[0].recall[RETORT_CANDIDATE], 0.2, 1e-12);
    ck_assert_int_eq(retort_pairing_better(pairing), RETORT_BETTER);
    unpair(&pair);
}
END_TEST

/* The same ten in one thread of ten among five: one thread tells nothing. */
START_TEST(a_thread_is_one_witness)
{
    struct pair pair;
    struct retort_buffer verdict = {0};
    pair_items(&pair, 10, 10);
    ck_assert_uint_eq(pair.pairing.n_groups, 5);
    ck_assert_double_lt(pair.pairing.difference.low, 0);
    ck_assert_int_eq(retort_pairing_better(&pair.pairing), RETORT_CANNOT_TELL);
    retort_pairing_verdict(&pair.pairing, &verdict);
    ck_assert(
        retort_span_starts(retort_buffer_span(&verdict), RETORT_SPAN("cannot tell: +20.0 of")));
    retort_buffer_release(&verdict);
    unpair(&pair);
}
END_TEST

Suite *paired_suite(void);

Suite *paired_suite(void)
{
    Suite *suite = suite_create("paired");
    TCase *parts = tcase_create("paired");
    tcase_add_checked_fixture(parts, made_begin, made_end);
    tcase_set_timeout(parts, 60);
    tcase_add_loop_test(parts, three_copies_weigh_as_three_lines, 0, 3);
    tcase_add_loop_test(parts, a_weight_that_is_none_is_refused, 0,
                        sizeof BAD_WEIGHTS / sizeof BAD_WEIGHTS[0]);
    tcase_add_test(parts, one_text_is_in_one_fold);
    tcase_add_test(parts, files_count_where_what_was_given_is_few);
    tcase_add_test(parts, a_pairing_done_by_hand);
    tcase_add_test(parts, a_thread_is_one_witness);
    suite_add_tcase(suite, parts);
    return suite;
}
