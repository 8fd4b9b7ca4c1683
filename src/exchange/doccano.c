/* doccano, out: a JSON line a comment, with the names of its labels; `label_was` says them again,
 * as doccano changes the first alone. */
#include "exchange/envelope.h"
#include "exchange/values.h"

static void put_names(struct export_run *run, const struct retort_stored *stored,
                      struct retort_arena *arena)
{
    struct retort_buffer *out = &run->file.out;
    const struct retort_stored_label *label;
    bool first = true;
    for (size_t at = 0; (label = envelope_next_label(run, stored, &at));) {
        struct retort_span *names;
        size_t n_names = values_elements(label->label, arena, &names);
        for (size_t i = 0; i < n_names; i++, first = false) {
            if (!first)
                retort_buffer_byte(out, ',');
            envelope_put_name(out, run, label->task, values_text(names[i], arena));
        }
    }
}

bool export_doccano_put(struct export_run *run, const struct retort_stored *stored,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    retort_buffer_text(out, "{\"label\":[");
    put_names(run, stored, arena);
    retort_buffer_text(out, "],\"label_was\":[");
    put_names(run, stored, arena);
    retort_buffer_byte(out, ']');
    if (!envelope_put(run, stored, arena, error))
        return false;
    retort_buffer_text(out, "}\n");
    return true;
}
