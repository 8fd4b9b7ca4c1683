/* ConvoKit: a directory of utterances.jsonl, speakers.json, conversations.json, corpus.json and
 * index.json.
 *
 * A conversation has one first utterance, which answers none: a page's (or a line's) article where
 * there is one, else the comment that answers nothing the file knows. An utterance's id is the
 * native one; where a native id stands for two comments, all ids are identities instead. A line may
 * answer a later line, or itself by a detour: conversations are found by walking up once, with
 * memory of every comment passed. */
#include "exchange/export.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char UNKNOWN_SPEAKER[] = "[unknown]";

/* A set of small numbers or of hashes, growing. */
struct flags {
    bool *at;
    size_t size;
};

struct hashes {
    uint64_t *slots; /* 0: free */
    size_t n, size;
};

enum { WALKING = -1 };

struct convokit {
    const char *directory;
    struct export_file speakers, conversations;
    struct hashes seen_speakers;
    struct flags seen_sources, seen_passages;
    bool native_ids;
    /* Of the line comment with this id: 0 unknown, else the comment that begins its conversation,
     * or below −1: −1 − the passage that does. */
    int64_t *roots;
    size_t roots_size;
};

/* ---- sets -------------------------------------------------------------------------------------
 */

static bool flag(struct flags *flags, int64_t number)
{
    size_t at = (size_t)number;
    if (at >= flags->size) {
        size_t size = 2 * at + 64;
        flags->at = retort_grow(flags->at, size, sizeof *flags->at);
        memset(flags->at + flags->size, 0, (size - flags->size) * sizeof *flags->at);
        flags->size = size;
    }
    bool fresh = !flags->at[at];
    flags->at[at] = true;
    return fresh;
}

static bool insert(struct hashes *set, uint64_t hash)
{
    size_t at = hash & (set->size - 1);
    while (set->slots[at] && set->slots[at] != hash)
        at = (at + 1) & (set->size - 1);
    bool fresh = !set->slots[at];
    set->slots[at] = hash;
    set->n += fresh;
    return fresh;
}

static bool add(struct hashes *set, struct retort_span text, uint64_t seed)
{
    if (set->n * 2 >= set->size) {
        struct hashes grown = {.size = set->size ? set->size * 2 : 1024};
        grown.slots = retort_grow(NULL, grown.size, sizeof *grown.slots);
        memset(grown.slots, 0, grown.size * sizeof *grown.slots);
        for (size_t i = 0; i < set->size; i++)
            if (set->slots[i])
                insert(&grown, set->slots[i]);
        free(set->slots);
        *set = grown;
    }
    return insert(set, retort_hash(text, seed) | 1);
}

/* ---- files ------------------------------------------------------------------------------------
 */

static bool open_part(struct convokit *kit, struct export_file *file, const char *name,
                      struct retort_error *error)
{
    struct retort_buffer path = {0};
    retort_buffer_format(&path, "%s/%s", kit->directory, name);
    retort_buffer_byte(&path, 0);
    bool opened = export_file_open(file, (const char *)path.data, error);
    retort_buffer_release(&path);
    return opened;
}

static bool write_part(struct convokit *kit, const char *name, const char *text,
                       struct retort_error *error)
{
    struct export_file file = {0};
    bool opened = open_part(kit, &file, name, error);
    retort_buffer_text(&file.out, text);
    return export_file_close(&file, opened, error);
}

static bool make_directory(const char *path, struct retort_error *error)
{
    struct stat status;
    if (mkdir(path, 0755) == 0 ||
        (errno == EEXIST && stat(path, &status) == 0 && S_ISDIR(status.st_mode)))
        return true;
    return retort_fail(error, RETORT_RUNTIME, "%s: no directory can be made here: %s", path,
                       strerror(errno));
}

struct native_ids {
    struct hashes seen;
    bool unique;
};

/* Does a native id stand for one comment only, in all sources together? */
static bool look_at_id(void *context, const struct retort_stored_comment *comment,
                       struct retort_error *error)
{
    struct native_ids *ids = context;
    (void)error;
    if (comment->native_id.len && !add(&ids->seen, comment->native_id, 0))
        ids->unique = false;
    return true;
}

static bool check_ids(struct export_run *run, bool *unique, struct retort_error *error)
{
    struct native_ids ids = {.unique = true};
    bool read = retort_store_each_comment(run->store, look_at_id, &ids, error);
    *unique = ids.unique;
    free(ids.seen.slots);
    return read;
}

bool export_convokit_begin(struct export_run *run, struct retort_error *error)
{
    struct convokit *kit = retort_grow(NULL, 1, sizeof *kit);
    *kit = (struct convokit){.directory = run->path};
    run->state = kit;
    if (!make_directory(kit->directory, error) || !check_ids(run, &kit->native_ids, error) ||
        !open_part(kit, &run->file, "utterances.jsonl", error) ||
        !open_part(kit, &kit->speakers, "speakers.json", error) ||
        !open_part(kit, &kit->conversations, "conversations.json", error))
        return false;
    retort_buffer_byte(&kit->speakers.out, '{');
    retort_buffer_byte(&kit->conversations.out, '{');
    return true;
}

static const char INDEX[] =
    "{\"utterances-index\":{\"id\":[\"<class 'str'>\"],\"source\":[\"<class 'str'>\"],"
    "\"comment\":[\"<class 'int'>\"],\"lines\":[\"<class 'list'>\"],"
    "\"bytes\":[\"<class 'list'>\"],\"article\":[\"<class 'bool'>\"],"
    "\"parent_id\":[\"<class 'str'>\"],\"target\":[\"<class 'str'>\"],"
    "\"labels\":[\"<class 'dict'>\"],\"unknown\":[\"<class 'dict'>\"],"
    "\"retort\":[\"<class 'dict'>\"]},\"speakers-index\":{},"
    "\"conversations-index\":{\"source\":[\"<class 'str'>\"]},"
    "\"overall-index\":{\"retort\":[\"<class 'str'>\"]},\"version\":1,\"vectors\":[]}\n";

bool export_convokit_end(struct export_run *run, struct retort_error *error)
{
    struct convokit *kit = run->state;
    retort_buffer_text(&kit->speakers.out, "}\n");
    retort_buffer_text(&kit->conversations.out, "}\n");
    return write_part(kit, "corpus.json", "{\"retort\":\"" RETORT_VERSION "\"}\n", error) &&
           write_part(kit, "index.json", INDEX, error) &&
           export_file_close(&kit->speakers, true, error) &&
           export_file_close(&kit->conversations, true, error) &&
           export_file_close(&run->file, true, error);
}

void export_convokit_release(struct export_run *run)
{
    struct retort_error ignored;
    struct convokit *kit = run->state;
    export_file_close(&run->file, false, &ignored);
    export_file_close(&kit->speakers, false, &ignored);
    export_file_close(&kit->conversations, false, &ignored);
    free(kit->seen_speakers.slots);
    free(kit->seen_sources.at);
    free(kit->seen_passages.at);
    free(kit->roots);
    free(kit);
}

/* ---- conversations ----------------------------------------------------------------------------
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

static void put_conversation(struct convokit *kit, struct retort_span id, struct retort_span source)
{
    struct retort_buffer *out = &kit->conversations.out;
    if (kit->conversations.started)
        retort_buffer_text(out, ",\n");
    kit->conversations.started = true;
    retort_json_put(out, id);
    retort_buffer_text(out, ":{\"meta\":{\"source\":");
    retort_json_put(out, source);
    retort_buffer_text(out, "},\"vectors\":[]}");
}

static void put_speaker(struct convokit *kit, struct retort_span name)
{
    struct retort_buffer *out = &kit->speakers.out;
    if (!add(&kit->seen_speakers, name, 1))
        return;
    if (kit->speakers.started)
        retort_buffer_text(out, ",\n");
    kit->speakers.started = true;
    retort_json_put(out, name);
    retort_buffer_text(out, ":{\"meta\":{},\"vectors\":[]}");
}

/* ---- utterances -------------------------------------------------------------------------------
 */

static struct retort_span utterance_id(const struct convokit *kit,
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
    *id = retort_arena_copy(arena, utterance_id(run->state, &comment));
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
    put_speaker(kit, retort_span_of(UNKNOWN_SPEAKER));
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", id);
    retort_stored_put_text(out, "speaker", retort_span_of(UNKNOWN_SPEAKER));
    retort_stored_put_text(out, "conversation_id", id);
    retort_buffer_text(out, ",\"reply_to\":null,\"timestamp\":null");
    retort_stored_put_text(out, "text",
                           item.article_text.data ? item.article_text : RETORT_SPAN(""));
    retort_buffer_text(out, ",\"meta\":{\"article\":true");
    retort_stored_put_text(out, "source", stored->comment.source);
    retort_buffer_text(out, "},\"vectors\":[]}\n");
    return true;
}

/* Where an utterance stands: its conversation, and what it answers (NULL data: nothing). */
struct place {
    struct retort_span conversation, reply_to;
};

static bool page_place(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct place *place, struct retort_error *error)
{
    struct convokit *kit = run->state;
    const struct retort_stored_comment *comment = &stored->comment;
    struct retort_buffer id = {0};
    retort_buffer_text(&id, "article:");
    retort_buffer_put(&id, comment->source);
    place->conversation = place->reply_to = retort_arena_copy(arena, retort_buffer_span(&id));
    retort_buffer_release(&id);
    if (flag(&kit->seen_sources, comment->source_id) &&
        !put_article(run, stored, place->conversation, arena, error))
        return false;
    /* What is gone from the page may have answered what is not exported. */
    return !comment->parent || !comment->current ||
           id_by_number(run, comment->parent, arena, &place->reply_to, error);
}

static bool line_place(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct place *place, struct retort_error *error)
{
    struct convokit *kit = run->state;
    const struct retort_stored_comment *comment = &stored->comment;
    char article[40];
    int64_t root;
    if (!find_root(run, comment, &root, error))
        return false;
    *place = (struct place){.conversation = utterance_id(kit, comment)};
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
    if (!comment->parent && flag(&kit->seen_passages, -1 - root))
        return put_article(run, stored, place->conversation, arena, error);
    return !comment->parent || id_by_number(run, comment->parent, arena, &place->reply_to, error);
}

static void put_timestamp(struct retort_buffer *out, struct retort_span time)
{
    double number;
    char text[32];
    size_t n = time.len < sizeof text - 1 ? time.len : 0;
    if (n)
        memcpy(text, time.data, n);
    text[n] = 0;
    retort_json_key(out, "timestamp");
    if (n && retort_parse_number(text, &number))
        retort_buffer_number(out, number);
    else if (time.data)
        retort_json_put(out, time);
    else
        retort_buffer_text(out, "null");
}

static bool put_utterance_meta(struct export_run *run, const struct retort_stored *stored,
                               struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    retort_json_key(out, "meta");
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", retort_stored_id(&stored->comment));
    retort_stored_put_text(out, "parent_id", stored->comment.parent_id);
    retort_stored_put_place(out, &stored->comment);
    retort_stored_put_text(out, "target", stored->comment.target);
    retort_stored_put_labels(out, stored, arena);
    if (stored->comment.meta.data) {
        retort_json_key(out, "unknown");
        retort_buffer_put(out, stored->comment.meta);
    }
    retort_json_key(out, "retort");
    bool put = export_put_ours(run, stored, out, error);
    retort_buffer_byte(out, '}');
    return put;
}

bool export_convokit_put(struct export_run *run, const struct retort_stored *stored,
                         struct retort_arena *arena, struct retort_error *error)
{
    struct convokit *kit = run->state;
    struct retort_buffer *out = &run->file.out;
    const struct retort_stored_comment *comment = &stored->comment;
    struct place place;
    struct retort_span speaker =
        comment->author.len ? comment->author : retort_span_of(UNKNOWN_SPEAKER);
    bool placed = comment->paged ? page_place(run, stored, arena, &place, error)
                                 : line_place(run, stored, arena, &place, error);
    if (!placed)
        return false;
    put_speaker(kit, speaker);
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", utterance_id(kit, comment));
    retort_stored_put_text(out, "speaker", speaker);
    retort_stored_put_text(out, "conversation_id", place.conversation);
    if (place.reply_to.data)
        retort_stored_put_text(out, "reply_to", place.reply_to);
    else
        retort_buffer_text(out, ",\"reply_to\":null");
    put_timestamp(out, comment->time);
    retort_stored_put_text(out, "text", comment->text);
    if (!put_utterance_meta(run, stored, arena, error))
        return false;
    retort_buffer_text(out, ",\"vectors\":[]}\n");
    return (kit->speakers.out.len < 1 << 16 || export_file_flush(&kit->speakers, error)) &&
           (kit->conversations.out.len < 1 << 16 || export_file_flush(&kit->conversations, error));
}
