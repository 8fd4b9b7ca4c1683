/* Refusals: files that cannot be used, each with one clear line, and never a crash. */
#include "store/fixture.h"

#include <check.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const PAGE[] = {"Shame on the council.", "LOL", "1:It was never full.", "LOL",
                                   "4:Funny, is it?",       NULL};
enum { N_PAGE = 5 };

static void make_database(const char *name, const char *sql)
{
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(fixture_path(name), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(db);
}

static void expect_refusal(const char *name, enum retort_store_mode mode, const char *word)
{
    struct retort_store *store;
    struct retort_error error = {0};
    ck_assert(!retort_store_open(&store, fixture_path(name), mode, 50, &error));
    ck_assert_ptr_null(store);
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert_msg(strstr(error.message, word) != NULL, "%s", error.message);
    ck_assert_msg(strstr(error.message, name) != NULL, "%s", error.message);
}

START_TEST(test_foreign_files_are_refused)
{
    struct retort_error error = {0};
    make_database("foreign.db", "CREATE TABLE bookmarks (url)");
    make_database("numbered.db", "PRAGMA application_id = 7; CREATE TABLE t (x)");
    make_database("newer.db", "PRAGMA application_id = 0x72747274; PRAGMA user_version = 99;"
                              "CREATE TABLE t (x)");
    ck_assert(retort_file_replace(fixture_path("text.db"),
                                  RETORT_SPAN("This is a letter and no database at all, I fear."),
                                  &error));
    ck_assert(retort_file_replace(fixture_path("empty.db"), RETORT_SPAN(""), &error));
    for (int mode = RETORT_STORE_READ; mode <= RETORT_STORE_WRITE; mode++) {
        expect_refusal("foreign.db", mode, "another program");
        expect_refusal("numbered.db", mode, "another program");
        expect_refusal("newer.db", mode, "newer retort");
        expect_refusal("text.db", mode, "no retort database");
        expect_refusal(".", mode, "regular file");
    }
    for (int mode = RETORT_STORE_READ; mode <= RETORT_STORE_EDIT; mode++) {
        expect_refusal("absent.db", mode, "retort label -d");
        expect_refusal("empty.db", mode, "holds nothing");
    }
    ck_assert_int_ne(access(fixture_path("absent.db"), F_OK), 0);
    expect_refusal("no/where.db", RETORT_STORE_WRITE, "directory");
    ck_assert_int_eq(fixture_ask("foreign.db", "SELECT count(*) FROM sqlite_schema"), 1);
    retort_store_close(
        fixture_open("empty.db", RETORT_STORE_WRITE)); /* an empty file is made ours */
    retort_store_close(fixture_open("empty.db", RETORT_STORE_READ));
}
END_TEST

START_TEST(test_locked)
{
    struct retort_error error = {0};
    struct retort_store *store, *waiting;
    sqlite3 *db;
    retort_store_close(fixture_open("a.db", RETORT_STORE_WRITE));
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    ck_assert(retort_store_open(&store, fixture_path("a.db"), RETORT_STORE_READ, 50, &error));
    retort_store_close(store); /* readers don't wait */
    ck_assert(retort_store_open(&waiting, fixture_path("a.db"), RETORT_STORE_WRITE, 50, &error));
    ck_assert(!retort_store_begin(waiting, &error));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.message, "locked by another process; wait"));
    ck_assert_int_eq(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    ck_assert(retort_store_begin(waiting, &error));
    ck_assert(retort_store_commit(waiting, &error));
    retort_store_close(waiting);
    ck_assert_int_eq(
        sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE", NULL, NULL, NULL),
        SQLITE_OK);
    expect_refusal("a.db", RETORT_STORE_WRITE, "locked");
    sqlite3_close(db);
}
END_TEST

/* Runs the check as somebody to whom file permissions apply. */
static void as_nobody(void (*check)(void))
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(2);
        check();
        _exit(0);
    }
    int status;
    waitpid(child, &status, 0);
    ck_assert_msg(WIFEXITED(status) && WEXITSTATUS(status) == 0, "status %d", status);
}

static bool reads(const char *name)
{
    struct retort_store *store;
    struct retort_error error = {0};
    struct retort_store_health health = {0};
    if (!retort_store_open(&store, fixture_path(name), RETORT_STORE_READ, 50, &error))
        return false;
    bool good = retort_store_check(store, &health, &error) && health.n_comments == N_PAGE &&
                strcmp(health.integrity, "ok") == 0;
    retort_store_close(store);
    return good;
}

/* A reader leaves nothing behind, and cannot write. */
START_TEST(test_reader_only_reads)
{
    struct retort_error error = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p.txt", "s1", PAGE, NULL);
    retort_store_close(store);
    ck_assert(reads("a.db"));
    ck_assert_int_ne(access(fixture_path("a.db-wal"), F_OK), 0);
    ck_assert_int_ne(access(fixture_path("a.db-shm"), F_OK), 0);
    store = fixture_open("a.db", RETORT_STORE_READ);
    struct retort_line_record line = {.source = "-", .text = RETORT_SPAN("No.")};
    int64_t id;
    ck_assert(!retort_store_begin(store, &error) ||
              !retort_store_put_line(store, &line, &id, &error));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    retort_store_close(store);
}
END_TEST

static bool write_is_refused(const char *name)
{
    struct retort_store *store;
    struct retort_error error = {0};
    bool opened = retort_store_open(&store, fixture_path(name), RETORT_STORE_WRITE, 50, &error);
    bool began = opened && retort_store_begin(store, &error);
    retort_store_close(store);
    return !began && error.failure == RETORT_REFUSED && strstr(error.message, "read-only");
}

static void check_read_only(void)
{
    if (!reads("a.db"))
        _exit(3);
    if (!write_is_refused("a.db"))
        _exit(4);
}

START_TEST(test_read_only)
{
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p.txt", "s1", PAGE, NULL);
    retort_store_close(store);
    ck_assert_int_eq(chmod(fixture_path("a.db"), 0444), 0);
    ck_assert_int_eq(chmod(fixture_directory(), 0555), 0);
    expect_refusal("a.db", RETORT_STORE_WRITE, "read-only");
    as_nobody(check_read_only); /* first: root's reader would leave what nobody's needs */
    ck_assert(reads("a.db"));
}
END_TEST

/* Whatever a flipped byte does, it is an error or an answer, never a crash. */
START_TEST(test_damaged_bytes)
{
    struct retort_error error = {0};
    struct retort_file file;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p.txt", "s1", PAGE, NULL);
    retort_store_close(store);
    ck_assert(retort_file_read(&file, fixture_path("a.db"), &error));
    uint8_t *bytes = (uint8_t *)(uintptr_t)file.bytes.data;
    uint64_t seed = 1;
    for (size_t i = 0; i < 200; i++) {
        size_t at = i < 100 ? i : (size_t)(retort_random(&seed) % file.bytes.len);
        bytes[at] ^= 0x5A;
        ck_assert(retort_file_replace(fixture_path("b.db"), file.bytes, &error));
        bytes[at] ^= 0x5A;
        if (retort_store_open(&store, fixture_path("b.db"), RETORT_STORE_READ, 50, &error)) {
            struct retort_store_health health;
            if (!retort_store_check(store, &health, &error))
                ck_assert_int_ne(error.failure, RETORT_DONE);
            retort_store_close(store);
        }
    }
    for (size_t size = 1; size + 4096 <= file.bytes.len; size += 2999) {
        struct retort_span cut = retort_span_slice(file.bytes, 0, size);
        ck_assert(retort_file_replace(fixture_path("b.db"), cut, &error));
        if (retort_store_open(&store, fixture_path("b.db"), RETORT_STORE_READ, 50, &error)) {
            struct retort_store_health health;
            ck_assert(!retort_store_check(store, &health, &error) ||
                      strcmp(health.integrity, "ok") != 0);
            retort_store_close(store);
        }
    }
    retort_file_close(&file);
}
END_TEST

TCase *store_refusals(void)
{
    TCase *refused = tcase_create("refused");
    tcase_add_checked_fixture(refused, fixture_begin, fixture_end);
    tcase_set_timeout(refused, 60);
    tcase_add_test(refused, test_foreign_files_are_refused);
    tcase_add_test(refused, test_locked);
    tcase_add_test(refused, test_read_only);
    tcase_add_test(refused, test_reader_only_reads);
    tcase_add_test(refused, test_damaged_bytes);
    return refused;
}
