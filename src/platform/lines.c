/* JSON lines, a comment each: our own, anybody's plain ones, and the utterances of ConvoKit.
 *
 * A line that names no thread belongs with the others that do so, or to the last article; our own
 * lines, which number their comments, begin a thread with an article after comments, or when the
 * numbers begin again. Lines are checked and looked at once for where they belong, and parsed again
 * when their thread's turn comes: so a million threads need no more memory than the largest, beside
 * the file. A line that cannot be read is passed over, and the first of them is the error at the
 * end. */
#include "platform/formats.h"

#include <string.h>

/* What the lines of a format are called. */
struct shape {
    struct fields comment, numbered, opening;
    const char *thread; /* paths of the thread's key */
};

#define PLAIN_TEXT "text|body|content|message|comment_text"
#define PLAIN_TIME "time|timestamp|created_utc|created_at|date"
#define PLAIN_THREAD "thread|thread_id|conversation_id|root|link_id|story_id|discussion_id"

static const struct shape JSONL = {
    .comment = {.id = "id|objectID",
                .text = PLAIN_TEXT,
                .author = "author|speaker|user|username|name",
                .time = PLAIN_TIME,
                .parent = "parent_id|reply_to|reply-to|parent",
                .hoist = "meta"},
    .numbered = {.id = "id",
                 .text = "text",
                 .author = "author",
                 .time = "time",
                 .link = "comment",
                 .parent = "parent",
                 .hoist = "meta"},
    .opening = {.id = "id",
                .text = "text",
                .time = PLAIN_TIME,
                .title = "title",
                .url = "url",
                .hoist = "meta"},
    .thread = PLAIN_THREAD,
};

#define UTTERANCE                                                                                  \
    {                                                                                              \
        .id = "id", .text = "text", .author = "speaker|user|speaker.id|user.id",                   \
        .time = "timestamp", .parent = "reply_to|reply-to", .hoist = "meta"                        \
    }

static const struct shape CONVOKIT = {
    .comment = UTTERANCE,
    .numbered = UTTERANCE,
    .opening = {.text = "text", .time = "timestamp", .link = "id", .hoist = "meta"},
    .thread = "conversation_id|root",
};

struct lines {
    struct reader *reader;
    const struct shape *shape;
    struct retort_span thread; /* of the lines that name none */
    struct retort_span key;    /* of the last line that names one */
    size_t n_nameless;         /* threads we had to count */
    bool commented;            /* a comment has come since the thread began */
    double number;             /* of the last numbered comment */
    size_t n_lines, n_bad;
    struct retort_error first; /* of the bad lines */
};

static void open_nameless(struct lines *lines)
{
    struct retort_buffer key = {0};
    retort_buffer_put(&key, RECORDS_NAMELESS);
    retort_buffer_format(&key, "%zu", lines->n_nameless++);
    lines->thread = retort_arena_copy(&lines->reader->arena, retort_buffer_span(&key));
    retort_buffer_release(&key);
}

/* Keys repeat from line to line: a copy is made when they change. */
static struct retort_span keep_key(struct lines *lines, struct retort_span key)
{
    if (!lines->key.data || !retort_span_equal(lines->key, key))
        lines->key = retort_arena_copy(&lines->reader->arena, key);
    return lines->key;
}

/* The place of the first of the paths that holds text; 0: none does. */
static size_t find_text(const struct object_json *line, const char *paths,
                        struct retort_arena *arena)
{
    struct object object = {.json = line, .arena = arena};
    bool found = object_take(&object, paths).len > 0;
    return found ? object.taken[object.n_taken - 1] : 0;
}

static bool says(const struct object_json *line, const char *path, const char *json)
{
    size_t at = object_path(line, 0, path);
    return at > 0 && retort_span_equal(line->parts[at].bytes, retort_span_of(json));
}

static bool is_opening(const struct object_json *line)
{
    return says(line, "role", "\"article\"") || says(line, "meta.article", "true");
}

/* Our own lines count their comments, from 1 in each thread. */
static bool is_numbered(const struct object_json *line)
{
    size_t number = object_member(line, 0, "comment");
    return says(line, "role", "\"comment\"") && number > 0 && !object_is(line, number, '"');
}

static double number_of(const struct object_json *line, struct retort_arena *arena)
{
    double number = 0;
    size_t at = object_member(line, 0, "comment");
    retort_parse_number(retort_arena_string(arena, line->parts[at].bytes), &number);
    return number;
}

/* Is a line that names no thread the first of one? */
static bool begins_nameless(const struct lines *lines, bool opening, bool numbered, double number)
{
    return !lines->thread.data || (opening && lines->commented) ||
           (numbered && number <= lines->number);
}

static void enter_thread(struct lines *lines, const struct object_json *line, bool numbered,
                         struct record *record, struct retort_arena *arena)
{
    bool opening = record->kind == RECORD_OPENING;
    double number = numbered ? number_of(line, arena) : 0;
    size_t key = find_text(line, lines->shape->thread, arena);
    record->drop[0] = key;
    if (key == 0 && opening)
        key = find_text(line, "id", arena);
    if (key > 0)
        record->thread = keep_key(lines, object_text(line, key, arena));
    else if (begins_nameless(lines, opening, numbered, number))
        open_nameless(lines);
    if (key > 0 && opening)
        lines->thread = record->thread;
    if (key == 0)
        record->thread = lines->thread;
    if (opening || retort_span_equal(record->thread, lines->thread)) {
        lines->number = number;
        lines->commented = !opening;
    }
}

/* A text, or a null where a text was: a comment that was deleted. */
static bool has_text(const struct object_json *line, const struct shape *shape,
                     struct retort_error *error)
{
    size_t text = object_find(line, 0, shape->comment.text);
    return (text > 0 && (object_is(line, text, '"') || object_is(line, text, 'n'))) ||
           retort_fail(error, RETORT_INPUT, "has no \"text\"");
}

static bool read_line(struct lines *lines, struct retort_span bytes, struct retort_arena *arena,
                      struct retort_error *error)
{
    struct record record = {.json = bytes, .container = -1};
    if (!retort_json_check(bytes, error))
        return false;
    const struct object_json line = object_parse(bytes, arena);
    bool opening = is_opening(&line), numbered = !opening && is_numbered(&line);
    if (says(&line, "role", "\"furniture\""))
        return true;
    if (!object_is(&line, 0, '{'))
        return retort_fail(error, RETORT_INPUT, "is no JSON object");
    if (!has_text(&line, lines->shape, error))
        return false;
    record.kind = opening ? RECORD_OPENING : RECORD_COMMENT;
    enter_thread(lines, &line, numbered, &record, arena);
    record.fields = opening    ? &lines->shape->opening
                    : numbered ? &lines->shape->numbered
                               : &lines->shape->comment;
    if (numbered)
        record.drop[1] = object_member(&line, 0, "comment");
    if (numbered || says(&line, "role", "\"article\""))
        record.drop[2] = object_member(&line, 0, "role");
    if (says(&line, "vectors", "[]"))
        record.drop[3] = object_member(&line, 0, "vectors");
    records_add(lines->reader, &record);
    return true;
}

static bool read_lines(struct reader *reader, const struct shape *shape, struct retort_span bytes,
                       struct retort_error *error)
{
    struct lines lines = {.reader = reader, .shape = shape};
    struct retort_span line;
    while (retort_span_next_line(&bytes, &line)) {
        struct retort_arena arena = {0};
        struct retort_error why;
        lines.n_lines++;
        line = retort_span_trim(line);
        if (line.len > 0 && !read_line(&lines, line, &arena, &why) && lines.n_bad++ == 0) {
            lines.first = why;
            retort_fail_within(&lines.first, "line %zu", lines.n_lines);
        }
        retort_arena_release(&arena);
    }
    return lines.n_bad == 0 || retort_fail(error, RETORT_INPUT,
                                           "%s; mend it or leave it out (%zu of %zu lines were "
                                           "passed over)",
                                           lines.first.message, lines.n_bad, lines.n_lines);
}

bool format_jsonl(struct reader *reader, struct retort_span bytes, struct retort_error *error)
{
    return read_lines(reader, &JSONL, bytes, error);
}

bool format_convokit(struct reader *reader, struct retort_span bytes, struct retort_error *error)
{
    return read_lines(reader, &CONVOKIT, bytes, error);
}
