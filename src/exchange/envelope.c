/* What annotators see of a comment, and what comes back: without the claim and what it answers a
 * stance cannot be judged, so they are told, too. */
#include "exchange/envelope.h"

#include "exchange/values.h"
#include "intake/intake.h"

/* Empty where nothing is known: a page would show "null", and pandas makes NaN of it. */
static void put_shown(struct retort_buffer *out, const char *key, struct retort_span text)
{
    retort_json_key(out, key);
    retort_json_put(out, text);
}

static struct retort_span claim_of(const struct retort_stored_comment *comment,
                                   const struct retort_item *item)
{
    if (comment->target.data || !item->article_text.data)
        return comment->target;
    return retort_intake_headline(item->article_text);
}

/* What is to be judged. */
static void put_tasks(struct export_run *run, const struct retort_stored *stored)
{
    struct retort_buffer *out = &run->file.out;
    const struct retort_stored_label *label;
    retort_buffer_text(out, ",\"tasks\":[");
    for (size_t at = 0; (label = envelope_next_label(run, stored, &at));) {
        if (out->data[out->len - 1] != '[')
            retort_buffer_byte(out, ',');
        retort_json_put(out, label->task);
    }
    retort_buffer_byte(out, ']');
}

bool envelope_put_told(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct retort_error *error)
{
    const struct retort_stored_comment *comment = &stored->comment;
    struct retort_buffer ours = {0};
    struct retort_item item;
    if (!retort_store_item(run->store, comment, arena, &item, error))
        return false;
    retort_buffer_byte(&ours, '{');
    retort_stored_put_text(&ours, "comment_id", retort_stored_id(comment));
    retort_stored_put_text(&ours, "parent_id", comment->parent_id);
    retort_stored_put_text(&ours, "author", comment->author);
    retort_stored_put_text(&ours, "time", comment->time);
    retort_stored_put_text(&ours, "target", comment->target);
    if (comment->line_parent)
        retort_stored_put_text(&ours, "parent_text", item.parent_text);
    if (!comment->paged)
        retort_stored_put_text(&ours, "article_text", item.article_text);
    if (comment->meta.data) {
        retort_json_key(&ours, "meta");
        retort_buffer_put(&ours, comment->meta);
    }
    retort_json_key(&ours, "ours");
    bool put = export_put_ours(run, stored, &ours, error);
    retort_buffer_byte(&ours, '}');
    retort_json_key(&run->file.out, "retort");
    retort_json_put(&run->file.out, retort_buffer_span(&ours));
    retort_buffer_release(&ours);
    return put;
}

bool envelope_put(struct export_run *run, const struct retort_stored *stored,
                  struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    const struct retort_stored_comment *comment = &stored->comment;
    struct retort_span parent;
    struct retort_item item;
    if (!retort_stored_parent_id(run->store, comment, arena, &parent, error) ||
        !retort_store_item(run->store, comment, arena, &item, error))
        return false;
    put_shown(out, "text", comment->text);
    put_shown(out, "comment_id", retort_stored_id(comment));
    put_shown(out, "parent_id", parent);
    put_shown(out, "author", comment->author);
    put_shown(out, "time", comment->time);
    put_shown(out, "source", comment->source);
    put_shown(out, "claim", claim_of(comment, &item));
    put_shown(out, "parent_text", item.parent_text);
    put_tasks(run, stored);
    return envelope_put_told(run, stored, arena, error);
}

const struct retort_stored_label *
envelope_next_label(const struct export_run *run, const struct retort_stored *stored, size_t *at)
{
    while (*at < stored->n_labels) {
        size_t i = (*at)++;
        const struct retort_stored_label *label = &stored->labels[i];
        bool first = i == 0 || !retort_span_equal(label->task, stored->labels[i - 1].task);
        if (first && export_wants(run, label))
            return label;
    }
    return NULL;
}

void envelope_put_name(struct retort_buffer *out, const struct export_run *run,
                       struct retort_span task, struct retort_span name)
{
    struct retort_buffer whole = {0};
    if (!run->task) {
        retort_buffer_put(&whole, task);
        retort_buffer_byte(&whole, ':');
    }
    retort_buffer_put(&whole, name);
    retort_json_put(out, retort_buffer_span(&whole));
    retort_buffer_release(&whole);
}
