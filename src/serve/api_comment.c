/* GET /api/comments/{id}: all that is known of a comment; /explanations: the words behind what a
 * model said of it, word by word to the last bit. */
#include "serve/handlers.h"
#include "serve/json.h"
#include "serve/params.h"

#include "intake/intake.h"

static void fail(struct exchange *exchange, const struct retort_error *error)
{
    if (error->failure == RETORT_INPUT)
        exchange_fail(exchange, 404, "there is no comment %lld", (long long)exchange->id);
    else
        exchange_fail_error(exchange, error);
}

void handle_comment(struct exchange *exchange)
{
    static const char *const NONE[] = {NULL};
    struct retort_error error;
    if (!params_only(exchange, NONE))
        return;
    retort_buffer_byte(&exchange->out, '{');
    if (json_put_comment(exchange, exchange->id, &error))
        retort_buffer_text(&exchange->out, "}\n");
    else
        fail(exchange, &error);
}

/* The comment that the path names; false: it was answered. */
static bool find_comment(struct exchange *exchange, struct retort_stored_comment *comment)
{
    struct retort_error error;
    if (retort_store_comment(exchange->worker->store, exchange->id, &exchange->arena, comment,
                             &error))
        return true;
    fail(exchange, &error);
    return false;
}

/* ---- explanations ---- */

/* What a model said of the comment for this task; NULL: none has labelled it. */
static const struct retort_stored_label *labelled(const struct retort_stored_label *labels,
                                                  size_t n_labels, const char *task)
{
    for (size_t i = 0; i < n_labels; i++)
        if (labels[i].model && strcmp(labels[i].model->task, task) == 0)
            return &labels[i];
    return NULL;
}

/* The model that labelled it, where it is in memory, else the present one of the task. */
static const struct retort_model *model_for(const struct retort_models *models, const char *task,
                                            const struct retort_stored_label *label)
{
    const struct retort_model *found = NULL;
    for (size_t i = 0; i < models->n_models; i++) {
        const struct retort_model *model = models->models[i];
        if (label && strcmp(retort_model_hash(model), label->model->hash) == 0)
            return model;
        if (!found && strcmp(retort_model_task(model), task) == 0)
            found = model;
    }
    return found;
}

static void put_explanations(struct exchange *exchange, const struct retort_model *model,
                             const struct retort_item *item,
                             const struct retort_stored_label *label)
{
    struct retort_buffer *out = &exchange->out;
    size_t n_labels = retort_model_n_labels(model);
    struct retort_explanation *explanations =
        RETORT_NEW(&exchange->arena, struct retort_explanation, n_labels);
    retort_explain(&exchange->worker->labeller, model, item, &exchange->arena, explanations);
    retort_buffer_byte(out, '{');
    json_put_id(out, "comment", exchange->id);
    json_put_text(out, "task", retort_span_of(retort_model_task(model)));
    json_put_text(out, "model", retort_span_of(retort_model_hash(model)));
    json_put_text(out, "labelled_by",
                  label ? retort_span_of(label->model->hash) : (struct retort_span){0});
    retort_json_key(out, "labels");
    for (size_t l = 0; l < n_labels; l++) {
        retort_buffer_text(out, l > 0 ? ",{" : "[{");
        json_put_explanation(out, retort_model_label(model, l)->name, &explanations[l]);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_text(out, "]}\n");
}

void handle_explanations(struct exchange *exchange)
{
    static const char *const KNOWN[] = {"task", NULL};
    const char *task = exchange_query(exchange, "task");
    struct retort_stored_comment comment;
    struct retort_stored_label *labels;
    struct retort_item item;
    struct retort_error error;
    size_t n_labels;
    if (!params_only(exchange, KNOWN))
        return;
    if (!task) {
        exchange_fail(exchange, 400, "which task? Add ?task=NAME; /api/tasks lists them");
        return;
    }
    if (!find_comment(exchange, &comment))
        return;
    bool read = retort_store_labels(exchange->worker->store, comment.id, &exchange->arena, &labels,
                                    &n_labels, &error);
    const struct retort_stored_label *label = read ? labelled(labels, n_labels, task) : NULL;
    const struct retort_model *model =
        read ? model_for(&exchange->server->models, task, label) : NULL;
    const struct retort_span given = label ? label->target : (struct retort_span){0};
    read = read && retort_intake_stored_item(exchange->worker->store, &comment, given,
                                             &exchange->arena, &item, &error);
    if (!read)
        exchange_fail_error(exchange, &error);
    else if (!model)
        exchange_fail(exchange, 404, "no model of the task \"%s\" is loaded; /api/tasks lists them",
                      task);
    else
        put_explanations(exchange, model, &item, label);
}
