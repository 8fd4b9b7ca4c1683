/* What every thread of an export must hold, and how it is written down: as `split --json` does. */
#include "platform/dump.h"

static void put_text(struct retort_buffer *out, const char *key, struct retort_span text)
{
    if (text.len == 0)
        return;
    retort_json_key(out, key);
    retort_json_put(out, text);
}

static void put_meta(struct retort_buffer *out, struct retort_span meta)
{
    if (meta.len == 0)
        return;
    retort_json_key(out, "meta");
    retort_buffer_put(out, meta);
}

static void put_article(struct retort_buffer *out, const struct retort_thread *thread)
{
    retort_buffer_text(out, "{\"role\":\"article\"");
    put_text(out, "id", thread->id);
    put_text(out, "title", thread->title);
    put_text(out, "url", thread->url);
    put_text(out, "date", thread->date);
    put_meta(out, thread->meta);
    retort_json_key(out, "text");
    retort_json_put(out, thread->article);
    retort_buffer_text(out, "}\n");
}

static void put_comment(struct retort_buffer *out, const struct retort_thread *thread, size_t i)
{
    const struct retort_comment *comment = &thread->comments[i];
    retort_buffer_format(out, "{\"role\":\"comment\",\"comment\":%zu,\"parent\":%td", i + 1,
                         comment->parent + 1);
    put_text(out, "id", comment->id);
    put_text(out, "thread", thread->id);
    put_text(out, "author", comment->author);
    put_text(out, "time", comment->time);
    put_meta(out, comment->meta);
    retort_json_key(out, "text");
    retort_json_put(out, comment->text);
    retort_buffer_text(out, "}\n");
}

static void demand(struct dump *dump, bool holds, const char *what)
{
    if (!holds)
        dump->broken = what;
}

static bool is_object_or_none(struct retort_span meta)
{
    struct retort_error error;
    return meta.len == 0 || (meta.data[0] == '{' && retort_json_check(meta, &error));
}

static void check_thread(struct dump *dump, const struct retort_thread *thread)
{
    demand(dump, thread->n_comments > 0 || thread->article.len > 0, "an empty thread is shown");
    demand(dump, is_object_or_none(thread->meta), "a thread's meta is no JSON object");
    demand(dump, retort_utf8_valid(thread->article), "an article is not UTF-8");
    size_t opening = thread->n_blocks - thread->n_comments;
    demand(dump, opening <= 1, "there are blocks of nothing");
    for (size_t i = 0; i < thread->n_comments; i++) {
        const struct retort_block *block = &thread->blocks[opening + i];
        demand(dump, block->comment == i + 1 && block->role == RETORT_COMMENT,
               "a comment's block is of another");
        const struct retort_comment *comment = &thread->comments[i];
        demand(dump, comment->parent >= -1 && comment->parent < (ptrdiff_t)i,
               "a parent's index is not below its child's");
        demand(dump, is_object_or_none(comment->meta), "a comment's meta is no JSON object");
        demand(dump, retort_utf8_valid(comment->text), "a comment is not UTF-8");
    }
}

bool dump_thread(void *context, const struct retort_thread *thread, struct retort_error *error)
{
    struct dump *dump = context;
    check_thread(dump, thread);
    for (size_t b = 0; b < thread->n_blocks; b++)
        if (thread->blocks[b].comment > 0)
            put_comment(&dump->lines, thread, thread->blocks[b].comment - 1);
        else
            put_article(&dump->lines, thread);
    dump->n_threads++;
    dump->n_comments += thread->n_comments;
    if (dump->n_threads == dump->stop_after)
        return retort_fail(error, RETORT_RUNTIME, "that is enough");
    return true;
}
