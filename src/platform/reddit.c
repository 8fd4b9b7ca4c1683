/* Reddit's API: listings of things, each {"kind": …, "data": …}; t1 a comment, t3 a post, "more"
 * comments that were not sent. [post, comments], a listing alone, and the answer of morechildren
 * ({"json":{"data":{"things":[…]}}}) are the same walk. A comment knows its post (link_id). */
#include "platform/formats.h"

static const struct fields COMMENT = {.id = "name|id",
                                      .text = "body",
                                      .author = "author",
                                      .time = "created_utc|created",
                                      .parent = "parent_id",
                                      .body = BODY_REDDIT};
static const struct fields POST = {.id = "name|id",
                                   .text = "selftext",
                                   .time = "created_utc|created",
                                   .title = "title",
                                   .url = "url",
                                   .body = BODY_REDDIT};

static struct retort_span text_at(const struct nesting *nesting, size_t at, const char *name)
{
    return object_text(nesting->tree, object_member(nesting->tree, at, name),
                       &nesting->reader->arena);
}

/* A post's full name: comments say it as their link_id. */
static struct retort_span post_name(const struct nesting *nesting, size_t data)
{
    struct retort_span name = text_at(nesting, data, "name"), id = text_at(nesting, data, "id");
    struct retort_buffer full = {0};
    if (name.len > 0 || id.len == 0)
        return name;
    retort_buffer_text(&full, "t3_");
    retort_buffer_put(&full, id);
    name = retort_arena_copy(&nesting->reader->arena, retort_buffer_span(&full));
    retort_buffer_release(&full);
    return name;
}

static ptrdiff_t add_thing(struct nesting *nesting, size_t element, ptrdiff_t container,
                           size_t *answers)
{
    const struct object_json *tree = nesting->tree;
    struct retort_span kind = text_at(nesting, element, "kind");
    size_t data = object_member(tree, element, "data");
    struct record record = {.tree = tree, .at = data, .container = container};
    if (retort_span_equal(kind, RETORT_SPAN("Listing"))) {
        *answers = object_array(tree, data, "children");
        return container;
    }
    if (!object_is(tree, data, '{') || data == 0)
        return -1;
    if (retort_span_equal(kind, RETORT_SPAN("t1"))) {
        record.fields = &COMMENT;
        *answers = object_array(tree, data, "replies.data.children");
        size_t replies = object_member(tree, data, "replies");
        bool none = retort_span_equal(tree->parts[replies].bytes, RETORT_SPAN("\"\""));
        record.drop[0] = *answers > 0 || none ? replies : 0;
    } else if (retort_span_equal(kind, RETORT_SPAN("t3"))) {
        record.kind = RECORD_OPENING;
        record.fields = &POST;
        nesting->thread = post_name(nesting, data);
    } else if (retort_span_equal(kind, RETORT_SPAN("more"))) {
        record.kind = RECORD_STUB;
    } else {
        return -1;
    }
    struct retort_span link = text_at(nesting, data, "link_id");
    record.thread = link.len > 0 && record.kind != RECORD_OPENING ? link : nesting->thread;
    if (record.kind != RECORD_OPENING)
        nesting->thread = record.thread;
    if (link.len > 0 && record.kind == RECORD_COMMENT)
        record.drop[1] = object_member(tree, data, "link_id");
    return records_add(nesting->reader, &record);
}

bool format_reddit(struct reader *reader, struct retort_span bytes, struct retort_error *error)
{
    static const char *const LISTS[] = {"data.children", "json.data.things"};
    struct nesting nesting = {.reader = reader, .add = add_thing};
    nesting.tree = records_document(reader, bytes, error);
    if (!nesting.tree)
        return false;
    size_t list = 0;
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS && list == 0; i++)
        list = object_array(nesting.tree, 0, LISTS[i]);
    records_nested(&nesting, list, -1);
    return reader->n_records > 0 ||
           retort_fail(error, RETORT_INPUT,
                       "holds no Reddit listing with a post or comment; check --format");
}
