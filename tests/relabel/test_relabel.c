/* Runs whole: which comments and models a run takes, one at a time, killed and gone on with. */
#include "relabel/run.h"
#include "store/fixture.h"

#include <check.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

Suite *relabel_suite(void);

static const char *const TONE[] = {"toxic", "polite", NULL};
static const char *const MORE[] = {"polite", "angry", "toxic", NULL};
static const char *const LESS[] = {"toxic", NULL};
static const char *const STANCE[] = {"favor", "against", "none", NULL};

static struct retort_store *store;
static struct retort_error error;
static struct retort_model *old_tone, *stance;

static void begin(void)
{
    char text[40];
    fixture_begin();
    error = (struct retort_error){0};
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    old_tone = fixture_model("tone", RETORT_ANY_OF, TONE, "old");
    stance = fixture_model("stance", RETORT_ONE_OF, STANCE, "old");
    for (int i = 0; i < 1000; i++) {
        snprintf(text, sizeof text, "Line number %d of some.", i);
        int64_t id = fixture_line(store, NULL, text);
        fixture_label(store, old_tone, id, (const double[]){.1, .9});
        if (i < 100)
            fixture_label(store, stance, id, (const double[]){.1, .1, .8});
    }
}

static void end(void)
{
    retort_store_close(store);
    retort_model_close(old_tone);
    retort_model_close(stance);
    fixture_end();
}

static void decide(int64_t comment, const char *task, const char *target)
{
    int64_t id;
    const struct retort_decision_record record = {.comment = comment,
                                                  .task = retort_span_of(task),
                                                  .target = retort_span_of(target),
                                                  .kind = "correct",
                                                  .label = RETORT_SPAN("[\"none\"]"),
                                                  .reviewer = "kim"};
    ck_assert(retort_store_begin(store, &error) &&
              retort_store_put_decision(store, &record, &id, &error) &&
              retort_store_commit(store, &error));
}

/* ---- filters ---- */

START_TEST(test_filter_words)
{
    struct retort_arena arena = {0};
    struct retort_run_filter filter;
    ck_assert(retort_review_where("task=tone,label=toxic,page=\"a, \"\"b\"\"\",since=2026-11-01,"
                                  "until=2026-11-02T10:00:00Z,state=changed,author==x",
                                  &arena, &filter, &error));
    ck_assert(retort_span_equal(filter.task, RETORT_SPAN("tone")));
    ck_assert(retort_span_equal(filter.label, RETORT_SPAN("toxic")));
    ck_assert(retort_span_equal(filter.source, RETORT_SPAN("a, \"b\"")));
    ck_assert(retort_span_equal(filter.since, RETORT_SPAN("2026-11-01")));
    ck_assert(retort_span_equal(filter.until, RETORT_SPAN("2026-11-02T10:00:00Z")));
    ck_assert(retort_span_equal(filter.state, RETORT_SPAN("changed")));
    ck_assert(retort_span_equal(filter.author, RETORT_SPAN("=x")));
    ck_assert(retort_review_where(NULL, &arena, &filter, &error) && !filter.task.data);
    retort_arena_release(&arena);
}
END_TEST

static const char *const WRONG_FILTERS[] = {
    "tone",
    "=tone",
    "tasks=tone",
    "task=",
    "task=a,task=b",
    "task=\"a",
    "task=\"a\"b",
    "task=\"\"",
    "since=today",
    "since=2026/11/01",
    "since=20",
    "state=skipped",
    "task=tone,,",
    "task=a, x=b",
    ",",
    " ",
    "since=2026-1-1x",
    "author=\"\xFF\"",
    "label=a,\"b\"",
    "until=2026-11-01T10:00:00Z0",
};

START_TEST(test_filter_refused)
{
    struct retort_arena arena = {0};
    struct retort_run_filter filter;
    ck_assert_msg(!retort_review_where(WRONG_FILTERS[_i], &arena, &filter, &error), "%s",
                  WRONG_FILTERS[_i]);
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    retort_arena_release(&arena);
}
END_TEST

/* ---- does a model fit? ---- */

static bool fits(struct retort_model *a, struct retort_model *b)
{
    struct retort_model *both[2] = {a, b};
    const struct retort_models models = {both, b ? 2 : 1};
    return run_fits(store, &models, &error);
}

START_TEST(test_fits)
{
    struct retort_model *more = fixture_model("tone", RETORT_ANY_OF, MORE, "new");
    struct retort_model *less = fixture_model("tone", RETORT_ANY_OF, LESS, "new");
    struct retort_model *one = fixture_model("tone", RETORT_ONE_OF, TONE, "new");
    struct retort_model *mood = fixture_model("mood", RETORT_ANY_OF, TONE, "new");
    ck_assert(fits(old_tone, stance));
    ck_assert(fits(more, stance));
    ck_assert(!fits(less, NULL));
    ck_assert_ptr_nonnull(strstr(error.message, "polite"));
    ck_assert(!fits(stance, one));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert(!fits(mood, NULL));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert(!fits(old_tone, more));
    ck_assert_int_eq(error.failure, RETORT_USAGE);
    retort_model_close(more);
    retort_model_close(less);
    retort_model_close(one);
    retort_model_close(mood);
}
END_TEST

/* A decision counts for the claim that it was made on: a model that looks at none would lose it. */
START_TEST(test_fits_decisions)
{
    uint64_t n;
    decide(1, "stance", "closing the mine");
    ck_assert(retort_store_stranded(store, RETORT_SPAN("stance"), false, &n, &error));
    ck_assert_uint_eq(n, 1);
    ck_assert(retort_store_stranded(store, RETORT_SPAN("stance"), true, &n, &error));
    ck_assert_uint_eq(n, 0);
    decide(2, "tone", "the road");
    ck_assert(!fits(old_tone, NULL)); /* looks at no target */
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.message, "target"));
    ck_assert(fits(stance, NULL));
}
END_TEST

/* ---- one at a time ---- */

START_TEST(test_lock)
{
    struct run_lock lock, other;
    char path[600], link_path[600];
    snprintf(path, sizeof path, "%s", fixture_path("a.db"));
    snprintf(link_path, sizeof link_path, "%s", fixture_path("link.db"));
    ck_assert_int_eq(symlink(path, link_path), 0);
    ck_assert(run_lock_take(&lock, path, &error));
    ck_assert(!run_lock_take(&other, path, &error));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert(!run_lock_take(&other, link_path, &error)); /* another name for the same file */
    run_lock_release(&other);
    run_lock_release(&lock);
    ck_assert(run_lock_take(&other, link_path, &error));
    run_lock_release(&other);
    ck_assert(access(fixture_path("a.db-relabel"), F_OK) != 0);
}
END_TEST

static pid_t hold_in_a_child(int *ready)
{
    int pipe_ends[2];
    ck_assert_int_eq(pipe(pipe_ends), 0);
    pid_t child = fork();
    if (child == 0) {
        struct run_lock lock;
        bool taken = run_lock_take(&lock, fixture_path("a.db"), &error);
        if (write(pipe_ends[1], taken ? "y" : "n", 1) == 1)
            pause();
        _exit(0);
    }
    close(pipe_ends[1]);
    *ready = pipe_ends[0];
    return child;
}

START_TEST(test_lock_of_the_killed)
{
    struct run_lock lock;
    int ready;
    char byte = 0;
    pid_t child = hold_in_a_child(&ready);
    ck_assert(read(ready, &byte, 1) == 1 && byte == 'y');
    ck_assert(!run_lock_take(&lock, fixture_path("a.db"), &error));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    ck_assert_int_eq(access(fixture_path("a.db-relabel"), F_OK), 0);
    ck_assert_msg(run_lock_take(&lock, fixture_path("a.db"), &error), "%s", error.message);
    run_lock_release(&lock);
    close(ready);
}
END_TEST

/* ---- runs ---- */

static struct retort_model *new_tone;

static struct retort_relabel_request request_for(struct retort_models *models, const char *where,
                                                 size_t n_threads)
{
    *models = (struct retort_models){&new_tone, 1};
    return (struct retort_relabel_request){
        .models = models, .where = where, .n_threads = n_threads, .quiet = true};
}

static bool relabel(const char *where, size_t n_threads, struct retort_relabel_outcome *outcome)
{
    struct retort_models models;
    const struct retort_relabel_request request = request_for(&models, where, n_threads);
    return retort_relabel(store, fixture_path("a.db"), &request, outcome, &error);
}

static bool count_visit(void *context, const struct retort_change *change,
                        struct retort_error *ignored)
{
    int64_t *last = context;
    (void)ignored;
    ck_assert_int_eq(change->comment, *last + 1);
    ck_assert_str_eq(change->after->model->hash, retort_model_hash(new_tone));
    ck_assert_str_eq(change->before->model->hash, retort_model_hash(old_tone));
    *last = change->comment;
    return true;
}

/* Every comment in order, and nothing is written, by any number of threads. */
START_TEST(test_preview)
{
    struct retort_models models;
    int64_t last = 0;
    new_tone = fixture_model("tone", RETORT_ANY_OF, TONE, "new");
    const struct retort_relabel_request request = request_for(&models, NULL, (size_t)_i);
    ck_assert_msg(retort_relabel_preview(store, &request, count_visit, &last, &error), "%s",
                  error.message);
    ck_assert_int_eq(last, 1000);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM model"), 2);
    ck_assert_int_eq(fixture_ask("a.db", "SELECT count(*) FROM run"), 0);
    retort_model_close(new_tone);
}
END_TEST

START_TEST(test_run)
{
    struct retort_relabel_outcome outcome;
    struct retort_run_back back;
    new_tone = fixture_model("tone", RETORT_ANY_OF, TONE, "new");
    ck_assert_msg(relabel(NULL, (size_t)_i, &outcome), "%s", error.message);
    ck_assert_int_eq(outcome.run, 1);
    ck_assert(!outcome.resumed);
    ck_assert_uint_eq(outcome.n_comments, 1000);
    ck_assert_uint_eq(outcome.n_labelled, 1000);
    ck_assert(relabel(NULL, (size_t)_i, &outcome));
    ck_assert_int_eq(outcome.run, 0);
    ck_assert_uint_eq(outcome.n_comments, 1000);
    ck_assert(retort_relabel_revert(store, fixture_path("a.db"), 1, true, &back, &error));
    ck_assert_uint_eq(back.reverted, 1000);
    ck_assert(relabel("label=polite", (size_t)_i, &outcome));
    ck_assert_int_eq(outcome.run, 2);
    ck_assert_uint_eq(outcome.n_labelled, 1000);
    retort_model_close(new_tone);
}
END_TEST

/* As if the process had been killed behind the 300th comment; a half that was taken back is told.
 */
START_TEST(test_goes_on)
{
    struct retort_relabel_outcome outcome;
    struct retort_run_back back = {0};
    uint64_t n_deleted;
    new_tone = fixture_model("tone", RETORT_ANY_OF, TONE, "new");
    ck_assert(relabel(NULL, 2, &outcome));
    ck_assert(retort_store_begin(store, &error) &&
              retort_store_run_revert(store, 1, 300, &back, &error) &&
              retort_store_commit(store, &error));
    ck_assert(!relabel(NULL, 2, &outcome));
    ck_assert_int_eq(error.failure, RETORT_REFUSED);
    ck_assert_ptr_nonnull(strstr(error.message, "--revert 1"));
    ck_assert(!retort_relabel_prune(store, fixture_path("a.db"), true, &n_deleted, &error));
    ck_assert(retort_relabel_revert(store, fixture_path("a.db"), 1, true, &back, &error));
    ck_assert_uint_eq(back.reverted, 700);
    ck_assert_int_eq(
        fixture_ask("a.db", "SELECT count(*) FROM label WHERE latest = 1 AND model = 1"), 1000);
    retort_model_close(new_tone);
}
END_TEST

Suite *relabel_suite(void)
{
    Suite *suite = suite_create("relabel");
    TCase *relabels = tcase_create("relabel");
    tcase_add_checked_fixture(relabels, begin, end);
    tcase_set_timeout(relabels, 60);
    tcase_add_test(relabels, test_filter_words);
    tcase_add_loop_test(relabels, test_filter_refused, 0,
                        sizeof WRONG_FILTERS / sizeof *WRONG_FILTERS);
    tcase_add_test(relabels, test_fits);
    tcase_add_test(relabels, test_fits_decisions);
    tcase_add_test(relabels, test_lock);
    tcase_add_test(relabels, test_lock_of_the_killed);
    tcase_add_loop_test(relabels, test_preview, 1, 4);
    tcase_add_loop_test(relabels, test_run, 1, 4);
    tcase_add_test(relabels, test_goes_on);
    suite_add_tcase(suite, relabels);
    return suite;
}
