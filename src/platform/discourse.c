/* A Discourse topic: posts in the order of their numbers, number 1 being what the others talk of.
 * An answer names its parent by that number. The topic's posts that were not sent are only ids, in
 * post_stream.stream, and stay in meta. */
#include "platform/formats.h"

static const struct fields POST = {.id = "id",
                                   .text = "cooked|raw",
                                   .author = "username|name",
                                   .time = "created_at",
                                   .link = "post_number",
                                   .parent = "reply_to_post_number",
                                   .body = BODY_HTML};
/* Of the topic, and then of its first post. */
static const struct fields TOPIC = {.id = "id",
                                    .text = "cooked|raw",
                                    .time = "created_at",
                                    .title = "title",
                                    .link = "post_number",
                                    .body = BODY_HTML};

bool format_discourse(struct reader *reader, struct retort_span bytes, struct retort_error *error)
{
    const struct object_json *tree = records_document(reader, bytes, error);
    size_t posts = tree ? object_array(tree, 0, "post_stream.posts") : 0;
    if (!tree)
        return false;
    if (posts == 0)
        return retort_fail(error, RETORT_INPUT,
                           "holds no Discourse topic (\"post_stream\", \"posts\"); check --format");
    struct record record = {.kind = RECORD_OPENING,
                            .fields = &TOPIC,
                            .thread =
                                object_text(tree, object_member(tree, 0, "id"), &reader->arena),
                            .tree = tree,
                            .drop = {posts},
                            .container = -1};
    records_add(reader, &record);
    record.drop[0] = 0;
    for (size_t post = posts + 1; post < tree->parts[posts].next; post = tree->parts[post].next) {
        size_t number = object_member(tree, post, "post_number");
        bool first = number > 0 && retort_span_equal(tree->parts[number].bytes, RETORT_SPAN("1"));
        record.kind = first ? RECORD_OPENING : RECORD_COMMENT;
        record.fields = first ? &TOPIC : &POST;
        record.at = post;
        if (object_is(tree, post, '{'))
            records_add(reader, &record);
    }
    return true;
}
