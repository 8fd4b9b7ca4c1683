/* threads: what changes with depth and place, and what a label is answered by. Here: the share of
 * replies that disagree, by how many answers stand above them. */
#include "report/pairs.h"
#include "report/say.h"

#include <math.h>

bool report_threads(struct report_work *work, struct report_section *section,
                    struct retort_error *error)
{
    return report_threads_depth(work, section, error) &&
           report_threads_along(work, section, error) &&
           report_threads_answers(work, section, error);
}

/* Depths that are one row: from this one up to the next band's. */
static const struct band {
    uint16_t from;
    const char *name;
} BANDS[] = {{1, "1"}, {2, "2"}, {3, "3"}, {4, "4"}, {5, "5"}, {6, "6 to 8"}, {9, "9 and more"}};
enum { N_BANDS = sizeof BANDS / sizeof *BANDS };

/* What the figures of a depth are made of. */
struct depths {
    const struct report_task *task;
    struct report_grouping grouping;
    struct report_shares shares;
    size_t disagree, agree;
    double mean[N_BANDS], n[N_BANDS]; /* of the replies of a band: depth, how many */
};

static uint32_t band_of(uint16_t depth)
{
    uint32_t band = 0;
    while (band + 1 < N_BANDS && depth >= BANDS[band + 1].from)
        band++;
    return band;
}

/* Replies in bands; how many bands have some. */
static size_t group_by_depth(const struct report_data *data, struct depths *depths,
                             uint32_t *groups)
{
    size_t n_bands = 0;
    for (size_t row = 0; row < data->n; row++) {
        bool is_reply = report_is_reply(data, row);
        groups[row] = is_reply ? band_of(data->depth[row]) : REPORT_LEFT_OUT;
        if (!is_reply || !report_is_labelled(depths->task, row))
            continue;
        depths->n[groups[row]]++;
        depths->mean[groups[row]] += data->depth[row];
    }
    for (size_t band = 0; band < N_BANDS; band++) {
        depths->mean[band] /= fmax(depths->n[band], 1);
        n_bands += depths->n[band] > 0;
    }
    depths->grouping = (struct report_grouping){groups, N_BANDS};
    return n_bands;
}

/* Points of share a level. */
static double depth_slope(const void *context, const double *shares)
{
    const struct depths *depths = context;
    double x[N_BANDS], y[N_BANDS], weight[N_BANDS];
    size_t n = 0;
    for (size_t band = 0; band < N_BANDS; band++) {
        double share = shares[band * depths->shares.n_labels + depths->disagree];
        if (depths->n[band] == 0 || isnan(share))
            continue;
        x[n] = depths->mean[band];
        y[n] = share;
        weight[n++] = depths->n[band];
    }
    return n ? retort_slope(x, y, weight, n) : NAN;
}

static const struct report_column COLUMNS[] = {
    {"depth", "Depth", 0},        {"disagree", "Disagree", 0}, {"agree", "Agree", 0},
    {"said", "Disagree said", 0}, {"replies", "Replies", 0},   {"threads", "Threads", 0},
};
enum { DEPTH, DISAGREE, AGREE, DEPTH_SAID, REPLIES, THREADS, N_COLUMNS };

static void put_rows(struct report_work *work, const struct depths *depths,
                     struct report_table *table)
{
    const struct report_shares *shares = &depths->shares;
    for (uint32_t band = 0; band < N_BANDS; band++) {
        if (depths->n[band] == 0)
            continue;
        struct report_cell *row = report_add_row(work->report, table);
        row[DEPTH] = report_words(BANDS[band].name);
        row[DISAGREE] = report_share_cell(shares, band, depths->disagree);
        if (depths->agree != SIZE_MAX)
            row[AGREE] = report_share_cell(shares, band, depths->agree);
        row[DEPTH_SAID] = report_share(report_bare(
            report_said(depths->task, &depths->grouping, work->data, band, depths->disagree)));
        row[REPLIES] = report_count((uint64_t)depths->n[band]);
        row[THREADS] = report_count(shares->n_threads[band]);
    }
}

static void tell(struct report_work *work, struct report_section *section,
                 const struct depths *depths, size_t n_bands, struct report_table *table)
{
    char said[REPORT_SAID];
    const struct report_figure slope = {depth_slope, depths, -1, 1};
    struct retort_estimate change = report_figure_of_shares(&depths->shares, &slope);
    if (n_bands < 2)
        report_add_note(work->report, table,
                        "All replies are at one depth, so nothing can be said of what depth does.");
    else if (report_basis_of(&depths->shares, depths->disagree) == REPORT_MIXED)
        report_add_finding(work->report, section,
                           "Whether disagreement grows or falls with depth can't be told here: the "
                           "model's errors can be corrected at some depths only.");
    else if (report_is_off(change, 0))
        report_add_finding(work->report, section,
                           "The share of replies that disagree changes by %s with each level of "
                           "depth%s.",
                           report_say_points(change, said),
                           report_say_raw(&depths->shares, depths->disagree));
    else if (!isnan(change.low))
        report_add_finding(work->report, section,
                           "Whether disagreement grows or falls with depth can't be told here: %s "
                           "a level%s.",
                           report_say_points(change, said),
                           report_say_raw(&depths->shares, depths->disagree));
    if (!isnan(change.low))
        report_add_method(work->report, NULL,
                          "Trends over depth and over a thread's tenths are lines of least squares "
                          "through the corrected shares, weighted by how many comments each stands "
                          "for; their intervals are those of the lines through each replicate.");
}

static bool fill_depths(struct report_work *work, struct report_section *section,
                        struct depths *depths, struct retort_arena *arena,
                        struct retort_error *error)
{
    uint32_t *groups = RETORT_NEW(arena, uint32_t, work->data->n);
    size_t n_bands = group_by_depth(work->data, depths, groups);
    if (n_bands == 0) {
        report_add_finding(work->report, section,
                           "No stored comment answers another, as far as is known, so there are no "
                           "replies to count by depth.");
        return true;
    }
    if (!report_shares(work, depths->task, &depths->grouping, arena, &depths->shares, error))
        return false;
    struct report_table *table =
        report_add_table(work->report, section, "replies-by-depth",
                         "Replies that disagree, by depth", COLUMNS, N_COLUMNS);
    table->plot = REPORT_LINES;
    table->plot_label = DEPTH;
    table->plot_value = DISAGREE;
    put_rows(work, depths, table);
    report_add_note(work->report, table,
                    "Depth 1 answers a comment that answers none. Comments on the article itself "
                    "are no replies. Said: as the model says it, not corrected.");
    report_note_raw(work, table, depths->task, &depths->shares);
    char cycles[REPORT_SAID];
    if (work->data->n_cycles)
        report_add_note(work->report, table,
                        "Parents of %s comments ran in a circle; there the circle was cut.",
                        report_say_count(work->data->n_cycles, cycles));
    tell(work, section, depths, n_bands, table);
    return true;
}

bool report_threads_depth(struct report_work *work, struct report_section *section,
                          struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct depths depths = {.task = report_task_named(work->data, "reply")};
    if (depths.task && !report_wants(work, depths.task))
        return true;
    depths.disagree = depths.task ? report_label_named(depths.task, "disagree") : SIZE_MAX;
    bool filled = true;
    if (depths.disagree != SIZE_MAX) {
        depths.agree = report_label_named(depths.task, "agree");
        filled = fill_depths(work, section, &depths, &arena, error);
    } else if (!work->request->task) {
        report_add_finding(work->report, section,
                           "No model here has labelled replies as agreeing or disagreeing, so "
                           "disagreement can't be counted; label or relabel with a model of the "
                           "task reply.");
    }
    retort_arena_release(&arena);
    return filled;
}
