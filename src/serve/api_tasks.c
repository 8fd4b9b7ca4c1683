/* GET /api/tasks: what can be decided. The models in memory first, in their order; then tasks that
 * only the store knows, by models of an earlier day. */
#include "serve/handlers.h"
#include "serve/json.h"

#include "review/review.h"

#include <math.h>

/* A task, whoever tells of it. */
struct task {
    const char *name;
    enum retort_choice choice;
    size_t n_labels;
};

static void begin_task(struct retort_buffer *out, const struct task *task)
{
    retort_buffer_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
    json_put_text(out, "task", retort_span_of(task->name));
    json_put_text(out, "choice",
                  retort_span_of(task->choice == RETORT_ONE_OF ? "one-of" : "any-of"));
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '[');
}

static void put_label(struct retort_buffer *out, const struct task *task, size_t l,
                      const char *name, double threshold)
{
    retort_buffer_text(out, l > 0 ? ",{" : "{");
    json_put_text(out, "name", retort_span_of(name));
    json_put_number(out, "threshold", task->choice == RETORT_ANY_OF ? threshold : (double)NAN);
    json_put_number(out, "severity", retort_store_severity(name));
    retort_buffer_byte(out, '}');
}

static void put_loaded(struct retort_buffer *out, const struct retort_model *model)
{
    const struct task task = {retort_model_task(model), retort_model_choice(model),
                              retort_model_n_labels(model)};
    begin_task(out, &task);
    for (size_t l = 0; l < task.n_labels; l++) {
        const struct retort_label *label = retort_model_label(model, l);
        put_label(out, &task, l, label->name, label->threshold);
    }
    retort_buffer_text(out, "]}");
}

static void put_stored(struct retort_buffer *out, const struct retort_stored_model *model)
{
    const struct task task = {model->task, model->choice, model->n_labels};
    begin_task(out, &task);
    for (size_t l = 0; l < task.n_labels; l++)
        put_label(out, &task, l, model->labels[l], model->thresholds[l]);
    retort_buffer_text(out, "]}");
}

static bool is_loaded(const struct server *server, const char *task)
{
    for (size_t i = 0; i < server->models.n_models; i++)
        if (strcmp(retort_model_task(server->models.models[i]), task) == 0)
            return true;
    return false;
}

static bool is_newest(const struct retort_stored_model *models, size_t n_models, size_t m)
{
    for (size_t i = m + 1; i < n_models; i++)
        if (strcmp(models[i].task, models[m].task) == 0)
            return false;
    return true;
}

void handle_tasks(struct exchange *exchange)
{
    const struct retort_models *loaded = &exchange->server->models;
    const struct retort_stored_model *stored;
    struct retort_error error;
    size_t n_stored;
    if (!retort_store_models(exchange->worker->store, &stored, &n_stored, &error)) {
        exchange_fail_error(exchange, &error);
        return;
    }
    retort_buffer_text(&exchange->out, "{\"tasks\":[");
    for (size_t i = 0; i < loaded->n_models; i++)
        put_loaded(&exchange->out, loaded->models[i]);
    for (size_t i = 0; i < n_stored; i++)
        if (!is_loaded(exchange->server, stored[i].task) && is_newest(stored, n_stored, i))
            put_stored(&exchange->out, &stored[i]);
    retort_buffer_text(&exchange->out, "]}\n");
}
