/* Hacker News by Algolia: an item with its answers nested as "children", or several items in an
 * array, or the "hits" of a search, which know their story. An item may be a comment itself. */
#include "platform/formats.h"

static const struct fields COMMENT = {.id = "id|objectID",
                                      .text = "text|comment_text",
                                      .author = "author",
                                      .time = "created_at|created_at_i",
                                      .parent = "parent_id",
                                      .body = BODY_HTML};
static const struct fields STORY = {.id = "id|objectID",
                                    .text = "text|story_text",
                                    .time = "created_at|created_at_i",
                                    .title = "title",
                                    .url = "url",
                                    .body = BODY_HTML};

static struct retort_span text_at(const struct nesting *nesting, size_t at, const char *name)
{
    return object_text(nesting->tree, object_member(nesting->tree, at, name),
                       &nesting->reader->arena);
}

static ptrdiff_t add_comment(struct nesting *nesting, size_t element, ptrdiff_t container,
                             size_t *answers)
{
    if (!object_is(nesting->tree, element, '{'))
        return -1;
    size_t story = object_member(nesting->tree, element, "story_id");
    bool told = retort_span_equal(object_text(nesting->tree, story, &nesting->reader->arena),
                                  nesting->thread);
    *answers = object_array(nesting->tree, element, "children");
    const struct record record = {.fields = &COMMENT,
                                  .thread = nesting->thread,
                                  .tree = nesting->tree,
                                  .at = element,
                                  .drop = {*answers, told ? story : 0},
                                  .container = container};
    return records_add(nesting->reader, &record);
}

static bool is_comment(const struct nesting *nesting, size_t item)
{
    struct retort_span type = text_at(nesting, item, "type");
    return retort_span_equal(type, RETORT_SPAN("comment")) ||
           text_at(nesting, item, "comment_text").len > 0;
}

/* An item or hit with all that answers it. */
static void add_item(struct nesting *nesting, size_t item)
{
    size_t answers = object_array(nesting->tree, item, "children");
    struct retort_span story = text_at(nesting, item, "story_id");
    struct retort_span id = text_at(nesting, item, "id");
    ptrdiff_t container = -1;
    if (id.len == 0)
        id = text_at(nesting, item, "objectID");
    nesting->thread = story.len > 0 ? story : id;
    if (is_comment(nesting, item)) {
        container = add_comment(nesting, item, -1, &answers);
    } else {
        const struct record record = {.kind = RECORD_OPENING,
                                      .fields = &STORY,
                                      .thread = nesting->thread,
                                      .tree = nesting->tree,
                                      .at = item,
                                      .drop = {answers},
                                      .container = -1};
        records_add(nesting->reader, &record);
    }
    records_nested(nesting, answers, container);
}

bool format_hn(struct reader *reader, struct retort_span bytes, struct retort_error *error)
{
    struct nesting nesting = {.reader = reader, .add = add_comment};
    nesting.tree = records_document(reader, bytes, error);
    if (!nesting.tree)
        return false;
    const struct object_json *tree = nesting.tree;
    size_t list = object_member(tree, 0, "hits");
    bool listed = object_is(tree, list, '[');
    if (!listed && object_member(tree, 0, "id") > 0)
        add_item(&nesting, 0);
    for (size_t item = list + 1; listed && item < tree->parts[list].next;
         item = tree->parts[item].next)
        if (object_is(tree, item, '{'))
            add_item(&nesting, item);
    return reader->n_records > 0 || listed ||
           retort_fail(error, RETORT_INPUT,
                       "holds no Hacker News item (\"id\", \"children\"); check --format");
}
