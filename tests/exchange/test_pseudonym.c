/* exchange: through the mask nobody is named, wherever their name stands, and words that are no
 * names stay; the same key, the same names. */
#include "exchange/exchange.h"
#include "store/fixture.h"

#include <string.h>
#include <sys/stat.h>

/* Who writes; the number of the comment is the row's, + 1. */
static const char *const WRITERS[] = {"Vera Quill", "Vera",      "will",      "Bo",
                                      "Zoë",        "O'Neil-7",  "_x9",       "*Quin* Ode",
                                      "(Zorbulon)", "987654321", "VERA QUILL"};
enum { N_WRITERS = sizeof WRITERS / sizeof *WRITERS };

struct masking {
    const char *text, *masked; /* {2}: the pseudonym of WRITERS[2]; {?}: somebody's */
    bool is_meta;
};
static const struct masking MASKINGS[] = {
    {"Ask Vera Quill.", "Ask {0}.", false},
    {"Ask Vera, or Veras.", "Ask {1}, or Veras.", false},
    {"I will, Will will.", "I will, Will will.", false},
    {"@will and @WILL", "@{2} and @{2}", false},
    {"@vera quill: no", "@{0}: no", false},
    {"@Vera Quill, VERA QUILL, Vera Quilly", "@{0}, {:}, {1} Quilly", false},
    {"Bo knows; @Bo, too", "Bo knows; @{3}, too", false},
    {"Zoë's, but Zoëlle", "{4}'s, but Zoëlle", false},
    {"so says O'Neil-7, not O'Neil-70", "so says {5}, not O'Neil-70", false},
    {"_x9 x_x9", "{6} x{6}", false},
    {"_Vera Quill_ and Vera_2", "_{0}_ and {1}_2", false},
    {"@Vera-Lynn", "@{?}", false},
    {"@vera_2", "@{?}", false},
    {"*Quin* Ode: (*Quin* Ode), @*quin* ode, Quin", "{7}: ({7}), @{7}, Quin", false},
    {"x(Zorbulon), ((Zorbulon)) and Zorbulon", "x{8}, ({8}) and Zorbulon", false},
    {"@jo.doe-7. And @ nobody, a@b.org, @", "@{?}. And @ nobody, a@b.org, @", false},
    {"@@will", "@@{2}", false},
    {"Otto writes elsewhere.", "Otto writes elsewhere.", false},
    {"@Otto", "@{?}", false},
    {"", "", false},
    {"{\"to\":\"Vera\",\"n\":[1,\"say \\\"Vera Quill\\\"\"]}",
     "{\"to\":\"{1}\",\"n\":[1,\"say \\\"{0}\\\"\"]}", true},
    {"{\"by\":987654321,\"n\":[9876543210,987654321.5,-987654321]}",
     "{\"by\":\"{9}\",\"n\":[9876543210,987654321.5,-987654321]}", true},
    {"{\"Zo\\u00eb\":\"\\u005a\\u006f\\u00eb\"}", "{\"{4}\":\"{4}\"}", true},
};
enum { N_MASKINGS = sizeof MASKINGS / sizeof *MASKINGS };

static void put(struct retort_store *store, const char *source, const char *author,
                const struct masking *masking)
{
    int64_t id;
    struct retort_error error = {0};
    struct retort_line_record line = {
        .source = source, .author = retort_span_of(author), .text = RETORT_SPAN("a text")};
    if (masking && masking->is_meta)
        line.meta = retort_span_of(masking->text);
    else if (masking)
        line.text = retort_span_of(masking->text);
    ck_assert(retort_store_begin(store, &error) &&
              retort_store_put_line(store, &line, &id, &error) &&
              retort_store_commit(store, &error));
}

/* A line of each writer, a line a row of MASKINGS, and one of somebody in another file. */
static void fill(void)
{
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    for (size_t i = 0; i < N_WRITERS; i++)
        put(store, "a.jsonl", WRITERS[i], NULL);
    for (size_t i = 0; i < N_MASKINGS; i++)
        put(store, "a.jsonl", "Nora", &MASKINGS[i]);
    put(store, "b.jsonl", "Otto", NULL);
    retort_store_close(store);
}

struct opened {
    struct retort_store *store;
    struct retort_pseudonyms *pseudonyms;
    struct retort_arena arena;
    bool made;
};

static void open_masked(struct opened *opened, const char *key)
{
    struct retort_error error = {0};
    *opened = (struct opened){.store = fixture_open("a.db", RETORT_STORE_READ)};
    bool good = retort_pseudonyms_open(&opened->pseudonyms, opened->store, fixture_path(key),
                                       &opened->made, &error);
    ck_assert_msg(good, "%s", error.message);
}

static void close_masked(struct opened *opened)
{
    retort_store_close(opened->store);
    retort_pseudonyms_close(opened->pseudonyms);
    retort_arena_release(&opened->arena);
}

static struct retort_stored_comment comment_of(struct opened *opened, size_t row)
{
    struct retort_error error = {0};
    struct retort_stored_comment comment;
    bool read =
        retort_store_comment(opened->store, (int64_t)row + 1, &opened->arena, &comment, &error);
    ck_assert_msg(read, "%s", error.message);
    return comment;
}

/* The template with the writers' pseudonyms in it; {?} takes the 17 letters that are there. */
static void expand(struct opened *opened, const char *template, struct retort_span found,
                   struct retort_buffer *out)
{
    for (const char *at = template; *at; at++) {
        if (*at != '{' || at[1] == '\0' || at[2] != '}') {
            retort_buffer_byte(out, (uint8_t)*at);
            continue;
        }
        if (at[1] == '?')
            retort_buffer_put(out, retort_span_slice(found, out->len, out->len + 17));
        else
            retort_buffer_put(out, comment_of(opened, (size_t)(at[1] - '0')).author);
        at += 2;
    }
}

START_TEST(test_masked)
{
    struct opened opened;
    struct retort_buffer wanted = {0};
    fill();
    open_masked(&opened, "key");
    const struct masking *row = &MASKINGS[_i];
    const struct retort_stored_comment comment = comment_of(&opened, N_WRITERS + (size_t)_i);
    struct retort_span found = row->is_meta ? comment.meta : comment.text;
    expand(&opened, row->masked, found, &wanted);
    ck_assert_msg(retort_span_equal(found, retort_buffer_span(&wanted)), "%.*s", (int)found.len,
                  (const char *)found.data);
    retort_buffer_release(&wanted);
    close_masked(&opened);
}
END_TEST

START_TEST(test_keys)
{
    struct opened one, again, other;
    struct stat status;
    fill();
    open_masked(&one, "key");
    open_masked(&again, "key");
    open_masked(&other, "another");
    ck_assert(one.made && !again.made && other.made);
    ck_assert_int_eq(stat(fixture_path("key"), &status), 0);
    ck_assert_int_eq(status.st_mode & 0777, 0600);
    const struct retort_stored_comment first = comment_of(&one, 0), second = comment_of(&again, 0),
                                       third = comment_of(&other, 0);
    ck_assert(retort_span_equal(first.author, second.author));
    ck_assert(!retort_span_equal(first.author, third.author));
    ck_assert_str_eq(first.identity, second.identity);
    ck_assert_str_ne(first.identity, third.identity);
    close_masked(&one);
    close_masked(&again);
    close_masked(&other);
}
END_TEST

static const char *const NO_KEYS[] = {"", "abc",
                                      "no key of sixty-four digits, though as long as "
                                      "one, is taken for one"};

START_TEST(test_no_keys)
{
    struct retort_error error = {0};
    struct retort_pseudonyms *pseudonyms;
    bool made;
    fill();
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_READ);
    ck_assert(retort_file_replace(fixture_path("key"), retort_span_of(NO_KEYS[_i]), &error));
    ck_assert(!retort_pseudonyms_open(&pseudonyms, store, fixture_path("key"), &made, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    retort_store_close(store);
}
END_TEST

Suite *pseudonyms_suite(void);
Suite *pseudonyms_suite(void)
{
    Suite *suite = suite_create("pseudonyms");
    TCase *masks = tcase_create("masks");
    tcase_add_checked_fixture(masks, fixture_begin, fixture_end);
    tcase_add_loop_test(masks, test_masked, 0, N_MASKINGS);
    tcase_add_test(masks, test_keys);
    tcase_add_loop_test(masks, test_no_keys, 0, sizeof NO_KEYS / sizeof *NO_KEYS);
    suite_add_tcase(suite, masks);
    return suite;
}
