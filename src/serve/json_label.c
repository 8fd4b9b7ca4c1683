/* LABEL: what holds for a comment and task, a person's word if there is one, beside what the model
 * said of each label. */
#include "serve/json.h"

#include <math.h>

/* Of a task that the newest stored model, or else one in memory, has. A person's word that no model
 * stands beside, on a task that no model has any more, is taken for what it looks like. */
static enum retort_choice choice_of(struct exchange *exchange, struct retort_span task)
{
    const struct retort_models *loaded = &exchange->server->models;
    const struct retort_stored_model *stored;
    struct retort_error ignored;
    size_t n;
    if (!retort_store_models(exchange->worker->store, &stored, &n, &ignored))
        n = 0;
    for (size_t i = n; i-- > 0;)
        if (retort_span_equal(task, retort_span_of(stored[i].task)))
            return stored[i].choice;
    for (size_t i = 0; i < loaded->n_models; i++)
        if (retort_span_equal(task, retort_span_of(retort_model_task(loaded->models[i]))))
            return retort_model_choice(loaded->models[i]);
    return RETORT_ANY_OF;
}

static void put_score(struct retort_buffer *out, const struct retort_stored_model *model, size_t l,
                      const struct retort_stored_score *score)
{
    retort_buffer_text(out, l > 0 ? ",{" : "{");
    json_put_text(out, "name", retort_span_of(model->labels[l]));
    json_put_number(out, "p", score->p);
    json_put_flag(out, "on", score->on);
    json_put_flag(out, "unsure", score->unsure);
    json_put_number(out, "threshold",
                    model->choice == RETORT_ANY_OF ? model->thresholds[l] : (double)NAN);
    retort_buffer_byte(out, '}');
}

static void put_scores(struct retort_buffer *out, const struct retort_stored_label *label)
{
    retort_json_key(out, "scores");
    retort_buffer_byte(out, '[');
    for (size_t l = 0; label->model && l < label->model->n_labels; l++)
        put_score(out, label->model, l, &label->scores[l]);
    retort_buffer_byte(out, ']');
}

static void put_label(struct retort_buffer *out, const struct retort_stored_label *label,
                      enum retort_choice choice)
{
    struct retort_span doubt = {0};
    if (label->doubt != RETORT_SURE)
        doubt = retort_span_of(retort_doubt_name(label->doubt));
    json_put_text(out, "task", label->task);
    json_put_text(out, "choice", retort_span_of(choice == RETORT_ONE_OF ? "one-of" : "any-of"));
    json_put_text(out, "target", label->target);
    json_put_stored(out, "label", label->label);
    json_put_text(out, "decided_by", retort_span_of(label->decision ? "human" : "model"));
    json_put_id(out, "decision", label->decision);
    json_put_text(out, "reviewer", label->reviewer);
    json_put_stored(out, "model_label", label->model_label);
    json_put_flag(out, "unsure", label->unsure);
    json_put_text(out, "doubt", doubt);
    put_scores(out, label);
}

void json_put_labels(struct exchange *exchange, const struct retort_stored_label *labels,
                     size_t n_labels)
{
    struct retort_buffer *out = &exchange->out;
    retort_json_key(out, "labels");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n_labels; i++) {
        enum retort_choice choice =
            labels[i].model ? labels[i].model->choice : choice_of(exchange, labels[i].task);
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        put_label(out, &labels[i], choice);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

bool json_put_labels_of(struct exchange *exchange, int64_t comment, struct retort_error *error)
{
    struct retort_stored_label *labels;
    size_t n_labels;
    if (!retort_store_labels(exchange->worker->store, comment, &exchange->arena, &labels, &n_labels,
                             error))
        return false;
    json_put_labels(exchange, labels, n_labels);
    return true;
}
