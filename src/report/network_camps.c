/* Which camp answers which: the shares of all pairs of labels that stand at the two ends of a
 * reply, beside those of people who do not look whom they answer. */
#include "report/network.h"

#include <math.h>

void network_camp_pairs(const struct network *network, size_t camp, struct report_pairs *pairs)
{
    struct retort_arena scratch = {0};
    const struct report_camps *camps = &network->camps[camp];
    struct retort_pairs counted =
        report_camps_count(network->work->data, &network->ties, camps, &scratch);
    pairs->seed = network->work->report->seed;
    report_pairs_correct(&camps->ends, &counted, &network->rates[camp], network->arena, pairs);
    retort_arena_release(&scratch);
}

/* A pair of labels: row and column of the cells. */
struct corner {
    size_t n_labels, answered, answers;
};

static double share(const void *context, const double *shares)
{
    const struct corner *corner = context;
    return shares[corner->answered * corner->n_labels + corner->answers];
}

static double blind(const void *context, const double *shares)
{
    const struct corner *corner = context;
    double answered = 0, answers = 0;
    for (size_t i = 0; i < corner->n_labels; i++) {
        answered += shares[corner->answered * corner->n_labels + i];
        answers += shares[i * corner->n_labels + corner->answers];
    }
    return answered * answers;
}

static double off_blind(const void *context, const double *shares)
{
    return share(context, shares) - blind(context, shares);
}

static const struct report_column COLUMNS[] = {
    {"answers", "Who answers", 0}, {"answered", "Whom", 0},
    {"share", "Of replies", 0},    {"difference", "More than blindly, points", 0},
    {"blindly", "Blindly", 0},     {"said", "As said", 0},
};
enum { ANSWERS, ANSWERED, SHARE, DIFFERENCE, BLINDLY, SAID, N_COLUMNS };

static void put_corner(struct retort_report *report, struct report_table *table,
                       const struct report_task *task, const struct report_pairs *pairs,
                       const struct corner *corner)
{
    const struct report_figure part = {share, corner, 0, 1}, expected = {blind, corner, 0, 1},
                               apart = {off_blind, corner, -1, 1};
    struct report_cell *row = report_add_row(report, table);
    row[ANSWERS] = report_words(task->model->labels[corner->answers]);
    row[ANSWERED] = report_words(task->model->labels[corner->answered]);
    row[SHARE] = report_share(report_figure_of_pairs(pairs, &part));
    row[DIFFERENCE] = report_points(report_figure_of_pairs(pairs, &apart));
    row[BLINDLY] = report_share(report_bare(report_figure_of_pairs(pairs, &expected).value));
    row[SAID] = report_share(report_bare(share(corner, pairs->said)));
}

/* "camps-" and the task, without what an id may not have. */
static const char *id_of(struct retort_report *report, const struct report_task *task)
{
    struct retort_buffer id = {0};
    retort_buffer_text(&id, "camps-");
    for (const char *at = task->model->task; *at; at++)
        if ((*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9'))
            retort_buffer_byte(&id, (uint8_t)*at);
    const char *kept = retort_arena_string(&report->arena, retort_buffer_span(&id));
    retort_buffer_release(&id);
    return kept;
}

void network_camps_table(const struct network *network, struct report_section *section)
{
    struct retort_report *report = network->work->report;
    for (size_t camp = 0; camp < network->n_camps; camp++) {
        const struct report_task *task = network->camps[camp].ends.task;
        struct report_pairs pairs;
        network_camp_pairs(network, camp, &pairs);
        if (!(pairs.n_pairs > 0) || isnan(pairs.shares[0]))
            continue;
        struct report_table *table = report_add_table(
            report, section, id_of(report, task), "Which camp answers which", COLUMNS, N_COLUMNS);
        for (size_t i = 0; i < task->n_labels * task->n_labels; i++) {
            struct corner corner = {task->n_labels, i % task->n_labels, i / task->n_labels};
            put_corner(report, table, task, &pairs, &corner);
        }
        report_add_note(report, table,
                        "Blindly: what it would be if whoever answers did not look at camps.");
        report_note_raw(network->work, table, task, &network->rates[camp]);
        if (report_pairs_impossible(&pairs))
            report_add_note(report, table,
                            "Corrected shares leave 0 to 100 %% by more than chance explains: the "
                            "model errs otherwise here than where it was measured, and the figures "
                            "of this table are not to be relied on.");
    }
}
