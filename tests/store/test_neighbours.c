/* What stands around a comment: on a page, and among lines that link to each other. */
#include "store/fixture.h"

#include <stdlib.h>
#include <string.h>

/* A line, in the transaction that is open. */
static int64_t put_under(struct retort_store *store, const char *article, const char *id,
                         const char *parent)
{
    struct retort_error error = {0};
    int64_t comment = 0;
    struct retort_line_record line = {.source = "l", .text = retort_span_of(id ? id : "no id")};
    if (id)
        line.native_id = retort_span_of(id);
    if (parent)
        line.parent_id = retort_span_of(parent);
    if (article)
        line.article_text = retort_span_of(article);
    ck_assert_msg(retort_store_put_line(store, &line, &comment, &error), "%s", error.message);
    return comment;
}

static int64_t put(struct retort_store *store, const char *id, const char *parent)
{
    return put_under(store, NULL, id, parent);
}

/* "text/depth<parent's text …", in the order given. */
static const char *around(struct retort_store *store, int64_t id, size_t *n)
{
    static char text[4000];
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_stored_comment comment, parent;
    struct retort_neighbour *found;
    bool read = retort_store_comment(store, id, &arena, &comment, &error) &&
                retort_store_neighbours(store, &comment, &arena, &found, n, &error);
    ck_assert_msg(read, "%s", error.message);
    ck_assert_uint_le(*n, RETORT_MOST_NEIGHBOURS);
    text[0] = 0;
    for (size_t i = 0; i < *n; i++) {
        size_t len = strlen(text);
        snprintf(text + len, sizeof text - len, "%s%.*s/%zu", i ? " " : "", (int)found[i].text.len,
                 (const char *)found[i].text.data, found[i].depth);
        if (!found[i].parent)
            continue;
        ck_assert(retort_store_comment(store, found[i].parent, &arena, &parent, &error));
        len = strlen(text);
        snprintf(text + len, sizeof text - len, "<%.*s", (int)parent.text.len,
                 (const char *)parent.text.data);
    }
    retort_arena_release(&arena);
    return text;
}

static size_t replies(struct retort_store *store, int64_t id)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_stored_comment comment;
    size_t n = 99;
    ck_assert(retort_store_comment(store, id, &arena, &comment, &error) &&
              retort_store_replies(store, &comment, &n, &error));
    retort_arena_release(&arena);
    return n;
}

START_TEST(test_page)
{
    static const char *const PAGE[] = {"a", "1:b", "2:c", "1:d", "e", NULL};
    int64_t ids[5];
    size_t n;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p", "s", PAGE, ids);
    for (size_t i = 0; i < 5; i++)
        ck_assert_str_eq(around(store, ids[i], &n), "a/0 b/1<a c/2<b d/1<a e/0");
    ck_assert_uint_eq(replies(store, ids[0]), 2);
    ck_assert_uint_eq(replies(store, ids[1]), 1);
    ck_assert_uint_eq(replies(store, ids[4]), 0);
    retort_store_close(store);
}
END_TEST

/* Of a long page: a window with the comment in it, and what it answers from further up. */
START_TEST(test_long_page)
{
    enum { N = 200 };
    static char words[N][12];
    static const char *page[N + 1];
    int64_t ids[N];
    size_t n;
    for (int i = 0; i < N; i++) {
        snprintf(words[i], sizeof words[i], i == N / 2 ? "1:w%d" : "w%d", i);
        page[i] = words[i];
    }
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p", "s", page, ids);
    ck_assert_int_eq(strncmp(around(store, ids[0], &n), "w0/0 w1/0", 9), 0);
    ck_assert_uint_eq(n, 50);
    const char *middle = around(store, ids[N / 2], &n);
    ck_assert_uint_eq(n, 51);
    ck_assert_int_eq(strncmp(middle, "w0/0 w75/0", 10), 0);
    ck_assert(strstr(middle, "w100/1<w0 w101/0") && strstr(middle, "w124/0"));
    ck_assert(strstr(around(store, ids[N - 1], &n), "w199/0") && n == 50);
    retort_store_close(store);
}
END_TEST

START_TEST(test_lines)
{
    size_t n;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_error error;
    ck_assert(retort_store_begin(store, &error));
    int64_t a = put(store, "a", NULL), b = put(store, "b", "a"), c = put(store, "c", "b"),
            d = put(store, "d", "a"), e = put(store, "e", "c"), f = put(store, "f", NULL),
            g = put(store, "g", "nobody"), h = put(store, NULL, NULL);
    ck_assert(retort_store_commit(store, &error));
    ck_assert_str_eq(around(store, a, &n), "a/0 b/1<a c/2<b e/3<c d/1<a");
    ck_assert_str_eq(around(store, b, &n), "a/0 b/1<a c/2<b e/3<c d/1<a");
    ck_assert_str_eq(around(store, e, &n), "a/0 b/1<a c/2<b e/3<c");
    ck_assert_str_eq(around(store, d, &n), "a/0 b/1<a d/1<a");
    ck_assert_str_eq(around(store, c, &n), "a/0 b/1<a c/2<b e/3<c");
    ck_assert_str_eq(around(store, f, &n), "f/0");
    ck_assert_str_eq(around(store, g, &n), "g/0");
    ck_assert_str_eq(around(store, h, &n), "no id/0");
    ck_assert_uint_eq(replies(store, a), 2);
    ck_assert_uint_eq(replies(store, g), 0);
    ck_assert_uint_eq(replies(store, h), 0);
    retort_store_close(store);
}
END_TEST

/* Threads of an export: those that answer its article stand beside each other. */
START_TEST(test_tops)
{
    size_t n;
    struct retort_error error;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    ck_assert(retort_store_begin(store, &error));
    int64_t a = put_under(store, "News", "a", NULL), b = put_under(store, "News", "b", "a");
    put_under(store, "Other", "x", NULL);
    int64_t c = put_under(store, "News", "c", NULL);
    for (int i = 0; i < 300; i++)
        put_under(store, "Other", NULL, NULL);
    put_under(store, "News", "far", NULL);
    ck_assert(retort_store_commit(store, &error));
    ck_assert_str_eq(around(store, a, &n), "a/0 b/1<a c/0");
    ck_assert_str_eq(around(store, b, &n), "a/0 b/1<a");
    ck_assert_str_eq(around(store, c, &n), "a/0 c/0");
    retort_store_close(store);
}
END_TEST

/* Circles, an answer to itself, one that everybody answers, and a chain without end. */
START_TEST(test_hostile_links)
{
    size_t n;
    char id[16], parent[16];
    struct retort_error error;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    ck_assert(retort_store_begin(store, &error));
    int64_t a = put(store, "a", "b"), b = put(store, "b", "a"), s = put(store, "s", "s");
    int64_t top = put(store, "top", NULL), answer = 0, last = 0;
    for (int i = 0; i < 1100; i++) {
        snprintf(id, sizeof id, "t%d", i);
        answer = put(store, id, "top");
    }
    for (int i = 0; i < 100; i++) {
        snprintf(id, sizeof id, "c%d", i);
        snprintf(parent, sizeof parent, "c%d", i - 1);
        last = put(store, id, i ? parent : NULL);
    }
    ck_assert(retort_store_commit(store, &error));
    ck_assert_str_eq(around(store, a, &n), "b/0 a/1<b");
    ck_assert_str_eq(around(store, b, &n), "a/0 b/1<a");
    ck_assert_str_eq(around(store, s, &n), "s/0");
    around(store, top, &n);
    ck_assert_uint_eq(n, RETORT_MOST_NEIGHBOURS);
    ck_assert_uint_eq(replies(store, top), 1000);
    ck_assert_str_eq(around(store, answer, &n),
                     "top/0 t1089/1<top t1090/1<top t1091/1<top t1092/1<top t1093/1<top "
                     "t1094/1<top t1095/1<top t1096/1<top t1097/1<top t1098/1<top t1099/1<top");
    ck_assert_int_eq(strncmp(around(store, last, &n), "c89/0 c90/1<c89", 15), 0);
    ck_assert_uint_eq(n, 11);
    retort_store_close(store);
}
END_TEST

TCase *store_neighbours(void)
{
    TCase *tests = tcase_create("neighbours");
    tcase_add_checked_fixture(tests, fixture_begin, fixture_end);
    tcase_add_test(tests, test_page);
    tcase_add_test(tests, test_long_page);
    tcase_add_test(tests, test_lines);
    tcase_add_test(tests, test_tops);
    tcase_add_test(tests, test_hostile_links);
    return tests;
}
