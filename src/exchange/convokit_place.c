/* Where utterances stand. A conversation has one first utterance, which answers none: a page's (or
 * a line's) article where there is one, else the comment that answers nothing the file knows. A
 * line may answer a later line, or itself by a detour: conversations are found by walking up once,
 * with memory of every comment passed. What came from a corpus stands where it stood. */
#include "exchange/convokit.h"
#include "exchange/values.h"

#include <stdlib.h>
#include <string.h>

enum { WALKING = -1 };

/* ---- lines -------------------------------------------------------------------------------------
 */

static int64_t *root_of(struct convokit *kit, int64_t comment)
{
    size_t at = (size_t)comment;
    if (at >= kit->roots_size) {
        size_t size = 2 * at + 64;
        kit->roots = retort_grow(kit->roots, size, sizeof *kit->roots);
        memset(kit->roots + kit->roots_size, 0, (size - kit->roots_size) * sizeof *kit->roots);
        kit->roots_size = size;
    }
    return &kit->roots[at];
}

/* The root of the comments on this path, once its last is known to answer nobody new. */
static int64_t root_at_end(struct convokit *kit, const struct retort_stored_comment *last)
{
    if (last->parent && *root_of(kit, last->parent) != WALKING)
        return *root_of(kit, last->parent);
    return !last->parent && last->line_article ? -1 - last->line_article : last->id;
}

static bool find_root(struct export_run *run, const struct retort_stored_comment *comment,
                      int64_t *root, struct retort_error *error)
{
    struct convokit *kit = run->state;
    struct retort_buffer path = {0};
    struct retort_stored_comment at = *comment;
    struct retort_arena arena = {0};
    bool read = true;
    *root = *root_of(kit, comment->id);
    while (read && !*root) {
        *root_of(kit, at.id) = WALKING;
        retort_buffer_put(&path, (struct retort_span){(const uint8_t *)&at.id, sizeof at.id});
        if (!at.parent || *root_of(kit, at.parent))
            *root = root_at_end(kit, &at);
        else
            read = retort_store_comment(run->store, at.parent, &arena, &at, error);
    }
    for (size_t i = 0; i < path.len; i += sizeof at.id) {
        int64_t id;
        memcpy(&id, path.data + i, sizeof id);
        *root_of(kit, id) = *root;
    }
    retort_buffer_release(&path);
    retort_arena_release(&arena);
    return read;
}

/* ---- what stands beside ------------------------------------------------------------------------
 */

static void put_conversation(struct convokit *kit, struct retort_span id, struct retort_span source)
{
    struct retort_buffer *out = &kit->conversations.out;
    if (kit->conversations.started)
        retort_buffer_text(out, ",\n");
    kit->conversations.started = true;
    index_note(&kit->index, CONVERSATION, RETORT_SPAN("source"), RETORT_SPAN("\""));
    retort_json_put(out, id);
    retort_buffer_text(out, ":{\"meta\":{\"source\":");
    retort_json_put(out, source);
    retort_buffer_text(out, "},\"vectors\":[]}");
}

/* One of ConvoKit's own. */
static void put_told_conversation(struct convokit *kit, const struct convokit_told *told,
                                  struct retort_arena *arena)
{
    struct retort_buffer *out = &kit->conversations.out;
    struct retort_json_object object;
    if (!hashes_add(&kit->seen_conversations, told->conversation_id))
        return;
    if (kit->conversations.started)
        retort_buffer_text(out, ",\n");
    kit->conversations.started = true;
    retort_json_put(out, told->conversation_id);
    retort_buffer_byte(out, ':');
    if (!values_object(told->conversation, arena, &object)) {
        retort_buffer_text(out, "{\"meta\":{},\"vectors\":[]}");
        return;
    }
    retort_buffer_put(out, told->conversation);
    index_note_all(&kit->index, CONVERSATION, values_member(&object, "meta", arena), arena);
}

void convokit_put_speaker(struct convokit *kit, struct retort_span name, struct retort_span raw,
                          struct retort_arena *arena)
{
    struct retort_buffer *out = &kit->speakers.out;
    struct retort_json_object object;
    if (!hashes_add(&kit->seen_speakers, name))
        return;
    if (kit->speakers.started)
        retort_buffer_text(out, ",\n");
    kit->speakers.started = true;
    retort_json_put(out, name);
    retort_buffer_byte(out, ':');
    if (!values_object(raw, arena, &object)) {
        retort_buffer_text(out, "{\"meta\":{},\"vectors\":[]}");
        return;
    }
    retort_buffer_put(out, raw);
    index_note_all(&kit->index, SPEAKER, values_member(&object, "meta", arena), arena);
}

/* ---- places ------------------------------------------------------------------------------------
 */

struct retort_span convokit_id(const struct convokit *kit,
                               const struct retort_stored_comment *comment)
{
    return kit->native_ids ? retort_stored_id(comment) : retort_span_of(comment->identity);
}

static bool id_by_number(struct export_run *run, int64_t number, struct retort_arena *arena,
                         struct retort_span *id, struct retort_error *error)
{
    struct retort_stored_comment comment;
    if (!retort_store_comment(run->store, number, arena, &comment, error))
        return false;
    *id = retort_arena_copy(arena, convokit_id(run->state, &comment));
    return true;
}

/* The article as the conversation's first utterance, once. */
static bool put_article(struct export_run *run, const struct retort_stored *stored,
                        struct retort_span id, struct retort_arena *arena,
                        struct retort_error *error)
{
    struct convokit *kit = run->state;
    struct retort_buffer *out = &run->file.out;
    struct retort_item item;
    if (!retort_store_item(run->store, &stored->comment, arena, &item, error))
        return false;
    put_conversation(kit, id, stored->comment.source);
    convokit_put_speaker(kit, RETORT_SPAN(CONVOKIT_UNKNOWN), (struct retort_span){0}, arena);
    index_note(&kit->index, UTTERANCE, RETORT_SPAN("article"), RETORT_SPAN("true"));
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", id);
    retort_stored_put_text(out, "speaker", RETORT_SPAN(CONVOKIT_UNKNOWN));
    retort_stored_put_text(out, "conversation_id", id);
    retort_buffer_text(out, ",\"reply_to\":null,\"timestamp\":null");
    retort_stored_put_text(out, "text",
                           item.article_text.data ? item.article_text : RETORT_SPAN(""));
    retort_buffer_text(out, ",\"meta\":{\"article\":true");
    retort_stored_put_text(out, "source", stored->comment.source);
    retort_buffer_text(out, ",\"retort\":\"{}\"},\"vectors\":[]}\n");
    return true;
}

static bool page_place(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct convokit_place *place,
                       struct retort_error *error)
{
    struct convokit *kit = run->state;
    const struct retort_stored_comment *comment = &stored->comment;
    struct retort_buffer id = {0};
    retort_buffer_text(&id, "article:");
    retort_buffer_put(&id, comment->source);
    place->conversation = place->reply_to = retort_arena_copy(arena, retort_buffer_span(&id));
    retort_buffer_release(&id);
    if (flags_add(&kit->seen_sources, comment->source_id) &&
        !put_article(run, stored, place->conversation, arena, error))
        return false;
    /* What is gone from the page may have answered what is not exported. */
    return !comment->parent || !comment->current ||
           id_by_number(run, comment->parent, arena, &place->reply_to, error);
}

static bool line_place(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct convokit_place *place,
                       struct retort_error *error)
{
    struct convokit *kit = run->state;
    const struct retort_stored_comment *comment = &stored->comment;
    char article[40];
    int64_t root;
    if (!find_root(run, comment, &root, error))
        return false;
    *place = (struct convokit_place){.conversation = convokit_id(kit, comment)};
    if (root == comment->id) {
        put_conversation(kit, place->conversation, comment->source);
        return true;
    }
    if (root > 0)
        return id_by_number(run, root, arena, &place->conversation, error) &&
               id_by_number(run, comment->parent, arena, &place->reply_to, error);
    snprintf(article, sizeof article, "article:%lld", (long long)(-1 - root));
    place->conversation = retort_arena_copy(arena, retort_span_of(article));
    place->reply_to = place->conversation;
    if (!comment->parent && flags_add(&kit->seen_passages, -1 - root))
        return put_article(run, stored, place->conversation, arena, error);
    return !comment->parent || id_by_number(run, comment->parent, arena, &place->reply_to, error);
}

bool convokit_place(struct export_run *run, const struct retort_stored *stored,
                    const struct convokit_told *told, struct retort_arena *arena,
                    struct convokit_place *place, struct retort_error *error)
{
    if (!told->conversation_id.data)
        return stored->comment.paged ? page_place(run, stored, arena, place, error)
                                     : line_place(run, stored, arena, place, error);
    *place = (struct convokit_place){told->conversation_id, stored->comment.parent_id};
    put_told_conversation(run->state, told, arena);
    return true;
}
