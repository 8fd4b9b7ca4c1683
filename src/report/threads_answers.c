/* Answers: is a label answered by the same more often than it would be said otherwise? Hostility
 * answered by hostility, disagreement by disagreement. Nobody's answers to himself count. */
#include "report/pairs.h"
#include "report/say.h"

#include <math.h>

/* Fewer comments with the label that were answered carry no figure. */
enum { LEAST_ANSWERED = 10 };

/* ---- counting ---- */

/* Both are labelled, and not by one person. */
static bool is_pair(const struct report_data *data, const struct report_task *task, size_t row)
{
    size_t parent = data->parent[row];
    if (!report_is_reply(data, row) || !report_is_labelled(task, row) ||
        !report_is_labelled(task, parent - 1))
        return false;
    return !data->author[row] || data->author[row] != data->author[parent - 1];
}

/* What a reply does is asked of replies only. */
static bool is_asked(const struct report_data *data, const struct report_task *task, size_t row)
{
    return is_pair(data, task, row) && (!task->one_of || data->parent[data->parent[row] - 1]);
}

static struct retort_pairs count_pairs(const struct report_data *data,
                                       const struct report_ends *ends, struct retort_arena *arena)
{
    struct retort_pairs pairs = report_pairs_room(data, ends->n_labels, arena);
    for (size_t row = 0; row < data->n; row++)
        if (is_asked(data, ends->task, row))
            report_pairs_cells(data, &pairs,
                               row)[report_end(ends, data->parent[row] - 1) * ends->n_labels +
                                    report_end(ends, row)]++;
    return pairs;
}

/* ---- figures ---- */

struct answer {
    size_t n_labels, label;
    const char *untold; /* why the model's errors can't be corrected; NULL: they can */
    const char *name;   /* of the label */
};

/* The share of answers with the label, of answers to comments with it or without. */
static double given(const struct answer *answer, const double *pairs, bool with)
{
    double all = 0, same = 0;
    for (size_t i = 0; i < answer->n_labels; i++)
        for (size_t j = 0; j < answer->n_labels; j++) {
            double share = pairs[i * answer->n_labels + j];
            if ((i == answer->label) != with)
                continue;
            all += share;
            same += j == answer->label ? share : 0;
        }
    return all > 0 ? same / all : NAN;
}

static double given_with(const void *context, const double *pairs)
{
    return given(context, pairs, true);
}

static double given_without(const void *context, const double *pairs)
{
    return given(context, pairs, false);
}

static double difference(const void *context, const double *pairs)
{
    return given(context, pairs, true) - given(context, pairs, false);
}

static struct retort_estimate figure(const struct report_pairs *pairs, const struct answer *answer,
                                     double (*of)(const void *, const double *), double least)
{
    const struct report_figure figure = {of, answer, least, 1};
    return report_figure_of_pairs(pairs, &figure);
}

/* ---- the table ---- */

static const struct report_column COLUMNS[] = {
    {"label", "Label", 0},          {"difference", "Difference, points", 0},
    {"after", "Answers to it", 0},  {"else", "To others", 0},
    {"said", "As said, points", 0},
};
enum { LABEL, DIFFERENCE, AFTER, ELSE, SAID, N_COLUMNS };

static const char FEW[] = "Fewer than ten comments that the model gives this label were answered.";
static const char BLURRED[] =
    "The model's errors could account for all comments it gives this label here, or hide as many: "
    "what answers them can't be told apart. Decisions on more comments, or a better model, would.";
static const char SPARSE[] = "All answers are in one or two threads, which have no interval.";

static const char IMPOSSIBLE[] =
    "Corrected shares leave 0 to 100 % by more than chance explains: the model errs otherwise here "
    "than where it was measured, or its errors at the two ends go together.";

static const char *why_not(const struct report_pairs *pairs, const struct answer *answer,
                           struct retort_estimate after)
{
    double answered = 0;
    for (size_t j = 0; j < answer->n_labels; j++)
        answered += pairs->said[answer->label * answer->n_labels + j];
    if (!(pairs->n_pairs * answered >= LEAST_ANSWERED))
        return FEW;
    if (pairs->n_clusters < 3)
        return SPARSE;
    if (answer->untold)
        return answer->untold;
    if (isnan(after.low))
        return BLURRED;
    return report_pairs_impossible(pairs) ? IMPOSSIBLE : NULL;
}

/* Labels that findings tell of. */
static const char *const TOLD[] = {"toxic", "hostile", "insult", "angry", "disagree"};

/* figures: the difference, and what answers it and others; as_said: the difference, not corrected.
 */
static void tell(struct report_work *work, struct report_section *section, const char *label,
                 const struct retort_estimate *figures, double as_said)
{
    char said[4][REPORT_SAID];
    bool is_told = false;
    const struct retort_estimate plain = report_bare(as_said);
    for (size_t i = 0; i < sizeof TOLD / sizeof *TOLD; i++)
        is_told |= strcmp(TOLD[i], label) == 0;
    if (is_told && report_is_off(figures[0], 0))
        report_add_finding(
            work->report, section,
            "%s (as said: %s): of answers to \"%s\" comments %s are \"%s\", too, of answers to "
            "others %s.",
            report_say_points(figures[0], said[0]), report_say_points(plain, said[3]), label,
            report_say_share(figures[1], said[1]), label, report_say_share(figures[2], said[2]));
    else if (is_told)
        report_add_finding(work->report, section,
                           "Whether \"%s\" is answered by its like more than by others can't be "
                           "told here: %s.",
                           label, report_say_points(figures[0], said[0]));
}

static void put_row(struct report_work *work, struct report_section *section,
                    struct report_table *table, const struct report_pairs *pairs,
                    const struct answer *answer)
{
    struct report_cell *row = report_add_row(work->report, table);
    const struct retort_estimate figures[] = {figure(pairs, answer, difference, -1),
                                              figure(pairs, answer, given_with, 0),
                                              figure(pairs, answer, given_without, 0)};
    const char *why = why_not(pairs, answer, figures[1]);
    row[LABEL] = report_words(answer->name);
    row[SAID] = report_points(report_bare(difference(answer, pairs->said)));
    if (why) {
        row[DIFFERENCE] = report_nothing(why);
        return;
    }
    row[DIFFERENCE] = report_points(figures[0]);
    row[AFTER] = report_share(figures[1]);
    row[ELSE] = report_share(figures[2]);
    tell(work, section, answer->name, figures, difference(answer, pairs->said));
}

/* ---- tasks ---- */

static void put_label(struct report_work *work, struct report_section *section,
                      struct report_table *table, const struct report_shares *rates,
                      const struct report_ends *ends)
{
    struct retort_arena arena = {0};
    struct retort_pairs counted = count_pairs(work->data, ends, &arena);
    struct report_pairs pairs = {.seed = work->report->seed + ends->label};
    report_pairs_correct(ends, &counted, rates, &arena, &pairs);
    size_t label = ends->task->one_of ? report_label_named(ends->task, "disagree") : ends->label;
    char n[REPORT_SAID];
    const struct answer answer = {
        .n_labels = ends->n_labels,
        .label = ends->task->one_of ? label : 1,
        .untold = ends->task->one_of || !rates->counted ? NULL : rates->counted[label],
        .name = ends->task->model->labels[label],
    };
    if (pairs.n_pairs > 0)
        put_row(work, section, table, &pairs, &answer);
    if (pairs.n_pairs > 0 && ends->label == 0)
        report_add_note(work->report, table, "Answers counted for %s: %s.", ends->task->model->task,
                        report_say_count((uint64_t)pairs.n_pairs, n));
    retort_arena_release(&arena);
}

/* Any-of tasks label by label, and whether replies disagree. */
static bool put_task(struct report_work *work, struct report_section *section,
                     struct report_table *table, const struct report_task *task,
                     struct retort_error *error)
{
    struct retort_arena arena = {0};
    struct report_shares rates;
    bool is_reply =
        strcmp(task->model->task, "reply") == 0 && report_label_named(task, "disagree") != SIZE_MAX;
    if (!report_wants(work, task) || (task->one_of && !is_reply))
        return true;
    bool known = report_rates(work, task, &arena, &rates, error);
    for (size_t label = 0; known && label < (task->one_of ? 1 : task->n_labels); label++) {
        const struct report_ends ends = report_ends_of(task, label);
        put_label(work, section, table, &rates, &ends);
    }
    if (known && task->one_of) /* of others each row says it */
        report_note_raw(work, table, task, &rates);
    retort_arena_release(&arena);
    return known;
}

static size_t count_answers(const struct report_data *data)
{
    size_t n = 0;
    for (size_t row = 0; row < data->n; row++)
        n += report_is_reply(data, row);
    return n;
}

bool report_threads_answers(struct report_work *work, struct report_section *section,
                            struct retort_error *error)
{
    bool good = true;
    if (work->data->n_tasks == 0 || count_answers(work->data) == 0)
        return true;
    struct report_table *table = report_add_table(
        work->report, section, "answers", "What a label is answered by", COLUMNS, N_COLUMNS);
    table->plot = REPORT_FLOOR;
    table->plot_label = LABEL;
    table->plot_value = DIFFERENCE;
    for (size_t i = 0; good && i < work->data->n_tasks; i++)
        good = put_task(work, section, table, &work->data->tasks[i], error);
    if (table->n_rows == 0) {
        section->n_tables--;
        return good;
    }
    report_add_note(work->report, table,
                    "Of answers to comments with the label, and to all others, the share that has "
                    "it, too, and how far they are apart. Disagree: of answers to replies. Answers "
                    "to oneself are left out.");
    report_add_note(
        work->report, table,
        "Corrected for errors that do not depend on each other. Where a topic makes the "
        "model err in a whole thread, the difference is smaller, down to what it is as "
        "said.");
    report_add_method(
        work->report, NULL,
        "What a label is answered by: pairs of a comment and its answer, as the model "
        "says, multiplied at both ends by the inverse of its rates P(says | is), so "
        "that errors at either end do not dilute it; this takes errors at the two "
        "ends for independent, given what both comments are. Replicates draw threads "
        "and rates anew.");
    return good;
}
