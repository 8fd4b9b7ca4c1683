/* ITEM: a comment in the queue, short: how it begins, where it stands, what the models say. */
#include "serve/json.h"

#include "review/review.h"

static bool put_item(struct exchange *exchange, const struct retort_queue_item *item,
                     struct retort_error *error)
{
    struct retort_store *store = exchange->worker->store;
    struct retort_buffer *out = &exchange->out;
    struct retort_stored_comment comment;
    size_t n_replies;
    if (!retort_store_comment(store, item->comment, &exchange->arena, &comment, error) ||
        !retort_store_replies(store, &comment, &n_replies, error))
        return false;
    json_put_id(out, "comment", item->comment);
    json_put_text(out, "task", retort_span_of(item->model->task));
    json_put_number(out, "score", item->score);
    json_put_excerpt(out, "excerpt", comment.text);
    json_put_text(out, "author", comment.author);
    json_put_text(out, "time", comment.time);
    json_put_page(out, comment.source_id, comment.source);
    json_put_count(out, "replies", n_replies);
    if (!json_put_labels_of(exchange, item->comment, error))
        return false;
    json_put_holder(exchange, item->comment);
    return true;
}

bool json_put_items(struct exchange *exchange, const char *key,
                    const struct retort_queue_item *items, size_t n_items,
                    struct retort_error *error)
{
    retort_json_key(&exchange->out, key);
    retort_buffer_byte(&exchange->out, '[');
    for (size_t i = 0; i < n_items; i++) {
        retort_buffer_text(&exchange->out, i > 0 ? ",{" : "{");
        if (!put_item(exchange, &items[i], error))
            return false;
        retort_buffer_byte(&exchange->out, '}');
    }
    retort_buffer_byte(&exchange->out, ']');
    return true;
}
