/* serve: who asks, and may they? */
#include "serve/auth.h"
#include "serve/serve.h"
#include "store/fixture.h"

#include <check.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A hash that costs next to nothing to check: its password is "password". */
#define CHEAP                                                                                      \
    "$argon2id$v=19$m=8,t=1,p=1$steVEiwo5X+Ab8D+6Q3TYg$o+"                                         \
    "e7IpJWVb7gJYjcnLd9NL7GgZP38r4dMkjb62WTLdg"
#define DIGITS "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" /* of "abc" */

static const char *write_auth(const char *text, mode_t mode)
{
    struct retort_error error;
    const char *path = fixture_path("auth");
    ck_assert(retort_file_replace_secret(path, retort_span_of(text), &error));
    ck_assert(chmod(path, mode) == 0);
    return path;
}

static struct auth *open_auth(const char *text)
{
    struct auth *auth;
    struct retort_error error;
    static char path[600];
    snprintf(path, sizeof path, "%s", write_auth(text, 0600));
    bool opened = auth_open(&auth, path, "nobody", &error);
    ck_assert_msg(opened, "%s", error.message);
    return auth;
}

static struct auth_visitor visit(struct auth *auth, const char *cookie, int64_t now)
{
    struct auth_visitor visitor;
    auth_visit(auth, retort_span_of(cookie), now, &visitor);
    return visitor;
}

static enum auth_answer sign_in(struct auth *auth, const char *name, const char *password,
                                int64_t now, char *cookie)
{
    int64_t wait;
    return auth_sign_in(auth, retort_span_of(name), retort_span_of(password), now, cookie, &wait);
}

/* ---- the file ---- */

static const struct {
    const char *text, *says; /* NULL: is fine */
} FILES[] = {
    {"", NULL},
    {"# nobody yet\n\n  \n", NULL},
    {"ann admin " CHEAP "\nbob\treader\t" CHEAP "\r\ncoral client sha256:" DIGITS, NULL},
    {"zoë reviewer " CHEAP "\n", NULL},
    {"ann admin\n", ":1: the third word"},
    {"# x\nann chief " CHEAP "\n", ":2: the second word"},
    {"ann admin " CHEAP " more\n", ":1: more than"},
    {"ann admin " CHEAP "\nann reader " CHEAP "\n", ":2: this name"},
    {"ann admin password\n", ":1: the third word"},
    {"ann admin sha256:" DIGITS "\n", ":1: the third word"},
    {"coral client " DIGITS "\n", ":1: the third word"},
    {"coral client sha256:" DIGITS "0\n", ":1: the third word"},
    {"coral client sha256:BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n",
     ":1: the third word"},
    {"\x1b[31m admin " CHEAP "\n", ":1: a name"},
    {"a\xff admin " CHEAP "\n", ":1: a name"},
    {"aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffffggggg admin " CHEAP,
     ":1: a name"},
};

START_TEST(a_line_that_is_wrong_is_said)
{
    struct auth_users users;
    struct retort_error error = {0};
    bool parsed = auth_users_parse(&users, retort_span_of(FILES[_i].text), "f", &error);
    ck_assert_msg(parsed == !FILES[_i].says, "%s", error.message);
    if (!parsed)
        ck_assert_msg(strstr(error.message, FILES[_i].says), "%s", error.message);
    auth_users_release(&users);
}
END_TEST

START_TEST(a_file_that_others_may_read_is_refused)
{
    struct auth_users users;
    struct retort_error error;
    static const mode_t OPEN[] = {0644, 0604, 0602, 0620, 0601};
    for (size_t i = 0; i < sizeof OPEN / sizeof *OPEN; i++) {
        ck_assert(!auth_users_read(&users, write_auth("ann admin " CHEAP, OPEN[i]), &error));
        ck_assert_int_eq(error.failure, RETORT_REFUSED);
        ck_assert_ptr_nonnull(strstr(error.message, "chmod 600"));
    }
    ck_assert(auth_users_read(&users, write_auth("ann admin " CHEAP, 0640), &error));
    auth_users_release(&users);
    ck_assert(!auth_users_read(&users, fixture_path("missing"), &error));
    ck_assert(!auth_users_read(&users, fixture_directory(), &error));
}
END_TEST

START_TEST(a_nul_in_the_file_is_said)
{
    struct auth_users users;
    struct retort_error error;
    ck_assert(!auth_users_parse(&users, RETORT_SPAN("ann\0 admin " CHEAP), "f", &error));
    ck_assert_ptr_nonnull(strstr(error.message, "NUL"));
    auth_users_release(&users);
}
END_TEST

/* ---- changes of the file ---- */

START_TEST(users_are_added_changed_and_removed_and_the_rest_stays)
{
    struct retort_error error;
    struct retort_buffer list = {0};
    struct retort_file file;
    struct stat status;
    char path[600];
    snprintf(path, sizeof path, "%s", write_auth("# ours\nzed reader " CHEAP "\n", 0640));
    ck_assert(retort_users_add(path, "ann", "reader", RETORT_SPAN("long enough"), &error));
    ck_assert(retort_users_add(path, "ze", "reviewer", RETORT_SPAN("long enough"), &error));
    ck_assert(retort_users_add(path, "ann", "admin", RETORT_SPAN("another one"), &error));
    ck_assert(retort_users_list(path, &list, &error));
    retort_buffer_byte(&list, 0);
    ck_assert_str_eq((char *)list.data, "reader     zed\nreviewer   ze\nadmin      ann\n");
    ck_assert(retort_users_remove(path, "ze", &error));
    ck_assert(!retort_users_remove(path, "ze", &error));
    ck_assert(stat(path, &status) == 0);
    ck_assert_uint_eq(status.st_mode & 0777, 0600);
    ck_assert(retort_file_read(&file, path, &error));
    ck_assert(
        retort_span_starts(file.bytes, RETORT_SPAN("# ours\nzed reader " CHEAP "\nann admin")));
    retort_file_close(&file);
    retort_buffer_release(&list);
}
END_TEST

START_TEST(what_is_no_name_role_or_password_is_refused)
{
    struct retort_error error;
    const char *path = write_auth("ann admin " CHEAP "\ncoral client sha256:" DIGITS, 0600);
    struct retort_span password = RETORT_SPAN("long enough");
    char key[RETORT_SECRET_HEX];
    ck_assert(!retort_users_add(path, "bob", "client", password, &error));
    ck_assert(!retort_users_add(path, "bob", "", password, &error));
    ck_assert(!retort_users_add(path, "b ob", "reader", password, &error));
    ck_assert(!retort_users_add(path, "#bob", "reader", password, &error));
    ck_assert(!retort_users_add(path, "", "reader", password, &error));
    ck_assert(!retort_users_add(path, "bob\nann", "reader", password, &error));
    ck_assert(!retort_users_add(path, "bob", "reader", RETORT_SPAN("short"), &error));
    ck_assert(!retort_users_add(path, "coral", "reader", password, &error));
    ck_assert(!retort_users_key(path, "ann", key, &error));
    ck_assert(retort_users_key(path, "coral", key, &error));
}
END_TEST

/* ---- visits ---- */

START_TEST(a_visitor_without_a_cookie_is_nobody)
{
    struct auth *auth = open_auth("ann admin " CHEAP);
    static const char *const NONE[] = {
        "",           "x",
        DIGITS "0",   DIGITS ".",
        DIGITS ".6",  DIGITS ".616e6e0",
        DIGITS ".00", "BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        DIGITS "; x"};
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++) {
        struct auth_visitor visitor = visit(auth, NONE[i], 1);
        ck_assert_msg(visitor.role == ROLE_NOBODY && !visitor.name[0], "%s", NONE[i]);
        ck_assert_str_eq(visitor.token, visit(auth, "", 1).token);
        ck_assert(!auth_token_fits(&visitor, ""));
        ck_assert(!auth_token_fits(&visitor, NULL));
    }
    struct auth_visitor visitor = visit(auth, DIGITS, 1);
    ck_assert(visitor.role == ROLE_NOBODY && !visitor.name[0]);
    ck_assert_str_ne(visitor.token, visit(auth, "", 1).token);
    auth_close(auth);
}
END_TEST

START_TEST(a_token_fits_its_own_cookie_and_server_only)
{
    struct auth *auth = open_auth(""), *other = open_auth("");
    const char *cookie = DIGITS;
    struct auth_visitor visitor = visit(auth, cookie, 1), again = visit(auth, cookie, 1);
    struct auth_visitor stranger = visit(auth, "", 1), elsewhere = visit(other, cookie, 1);
    ck_assert(auth_token_fits(&visitor, again.token));
    ck_assert(!auth_token_fits(&visitor, stranger.token));
    ck_assert(!auth_token_fits(&visitor, elsewhere.token));
    ck_assert(!auth_token_fits(&visitor, cookie));
    auth_close(auth);
    auth_close(other);
}
END_TEST

START_TEST(without_a_file_a_person_is_who_they_say)
{
    struct auth *auth;
    struct retort_error error;
    char cookie[AUTH_COOKIE], longest[AUTH_NAME];
    ck_assert(auth_open(&auth, NULL, "ann", &error));
    ck_assert(!auth_demanded(auth));
    struct auth_visitor visitor = visit(auth, "", 1);
    ck_assert_str_eq(visitor.name, "ann");
    ck_assert_int_eq(visitor.role, ROLE_ADMIN);
    ck_assert_int_eq(sign_in(auth, "Zoë of the night", "", 1, cookie), AUTH_WELCOME);
    visitor = visit(auth, cookie, 1);
    ck_assert_str_eq(visitor.name, "Zoë of the night");
    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    ck_assert_int_eq(sign_in(auth, longest, "", 1, cookie), AUTH_WELCOME);
    ck_assert_uint_lt(strlen(cookie), sizeof cookie);
    ck_assert_str_eq(visit(auth, cookie, 1).name, longest);
    ck_assert_int_eq(sign_in(auth, "", "", 1, cookie), AUTH_BAD_NAME);
    ck_assert_int_eq(sign_in(auth, "a\nb", "", 1, cookie), AUTH_BAD_NAME);
    auth_close(auth);
    ck_assert(auth_open(&auth, NULL, "\x1b", &error));
    ck_assert_str_eq(visit(auth, "", 1).name, "reviewer");
    auth_close(auth);
}
END_TEST

START_TEST(the_right_password_opens_a_session_until_it_ends)
{
    struct auth *auth = open_auth("ann reviewer " CHEAP "\ncoral client sha256:" DIGITS);
    char cookie[AUTH_COOKIE], other[AUTH_COOKIE];
    ck_assert_int_eq(sign_in(auth, "ann", "Password", 1, cookie), AUTH_WRONG);
    ck_assert_int_eq(sign_in(auth, "coral", "password", 1, cookie), AUTH_WRONG);
    ck_assert_int_eq(sign_in(auth, "ann", "password", 1, cookie), AUTH_WELCOME);
    ck_assert_int_eq(sign_in(auth, "ann", "password", 1, other), AUTH_WELCOME);
    ck_assert_str_ne(cookie, other);
    struct auth_visitor visitor = visit(auth, cookie, 2);
    ck_assert_str_eq(visitor.name, "ann");
    ck_assert_int_eq(visitor.role, ROLE_REVIEWER);
    auth_sign_out(auth, retort_span_of(cookie));
    ck_assert_int_eq(visit(auth, cookie, 2).role, ROLE_NOBODY);
    ck_assert_int_eq(visit(auth, other, AUTH_IDLE_SECONDS).role, ROLE_REVIEWER);
    ck_assert_int_eq(visit(auth, other, 2 * AUTH_IDLE_SECONDS + 1).role, ROLE_NOBODY);
    ck_assert_int_eq(visit(auth, other, AUTH_IDLE_SECONDS).role, ROLE_NOBODY);
    ck_assert_int_eq(sign_in(auth, "ann", "password", 1, cookie), AUTH_WELCOME);
    int64_t now = 1;
    for (; now <= AUTH_MOST_SECONDS; now += AUTH_IDLE_SECONDS)
        ck_assert_int_eq(visit(auth, cookie, now).role, ROLE_REVIEWER);
    ck_assert_int_eq(visit(auth, cookie, now + 1).role, ROLE_NOBODY);
    auth_close(auth);
}
END_TEST

START_TEST(a_changed_file_changes_who_may_come_in)
{
    struct auth *auth = open_auth("ann reviewer " CHEAP "\nbob admin " CHEAP);
    struct retort_error error;
    char ann[AUTH_COOKIE], bob[AUTH_COOKIE];
    ck_assert_int_eq(sign_in(auth, "ann", "password", 1, ann), AUTH_WELCOME);
    ck_assert_int_eq(sign_in(auth, "bob", "password", 1, bob), AUTH_WELCOME);
    write_auth("ann reader " CHEAP, 0600);
    ck_assert(auth_refresh(auth, &error));
    ck_assert_int_eq(visit(auth, ann, 1).role, ROLE_READER);
    ck_assert_int_eq(visit(auth, bob, 1).role, ROLE_NOBODY);
    write_auth("ann nonsense", 0600);
    ck_assert(!auth_refresh(auth, &error));
    ck_assert(auth_refresh(auth, &error)); /* said once */
    ck_assert(unlink(fixture_path("auth")) == 0);
    ck_assert(!auth_refresh(auth, &error));
    ck_assert(auth_refresh(auth, &error));
    ck_assert_int_eq(visit(auth, ann, 1).role, ROLE_READER);
    ck_assert(
        retort_users_add(write_auth("", 0600), "ann", "reader", RETORT_SPAN("otherwise"), &error));
    ck_assert(auth_refresh(auth, &error));
    ck_assert_int_eq(visit(auth, ann, 1).role, ROLE_NOBODY); /* another password */
    auth_close(auth);
}
END_TEST

START_TEST(wrong_passwords_make_a_name_wait)
{
    struct auth *auth = open_auth("ann reviewer " CHEAP);
    char cookie[AUTH_COOKIE];
    const char *const names[] = {"ann", "bob"}; /* known or not: all the same */
    for (size_t i = 0; i < 2; i++) {
        for (int n = 0; n < AUTH_FREE_FAILURES; n++)
            ck_assert_int_eq(sign_in(auth, names[i], "wrong", 100, cookie), AUTH_WRONG);
        ck_assert_int_eq(sign_in(auth, names[i], "wrong", 100, cookie), AUTH_WAIT);
        ck_assert_int_eq(sign_in(auth, names[i], "wrong", 101, cookie), AUTH_WRONG);
        ck_assert_int_eq(sign_in(auth, names[i], "password", 102, cookie), AUTH_WAIT);
    }
    ck_assert_int_eq(sign_in(auth, "ann", "password", 103, cookie), AUTH_WELCOME);
    ck_assert_int_eq(sign_in(auth, "ann", "wrong", 103, cookie), AUTH_WRONG);
    ck_assert_int_eq(sign_in(auth, "ann", "password", 103, cookie), AUTH_WELCOME);
    auth_close(auth);
}
END_TEST

START_TEST(waiting_grows_to_a_minute_and_is_forgiven)
{
    static struct auth_throttle throttle = {.seed = 7};
    struct retort_span name = RETORT_SPAN("ann");
    for (int n = 0; n < 40; n++)
        auth_throttle_failed(&throttle, name, 100);
    ck_assert_int_eq(auth_throttle_wait(&throttle, name, 100), AUTH_MOST_WAIT);
    ck_assert_int_eq(auth_throttle_wait(&throttle, name, 100 + AUTH_MOST_WAIT), 0);
    ck_assert_int_eq(auth_throttle_wait(&throttle, RETORT_SPAN("bob"), 100), 0);
    auth_throttle_failed(&throttle, name, 101 + AUTH_FORGIVEN_SECONDS);
    ck_assert_int_eq(auth_throttle_wait(&throttle, name, 101 + AUTH_FORGIVEN_SECONDS), 0);
    for (int n = 0; n < 5000; n++) { /* many names: the table stays as large as it is */
        char other[16];
        snprintf(other, sizeof other, "%d", n);
        auth_throttle_failed(&throttle, retort_span_of(other), 2000 + n);
    }
    ck_assert_int_eq(auth_throttle_wait(&throttle, RETORT_SPAN("4999"), 6999), 0);
}
END_TEST

START_TEST(sessions_of_one_do_not_push_out_those_of_others)
{
    struct auth *auth = open_auth("ann reviewer " CHEAP "\nbob admin " CHEAP);
    char bob[AUTH_COOKIE], first[AUTH_COOKIE], cookie[AUTH_COOKIE];
    ck_assert_int_eq(sign_in(auth, "bob", "password", 1, bob), AUTH_WELCOME);
    ck_assert_int_eq(sign_in(auth, "ann", "password", 1, first), AUTH_WELCOME);
    for (int n = 0; n < AUTH_SESSIONS_A_NAME; n++)
        ck_assert_int_eq(sign_in(auth, "ann", "password", 2, cookie), AUTH_WELCOME);
    ck_assert_int_eq(visit(auth, first, 3).role, ROLE_NOBODY);
    ck_assert_int_eq(visit(auth, cookie, 3).role, ROLE_REVIEWER);
    ck_assert_int_eq(visit(auth, bob, 3).role, ROLE_ADMIN);
    auth_close(auth);
}
END_TEST

START_TEST(a_full_table_of_sessions_lets_the_least_used_go)
{
    struct auth_sessions sessions;
    char name[16];
    auth_sessions_init(&sessions);
    for (int n = 0; n <= AUTH_SESSIONS; n++) {
        snprintf(name, sizeof name, "user%d", n);
        struct auth_session *session = auth_sessions_add(&sessions, name, 10 + n);
        memcpy(session->token, &n, sizeof n);
    }
    uint8_t token[RETORT_SECRET] = {0};
    ck_assert_ptr_null(auth_sessions_find(&sessions, token, 2000));
    memcpy(token, &(int){1}, sizeof(int));
    ck_assert_ptr_nonnull(auth_sessions_find(&sessions, token, 2000));
    auth_sessions_release(&sessions);
}
END_TEST

START_TEST(keys_are_asked_for_where_there_are_any)
{
    struct auth *auth = open_auth("ann reviewer " CHEAP "\ncoral client sha256:" DIGITS);
    ck_assert(auth_key_fits(auth, "abc", false) && auth_key_fits(auth, "abc", true));
    ck_assert(!auth_key_fits(auth, "abd", false));
    ck_assert(!auth_key_fits(auth, "", false));
    ck_assert(!auth_key_fits(auth, NULL, false));
    auth_close(auth);
    auth = open_auth("ann reviewer " CHEAP); /* its last client is gone */
    ck_assert(auth_key_fits(auth, NULL, false) && auth_key_fits(auth, "any", false));
    ck_assert(!auth_key_fits(auth, NULL, true) && !auth_key_fits(auth, "any", true));
    auth_close(auth);
    struct retort_error error;
    ck_assert(auth_open(&auth, NULL, "nobody", &error));
    ck_assert(auth_key_fits(auth, NULL, true));
    auth_close(auth);
}
END_TEST

Suite *auth_suite(void);

Suite *auth_suite(void)
{
    Suite *suite = suite_create("auth");
    TCase *cases = tcase_create("auth");
    tcase_add_checked_fixture(cases, fixture_begin, fixture_end);
    tcase_set_timeout(cases, 60);
    tcase_add_loop_test(cases, a_line_that_is_wrong_is_said, 0, sizeof FILES / sizeof *FILES);
    tcase_add_test(cases, a_file_that_others_may_read_is_refused);
    tcase_add_test(cases, a_nul_in_the_file_is_said);
    tcase_add_test(cases, users_are_added_changed_and_removed_and_the_rest_stays);
    tcase_add_test(cases, what_is_no_name_role_or_password_is_refused);
    tcase_add_test(cases, a_visitor_without_a_cookie_is_nobody);
    tcase_add_test(cases, a_token_fits_its_own_cookie_and_server_only);
    tcase_add_test(cases, without_a_file_a_person_is_who_they_say);
    tcase_add_test(cases, the_right_password_opens_a_session_until_it_ends);
    tcase_add_test(cases, a_changed_file_changes_who_may_come_in);
    tcase_add_test(cases, wrong_passwords_make_a_name_wait);
    tcase_add_test(cases, waiting_grows_to_a_minute_and_is_forgiven);
    tcase_add_test(cases, sessions_of_one_do_not_push_out_those_of_others);
    tcase_add_test(cases, a_full_table_of_sessions_lets_the_least_used_go);
    tcase_add_test(cases, keys_are_asked_for_where_there_are_any);
    suite_add_tcase(suite, cases);
    return suite;
}
