/* Whether people have decided enough: how wide shares are by decisions alone, and how many more of
 * a sample would make them narrower. */
#include "report/say.h"
#include "report/transparency.h"

#include <math.h>

static const double WIDTH = 0.05; /* what an interval may be wide for a figure to be quoted */

static const struct report_column COLUMNS[] = {
    {"task", "Task", 0},   {"label", "Label", 0},       {"found", "Found", 0},
    {"share", "Share", 1}, {"more", "More to ±2.5", 0}, {"missed", "95 % found?", 0},
};
enum { N_COLUMNS = sizeof COLUMNS / sizeof *COLUMNS };

static struct report_cell told_more(const struct retort_enough *enough,
                                    const struct retort_enough_label *label)
{
    return enough->weighed ? report_count(label->more) : report_nothing("too few drawn");
}

static struct report_cell told_found(struct report_work *work, const struct retort_enough *enough,
                                     const struct retort_enough_label *label)
{
    struct retort_buffer out = {0};
    char more[REPORT_SAID];
    if (!enough->draw)
        return report_nothing("no sample");
    if (label->stop.enough)
        return report_words("yes, p < .05");
    retort_buffer_format(&out, "not yet: %s more", report_say_count(label->stop.more, more));
    struct report_cell cell =
        report_text(retort_arena_copy(&work->report->arena, retort_buffer_span(&out)));
    retort_buffer_release(&out);
    return cell;
}

static void put_labels(struct report_work *work, struct report_table *table,
                       const struct report_task *task, const struct retort_enough *enough)
{
    struct retort_arena *arena = &work->report->arena;
    for (size_t l = 0; l < enough->n_labels; l++) {
        const struct retort_enough_label *label = &enough->labels[l];
        struct report_cell *row = report_add_row(work->report, table);
        row[0] = report_text(retort_arena_copy(arena, retort_span_of(task->model->task)));
        row[1] = report_text(retort_arena_copy(arena, retort_span_of(label->label)));
        row[2] = report_count(label->found);
        row[3] = enough->weighed ? report_share(label->share) : report_nothing("too few drawn");
        row[4] = told_more(enough, label);
        row[5] = told_found(work, enough, label);
    }
}

bool transparency_enough(struct report_work *work, struct report_section *section,
                         struct retort_error *error)
{
    struct report_table *table = report_add_table(work->report, section, "enough",
                                                  "How many decisions more", COLUMNS, N_COLUMNS);
    for (size_t t = 0; t < work->data->n_tasks; t++) {
        const struct report_task *task = &work->data->tasks[t];
        struct retort_enough enough = {0};
        if (!transparency_is_task(work, task))
            continue;
        if (!retort_review_enough(work->store, task->model->task, WIDTH, work->arena, &enough,
                                  error))
            return false;
        if (enough.n_decided > 0)
            put_labels(work, table, task, &enough);
    }
    if (table->n_rows == 0) {
        report_add_note(
            work->report, table,
            "Nobody has decided yet. 200 comments drawn at random say within some 7 points "
            "how common a label is: retort sample --n 200.");
        return true;
    }
    report_add_note(
        work->report, table,
        "Found: comments that people say have it. Share: of all comments, by decisions on "
        "what was drawn at random, alone. 95 %% found: whether at least 95 %% of all "
        "comments with the label are found already, and if not, how many of a uniform "
        "sample are to be decided without finding another. See retort sample --enough.");
    report_add_method(
        work->report, "callaghan2020",
        "Whether 95 %% of a rare label were found is a hypergeometric test over a uniform "
        "sample of what nobody had looked at.");
    return true;
}
