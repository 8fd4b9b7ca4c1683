/* The methods paragraph's beginning: the program, its seed, and each model by its hash, with what
 * its card says of how it was made and how well it does. Sections add what they do themselves. */
#include "report/figures.h"
#include "report/gather.h"
#include "report/scales.h"

enum { HASH_DIGITS = 12 };

/* ---- what a card says ---- */

static const struct retort_json *at(const struct retort_json *object, const char *key)
{
    return object && retort_json_is_object(object) ? retort_json_get(object, key) : NULL;
}

static bool number_at(const struct retort_json *object, const char *key, double *number)
{
    const struct retort_json *value = at(object, key);
    return value && retort_json_number(value, number);
}

static struct retort_span text_at(const struct retort_json *object, const char *key)
{
    struct retort_span text = {NULL, 0};
    const struct retort_json *value = at(object, key);
    if (value)
        retort_json_text(value, &text);
    return text;
}

/* "macro-F1 0.692 ± 0.017", each figure of merit that the card has, with its spread over folds. */
static void put_merit(struct retort_buffer *out, const struct retort_json *card)
{
    static const struct {
        const char *key, *name;
    } FIGURES[] = {{"accuracy", "accuracy"}, {"macro_f1", "macro-F1"}, {"mean_auc", "mean AUC"}};
    for (size_t i = 0; i < sizeof FIGURES / sizeof *FIGURES; i++) {
        double value, spread;
        if (!number_at(at(card, "cross_validated"), FIGURES[i].key, &value))
            continue;
        retort_buffer_format(out, "%s%s ", out->len ? ", " : "", FIGURES[i].name);
        retort_buffer_fixed(out, value, 3);
        if (number_at(at(card, "spread_over_folds"), FIGURES[i].key, &spread)) {
            retort_buffer_text(out, " ± ");
            retort_buffer_fixed(out, spread, 3);
        }
    }
    if (out->len > 0)
        retort_buffer_text(out, " (out of fold, ± over folds)");
}

static void put_examples(struct retort_buffer *out, const struct retort_json *card)
{
    double items, folds, seed;
    if (number_at(at(card, "cross_validated"), "items", &items)) {
        retort_buffer_text(out, ", learned from ");
        report_put_grouped(out, items > 0 ? (uint64_t)items : 0);
        retort_buffer_text(out, " examples");
    }
    if (number_at(card, "folds", &folds)) {
        retort_buffer_text(out, " in ");
        retort_buffer_fixed(out, folds, 0);
        retort_buffer_text(out, " folds that split no group");
    }
    if (number_at(card, "seed", &seed)) {
        retort_buffer_text(out, ", seed ");
        retort_buffer_fixed(out, seed, 0);
    }
}

static void put_way(struct retort_buffer *out, const struct retort_json *card)
{
    struct retort_span recipe = text_at(card, "recipe"), solver = text_at(card, "solver");
    if (recipe.len > 0) {
        retort_buffer_text(out, ", with the features “");
        retort_buffer_put(out, recipe);
        retort_buffer_text(out, "”");
    }
    if (solver.len > 0) {
        retort_buffer_text(out, " by ");
        retort_buffer_put(out, solver);
    }
}

/* ---- sentences ---- */

static void add_model(struct retort_report *report, const struct report_task *task)
{
    struct retort_error ignored = {0};
    struct retort_buffer merit = {0}, made = {0};
    struct report_model *model = &report->models[report->n_models++];
    struct retort_json *card = task->card.len > 0 ? retort_json_parse(task->card, &ignored) : NULL;
    put_merit(&merit, card);
    put_examples(&made, card);
    put_way(&made, card);
    bool is_descent =
        retort_span_starts(text_at(card, "solver"), RETORT_SPAN("dual coordinate descent"));
    retort_json_free(card);
    *model = (struct report_model){
        .task = retort_arena_copy(&report->arena, retort_span_of(task->model->task)),
        .hash = retort_arena_copy(&report->arena, retort_span_of(task->model->hash)),
        .merit = report_keep(report, &merit),
    };
    struct retort_span how = report_keep(report, &made), merit_said = model->merit;
    if (merit_said.len == 0)
        merit_said = RETORT_SPAN("its card does not say how well it does");
    report_add_method(report, is_descent ? "hsieh2008" : NULL,
                      "Labels of the task %s (%s of %zu) are those of the model %.*s%.*s; %.*s.",
                      task->model->task, task->one_of ? "one" : "any", task->n_labels, HASH_DIGITS,
                      task->model->hash, (int)how.len, (const char *)how.data, (int)merit_said.len,
                      (const char *)merit_said.data);
}

void report_methods(struct report_work *work)
{
    struct retort_report *report = work->report;
    struct retort_buffer resamples = {0};
    report_put_grouped(&resamples, report->n_resamples);
    report_add_method(report, NULL, "Computed by retort %s with seed %llu and %.*s resamples.",
                      RETORT_VERSION, (unsigned long long)report->seed, (int)resamples.len,
                      (const char *)resamples.data);
    retort_buffer_release(&resamples);
    report->models = RETORT_NEW(&report->arena, struct report_model, work->data->n_tasks);
    for (size_t i = 0; i < work->data->n_tasks; i++)
        if (work->data->tasks[i].model && report_task_is_wanted(work, &work->data->tasks[i]))
            add_model(report, &work->data->tasks[i]);
}
