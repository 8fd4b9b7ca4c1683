/* Labels: what the models in force say of each comment, and what people said.
 *
 * In force, of a task, is the model whose labels are the latest of most comments; where another's
 * label is the latest, a comment counts as not labelled, and the report says how many there are:
 * the errors of two models cannot be taken back as if they were one's. */
#include "report/gatherer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LABELS = 32 };

/* Answers come in the order of ids, as rows stand. */
static size_t next_row(const struct report_data *data, size_t *at, int64_t comment)
{
    while (*at < data->n && data->comment[*at] < comment)
        ++*at;
    return *at < data->n && data->comment[*at] == comment ? *at : SIZE_MAX;
}

/* ---- models ---- */

struct model_count {
    const struct retort_stored_model *model;
    size_t n;
};

struct models {
    struct report_data *data;
    struct model_count *all;
    size_t n, at;
};

static bool count_answer(void *context, const struct retort_latest_answer *answer,
                         struct retort_error *error)
{
    struct models *models = context;
    (void)error;
    if (next_row(models->data, &models->at, answer->comment) == SIZE_MAX)
        return true;
    for (size_t m = 0; m < models->n; m++)
        models->all[m].n += models->all[m].model->id == answer->model->id;
    return true;
}

static void add_task(struct gatherer *gatherer, const struct retort_stored_model *model)
{
    struct report_data *data = gatherer->data;
    struct report_task *task = &data->tasks[data->n_tasks++];
    *task = (struct report_task){
        .model = model,
        .one_of = model->choice == RETORT_ONE_OF,
        .n_labels = model->n_labels,
        .p = retort_arena_room(gatherer->arena, data->n * model->n_labels, sizeof(float)),
        .said = RETORT_NEW(gatherer->arena, uint32_t, data->n),
        .unsure = RETORT_NEW(gatherer->arena, uint8_t, data->n),
    };
    for (size_t row = 0; row < data->n; row++)
        task->p[row * task->n_labels] = NAN;
}

/* Of the task's models that with most labels; of equals the newest. */
static const struct model_count *in_force(const struct models *models, const char *task)
{
    const struct model_count *best = NULL;
    for (size_t m = 0; m < models->n; m++)
        if (strcmp(models->all[m].model->task, task) == 0 && models->all[m].n > 0 &&
            (!best || models->all[m].n >= best->n))
            best = &models->all[m];
    return best;
}

/* The shipped tasks in their usual order, then others by name: never as a file came to know them.
 */
static int by_task(const void *left, const void *right)
{
    static const char *const ORDER[] = {"stance", "reply", "tone"};
    enum { N_ORDER = sizeof ORDER / sizeof *ORDER };
    const struct report_task *a = left, *b = right;
    size_t rank_a = 0, rank_b = 0;
    while (rank_a < N_ORDER && strcmp(a->model->task, ORDER[rank_a]) != 0)
        rank_a++;
    while (rank_b < N_ORDER && strcmp(b->model->task, ORDER[rank_b]) != 0)
        rank_b++;
    return rank_a != rank_b ? (rank_a < rank_b ? -1 : 1) : strcmp(a->model->task, b->model->task);
}

static bool has_some(const struct report_data *data, struct retort_error *error)
{
    if (data->n_tasks > 0)
        return true;
    if (data->too_wide)
        return retort_fail(error, RETORT_INPUT,
                           "the task %s has more than %d labels, and nothing is labelled for "
                           "others; a report is of fewer",
                           data->too_wide, MOST_LABELS);
    return retort_fail(error, RETORT_INPUT,
                       "no comment is labelled here; label them by `retort label -d` or `relabel`");
}

static bool choose(struct gatherer *gatherer, const struct models *models,
                   struct retort_error *error)
{
    struct report_data *data = gatherer->data;
    data->tasks = RETORT_NEW(gatherer->arena, struct report_task, models->n);
    for (size_t m = 0; m < models->n; m++) {
        const struct retort_stored_model *model = models->all[m].model;
        const struct model_count *best = in_force(models, model->task);
        if (!best || best->model != model)
            continue;
        if (model->n_labels > MOST_LABELS)
            data->too_wide = model->task;
        else
            add_task(gatherer, model);
    }
    qsort(data->tasks, data->n_tasks, sizeof *data->tasks, by_task);
    return has_some(data, error);
}

static bool find_models(struct gatherer *gatherer, struct retort_error *error)
{
    const struct retort_stored_model *known;
    struct models models = {.data = gatherer->data};
    if (!retort_store_models(gatherer->store, &known, &models.n, error))
        return false;
    models.all = RETORT_NEW(gatherer->arena, struct model_count, models.n);
    for (size_t m = 0; m < models.n; m++)
        models.all[m].model = &known[m];
    return retort_store_each_answer(gatherer->store, count_answer, &models, error) &&
           choose(gatherer, &models, error);
}

/* ---- what they say ---- */

struct answering {
    struct report_data *data;
    size_t at;
};

static bool put_answer(void *context, const struct retort_latest_answer *answer,
                       struct retort_error *error)
{
    struct answering *answering = context;
    struct report_data *data = answering->data;
    size_t row = next_row(data, &answering->at, answer->comment);
    (void)error;
    for (size_t t = 0; row != SIZE_MAX && t < data->n_tasks; t++) {
        struct report_task *task = &data->tasks[t];
        if (strcmp(task->model->task, answer->model->task) != 0)
            continue;
        if (task->model->id != answer->model->id) {
            task->n_other++;
            continue;
        }
        float *p = task->p + row * task->n_labels;
        for (size_t l = 0; l < task->n_labels; l++) {
            p[l] = (float)answer->scores[l].p;
            task->said[row] |= answer->scores[l].on ? UINT32_C(1) << l : 0;
        }
        task->unsure[row] = answer->unsure;
        task->n_labelled++;
    }
    return true;
}

/* ---- what people said ---- */

/* *known: the model in force has them all. */
static uint32_t bits_of(const struct report_task *task, struct retort_span set, bool *known)
{
    struct retort_error ignored;
    struct retort_json *list = retort_json_parse(set, &ignored);
    uint32_t bits = 0;
    *known = list != NULL;
    for (size_t i = 0; i < retort_json_length(list); i++) {
        struct retort_span name;
        bool found = false;
        for (size_t l = 0; retort_json_text(retort_json_at(list, i), &name) && l < task->n_labels;
             l++)
            if (retort_span_equal(name, retort_span_of(task->model->labels[l]))) {
                bits |= UINT32_C(1) << l;
                found = true;
            }
        *known &= found;
    }
    retort_json_free(list);
    return bits;
}

uint32_t report_label_bits(const struct report_task *task, struct retort_span labels)
{
    bool known;
    return bits_of(task, labels, &known);
}

static int by_row(const void *left, const void *right)
{
    const struct report_decided *a = left, *b = right;
    return a->row < b->row ? -1 : a->row > b->row;
}

/* Several claims may have been judged of one comment: the first of them that was stored counts. */
static void sort_decided(struct report_task *task)
{
    size_t n = 0;
    if (task->n_decided)
        qsort(task->decided, task->n_decided, sizeof *task->decided, by_row);
    for (size_t i = 0; i < task->n_decided; i++)
        if (n == 0 || task->decided[n - 1].row != task->decided[i].row)
            task->decided[n++] = task->decided[i];
    task->n_decided = n;
    for (size_t i = 0; i < n; i++)
        task->n_drawn += task->decided[i].drawn;
}

static bool gather_decided(struct gatherer *gatherer, struct report_task *task,
                           struct retort_error *error)
{
    struct retort_weights weights = {0};
    const struct retort_weights_wanted wanted = {
        .task = task->model->task, .where = gatherer->request->where, .no_threads = true};
    if (!retort_review_weights_of(gatherer->store, &wanted, gatherer->arena, &weights, error))
        return false;
    task->weighed = weights.weighed;
    task->decided = RETORT_NEW(gatherer->arena, struct report_decided, weights.n);
    for (size_t i = 0; i < weights.n; i++) {
        const struct retort_weight *weight = &weights.all[i];
        bool known;
        size_t row = report_row(gatherer->data, weight->comment);
        uint32_t bits = bits_of(task, weight->label, &known);
        if (row == SIZE_MAX || !known || (task->one_of && (bits & (bits - 1)) != 0))
            continue;
        task->decided[task->n_decided++] =
            (struct report_decided){(uint32_t)row, bits, weight->weight, weight->drawn};
    }
    sort_decided(task);
    return true;
}

bool gather_labels(struct gatherer *gatherer, struct retort_error *error)
{
    struct report_data *data = gatherer->data;
    struct answering answering = {data, 0};
    if (!find_models(gatherer, error) ||
        !retort_store_each_answer(gatherer->store, put_answer, &answering, error))
        return false;
    for (size_t t = 0; t < data->n_tasks; t++)
        if (!gather_decided(gatherer, &data->tasks[t], error) ||
            !retort_store_model_card(gatherer->store, data->tasks[t].model->hash, gatherer->arena,
                                     &data->tasks[t].card, error))
            return false;
    return true;
}
