/* comparison: two groups or periods, effect size first.
 *
 * Differences are of corrected shares, replicate by replicate, so that what is not known of the
 * model's errors is in their intervals; whether there is a difference at all is asked of threads
 * that are dealt anew. All tests of a report are adjusted together, so first all are made, then
 * told. */
#include "report/deals.h"
#include "report/say.h"
#include "report/scales.h"

#include <math.h>
#include <stdlib.h>

enum { LEAST_DEALS = 9999, MOST_DEALS = 99999, DEALS_A_TEST = 50 };

/* A label of a task, in a group and in the others. */
struct test {
    struct retort_estimate share, other, difference, effect;
    double p, adjusted;
};
struct compared {
    const struct report_task *task;
    struct report_shares shares;
    struct report_others others;
    struct test *tests; /* [n_pairs][n_labels] */
    uint64_t n_deals;   /* the most that a test took */
    bool exact;         /* all of them */
};
struct comparison {
    struct report_work *work;
    struct retort_arena arena;
    struct report_sides sides;
    struct compared *compared;
    size_t n_compared, n_tests;
};

/* ---- estimates ---- */

static struct test test_of(const struct report_others *of, size_t group, size_t label)
{
    const struct report_shares *shares = of->shares;
    size_t n = shares->n_replicates;
    double *values = retort_grow(NULL, 4 * n + 1, sizeof *values);
    double *own = values, *other = own + n, *difference = other + n, *effect = difference + n;
    for (size_t r = 0; r < n; r++) {
        own[r] = report_side_share(shares, r + 1, group, label);
        other[r] = report_other_share(of, r + 1, group, label);
        difference[r] = own[r] - other[r];
        effect[r] = retort_cohens_h(own[r], other[r]);
    }
    double share = report_side_share(shares, 0, group, label);
    double others = report_other_share(of, 0, group, label);
    struct test test = {
        .share = report_interval_told(share, own, n),
        .other = report_interval_told(others, other, n),
        .difference = report_interval_told(share - others, difference, n),
        .effect = report_interval_told(retort_cohens_h(share, others), effect, n),
        .p = (double)NAN,
    };
    free(values);
    return test;
}

/* ---- tests ---- */

static bool is_compared(const struct comparison *comparison, const struct report_task *task)
{
    return report_task_is_wanted(comparison->work, task) && task->n_labelled > 0 &&
           !report_sides_are_labels(comparison->work, &comparison->sides, task);
}

static bool estimate_all(struct comparison *comparison, struct retort_error *error)
{
    const struct report_data *data = comparison->work->data;
    const struct report_sides *sides = &comparison->sides;
    struct report_grouping grouping = {sides->group, sides->n_groups};
    comparison->compared = RETORT_NEW(&comparison->arena, struct compared, data->n_tasks + 1);
    for (size_t i = 0; i < data->n_tasks; i++) {
        const struct report_task *task = &data->tasks[i];
        struct compared *compared = &comparison->compared[comparison->n_compared];
        if (!is_compared(comparison, task))
            continue;
        compared->task = task;
        if (!report_shares(comparison->work, task, &grouping, &comparison->arena, &compared->shares,
                           error))
            return false;
        report_others_of(&compared->shares, &comparison->arena, &compared->others);
        compared->tests =
            RETORT_NEW(&comparison->arena, struct test, sides->n_pairs * task->n_labels);
        for (size_t at = 0; at < sides->n_pairs * task->n_labels; at++)
            compared->tests[at] =
                test_of(&compared->others, at / task->n_labels, at % task->n_labels);
        comparison->n_compared++;
        comparison->n_tests += sides->n_pairs * task->n_labels;
    }
    return true;
}

/* As many deals as the first step of Holm's wants to be passed. */
static uint64_t most_deals(const struct comparison *comparison)
{
    uint64_t wanted = DEALS_A_TEST * comparison->n_tests;
    return wanted < LEAST_DEALS ? LEAST_DEALS : wanted > MOST_DEALS ? MOST_DEALS : wanted;
}

static void deal_all(struct comparison *comparison)
{
    struct retort_progress progress;
    double *p = RETORT_NEW(&comparison->arena, double, 64);
    retort_progress_begin(&progress, "comparing",
                          comparison->n_compared * comparison->sides.n_pairs,
                          comparison->work->request->quiet);
    for (size_t i = 0; i < comparison->n_compared; i++) {
        struct compared *compared = &comparison->compared[i];
        struct report_deal deal = {compared->task, &compared->shares, &comparison->sides,
                                   most_deals(comparison)};
        size_t n_labels = compared->task->n_labels;
        compared->exact = true;
        for (uint32_t pair = 0; pair < comparison->sides.n_pairs; pair++) {
            retort_progress_step(&progress, progress.done + 1);
            if (report_side_untold(&compared->shares, pair))
                continue;
            struct retort_permuted permuted = report_deal_test(comparison->work, &deal, pair, p);
            compared->exact = compared->exact && permuted.exact;
            compared->n_deals = permuted.n > compared->n_deals ? permuted.n : compared->n_deals;
            for (size_t l = 0; l < n_labels; l++)
                if (!isnan(compared->tests[pair * n_labels + l].effect.value))
                    compared->tests[pair * n_labels + l].p = p[l];
        }
    }
    retort_progress_end(&progress);
}

static void adjust(struct comparison *comparison)
{
    double *p = RETORT_NEW(&comparison->arena, double, comparison->n_tests + 1);
    size_t n = 0;
    for (size_t i = 0; i < comparison->n_compared; i++)
        for (size_t t = 0; t < comparison->sides.n_pairs * comparison->compared[i].task->n_labels;
             t++)
            p[n++] = comparison->compared[i].tests[t].p;
    retort_holm(p, n, &comparison->arena);
    n = 0;
    for (size_t i = 0; i < comparison->n_compared; i++)
        for (size_t t = 0; t < comparison->sides.n_pairs * comparison->compared[i].task->n_labels;
             t++)
            comparison->compared[i].tests[t].adjusted = p[n++];
}

/* ---- tables ---- */

static const struct report_column COLUMNS[] = {
    {"group", "Group", 0}, {"label", "Label", 0},        {"h", "Effect h", 2},
    {"share", "Share", 0}, {"others", "Others", 0},      {"difference", "Difference, points", 0},
    {"p", "p", 3},         {"p_adjusted", "p, Holm", 3},
};
enum { GROUP, LABEL, EFFECT, SHARE, OTHERS, DIFFERENCE, P, ADJUSTED, N_COLUMNS };

static const char ONE_THREAD[] = "one thread on a side: no test";

static struct report_cell chance(double p)
{
    return isnan(p) ? report_nothing(ONE_THREAD) : report_p(p);
}

/* Without its interval, which stands with the shares of labels. */
static struct report_cell plain_share(struct retort_estimate share)
{
    share.low = share.high = (double)NAN;
    return report_share(share);
}

/* Of one pair without its name, of several without the unadjusted p. */
static void add_test(struct comparison *comparison, struct report_table *table,
                     const struct compared *compared, size_t at)
{
    struct retort_report *report = comparison->work->report;
    const struct test *test = &compared->tests[at];
    size_t n_labels = compared->task->n_labels;
    struct retort_span label = retort_arena_copy(
        &report->arena, retort_span_of(compared->task->model->labels[at % n_labels]));
    const struct report_cell cells[N_COLUMNS] = {
        [GROUP] = report_text(comparison->sides.names[at / n_labels]),
        [LABEL] = report_text(label),
        [EFFECT] = report_number(test->effect),
        [SHARE] = plain_share(test->share),
        [OTHERS] = plain_share(test->other),
        [DIFFERENCE] = report_points(test->difference),
        [ADJUSTED] = chance(test->adjusted),
        [P] = chance(test->p),
    };
    memcpy(report_add_row(report, table), cells + (comparison->sides.n_pairs == 1),
           (N_COLUMNS - 1) * sizeof *cells);
}

static void add_pair(struct comparison *comparison, struct report_table *table,
                     const struct compared *compared, size_t pair)
{
    size_t n_labels = compared->task->n_labels;
    const char *why = report_side_untold(&compared->shares, pair);
    if (!why) {
        for (size_t l = 0; l < n_labels; l++)
            add_test(comparison, table, compared, pair * n_labels + l);
    } else if (why[0]) {
        struct report_cell *row = report_add_row(comparison->work->report, table);
        row[GROUP] = report_text(comparison->sides.names[pair]);
        row[LABEL] = report_nothing(why);
    }
}

static void add_notes(struct comparison *comparison, struct report_table *table,
                      const struct compared *compared)
{
    struct retort_report *report = comparison->work->report;
    const struct report_sides *sides = &comparison->sides;
    char deals[REPORT_SAID], tests[REPORT_SAID], both[REPORT_SAID];
    report_add_note(report, table,
                    "Effect h: Cohen's, from .2 small, .5 medium, .8 large; above 0: more common "
                    "here than among the others.");
    if (compared->n_deals > 0)
        report_add_note(report, table,
                        "p: of %s%s deals of threads to the sides; adjusted over all %s "
                        "tests of this report.",
                        compared->exact ? "all " : "at most ",
                        report_say_count(compared->n_deals, deals),
                        report_say_count(comparison->n_tests, tests));
    if (sides->n_both > 0)
        report_add_note(report, table,
                        "%s comments are taken by both filters and are on neither side.",
                        report_say_count(sides->n_both, both));
    if (sides->by_label)
        report_add_note(
            report, table,
            "A filter asks for a label that the model gives, so the sides differ in it, "
            "and in what goes with it, by construction.");
    for (size_t g = 0; g < sides->n_groups; g++)
        if (compared->shares.correction[g] == REPORT_RAW && compared->shares.count[g] > 0) {
            report_add_note(report, table,
                            "Not corrected for what the model errs, and intervals hold "
                            "nothing of it: %s.",
                            compared->shares.why[g]);
            break;
        }
}

/* The largest of the differences that are none of chance. */
static const struct test *largest(const struct compared *compared, size_t n_tests)
{
    const struct test *found = NULL;
    for (size_t t = 0; t < n_tests; t++) {
        const struct test *test = &compared->tests[t];
        if (test->adjusted < 0.05 &&
            (!found || fabs(test->effect.value) > fabs(found->effect.value)))
            found = test;
    }
    return found;
}

static size_t count_found(const struct compared *compared, size_t n_tests)
{
    size_t n = 0;
    for (size_t t = 0; t < n_tests; t++)
        n += compared->tests[t].adjusted < 0.05;
    return n;
}

/* Filters are said as they were asked. */
static struct retort_span said_of(const struct comparison *comparison, size_t side)
{
    struct retort_span name = comparison->sides.names[side];
    return comparison->sides.asked ? name : report_say_group(comparison->work, name);
}

static void add_finding(struct comparison *comparison, struct report_section *section,
                        const struct compared *compared)
{
    struct retort_report *report = comparison->work->report;
    const struct report_sides *sides = &comparison->sides;
    size_t n_labels = compared->task->n_labels, n = sides->n_pairs * n_labels;
    const struct test *test = largest(compared, n);
    char name[160], h[REPORT_SAID], p[REPORT_SAID], found[REPORT_SAID], all[REPORT_SAID];
    snprintf(name, sizeof name, "%.100s%s", compared->task->model->task,
             report_as_said(&compared->shares));
    if (!test) {
        report_add_finding(report, section,
                           compared->n_deals > 0
                               ? "%s: no difference stands out from chance; that is no proof "
                                 "that there is none."
                               : "%s: whether the sides differ beyond chance cannot be told from "
                                 "one thread on a side.",
                           name);
        return;
    }
    size_t at = (size_t)(test - compared->tests);
    struct retort_span side = said_of(comparison, at / n_labels);
    struct retort_span other =
        sides->n_groups == 2 ? said_of(comparison, 1) : RETORT_SPAN("the others");
    const struct retort_estimate effect = report_bare(test->effect.value);
    report_add_finding(
        report, section,
        "%s: h = %s, a %s effect: %s is %s in %.*s (%.1f %%) than in %.*s (%.1f %%); p %s after "
        "adjustment. Differences beyond chance: %s of %s.",
        name, report_say_number(effect, h), retort_cohens_h_name(test->effect.value),
        compared->task->model->labels[at % n_labels],
        test->effect.value > 0 ? "more common" : "less common", (int)side.len,
        (const char *)side.data, 100 * test->share.value, (int)other.len, (const char *)other.data,
        100 * test->other.value, report_say_p(test->adjusted, p),
        report_say_count(count_found(compared, n), found), report_say_count(n, all));
}

/* So many bytes of a name as a title has room for; what is cut within a character is mended where
 * it is written. */
static int shown(struct retort_span name)
{
    enum { MOST = 100 };
    return (int)(name.len < MOST ? name.len : MOST);
}

static void tell(struct comparison *comparison, struct report_section *section,
                 const struct compared *compared)
{
    char title[400];
    const char *said = report_as_said(&compared->shares);
    const struct report_sides *sides = &comparison->sides;
    bool one_pair = sides->n_pairs == 1;
    struct retort_span first = sides->names[0], second = sides->names[1];
    if (one_pair)
        snprintf(title, sizeof title, "Differences in %.100s%s: %.*s, and %.*s as the others",
                 compared->task->model->task, said, shown(first), (const char *)first.data,
                 shown(second), (const char *)second.data);
    else
        snprintf(title, sizeof title, "Differences in %.100s%s", compared->task->model->task, said);
    struct report_table *table =
        report_add_table(comparison->work->report, section,
                         report_task_id(comparison->work, "comparison", compared->task), title,
                         COLUMNS + one_pair, N_COLUMNS - 1);
    table->plot = REPORT_FLOOR;
    table->plot_series = one_pair ? SIZE_MAX : LABEL;
    table->plot_label = one_pair ? LABEL - 1 : GROUP;
    table->plot_value = one_pair ? EFFECT - 1 : EFFECT;
    for (size_t pair = 0; pair < comparison->sides.n_pairs; pair++)
        add_pair(comparison, table, compared, pair);
    add_notes(comparison, table, compared);
    add_finding(comparison, section, compared);
    report_scale_differences(comparison->work, section,
                             &(struct report_scaled){compared->task, &compared->others, sides});
}

static void tell_all(struct comparison *comparison, struct report_section *section)
{
    for (size_t i = 0; i < comparison->n_compared; i++)
        tell(comparison, section, &comparison->compared[i]);
    report_add_method(
        comparison->work->report, "cohen1988,chung2013,besag1991,holm1979",
        "Groups are compared by Cohen's h of corrected shares; whether they differ is "
        "tested by permuting threads between them, the difference studentised over "
        "threads so that groups may vary unequally, exactly where there are few ways "
        "and sequentially where there are many; p values are adjusted by Holm's "
        "method over all tests of the report.");
}

bool report_comparison(struct report_work *work, struct report_section *section,
                       struct retort_error *error)
{
    struct comparison comparison = {.work = work};
    bool made = report_scale_check(work, error) &&
                report_sides_of(work, &comparison.arena, &comparison.sides, error);
    if (made && comparison.sides.n_pairs > 0)
        made = estimate_all(&comparison, error);
    if (made && comparison.n_tests > 0) {
        deal_all(&comparison);
        adjust(&comparison);
        tell_all(&comparison, section);
    } else if (made && work->request->section) {
        report_add_finding(work->report, section,
                           "There is one group, and nothing to compare it with: --by WHAT makes "
                           "groups, --compare and --against name two.");
    }
    retort_arena_release(&comparison.arena);
    return made;
}
