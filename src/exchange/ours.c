/* Ours: all that is stored of a comment and that the formats have no place for, as one JSON object,
 * the same in all of them. In a JSON line it stands under `retort`, so that no name of somebody
 * else's can be taken. */
#include "exchange/export.h"

#include <string.h>

/* What one model said, with p for every label. */
static void put_model(struct retort_buffer *out, const struct retort_stored_label *label)
{
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "model", retort_span_of(label->model->hash));
    retort_stored_put_text(out, "target",
                           label->target.len ? label->target : (struct retort_span){0});
    retort_json_key(out, "label");
    retort_buffer_put(out, label->model_label);
    retort_json_key(out, "unsure");
    retort_buffer_text(out, label->unsure ? "true" : "false");
    retort_stored_put_text(out, "doubt", retort_span_of(retort_doubt_name(label->doubt)));
    retort_json_key(out, "p");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < label->model->n_labels; i++) {
        retort_json_key(out, label->model->labels[i]);
        retort_buffer_number(out, label->scores[i].p);
    }
    retort_buffer_text(out, "}}");
}

static void put_models(struct retort_buffer *out, const struct retort_stored *stored)
{
    retort_json_key(out, "models");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < stored->n_labels; i++)
        if (stored->labels[i].model) {
            retort_json_key(out, stored->labels[i].model->task);
            put_model(out, &stored->labels[i]);
        }
    retort_buffer_byte(out, '}');
}

void export_put_number(struct retort_buffer *out, const char *key, int64_t number)
{
    if (!number)
        return;
    retort_json_key(out, key);
    retort_buffer_format(out, "%lld", (long long)number);
}

/* Every row of the history, undone ones too: nothing that was said is lost. */
static bool put_decision(void *context, const struct retort_stored_decision *decision,
                         struct retort_error *error)
{
    struct retort_buffer *out = context;
    (void)error;
    if (out->data[out->len - 1] != '[')
        retort_buffer_byte(out, ',');
    retort_buffer_byte(out, '{');
    export_put_number(out, "id", decision->id);
    retort_stored_put_text(out, "task", decision->task);
    retort_stored_put_text(out, "target",
                           decision->target.len ? decision->target : (struct retort_span){0});
    retort_stored_put_text(out, "kind", decision->kind);
    if (decision->label.data) {
        retort_json_key(out, "label");
        retort_buffer_put(out, decision->label);
    }
    retort_stored_put_text(out, "note", decision->note);
    retort_stored_put_text(out, "reviewer", decision->reviewer);
    retort_stored_put_text(out, "decided", decision->decided);
    if (decision->selection) {
        retort_json_key(out, "probability");
        retort_buffer_number(out, decision->probability);
    }
    retort_stored_put_text(out, "model", decision->model);
    if (decision->shown.data) {
        retort_json_key(out, "shown");
        retort_buffer_put(out, decision->shown);
    }
    export_put_number(out, "undoes", decision->undoes);
    export_put_number(out, "batch", decision->batch);
    retort_stored_put_text(out, "via", decision->via);
    retort_stored_put_text(out, "token", decision->token);
    if (decision->undone)
        retort_buffer_text(out, ",\"undone\":true");
    retort_buffer_byte(out, '}');
    return true;
}

bool export_put_ours(struct export_run *run, const struct retort_stored *stored,
                     struct retort_buffer *out, struct retort_error *error)
{
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "identity", retort_span_of(stored->comment.identity));
    retort_stored_put_place(out, &stored->comment);
    retort_stored_put_text(out, "stored", stored->comment.stored);
    if (!stored->comment.current)
        retort_buffer_text(out, ",\"gone\":true");
    put_models(out, stored);
    retort_json_key(out, "decisions");
    retort_buffer_byte(out, '[');
    bool read =
        retort_store_each_decision(run->store, stored->comment.id, put_decision, out, error);
    retort_buffer_text(out, "]}");
    return read;
}
