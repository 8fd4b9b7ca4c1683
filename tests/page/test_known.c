/* page: comments that markup tells, a page of each platform; titles, dates, addresses. The pages in
 * tests/page/html are ours, written after the platforms' templates. */
#include "page/page.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_STATES = 1 << RETORT_STATE_BEGIN | 1 << RETORT_STATE_GOES_ON };

static struct retort_file open_page(const char *name)
{
    struct retort_file file;
    struct retort_error error;
    char path[128];
    snprintf(path, sizeof path, "tests/page/html/%s", name);
    ck_assert_msg(retort_file_read(&file, path, &error), "%s", error.message);
    return file;
}

/* "parent|author|time|lines of text¶…" a told comment; parents from 1, 0 the article. */
static void tell(const struct retort_page *page, const struct retort_observed *observed,
                 struct retort_buffer *out)
{
    for (size_t i = 0; i < page->markup->n_told; i++) {
        const struct retort_told *told = &page->markup->told[i];
        size_t end = i + 1 < page->markup->n_told ? told[1].first_line : page->n_lines;
        retort_buffer_format(out, "%td|", told->parent + 1);
        retort_buffer_put(out, told->author);
        retort_buffer_byte(out, '|');
        retort_buffer_put(out, told->time);
        retort_buffer_byte(out, '|');
        for (size_t at = told->first_line; at < end; at++) {
            if (retort_page_allowed(observed, at) & ~(unsigned)TEXT_STATES)
                continue;
            retort_buffer_put(out, page->lines[at].text);
            retort_buffer_text(out, "¶");
        }
        retort_buffer_byte(out, '\n');
    }
    retort_buffer_byte(out, 0);
}

static const struct {
    const char *file, *told;
} PAGES[] = {
    {"blogger.html", "0|Gull|May 4, 2012 at 11:15 AM|Seven minutes is nothing.¶The one at the "
                     "station has stood still for years.¶\n"
                     "0|Anonymous|May 4, 2012 at 1:40 PM|There is a second key.¶\n"
                     "0|Wren|May 4, 2012 at 2:02 PM|@Anonymous: where?¶\n"},
    {"coral.html", "0|Spindrift|2022-02-01T12:00:00.000Z|Forty pounds for a wall I can't see?¶\n"
                   "1|Ballast|2022-02-01T12:30:00.000Z|You will see it when it is gone.¶\n"
                   "0|Keel|2022-02-01T13:00:00.000Z|Close the library on Mondays instead.¶\n"},
    {"discourse.html", "0|shackle|2021-03-01T11:30:00Z|Chain, with a snubber.¶\n"
                       "0|fender|2021-03-02T07:00:00Z|Never chain on wood.¶Ask me how I know.¶\n"},
    {"disqus.html", "0|Lantern||A pound more for the late boat is robbery.¶\n"
                    "1|Pim||Then take the early one.¶\n"
                    "0|Kay||Twice an hour!¶I moved away a year too early.¶\n"},
    {"disqus_embed.html",
     "0|Brine|Thursday, January 2, 2020 8:15 PM|The new pier is ugly, and it leaks.¶\n"
     "1|Cork|Thursday, January 2, 2020 9:01 PM|Piers do.¶\n"},
    {"drupal.html", "0|hopper||How much is a bag of flour?¶\n"
                    "1|sluice||Two pounds, and worth it.¶\n"
                    "2|hopper||Thank you!¶\n"
                    "0|dam it||The wheel keeps me awake.¶\n"},
    {"intensedebate.html", "0|Stair Case|12 weeks ago|Four hundred steps, every night?¶\n"
                           "1|Wick|12 weeks ago|There is a lift for the lamp oil.¶\n"
                           "0|Beam|11 weeks ago|Sold, if the fog horn works.¶\n"},
    {"jsonld.html",
     "0|Pebble|2020-07-01T07:00:00Z|Whose sand is it?¶\n"
     "1|Shingle|2020-07-01T08:00:00Z|The sea’s, and it wants it back.¶Every winter.¶\n"
     "0|Dune||Too little, too late.¶\n"},
    {"list.html", "0|||No snow here, two miles up.¶\n"
                  "0|||Come down, then.¶\n"
                  "0|||Gone.¶\n"},
    {"livefyre.html", "0|Chip|2013-04-01T09:00:00.000Z|The gulls have better lawyers.¶\n"
                      "1|Vinegar|2013-04-01T10:00:00.000Z|And more time.¶\n"
                      "0|Batter|2013-04-02T08:00:00.000Z|Is this a joke? Look at the date.¶\n"},
    {"microdata.html", "0|Bucket|2018-05-05T10:00:00Z|I want to see the chemist next week.¶\n"
                       "1|Chain|2018-05-05T11:00:00Z|So does his wife.¶\n"
                       "0|Pail|2018-05-06T08:00:00Z|A pump, please, and no plaque.¶\n"},
    {"movabletype.html",
     "0||March 3, 2012 6:20 PM|What did the church write you?¶\n"
     "0||March 4, 2012 9:05 AM|Here it was the same.¶I walked into the harbour master.¶\n"},
    {"phpbb.html",
     "0|bosun|Mon Oct 08, 2012 8:40 pm|Mine is full, but ask at the yard.¶\n"
     "0|dory|Tue Oct 09, 2012 6:15 am|The yard takes forty a month.¶Too much, if you ask me.¶\n"},
    {"plain.html", "0|pondlife||I learned to swim in that pond.¶\n"
                   "1|Ada Finch||They did look. The report of 1998 said the same thing and it went "
                   "in a drawer.¶\n"
                   "0|R. Brook||It stinks.¶Drain it!¶\n"
                   "0|Tom||Where the ducks will go¶\n"
                   "0|Perch||I was there in 1998.¶\n"},
    {"repeated.html", "0|Alto|12 May 2014 10:11|It was the tenor who saved it.¶\n"
                      "0|Tenor|12 May 2014 12:30|Thank you, Alto.¶It was the bass.¶\n"
                      "0|Bass|13 May 2014 08:00|It was the herring.¶\n"},
    {"vbulletin.html", "0|tiller|04-02-2013, 09:45 PM|The kill cord.¶\n"
                       "0|winch|04-03-2013, 07:30 AM|It was the kill cord.¶\n"},
    {"hackernews.html", "0|ebb|2020-03-01T09:00:00|What does it do at neap tide?¶Stop?¶\n"
                        "1|flow|2020-03-01T10:00:00|It slows down, like everybody.¶\n"
                        "0|moon|2020-03-01T11:00:00|You are welcome.¶\n"},
    {"reddit.html", "0|reed_valve|2015-02-02T10:30:00+00:00|The harbour, and it wants it quiet.¶\n"
                    "1|brass|2015-02-02T11:00:00+00:00|Since when?¶\n"},
    {"wordpress.html",
     "0|Maud Quill|2012-10-24T09:12:00+00:00|They said the same of the swing bridge, and it took "
     "two years.¶I don’t believe March.¶\n"
     "1|Tom Rudder|2012-10-24T10:00:00+00:00|Two years and a half, to be fair.¶\n"
     "0|Oar & Sons|2012-10-25T07:30:00+00:00|Free ferry? Finally some good news.¶\n"},
    {"wrapper.html", ""},
    {"xenforo.html", "0|strake|2019-06-01T11:00:00+0100|Believe your father.¶\n"},
};

START_TEST(each_platform_s_comments_are_told)
{
    struct retort_arena arena = {0};
    struct retort_buffer told = {0};
    struct retort_page page;
    struct retort_file file = open_page(PAGES[_i].file);
    const struct retort_observed *observed =
        retort_page_observe_html(file.bytes, (struct retort_span){NULL, 0}, &arena, &page);
    tell(&page, observed, &told);
    ck_assert_str_eq((const char *)told.data, PAGES[_i].told);
    retort_buffer_release(&told);
    retort_file_close(&file);
    retort_arena_release(&arena);
}
END_TEST

/* Whom comments answer, by numbers and by depth. */
static const struct {
    const char *html, *told;
} ANSWERS[] = {
    /* by number, the nearest before where two have it; none behind it, none that is unknown */
    {"<div id=comment-7>a</div><div id=comment-5 data-parent-id=7>b</div>"
     "<div id=comment-7 data-parent-id=8>c</div><div id=comment-8 data-parent-id=c7>d</div>"
     "<div id=comment-9 data-parent-id=9>e</div><div id=comment-10 data-parent-id=5>f</div>",
     "0|||a¶\n1|||b¶\n0|||c¶\n3|||d¶\n0|||e¶\n2|||f¶\n"},
    /* what has no text is passed by */
    {"<div id=comment-1>a</div><div id=comment-2 data-parent-id=1></div>"
     "<div id=comment-3 data-parent-id=2></div><div id=comment-4 data-parent-id=3>b</div>",
     "0|||a¶\n1|||b¶\n"},
    /* by depth, steps left out */
    {"<div id=comment-1 data-depth=0>a</div><div id=comment-2 data-depth=2>b</div>"
     "<div id=comment-3 data-depth=3>c</div><div id=comment-4 data-depth=1>d</div>"
     "<div id=comment-5 data-depth=2>e</div><div id=comment-6 data-depth=2>f</div>"
     "<div id=comment-7 data-depth=0>g</div><div id=comment-8 data-depth=1>h</div>",
     "0|||a¶\n1|||b¶\n2|||c¶\n1|||d¶\n4|||e¶\n4|||f¶\n0|||g¶\n7|||h¶\n"},
    /* by wrappers around answers */
    {"<div id=comment-1>a</div><div class=replies><div id=comment-2>b</div><div class=replies>"
     "<div id=comment-3>c</div></div></div><div id=comment-4>d</div>",
     "0|||a¶\n1|||b¶\n2|||c¶\n0|||d¶\n"},
    /* by number, told as data */
    {"<p>x<script id=disqus-threadData>{\"response\":{\"posts\":["
     "{\"id\":\"2\",\"raw_message\":\"a\",\"parent\":null},"
     "{\"id\":\"3\",\"raw_message\":\"b\",\"parent\":2},"
     "{\"id\":\"2\",\"raw_message\":\"c\",\"parent\":4},"
     "{\"id\":\"4\",\"raw_message\":\"d\",\"parent\":2}]}}</script>",
     "0|||a¶\n1|||b¶\n0|||c¶\n3|||d¶\n"},
};

START_TEST(answers_are_found_by_number_and_depth)
{
    struct retort_arena arena = {0};
    struct retort_buffer told = {0};
    struct retort_page page;
    const struct retort_observed *observed = retort_page_observe_html(
        retort_span_of(ANSWERS[_i].html), (struct retort_span){NULL, 0}, &arena, &page);
    tell(&page, observed, &told);
    ck_assert_str_eq((const char *)told.data, ANSWERS[_i].told);
    retort_buffer_release(&told);
    retort_arena_release(&arena);
}
END_TEST

/* The first of many are not lost; reading ends where no text stands in the script as it is, and no
 * number is one of the page's. */
START_TEST(comments_told_as_data_may_be_any_number)
{
    enum { MANY = 50000 };
    static const char *const TEXTS[] = {"{\"text\":\"No. %zu\"}",
                                        "{\"text\":\"\\u004eo. %zu\",\"id\":\"1\",\"parent\":5.5}"};
    struct retort_arena arena = {0};
    struct retort_buffer html = {0};
    struct retort_page page;
    retort_buffer_text(&html, "<p>x<script type=application/ld+json>{\"comment\":[");
    for (size_t i = 0; i < MANY; i++) {
        retort_buffer_text(&html, i ? "," : "");
        retort_buffer_format(&html, TEXTS[_i], i);
    }
    retort_buffer_text(&html, "]}</script>");
    retort_page_observe_html(retort_buffer_span(&html), (struct retort_span){NULL, 0}, &arena,
                             &page);
    ck_assert_uint_eq(page.markup->n_told, MANY);
    ck_assert(retort_span_equal(page.lines[1].text, RETORT_SPAN("No. 0")));
    retort_buffer_release(&html);
    retort_arena_release(&arena);
}
END_TEST

static const struct {
    const char *file, *title, *headline, *date, *url;
    bool threaded;
} HEADS[] = {
    {"blogger.html", "Tide tables: Why the clock is wrong", "Tide tables: Why the clock is wrong",
     "", "http://tides.example/2012/05/clock.html", false},
    {"coral.html", "Rates to rise", "Rates to rise", "", "", true},
    {"discourse.html", "Rope or chain? - Moorings", "Rope or chain?", "",
     "https://moorings.example/t/rope-or-chain/12", false},
    {"disqus.html", "New ferry timetable", "New ferry timetable", "", "", true},
    {"disqus_embed.html", "Disqus Comments", "Disqus Comments", "", "", true},
    {"drupal.html", "The mill wheel turns again | Weir Town", "The mill wheel turns again", "", "",
     true},
    {"intensedebate.html", "The lighthouse is for sale", "The lighthouse is for sale", "", "",
     true},
    {"jsonld.html", "Sand for the beach | Shore News", "Sand for the beach", "2020-07-01T06:00:00Z",
     "", true},
    {"list.html", "Snow", "Snow", "", "", false},
    {"livefyre.html", "Gulls to be fined", "Gulls to be fined", "", "", true},
    {"microdata.html", "A well for the square", "A well for the square", "2018-05-05T10:00:00Z", "",
     true},
    {"movabletype.html", "Notebook: On fog", "Notebook: On fog", "", "", false},
    {"phpbb.html", "Moorings Club - View topic - Winter storage",
     "Moorings Club - View topic - Winter storage", "", "", false},
    {"repeated.html", "Choir wins", "Choir wins", "", "", false},
    {"vbulletin.html", "Outboard will not start - Quay Forums",
     "Outboard will not start - Quay Forums", "", "", false},
    {"wordpress.html", "Harbour bridge to close for the winter | The Quay Post",
     "Harbour bridge to close for the winter", "2012-10-24T08:00:00+00:00",
     "https://quay.example/2012/10/bridge-closes/", true},
    {"wrapper.html", "Quiet", "Quiet", "", "", false},
    {"xenforo.html", "Best paint for a hull | Quay Forum", "Best paint for a hull", "", "", false},
};

static void ck_span(struct retort_span span, const char *text)
{
    ck_assert_msg(retort_span_equal(span, retort_span_of(text)), "got \"%.*s\", want \"%s\"",
                  (int)span.len, span.len ? (const char *)span.data : "", text);
}

START_TEST(the_page_s_own_facts_are_kept)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    struct retort_file file = open_page(HEADS[_i].file);
    retort_page_observe_html(file.bytes, (struct retort_span){NULL, 0}, &arena, &page);
    ck_span(page.markup->title, HEADS[_i].title);
    ck_span(page.markup->headline, HEADS[_i].headline);
    ck_span(page.markup->date, HEADS[_i].date);
    ck_span(page.markup->url, HEADS[_i].url);
    ck_assert_int_eq(page.markup->threaded, HEADS[_i].threaded);
    retort_file_close(&file);
    retort_arena_release(&arena);
}
END_TEST

Suite *known_suite(void);
Suite *known_suite(void)
{
    Suite *suite = suite_create("known");
    TCase *tests = tcase_create("known");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, each_platform_s_comments_are_told, 0, sizeof PAGES / sizeof *PAGES);
    tcase_add_loop_test(tests, answers_are_found_by_number_and_depth, 0,
                        sizeof ANSWERS / sizeof *ANSWERS);
    tcase_add_loop_test(tests, comments_told_as_data_may_be_any_number, 0, 2);
    tcase_add_loop_test(tests, the_page_s_own_facts_are_kept, 0, sizeof HEADS / sizeof *HEADS);
    suite_add_tcase(suite, tests);
    return suite;
}
