/* ConvoKit, out: see convokit.h. An utterance's id is the native one; where a native id stands for
 * two comments, all ids are identities instead. Its text is the comment's; all else that ConvoKit
 * may change or has no place for stands in `retort`. */
#include "exchange/convokit.h"
#include "exchange/envelope.h"
#include "exchange/values.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

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

static bool write_part(struct convokit *kit, const char *name,
                       void (*put)(struct convokit *kit, struct retort_buffer *out),
                       struct retort_error *error)
{
    struct export_file file = {0};
    bool opened = open_part(kit, &file, name, error);
    put(kit, &file.out);
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
    if (comment->native_id.len && !hashes_add(&ids->seen, comment->native_id))
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

/* Raw members, a comma behind each, but for one that is ours. */
static void put_members(struct convokit *kit, enum convokit_object object, struct retort_span raw,
                        struct retort_buffer *out, struct retort_arena *arena)
{
    struct retort_json_object members;
    if (!values_object(raw, arena, &members))
        return;
    for (size_t i = 0; i < members.n_members; i++) {
        const struct retort_json_member *member = &members.members[i];
        if (retort_span_equal(member->key, RETORT_SPAN("retort")))
            continue;
        index_note(&kit->index, object, member->key, member->value);
        retort_buffer_byte(out, '"');
        retort_buffer_put(out, member->key);
        retort_buffer_text(out, "\":");
        retort_buffer_put(out, member->value);
        retort_buffer_byte(out, ',');
    }
}

static void put_corpus(struct convokit *kit, struct retort_buffer *out)
{
    struct retort_arena arena = {0};
    retort_buffer_byte(out, '{');
    put_members(kit, OVERALL, kit->corpus, out, &arena);
    index_note(&kit->index, OVERALL, RETORT_SPAN("retort"), RETORT_SPAN("\""));
    retort_buffer_text(out, "\"retort\":\"" RETORT_VERSION "\"}\n");
    retort_arena_release(&arena);
}

static void put_index(struct convokit *kit, struct retort_buffer *out)
{
    index_write(&kit->index, out);
}

bool export_convokit_end(struct export_run *run, struct retort_error *error)
{
    struct convokit *kit = run->state;
    retort_buffer_text(&kit->speakers.out, "}\n");
    retort_buffer_text(&kit->conversations.out, "}\n");
    return write_part(kit, "corpus.json", put_corpus, error) &&
           write_part(kit, "index.json", put_index, error) &&
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
    index_release(&kit->index);
    free(kit->seen_speakers.slots);
    free(kit->seen_conversations.slots);
    free(kit->seen_sources.at);
    free(kit->seen_passages.at);
    free(kit->roots);
    free(kit);
}

/* ---- what a corpus had told -------------------------------------------------------------------
 */

bool convokit_told(struct retort_span meta, struct retort_arena *arena, struct convokit_told *told)
{
    struct retort_json_object object, kept;
    *told = (struct convokit_told){0};
    if (!values_object(meta, arena, &object) ||
        !values_object(values_member(&object, "convokit", arena), arena, &kept))
        return false;
    *told = (struct convokit_told){
        .conversation_id = values_text_of(&kept, "conversation_id", arena),
        .meta = values_member(&kept, "meta", arena),
        .timestamp = values_member(&kept, "timestamp", arena),
        .vectors = values_member(&kept, "vectors", arena),
        .speaker = values_member(&kept, "speaker", arena),
        .conversation = values_member(&kept, "conversation", arena),
        .corpus = values_member(&kept, "corpus", arena),
    };
    return true;
}

/* ---- utterances -------------------------------------------------------------------------------
 */

static void put_timestamp(struct retort_buffer *out, const struct convokit_told *told,
                          struct retort_span time)
{
    int64_t seconds;
    retort_json_key(out, "timestamp");
    if (told->timestamp.data)
        retort_buffer_put(out, told->timestamp);
    else if (time.data && retort_when(time, &seconds))
        retort_buffer_format(out, "%lld", (long long)seconds);
    else
        retort_buffer_text(out, "null");
}

/* Members that the corpus has itself stay its own. */
static bool has(const struct convokit_told *told, const char *name, struct retort_arena *arena)
{
    struct retort_json_object meta;
    return values_object(told->meta, arena, &meta) && values_member(&meta, name, arena).data;
}

static void put_shown(struct convokit *kit, struct retort_buffer *out, const char *name,
                      struct retort_span text)
{
    if (!text.data)
        return;
    index_note(&kit->index, UTTERANCE, retort_span_of(name), RETORT_SPAN("\""));
    retort_stored_put_text(out, name, text);
}

static bool put_meta(struct export_run *run, const struct retort_stored *stored,
                     const struct convokit_told *told, struct retort_arena *arena,
                     struct retort_error *error)
{
    struct convokit *kit = run->state;
    struct retort_buffer *out = &run->file.out;
    retort_buffer_text(out, ",\"meta\":{");
    put_members(kit, UTTERANCE, told->meta, out, arena);
    if (out->data[out->len - 1] == ',')
        out->len--;
    if (!told->conversation_id.data) {
        put_shown(kit, out, "source", stored->comment.source);
        put_shown(kit, out, "time", stored->comment.time);
        put_shown(kit, out, "target", stored->comment.target);
    }
    if (!has(told, "labels", arena)) {
        index_note(&kit->index, UTTERANCE, RETORT_SPAN("labels"), RETORT_SPAN("{"));
        retort_stored_put_labels(out, stored, arena);
    }
    if (!told->conversation_id.data && stored->comment.meta.data) {
        index_note(&kit->index, UTTERANCE, RETORT_SPAN("unknown"), RETORT_SPAN("{"));
        retort_json_key(out, "unknown");
        retort_buffer_put(out, stored->comment.meta);
    }
    index_note(&kit->index, UTTERANCE, RETORT_SPAN("retort"), RETORT_SPAN("\""));
    bool put = envelope_put_told(run, stored, arena, error);
    retort_buffer_byte(out, '}');
    return put;
}

static void put_head(struct export_run *run, const struct retort_stored *stored,
                     const struct convokit_place *place, struct retort_span speaker)
{
    struct retort_buffer *out = &run->file.out;
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", convokit_id(run->state, &stored->comment));
    retort_stored_put_text(out, "speaker", speaker);
    retort_stored_put_text(out, "conversation_id", place->conversation);
    if (place->reply_to.data)
        retort_stored_put_text(out, "reply_to", place->reply_to);
    else
        retort_buffer_text(out, ",\"reply_to\":null");
}

static bool is_full(const struct export_file *file)
{
    return file->out.len >= 1 << 16;
}

bool export_convokit_put(struct export_run *run, const struct retort_stored *stored,
                         struct retort_arena *arena, struct retort_error *error)
{
    struct convokit *kit = run->state;
    struct retort_buffer *out = &run->file.out;
    struct convokit_told told;
    struct convokit_place place;
    struct retort_span speaker =
        stored->comment.author.len ? stored->comment.author : RETORT_SPAN(CONVOKIT_UNKNOWN);
    if (convokit_told(stored->comment.meta, arena, &told) && told.corpus.data && !kit->corpus.data)
        kit->corpus = retort_arena_copy(&kit->index.arena, told.corpus);
    if (!convokit_place(run, stored, &told, arena, &place, error))
        return false;
    convokit_put_speaker(kit, speaker, told.speaker, arena);
    put_head(run, stored, &place, speaker);
    put_timestamp(out, &told, stored->comment.time);
    retort_stored_put_text(out, "text", stored->comment.text);
    if (!put_meta(run, stored, &told, arena, error))
        return false;
    retort_buffer_text(out, ",\"vectors\":");
    retort_buffer_put(out, told.vectors.data ? told.vectors : RETORT_SPAN("[]"));
    retort_buffer_text(out, "}\n");
    return (!is_full(&kit->speakers) || export_file_flush(&kit->speakers, error)) &&
           (!is_full(&kit->conversations) || export_file_flush(&kit->conversations, error));
}
