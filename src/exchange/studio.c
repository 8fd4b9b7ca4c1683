/* Label Studio: a JSON array of tasks, with what models say as predictions and what people said as
 * annotations. */
#include "exchange/export.h"

static void put_choices(struct retort_buffer *out, struct retort_span task,
                        struct retort_span names)
{
    if (out->data[out->len - 1] != '[')
        retort_buffer_byte(out, ',');
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "from_name", task);
    retort_stored_put_text(out, "to_name", RETORT_SPAN("text"));
    retort_stored_put_text(out, "type", RETORT_SPAN("choices"));
    retort_buffer_text(out, ",\"value\":{\"choices\":");
    retort_buffer_put(out, names);
    retort_buffer_text(out, "}}");
}

/* p of the label, or the largest of those that are on, or of being off at all. */
static double confidence(const struct retort_stored_label *label)
{
    double on = 0, off = 1;
    for (size_t i = 0; i < label->model->n_labels; i++) {
        double p = label->scores[i].p;
        if (label->scores[i].on)
            on = p > on ? p : on;
        else
            off = 1 - p < off ? 1 - p : off;
    }
    return on > 0 ? on : off;
}

static void put_predictions(struct retort_buffer *out, const struct retort_stored *stored)
{
    retort_json_key(out, "predictions");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < stored->n_labels; i++) {
        const struct retort_stored_label *label = &stored->labels[i];
        if (!label->model)
            continue;
        if (out->data[out->len - 1] != '[')
            retort_buffer_byte(out, ',');
        retort_buffer_byte(out, '{');
        retort_json_key(out, "model_version");
        retort_buffer_format(out, "\"%.16s\"", label->model->hash);
        retort_json_key(out, "score");
        retort_buffer_fixed(out, confidence(label), 4);
        retort_json_key(out, "result");
        retort_buffer_byte(out, '[');
        put_choices(out, label->task, label->model_label);
        retort_buffer_text(out, "]}");
    }
    retort_buffer_byte(out, ']');
}

/* One annotation: what people decided, task by task. */
static void put_annotations(struct retort_buffer *out, const struct retort_stored *stored)
{
    bool any = false;
    for (size_t i = 0; i < stored->n_labels; i++)
        any |= stored->labels[i].decision != 0;
    retort_json_key(out, "annotations");
    retort_buffer_text(out, any ? "[{\"result\":[" : "[");
    for (size_t i = 0; i < stored->n_labels; i++)
        if (stored->labels[i].decision)
            put_choices(out, stored->labels[i].task, stored->labels[i].label);
    retort_buffer_text(out, any ? "]}]" : "]");
}

bool export_studio_begin(struct export_run *run, struct retort_error *error)
{
    (void)error;
    retort_buffer_byte(&run->file.out, '[');
    return true;
}

bool export_studio_put(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    struct retort_span parent;
    if (!retort_stored_parent_id(run->store, &stored->comment, arena, &parent, error))
        return false;
    retort_buffer_text(out, run->n_written ? ",\n{" : "\n{");
    export_put_number(out, "id", stored->comment.id);
    retort_json_key(out, "data");
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "text", stored->comment.text);
    retort_stored_put_text(out, "id", retort_stored_id(&stored->comment));
    retort_stored_put_text(out, "parent_id", parent);
    retort_stored_put_text(out, "author", stored->comment.author);
    retort_stored_put_text(out, "time", stored->comment.time);
    retort_stored_put_text(out, "target", stored->comment.target);
    if (stored->comment.meta.data) {
        retort_json_key(out, "meta");
        retort_buffer_put(out, stored->comment.meta);
    }
    retort_json_key(out, "retort");
    if (!export_put_ours(run, stored, out, error))
        return false;
    retort_buffer_byte(out, '}');
    put_predictions(out, stored);
    put_annotations(out, stored);
    retort_buffer_byte(out, '}');
    return true;
}

bool export_studio_end(struct export_run *run, struct retort_error *error)
{
    (void)error;
    retort_buffer_text(&run->file.out, "\n]\n");
    return true;
}
