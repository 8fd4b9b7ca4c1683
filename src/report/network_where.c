/* Where in the network replies disagree: within communities or across, between people who answer
 * each other or not. Which of these a reply is, is known; only whether it disagrees is corrected.
 */
#include "report/network.h"
#include "report/say.h"

#include <math.h>

/* Two kinds of replies that are set against each other. */
static const struct split {
    const char *names[2];
    const char *finding;
} SPLITS[] = {
    {{"within communities", "across communities"},
     "Replies across communities disagree otherwise than those within by"},
    {{"to people who answer back", "to people who do not"},
     "Replies to people who never answer back disagree otherwise than those to people who do by"},
};
enum { N_SPLITS = sizeof SPLITS / sizeof *SPLITS };

/* Which of the two a reply between these authors is. */
static uint32_t side(const struct network *network, size_t split, uint32_t from, uint32_t to)
{
    if (split == 0)
        return network->community[from] != network->community[to];
    return retort_graph_edge(&network->directed, to, from) == SIZE_MAX;
}

static void group(const struct network *network, size_t split, uint32_t *groups)
{
    const struct report_ties *ties = &network->ties;
    memset(groups, 0xff, network->work->data->n * sizeof *groups);
    for (size_t i = 0; i < ties->n; i++)
        groups[ties->row[i]] =
            side(network, split, ties->author[ties->from[i]], ties->author[ties->to[i]]);
}

struct compared {
    size_t n_labels, label;
};

/* Of the second against the first. */
static double apart(const void *context, const double *shares)
{
    const struct compared *compared = context;
    return shares[compared->n_labels + compared->label] - shares[compared->label];
}

static const struct report_column COLUMNS[] = {
    {"replies_are", "Replies", 0}, {"disagree", "Disagree", 0}, {"said", "Disagree said", 0},
    {"replies", "How many", 0},    {"threads", "Threads", 0},
};
enum { KIND, DISAGREE, SAID, REPLIES, THREADS, N_COLUMNS };

/* Corrected shares of the two. */
struct sides {
    size_t split;
    struct report_grouping grouping;
    struct report_shares shares;
};

static void put_split(const struct network *network, struct report_section *section,
                      struct report_table *table, const struct sides *sides)
{
    struct report_work *work = network->work;
    const struct report_shares *shares = &sides->shares;
    const struct split *split = &SPLITS[sides->split];
    const struct report_task *task = report_task_named(work->data, "reply");
    struct compared compared = {shares->n_labels, report_label_named(task, "disagree")};
    char said[REPORT_SAID];
    for (uint32_t i = 0; i < 2; i++) {
        struct report_cell *row = report_add_row(work->report, table);
        row[KIND] = report_words(split->names[i]);
        row[DISAGREE] = report_share_cell(shares, i, compared.label);
        row[SAID] = report_share(
            report_bare(report_said(task, &sides->grouping, work->data, i, compared.label)));
        row[REPLIES] = report_count((uint64_t)shares->count[i]);
        row[THREADS] = report_count(shares->n_threads[i]);
    }
    const struct report_figure figure = {apart, &compared, -1, 1};
    struct retort_estimate difference = report_figure_of_shares(shares, &figure);
    if (report_is_off(difference, 0) && report_basis_of(shares, compared.label) != REPORT_MIXED)
        report_add_finding(work->report, section, "%s %s%s.", split->finding,
                           report_say_points(difference, said),
                           report_say_raw(shares, compared.label));
}

bool network_disagreement(const struct network *network, struct report_section *section,
                          struct retort_error *error)
{
    struct report_work *work = network->work;
    const struct report_task *task = report_task_named(work->data, "reply");
    struct retort_arena arena = {0};
    bool good = true;
    if (!task || !report_wants(work, task) || report_label_named(task, "disagree") == SIZE_MAX)
        return true;
    struct report_table *table =
        report_add_table(work->report, section, "disagreement-where",
                         "Where in the network replies disagree", COLUMNS, N_COLUMNS);
    table->plot = REPORT_DOTS;
    table->plot_label = KIND;
    table->plot_value = DISAGREE;
    uint32_t *groups = RETORT_NEW(&arena, uint32_t, work->data->n);
    for (size_t split = 0; good && split < N_SPLITS; split++) {
        struct sides sides = {.split = split, .grouping = {groups, 2}};
        group(network, split, groups);
        good = report_shares(work, task, &sides.grouping, &arena, &sides.shares, error);
        if (good && split == 0)
            report_note_raw(work, table, task, &sides.shares);
        if (good)
            put_split(network, section, table, &sides);
    }
    retort_arena_release(&arena);
    return good;
}
