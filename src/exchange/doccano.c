/* doccano: a JSON line a comment, with its labels by name. */
#include "exchange/export.h"

/* "toxic" when one task is exported, else "tone:toxic": two tasks may share a label's name. */
static void put_plain_labels(struct export_run *run, const struct retort_stored *stored,
                             struct retort_arena *arena)
{
    struct retort_buffer *out = &run->file.out, name = {0};
    retort_json_key(out, "label");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < stored->n_labels; i++) {
        const char **names;
        size_t n_names = retort_stored_label_names(&stored->labels[i], arena, &names);
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

bool export_doccano_put(struct export_run *run, const struct retort_stored *stored,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    struct retort_span parent;
    if (!retort_stored_parent_id(run->store, &stored->comment, arena, &parent, error))
        return false;
    retort_buffer_byte(out, '{');
    export_put_number(out, "id", stored->comment.id);
    retort_stored_put_text(out, "text", stored->comment.text);
    put_plain_labels(run, stored, arena);
    retort_json_key(out, "meta");
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", retort_stored_id(&stored->comment));
    retort_stored_put_text(out, "parent_id", parent);
    retort_stored_put_text(out, "author", stored->comment.author);
    retort_stored_put_text(out, "time", stored->comment.time);
    retort_stored_put_text(out, "target", stored->comment.target);
    if (stored->comment.meta.data) {
        retort_json_key(out, "unknown");
        retort_buffer_put(out, stored->comment.meta);
    }
    retort_json_key(out, "retort");
    if (!export_put_ours(run, stored, out, error))
        return false;
    retort_buffer_text(out, "}}\n");
    return true;
}
