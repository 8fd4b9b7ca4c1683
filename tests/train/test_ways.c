/* ways: what a recipe may say of training — selection, scaling, pairs of labels, kernels, a base —
 * each against a case that can be told by hand or from the made-up texts. */
#define _GNU_SOURCE /* memmem */
#include "train/made.h"

#include "model/model.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- method ---- */

static const struct {
    const char *recipe;
    bool sound;
} METHODS[] = {
    {"words=1", true},
    {"train.costs=0.1,1,10 train.balances=0,0.5,1", true},
    {"train.most.word=100 train.chi2=1", true},
    {"train.costs=0", false},
    {"train.costs=1,2,3,4,5,6,7,8,9", false},
    {"train.costs=1,,2", false},
    {"train.balances=2", false},
    {"train.most.verb=100", false},
    {"train.colour=1", false},
    {"train.nb=x", false},
};

START_TEST(ways_of_training_are_read_or_refused)
{
    struct retort_method method;
    struct retort_error error;
    bool read =
        retort_method_read(&method, retort_span_of(METHODS[_i].recipe), RETORT_ONE_OF, &error);
    ck_assert_msg(read == METHODS[_i].sound, "%s", METHODS[_i].recipe);
    if (!read)
        ck_assert_int_eq(error.failure, RETORT_USAGE);
}
END_TEST

START_TEST(lists_end_and_defaults_stand)
{
    struct retort_method method;
    struct retort_error error;
    ck_assert(retort_method_read(&method, RETORT_SPAN("train.costs=2,4"), RETORT_ANY_OF, &error));
    ck_assert(method.costs[0] == 2 && method.costs[1] == 4);
    ck_assert(method.costs[2] == RETORT_NOT_TRIED);
    ck_assert(method.balances[0] == 0 && method.balances[1] == RETORT_NOT_TRIED);
    ck_assert(retort_method_read(&method, RETORT_SPAN(""), RETORT_ONE_OF, &error));
    ck_assert(method.balances[0] == 1 && method.min_df == 5);
}
END_TEST

/* ---- selection ---- */

static const char *const TELLING[] = {"word:good",  "word:support", "word:yes",    "word:fair",
                                      "word:glad",  "word:bad",     "word:oppose", "word:no",
                                      "word:waste", "word:ruin",    "word:angry",  "word:needed"};
enum { N_TELLING = sizeof TELLING / sizeof TELLING[0] };

static uint32_t feature_of(const struct made *made, const char *name)
{
    uint32_t i = 0;
    while (!retort_span_equal(made->matrix.names[i], retort_span_of(name)))
        ck_assert_uint_lt(++i, made->matrix.dictionary.n_features);
    return i;
}

static size_t n_telling_kept(const struct made *made, const uint8_t *fold, size_t leave_out)
{
    bool *keep = calloc(made->matrix.dictionary.n_features, sizeof *keep);
    size_t n = 0;
    retort_select(&made->matrix, &made->dataset, &made->method, fold, leave_out, keep);
    for (size_t i = 0; i < N_TELLING; i++)
        n += keep[feature_of(made, TELLING[i])];
    free(keep);
    return n;
}

START_TEST(chi_square_keeps_the_words_that_tell)
{
    struct made made = {0};
    made_write(900, false);
    made_build(&made, "words=1 binary=1 train.chi2=1 train.most.word=12");
    uint8_t *fold = calloc(900, 1);
    ck_assert_uint_eq(n_telling_kept(&made, fold, SIZE_MAX), N_TELLING);
    free(fold);
    made_release(&made);
}
END_TEST

/* The rows of the fold left out say that every word tells nothing; nobody listens. */
START_TEST(selection_does_not_see_the_fold_left_out)
{
    struct made made = {0};
    made_write(900, false);
    made_build(&made, "words=1 binary=1 train.chi2=1 train.most.word=12");
    uint8_t *fold = calloc(900, 1);
    for (size_t i = 300; i < 900; i++) {
        fold[i] = 1;
        for (size_t l = 0; l < made.dataset.n_labels; l++)
            made.dataset.examples[i].truth[l] = (i + l) % 3 == 0 ? RETORT_YES : RETORT_NO;
    }
    ck_assert_uint_ge(n_telling_kept(&made, fold, 1), 10);
    ck_assert_uint_lt(n_telling_kept(&made, fold, SIZE_MAX), n_telling_kept(&made, fold, 1) + 1);
    free(fold);
    made_release(&made);
}
END_TEST

/* Two rows "good good road" yes, "bad road" no, alpha 1: counts are of rows, not of repeats. */
START_TEST(the_ratio_of_a_case_done_by_hand)
{
    struct retort_error error;
    struct made made = {0};
    const size_t rows[] = {0, 1};
    const int8_t truth[] = {RETORT_YES, RETORT_NO};
    const struct retort_lesson lesson = {rows, truth, 2};
    double ratio[16];
    ck_assert(
        retort_file_replace(made_data,
                            RETORT_SPAN("{\"id\":1,\"text\":\"good good road\",\"label\":\"y\"}\n"
                                        "{\"id\":2,\"text\":\"bad road day\",\"label\":\"n\"}\n"),
                            &error));
    made_build(&made, "words=1 binary=1 cues=1 cue_scale=1 train.min_df=1");
    retort_nb_ratio(&made.matrix, &lesson, 1, ratio); /* good bad road day and cues */
    ck_assert_uint_lt(made.matrix.dictionary.n_features, 16);
    /* yes: good 2, bad 1, road 2, day 1 of 6; no: 1, 2, 2, 2 of 7 */
    ck_assert_double_eq_tol(ratio[feature_of(&made, "word:good")], log(2.0 / 6 * 7 / 1), 1e-12);
    ck_assert_double_eq_tol(ratio[feature_of(&made, "word:bad")], -log(1.0 / 6 * 7 / 2), 1e-12);
    ck_assert_double_eq_tol(ratio[feature_of(&made, "word:road")], log(2.0 / 6 * 7 / 2), 1e-12);
    ck_assert(ratio[feature_of(&made, "cue:length")] == 1);
    made_release(&made);
}
END_TEST

/* A scale goes into the weights: the margin of the scaled machine is that of its folded weights. */
START_TEST(a_scale_is_folded_into_the_weights)
{
    struct made made = {0};
    struct retort_arena arena = {0};
    made_write(300, false);
    made_build(&made, MADE_RECIPE);
    uint32_t n = made.matrix.dictionary.n_features;
    size_t *rows = RETORT_NEW(&arena, size_t, 300);
    int8_t *truth = RETORT_NEW(&arena, int8_t, 300);
    double *scale = RETORT_NEW(&arena, double, n);
    struct retort_machine machine = {.weights = RETORT_NEW(&arena, double, n)};
    for (size_t i = 0; i < 300; i++) {
        rows[i] = i;
        truth[i] = made.dataset.examples[i].truth[0];
    }
    for (uint32_t i = 0; i < n; i++)
        scale[i] = i % 3 == 0 ? 0 : 2;
    const struct retort_fit fit = {.lesson = {rows, truth, 300},
                                   .cost = 1,
                                   .weight_yes = 1,
                                   .weight_no = 1,
                                   .tolerance = 1e-3,
                                   .scale = scale};
    retort_fit_linear(made.problem, &fit, &machine);
    size_t n_right = 0;
    for (uint32_t i = 0; i < n; i += 3)
        ck_assert(machine.weights[i] == 0);
    for (size_t i = 0; i < 300; i++)
        n_right +=
            (retort_machine_margin(&machine, made.problem, i) > 0) == (truth[i] == RETORT_YES);
    ck_assert_uint_gt(n_right, 270);
    retort_arena_release(&arena);
    made_release(&made);
}
END_TEST

/* ---- kernels ---- */

static const struct {
    enum retort_kernel kernel;
    size_t least_right;
} KERNELS[] = {{RETORT_RBF, 250}, {RETORT_INTERSECTION, 250}};

/* Learned from the even rows, judged on the odd ones. */
START_TEST(kernels_learn_what_is_there)
{
    struct made made = {0};
    size_t learn[300], judge[300], n_right = 0;
    int8_t truth[300];
    double margins[300];
    made_write(600, false);
    made_build(&made, "words=1 binary=1");
    for (size_t i = 0; i < 300; i++) {
        learn[i] = 2 * i;
        judge[i] = 2 * i + 1;
        truth[i] = made.dataset.examples[2 * i].truth[0];
    }
    const struct retort_fit fit = {.lesson = {learn, truth, 300},
                                   .cost = 1,
                                   .weight_yes = 1,
                                   .weight_no = 1,
                                   .tolerance = 1e-3};
    const struct retort_judged judged = {judge, 300, 1, margins};
    retort_fit_kernel(made.problem, &fit, KERNELS[_i].kernel, &judged);
    for (size_t i = 0; i < 300; i++)
        n_right += (margins[i] > 0) == (made.dataset.examples[judge[i]].truth[0] == RETORT_YES);
    ck_assert_uint_ge(n_right, KERNELS[_i].least_right);
    made_release(&made);
}
END_TEST

/* ---- whole runs ---- */

static struct retort_train_options options_for(const char *const *inputs, const char *recipe)
{
    return (struct retort_train_options){.task = "test",
                                         .recipe = recipe,
                                         .output = made_model,
                                         .inputs = inputs,
                                         .n_inputs = 1,
                                         .seed = 1,
                                         .n_workers = 2,
                                         .quiet = true};
}

static struct retort_model *trained(const struct retort_train_options *options)
{
    struct retort_error error;
    struct retort_model *model;
    ck_assert_msg(retort_train(options, &error), "%s", error.message);
    ck_assert_msg(retort_model_open(&model, options->output, &error), "%s", error.message);
    return model;
}

static const char *label_for(const struct retort_model *model, const char *text,
                             struct retort_score scores[3])
{
    struct retort_labeller labeller;
    struct retort_arena arena = {0};
    struct retort_verdict verdict;
    const struct retort_item item = {.text = retort_span_of(text)};
    retort_labeller_init(&labeller);
    retort_label_item(&labeller, model, &item, &arena, &verdict);
    memcpy(scores, verdict.scores, 3 * sizeof *scores);
    retort_labeller_release(&labeller);
    retort_arena_release(&arena);
    return retort_model_label(model, verdict.label)->name;
}

static const char FAVOR[] = "we think good support fair glad road";
static const char AGAINST[] = "we think bad oppose waste ruin road";

/* One against one, the margins of the labels add up to nothing: each machine gives what it takes.
 */
START_TEST(pairs_of_labels_become_labels)
{
    const char *inputs[] = {made_data};
    struct retort_train_options options =
        options_for(inputs, "words=1 binary=1 train.one_vs_one=1 train.costs=1");
    struct retort_score scores[3];
    made_write(900, false);
    struct retort_model *model = trained(&options);
    ck_assert_str_eq(label_for(model, FAVOR, scores), "favor");
    ck_assert_double_lt(fabs(scores[0].margin + scores[1].margin + scores[2].margin), 1e-5);
    ck_assert_str_eq(label_for(model, AGAINST, scores), "against");
    retort_model_close(model);
}
END_TEST

static bool card_says(const struct retort_model *model, const char *what)
{
    struct retort_span card = retort_model_card(model);
    return memmem(card.data, card.len, what, strlen(what)) != NULL;
}

static const char *const WAYS[] = {
    "words=1 binary=1 train.nb=1 train.squared=1",
    "words=2 idf=1 train.chi2=1 train.most.word=60 train.balances=0,1",
    "words=1 chars=2-4 train.kernels=1 train.costs=1",
    "words=1 cues=1 manner=1 cue_scale=0.1 train.nb=1 train.plain=3 train.standard=1 "
    "train.squared=1",
    "words=1 binary=1 train.prevalence=favor=0.2",
    "words=1 binary=1 train.by_accuracy=1",
};

START_TEST(every_way_learns_and_says_what_it_tried)
{
    const char *inputs[] = {made_data};
    struct retort_train_options options = options_for(inputs, WAYS[_i]);
    struct retort_score scores[3];
    made_write(600, false);
    struct retort_model *model = trained(&options);
    ck_assert_str_eq(label_for(model, FAVOR, scores), "favor");
    ck_assert_str_eq(label_for(model, AGAINST, scores), "against");
    ck_assert(card_says(model, "\"tried\":[{\"recipe\":\"given\",\"kernel\":\"linear\""));
    ck_assert(card_says(model, "\"kernel\":\"intersection\"") == (_i == 2));
    if (_i == 1)
        ck_assert_uint_le(retort_model_dictionary(model)->n_features, 60);
    retort_model_close(model);
}
END_TEST

static void write_text(const char *path, const char *text)
{
    struct retort_error error;
    ck_assert(retort_file_replace(path, retort_span_of(text), &error));
}

/* A recipe that sees nothing loses against one that sees words, wherever it stands. */
START_TEST(the_better_recipe_is_taken)
{
    char blind[96], sees[96], both[200];
    const char *inputs[] = {made_data};
    snprintf(blind, sizeof blind, "%s/blind.recipe", made_directory);
    snprintf(sees, sizeof sees, "%s/sees.recipe", made_directory);
    snprintf(both, sizeof both, "%s,%s", _i ? blind : sees, _i ? sees : blind);
    write_text(blind, "words=1 train.min_df=1e6 # nothing to go by\n");
    write_text(sees, "words=1\nbinary=1\n");
    struct retort_train_options options = options_for(inputs, both);
    made_write(400, false);
    struct retort_model *model = trained(&options);
    ck_assert(retort_span_equal(retort_model_recipe_text(model), RETORT_SPAN("words=1 binary=1")));
    ck_assert(card_says(model, "blind.recipe") && card_says(model, "sees.recipe"));
    retort_model_close(model);
    unlink(blind);
    unlink(sees);
}
END_TEST

/* ---- a base ---- */

struct stacked {
    char base[96], known[96];
};

static void stacked_begin(struct stacked *stacked)
{
    const char *inputs[] = {made_data};
    snprintf(stacked->base, sizeof stacked->base, "%s/base.model", made_directory);
    snprintf(stacked->known, sizeof stacked->known, "%s/known.jsonl", made_directory);
    struct retort_train_options options = options_for(inputs, "words=1 binary=1 train.costs=1");
    options.output = stacked->base;
    made_write(600, false);
    retort_model_close(trained(&options));
}

static void stacked_end(const struct stacked *stacked)
{
    unlink(stacked->base);
    unlink(stacked->known);
}

/* Nothing but the base's margins: all that the model knows is within its base. */
START_TEST(a_base_goes_along_in_the_model)
{
    const char *inputs[] = {made_data};
    struct stacked stacked;
    struct retort_score scores[3];
    struct retort_error error;
    stacked_begin(&stacked);
    struct retort_train_options options =
        options_for(inputs, "stack=1 stack_scale=1 train.costs=1");
    options.base = stacked.base;
    struct retort_model *model = trained(&options);
    unlink(stacked.base);
    ck_assert_ptr_nonnull(retort_model_base(model));
    ck_assert_str_eq(label_for(model, FAVOR, scores), "favor");
    ck_assert_str_eq(label_for(model, AGAINST, scores), "against");
    retort_model_close(model);
    options.base = made_model; /* one level is all there is */
    options.output = stacked.base;
    ck_assert(!retort_train(&options, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    stacked_end(&stacked);
}
END_TEST

/* Margins out of fold that say the same of every example leave nothing to learn from. */
START_TEST(known_margins_stand_in_for_the_bases_own)
{
    const char *inputs[] = {made_data};
    struct stacked stacked;
    struct retort_buffer lines = {0};
    struct retort_score scores[3];
    stacked_begin(&stacked);
    struct retort_train_options options =
        options_for(inputs, "stack=1 stack_scale=1 train.costs=1");
    options.base = stacked.base;
    options.base_margins = stacked.known;
    struct retort_error error;
    write_text(stacked.known, "{\"id\":\"1\",\"margins\":{\"favor\":1}}\n");
    ck_assert(!retort_train(&options, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_msg(strstr(error.message, "known.jsonl:1") != NULL, "%s", error.message);
    made_write(0, false);
    for (int i = 0; i < 200; i++)
        retort_buffer_format(&lines, "{\"id\":\"e%d\",\"text\":\"%s\",\"label\":\"%s\"}\n", i,
                             i % 2 ? FAVOR : AGAINST, i % 2 ? "favor" : "against");
    ck_assert(retort_file_replace(made_data, retort_buffer_span(&lines), &error));
    retort_buffer_clear(&lines);
    for (int i = 0; i < 200; i++)
        retort_buffer_format(&lines,
                             "{\"id\":\"e%d\",\"margins\":{\"favor\":1,\"against\":1,"
                             "\"none\":1}}\n",
                             i);
    ck_assert(retort_file_replace(stacked.known, retort_buffer_span(&lines), &error));
    struct retort_model *model = trained(&options);
    label_for(model, FAVOR, scores);
    double there = scores[0].margin;
    label_for(model, AGAINST, scores);
    ck_assert_double_lt(fabs(there - scores[0].margin), 0.05);
    retort_model_close(model);
    retort_buffer_release(&lines);
    stacked_end(&stacked);
}
END_TEST

START_TEST(a_base_and_its_recipe_belong_together)
{
    const char *inputs[] = {made_data};
    struct stacked stacked;
    struct retort_error error;
    stacked_begin(&stacked);
    struct retort_train_options options = options_for(inputs, "words=1 stack=1 stack_scale=1");
    ck_assert(!retort_train(&options, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    options.recipe = "words=1";
    options.base = stacked.base;
    ck_assert(!retort_train(&options, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    stacked_end(&stacked);
}
END_TEST

Suite *ways_suite(void);

#define N_OF(table) ((int)(sizeof(table) / sizeof(table)[0]))

Suite *ways_suite(void)
{
    Suite *suite = suite_create("ways");
    TCase *ways = tcase_create("ways");
    tcase_add_checked_fixture(ways, made_begin, made_end);
    tcase_set_timeout(ways, 120);
    tcase_add_loop_test(ways, ways_of_training_are_read_or_refused, 0, N_OF(METHODS));
    tcase_add_test(ways, lists_end_and_defaults_stand);
    tcase_add_test(ways, chi_square_keeps_the_words_that_tell);
    tcase_add_test(ways, selection_does_not_see_the_fold_left_out);
    tcase_add_test(ways, the_ratio_of_a_case_done_by_hand);
    tcase_add_test(ways, a_scale_is_folded_into_the_weights);
    tcase_add_loop_test(ways, kernels_learn_what_is_there, 0, N_OF(KERNELS));
    tcase_add_test(ways, pairs_of_labels_become_labels);
    tcase_add_loop_test(ways, every_way_learns_and_says_what_it_tried, 0, N_OF(WAYS));
    tcase_add_loop_test(ways, the_better_recipe_is_taken, 0, 2);
    tcase_add_test(ways, a_base_goes_along_in_the_model);
    tcase_add_test(ways, known_margins_stand_in_for_the_bases_own);
    tcase_add_test(ways, a_base_and_its_recipe_belong_together);
    suite_add_tcase(suite, ways);
    return suite;
}
