/* exchange: the objects of a file are the same in lines, in an array and laid out over lines, and
 * however their bytes come; what is broken costs itself alone. */
#include "exchange/values.h"

#include <check.h>
#include <stdlib.h>

static struct retort_buffer read_all(const char *text, size_t read_size)
{
    const struct retort_archive_options options = {.read_size = read_size};
    struct retort_archive *archive;
    struct retort_error error;
    struct retort_arena arena = {0};
    struct retort_json_object object;
    struct retort_buffer out = {0};
    enum values_step step;
    ck_assert(
        retort_archive_open_bytes(&archive, "values", retort_span_of(text), &options, &error));
    struct values *values = values_open(archive);
    while ((step = values_next(values, &arena, &object, &error)) != VALUES_END) {
        retort_buffer_format(&out, "%zu", values_number(values));
        if (step == VALUES_BAD) {
            retort_buffer_text(&out, "! ");
            continue;
        }
        retort_buffer_byte(&out, '=');
        retort_buffer_put(&out, values_text_of(&object, "a", &arena));
        retort_buffer_byte(&out, ' ');
    }
    values_close(values);
    retort_archive_close(archive);
    retort_arena_release(&arena);
    retort_buffer_byte(&out, 0);
    return out;
}

static const struct {
    const char *text, *objects;
} FILES[] = {
    {"", ""},
    {"\n \n", ""},
    {"{\"a\":1}\n{\"a\":\"x\"}\n", "1=1 2=x "},
    {"{\"a\":1}\r\n\n{\"a\":2}", "1=1 3=2 "},
    {"\xEF\xBB\xBF{\"a\":1}\n{\"a\":2}\n", "1=1 2=2 "},
    /* A line that is broken costs that line. */
    {"{\"a\":1}\n{\"a\":\n{\"a\":3}\n[]\n{\"a\":5}", "1=1 2! 3=3 4! 5=5 "},
    {"[{\"a\":1},{\"a\":\"]}\\\"\"} , {\"a\":[3]}]", "1=1 2=]}\" 3= "},
    {"[\n{\"a\":1},\n{\"a\":2}\n]\n", "1=1 2=2 "},
    {"[]", ""},
    {"[1,\"x\",{\"a\":3},null]", "1! 2! 3=3 4! "},
    /* One that is broken inside costs itself. */
    {"[{\"a\":1},{\"a\":},{\"a\":3}]", "1=1 2! 3=3 "},
    {"[{\"a\":1},{\"a\":2", "1=1 2! "},
    {"{\n  \"a\": 1\n}\n", "1=1 "},
    {"{\n  \"a\": 1\n} {\"a\":\n2}", "1=1 2=2 "},
    {"{\"\\u0061\":\"said\"}\n", "1=said "},
    {"{\"a\":null}\n{\"a\":true}", "1= 2=true "},
    {"nothing", "1! "},
};

START_TEST(test_objects)
{
    static const size_t SIZES[] = {1, 2, 3, 7, 64, 70000};
    for (size_t i = 0; i < sizeof SIZES / sizeof *SIZES; i++) {
        struct retort_buffer got = read_all(FILES[_i].text, SIZES[i]);
        ck_assert_str_eq((const char *)got.data, FILES[_i].objects);
        retort_buffer_release(&got);
    }
}
END_TEST

/* Longer than what is believed: passed over, the next is read. */
START_TEST(test_too_long)
{
    struct retort_buffer text = {0};
    size_t n = VALUES_LONGEST + 100;
    retort_buffer_text(&text, _i ? "[{\"a\":1},{\"b\":\"" : "{\"a\":1}\n{\"b\":\"");
    memset(retort_buffer_room(&text, n), 'x', n);
    text.len += n;
    retort_buffer_text(&text, _i ? "\"},{\"a\":3}]" : "\"}\n{\"a\":3}\n");
    retort_buffer_byte(&text, 0);
    struct retort_buffer got = read_all((const char *)text.data, 0);
    ck_assert_str_eq((const char *)got.data, "1=1 2! 3=3 ");
    retort_buffer_release(&got);
    retort_buffer_release(&text);
}
END_TEST

static const struct {
    const char *head;
    char begins; /* the value of "label" */
} HEADS[] = {
    {"{\"text\":\"x\",\"label\":[]}", '['},
    {"[ {\"text\":\"x\", \"label\" : {", '{'},
    {"\xEF\xBB\xBF[{\"label\":1", '1'},
    {"{\"a\":{\"b\":[1]},\"label\":\"\"}", '"'},
    {"{\"a\":{\"label\":1}}", 0},
    {"{\"a\":1}\n{\"label\":1}", 0}, /* not of the first */
    {"{\"text\":\"\\\"label\\\": \"}", 0},
    {"{\"text\":\"label\"}", 0},
    {"{\"label\":", 0},
    {"<p>\"label\":</p>", 0},
    {"{\"label", 0},
    {"{", 0},
    {"", 0},
};

START_TEST(test_keys_of_a_head)
{
    ck_assert_int_eq(values_begins_with(retort_span_of(HEADS[_i].head), "label"), HEADS[_i].begins);
}
END_TEST

Suite *values_suite(void);
Suite *values_suite(void)
{
    Suite *suite = suite_create("values");
    TCase *objects = tcase_create("objects");
    tcase_add_loop_test(objects, test_objects, 0, sizeof FILES / sizeof *FILES);
    tcase_add_loop_test(objects, test_too_long, 0, 2);
    tcase_add_loop_test(objects, test_keys_of_a_head, 0, sizeof HEADS / sizeof *HEADS);
    suite_add_tcase(suite, objects);
    return suite;
}
