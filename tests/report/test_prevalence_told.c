/* The section on prevalence: what its tables hold, and what is said where figures cannot be had. */
#include "report/shares_made.h"

#include "store/store.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *prevalence_told_suite(void);

enum { N = 1000 };

static struct made_shares made;
static struct report_section section;

/* Two groups of 400 and 600, threads of five comments; the label is said of 30 in a hundred. */
static void begin(void)
{
    static const char *labels[] = {"rude"};
    static const struct retort_stored_model model = {
        .hash = "h", .task = "tone", .choice = RETORT_ANY_OF, .n_labels = 1, .labels = labels};
    made_shares_begin(&made, N, 1, false);
    section = (struct report_section){.id = "prevalence"};
    made.task.model = &model;
    made.data.groups = RETORT_NEW(&made.arena, struct retort_span, 3);
    made.data.groups[0] = retort_span_of("left");
    made.data.groups[1] = retort_span_of("right");
    made.data.groups[2] = retort_span_of("nobody");
    made.data.n_groups = 3;
    for (size_t i = 0; i < N; i++) {
        made.data.thread[i] = (uint32_t)(i / 5);
        made.data.group[i] = i >= 400;
        made_shares_say(&made, i, 0, i * 37 % 100 < 30 ? .9f : .1f);
    }
    made.data.n_threads = N / 5;
}

static void tell(void)
{
    struct retort_error error;
    section.n_tables = section.n_findings = 0;
    made.report.n_methods = 0;
    ck_assert(report_prevalence(&made.work, &section, &error));
}

static const struct report_cell *cell(size_t table, size_t row, const char *column)
{
    const struct report_table *of = &section.tables[table];
    size_t c = 0;
    while (c < of->n_columns && strcmp(of->columns[c].name, column) != 0)
        c++;
    ck_assert_uint_lt(row, of->n_rows);
    ck_assert_uint_lt(c, of->n_columns);
    return &of->cells[row * of->n_columns + c];
}

static bool says(struct retort_span text, const char *words)
{
    size_t len = strlen(words);
    for (size_t i = 0; i + len <= text.len; i++)
        if (memcmp(text.data + i, words, len) == 0)
            return true;
    return false;
}

static bool notes(size_t table, const char *words)
{
    bool found = false;
    for (size_t i = 0; i < section.tables[table].n_notes; i++)
        found |= says(section.tables[table].notes[i], words);
    return found;
}

static bool cites(const char *source)
{
    bool found = false;
    for (size_t i = 0; i < made.report.n_methods; i++)
        found |= strstr(made.report.methods[i].sources, source) != NULL;
    return found;
}

START_TEST(shares_by_group_and_all_estimators)
{
    begin();
    made_shares_card(&made, 40, .8, .2, .01);
    tell();
    ck_assert_uint_eq(section.n_tables, 2);
    ck_assert_uint_eq(section.tables[0].n_rows, 3);
    ck_assert_double_eq(cell(0, 1, "comments")->value, 600);
    ck_assert_double_eq(cell(0, 1, "said")->value, 180);
    ck_assert_double_eq_tol(cell(0, 1, "counted")->value, .3, 1e-6);
    const struct report_cell *share = cell(0, 1, "share"); /* (.34 − .2) / .6 */
    ck_assert_double_eq_tol(share->value, .14 / .6, 1e-6);
    ck_assert(share->low < share->value && share->value < share->high && share->low >= 0);
    ck_assert(says(cell(0, 1, "basis")->text, "corrected"));
    ck_assert_int_eq(cell(0, 2, "share")->kind, REPORT_NOTHING);
    ck_assert_uint_eq(section.tables[1].n_rows, 4); /* CC, ACC, PACC, EMQ: nobody decided */
    ck_assert_double_eq_tol(cell(1, 1, "share")->value, .1 / .6, 1e-6);
    ck_assert_uint_eq(section.n_findings, 1);
    ck_assert(says(section.findings[0], "\"rude\" is true of 23.3 %"));
    ck_assert(cites("bella2010") && cites("rubin1981") && !cites("angelopoulos2023"));
    made_shares_end(&made);
}
END_TEST

START_TEST(what_is_as_counted_says_why)
{
    begin();
    made_shares_card(&made, 40, .9, .5, .01);
    tell();
    ck_assert(says(cell(0, 0, "basis")->text, "counted"));
    ck_assert_int_eq(cell(0, 0, "share")->kind, REPORT_NOTHING);
    ck_assert(says(cell(0, 0, "share")->text, "no share from 0"));
    ck_assert(says(section.findings[0], "can't be told"));
    ck_assert(notes(0, "nothing of what the model errs"));
    ck_assert(!notes(0, "corrected:") && !cites("bella2010,forman2008"));
    made.task.card = retort_span_of("{}");
    tell();
    ck_assert(says(cell(0, 0, "share")->text, "train it again"));
    ck_assert_uint_eq(section.tables[1].n_rows, 1);
    ck_assert(!cites("bella2010,forman2008"));
    made_shares_end(&made);
}
END_TEST

START_TEST(people_are_among_the_estimators)
{
    begin();
    made_shares_card(&made, 40, .8, .2, .01);
    made.task.decided = RETORT_NEW(&made.arena, struct report_decided, 60);
    for (size_t i = 0; i < 60; i++)
        made.task.decided[i] = (struct report_decided){(uint32_t)(i * 16), i % 10 > 0, 16, true};
    made.task.n_decided = 60;
    made.task.weighed = true;
    tell();
    ck_assert(says(cell(0, 1, "basis")->text, "people"));    /* 35 of them */
    ck_assert(says(cell(0, 0, "basis")->text, "corrected")); /* 25 */
    ck_assert_uint_eq(section.tables[1].n_rows, 6);
    ck_assert_double_eq_tol(cell(1, 4, "share")->value, .9, 1e-9);
    ck_assert(notes(1, "People and PACC contradict"));
    ck_assert(cites("angelopoulos2023"));
    made_shares_end(&made);
}
END_TEST

START_TEST(groups_of_one_are_told)
{
    begin();
    made_shares_card(&made, 40, .8, .2, .01);
    for (size_t i = 0; i < N; i++)
        made.data.group[i] = i == 0 ? 0 : i < 5 ? 1 : 2;
    tell();
    ck_assert(notes(0, "Groups of one comment (1)") && notes(0, "Groups of one thread (1)"));
    ck_assert(isnan(cell(0, 0, "share")->low));
    made_shares_end(&made);
}
END_TEST

START_TEST(a_task_without_labels_is_passed_over)
{
    begin();
    for (size_t i = 0; i < N; i++)
        made.task.p[i] = NAN;
    tell();
    ck_assert_uint_eq(section.n_tables, 0);
    made_shares_end(&made);
}
END_TEST

Suite *prevalence_told_suite(void)
{
    Suite *suite = suite_create("prevalence_told");
    TCase *cases = tcase_create("prevalence_told");
    tcase_set_timeout(cases, 30);
    tcase_add_test(cases, shares_by_group_and_all_estimators);
    tcase_add_test(cases, what_is_as_counted_says_why);
    tcase_add_test(cases, people_are_among_the_estimators);
    tcase_add_test(cases, groups_of_one_are_told);
    tcase_add_test(cases, a_task_without_labels_is_passed_over);
    suite_add_tcase(suite, cases);
    return suite;
}
