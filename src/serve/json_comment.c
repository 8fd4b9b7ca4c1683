/* COMMENT: one comment with all that a person needs to judge it: what it answers, where it stands,
 * what the models and people have said of it, who is looking at it. */
#include "serve/json.h"

static struct retort_store *store_of(const struct exchange *exchange)
{
    return exchange->worker->store;
}

static void put_article(struct retort_buffer *out, struct retort_span text)
{
    retort_json_key(out, "article");
    if (!text.data) {
        retort_buffer_text(out, "null");
        return;
    }
    retort_buffer_byte(out, '{');
    json_put_text(out, "text", text);
    retort_buffer_byte(out, '}');
}

/* The comment it answers, stored or only told of; what answers the article has no parent. */
static bool put_parent(struct exchange *exchange, const struct retort_stored_comment *comment,
                       const struct retort_item *item, struct retort_error *error)
{
    struct retort_buffer *out = &exchange->out;
    struct retort_stored_comment parent = {.text = item->parent_text};
    bool told = comment->line_parent && item->parent_text.data &&
                !retort_span_equal(item->parent_text, item->article_text);
    if (comment->parent && !retort_store_comment(store_of(exchange), comment->parent,
                                                 &exchange->arena, &parent, error))
        return false;
    if (comment->orphan)
        parent.text = RETORT_SPAN("(what it answers was forgotten)");
    retort_json_key(out, "parent");
    if (!comment->parent && !told && !comment->orphan) {
        retort_buffer_text(out, "null");
        return true;
    }
    retort_buffer_byte(out, '{');
    json_put_id(out, "id", comment->parent);
    json_put_text(out, "author", parent.author);
    json_put_text(out, "text", told ? item->parent_text : parent.text);
    retort_buffer_byte(out, '}');
    return true;
}

static bool put_decision(void *context, const struct retort_stored_decision *decision,
                         struct retort_error *error)
{
    struct retort_buffer *out = context;
    (void)error;
    retort_buffer_text(out, out->data[out->len - 1] == '[' ? "{" : ",{");
    json_put_decision(out, decision);
    retort_buffer_byte(out, '}');
    return true;
}

static bool put_decisions(struct exchange *exchange, int64_t comment, struct retort_error *error)
{
    struct retort_buffer *out = &exchange->out;
    retort_json_key(out, "decisions");
    retort_buffer_byte(out, '[');
    bool read = retort_store_each_decision(store_of(exchange), comment, put_decision, out, error);
    retort_buffer_byte(out, ']');
    return read;
}

void json_put_page(struct retort_buffer *out, int64_t id, struct retort_span source)
{
    retort_json_key(out, "page");
    retort_buffer_byte(out, '{');
    json_put_id(out, "id", id);
    json_put_text(out, "source", source);
    retort_buffer_byte(out, '}');
}

/* page: the row of its page; 0: it came as a line. */
static void put_itself(struct retort_buffer *out, const struct retort_stored_comment *comment,
                       int64_t page)
{
    json_put_id(out, "id", comment->id);
    json_put_text(out, "text", comment->text);
    json_put_text(out, "author", comment->author);
    json_put_text(out, "time", comment->time);
    json_put_text(out, "target", comment->target);
    json_put_text(out, "stored", comment->stored);
    json_put_page(out, comment->source_id, comment->source);
    json_put_id(out, "split_page", page);
    json_put_id(out, "number", comment->paged ? (int64_t)comment->number : 0);
    json_put_stored(out, "meta", comment->meta);
    json_put_flag(out, "current", comment->current);
}

static bool put_thread(struct exchange *exchange, const struct retort_stored_comment *comment,
                       struct retort_error *error)
{
    struct retort_buffer *out = &exchange->out;
    struct retort_neighbour *neighbours;
    size_t n;
    if (!retort_store_neighbours(store_of(exchange), comment, &exchange->arena, &neighbours, &n,
                                 error))
        return false;
    retort_json_key(out, "thread");
    retort_buffer_byte(out, '[');
    for (size_t i = 0; i < n; i++) {
        retort_buffer_text(out, i > 0 ? ",{" : "{");
        json_put_id(out, "id", neighbours[i].id);
        json_put_id(out, "parent", neighbours[i].parent);
        json_put_count(out, "depth", neighbours[i].depth);
        json_put_text(out, "author", neighbours[i].author);
        json_put_excerpt(out, "excerpt", neighbours[i].text);
        json_put_id(out, "number", (int64_t)neighbours[i].number);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
    return true;
}

void json_put_holder(struct exchange *exchange, int64_t comment)
{
    char holder[LEASE_NAME];
    bool held = lease_holder(&exchange->server->leases, comment, lease_clock(), holder);
    json_put_text(&exchange->out, "held_by",
                  held ? retort_span_of(holder) : (struct retort_span){0});
}

bool json_put_comment(struct exchange *exchange, int64_t id, struct retort_error *error)
{
    struct retort_store *store = store_of(exchange);
    struct retort_stored_comment comment;
    struct retort_item item;
    int64_t page = 0;
    if (!retort_store_comment(store, id, &exchange->arena, &comment, error) ||
        !retort_store_item(store, &comment, &exchange->arena, &item, error) ||
        (comment.paged && !retort_store_page_of(store, comment.split, &page, error)))
        return false;
    put_itself(&exchange->out, &comment, page);
    put_article(&exchange->out, item.article_text);
    if (!put_parent(exchange, &comment, &item, error) || !put_thread(exchange, &comment, error) ||
        !json_put_labels_of(exchange, id, error) || !put_decisions(exchange, id, error))
        return false;
    json_put_holder(exchange, id);
    return true;
}
