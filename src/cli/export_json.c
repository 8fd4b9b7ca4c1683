/* Exports in JSON: our own lines, doccano's, Label Studio's.
 *
 * Our own line is what `retort label` reads: what came in comes out as it was, `labels` is what
 * `label --json` gives (with people's words in place of the model's), and all that is ours alone
 * stands under `retort`, so that no name of somebody else's can be taken. */
#include "cli/export.h"

#include <string.h>

/* ---- jsonl ------------------------------------------------------------------------------------
 */

/* Unknown members as they came, but for a `retort` of an earlier export. */
static void put_meta(struct retort_buffer *out, struct retort_span meta, struct retort_arena *arena)
{
    struct retort_json_member *members;
    size_t n_members = meta.data ? retort_json_members(meta, arena, &members) : 0;
    for (size_t i = 0; i < n_members; i++) {
        if (retort_span_equal(members[i].key, RETORT_SPAN("retort")))
            continue;
        retort_buffer_text(out, ",\"");
        retort_buffer_put(out, members[i].key);
        retort_buffer_text(out, "\":");
        retort_buffer_put(out, members[i].value);
    }
}

/* What one model said, with p for every label. */
static void put_model(struct retort_buffer *out, const struct retort_stored_label *label)
{
    retort_buffer_byte(out, '{');
    stored_put_text(out, "model", retort_span_of(label->model->hash));
    stored_put_text(out, "target", label->target.len ? label->target : (struct retort_span){0});
    retort_json_key(out, "label");
    retort_buffer_put(out, label->model_label);
    retort_json_key(out, "unsure");
    retort_buffer_text(out, label->unsure ? "true" : "false");
    stored_put_text(out, "doubt", retort_span_of(retort_doubt_name(label->doubt)));
    retort_json_key(out, "p");
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < label->model->n_labels; i++) {
        retort_json_key(out, label->model->labels[i]);
        retort_buffer_number(out, label->scores[i].p);
    }
    retort_buffer_text(out, "}}");
}

static void put_models(struct retort_buffer *out, const struct stored *stored)
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

static void put_number(struct retort_buffer *out, const char *key, int64_t number)
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
    put_number(out, "id", decision->id);
    stored_put_text(out, "task", decision->task);
    stored_put_text(out, "target",
                    decision->target.len ? decision->target : (struct retort_span){0});
    stored_put_text(out, "kind", decision->kind);
    if (decision->label.data) {
        retort_json_key(out, "label");
        retort_buffer_put(out, decision->label);
    }
    stored_put_text(out, "note", decision->note);
    stored_put_text(out, "reviewer", decision->reviewer);
    stored_put_text(out, "decided", decision->decided);
    if (decision->selection) {
        retort_json_key(out, "probability");
        retort_buffer_number(out, decision->probability);
    }
    stored_put_text(out, "model", decision->model);
    if (decision->shown.data) {
        retort_json_key(out, "shown");
        retort_buffer_put(out, decision->shown);
    }
    put_number(out, "undoes", decision->undoes);
    put_number(out, "batch", decision->batch);
    stored_put_text(out, "via", decision->via);
    stored_put_text(out, "token", decision->token);
    if (decision->undone)
        retort_buffer_text(out, ",\"undone\":true");
    retort_buffer_byte(out, '}');
    return true;
}

bool export_put_ours(struct export_run *run, const struct stored *stored,
                     struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    retort_json_key(out, "retort");
    retort_buffer_byte(out, '{');
    stored_put_text(out, "identity", retort_span_of(stored->comment.identity));
    stored_put_place(out, &stored->comment);
    stored_put_text(out, "stored", stored->comment.stored);
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

/* A line's own context; a page's article stands in the store, once for all its comments. */
static bool put_context(struct export_run *run, const struct stored *stored,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct retort_item item;
    if (stored->comment.paged)
        return true;
    if (!retort_store_item(run->store, &stored->comment, arena, &item, error))
        return false;
    stored_put_text(&run->file.out, "target", stored->comment.target);
    if (stored->comment.line_parent)
        stored_put_text(&run->file.out, "parent_text", item.parent_text);
    stored_put_text(&run->file.out, "article_text", item.article_text);
    return true;
}

bool export_jsonl_put(struct export_run *run, const struct stored *stored,
                      struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    struct retort_span parent;
    if (!stored_parent_id(run->store, &stored->comment, arena, &parent, error))
        return false;
    retort_buffer_byte(out, '{');
    stored_put_text(out, "id", stored_id(&stored->comment));
    stored_put_text(out, "parent_id", parent);
    stored_put_text(out, "author", stored->comment.author);
    stored_put_text(out, "time", stored->comment.time);
    stored_put_text(out, "text", stored->comment.text);
    if (!put_context(run, stored, arena, error))
        return false;
    put_meta(out, stored->comment.meta, arena);
    stored_put_labels(out, stored, arena);
    if (!export_put_ours(run, stored, error))
        return false;
    retort_buffer_text(out, "}\n");
    return true;
}

/* ---- doccano ----------------------------------------------------------------------------------
 */

/* "toxic" when one task is exported, else "tone:toxic": two tasks may share a label's name. */
static void put_plain_labels(struct export_run *run, const struct stored *stored,
                             struct retort_arena *arena)
{
    struct retort_buffer *out = &run->file.out, name = {0};
    retort_json_key(out, "label");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < stored->n_labels; i++) {
        const char **names;
        size_t n_names = stored_label_names(&stored->labels[i], arena, &names);
        for (size_t j = 0; j < n_names; j++) {
            retort_buffer_clear(&name);
            if (!run->task) {
                retort_buffer_put(&name, stored->labels[i].task);
                retort_buffer_byte(&name, ':');
            }
            retort_buffer_text(&name, names[j]);
            if (out->data[out->len - 1] != '[')
                retort_buffer_byte(out, ',');
            retort_json_put(out, retort_buffer_span(&name));
        }
    }
    retort_buffer_byte(out, ']');
    retort_buffer_release(&name);
}

bool export_doccano_put(struct export_run *run, const struct stored *stored,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    struct retort_span parent;
    if (!stored_parent_id(run->store, &stored->comment, arena, &parent, error))
        return false;
    retort_buffer_byte(out, '{');
    put_number(out, "id", stored->comment.id);
    stored_put_text(out, "text", stored->comment.text);
    put_plain_labels(run, stored, arena);
    retort_json_key(out, "meta");
    retort_buffer_byte(out, '{');
    stored_put_text(out, "id", stored_id(&stored->comment));
    stored_put_text(out, "parent_id", parent);
    stored_put_text(out, "author", stored->comment.author);
    stored_put_text(out, "time", stored->comment.time);
    stored_put_text(out, "target", stored->comment.target);
    if (stored->comment.meta.data) {
        retort_json_key(out, "unknown");
        retort_buffer_put(out, stored->comment.meta);
    }
    if (!export_put_ours(run, stored, error))
        return false;
    retort_buffer_text(out, "}}\n");
    return true;
}

/* ---- Label Studio -----------------------------------------------------------------------------
 */

static void put_choices(struct retort_buffer *out, struct retort_span task,
                        struct retort_span names)
{
    if (out->data[out->len - 1] != '[')
        retort_buffer_byte(out, ',');
    retort_buffer_byte(out, '{');
    stored_put_text(out, "from_name", task);
    stored_put_text(out, "to_name", RETORT_SPAN("text"));
    stored_put_text(out, "type", RETORT_SPAN("choices"));
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

static void put_predictions(struct retort_buffer *out, const struct stored *stored)
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
static void put_annotations(struct retort_buffer *out, const struct stored *stored)
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

bool export_studio_put(struct export_run *run, const struct stored *stored,
                       struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    struct retort_span parent;
    if (!stored_parent_id(run->store, &stored->comment, arena, &parent, error))
        return false;
    retort_buffer_text(out, run->n_written ? ",\n{" : "\n{");
    put_number(out, "id", stored->comment.id);
    retort_json_key(out, "data");
    retort_buffer_byte(out, '{');
    stored_put_text(out, "text", stored->comment.text);
    stored_put_text(out, "id", stored_id(&stored->comment));
    stored_put_text(out, "parent_id", parent);
    stored_put_text(out, "author", stored->comment.author);
    stored_put_text(out, "time", stored->comment.time);
    stored_put_text(out, "target", stored->comment.target);
    if (stored->comment.meta.data) {
        retort_json_key(out, "meta");
        retort_buffer_put(out, stored->comment.meta);
    }
    if (!export_put_ours(run, stored, error))
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
