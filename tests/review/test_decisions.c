/* Decisions: what is stored once though it is sent twice, what an undo takes back, bulks. */
#include "review/review.h"
#include "store/fixture.h"

#include <check.h>
#include <string.h>

Suite *decisions_suite(void);

enum { N_LINES = 6 };

static const char *const TONE[] = {"toxic", "threat", "polite", NULL};

static struct retort_store *store;
static struct retort_model *tone;
static int64_t ids[N_LINES];
static struct retort_arena arena;
static struct retort_error error;

static void begin(void)
{
    char text[40];
    fixture_begin();
    error = (struct retort_error){0};
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    for (int i = 0; i < N_LINES; i++) {
        snprintf(text, sizeof text, "Line number %d of some.", i);
        ids[i] = fixture_line(store, NULL, text);
        fixture_label(store, tone, ids[i], (const double[]){i < 3 ? .9 : .1, .1, .1});
    }
}

static void end(void)
{
    retort_arena_release(&arena);
    retort_store_close(store);
    retort_model_close(tone);
    fixture_end();
}

static void reopen(void)
{
    retort_store_close(store);
    store = fixture_open("a.db", RETORT_STORE_EDIT);
}

static const char *const TOXIC[] = {"toxic"};

static struct retort_choice_made toxic(size_t line, const char *token)
{
    return (struct retort_choice_made){.comment = ids[line],
                                       .task = "tone",
                                       .labels = TOXIC,
                                       .n_labels = 1,
                                       .reviewer = "ann",
                                       .token = token,
                                       .via = RETORT_BY_PAGE};
}

static int64_t must_decide(const struct retort_choice_made *choice)
{
    int64_t id;
    bool decided = retort_review_decide(store, choice, &id, &error);
    ck_assert_msg(decided, "%s", error.message);
    return id;
}

static bool refused(const struct retort_choice_made *choice, const char *why)
{
    int64_t id;
    return !retort_review_decide(store, choice, &id, &error) && error.failure == RETORT_INPUT &&
           strstr(error.message, why);
}

static struct retort_undone undo(int64_t decision, const char *reviewer, const char *token)
{
    const struct retort_undoing undoing = {decision, reviewer, token, RETORT_BY_PAGE};
    struct retort_undone undone;
    bool done = retort_review_undo(store, &undoing, &arena, &undone, &error);
    ck_assert_msg(done, "%s", error.message);
    return undone;
}

static int64_t ask(const char *sql)
{
    return fixture_ask("a.db", sql);
}

/* ---- tokens ---- */

START_TEST(test_an_act_is_stored_once)
{
    struct retort_choice_made choice = toxic(0, "t1");
    int64_t first = must_decide(&choice);
    ck_assert_int_eq(must_decide(&choice), first);
    reopen(); /* as after a kill */
    ck_assert_int_eq(must_decide(&choice), first);
    undo(first, "ann", NULL);
    ck_assert_int_eq(must_decide(&choice), first); /* sent late: it does not rise again */
    ck_assert_int_eq(ask("SELECT count(*) FROM decision WHERE kind <> 'undo'"), 1);
    ck_assert_int_eq(ask("SELECT count(*) FROM current_decision"), 0);
    choice = toxic(0, "t2");
    ck_assert_int_ne(must_decide(&choice), first); /* another act */
    ck_assert_int_eq(ask("SELECT count(*) FROM decision WHERE token = 't2' AND via = 'page'"), 1);
}
END_TEST

START_TEST(test_a_token_is_of_one_act)
{
    static const char *const THREAT[] = {"threat"};
    struct retort_choice_made choice = toxic(0, "t1"), other = choice;
    must_decide(&choice);
    other.comment = ids[1];
    ck_assert(refused(&other, "token"));
    other = choice;
    other.reviewer = "bob"; /* the same act of somebody who was signed out meanwhile */
    must_decide(&other);
    other = choice;
    other.labels = THREAT;
    ck_assert(refused(&other, "token"));
    other = choice;
    other.act = RETORT_SKIP;
    ck_assert(refused(&other, "token"));
    ck_assert_int_eq(ask("SELECT count(*) FROM decision"), 1);
}
END_TEST

START_TEST(test_what_is_not_there)
{
    static const char *const NONSENSE[] = {"nonsense"};
    struct retort_choice_made choice = toxic(0, NULL);
    choice.comment = 9999;
    ck_assert(refused(&choice, "no comment 9999"));
    choice = toxic(0, NULL);
    choice.labels = NONSENSE;
    ck_assert(refused(&choice, "no such label"));
    /* Also of a comment that no model has labelled. */
    choice.comment = fixture_line(store, NULL, "Not labelled.");
    ck_assert(refused(&choice, "no such label"));
    ck_assert_int_eq(ask("SELECT count(*) FROM decision"), 0);
}
END_TEST

/* ---- undo ---- */

START_TEST(test_undo_of_a_given_one)
{
    struct retort_choice_made choice = toxic(0, NULL);
    int64_t first = must_decide(&choice);
    choice = toxic(3, NULL);
    int64_t second = must_decide(&choice);
    struct retort_undone undone = undo(first, "bob", NULL);
    ck_assert_uint_eq(undone.n, 1);
    ck_assert_int_eq(undone.decisions[0], first);
    ck_assert_int_eq(undone.comments[0], ids[0]);
    ck_assert_uint_eq(undo(first, "bob", NULL).n, 0); /* it is undone already */
    ck_assert_int_eq(ask("SELECT count(*) FROM decision WHERE kind = 'undo'"), 1);
    ck_assert_int_eq(undo(0, "ann", NULL).decisions[0], second);
    ck_assert_uint_eq(undo(0, "ann", NULL).n, 0);
}
END_TEST

START_TEST(test_undo_of_nothing)
{
    const struct retort_undoing missing = {77, "ann", NULL, RETORT_BY_PAGE};
    struct retort_undoing again = missing;
    struct retort_undone undone;
    ck_assert(!retort_review_undo(store, &missing, &arena, &undone, &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    struct retort_choice_made choice = toxic(0, NULL);
    must_decide(&choice);
    undo(0, "ann", NULL);
    again.decision = ask("SELECT id FROM decision WHERE kind = 'undo'");
    ck_assert(!retort_review_undo(store, &again, &arena, &undone, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "decide again"));
}
END_TEST

START_TEST(test_an_undo_is_stored_once)
{
    struct retort_choice_made choice = toxic(0, NULL);
    int64_t first = must_decide(&choice);
    choice = toxic(1, NULL);
    int64_t second = must_decide(&choice);
    ck_assert_int_eq(undo(0, "ann", "u1").decisions[0], second);
    reopen();
    ck_assert_int_eq(undo(0, "ann", "u1").decisions[0], second); /* and not the first */
    ck_assert_int_eq(undo(0, "ann", "u2").decisions[0], first);
    ck_assert_int_eq(ask("SELECT count(*) FROM decision WHERE kind = 'undo'"), 2);
}
END_TEST

/* ---- history ---- */

struct history {
    int64_t ids[16];
    size_t n;
};

static bool note_id(void *context, const struct retort_stored_decision *decision,
                    struct retort_error *ignored)
{
    struct history *history = context;
    (void)ignored;
    history->ids[history->n++] = decision->id;
    return true;
}

static struct history history_of(const char *reviewer, int64_t before, size_t limit)
{
    const struct retort_history_request request = {reviewer, before, limit, false};
    struct history history = {.n = 0};
    ck_assert(retort_store_history(store, &request, note_id, &history, &error));
    return history;
}

START_TEST(test_history)
{
    int64_t made[4];
    for (size_t i = 0; i < 4; i++) {
        struct retort_choice_made choice = toxic(i, NULL);
        choice.reviewer = i % 2 ? "bob" : "ann";
        made[i] = must_decide(&choice);
    }
    struct history history = history_of(NULL, 0, 3);
    ck_assert_uint_eq(history.n, 3);
    ck_assert_int_eq(history.ids[0], made[3]);
    ck_assert_int_eq(history.ids[2], made[1]);
    history = history_of(NULL, history.ids[2], 3);
    ck_assert_uint_eq(history.n, 1);
    ck_assert_int_eq(history.ids[0], made[0]);
    history = history_of("bob", 0, 10);
    ck_assert_uint_eq(history.n, 2);
    ck_assert_int_eq(history.ids[1], made[1]);
    ck_assert_uint_eq(history_of("nobody", 0, 10).n, 0);
}
END_TEST

/* ---- bulk ---- */

static struct retort_bulk bulk_of(const char *token)
{
    struct retort_bulk bulk = {.choice = toxic(0, token), .comments = ids, .n_comments = N_LINES};
    return bulk;
}

static struct retort_bulk_set set_of(struct retort_bulk *bulk)
{
    struct retort_bulk_set set;
    bool found = retort_review_bulk_set(store, bulk, &arena, &set, &error);
    ck_assert_msg(found, "%s", error.message);
    return set;
}

static struct retort_bulk_done must_do(struct retort_bulk *bulk, const char *digest)
{
    struct retort_bulk_done done;
    bool good = retort_review_bulk(store, bulk, digest, &done, &error);
    ck_assert_msg(good, "%s", error.message);
    return done;
}

START_TEST(test_a_bulk_is_one_act)
{
    struct retort_bulk bulk = bulk_of("b1");
    struct retort_bulk_set set = set_of(&bulk);
    ck_assert_uint_eq(set.n_comments, N_LINES);
    struct retort_bulk_done done = must_do(&bulk, set.digest);
    ck_assert(!done.changed && done.n == N_LINES && done.batch);
    reopen();
    struct retort_bulk_done again = must_do(&bulk, set.digest); /* the set is another by now */
    ck_assert(!again.changed && again.n == N_LINES && again.batch == done.batch);
    ck_assert_int_eq(ask("SELECT count(*) FROM decision"), N_LINES);
    ck_assert_int_eq(ask("SELECT count(*) FROM decision WHERE kind = 'accept'"), 3);
    ck_assert_int_eq(
        ask("SELECT count(*) FROM decision WHERE batch = (SELECT min(id) FROM decision)"
            " AND reviewer = 'ann' AND via = 'page'"),
        N_LINES);
    ck_assert_int_eq(ask("SELECT count(*) FROM current_label WHERE decided_by = 'human'"), N_LINES);
    must_do(&bulk, set.digest);
    struct history history = history_of(NULL, 0, 16);
    ck_assert_uint_eq(history.n, N_LINES);
    const struct retort_history_request once = {.limit = 16, .bulks_once = true};
    history.n = 0;
    ck_assert(retort_store_history(store, &once, note_id, &history, &error));
    ck_assert_uint_eq(history.n, 1);
    ck_assert_int_eq(history.ids[0], done.batch);
}
END_TEST

/* Whoever sends another act under an old token must not be told that it is done. */
START_TEST(test_a_token_is_of_one_bulk)
{
    struct retort_bulk bulk = bulk_of("b1"), other = bulk_of("b1");
    struct retort_bulk_done done;
    must_do(&bulk, set_of(&bulk).digest);
    other.n_comments--;
    ck_assert(!retort_review_bulk(store, &other, "", &done, &error));
    other.n_comments++;
    other.choice.n_labels = 0;
    ck_assert(!retort_review_bulk(store, &other, "", &done, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "token"));
    other.choice.act = RETORT_SKIP;
    ck_assert(!retort_review_bulk(store, &other, "", &done, &error));
    ck_assert_int_eq(ask("SELECT count(*) FROM decision"), N_LINES);
}
END_TEST

START_TEST(test_a_bulk_is_taken_back_whole)
{
    struct retort_bulk bulk = bulk_of(NULL);
    struct retort_bulk_done done = must_do(&bulk, set_of(&bulk).digest);
    struct retort_choice_made later = toxic(5, NULL);
    int64_t later_id = must_decide(&later);
    undo(done.batch + 2, "ann", NULL); /* any of its decisions */
    ck_assert_int_eq(ask("SELECT count(*) FROM current_decision"), 1);
    ck_assert_int_eq(ask("SELECT count(DISTINCT batch) FROM decision WHERE kind = 'undo'"), 1);
    undo(0, "ann", NULL);
    ck_assert_uint_eq(undo(0, "ann", NULL).n, 0); /* the bulk does not rise again */
    must_do(&bulk, set_of(&bulk).digest);
    ck_assert_uint_eq(undo(0, "ann", "u1").n, N_LINES); /* as the last act */
    reopen();
    struct retort_undone undone = undo(0, "ann", "u1");
    ck_assert_uint_eq(undone.n, N_LINES);
    ck_assert_int_eq(undone.comments[N_LINES - 1], ids[N_LINES - 1]);
    const struct retort_undoing other = {later_id, "ann", "u1", RETORT_BY_PAGE};
    ck_assert(!retort_review_undo(store, &other, &arena, &undone, &error)); /* that was the bulk */
    ck_assert_int_eq(ask("SELECT count(*) FROM current_decision"), 0);
}
END_TEST

START_TEST(test_a_bulk_of_a_changed_set)
{
    struct retort_bulk bulk = bulk_of(NULL);
    struct retort_bulk_set set = set_of(&bulk);
    struct retort_choice_made between = toxic(2, NULL);
    must_decide(&between);
    ck_assert(must_do(&bulk, set.digest).changed); /* another's word */
    set = set_of(&bulk);
    fixture_label(store, tone, ids[1], (const double[]){.1, .9, .1});
    ck_assert(must_do(&bulk, set.digest).changed); /* the model says otherwise */
    set = set_of(&bulk);
    bulk.n_comments--;
    ck_assert(must_do(&bulk, set.digest).changed);
    ck_assert_int_eq(ask("SELECT count(*) FROM decision"), 1);
    bulk.n_comments++;
    ck_assert(!must_do(&bulk, set.digest).changed);
}
END_TEST

START_TEST(test_a_bulk_of_what_is_not_there)
{
    static const char *const NONSENSE[] = {"nonsense"};
    const int64_t twice[] = {ids[2], ids[0], ids[2]}, missing[] = {ids[0], 9999};
    struct retort_bulk_set set;
    struct retort_bulk bulk = bulk_of(NULL);
    bulk.comments = twice;
    bulk.n_comments = 3;
    ck_assert_uint_eq(set_of(&bulk).n_comments, 2);
    ck_assert_int_eq(set_of(&bulk).comments[0], ids[0]);
    bulk.comments = missing;
    bulk.n_comments = 2;
    ck_assert(!retort_review_bulk_set(store, &bulk, &arena, &set, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "9999"));
    bulk = bulk_of(NULL);
    bulk.choice.labels = NONSENSE;
    ck_assert(!retort_review_bulk_set(store, &bulk, &arena, &set, &error));
    bulk = bulk_of("empty");
    bulk.n_comments = 0;
    struct retort_bulk_done done = must_do(&bulk, set_of(&bulk).digest);
    ck_assert(!done.changed && done.n == 0 && done.batch == 0);
}
END_TEST

/* What a filter finds is looked up inside the transaction. */
static bool find_first(void *context, struct retort_store *asked, struct retort_arena *ids_arena,
                       struct retort_bulk *bulk, struct retort_error *ignored)
{
    int64_t *found = RETORT_NEW(ids_arena, int64_t, 1);
    (void)ignored;
    ck_assert_ptr_eq(asked, store);
    found[0] = ids[*(size_t *)context];
    bulk->comments = found;
    bulk->n_comments = 1;
    return true;
}

START_TEST(test_a_bulk_by_filter)
{
    size_t finds = 3;
    struct retort_bulk bulk = bulk_of(NULL);
    bulk.find = find_first;
    bulk.context = &finds;
    struct retort_bulk_set set = set_of(&bulk);
    finds = 4;
    ck_assert(must_do(&bulk, set.digest).changed);
    finds = 3;
    ck_assert_uint_eq(must_do(&bulk, set.digest).n, 1);
    ck_assert_int_eq(ask("SELECT comment FROM decision"), ids[3]);
}
END_TEST

Suite *decisions_suite(void)
{
    Suite *suite = suite_create("decisions");
    TCase *one = tcase_create("one by one");
    tcase_add_checked_fixture(one, begin, end);
    tcase_add_test(one, test_an_act_is_stored_once);
    tcase_add_test(one, test_a_token_is_of_one_act);
    tcase_add_test(one, test_what_is_not_there);
    tcase_add_test(one, test_undo_of_a_given_one);
    tcase_add_test(one, test_undo_of_nothing);
    tcase_add_test(one, test_an_undo_is_stored_once);
    tcase_add_test(one, test_history);
    suite_add_tcase(suite, one);
    TCase *bulk = tcase_create("bulk");
    tcase_add_checked_fixture(bulk, begin, end);
    tcase_add_test(bulk, test_a_bulk_is_one_act);
    tcase_add_test(bulk, test_a_token_is_of_one_bulk);
    tcase_add_test(bulk, test_a_bulk_is_taken_back_whole);
    tcase_add_test(bulk, test_a_bulk_of_a_changed_set);
    tcase_add_test(bulk, test_a_bulk_of_what_is_not_there);
    tcase_add_test(bulk, test_a_bulk_by_filter);
    suite_add_tcase(suite, bulk);
    return suite;
}
