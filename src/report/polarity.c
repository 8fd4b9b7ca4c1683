/* polarity: how far apart people stand, over corrected shares.
 *
 * A figure of a group is the figure of its corrected shares, and its interval that of the same
 * figure over the replicates, so that it carries the model's errors. Tasks whose labels have an
 * order have a scale; of the others only how even and how divided they are is told. */
#include "report/say.h"
#include "report/scales.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- figures ---- */

struct figure {
    double (*of)(const struct retort_distribution *distribution);
    double least;    /* so many comments must be labelled */
    const char *why; /* where that gives no figure */
    bool bends;
};

static const char ALONE[] = "one comment has nobody to differ from";
static const char ONE_CATEGORY[] = "all in one category, or fewer than four comments";
static const char TWO_CATEGORIES[] = "needs three categories";

static const struct figure SCALE_FIGURES[] = {
    {retort_scale_mean, 1, "", false},
    {retort_agreement_a, 2, TWO_CATEGORIES, true},
    {retort_esteban_ray, 2, "", false},
};
static const struct figure SPREAD_FIGURES[] = {
    {retort_scale_variance, 2, "", false},
    {retort_bimodality, 4, ONE_CATEGORY, false},
    {retort_evenness, 2, "", false},
};
static const struct figure PLAIN_FIGURES[] = {
    {retort_camps, 2, "", false},
    {retort_entropy, 2, "", false},
    {retort_evenness, 2, "", false},
};
enum { N_FIGURES = 3, MEAN = 1, AGREEMENT = 2 }; /* MEAN, AGREEMENT: columns of a scale's table */

static const struct report_column SCALE_COLUMNS[] = {
    {"group", "Group", 0},
    {"mean", "Mean", 2},
    {"agreement", "Agreement A", 2},
    {"esteban_ray", "Esteban–Ray", 2},
};
static const struct report_column SPREAD_COLUMNS[] = {
    {"group", "Group", 0},
    {"variance", "Variance", 2},
    {"bimodality", "Bimodality", 2},
    {"evenness", "Entropy", 2},
};
static const struct report_column PLAIN_COLUMNS[] = {
    {"group", "Group", 0},
    {"camps", "Polarisation", 2},
    {"entropy", "Entropy, bits", 2},
    {"evenness", "of its most", 2},
};
static const struct report_column LABEL_COLUMNS[] = {
    {"group", "Group", 0},
    {"label", "Label", 0},
    {"camps", "Polarisation", 2},
    {"entropy", "Entropy, bits", 2},
};

/* A table of groups for a task with one label a comment. */
static const struct layout {
    const char *id, *title;
    const struct report_column *columns;
    const struct figure *figures;
    size_t plot; /* the column that is drawn */
    const char *note;
} SCALE = {"polarity",
           "Polarity of",
           SCALE_COLUMNS,
           SCALE_FIGURES,
           AGREEMENT,
           "Mean: on a scale from −1 to 1. Agreement A: 1 all in one category, 0 spread evenly, −1 "
           "half at either end. Esteban–Ray: 0 to 1, 1 half at either end."},
  SPREAD = {"spread",
            "Spread of",
            SPREAD_COLUMNS,
            SPREAD_FIGURES,
            1,
            "Variance: on a scale from −1 to 1, 1 half at either end. Bimodality: 0.56 spread "
            "evenly, 1 two points; a long tail to one side raises it, too. Entropy: as a share of "
            "its most, 1 "
            "spread evenly."},
  PLAIN = {"polarity",
           "Polarity of",
           PLAIN_COLUMNS,
           PLAIN_FIGURES,
           1,
           "Polarisation: 0 to 1, 1 two labels of the same size and no other. The labels have no "
           "order; --scale gives them one."};

/* ---- a group's distribution, and its figures ---- */

/* What a figure is taken of: the shares of a group on a scale, or of a label of an any-of task and
 * of its absence. */
struct source {
    const struct report_shares *shares;
    const struct report_scale *scale; /* NULL: of one label */
    size_t group, label;
};

static size_t n_categories(const struct source *source)
{
    return source->scale ? source->scale->n : 2;
}

/* false: NaN, there are none. */
static bool shares_at(const struct source *source, size_t replicate, double *shares)
{
    const struct report_shares *all = source->shares;
    const double *group = all->share + (replicate * all->n_groups + source->group) * all->n_labels;
    bool known = !isnan(group[source->label]);
    shares[1] = group[source->label];
    shares[0] = 1 - shares[1];
    if (source->scale)
        known = report_scale_shares(source->scale, group, shares);
    if (!known)
        shares[0] = (double)NAN;
    return known;
}

static double value_at(const struct source *source, const struct figure *figure, size_t replicate)
{
    double shares[RETORT_MOST_CATEGORIES];
    struct retort_distribution distribution = {shares, n_categories(source),
                                               source->shares->count[source->group]};
    if (!shares_at(source, replicate, shares))
        return (double)NAN;
    retort_shares_project(shares, distribution.n);
    return figure->of(&distribution);
}

static struct retort_estimate bending(const struct source *source, const struct figure *figure)
{
    size_t n = source->shares->n_replicates, k = n_categories(source);
    double *replicates = retort_grow(NULL, n * k + 1, sizeof *replicates);
    for (size_t r = 0; r < n; r++)
        shares_at(source, r + 1, replicates + r * k);
    const struct retort_bending of = {figure->of, replicates, n, k,
                                      source->shares->count[source->group]};
    struct retort_estimate found = retort_bending_interval(&of, value_at(source, figure, 0));
    free(replicates);
    return report_interval_whole(found);
}

static struct retort_estimate estimate(const struct source *source, const struct figure *figure)
{
    size_t n = source->shares->n_replicates;
    if (figure->bends)
        return bending(source, figure);
    double *values = retort_grow(NULL, n + 1, sizeof *values);
    for (size_t r = 0; r < n; r++)
        values[r] = value_at(source, figure, r + 1);
    struct retort_estimate found = report_interval_told(value_at(source, figure, 0), values, n);
    free(values);
    return found;
}

static struct report_cell cell_of(const struct source *source, const struct figure *figure)
{
    double count = source->shares->count[source->group];
    if (!(count > 0))
        return report_nothing("no comment here is labelled");
    if (count < figure->least)
        return report_nothing(count < 2 ? ALONE : figure->why);
    struct retort_estimate found = estimate(source, figure);
    return isnan(found.value) ? report_nothing(figure->why) : report_number(found);
}

/* ---- notes ---- */

/* Groups whose shares are as the model said them: why, once. */
static void note_uncorrected(struct report_work *work, struct report_table *table,
                             const struct report_shares *shares)
{
    for (size_t g = 0; g < shares->n_groups; g++)
        if (shares->correction[g] == REPORT_RAW && shares->count[g] > 0) {
            report_add_note(work->report, table,
                            "Not corrected for what the model errs, and intervals hold "
                            "nothing of it: %s.",
                            shares->why[g]);
            return;
        }
}

/* Does a figure of the table have no interval? */
static bool is_bare(const struct report_table *table)
{
    for (size_t i = 0; i < table->n_rows * table->n_columns; i++)
        if (table->cells[i].kind == REPORT_NUMBER && isnan(table->cells[i].low))
            return true;
    return false;
}

static void note_bare(struct report_work *work, struct report_table *table)
{
    if (is_bare(table))
        report_add_note(work->report, table,
                        "No interval: the group has one thread, or all its comments say the same, "
                        "and what others would say cannot be told from that.");
}

static struct report_cell group_name(struct report_work *work, size_t group)
{
    return report_text(retort_arena_copy(&work->report->arena, work->data->groups[group]));
}

static struct report_cell label_name(struct report_work *work, const struct report_task *task,
                                     size_t label)
{
    return report_text(
        retort_arena_copy(&work->report->arena, retort_span_of(task->model->labels[label])));
}

/* ---- tasks with one label a comment ---- */

static void add_one_of_methods(struct report_work *work, const struct report_task *task,
                               const struct report_scale *scale)
{
    struct retort_report *report = work->report;
    struct retort_span text = report_scale_text(task, scale, work->arena);
    report_add_method(report, "duchi2008",
                      "Figures of a distribution are taken of each replicate's shares, brought to "
                      "the nearest distribution where a correction has put them outside it.");
    if (!scale->ordered) {
        report_add_method(
            report, "montalvo2005,shannon1948",
            "Polarisation of %s is 4 times the sum of squared shares times their "
            "complements (Esteban and Ray's with alpha 1 and equal distances), beside "
            "it stands Shannon's entropy.",
            task->model->task);
        return;
    }
    report_add_method(report, NULL, "The labels of %s were taken as a scale of equal steps, %.*s.",
                      task->model->task, (int)text.len, (const char *)text.data);
    report_add_method(
        report, "vandereijk2001,esteban1994,pfister2013,shannon1948",
        "Polarity of a scale is told by van der Eijk's agreement A, by Esteban and "
        "Ray's polarisation with alpha %g as a share of what it is for half at either "
        "end, by the bimodality coefficient with skewness and kurtosis corrected for "
        "finite samples, by Shannon's entropy as a share of its most, and by the "
        "variance.",
        RETORT_ESTEBAN_RAY_ALPHA);
    report_add_method(report, NULL,
                      "The interval of A is its range over the shares within 1.96 standard errors, "
                      "for A bends where categories are as large and percentiles would miss that.");
}

/* ---- what it comes to ---- */

static const struct report_cell *agreement_of(const struct report_table *table, size_t row)
{
    return &table->cells[row * table->n_columns + AGREEMENT];
}

static const char *say(const struct report_cell *cell, char said[REPORT_SAID])
{
    return report_say_number((struct retort_estimate){cell->value, cell->low, cell->high}, said);
}

static const char *verdict(double agreement)
{
    return agreement < -0.1  ? "nearer to two camps than to an even spread"
           : agreement > 0.5 ? "nearer to one opinion than to an even spread"
           : agreement > 0.1 ? "somewhat more of one opinion than an even spread"
                             : "about as far apart as an even spread";
}

static void find_one(struct report_work *work, struct report_section *section, const char *name,
                     struct retort_span scale, const struct report_table *table)
{
    char agreement[REPORT_SAID], mean[REPORT_SAID];
    if (agreement_of(table, 0)->kind != REPORT_NUMBER)
        return;
    report_add_finding(work->report, section,
                       "%s: agreement A is %s, %s; the mean is %s on a scale from −1 to 1 (%.*s).",
                       name, say(agreement_of(table, 0), agreement),
                       verdict(agreement_of(table, 0)->value), say(&table->cells[MEAN], mean),
                       (int)scale.len, (const char *)scale.data);
}

/* Of several groups, the one that is most divided and the one that is least, of those that have an
 * interval. */
static void find_extremes(struct report_work *work, struct report_section *section,
                          const char *name, const struct report_table *table)
{
    size_t least = SIZE_MAX, most = SIZE_MAX;
    char low[REPORT_SAID], high[REPORT_SAID];
    for (size_t row = 0; row < table->n_rows; row++) {
        const struct report_cell *cell = agreement_of(table, row);
        if (cell->kind != REPORT_NUMBER || isnan(cell->low))
            continue;
        least = least == SIZE_MAX || cell->value < agreement_of(table, least)->value ? row : least;
        most = most == SIZE_MAX || cell->value > agreement_of(table, most)->value ? row : most;
    }
    if (least == most)
        return;
    say(agreement_of(table, least), low);
    say(agreement_of(table, most), high);
    if (agreement_of(table, least)->high >= agreement_of(table, most)->low) {
        report_add_finding(
            work->report, section,
            "%s: agreement A goes from %s to %s, too near to each other to say which "
            "group is more divided.",
            name, low, high);
        return;
    }
    struct retort_span divided =
        report_say_group(work, table->cells[least * table->n_columns].text);
    struct retort_span united = report_say_group(work, table->cells[most * table->n_columns].text);
    report_add_finding(work->report, section,
                       "%s: most divided is %.*s, with an agreement A of %s; least %.*s, with %s.",
                       name, (int)divided.len, (const char *)divided.data, low, (int)united.len,
                       (const char *)united.data, high);
}

/* ---- tables ---- */

static struct report_table *fill_layout(struct report_work *work, struct report_section *section,
                                        const struct report_task *task, const struct layout *layout,
                                        const struct source *of)
{
    char title[200];
    struct source source = *of;
    snprintf(title, sizeof title, "%s %.100s%s", layout->title, task->model->task,
             report_as_said(of->shares));
    struct report_table *table =
        report_add_table(work->report, section, report_task_id(work, layout->id, task), title,
                         layout->columns, 1 + N_FIGURES);
    table->plot = REPORT_DOTS;
    table->plot_value = layout->plot;
    for (source.group = 0; source.group < of->shares->n_groups; source.group++) {
        struct report_cell *row = report_add_row(work->report, table);
        row[0] = group_name(work, source.group);
        for (size_t i = 0; i < N_FIGURES; i++)
            row[1 + i] = cell_of(&source, &layout->figures[i]);
    }
    report_add_note(work->report, table, "%s", layout->note);
    if (of->scale->n_outside > 0)
        report_add_note(work->report, table, "Labels that are not on the scale are left out.");
    note_bare(work, table);
    return table;
}

static void fill_one_of(struct report_work *work, struct report_section *section,
                        const struct report_task *task, const struct source *of)
{
    add_one_of_methods(work, task, of->scale);
    if (!of->scale->ordered) {
        note_uncorrected(work, fill_layout(work, section, task, &PLAIN, of), of->shares);
        return;
    }
    struct report_table *table = fill_layout(work, section, task, &SCALE, of);
    char name[160];
    snprintf(name, sizeof name, "%.100s%s", task->model->task, report_as_said(of->shares));
    note_uncorrected(work, table, of->shares);
    if (table->n_rows == 1)
        find_one(work, section, name, report_scale_text(task, of->scale, work->arena), table);
    else
        find_extremes(work, section, name, table);
    fill_layout(work, section, task, &SPREAD, of);
}

/* Of a label that is on or off there are no ends: it divides most where half have it. */
static void fill_any_of(struct report_work *work, struct report_section *section,
                        const struct report_task *task, const struct report_shares *shares)
{
    char title[200];
    snprintf(title, sizeof title, "How the labels of %.100s divide comments%s", task->model->task,
             report_as_said(shares));
    struct report_table *table =
        report_add_table(work->report, section, report_task_id(work, "polarity", task), title,
                         LABEL_COLUMNS, sizeof LABEL_COLUMNS / sizeof *LABEL_COLUMNS);
    table->plot = REPORT_DOTS;
    table->plot_series = 1;
    table->plot_value = 2;
    for (size_t g = 0; g < shares->n_groups; g++)
        for (size_t l = 0; l < shares->n_labels; l++) {
            struct source source = {.shares = shares, .group = g, .label = l};
            struct report_cell *row = report_add_row(work->report, table);
            row[0] = group_name(work, g);
            row[1] = label_name(work, task, l);
            row[2] = cell_of(&source, &PLAIN_FIGURES[0]);
            row[3] = cell_of(&source, &PLAIN_FIGURES[1]);
        }
    report_add_note(
        work->report, table,
        "Polarisation: 4 p (1 − p) of the share p that has the label: 0 all or none, 1 "
        "half of them. A label that is on or off has no scale, so there is no agreement "
        "A and no bimodality.");
    note_uncorrected(work, table, shares);
    note_bare(work, table);
    report_add_method(work->report, "montalvo2005,shannon1948",
                      "Labels that are on or off divide comments by 4 p (1 − p), beside it stands "
                      "Shannon's entropy.");
}

static bool fill_task(struct report_work *work, struct report_section *section,
                      const struct report_task *task, struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct report_scale scale;
    struct report_shares shares;
    struct report_grouping grouping = {work->data->group, work->data->n_groups};
    bool one_of = report_scale_of(work->request, task, &scale);
    bool made = report_shares(work, task, &grouping, &arena, &shares, error);
    if (made && one_of)
        fill_one_of(work, section, task, &(struct source){.shares = &shares, .scale = &scale});
    else if (made && !task->one_of)
        fill_any_of(work, section, task, &shares);
    retort_arena_release(&arena);
    return made;
}

bool report_polarity(struct report_work *work, struct report_section *section,
                     struct retort_error *error)
{
    if (!report_scale_check(work, error))
        return false;
    for (size_t i = 0; i < work->data->n_tasks; i++) {
        const struct report_task *task = &work->data->tasks[i];
        if (report_task_is_wanted(work, task) && task->n_labelled > 0 &&
            !fill_task(work, section, task, error))
            return false;
    }
    return true;
}
