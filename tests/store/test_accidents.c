/* Accidents: killed, out of disk, in each other's way. What was stored is whole or not there. */
#include "store/fixture.h"

#include <check.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *const PAGE[] = {"Shame on the council.", "LOL", "1:It was never full.", "LOL",
                                   "4:Funny, is it?",       NULL};
enum { N_PAGE = 5 };
enum { N_LARGE = 200 };

/* A page large enough to be interrupted: its comments differ by number. */
static const char *const *large_page(void)
{
    static char texts[N_LARGE][40];
    static const char *page[N_LARGE + 1];
    for (int i = 0; i < N_LARGE; i++) {
        snprintf(texts[i], sizeof texts[i], "Comment number %d, as it is.", i);
        page[i] = texts[i];
    }
    return page;
}

/* A file system that fails: SQLite's own, with a fuse in its writes. */
enum accident { DISK_FULL, KILL };

static struct {
    int (*write)(sqlite3_file *, const void *, int, sqlite3_int64);
    sqlite3_io_methods methods[2]; /* of databases, of other files */
    sqlite3_vfs *vfs;
    sqlite3_vfs failing;
    enum accident accident;
    long writes_left; /* below 0: no fuse */
} fuse;

static int fuse_write(sqlite3_file *file, const void *bytes, int n, sqlite3_int64 at)
{
    if (fuse.writes_left == 0 && fuse.accident == KILL)
        raise(SIGKILL);
    if (fuse.writes_left == 0)
        return SQLITE_FULL;
    fuse.writes_left -= fuse.writes_left > 0;
    return fuse.write(file, bytes, n, at);
}

static int fuse_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags, int *out)
{
    int code = fuse.vfs->xOpen(vfs, name, file, flags, out);
    if (code == SQLITE_OK && file->pMethods) {
        sqlite3_io_methods *methods = &fuse.methods[flags & SQLITE_OPEN_MAIN_DB ? 0 : 1];
        *methods = *file->pMethods;
        fuse.write = methods->xWrite;
        methods->xWrite = fuse_write;
        file->pMethods = methods;
    }
    return code;
}

static void fuse_begin(void)
{
    fixture_begin();
    fuse.writes_left = -1;
    fuse.vfs = sqlite3_vfs_find(NULL);
    fuse.failing = *fuse.vfs;
    fuse.failing.zName = "failing";
    fuse.failing.xOpen = fuse_open;
    sqlite3_vfs_register(&fuse.failing, 1);
}

static void fuse_end(void)
{
    sqlite3_vfs_register(fuse.vfs, 1);
    sqlite3_vfs_unregister(&fuse.failing);
    fixture_end();
}

static int64_t comments_of(const char *source)
{
    char sql[300];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM placement WHERE split IN (SELECT s.id FROM split s JOIN page p"
             " ON p.id = s.page JOIN source o ON o.id = p.source WHERE o.name = '%s')",
             source);
    return fixture_ask("a.db", sql);
}

static int store_and_die(const char *source, long writes)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
        fuse.accident = KILL;
        fuse.writes_left = writes;
        fixture_page(store, source, "s1", large_page(), NULL);
        retort_store_close(store);
        _exit(0);
    }
    waitpid(child, &status, 0);
    return status;
}

/* Killed at each of its writes in turn, until none is left: the page is there whole or not at all,
 * and can be stored afterwards. */
START_TEST(test_kill_while_storing)
{
    int status = -1, n_killed = 0, n_whole = 0;
    retort_store_close(fixture_open("a.db", RETORT_STORE_WRITE));
    for (int i = 0; status != 0; i++) {
        char source[20];
        snprintf(source, sizeof source, "page-%d", i);
        status = store_and_die(source, i * 8);
        n_killed += status != 0;
        int64_t n = comments_of(source);
        ck_assert_msg(n == 0 || n == N_LARGE, "%lld rows of %d", (long long)n, N_LARGE);
        n_whole += status != 0 && n != 0;
        struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
        ck_assert_int_eq(fixture_page(store, source, "s1", large_page(), NULL),
                         n ? RETORT_PAGE_UNCHANGED : RETORT_PAGE_NEW);
        retort_store_close(store);
    }
    ck_assert_int_gt(n_killed, 5);
    ck_assert_int_gt(n_whole, 0); /* killed after the commit, while the log was copied back */
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM pragma_foreign_key_check()"), 0);
}
END_TEST

/* The disk is full at each write in turn: one clear line, nothing half stored. */
START_TEST(test_full_disk)
{
    struct retort_error error = {0};
    enum retort_page_outcome outcome;
    bool stored = false;
    int n_full = 0;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "small", "s1", PAGE, NULL);
    for (long writes = 0; !stored; writes += 4) {
        fuse.writes_left = writes;
        stored = retort_store_begin(store, &error) &&
                 fixture_put(store, "large", "s1", large_page(), NULL, &outcome, &error) &&
                 retort_store_commit(store, &error);
        fuse.writes_left = -1;
        if (stored)
            break;
        n_full++;
        retort_store_rollback(store);
        ck_assert_int_eq(error.failure, RETORT_RUNTIME);
        ck_assert_msg(strstr(error.message, "disk is full") != NULL, "%s", error.message);
        ck_assert_int_eq(comments_of("large"), 0);
        ck_assert_int_eq(fixture_page(store, "small", "s1", PAGE, NULL), RETORT_PAGE_UNCHANGED);
    }
    retort_store_close(store);
    ck_assert_int_gt(n_full, 10);
    ck_assert_int_eq(comments_of("large"), N_LARGE);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM source"), 2);
}
END_TEST

/* Also while the database is being made. */
START_TEST(test_full_disk_at_the_start)
{
    struct retort_store *store = NULL;
    for (long writes = 0; !store; writes++) {
        struct retort_error error = {0};
        fuse.writes_left = writes;
        bool opened =
            retort_store_open(&store, fixture_path("a.db"), RETORT_STORE_WRITE, 50, &error);
        fuse.writes_left = -1;
        ck_assert_msg(opened || error.failure == RETORT_RUNTIME, "%s", error.message);
    }
    fixture_page(store, "small", "s1", PAGE, NULL);
    retort_store_close(store);
}
END_TEST

/* Readers see whole pages only, while a writer stores one after another. */
/* What a file takes that nobody finds any more is lost. */
START_TEST(test_moved_and_replaced)
{
    char path[600], aside[600];
    struct retort_error error;
    snprintf(path, sizeof path, "%s", fixture_path("a.db"));
    snprintf(aside, sizeof aside, "%s", fixture_path("aside.db"));
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    ck_assert(rename(path, aside) == 0);
    ck_assert(!retort_store_begin(store, &error));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    FILE *other = fopen(path, "w");
    ck_assert_ptr_nonnull(other);
    fclose(other);
    ck_assert(!retort_store_in_place(store, &error));
    ck_assert(rename(aside, path) == 0);
    ck_assert(retort_store_begin(store, &error) && retort_store_commit(store, &error));
    retort_store_close(store);
}
END_TEST

START_TEST(test_readers_beside_a_writer)
{
    const char *const *texts = large_page();
    retort_store_close(fixture_open("a.db", RETORT_STORE_WRITE));
    pid_t child = fork();
    if (child == 0) {
        struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
        for (int i = 0; i < 5; i++) {
            char source[20];
            snprintf(source, sizeof source, "page-%d", i);
            fixture_page(store, source, "s1", texts, NULL);
        }
        retort_store_close(store);
        _exit(0);
    }
    int status = 0;
    bool done = false;
    while (!done) {
        done = waitpid(child, &status, WNOHANG) == child;
        struct retort_error error = {0};
        struct retort_store_health health;
        struct retort_store *store = fixture_open("a.db", RETORT_STORE_READ);
        bool read = retort_store_check(store, &health, &error);
        ck_assert_msg(read, "%s", error.message);
        ck_assert_uint_eq(health.n_comments % N_LARGE, 0);
        retort_store_close(store);
    }
    ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment"), 5 * N_LARGE);
}
END_TEST

/* Writes for as long as it lives, a turn after the other. */
static void write_without_end(void)
{
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_error error;
    for (;;) {
        bool begun = retort_store_begin(store, &error);
        while (begun && !retort_store_is_due(store))
            usleep(1000);
        if (!begun || !retort_store_commit(store, &error))
            _exit(1);
    }
}

/* Who writes now and then waits for a turn of who writes all the time, not for its end. */
START_TEST(test_writers_take_turns)
{
    struct retort_error error;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    pid_t child = fork();
    if (child == 0)
        write_without_end();
    usleep(50000);
    for (int i = 0; i < 5; i++) {
        bool had = retort_store_begin(store, &error) && retort_store_commit(store, &error);
        ck_assert_msg(had, "%s", error.message);
    }
    int status;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    ck_assert(WIFSIGNALED(status));
    retort_store_close(store);
}
END_TEST

/* Several processes make the same database at once: one wins, all get it. */
START_TEST(test_made_by_many)
{
    pid_t children[6];
    for (size_t i = 0; i < 6; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            char source[20];
            snprintf(source, sizeof source, "page-%zu", i);
            struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
            fixture_page(store, source, "s1", PAGE, NULL);
            retort_store_close(store);
            _exit(0);
        }
    }
    for (size_t i = 0; i < 6; i++) {
        int status;
        waitpid(children[i], &status, 0);
        ck_assert(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM page"), 6);
}
END_TEST

START_TEST(test_rollback_leaves_nothing)
{
    struct retort_error error = {0};
    enum retort_page_outcome outcome;
    int64_t id, ids[N_PAGE];
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_line_record line = {
        .source = "-", .text = RETORT_SPAN("Well."), .article_text = RETORT_SPAN("The article")};
    ck_assert(retort_store_begin(store, &error));
    ck_assert(fixture_put(store, "p.txt", "s1", PAGE, ids, &outcome, &error));
    ck_assert(retort_store_put_line(store, &line, &id, &error));
    retort_store_rollback(store);
    ck_assert(retort_store_begin(store, &error));
    ck_assert(retort_store_put_line(store, &line, &id, &error)); /* no id of the past is used */
    ck_assert(retort_store_commit(store, &error));
    retort_store_close(store);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM page"), 0);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM passage"), 1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment"), 1);
}
END_TEST

TCase *store_accidents(void)
{
    TCase *accidents = tcase_create("accidents");
    tcase_add_checked_fixture(accidents, fuse_begin, fuse_end);
    tcase_set_timeout(accidents, 120);
    tcase_add_test(accidents, test_kill_while_storing);
    tcase_add_test(accidents, test_full_disk);
    tcase_add_test(accidents, test_full_disk_at_the_start);
    tcase_add_test(accidents, test_moved_and_replaced);
    tcase_add_test(accidents, test_readers_beside_a_writer);
    tcase_add_test(accidents, test_writers_take_turns);
    tcase_add_test(accidents, test_made_by_many);
    tcase_add_test(accidents, test_rollback_leaves_nothing);
    return accidents;
}
