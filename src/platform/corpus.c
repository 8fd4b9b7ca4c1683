/* A ConvoKit corpus: utterances.jsonl, and beside it what is known of speakers, conversations and
 * the corpus as a whole, each of which may be absent. An utterance's meta gets its speaker's, a
 * thread's that of the conversation and the corpus. */
#include "platform/formats.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What is longer is not repeated with every utterance of a speaker or every thread. */
enum { LONGEST_KNOWN = 1 << 16 };

/* One of the JSON files: an object whose members are found by their names. */
struct table {
    struct retort_file file;
    struct object_json tree;
    struct retort_span *names; /* sorted; values[i] is the part of names[i] */
    size_t *values;
    size_t n;
};

struct corpus {
    struct table speakers, conversations, whole;
};

static const char *const SPEAKERS[] = {"speakers.json", "users.json", NULL};
static const char *const CONVERSATIONS[] = {"conversations.json", NULL};
static const char *const WHOLE[] = {"corpus.json", NULL};

static char *path_of(const char *directory, const char *name, struct retort_arena *arena)
{
    struct retort_buffer path = {0};
    retort_buffer_format(&path, "%s/%s", directory, name);
    char *terminated = retort_arena_string(arena, retort_buffer_span(&path));
    retort_buffer_release(&path);
    return terminated;
}

bool retort_platform_is_corpus(const char *path)
{
    struct retort_arena arena = {0};
    struct stat status;
    bool is = stat(path, &status) == 0 && S_ISDIR(status.st_mode) &&
              stat(path_of(path, "utterances.jsonl", &arena), &status) == 0;
    retort_arena_release(&arena);
    return is;
}

/* ---- tables --------------------------------------------------------------------------------- */

struct entry {
    struct retort_span name;
    size_t value;
};

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    return retort_span_compare(a->name, b->name);
}

static void sort_members(struct table *table, struct retort_arena *arena)
{
    const struct retort_json_part *parts = table->tree.parts;
    struct entry *entries = RETORT_NEW(arena, struct entry, table->tree.n_parts);
    for (size_t key = 1; key < parts[0].next; key = parts[key + 1].next)
        entries[table->n++] = (struct entry){retort_json_unquote(parts[key].bytes, arena), key + 1};
    qsort(entries, table->n, sizeof *entries, compare_entries);
    table->names = RETORT_NEW(arena, struct retort_span, table->n);
    table->values = RETORT_NEW(arena, size_t, table->n);
    for (size_t i = 0; i < table->n; i++) {
        table->names[i] = entries[i].name;
        table->values[i] = entries[i].value;
    }
}

/* An absent file is an empty table. */
static bool open_table(struct table *table, const char *directory, const char *const *names,
                       struct retort_arena *arena, struct retort_error *error)
{
    struct stat status;
    for (; *names; names++) {
        const char *path = path_of(directory, *names, arena);
        if (stat(path, &status) != 0)
            continue;
        if (!retort_file_read(&table->file, path, error))
            return false;
        if (!retort_json_check(table->file.bytes, error))
            return retort_fail_within(error, "%s", path);
        table->tree = object_parse(table->file.bytes, arena);
        if (object_is(&table->tree, 0, '{'))
            sort_members(table, arena);
        return true;
    }
    return true;
}

static void close_table(struct table *table)
{
    if (table->file.bytes.data)
        retort_file_close(&table->file);
}

static size_t find_value(const struct table *table, struct retort_span name)
{
    size_t low = 0, high = table->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (retort_span_compare(table->names[middle], name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < table->n && retort_span_equal(table->names[low], name);
    return found ? table->values[low] : 0;
}

/* ---- what is known beside ------------------------------------------------------------------- */

/* Adds a table's object under the name; empty ones and empty vectors say nothing. */
static struct retort_span add_known(const struct reader *reader, const struct table *table,
                                    size_t value, const char *name, struct retort_span meta,
                                    struct retort_arena *arena)
{
    struct object object = {.json = &table->tree, .at = value, .arena = arena};
    if (!object_is(&table->tree, value, '{') || table->tree.parts[value].bytes.len > LONGEST_KNOWN)
        return meta;
    size_t inner = object_member(&table->tree, value, "meta");
    size_t vectors = object_member(&table->tree, value, "vectors");
    if (inner > 0 && table->tree.parts[inner].next == inner + 1)
        object_drop(&object, inner);
    if (vectors > 0 && table->tree.parts[vectors].next == vectors + 1)
        object_drop(&object, vectors);
    struct retort_span known = object_meta(&object, "meta", reader->reading->keep_private);
    return known.len > 0 ? object_meta_add(meta, name, known, arena) : meta;
}

static struct retort_span enrich(const struct reader *reader, const struct retort_thread *thread,
                                 const struct retort_comment *comment, struct retort_arena *arena)
{
    const struct corpus *corpus = reader->beside;
    struct retort_span meta = comment ? comment->meta : thread->meta;
    const struct table *table = comment ? &corpus->speakers : &corpus->conversations;
    size_t value = find_value(table, comment ? comment->author : thread->id);
    if (value > 0)
        meta = add_known(reader, table, value, comment ? "speaker" : "conversation", meta, arena);
    if (!comment && corpus->whole.n > 0)
        meta = add_known(reader, &corpus->whole, 0, "corpus", meta, arena);
    return meta;
}

/* ---- reading -------------------------------------------------------------------------------- */

static bool read_utterances(struct reader *reader, const char *path, struct retort_error *error)
{
    struct retort_file file;
    enum retort_encoding encoding;
    struct retort_arena arena = {0};
    if (!retort_file_read(&file, path, error))
        return false;
    struct retort_span text = retort_text_decode(file.bytes, &arena, &encoding);
    bool read = format_convokit(reader, text, error) || retort_fail_within(error, "%s", path);
    read = records_finish(reader, read, error);
    retort_file_close(&file);
    retort_arena_release(&arena);
    return read;
}

bool retort_platform_read_corpus(const char *path, const struct retort_platform_reading *reading,
                                 struct retort_error *error)
{
    struct corpus corpus = {0};
    struct reader reader = {.reading = reading, .enrich = enrich, .beside = &corpus};
    struct retort_arena arena = {0};
    bool done = open_table(&corpus.speakers, path, SPEAKERS, &arena, error) &&
                open_table(&corpus.conversations, path, CONVERSATIONS, &arena, error) &&
                open_table(&corpus.whole, path, WHOLE, &arena, error) &&
                read_utterances(&reader, path_of(path, "utterances.jsonl", &arena), error);
    close_table(&corpus.speakers);
    close_table(&corpus.conversations);
    close_table(&corpus.whole);
    retort_arena_release(&arena);
    return done;
}
