/* page: reading HTML: what is shown of it and where it stands, charsets, hostile pages. */
#include "page/page.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

static const struct retort_span NO_CHARSET = {NULL, 0};

static struct retort_span span(const char *text)
{
    return retort_span_of(text);
}

/* The page's lines, '|' between them, a blank line as '||'. */
static char *shown(struct retort_span bytes, struct retort_span charset, struct retort_arena *arena,
                   struct retort_page *page)
{
    struct retort_buffer out = {0};
    retort_page_observe_html(bytes, charset, arena, page);
    for (size_t at = 0; at < page->n_lines; at++) {
        size_t above = at ? page->lines[at - 1].number : 1;
        for (size_t n = above; n < page->lines[at].number; n++)
            retort_buffer_byte(&out, '|');
        retort_buffer_put(&out, page->lines[at].text);
    }
    char *text = retort_arena_string(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return text;
}

/* ---- what is shown ------------------------------------------------------------------------- */

static const struct {
    const char *html, *lines;
} SHOWN[] = {
    {"", ""},
    {"no markup at all", "no markup at all"},
    {"<p>one<p>two", "one||two"},
    {"<div>one</div><div>two</div>", "one|two"},
    {"one<br>two<br><br>three", "one|two||three"},
    {"<p>a  \n b\t<b>c</b>d</p>", "a b cd"},
    {"<ul><li>one<li>two</ul>after", "one|two||after"},
    {"<table><tr><td>one<td>two<tr><td>three</table>", "one|two|three"},
    {"<dl><dt>one<dd>two<dt>three</dl>", "one|two|three"},
    {"<pre>one\n  two\n\nthree</pre>", "one|two||three"},
    {"<p>caf&eacute; &lt;b&gt; &amp;amp; &#8212; &#x41;&notit;</p>", "café <b> &amp; — A¬it;"},
    {"<script>var a = '<p>no</p>';</script><p>yes</p>", "yes"},
    {"<script><!-- <script>no</script> still no --></script>yes", "yes"},
    {"<style>p { color: red }</style>yes<template>no</template>", "yes"},
    {"<textarea>no</textarea><select><option>no</select>yes<iframe>no</iframe>", "yes"},
    {"<svg><text>no</text></svg><math><mi>no</mi></math>yes<video>no</video>", "yes"},
    {"<p hidden>no</p><p style='color:red;display:none'>no<i>no</i></p>yes", "yes"},
    {"<!-- no --><!doctype html><!-->yes<!-- no --!>!<?no?>", "yes!"},
    {"<![CDATA[no > yes", "yes"},
    {"<p>yes<!-- no <p>no", "yes"},
    {"<p>yes<script>no <p>no", "yes"},
    {"<p>yes<p class=\"no <p>no", "yes"},
    {"1 < 2 <3 </ no> a<>b </>c", "1 < 2 <3 a<>b c"},
    {"<<b>i>", "<i>"},
    {"<head><title>no</title></head><body>yes</body></html>also", "yesalso"},
    {"<table><tr><td>in</td></tr>out<p>side</table>", "in||out||side"},
    {"<a href=x>one</a><a href=y>two</a>", "onetwo"},
    {"<button>one</button><label>two</label><fieldset><legend>three</legend></fieldset>",
     "one|two|three"},
    {"<p>one&nbsp;&nbsp;two\xC2\xA0three</p>", "one two three"},
    {"<p>soft<wbr>ly</p><noscript>seen</noscript>", "softly||seen"},
    {"<form><div></form>one</div><form>two</form>", "one|two"},
    {"<li>one<div>two<li>three</div>four", "one|two|threefour"},
    {"<h1>one<h2>two</h1>three", "one||two||three"},
    {"\xEF\xBB\xBF<p>bom", "bom"},
    {"<p>a\0b<p>c", "a"},
};

START_TEST(a_page_is_shown_as_a_browser_does)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    ck_assert_str_eq(shown(span(SHOWN[_i].html), NO_CHARSET, &arena, &page), SHOWN[_i].lines);
    retort_arena_release(&arena);
}
END_TEST

static const struct {
    const char *bytes;
    bool html;
} SNIFFED[] = {
    {"", false},
    {"plain text", false},
    {"<!DOCTYPE html><p>x", true},
    {"  \n<HTML><body>x", true},
    {"<!-- a comment first --><html>", true},
    {"<p>a fragment</p>", true},
    {"<div class=x>a fragment</div>", true},
    {"<3 you all", false},
    {"<grin> that was good <grin>", false},
    {"<?xml version='1.0'?><rss><channel><title>x</title></channel></rss>", false},
    {"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>", true},
    {"> quoted <p>", false},
};

START_TEST(html_is_known_by_its_beginning)
{
    ck_assert_int_eq(retort_page_is_html(span(SNIFFED[_i].bytes)), SNIFFED[_i].html);
}
END_TEST

/* ---- where it stands ------------------------------------------------------------------------- */

static const struct {
    const char *html, *source; /* the bytes of the last line */
} PLACES[] = {
    {"<p>one</p> <p>  two </p>", "two"},
    {"<p>one</p><p>&nbsp; two &amp; &eacute;&nbsp;</p>", "two &amp; &eacute;"},
    {"<p>one</p><p><b>two</b> or <i>three</i>.</p>", "two</b> or <i>three</i>."},
    {"<p>one</p><!-- no --><p>tw<!-- no -->o</p>", "tw<!-- no -->o"},
    {"<pre>one\n  two  \n</pre>", "two"},
    {"<p>one</p><p>\xC3\xA9t\xC3\xA9</p>", "\xC3\xA9t\xC3\xA9"},
    {"<p>one</p><p>< two", "< two"},
    {"<table><tr><td>in</td></tr>out</table>", "out"},
};

START_TEST(lines_keep_their_bytes)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    struct retort_span bytes = span(PLACES[_i].html);
    retort_page_observe_html(bytes, NO_CHARSET, &arena, &page);
    const struct retort_line *last = &page.lines[page.n_lines - 1];
    struct retort_span source = retort_span_slice(bytes, last->begin, last->end);
    ck_assert_msg(retort_span_equal(source, span(PLACES[_i].source)), "got \"%.*s\", want \"%s\"",
                  (int)source.len, (const char *)source.data, PLACES[_i].source);
    retort_arena_release(&arena);
}
END_TEST

static void check_lines(const struct retort_page *page, size_t size)
{
    size_t at = 0, number = 0;
    for (size_t i = 0; i < page->n_lines; i++) {
        const struct retort_line *line = &page->lines[i];
        ck_assert_uint_ge(line->begin, at);
        ck_assert_uint_gt(line->end, line->begin);
        ck_assert_uint_le(line->end, size);
        ck_assert_uint_gt(line->number, number);
        ck_assert(line->text.len > 0 && retort_utf8_valid(line->text));
        at = line->end;
        number = line->number;
    }
}

/* Every page of tests/page/html, cut off after each byte. */
static const char *const CUT[] = {"wordpress", "blogger",     "disqus",    "drupal", "discourse",
                                  "coral",     "movabletype", "vbulletin", "phpbb",  "xenforo"};

START_TEST(a_page_cut_off_anywhere_keeps_its_places)
{
    struct retort_file file;
    struct retort_error error;
    char path[128];
    snprintf(path, sizeof path, "tests/page/html/%s.html", CUT[_i]);
    ck_assert(retort_file_read(&file, path, &error));
    for (size_t size = 0; size <= file.bytes.len; size += 1 + size / 512) {
        struct retort_arena arena = {0};
        struct retort_page page;
        retort_page_observe_html(retort_span_slice(file.bytes, 0, size), NO_CHARSET, &arena, &page);
        check_lines(&page, size);
        retort_arena_release(&arena);
    }
    retort_file_close(&file);
}
END_TEST

/* ---- charsets ---------------------------------------------------------------------------------
 */

#define META(name) "<meta charset=" name "><p>"

static const struct {
    const char *charset, *html;
    size_t len;
    const char *lines;
    size_t begin, end; /* of the last line */
} CHARSETS[] = {
#define ROW(charset, html, lines, begin, end)                                                      \
    {                                                                                              \
        charset, html, sizeof(html) - 1, lines, begin, end                                         \
    }
    ROW("", "<p>caf\xE9 and tea", "café and tea", 3, 15),
    ROW("", META("windows-1251") "\xCC\xEE\xF1\xF2 a", "Мост a", 30, 36),
    ROW("windows-1251", "<p>\xCC\xEE\xF1\xF2", "Мост", 3, 7),
    ROW("KOI8-R", "<p>\xED\xCF\xD3\xD4", "Мост", 3, 7),
    ROW("shift_jis", "<p>\x8B\xB4<p>\x82\xF0", "橋||を", 8, 10),
    ROW("euc-jp", "<p>\xB6\xB6", "橋", 3, 5),
    ROW("gbk", "<p>\xC7\xC5", "桥", 3, 5),
    ROW("big5", "<p>\xBE\xF4", "橋", 3, 5),
    ROW("euc-kr", "<p>\xB4\xD9\xB8\xAE", "다리", 3, 7),
    ROW("iso-2022-jp", "<p>\x1B$B66\x1B(B.", "橋.", 3, 12),
    /* wrong and conflicting */
    ROW("iso-8859-1", "<p>caf\xC3\xA9", "café", 3, 8),
    ROW("windows-1251", META("koi8-r") "\xCC\xEE\xF1\xF2", "Мост", 24, 28),
    ROW("utf-8", "<p>caf\xE9 noir", "café noir", 3, 12),
    ROW("no-such-charset", META("koi8-r") "\xED\xCF\xD3\xD4", "Мост", 24, 28),
    ROW("utf-7", "<p>+AGI-", "+AGI-", 3, 8),
    ROW("shift_jis", "<p>\xFF\xFF\xFE ok caf\xE9", "��� ok caf�", 3, 14),
    ROW("windows-1251", "\xEF\xBB\xBF<p>\xC3\xA9", "é", 6, 8),
    ROW("", "<!-- <meta charset=koi8-r> -->" META("windows-1251") "\xCC\xEE\xF1\xF2", "Мост", 60,
        64),
    ROW("", "<meta http-equiv=content-type content=\"text/html; charset=koi8-r\"><p>\xED\xCF", "Мо",
        69, 71),
    ROW("", "<?xml version=\"1.0\" encoding=\"koi8-r\"?><html><p>\xED\xCF", "Мо", 48, 50),
    ROW("", "\xFF\xFE<\0p\0>\0\x1C\x04", "М", 8, 10),
#undef ROW
};

START_TEST(charsets_are_found_and_undone)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    struct retort_span bytes = {(const uint8_t *)CHARSETS[_i].html, CHARSETS[_i].len};
    ck_assert_str_eq(shown(bytes, span(CHARSETS[_i].charset), &arena, &page), CHARSETS[_i].lines);
    ck_assert_uint_eq(page.lines[page.n_lines - 1].begin, CHARSETS[_i].begin);
    ck_assert_uint_eq(page.lines[page.n_lines - 1].end, CHARSETS[_i].end);
    retort_arena_release(&arena);
}
END_TEST

/* ---- hostile pages ------------------------------------------------------------------------------
 */

/* A piece many times, then an end. What is shown must be bounded; that reading ends is the test. */
static const struct {
    const char *begin, *piece, *end;
    size_t times, lines_most;
} HOSTILE[] = {
    {"", "<div>", "deep", 100000, 1},
    {"", "<div>", "", 10000000, 0},
    {"", "<span class=x>", "deep", 100000, 1},
    {"", "<b id=x>", "<p>deep", 100000, 1},
    {"<p>", "<b id=x><p>y</p>", "", 20000, 20000},
    {"", "<table><tr><td>", "deep", 50000, 1},
    {"", "<table>x<div>", "", 20000, 20000},
    {"", "<form><div></form>", "deep", 50000, 1},
    {"", "<li><ul></li>", "deep", 50000, 1},
    {"", "<div><td></div>", "deep", 50000, 1},
    {"", "<a class=x><span class=x></a>", "deep", 50000, 1},
    {"", "<x id=y><div></x>", "deep", 50000, 1},
    {"", "<font color=1><p></font>", "deep", 50000, 1},
    {"<div ", "a=1 b ", ">deep", 100000, 1},
    {"<div class='", "comment a1 ", "'>deep", 100000, 1},
    {"", "<!--", "", 100000, 0},
    {"", "<![CDATA[", "", 100000, 0},
    {"", "<!-- -", "", 100000, 0},
    {"", "<script>", "", 100000, 0},
    {"", "<textarea>", "deep", 100000, 1},
    {"", "<svg>", "deep", 100000, 1},
    {"", "<select><option>", "deep", 100000, 1},
    {"", "<", "", 200000, 1},
    {"", "</", "", 200000, 1},
    {"", "<p a='", "", 200000, 1},
    {"", "&amp;", "", 200000, 1},
    {"", "&#x1F600;&notin;", "", 100000, 1},
    {"", "<div class=comment id=comment-1>x", "", 20000, 20000},
    {"", "<li class=comment><p class=author>x<p>y", "", 20000, 40000},
    {"", "<template>", "deep", 100000, 1},
    {"<script type=application/ld+json>", "[", "</script>deep", 100000, 1},
    {"<script type=application/ld+json>", "{\"comment\":", "</script>deep", 100000, 1},
    {"", "<div id=comment-1 data-parent-id=9>x</div>", "", 200000, 200000},
    {"", "<table><tr><td><a href=x>a</a></td></tr>b</table>", "", 100000, 200000},
};

START_TEST(hostile_pages_end)
{
    struct retort_arena arena = {0};
    struct retort_buffer html = {0};
    struct retort_page page;
    retort_buffer_text(&html, HOSTILE[_i].begin);
    for (size_t i = 0; i < HOSTILE[_i].times; i++)
        retort_buffer_text(&html, HOSTILE[_i].piece);
    retort_buffer_text(&html, HOSTILE[_i].end);
    retort_page_observe_html(retort_buffer_span(&html), NO_CHARSET, &arena, &page);
    check_lines(&page, html.len);
    ck_assert_uint_le(page.n_lines, HOSTILE[_i].lines_most);
    retort_buffer_release(&html);
    retort_arena_release(&arena);
}
END_TEST

/* One piece many times and then another, each alone harmless: what is asked of all that stands
 * around a line may not be asked again for every line. */
static const struct {
    const char *begin, *piece, *middle, *then;
    size_t times, then_times;
} AROUND[] = {
    {"<div id=comment-1><div class='", "aa ", "'>", "<p>x</p>", 100000, 30000},
    {"<div class='", "aa ", "'>", "<div id=comment-1>x</div>", 100000, 30000},
};

START_TEST(what_stands_around_is_read_once)
{
    struct retort_arena arena = {0};
    struct retort_buffer html = {0};
    struct retort_page page;
    retort_buffer_text(&html, AROUND[_i].begin);
    for (size_t i = 0; i < AROUND[_i].times; i++)
        retort_buffer_text(&html, AROUND[_i].piece);
    retort_buffer_text(&html, AROUND[_i].middle);
    for (size_t i = 0; i < AROUND[_i].then_times; i++)
        retort_buffer_text(&html, AROUND[_i].then);
    retort_page_observe_html(retort_buffer_span(&html), NO_CHARSET, &arena, &page);
    check_lines(&page, html.len);
    retort_buffer_release(&html);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(noise_is_a_page)
{
    static const char *const PIECES[] = {"<p>",     "</p>",       "<div class=\"comment\">",
                                         "</div>",  "<table",     "<td>",
                                         "text ",   "&nbsp;",     "<!--",
                                         "-->",     "<script>",   "</script>",
                                         "\xFF",    "<li>",       "<ul>",
                                         "</ul>",   "'",          "\"",
                                         ">",       "<a href=x>", "</a>",
                                         "\n",      "<form>",     "</form>",
                                         "<pre>",   "</pre>",     "<br>",
                                         "</table>"};
    struct retort_arena arena = {0};
    struct retort_buffer html = {0};
    struct retort_page page;
    uint64_t random = (uint64_t)_i;
    size_t n = retort_random(&random) % 400;
    for (size_t i = 0; i < n; i++)
        retort_buffer_text(&html,
                           PIECES[retort_random(&random) % (sizeof PIECES / sizeof *PIECES)]);
    retort_page_observe_html(retort_buffer_span(&html), NO_CHARSET, &arena, &page);
    check_lines(&page, html.len);
    retort_buffer_release(&html);
    retort_arena_release(&arena);
}
END_TEST

/* ---- cues ---------------------------------------------------------------------------------------
 */

START_TEST(every_cue_of_html_has_a_name_of_its_own)
{
    size_t n = retort_page_n_html_cues();
    char(*names)[64] = calloc(n, sizeof *names);
    for (size_t i = 0; i < n; i++) {
        retort_page_html_cue_name(i, names[i]);
        ck_assert(names[i][0]);
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(strcmp(names[i], names[j]) != 0, "two cues are called %s", names[i]);
    }
    free(names);
}
END_TEST

#define SENTENCE                                                                                   \
    "The harbour bridge will be closed to all traffic from November until the end of March, the "  \
    "council said on Wednesday."

static const struct {
    const char *html;
    size_t line;
    const char *cue;
    bool there;
} CUES[] = {
    {"<nav><a href=x>Home</a></nav><p>" SENTENCE, 0, "markup: in <nav>", true},
    {"<nav><a href=x>Home</a></nav><p>" SENTENCE, 1, "markup: in <nav>", false},
    {"<nav><a href=x>Home</a></nav><p>" SENTENCE, 0, "markup: nothing but links", true},
    {"<nav><a href=x>Home</a></nav><p>" SENTENCE, 1, "markup: no link, of middle length", true},
    {"<div class=sideBar2><p>x</p></div>", 0, "class: sidebar", true},
    {"<div class=postbody><p>x</p></div>", 0, "class: body", true},
    {"<div class=postbody><p>x</p></div>", 0, "class: post", true},
    {"<div class=a><div><div><div><p>x</div></div></div></div>", 0, "class: body", false},
    {"<div id=footer><div><div><div><p>x</div></div></div></div>", 0, "outer class: footer", true},
    {"<title>Harbour bridge closed - Post</title><h1>Harbour bridge closed</h1><p>" SENTENCE, 0,
     "markup: the headline", true},
    {"<title>Harbour bridge closed - Post</title><h1>Harbour bridge closed</h1><p>" SENTENCE, 1,
     "markup: up to three lines after the headline", true},
    {"<div><p>" SENTENCE "<p>" SENTENCE "</div><ul><li>x</ul>", 0, "markup: in the best container",
     true},
    {"<div><p>" SENTENCE "<p>" SENTENCE "</div><ul><li>x</ul>", 2, "markup: in the best container",
     false},
    {"<div><p>" SENTENCE "<p>" SENTENCE "</div><ul><li>x</ul>", 1,
     "markup: path like most long paragraphs", true},
    {"<div><p>" SENTENCE "<p>" SENTENCE "</div><ul><li>x</ul>", 2,
     "markup: path like most long paragraphs", false},
    {"<p>" SENTENCE "<li id=comment-1 class=comment><p>Indeed it will.", 1,
     "markup: beginning of a known comment", true},
    {"<p>" SENTENCE "<li id=comment-1 class=comment><p>Indeed it will.", 0,
     "markup: before the known comments", true},
};

START_TEST(cues_see_the_markup)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    struct retort_cue cues[RETORT_LINE_CUES_MOST];
    const struct retort_observed *observed =
        retort_page_observe_html(span(CUES[_i].html), NO_CHARSET, &arena, &page);
    ck_assert_uint_lt(CUES[_i].line, page.n_lines);
    size_t n = retort_page_line_cues(observed, CUES[_i].line, cues);
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        char name[64];
        retort_page_html_cue_name(cues[i].id, name);
        found |= strcmp(name, CUES[_i].cue) == 0;
    }
    ck_assert_msg(found == CUES[_i].there, "%s: %s", CUES[_i].cue, CUES[_i].html);
    retort_arena_release(&arena);
}
END_TEST

Suite *html_suite(void);
Suite *html_suite(void)
{
    Suite *suite = suite_create("html");
    TCase *tests = tcase_create("html");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, a_page_is_shown_as_a_browser_does, 0, sizeof SHOWN / sizeof *SHOWN);
    tcase_add_loop_test(tests, html_is_known_by_its_beginning, 0, sizeof SNIFFED / sizeof *SNIFFED);
    tcase_add_loop_test(tests, lines_keep_their_bytes, 0, sizeof PLACES / sizeof *PLACES);
    tcase_add_loop_test(tests, a_page_cut_off_anywhere_keeps_its_places, 0,
                        sizeof CUT / sizeof *CUT);
    tcase_add_loop_test(tests, charsets_are_found_and_undone, 0,
                        sizeof CHARSETS / sizeof *CHARSETS);
    tcase_add_test(tests, every_cue_of_html_has_a_name_of_its_own);
    tcase_add_loop_test(tests, cues_see_the_markup, 0, sizeof CUES / sizeof *CUES);
    tcase_add_loop_test(tests, hostile_pages_end, 0, sizeof HOSTILE / sizeof *HOSTILE);
    tcase_add_loop_test(tests, what_stands_around_is_read_once, 0, sizeof AROUND / sizeof *AROUND);
    tcase_add_loop_test(tests, noise_is_a_page, 0, 300);
    suite_add_tcase(suite, tests);
    return suite;
}
