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
    other.reviewer = "bob";
    ck_assert(refused(&other, "token"));
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
    return suite;
}
