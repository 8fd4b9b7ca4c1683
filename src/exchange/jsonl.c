/* JSON lines: what `retort label` reads. What came in comes out as it was, `labels` is what
 * `label --json` gives (with people's words in place of the model's), and all that is ours alone
 * stands under `retort`. */
#include "exchange/export.h"

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

bool export_context(struct export_run *run, const struct retort_stored_comment *comment,
                    struct retort_arena *arena, struct retort_item *item,
                    struct retort_error *error)
{
    *item = (struct retort_item){0};
    if (comment->paged)
        return true;
    if (!retort_store_item(run->store, comment, arena, item, error))
        return false;
    if (!comment->line_parent)
        item->parent_text = (struct retort_span){0};
    return true;
}

static bool put_context(struct export_run *run, const struct retort_stored *stored,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct retort_item item;
    if (!export_context(run, &stored->comment, arena, &item, error))
        return false;
    retort_stored_put_text(&run->file.out, "target", stored->comment.target);
    retort_stored_put_text(&run->file.out, "parent_text", item.parent_text);
    retort_stored_put_text(&run->file.out, "article_text", item.article_text);
    return true;
}

bool export_jsonl_put(struct export_run *run, const struct retort_stored *stored,
                      struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    struct retort_span parent;
    if (!retort_stored_parent_id(run->store, &stored->comment, arena, &parent, error))
        return false;
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", retort_stored_id(&stored->comment));
    retort_stored_put_text(out, "parent_id", parent);
    retort_stored_put_text(out, "author", stored->comment.author);
    retort_stored_put_text(out, "time", stored->comment.time);
    retort_stored_put_text(out, "text", stored->comment.text);
    if (!put_context(run, stored, arena, error))
        return false;
    put_meta(out, stored->comment.meta, arena);
    retort_stored_put_labels(out, stored, arena);
    retort_json_key(out, "retort");
    if (!export_put_ours(run, stored, out, error))
        return false;
    retort_buffer_text(out, "}\n");
    return true;
}
