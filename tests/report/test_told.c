/* What the sections on polarity, comparison and words tell of columns made by hand. */
#include "report/scales.h"
#include "report/shares_made.h"
#include "report/word_counts.h"
#include "store/fixture.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

Suite *told_suite(void);

static const char *STANCE[] = {"favor", "against", "none"};
static const char *TONE[] = {"toxic"};

static struct made_shares made;
static struct retort_stored_model model;
static struct report_section section;
static struct retort_span groups[8];
static struct retort_error error;

/* Comments of ten in a thread, all in the group "all". */
static void begin(const char *task, const char **labels, size_t n_labels, size_t n)
{
    made_shares_begin(&made, n, n_labels, n_labels > 1);
    model = (struct retort_stored_model){
        .hash = "abc", .task = task, .n_labels = n_labels, .labels = labels};
    section = (struct report_section){.id = "told", .title = "Told"};
    made.task.model = &model;
    made.data.groups = groups;
    groups[0] = RETORT_SPAN("all");
    for (size_t i = 0; i < n; i++)
        made.data.thread[i] = (uint32_t)(i / 10);
    made.data.n_threads = (uint32_t)((n + 9) / 10);
}

/* Threads of the group go from `first` on, up to the next group. */
static void name_group(uint32_t group, const char *name, size_t first)
{
    groups[group] = retort_span_of(name);
    made.data.n_groups = group + 1;
    for (size_t i = first; i < made.data.n; i++)
        made.data.group[i] = group;
}

static void fill(report_section_fill *of)
{
    bool filled = of(&made.work, &section, &error);
    ck_assert_msg(filled, "%s", error.message);
}

static const struct report_cell *cell(size_t table, size_t row, size_t column)
{
    ck_assert(table < section.n_tables && row < section.tables[table].n_rows);
    return &section.tables[table].cells[row * section.tables[table].n_columns + column];
}

static bool holds(struct retort_span text, const char *words)
{
    struct retort_span wanted = retort_span_of(words);
    for (size_t at = 0; at + wanted.len <= text.len; at++)
        if (memcmp(text.data + at, wanted.data, wanted.len) == 0)
            return true;
    return false;
}

static bool notes_hold(size_t table, const char *words)
{
    for (size_t i = 0; i < section.tables[table].n_notes; i++)
        if (holds(section.tables[table].notes[i], words))
            return true;
    return false;
}

static void finds(const char *words)
{
    for (size_t i = 0; i < section.n_findings; i++)
        if (holds(section.findings[i], words))
            return;
    ck_abort_msg("no finding says `%s`; the first of %zu: %.*s", words, section.n_findings,
                 section.n_findings ? (int)section.findings[0].len : 0,
                 section.n_findings ? (const char *)section.findings[0].data : "");
}

static bool no_figure_is_odd(void)
{
    for (size_t t = 0; t < section.n_tables; t++)
        for (size_t i = 0; i < section.tables[t].n_rows * section.tables[t].n_columns; i++) {
            const struct report_cell *at = &section.tables[t].cells[i];
            if (at->kind >= REPORT_COUNT && !isfinite(at->value))
                return false;
        }
    return true;
}

/* ---- polarity ---- */

START_TEST(test_a_scale_has_its_figures)
{
    begin("stance", STANCE, 3, 400);
    for (size_t i = 0; i < 400; i++) /* 160 against, 100 none, 140 in favor */
        made_shares_say(&made, i, i * 7 % 20 < 8 ? 1 : i * 7 % 20 < 13 ? 2 : 0, 1);
    fill(report_polarity);
    ck_assert_double_eq_tol(cell(0, 0, 1)->value, -0.05, 1e-6);
    ck_assert_double_eq_tol(cell(0, 0, 2)->value, -0.15, 1e-6);
    ck_assert(cell(0, 0, 2)->low < -0.15 && cell(0, 0, 2)->high > -0.15);
    ck_assert_double_eq_tol(cell(1, 0, 1)->value, 0.75 - 0.0025, 1e-6);
    ck_assert(notes_hold(0, "Not corrected"));
    finds("stance, as the model says: agreement A is −0.15");
    finds("against < none < favor");
    ck_assert(no_figure_is_odd());
}
END_TEST

/* The model takes two camps for one: what is corrected has both. */
START_TEST(test_polarity_is_of_corrected_shares)
{
    const double errors[] = {.6, .1, .3, .1, .6, .3, .1, .1, .8};
    begin("stance", STANCE, 3, 1000);
    for (size_t i = 0; i < 1000; i++) /* true: half and half; said: 35, 35, 30 */
        made_shares_say(&made, i, i * 7 % 20 < 7 ? 1 : i * 7 % 20 < 13 ? 2 : 0, 1);
    made_shares_card_one_of(&made, errors);
    fill(report_polarity);
    ck_assert_double_eq_tol(cell(0, 0, 2)->value, -1, 1e-3);
    ck_assert(cell(0, 0, 2)->low < -0.999 && cell(0, 0, 2)->high > -0.99);
    ck_assert(!notes_hold(0, "Not corrected"));
    ck_assert(!holds(section.tables[0].title, "as the model says"));
    finds("stance: agreement A is");
}
END_TEST

START_TEST(test_what_cannot_be_told_has_words)
{
    begin("stance", STANCE, 3, 31);
    for (size_t i = 0; i < 31; i++)
        made_shares_say(&made, i, i < 30 ? 2 : 0, 1);
    name_group(1, "alone", 30);
    name_group(2, "nobody", 31);
    fill(report_polarity);
    ck_assert_int_eq(cell(0, 0, 2)->kind, REPORT_NUMBER); /* all say none */
    ck_assert(isnan(cell(0, 0, 2)->low));
    ck_assert(notes_hold(0, "No interval"));
    ck_assert(holds(cell(0, 1, 2)->text, "nobody to differ from"));
    ck_assert(holds(cell(1, 0, 2)->text, "all in one category"));
    ck_assert(holds(cell(0, 2, 1)->text, "no comment here is labelled"));
    ck_assert(no_figure_is_odd());
}
END_TEST

START_TEST(test_scales_are_asked_for)
{
    begin("stance", STANCE, 3, 40);
    for (size_t i = 0; i < 40; i++)
        made_shares_say(&made, i, i % 3, 1);
    made.request.scale = "favor, against";
    fill(report_polarity);
    ck_assert(notes_hold(0, "not on the scale"));
    ck_assert(holds(cell(0, 0, 2)->text, "needs three categories"));
    made.request.scale = "favor,againts";
    ck_assert(!report_polarity(&made.work, &section, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    ck_assert(strstr(error.message, "is no scale of a task here"));
    made.request.scale = "favor,favor";
    ck_assert(!report_polarity(&made.work, &section, &error));
    made.request.scale = "";
    ck_assert(!report_polarity(&made.work, &section, &error));
}
END_TEST

START_TEST(test_labels_that_are_on_or_off_have_no_scale)
{
    begin("tone", TONE, 1, 200);
    for (size_t i = 0; i < 200; i++)
        made_shares_say(&made, i, 0, i % 4 == 0 ? 1 : 0);
    fill(report_polarity);
    ck_assert_uint_eq(section.n_tables, 1);
    ck_assert_double_eq_tol(cell(0, 0, 2)->value, 0.75, 1e-6);
    ck_assert(notes_hold(0, "no agreement A"));
    made_shares_end(&made);
    begin("mood", STANCE, 3, 40); /* in no order that is known */
    for (size_t i = 0; i < 40; i++)
        made_shares_say(&made, i, i % 2, 1);
    fill(report_polarity);
    ck_assert_double_eq_tol(cell(0, 0, 1)->value, 1, 1e-6);
    ck_assert(notes_hold(0, "--scale"));
}
END_TEST

START_TEST(test_the_most_divided_group_is_named)
{
    begin("stance", STANCE, 3, 400);
    for (size_t i = 0; i < 400; i++)
        made_shares_say(&made, i, i < 200 && i * i % 13 > 3 ? 2 : i * i % 11 < 5, 1);
    name_group(1, "quarrel", 200);
    fill(report_polarity);
    finds("most divided is quarrel");
    section = (struct report_section){.id = "told"};
    for (size_t i = 0; i < 400; i++)
        made.data.group[i] = i / 10 % 2;
    fill(report_polarity);
    finds("too near to each other to say");
}
END_TEST

/* ---- comparison ---- */

/* Label 0 is said of so many in a hundred, in the first half of the threads and in the second. */
static void begin_halves(size_t n, size_t first, size_t second)
{
    begin("tone", TONE, 1, n);
    for (size_t i = 0; i < n; i++)
        made_shares_say(&made, i, 0,
                        (i * 7919 + i / 100 * 13) % 100 < (i < n / 2 ? first : second));
    name_group(1, "later", n / 2);
    groups[0] = RETORT_SPAN("earlier");
}

START_TEST(test_a_difference_is_of_corrected_shares)
{
    begin_halves(2000, 45, 24);
    made_shares_card(&made, 40, .8, .1, .02);
    fill(report_comparison);
    ck_assert_uint_eq(section.tables[0].n_rows, 1);
    ck_assert_double_eq_tol(cell(0, 0, 2)->value, .5, .02); /* (.45 - .1) / .7 */
    ck_assert_double_eq_tol(cell(0, 0, 3)->value, .2, .02); /* (.24 - .1) / .7 */
    ck_assert_double_eq_tol(cell(0, 0, 4)->value, .3, .02);
    ck_assert(cell(0, 0, 4)->low > .2 && cell(0, 0, 4)->high < .4);
    ck_assert_double_eq_tol(cell(0, 0, 1)->value, .64, .05); /* 2 asin sqrt .5 - 2 asin sqrt .2 */
    ck_assert(cell(0, 0, 5)->value < .001);
    finds("a medium effect: toxic is more common in earlier");
    finds("1 of 1");
    ck_assert(holds(section.tables[0].title, "tone: earlier, and later as the others"));
}
END_TEST

START_TEST(test_no_difference_is_no_finding)
{
    begin_halves(2000, 30, 30);
    fill(report_comparison);
    ck_assert(cell(0, 0, 5)->value > .05);
    finds("no difference stands out from chance");
    ck_assert(no_figure_is_odd());
}
END_TEST

START_TEST(test_a_group_of_one_thread_is_not_tested)
{
    begin_halves(400, 60, 20);
    name_group(0, "earlier", 0);
    name_group(1, "one", 390);
    fill(report_comparison);
    ck_assert(holds(cell(0, 0, 5)->text, "one thread"));
    finds("cannot be told from one thread");
    section = (struct report_section){.id = "told"};
    name_group(0, "one", 0);
    name_group(1, "later", 10);
    fill(report_comparison);
    ck_assert(holds(cell(0, 0, 5)->text, "one thread"));
    section = (struct report_section){.id = "told"};
    name_group(0, "all", 0);
    name_group(1, "nobody", 400);
    fill(report_comparison);
    ck_assert(holds(cell(0, 0, 1)->text, "no comment of the other side is labelled"));
    ck_assert(no_figure_is_odd());
}
END_TEST

START_TEST(test_each_group_stands_against_the_others)
{
    begin_halves(1500, 30, 30);
    for (size_t i = 1000; i < 1500; i++)
        if (i % 3 == 0)
            made_shares_say(&made, i, 0, 1);
    name_group(1, "middle", 500);
    name_group(2, "late", 1000);
    fill(report_comparison);
    ck_assert_uint_eq(section.tables[0].n_rows, 3);
    ck_assert(holds(cell(0, 2, 0)->text, "late"));
    ck_assert(cell(0, 2, 2)->value > .2 && cell(0, 2, 6)->value < .05);
    ck_assert_double_eq_tol(cell(0, 2, 4)->value, .3, .02); /* of the others */
    finds("more common in late");
    section = (struct report_section){.id = "told"};
    made.data.n_merged = 7;
    fill(report_comparison);
    ck_assert_uint_eq(section.tables[0].n_rows, 2); /* the last are others only */
    section = (struct report_section){.id = "told"};
    made.data.n_merged = 0;
    for (size_t i = 500; i < 1000; i++)
        made.task.p[i] = (float)NAN;
    fill(report_comparison); /* two are left, and are one pair */
    ck_assert_uint_eq(section.tables[0].n_rows, 2);
    ck_assert(holds(cell(0, 1, 1)->text, "no comment here is labelled"));
    ck_assert(cell(0, 0, 6)->value < .05);
}
END_TEST

START_TEST(test_sides_differ_in_where_they_stand)
{
    begin("stance", STANCE, 3, 800);
    for (size_t i = 0; i < 800; i++) /* in favor and against by halves; then all none but some */
        made_shares_say(&made, i, i < 400 ? i * i % 23 < 12 : i * i % 19 < 15 ? 2 : 0, 1);
    groups[0] = RETORT_SPAN("quarrel");
    name_group(1, "calm", 400);
    fill(report_comparison);
    ck_assert_uint_eq(section.n_tables, 2);
    double favor = 0, none = 0;
    for (size_t i = 0; i < 800; i++) {
        favor += (i < 400 && i * i % 23 >= 12) / 400.0;
        none += (i >= 400 && i * i % 19 < 15) / 400.0;
    }
    ck_assert_double_eq_tol(cell(1, 0, 0)->value, 2 * favor - 1, 1e-9);
    ck_assert_double_eq_tol(cell(1, 0, 1)->value, 1 - none, 1e-9);
    ck_assert_double_eq_tol(cell(1, 0, 2)->value, 2 * favor + none - 2, 1e-9);
    ck_assert(cell(1, 0, 2)->low < cell(1, 0, 2)->value);
    ck_assert_double_eq_tol(cell(1, 0, 3)->value, 4 * favor * (1 - favor), 1e-9);
    ck_assert(cell(1, 0, 5)->low > 0.3);
    made.request.scale = "mood,favor";
    ck_assert(!report_comparison(&made.work, &section, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
}
END_TEST

/* Blocks of threads, and some of very many: the same answer. */
START_TEST(test_many_threads_are_put_together)
{
    begin("tone", TONE, 1, 60000);
    for (size_t i = 0; i < 60000; i++) {
        made.data.thread[i] = (uint32_t)(i / 2);
        made_shares_say(&made, i, 0, i * 7919 % 100 < (i < 40 ? 80 : 30));
    }
    made.data.n_threads = 30000;
    made.report.n_resamples = 100;
    groups[0] = RETORT_SPAN("few");
    name_group(1, "many", 40);
    fill(report_comparison);
    ck_assert(cell(0, 0, 5)->value < .01);
    section = (struct report_section){.id = "told"};
    name_group(0, "half", 0);
    name_group(1, "half", 30000);
    fill(report_comparison);
    ck_assert(cell(0, 0, 5)->value > .01);
}
END_TEST

START_TEST(test_nothing_to_compare_is_said_when_asked)
{
    begin("tone", TONE, 1, 40);
    fill(report_comparison);
    ck_assert(section.n_tables == 0 && section.n_findings == 0);
    made.request.section = "comparison";
    fill(report_comparison);
    finds("nothing to compare it with");
    name_group(1, "late", 20);
    made.request.by = "label:tone=toxic"; /* groups made of the labels themselves */
    section = (struct report_section){.id = "told"};
    fill(report_comparison);
    ck_assert_uint_eq(section.n_tables, 0);
    made.request.by = "label:tones=toxic";
    fill(report_comparison);
    ck_assert_uint_eq(section.n_tables, 1);
}
END_TEST

/* ---- words ---- */

static void count(struct word_counts *counts, struct retort_bag *bag, uint32_t comment,
                  const char *text)
{
    static const struct retort_recipe recipe = {.word_max = 1};
    const struct retort_item item = {.text = retort_span_of(text)};
    retort_bag_fill(bag, &recipe, &item);
    word_counts_add(counts, bag, comment, (const uint32_t[]){comment % 2}, 1);
}

static size_t word_named(const struct word_counts *counts, const char *name)
{
    for (size_t i = 0; i < counts->n; i++)
        if (retort_span_equal(word_counts_name(counts, i), retort_span_of(name)))
            return i;
    return SIZE_MAX;
}

/* More words than there is room for: the common one keeps its count but for what is said to be
 * lost. */
START_TEST(test_rare_words_give_way)
{
    struct word_counts counts;
    struct retort_bag bag;
    retort_bag_init(&bag);
    word_counts_begin(&counts, 2, 0);
    ck_assert_uint_eq(counts.capacity, 1024);
    for (uint32_t i = 0; i < 3000; i++) {
        char text[80];
        snprintf(text, sizeof text, "Common w%c%c%c %s, common!", 'a' + i % 26, 'a' + i / 26 % 26,
                 'a' + i / 676, i % 3 == 0 ? "third" : "http://a.b/c");
        count(&counts, &bag, i, text);
    }
    size_t common = word_named(&counts, "common"), third = word_named(&counts, "third");
    ck_assert(counts.n <= 1024 && counts.lost > 0 && common != SIZE_MAX && third != SIZE_MAX);
    ck_assert_uint_eq(counts.words[common].total, 3000);
    ck_assert_uint_eq(counts.counts[common * 2] + counts.counts[common * 2 + 1], 3000);
    ck_assert_uint_eq(counts.counts[third * 2], 500);
    ck_assert_uint_eq(counts.totals[0] + counts.totals[1], 3000 + 3000 + 1000);
    ck_assert(word_named(&counts, "<link>") == SIZE_MAX && word_named(&counts, "!") == SIZE_MAX);
    word_counts_end(&counts);
    retort_bag_release(&bag);
}
END_TEST

/* Comments of two groups, in a store; the first speaks of fish, the second of boats, both of nets.
 */
static struct retort_store *begin_words(size_t n)
{
    fixture_begin();
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    begin("tone", TONE, 1, n);
    made.work.store = store;
    made.data.comment = RETORT_NEW(&made.arena, int64_t, n);
    for (size_t i = 0; i < n; i++) {
        char text[120];
        snprintf(text, sizeof text, "> quoted talk\n\nNumber %zu: %s %s and nets", i,
                 i < n / 2 ? "fish" : "boats", i % 5 == 0 ? "fish" : "water");
        made.data.comment[i] = fixture_line(store, NULL, text);
        made_shares_say(&made, i, 0, i % 5 == 0 ? 1 : 0);
    }
    name_group(0, "anglers", 0);
    name_group(1, "sailors", n / 2);
    return store;
}

START_TEST(test_words_are_told_of_groups)
{
    struct retort_store *store = begin_words(200);
    fill(report_words_told);
    ck_assert(holds(cell(0, 0, 0)->text, "anglers") && holds(cell(0, 0, 1)->text, "fish"));
    ck_assert_double_eq(cell(0, 0, 4)->value, 100);
    ck_assert_double_eq(cell(0, 0, 5)->value, 20);
    /* 100 of 480 words here, 20 of 500 there; the prior is worth a tenth of the fewer. */
    struct retort_distinction wanted =
        retort_log_odds((double[]){100, 20}, (double[]){480, 500}, 48 * 120.0 / 980, 48);
    ck_assert_msg(fabs(cell(0, 0, 2)->value - wanted.z) < 1e-9, "%f, not %f", cell(0, 0, 2)->value,
                  wanted.z);
    finds("What sets sailors apart: boats");
    for (size_t i = 0; i < section.tables[0].n_rows; i++)
        ck_assert(!holds(cell(0, i, 1)->text, "nets") && !holds(cell(0, i, 1)->text, "quoted"));
    retort_store_close(store);
    fixture_end();
}
END_TEST

START_TEST(test_words_are_told_of_labels)
{
    struct retort_store *store = begin_words(200);
    name_group(0, "all", 0);
    fill(report_words_told);
    ck_assert(holds(cell(0, 0, 0)->text, "toxic") && holds(cell(0, 0, 1)->text, "fish"));
    ck_assert_double_eq(cell(0, 0, 4)->value, 40);
    ck_assert_double_eq(cell(0, 0, 5)->value, 80);
    ck_assert(notes_hold(0, "Labels are the model's"));
    section = (struct report_section){.id = "told"};
    for (size_t i = 0; i < 10; i++)
        made.data.group[i * 20 + 1] = made.data.group[i * 20] = REPORT_LEFT_OUT;
    for (size_t i = 0; i < 200; i++)
        if (made.task.said[i] && i >= 90)
            made.data.group[i] = REPORT_LEFT_OUT;
    fill(report_words_told);
    ck_assert(holds(cell(0, 0, 1)->text, "fewer than 20"));
    retort_store_close(store);
    fixture_end();
}
END_TEST

static void clear(void)
{
    error = (struct retort_error){0};
}

static void end(void)
{
    made_shares_end(&made);
}

Suite *told_suite(void)
{
    Suite *suite = suite_create("told");
    TCase *polarity = tcase_create("polarity");
    tcase_add_checked_fixture(polarity, clear, end);
    tcase_add_test(polarity, test_a_scale_has_its_figures);
    tcase_add_test(polarity, test_polarity_is_of_corrected_shares);
    tcase_add_test(polarity, test_what_cannot_be_told_has_words);
    tcase_add_test(polarity, test_scales_are_asked_for);
    tcase_add_test(polarity, test_labels_that_are_on_or_off_have_no_scale);
    tcase_add_test(polarity, test_the_most_divided_group_is_named);
    suite_add_tcase(suite, polarity);
    TCase *comparison = tcase_create("comparison");
    tcase_add_checked_fixture(comparison, clear, end);
    tcase_add_test(comparison, test_a_difference_is_of_corrected_shares);
    tcase_add_test(comparison, test_no_difference_is_no_finding);
    tcase_add_test(comparison, test_a_group_of_one_thread_is_not_tested);
    tcase_add_test(comparison, test_each_group_stands_against_the_others);
    tcase_add_test(comparison, test_sides_differ_in_where_they_stand);
    tcase_add_test(comparison, test_many_threads_are_put_together);
    tcase_add_test(comparison, test_nothing_to_compare_is_said_when_asked);
    suite_add_tcase(suite, comparison);
    TCase *words = tcase_create("words");
    tcase_add_checked_fixture(words, clear, end);
    tcase_add_test(words, test_rare_words_give_way);
    tcase_add_test(words, test_words_are_told_of_groups);
    tcase_add_test(words, test_words_are_told_of_labels);
    suite_add_tcase(suite, words);
    return suite;
}
