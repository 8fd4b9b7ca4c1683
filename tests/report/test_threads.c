/* Threads and networks of which the truth is known, against what the sections say of them. */
#include "report/pairs.h"
#include "report/replies_made.h"

#include <check.h>
#include <math.h>

Suite *threads_suite(void);

static struct made_replies made;

static void end(void)
{
    made_replies_end(&made);
}

static void fill(report_section_fill *section)
{
    struct retort_error error;
    ck_assert(section(&made.made.work, &made.section, &error));
    made_replies_check(&made);
}

/* The truth lies in the interval, or no more than a third of its width beside it, as one in twenty
 * does; and the interval is no wider than it says. */
static void covers(const struct report_cell *cell, double truth, double width)
{
    double slack = (cell->high - cell->low) / 3;
    ck_assert(cell->kind == REPORT_SHARE || cell->kind == REPORT_POINTS);
    ck_assert_msg(cell->low - slack <= truth && truth <= cell->high + slack, "%g: %g (%g to %g)",
                  truth, cell->value, cell->low, cell->high);
    ck_assert_double_lt(cell->high - cell->low, width);
}

/* ---- what a label is answered by ---- */

/* Toxic answers toxic in a half, and else in three of twenty. */
static void make_hostile(void)
{
    made_replies_begin(&made, 500, 12, false);
    made_replies_chain(&made);
    made_replies_strangers(&made);
    for (size_t row = 0; row < made.made.data.n; row++) {
        bool after = made.made.data.parent[row] && made.truth[row - 1];
        made.truth[row] = made_replies_chance(&made) < (after ? .5 : .15);
    }
    made_replies_say(&made, .7, .06);
}

START_TEST(hostility_is_answered_as_often_as_in_truth)
{
    make_hostile();
    fill(report_threads_answers);
    const struct report_table *answers = made_table(&made, "answers");
    ck_assert_uint_eq(answers->n_rows, 1);
    covers(made_cell(answers, 0, "difference"), .35, .2);
    covers(made_cell(answers, 0, "after"), .5, .2);
    covers(made_cell(answers, 0, "else"), .15, .1);
    ck_assert_double_lt(made_cell(answers, 0, "said")->value, .2);
    ck_assert_uint_eq(made.section.n_findings, 1);
}
END_TEST

/* Answers to oneself are no answers: where each thread is one person's, there are none. */
START_TEST(answers_to_oneself_are_left_out)
{
    make_hostile();
    made_replies_circle(&made, 1);
    fill(report_threads_answers);
    ck_assert_uint_eq(made.section.n_tables, 0);
}
END_TEST

START_TEST(what_a_model_cannot_tell_is_said_in_words)
{
    make_hostile();
    memset(made.made.task.said, 0, made.made.data.n * sizeof *made.made.task.said);
    fill(report_threads_answers);
    const struct report_table *answers = made_table(&made, "answers");
    ck_assert_int_eq(made_cell(answers, 0, "difference")->kind, REPORT_NOTHING);
    ck_assert_uint_gt(made_cell(answers, 0, "difference")->text.len, 10);
    ck_assert_uint_eq(made.section.n_findings, 0);
}
END_TEST

START_TEST(answers_in_two_threads_have_no_interval)
{
    made_replies_begin(&made, 100, 60, false);
    made_replies_chain(&made);
    memset(made.made.data.parent + 2 * 60, 0, 98 * 60 * sizeof *made.made.data.parent);
    for (size_t row = 0; row < made.made.data.n; row++)
        made.truth[row] = row % 3 == 0;
    made_replies_say(&made, .9, .05);
    fill(report_threads_answers);
    const struct report_table *answers = made_table(&made, "answers");
    const struct report_cell *difference = made_cell(answers, 0, "difference");
    ck_assert_int_eq(difference->kind, REPORT_NOTHING);
    ck_assert(retort_span_starts(difference->text, RETORT_SPAN("All answers are in one or two")));
}
END_TEST

/* ---- depth ---- */

enum { AGREE, DISAGREE, NONE };
static const double RATES[] = {.7, .1, .2, .1, .75, .15, .1, .1, .8};

/* Disagreement grows by 4 points a level, from 10. */
static void make_deepening(void)
{
    made_replies_begin(&made, 400, 16, true);
    made_replies_scatter(&made);
    made_replies_circle(&made, 5);
    for (size_t row = 0; row < made.made.data.n; row++) {
        double chance = made_replies_chance(&made);
        double disagree = .06 + .04 * made.made.data.depth[row];
        made.truth[row] = chance < disagree ? DISAGREE : chance < .9 ? NONE : AGREE;
    }
    made_replies_say_one_of(&made, RATES);
}

START_TEST(disagreement_grows_with_depth_as_in_truth)
{
    make_deepening();
    fill(report_threads_depth);
    const struct report_table *depth = made_table(&made, "replies-by-depth");
    ck_assert_uint_ge(depth->n_rows, 5);
    covers(made_cell(depth, 0, "disagree"), .10, .12);
    covers(made_cell(depth, 3, "disagree"), .22, .15);
    ck_assert(made_finds(&made, "The share of replies that disagree changes by +"));
}
END_TEST

START_TEST(depth_without_replies_is_words)
{
    made_replies_begin(&made, 20, 5, true);
    made_replies_say_one_of(&made, RATES);
    fill(report_threads_depth);
    ck_assert_uint_eq(made.section.n_tables, 0);
    ck_assert(made_finds(&made, "No stored comment answers another"));
}
END_TEST

START_TEST(depth_without_a_model_is_words)
{
    made_replies_begin(&made, 20, 5, false);
    made_replies_chain(&made);
    made_replies_say(&made, .9, .1);
    fill(report_threads_depth);
    ck_assert(made_finds(&made, "No model here has labelled replies"));
}
END_TEST

/* None of none, and all of all: resampled, they would have an interval without a width. */
START_TEST(what_is_said_of_none_or_of_all_is_words)
{
    make_deepening();
    made.made.task.card = (struct retort_span){NULL, 0};
    for (size_t row = 0; row < made.made.data.n; row++) {
        made.made.task.said[row] = 0;
        made_shares_say(&made.made, row, _i ? (size_t)DISAGREE : (size_t)NONE, 1);
    }
    fill(report_threads_depth);
    const struct report_cell *share =
        made_cell(made_table(&made, "replies-by-depth"), 0, "disagree");
    ck_assert_int_eq(share->kind, REPORT_NOTHING);
    ck_assert(
        retort_span_equal(share->text, _i ? RETORT_SPAN("The model says it of all of them.")
                                          : RETORT_SPAN("The model says it of none of them.")));
}
END_TEST

START_TEST(cycles_that_were_cut_are_told)
{
    make_deepening();
    made.made.data.n_cycles = 3;
    fill(report_threads_depth);
    const struct report_table *depth = made_table(&made, "replies-by-depth");
    ck_assert(retort_span_starts(depth->notes[depth->n_notes - 1],
                                 RETORT_SPAN("Parents of 3 comments ran in a circle")));
}
END_TEST

/* ---- along a thread ---- */

/* Toxic: from a tenth at the beginning to four tenths at the end. */
static void make_heating(void)
{
    made_replies_begin(&made, 300, 20, false);
    made_replies_chain(&made);
    for (size_t row = 0; row < made.made.data.n; row++)
        made.truth[row] =
            made_replies_chance(&made) < .1 + .3 * (made.made.data.place[row] + .5) / 20;
    made_replies_say(&made, .7, .05);
}

static double true_share(uint32_t first, uint32_t last)
{
    double n = 0, n_on = 0;
    for (size_t row = 0; row < made.made.data.n; row++)
        if (made.made.data.place[row] >= first && made.made.data.place[row] <= last) {
            n++;
            n_on += made.truth[row];
        }
    return n_on / n;
}

START_TEST(tone_along_a_thread_changes_as_in_truth)
{
    make_heating();
    fill(report_threads_along);
    const struct report_table *along = made_table(&made, "tone-along");
    covers(made_cell(along, 0, "change"), .3, .15);
    covers(made_cell(along, 0, "first"), true_share(0, 1), .15);
    covers(made_cell(along, 0, "last"), true_share(18, 19), .15);
    const struct report_table *tenths = made_table(&made, "tone-by-tenth");
    ck_assert_uint_eq(tenths->n_rows, 10);
    ck_assert_double_eq(made_cell(tenths, 4, "comments")->value, 600);
    ck_assert(made_finds(&made, "From a thread's beginning to its end the share of \"toxic\""));
}
END_TEST

START_TEST(what_the_report_is_not_about_is_in_no_tenth)
{
    make_heating();
    for (size_t row = 0; row < made.made.data.n; row++)
        if (made.made.data.thread[row] >= 100)
            made.made.data.group[row] = REPORT_LEFT_OUT;
    fill(report_threads_along);
    ck_assert_double_eq(made_cell(made_table(&made, "tone-by-tenth"), 4, "comments")->value, 200);
}
END_TEST

START_TEST(short_threads_say_nothing_of_places)
{
    made_replies_begin(&made, 300, 9, false);
    made_replies_chain(&made);
    made_replies_say(&made, .7, .05);
    fill(report_threads_along);
    ck_assert_uint_eq(made.section.n_tables, 0);
    ck_assert(made_finds(&made, "No thread here has 10 comments"));
}
END_TEST

/* ---- networks ---- */

/* In each thread ten people of three camps, who pass over comments of other camps so often. */
static void make_camps(double own)
{
    enum { SIZE = 40, PEOPLE = 10 };
    made_replies_begin(&made, 150, SIZE, true);
    made.model.task = "stance";
    struct report_data *data = &made.made.data;
    made_replies_circle(&made, PEOPLE);
    for (uint32_t row = 0; row < data->n; row++) {
        made.truth[row] = (uint8_t)(data->author[row] % 3);
        if (data->place[row] == 0)
            continue;
        uint32_t answered = 0;
        for (int tries = 0; tries < 20; tries++) {
            answered = row - 1 - (uint32_t)(made_replies_chance(&made) * (double)data->place[row]);
            if (data->author[answered] != data->author[row] &&
                (made.truth[answered] == made.truth[row] || made_replies_chance(&made) > own))
                break;
        }
        data->parent[row] = answered + 1;
    }
    made_replies_say_one_of(&made, RATES);
}

/* By the truth itself. */
static double true_assortativity(void)
{
    const struct report_data *data = &made.made.data;
    double cells[9] = {0}, n = 0;
    for (size_t row = 0; row < data->n; row++) {
        size_t parent = data->parent[row];
        if (!parent || data->author[row] == data->author[parent - 1])
            continue;
        cells[3 * made.truth[parent - 1] + made.truth[row]]++;
        n++;
    }
    for (size_t i = 0; i < 9; i++)
        cells[i] /= n;
    return retort_pairs_assortativity(cells, 3);
}

enum { ROW_RECIPROCITY, ROW_RETURNED, ROW_COMMUNITIES, ROW_ASSORTATIVITY, ROW_CAMPS };

START_TEST(assortativity_of_camps_is_as_in_truth)
{
    make_camps(.9);
    fill(report_network);
    const struct report_table *network = made_table(&made, "network");
    const struct report_cell *value = made_cell(network, ROW_ASSORTATIVITY, "value");
    double truth = true_assortativity();
    ck_assert_double_gt(truth, .2);
    ck_assert_msg(value->low <= truth && truth <= value->high, "%g: %g (%g to %g)", truth,
                  value->value, value->low, value->high);
    ck_assert_double_lt(value->high - value->low, .2);
    ck_assert_double_lt(made_cell(network, ROW_ASSORTATIVITY, "said")->value, truth / 2);
    ck_assert_double_le(made_cell(network, ROW_ASSORTATIVITY, "p")->value, .05);
    ck_assert(made_finds(&made, "People answer those of their own camp"));
}
END_TEST

/* Who answers without looking is no more alike than chance, though few are in each thread. */
START_TEST(chance_is_what_threads_alone_give)
{
    make_camps(0);
    fill(report_network);
    const struct report_table *network = made_table(&made, "network");
    for (size_t i = 0; i <= ROW_CAMPS; i++) {
        const struct report_cell *value = made_cell(network, i, "value"),
                                 *chance = made_cell(network, i, "chance");
        double spread = chance->high - chance->low;
        ck_assert_double_ge(value->value, chance->low - spread);
        ck_assert_double_le(value->value, chance->high + spread);
    }
}
END_TEST

START_TEST(sizes_of_a_network_are_counted)
{
    made_replies_begin(&made, 2, 4, false);
    struct report_data *data = &made.made.data;
    static const uint32_t AUTHORS[] = {1, 2, 1, 2, 1, 3, 0, 3},
                          PARENTS[] = {0, 1, 2, 2, 0, 5, 5, 6};
    memcpy(data->author, AUTHORS, sizeof AUTHORS);
    memcpy(data->parent, PARENTS, sizeof PARENTS);
    data->n_authors = 4;
    made_replies_say(&made, .9, .1);
    fill(report_network);
    static const double WANTED[] = {4, 3, 3, 3, 1, 2, 1};
    const struct report_table *sizes = made_table(&made, "network-size");
    for (size_t i = 0; i < sizeof WANTED / sizeof *WANTED; i++)
        ck_assert_double_eq(made_cell(sizes, i, "n")->value, WANTED[i]);
    const struct report_table *network = made_table(&made, "network");
    ck_assert_double_eq_tol(made_cell(network, ROW_RECIPROCITY, "value")->value, 2.0 / 3, 1e-9);
    ck_assert_int_eq(made_cell(network, ROW_RECIPROCITY, "chance")->kind, REPORT_NOTHING);
}
END_TEST

static const struct {
    uint32_t n_authors, author;
    const char *words;
} NETWORKLESS[] = {
    {0, 0, "No stored comment names its author"},
    {1, 1, "All comments that name an author are by one"},
    {2, 1, "No reply here is between two people"},
};

START_TEST(where_there_is_no_network_words_say_why)
{
    made_replies_begin(&made, 3, 10, false);
    made_replies_chain(&made);
    made_replies_say(&made, .9, .1);
    made.made.data.n_authors = NETWORKLESS[_i].n_authors;
    for (size_t row = 0; row < made.made.data.n; row++)
        made.made.data.author[row] = NETWORKLESS[_i].author;
    fill(report_network);
    ck_assert_uint_eq(made.section.n_tables, 0);
    ck_assert(made_finds(&made, NETWORKLESS[_i].words));
}
END_TEST

/* ---- all sections at once ---- */

START_TEST(the_same_seed_gives_the_same_figures)
{
    double first = 0;
    for (int i = 0; i < 2; i++) {
        make_camps(.9);
        fill(report_network);
        double low = made_cell(made_table(&made, "network"), ROW_ASSORTATIVITY, "value")->low;
        ck_assert(i == 0 || low == first);
        first = low;
        if (i == 0)
            made_replies_end(&made);
    }
}
END_TEST

/* Nothing is labelled, or the report is about nothing of it. */
START_TEST(empty_columns_are_no_accident)
{
    make_deepening();
    for (size_t row = 0; _i && row < made.made.data.n; row++)
        made.made.data.group[row] = REPORT_LEFT_OUT;
    for (size_t row = 0; !_i && row < made.made.data.n; row++)
        made.made.task.p[row * 3] = NAN;
    made.made.task.n_labelled = _i ? made.made.data.n : 0;
    fill(report_threads);
    fill(report_network);
}
END_TEST

Suite *threads_suite(void)
{
    Suite *suite = suite_create("threads");
    TCase *threads = tcase_create("threads");
    tcase_add_checked_fixture(threads, NULL, end);
    tcase_set_timeout(threads, 60);
    tcase_add_test(threads, hostility_is_answered_as_often_as_in_truth);
    tcase_add_test(threads, answers_to_oneself_are_left_out);
    tcase_add_test(threads, what_a_model_cannot_tell_is_said_in_words);
    tcase_add_test(threads, answers_in_two_threads_have_no_interval);
    tcase_add_test(threads, disagreement_grows_with_depth_as_in_truth);
    tcase_add_test(threads, depth_without_replies_is_words);
    tcase_add_test(threads, depth_without_a_model_is_words);
    tcase_add_loop_test(threads, what_is_said_of_none_or_of_all_is_words, 0, 2);
    tcase_add_test(threads, cycles_that_were_cut_are_told);
    tcase_add_test(threads, tone_along_a_thread_changes_as_in_truth);
    tcase_add_test(threads, what_the_report_is_not_about_is_in_no_tenth);
    tcase_add_test(threads, short_threads_say_nothing_of_places);
    tcase_add_loop_test(threads, empty_columns_are_no_accident, 0, 2);
    suite_add_tcase(suite, threads);
    TCase *network = tcase_create("network");
    tcase_add_checked_fixture(network, NULL, end);
    tcase_set_timeout(network, 60);
    tcase_add_test(network, assortativity_of_camps_is_as_in_truth);
    tcase_add_test(network, chance_is_what_threads_alone_give);
    tcase_add_test(network, sizes_of_a_network_are_counted);
    tcase_add_loop_test(network, where_there_is_no_network_words_say_why, 0, 3);
    tcase_add_test(network, the_same_seed_gives_the_same_figures);
    suite_add_tcase(suite, network);
    return suite;
}
