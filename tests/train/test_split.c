/* train, measuring a splitter: every figure on cases counted by hand. Truth and output are laid
 * down as letters over a text of ours; no model is asked. */
#include "train/split_figures.h"
#include "train/split_score.h"
#include "train/split_segments.h"
#include "train/split_tokens.h"
#include "train/split_truth.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const double CLOSE = 1e-12;

/* ---- tokens ---- */

static struct split_overlap overlap(const char *truth, const char *given)
{
    struct retort_span a = retort_span_of(truth), b = retort_span_of(given);
    return split_tokens_overlap(&a, 1, &b, 1);
}

START_TEST(tokens_overlap_as_multisets)
{
    static const struct {
        const char *truth, *given;
        size_t matched, n_truth, n_given;
    } CASES[] = {
        {"a a b", "a b b", 2, 3, 3},
        {"one two", "two one", 2, 2, 2},
        {"The end", "the end", 1, 2, 2},     /* case is kept */
        {"foo_bar", "foo bar", 2, 2, 2},     /* an underscore parts */
        {"it's 3.5 %", "it s 3 5", 4, 4, 4}, /* as any mark does */
        {"naïve—yes", "naïve yes", 2, 2, 2}, /* letters beyond ASCII are letters */
        {"½ Ⅳ 四 ٣", "½ Ⅳ 四 ٣", 4, 4, 4},   /* numbers of any kind are kept */
        {"", "a", 0, 0, 1},
        {"—", " ", 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct split_overlap got = overlap(CASES[i].truth, CASES[i].given);
        ck_assert_msg(got.matched == CASES[i].matched && got.truth == CASES[i].n_truth &&
                          got.given == CASES[i].n_given,
                      "\"%s\" and \"%s\": %zu of %zu and %zu", CASES[i].truth, CASES[i].given,
                      got.matched, got.truth, got.given);
    }
}
END_TEST

START_TEST(tokens_end_with_their_span)
{
    struct retort_span truth[] = {RETORT_SPAN("fo"), RETORT_SPAN("o")};
    struct retort_span given[] = {RETORT_SPAN("foo")};
    struct split_overlap got = split_tokens_overlap(truth, 2, given, 1);
    ck_assert_uint_eq(got.matched, 0);
    ck_assert_uint_eq(got.truth, 2);
    ck_assert_uint_eq(got.given, 1);
}
END_TEST

START_TEST(f1_of_counts)
{
    ck_assert_double_eq_tol(split_f1(2, 3, 4), 4.0 / 7, CLOSE);
    ck_assert_double_eq(split_f1(0, 0, 0), 0);
    ck_assert_double_eq(split_share(1, 0), 0);
}
END_TEST

/* ---- segments ---- */

/* Segments as letters: "aab" is two lines and one. */
static size_t segments(const char *letters, uint32_t *numbers)
{
    size_t n = strlen(letters);
    for (size_t i = 0; i < n; i++)
        numbers[i] = (uint32_t)letters[i];
    return n;
}

START_TEST(windows_of_cases_done_by_hand)
{
    static const struct {
        const char *truth, *given;
        size_t window;
        double pk, windowdiff;
    } CASES[] = {
        {"aaabbb", "aaabbb", 2, 0, 0},
        {"aaabbb", "aabbbb", 2, 0.5, 0.5},     /* one line off: two of four windows */
        {"aaabbb", "aaaaaa", 2, 0.5, 0.5},     /* missing: the windows that hold the cut */
        {"aabb", "abcc", 1, 1.0 / 3, 1.0 / 3}, /* one cut too many, two lines a window */
        {"aaaabbbb", "aabcdddd", 2, 2.0 / 6, 3.0 / 6},
        {"abcd", "aaaa", 1, 1, 1},
        {"aaaa", "abcd", 2, 1, 1},
    };
    uint32_t truth[16], given[16];
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        size_t n = segments(CASES[i].truth, truth);
        segments(CASES[i].given, given);
        size_t window = split_segments_window(truth, n);
        ck_assert_msg(window == CASES[i].window, "%s: window %zu", CASES[i].truth, window);
        double pk = split_segments_pk(truth, given, n, window);
        double windowdiff = split_segments_windowdiff(truth, given, n, window);
        ck_assert_msg(fabs(pk - CASES[i].pk) < CLOSE, "%s, %s: Pk %f", CASES[i].truth,
                      CASES[i].given, pk);
        ck_assert_msg(fabs(windowdiff - CASES[i].windowdiff) < CLOSE, "%s, %s: WindowDiff %f",
                      CASES[i].truth, CASES[i].given, windowdiff);
    }
}
END_TEST

/* Pk cannot see two cuts in one window; WindowDiff was made for that. */
START_TEST(windowdiff_sees_what_pk_does_not)
{
    uint32_t truth[] = {1, 1, 2, 2}, given[] = {1, 2, 3, 3};
    ck_assert_double_eq(split_segments_pk(truth, given, 4, 2), 0);
    ck_assert_double_eq(split_segments_windowdiff(truth, given, 4, 2), 0.5);
}
END_TEST

START_TEST(no_window_no_figure)
{
    uint32_t one[] = {1};
    ck_assert_uint_eq(split_segments_window(one, 0), 1);
    ck_assert_uint_eq(split_segments_window(one, 1), 1);
    ck_assert(isnan(split_segments_pk(one, one, 1, 1)));
    ck_assert(isnan(split_segments_windowdiff(one, one, 1, 1)));
}
END_TEST

/* ---- a page, counted by hand ---- */

static const char PAGE[] = "The council met.\n\nIt voted.\nShare\nJane says:\nNo no.\nNever.\n"
                           "Yes yes.\nReply\nWhy?";
static const char ROLES[] = "A-AFHBIBTB";

/* An output: each line's state in the order of enum retort_state. */
static void lay_output(const char *text, const char *states, const ptrdiff_t *parents,
                       struct retort_arena *arena, struct retort_thread *output)
{
    static const char LETTERS[] = "fAmHBITa";
    struct retort_page page;
    retort_page_observe(retort_span_of(text), arena, &page);
    ck_assert_uint_eq(strlen(states), page.n_lines);
    for (size_t at = 0; at < page.n_lines; at++) {
        page.lines[at].state = (enum retort_state)(strchr(LETTERS, states[at]) - LETTERS);
        page.lines[at].role = retort_page_role(page.lines[at].state);
    }
    retort_thread_cut(&page, arena, output);
    for (size_t i = 0; parents && i < output->n_comments; i++)
        output->comments[i].parent = parents[i];
}

static struct split_truth page_truth(int32_t *parents)
{
    return (struct split_truth){.input = retort_span_of(PAGE),
                                .roles = retort_span_of(ROLES),
                                .n_comments = 3,
                                .parents = parents};
}

static void score(const struct split_truth *truth, const struct retort_thread *output,
                  double sums[N_SUMS])
{
    struct retort_error error;
    memset(sums, 0, N_SUMS * sizeof *sums);
    ck_assert(split_score_page(truth, output, sums, &error));
}

static double figure(const double sums[N_SUMS], const char *name)
{
    return split_figure_value(split_figure_named(name), sums);
}

static void expect(const double sums[N_SUMS], const char *name, double value)
{
    double got = figure(sums, name);
    ck_assert_msg(isnan(value) ? isnan(got) : fabs(got - value) < CLOSE, "%s is %f, not %f", name,
                  got, value);
}

START_TEST(what_is_right_scores_one)
{
    static const char *const ONES[] = {
        "article_f1",      "comments_f1",    "comments_signed_f1", "both_f1",
        "both_signed_f1",  "begin_f1",       "begin_precision",    "begin_recall",
        "role_macro_f1",   "links_f1",       "answers_f1",         "role_accuracy_page_mean",
        "role_article_f1", "role_comment_f1"};
    const ptrdiff_t given[] = {-1, 0, 1};
    int32_t parents[] = {-1, 0, 1};
    struct retort_arena arena = {0};
    struct retort_thread output;
    struct split_truth truth = page_truth(parents);
    double sums[N_SUMS];
    lay_output(PAGE, "AAmHBIBTB", given, &arena, &output);
    score(&truth, &output, sums);
    for (size_t i = 0; i < sizeof ONES / sizeof *ONES; i++)
        expect(sums, ONES[i], 1);
    expect(sums, "pk", 0);
    expect(sums, "windowdiff", 0);
    expect(sums, "comments_lost", 0);
    expect(sums, "comments_invented", (double)NAN);
    ck_assert_double_eq(sums[SUM_INVENTED], 0);
    parents[1] = SPLIT_PARENT_UNKNOWN; /* what nobody knows cannot be wrong */
    score(&truth, &output, sums);
    expect(sums, "links_precision", 1);
    expect(sums, "links_recall", 1);
    retort_arena_release(&arena);
}
END_TEST

/* "No no." is taken for the date line of a comment that was deleted. */
START_TEST(a_comment_without_text_begins_nothing)
{
    struct retort_arena arena = {0};
    struct retort_thread output;
    struct split_truth truth = page_truth(NULL);
    double sums[N_SUMS];
    lay_output(PAGE, "AAmmHaBTB", NULL, &arena, &output);
    ck_assert_uint_eq(output.n_comments, 3);
    score(&truth, &output, sums);
    expect(sums, "begin_precision", 2.0 / 3);
    retort_arena_release(&arena);
}
END_TEST

/* "Share" is taken for a comment, "Never." begins one, "Yes yes." begins none. */
START_TEST(faults_are_counted)
{
    const ptrdiff_t given[] = {-1, -1, 1, 2};
    int32_t parents[] = {-1, 0, 1};
    struct retort_arena arena = {0};
    struct retort_thread output;
    struct split_truth truth = page_truth(parents);
    double sums[N_SUMS];
    lay_output(PAGE, "AABHBBITB", given, &arena, &output);
    ck_assert_uint_eq(output.n_comments, 4);
    score(&truth, &output, sums);
    expect(sums, "article_f1", 1);
    expect(sums, "comments_precision", 6.0 / 7);
    expect(sums, "comments_recall", 1);
    expect(sums, "comments_f1", 12.0 / 13);
    expect(sums, "comments_signed_precision", 9.0 / 10);
    expect(sums, "both_precision", 11.0 / 12);
    expect(sums, "role_accuracy_page_mean", 8.0 / 9);
    expect(sums, "role_comment_f1", 8.0 / 9);
    expect(sums, "role_furniture_f1", 0);
    expect(sums, "role_signature_f1", 1);
    expect(sums, "role_macro_f1", (1 + 8.0 / 9 + 0 + 1) / 4);
    expect(sums, "begin_precision", 2.0 / 4);
    expect(sums, "begin_recall", 2.0 / 3);
    expect(sums, "begin_f1", 4.0 / 7);
    expect(sums, "begin_f1_every_line", 6.0 / 7);
    expect(sums, "pk", 2.0 / 3);
    expect(sums, "links_precision", 1.0 / 4);
    expect(sums, "links_recall", 1.0 / 3);
    expect(sums, "links_f1", 2.0 / 7);
    expect(sums, "answers_f1", 0);
    retort_arena_release(&arena);
}
END_TEST

/* The article swallows the first two comments: their lines are together where they should not be.
 */
START_TEST(comments_lost_in_the_article)
{
    const ptrdiff_t given[] = {-1};
    int32_t parents[] = {-1, SPLIT_PARENT_UNKNOWN, -1};
    struct retort_arena arena = {0};
    struct retort_thread output;
    struct split_truth truth = page_truth(parents);
    double sums[N_SUMS];
    lay_output(PAGE, "AAAAAAAAB", given, &arena, &output);
    score(&truth, &output, sums);
    expect(sums, "article_precision", 5.0 / 14);
    expect(sums, "article_recall", 1);
    expect(sums, "comments_recall", 1.0 / 6);
    expect(sums, "begin_recall", 1.0 / 3);
    expect(sums, "begin_precision", 1);
    expect(sums, "pk", 1.0 / 3);
    expect(sums, "comments_lost", 0);
    expect(sums, "links_recall", 1.0 / 2); /* nobody knows whom the second answers */
    expect(sums, "links_precision", 1);
    expect(sums, "answers_f1", (double)NAN);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(comments_invented_and_lost)
{
    struct retort_arena arena = {0};
    struct retort_thread output;
    struct split_truth truth = page_truth(NULL);
    double sums[N_SUMS];
    lay_output(PAGE, "AAmmmmmmm", NULL, &arena, &output);
    score(&truth, &output, sums);
    expect(sums, "comments_lost", 1);
    expect(sums, "begin_f1", 0);
    expect(sums, "comments_f1", 0);
    truth.roles = RETORT_SPAN("A-AFFFFFFF");
    truth.n_comments = 0;
    lay_output(PAGE, "AAaaaaaaB", NULL, &arena, &output);
    score(&truth, &output, sums);
    expect(sums, "comments_invented", 1);
    expect(sums, "comments_lost", (double)NAN);
    expect(sums, "comments_f1", (double)NAN);
    expect(sums, "begin_f1", (double)NAN);
    expect(sums, "begin_precision", (double)NAN);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(roles_of_another_page_are_refused)
{
    static const char *const WRONG[] = {"A-AFHBIBT", "AAAFHBIB-B", "-BAFHBIBTB"};
    struct retort_arena arena = {0};
    struct retort_thread output;
    struct retort_error error;
    double sums[N_SUMS] = {0};
    lay_output(PAGE, "AAmHBIBTB", NULL, &arena, &output);
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        struct split_truth truth = page_truth(NULL);
        truth.roles = retort_span_of(WRONG[i]);
        ck_assert_msg(!split_score_page(&truth, &output, sums, &error), "%s is taken", WRONG[i]);
        ck_assert_int_eq(error.failure, RETORT_INPUT);
    }
    retort_arena_release(&arena);
}
END_TEST

/* ---- parents with the bounds given ---- */

START_TEST(bounds_are_those_of_the_truth)
{
    struct retort_arena arena = {0};
    struct retort_thread output;
    struct retort_span article;
    struct split_truth truth = page_truth(NULL);
    lay_output(PAGE, "AAAAAAAAA", NULL, &arena, &output);
    struct retort_comment *comments = split_score_bounds(&truth, &output, &arena, &article);
    ck_assert_ptr_nonnull(comments);
    ck_assert(retort_span_equal(comments[0].text, RETORT_SPAN("No no.\nNever.")));
    ck_assert(retort_span_equal(comments[0].author, RETORT_SPAN("Jane")));
    ck_assert(retort_span_equal(comments[1].text, RETORT_SPAN("Yes yes.")));
    ck_assert(retort_span_equal(comments[2].text, RETORT_SPAN("Why?")));
    ck_assert(retort_span_equal(article, RETORT_SPAN("The council met.\n\nIt voted.")));
    retort_arena_release(&arena);
}
END_TEST

START_TEST(parents_of_a_case_done_by_hand)
{
    int32_t parents[] = {-1, 0, SPLIT_PARENT_UNKNOWN, -1, 3};
    const struct split_truth truth = {.n_comments = 5, .parents = parents};
    const struct retort_comment comments[] = {
        {.parent = -1}, {.parent = -1}, {.parent = 1}, {.parent = -1}, {.parent = 3}};
    double sums[N_SUMS] = {0};
    split_score_parents(&truth, comments, sums);
    expect(sums, "parents_right", 3.0 / 4);
    expect(sums, "parents_previous", 3.0 / 4);
    expect(sums, "parents_article", 2.0 / 4);
    expect(sums, "parents_right_page_mean", 3.0 / 4);
}
END_TEST

/* ---- texts as truth ---- */

START_TEST(comments_are_known_by_their_openings)
{
    struct retort_comment list[] = {{.text = RETORT_SPAN("No no. Never.")},
                                    {.text = RETORT_SPAN("Yes yes.")},
                                    {.text = RETORT_SPAN("Why?")}};
    int32_t parents[] = {-1, 0, 1};
    const ptrdiff_t given[] = {-1, 0, 0};
    struct split_truth truth = {.input = retort_span_of(PAGE), .has_comments = true, .list = list};
    struct retort_arena arena = {0};
    struct retort_thread output;
    double sums[N_SUMS];
    truth.n_comments = 3;
    truth.parents = parents;
    lay_output(PAGE, "AAmHBIBTB", given, &arena, &output);
    score(&truth, &output, sums);
    expect(sums, "begin_f1", 1);
    expect(sums, "comments_f1", 1);
    expect(sums, "article_f1", (double)NAN); /* its text is not told */
    expect(sums, "role_macro_f1", (double)NAN);
    expect(sums, "links_f1", 2.0 / 3);
    expect(sums, "answers_f1", 1.0 / 2);
    list[1].text = RETORT_SPAN("Yes, yes indeed.");
    score(&truth, &output, sums);
    expect(sums, "begin_f1", 2.0 / 3);
    retort_arena_release(&arena);
}
END_TEST

/* The texts of PAGE's comments begin at its bytes 45, 59 and 74. */
START_TEST(comments_are_known_by_where_they_begin)
{
    struct retort_comment list[] = {{.text = RETORT_SPAN("x"), .begin = 74},
                                    {.text = RETORT_SPAN("x"), .begin = 44}, /* the blank before */
                                    {.text = RETORT_SPAN("x"), .begin = 59}};
    struct split_truth truth = {.input = retort_span_of(PAGE), .has_comments = true, .list = list};
    struct retort_arena arena = {0};
    struct retort_thread output;
    double sums[N_SUMS];
    truth.n_comments = 3;
    truth.has_begins = true;
    lay_output(PAGE, "AAmHBIBTB", NULL, &arena, &output);
    score(&truth, &output, sums);
    expect(sums, "begin_f1", 1);
    lay_output(PAGE, "AAHBIIBTB", NULL, &arena, &output); /* "Jane says:" is taken for text */
    score(&truth, &output, sums);
    expect(sums, "begin_f1", 2.0 / 3);
    list[2].begin = 61;                                   /* amid "Yes yes." */
    lay_output(PAGE, "AAmHBIIBB", NULL, &arena, &output); /* "Reply" begins one, that does not */
    score(&truth, &output, sums);
    expect(sums, "begin_f1", 2.0 / 3);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(gold_texts_alone)
{
    struct split_truth truth = {.input = retort_span_of(PAGE), .has_article = true};
    struct retort_arena arena = {0};
    struct retort_thread output;
    double sums[N_SUMS];
    truth.has_comments = true;
    truth.article = RETORT_SPAN("The council met");
    truth.comments = RETORT_SPAN("Jane No no Never");
    lay_output(PAGE, "AAmHBImmm", NULL, &arena, &output);
    score(&truth, &output, sums);
    expect(sums, "article_recall", 1);
    expect(sums, "article_precision", 3.0 / 5);
    expect(sums, "comments_recall", 3.0 / 4);
    expect(sums, "comments_signed_recall", 1);
    expect(sums, "comments_signed_precision", 4.0 / 5);
    expect(sums, "both_recall", 6.0 / 7);
    expect(sums, "begin_f1", (double)NAN);
    expect(sums, "comments_lost", 0);
    truth.comments = RETORT_SPAN("");
    score(&truth, &output, sums);
    expect(sums, "comments_invented", 1);
    retort_arena_release(&arena);
}
END_TEST

/* ---- rows of figures ---- */

static struct split_scored scored(const char *source, const char *variant, const char *site,
                                  double right)
{
    struct split_scored page = {.source = retort_span_of(source)};
    page.variant = retort_span_of(variant);
    page.site = retort_span_of(site);
    page.sums[SUM_LINE_PAGES] = 1;
    page.sums[SUM_LINES_RIGHT] = right;
    return page;
}

START_TEST(rows_by_source_and_variant)
{
    const struct split_scored pages[] = {
        scored("b", "full", "s1", 1), scored("a", "full", "s2", 0), scored("b", "bare", "s1", 0),
        scored("b", "full", "s3", 0.5), scored("a", "full", "s2", 1)};
    static const struct {
        const char *source, *variant;
        size_t n_pages, n_sites;
        double value;
    } WANTED[] = {{"a", "full", 2, 1, 0.5},          {"a", "", 2, 1, 0.5}, {"b", "bare", 1, 1, 0},
                  {"b", "full", 2, 2, 0.75},         {"b", "", 3, 2, 0.5}, {"", "", 5, 3, 0.5},
                  {"mean of sources", "", 5, 3, 0.5}};
    size_t right = split_figure_named("role_accuracy_page_mean");
    struct retort_arena arena = {0};
    struct split_rows_made made;
    split_rows_make(&made, pages, 5, (struct split_resampling){100, 1}, &arena);
    ck_assert_uint_eq(made.n, sizeof WANTED / sizeof *WANTED);
    for (size_t i = 0; i < made.n; i++) {
        const struct split_row *row = &made.rows[i];
        ck_assert(retort_span_equal(row->source, retort_span_of(WANTED[i].source)));
        ck_assert(retort_span_equal(row->variant, retort_span_of(WANTED[i].variant)));
        ck_assert_uint_eq(row->n_pages, WANTED[i].n_pages);
        ck_assert_uint_eq(row->n_sites, WANTED[i].n_sites);
        ck_assert_double_eq_tol(row->values[right], WANTED[i].value, CLOSE);
        ck_assert_msg(isnan(row->errors[right]) == (row->n_sites < 2 || i + 1 == made.n),
                      "row %zu: error %f", i, row->errors[right]);
    }
    retort_arena_release(&arena);
}
END_TEST

/* Two sites, one always right, one never: resamples are 0, ½, ½, 1, their deviation √⅛. */
START_TEST(spread_of_two_sites)
{
    const struct split_scored pages[] = {scored("a", "", "s1", 1), scored("a", "", "s2", 0)};
    size_t right = split_figure_named("role_accuracy_page_mean");
    struct retort_arena arena = {0};
    struct split_rows_made made, again;
    split_rows_make(&made, pages, 2, (struct split_resampling){4000, 1}, &arena);
    split_rows_make(&again, pages, 2, (struct split_resampling){4000, 1}, &arena);
    ck_assert_uint_eq(made.n, 3);
    ck_assert_double_eq_tol(made.rows[0].errors[right], sqrt(0.125), 0.01);
    ck_assert_double_eq(made.rows[0].errors[right], again.rows[0].errors[right]);
    split_rows_make(&again, pages, 2, (struct split_resampling){4000, 2}, &arena);
    ck_assert_double_ne(made.rows[0].errors[right], again.rows[0].errors[right]);
    split_rows_make(&again, pages, 2, (struct split_resampling){0}, &arena);
    ck_assert(isnan(again.rows[0].errors[right]));
    retort_arena_release(&arena);
}
END_TEST

/* ---- reading rows ---- */

static char path[64];

static void write_rows(const char *text)
{
    struct retort_error error;
    strcpy(path, "/tmp/retort-split-XXXXXX");
    int descriptor = mkstemp(path);
    ck_assert_int_ge(descriptor, 0);
    close(descriptor);
    ck_assert(retort_file_replace(path, retort_span_of(text), &error));
}

START_TEST(rows_are_read_in_order)
{
    const char *const paths[] = {path, path};
    struct retort_arena arena = {0};
    struct split_truth truth;
    struct split_data data[2];
    struct retort_error error;
    bool more;
    write_rows(
        "{\"id\":\"x\",\"group\":\"3\",\"text\":\"a\\nb\",\"roles\":\"BB\","
        "\"parents\":[0,1]}\n"
        "{\"site\":\"s\",\"group\":\"4\",\"html\":\"<p>\",\"article\":\"\",\"comments\":\"c\"}\n"
        "{\"comments\":[{\"text\":\"a\",\"parent\":0},{\"text\":\"b\",\"author\":\"J\","
        "\"parent\":2},{\"text\":\"c\"}]}\n");
    struct split_rows rows = split_rows_of(paths, 2, data);
    for (int time = 0; time < 2; time++) {
        ck_assert(split_rows_next(&rows, &arena, &truth, &more, &error) && more);
        ck_assert_uint_eq(truth.n_comments, 2);
        ck_assert_int_eq(truth.parents[0], -1);
        ck_assert_int_eq(truth.parents[1], 0);
        ck_assert(retort_span_equal(truth.site, RETORT_SPAN("3"))); /* the group, for want of one */
        ck_assert(split_rows_next(&rows, &arena, &truth, &more, &error) && more);
        ck_assert(truth.html && truth.has_article && truth.has_comments && !truth.list);
        ck_assert(retort_span_equal(truth.site, RETORT_SPAN("s")));
        ck_assert(split_rows_next(&rows, &arena, &truth, &more, &error) && more);
        ck_assert(!truth.input.data && truth.n_comments == 3);
        ck_assert_int_eq(truth.parents[1], SPLIT_PARENT_UNKNOWN); /* itself is no parent */
        ck_assert_int_eq(truth.parents[2], SPLIT_PARENT_UNKNOWN);
    }
    ck_assert(split_rows_next(&rows, &arena, &truth, &more, &error) && !more);
    ck_assert_str_eq(data[0].sha256, data[1].sha256);
    split_rows_close(&rows);
    retort_arena_release(&arena);
    unlink(path);
}
END_TEST

START_TEST(bad_rows_are_named)
{
    static const char *const BAD[] = {"[]",
                                      "{\"text\":\"a\"}",
                                      "{\"roles\":\"A\"}",
                                      "{\"html\":\"a\",\"roles\":\"A\"}",
                                      "{\"comments\":[{\"author\":\"J\"}]}",
                                      "{\"comments\":[7]}",
                                      "{\"comments\":\"a\"}",
                                      "{\"text\":\"a\",\"roles\":\"A\"",
                                      ""};
    const char *const paths[] = {path};
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        struct retort_arena arena = {0};
        struct retort_buffer text = {0};
        struct split_truth truth;
        struct retort_error error;
        bool more;
        retort_buffer_format(&text, "{\"text\":\"a\",\"roles\":\"A\"}\n%s\n", BAD[i]);
        retort_buffer_byte(&text, 0);
        write_rows((const char *)text.data);
        struct split_rows rows = split_rows_of(paths, 1, NULL);
        ck_assert(split_rows_next(&rows, &arena, &truth, &more, &error));
        ck_assert_msg(!split_rows_next(&rows, &arena, &truth, &more, &error), "%s is taken",
                      BAD[i]);
        ck_assert_int_eq(error.failure, RETORT_INPUT);
        ck_assert_msg(strstr(error.message, path) && strstr(error.message, "line 2"), "%s",
                      error.message);
        split_rows_close(&rows);
        retort_arena_release(&arena);
        retort_buffer_release(&text);
        unlink(path);
    }
}
END_TEST

Suite *split_suite(void);
Suite *split_suite(void)
{
    Suite *suite = suite_create("split");
    TCase *parts = tcase_create("parts");
    tcase_add_test(parts, tokens_overlap_as_multisets);
    tcase_add_test(parts, tokens_end_with_their_span);
    tcase_add_test(parts, f1_of_counts);
    tcase_add_test(parts, windows_of_cases_done_by_hand);
    tcase_add_test(parts, windowdiff_sees_what_pk_does_not);
    tcase_add_test(parts, no_window_no_figure);
    tcase_add_test(parts, rows_by_source_and_variant);
    tcase_add_test(parts, spread_of_two_sites);
    tcase_add_test(parts, rows_are_read_in_order);
    tcase_add_test(parts, bad_rows_are_named);
    suite_add_tcase(suite, parts);
    TCase *pages = tcase_create("pages");
    tcase_add_test(pages, what_is_right_scores_one);
    tcase_add_test(pages, a_comment_without_text_begins_nothing);
    tcase_add_test(pages, faults_are_counted);
    tcase_add_test(pages, comments_lost_in_the_article);
    tcase_add_test(pages, comments_invented_and_lost);
    tcase_add_test(pages, roles_of_another_page_are_refused);
    tcase_add_test(pages, bounds_are_those_of_the_truth);
    tcase_add_test(pages, parents_of_a_case_done_by_hand);
    tcase_add_test(pages, comments_are_known_by_their_openings);
    tcase_add_test(pages, comments_are_known_by_where_they_begin);
    tcase_add_test(pages, gold_texts_alone);
    suite_add_tcase(suite, pages);
    return suite;
}
