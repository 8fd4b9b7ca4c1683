/* train: gold texts of a page of HTML become the roles of its lines. */
#include "train/split_align.h"

#include <check.h>
#include <string.h>

#define ONE "The bridge is closed for the winter, said the council on Monday."
#define TWO "Buses run through the tunnel until the end of March, and so do lorries."

static const struct {
    const char *html, *article, *comments, *letters;
} PAGES[] = {
    {"<p>Home<p>" ONE "<p>" TWO "<p>Privacy", ONE "\n" TWO, "", "FAAF"},
    {"<p>" ONE " <b>Read</b> this.<p>" TWO, ONE, "", "AF"},
    {"<p>Share<p>" ONE "<p>Share<p>" TWO, ONE "\nShare\n" TWO, "", "AAAA"},
    {"<p>" ONE "<p>Jane says:<p>I do not believe a word of it.<p>Not one.<p>Tom says:<p>But I do, "
     "Jane, all of it.",
     ONE,
     "Jane says:\nI do not believe a word of it.\nNot one.\nTom says:\nBut I do, Jane, all of it.",
     "AHBIHB"},
    {"<p>" ONE
     "<p>I do not believe a word of it.<p>Posted by: Jane, 3 March 2012 at 4:15 pm<p>But I "
     "do, all of it.<p>Posted by: Tom, 4 March 2012 at 8:00 am",
     ONE,
     "I do not believe a word of it.\nPosted by: Jane, 3 March 2012 at 4:15 pm\nBut I do, all of "
     "it.\nPosted by: Tom, 4 March 2012 at 8:00 am",
     "ABTBT"},
    {"<p>Nothing of this is gold, not even one line of it.", "", "", "F"},
};

START_TEST(gold_texts_become_roles)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    const struct split_truth truth = {.article = retort_span_of(PAGES[_i].article),
                                      .comments = retort_span_of(PAGES[_i].comments)};
    uint8_t letters[16] = {0};
    retort_page_observe_html(retort_span_of(PAGES[_i].html), RETORT_SPAN("utf-8"), &arena, &page);
    ck_assert_uint_eq(page.n_lines, strlen(PAGES[_i].letters));
    split_align(&truth, &page, letters);
    ck_assert_str_eq((const char *)letters, PAGES[_i].letters);
    retort_arena_release(&arena);
}
END_TEST

Suite *align_suite(void);
Suite *align_suite(void)
{
    Suite *suite = suite_create("align");
    TCase *tests = tcase_create("align");
    tcase_add_loop_test(tests, gold_texts_become_roles, 0, sizeof PAGES / sizeof *PAGES);
    suite_add_tcase(suite, tests);
    return suite;
}
