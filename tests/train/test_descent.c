/* descent: our own solver reaches LIBLINEAR's objective, alone, with others, and from where it was.
 */
#include "train/made.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { N = 600, N_TEAM = 7 };

/* A lesson over the made-up rows, some of them twice where asked. */
struct taught {
    struct made made;
    size_t rows[2 * N];
    int8_t truth[2 * N];
    double *scale;
    struct retort_arena arena;
};

static void teach(struct taught *taught)
{
    *taught = (struct taught){0};
    made_write(N, false);
    made_build(&taught->made, MADE_RECIPE);
    uint32_t n_features = taught->made.matrix.dictionary.n_features;
    taught->scale = RETORT_NEW(&taught->arena, double, n_features);
    for (uint32_t i = 0; i < n_features; i++)
        taught->scale[i] = 0.25 * (i % 8);
}

static void forget(struct taught *taught)
{
    retort_arena_release(&taught->arena);
    made_release(&taught->made);
}

/* Every row whose number `step` divides, twice where twice is; positives: those with the label, and
 * no more than so many. */
static struct retort_lesson lesson_of(struct taught *taught, size_t label, bool twice,
                                      size_t most_yes)
{
    size_t n = 0, n_yes = 0;
    for (size_t i = 0; i < N; i++)
        for (int copy = 0; copy < (twice && i % 3 == 0 ? 2 : 1); copy++) {
            bool yes = taught->made.dataset.examples[i].truth[label] == RETORT_YES;
            taught->rows[n] = i;
            taught->truth[n++] = yes && n_yes < most_yes ? RETORT_YES : RETORT_NO;
            n_yes += yes && copy == 0;
        }
    return (struct retort_lesson){taught->rows, taught->truth, n};
}

static struct retort_machine machine_new(struct taught *taught)
{
    return (struct retort_machine){
        .weights = RETORT_NEW(&taught->arena, double, taught->made.matrix.dictionary.n_features)};
}

/* With the bias's share: it is the weight of a feature whose value is 4. */
static double objective(const struct taught *taught, const struct retort_fit *fit,
                        const struct retort_machine *machine)
{
    return retort_machine_objective(taught->made.problem, fit, machine) +
           machine->bias * machine->bias / 32;
}

static double reached_by(struct taught *taught, struct retort_fit fit, enum retort_solver solver,
                         double tolerance)
{
    struct retort_machine machine = machine_new(taught);
    fit.solver = solver;
    fit.tolerance = tolerance;
    retort_fit_linear(taught->made.problem, &fit, &machine);
    return objective(taught, &fit, &machine);
}

static const struct {
    double cost, weight_yes, weight_no;
    bool squared, scaled, twice;
    size_t most_yes;
} CASES[] = {
    {0.003, 1, 1, false, false, false, N}, {0.1, 1, 1, false, false, false, N},
    {1, 1, 1, false, false, false, N},     {30, 1, 1, false, false, false, N},
    {1000, 1, 1, false, false, false, N},  {0.1, 3, 0.6, false, false, false, N},
    {1, 3, 0.6, false, true, false, N},    {1, 1, 1, false, true, true, N},
    {0.003, 1, 1, true, false, false, N},  {0.1, 1, 1, true, false, false, N},
    {1, 3, 0.6, true, false, false, N},    {30, 1, 1, true, true, false, N},
    {1000, 1, 1, true, false, true, N},    {0.03, 2, 0.7, true, true, true, N},
    {0.1, 1, 1, false, false, false, 1},   {10, 1, 1, false, true, false, 1},
    {1, 300, 0.5, true, false, false, 1},  {10, 1, 1, true, false, true, 2},
};
enum { N_CASES = sizeof CASES / sizeof CASES[0] };

static struct retort_fit fit_of(struct taught *taught, size_t number)
{
    return (struct retort_fit){
        .lesson = lesson_of(taught, 0, CASES[number].twice, CASES[number].most_yes),
        .cost = CASES[number].cost,
        .weight_yes = CASES[number].weight_yes,
        .weight_no = CASES[number].weight_no,
        .squared = CASES[number].squared,
        .scale = CASES[number].scaled ? taught->scale : NULL,
        .seed = 1};
}

/* Never above LIBLINEAR's; below it where LIBLINEAR gave up after its 1,000 passes. */
START_TEST(the_objective_is_liblinears)
{
    struct taught taught;
    teach(&taught);
    const struct retort_fit fit = fit_of(&taught, (size_t)_i);
    double theirs = reached_by(&taught, fit, RETORT_SOLVER_LIBLINEAR, 1e-5);
    double tolerance = fit.cost > 1 ? 2e-3 : 1e-4; /* weights are floats, and large with C */
    double ours = reached_by(&taught, fit, RETORT_SOLVER_DESCENT, tolerance);
    printf("case %d: LIBLINEAR %.6f, ours %.6f\n", _i, theirs, ours);
    ck_assert_double_lt(ours, theirs * (1 + tolerance / 5));
    forget(&taught);
}
END_TEST

/* Machines of several labels, costs and weights learn beside one another as they would alone. */
START_TEST(a_team_reaches_what_each_would_alone)
{
    struct taught taught;
    struct retort_fit fits[N_TEAM];
    struct retort_machine machines[N_TEAM];
    teach(&taught);
    for (size_t m = 0; m < N_TEAM; m++) {
        fits[m] = fit_of(&taught, 1);
        struct retort_lesson lesson = lesson_of(&taught, m % 3, true, m == 4 ? 0 : N);
        fits[m].lesson.rows = memcpy(RETORT_NEW(&taught.arena, size_t, lesson.n), lesson.rows,
                                     lesson.n * sizeof *lesson.rows);
        fits[m].lesson.truth =
            memcpy(RETORT_NEW(&taught.arena, int8_t, lesson.n), lesson.truth, lesson.n);
        fits[m].lesson.n = m == 5 ? lesson.n / 2 : lesson.n;
        fits[m].cost = 0.05 * (double)(m + 1);
        fits[m].weight_yes = m == 6 ? 3 : 1;
        fits[m].squared = true;
        fits[m].scale = taught.scale;
        fits[m].tolerance = 1e-4;
        machines[m] = machine_new(&taught);
    }
    struct retort_descent *descent = retort_descent_new(taught.made.problem, fits, N_TEAM);
    retort_descent_run(descent, fits, machines);
    for (size_t m = 0; m < N_TEAM; m++) {
        double alone = reached_by(&taught, fits[m], RETORT_SOLVER_DESCENT, 1e-4);
        double together = objective(&taught, &fits[m], &machines[m]);
        ck_assert_double_lt(fabs(together - alone), alone * 2e-5);
    }
    ck_assert_double_eq(machines[4].bias, -1); /* one class only */
    retort_descent_free(descent);
    forget(&taught);
}
END_TEST

/* Along a list of C, up and down, each run ends where it would have ended from nothing. */
START_TEST(where_a_run_began_is_forgotten)
{
    static const double COSTS[] = {0.01, 1, 10, 0.3};
    struct taught taught;
    teach(&taught);
    struct retort_fit fit = fit_of(&taught, _i ? 9 : 7);
    struct retort_machine machine = machine_new(&taught);
    struct retort_descent *descent = retort_descent_new(taught.made.problem, &fit, 1);
    fit.tolerance = 1e-3;
    for (size_t c = 0; c < sizeof COSTS / sizeof *COSTS; c++) {
        fit.cost = COSTS[c];
        fit.weight_yes = c % 2 ? 2 : 1;
        retort_descent_run(descent, &fit, &machine);
        double fresh = reached_by(&taught, fit, RETORT_SOLVER_DESCENT, 1e-3);
        ck_assert_double_lt(fabs(objective(&taught, &fit, &machine) - fresh),
                            fresh * 2e-4); /* a gap of 1e-4 each */
    }
    retort_descent_free(descent);
    forget(&taught);
}
END_TEST

/* Texts that are empty or all the same cannot be told apart, and nobody waits for ever. */
START_TEST(what_cannot_be_told_apart_ends)
{
    struct retort_error error;
    struct retort_buffer out = {0};
    struct taught taught = {0};
    for (int i = 0; i < N; i++)
        retort_buffer_format(&out, "{\"text\":\"%s\",\"label\":\"%s\"}\n", _i ? "same word" : "",
                             i % 3 ? "no" : "yes");
    ck_assert(retort_file_replace(made_data, retort_buffer_span(&out), &error));
    retort_buffer_release(&out);
    made_build(&taught.made, "words=1");
    struct retort_fit fit = fit_of(&taught, 2);
    double theirs = reached_by(&taught, fit, RETORT_SOLVER_LIBLINEAR, 1e-5);
    double ours = reached_by(&taught, fit, RETORT_SOLVER_DESCENT, 1e-3);
    printf("the same: LIBLINEAR %.6f, ours %.6f\n", theirs, ours);
    ck_assert_double_lt(fabs(theirs - ours), theirs * 1e-3);
    forget(&taught);
}
END_TEST

Suite *descent_suite(void);

Suite *descent_suite(void)
{
    Suite *suite = suite_create("descent");
    TCase *parts = tcase_create("solver");
    tcase_add_unchecked_fixture(parts, made_begin, made_end);
    tcase_set_timeout(parts, 60);
    tcase_add_loop_test(parts, the_objective_is_liblinears, 0, N_CASES);
    tcase_add_test(parts, a_team_reaches_what_each_would_alone);
    tcase_add_loop_test(parts, where_a_run_began_is_forgotten, 0, 2);
    tcase_add_loop_test(parts, what_cannot_be_told_apart_ends, 0, 2);
    suite_add_tcase(suite, parts);
    return suite;
}
