/* Corrections in the store: what is kept, what is found again, what is refused, and that undoing
 * leads back. */
#include "intake/made.h"
#include "store/fixture.h"

#include <stdlib.h>
#include <string.h>

Suite *mend_suite(void);

static const char *const PAGE[] = {
    "AThe mill is to be sold",  /* 1 */
    "F3 comments",              /* 2 */
    "BIt was a good mill.",     /* 3 */
    "IWhy would they sell it?", /* 4 */
    "BBecause it costs.",       /* 5 */
    "BLOL",                     /* 6 */
    "FSubscribe now",           /* 7 */
    "BLOL",                     /* 8 */
    NULL,
};
static const int PARENTS[] = {0, 1, 2, 0};
static const char *const LABELS[] = {"toxic", "polite", NULL};

static struct retort_store *store;
static struct retort_model *model;
static struct retort_models models;
static struct retort_labeller labeller;
static struct retort_judge judge;
static struct retort_arena arena;
static struct retort_error error;

static void begin(void)
{
    fixture_begin();
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    model = fixture_model("tone", RETORT_ANY_OF, LABELS, "");
    models = (struct retort_models){&model, 1};
    retort_labeller_init(&labeller);
    judge = (struct retort_judge){&models, &labeller, {NULL, 0}};
}

static void end(void)
{
    retort_store_close(store);
    retort_model_close(model);
    retort_labeller_release(&labeller);
    retort_arena_release(&arena);
    fixture_end();
}

static int64_t ask(const char *sql)
{
    return fixture_ask("a.db", sql);
}

/* Stores a page; `salt` stands behind its bytes. */
static void put_page(const char *const *lines, const char *splitter, const char *salt)
{
    struct retort_thread thread = made_thread(lines, PARENTS, &arena);
    struct retort_buffer bytes = {0};
    retort_buffer_put(&bytes, made_bytes(&thread));
    retort_buffer_text(&bytes, salt);
    struct retort_intake_thread found = {.thread = thread,
                                         .bytes = retort_buffer_span(&bytes),
                                         .source = "mill.txt",
                                         .splitter = splitter};
    bool held = retort_intake_hold(store, &found, &arena, &error);
    ck_assert_msg(held, "%s", error.message);
    struct retort_verdict **verdicts = retort_judge_thread(&judge, &found.thread, false, &arena);
    bool stored = retort_intake_store(store, &found, &judge, verdicts, &error);
    ck_assert_msg(stored, "%s", error.message);
    retort_buffer_release(&bytes);
}

static struct retort_stored_page page_of(int64_t id)
{
    struct retort_stored_page page;
    bool read = retort_store_page(store, id, &arena, &page, &error);
    ck_assert_msg(read, "%s", error.message);
    return page;
}

static struct retort_stored_split split_of(int64_t page)
{
    struct retort_stored_split split;
    bool read = retort_store_split(store, page_of(page).split, &arena, &split, &error);
    ck_assert_msg(read, "%s", error.message);
    return split;
}

static enum retort_mended mend(int64_t page, int64_t base, const char *operations,
                               const char *token)
{
    struct retort_json *json = retort_json_parse(retort_span_of(operations), &error);
    ck_assert_ptr_nonnull(json);
    const struct retort_mending mending = {
        .page = page,
        .base = base,
        .operations = json,
        .json = retort_span_of(operations),
        .reviewer = "ann",
        .token = token ? retort_span_of(token) : (struct retort_span){NULL, 0},
    };
    enum retort_mended outcome = retort_intake_mend(store, &judge, &mending, &error);
    retort_json_free(json);
    return outcome;
}

static enum retort_mended unmend(int64_t correction)
{
    int64_t page;
    return retort_intake_unmend(store, &judge, correction, "bob", &page, &error);
}

#define WAITING "SELECT count(DISTINCT comment) FROM label WHERE state = 1"
#define CUT_4 "[{\"op\":\"cut\",\"line\":4}]"

START_TEST(a_correction_is_a_split_and_evidence)
{
    put_page(PAGE, "model", "");
    struct retort_stored_split old = split_of(1);
    ck_assert_uint_eq(old.thread.n_comments, 4);
    ck_assert_int_eq(mend(1, old.id, CUT_4, "act-1"), RETORT_MENDED);
    struct retort_stored_page page = page_of(1);
    ck_assert_int_ne(page.split, old.id);
    ck_assert(retort_span_equal(page.corrected_by, RETORT_SPAN("ann")));
    ck_assert(retort_span_equal(page.splitter, RETORT_SPAN("person")));
    struct retort_stored_split new = split_of(1);
    ck_assert_str_eq(made_shape(&new.thread, &arena), "AFBBBBFB 0 0 1 3 0");
    for (size_t i = 1; i < 4; i++)
        ck_assert_int_eq(new.ids[i + 1], old.ids[i]);
    ck_assert_uint_eq(page.n_waiting, 5);
    ck_assert_int_eq(ask(WAITING), 5); /* the comment that was cut in two waits no more */
    ck_assert_int_eq(ask("SELECT count(*) FROM correction WHERE reviewer = 'ann' AND operations ="
                         " '" CUT_4 "' AND token = 'act-1'"),
                     1);
    ck_assert_int_eq(ask("SELECT sum(n) FROM tally WHERE state = 1 AND model = 0"), 5);
}
END_TEST

START_TEST(an_act_sent_twice_is_done_once)
{
    put_page(PAGE, "model", "");
    int64_t base = page_of(1).split;
    ck_assert_int_eq(mend(1, base, CUT_4, "act-1"), RETORT_MENDED);
    ck_assert_int_eq(mend(1, base, CUT_4, "act-1"), RETORT_MENDED);
    ck_assert_int_eq(ask("SELECT count(*) FROM correction"), 1);
    ck_assert_int_eq(mend(1, base, "[{\"op\":\"cut\",\"line\":5}]", "act-1"), RETORT_MEND_FAILED);
    ck_assert_ptr_nonnull(strstr(error.message, "another act"));
    ck_assert_int_eq(mend(2, base, CUT_4, "act-1"), RETORT_MEND_FAILED);
    ck_assert_int_eq(mend(1, base, CUT_4, "act-2"), RETORT_MEND_STALE);
    ck_assert_int_eq(mend(1, base, CUT_4, NULL), RETORT_MEND_STALE);
    ck_assert_int_eq(mend(2, base, CUT_4, NULL), RETORT_MEND_MISSING);
    ck_assert_int_eq(mend(1, page_of(1).split, CUT_4, NULL), RETORT_MEND_FAILED);
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert_int_eq(ask("SELECT count(*) FROM split"), 2);
}
END_TEST

START_TEST(undone_in_order)
{
    put_page(PAGE, "model", "");
    int64_t first = page_of(1).split;
    ck_assert_int_eq(mend(1, first, CUT_4, NULL), RETORT_MENDED);
    int64_t second = page_of(1).split;
    ck_assert_int_eq(mend(1, second, "[{\"op\":\"merge\",\"comment\":4}]", NULL), RETORT_MENDED);
    ck_assert_int_eq(unmend(1), RETORT_MEND_STALE);
    ck_assert_ptr_nonnull(strstr(error.message, "correction 2 builds on it"));
    ck_assert_int_eq(unmend(2), RETORT_MENDED);
    ck_assert_int_eq(page_of(1).split, second);
    ck_assert_int_eq(unmend(2), RETORT_MEND_STALE);
    ck_assert_int_eq(unmend(1), RETORT_MENDED);
    ck_assert_int_eq(page_of(1).split, first);
    ck_assert_ptr_null(page_of(1).corrected_by.data);
    ck_assert_int_eq(ask(WAITING), 4);
    ck_assert_int_eq(unmend(3), RETORT_MEND_MISSING); /* an undo */
    ck_assert_int_eq(unmend(9), RETORT_MEND_MISSING);
    ck_assert_int_eq(mend(1, first, CUT_4, NULL), RETORT_MENDED); /* the same split again */
    ck_assert_int_eq(page_of(1).split, second);
}
END_TEST

START_TEST(a_persons_split_is_not_replaced)
{
    put_page(PAGE, "model", "");
    ck_assert_int_eq(mend(1, page_of(1).split, CUT_4, NULL), RETORT_MENDED);
    int64_t split = page_of(1).split;
    put_page(PAGE, "a newer model", "");
    ck_assert_int_eq(page_of(1).split, split);
    ck_assert_uint_eq(page_of(1).n_waiting, 5);
    ck_assert_int_eq(ask("SELECT count(*) FROM split"), 2);
    put_page(PAGE, "model", "\n"); /* newer bytes: another page, split by the model */
    ck_assert_int_eq(page_of(1).split, split);
    ck_assert(!page_of(1).newest && page_of(2).newest);
    ck_assert_ptr_null(page_of(2).corrected_by.data);
    ck_assert_int_eq(mend(1, split, "[{\"op\":\"merge\",\"comment\":2}]", NULL), RETORT_MEND_STALE);
    ck_assert_int_eq(unmend(1), RETORT_MEND_STALE);
    ck_assert_int_eq(ask(WAITING), 4);
}
END_TEST

START_TEST(roles_are_kept_where_texts_are_the_same)
{
    put_page(PAGE, "model", "");
    int64_t base = page_of(1).split;
    ck_assert_int_eq(
        mend(1, base, "[{\"op\":\"role\",\"from\":7,\"to\":7,\"role\":\"article\"}]", NULL),
        RETORT_MENDED);
    ck_assert_int_eq(mend(1, page_of(1).split,
                          "[{\"op\":\"role\",\"from\":2,\"to\":2,\"role\":\"article\"}]", NULL),
                     RETORT_MENDED);
    struct retort_stored_split split = split_of(1);
    ck_assert_str_eq(made_shape(&split.thread, &arena), "AABIBBAB 0 1 2 0");
}
END_TEST

/* ---- at random ---- */

static void random_operations(uint64_t *seed, char out[160])
{
    static const char *const ROLES[] = {"article", "comment", "furniture"};
    unsigned line = 1 + (unsigned)(retort_random(seed) % 8);
    unsigned comment = 1 + (unsigned)(retort_random(seed) % 5);
    switch (retort_random(seed) % 4) {
    case 0:
        snprintf(out, 160, "[{\"op\":\"role\",\"from\":%u,\"to\":%u,\"role\":\"%s\"}]", line, line,
                 ROLES[retort_random(seed) % 3]);
        break;
    case 1:
        snprintf(out, 160, "[{\"op\":\"cut\",\"line\":%u}]", line);
        break;
    case 2:
        snprintf(out, 160, "[{\"op\":\"merge\",\"comment\":%u}]", comment);
        break;
    default:
        snprintf(out, 160, "[{\"op\":\"parent\",\"comment\":%u,\"parent\":%u}]", comment,
                 (unsigned)(retort_random(seed) % comment));
    }
}

/* What is stored is what the operations make of what was stored; the labels follow. */
static void check_split(const struct retort_stored_split *old, const char *operations)
{
    const struct retort_thread *wanted = made_correct(&old->thread, operations, &arena, &error);
    struct retort_stored_split split = split_of(1);
    ck_assert_str_eq(made_shape(&split.thread, &arena), made_shape(wanted, &arena));
    for (size_t i = 0; i < wanted->n_comments; i++)
        ck_assert(retort_span_equal(split.thread.comments[i].text, wanted->comments[i].text));
    ck_assert_int_eq(ask(WAITING), (int64_t)split.thread.n_comments);
    ck_assert_int_eq(ask("SELECT count(*) FROM label l WHERE l.state = 1 AND NOT EXISTS (SELECT 1"
                         " FROM comment_place c WHERE c.comment = l.comment AND c.current)"),
                     0);
}

START_TEST(any_corrections_are_undone_to_where_they_began)
{
    enum { ROUNDS = 60 };
    uint64_t seed = 7 + (uint64_t)_i;
    int64_t splits[ROUNDS], n = 0;
    put_page(PAGE, "model", "");
    for (size_t round = 0; round < ROUNDS; round++) {
        char operations[160];
        struct retort_stored_split old = split_of(1);
        random_operations(&seed, operations);
        if (mend(1, old.id, operations, NULL) != RETORT_MENDED)
            continue;
        check_split(&old, operations);
        splits[n++] = old.id;
    }
    ck_assert_int_gt(n, 10);
    while (n > 0) {
        ck_assert_int_eq(unmend(n), RETORT_MENDED);
        ck_assert_int_eq(page_of(1).split, splits[--n]);
    }
    ck_assert_int_eq(ask(WAITING), 4);
    ck_assert_int_eq(ask("SELECT count(*) FROM pragma_foreign_key_check"), 0);
}
END_TEST

Suite *mend_suite(void)
{
    Suite *suite = suite_create("mend");
    TCase *cases = tcase_create("store");
    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, a_correction_is_a_split_and_evidence);
    tcase_add_test(cases, an_act_sent_twice_is_done_once);
    tcase_add_test(cases, undone_in_order);
    tcase_add_test(cases, a_persons_split_is_not_replaced);
    tcase_add_test(cases, roles_are_kept_where_texts_are_the_same);
    tcase_add_loop_test(cases, any_corrections_are_undone_to_where_they_began, 0, 4);
    tcase_set_timeout(cases, 60);
    suite_add_tcase(suite, cases);
    return suite;
}
