/* A block as JSON members: what `split --json` and `label --json` say of it. A thread that an
 * export tells has no lines and bytes; its comments name the thread, so that they need not stand
 * together. */
#include "cli/cli.h"

static void put_known(struct retort_buffer *out, const char *key, struct retort_span text)
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

static void put_opening(struct retort_buffer *out, const struct retort_thread *thread)
{
    put_known(out, "id", thread->id);
    put_known(out, "title", thread->title);
    put_known(out, "url", thread->url);
    put_known(out, "date", thread->date);
    put_meta(out, thread->meta);
}

static void put_comment(struct retort_buffer *out, const struct retort_thread *thread,
                        size_t number)
{
    const struct retort_comment *comment = &thread->comments[number - 1];
    retort_buffer_format(out, ",\"comment\":%zu,\"parent\":%td", number, comment->parent + 1);
    if (thread->page.n_lines > 0) { /* an export's parents are told, not found */
        retort_json_key(out, "parent_p");
        retort_buffer_fixed(out, comment->parent_p, 4);
    }
    put_known(out, "id", comment->id);
    put_known(out, "thread", thread->id);
    put_known(out, "author", comment->author);
    put_known(out, "time", comment->time);
    put_meta(out, comment->meta);
}

static bool is_first_article(const struct retort_thread *thread, const struct retort_block *block)
{
    if (block->role != RETORT_ARTICLE)
        return false;
    for (const struct retort_block *before = thread->blocks; before < block; before++)
        if (before->role == RETORT_ARTICLE)
            return false;
    return true;
}

void cli_put_place(struct retort_buffer *out, const struct retort_thread *thread,
                   const struct retort_block *block)
{
    static const char *const ROLES[] = {[RETORT_FURNITURE] = "furniture",
                                        [RETORT_ARTICLE] = "article",
                                        [RETORT_COMMENT] = "comment"};
    retort_json_key(out, "role");
    retort_json_put(out, retort_span_of(ROLES[block->role]));
    if (block->comment > 0)
        put_comment(out, thread, block->comment);
    else if (is_first_article(thread, block))
        put_opening(out, thread);
    if (block->first_line > 0)
        retort_buffer_format(out, ",\"lines\":[%zu,%zu],\"bytes\":[%zu,%zu]", block->first_line,
                             block->last_line, block->begin, block->end);
    retort_json_key(out, "text");
    retort_json_put(out, block->text);
}
