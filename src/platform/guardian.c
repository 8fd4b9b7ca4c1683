/* The Guardian's discussion API: comments, each with its "responses", in one flat list below the
 * comment that began; whom a response answers stands in its responseTo. Without threading all
 * comments are on top and responseTo says the rest. A comment asked for alone is the same, once. */
#include "platform/formats.h"

static const struct fields COMMENT = {.id = "id",
                                      .text = "body",
                                      .author = "userProfile.displayName",
                                      .time = "isoDateTime|date",
                                      .parent = "responseTo.commentId",
                                      .body = BODY_HTML};
/* Of the whole answer, or of the discussion that a comment alone tells of. */
static const struct fields DISCUSSION = {.id = "discussion.key|key",
                                         .title = "discussion.title|title",
                                         .url = "discussion.webUrl|webUrl",
                                         .body = BODY_HTML};

static void add_discussion(struct nesting *nesting, size_t at, const char *key, size_t comments)
{
    struct reader *reader = nesting->reader;
    nesting->thread =
        object_text(nesting->tree, object_path(nesting->tree, at, key), &reader->arena);
    const struct record opening = {.kind = RECORD_OPENING,
                                   .fields = &DISCUSSION,
                                   .thread = nesting->thread,
                                   .tree = nesting->tree,
                                   .at = at,
                                   .drop = {comments},
                                   .container = -1};
    records_add(reader, &opening);
}

static ptrdiff_t add_comment(struct nesting *nesting, size_t element, ptrdiff_t container,
                             size_t *answers)
{
    if (!object_is(nesting->tree, element, '{'))
        return -1;
    *answers = object_array(nesting->tree, element, "responses");
    const struct record record = {.fields = &COMMENT,
                                  .thread = nesting->thread,
                                  .tree = nesting->tree,
                                  .at = element,
                                  .drop = {*answers},
                                  .container = container};
    return records_add(nesting->reader, &record);
}

bool format_guardian(struct reader *reader, struct retort_span bytes, struct retort_error *error)
{
    struct nesting nesting = {.reader = reader, .add = add_comment};
    const struct object_json *tree = nesting.tree = records_document(reader, bytes, error);
    if (!tree)
        return false;
    size_t comments = object_array(tree, 0, "discussion.comments");
    size_t alone = object_member(tree, 0, "comment");
    if (comments == 0 && alone == 0)
        return retort_fail(error, RETORT_INPUT,
                           "holds no Guardian discussion (\"discussion\", \"comments\"); "
                           "check --format");
    if (comments > 0) {
        add_discussion(&nesting, 0, "discussion.key", comments);
        records_nested(&nesting, comments, -1);
        return true;
    }
    size_t discussion = object_member(tree, alone, "discussion"), answers = 0;
    if (!object_is(tree, discussion, '{'))
        discussion = 0;
    if (discussion > 0)
        add_discussion(&nesting, discussion, "key", 0);
    ptrdiff_t record = add_comment(&nesting, alone, -1, &answers);
    if (record >= 0)
        reader->records[record].drop[1] = discussion;
    records_nested(&nesting, answers, record);
    return true;
}
