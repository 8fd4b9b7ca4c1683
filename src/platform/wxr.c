/* WordPress extended RSS: items (posts, pages, attachments), each with its comments inside, so an
 * item is delivered when it ends and memory holds no more than one. What an item or comment is
 * (post, attachment; approved, spam, trash; pingback) stays in meta by WordPress' names. */
#include "platform/formats.h"
#include "platform/xml.h"

static const char *const WANTED[] = {"rss/channel/item", "rss/channel/item/wp:comment"};
enum { ITEM, COMMENT, N_WANTED };

static const struct fields FIELDS[N_WANTED] = {
    [ITEM] = {.id = "wp:post_id",
              .text = "content:encoded",
              .time = "wp:post_date_gmt|wp:post_date|pubDate",
              .title = "title",
              .url = "link",
              .body = BODY_WORDPRESS},
    [COMMENT] = {.id = "wp:comment_id",
                 .text = "wp:comment_content",
                 .author = "wp:comment_author",
                 .time = "wp:comment_date_gmt|wp:comment_date",
                 .parent = "wp:comment_parent",
                 .body = BODY_WORDPRESS},
};

struct items {
    struct reader *reader;
    struct retort_error *error;
};

/* All records are of one item: they need no key. */
static bool found(void *context, size_t which, bool whole, struct retort_span json)
{
    struct items *items = context;
    struct reader *reader = items->reader;
    const struct record record = {.kind = which == ITEM ? RECORD_OPENING : RECORD_COMMENT,
                                  .fields = &FIELDS[which],
                                  .thread = RECORDS_NAMELESS,
                                  .json = retort_arena_copy(&reader->arena, json),
                                  .container = -1};
    if (whole || which == ITEM)
        records_add(reader, &record);
    if (which != ITEM)
        return true;
    bool wanted = records_deliver(reader, items->error);
    retort_arena_release(&reader->arena);
    return wanted;
}

bool format_wxr(struct reader *reader, struct retort_span bytes, struct retort_error *error)
{
    struct retort_error broken;
    struct items items = {reader, error};
    const struct xml_reading reading = {WANTED, N_WANTED, found, &items};
    bool stopped, read = xml_read(&reading, bytes, &stopped, &broken);
    if (!read && !stopped)
        *error = broken;
    return read;
}
