/* What the queue asks of a label is kept beside it: here it is worked out again from the views,
 * after anything has happened; and by the migration, for a file of schema 1. */
#include "store/rank.h"
#include "store/world.h"

#include <math.h>
#include <sqlite3.h>
#include <string.h>

START_TEST(test_whatever_happens)
{
    struct world world;
    world_begin(&world, (uint64_t)_i);
    for (int step = 0; step < 300; step++) {
        world_step(&world);
        if (step % 12 == 11)
            world_check_settled("a.db");
    }
    /* The world was rich enough to say something. */
    ck_assert_int_gt(fixture_ask("a.db", "SELECT count(*) FROM label WHERE state = 1"), 5);
    ck_assert_int_gt(fixture_ask("a.db", "SELECT count(*) FROM label WHERE state = 0"), 0);
    ck_assert_int_gt(fixture_ask("a.db", "SELECT count(*) FROM label WHERE state > 1"), 0);
    world_end(&world);
}
END_TEST

/* ---- ranks ------------------------------------------------------------------------------------
 */

static double column(const char *name, int64_t comment)
{
    char sql[120];
    snprintf(sql, sizeof sql, "SELECT round(%s * 1e9) FROM label WHERE comment = %lld", name,
             (long long)comment);
    return (double)fixture_ask("a.db", sql) / 1e9;
}

START_TEST(test_ranks)
{
    static const char *const TONE[] = {"toxic", "threat", "polite", NULL};
    static const char *const STANCE[] = {"favor", "against", "none", NULL};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_model *tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    struct retort_model *stance = fixture_model("stance", RETORT_ONE_OF, STANCE, "");
    int64_t a = fixture_line(store, "a", "One."), b = fixture_line(store, "b", "Two.");
    fixture_label(store, tone, a, (const double[]){.9, .2, .8});
    /* toxic is on: .6 · .1; threat is off: 1 · .2; polite costs nothing */
    ck_assert(fabs(column("worth", a) - .2) < 1e-8);
    ck_assert(fabs(column("severe", a) - .54) < 1e-8);
    ck_assert(fabs(column("near", a) - .4) < 1e-8);
    fixture_label(store, stance, b, (const double[]){.55, .40, .05});
    ck_assert(fabs(column("worth", b) - .045) < 1e-8);
    ck_assert(fabs(column("severe", b) - .045) < 1e-8);
    ck_assert(fabs(column("near", b) - 1.85) < 1e-8); /* marked unsure */
    retort_model_close(tone);
    retort_model_close(stance);
    retort_store_close(store);
}
END_TEST

/* A thread that went on below is worth more: 1 + log2(1 + 3). */
START_TEST(test_reach)
{
    static const char *const TONE[] = {"toxic", NULL};
    struct retort_error error = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_model *tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    struct retort_score score = {.p = .5};
    struct retort_verdict verdict = {.model = tone, .scores = &score};
    struct retort_label_record record = {
        .comment = fixture_line(store, "a", "One."), .verdict = &verdict, .below = 3};
    ck_assert(retort_store_begin(store, &error) && retort_store_put_label(store, &record, &error) &&
              retort_store_commit(store, &error));
    ck_assert(fabs(column("worth", record.comment) - .9) < 1e-8);
    ck_assert(fabs(column("severe", record.comment) - .3) < 1e-8);
    retort_model_close(tone);
    retort_store_close(store);
}
END_TEST

/* ---- the migration ----------------------------------------------------------------------------
 */

static const char SCHEMA_1[] = {
#include "embed/store/schema_1.sql.h"
    0};

/* Everything that schema 1 knows of a.db, as a file of schema 1. */
static void step_back(void)
{
    static const char *const COPIES[] = {
        "INSERT INTO source SELECT * FROM new.source",
        "INSERT INTO page SELECT * FROM new.page",
        "INSERT INTO passage SELECT * FROM new.passage",
        "INSERT INTO split SELECT * FROM new.split",
        "INSERT INTO comment SELECT * FROM new.comment",
        "INSERT INTO placement SELECT * FROM new.placement",
        "INSERT INTO decision SELECT id, comment, task, target, kind, label, note, reviewer,"
        " decided, selection, model, shown, undoes FROM new.decision",
        "INSERT INTO model SELECT * FROM new.model",
        "INSERT INTO label SELECT comment, model, latest, unsure, doubt, target, label, scores"
        " FROM new.label",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 0x72747274",
    };
    char attach[700];
    sqlite3 *db;
    ck_assert_int_eq(sqlite3_open(fixture_path("b.db"), &db), SQLITE_OK);
    ck_assert_int_eq(sqlite3_exec(db, SCHEMA_1, NULL, NULL, NULL), SQLITE_OK);
    snprintf(attach, sizeof attach, "ATTACH '%s' AS new", fixture_path("a.db"));
    ck_assert_int_eq(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < sizeof COPIES / sizeof *COPIES; i++)
        ck_assert_msg(sqlite3_exec(db, COPIES[i], NULL, NULL, NULL) == SQLITE_OK, "%s: %s",
                      COPIES[i], sqlite3_errmsg(db));
    sqlite3_close(db);
}

static int64_t differing(const char *columns)
{
    char attach[700], sql[400];
    sqlite3 *db;
    sqlite3_stmt *read;
    ck_assert_int_eq(sqlite3_open(fixture_path("b.db"), &db), SQLITE_OK);
    snprintf(attach, sizeof attach, "ATTACH '%s' AS new", fixture_path("a.db"));
    ck_assert_int_eq(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM (SELECT %s FROM new.label EXCEPT SELECT %s FROM main.label)",
             columns, columns);
    ck_assert_int_eq(sqlite3_prepare_v2(db, sql, -1, &read, NULL), SQLITE_OK);
    ck_assert_int_eq(sqlite3_step(read), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(read, 0);
    sqlite3_finalize(read);
    sqlite3_close(db);
    return n;
}

START_TEST(test_schema_1_is_brought_up)
{
    struct world world;
    struct retort_store *store;
    struct retort_error error = {0};
    world_begin(&world, (uint64_t)_i);
    for (int step = 0; step < 200; step++)
        world_step(&world);
    world_end(&world);
    step_back();
    /* Who only reads is told what to do. */
    ck_assert(!retort_store_open(&store, fixture_path("b.db"), RETORT_STORE_READ, 100, &error));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.message, "older schema 1"));
    store = fixture_open("b.db", RETORT_STORE_EDIT);
    retort_store_close(store);
    ck_assert_int_eq(fixture_ask("b.db", "PRAGMA user_version"), RETORT_STORE_SCHEMA);
    world_check_settled("b.db");
    ck_assert_int_gt(fixture_ask("b.db", "SELECT count(*) FROM label WHERE state = 1"), 5);
    /* Only what waits or is decided needs its ranks, and corrections are new. */
    if (fixture_ask("a.db", "SELECT count(*) FROM correction") == 0)
        ck_assert_int_eq(differing("comment, model, state"), 0);
    ck_assert_int_eq(fixture_ask("b.db", "SELECT count(*) FROM label WHERE state > 0 AND near = 0"
                                         " AND worth = 0 AND severe = 0"),
                     0);
}
END_TEST

/* What the migration works out is what the writer would have written. */
START_TEST(test_ranks_are_brought_up)
{
    struct world world;
    world_begin(&world, 77);
    while (fixture_ask("a.db", "SELECT count(*) FROM label WHERE latest = 1") < 40)
        world_step(&world);
    world_end(&world);
    step_back();
    retort_store_close(fixture_open("b.db", RETORT_STORE_EDIT));
    ck_assert_int_gt(fixture_ask("b.db", "SELECT count(*) FROM label WHERE worth > 0"), 20);
    ck_assert_int_eq(differing("comment, model, CASE latest WHEN 1 THEN worth END,"
                               " CASE latest WHEN 1 THEN severe END,"
                               " CASE latest WHEN 1 THEN near END"),
                     0);
}
END_TEST

TCase *store_settled(void)
{
    TCase *settled = tcase_create("settled");
    tcase_add_checked_fixture(settled, fixture_begin, fixture_end);
    tcase_set_timeout(settled, 60);
    tcase_add_loop_test(settled, test_whatever_happens, 0, 5);
    tcase_add_test(settled, test_ranks);
    tcase_add_test(settled, test_reach);
    tcase_add_loop_test(settled, test_schema_1_is_brought_up, 0, 3);
    tcase_add_test(settled, test_ranks_are_brought_up);
    return settled;
}
