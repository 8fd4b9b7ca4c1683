/* transparency: what models and people decided, how often they err, and how fast it went: what
 * article 15 of the EU's Digital Services Act asks of who moderates (the use made of automated
 * means, indicators of their accuracy and possible rate of error, the time that decisions take). No
 * person's name stands in it. */
#include "report/transparency.h"
#include "report/say.h"

#include <math.h>
#include <string.h>

bool transparency_is_asked(const struct report_work *work, int64_t comment, size_t *row)
{
    *row = report_row(work->data, comment);
    return *row != SIZE_MAX && work->data->group[*row] != REPORT_LEFT_OUT;
}

bool transparency_is_task(const struct report_work *work, const struct report_task *task)
{
    return !work->request->task || strcmp(work->request->task, task->model->task) == 0;
}

/* ---- models in force ---- */

static const struct report_column MODELS[] = {
    {"task", "Task", 0},         {"model", "Model", 0},
    {"labelled", "Labelled", 0}, {"other", "By others", 0},
    {"examples", "Examples", 0}, {"macro_f1", "Macro-F1", 3},
    {"spread", "±", 3},          {"mean_auc", "AUC", 3},
    {"sure", "Sure", 1},         {"sure_error", "Errs, sure", 1},
};
enum { N_MODELS = sizeof MODELS / sizeof *MODELS };

/* A number at a path of a card; NaN: it is not there. */
static double card_number(const struct retort_json *card, const char *part, const char *key)
{
    double number;
    const struct retort_json *of = part ? retort_json_get(card, part) : card;
    return of && retort_json_number(retort_json_get(of, key), &number) ? number : (double)NAN;
}

static struct report_cell figure(double value, bool share)
{
    const struct retort_estimate alone = report_bare(value);
    if (isnan(value))
        return report_nothing("its card does not say");
    return share ? report_share(alone) : report_number(alone);
}

static void put_model(struct report_work *work, struct report_table *table,
                      const struct report_task *task)
{
    struct retort_error ignored;
    struct retort_json *card = retort_json_parse(task->card, &ignored);
    struct retort_arena *arena = &work->report->arena;
    struct report_cell *row = report_add_row(work->report, table);
    double items = card_number(card, "cross_validated", "items");
    row[0] = report_text(retort_arena_copy(arena, retort_span_of(task->model->task)));
    row[1] = report_text(
        retort_arena_copy(arena, retort_span_slice(retort_span_of(task->model->hash), 0, 12)));
    row[2] = report_count(task->n_labelled);
    row[3] = report_count(task->n_other);
    row[4] = isnan(items) ? report_nothing("its card does not say") : report_count((uint64_t)items);
    row[5] = figure(card_number(card, "cross_validated", "macro_f1"), false);
    row[6] = figure(card_number(card, "spread_over_folds", "macro_f1"), false);
    row[7] = figure(card_number(card, "cross_validated", "mean_auc"), false);
    row[8] = figure(card_number(card, "cross_validated", "sure_share"), true);
    row[9] = figure(card_number(card, "cross_validated", "sure_error"), true);
    retort_json_free(card);
}

static void tell_models(struct report_work *work, struct report_section *section)
{
    struct report_table *table =
        report_add_table(work->report, section, "models", "Models in force", MODELS, N_MODELS);
    for (size_t t = 0; t < work->data->n_tasks; t++)
        if (transparency_is_task(work, &work->data->tasks[t]))
            put_model(work, table, &work->data->tasks[t]);
    report_add_note(
        work->report, table,
        "By others: comments whose latest label is an older model's, which no figure counts; "
        "retort relabel brings them up to date. Examples, macro-F1 (± over folds), AUC, the "
        "share it is sure of and what it errs there: of cross-validation, as its card "
        "tells.");
}

/* ---- who decided ---- */

static const struct report_column WORK[] = {
    {"task", "Task", 0},
    {"labelled", "Labelled", 0},
    {"sure", "Model, sure", 0},
    {"unsure", "Model, unsure", 0},
    {"people", "People", 0},
    {"share", "By people", 1},
    {"as_said", "As the model", 1},
    {"in_bulk", "In bulk", 0},
    {"drawn", "At random", 0},
};
enum { N_WORK = sizeof WORK / sizeof *WORK };

struct counting {
    struct report_work *work;
    const struct report_task *task;
    uint8_t *decided; /* [rows] 1: by a person */
    uint64_t n, n_same, n_bulk, n_drawn;
};

static bool count_decided(void *context, const struct retort_decided *decided,
                          struct retort_error *error)
{
    struct counting *counting = context;
    size_t row;
    (void)error;
    if (!transparency_is_asked(counting->work, decided->comment, &row) || counting->decided[row])
        return true;
    counting->decided[row] = 1;
    counting->n++;
    counting->n_same +=
        report_label_bits(counting->task, decided->label) == counting->task->said[row];
    counting->n_bulk += decided->in_bulk;
    counting->n_drawn += decided->draw != 0;
    return true;
}

static void put_work(struct counting *counting, struct report_table *table)
{
    const struct report_data *data = counting->work->data;
    const struct report_task *task = counting->task;
    uint64_t n_labelled = 0, n_unsure = 0, n_sure = 0;
    for (size_t row = 0; row < data->n; row++) {
        if (data->group[row] == REPORT_LEFT_OUT || isnan(task->p[row * task->n_labels]))
            continue;
        n_labelled++;
        n_unsure += !counting->decided[row] && task->unsure[row];
        n_sure += !counting->decided[row] && !task->unsure[row];
    }
    double n = (double)counting->n;
    struct report_cell *row = report_add_row(counting->work->report, table);
    row[0] = report_text(
        retort_arena_copy(&counting->work->report->arena, retort_span_of(task->model->task)));
    row[1] = report_count(n_labelled);
    row[2] = report_count(n_sure);
    row[3] = report_count(n_unsure);
    row[4] = report_count(counting->n);
    row[5] = n_labelled ? report_share(report_bare(n / (double)n_labelled))
                        : report_nothing("nothing is labelled");
    row[6] = counting->n ? report_share(report_bare((double)counting->n_same / n))
                         : report_nothing("nobody has decided yet");
    row[7] = report_count(counting->n_bulk);
    row[8] = report_count(counting->n_drawn);
}

static void tell_same(const struct counting *counting, struct report_section *section)
{
    char all[REPORT_SAID];
    report_add_finding(counting->work->report, section,
                       "%s: the model says the same as people on %.1f %% of the %s comment%s that "
                       "people decided.",
                       counting->task->model->task,
                       100 * (double)counting->n_same / (double)counting->n,
                       report_say_count(counting->n, all), counting->n == 1 ? "" : "s");
}

static bool tell_work(struct report_work *work, struct report_section *section,
                      struct retort_error *error)
{
    struct report_table *table = report_add_table(work->report, section, "decided",
                                                  "Decided by models and by people", WORK, N_WORK);
    struct retort_buffer undecided = {0};
    for (size_t t = 0; t < work->data->n_tasks; t++) {
        struct counting counting = {.work = work, .task = &work->data->tasks[t]};
        if (!transparency_is_task(work, counting.task))
            continue;
        counting.decided = RETORT_NEW(work->arena, uint8_t, work->data->n);
        if (!retort_store_each_decided(work->store, counting.task->model->task, count_decided,
                                       &counting, error)) {
            retort_buffer_release(&undecided);
            return false;
        }
        put_work(&counting, table);
        if (counting.n)
            tell_same(&counting, section);
        else
            retort_buffer_format(&undecided, "%s%s", undecided.len ? ", " : "",
                                 counting.task->model->task);
    }
    if (undecided.len > 0)
        report_add_finding(work->report, section, "No person has decided yet on %.*s.",
                           (int)undecided.len, (const char *)undecided.data);
    retort_buffer_release(&undecided);
    report_add_note(
        work->report, table,
        "Labelled: with a label of the model in force. Model: left to it, sure or not; people: "
        "decided by a person; as the model: with the labels that it gives; at random: led "
        "to by a random draw. What people chose to look at says nothing of the rest.");
    return true;
}

/* ---- rates of error ---- */

static const struct report_column ERRORS[] = {
    {"task", "Task", 0},        {"label", "Label", 0},      {"judged", "Checked", 0},
    {"model", "Model says", 0}, {"human", "People say", 0}, {"precision", "Precision", 1},
    {"recall", "Recall", 1},
};
enum { N_ERRORS = sizeof ERRORS / sizeof *ERRORS };

static struct report_cell share_of(const struct retort_share *share)
{
    return isnan(share->value)
               ? report_nothing("none among the checked")
               : report_share((struct retort_estimate){share->value, share->low, share->high});
}

static void put_error(struct report_work *work, struct report_table *table,
                      const struct retort_quality *quality)
{
    struct retort_arena *arena = &work->report->arena;
    struct report_cell *row = report_add_row(work->report, table);
    row[0] = report_text(retort_arena_copy(arena, quality->task));
    row[1] = report_text(retort_arena_copy(arena, quality->label));
    row[2] = report_count(quality->judged);
    row[3] = report_count(quality->model);
    row[4] = report_count(quality->human);
    row[5] = share_of(&quality->precision);
    row[6] = share_of(&quality->recall);
}

/* Whether figures are of a sample drawn at random, or of what people chose. */
static void say_whose(struct report_work *work, struct report_table *table,
                      const struct retort_statistics *statistics)
{
    bool random = false, chosen = false;
    for (size_t q = 0; q < statistics->n_quality; q++) {
        random |= statistics->quality[q].random;
        chosen |= !statistics->quality[q].random;
    }
    if (random)
        report_add_note(
            work->report, table,
            "Of comments drawn at random, each weighed by the inverse of the chance with "
            "which it was drawn; the rates hold for all comments of the file.");
    if (chosen)
        report_add_note(
            work->report, table,
            "%s what people chose to look at, which is not like the rest; for rates that "
            "hold for all, draw at random: retort sample.",
            random ? "Of other tasks:" : "Of");
    report_add_note(work->report, table, "Of the whole file, whatever the report is about.");
}

static bool tell_errors(struct report_work *work, struct report_section *section,
                        struct retort_error *error)
{
    struct retort_statistics statistics = {0};
    if (!retort_review_statistics(work->store, work->arena, &statistics, error))
        return false;
    struct report_table *table =
        report_add_table(work->report, section, "errors", "Rates of error, by what people decided",
                         ERRORS, N_ERRORS);
    for (size_t q = 0; q < statistics.n_quality; q++) {
        const struct retort_quality *quality = &statistics.quality[q];
        if (!work->request->task ||
            retort_span_equal(quality->task, retort_span_of(work->request->task)))
            put_error(work, table, quality);
    }
    if (table->n_rows == 0)
        report_add_note(
            work->report, table,
            "Nobody has decided yet, so nothing is known of errors on these comments. Draw "
            "some at random and decide: retort sample, then retort review.");
    else
        say_whose(work, table, &statistics);
    report_add_method(work->report, "clopper1934,korn1998,horvitz1952",
                      "Rates of error have exact intervals, of weighed cases by effective counts.");
    return true;
}

bool report_transparency(struct report_work *work, struct report_section *section,
                         struct retort_error *error)
{
    tell_models(work, section);
    return tell_work(work, section, error) && tell_errors(work, section, error) &&
           transparency_enough(work, section, error) &&
           transparency_agreement(work, section, error) && transparency_time(work, section, error);
}
