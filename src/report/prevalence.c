/* prevalence: how common each label is, counted and corrected, by group; and what every estimator
 * says of all comments together, for they stand on different assumptions, and where they contradict
 * each other these do not hold. */
#include "report/say.h"
#include "report/scales.h"
#include "report/shares.h"

#include <math.h>
#include <stdlib.h>

static const struct report_column SHARE_COLUMNS[] = {
    {"group", "Group", 0}, {"label", "Label", 0},     {"comments", "Comments", 0},
    {"said", "Said", 0},   {"counted", "Counted", 1}, {"share", "Share", 1},
    {"basis", "Basis", 0},
};
enum { GROUP, LABEL, COMMENTS, SAID, COUNTED, SHARE, BASIS, N_SHARE_COLUMNS };

static const struct report_column ESTIMATE_COLUMNS[] = {
    {"label", "Label", 0}, {"estimator", "Estimator", 0}, {"share", "Share", 1}};
enum { ESTIMATE_LABEL, ESTIMATOR, ESTIMATE, N_ESTIMATE_COLUMNS };

static const struct estimator {
    const char *name;
    enum shares_method method; /* SHARES_N_METHODS: EMQ */
} ESTIMATORS[] = {
    {"counted (CC)", SHARES_CC},
    {"adjusted (ACC)", SHARES_ACC},
    {"adjusted posteriors (PACC)", SHARES_PACC},
    {"likelihood (EMQ)", SHARES_N_METHODS},
    {"people", SHARES_PEOPLE},
    {"people and model", SHARES_POWERED},
};
enum { CC, ACC, PACC, EMQ, PEOPLE, POWERED, N_ESTIMATORS }; /* in their order */

static const char *const BASES[] = {
    [REPORT_RAW] = "counted", [REPORT_CORRECTED] = "corrected", [REPORT_POWERED] = "people"};

static const char NO_LABEL[] = "no comment here is labelled";
static const char ALONE[] = "one comment does not say how common a label is";

/* A task's shares under way. */
struct telling {
    struct report_work *work;
    struct report_section *section;
    const struct report_task *task;
    const struct shares_basis *basis;
    size_t n_all;   /* numbers of one estimator */
    double *values; /* [n_replicates] scratch */
};

static double *new_shares(const struct telling *telling)
{
    return retort_arena_room(telling->work->arena, telling->n_all + 1, sizeof(double));
}

/* shares: as shares_by_method gives them. */
static struct retort_estimate estimate(const struct telling *telling, const double *shares,
                                       size_t group, size_t label)
{
    const struct shares_cells *cells = &telling->basis->cells;
    size_t n = telling->basis->n_replicates, at = group * cells->n_labels + label;
    for (size_t r = 0; r < n; r++)
        telling->values[r] = shares[(1 + r) * cells->n_groups * cells->n_labels + at];
    return report_interval_told(shares[at], telling->values, n);
}

/* The same within what shares can be. */
static struct retort_estimate estimate_within(const struct telling *telling, const double *shares,
                                              size_t group, size_t label)
{
    struct retort_estimate of = estimate(telling, shares, group, label);
    of.low = isnan(of.low) ? of.low : fmin(fmax(of.low, 0), 1);
    of.high = isnan(of.high) ? of.high : fmin(fmax(of.high, 0), 1);
    return of;
}

static struct report_cell name_of(const struct telling *telling, struct retort_span name)
{
    return report_text(retort_arena_copy(&telling->work->report->arena, name));
}

static struct report_cell label_of(const struct telling *telling, size_t label)
{
    return name_of(telling, retort_span_of(telling->task->model->labels[label]));
}

static struct report_cell share_cell(const struct telling *telling, const double *shares,
                                     size_t group, size_t label)
{
    const struct shares_cells *cells = &telling->basis->cells;
    if (cells->total[group * cells->stride] == 0)
        return report_nothing(NO_LABEL);
    return report_share(estimate_within(telling, shares, group, label));
}

/* ---- shares by group ---- */

struct chosen {
    struct report_shares shares;
    double *counted; /* as they are said, the same shape */
};

static void choose(const struct telling *telling, struct chosen *chosen)
{
    struct retort_arena *arena = telling->work->arena;
    enum shares_method *counting =
        RETORT_NEW(arena, enum shares_method, telling->basis->cells.n_groups + 1);
    chosen->counted = new_shares(telling);
    shares_by_method(telling->basis, counting, chosen->counted);
    shares_fill(telling->basis, arena, &chosen->shares);
}

/* Why no share can be told beside what is counted; NULL: it can. */
static const char *untold(const struct chosen *chosen, size_t group, size_t label)
{
    const struct report_shares *shares = &chosen->shares;
    const char *why = shares->counted[group * shares->n_labels + label];
    if (shares->count[group] == 1)
        return ALONE;
    return why ? why : shares->correction[group] == REPORT_RAW ? shares->why[group] : NULL;
}

static void add_share(const struct telling *telling, struct report_table *table,
                      const struct chosen *chosen, size_t group, size_t label)
{
    const struct shares_cells *cells = &telling->basis->cells;
    const double *total = cells->total + group * cells->stride;
    const char *why = untold(chosen, group, label);
    struct report_cell *row = report_add_row(telling->work->report, table);
    row[GROUP] = name_of(telling, telling->work->data->groups[group]);
    row[LABEL] = label_of(telling, label);
    row[COMMENTS] = report_count((uint64_t)total[0]);
    row[SAID] = report_count((uint64_t)total[RETORT_POWERED_WIDTH(cells->n_labels) + label]);
    row[COUNTED] = share_cell(telling, chosen->counted, group, label);
    row[SHARE] = total[0] > 0 && why ? report_nothing(why)
                                     : share_cell(telling, chosen->shares.share, group, label);
    row[BASIS] = report_words(BASES[why ? REPORT_RAW : chosen->shares.correction[group]]);
}

static bool any_of_group_told(const struct chosen *chosen, size_t group)
{
    for (size_t l = 0; l < chosen->shares.n_labels; l++)
        if (!untold(chosen, group, l))
            return true;
    return false;
}

/* What was done, once for each way in which shares were told. */
static void note_why(const struct telling *telling, struct report_table *table,
                     const struct chosen *chosen)
{
    const struct report_shares *shares = &chosen->shares;
    for (size_t g = 0; g < shares->n_groups; g++) {
        bool is_first = any_of_group_told(chosen, g);
        for (size_t h = 0; h < g && is_first; h++)
            is_first = shares->why[h] != shares->why[g] || !any_of_group_told(chosen, h);
        if (is_first)
            report_add_note(telling->work->report, table, "%s: %s.", BASES[shares->correction[g]],
                            shares->why[g]);
    }
}

static void note_errors(const struct telling *telling, struct report_table *table,
                        const struct report_shares *shares)
{
    bool any = false;
    for (size_t g = 0; g < shares->n_groups; g++)
        for (size_t l = 0; l < shares->n_labels; l++)
            any |= shares->correction[g] == REPORT_RAW || shares->counted[g * shares->n_labels + l];
    if (any)
        report_add_note(telling->work->report, table,
                        "Counted: as the model says; its interval says how far threads differ, and "
                        "nothing of what the model errs.");
}

static size_t count_groups(const struct telling *telling, bool of_one_thread)
{
    const struct shares_cells *cells = &telling->basis->cells;
    size_t n = 0;
    for (size_t g = 0; g < cells->n_groups; g++)
        n += of_one_thread ? cells->n_threads[g] == 1 && cells->total[g * cells->stride] > 1
                           : cells->total[g * cells->stride] == 1;
    return n;
}

static void note_small(const struct telling *telling, struct report_table *table)
{
    size_t n_threads = count_groups(telling, true), n_alone = count_groups(telling, false);
    if (n_threads > 0)
        report_add_note(telling->work->report, table,
                        "Groups of one thread (%zu): intervals take its comments to be independent "
                        "of each other and speak of this thread alone.",
                        n_threads);
    if (n_alone > 0)
        report_add_note(telling->work->report, table,
                        "Groups of one comment (%zu) are only counted.", n_alone);
}

static bool any_told(const struct chosen *chosen)
{
    for (size_t g = 0; g < chosen->shares.n_groups; g++)
        for (size_t l = 0; l < chosen->shares.n_labels; l++)
            if (!untold(chosen, g, l))
                return true;
    return false;
}

static void add_shares(const struct telling *telling, const struct chosen *chosen)
{
    const struct shares_cells *cells = &telling->basis->cells;
    const struct report_data *data = telling->work->data;
    char title[160];
    snprintf(title, sizeof title, "Shares of labels: %.100s", telling->task->model->task);
    struct report_table *table =
        report_add_table(telling->work->report, telling->section,
                         report_task_id(telling->work, "prevalence", telling->task), title,
                         SHARE_COLUMNS, N_SHARE_COLUMNS);
    table->plot = data->by_is_ordered && cells->n_groups > 1 ? REPORT_LINES : REPORT_DOTS;
    table->plot_label = GROUP;
    table->plot_series = LABEL;
    table->plot_value = any_told(chosen) ? SHARE : COUNTED;
    for (size_t g = 0; g < cells->n_groups; g++)
        for (size_t l = 0; l < cells->n_labels; l++)
            add_share(telling, table, chosen, g, l);
    note_why(telling, table, chosen);
    note_errors(telling, table, &chosen->shares);
    note_small(telling, table);
    if (!telling->basis->one_of)
        report_add_note(telling->work->report, table,
                        "A comment may have several labels: shares do not add up to 100 %%.");
}

/* ---- every estimator, of all comments ---- */

static void fill_estimators(const struct telling *telling, double **shares)
{
    for (size_t e = 0; e < N_ESTIMATORS; e++) {
        const struct shares_basis *basis = telling->basis;
        bool needs_errors = e == ACC || e == PACC || e == EMQ;
        shares[e] = new_shares(telling);
        for (size_t i = 0; i < telling->n_all; i++)
            shares[e][i] = (double)NAN;
        if (e == EMQ)
            shares_emq(basis, telling->task, shares[e]);
        else if (!needs_errors || !basis->untold)
            shares_by_method(basis, &ESTIMATORS[e].method, shares[e]);
    }
}

/* Does the interval of the difference leave out 0? */
static bool contradict(const struct telling *telling, const double *a, const double *b,
                       size_t label)
{
    size_t n = telling->basis->n_replicates, n_labels = telling->basis->cells.n_labels;
    for (size_t r = 0; r < n; r++)
        telling->values[r] = a[(1 + r) * n_labels + label] - b[(1 + r) * n_labels + label];
    struct retort_estimate of = report_interval(a[label] - b[label], telling->values, n);
    return of.low > 0 || of.high < 0;
}

/* Labels of which two estimators contradict each other, with commas between. */
static void list_contradictions(const struct telling *telling, const double *a, const double *b,
                                struct retort_buffer *names)
{
    for (size_t l = 0; l < telling->basis->cells.n_labels; l++)
        if (contradict(telling, a, b, l))
            retort_buffer_format(names, "%s%s", names->len ? ", " : "",
                                 telling->task->model->labels[l]);
}

/* Assumptions that visibly fail, in words. */
static void warn(const struct telling *telling, struct report_table *table, double *const *shares)
{
    struct retort_report *report = telling->work->report;
    struct retort_buffer errors = {0}, people = {0};
    list_contradictions(telling, shares[ACC], shares[PACC], &errors);
    list_contradictions(telling, shares[PEOPLE], shares[PACC], &people);
    if (errors.len)
        report_add_note(report, table,
                        "ACC and PACC contradict each other (%.*s), so the model errs here "
                        "otherwise than out of fold: corrected shares are to be read with care. "
                        "Decide a random sample (retort sample).",
                        (int)errors.len, (const char *)errors.data);
    if (people.len)
        report_add_note(report, table,
                        "People and PACC contradict each other (%.*s): people decided on comments "
                        "drawn at random and are to be relied on.",
                        (int)people.len, (const char *)people.data);
    retort_buffer_release(&errors);
    retort_buffer_release(&people);
}

/* Nothing is told by an estimator that there are no data for. */
static void add_estimates(const struct telling *telling, struct report_table *table,
                          double *const *shares, size_t label)
{
    for (size_t e = 0; e < N_ESTIMATORS; e++) {
        if (isnan(shares[e][label]))
            continue;
        struct report_cell *row = report_add_row(telling->work->report, table);
        row[ESTIMATE_LABEL] = label_of(telling, label);
        row[ESTIMATOR] = report_words(ESTIMATORS[e].name);
        row[ESTIMATE] = report_share(estimate(telling, shares[e], 0, label));
    }
}

static void add_estimators(const struct telling *telling)
{
    double *shares[N_ESTIMATORS];
    char title[160];
    snprintf(title, sizeof title, "Estimates side by side: %.100s", telling->task->model->task);
    fill_estimators(telling, shares);
    struct report_table *table =
        report_add_table(telling->work->report, telling->section,
                         report_task_id(telling->work, "estimates", telling->task), title,
                         ESTIMATE_COLUMNS, N_ESTIMATE_COLUMNS);
    table->plot = REPORT_DOTS;
    table->plot_label = ESTIMATOR;
    table->plot_series = ESTIMATE_LABEL;
    table->plot_value = ESTIMATE;
    for (size_t l = 0; l < telling->basis->cells.n_labels; l++)
        add_estimates(telling, table, shares, l);
    warn(telling, table, shares);
    report_add_note(telling->work->report, table,
                    "Of all comments together. ACC and PACC may leave 0 to 100 %%, and then the "
                    "model errs here otherwise than out of fold. EMQ takes the model's "
                    "probabilities to be calibrated.");
}

/* ---- what it comes to ---- */

/* Labels from the most common down, at most so many; SIZE_MAX: all are told. */
enum { MOST_TOLD = 3 };

/* What is told of a label's share over all groups. */
static double told_share(const struct chosen *chosen, size_t label)
{
    return untold(chosen, 0, label) ? chosen->counted[label] : chosen->shares.share[label];
}

static size_t next_common(const struct chosen *chosen, const bool *told)
{
    size_t best = SIZE_MAX;
    for (size_t l = 0; l < chosen->shares.n_labels; l++)
        if (!told[l] && !isnan(told_share(chosen, l)) &&
            (best == SIZE_MAX || told_share(chosen, l) > told_share(chosen, best)))
            best = l;
    return best;
}

static void find(const struct telling *telling, const struct chosen *chosen)
{
    bool told[RETORT_MOST_LABELS] = {false};
    const struct retort_stored_model *model = telling->task->model;
    struct retort_buffer counted = {0};
    for (size_t i = 0; i < MOST_TOLD; i++) {
        char share[REPORT_SAID];
        size_t best = next_common(chosen, told);
        if (best == SIZE_MAX)
            break;
        told[best] = true;
        bool is_untold = untold(chosen, 0, best) != NULL;
        struct retort_estimate of =
            estimate_within(telling, is_untold ? chosen->counted : chosen->shares.share, 0, best);
        if (i > 0 && !(of.value > 0))
            continue; /* that there is none of the others either is no finding */
        report_say_share(of, share);
        if (is_untold)
            retort_buffer_format(&counted, "%s\"%s\" of %s", counted.len ? ", " : "",
                                 model->labels[best], share);
        else
            report_add_finding(telling->work->report, telling->section,
                               "%s: \"%s\" is true of %s; the model says it of %.1f %%.",
                               model->task, model->labels[best], share,
                               100 * chosen->counted[best]);
    }
    if (counted.len)
        report_add_finding(telling->work->report, telling->section,
                           "%s: the model says %.*s; how common that is can't be told from it.",
                           model->task, (int)counted.len, (const char *)counted.data);
    retort_buffer_release(&counted);
}

static void add_methods(const struct telling *telling, const struct chosen *chosen)
{
    struct retort_report *report = telling->work->report;
    char replicates[REPORT_SAID], clusters[REPORT_SAID];
    bool used[3] = {false};
    for (size_t g = 0; g < telling->basis->cells.n_groups; g++)
        used[chosen->shares.correction[g]] |= any_of_group_told(chosen, g);
    if (used[REPORT_CORRECTED])
        report_add_method(report, "bella2010,forman2008",
                          "Shares are corrected for what the classifier errs (PACC): the mean "
                          "posterior of a group is solved for the share that makes it so, given "
                          "the mean posteriors of each true label out of fold; that holds as long "
                          "as only shares differ from the training data, not how a label sounds.");
    if (used[REPORT_POWERED])
        report_add_method(report, "horvitz1952,hajek1971,angelopoulos2023,angelopoulos2023plus",
                          "Where at least %d comments of a group were drawn at random and decided, "
                          "shares are those of the decisions, weighed by the inverse of the chance "
                          "of being drawn, and the posteriors of all comments narrow them "
                          "(prediction-powered inference with a tuned slope).",
                          SHARES_LEAST_DRAWN);
    report_add_method(report, "rubin1981,kish1965",
                      "Intervals are of 95 %%: percentiles of %s replicates of a Bayesian "
                      "bootstrap over threads (dealt into at most %s clusters) and, for corrected "
                      "shares, over batches of the classifier's error figures; few clusters widen "
                      "them by Student's t.",
                      report_say_count(report->n_resamples, replicates),
                      report_say_count(SHARES_CLUSTERS, clusters));
    report_add_method(report, "forman2008,bella2010,saerens2002",
                      "Beside them stand the shares as counted, the adjusted count (ACC), PACC and "
                      "the shares of largest likelihood (EMQ).");
}

/* ---- a task ---- */

/* Shares of all comments of the report, whatever their group. */
static struct report_grouping whole(struct report_work *work)
{
    const struct report_data *data = work->data;
    uint32_t *group = retort_arena_room(work->arena, data->n + 1, sizeof *group);
    for (size_t i = 0; i < data->n; i++)
        group[i] = data->group[i] == REPORT_LEFT_OUT ? REPORT_LEFT_OUT : 0;
    return (struct report_grouping){group, 1};
}

static void begin(struct telling *telling, struct shares_basis *basis,
                  const struct report_grouping *grouping)
{
    struct retort_arena *arena = telling->work->arena;
    shares_basis_fill(telling->work, telling->task, grouping, arena, basis);
    telling->basis = basis;
    telling->n_all = (1 + basis->n_replicates) * grouping->n_groups * telling->task->n_labels;
    telling->values = RETORT_NEW(arena, double, basis->n_replicates + 1);
}

static void tell_task(struct report_work *work, struct report_section *section,
                      const struct report_task *task)
{
    const struct report_grouping grouping = {work->data->group, work->data->n_groups},
                                 all = whole(work);
    struct shares_basis by_group, together;
    struct telling telling = {.work = work, .section = section, .task = task}, of_all = telling;
    struct chosen chosen;
    begin(&of_all, &together, &all);
    choose(&of_all, &chosen);
    if (together.cells.total[0] == 0)
        return;
    find(&of_all, &chosen);
    begin(&telling, &by_group, &grouping);
    choose(&telling, &chosen);
    add_shares(&telling, &chosen);
    add_methods(&telling, &chosen);
    add_estimators(&of_all);
}

bool report_prevalence(struct report_work *work, struct report_section *section,
                       struct retort_error *error)
{
    (void)error;
    for (size_t t = 0; t < work->data->n_tasks; t++) {
        struct retort_arena arena = {0};
        struct report_work own = *work;
        own.arena = &arena;
        if (report_task_is_wanted(work, &work->data->tasks[t]))
            tell_task(&own, section, &work->data->tasks[t]);
        retort_arena_release(&arena);
    }
    return true;
}
