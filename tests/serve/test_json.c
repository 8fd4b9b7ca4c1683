/* What serve writes and what it accepts by name: members, excerpts, parameters. */
#include "serve/json.h"
#include "serve/params.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *serve_json_suite(void);

static const char *text_of(struct retort_buffer *out)
{
    retort_buffer_byte(out, 0);
    return (const char *)out->data;
}

START_TEST(unknown_is_null)
{
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '{');
    json_put_text(&out, "a", (struct retort_span){0});
    json_put_text(&out, "b", RETORT_SPAN(""));
    json_put_id(&out, "c", 0);
    json_put_number(&out, "d", (double)NAN);
    json_put_number(&out, "e", 0.1);
    json_put_stored(&out, "f", RETORT_SPAN("[\"x\"]"));
    json_put_stored(&out, "g", RETORT_SPAN("[\"x\""));
    json_put_stored(&out, "h", (struct retort_span){0});
    ck_assert_str_eq(text_of(&out), "{\"a\":null,\"b\":\"\",\"c\":null,\"d\":null,\"e\":0.1,"
                                    "\"f\":[\"x\"],\"g\":null,\"h\":null");
    retort_buffer_release(&out);
}
END_TEST

START_TEST(excerpts_are_one_short_line)
{
    static const struct {
        const char *text, *excerpt;
    } CASES[] = {
        {"", ""},
        {" \n\t ", ""},
        {"  two\n\n words ", "two words"},
        {"a\xE2\x80\xA8z\xC2\xA0y", "a z y"},
        {"<b>\"&\\", "<b>\\\"&\\\\"},
        {"\xFF\xC3", "\xEF\xBF\xBD\xEF\xBF\xBD"},
    };
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct retort_buffer out = {0};
        char wanted[64];
        snprintf(wanted, sizeof wanted, "\"e\":\"%s\"", CASES[i].excerpt);
        json_put_excerpt(&out, "e", retort_span_of(CASES[i].text));
        ck_assert_str_eq(text_of(&out) + (out.data[0] == ','), wanted);
        retort_buffer_release(&out);
    }
}
END_TEST

/* Exactly as long as it may be it stands whole, one character longer it is cut; never in the middle
 * of one. */
START_TEST(excerpts_are_cut_between_characters)
{
    for (size_t more = 0; more < 2; more++) {
        struct retort_buffer text = {0}, out = {0};
        for (size_t i = 0; i < MOST_EXCERPT + more; i++)
            retort_buffer_text(&text, "é");
        retort_buffer_byte(&out, '[');
        json_put_excerpt(&out, "e", retort_buffer_span(&text));
        ck_assert_uint_eq(out.len, strlen("[\"e\":\"\"") + 2 * MOST_EXCERPT + 3 * more);
        ck_assert(retort_utf8_valid(retort_buffer_span(&out)));
        retort_buffer_release(&text);
        retort_buffer_release(&out);
    }
}
END_TEST

/* ---- parameters ---- */

static struct exchange asked(const struct pair *query, size_t n_query, const char *body)
{
    return (struct exchange){
        .query = query, .n_query = n_query, .body = retort_span_of(body), .status = 200};
}

/* The status, and that the message says a word. */
static unsigned status_of(struct exchange *exchange, const char *said)
{
    unsigned status = exchange->status;
    if (status != 200) {
        retort_buffer_byte(&exchange->out, 0);
        ck_assert_msg(strstr((const char *)exchange->out.data, said) != NULL, "%s",
                      (const char *)exchange->out.data);
    }
    exchange_release(exchange);
    return status;
}

START_TEST(parameters_are_known_and_alone)
{
    static const char *const KNOWN[] = {"task", "limit", NULL};
    const struct pair QUERY[] = {{RETORT_SPAN("task"), RETORT_SPAN("tone")},
                                 {RETORT_SPAN("limit"), RETORT_SPAN("7")},
                                 {RETORT_SPAN("task"), RETORT_SPAN("tone")},
                                 {RETORT_SPAN("x\0y"), RETORT_SPAN("")}};
    static const struct {
        size_t begin, n;
        unsigned status;
        const char *said;
    } CASES[] = {{0, 0, 200, ""}, {0, 2, 200, ""}, {0, 3, 400, "twice"}, {3, 1, 400, "limit"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct exchange exchange = asked(QUERY + CASES[i].begin, CASES[i].n, "");
        ck_assert_int_eq(params_only(&exchange, KNOWN), CASES[i].status == 200);
        ck_assert_uint_eq(status_of(&exchange, CASES[i].said), CASES[i].status);
    }
}
END_TEST

START_TEST(numbers_have_bounds)
{
    static const struct {
        const char *text;
        unsigned status;
        uint64_t number;
    } CASES[] = {{"1", 200, 1},    {"200", 200, 200}, {"0", 400, 50},
                 {"201", 400, 50}, {"-1", 400, 50},   {"1e2", 400, 50},
                 {"", 400, 50},    {" 1", 400, 50},   {"99999999999999999999", 400, 50}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        const struct pair query = {RETORT_SPAN("limit"), retort_span_of(CASES[i].text)};
        struct exchange exchange = asked(&query, 1, "");
        uint64_t number = 50;
        ck_assert_int_eq(params_number(&exchange, "limit", 1, 200, &number),
                         CASES[i].status == 200);
        ck_assert_uint_eq(number, CASES[i].number);
        ck_assert_uint_eq(status_of(&exchange, "from 1 to 200"), CASES[i].status);
    }
}
END_TEST

START_TEST(members_are_known)
{
    static const char *const KNOWN[] = {"task", NULL};
    static const struct {
        const char *body;
        unsigned status;
        const char *said;
    } CASES[] = {{"{}", 200, ""},
                 {" {\"task\":{\"x\":1}} ", 200, ""},
                 {"{\"task\":1,\"tosk\":1}", 400, "tosk"},
                 {"[]", 400, "object"},
                 {"", 400, "JSON"},
                 {"{\"task\":1,\"task\":1}", 400, "JSON"}};
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        struct exchange exchange = asked(NULL, 0, CASES[i].body);
        struct retort_span object;
        bool good =
            params_body(&exchange, &object) && params_members(&exchange, object, "the body", KNOWN);
        ck_assert_int_eq(good, CASES[i].status == 200);
        ck_assert_uint_eq(status_of(&exchange, CASES[i].said), CASES[i].status);
    }
}
END_TEST

Suite *serve_json_suite(void)
{
    Suite *suite = suite_create("serve_json");
    TCase *tests = tcase_create("members and parameters");
    tcase_add_test(tests, unknown_is_null);
    tcase_add_test(tests, excerpts_are_one_short_line);
    tcase_add_test(tests, excerpts_are_cut_between_characters);
    tcase_add_test(tests, parameters_are_known_and_alone);
    tcase_add_test(tests, numbers_have_bounds);
    tcase_add_test(tests, members_are_known);
    suite_add_tcase(suite, tests);
    return suite;
}
