/* What each format makes of one report, and of one that is hostile or empty. */
#include "report/figures.h"
#include "report/made.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *formats_suite(void);
TCase *formats_pieces(void); /* test_pieces.c */

static struct retort_buffer out;

static void begin(void)
{
    out = (struct retort_buffer){0};
}

static void end(void)
{
    retort_buffer_release(&out);
}

static const char *written(struct retort_report *report, struct retort_report_look look)
{
    retort_buffer_clear(&out);
    retort_report_write(report, &look, &out);
    retort_buffer_byte(&out, 0);
    ck_assert(strlen((const char *)out.data) + 1 == out.len); /* no format writes NUL */
    return (const char *)out.data;
}

static const char *text_of(struct retort_report *report, size_t columns)
{
    return written(report, (struct retort_report_look){RETORT_REPORT_TEXT, columns, false});
}

/* ---- frozen ---- */

/* Each format of the report made by hand, byte for byte, is a file in tests/report/golden. With
 * RETORT_GOLDEN=write they are written anew; read what has changed. */
static const struct {
    const char *file;
    struct retort_report_look look;
} GOLDEN[] = {
    {"wide.txt", {RETORT_REPORT_TEXT, 140, false}},
    {"narrow.txt", {RETORT_REPORT_TEXT, 60, false}},
    {"report.json", {RETORT_REPORT_JSON, 0, false}},
    {"report.csv", {RETORT_REPORT_CSV, 0, false}},
    {"report.tex", {RETORT_REPORT_LATEX, 0, false}},
    {"report.html", {RETORT_REPORT_HTML, 0, false}},
    {"report.bib", {RETORT_REPORT_BIB, 0, false}},
};

START_TEST(formats_are_as_they_were)
{
    char path[128];
    const char *asked = getenv("RETORT_GOLDEN");
    struct retort_error error = {0};
    struct retort_file file = {0};
    struct retort_report *report = made_report();
    snprintf(path, sizeof path, "tests/report/golden/%s", GOLDEN[_i].file);
    written(report, GOLDEN[_i].look);
    struct retort_span now = {out.data, out.len - 1};
    if (asked && strcmp(asked, "write") == 0)
        ck_assert_msg(retort_file_replace(path, now, &error), "%s", error.message);
    ck_assert_msg(retort_file_read(&file, path, &error), "%s", error.message);
    ck_assert_msg(retort_span_equal(file.bytes, now),
                  "%s is other than it was; see the head of "
                  "this test",
                  path);
    retort_file_close(&file);
    retort_report_free(report);
}
END_TEST

/* ---- figures ---- */

START_TEST(figures_are_said_as_people_do)
{
    static const struct {
        struct report_cell cell;
        int decimals;
        const char *said;
    } CASES[] = {
        {{REPORT_COUNT, {NULL, 0}, 0, NAN, NAN}, 0, "0"},
        {{REPORT_COUNT, {NULL, 0}, 999, NAN, NAN}, 0, "999"},
        {{REPORT_COUNT, {NULL, 0}, 1234567, NAN, NAN}, 0, "1,234,567"},
        {{REPORT_SHARE, {NULL, 0}, .1234, NAN, NAN}, 1, "12.3 %"},
        {{REPORT_SHARE, {NULL, 0}, -.031, NAN, NAN}, 1, "−3.1 %"},
        {{REPORT_SHARE, {NULL, 0}, -.00001, NAN, NAN}, 1, "0.0 %"},
        {{REPORT_NUMBER, {NULL, 0}, -1.5, NAN, NAN}, 2, "−1.50"},
        {{REPORT_P, {NULL, 0}, .0004, NAN, NAN}, 0, "< 0.001"},
        {{REPORT_P, {NULL, 0}, 1, NAN, NAN}, 0, "1.000"},
        {{REPORT_NOTHING, {NULL, 0}, NAN, NAN, NAN}, 0, ""},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        retort_buffer_clear(&out);
        report_put_value(&out, &CASES[i].cell, CASES[i].decimals);
        retort_buffer_byte(&out, 0);
        ck_assert_str_eq((const char *)out.data, CASES[i].said);
    }
}
END_TEST

/* What is rare is not said to be nothing, and its column still lines up. */
START_TEST(small_shares_get_more_decimals)
{
    static const struct report_column COLUMNS[] = {{"share", "share", 0}};
    static const double SHARES[] = {.5, .0004, 0};
    struct retort_report *report = made_empty();
    struct report_table *table =
        report_add_table(report, made_section(report, "s", "S"), "t", "T", COLUMNS, 1);
    for (size_t i = 0; i < 3; i++)
        *report_add_row(report, table) =
            report_share((struct retort_estimate){SHARES[i], NAN, NAN});
    ck_assert_ptr_nonnull(strstr(text_of(report, 80), "  50.00 %\n   0.04 %\n   0.00 %\n"));
    retort_report_free(report);
}
END_TEST

START_TEST(text_from_anywhere_is_harmless)
{
    static const struct {
        const char *text, *clean;
    } CASES[] = {
        {"", ""},
        {"  a \n\t b  ", "a b"},
        {"\xE2\x80\xAE"
         "abc\xE2\x81\xA9",
         "abc"},
        {"\x1B[2J", "[2J"},
        {"a\xC2\x9B"
         "b",
         "a b"},
        {"\xFF\xC3", "\xEF\xBF\xBD\xEF\xBF\xBD"},
        {"x\xEF\xBF\xBFy", "xy"},
        {"\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80",
         "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        retort_buffer_clear(&out);
        report_put_clean(&out, retort_span_of(CASES[i].text));
        retort_buffer_byte(&out, 0);
        ck_assert_str_eq((const char *)out.data, CASES[i].clean);
    }
}
END_TEST

/* ---- the terminal ---- */

static size_t columns_of(struct retort_span line)
{
    size_t n = 0;
    for (size_t at = 0; at < line.len;)
        n += retort_columns(retort_utf8_next(line, &at));
    return n;
}

/* At any width: no line is longer, none ends in a space, none holds a control character. */
START_TEST(lines_fit_the_terminal)
{
    struct retort_report *report = made_report();
    for (size_t columns = 1; columns < 200; columns += columns < 100 ? 7 : 23) {
        struct retort_span rest = retort_span_of(text_of(report, columns)), line;
        while (retort_span_next_line(&rest, &line)) {
            ck_assert_uint_le(columns_of(line), columns < 24 ? 24 : columns);
            ck_assert(line.len == 0 || line.data[line.len - 1] != ' ');
            for (size_t i = 0; i < line.len; i++)
                ck_assert_uint_ge(line.data[i], ' ');
        }
    }
    retort_report_free(report);
}
END_TEST

/* Without the escapes, what is coloured is what is not; no line leaves its colour to the next. */
START_TEST(colour_changes_nothing_else)
{
    struct retort_report *report = made_report();
    struct retort_buffer plain = {0};
    const char *at = written(report, (struct retort_report_look){RETORT_REPORT_TEXT, 100, true});
    ck_assert_ptr_nonnull(strchr(at, '\033'));
    bool styled = false;
    for (; *at; at++) {
        ck_assert(*at != '\n' || !styled);
        if (*at == '\033') {
            styled = strncmp(at, "\033[0m", 4) != 0;
            at = strchr(at, 'm');
        } else {
            retort_buffer_byte(&plain, (uint8_t)*at);
        }
    }
    retort_buffer_byte(&plain, 0);
    ck_assert_str_eq((const char *)plain.data, text_of(report, 100));
    retort_buffer_release(&plain);
    retort_report_free(report);
}
END_TEST

/* ---- JSON ---- */

START_TEST(json_is_json_and_has_its_shape)
{
    struct retort_error error = {0};
    struct retort_report *report = made_report();
    const char *text = written(report, (struct retort_report_look){RETORT_REPORT_JSON, 0, false});
    struct retort_json *root = retort_json_parse(retort_span_of(text), &error);
    ck_assert_msg(root != NULL, "%s", error.message);
    ck_assert_ptr_null(strstr(text, "nan"));
    ck_assert_ptr_nonnull(strstr(text, "\"n\":1234567,"));
    ck_assert_ptr_nonnull(strstr(text, "\"corrected\":{\"value\":null,\"why\":\"–\"}"));
    ck_assert_ptr_nonnull(strstr(text, "\"sources\":[\"bella2010\",\"forman2008\"]"));
    retort_json_free(root);
    retort_report_free(report);
}
END_TEST

/* ---- all ---- */

static void add_odd(struct retort_report *report)
{
    static const struct report_column COLUMNS[] = {{"a", "a", 0}, {"b", "", 0}};
    struct report_section *section = made_section(report, "odd", "Odd");
    for (size_t plot = REPORT_NO_PLOT; plot <= REPORT_FLOOR; plot++) {
        static const char *const IDS[] = {"t0", "t1", "t2", "t3"};
        struct report_table *empty = report_add_table(report, section, IDS[plot], "", COLUMNS, 2);
        empty->plot = (enum report_plot)plot;
        empty->plot_value = 1;
    }
    static const double ODD[] = {0, 0, 1e300, -1e300, 5e-324, INFINITY, 3};
    for (size_t i = 0; i < sizeof ODD / sizeof *ODD; i++)
        for (size_t t = 1; t < 4; t++)
            report_add_row(report, &section->tables[t])[1] =
                report_number((struct retort_estimate){ODD[i], i % 2 ? NAN : ODD[i] - 1, ODD[i]});
}

/* No format fails on what is empty or odd, or says "nan" or "inf" of it. */
START_TEST(odd_reports_are_written)
{
    struct retort_report *report = made_empty();
    for (int odd = 0; odd < 2; odd++) {
        for (int format = RETORT_REPORT_TEXT; format <= RETORT_REPORT_BIB; format++) {
            const char *text = written(
                report, (struct retort_report_look){(enum retort_report_format)format, 80, false});
            ck_assert_ptr_null(strstr(text, "nan"));
            ck_assert_ptr_null(strstr(text, "inf,"));
        }
        if (!odd)
            add_odd(report);
    }
    retort_report_free(report);
}
END_TEST

Suite *formats_suite(void)
{
    Suite *suite = suite_create("report_formats");
    TCase *tcase = tcase_create("formats");
    tcase_add_checked_fixture(tcase, begin, end);
    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, formats_are_as_they_were, 0, (int)(sizeof GOLDEN / sizeof *GOLDEN));
    tcase_add_test(tcase, figures_are_said_as_people_do);
    tcase_add_test(tcase, small_shares_get_more_decimals);
    tcase_add_test(tcase, text_from_anywhere_is_harmless);
    tcase_add_test(tcase, lines_fit_the_terminal);
    tcase_add_test(tcase, colour_changes_nothing_else);
    tcase_add_test(tcase, json_is_json_and_has_its_shape);
    tcase_add_test(tcase, odd_reports_are_written);
    suite_add_tcase(suite, tcase);
    suite_add_tcase(suite, formats_pieces());
    return suite;
}
