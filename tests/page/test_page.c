/* page: cutting, cues, the grammar's best path, author lines, hostile input. */
#include "page/page.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define ck_span_eq(span, text)                                                                     \
    do {                                                                                           \
        struct retort_span got_ = (span), want_ = retort_span_of(text);                            \
        ck_assert_msg(retort_span_equal(got_, want_), "got \"%.*s\", want \"%s\"", (int)got_.len,  \
                      got_.len ? (const char *)got_.data : "", text);                              \
    } while (0)

/* ---- lines ---------------------------------------------------------------------------------- */

static const struct {
    const char *bytes;
    size_t len, n_lines, number, begin, end; /* of the last line */
    const char *text;
} PAGES[] = {
    {"", 0, 0, 0, 0, 0, ""},
    {" \n\t\n", 4, 0, 0, 0, 0, ""},
    {"one\n\n  two \n", 12, 2, 3, 7, 10, "two"},
    {"one\r\ntwo\r\n", 10, 2, 2, 5, 8, "two"},
    {"one\rtwo", 7, 2, 2, 4, 7, "two"},
    {"\xEF\xBB\xBFone", 6, 1, 1, 3, 6, "one"},
    {"\xFF\xFE"
     "a\0\n\0b\0",
     8, 2, 2, 6, 8, "b"},
    {"\xFE\xFF"
     "\0a\0\n\0b",
     8, 2, 2, 6, 8, "b"},
    {"caf\xE9 \x93so\x94\nnow", 13, 2, 2, 10, 13, "now"},
    {"caf\xE9 \x93so\x94", 9, 1, 1, 0, 9, "caf\xC3\xA9 \xE2\x80\x9Cso\xE2\x80\x9D"},
};

START_TEST(lines_keep_their_place_in_the_input)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    retort_page_observe((struct retort_span){(const uint8_t *)PAGES[_i].bytes, PAGES[_i].len},
                        &arena, &page);
    ck_assert_uint_eq(page.n_lines, PAGES[_i].n_lines);
    if (page.n_lines) {
        const struct retort_line *last = &page.lines[page.n_lines - 1];
        ck_span_eq(last->text, PAGES[_i].text);
        ck_assert_uint_eq(last->number, PAGES[_i].number);
        ck_assert_uint_eq(last->begin, PAGES[_i].begin);
        ck_assert_uint_eq(last->end, PAGES[_i].end);
    }
    retort_arena_release(&arena);
}
END_TEST

/* ---- cues ----------------------------------------------------------------------------------- */

START_TEST(every_cue_has_a_name_of_its_own)
{
    size_t n = retort_page_n_cues();
    char(*names)[64] = calloc(n, sizeof *names);
    for (size_t i = 0; i < n; i++) {
        retort_page_cue_name(i, names[i]);
        ck_assert(names[i][0]);
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(strcmp(names[i], names[j]) != 0, "two cues are called %s", names[i]);
    }
    free(names);
}
END_TEST

static bool has_cue(const char *text, size_t line, const char *wanted)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    struct retort_cue cues[RETORT_LINE_CUES_MOST];
    const struct retort_observed *observed =
        retort_page_observe(retort_span_of(text), &arena, &page);
    ck_assert_uint_lt(line, page.n_lines);
    size_t n = retort_page_line_cues(observed, line, cues);
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        char name[64];
        retort_page_cue_name(cues[i].id, name);
        found = found || strcmp(name, wanted) == 0;
    }
    retort_arena_release(&arena);
    return found;
}

static const struct {
    const char *text;
    size_t line;
    const char *cue;
    bool there;
} CUES[] = {
    {"The bridge will be closed for the winter.\n\"bridge will be closed for the\"\nGood.", 1,
     "wholly a quotation of an earlier line", true},
    {"The bridge will be closed for the winter.\n\"the tower is open on all days\"\nGood.", 1,
     "wholly a quotation of an earlier line", false},
    {"The bridge will be closed for the winter.\n\"the tower is open on all days\"\nGood.", 1,
     "wholly a quotation of nothing above", true},
    {"The bridge will be closed.\n> The bridge will be closed.\nGood.", 1,
     "wholly a quotation of an earlier line", true},
    {"No.\n\"we want it all and we want it all and we want it all and we want it all\"", 1,
     "wholly a quotation of an earlier line", false},
    {"Jane says:\nMarch 3, 2012 at 4:15 pm\nHello there.", 0, "ends with says or wrote", true},
    {"Jane says:\nMarch 3, 2012 at 4:15 pm\nHello there.", 1, "short line with a time", true},
    {"2 hours ago", 0, "how long ago", true},
    {"The hours ahead were long", 0, "how long ago", false},
    {"12 Comments", 0, "number of comments", true},
    {"Reply", 0, "nothing but buttons", true},
    {"i think so", 0, "i in lower case", true},
    {"It\xE2\x80\x99s here.\nIt's there.", 1, "apostrophes unlike the last", true},
    {"He said so:\nthen he left.", 1, "first word: then", true},
    {"But why?", 0, "first word: but", true},
    {"Butter.", 0, "first word: but", false},
    {"https://example.org/a?b=c", 0, "nothing but a link", true},
    {"Well, no.", 0, "opens with an answer", true},
};

START_TEST(cues_see_what_stands_there)
{
    ck_assert_msg(has_cue(CUES[_i].text, CUES[_i].line, CUES[_i].cue) == CUES[_i].there, "%s: %s",
                  CUES[_i].cue, CUES[_i].text);
}
END_TEST

/* ---- the best path -------------------------------------------------------------------------- */

enum { SMALL = 4 };

struct scores {
    float lines[SMALL][RETORT_N_SCORES], steps[RETORT_N_STATES][RETORT_N_STATES];
    float starts[RETORT_N_STATES], stops[RETORT_N_STATES];
};

static float draw(uint64_t *random)
{
    return (float)(retort_random(random) % 2001) / 1000.0F - 1.0F;
}

static double path_score(const struct scores *scores, const size_t path[SMALL])
{
    double sum = (double)scores->starts[path[0]] + (double)scores->stops[path[SMALL - 1]];
    size_t from = RETORT_N_STATES;
    for (size_t at = 0; at < SMALL; at++) {
        if (!retort_page_may_follow(from, path[at]))
            return -INFINITY;
        sum += (double)scores->lines[at][path[at]];
        sum += at ? (double)scores->steps[from][path[at]] : 0;
        sum += retort_page_enters(from, path[at]) ? (double)scores->lines[at][RETORT_N_STATES] : 0;
        from = path[at];
    }
    return retort_page_may_stop(from) ? sum : -INFINITY;
}

/* Against all 8⁴ paths. */
START_TEST(the_path_found_is_the_best)
{
    struct retort_arena arena = {0};
    struct scores scores;
    uint64_t random = (uint64_t)_i;
    float *all = (float *)(void *)&scores;
    for (size_t i = 0; i < sizeof scores / sizeof(float); i++)
        all[i] = draw(&random);
    double best = -INFINITY;
    for (size_t code = 0; code < 1 << (3 * SMALL); code++) {
        const size_t path[SMALL] = {code & 7, code >> 3 & 7, code >> 6 & 7, code >> 9 & 7};
        best = fmax(best, path_score(&scores, path));
    }
    struct retort_lattice lattice = {SMALL, (const float(*)[RETORT_N_SCORES])scores.lines,
                                     (const float(*)[RETORT_N_STATES])scores.steps, scores.starts,
                                     scores.stops};
    uint8_t states[SMALL];
    double found = retort_page_decode(&lattice, &arena, states);
    const size_t path[SMALL] = {states[0], states[1], states[2], states[3]};
    ck_assert_double_eq_tol(found, best, 1e-9);
    ck_assert_double_eq_tol(path_score(&scores, path), best, 1e-9);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(after_a_comment_the_article_does_not_come_back)
{
    for (size_t from = RETORT_STATE_HEAD; from < RETORT_N_STATES; from++) {
        ck_assert(!retort_page_may_follow(from, RETORT_STATE_ARTICLE));
        ck_assert(!retort_page_may_follow(from, RETORT_STATE_AMID));
    }
    ck_assert(!retort_page_may_stop(RETORT_STATE_HEAD));
}
END_TEST

/* ---- author lines --------------------------------------------------------------------------- */

static const struct {
    const char *line, *author, *time;
} SIGNS[] = {
    {"Jane Doe says:", "Jane Doe", ""},
    {"March 3, 2012 at 4:15 pm", "", "March 3, 2012 at 4:15 pm"},
    {"Posted by: Jane Doe | March 3, 2012 at 4:15 pm", "Jane Doe", "March 3, 2012 at 4:15 pm"},
    {"river_fox77 2 hours ago", "river_fox77", "2 hours ago"},
    {"owl \xE2\x80\xA2 3 days ago", "owl", "3 days ago"},
    {"Reply", "", ""},
    {"2h", "", "2h"},
    {"", "", ""},
};

START_TEST(author_lines_give_author_and_time)
{
    struct retort_arena arena = {0};
    struct retort_span author, time;
    retort_page_read_sign(retort_span_of(SIGNS[_i].line), retort_page_lexicon(&arena), &author,
                          &time);
    ck_span_eq(author, SIGNS[_i].author);
    ck_span_eq(time, SIGNS[_i].time);
    retort_arena_release(&arena);
}
END_TEST

/* ---- hostile input -------------------------------------------------------------------------- */

/* Bytes that are rich in line ends, quotation marks, digits and broken UTF-8. */
static struct retort_span noise(uint64_t seed, size_t n, struct retort_arena *arena)
{
    static const char alphabet[] =
        "ab I.?!,:;\"'>@#|()-\n\r\t 0123456789AZ\xC2\xA0\xE2\x80\x9C\xE2\x80"
        "\x99\xFF\xF0\x9F\x98\x80\xED\xA0";
    uint8_t *bytes = RETORT_NEW(arena, uint8_t, n + 1);
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)alphabet[retort_random(&seed) % (sizeof alphabet - 1)];
    return (struct retort_span){bytes, n};
}

static void check_cues(const struct retort_cue *cues, size_t n)
{
    ck_assert_uint_lt(n, RETORT_LINE_CUES_MOST);
    for (size_t i = 0; i < n; i++) {
        ck_assert_uint_lt(cues[i].id, retort_page_n_cues());
        ck_assert(isfinite(cues[i].value));
    }
}

START_TEST(noise_has_finite_cues)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    struct retort_cue cues[RETORT_LINE_CUES_MOST];
    struct retort_span bytes = noise((uint64_t)_i, 2000, &arena);
    const struct retort_observed *observed = retort_page_observe(bytes, &arena, &page);
    for (size_t at = 0; at < page.n_lines; at++) {
        size_t n = retort_page_line_cues(observed, at, cues);
        check_cues(cues, n);
        ck_assert(page.lines[at].end > page.lines[at].begin);
        ck_assert(!at || page.lines[at].begin >= page.lines[at - 1].end);
    }
    retort_arena_release(&arena);
}
END_TEST

START_TEST(a_million_lines_and_one_long_line)
{
    struct retort_arena arena = {0};
    struct retort_page page;
    const size_t n = 1000000;
    uint8_t *bytes = RETORT_NEW(&arena, uint8_t, 2 * n);
    memset(bytes, '\n', 2 * n);
    retort_page_observe((struct retort_span){bytes, 2 * n}, &arena, &page);
    ck_assert_uint_eq(page.n_lines, 0);
    for (size_t i = 0; i < n; i++)
        bytes[2 * i] = 'x';
    retort_page_observe((struct retort_span){bytes, 2 * n}, &arena, &page);
    ck_assert_uint_eq(page.n_lines, n);
    ck_assert_uint_eq(page.lines[n - 1].number, n);
    for (size_t i = 0; i < n; i++)
        bytes[2 * i + 1] = ' ';
    retort_page_observe((struct retort_span){bytes, 2 * n}, &arena, &page);
    ck_assert_uint_eq(page.n_lines, 1);
    retort_arena_release(&arena);
}
END_TEST

/* Words whose hashes all fall into one sixteenth of the table of words: a table that looks for a
 * free slot without end takes minutes here. */
START_TEST(words_made_to_collide_do_no_harm)
{
    enum { MANY = 400000, TABLE = 1 << 20 };
    struct retort_arena arena = {0}, scratch = {0};
    struct retort_buffer text = {0};
    struct retort_page page;
    const struct lexicon *lexicon = retort_page_lexicon(&arena);
    for (uint32_t i = 0, n = 0; n < MANY; i++) {
        char word[] = "xqaaaaaa ";
        struct retort_voice voice;
        for (size_t at = 2, rest = i; at < 8; at++, rest /= 16)
            word[at] = (char)('a' + rest % 16);
        retort_page_voice((struct retort_span){(const uint8_t *)word, 8}, lexicon, &scratch,
                          &voice);
        uint64_t place = (uint64_t)voice.words[0].hash * UINT64_C(0x9E3779B97F4A7C15) >> 32;
        retort_arena_release(&scratch);
        if ((place & (TABLE - 1)) >= TABLE / 16)
            continue;
        word[8] = ++n % 8 ? ' ' : '\n';
        retort_buffer_put(&text, (struct retort_span){(const uint8_t *)word, 9});
    }
    retort_page_observe(retort_buffer_span(&text), &arena, &page);
    ck_assert_uint_eq(page.n_lines, MANY / 8);
    retort_buffer_release(&text);
    retort_arena_release(&arena);
}
END_TEST

Suite *page_suite(void);

Suite *page_suite(void)
{
    Suite *suite = suite_create("page");
    TCase *lines = tcase_create("page");
    tcase_set_timeout(lines, 60);
    tcase_add_loop_test(lines, lines_keep_their_place_in_the_input, 0,
                        sizeof PAGES / sizeof *PAGES);
    tcase_add_test(lines, every_cue_has_a_name_of_its_own);
    tcase_add_loop_test(lines, cues_see_what_stands_there, 0, sizeof CUES / sizeof *CUES);
    tcase_add_loop_test(lines, the_path_found_is_the_best, 0, 20);
    tcase_add_test(lines, after_a_comment_the_article_does_not_come_back);
    tcase_add_loop_test(lines, author_lines_give_author_and_time, 0, sizeof SIGNS / sizeof *SIGNS);
    tcase_add_loop_test(lines, noise_has_finite_cues, 0, 20);
    tcase_add_test(lines, a_million_lines_and_one_long_line);
    tcase_add_test(lines, words_made_to_collide_do_no_harm);
    suite_add_tcase(suite, lines);
    return suite;
}
