/* Samples in a store: what is drawn is kept with its chance and served as it was drawn; draws from
 * a part speak for their part; and what is said of how many decisions more. */
#include "review/review.h"
#include "store/fixture.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *sample_suite(void);

enum { N_LINES = 200, N_PAGE = 4 };

static const char *const TONE[] = {"toxic", "threat", NULL};

static struct retort_store *store;
static struct retort_model *tone;
static int64_t ids[N_LINES + N_PAGE];
static struct retort_arena arena;
static struct retort_error error;

/* The model says toxic of each fourth and is the less sure, the later it comes; then a small page.
 */
static void begin(void)
{
    static const char *const PAGE[] = {"One on a page.", "Two on it.", "Three.", "Four, too.",
                                       NULL};
    char text[40];
    fixture_begin();
    error = (struct retort_error){0};
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    for (int i = 0; i < N_LINES; i++) {
        snprintf(text, sizeof text, "Line number %d of some.", i);
        ids[i] = fixture_line(store, NULL, text);
        double doubt = 0.4 * i / N_LINES;
        fixture_label(store, tone, ids[i], (const double[]){i % 4 ? doubt : 1 - doubt, .01});
    }
    fixture_page(store, "p.txt", "s", PAGE, ids + N_LINES);
    for (int i = N_LINES; i < N_LINES + N_PAGE; i++)
        fixture_label(store, tone, ids[i], (const double[]){.2, .01});
}

static void end(void)
{
    retort_arena_release(&arena);
    retort_store_close(store);
    retort_model_close(tone);
    fixture_end();
}

static struct retort_sample draw(const struct retort_sample_request *request)
{
    struct retort_sample sample;
    bool drawn = retort_review_sample(store, request, &arena, &sample, &error);
    ck_assert_msg(drawn, "%s", error.message);
    return sample;
}

static struct retort_sample_request request_of(enum retort_design design, uint64_t n)
{
    return (struct retort_sample_request){.task = "tone",
                                          .n = n,
                                          .design = design,
                                          .by = RETORT_STRATA_OF_LABELS,
                                          .seed = 9,
                                          .reviewer = "ann"};
}

static struct retort_queue serve(int64_t sample)
{
    struct retort_view view = {.filter = {.reviewer = "ann"}};
    struct retort_queue queue;
    bool served = retort_review_serve(store, sample, &view, &error) &&
                  retort_review_queue(store, &view, &arena, &queue, &error) &&
                  retort_review_draw(store, &view, &queue, &error);
    ck_assert_msg(served, "%s", error.message);
    return queue;
}

static void say(int64_t comment, const char *label, int64_t selection)
{
    int64_t id;
    struct retort_choice_made choice = {.comment = comment,
                                        .task = "tone",
                                        .labels = &label,
                                        .n_labels = label ? 1 : 0,
                                        .reviewer = "ann",
                                        .selection = selection};
    ck_assert_msg(retort_review_decide(store, &choice, &id, &error), "%s", error.message);
}

/* ---- drawing ---- */

START_TEST(each_has_its_chance)
{
    struct retort_sample_request request = request_of(RETORT_UNIFORM, 50);
    struct retort_sample sample = draw(&request);
    ck_assert(sample.draw == 1 && sample.n == 50 && sample.population == 204 && sample.whole);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM selection WHERE draw = 1 AND "
                                         "abs(probability - 50.0 / 204) < 1e-9"),
                     50);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM draw WHERE population = 204 AND "
                                         "seed = 9 AND design LIKE "
                                         "'design=uniform n=50 task=tone model=% after=0'"),
                     1);
    request.design = RETORT_UNCERTAINTY;
    sample = draw(&request);
    ck_assert_double_ge(sample.least, 0.5 * 50 / 204 - 1e-12);
    ck_assert_double_gt(sample.most, 1.2 * 50 / 204);
    /* The chances of all sum up to n, so those that were drawn stand for about all. */
    double stand = (double)fixture_ask("a.db", "SELECT sum(1 / probability) FROM selection "
                                               "WHERE draw = 2");
    ck_assert_double_eq_tol(stand, 204, 40);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM selection s WHERE draw = 2 AND "
                                         "comment > (SELECT max(id) / 2 FROM comment)") > 25,
                     1);
}
END_TEST

START_TEST(strata_are_met)
{
    struct retort_sample_request request = request_of(RETORT_STRATIFIED, 40);
    request.allocation = RETORT_ROOT;
    struct retort_sample sample = draw(&request);
    ck_assert(sample.n_strata == 2 && sample.whole);
    ck_assert_uint_eq(sample.strata[0].size, 154); /* √154 : √50 = 25.5 : 14.5 */
    ck_assert_uint_eq(sample.strata[0].drawn + sample.strata[1].drawn, 40);
    ck_assert(sample.strata[1].drawn == 14 || sample.strata[1].drawn == 15);
    ck_assert(retort_span_equal(sample.strata[1].name, RETORT_SPAN("[\"toxic\"]")));
    ck_assert_int_eq(fixture_ask("a.db", "SELECT sum(1 / probability) FROM selection WHERE "
                                         "stratum = '[\"toxic\"]'"),
                     50);
    request.by = RETORT_STRATA_OF_PAGES;
    request.allocation = RETORT_EQUAL;
    sample = draw(&request);
    ck_assert_uint_eq(sample.strata[1].drawn, 4); /* all there is */
    ck_assert(retort_span_equal(sample.strata[1].name, RETORT_SPAN("p.txt")));
    request.dry = true;
    request.n = 3; /* too few for two of each */
    sample = draw(&request);
    ck_assert(!sample.whole && sample.n == 3 && sample.draw == 0);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM draw"), 2);
}
END_TEST

START_TEST(the_same_seed_draws_the_same)
{
    struct retort_sample_request request = request_of(RETORT_UNCERTAINTY, 20);
    draw(&request);
    draw(&request);
    request.seed = 10;
    draw(&request);
#define SAME(other)                                                                                \
    "SELECT count(*) FROM selection a JOIN selection b ON a.comment = b.comment AND "              \
    "b.draw = " other " WHERE a.draw = 1"
    ck_assert_int_eq(fixture_ask("a.db", SAME("2")), 20);
    ck_assert_int_lt(fixture_ask("a.db", SAME("3")), 12);
}
END_TEST

START_TEST(more_than_there_is_and_nothing)
{
    struct retort_sample_request request = request_of(RETORT_UNCERTAINTY, 100000);
    struct retort_sample sample = draw(&request);
    ck_assert_uint_eq(sample.n, 204);
    ck_assert_double_eq(sample.least, 1);
    ck_assert_double_eq(sample.most, 1);
    request.where = "state=decided";
    sample = draw(&request);
    ck_assert(sample.n == 0 && sample.draw == 0 && sample.n_strata == 0);
    static const struct {
        const char *task, *where;
        uint64_t n;
    } WRONG[] = {{"mood", NULL, 5},
                 {"tone", "page=nothing", 5},
                 {"tone", "x=1", 5},
                 {"tone", "from=2020", 5},
                 {"tone", NULL, 0}};
    for (size_t i = 0; i < sizeof WRONG / sizeof *WRONG; i++) {
        request.task = WRONG[i].task;
        request.where = WRONG[i].where;
        request.n = WRONG[i].n;
        ck_assert(!retort_review_sample(store, &request, &arena, &sample, &error));
        ck_assert_int_eq(error.failure, RETORT_USAGE);
    }
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM draw"), 1);
}
END_TEST

/* ---- serving ---- */

START_TEST(a_sample_is_served_as_it_was_drawn)
{
    struct retort_sample_request request = request_of(RETORT_UNIFORM, 30);
    int64_t sample = draw(&request).draw;
    struct retort_queue queue = serve(sample), last = serve(0);
    size_t n_up = 0;
    ck_assert_uint_eq(queue.n_items, 30);
    ck_assert_int_eq(last.items[7].comment, queue.items[7].comment);
    for (size_t i = 0; i < 30; i++) {
        ck_assert_int_gt(queue.items[i].selection, 0);
        n_up += i && queue.items[i].comment > queue.items[i - 1].comment;
    }
    ck_assert(n_up > 5 && n_up < 24); /* in no order */
    say(queue.items[0].comment, "toxic", queue.items[0].selection);
    say(queue.items[5].comment, "toxic", 0);
    last = serve(sample);
    ck_assert_uint_eq(last.n_items, 28);
    ck_assert_int_eq(last.items[0].comment, queue.items[1].comment);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM draw"), 1); /* no draw of a draw */
}
END_TEST

START_TEST(nothing_narrows_a_sample)
{
    struct retort_sample_request request = request_of(RETORT_UNIFORM, 30);
    struct retort_view view = {.filter = {.reviewer = "ann"}};
    ck_assert(!retort_review_serve(store, 0, &view, &error)); /* there is none yet */
    draw(&request);
    view.filter.label = "toxic";
    ck_assert(!retort_review_serve(store, 1, &view, &error));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    view.filter = (struct retort_filter){.task = "stance"};
    ck_assert(!retort_review_serve(store, 1, &view, &error));
    view.filter = (struct retort_filter){.task = "tone", .state = RETORT_DECIDED};
    ck_assert(retort_review_serve(store, 1, &view, &error));
    ck_assert(view.order == RETORT_RANDOM && view.filter.draw == 1 && view.seed == 9);
}
END_TEST

/* ---- what decisions stand for ---- */

static struct retort_weights weights(const char *where)
{
    const struct retort_weights_wanted wanted = {.task = "tone", .where = where};
    struct retort_weights found;
    ck_assert_msg(retort_review_weights_of(store, &wanted, &arena, &found, &error), "%s",
                  error.message);
    return found;
}

static double sum_of(const struct retort_weights *found)
{
    double sum = 0;
    for (size_t i = 0; i < found->n; i++)
        sum += found->all[i].weight;
    return sum;
}

static void decide_sample(int64_t sample, size_t n)
{
    const struct retort_queue queue = serve(sample);
    for (size_t i = 0; i < n; i++)
        say(queue.items[i].comment, i % 3 ? NULL : "toxic", queue.items[i].selection);
}

START_TEST(decisions_stand_for_all)
{
    struct retort_sample_request request = request_of(RETORT_STRATIFIED, 60);
    say(ids[0], "toxic", 0); /* known before */
    decide_sample(draw(&request).draw, 60);
    struct retort_weights found = weights(NULL);
    ck_assert(found.weighed && found.n == 61 && found.n_drawn == 60);
    ck_assert_double_eq_tol(sum_of(&found), 204, 1e-6);
    ck_assert_double_eq_tol(found.all[0].weight, 1, 1e-9);
    ck_assert(!found.all[0].drawn && found.all[0].probability == 0);
    ck_assert(found.all[1].drawn && found.all[1].stratum != 0);
    ck_assert_double_eq_tol(found.all[1].probability, 1 / found.all[1].weight, 1e-12);
    ck_assert(retort_span_equal(found.all[1].label, RETORT_SPAN("[\"toxic\"]")));
}
END_TEST

START_TEST(a_part_speaks_for_its_part)
{
    struct retort_sample_request request = request_of(RETORT_UNIFORM, 40);
    char where[120];
    snprintf(where, sizeof where, "since=2000-01-01");
    request.where = where;
    decide_sample(draw(&request).draw, 40);
    ck_assert(!weights(NULL).weighed); /* for all it does not speak, though here all lie in it */
    ck_assert(!weights("author=bob").weighed);
    struct retort_weights found = weights("since=2000-01-01");
    ck_assert(found.weighed);
    ck_assert_double_eq_tol(sum_of(&found), 204, 1e-6);
    ck_assert(weights("author=bob,since=2000-01-01").weighed);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT design LIKE '% where=since=\"2000-01-01\"' FROM "
                                         "draw"),
                     1);
}
END_TEST

START_TEST(filters_are_written_as_they_are_read)
{
    static const char *const WHERE = "author=\"a \"\"b\"\", c\",page=\"p q\",label=toxic";
    struct retort_run_filter filter, again;
    struct retort_buffer once = {0}, twice = {0};
    ck_assert(retort_review_where(WHERE, &arena, &filter, &error));
    retort_review_where_put(&filter, &once);
    ck_assert(
        retort_span_equal(retort_buffer_span(&once),
                          RETORT_SPAN("label=\"toxic\",page=\"p q\",author=\"a \"\"b\"\", c\"")));
    ck_assert(retort_review_where(retort_arena_string(&arena, retort_buffer_span(&once)), &arena,
                                  &again, &error));
    retort_review_where_put(&again, &twice);
    ck_assert(retort_span_equal(retort_buffer_span(&once), retort_buffer_span(&twice)));
    retort_buffer_release(&once);
    retort_buffer_release(&twice);
}
END_TEST

START_TEST(what_a_model_says_is_the_same_while_the_model_is)
{
    struct retort_sample_request request = request_of(RETORT_UNIFORM, 40);
    request.where = "task=tone,label=toxic";
    ck_assert_uint_eq(draw(&request).population, 50);
    decide_sample(1, 40);
    ck_assert(weights("task=tone,label=toxic").weighed);
    struct retort_model *other = fixture_model("tone", RETORT_ANY_OF, TONE, "x");
    fixture_label(store, other, ids[3], (const double[]){.9, .1});
    retort_store_close(store);
    store = fixture_open("a.db", RETORT_STORE_EDIT);
    ck_assert(!weights("task=tone,label=toxic").weighed);
    retort_model_close(other);
}
END_TEST

/* ---- enough ---- */

static struct retort_enough enough(double width)
{
    struct retort_enough found;
    ck_assert_msg(retort_review_enough(store, "tone", width, &arena, &found, &error), "%s",
                  error.message);
    return found;
}

START_TEST(enough_is_said_and_holds)
{
    struct retort_sample_request request = request_of(RETORT_UNIFORM, 204);
    int64_t sample = draw(&request).draw;
    struct retort_enough found = enough(0.2);
    ck_assert(!found.weighed && isnan(found.labels[0].share.value));
    decide_sample(sample, 45);
    found = enough(0.2);
    ck_assert(found.weighed && found.n_labels == 2 && found.n_drawn == 45);
    ck_assert_double_eq_tol(found.labels[0].share.value, 15 / 45.0, 1e-9);
    ck_assert_str_eq(found.labels[0].label, "toxic");
    uint64_t more = found.labels[0].more;
    ck_assert(more > 10 && more < 60);
    more -= more % 3; /* so that the share stays */
    const struct retort_queue queue = serve(sample);
    for (size_t i = 0; i < more; i++)
        say(queue.items[i].comment, i % 3 ? NULL : "toxic", queue.items[i].selection);
    found = enough(0.2);
    ck_assert_uint_le(found.labels[0].more, 3);
    decide_sample(sample, serve(sample).n_items);
    found = enough(0.001);
    ck_assert(found.labels[0].more == 0 && found.labels[0].share.low == found.labels[0].share.high);
}
END_TEST

START_TEST(a_search_counts_what_nobody_chose)
{
    struct retort_sample_request request = request_of(RETORT_UNIFORM, 60);
    for (size_t i = 0; i < 20; i++)
        say(ids[i], "threat", 0); /* what the model ranks first */
    ck_assert_int_eq(enough(0.2).draw, 0);
    decide_sample(draw(&request).draw, 40);
    struct retort_enough found = enough(0.2);
    const struct retort_enough_label *threat = &found.labels[1];
    ck_assert(found.urn == 184 && found.drawn == 40 && found.open == 20);
    ck_assert(threat->found == 20 && threat->found_drawn == 0 && threat->stop.left_least == 2);
    ck_assert(!threat->stop.enough && threat->stop.more > 20);
    /* Another sample goes on with the first. */
    request.seed = 77;
    request.n = 144;
    int64_t second = draw(&request).draw;
    decide_sample(second, 100);
    found = enough(0.2);
    ck_assert(found.urn == 184 && found.drawn == 140 && found.draw == second);
    /* Somebody chooses one: from then on. */
    const struct retort_queue queue = serve(second);
    say(queue.items[3].comment, "threat", 0);
    found = enough(0.2);
    ck_assert(found.urn == 43 && found.drawn == 0 && found.labels[1].found == 21);
    decide_sample(second, serve(second).n_items);
    found = enough(0.2);
    ck_assert(found.urn == 43 && found.drawn == 43 && found.labels[1].stop.enough);
}
END_TEST

/* Draws may be imported. */
START_TEST(odd_draws_are_survived)
{
    static const char *const DESIGNS[] = {
        "design=uniform n=3 task=tone after=99999999999999999999999",
        "design=uniform n=3 task=tone after=-1 where=",
        "design=stratified where=x=\"",
        "design=",
        "design=uniform  after= where=label=toxic where=author=a",
    };
    for (size_t d = 0; d < sizeof DESIGNS / sizeof *DESIGNS; d++) {
        const struct retort_draw_record record = {.design = retort_span_of(DESIGNS[d]),
                                                  .seeded = true,
                                                  .population = d % 2 ? 0 : UINT64_MAX,
                                                  .reviewer = "x"};
        int64_t draw_id, selection;
        ck_assert(retort_store_begin(store, &error) &&
                  retort_store_put_draw(store, &record, &draw_id, &error));
        for (size_t i = 0; i < 30; i++) {
            const struct retort_selection_record chosen = {
                draw_id, ids[30 * d + i], RETORT_SPAN("tone"), i ? 1e-300 : 1, {NULL, 0}};
            ck_assert(retort_store_put_selection(store, &chosen, &selection, &error));
        }
        ck_assert(retort_store_commit(store, &error));
        for (size_t i = 0; i < 30; i++)
            say(ids[30 * d + i], "toxic", selection - 29 + (int64_t)i);
        weights("author=a");
        struct retort_enough found = enough(0.1);
        ck_assert(isfinite(found.labels[0].share.value) && isfinite(found.labels[0].stop.p));
    }
}
END_TEST

Suite *sample_suite(void)
{
    Suite *suite = suite_create("sample");
    TCase *cases = tcase_create("sample");
    tcase_set_timeout(cases, 60);
    tcase_add_checked_fixture(cases, begin, end);
    tcase_add_test(cases, each_has_its_chance);
    tcase_add_test(cases, strata_are_met);
    tcase_add_test(cases, the_same_seed_draws_the_same);
    tcase_add_test(cases, more_than_there_is_and_nothing);
    tcase_add_test(cases, a_sample_is_served_as_it_was_drawn);
    tcase_add_test(cases, nothing_narrows_a_sample);
    tcase_add_test(cases, decisions_stand_for_all);
    tcase_add_test(cases, a_part_speaks_for_its_part);
    tcase_add_test(cases, filters_are_written_as_they_are_read);
    tcase_add_test(cases, what_a_model_says_is_the_same_while_the_model_is);
    tcase_add_test(cases, enough_is_said_and_holds);
    tcase_add_test(cases, a_search_counts_what_nobody_chose);
    tcase_add_test(cases, odd_draws_are_survived);
    suite_add_tcase(suite, cases);
    return suite;
}
