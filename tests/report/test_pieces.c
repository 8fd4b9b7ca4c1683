/* What formats are made of: scales, text for TeX and for browsers, references. */
#include "report/gather.h"
#include "report/html.h"
#include "report/latex.h"
#include "report/made.h"
#include "report/plot.h"
#include "report/say.h"
#include "report/sources.h"

#include <check.h>
#include <math.h>
#include <string.h>

TCase *formats_pieces(void);

static const char *text_of(struct retort_buffer *out)
{
    retort_buffer_byte(out, 0);
    return (const char *)out->data;
}

/* ---- figures in sentences ---- */

START_TEST(sentences_say_figures_as_tables_do)
{
    char said[REPORT_SAID];
    const struct retort_estimate below = {-0.2149, -0.3, -0.0004}, bare = {-0.7, NAN, NAN};
    ck_assert_str_eq(report_say_number(below, said), "−0.21 (95 % CI −0.30 to 0.00)");
    ck_assert_str_eq(report_say_number(bare, said), "−0.70");
    ck_assert_str_eq(report_say_share((struct retort_estimate){.1234, .1, .15}, said),
                     "12.3 % (95 % CI 10.0 to 15.0)");
    ck_assert_str_eq(report_say_points((struct retort_estimate){.003, -.0004, .008}, said),
                     "+0.3 points (95 % CI +0.0 to +0.8)");
    ck_assert_str_eq(report_say_count(5600, said), "5,600");
    ck_assert_str_eq(report_say_p(0.0112, said), "= 0.011");
    ck_assert_str_eq(report_say_p(0.00009, said), "< 0.001");
}
END_TEST

START_TEST(differences_of_shares_are_points)
{
    static const struct {
        double value;
        const char *said;
    } CASES[] = {{.021, "+2.1"}, {-.13, "−13.0"}, {0, "0.0"}, {-.0001, "0.0"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct retort_buffer out = {0};
        struct report_cell cell = report_points(report_bare(CASES[i].value));
        report_put_value(&out, &cell, 1);
        ck_assert_str_eq(text_of(&out), CASES[i].said);
        retort_buffer_release(&out);
    }
}
END_TEST

START_TEST(groups_are_said_with_what_they_are)
{
    static const struct {
        const char *noun, *group;
        bool is_period;
        const char *said;
    } CASES[] = {
        {"depth", "4", false, "depth 4"},      {"stance", "favor", false, "stance favor"},
        {"month", "2026-10", true, "2026-10"}, {"author", "(others)", false, "(others)"},
        {NULL, "all", false, "all"},
    };
    struct retort_report *report = made_empty();
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct report_data data = {.noun = CASES[i].noun, .by_is_period = CASES[i].is_period};
        const struct report_work work = {.report = report, .data = &data};
        struct retort_span said = report_say_group(&work, retort_span_of(CASES[i].group));
        ck_assert(retort_span_equal(said, retort_span_of(CASES[i].said)));
    }
    retort_report_free(report);
}
END_TEST

START_TEST(groups_are_headed_by_what_they_are)
{
    static const struct report_column COLUMNS[] = {{"label", "Label", 0}, {"group", "Group", 0}};
    struct retort_report *report = made_empty();
    struct report_section *section = made_section(report, "s", "S");
    ck_assert_str_eq(report_add_table(report, section, "a", "A", COLUMNS, 2)->columns[1].head,
                     "Group");
    report->group_head = "Depth";
    const struct report_table *table = report_add_table(report, section, "b", "B", COLUMNS, 2);
    ck_assert_str_eq(table->columns[1].head, "Depth");
    ck_assert_str_eq(table->columns[0].head, "Label");
    ck_assert_str_eq(COLUMNS[1].head, "Group");
    retort_report_free(report);
}
END_TEST

START_TEST(a_line_keeps_a_number_and_its_unit)
{
    struct retort_span rest = RETORT_SPAN("it is 12.3 % here"), line;
    ck_assert(report_next_line(&rest, 10, &line));
    ck_assert(retort_span_equal(line, RETORT_SPAN("it is")));
    ck_assert(report_next_line(&rest, 10, &line));
    ck_assert(retort_span_equal(line, RETORT_SPAN("12.3 %")));
}
END_TEST

/* ---- scales ---- */

static const struct report_column COLUMN[] = {{"x", "x", 2}};

struct scaled {
    enum report_kind kind;
    enum report_plot plot;
    double low, high; /* of the figures */
    size_t most;
    double from, to, step; /* of the scale */
    int decimals;
};

static void check_scale(const struct scaled *wanted)
{
    struct retort_report *report = made_empty();
    struct report_table *table =
        report_add_table(report, made_section(report, "s", "S"), "t", "T", COLUMN, 1);
    struct report_axis axis;
    const size_t rows[] = {0, 1};
    table->plot = wanted->plot;
    report_add_row(report, table)[0] =
        (struct report_cell){wanted->kind, {NULL, 0}, wanted->low, NAN, NAN};
    report_add_row(report, table)[0] =
        (struct report_cell){wanted->kind, {NULL, 0}, wanted->high, NAN, NAN};
    ck_assert(report_axis_of(table, rows, 2, wanted->most, &axis));
    ck_assert_double_eq_tol(axis.low, wanted->from, 1e-9);
    ck_assert_double_eq_tol(axis.high, wanted->to, 1e-9);
    ck_assert_double_eq_tol(axis.step, wanted->step, 1e-9);
    ck_assert_int_eq(axis.decimals, wanted->decimals);
    retort_report_free(report);
}

START_TEST(scales_end_at_round_figures)
{
    static const struct scaled CASES[] = {
        {REPORT_SHARE, REPORT_DOTS, .031, .27, 4, 0, .3, .1, 0},
        {REPORT_SHARE, REPORT_DOTS, .9, .97, 4, 0, 1, .5, 0},
        {REPORT_SHARE, REPORT_DOTS, .0003, .0021, 4, 0, .003, .001, 1},
        {REPORT_NUMBER, REPORT_DOTS, 103, 108, 5, 103, 108, 1, 0},
        {REPORT_NUMBER, REPORT_FLOOR, 103, 108, 5, 0, 150, 50, 0},
        {REPORT_NUMBER, REPORT_FLOOR, -.31, .42, 4, -.4, .6, .2, 1},
        {REPORT_NUMBER, REPORT_DOTS, -7, -1, 4, -8, 0, 2, 0},
        {REPORT_NUMBER, REPORT_DOTS, .1, .3, 4, 0, .3, .1, 1},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        check_scale(&CASES[i]);
}
END_TEST

START_TEST(there_is_no_scale_of_nothing)
{
    static const double SAME[][2] = {{0, 0}, {7, 7}, {NAN, NAN}, {INFINITY, 1}, {-1e308, 1e308}};
    for (size_t i = 0; i < sizeof SAME / sizeof *SAME; i++) {
        struct retort_report *report = made_empty();
        struct report_table *table =
            report_add_table(report, made_section(report, "s", "S"), "t", "T", COLUMN, 1);
        const size_t rows[] = {0, 1};
        struct report_axis axis;
        for (size_t j = 0; j < 2; j++)
            report_add_row(report, table)[0] =
                report_number((struct retort_estimate){SAME[i][j], NAN, NAN});
        ck_assert(!report_axis_of(table, rows, 2, 4, &axis));
        retort_report_free(report);
    }
}
END_TEST

/* ---- plots ---- */

static size_t n_times(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *at = strstr(text, what); at; at = strstr(at + 1, what))
        n++;
    return n;
}

static size_t n_drawings(enum report_plot plot, size_t n_series, size_t n_rows)
{
    static const struct report_column COLUMNS[] = {
        {"x", "x", 0}, {"series", "series", 0}, {"y", "y", 2}};
    char name[32];
    struct retort_buffer out = {0};
    struct retort_report *report = made_empty();
    struct report_table *table =
        report_add_table(report, made_section(report, "s", "S"), "t", "T", COLUMNS, 3);
    table->plot = plot;
    table->plot_series = 1;
    table->plot_value = 2;
    for (size_t i = 0; i < n_series * n_rows; i++) {
        struct report_cell *row = report_add_row(report, table);
        row[0] = report_count(i / n_series);
        snprintf(name, sizeof name, "series %zu", i % n_series);
        row[1] = report_text(retort_arena_copy(&report->arena, retort_span_of(name)));
        row[2] = report_number((struct retort_estimate){(double)(i % 7), NAN, NAN});
    }
    html_put_plot(&out, table);
    size_t n = n_times(text_of(&out), "<svg ");
    ck_assert_uint_eq(n_times((const char *)out.data, "not drawn"),
                      n_series > PLOT_MOST_PANELS && n == PLOT_MOST_PANELS);
    retort_buffer_release(&out);
    retort_report_free(report);
    return n;
}

START_TEST(many_series_get_a_drawing_each)
{
    static const struct {
        enum report_plot plot;
        size_t n_series, n_rows, n_drawings;
    } CASES[] = {
        {REPORT_LINES, 1, 8, 1},   {REPORT_LINES, 4, 8, 1},   {REPORT_LINES, 5, 8, 5},
        {REPORT_LINES, 30, 8, 24}, {REPORT_DOTS, 3, 8, 3},    {REPORT_DOTS, 30, 8, 24},
        {REPORT_DOTS, 30, 1, 1},   {REPORT_FLOOR, 1, 500, 1}, {REPORT_NO_PLOT, 3, 8, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        ck_assert_uint_eq(n_drawings(CASES[i].plot, CASES[i].n_series, CASES[i].n_rows),
                          CASES[i].n_drawings);
}
END_TEST

/* ---- text ---- */

START_TEST(tex_takes_all_text_as_text)
{
    static const struct {
        const char *text, *tex;
    } CASES[] = {
        {"50 % & more_of #1 {a} $x^2$ ~\\",
         "50 \\% \\& more\\_of \\#1 \\{a\\} \\$x\\textasciicircum{}2\\$ "
         "\\textasciitilde{}\\textbackslash{}"},
        {"a--b ,, ''x", "a-{}-b ,{}, '{}'x"},
        {"\\input{/etc/passwd}", "\\textbackslash{}input\\{/etc/passwd\\}"},
        {"^^41", "\\textasciicircum{}\\textasciicircum{}41"},
        {"é – κ ≥ −1", "é \\textendash{} \\ensuremath{\\kappa} \\ensuremath{\\geq} "
                       "\\ensuremath{-}1"},
        {"港", "\\retortchar{6E2F}"},
        {"\x07\xE2\x80\xAEx\n\ny", "x y"},
        {"1,234 a=b,c", "1,234 a=\\allowbreak{}b,\\allowbreak{}c"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct retort_buffer out = {0};
        latex_put_words(&out, CASES[i].text);
        ck_assert_str_eq(text_of(&out), CASES[i].tex);
        retort_buffer_release(&out);
    }
}
END_TEST

START_TEST(browsers_take_all_text_as_text)
{
    static const struct {
        const char *text;
        size_t columns;
        const char *html;
    } CASES[] = {
        {"<script>\"&'</script>", SIZE_MAX, "&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;"},
        {"abcdef", 6, "abcdef"},
        {"abcdefg", 6, "abcde…"},
        {"<<<<", 3, "&lt;&lt;…"},
        {"港港港", 4, "港…"},
        {"\xE2\x80\xAE\x1B[0mx", SIZE_MAX, "[0mx"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct retort_buffer out = {0};
        html_put_cropped(&out, retort_span_of(CASES[i].text), CASES[i].columns);
        ck_assert_str_eq(text_of(&out), CASES[i].html);
        retort_buffer_release(&out);
    }
}
END_TEST

/* ---- sources ---- */

START_TEST(references_are_as_people_write_them)
{
    static const struct {
        const char *key, *name, *whole;
    } CASES[] = {
        {"forman2008", "Forman 2008",
         "Forman, George (2008). Quantifying Counts and Costs via Classification. Data Mining and "
         "Knowledge Discovery, 17(2), 164–206. doi:10.1007/s10618-008-0097-y"},
        {"horvitz1952", "Horvitz and Thompson 1952", NULL},
        {"bella2010", "Bella et al. 2010", NULL},
        {"dsa2022", "European Union 2022", NULL},
        {"cohen1988", "Cohen 1988",
         "Cohen, Jacob (1988). Statistical Power Analysis for the Behavioral Sciences, edition 2. "
         "Lawrence Erlbaum, Hillsdale, NJ."},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct report_source source;
        struct retort_buffer name = {0}, whole = {0};
        ck_assert(report_source_find(retort_span_of(CASES[i].key), &source));
        report_source_put_short(&name, &source);
        report_source_put_long(&whole, &source);
        ck_assert_str_eq(text_of(&name), CASES[i].name);
        if (CASES[i].whole)
            ck_assert_str_eq(text_of(&whole), CASES[i].whole);
        retort_buffer_release(&name);
        retort_buffer_release(&whole);
    }
}
END_TEST

START_TEST(an_unknown_source_is_passed_over)
{
    struct report_source source;
    struct retort_buffer out = {0};
    const struct report_method method = {RETORT_SPAN("So it is."), "nobody1900,holm1979"};
    ck_assert(!report_source_find(RETORT_SPAN("nobody1900"), &source));
    ck_assert(!report_source_find(RETORT_SPAN(""), &source));
    report_put_method(&out, &method);
    ck_assert_str_eq(text_of(&out), "So it is (Holm 1979).");
    retort_buffer_release(&out);
}
END_TEST

/* Every entry of the file is one that readers of BibTeX take, has what a reference needs, and comes
 * in order, once. */
START_TEST(the_sources_are_whole)
{
    static const char *const NEEDED[] = {"author", "title", "year"};
    struct retort_error error = {0};
    struct retort_file file = {0};
    struct retort_span line, before = {NULL, 0};
    size_t n = 0;
    ck_assert_msg(retort_file_read(&file, "src/report/sources.bib", &error), "%s", error.message);
    for (struct retort_span rest = file.bytes; retort_span_next_line(&rest, &line);) {
        struct report_source source;
        const uint8_t *brace = line.len ? memchr(line.data, '{', line.len) : NULL;
        if (line.len == 0 || line.data[0] != '@')
            continue;
        struct retort_span key = {brace + 1, (size_t)(line.data + line.len - brace) - 2};
        ck_assert_int_lt(before.data ? retort_span_compare(before, key) : -1, 0);
        ck_assert(report_source_find(key, &source));
        for (size_t i = 0; i < 3; i++) {
            struct retort_buffer field = {0};
            report_source_put_field(&field, &source, NEEDED[i]);
            ck_assert_msg(field.len > 0, "%.*s has no %s", (int)key.len, (const char *)key.data,
                          NEEDED[i]);
            retort_buffer_release(&field);
        }
        before = key;
        n++;
    }
    ck_assert_uint_gt(n, 20);
    retort_file_close(&file);
}
END_TEST

/* ---- methods ---- */

static const char *method_of(struct retort_report *report, const char *card)
{
    static const struct retort_stored_model MODEL = {.hash = "0123456789abcdef0123456789abcdef",
                                                     .task = "mood"};
    struct report_task task = {
        .model = &MODEL, .card = retort_span_of(card), .one_of = true, .n_labels = 3};
    const struct report_data data = {.tasks = &task, .n_tasks = 1};
    const struct retort_report_request all = {0}, other = {.task = "spirits"};
    struct report_work work = {.report = report, .data = &data, .request = &other};
    report_methods(&work); /* says nothing of models that the report is not about */
    ck_assert_uint_eq(report->n_models, 0);
    work.request = &all;
    report_methods(&work);
    ck_assert_uint_eq(report->n_models, 1);
    ck_assert_uint_eq(report->n_methods, 2);
    ck_assert(retort_span_equal(report->models[0].task, RETORT_SPAN("mood")));
    return retort_arena_string(&report->arena, report->methods[1].sentence);
}

START_TEST(methods_say_what_the_card_does)
{
    static const struct {
        const char *card, *said;
    } CASES[] = {
        {"{\"recipe\":\"words=2\",\"solver\":\"dual coordinate descent, hinge loss\",\"seed\":3,"
         "\"folds\":5,\"cross_validated\":{\"items\":12345,\"macro_f1\":0.5678,\"accuracy\":null},"
         "\"spread_over_folds\":{\"macro_f1\":0.0123}}",
         "Labels of the task mood (one of 3) are those of the model 0123456789ab, learned from "
         "12,345 examples in 5 folds that split no group, seed 3, with the features “words=2” by "
         "dual coordinate descent, hinge loss; macro-F1 0.568 ± 0.012 (out of fold, ± over "
         "folds)."},
        {"",
         "Labels of the task mood (one of 3) are those of the model 0123456789ab; its card does "
         "not say how well it does."},
        {"{", NULL},
        {"[]", NULL},
        {"{\"cross_validated\":3,\"spread_over_folds\":[],\"recipe\":{},\"seed\":\"x\"}", NULL},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct retort_report *report = made_empty();
        ck_assert_str_eq(method_of(report, CASES[i].card),
                         CASES[i].said ? CASES[i].said : CASES[1].said);
        ck_assert(!report->methods[1].sources == (i > 0));
        retort_report_free(report);
    }
}
END_TEST

START_TEST(the_title_says_what_it_is_of)
{
    uint32_t thread[] = {0, 0, 1, 2}, author[] = {1, 0, 1, 2}, group[] = {0, 0, 0, REPORT_LEFT_OUT};
    const struct report_data data = {.n = 4,
                                     .thread = thread,
                                     .author = author,
                                     .group = group,
                                     .n_threads = 3,
                                     .n_authors = 2,
                                     .n_groups = 1,
                                     .n_selected = 3,
                                     .newest = "2026-11-02T10:00:00Z"};
    const struct retort_report_request request = {.name = "a.db", .where = "page=x"};
    struct retort_report *report = made_empty();
    struct report_work work = {.report = report, .data = &data, .request = &request};
    report_title(&work);
    ck_assert(retort_span_equal(report->title, RETORT_SPAN("Discourse in a.db")));
    ck_assert_str_eq(retort_arena_string(&report->arena, report->subtitle),
                     "3 comments of 2 threads by 1 named author, where page=x; the newest stored "
                     "2026-11-02");
    retort_report_free(report);
}
END_TEST

TCase *formats_pieces(void)
{
    TCase *tcase = tcase_create("pieces");
    tcase_add_test(tcase, scales_end_at_round_figures);
    tcase_add_test(tcase, there_is_no_scale_of_nothing);
    tcase_add_test(tcase, many_series_get_a_drawing_each);
    tcase_add_test(tcase, tex_takes_all_text_as_text);
    tcase_add_test(tcase, browsers_take_all_text_as_text);
    tcase_add_test(tcase, sentences_say_figures_as_tables_do);
    tcase_add_test(tcase, differences_of_shares_are_points);
    tcase_add_test(tcase, groups_are_said_with_what_they_are);
    tcase_add_test(tcase, groups_are_headed_by_what_they_are);
    tcase_add_test(tcase, a_line_keeps_a_number_and_its_unit);
    tcase_add_test(tcase, methods_say_what_the_card_does);
    tcase_add_test(tcase, the_title_says_what_it_is_of);
    tcase_add_test(tcase, references_are_as_people_write_them);
    tcase_add_test(tcase, an_unknown_source_is_passed_over);
    tcase_add_test(tcase, the_sources_are_whole);
    return tcase;
}
