/* What a relabelling changes: flow, flips, and the verdict of people's decisions, each held to
 * numbers that were made by hand or by the long way round. */
#include "relabel/relabel.h"
#include "store/fixture.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

Suite *diff_suite(void);
TCase *diff_words(void); /* test_words.c */

enum { N_LINES = 90 };

static const char *const TONE[] = {"toxic", "threat", "polite", NULL};
static const char *const STANCE[] = {"favor", "against", "none", NULL};

static struct retort_store *store;
static struct retort_model *tone, *stance;
static struct retort_stored_model *old_tone, *old_stance;
static struct retort_models none;
static int64_t ids[N_LINES];
static struct retort_arena arena;
static struct retort_error error;
static struct retort_diff *diff;

static void begin(void)
{
    char text[40];
    fixture_begin();
    error = (struct retort_error){0};
    store = fixture_open("a.db", RETORT_STORE_WRITE);
    tone = fixture_model("tone", RETORT_ANY_OF, TONE, "");
    stance = fixture_model("stance", RETORT_ONE_OF, STANCE, "");
    old_tone = retort_diff_model(tone, &arena);
    old_stance = retort_diff_model(stance, &arena);
    for (int i = 0; i < N_LINES; i++) {
        snprintf(text, sizeof text, "Line number %d of some.", i);
        ids[i] = fixture_line(store, NULL, text);
        fixture_label(store, tone, ids[i], (const double[]){.1, .1, .1});
        if (i < 30)
            fixture_label(store, stance, ids[i], (const double[]){.1, .1, .8});
    }
}

static void end(void)
{
    retort_diff_close(diff);
    retort_arena_release(&arena);
    retort_store_close(store);
    retort_model_close(tone);
    retort_model_close(stance);
    fixture_end();
}

static void open_diff(size_t top)
{
    bool opened = retort_diff_open(&diff, store, top, &error);
    ck_assert_msg(opened, "%s", error.message);
}

/* p of the model's labels; what reaches 0.5 is on, one-of: the largest. */
static struct retort_stored_answer answer_of(const struct retort_stored_model *model,
                                             const double *p, struct retort_stored_score *scores)
{
    size_t best = 0;
    for (size_t i = 0; i < model->n_labels; i++) {
        best = p[i] > p[best] ? i : best;
        scores[i] = (struct retort_stored_score){.p = p[i], .on = p[i] >= 0.5};
    }
    for (size_t i = 0; model->choice == RETORT_ONE_OF && i < model->n_labels; i++)
        scores[i].on = i == best;
    return (struct retort_stored_answer){.model = model, .scores = scores};
}

/* before NULL: no answer. */
static void add(int64_t comment, const struct retort_stored_model *old, const double *before,
                const struct retort_stored_model *new, const double *after)
{
    struct retort_stored_score scores[2][32];
    struct retort_stored_answer answers[2];
    struct retort_change change = {.comment = comment, .target = RETORT_SPAN("")};
    if (before)
        answers[0] = answer_of(old, before, scores[0]);
    answers[1] = answer_of(new, after, scores[1]);
    change.before = before ? &answers[0] : NULL;
    change.after = &answers[1];
    retort_diff_add(diff, &change);
}

static struct retort_diff_report finish(void)
{
    struct retort_diff_report report;
    bool told = retort_diff_finish(diff, &none, &arena, &report, &error);
    ck_assert_msg(told, "%s", error.message);
    return report;
}

static int64_t decide(size_t line, const char *task, const char *label, int64_t selection)
{
    int64_t id;
    struct retort_choice_made choice = {.comment = ids[line],
                                        .task = task,
                                        .labels = &label,
                                        .n_labels = label ? 1 : 0,
                                        .reviewer = "ann",
                                        .selection = selection};
    bool decided = retort_review_decide(store, &choice, &id, &error);
    ck_assert_msg(decided, "%s", error.message);
    return id;
}

static void says(const struct retort_diff_task *task, const char *words)
{
    struct retort_span reason = task->reason, wanted = retort_span_of(words);
    for (size_t at = 0; at + wanted.len <= reason.len; at++)
        if (memcmp(reason.data + at, wanted.data, wanted.len) == 0)
            return;
    ck_abort_msg("`%s` is not in: %.*s", words, (int)reason.len, (const char *)reason.data);
}

/* ---- flow ---- */

START_TEST(test_labels_flow_by_name)
{
    /* The new model does not know polite, knows rude, and has its labels in another order. */
    static const char *const NEW[] = {"rude", "threat", "toxic", NULL};
    struct retort_model *model = fixture_model("tone", RETORT_ANY_OF, NEW, "new");
    struct retort_stored_model *new = retort_diff_model(model, &arena);
    open_diff(10);
    add(1, old_tone, (const double[]){.9, .1, .6}, new, (const double[]){.7, .1, .2});
    add(2, old_tone, (const double[]){.9, .1, .1}, new, (const double[]){.1, .8, .9});
    add(3, old_tone, NULL, new, (const double[]){.1, .1, .9});
    struct retort_diff_report report = finish();
    const struct retort_diff_task *task = &report.tasks[0];
    ck_assert(report.n_tasks == 1 && task->n == 3 && task->n_new == 1 && task->n_changed == 2);
    ck_assert(task->n_labels == 4 && task->n_turned == 2 && task->n_before == 1);
    ck_assert_str_eq(task->labels[0].name, "toxic");
    ck_assert_uint_eq(task->labels[0].flow[RETORT_ON][RETORT_OFF], 1);
    ck_assert_uint_eq(task->labels[0].flow[RETORT_ON][RETORT_ON], 1);
    ck_assert_uint_eq(task->labels[0].flow[RETORT_UNASKED][RETORT_ON], 1);
    ck_assert_str_eq(task->labels[1].name, "threat");
    ck_assert_uint_eq(task->labels[1].flow[RETORT_OFF][RETORT_ON], 1);
    ck_assert_str_eq(task->labels[2].name, "polite");
    ck_assert_uint_eq(task->labels[2].flow[RETORT_ON][RETORT_UNASKED], 1);
    ck_assert_str_eq(task->labels[3].name, "rude");
    ck_assert_uint_eq(task->labels[3].flow[RETORT_UNASKED][RETORT_ON], 1);
    for (size_t i = 0; i < 4; i++) {
        uint64_t n = 0;
        for (size_t cell = 0; cell < 9; cell++)
            n += task->labels[i].flow[cell / 3][cell % 3];
        ck_assert_uint_eq(n, 3);
    }
    retort_model_close(model);
}
END_TEST

START_TEST(test_one_label_gives_way_to_another)
{
    static const struct {
        double before[3], after[3];
    } MOVES[] = {{{.8, .1, .1}, {.1, .8, .1}},
                 {{.8, .1, .1}, {.7, .2, .1}},
                 {{.1, .1, .8}, {.1, .5, .4}},
                 {{.7, .2, .1}, {.3, .4, .3}}};
    open_diff(10);
    for (size_t i = 0; i < 4; i++)
        add(ids[i], old_stance, MOVES[i].before, old_stance, MOVES[i].after);
    add(ids[4], old_stance, NULL, old_stance, MOVES[0].after);
    struct retort_diff_report report = finish();
    const struct retort_diff_task *task = &report.tasks[0];
    const uint64_t moves[4][4] = {{1, 2, 0, 0}, {0, 0, 0, 0}, {0, 1, 0, 0}, {0, 1, 0, 0}};
    ck_assert_mem_eq(task->moves, moves, sizeof moves);
    ck_assert(task->n_turned == 3 && task->n_flips == 3 && task->n_changed == 3);
    const struct retort_diff_flip *first = &task->flips[0];
    ck_assert(first->comment == ids[0] && first->was == 0 && first->label == 1);
    ck_assert_double_eq_tol(first->margin, log(8) + log(8), 1e-9);
    ck_assert_double_eq_tol(first->p_before, .8, 1e-12);
    ck_assert_double_eq_tol(first->p_after, .8, 1e-12);
    ck_assert_int_eq(task->flips[1].comment, ids[2]); /* log(8 × 1.25) against log(3.5 × 1.33) */
}
END_TEST

/* ---- flips ---- */

static int descending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a < b) - (a > b);
}

START_TEST(test_the_farthest_flips_are_kept)
{
    enum { N = 3000, TOP = 25 };
    static double margins[N];
    uint64_t seed = (uint64_t)_i;
    size_t n = 0;
    open_diff(TOP);
    for (size_t i = 0; i < N; i++) {
        double before = (double)(retort_random(&seed) % 1000) / 1000;
        double after = (double)(retort_random(&seed) % 1000) / 1000;
        add(ids[i % N_LINES], old_tone, (const double[]){before, .1, .1}, old_tone,
            (const double[]){after, .1, .1});
        if ((before >= .5) != (after >= .5))
            margins[n++] =
                fabs(log(fmax(after, 1e-6) / (1 - after)) - log(fmax(before, 1e-6) / (1 - before)));
    }
    qsort(margins, n, sizeof *margins, descending);
    struct retort_diff_report report = finish();
    ck_assert_uint_eq(report.tasks[0].n_turned, n);
    ck_assert_uint_eq(report.tasks[0].n_flips, TOP);
    for (size_t i = 0; i < TOP; i++)
        ck_assert_double_eq_tol(report.tasks[0].flips[i].margin, margins[i], 1e-4);
}
END_TEST

/* Each kind of flip has its own count and its own sample; the largest comes first. */
START_TEST(test_flips_are_counted_by_kind)
{
    const double off[] = {.1, .1, .1}, toxic[] = {.9, .1, .1}, threat[] = {.1, .9, .1};
    open_diff(1);
    for (size_t i = 0; i < 60; i++)
        add(ids[i], old_tone, i < 50 ? off : toxic, old_tone, i < 50 ? toxic : threat);
    struct retort_diff_report report = finish();
    const struct retort_diff_drift *drifts = report.tasks[0].drifts;
    ck_assert_uint_eq(report.tasks[0].n_drifts, 3);
    ck_assert(drifts[0].label == 0 && drifts[0].on && drifts[0].n == 50);
    ck_assert_uint_eq(drifts[0].n_drawn, 20);
    ck_assert(drifts[1].label == 0 && !drifts[1].on && drifts[1].n == 10);
    ck_assert(drifts[2].label == 1 && drifts[2].on && drifts[2].n_drawn == 10);
}
END_TEST

START_TEST(test_no_flips_wanted)
{
    open_diff(0);
    add(ids[0], old_tone, (const double[]){.9, .1, .1}, old_tone, (const double[]){.1, .1, .1});
    struct retort_diff_report report = finish();
    ck_assert(report.tasks[0].n_flips == 0 && report.tasks[0].n_turned == 1);
    ck_assert(report.tasks[0].drifts[0].n == 1 && report.tasks[0].drifts[0].n_drawn == 0);
}
END_TEST

/* ---- verdicts ---- */

/* Of n decided comments people say toxic of all; the old model says so of those from `old` on, the
 * new one of those below `new`. */
static struct retort_diff_task judge(size_t n, size_t old, size_t new)
{
    open_diff(5);
    for (size_t i = 0; i < n; i++)
        add(ids[i], old_tone, (const double[]){i < old ? .1 : .9, .1, .1}, old_tone,
            (const double[]){i < new ? .9 : .1, .1, .1});
    return finish().tasks[0];
}

static void decide_all(size_t n)
{
    for (size_t i = 0; i < n; i++)
        decide(i, "tone", "toxic", 0);
}

START_TEST(test_better)
{
    decide_all(40);
    struct retort_diff_task task = judge(40, 15, 38); /* old right on 25, new on 38 */
    ck_assert(task.concord.n == 40 && task.concord.before_right == 25);
    ck_assert(task.concord.after_right == 38 && task.concord.only_after == 15);
    ck_assert_uint_eq(task.concord.only_before, 2);
    ck_assert_double_eq_tol(task.concord.after.value, .95, 1e-12);
    ck_assert_double_eq_tol(task.concord.after.low, .83080, 1e-4); /* 38 of 40 */
    ck_assert_double_eq_tol(task.concord.after.high, .99389, 1e-4);
    ck_assert_double_eq_tol(task.concord.p, .00234985, 1e-7); /* 2 of 17 */
    ck_assert_int_eq(task.verdict, RETORT_BETTER);
    says(&task,
         "Of 40 comments that people have decided the new answers are theirs for 38 (95.0 %, "
         "83.1–99.4), the old ones for 25 (62.5 %, 45.8–77.3). The new ones are closer to "
         "them on 15, the old ones on 2: p = 0.0023 (McNemar, exact). Better at toxic. They "
         "are no random sample");
    ck_assert_int_eq(task.labels[0].verdict, RETORT_BETTER);
    ck_assert_int_eq(task.labels[1].verdict, RETORT_CANNOT_TELL);
}
END_TEST

/* Two threads of twenty, in one of which the new model is always right and in the other never:
 * forty witnesses say no more than two. By itself each lets nothing be said of others. */
START_TEST(test_a_thread_is_one_witness)
{
    static const char *const TEXTS[] = {"a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", "a9", NULL};
    const double on[] = {.9, .1, .1}, off[] = {.1, .1, .1};
    int64_t page[2][9];
    fixture_page(store, "one.html", "s", TEXTS, page[0]);
    fixture_page(store, "two.html", "s", TEXTS, page[1]);
    for (size_t i = 0; i < 18; i++) {
        fixture_label(store, tone, page[i / 9][i % 9], off);
        ids[i] = page[i / 9][i % 9];
        decide(i, "tone", i < 9 ? "toxic" : "polite", 0);
    }
    open_diff(0);
    for (size_t i = 0; i < 9; i++)
        add(ids[i], old_tone, off, old_tone, on);
    struct retort_diff_task task = finish().tasks[0];
    ck_assert(task.concord.p < .01 && task.concord.n_threads == 1);
    ck_assert_int_eq(task.verdict, RETORT_CANNOT_TELL);
    says(&task, "all of one thread");
    retort_diff_close(diff);
    open_diff(0);
    for (size_t i = 0; i < 18; i++)
        add(ids[i], old_tone, off, old_tone, i < 9 || i == 17 ? on : off);
    task = finish().tasks[0];
    ck_assert(task.concord.n_threads == 2 && task.concord.only_after == 9);
    /* A = 9, −1 of W = 9, 9: a spread that with one degree of freedom, t = 12.7, leaves all open */
    ck_assert_double_eq_tol(task.concord.lead.value, 8. / 18, 1e-12);
    ck_assert(task.concord.lead.low <= -1 && task.concord.lead.high >= 1);
    ck_assert_double_lt(task.concord.p, .05);
    ck_assert_int_eq(task.verdict, RETORT_CANNOT_TELL);
    says(&task,
         "But over the 2 threads that they are of the lead may be from -100.0 to 100.0 of 100");
}
END_TEST

START_TEST(test_worse)
{
    decide_all(40);
    struct retort_diff_task task = judge(40, 2, 25);
    ck_assert_int_eq(task.verdict, RETORT_WORSE);
    says(&task, "Worse at toxic.");
}
END_TEST

START_TEST(test_too_few_to_tell)
{
    decide_all(10);
    struct retort_diff_task task = judge(10, 5, 10); /* 5 to 0: p = 1 ∕ 16 */
    ck_assert_double_eq_tol(task.concord.p, .0625, 1e-9);
    ck_assert_int_eq(task.verdict, RETORT_CANNOT_TELL);
    says(&task, "Chance alone may do that. Were it to go on so, about 11 decided comments could");
}
END_TEST

START_TEST(test_nothing_to_tell_by)
{
    struct retort_diff_task task = judge(10, 5, 10);
    ck_assert_int_eq(task.verdict, RETORT_CANNOT_TELL);
    ck_assert(task.concord.n == 0 && isnan(task.concord.before.value));
    says(&task, "Nobody has decided any of these comments.");
    retort_diff_close(diff);
    decide_all(10);
    task = judge(10, 0, 10);
    says(&task, "Neither is closer to them on any.");
    retort_diff_close(diff);
    open_diff(5);
    add(ids[0], old_tone, NULL, old_tone, (const double[]){.9, .1, .1});
    task = finish().tasks[0];
    says(&task, "None of the decided comments had an older answer.");
}
END_TEST

/* All in all the new model errs less, but it misses every threat. */
START_TEST(test_worse_at_a_label)
{
    const double none_on[] = {.1, .1, .1}, toxic[] = {.9, .1, .1}, threat[] = {.1, .9, .1};
    for (size_t i = 0; i < 60; i++)
        decide(i, "tone", i < 50 ? "toxic" : "threat", 0);
    open_diff(5);
    for (size_t i = 0; i < 60; i++)
        add(ids[i], old_tone, i < 50 ? none_on : threat, old_tone, i < 50 ? toxic : none_on);
    struct retort_diff_task task = finish().tasks[0];
    ck_assert_int_eq(task.verdict, RETORT_BETTER);
    ck_assert_int_eq(task.labels[0].verdict, RETORT_BETTER);
    ck_assert_int_eq(task.labels[1].verdict, RETORT_WORSE);
    says(&task, "Better at toxic. Worse at threat.");
}
END_TEST

/* Six to none is p = 1 ∕ 32: enough for one question, not for one of three. */
START_TEST(test_labels_are_looked_at_together)
{
    decide_all(6);
    struct retort_diff_task task = judge(6, 6, 6);
    ck_assert_int_eq(task.verdict, RETORT_BETTER);
    ck_assert_double_eq_tol(task.labels[0].concord.p, 1. / 32, 1e-9);
    ck_assert_int_eq(task.labels[0].verdict, RETORT_CANNOT_TELL);
}
END_TEST

/* One-of: each label alone is closer where the other one is not; what nobody decided is no part. */
START_TEST(test_one_of_verdict)
{
    for (size_t i = 0; i < 20; i++)
        decide(i, "stance", i < 12 ? "favor" : "none", 0);
    open_diff(5);
    for (size_t i = 0; i < 30; i++)
        add(ids[i], old_stance, (const double[]){.1, .1, .8}, old_stance,
            (const double[]){.8, .1, .1});
    struct retort_diff_task task = finish().tasks[0];
    ck_assert(task.concord.n == 20 && task.concord.only_after == 12);
    ck_assert(task.concord.only_before == 8 && task.concord.after_right == 12);
    ck_assert_int_eq(task.verdict, RETORT_CANNOT_TELL);
    ck_assert(task.n_kept == 8); /* fixture_label's answer, which people left as it was */
    says(&task, "; 8 times people had the old answer before them and left it");
}
END_TEST

/* ---- which decisions count ---- */

/* current: the hash of the model that it was compared with. */
static const char *reviewed_card(int64_t decision, const char *current)
{
    static char salt[600];
    struct retort_stored_decision last;
    struct retort_stored_comment comment;
    bool found;
    ck_assert(retort_store_decision(store, decision, &arena, &last, &found, &error) && found &&
              retort_store_comment(store, last.comment, &arena, &comment, &error));
    snprintf(salt, sizeof salt,
             "\",\"reviews\":{\"last_decision\":{\"id\":%lld,\"comment\":\"%s\",\"decided\":"
             "\"%.*s\"},\"verdict\":\"Its own words\",\"current_sha256\":\"%s\","
             "\"against_current\":{\"mcnemar_p\":0.01,\"difference\":{\"low\":0.02,\"high\":0.3}}},"
             "\"z\":\"",
             (long long)decision, comment.identity, (int)last.decided.len,
             (const char *)last.decided.data, current);
    return salt;
}

static struct retort_diff_task judge_learned(const char *card, size_t n)
{
    struct retort_model *model = fixture_model("tone", RETORT_ANY_OF, TONE, card);
    struct retort_stored_model *new = retort_diff_model(model, &arena);
    struct retort_models models = {&model, 1};
    struct retort_diff_report report;
    open_diff(0);
    for (size_t i = 0; i < n; i++)
        add(ids[i], old_tone, (const double[]){.1, .1, .1}, new, (const double[]){.9, .1, .1});
    ck_assert(retort_diff_finish(diff, &models, &arena, &report, &error));
    retort_diff_close(diff);
    diff = NULL;
    retort_model_close(model);
    return report.tasks[0];
}

START_TEST(test_what_a_model_learned_from_does_not_judge_it)
{
    decide_all(20);
    int64_t last = decide(20, "tone", "toxic", 0);
    struct retort_diff_task task = judge_learned(reviewed_card(last, "another"), 30);
    ck_assert(task.n_decided == 21 && task.n_learned == 21 && task.concord.n == 0);
    ck_assert_int_eq(task.verdict, RETORT_CANNOT_TELL);
    says(&task, "21 decided comments are left out");
    says(&task, "Cross-validation, when the new model was made: Its own words.");
    /* Again on one that was learned from, and on seven that were not. */
    for (size_t i = 20; i < 28; i++)
        decide(i, "tone", "toxic", 0);
    task = judge_learned(reviewed_card(last, "another"), 30);
    ck_assert(task.n_learned == 21 && task.concord.n == 7 && task.concord.only_after == 7);
    ck_assert_int_eq(task.verdict, RETORT_BETTER);
}
END_TEST

/* What was found out of fold over the very model that is old here is a verdict, until decisions say
 * otherwise. */
START_TEST(test_cross_validation_tells_where_decisions_cannot)
{
    decide_all(20);
    int64_t last = decide(20, "tone", "toxic", 0);
    const char *current = retort_model_hash(tone);
    ck_assert_int_eq(judge_learned(reviewed_card(last, current), 30).verdict, RETORT_BETTER);
    for (size_t i = 21; i < 30; i++)
        decide(i, "tone", "polite", 0);
    ck_assert_int_eq(judge_learned(reviewed_card(last, current), 30).verdict, RETORT_WORSE);
}
END_TEST

START_TEST(test_another_stores_decisions_are_not_ours)
{
    char other[600];
    decide_all(20);
    int64_t last = decide(20, "tone", "toxic", 0);
    snprintf(other, sizeof other, "%s", reviewed_card(last, "another"));
    ck_assert_uint_eq(judge_learned(other, 30).n_learned, 21);
    static const char *const MEMBERS[] = {"\"comment\":\"", "\"decided\":\"", "\"id\":"};
    for (size_t i = 0; i < 3; i++) {
        char *value = strstr(other, MEMBERS[i]) + strlen(MEMBERS[i]), kept = *value;
        *value = kept == '1' ? '3' : '1';
        struct retort_diff_task task = judge_learned(other, 30);
        ck_assert_msg(task.n_learned == 0 && task.concord.n == 21, "%s", MEMBERS[i]);
        *value = kept;
    }
}
END_TEST

/* The model's file is gone; its card is in the store. */
START_TEST(test_a_card_is_read_from_the_store)
{
    decide_all(20);
    struct retort_model *model = fixture_model(
        "tone", RETORT_ANY_OF, TONE, reviewed_card(decide(20, "tone", "toxic", 0), "another"));
    struct retort_stored_model *new = retort_diff_model(model, &arena);
    fixture_label(store, model, ids[50], (const double[]){.1, .1, .1});
    open_diff(0);
    for (size_t i = 0; i < 30; i++)
        add(ids[i], old_tone, (const double[]){.1, .1, .1}, new, (const double[]){.9, .1, .1});
    ck_assert_uint_eq(finish().tasks[0].n_learned, 21);
    retort_model_close(model);
}
END_TEST

/* Draws n comments from `first` on at random, of a population, and decides them. */
static void draw_and_decide(size_t first, size_t n, uint64_t population)
{
    struct retort_draw_record record = {.design = RETORT_SPAN("order=random task=tone"),
                                        .seeded = true,
                                        .seed = 1,
                                        .population = population,
                                        .reviewer = "ann"};
    int64_t drawn, selections[N_LINES];
    bool good =
        retort_store_begin(store, &error) && retort_store_put_draw(store, &record, &drawn, &error);
    for (size_t i = 0; i < n; i++) {
        const struct retort_selection_record chosen = {
            drawn, ids[first + i], RETORT_SPAN("tone"), (double)n / (double)population, {NULL, 0}};
        good = good && retort_store_put_selection(store, &chosen, &selections[i], &error);
    }
    ck_assert_msg(good && retort_store_commit(store, &error), "%s", error.message);
    for (size_t i = 0; i < n; i++)
        decide(first + i, "tone", "toxic", selections[i]);
}

/* The new model is right where comments were drawn rarely, the old one where often. What was chosen
 * later, all for the old one, does not count. Each draw estimates all: one of the first stands for
 * (1000 ∕ 20 + 1) ∕ 2 comments, one of the second for 100 ∕ 20 ∕ 2. */
START_TEST(test_what_was_drawn_at_random_is_weighed)
{
    draw_and_decide(0, 20, 1000);
    draw_and_decide(20, 20, 100);
    for (size_t i = 40; i < 80; i++)
        decide(i, "tone", "toxic", 0);
    struct retort_diff_task task = judge(80, 20, 20);
    double effective = 560. * 560 / (20 * 25.5 * 25.5 + 20 * 2.5 * 2.5);
    ck_assert(task.random && task.n_decided == 80 && task.concord.n == 40);
    ck_assert(task.concord.only_after == 20 && task.concord.only_before == 20);
    ck_assert_double_eq_tol(task.concord.after.value, 510. / 560, 1e-12);
    ck_assert_double_eq_tol(task.concord.lead.value, 460. / 560, 1e-12);
    ck_assert_double_eq_tol(
        task.concord.p, retort_share_mcnemar(effective * 50 / 560, effective * 510 / 560), 1e-9);
    ck_assert_int_eq(task.verdict, RETORT_BETTER);
    says(&task, "each weighed by the chance with which it was chosen, the new answers");
}
END_TEST

/* The last word counts, and only for the claim that it was said of. */
START_TEST(test_the_last_word_counts)
{
    decide(0, "tone", "toxic", 0);
    decide(0, "tone", NULL, 0);
    struct retort_diff_task task = judge(1, 1, 1); /* old off, new on */
    ck_assert(task.concord.n == 1 && task.concord.only_before == 1 && task.concord.before_right);
    retort_diff_close(diff);
    struct retort_stored_score scores[3] = {0};
    struct retort_stored_answer answer = {.model = old_tone, .scores = scores};
    struct retort_change other = {ids[0], RETORT_SPAN("another claim"), &answer, &answer};
    open_diff(1);
    retort_diff_add(diff, &other);
    ck_assert_uint_eq(finish().tasks[0].n_decided, 0);
}
END_TEST

Suite *diff_suite(void)
{
    Suite *suite = suite_create("diff");
    TCase *flow = tcase_create("flow"), *verdict = tcase_create("verdict");
    tcase_set_timeout(flow, 60); /* some hundreds of transactions on a disk that others use */
    tcase_set_timeout(verdict, 60);
    tcase_add_checked_fixture(flow, begin, end);
    tcase_add_test(flow, test_labels_flow_by_name);
    tcase_add_test(flow, test_one_label_gives_way_to_another);
    tcase_add_loop_test(flow, test_the_farthest_flips_are_kept, 0, 5);
    tcase_add_test(flow, test_flips_are_counted_by_kind);
    tcase_add_test(flow, test_no_flips_wanted);
    suite_add_tcase(suite, flow);
    tcase_add_checked_fixture(verdict, begin, end);
    tcase_add_test(verdict, test_better);
    tcase_add_test(verdict, test_a_thread_is_one_witness);
    tcase_add_test(verdict, test_worse);
    tcase_add_test(verdict, test_too_few_to_tell);
    tcase_add_test(verdict, test_nothing_to_tell_by);
    tcase_add_test(verdict, test_worse_at_a_label);
    tcase_add_test(verdict, test_labels_are_looked_at_together);
    tcase_add_test(verdict, test_one_of_verdict);
    tcase_add_test(verdict, test_what_a_model_learned_from_does_not_judge_it);
    tcase_add_test(verdict, test_cross_validation_tells_where_decisions_cannot);
    tcase_add_test(verdict, test_another_stores_decisions_are_not_ours);
    tcase_add_test(verdict, test_a_card_is_read_from_the_store);
    tcase_add_test(verdict, test_what_was_drawn_at_random_is_weighed);
    tcase_add_test(verdict, test_the_last_word_counts);
    suite_add_tcase(suite, verdict);
    suite_add_tcase(suite, diff_words());
    return suite;
}
