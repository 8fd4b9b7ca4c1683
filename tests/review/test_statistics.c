/* Statistics: the model against people with exact intervals, weighed where items were drawn at
 * random; work by hour, reviewer and source. */
#include "review/review.h"
#include "store/fixture.h"

#include <check.h>
#include <math.h>
#include <string.h>

Suite *statistics_suite(void);

enum { N_LINES = 80 };

static const char *const TONE[] = {"toxic", "threat", "polite", NULL};
static const char *const STANCE[] = {"favor", "against", "none", NULL};

static struct retort_store *store;
static struct retort_model *tone, *stance;
static int64_t ids[N_LINES];
static struct retort_arena arena;
static struct retort_error error;

/* The model calls the first half toxic. */
static void begin(void)
{
    char text[40];
    fixture_begin();
    error = (struct retort_error){0};
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    stance = fixture_model("stance", RETORT_ONE_OF, STANCE, "");
    for (int i = 0; i < N_LINES; i++) {
        snprintf(text, sizeof text, "Line number %d of some.", i);
        ids[i] = fixture_line(store, NULL, text);
        fixture_label(store, tone, ids[i], (const double[]){i < N_LINES / 2 ? .9 : .1, .1, .1});
    }
}

static void end(void)
{
    retort_arena_release(&arena);
    retort_store_close(store);
    retort_model_close(tone);
    retort_model_close(stance);
    fixture_end();
}

static int64_t decide(size_t line, const char *reviewer, const char *label, int64_t selection)
{
    int64_t id;
    struct retort_choice_made choice = {.comment = ids[line],
                                        .task = "tone",
                                        .labels = &label,
                                        .n_labels = label ? 1 : 0,
                                        .reviewer = reviewer,
                                        .selection = selection};
    bool decided = retort_review_decide(store, &choice, &id, &error);
    ck_assert_msg(decided, "%s", error.message);
    return id;
}

static struct retort_statistics statistics(void)
{
    struct retort_statistics found;
    ck_assert(retort_review_statistics(store, &arena, &found, &error));
    return found;
}

static const struct retort_quality *row_of(const struct retort_statistics *found, const char *label)
{
    for (size_t i = 0; i < found->n_quality; i++)
        if (retort_span_equal(found->quality[i].label, retort_span_of(label)))
            return &found->quality[i];
    return NULL;
}

static void is_share(struct retort_share share, double value, double low, double high)
{
    ck_assert_msg(fabs(share.value - value) < 1e-9 && fabs(share.low - low) < 1e-4 &&
                      fabs(share.high - high) < 1e-4,
                  "%g from %g to %g", share.value, share.low, share.high);
}

/* ---- quality ---- */

START_TEST(test_nothing_judged)
{
    struct retort_statistics found = statistics();
    ck_assert_uint_eq(found.n_quality, 0);
    ck_assert_uint_eq(found.n_tasks, 0);
}
END_TEST

START_TEST(test_precision_and_recall)
{
    for (size_t i = 0; i < 10; i++) /* 8 of 10 that the model calls toxic are */
        decide(i, "ann", i < 8 ? "toxic" : NULL, 0);
    for (size_t i = 40; i < 44; i++) /* 2 of 4 that it does not */
        decide(i, "ann", i < 42 ? "toxic" : "polite", 0);
    struct retort_statistics found = statistics();
    ck_assert_uint_eq(found.n_quality, 2); /* nobody has said threat */
    const struct retort_quality *toxic = row_of(&found, "toxic"),
                                *polite = row_of(&found, "polite");
    ck_assert(!toxic->random);
    ck_assert(toxic->judged == 14 && toxic->model == 10 && toxic->human == 10 && toxic->both == 8);
    is_share(toxic->precision, .8, .44390, .97479); /* 8 of 10: Clopper and Pearson's own */
    is_share(toxic->recall, .8, .44390, .97479);
    ck_assert(polite->model == 0 && polite->human == 2 && isnan(polite->precision.value));
    is_share(polite->recall, 0, 0, .84189); /* 0 of 2: 1 − .025^(1∕2) */
}
END_TEST

/* The last word on an item counts; what is undone, skipped or said in bulk does not. */
START_TEST(test_what_counts)
{
    struct retort_undone undone;
    struct retort_bulk_set set;
    struct retort_bulk_done done;
    static const char *const TOXIC[] = {"toxic"};
    decide(0, "ann", "toxic", 0);
    decide(0, "bob", NULL, 0);
    struct retort_undoing undoing = {.decision = decide(1, "ann", "toxic", 0), .reviewer = "ann"};
    ck_assert(retort_review_undo(store, &undoing, &arena, &undone, &error));
    struct retort_choice_made skip = {
        .comment = ids[2], .task = "tone", .act = RETORT_SKIP, .reviewer = "ann"};
    ck_assert(retort_review_decide(store, &skip, &undoing.decision, &error));
    struct retort_bulk bulk = {
        .choice = {.task = "tone", .labels = TOXIC, .n_labels = 1, .reviewer = "ann"},
        .comments = ids + 3,
        .n_comments = 20};
    ck_assert(retort_review_bulk_set(store, &bulk, &arena, &set, &error));
    ck_assert(retort_review_bulk(store, &bulk, set.digest, &done, &error) && done.n == 20);
    struct retort_statistics found = statistics();
    const struct retort_quality *toxic = row_of(&found, "toxic");
    ck_assert(toxic->judged == 1 && toxic->model == 1 && toxic->human == 0 && toxic->both == 0);
}
END_TEST

/* An item of a sample whose chances differ; decisions up to this one were there before. */
static int64_t sampled(size_t line, double probability, int64_t after)
{
    static int64_t draw;
    struct retort_buffer design = {0};
    int64_t selection;
    retort_buffer_format(&design, "design=uncertainty n=30 task=tone model=m after=%lld",
                         (long long)after);
    const struct retort_draw_record record = {
        .design = retort_buffer_span(&design), .seeded = true, .population = 60, .reviewer = "ann"};
    ck_assert(retort_store_begin(store, &error) &&
              (line || retort_store_put_draw(store, &record, &draw, &error)));
    const struct retort_selection_record chosen = {
        draw, ids[line], RETORT_SPAN("tone"), probability, {NULL, 0}};
    ck_assert(retort_store_put_selection(store, &chosen, &selection, &error) &&
              retort_store_commit(store, &error));
    retort_buffer_release(&design);
    return selection;
}

/* Enough random draws: they alone count, by the inverse of their probability. */
START_TEST(test_random_draws_are_weighed)
{
    int64_t last = 0;
    for (size_t i = 40; i < 60; i++)
        last = decide(i, "ann", "toxic", 0); /* worked off: the model missed each */
    for (size_t i = 0; i < 20; i++)
        decide(i, "ann", "toxic", sampled(i, .1, last));
    for (size_t i = 20; i < 29; i++)
        decide(i, "ann", NULL, sampled(i, .4, last));
    struct retort_statistics found = statistics();
    ck_assert(!row_of(&found, "toxic")->random); /* 29 are not enough */
    decide(29, "ann", NULL, sampled(29, .4, last));
    found = statistics();
    const struct retort_quality *toxic = row_of(&found, "toxic");
    ck_assert(toxic->random && toxic->judged == 30 && toxic->model == 30 && toxic->both == 20);
    /* Σw = 20 · 10 + 10 · 2.5 = 225, Σw² = 2062.5, so 24.5454 cases */
    ck_assert_double_eq_tol(toxic->precision.value, 200. / 225, 1e-12);
    ck_assert(fabs(toxic->precision.low -
                   retort_share_above(200. / 225 * 24.5454545, 24.5454545, .025)) < 1e-6);
    ck_assert(toxic->recall.value == 1);
}
END_TEST

/* A label whose name is within another's is another label. */
START_TEST(test_names_within_names)
{
    static const char *const NAMES[] = {"toxic", "severe_toxic", "tox", NULL};
    static const char *const SEVERE[] = {"severe_toxic"};
    struct retort_model *model = fixture_model("abuse", RETORT_ANY_OF, NAMES, "");
    int64_t id;
    fixture_label(store, model, ids[0], (const double[]){.1, .9, .1});
    struct retort_choice_made choice = {
        .comment = ids[0], .task = "abuse", .labels = SEVERE, .n_labels = 1, .reviewer = "ann"};
    ck_assert(retort_review_decide(store, &choice, &id, &error));
    struct retort_statistics found = statistics();
    ck_assert_uint_eq(found.n_quality, 1);
    ck_assert_uint_eq(row_of(&found, "severe_toxic")->both, 1);
    retort_model_close(model);
}
END_TEST

START_TEST(test_agreement_by_task)
{
    for (size_t i = 0; i < 4; i++) {
        decide(i, "ann", i < 2 ? "toxic" : NULL, 0);
        decide(i, "bob", i < 1 ? "toxic" : NULL, 0);
    }
    struct retort_statistics found = statistics();
    ck_assert_uint_eq(found.n_tasks, 1);
    ck_assert(retort_span_equal(found.agreement[0].task, RETORT_SPAN("tone")));
    ck_assert_uint_eq(found.agreement[0].agreement.n_items, 4);
    ck_assert(fabs(found.agreement[0].agreement.kappa - .5) < 1e-12); /* (.75 − .5) ∕ (1 − .5) */
}
END_TEST

/* ---- work ---- */

START_TEST(test_hours_and_reviewers)
{
    struct retort_hour_figure *hours;
    struct retort_reviewer_figure *reviewers;
    struct retort_undone undone;
    size_t n_hours, n_reviewers;
    decide(0, "ann", "toxic", 0);
    decide(50, "ann", "toxic", 0);
    decide(1, "bob", "toxic", 0);
    decide(2, "bob", "toxic", 0);
    struct retort_undoing undoing = {.reviewer = "bob"};
    ck_assert(retort_review_undo(store, &undoing, &arena, &undone, &error));
    ck_assert(retort_store_hours(store, "2020-01-01T00", &arena, &hours, &n_hours, &error));
    uint64_t ann = 0, bob = 0; /* an hour may end between them */
    for (size_t i = 0; i < n_hours; i++) {
        bool hers = retort_span_equal(hours[i].reviewer, RETORT_SPAN("ann"));
        ck_assert_uint_eq(hours[i].hour.len, strlen("2026-11-26T06"));
        *(hers ? &ann : &bob) += hours[i].n;
    }
    ck_assert(ann == 2 && bob == 1);
    ck_assert(retort_store_hours(store, "2999-01-01T00", &arena, &hours, &n_hours, &error));
    ck_assert_uint_eq(n_hours, 0);
    ck_assert(retort_store_reviewers(store, &arena, &reviewers, &n_reviewers, &error));
    ck_assert_uint_eq(n_reviewers, 2);
    ck_assert(reviewers[0].n == 2 && reviewers[0].accepted == 1 && reviewers[0].corrected == 1);
    ck_assert(reviewers[1].n == 1 && reviewers[1].accepted == 1);
}
END_TEST

static uint64_t count_of(const struct retort_source_figure *source, const char *task,
                         const char *label)
{
    uint64_t n = 0;
    for (size_t i = 0; i < source->n_sets; i++)
        if (strcmp(source->sets[i].model->task, task) == 0 &&
            retort_span_equal(source->sets[i].label, retort_span_of(label)))
            n += source->sets[i].n;
    return n;
}

START_TEST(test_sources)
{
    static const char *const OLD[] = {"Now here.", "Now gone.", "And this.", NULL};
    static const char *const NEW[] = {"Now here.", "And this.", NULL};
    struct retort_source_figure *sources;
    size_t n_sources;
    int64_t page[3];
    fixture_page(store, "p.txt", "s1", OLD, page);
    for (size_t i = 0; i < 3; i++) {
        fixture_label(store, tone, page[i], (const double[]){.9, .1, .1});
        fixture_label(store, stance, page[i], (const double[]){.9, .1, .1});
    }
    fixture_page(store, "p.txt", "s1", NEW, page);
    decide(0, "ann", "polite", 0); /* otherwise than the model */
    decide(1, "ann", "toxic", 0);
    ck_assert(retort_store_sources(store, 20, &arena, &sources, &n_sources, &error));
    ck_assert_uint_eq(n_sources, 2);
    ck_assert(retort_span_equal(sources[0].source, RETORT_SPAN("lines.jsonl")));
    ck_assert(sources[0].comments == N_LINES && sources[0].waiting == N_LINES - 2);
    ck_assert_uint_eq(count_of(&sources[0], "tone", "[\"toxic\"]"), N_LINES / 2 - 1);
    ck_assert_uint_eq(count_of(&sources[0], "tone", "[\"polite\"]"), 1);
    ck_assert_uint_eq(count_of(&sources[0], "tone", "[]"), N_LINES / 2);
    ck_assert(sources[1].comments == 2 && sources[1].waiting == 2); /* one is gone */
    ck_assert_uint_eq(count_of(&sources[1], "stance", "[\"favor\"]"), 2);
    ck_assert(retort_store_sources(store, 1, &arena, &sources, &n_sources, &error));
    ck_assert_uint_eq(n_sources, 1);
}
END_TEST

Suite *statistics_suite(void)
{
    Suite *suite = suite_create("statistics");
    TCase *all = tcase_create("statistics");
    tcase_add_checked_fixture(all, begin, end);
    tcase_add_test(all, test_nothing_judged);
    tcase_add_test(all, test_precision_and_recall);
    tcase_add_test(all, test_what_counts);
    tcase_add_test(all, test_random_draws_are_weighed);
    tcase_add_test(all, test_names_within_names);
    tcase_add_test(all, test_agreement_by_task);
    tcase_add_test(all, test_hours_and_reviewers);
    tcase_add_test(all, test_sources);
    suite_add_tcase(suite, all);
    return suite;
}
