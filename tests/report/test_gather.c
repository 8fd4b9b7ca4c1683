/* Gathering: times in their forms, threads with circles, groups, filters, and the file in the form
 * of columns. */
#include "report/gather.h"
#include "report/when.h"
#include "store/fixture.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *gather_suite(void);

/* ---- times ---- */

static const struct {
    const char *text;
    int64_t seconds;
} TIMES[] = {
    {"2026-11-26", 1795651200},
    {"2026-11-26T08:30:15Z", 1795681815},
    {"2026-11-26T08:30:15.250+01:30", 1795676415},
    {"2026-11-26 08:30", 1795681800},
    {"2026/11/26", 1795651200},
    {"2026-11", 1793491200},
    {"20261126", 1795651200},
    {"1795681815", 1795681815},
    {"1795681815.75", 1795681815},
    {"1795681815123", 1795681815},
    {"Thu, 26 Nov 2026 08:30:15 +0000", 1795681815},
    {"26 Nov 2026 08:30:15 -0500", 1795699815},
    {"Thu Nov 26 08:30:15 +0000 2026", 1795681815},
    {"November 26, 2026 at 8:30 PM", 1795725000},
    {"November 26, 2026 at 12:05 AM", 1795651500},
    {"26th of November 2026", 1795651200},
    {"1969-12-31T23:59:59Z", -1},
    {"1815-06-18", -4876848000},
    {"-86400", -86400},
    {"2024-02-29", 1709164800},
};

START_TEST(test_a_time_is_read)
{
    int64_t seconds = 0;
    ck_assert_msg(retort_when(retort_span_of(TIMES[_i].text), &seconds), "%s", TIMES[_i].text);
    ck_assert_msg(seconds == TIMES[_i].seconds, "%s: %lld", TIMES[_i].text, (long long)seconds);
}
END_TEST

static const char *const NO_TIMES[] = {
    "",
    "yesterday",
    "3 hours ago",
    "2026-02-30",
    "2025-02-29",
    "2026-13-01",
    "99999999999999999999",
    "12:30",
    "26 Nov",
    "há 3 horas",
    "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17",
    "0000-00-00",
    "26.11.2026 um acht",
};

START_TEST(test_what_is_no_time_is_not_guessed_at)
{
    int64_t seconds;
    ck_assert_msg(!retort_when(retort_span_of(NO_TIMES[_i]), &seconds), "%s", NO_TIMES[_i]);
}
END_TEST

static void check_period(enum report_period period, const char *day, const char *name)
{
    struct retort_buffer out = {0};
    int64_t seconds;
    ck_assert(retort_when(retort_span_of(day), &seconds));
    report_put_period(&out, period, report_period_begin(period, report_day(seconds)));
    ck_assert_msg(retort_span_equal(retort_buffer_span(&out), retort_span_of(name)), "%s: %.*s",
                  day, (int)out.len, (const char *)out.data);
    retort_buffer_release(&out);
}

START_TEST(test_periods_have_names)
{
    check_period(REPORT_DAY, "2026-11-26", "2026-11-26");
    check_period(REPORT_WEEK, "2026-11-26", "2026-W48");
    check_period(REPORT_WEEK, "2027-01-03", "2026-W53");
    check_period(REPORT_WEEK, "2024-12-30", "2025-W01");
    check_period(REPORT_WEEK, "1969-12-31", "1970-W01");
    check_period(REPORT_MONTH, "1969-12-31", "1969-12");
}
END_TEST

/* ---- a file ---- */

static const char *const STANCE[] = {"favor", "against", "none", NULL};
static struct retort_store *store;
static struct retort_model *old_stance, *stance;
static struct retort_arena arena;
static struct retort_report report;
static struct report_data data;
static struct report_work work;
static struct retort_report_request request;
static struct retort_error error;

static void begin(void)
{
    fixture_begin();
    error = (struct retort_error){0};
    request = (struct retort_report_request){.seed = 1};
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    old_stance = fixture_model("stance", RETORT_ONE_OF, STANCE, "old");
    stance = fixture_model("stance", RETORT_ONE_OF, STANCE, "new");
}

static void end(void)
{
    retort_store_rollback(store);
    report_data_release(&data);
    data = (struct report_data){0};
    retort_arena_release(&arena);
    retort_arena_release(&report.arena);
    retort_model_close(old_stance);
    retort_model_close(stance);
    retort_store_close(store);
    fixture_end();
}

static int64_t put(const char *id, const char *parent, const char *author, const char *time)
{
    int64_t comment = 0;
    struct retort_line_record line = {
        .source = "lines.jsonl", .text = RETORT_SPAN("Said."), .native_id = retort_span_of(id)};
    if (parent)
        line.parent_id = retort_span_of(parent);
    if (author)
        line.author = retort_span_of(author);
    if (time)
        line.time = retort_span_of(time);
    ck_assert(retort_store_begin(store, &error) &&
              retort_store_put_line(store, &line, &comment, &error) &&
              retort_store_commit(store, &error));
    fixture_label(store, stance, comment, (const double[]){.7, .2, .1});
    return comment;
}

static bool gather(void)
{
    work = (struct report_work){store, &request, &report, &data, &arena};
    return report_gather(&work, &data, &error);
}

static void check_groups(const char *by, const char *names)
{
    struct retort_buffer out = {0};
    request.by = by;
    ck_assert_msg(gather(), "%s", error.message);
    for (size_t g = 0; g < data.n_groups; g++) {
        retort_buffer_text(&out, g ? " | " : "");
        retort_buffer_put(&out, data.groups[g]);
    }
    ck_assert_msg(retort_span_equal(retort_buffer_span(&out), retort_span_of(names)), "%.*s",
                  (int)out.len, (const char *)out.data);
    retort_buffer_release(&out);
}

START_TEST(test_a_thread_is_known_by_its_root)
{
    put("a", NULL, "ann", NULL);
    put("b", "a", "ben", NULL);
    put("c", "b", "ann", NULL);
    put("d", NULL, NULL, NULL);
    put("e", "gone", "", NULL);
    ck_assert_msg(gather(), "%s", error.message);
    ck_assert_uint_eq(data.n, 5);
    ck_assert_uint_eq(data.n_threads, 3);
    ck_assert(data.thread[0] == data.thread[2] && data.thread[0] != data.thread[3]);
    ck_assert(data.depth[0] == 0 && data.depth[2] == 2 && data.place[2] == 2);
    ck_assert(data.parent[2] == 2 && data.parent[4] == 0);
    ck_assert_uint_eq(data.n_authors, 2);
    ck_assert(data.author[0] == data.author[2] && data.author[3] == 0 && data.author[4] == 0);
    ck_assert_uint_eq(data.author_row[data.author[1]], 1);
}
END_TEST

START_TEST(test_a_circle_is_cut_once)
{
    put("a", "c", NULL, NULL);
    put("b", "a", NULL, NULL);
    put("c", "b", NULL, NULL);
    put("d", "d", NULL, NULL);
    ck_assert_msg(gather(), "%s", error.message);
    ck_assert_uint_eq(data.n_cycles, 2);
    ck_assert_uint_eq(data.n_threads, 2);
    ck_assert_int_eq(data.depth[0] + data.depth[1] + data.depth[2], 3);
    ck_assert(data.thread[0] == data.thread[1] && data.thread[1] == data.thread[2]);
}
END_TEST

START_TEST(test_only_the_model_in_force_is_counted)
{
    int64_t first = put("a", NULL, NULL, NULL);
    put("b", NULL, NULL, NULL);
    put("c", NULL, NULL, NULL);
    fixture_label(store, old_stance, first, (const double[]){.1, .1, .8});
    ck_assert_msg(gather(), "%s", error.message);
    ck_assert_uint_eq(data.n_tasks, 1);
    ck_assert_str_eq(data.tasks[0].model->hash, retort_model_hash(stance));
    ck_assert(data.tasks[0].n_labelled == 2 && data.tasks[0].n_other == 1);
    ck_assert(isnan(data.tasks[0].p[0]) && data.tasks[0].said[1] == 1);
    ck_assert_float_eq_tol(data.tasks[0].p[3], 0.7F, 1e-6F);
}
END_TEST

START_TEST(test_groups_in_order_and_by_size)
{
    put("a", NULL, "zoe", "2026-11-26");
    put("b", "a", "ann", "2026-11-24");
    put("c", "b", "ann", "1969-12-31");
    put("d", "a", NULL, "whenever");
    check_groups("author", "ann | zoe | (no author)");
    end();
    begin();
    put("a", NULL, "zoe", "2026-11-26");
    put("b", "a", "ann", "2026-11-24");
    put("c", "b", "ann", "1969-12-31");
    put("d", "a", NULL, "whenever");
    check_groups("day", "1969-12-31 | 2026-11-24 | 2026-11-26 | (no time)");
    ck_assert_uint_eq(data.n_odd_times, 1);
}
END_TEST

START_TEST(test_many_groups_are_one_and_many_days_are_weeks)
{
    char id[16], author[16], time[32];
    for (int i = 0; i < 40; i++) {
        snprintf(id, sizeof id, "%d", i);
        snprintf(author, sizeof author, "p%d", i < 20 ? 0 : i);
        snprintf(time, sizeof time, "2026-11-%02d", 1 + i % 20);
        put(id, NULL, author, time);
    }
    request.n_groups = 5;
    check_groups("author", "p0 | p20 | p21 | p22 | (others)");
    ck_assert_uint_eq(data.n_merged, 17);
    end();
    begin();
    for (int i = 0; i < 20; i++) {
        snprintf(id, sizeof id, "%d", i);
        snprintf(time, sizeof time, "2026-11-%02d", 1 + i);
        put(id, NULL, NULL, time);
    }
    request.n_groups = 5;
    check_groups("day", "2026-W44 | 2026-W45 | 2026-W46 | 2026-W47");
    ck_assert_str_eq(data.by, "week");
}
END_TEST

START_TEST(test_places_double)
{
    char id[16];
    put("0", NULL, NULL, NULL);
    for (int i = 1; i < 10; i++) {
        snprintf(id, sizeof id, "%d", i);
        put(id, "0", NULL, NULL);
    }
    check_groups("place", "1 | 2 | 3–4 | 5–8 | 9–16");
}
END_TEST

/* Left out are comments, not the threads they stand in. */
START_TEST(test_a_filter_leaves_threads_whole)
{
    put("a", NULL, "ann", "2026-11-01");
    put("b", "a", "ben", "2026-11-02");
    put("c", "b", "ann", "2026-12-01");
    put("d", "c", "ann", NULL);
    request.where = "author=ann,from=2026-11,to=2026-12-01";
    ck_assert_msg(gather(), "%s", error.message);
    ck_assert_uint_eq(data.n_selected, 1);
    ck_assert(data.group[0] == 0 && data.group[1] == REPORT_LEFT_OUT);
    ck_assert(data.group[2] == REPORT_LEFT_OUT && data.group[3] == REPORT_LEFT_OUT);
    ck_assert_uint_eq(data.depth[3], 3);
}
END_TEST

static const struct {
    const char *by, *where, *says;
} WRONG[] = {
    {"mood", NULL, "--by \"mood\""},
    {"label:mood", NULL, "names no task"},
    {"label:stance=cheerful", NULL, "has no label \"cheerful\""},
    {NULL, "author=nobody", "no comment is like that"},
    {NULL, "from=1999-99", "no time"},
    {NULL, "page=elsewhere", "no page of this file"},
};

START_TEST(test_what_means_nothing_is_refused)
{
    put("a", NULL, "ann", "2026-11-01");
    request.by = WRONG[_i].by;
    request.where = WRONG[_i].where;
    ck_assert(!gather());
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    ck_assert_msg(strstr(error.message, WRONG[_i].says) != NULL, "%s", error.message);
}
END_TEST

START_TEST(test_an_empty_file_is_said)
{
    ck_assert(!gather());
    ck_assert_int_eq(error.failure, RETORT_INPUT);
}
END_TEST

Suite *gather_suite(void)
{
    Suite *suite = suite_create("gather");
    TCase *times = tcase_create("times"), *file = tcase_create("file");
    tcase_add_loop_test(times, test_a_time_is_read, 0, sizeof TIMES / sizeof *TIMES);
    tcase_add_loop_test(times, test_what_is_no_time_is_not_guessed_at, 0,
                        sizeof NO_TIMES / sizeof *NO_TIMES);
    tcase_add_test(times, test_periods_have_names);
    tcase_add_checked_fixture(file, begin, end);
    tcase_add_test(file, test_a_thread_is_known_by_its_root);
    tcase_add_test(file, test_a_circle_is_cut_once);
    tcase_add_test(file, test_only_the_model_in_force_is_counted);
    tcase_add_test(file, test_groups_in_order_and_by_size);
    tcase_add_test(file, test_many_groups_are_one_and_many_days_are_weeks);
    tcase_add_test(file, test_places_double);
    tcase_add_test(file, test_a_filter_leaves_threads_whole);
    tcase_add_loop_test(file, test_what_means_nothing_is_refused, 0, sizeof WRONG / sizeof *WRONG);
    tcase_add_test(file, test_an_empty_file_is_said);
    suite_add_tcase(suite, times);
    suite_add_tcase(suite, file);
    return suite;
}
