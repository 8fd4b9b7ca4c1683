/* Corrections of a split: what each operation does, what is refused, and what holds after any of
 * them. */
#include "intake/made.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

Suite *correct_suite(void);

/* Lines 1 to 16; comments 1 (lines 6, 7), 2 (9 to 11), 3 (12, 13), 4 (16). */
static const char *const PAGE[] = {
    "FHome News Sport",                /* 1 */
    "AThe mill is to be sold",         /* 2 */
    "",                                /* 3 */
    "AThe town sells its mill.",       /* 4 */
    "F2 comments",                     /* 5 */
    "BIt was a good mill.",            /* 6 */
    "IIt stood for long.",             /* 7 */
    "",                                /* 8 */
    "HJane Miller",                    /* 9 */
    "BWhy would they sell it?",        /* 10 */
    "INobody asked us.",               /* 11 */
    "HTom Baker, 3 May 2026 at 10:15", /* 12 */
    "BBecause it costs.",              /* 13 */
    "",                                /* 14 */
    "FMore stories",                   /* 15 */
    "BIt costs nothing.",              /* 16 */
    NULL,
};
static const int PARENTS[] = {0, 1, 2, 3};

#define ROLE(from, to, role)                                                                       \
    "{\"op\":\"role\",\"from\":" #from ",\"to\":" #to ",\"role\":\"" role "\"}"
#define CUT(line) "{\"op\":\"cut\",\"line\":" #line "}"
#define MERGE(comment) "{\"op\":\"merge\",\"comment\":" #comment "}"
#define PARENT(comment, parent)                                                                    \
    "{\"op\":\"parent\",\"comment\":" #comment ",\"parent\":" #parent "}"

static const struct {
    const char *operations, *shape;
} DONE[] = {
    /* roles */
    {ROLE(1, 1, "article"), "AAAFBIHBIHBFB 0 1 2 3"},
    {ROLE(4, 4, "furniture"), "FAFFBIHBIHBFB 0 1 2 3"},
    {ROLE(5, 5, "comment"), "FAABBIHBIHBFB 0 0 2 3 4"}, /* nothing to join before it */
    {ROLE(7, 8, "furniture"), "FAAFBFHBIHBFB 0 1 2 3"}, /* a blank line has no role */
    {ROLE(10, 10, "furniture") "," ROLE(9, 9, "furniture"), "FAAFBIFFBHBFB 0 1 2 3"},
    {ROLE(6, 7, "furniture"), "FAAFFFHBIHBFB 0 1 2"},   /* who answered 1 answers the article */
    {ROLE(9, 11, "furniture"), "FAAFBIFFFHBFB 0 1 2"},  /* who answered 2 answers what it did */
    {ROLE(15, 15, "comment"), "FAAFBIHBIHBIB 0 1 2 3"}, /* joins the comment before */
    {ROLE(1, 16, "furniture"), "FFFFFFFFFFFFF"},
    {ROLE(10, 10, "article") "," ROLE(9, 9, "furniture"), "FAAFBIFABHBFB 0 1 2 3"},
    /* cuts: what is cut off answers what that answers */
    {CUT(7), "FAAFBBHBIHBFB 0 0 1 3 4"},
    {CUT(11), "FAAFBIHBBHBFB 0 1 1 2 4"},
    {CUT(10) "," ROLE(9, 9, "furniture"), "FAAFBIFBIHBFB 0 1 2 3"},
    /* merges */
    {MERGE(2), "FAAFBIIIIHBFB 0 1 2"},
    {MERGE(2) "," MERGE(3), "FAAFBIIIIIIFB 0 1"},
    {ROLE(15, 15, "comment") "," MERGE(4), "FAAFBIHBIHBII 0 1 2"},
    {CUT(11) "," CUT(7) ",{\"op\":\"merge\",\"line\":7}", "FAAFBIHBBHBFB 0 1 1 2 4"},
    {"{\"op\":\"merge\",\"line\":12}", "FAAFBIHBIIIFB 0 1 2"},
    /* a cut is not forgotten by a merge elsewhere */
    {CUT(7) "," MERGE(2), "FAAFBBIIIHBFB 0 1 2 3"},
    /* parents, by number and by line, of what is made and of what is gone */
    {PARENT(4, 1), "FAAFBIHBIHBFB 0 1 2 1"},
    {PARENT(2, 0), "FAAFBIHBIHBFB 0 0 2 3"},
    {CUT(11) ",{\"op\":\"parent\",\"line\":11,\"parent\":2}", "FAAFBIHBBHBFB 0 1 2 2 4"},
    {CUT(11) ",{\"op\":\"parent\",\"comment\":4,\"parent_line\":11}", "FAAFBIHBBHBFB 0 1 1 2 3"},
    {MERGE(2) "," PARENT(4, 2), "FAAFBIIIIHBFB 0 1 1"},
    {PARENT(4, 1) "," PARENT(4, 2), "FAAFBIHBIHBFB 0 1 2 2"},
};

START_TEST(operations_do_what_they_say)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    const struct retort_thread old = made_thread(PAGE, PARENTS, &arena);
    char operations[512];
    snprintf(operations, sizeof operations, "[%s]", DONE[_i].operations);
    const struct retort_thread *new = made_correct(&old, operations, &arena, &error);
    ck_assert_msg(new != NULL, "%s: %s", operations, error.message);
    ck_assert_str_eq(made_shape(new, &arena), DONE[_i].shape);
    retort_arena_release(&arena);
}
END_TEST

static const struct {
    const char *operations, *message;
} REFUSED[] = {
    {"", "wants an array of at least one"},
    {"1", "\"op\" wants"},
    {"{\"op\":\"paint\",\"line\":1}", "\"op\" wants"},
    {ROLE(5, 4, "article"), "\"from\" is behind \"to\""},
    {ROLE(1, 17, "article"), "line 17: the page has 16"},
    {ROLE(1, 1, "blank"), "\"role\" wants"},
    {ROLE(0, 1, "article"), "\"from\" wants a whole number from 1 on"},
    {ROLE(1.5, 2, "article"), "\"from\" wants a whole number"},
    {ROLE(1, 1e300, "article"), "\"to\" wants a whole number"},
    {"{\"op\":\"role\",\"from\":1,\"role\":\"article\"}", "it wants \"to\""},
    {"{\"op\":\"cut\",\"line\":7,\"comment\":1}", "it has a member that \"cut\" does not know"},
    {CUT(8), "line 8 is blank"},
    {CUT(99), "line 99: the page has 16"},
    {CUT(5), "line 5 is furniture; give it the role of a comment first"},
    {CUT(6), "a comment begins at line 6 already"},
    {CUT(7) "," CUT(7), "operation 2: a comment begins at line 7 already"},
    {MERGE(1), "right before the comment at line 6 stands no other"},
    {MERGE(4), "right before the comment at line 16 stands no other"},
    {"{\"op\":\"merge\",\"line\":7}", "line 7 is one comment with the line before it"},
    {"{\"op\":\"merge\",\"line\":6,\"comment\":1}", "either \"comment\" or \"line\""},
    {"{\"op\":\"merge\"}", "either \"comment\" or \"line\""},
    {MERGE(5), "comment 5: the page has 4"},
    {MERGE(2) "," MERGE(2), "line 9 is one comment with the line before it"},
    {ROLE(6, 7, "furniture") "," MERGE(1), "comment 1 has no line left"},
    {PARENT(1, 2), "a comment answers one that stands before it"},
    {PARENT(3, 3), "a comment answers one that stands before it"},
    {PARENT(3, 9), "comment 9: the page has 4"},
    {MERGE(2) "," PARENT(2, 1), "a comment answers one that stands before it"},
    {"{\"op\":\"parent\",\"parent\":1}", "either \"comment\" or \"line\""},
    {"{\"op\":\"parent\",\"comment\":2}", "either \"parent\" or \"parent_line\""},
    {"{\"op\":\"parent\",\"line\":3,\"parent\":0}", "line 3 is blank"},
    {ROLE(10, 11, "furniture"), "the comment at line 9 would have no text"},
    {ROLE(10, 10, "article"), "the comment at line 9 would have no text"},
    {ROLE(2, 4, "article"), "the operations change nothing"},
    {CUT(10), "the operations change nothing"}, /* a head alone is no comment */
};

START_TEST(wrong_operations_are_refused)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    const struct retort_thread old = made_thread(PAGE, PARENTS, &arena);
    char operations[512];
    snprintf(operations, sizeof operations, "[%s]", REFUSED[_i].operations);
    ck_assert_ptr_null(made_correct(&old, operations, &arena, &error));
    ck_assert_msg(strstr(error.message, REFUSED[_i].message) != NULL, "%s: %s", operations,
                  error.message);
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    retort_arena_release(&arena);
}
END_TEST

static bool is(struct retort_span text, const char *wanted)
{
    return retort_span_equal(text, retort_span_of(wanted));
}

START_TEST(writers_go_with_their_lines)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_thread old = made_thread(PAGE, PARENTS, &arena);
    ck_assert(is(old.comments[1].author, "Jane Miller"));
    ck_assert(is(old.comments[2].author, "Tom Baker"));
    old.comments[0].author = RETORT_SPAN("told by markup");
    const struct retort_thread *new =
        made_correct(&old, "[" CUT(7) "," CUT(11) "]", &arena, &error);
    ck_assert(is(new->comments[0].author, "told by markup"));
    ck_assert_uint_eq(new->comments[1].author.len, 0);
    ck_assert(is(new->comments[2].author, "Jane Miller"));
    ck_assert_uint_eq(new->comments[3].author.len, 0);
    ck_assert(is(new->comments[4].time, "3 May 2026 at 10:15"));
    new = made_correct(&old, "[" ROLE(9, 9, "furniture") "]", &arena, &error);
    ck_assert_uint_eq(new->comments[1].author.len, 0);
    ck_assert(is(new->comments[1].text, "Why would they sell it?\nNobody asked us."));
    retort_arena_release(&arena);
}
END_TEST

/* ---- whatever is done --------------------------------------------------------------------------
 */

static uint64_t below(uint64_t *seed, uint64_t n)
{
    return retort_random(seed) % n;
}

/* What may follow a letter: comments as the grammar has them, the article where it likes. */
static char next_letter(char before, uint64_t *seed)
{
    static const char *const FOLLOWING[][2] = {{"A", "AAAFHB"},   {"F", "AFFHBB"},
                                               {"H", "HBBB"},     {"B", "IIITTFAHB"},
                                               {"I", "IIITFAHB"}, {"T", "TFAHB"}};
    size_t i = 0;
    while (FOLLOWING[i][0][0] != before)
        i++;
    return FOLLOWING[i][1][below(seed, strlen(FOLLOWING[i][1]))];
}

static struct retort_thread random_thread(uint64_t *seed, struct retort_arena *arena)
{
    enum { MOST = 40 };
    const char *lines[MOST + 2] = {NULL};
    size_t n = 1 + below(seed, MOST);
    char letter = 'F';
    for (size_t i = 0; i < n; i++) {
        char *line = RETORT_NEW(arena, char, 48);
        bool blank = i > 0 && below(seed, 6) == 0;
        letter = blank ? letter : next_letter(letter, seed);
        snprintf(line, 48, "%cline %zu says so", letter, i + 1);
        lines[i] = blank ? "" : line;
    }
    lines[n] = letter == 'H' ? "Band no more" : NULL;
    struct retort_thread thread = made_thread(lines, NULL, arena);
    for (size_t i = 0; i < thread.n_comments; i++)
        thread.comments[i].parent = (ptrdiff_t)below(seed, i + 1) - 1;
    return thread;
}

static void random_operations(struct retort_buffer *out, uint64_t *seed)
{
    static const char *const ROLES[] = {"article", "comment", "furniture"};
    retort_buffer_byte(out, '[');
    for (size_t n = 1 + below(seed, 2), i = 0; i < n; i++) {
        unsigned a = 1 + (unsigned)below(seed, 40), b = a + (unsigned)below(seed, 4);
        unsigned c = 1 + (unsigned)below(seed, 12);
        retort_buffer_text(out, i ? "," : "");
        switch (below(seed, 5)) {
        case 0:
            retort_buffer_format(out, "{\"op\":\"role\",\"from\":%u,\"to\":%u,\"role\":\"%s\"}", a,
                                 b, ROLES[below(seed, 3)]);
            break;
        case 1:
            retort_buffer_format(out, "{\"op\":\"cut\",\"line\":%u}", a);
            break;
        case 2:
            retort_buffer_format(out, "{\"op\":\"merge\",\"comment\":%u}", c);
            break;
        case 3:
            retort_buffer_format(out, "{\"op\":\"parent\",\"comment\":%u,\"parent\":%u}", c,
                                 (unsigned)below(seed, c));
            break;
        default:
            retort_buffer_format(out, "{\"op\":\"parent\",\"line\":%u,\"parent_line\":%u}", b, a);
        }
    }
    retort_buffer_byte(out, ']');
    retort_buffer_byte(out, 0);
}

static void check_lines(const struct retort_thread *thread)
{
    size_t at = 0;
    for (size_t b = 0; b < thread->n_blocks; b++) {
        const struct retort_block *block = &thread->blocks[b];
        ck_assert_uint_eq(thread->page.lines[at].number, block->first_line);
        while (at < thread->page.n_lines && thread->page.lines[at].number <= block->last_line)
            at++;
        ck_assert_uint_eq(thread->page.lines[at - 1].number, block->last_line);
    }
    ck_assert_uint_eq(at, thread->page.n_lines);
}

/* The text begins and ends with a line of the comment, and holds none of another. */
static void check_comments(const struct retort_thread *thread)
{
    for (size_t i = 0; i < thread->n_comments; i++) {
        const struct retort_comment *comment = &thread->comments[i];
        const uint8_t *text = thread->page.text.data;
        size_t begin = (size_t)(comment->text.data - text), end = begin + comment->text.len;
        ck_assert_int_lt(comment->parent, (ptrdiff_t)i);
        ck_assert_int_ge(comment->parent, -1);
        ck_assert_uint_le(comment->begin, begin);
        ck_assert_uint_ge(comment->end, end);
        ck_assert_uint_gt(comment->text.len, 0);
        ck_assert_msg(i == 0 || thread->comments[i - 1].last_line < comment->first_line, "overlap");
    }
}

static bool same_roles(const struct retort_thread *old, const struct retort_thread *new,
                       const struct retort_comment *comment)
{
    for (size_t at = 0; at < old->page.n_lines; at++) {
        size_t number = old->page.lines[at].number;
        bool inside = number >= comment->first_line && number <= comment->last_line;
        if (inside && old->page.lines[at].role != new->page.lines[at].role)
            return false;
    }
    return true;
}

/* Same lines, same roles: the same comment. */
static void check_untouched(const struct retort_thread *old, const struct retort_thread *new)
{
    for (size_t i = 0; i < old->n_comments; i++)
        for (size_t j = 0; j < new->n_comments; j++) {
            const struct retort_comment *a = &old->comments[i], *b = &new->comments[j];
            if (a->first_line != b->first_line || a->last_line != b->last_line ||
                !same_roles(old, new, a))
                continue;
            ck_assert(retort_span_equal(a->author, b->author));
            ck_assert(retort_span_equal(a->text, b->text));
        }
}

START_TEST(any_operations_leave_a_split)
{
    uint64_t seed = 20261126 + (uint64_t)_i;
    size_t n_done = 0, n_wrong = 0;
    for (size_t round = 0; round < 2000; round++) {
        struct retort_arena arena = {0};
        struct retort_buffer operations = {0};
        struct retort_error error;
        const struct retort_thread old = random_thread(&seed, &arena), *now = &old;
        for (size_t i = 0; i < 4; i++) {
            retort_buffer_clear(&operations);
            random_operations(&operations, &seed);
            const struct retort_thread *new =
                made_correct(now, (const char *)operations.data, &arena, &error);
            n_done += new != NULL;
            n_wrong += new == NULL;
            if (!new)
                continue;
            check_lines(new);
            check_comments(new);
            check_untouched(now, new);
            now = new;
        }
        retort_buffer_release(&operations);
        retort_arena_release(&arena);
    }
    ck_assert_uint_gt(n_done, 500);
    ck_assert_uint_gt(n_wrong, 500);
}
END_TEST

Suite *correct_suite(void)
{
    Suite *suite = suite_create("correct");
    TCase *cases = tcase_create("operations");
    tcase_add_loop_test(cases, operations_do_what_they_say, 0, sizeof DONE / sizeof *DONE);
    tcase_add_loop_test(cases, wrong_operations_are_refused, 0, sizeof REFUSED / sizeof *REFUSED);
    tcase_add_test(cases, writers_go_with_their_lines);
    tcase_add_loop_test(cases, any_operations_leave_a_split, 0, 4);
    tcase_set_timeout(cases, 60);
    suite_add_tcase(suite, cases);
    return suite;
}
