/* Review: what comes first, what is kept of a decision, how agreement is counted. */
#include "review/review.h"
#include "store/fixture.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *review_suite(void);

static const char *const TONE[] = {"toxic", "threat", "polite", NULL};
static const char *const STANCE[] = {"favor", "against", "none", NULL};

/* A store of five lines, each labelled for both tasks. */
static struct retort_store *store;
static struct retort_model *tone, *stance;
static int64_t ids[5];
static int64_t undone_comment; /* of the first decision that fell last; 0: none */

static const double TONES[5][3] = {
    {.95, .05, .10}, /* toxic for sure */
    {.55, .10, .10}, /* toxic, unsure */
    {.10, .75, .10}, /* a threat */
    {.05, .05, .05}, /* nothing */
    {.05, .05, .90}, /* polite */
};
static const double STANCES[5][3] = {
    {.90, .05, .05}, {.80, .10, .10}, {.05, .90, .05}, {.45, .50, .05}, {.10, .10, .80}};

static void begin(void)
{
    static const char *const TEXTS[5] = {"You fools.", "Nonsense!", "I will find you.",
                                         "The hall is old.", "Thank you all."};
    fixture_begin();
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    stance = fixture_model("stance", RETORT_ONE_OF, STANCE, "");
    for (size_t i = 0; i < 5; i++) {
        ids[i] = fixture_line(store, NULL, TEXTS[i]);
        fixture_label(store, tone, ids[i], TONES[i]);
        fixture_label(store, stance, ids[i], STANCES[i]);
    }
}

static void end(void)
{
    retort_store_close(store);
    retort_model_close(tone);
    retort_model_close(stance);
    fixture_end();
}

static struct retort_queue queue_of(const struct retort_view *view, struct retort_arena *arena)
{
    struct retort_queue queue;
    struct retort_error error = {0};
    bool made = retort_review_queue(store, view, arena, &queue, &error);
    ck_assert_msg(made, "%s", error.message);
    return queue;
}

static uint64_t population_of(const struct retort_view *view)
{
    uint64_t n = 0;
    bool exact = false;
    struct retort_error error = {0};
    bool counted = retort_store_count(store, &view->filter, 0, &n, &exact, &error);
    ck_assert_msg(counted, "%s", error.message);
    ck_assert(exact);
    return n;
}

/* The queue as the lines' numbers, "20314". */
static const char *order_of(const struct retort_view *view)
{
    static char text[64];
    struct retort_arena arena = {0};
    struct retort_queue queue = queue_of(view, &arena);
    size_t n = 0;
    for (size_t i = 0; i < queue.n_items && n < sizeof text - 2; i++)
        for (size_t j = 0; j < 5; j++)
            if (ids[j] == queue.items[i].comment)
                text[n++] = (char)('0' + j);
    text[n] = 0;
    retort_arena_release(&arena);
    return text;
}

static bool decide(const char *reviewer, size_t line, const char *task, const char *label,
                   struct retort_error *error)
{
    int64_t id;
    struct retort_choice_made choice = {.comment = ids[line],
                                        .task = task,
                                        .act = RETORT_DECIDE,
                                        .labels = &label,
                                        .n_labels = label ? 1 : 0,
                                        .reviewer = reviewer};
    return retort_review_decide(store, &choice, &id, error);
}

static void must_decide(const char *reviewer, size_t line, const char *task, const char *label)
{
    struct retort_error error = {0};
    bool decided = decide(reviewer, line, task, label, &error);
    ck_assert_msg(decided, "%s", error.message);
}

static void act(const char *reviewer, size_t line, enum retort_act what)
{
    int64_t id;
    struct retort_error error = {0};
    struct retort_choice_made choice = {
        .comment = ids[line], .task = "tone", .act = what, .reviewer = reviewer};
    ck_assert(retort_review_decide(store, &choice, &id, &error));
}

/* Takes back this decision, or with 0 the reviewer's last act; how many fell. */
static size_t undo(const char *reviewer, int64_t decision, const char *token)
{
    const struct retort_undoing undoing = {
        .decision = decision, .reviewer = reviewer, .token = token};
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_undone undone;
    bool done = retort_review_undo(store, &undoing, &arena, &undone, &error);
    ck_assert_msg(done, "%s", error.message);
    undone_comment = undone.n ? undone.comments[0] : 0;
    retort_arena_release(&arena);
    return undone.n;
}

/* ---- queue ------------------------------------------------------------------------------------
 */

START_TEST(test_orders)
{
    struct retort_view request = {.order = RETORT_UNSURE, .filter.task = "stance"};
    /* 3 is unsure; then the smallest lead over the second: .7, .7, .85, .85 */
    ck_assert_str_eq(order_of(&request), "31402");
    request = (struct retort_view){.order = RETORT_UNSURE, .filter.task = "tone"};
    /* 1 is unsure (.55); then the nearest to .5: .75; then .10 twice, .05 */
    ck_assert_str_eq(order_of(&request), "12043");
    request = (struct retort_view){.order = RETORT_SEVERE, .filter.task = "tone"};
    /* 1.0 · .75, .6 · .95, .6 · .55, 1.0 · .05 twice: the older first */
    ck_assert_str_eq(order_of(&request), "20134");
    request = (struct retort_view){.order = RETORT_SEVERE, .filter.task = "stance"};
    /* the chance that the label is wrong */
    ck_assert_str_eq(order_of(&request), "31402");
    request = (struct retort_view){.order = RETORT_NEWEST};
    ck_assert_str_eq(order_of(&request), "43210");
    request.limit = 2;
    ck_assert_str_eq(order_of(&request), "43");
}
END_TEST

/* What is marked unsure comes first, however near the others are to the border. */
START_TEST(test_marked_unsure_first)
{
    struct retort_view request = {.order = RETORT_UNSURE, .filter.task = "stance"};
    fixture_label(store, stance, ids[0], (const double[]){.39, .38, .23}); /* not in its band */
    ck_assert_str_eq(order_of(&request), "30142");
}
END_TEST

START_TEST(test_one_row_a_comment)
{
    struct retort_arena arena = {0};
    struct retort_view request = {.order = RETORT_SEVERE};
    struct retort_queue queue = queue_of(&request, &arena);
    ck_assert_uint_eq(queue.n_items, 5);
    ck_assert_uint_eq(population_of(&request), 5);
    ck_assert_str_eq(queue.items[0].model->task, "tone");
    request.order = RETORT_UNSURE;
    queue = queue_of(&request, &arena);
    ck_assert_int_eq(queue.items[0].comment, ids[3]); /* for its stance */
    ck_assert_str_eq(queue.items[0].model->task, "stance");
    retort_arena_release(&arena);
}
END_TEST

START_TEST(test_filters)
{
    struct retort_arena arena = {0};
    struct retort_queue queue;
    struct retort_error error = {0};
    struct retort_view request = {.order = RETORT_NEWEST, .filter.label = "toxic"};
    ck_assert_str_eq(order_of(&request), "10");
    request = (struct retort_view){.order = RETORT_NEWEST, .filter.label = "against"};
    ck_assert_str_eq(order_of(&request), "32");
    request.filter.task = "tone";
    ck_assert(!retort_review_queue(store, &request, &arena, &queue, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "against"));
    request = (struct retort_view){.order = RETORT_NEWEST, .filter.task = "nonsense"};
    ck_assert(!retort_review_queue(store, &request, &arena, &queue, &error));
    ck_assert_ptr_nonnull(strstr(error.message, "nonsense"));
    retort_arena_release(&arena);
}
END_TEST

START_TEST(test_decided_leave_the_queue)
{
    struct retort_view request = {.order = RETORT_NEWEST, .filter.task = "tone"};
    must_decide("ann", 3, "tone", NULL);
    ck_assert_str_eq(order_of(&request), "4210");
    must_decide("ann", 4, "stance", "none"); /* of another task */
    ck_assert_str_eq(order_of(&request), "4210");
    undo("ann", 0, NULL);
    ck_assert_int_eq(undone_comment, ids[4]);
    undo("bob", 0, NULL);
    ck_assert_int_eq(undone_comment, 0);
    undo("ann", 0, NULL);
    ck_assert_int_eq(undone_comment, ids[3]);
    undo("ann", 0, NULL);
    ck_assert_int_eq(undone_comment, 0);
    ck_assert_str_eq(order_of(&request), "43210");
}
END_TEST

START_TEST(test_skipped_leave_their_reviewers_queue)
{
    struct retort_view request = {
        .order = RETORT_NEWEST, .filter.task = "tone", .filter.reviewer = "ann"};
    act("ann", 4, RETORT_SKIP);
    act("ann", 2, RETORT_ESCALATE);
    act("ann", 1, RETORT_NOTE);
    ck_assert_str_eq(order_of(&request), "310");
    request.filter.reviewer = "bob";
    ck_assert_str_eq(order_of(&request), "43210");
    ck_assert_uint_eq(undo("ann", 0, NULL), 1); /* the note */
    ck_assert_uint_eq(undo("ann", 0, NULL), 1); /* the escalation */
    request.filter.reviewer = "ann";
    ck_assert_str_eq(order_of(&request), "3210");
}
END_TEST

START_TEST(test_likes_are_not_in_a_row)
{
    static const char *const PAGE[] = {"LOL", "lol!!", "Loool...", "Something else.", NULL};
    int64_t page[4];
    struct retort_arena arena = {0};
    struct retort_view request = {.order = RETORT_NEWEST, .filter.task = "tone", .limit = 4};
    fixture_page(store, "p.txt", "s1", PAGE, page);
    for (size_t i = 0; i < 4; i++)
        fixture_label(store, tone, page[i], TONES[0]);
    struct retort_queue queue = queue_of(&request, &arena);
    ck_assert_int_eq(queue.items[0].comment, page[3]);
    ck_assert_int_eq(queue.items[1].comment, page[2]);
    request.limit = 6;
    queue = queue_of(&request, &arena);
    ck_assert_int_eq(queue.items[1].comment, page[2]); /* the first of its kind */
    ck_assert_int_eq(queue.items[2].comment, ids[4]);
    ck_assert_int_eq(queue.items[3].comment, ids[3]);
    ck_assert_int_eq(queue.items[4].comment, page[1]);
    retort_arena_release(&arena);
}
END_TEST

/* What is gone from the page waits for nobody. */
START_TEST(test_gone_comments_leave_the_queue)
{
    static const char *const OLD[] = {"Now here.", "Now gone.", NULL};
    static const char *const NEW[] = {"Now here.", NULL};
    int64_t page[2];
    struct retort_arena arena = {0};
    struct retort_view request = {.order = RETORT_NEWEST};
    fixture_page(store, "p.txt", "s1", OLD, page);
    fixture_label(store, tone, page[0], TONES[0]);
    fixture_label(store, tone, page[1], TONES[0]);
    ck_assert_uint_eq(population_of(&request), 7);
    fixture_page(store, "p.txt", "s1", NEW, page);
    struct retort_queue queue = queue_of(&request, &arena);
    ck_assert_uint_eq(population_of(&request), 6);
    ck_assert_int_eq(queue.items[0].comment, page[0]);
    retort_arena_release(&arena);
}
END_TEST

/* More than fit the first buffer: the best of all are found, in order. */
START_TEST(test_many)
{
    char text[40];
    double p[3] = {0, 0, 0};
    struct retort_arena arena = {0};
    struct retort_view request = {.order = RETORT_SEVERE, .filter.task = "tone", .limit = 7};
    for (int i = 0; i < 1500; i++) {
        snprintf(text, sizeof text, "Number %d of them.", i);
        p[1] = (double)(i * 7919 % 1500) / 1501 * .7;
        fixture_label(store, tone, fixture_line(store, NULL, text), p);
    }
    struct retort_queue queue = queue_of(&request, &arena);
    ck_assert_uint_eq(queue.n_items, 7);
    ck_assert_uint_eq(population_of(&request), 1505);
    ck_assert(queue.items[0].score == .75);
    for (size_t i = 1; i < 7; i++)
        ck_assert_msg(fabs(queue.items[i].score - .7 * (double)(1500 - i) / 1501) < 1e-12,
                      "%zu: %g", i, queue.items[i].score);
    retort_arena_release(&arena);
}
END_TEST

START_TEST(test_draw_is_recorded)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    int64_t id;
    struct retort_view request = {
        .order = RETORT_RANDOM, .seed = 7, .limit = 2, .filter.reviewer = "ann"};
    struct retort_queue queue = queue_of(&request, &arena), again = queue_of(&request, &arena);
    ck_assert(retort_review_probability(RETORT_RANDOM, 2, 5) == 2.0 / 5);
    ck_assert(retort_review_probability(RETORT_WORTH, 2, 5) == 1);
    ck_assert_int_eq(queue.items[0].comment, again.items[0].comment);
    ck_assert_int_eq(queue.items[1].comment, again.items[1].comment);
    ck_assert(retort_review_draw(store, &request, &queue, &error));
    struct retort_choice_made choice = {.comment = queue.items[0].comment,
                                        .task = queue.items[0].model->task,
                                        .act = RETORT_SKIP,
                                        .reviewer = "ann",
                                        .selection = queue.items[0].selection};
    ck_assert(retort_review_decide(store, &choice, &id, &error));
    request = (struct retort_view){.order = RETORT_SEVERE, .limit = 2};
    queue = queue_of(&request, &arena);
    ck_assert(retort_review_draw(store, &request, &queue, &error));
    retort_arena_release(&arena);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM selection"), 4);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM selection s JOIN draw d ON d.id ="
                                         " s.draw WHERE d.seed = 7 AND d.population = 5 AND"
                                         " s.probability = 0.4 AND d.drawn > '2020'"),
                     2);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM selection s JOIN draw d ON d.id ="
                                         " s.draw WHERE d.seed IS NULL AND s.probability = 1"),
                     2);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM decision d JOIN selection s ON s.id"
                                         " = d.selection WHERE s.probability = 0.4"),
                     1);
}
END_TEST

/* Over many seeds each item is drawn about as often as the probability says. */
START_TEST(test_random_is_fair)
{
    size_t drawn[5] = {0};
    for (uint64_t seed = 0; seed < 500; seed++) {
        struct retort_view request = {.order = RETORT_RANDOM, .seed = seed, .limit = 2};
        for (const char *at = order_of(&request); *at; at++)
            drawn[*at - '0']++;
    }
    for (size_t i = 0; i < 5; i++) /* 200 expected, a standard deviation of 11 */
        ck_assert_msg(drawn[i] > 150 && drawn[i] < 250, "%zu: %zu", i, drawn[i]);
}
END_TEST

START_TEST(test_nothing_waits)
{
    struct retort_arena arena = {0};
    struct retort_error error = {0};
    struct retort_view request = {.order = RETORT_SEVERE, .filter.label = "polite"};
    must_decide("ann", 4, "tone", "polite"); /* the only one */
    struct retort_queue queue = queue_of(&request, &arena);
    ck_assert_uint_eq(queue.n_items, 0);
    ck_assert(retort_review_draw(store, &request, &queue, &error));
    retort_arena_release(&arena);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM draw"), 0);
}
END_TEST

/* ---- decisions --------------------------------------------------------------------------------
 */

START_TEST(test_what_was_seen_is_kept)
{
    must_decide("ann", 0, "tone", "toxic"); /* as the model says */
    must_decide("ann", 2, "tone", "toxic"); /* otherwise */
    must_decide("bob", 2, "stance", "none");
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM decision WHERE kind = 'accept' AND"
                                         " label = shown AND model IN (SELECT hash FROM model)"),
                     1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM decision WHERE kind = 'correct' AND"
                                         " label <> shown"),
                     2);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM current_label WHERE label ="
                                         " '[\"toxic\"]' AND decided_by = 'human'"),
                     2);
}
END_TEST

START_TEST(test_unknown_labels_are_refused)
{
    int64_t id;
    struct retort_error error = {0};
    const char *const two[] = {"favor", "none"}, *const twice[] = {"toxic", "toxic"};
    ck_assert(!decide("ann", 0, "tone", "favor", &error));
    ck_assert_int_eq(error.failure, RETORT_INPUT);
    ck_assert(!decide("ann", 0, "stance", NULL, &error)); /* one-of wants one */
    struct retort_choice_made choice = {
        .comment = ids[0], .task = "stance", .labels = two, .n_labels = 2, .reviewer = "ann"};
    ck_assert(!retort_review_decide(store, &choice, &id, &error));
    choice.task = "tone";
    choice.labels = twice;
    ck_assert(!retort_review_decide(store, &choice, &id, &error));
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM decision"), 0);
}
END_TEST

START_TEST(test_order_of_labels_does_not_matter)
{
    int64_t id;
    struct retort_error error = {0};
    const char *const labels[] = {"threat", "toxic"};
    fixture_label(store, tone, ids[0], (const double[]){.9, .9, .1});
    struct retort_choice_made choice = {
        .comment = ids[0], .task = "tone", .labels = labels, .n_labels = 2, .reviewer = "ann"};
    ck_assert(retort_review_decide(store, &choice, &id, &error));
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM decision WHERE kind = 'accept'"), 1);
}
END_TEST

/* A person's word survives another's relabelling; the last word of the two holds. */
START_TEST(test_words_of_two)
{
    must_decide("ann", 0, "stance", "against");
    must_decide("bob", 0, "stance", "none");
    fixture_label(store, stance, ids[0], STANCES[0]);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM current_label WHERE label ="
                                         " '[\"none\"]' AND reviewer = 'bob'"),
                     1);
    ck_assert_uint_eq(undo("bob", 0, NULL), 1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM current_label WHERE label ="
                                         " '[\"against\"]' AND reviewer = 'ann'"),
                     1);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM decision"), 3);
}
END_TEST

/* ---- agreement --------------------------------------------------------------------------------
 */

START_TEST(test_agreement)
{
    static const char *const ANN[] = {"favor", "favor", "against", "none", "against"};
    static const char *const BOB[] = {"favor", "against", "against", "none", "favor"};
    struct retort_agreement agreement;
    struct retort_error error = {0};
    ck_assert(retort_review_agreement(store, "stance", &agreement, &error));
    ck_assert_uint_eq(agreement.n_pairs, 0);
    must_decide("ann", 0, "stance", "none"); /* not her last word */
    for (size_t i = 0; i < 5; i++)
        must_decide("ann", i, "stance", ANN[i]);
    for (size_t i = 0; i < 5; i++)
        must_decide("bob", i, "stance", BOB[i]);
    ck_assert(retort_review_agreement(store, "stance", &agreement, &error));
    ck_assert_uint_eq(agreement.n_items, 5);
    ck_assert(fabs(agreement.observed - .6) < 1e-12);
    ck_assert(fabs(agreement.expected - .36) < 1e-12); /* (2·2 + 2·2 + 1·1) ∕ 25 */
    ck_assert(fabs(agreement.kappa - .375) < 1e-12);
    ck_assert_uint_eq(undo("bob", 0, NULL), 1); /* his last, on line 4 */
    ck_assert(retort_review_agreement(store, "stance", &agreement, &error));
    ck_assert_uint_eq(agreement.n_items, 4);
    ck_assert(fabs(agreement.observed - .75) < 1e-12);
    ck_assert(retort_review_agreement(store, "tone", &agreement, &error));
    ck_assert_uint_eq(agreement.n_items, 0);
}
END_TEST

Suite *review_suite(void)
{
    Suite *suite = suite_create("review");
    TCase *queue = tcase_create("queue");
    tcase_add_checked_fixture(queue, begin, end);
    tcase_set_timeout(queue, 120);
    tcase_add_test(queue, test_orders);
    tcase_add_test(queue, test_marked_unsure_first);
    tcase_add_test(queue, test_one_row_a_comment);
    tcase_add_test(queue, test_filters);
    tcase_add_test(queue, test_decided_leave_the_queue);
    tcase_add_test(queue, test_skipped_leave_their_reviewers_queue);
    tcase_add_test(queue, test_likes_are_not_in_a_row);
    tcase_add_test(queue, test_gone_comments_leave_the_queue);
    tcase_add_test(queue, test_many);
    tcase_add_test(queue, test_draw_is_recorded);
    tcase_add_test(queue, test_random_is_fair);
    tcase_add_test(queue, test_nothing_waits);
    suite_add_tcase(suite, queue);
    TCase *decisions = tcase_create("decisions");
    tcase_add_checked_fixture(decisions, begin, end);
    tcase_add_test(decisions, test_what_was_seen_is_kept);
    tcase_add_test(decisions, test_unknown_labels_are_refused);
    tcase_add_test(decisions, test_order_of_labels_does_not_matter);
    tcase_add_test(decisions, test_words_of_two);
    tcase_add_test(decisions, test_agreement);
    suite_add_tcase(suite, decisions);
    return suite;
}
