/* The columns that doccano and Label Studio carry along. `claim`, and `parent_text` where
 * `parent_told` is false, are for people's eyes, as a stance cannot be judged without them; they
 * are left when the record comes back. */
#include "exchange/envelope.h"

#include "exchange/values.h"
#include "intake/intake.h"

/* Only for people's eyes: empty where nothing is known, as a page would show "null". */
static void put_shown(struct retort_buffer *out, const char *key, struct retort_span text)
{
    retort_json_key(out, key);
    retort_json_put(out, text);
}

static void put_text(struct retort_buffer *out, const char *key, struct retort_span text)
{
    retort_json_key(out, key);
    if (text.data)
        retort_json_put(out, text);
    else
        retort_buffer_text(out, "null");
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

static bool put_ours(struct export_run *run, const struct retort_stored *stored,
                     struct retort_error *error)
{
    struct retort_buffer ours = {0};
    bool put = export_put_ours(run, stored, &ours, error);
    put_text(&run->file.out, "retort", retort_buffer_span(&ours));
    retort_buffer_release(&ours);
    return put;
}

bool envelope_put(struct export_run *run, const struct retort_stored *stored,
                  struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    const struct retort_stored_comment *comment = &stored->comment;
    struct retort_span parent, none = {0};
    struct retort_item item;
    if (!retort_stored_parent_id(run->store, comment, arena, &parent, error) ||
        !retort_store_item(run->store, comment, arena, &item, error))
        return false;
    put_text(out, "text", comment->text);
    put_text(out, "comment_id", retort_stored_id(comment));
    put_text(out, "parent_id", parent);
    put_text(out, "author", comment->author);
    put_text(out, "time", comment->time);
    put_text(out, "source", comment->source);
    put_shown(out, "claim", claim_of(comment, &item));
    put_shown(out, "parent_text", item.parent_text);
    retort_json_key(out, "parent_told");
    retort_buffer_text(out, comment->line_parent ? "true" : "false");
    put_text(out, "target", comment->target);
    put_text(out, "article_text", comment->paged ? none : item.article_text);
    put_text(out, "meta", comment->meta);
    put_tasks(run, stored);
    return put_ours(run, stored, error);
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
