/* intake: JSON lines are the same however they are cut into blocks, parents are found within the
 * window and no further, and what is handed back is what came. */
#include "intake/intake.h"

#include <check.h>
#include <stdlib.h>

#define ck_span_eq(span, text)                                                                     \
    do {                                                                                           \
        struct retort_span got_ = (span), want_ = retort_span_of(text);                            \
        ck_assert_msg(retort_span_equal(got_, want_), "got \"%.*s\", want \"%s\"", (int)got_.len,  \
                      (const char *)got_.data, text);                                              \
    } while (0)

static struct retort_archive *open_bytes(struct retort_span bytes, size_t read_size)
{
    const struct retort_archive_options options = {.read_size = read_size};
    struct retort_archive *archive;
    struct retort_error error;
    ck_assert(retort_archive_open_bytes(&archive, "lines", bytes, &options, &error));
    return archive;
}

/* A line's outcome as text: what all ways to read it must agree on. */
static void put_outcome(struct retort_buffer *out, const struct retort_intake_line *line)
{
    retort_buffer_format(out, "%zu ", line->number);
    if (line->wrong) {
        retort_buffer_format(out, "wrong: %s\n", line->wrong);
        return;
    }
    retort_buffer_put(out, line->item.text);
    retort_buffer_text(out, " < ");
    retort_buffer_put(out, line->item.parent_text);
    retort_buffer_text(out, " | ");
    retort_intake_put_members(out, line);
    retort_buffer_byte(out, '\n');
}

static struct retort_buffer read_all(struct retort_span bytes, size_t read_size)
{
    struct retort_archive *archive = open_bytes(bytes, read_size);
    struct retort_intake_lines *lines = retort_intake_lines_open(archive);
    struct retort_buffer out = {0};
    struct retort_intake_line line;
    struct retort_error error;
    enum retort_lines_step step;
    while ((step = retort_intake_lines_next(lines, &line, &error)) != RETORT_LINES_END) {
        ck_assert((step == RETORT_LINES_BAD) == (line.wrong != NULL));
        put_outcome(&out, &line);
    }
    retort_intake_lines_close(lines);
    retort_archive_close(archive);
    return out;
}

static void put_numbered(struct retort_buffer *bytes, size_t number, size_t parent)
{
    retort_buffer_format(bytes, "{\"id\":\"c%zu\",\"text\":\"text %zu\"", number, number);
    if (parent)
        retort_buffer_format(bytes, ",\"parent_id\":\"c%zu\"", parent);
    retort_buffer_text(bytes, "}\n");
}

START_TEST(lines_are_the_same_however_they_are_cut)
{
    struct retort_buffer bytes = {0};
    for (size_t i = 1; i <= 2000; i++) {
        if (i % 7 == 0)
            retort_buffer_text(&bytes, i % 2 ? "\n" : "{\"text\":1}\r\n");
        if (i % 50 == 0)
            retort_buffer_format(&bytes, "{\"text\":\"%0*d\"}\n", (int)(i * 40), 7);
        put_numbered(&bytes, i, i > 9 && i % 3 == 0 ? i - i % 9 : 0);
    }
    bytes.len--; /* the last line has no end */
    struct retort_buffer want = read_all(retort_buffer_span(&bytes), 0);
    static const size_t SIZES[] = {1, 7, 100, 4096, 65536};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct retort_buffer got = read_all(retort_buffer_span(&bytes), SIZES[i]);
        ck_assert(retort_span_equal(retort_buffer_span(&got), retort_buffer_span(&want)));
        retort_buffer_release(&got);
    }
    ck_assert_uint_gt(want.len, bytes.len);
    retort_buffer_release(&want);
    retort_buffer_release(&bytes);
}
END_TEST

/* Of the line with this number, what it answers. */
static void ck_parent(struct retort_span bytes, size_t number, const char *parent)
{
    struct retort_archive *archive = open_bytes(bytes, 0);
    struct retort_intake_lines *lines = retort_intake_lines_open(archive);
    struct retort_intake_line line;
    struct retort_error error;
    do
        ck_assert_int_eq(retort_intake_lines_next(lines, &line, &error), RETORT_LINES_LINE);
    while (line.number < number);
    ck_span_eq(line.item.parent_text, parent);
    retort_intake_lines_close(lines);
    retort_archive_close(archive);
}

START_TEST(parents_are_found_within_the_window_and_no_further)
{
    for (size_t distance = RETORT_LINES_WINDOW - 1; distance <= RETORT_LINES_WINDOW + 1;
         distance++) {
        struct retort_buffer bytes = {0};
        for (size_t i = 1; i <= distance + 5; i++)
            put_numbered(&bytes, i, i == distance + 5 ? 5 : 0);
        ck_parent(retort_buffer_span(&bytes), distance + 5,
                  distance <= RETORT_LINES_WINDOW ? "text 5" : "");
        retort_buffer_release(&bytes);
    }
}
END_TEST

/* Also where ids share a chain, and where what is kept has outgrown its first room. */
START_TEST(no_parent_in_the_window_is_missed)
{
    enum { DISTANCE = RETORT_LINES_WINDOW - 100 };
    struct retort_buffer bytes = {0}, want = {0};
    struct retort_intake_line line;
    struct retort_error error;
    for (size_t i = 1; i <= 2 * DISTANCE; i++)
        retort_buffer_format(&bytes,
                             "{\"id\":\"c%zu\",\"text\":\"%0*zu\",\"parent_id\":\"c%zu\"}\n", i,
                             (int)(i % 997), i, i - (i > DISTANCE ? DISTANCE : 0));
    struct retort_archive *archive = open_bytes(retort_buffer_span(&bytes), 0);
    struct retort_intake_lines *lines = retort_intake_lines_open(archive);
    while (retort_intake_lines_next(lines, &line, &error) == RETORT_LINES_LINE) {
        retort_buffer_clear(&want);
        if (line.number > DISTANCE)
            retort_buffer_format(&want, "%0*zu", (int)((line.number - DISTANCE) % 997),
                                 line.number - DISTANCE);
        ck_assert(retort_span_equal(line.item.parent_text, retort_buffer_span(&want)));
    }
    retort_intake_lines_close(lines);
    retort_archive_close(archive);
    retort_buffer_release(&bytes);
    retort_buffer_release(&want);
}
END_TEST

START_TEST(of_two_lines_with_an_id_the_newer_is_meant)
{
    ck_parent(RETORT_SPAN("{\"id\":7,\"text\":\"old\"}\n{\"id\":\"7\",\"text\":\"new\"}\n"
                          "{\"text\":\"no\",\"parent_id\":\"7\"}\n"),
              3, "new");
    ck_parent(RETORT_SPAN("{\"id\":\"a\",\"text\":\"none is itself\",\"parent_id\":\"a\"}"), 1, "");
    ck_parent(RETORT_SPAN("{\"id\":\"a\",\"text\":\"x\"}\n"
                          "{\"text\":\"y\",\"parent_id\":\"a\",\"parent_text\":\"told\"}"),
              2, "told");
}
END_TEST

/* What is kept of a text ends where a character ends. */
START_TEST(a_long_parent_is_cut_between_characters)
{
    struct retort_buffer bytes = {0}, want = {0};
    retort_buffer_text(&bytes, "{\"id\":\"a\",\"text\":\"x");
    retort_buffer_byte(&want, 'x');
    for (size_t i = 0; i < 5000; i++)
        retort_buffer_text(&bytes, "é");
    for (size_t i = 0; i < 4095; i++)
        retort_buffer_text(&want, "é");
    retort_buffer_text(&bytes, "\"}\n{\"text\":\"y\",\"parent_id\":\"a\"}\n");
    retort_buffer_byte(&want, 0);
    ck_parent(retort_buffer_span(&bytes), 2, (const char *)want.data);
    retort_buffer_release(&bytes);
    retort_buffer_release(&want);
}
END_TEST

START_TEST(a_line_too_long_is_one_bad_line)
{
    enum { LONG = (16 << 20) + 100 };
    struct retort_buffer bytes = {0};
    retort_buffer_text(&bytes, "{\"text\":\"a\"}\n{\"text\":\"");
    memset(retort_buffer_room(&bytes, LONG), 'x', LONG);
    bytes.len += LONG;
    retort_buffer_text(&bytes, "\"}\n{\"text\":\"b\"}");
    struct retort_buffer got = read_all(retort_buffer_span(&bytes), 0);
    retort_buffer_byte(&got, 0);
    ck_assert_str_eq((const char *)got.data, "1 a <  | \"text\":\"a\"\n"
                                             "2 wrong: is longer than 16777216 bytes; cut it\n"
                                             "3 b <  | \"text\":\"b\"\n");
    retort_buffer_release(&got);
    retort_buffer_release(&bytes);
}
END_TEST

START_TEST(members_are_handed_back_as_they_came)
{
    static const char *const CASES[][2] = {
        {"{\"text\":\"a\"}", "\"text\":\"a\""},
        {" { \"text\" : \"a\" , \"n\" :\t1e5 } ", "\"text\":\"a\",\"n\":1e5"},
        {"{\"id\":1,\"text\":\"a\", \"x\":{\"labels\": [1, 2]},\"y\":[ ]}",
         "\"id\":1,\"text\":\"a\",\"x\":{\"labels\": [1, 2]},\"y\":[ ]"},
        {"{\"labels\":{\"a\":1},\"text\":\"a\",\"explain\":2,\"z\":null,\"retort\":{}}",
         "\"text\":\"a\",\"z\":null"},
        {"{\"a\":1,\"labels\":3,\"text\":\"\\ud83d\\ude00\\n\\/\",\"b\": true,\"c\":false}",
         "\"a\":1,\"text\":\"\\ud83d\\ude00\\n\\/\",\"b\":true,\"c\":false"},
        {"{\"te\\u0078t\":\"a\",\"k\\\"\":1}", "\"te\\u0078t\":\"a\",\"k\\\"\":1"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct retort_archive *archive = open_bytes(retort_span_of(CASES[i][0]), 0);
        struct retort_intake_lines *lines = retort_intake_lines_open(archive);
        struct retort_intake_line line;
        struct retort_buffer out = {0};
        struct retort_error error;
        ck_assert_int_eq(retort_intake_lines_next(lines, &line, &error), RETORT_LINES_LINE);
        retort_intake_put_members(&out, &line);
        ck_span_eq(retort_buffer_span(&out), CASES[i][1]);
        retort_buffer_release(&out);
        retort_intake_lines_close(lines);
        retort_archive_close(archive);
    }
}
END_TEST

START_TEST(what_is_wrong_with_a_line_is_said)
{
    static const char *const CASES[][2] = {
        {"[1]", "is no JSON object"},
        {"{\"text\":1}", "\"text\" must be a string"},
        {"{\"text\":\"a\",\"target\":{}}", "\"target\" must be a string"},
        {"{\"id\":1}", "has no \"text\""},
        {"{\"text\":null}", "has no \"text\""},
        {"{\"text\":\"\\ud800\"}", "no valid JSON"},
        {"{\"text\":\"a\",\"text\":\"b\"}", "no valid JSON"},
        {"{\"text\":\"\xff\"}", "no valid JSON"},
        {"{\"text\":\"a\"", "no valid JSON"},
        {"", "no valid JSON"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct retort_buffer bytes = {0};
        retort_buffer_format(&bytes, "%s\n", CASES[i][0]);
        struct retort_buffer got = read_all(retort_buffer_span(&bytes), 0);
        retort_buffer_byte(&got, 0);
        ck_assert_msg(strstr((const char *)got.data, CASES[i][1]), "%s: %s", CASES[i][0],
                      (const char *)got.data);
        retort_buffer_release(&got);
        retort_buffer_release(&bytes);
    }
}
END_TEST

Suite *lines_suite(void);
Suite *lines_suite(void)
{
    Suite *suite = suite_create("lines");
    TCase *tcase = tcase_create("lines");
    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, lines_are_the_same_however_they_are_cut);
    tcase_add_test(tcase, parents_are_found_within_the_window_and_no_further);
    tcase_add_test(tcase, no_parent_in_the_window_is_missed);
    tcase_add_test(tcase, of_two_lines_with_an_id_the_newer_is_meant);
    tcase_add_test(tcase, a_long_parent_is_cut_between_characters);
    tcase_add_test(tcase, a_line_too_long_is_one_bad_line);
    tcase_add_test(tcase, members_are_handed_back_as_they_came);
    tcase_add_test(tcase, what_is_wrong_with_a_line_is_said);
    suite_add_tcase(suite, tcase);
    return suite;
}
