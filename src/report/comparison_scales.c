/* Differences on a scale: where two sides stand, and how far apart the people of each.
 *
 * Of corrected shares, replicate by replicate. Agreement A is not held against another's: it bends
 * where categories are as large, and the difference of two figures with bends has no interval that
 * we know to hold. Esteban and Ray's polarisation has none. */
#include "report/scales.h"
#include "report/sides.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct report_column COLUMNS[] = {
    {"group", "Group", 0},
    {"mean", "Mean", 2},
    {"mean_others", "Others", 2},
    {"mean_difference", "Difference", 2},
    {"esteban_ray", "Esteban–Ray", 2},
    {"esteban_ray_others", "Others", 2},
    {"esteban_ray_difference", "Difference", 2},
};
enum { N_COLUMNS = sizeof COLUMNS / sizeof *COLUMNS };

typedef double figure(const struct retort_distribution *of);

struct pair {
    const struct report_others *others;
    const struct report_scale *scale;
    size_t group;
};

/* Of the group on the scale, or of the others. */
static double value_at(const struct pair *pair, figure *of, size_t replicate, bool others)
{
    double all[RETORT_MOST_CATEGORIES], on_scale[RETORT_MOST_CATEGORIES];
    const struct report_shares *shares = pair->others->shares;
    const struct retort_distribution distribution = {on_scale, pair->scale->n, 0};
    for (size_t l = 0; l < shares->n_labels; l++)
        all[l] = others ? report_other_share(pair->others, replicate, pair->group, l)
                        : report_side_share(shares, replicate, pair->group, l);
    if (!report_scale_shares(pair->scale, all, on_scale))
        return (double)NAN;
    retort_shares_project(on_scale, pair->scale->n);
    return of(&distribution);
}

/* Here, among the others, and the difference with its interval: three cells. */
static void add_figure(const struct pair *pair, figure *of, struct report_cell *cells)
{
    size_t n = pair->others->shares->n_replicates;
    double *values = retort_grow(NULL, n + 1, sizeof *values);
    double own = value_at(pair, of, 0, false), other = value_at(pair, of, 0, true);
    for (size_t r = 0; r < n; r++)
        values[r] = value_at(pair, of, r + 1, false) - value_at(pair, of, r + 1, true);
    cells[0] = report_number(report_bare(own));
    cells[1] = report_number(report_bare(other));
    cells[2] = report_number(report_interval_told(own - other, values, n));
    free(values);
}

static void add_pair(struct report_work *work, struct report_table *table, const struct pair *pair,
                     struct retort_span name)
{
    struct report_cell cells[N_COLUMNS] = {report_text(name)};
    add_figure(pair, retort_scale_mean, cells + 1);
    add_figure(pair, retort_esteban_ray, cells + 4);
    struct report_cell *row = report_add_row(work->report, table);
    memcpy(row, cells + (N_COLUMNS - table->n_columns), table->n_columns * sizeof *row);
}

void report_scale_differences(struct report_work *work, struct report_section *section,
                              const struct report_scaled *scaled)
{
    struct report_scale scale;
    char title[200];
    if (!report_scale_of(work->request, scaled->task, &scale) || !scale.ordered)
        return;
    bool one_pair = scaled->sides->n_pairs == 1;
    struct retort_span text = report_scale_text(scaled->task, &scale, work->arena);
    snprintf(title, sizeof title, "Differences in where people stand: %.100s",
             scaled->task->model->task);
    struct report_table *table = report_add_table(
        work->report, section, report_task_id(work, "comparison-scale", scaled->task), title,
        COLUMNS + one_pair, N_COLUMNS - one_pair);
    for (size_t g = 0; g < scaled->sides->n_pairs; g++)
        if (!report_side_untold(scaled->others->shares, g))
            add_pair(work, table, &(struct pair){scaled->others, &scale, g},
                     scaled->sides->names[g]);
    report_add_note(work->report, table,
                    "Mean: on a scale from −1 to 1 (%.*s). Esteban–Ray: 0 to 1, 1 half at either "
                    "end.",
                    (int)text.len, (const char *)text.data);
}
