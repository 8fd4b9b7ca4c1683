/* Runs: whatever was stored and decided before and meanwhile, a run can be told and taken back. */
#include "store/rank.h"
#include "store/world.h"

#include <sqlite3.h>
#include <string.h>

static const char *const TONE[] = {"toxic", "threat", "polite", NULL};

/* a.db as it is now, as another file. */
static void keep_as(const char *name)
{
    char sql[700];
    sqlite3 *db;
    snprintf(sql, sizeof sql, "VACUUM INTO '%s'", fixture_path(name));
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK, "%s", sqlite3_errmsg(db));
    sqlite3_close(db);
}

/* Rows of a table that stand in only one of a.db and a kept file. */
static int64_t differing(const char *name, const char *columns, const char *rows)
{
    char attach[700], sql[900];
    sqlite3 *db;
    sqlite3_stmt *read;
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    snprintf(attach, sizeof attach, "ATTACH '%s' AS old", fixture_path(name));
    ck_assert_int_eq(sqlite3_exec(db, attach, NULL, NULL, NULL), SQLITE_OK);
    snprintf(sql, sizeof sql,
             "SELECT (SELECT count(*) FROM (SELECT %s FROM main.%s EXCEPT SELECT %s FROM old.%s)) +"
             " (SELECT count(*) FROM (SELECT %s FROM old.%s EXCEPT SELECT %s FROM main.%s))",
             columns, rows, columns, rows, columns, rows, columns, rows);
    ck_assert_msg(sqlite3_prepare_v2(db, sql, -1, &read, NULL) == SQLITE_OK, "%s: %s", sql,
                  sqlite3_errmsg(db));
    ck_assert_int_eq(sqlite3_step(read), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(read, 0);
    sqlite3_finalize(read);
    sqlite3_close(db);
    return n;
}

#define DECISIONS "*", "decision"
#define LATEST "*", "label WHERE latest = 1"

/* ---- a run by hand ---- */

struct hand {
    struct world *world;
    const struct retort_models *models;
    struct retort_run_writer writer;
    uint64_t salt; /* another one gives other answers */
    int64_t behind;
    size_t n;
};

static void answer(struct hand *hand, int64_t comment, size_t nth, struct retort_score *scores,
                   struct retort_verdict *verdict)
{
    const struct retort_model *model = hand->models->models[nth];
    bool one = retort_model_choice(model) == RETORT_ONE_OF;
    uint64_t seed = hand->salt + (uint64_t)comment * 7 + nth;
    *verdict = (struct retort_verdict){.model = model, .scores = scores};
    for (size_t i = 0; i < retort_model_n_labels(model); i++) {
        double p = (double)(retort_random(&seed) % 9 + 1) / 10;
        scores[i] = (struct retort_score){.p = p, .on = p >= .5, .unsure = p > .4 && p < .6};
        if (p > scores[verdict->label].p)
            verdict->label = i;
    }
    for (size_t i = 0; one && i < retort_model_n_labels(model); i++)
        scores[i].on = i == verdict->label;
}

static bool put(void *context, const struct retort_stored_comment *comment,
                struct retort_error *error)
{
    struct hand *hand = context;
    struct retort_score scores[2][8];
    struct retort_verdict verdicts[2];
    for (size_t m = 0; m < hand->models->n_models; m++)
        answer(hand, comment->id, m, scores[m], &verdicts[m]);
    const struct retort_run_record record = {
        .comment = comment->id, .verdicts = verdicts, .n_models = hand->models->n_models};
    hand->behind = comment->id;
    hand->n++;
    return retort_store_run_put(hand->world->store, &hand->writer, &record, error);
}

/* In transactions of some comments; one is lost now and then, as by a kill. */
static void run(struct hand *hand, const struct retort_run_filter *filter, bool meanwhile)
{
    struct retort_error error = {0};
    struct retort_store *store = hand->world->store;
    for (bool done = false; !done;) {
        struct hand before = *hand;
        hand->n = 0;
        ck_assert(retort_store_begin(store, &error));
        bool good = retort_store_each_behind(store, filter, hand->behind, 5, put, hand, &error);
        ck_assert_msg(good, "%s", error.message);
        done = hand->n < 5;
        ck_assert(retort_store_run_reached(store, &hand->writer, hand->behind, done, &error));
        if (world_draw(hand->world, 5) == 0) {
            retort_store_rollback(store);
            *hand = before;
            done = false;
        } else {
            ck_assert_msg(retort_store_commit(store, &error), "%s", error.message);
        }
        if (meanwhile)
            world_step(hand->world);
    }
}

static void revert(struct world *world, int64_t id, bool meanwhile)
{
    struct retort_error error = {0};
    struct retort_run_back back = {0};
    while (!back.finished) {
        struct retort_run_back before = back;
        ck_assert(retort_store_begin(world->store, &error));
        bool good = retort_store_run_revert(world->store, id, 3, &back, &error);
        ck_assert_msg(good, "%s", error.message);
        if (world_draw(world, 4) == 0) {
            retort_store_rollback(world->store);
            back = before;
        } else {
            ck_assert(retort_store_commit(world->store, &error));
        }
        if (meanwhile)
            world_step(world);
    }
}

static bool count_change(void *context, const struct retort_change *change,
                         struct retort_error *error)
{
    size_t *n = context;
    (void)error;
    ck_assert_ptr_nonnull(change->after);
    ck_assert(change->before != change->after);
    *n += 1;
    return true;
}

static size_t count_changes(struct world *world, int64_t id)
{
    struct retort_error error = {0};
    size_t n = 0;
    ck_assert_msg(retort_store_each_change(world->store, id, count_change, &n, &error), "%s",
                  error.message);
    return n;
}

/* ---- a random world before a run ---- */

struct scene {
    struct world world;
    struct retort_model *all[2];
    struct retort_models models;
    struct hand hand;
};

/* A run by a new model for tone and by one that has labelled for stance. */
static void open_scene(struct scene *scene, uint64_t seed)
{
    world_begin(&scene->world, seed);
    for (int step = 0; step < 150; step++)
        world_step(&scene->world);
    scene->all[0] = fixture_model("tone", RETORT_ANY_OF, TONE, "newest");
    scene->all[1] = scene->world.models[2];
    scene->models = (struct retort_models){scene->all, 2};
    scene->hand = (struct hand){
        .world = &scene->world, .models = &scene->models, .writer = {.filter = ""}, .salt = seed};
}

static void close_scene(struct scene *scene)
{
    retort_model_close(scene->all[0]);
    world_end(&scene->world);
}

static const struct retort_run_filter ALL;

START_TEST(test_there_and_back)
{
    struct scene scene;
    open_scene(&scene, (uint64_t)_i);
    keep_as("before.db");
    run(&scene.hand, &ALL, false);
    world_check_settled("a.db");
    int64_t id = scene.hand.writer.run;
    ck_assert_int_eq(id, 1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM run_comment"),
                     fixture_ask("a.db", "SELECT count(*) FROM comment"));
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM label l JOIN model m ON m.id ="
                                         " l.model WHERE l.latest = 1 AND m.hash NOT IN"
                                         " (SELECT hash FROM run_model)"),
                     0);
    size_t n = count_changes(&scene.world, id);
    ck_assert_uint_gt(n, 20);
    revert(&scene.world, id, false);
    world_check_settled("a.db");
    ck_assert_int_eq(differing("before.db", LATEST), 0);
    ck_assert_int_eq(differing("before.db", DECISIONS), 0);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM run WHERE state = 'reverted'"), 1);
    close_scene(&scene);
}
END_TEST

/* The second time nothing is written, not even that there was a run. */
START_TEST(test_twice)
{
    struct scene scene;
    open_scene(&scene, (uint64_t)_i + 10);
    run(&scene.hand, &ALL, false);
    keep_as("after.db");
    struct hand again = scene.hand;
    again.writer = (struct retort_run_writer){.filter = ""};
    again.behind = 0;
    run(&again, &ALL, false);
    ck_assert_int_eq(again.writer.run, 0);
    ck_assert_int_eq(differing("after.db", "*", "label"), 0);
    ck_assert_int_eq(differing("after.db", "*", "run"), 0);
    close_scene(&scene);
}
END_TEST

/* Decisions, scrapes and other labels come in between. */
START_TEST(test_meanwhile)
{
    struct scene scene;
    open_scene(&scene, (uint64_t)_i + 20);
    run(&scene.hand, &ALL, true);
    world_check_settled("a.db");
    int64_t n = fixture_ask("a.db", "SELECT count(*) FROM decision");
    revert(&scene.world, scene.hand.writer.run, true);
    world_check_settled("a.db");
    ck_assert_int_ge(fixture_ask("a.db", "SELECT count(*) FROM decision"), n);
    close_scene(&scene);
}
END_TEST

/* The same models with other answers (the texts around a comment have changed): the way back leads
 * to what they had said. */
START_TEST(test_said_otherwise_before)
{
    struct scene scene;
    open_scene(&scene, (uint64_t)_i + 30);
    run(&scene.hand, &ALL, false);
    keep_as("first.db");
    struct hand again = scene.hand;
    again.writer = (struct retort_run_writer){.filter = ""};
    again.behind = 0;
    again.salt += 1000;
    run(&again, &ALL, false);
    ck_assert_int_eq(again.writer.run, 2);
    ck_assert_int_gt(fixture_ask("a.db", "SELECT count(*) FROM replaced"), 20);
    size_t n = count_changes(&scene.world, 2);
    ck_assert_int_eq((int64_t)n,
                     fixture_ask("a.db", "SELECT count(*) FROM replaced WHERE run = 2"));
    revert(&scene.world, 2, false);
    world_check_settled("a.db");
    ck_assert_int_eq(differing("first.db", "*", "label"), 0);
    close_scene(&scene);
}
END_TEST

START_TEST(test_pruned)
{
    struct scene scene;
    struct retort_error error = {0};
    bool finished = false;
    int64_t behind = 0;
    uint64_t n = 0;
    open_scene(&scene, (uint64_t)_i + 40);
    run(&scene.hand, &ALL, false);
    int64_t old = fixture_ask("a.db", "SELECT count(*) FROM label WHERE latest = 0");
    keep_as("before.db");
    while (!finished)
        ck_assert(retort_store_begin(scene.world.store, &error) &&
                  retort_store_prune(scene.world.store, &behind, 7, &n, &finished, &error) &&
                  retort_store_commit(scene.world.store, &error));
    ck_assert_int_eq((int64_t)n, old);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM label WHERE latest = 0"), 0);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM run_comment"), 0);
    ck_assert_int_eq(differing("before.db", LATEST), 0);
    ck_assert_int_eq(differing("before.db", DECISIONS), 0);
    world_check_settled("a.db");
    ck_assert(!retort_store_each_change(scene.world.store, 1, count_change, &n, &error));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    close_scene(&scene);
}
END_TEST

/* Another model's run in place of one that is open: that one is over. */
START_TEST(test_stopped)
{
    struct scene scene;
    struct retort_error error = {0};
    struct retort_arena arena = {0};
    struct retort_run first;
    open_scene(&scene, 50);
    ck_assert(retort_store_begin(scene.world.store, &error) &&
              retort_store_each_behind(scene.world.store, &ALL, 0, 5, put, &scene.hand, &error) &&
              retort_store_run_reached(scene.world.store, &scene.hand.writer, scene.hand.behind,
                                       false, &error) &&
              retort_store_commit(scene.world.store, &error));
    ck_assert(retort_store_run(scene.world.store, 1, &arena, &first, &error));
    ck_assert_int_eq(first.state, RETORT_RUN_OPEN);
    ck_assert_int_eq(first.up_to, scene.hand.behind);
    ck_assert_uint_eq(first.labelled, 5);
    ck_assert_uint_eq(first.n_models, 2);
    ck_assert_str_eq(first.tasks[1], "stance");
    struct hand other = scene.hand;
    other.writer = (struct retort_run_writer){.filter = ""};
    other.salt += 1;
    other.behind = 0;
    run(&other, &ALL, false);
    ck_assert(retort_store_run(scene.world.store, 1, &arena, &first, &error));
    ck_assert_int_eq(first.state, RETORT_RUN_STOPPED);
    ck_assert(!retort_store_run(scene.world.store, 3, &arena, &first, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    retort_arena_release(&arena);
    close_scene(&scene);
}
END_TEST

/* How many read on below a comment is no part of a label, and outlasts the model that it was
 * ranked with. */
START_TEST(test_reach_is_kept)
{
    struct world world;
    struct retort_error error = {0};
    struct retort_model *model = NULL;
    world_begin(&world, 60);
    struct retort_score score[3] = {{.p = .25}, {.p = .1}, {.p = .5}};
    struct retort_verdict verdict = {.model = world.models[0], .scores = score};
    struct retort_label_record record = {
        .comment = fixture_line(world.store, "a", "One."), .verdict = &verdict, .below = 12};
    ck_assert(retort_store_begin(world.store, &error) &&
              retort_store_put_label(world.store, &record, &error) &&
              retort_store_commit(world.store, &error));
    int64_t worth = fixture_ask("a.db", "SELECT round(worth * 1e12) FROM label");
    model = fixture_model("tone", RETORT_ANY_OF, TONE, "newest");
    verdict.model = model;
    const struct retort_run_record again = {
        .comment = record.comment, .verdicts = &verdict, .n_models = 1};
    struct retort_run_writer writer = {.filter = ""};
    ck_assert(retort_store_begin(world.store, &error) &&
              retort_store_run_put(world.store, &writer, &again, &error) &&
              retort_store_commit(world.store, &error));
    ck_assert_int_eq(fixture_ask("a.db", "SELECT round(worth * 1e12) FROM label WHERE latest = 1"),
                     worth);
    retort_model_close(model);
    world_end(&world);
}
END_TEST

/* ---- which comments ---- */

static bool count_comment(void *context, const struct retort_stored_comment *comment,
                          struct retort_error *error)
{
    size_t *n = context;
    (void)comment;
    (void)error;
    *n += 1;
    return true;
}

START_TEST(test_filters)
{
    static const struct {
        struct retort_run_filter filter;
        const char *sql;
    } CASES[] = {
        {{.source = {(const uint8_t *)"a.jsonl", 7}},
         "SELECT count(*) FROM comment c JOIN source s ON s.id = c.source WHERE s.name ="
         " 'a.jsonl'"},
        {{.author = {(const uint8_t *)"ann", 3}},
         "SELECT count(*) FROM comment WHERE author = 'ann'"},
        {{.label = {(const uint8_t *)"toxic", 5}},
         "SELECT count(DISTINCT comment) FROM label WHERE latest = 1 AND label LIKE '%\"toxic\"%'"},
        {{.task = {(const uint8_t *)"stance", 6}},
         "SELECT count(*) FROM label l JOIN model m ON m.id = l.model WHERE l.latest = 1 AND"
         " m.task = 'stance'"},
        {{.state = {(const uint8_t *)"waiting", 7}},
         "SELECT count(DISTINCT comment) FROM label WHERE state = 1"},
        {{.state = {(const uint8_t *)"decided", 7}},
         "SELECT count(DISTINCT comment) FROM label WHERE state > 1"},
        {{.state = {(const uint8_t *)"changed", 7}},
         "SELECT count(DISTINCT comment) FROM label WHERE state = 3"},
        {{.since = {(const uint8_t *)"1990", 4}}, "SELECT count(*) FROM comment"},
        {{.until = {(const uint8_t *)"1990", 4}}, "SELECT 0"},
    };
    struct world world;
    struct retort_error error = {0};
    world_begin(&world, 70);
    for (int step = 0; step < 200; step++)
        world_step(&world);
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++) {
        size_t n = 0;
        ck_assert_msg(retort_store_each_behind(world.store, &CASES[i].filter, 0, 100000,
                                               count_comment, &n, &error),
                      "%s", error.message);
        ck_assert_msg((int64_t)n == fixture_ask("a.db", CASES[i].sql), "%s: %zu", CASES[i].sql, n);
    }
    world_end(&world);
}
END_TEST

TCase *store_runs(void)
{
    TCase *runs = tcase_create("runs");
    tcase_add_checked_fixture(runs, fixture_begin, fixture_end);
    tcase_set_timeout(runs, 60);
    tcase_add_loop_test(runs, test_there_and_back, 0, 6);
    tcase_add_loop_test(runs, test_twice, 0, 3);
    tcase_add_loop_test(runs, test_meanwhile, 0, 6);
    tcase_add_loop_test(runs, test_said_otherwise_before, 0, 3);
    tcase_add_loop_test(runs, test_pruned, 0, 3);
    tcase_add_test(runs, test_stopped);
    tcase_add_test(runs, test_reach_is_kept);
    tcase_add_test(runs, test_filters);
    return runs;
}
