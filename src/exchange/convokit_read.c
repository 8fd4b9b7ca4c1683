/* ConvoKit, in: an utterance a line. Of ours, everything stands in `retort` but the text, and what
 * opened a conversation is no comment. Of others', meta, vectors and timestamp are kept as they
 * stand, in the comment's meta:
 *
 *     "convokit":{"conversation_id":…,"meta":{…},"timestamp":…,"vectors":[…],
 *                 "speaker":{…},"conversation":{…},"corpus":{…}}
 *
 * What speakers.json, conversations.json and corpus.json say stands with the first comment that it
 * is about. Pickled metadata (*-bin.p) is left behind. */
#include "exchange/convokit.h"
#include "exchange/convokit_table.h"
#include "exchange/envelope.h"
#include "exchange/import.h"
#include "exchange/values.h"

#include <stdlib.h>

struct corpus {
    struct import_run *run;
    const char *directory; /* NULL: utterances.jsonl alone */
    bool opened;           /* the tables are, as others' utterances need them */
    struct convokit_table speakers, conversations;
    struct retort_file whole; /* corpus.json */
    struct hashes seen_speakers, seen_conversations;
    bool has_told; /* of the corpus */
};

static const char *const SPEAKERS[] = {"speakers.json", "users.json", NULL};
static const char *const CONVERSATIONS[] = {"conversations.json", NULL};
static const char *const WHOLE[] = {"corpus.json", NULL};

/* ---- ours ---- */

static bool take_ours(struct corpus *corpus, const struct retort_json_object *utterance,
                      struct retort_span told, struct retort_arena *arena,
                      struct retort_error *error)
{
    struct import_comment comment;
    struct retort_span text = values_text_of(utterance, "text", arena);
    if (!envelope_read_told(told, text, arena, &comment, error))
        return false;
    return !comment.text.data || import_take(corpus->run, &comment, arena, error);
}

/* ---- others' ---- */

static bool open_tables(struct corpus *corpus, struct retort_error *error)
{
    struct convokit_table whole = {0};
    if (corpus->opened || !corpus->directory)
        return true;
    corpus->opened = true;
    bool opened = table_open(&corpus->speakers, corpus->directory, SPEAKERS, error) &&
                  table_open(&corpus->conversations, corpus->directory, CONVERSATIONS, error) &&
                  table_open(&whole, corpus->directory, WHOLE, error);
    corpus->whole = whole.file;
    whole.file = (struct retort_file){0};
    table_close(&whole);
    return opened || retort_fail_within(error, "the corpus cannot be read");
}

/* Is there anything said in it? */
static bool says_something(struct retort_span raw, struct retort_arena *arena)
{
    struct retort_json_object object, meta;
    struct retort_span *vectors;
    if (!values_object(raw, arena, &object) || object.n_members == 0)
        return false;
    bool empty_meta =
        values_object(values_member(&object, "meta", arena), arena, &meta) && meta.n_members == 0;
    size_t n = values_elements(values_member(&object, "vectors", arena), arena, &vectors);
    return !empty_meta || n > 0 || object.n_members > 2;
}

static void put_raw(struct retort_buffer *out, const char *key, struct retort_span raw)
{
    if (!raw.data)
        return;
    retort_json_key(out, key);
    retort_buffer_put(out, raw);
}

static void put_known(struct retort_buffer *out, const char *key, struct retort_span raw,
                      struct retort_arena *arena)
{
    if (says_something(raw, arena))
        put_raw(out, key, raw);
}

static void put_meta(struct retort_buffer *out, const struct retort_json_object *utterance,
                     struct retort_arena *arena)
{
    struct retort_json_object meta;
    struct retort_span *ignored, raw = values_member(utterance, "meta", arena);
    struct retort_span vectors = values_member(utterance, "vectors", arena);
    if (values_object(raw, arena, &meta) && meta.n_members > 0)
        put_raw(out, "meta", raw);
    put_raw(out, "timestamp", values_member(utterance, "timestamp", arena));
    if (values_elements(vectors, arena, &ignored) > 0)
        put_raw(out, "vectors", vectors);
}

static struct retort_span meta_of(struct corpus *corpus, const struct retort_json_object *utterance,
                                  struct retort_span conversation, struct retort_span speaker,
                                  struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    retort_buffer_text(&out, "{\"convokit\":{");
    retort_json_key(&out, "conversation_id");
    retort_json_put(&out, conversation);
    put_meta(&out, utterance, arena);
    if (hashes_add(&corpus->seen_speakers, speaker))
        put_known(&out, "speaker", table_find(&corpus->speakers, speaker, arena), arena);
    if (hashes_add(&corpus->seen_conversations, conversation))
        put_known(&out, "conversation", table_find(&corpus->conversations, conversation, arena),
                  arena);
    if (!corpus->has_told && corpus->whole.bytes.data)
        put_known(&out, "corpus", retort_span_trim(corpus->whole.bytes), arena);
    corpus->has_told = true;
    retort_buffer_text(&out, "}}");
    struct retort_span meta = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return meta;
}

/* The first of two names; ConvoKit has changed them. */
static struct retort_span text_of(const struct retort_json_object *utterance, const char *name,
                                  const char *older, struct retort_arena *arena)
{
    struct retort_span text = values_text_of(utterance, name, arena);
    return text.data ? text : values_text_of(utterance, older, arena);
}

static struct retort_span speaker_of(const struct retort_json_object *utterance,
                                     struct retort_arena *arena)
{
    struct retort_json_object object;
    struct retort_span speaker = text_of(utterance, "speaker", "user", arena);
    if (!speaker.data && values_object(values_member(utterance, "speaker", arena), arena, &object))
        speaker = values_text_of(&object, "id", arena);
    return speaker;
}

static bool take_others(struct corpus *corpus, const struct retort_json_object *utterance,
                        struct retort_arena *arena, struct retort_error *error)
{
    struct import_comment comment = {
        .native_id = values_text_of(utterance, "id", arena),
        .parent_id = text_of(utterance, "reply_to", "reply-to", arena),
        .author = speaker_of(utterance, arena),
        .time = values_text_of(utterance, "timestamp", arena),
        .text = values_text_of(utterance, "text", arena),
    };
    struct retort_span conversation = text_of(utterance, "conversation_id", "root", arena);
    if (!comment.text.data || !comment.native_id.data)
        return retort_fail(error, RETORT_INPUT, "is no utterance: it has no id or no text");
    if (!open_tables(corpus, error))
        return false;
    if (!conversation.data)
        conversation = comment.native_id;
    comment.meta = meta_of(corpus, utterance, conversation, comment.author, arena);
    return import_take(corpus->run, &comment, arena, error);
}

static bool take_utterance(void *context, const struct retort_json_object *utterance,
                           struct retort_arena *arena, struct retort_error *error)
{
    struct corpus *corpus = context;
    struct retort_json_object meta = {0};
    values_object(values_member(utterance, "meta", arena), arena, &meta);
    struct retort_span told = values_text_of(&meta, "retort", arena);
    if (told.len && told.data[0] == '{')
        return take_ours(corpus, utterance, told, arena, error);
    return take_others(corpus, utterance, arena, error);
}

/* ---- the corpus ---- */

static bool read_corpus(struct corpus *corpus, struct retort_archive *file,
                        struct retort_error *error)
{
    bool read = envelope_each(corpus->run, file, take_utterance, corpus, error);
    table_close(&corpus->speakers);
    table_close(&corpus->conversations);
    if (corpus->whole.bytes.data)
        retort_file_close(&corpus->whole);
    free(corpus->seen_speakers.slots);
    free(corpus->seen_conversations.slots);
    return read;
}

bool import_convokit(struct import_run *run, struct retort_archive *file,
                     struct retort_error *error)
{
    struct corpus corpus = {.run = run};
    return read_corpus(&corpus, file, error);
}

bool import_convokit_directory(struct import_run *run, struct retort_error *error)
{
    struct corpus corpus = {.run = run, .directory = run->path};
    struct retort_archive *file;
    struct retort_buffer path = {0};
    retort_buffer_format(&path, "%s/utterances.jsonl", run->path);
    retort_buffer_byte(&path, 0);
    bool opened = retort_archive_open(&file, (const char *)path.data, NULL, error);
    retort_buffer_release(&path);
    bool read = opened && read_corpus(&corpus, file, error);
    if (opened)
        retort_archive_close(file);
    return read;
}

bool import_is_convokit(struct retort_span head)
{
    bool today = values_begins_with(head, "speaker") && values_begins_with(head, "conversation_id");
    bool older = values_begins_with(head, "user") && values_begins_with(head, "root");
    return (today || older) && values_begins_with(head, "text") && values_begins_with(head, "id") &&
           !envelope_is_line(head);
}
