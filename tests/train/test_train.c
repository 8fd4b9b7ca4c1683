/* train: folds, measures; libsvm and LIBLINEAR against each other and against our folded
 * weights; the same run twice. The texts are made from a seed, so that their labels can be learnt
 * and nobody wrote them. */
#include "train/made.h"
#include "train/parts.h"
#include "train/train.h"

#include <check.h>
#include <libsvm/svm.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void make(struct made *made, size_t n)
{
    made_write(n, false);
    made_build(made, MADE_RECIPE);
}

static void fit_both(const struct made *made, struct retort_machine machines[2],
                     double objectives[2])
{
    size_t n = made->dataset.n_examples;
    struct retort_arena arena = {0};
    size_t *rows = RETORT_NEW(&arena, size_t, n);
    int8_t *truth = RETORT_NEW(&arena, int8_t, n);
    for (size_t i = 0; i < n; i++) {
        rows[i] = i;
        truth[i] = made->dataset.examples[i].truth[0];
    }
    static const enum retort_solver SOLVERS[] = {RETORT_SOLVER_LIBSVM, RETORT_SOLVER_LIBLINEAR};
    struct retort_problem *problem = retort_problem_new(&made->matrix, NULL);
    for (int kind = 0; kind < 2; kind++) {
        const struct retort_fit fit = {.lesson = {rows, truth, n},
                                       .cost = 1,
                                       .weight_yes = 1,
                                       .weight_no = 1,
                                       .tolerance = 1e-4,
                                       .solver = SOLVERS[kind],
                                       .seed = 1};
        machines[kind].weights =
            retort_grow(NULL, made->matrix.dictionary.n_features, sizeof(double));
        retort_fit_linear(problem, &fit, &machines[kind]);
        objectives[kind] = retort_machine_objective(problem, &fit, &machines[kind]);
    }
    retort_problem_free(problem);
    retort_arena_release(&arena);
}

/* ---- dictionary ---- */

static bool has_feature(const struct retort_matrix *matrix, const char *name)
{
    for (uint32_t i = 0; i < matrix->dictionary.n_features; i++)
        if (retort_span_equal(matrix->names[i], retort_span_of(name)))
            return true;
    return false;
}

/* Each a, b, … says its own word and "common"; one of them stands beside eight parents, and one
 * parent above eight replies. */
static const char *const WITH_PARENTS[] = {"words=1 binary=1 cues=1 reply=1 cue_scale=1",
                                           "words=1 parent=1"};

START_TEST(what_one_text_says_stays_out)
{
    struct retort_buffer out = {0};
    struct retort_error error;
    struct made made = {0};
    for (int i = 0; i < 16; i++) {
        int repeated = i < 8;
        retort_buffer_format(&out, "{\"id\":%d,\"label\":\"%s\",\"text\":\"common %s%c\",", i,
                             i % 2 ? "agree" : "none", "secret", repeated ? 'a' : 'b' + i);
        retort_buffer_format(&out, "\"parent_text\":\"shared %s%c\"}\n", "hidden",
                             repeated ? 'b' + i : 'a');
    }
    ck_assert(retort_file_replace(made_data, retort_buffer_span(&out), &error));
    made_build(&made, WITH_PARENTS[_i]);
    ck_assert(has_feature(&made.matrix, "word:common"));
    ck_assert(has_feature(&made.matrix, "parent:shared"));
    ck_assert(!has_feature(&made.matrix, "word:secreta"));
    ck_assert(!has_feature(&made.matrix, "parent:hiddena"));
    retort_buffer_release(&out);
    made_release(&made);
}
END_TEST

/* ---- solvers ---- */

START_TEST(libsvm_and_liblinear_reach_the_same_objective)
{
    struct made made = {0};
    struct retort_machine machines[2];
    make(&made, 1000);
    double objectives[2];
    fit_both(&made, machines, objectives);
    double apart = fabs(objectives[0] - objectives[1]) / objectives[0];
    printf("objectives: libsvm %.4f, LIBLINEAR %.4f, apart %.2e\n", objectives[0], objectives[1],
           apart);
    ck_assert_double_lt(apart, 0.01);
    free(machines[0].weights);
    free(machines[1].weights);
    made_release(&made);
}
END_TEST

/* A row of the matrix as libsvm's nodes, in the arena. */
static struct svm_node *nodes_of(const struct retort_matrix *matrix, size_t row,
                                 struct retort_arena *arena)
{
    size_t begin = row ? matrix->ends[row - 1] : 0, n = matrix->ends[row] - begin;
    struct svm_node *nodes = RETORT_NEW(arena, struct svm_node, n + 1);
    struct retort_entry *entries = RETORT_NEW(arena, struct retort_entry, n);
    memcpy(entries, matrix->entries + begin, n * sizeof *entries);
    retort_weigh(entries, n, matrix->recipe, &matrix->dictionary);
    for (size_t i = 0; i < n; i++)
        nodes[i] = (struct svm_node){(int)entries[i].feature + 1, (double)entries[i].value};
    nodes[n].index = -1;
    return nodes;
}

static void silent(const char *text)
{
    (void)text;
}

/* libsvm on its own, asked for its decision values, beside our weights folded from the same run. */
START_TEST(folded_weights_give_libsvms_margins)
{
    struct made made = {0};
    struct retort_arena arena = {0};
    struct retort_machine machines[2];
    make(&made, 1000);
    size_t n = made.dataset.n_examples;
    struct svm_node **x = RETORT_NEW(&arena, struct svm_node *, n);
    double *y = RETORT_NEW(&arena, double, n), worst = 0;
    for (size_t i = 0; i < n; i++) {
        x[i] = nodes_of(&made.matrix, i, &arena);
        y[i] = made.dataset.examples[i].truth[0] == RETORT_YES ? 1 : -1;
    }
    int classes[] = {1, -1};
    double ones[] = {1, 1};
    struct svm_problem problem = {(int)n, y, x};
    struct svm_parameter how = {.svm_type = C_SVC,
                                .kernel_type = LINEAR,
                                .cache_size = 100,
                                .eps = 1e-4,
                                .C = 1,
                                .nr_weight = 2,
                                .weight_label = classes,
                                .weight = ones,
                                .shrinking = 1};
    svm_set_print_string_function(silent);
    struct svm_model *model = svm_train(&problem, &how);
    double objectives[2];
    fit_both(&made, machines, objectives);
    for (size_t i = 0; i < n; i++) {
        double theirs;
        svm_predict_values(model, x[i], &theirs);
        theirs *= model->label[0] == 1 ? 1 : -1;
        double ours = retort_machine_margin(&machines[0], made.problem, i);
        worst = fmax(worst, fabs(ours - theirs) / fmax(fabs(theirs), 1e-3));
    }
    printf("libsvm and folded margins of 1,000 comments differ by at most %.2e, relative\n", worst);
    ck_assert_double_lt(worst, 1e-6);
    svm_free_and_destroy_model(&model);
    free(machines[0].weights);
    free(machines[1].weights);
    retort_arena_release(&arena);
    made_release(&made);
}
END_TEST

static const char *const IN_UNITS[] = {
    "words=2 chars=3-5 idf=1 cues=1 reply=1 target=1 cue_scale=0.2",
    "words=2 idf=1 cues=1 early=5 cue_scale=0.2"};

/* Trained on dense features in units of their deviation, asked about them as they are. */
START_TEST(folded_weights_forget_the_units)
{
    struct made made = {0};
    struct retort_machine machines[2];
    made_write(300, false);
    made_build(&made, IN_UNITS[_i]);
    struct retort_problem *raw = retort_problem_new(&made.matrix, NULL);
    retort_standard_measure(&made.matrix);
    struct retort_problem *in_units = retort_problem_new(&made.matrix, NULL);
    double objectives[2];
    fit_both(&made, machines, objectives);
    struct retort_machine folded = machines[1];
    size_t size = made.matrix.dictionary.n_features * sizeof *folded.weights;
    double worst = 0, moved = 0;
    folded.weights = memcpy(retort_grow(NULL, size, 1), machines[1].weights, size);
    retort_standard_fold(&made.matrix, folded.weights, &folded.bias);
    for (size_t i = 0; i < 300; i++) {
        double margin = retort_machine_margin(&machines[1], in_units, i);
        worst = fmax(worst, fabs(margin - retort_machine_margin(&folded, raw, i)));
        moved = fmax(moved, fabs(margin - retort_machine_margin(&machines[1], raw, i)));
    }
    ck_assert_double_lt(worst, 1e-5);
    ck_assert_double_gt(moved, 1e-2);
    free(folded.weights);
    free(machines[0].weights);
    free(machines[1].weights);
    retort_problem_free(raw);
    retort_problem_free(in_units);
    made_release(&made);
}
END_TEST

/* ---- folds ---- */

START_TEST(folds_never_split_a_group)
{
    struct made made = {0};
    struct retort_span groups[403];
    uint8_t fold[403];
    make(&made, 403);
    for (size_t i = 0; i < 403; i++)
        groups[i] = made.dataset.examples[i].group;
    ck_assert_uint_eq(retort_folds_assign(groups, 403, 5, 1, fold), 5);
    size_t sizes[5] = {0};
    for (size_t i = 0; i < 403; i++) {
        ck_assert_uint_eq(fold[i], fold[i / 4 * 4]);
        sizes[fold[i]]++;
    }
    for (size_t f = 0; f < 5; f++)
        ck_assert(sizes[f] >= 76 && sizes[f] <= 88);
    made_release(&made);
}
END_TEST

/* ---- measures ---- */

START_TEST(figures_of_a_case_done_by_hand)
{
    int8_t truths[4][1] = {{RETORT_YES}, {RETORT_NO}, {RETORT_YES}, {RETORT_UNKNOWN}};
    struct retort_example examples[4] = {0};
    const char *labels[] = {"toxic"};
    struct retort_score scores[4] = {
        {2, 0.9, true, false}, {1, 0.8, true, true}, {0, 0.3, false, false}, {9, 0.9, true, false}};
    struct retort_dataset dataset = {.examples = examples,
                                     .n_examples = 4,
                                     .labels = labels,
                                     .n_labels = 1,
                                     .choice = RETORT_ANY_OF};
    struct retort_arena arena = {0};
    struct retort_figures figures;
    for (size_t i = 0; i < 4; i++) {
        examples[i].truth = truths[i];
        examples[i].counts = 1;
    }
    retort_measure(&figures, &dataset, scores, &arena);
    ck_assert_uint_eq(figures.labels[0].n_asked, 3);
    ck_assert_double_eq(figures.labels[0].precision, 0.5);
    ck_assert_double_eq(figures.labels[0].recall, 0.5);
    ck_assert_double_eq(figures.labels[0].f1, 0.5);
    ck_assert_double_eq(figures.labels[0].auc, 0.5);
    ck_assert_double_eq_tol(figures.labels[0].ece, (0.1 + 0.8 + 0.7) / 3, 1e-9);
    ck_assert_double_eq_tol(figures.sure_share, 2.0 / 3, 1e-9);
    ck_assert_double_eq(figures.sure_error, 0.5);
    retort_arena_release(&arena);
}
END_TEST

/* ---- whole runs ---- */

static struct retort_train_options options_for(const char *const *inputs)
{
    return (struct retort_train_options){.task = "test",
                                         .output = made_model,
                                         .inputs = inputs,
                                         .n_inputs = 1,
                                         .seed = 1,
                                         .quiet = true};
}

static void train_and_hash(size_t n_workers, const char *recipe, enum retort_solver solver,
                           char hash[RETORT_SHA256_HEX])
{
    const char *inputs[] = {made_data};
    struct retort_train_options options = options_for(inputs);
    struct retort_error error;
    struct retort_file file;
    options.n_workers = n_workers;
    options.recipe = recipe;
    options.solver = solver;
    ck_assert_msg(retort_train(&options, &error), "%s", error.message);
    ck_assert(retort_file_read(&file, made_model, &error));
    retort_sha256(file.bytes, hash);
    retort_file_close(&file);
}

static const struct {
    const char *recipe;
    enum retort_solver solver;
} SAME[] = {
    {NULL, RETORT_SOLVER_LIBSVM},
    {NULL, RETORT_SOLVER_LIBLINEAR},
    {"words=2 chars=2-3 idf=1 negation=1 train.chi2=1 train.most.word=40 train.nb=1 "
     "train.squared=1 "
     "train.one_vs_one=1 train.balances=0,1",
     RETORT_SOLVER_LIBLINEAR},
    {NULL, RETORT_SOLVER_DESCENT},
    {"words=2 chars=2-3 idf=1 cues=1 train.chi2=1 train.most.word=40 train.nb=1 train.plain=3 "
     "train.squared=1 train.standard=1 train.one_vs_one=1 train.balances=0,1",
     RETORT_SOLVER_DESCENT},
};

START_TEST(the_same_data_and_seed_give_the_same_file)
{
    char first[RETORT_SHA256_HEX], second[RETORT_SHA256_HEX];
    made_write(300, false);
    train_and_hash(1, SAME[_i].recipe, SAME[_i].solver, first);
    train_and_hash(2, SAME[_i].recipe, SAME[_i].solver, second);
    ck_assert_str_eq(first, second);
    train_and_hash(3, SAME[_i].recipe, SAME[_i].solver, second);
    ck_assert_str_eq(first, second);
}
END_TEST

START_TEST(a_model_learns_what_is_there)
{
    const char *paths[] = {made_data};
    char hash[RETORT_SHA256_HEX];
    struct retort_error error;
    struct retort_model *model;
    struct retort_labeller labeller;
    struct retort_arena arena = {0};
    struct retort_verdict verdict;
    (void)paths;
    made_write(600, _i);
    train_and_hash(2, NULL, RETORT_SOLVER_AUTO, hash);
    ck_assert(retort_model_open(&model, made_model, &error));
    ck_assert_int_eq(retort_model_choice(model), _i ? RETORT_ANY_OF : RETORT_ONE_OF);
    retort_labeller_init(&labeller);
    const struct retort_item item = {.text = RETORT_SPAN("we think good support fair glad road")};
    retort_label_item(&labeller, model, &item, &arena, &verdict);
    size_t favor = 0;
    while (strcmp(retort_model_label(model, favor)->name, "favor") != 0)
        favor++;
    ck_assert(verdict.scores[favor].on);
    for (size_t l = 0; l < retort_model_n_labels(model); l++) {
        ck_assert(verdict.scores[l].p >= 0 && verdict.scores[l].p <= 1);
        ck_assert_double_lt(retort_model_label(model, l)->platt_a, 0);
    }
    retort_labeller_release(&labeller);
    retort_model_close(model);
    retort_arena_release(&arena);
}
END_TEST

static const char *const BAD_LINES[] = {
    "{\"text\":\"a\"",
    "[1]",
    "{\"label\":\"x\"}",
    "{\"text\":7,\"label\":\"x\"}",
    "{\"text\":\"a\"}",
    "{\"text\":\"a\",\"label\":7}",
    "{\"text\":\"a\",\"label\":[\"x\",7]}",
    "{\"text\":\"a\",\"label\":[\"x\"],\"asked\":\"x\"}",
    "{\"text\":\"a\",\"label\":\"x\",\"target\":3}",
    "{\"text\":\"\\ud800\",\"label\":\"x\"}",
    "{\"text\":\"a\",\"label\":\"\"}",
    "{\"text\":\"a\",\"label\":[\"list\"]}",
};

START_TEST(a_bad_line_is_named)
{
    struct retort_buffer out = {0};
    struct retort_error error;
    struct retort_dataset dataset;
    const char *paths[] = {made_data};
    retort_buffer_format(&out, "{\"text\":\"fine\",\"label\":\"x\"}\n\n%s\n", BAD_LINES[_i]);
    ck_assert(retort_file_replace(made_data, retort_buffer_span(&out), &error));
    ck_assert(!retort_dataset_read(&dataset, paths, 1, NULL, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_msg(strstr(error.message, "data.jsonl:3: ") != NULL, "%s", error.message);
    retort_buffer_release(&out);
}
END_TEST

START_TEST(no_label_one_label_or_one_group_cannot_be_trained)
{
    const char *inputs[] = {made_data};
    struct retort_train_options options = options_for(inputs);
    struct retort_error error;
    ck_assert(retort_file_replace(
        made_data,
        RETORT_SPAN("{\"text\":\"a\",\"label\":\"x\"}\n{\"text\":\"b\",\"label\":\"x\"}\n"),
        &error));
    ck_assert(!retort_train(&options, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert(retort_file_replace(made_data,
                                  RETORT_SPAN("{\"text\":\"a\",\"label\":\"x\",\"group\":1}\n"
                                              "{\"text\":\"b\",\"label\":\"y\",\"group\":1}\n"),
                                  &error));
    ck_assert(!retort_train(&options, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert(retort_file_replace(made_data,
                                  RETORT_SPAN("{\"text\":\"a\",\"label\":[]}\n"
                                              "{\"text\":\"b\",\"label\":[]}\n"),
                                  &error));
    ck_assert(!retort_train(&options, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_int_ne(access(made_model, F_OK), 0);
}
END_TEST

Suite *train_suite(void);

Suite *train_suite(void)
{
    Suite *suite = suite_create("train");
    TCase *parts = tcase_create("parts");
    tcase_add_checked_fixture(parts, made_begin, made_end);
    tcase_set_timeout(parts, 120);
    tcase_add_loop_test(parts, what_one_text_says_stays_out, 0, 2);
    tcase_add_test(parts, libsvm_and_liblinear_reach_the_same_objective);
    tcase_add_test(parts, folded_weights_give_libsvms_margins);
    tcase_add_loop_test(parts, folded_weights_forget_the_units, 0, 2);
    tcase_add_test(parts, folds_never_split_a_group);
    tcase_add_test(parts, figures_of_a_case_done_by_hand);
    tcase_add_loop_test(parts, the_same_data_and_seed_give_the_same_file, 0,
                        sizeof SAME / sizeof SAME[0]);
    tcase_add_loop_test(parts, a_model_learns_what_is_there, 0, 2);
    tcase_add_loop_test(parts, a_bad_line_is_named, 0, sizeof BAD_LINES / sizeof BAD_LINES[0]);
    tcase_add_test(parts, no_label_one_label_or_one_group_cannot_be_trained);
    suite_add_tcase(suite, parts);
    return suite;
}
