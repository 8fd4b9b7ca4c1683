/* The store: what is kept, what is found again, what is refused. */
#include "store/fixture.h"
#include "store/world.h"

#include <check.h>
#include <sqlite3.h>
#include <string.h>

Suite *store_suite(void);

static const char *const PAGE[] = {"Shame on the council.", "LOL", "1:It was never full.", "LOL",
                                   "4:Funny, is it?",       NULL};
enum { N_PAGE = 5 };

static const char *const TONE[] = {"toxic", "insult", "threat", NULL};
static const char *const STANCE[] = {"favor", "against", "none", NULL};

static int64_t decide(struct retort_store *store, int64_t comment, const char *task,
                      const char *label)
{
    struct retort_error error = {0};
    int64_t id = 0;
    struct retort_decision_record record = {.comment = comment,
                                            .task = retort_span_of(task),
                                            .kind = "correct",
                                            .label = retort_span_of(label),
                                            .reviewer = "ann"};
    bool stored = retort_store_begin(store, &error) &&
                  retort_store_put_decision(store, &record, &id, &error) &&
                  retort_store_commit(store, &error);
    ck_assert_msg(stored, "%s", error.message);
    return id;
}

static int64_t undo(struct retort_store *store, int64_t comment, const char *task, int64_t undoes,
                    bool *stored)
{
    struct retort_error error = {0};
    int64_t id = 0;
    struct retort_decision_record record = {.comment = comment,
                                            .task = retort_span_of(task),
                                            .kind = "undo",
                                            .reviewer = "ann",
                                            .undoes = undoes};
    ck_assert(retort_store_begin(store, &error));
    *stored = retort_store_put_decision(store, &record, &id, &error);
    if (*stored)
        *stored = retort_store_commit(store, &error);
    else
        retort_store_rollback(store);
    return id;
}

/* The label in force, "" when there is none. */
static const char *current(struct retort_store *store, int64_t comment, const char *task)
{
    static char text[200];
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_stored_label *labels;
    size_t n_labels;
    text[0] = 0;
    bool read = retort_store_labels(store, comment, &arena, &labels, &n_labels, &error);
    ck_assert_msg(read, "%s", error.message);
    for (size_t i = 0; i < n_labels; i++)
        if (retort_span_equal(labels[i].task, retort_span_of(task)))
            snprintf(text, sizeof text, "%.*s", (int)labels[i].label.len, labels[i].label.data);
    retort_arena_release(&arena);
    return text;
}

/* ---- pages ------------------------------------------------------------------------------------
 */

START_TEST(test_page_is_kept)
{
    int64_t ids[N_PAGE], again[N_PAGE];
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    ck_assert_int_eq(fixture_page(store, "p.txt", "s1", PAGE, ids), RETORT_PAGE_NEW);
    ck_assert_int_eq(fixture_page(store, "p.txt", "s1", PAGE, again), RETORT_PAGE_UNCHANGED);
    ck_assert_mem_eq(ids, again, sizeof ids);
    ck_assert_int_ne(ids[1], ids[3]); /* two people's LOL */
    ck_assert_int_eq(fixture_page(store, "q.txt", "s1", PAGE, again), RETORT_PAGE_NEW);
    for (size_t i = 0; i < N_PAGE; i++)
        ck_assert_int_gt(again[i], ids[N_PAGE - 1]);
    retort_store_close(store);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM page"), 2);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment"), 10);
    ck_assert_int_eq(
        fixture_ask("a.db", "SELECT count(*) FROM page WHERE CAST(bytes AS TEXT) LIKE 'The town%'"),
        2);
    ck_assert_int_eq(fixture_ask("a.db", "PRAGMA application_id"), 0x72747274);
    ck_assert_int_eq(fixture_ask("a.db", "PRAGMA user_version"), RETORT_STORE_SCHEMA);
}
END_TEST

START_TEST(test_place_and_parent)
{
    int64_t ids[N_PAGE], next;
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_stored_comment comment;
    struct retort_item item;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p.txt", "s1", PAGE, ids);
    ck_assert(retort_store_comment(store, ids[4], &arena, &comment, &error));
    ck_assert(retort_store_item(store, &comment, &arena, &item, &error));
    ck_assert(retort_span_equal(comment.text, RETORT_SPAN("Funny, is it?")));
    ck_assert(retort_span_equal(item.parent_text, RETORT_SPAN("LOL")));
    ck_assert(retort_span_starts(item.article_text, RETORT_SPAN("The town")));
    ck_assert_int_eq(comment.parent, ids[3]);
    ck_assert_uint_eq(comment.number, 5);
    ck_assert_uint_eq(comment.first_line, 6);
    ck_assert(comment.current && comment.paged && !comment.native_id.data);
    ck_assert(retort_store_following(store, &comment, &next, &error) && next == 0);
    ck_assert(retort_store_comment(store, ids[0], &arena, &comment, &error));
    ck_assert(retort_store_following(store, &comment, &next, &error) && next == ids[1]);
    ck_assert(!retort_store_comment(store, 999, &arena, &comment, &error));
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* A newer scrape: what stands there still is the same comment, wherever it stands now. */
START_TEST(test_newer_scrape_keeps_decisions)
{
    static const char *const NEWER[] = {
        "Brand new first.",     "LOL", "Shame on the council.", "LOL",
        "3:It was never full.", "LOL", "6:Funny, is it?",       NULL};
    static const char *const SHORTER[] = {"LOL", "1:Funny, is it?", NULL};
    int64_t old[N_PAGE], new[7], shorter[2], back[N_PAGE];
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p.txt", "s1", PAGE, old);
    decide(store, old[3], "tone", "[\"toxic\"]");
    ck_assert_int_eq(fixture_page(store, "p.txt", "s1", NEWER, new), RETORT_PAGE_NEWER);
    ck_assert_int_eq(new[2], old[0]);
    ck_assert_int_eq(new[3], old[1]);
    ck_assert_int_eq(new[4], old[2]);
    ck_assert_int_eq(new[5], old[3]);
    ck_assert_int_eq(new[6], old[4]);
    ck_assert_int_gt(new[1], old[4]); /* the LOL above is a third person's */
    ck_assert_int_eq(fixture_page(store, "p.txt", "s1", SHORTER, shorter), RETORT_PAGE_NEWER);
    ck_assert_int_eq(shorter[0], old[3]);
    ck_assert_int_eq(shorter[1], old[4]);
    ck_assert_str_eq(current(store, old[3], "tone"), "[\"toxic\"]");
    /* back to the first bytes: a third scrape, all comments found again */
    ck_assert_int_eq(fixture_page(store, "p.txt", "s1", PAGE, back), RETORT_PAGE_NEWER);
    ck_assert_mem_eq(old, back, sizeof old);
    retort_store_close(store);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM page"), 4);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM comment_place WHERE current"), 5);
}
END_TEST

/* Another splitter infers other parents: the comments, and the decisions, are the same. */
START_TEST(test_other_splitter_keeps_decisions)
{
    static const char *const OTHER[] = {
        "Shame on the council.", "1:LOL", "2:It was never full.", "3:LOL", "1:Funny, is it?", NULL};
    int64_t old[N_PAGE], new[N_PAGE];
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p.txt", "s1", PAGE, old);
    decide(store, old[4], "reply", "[\"query\"]");
    ck_assert_int_eq(fixture_page(store, "p.txt", "s2", OTHER, new), RETORT_PAGE_SPLIT);
    ck_assert_mem_eq(old, new, sizeof old);
    ck_assert_str_eq(current(store, new[4], "reply"), "[\"query\"]");
    retort_store_close(store);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM page"), 1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM split"), 2);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT parent FROM placement WHERE split=2 AND number=5"),
                     1);
}
END_TEST

START_TEST(test_line_ends_change_nothing)
{
    static const char *const UNIX[] = {"First part.\n\nSecond  part.", NULL};
    static const char *const DOS[] = {"First part.\r\n\r\nSecond part. ", NULL};
    int64_t a, b;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p.txt", "s1", UNIX, &a);
    fixture_page(store, "p.txt", "s1", DOS, &b);
    ck_assert_int_eq(a, b);
    retort_store_close(store);
}
END_TEST

START_TEST(test_empty_page)
{
    static const char *const NONE[] = {NULL};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    ck_assert_int_eq(fixture_page(store, "p.txt", "s1", NONE, NULL), RETORT_PAGE_NEW);
    ck_assert_int_eq(fixture_page(store, "p.txt", "s1", NONE, NULL), RETORT_PAGE_UNCHANGED);
    retort_store_close(store);
}
END_TEST

/* ---- lines ------------------------------------------------------------------------------------
 */

START_TEST(test_lines)
{
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t lol = fixture_line(store, NULL, "LOL"), lol2 = fixture_line(store, NULL, "LOL");
    int64_t one = fixture_line(store, "1", "LOL"), two = fixture_line(store, "2", "LOL");
    ck_assert(lol != lol2 && lol2 != one && one != two);
    ck_assert_int_eq(fixture_line(store, "1", "LOL"), one);
    retort_store_close(store);
    store = fixture_open("a.db", RETORT_STORE_WRITE); /* the same file again */
    ck_assert_int_eq(fixture_line(store, NULL, "LOL"), lol);
    ck_assert_int_eq(fixture_line(store, NULL, "LOL"), lol2);
    ck_assert_int_gt(fixture_line(store, NULL, "LOL"), two);
    retort_store_close(store);
}
END_TEST

START_TEST(test_line_context)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_stored_comment comment;
    struct retort_item item;
    int64_t id;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_line_record line = {
        .source = "-",
        .native_id = RETORT_SPAN("b"),
        .parent_id = RETORT_SPAN("a"),
        .text = RETORT_SPAN("No.\0Never."),
        .article_text = RETORT_SPAN("Long article"),
        .parent_text = RETORT_SPAN("Long article"),
        .meta = RETORT_SPAN("{\"score\":1e400,\"x\":[ 1 ]}"),
    };
    ck_assert(retort_store_begin(store, &error));
    ck_assert(retort_store_put_line(store, &line, &id, &error));
    ck_assert(retort_store_commit(store, &error));
    ck_assert(retort_store_comment(store, id, &arena, &comment, &error));
    ck_assert(retort_store_item(store, &comment, &arena, &item, &error));
    ck_assert(retort_span_equal(comment.meta, line.meta));
    ck_assert(retort_span_equal(comment.text, line.text));
    ck_assert(retort_span_equal(item.parent_text, item.article_text));
    ck_assert(!comment.author.data && !item.target.data);
    retort_arena_release(&arena);
    retort_store_close(store);
}
END_TEST

/* What a comment is: each of these is another one. */
START_TEST(test_identity)
{
    const struct retort_line_record lines[] = {
        {.source = "a", .native_id = RETORT_SPAN("1"), .text = RETORT_SPAN("Well said")},
        {.source = "b", .native_id = RETORT_SPAN("1"), .text = RETORT_SPAN("Well said")},
        {.source = "a", .native_id = RETORT_SPAN("2"), .text = RETORT_SPAN("Well said")},
        {.source = "a", .native_id = RETORT_SPAN("1"), .text = RETORT_SPAN("Wellsaid")},
        {.source = "a",
         .native_id = RETORT_SPAN("1"),
         .text = RETORT_SPAN("Well said"),
         .author = RETORT_SPAN("x")},
        {.source = "a",
         .native_id = RETORT_SPAN("1"),
         .text = RETORT_SPAN("Well said"),
         .time = RETORT_SPAN("x")},
        {.source = "a",
         .native_id = RETORT_SPAN("1"),
         .text = RETORT_SPAN("Well said"),
         .parent_id = RETORT_SPAN("x")},
        {.source = "a",
         .native_id = RETORT_SPAN("1"),
         .text = RETORT_SPAN("Well said"),
         .parent_text = RETORT_SPAN("y")},
        {.source = "a",
         .native_id = RETORT_SPAN("1"),
         .text = RETORT_SPAN("Well said"),
         .target = RETORT_SPAN("x")},
        {.source = "a", .native_id = RETORT_SPAN("1W"), .text = RETORT_SPAN("ell said")},
    };
    enum { N_LINES = sizeof lines / sizeof *lines };
    int64_t ids[N_LINES];
    struct retort_error error = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    ck_assert(retort_store_begin(store, &error));
    for (size_t i = 0; i < N_LINES; i++) {
        ck_assert(retort_store_put_line(store, &lines[i], &ids[i], &error));
        for (size_t j = 0; j < i; j++)
            ck_assert_msg(ids[i] != ids[j], "%zu is %zu", i, j);
    }
    ck_assert(retort_store_commit(store, &error));
    retort_store_close(store);
}
END_TEST

static int64_t page_comment(struct retort_store *store, const char *author, const char *text)
{
    struct retort_error error = {0};
    enum retort_page_outcome outcome;
    int64_t id = 0;
    struct retort_comment comment = {.text = retort_span_of(text),
                                     .author = retort_span_of(author),
                                     .first_line = 1,
                                     .last_line = 1,
                                     .parent = -1};
    struct retort_page_record page = {.source = "p.txt",
                                      .bytes = retort_span_of(text),
                                      .splitter = author,
                                      .comments = &comment,
                                      .n_comments = 1};
    ck_assert(retort_store_begin(store, &error));
    ck_assert(retort_store_put_page(store, &page, &id, &outcome, &error));
    ck_assert(retort_store_commit(store, &error));
    return id;
}

START_TEST(test_page_identity)
{
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t id = page_comment(store, "ann", "Well said.");
    ck_assert_int_ne(page_comment(store, "bob", "Well said."), id);
    ck_assert_int_ne(page_comment(store, "ann", "Wellsaid."), id);
    ck_assert_int_eq(page_comment(store, "ann", " Well  said."), id);
    retort_store_close(store);
}
END_TEST

/* ---- labels and decisions ---------------------------------------------------------------------
 */

START_TEST(test_people_win)
{
    int64_t ids[N_PAGE];
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_model *first = fixture_model("tone", RETORT_ANY_OF, TONE, "1");
    struct retort_model *second = fixture_model("tone", RETORT_ANY_OF, TONE, "2");
    fixture_page(store, "p.txt", "s1", PAGE, ids);
    fixture_label(store, first, ids[0], (const double[]){.9, .1, .7});
    ck_assert_str_eq(current(store, ids[0], "tone"), "[\"toxic\",\"threat\"]");
    decide(store, ids[0], "tone", "[\"insult\"]");
    ck_assert_str_eq(current(store, ids[0], "tone"), "[\"insult\"]");
    fixture_label(store, second, ids[0], (const double[]){.1, .1, .1}); /* relabelling */
    ck_assert_str_eq(current(store, ids[0], "tone"), "[\"insult\"]");
    fixture_label(store, second, ids[1], (const double[]){.1, .1, .1});
    ck_assert_str_eq(current(store, ids[1], "tone"), "[]");
    fixture_label(store, first, ids[1], (const double[]){.9, .1, .1}); /* and back */
    ck_assert_str_eq(current(store, ids[1], "tone"), "[\"toxic\"]");
    retort_store_close(store);
    retort_model_close(first);
    retort_model_close(second);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM label WHERE latest"), 2);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM label"), 4);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM current_label"), 2);
}
END_TEST

START_TEST(test_scores_come_back)
{
    const double p[] = {1.0 / 3, 0.5, 0.1 + 0.2};
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_stored_label *labels;
    size_t n_labels;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_model *model = fixture_model("stance", RETORT_ONE_OF, STANCE, "");
    int64_t id = fixture_line(store, "1", "Keep it open.");
    fixture_label(store, model, id, p);
    ck_assert(retort_store_labels(store, id, &arena, &labels, &n_labels, &error));
    ck_assert_uint_eq(n_labels, 1);
    ck_assert_str_eq(labels[0].model->task, "stance");
    ck_assert_str_eq(labels[0].model->labels[1], "against");
    ck_assert_str_eq(labels[0].model->hash, retort_model_hash(model));
    for (size_t i = 0; i < 3; i++)
        ck_assert(labels[0].scores[i].p == p[i]);
    ck_assert(labels[0].scores[1].on && labels[0].scores[1].unsure && labels[0].unsure);
    ck_assert(retort_span_equal(labels[0].label, RETORT_SPAN("[\"against\"]")));
    retort_arena_release(&arena);
    retort_store_close(store);
    retort_model_close(model);
}
END_TEST

START_TEST(test_undo_chain)
{
    bool stored;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    int64_t id = fixture_line(store, "1", "Well.");
    int64_t a = decide(store, id, "stance", "[\"favor\"]");
    int64_t b = decide(store, id, "stance", "[\"none\"]");
    ck_assert_str_eq(current(store, id, "stance"), "[\"none\"]");
    int64_t u = undo(store, id, "stance", b, &stored);
    ck_assert(stored);
    ck_assert_str_eq(current(store, id, "stance"), "[\"favor\"]");
    undo(store, id, "stance", b, &stored); /* once is enough */
    ck_assert(!stored);
    undo(store, id, "stance", u, &stored); /* decide again instead */
    ck_assert(!stored);
    undo(store, id, "stance", a, &stored);
    ck_assert(stored);
    ck_assert_str_eq(current(store, id, "stance"), "");
    decide(store, id, "stance", "[\"against\"]");
    ck_assert_str_eq(current(store, id, "stance"), "[\"against\"]");
    retort_store_close(store);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM decision"), 5);
}
END_TEST

/* Whoever opens the file: evidence is neither changed nor deleted nor replaced. */
static const char *const FORBIDDEN[] = {
    "UPDATE decision SET label = '[]'",
    "DELETE FROM decision",
    "INSERT OR REPLACE INTO decision (id, comment, task, kind, label, reviewer)"
    " VALUES (1, 1, 'tone', 'correct', '[]', 'eve')",
    "REPLACE INTO decision (id, comment, task, kind, reviewer, undoes)"
    " VALUES (9, 1, 'tone', 'undo', 'eve', 1), (10, 1, 'tone', 'undo', 'eve', 1)",
    "INSERT INTO decision (comment, task, kind, reviewer) VALUES (1, 'tone', 'correct', 'eve')",
    "INSERT INTO decision (comment, task, kind, label, reviewer)"
    " VALUES (1, 'tone', 'correct', 'toxic', 'eve')",
    "UPDATE comment SET text = 'x'",
    "DELETE FROM comment",
    "UPDATE page SET bytes = x''",
    "DELETE FROM page",
    "REPLACE INTO page (id, source, sha256, bytes) SELECT 1, source, sha256, x'' FROM page",
    "DELETE FROM placement",
    "UPDATE placement SET parent = 0",
    "DELETE FROM split",
    "UPDATE split SET splitter = 'x'",
    "DELETE FROM source",
    "UPDATE source SET name = 'x'",
    "DELETE FROM passage",
    "UPDATE passage SET text = 'x'",
    "INSERT INTO selection (draw, comment, task, probability) VALUES (1, 1, 'tone', 0)",
    "INSERT INTO selection (draw, comment, task, probability) VALUES (1, 1, 'tone', 1.5)",
};

START_TEST(test_evidence_is_append_only)
{
    int64_t ids[N_PAGE];
    sqlite3 *db;
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    fixture_page(store, "p.txt", "s1", PAGE, ids);
    decide(store, ids[0], "tone", "[\"toxic\"]");
    retort_store_close(store);
    ck_assert_int_eq(sqlite3_open(fixture_path("a.db"), &db), SQLITE_OK);
    ck_assert_msg(sqlite3_exec(db, FORBIDDEN[_i], NULL, NULL, NULL) == SQLITE_CONSTRAINT,
                  "allowed: %s", FORBIDDEN[_i]);
    sqlite3_close(db);
}
END_TEST

/* A server keeps its store open for days, while others label with models that are new to it. */
START_TEST(test_models_of_another_connection)
{
    const struct retort_stored_model *first, *again;
    size_t n_first, n_again;
    struct retort_error error = {0};
    struct retort_store *store = fixture_open("a.db", RETORT_STORE_WRITE);
    struct retort_store *other = fixture_open("a.db", RETORT_STORE_EDIT);
    struct retort_model *old = fixture_model("tone", RETORT_ANY_OF, TONE, "old");
    struct retort_model *new = fixture_model("tone", RETORT_ANY_OF, TONE, "new");
    int64_t id = fixture_line(other, "1", "Some text.");
    ck_assert(retort_store_models(store, &first, &n_first, &error) && n_first == 0);
    fixture_label(other, old, id, (const double[]){.9, .1, .1});
    ck_assert(retort_store_models(store, &first, &n_first, &error) && n_first == 1);
    ck_assert(retort_store_models(store, &again, &n_again, &error) && n_again == 1);
    ck_assert_ptr_eq(first, again); /* nothing was read into memory twice */
    fixture_label(other, new, id, (const double[]){.9, .1, .1});
    ck_assert(retort_store_models(store, &again, &n_again, &error) && n_again == 2);
    ck_assert_str_eq(again[0].hash, first[0].hash);
    ck_assert_str_eq(again[1].hash, retort_model_hash(new));
    ck_assert_str_eq(first[0].labels[1], "insult"); /* what was handed out stands */
    retort_model_close(old);
    retort_model_close(new);
    retort_store_close(other);
    retort_store_close(store);
}
END_TEST

Suite *store_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *kept = tcase_create("kept");
    tcase_add_checked_fixture(kept, fixture_begin, fixture_end);
    tcase_add_test(kept, test_page_is_kept);
    tcase_add_test(kept, test_place_and_parent);
    tcase_add_test(kept, test_newer_scrape_keeps_decisions);
    tcase_add_test(kept, test_other_splitter_keeps_decisions);
    tcase_add_test(kept, test_line_ends_change_nothing);
    tcase_add_test(kept, test_empty_page);
    tcase_add_test(kept, test_lines);
    tcase_add_test(kept, test_line_context);
    tcase_add_test(kept, test_identity);
    tcase_add_test(kept, test_page_identity);
    tcase_add_test(kept, test_people_win);
    tcase_add_test(kept, test_scores_come_back);
    tcase_add_test(kept, test_undo_chain);
    tcase_add_test(kept, test_models_of_another_connection);
    tcase_add_loop_test(kept, test_evidence_is_append_only, 0,
                        (int)(sizeof FORBIDDEN / sizeof *FORBIDDEN));
    suite_add_tcase(suite, kept);
    suite_add_tcase(suite, store_refusals());
    suite_add_tcase(suite, store_accidents());
    suite_add_tcase(suite, store_neighbours());
    suite_add_tcase(suite, store_outlines());
    suite_add_tcase(suite, store_bulk());
    suite_add_tcase(suite, store_forgetting());
    suite_add_tcase(suite, store_settled());
    suite_add_tcase(suite, store_runs());
    suite_add_tcase(suite, store_views());
    suite_add_tcase(suite, store_search());
    return suite;
}
