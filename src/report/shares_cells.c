/* Cells: comments added up by group and cluster, so that a replicate costs by clusters and not by
 * comments.
 *
 * A cluster is a thread; more than SHARES_CLUSTERS of them are dealt into so many, at random. A
 * group of one thread has nothing that could be drawn anew but its comments: they are its clusters,
 * as if they did not depend on each other. */
#include "report/shares.h"

#include <math.h>

static bool is_labelled(const struct report_task *task, size_t row)
{
    return !isnan(task->p[row * task->n_labels]);
}

/* Rows by group: order[begin[g]] to order[begin[g + 1]]. */
static uint32_t *sort_rows(const struct report_data *data, const struct report_task *task,
                           const struct report_grouping *grouping, size_t *begin,
                           struct retort_arena *arena)
{
    size_t n_groups = grouping->n_groups;
    for (size_t i = 0; i < data->n; i++)
        if (grouping->group[i] != REPORT_LEFT_OUT && is_labelled(task, i))
            begin[grouping->group[i] + 1]++;
    for (size_t g = 0; g < n_groups; g++)
        begin[g + 1] += begin[g];
    uint32_t *order = retort_arena_room(arena, begin[n_groups] + 1, sizeof *order);
    size_t *at = retort_arena_room(arena, n_groups + 1, sizeof *at);
    memcpy(at, begin, n_groups * sizeof *at);
    for (size_t i = 0; i < data->n; i++)
        if (grouping->group[i] != REPORT_LEFT_OUT && is_labelled(task, i))
            order[at[grouping->group[i]]++] = (uint32_t)i;
    return order;
}

/* One group's rows, and where its cells are found. */
struct filling {
    const struct report_data *data;
    const struct report_task *task;
    struct shares_cells *cells;
    const uint32_t *rows;
    size_t n_rows, group;
    const uint32_t *decided; /* [n] what a person decided of a row, + 1; NULL: nothing counts */
    uint32_t *seen;          /* [n_threads] the last group, + 1, in which the thread was */
    uint32_t *cell;          /* [SHARES_CLUSTERS] the group's cell of a cluster, + 1 */
    size_t n_cells;          /* of all groups so far */
};

static uint32_t count_threads(const struct filling *filling)
{
    uint32_t n = 0;
    for (size_t i = 0; i < filling->n_rows; i++) {
        uint32_t *seen = &filling->seen[filling->data->thread[filling->rows[i]]];
        n += *seen != filling->group + 1;
        *seen = (uint32_t)filling->group + 1;
    }
    return n;
}

static uint32_t dealt(uint32_t number, uint32_t of)
{
    return of <= SHARES_CLUSTERS ? number
                                 : (uint32_t)(retort_mix(number + UINT64_C(0x9e3779b97f4a7c15),
                                                         UINT64_C(0xd1342543de82ef95)) %
                                              SHARES_CLUSTERS);
}

uint32_t shares_cluster(uint32_t thread, uint32_t n_threads)
{
    return dealt(thread, n_threads);
}

static double *cell_of(struct filling *filling, size_t i, bool alone)
{
    uint32_t cluster =
        alone ? dealt((uint32_t)i, (uint32_t)filling->n_rows)
              : shares_cluster(filling->data->thread[filling->rows[i]], filling->data->n_threads);
    uint32_t *cell = &filling->cell[cluster];
    if (*cell == 0) {
        filling->cells->cluster[filling->n_cells] = alone ? UINT32_MAX : cluster;
        *cell = (uint32_t)++filling->n_cells;
    }
    filling->cells->cell[filling->rows[i]] = *cell - 1;
    return filling->cells->values + (*cell - 1) * filling->cells->stride;
}

static void add_decided(struct filling *filling, const struct report_decided *decided,
                        const float *p, double *values)
{
    size_t n_labels = filling->task->n_labels;
    values[1 + n_labels] += decided->weight;
    for (size_t l = 0; l < n_labels; l++) {
        values[2 + n_labels + l] += decided->labels >> l & 1 ? decided->weight : 0;
        values[2 + 2 * n_labels + l] += decided->weight * (double)p[l];
    }
    filling->cells->squares[filling->group] += decided->weight * decided->weight;
    filling->cells->n_decided[filling->group] += decided->weight > 0;
    filling->cells->n_drawn[filling->group] += decided->weight > 0 && decided->drawn;
}

static void add_row(struct filling *filling, size_t row, double *values)
{
    const struct report_task *task = filling->task;
    size_t n_labels = task->n_labels;
    const float *p = task->p + row * n_labels;
    double *said = values + RETORT_POWERED_WIDTH(n_labels);
    values[0]++;
    for (size_t l = 0; l < n_labels; l++) {
        values[1 + l] += (double)p[l];
        said[l] += task->said[row] >> l & 1;
    }
    if (filling->decided && filling->decided[row])
        add_decided(filling, &task->decided[filling->decided[row] - 1], p, values);
}

static double kish(double sum, double squares)
{
    return squares > 0 ? sum * sum / squares : 0;
}

/* As many clusters as tell as much of a label: of equal size (Kish 1965), and not a few of them
 * alone making up what the posteriors vary, as those do in which a rare label stands. (Twice the
 * effective number: a third is what normal deviations would leave of it. By simulation.) */
static double clusters_of(const struct shares_cells *cells, size_t group, size_t label)
{
    const double *total = cells->total + group * cells->stride;
    double sizes = 0, squares = 0, fourths = 0;
    for (size_t c = cells->begin[group]; c < cells->begin[group + 1]; c++) {
        const double *values = cells->values + c * cells->stride;
        double off = values[1 + label] - values[0] * total[1 + label] / total[0];
        sizes += values[0] * values[0];
        squares += off * off;
        fourths += off * off * off * off;
    }
    if (!(squares > 0)) /* nobody has it, or all do: it says nothing of the other labels */
        return kish(total[0], sizes);
    return fmin(kish(total[0], sizes), 1 + 2 * kish(squares, fourths));
}

/* One-of: shares are to add up, so all labels are widened as the one that is told least. */
static void find_widening(struct shares_cells *cells, size_t group, bool one_of)
{
    double *widening = cells->widening + group * cells->n_labels, least = INFINITY;
    for (size_t l = 0; l < cells->n_labels; l++) {
        double n = clusters_of(cells, group, l);
        widening[l] = one_of ? 0 : retort_resample_widening(n);
        least = fmin(least, n);
    }
    double most = one_of ? retort_resample_widening(least) : 0;
    for (size_t l = 0; one_of && l < cells->n_labels; l++)
        widening[l] = most;
}

/* The group's total, and what its clusters want. */
static void add_total(struct shares_cells *cells, size_t group, bool one_of)
{
    double of_decided = 0, *total = cells->total + group * cells->stride;
    size_t weight = 1 + cells->n_labels;
    for (size_t c = cells->begin[group]; c < cells->begin[group + 1]; c++) {
        const double *values = cells->values + c * cells->stride;
        for (size_t i = 0; i < cells->stride; i++)
            total[i] += values[i];
        of_decided += values[weight] * values[weight];
    }
    if (total[0] > 0)
        find_widening(cells, group, one_of);
    cells->deciding[group] = retort_resample_widening(kish(total[weight], of_decided));
}

static void fill_group(struct filling *filling)
{
    struct shares_cells *cells = filling->cells;
    size_t group = filling->group;
    cells->n_threads[group] = count_threads(filling);
    bool alone = cells->n_threads[group] == 1;
    memset(filling->cell, 0, SHARES_CLUSTERS * sizeof *filling->cell);
    cells->begin[group] = filling->n_cells;
    for (size_t i = 0; i < filling->n_rows; i++)
        add_row(filling, filling->rows[i], cell_of(filling, i, alone));
    cells->begin[group + 1] = filling->n_cells;
    add_total(cells, group, filling->task->one_of);
}

static void make_room(struct shares_cells *cells, struct retort_arena *arena)
{
    size_t most = 1, n_groups = cells->n_groups + 1;
    for (size_t g = 0; g < cells->n_groups; g++) {
        size_t n = cells->first[g + 1] - cells->first[g];
        most += n < SHARES_CLUSTERS ? n : SHARES_CLUSTERS;
    }
    cells->begin = RETORT_NEW(arena, size_t, n_groups);
    cells->cluster = RETORT_NEW(arena, uint32_t, most);
    cells->values = RETORT_NEW(arena, double, most * cells->stride);
    cells->total = RETORT_NEW(arena, double, n_groups * cells->stride);
    cells->widening = RETORT_NEW(arena, double, n_groups * cells->n_labels);
    cells->deciding = RETORT_NEW(arena, double, n_groups);
    cells->squares = RETORT_NEW(arena, double, n_groups);
    cells->n_threads = RETORT_NEW(arena, uint32_t, n_groups);
    cells->n_decided = RETORT_NEW(arena, uint32_t, n_groups);
    cells->n_drawn = RETORT_NEW(arena, uint32_t, n_groups);
}

/* Decisions count where enough were drawn at random that their weights stand for all. */
static const uint32_t *index_decided(const struct report_data *data, const struct report_task *task,
                                     struct retort_arena *arena)
{
    if (!task->weighed)
        return NULL;
    uint32_t *index = RETORT_NEW(arena, uint32_t, data->n);
    for (size_t i = 0; i < task->n_decided; i++)
        index[task->decided[i].row] = task->decided[i].weight > 0 ? (uint32_t)i + 1 : 0;
    return index;
}

void shares_cells_gather(const struct report_data *data, const struct report_task *task,
                         const struct report_grouping *grouping, struct retort_arena *arena,
                         struct shares_cells *cells)
{
    struct retort_arena passing = {0};
    size_t n_clusters = data->n_threads < SHARES_CLUSTERS ? data->n_threads : SHARES_CLUSTERS;
    *cells = (struct shares_cells){.n_groups = grouping->n_groups,
                                   .n_labels = task->n_labels,
                                   .n_clusters = n_clusters,
                                   .first = RETORT_NEW(arena, size_t, grouping->n_groups + 1),
                                   .cell = retort_arena_room(arena, data->n + 1, sizeof(uint32_t)),
                                   .stride = RETORT_POWERED_WIDTH(task->n_labels) + task->n_labels};
    cells->order = sort_rows(data, task, grouping, cells->first, arena);
    make_room(cells, arena);
    struct filling filling = {.data = data,
                              .task = task,
                              .cells = cells,
                              .decided = index_decided(data, task, &passing),
                              .seen = RETORT_NEW(&passing, uint32_t, data->n_threads + 1),
                              .cell = RETORT_NEW(&passing, uint32_t, SHARES_CLUSTERS)};
    for (size_t g = 0; g < grouping->n_groups; g++) {
        filling.group = g;
        filling.rows = cells->order + cells->first[g];
        filling.n_rows = cells->first[g + 1] - cells->first[g];
        fill_group(&filling);
    }
    retort_arena_release(&passing);
}

/* ---- a replicate ---- */

void shares_clusters_weigh(size_t n_clusters, uint64_t seed, size_t replicate, double *weights)
{
    uint64_t random = retort_mix(seed ^ UINT64_C(0xda942042e4dd58b5), replicate + 1);
    for (size_t c = 0; c < n_clusters; c++)
        weights[c] = replicate ? retort_resample_weight(&random) : 1;
}

void shares_cells_weigh(const struct shares_cells *cells, uint64_t seed, size_t replicate,
                        double *weights)
{
    double drawn[SHARES_CLUSTERS];
    uint64_t random = retort_mix(seed ^ UINT64_C(0x2545f4914f6cdd1d), replicate + 1);
    shares_clusters_weigh(cells->n_clusters, seed, replicate, drawn);
    for (size_t c = 0; c < cells->begin[cells->n_groups]; c++)
        weights[c] = cells->cluster[c] != UINT32_MAX ? drawn[cells->cluster[c]]
                     : replicate                     ? retort_resample_weight(&random)
                                                     : 1;
}

void shares_cells_sum(const struct shares_cells *cells, const double *weights, double *sums)
{
    for (size_t g = 0; g < cells->n_groups; g++) {
        double *sum = sums + g * cells->stride;
        memset(sum, 0, cells->stride * sizeof *sum);
        for (size_t c = cells->begin[g]; c < cells->begin[g + 1]; c++)
            for (size_t i = 0; i < cells->stride; i++)
                sum[i] += weights[c] * cells->values[c * cells->stride + i];
    }
}
