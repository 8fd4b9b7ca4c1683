/* Disqus XML: all threads, then all posts; a post names its thread and the post it answers. A
 * thread with posts but without an entry of its own is a thread without a title. */
#include "platform/formats.h"
#include "platform/xml.h"

static const char *const WANTED[] = {"disqus/thread", "disqus/post"};
enum { THREAD, POST, N_WANTED };

/* A post may lack Disqus' own id and have only the one it was imported with. */
static const struct fields FIELDS[N_WANTED] = {
    [THREAD] = {.id = "@dsq:id",
                .text = "message",
                .time = "createdAt",
                .title = "title",
                .url = "link",
                .body = BODY_HTML},
    [POST] = {.id = "@dsq:id|id",
              .text = "message",
              .author = "author.name|author.username",
              .time = "createdAt",
              .parent = "parent.@dsq:id",
              .body = BODY_HTML},
};
static const char *const THREAD_KEYS[N_WANTED] = {"@dsq:id", "thread.@dsq:id"};

static bool found(void *context, size_t which, bool whole, struct retort_span json)
{
    struct reader *reader = context;
    struct record record = {.kind = which == THREAD ? RECORD_OPENING : RECORD_COMMENT,
                            .fields = &FIELDS[which],
                            .container = -1};
    struct retort_arena arena = {0};
    if (!whole)
        return true;
    record.json = retort_arena_copy(&reader->arena, json);
    const struct object_json tree = object_parse(record.json, &arena);
    size_t key = object_path(&tree, 0, THREAD_KEYS[which]);
    record.thread = retort_arena_copy(&reader->arena, object_text(&tree, key, &arena));
    record.drop[0] = key;
    records_add(reader, &record);
    retort_arena_release(&arena);
    return true;
}

bool format_disqus(struct reader *reader, struct retort_span bytes, struct retort_error *error)
{
    const struct xml_reading reading = {WANTED, N_WANTED, found, reader};
    bool stopped, read = xml_read(&reading, bytes, &stopped, error);
    return read;
}
