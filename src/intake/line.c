/* One JSON line: what it tells of a comment, read where it stands.
 *
 * The line is walked once (base's retort_json_scan), its members are spans of it, and only a string
 * with escapes is written anew. What is handed back is copied as it stands, in as few pieces as
 * there are: a line without spaces between its members is one. */
#include "intake/lines.h"

enum known {
    ID,
    TEXT,
    PARENT_ID,
    PARENT_TEXT,
    ARTICLE_TEXT,
    TARGET,
    AUTHOR,
    TIME,
    N_TOLD, /* those before tell of the comment; what follows is ours, of an earlier run */
    LABELS = N_TOLD,
    EXPLAIN,
    RETORT,
    N_KNOWN
};

static const struct retort_span KNOWN[N_KNOWN] = {
    [ID] = {(const uint8_t *)"id", 2},
    [TEXT] = {(const uint8_t *)"text", 4},
    [PARENT_ID] = {(const uint8_t *)"parent_id", 9},
    [PARENT_TEXT] = {(const uint8_t *)"parent_text", 11},
    [ARTICLE_TEXT] = {(const uint8_t *)"article_text", 12},
    [TARGET] = {(const uint8_t *)"target", 6},
    [AUTHOR] = {(const uint8_t *)"author", 6},
    [TIME] = {(const uint8_t *)"time", 4},
    [LABELS] = {(const uint8_t *)"labels", 6},
    [EXPLAIN] = {(const uint8_t *)"explain", 7},
    [RETORT] = {(const uint8_t *)"retort", 6},
};

/* N_KNOWN: it is none of them. */
static size_t known_key(struct retort_span key)
{
    size_t i = 0;
    while (i < N_KNOWN && (KNOWN[i].len != key.len || !retort_span_equal(KNOWN[i], key)))
        i++;
    return i;
}

/* A key may have been written with escapes: what it says. */
static struct retort_span key_said(struct retort_span key, struct retort_arena *arena)
{
    if (key.len == 0 || !memchr(key.data, '\\', key.len))
        return key;
    return retort_json_unquote((struct retort_span){key.data - 1, key.len + 2}, arena);
}

/* ---- reading ---- */

/* values[N_KNOWN]: data NULL where there is none. Absent and null are the same. */
static void find_values(const struct retort_json_object *object, struct retort_arena *arena,
                        struct retort_span *values)
{
    for (size_t i = 0; i < N_KNOWN; i++)
        values[i] = (struct retort_span){0};
    for (size_t i = 0; i < object->n_members; i++) {
        const struct retort_json_member *member = &object->members[i];
        size_t known = known_key(key_said(member->key, arena));
        if (known < N_KNOWN && member->value.data[0] != 'n')
            values[known] = member->value;
    }
}

/* Anything but a string is an error. */
static bool text_of(const struct retort_span *values, enum known known, struct retort_arena *arena,
                    struct retort_span *text, struct retort_error *error)
{
    if (!values[known].data)
        return true;
    if (values[known].data[0] != '"')
        return retort_fail(error, RETORT_INPUT, "\"%s\" must be a string",
                           (const char *)KNOWN[known].data);
    *text = retort_json_unquote(values[known], arena);
    return true;
}

/* An id or time may be a string or a number: its text, or the number as it stands. */
static struct retort_span id_of(struct retort_span value, struct retort_arena *arena)
{
    return value.data && value.data[0] == '"' ? retort_json_unquote(value, arena) : value;
}

static bool read_item(struct retort_intake_line *line, const struct retort_span *values,
                      struct retort_arena *arena, struct retort_error *error)
{
    struct retort_item *item = &line->item;
    if (!text_of(values, TEXT, arena, &item->text, error) ||
        !text_of(values, PARENT_TEXT, arena, &item->parent_text, error) ||
        !text_of(values, ARTICLE_TEXT, arena, &item->article_text, error) ||
        !text_of(values, TARGET, arena, &line->target, error))
        return false;
    if (!item->text.data)
        return retort_fail(error, RETORT_INPUT, "has no \"text\"");
    if (item->text.len > LONGEST_TEXT)
        return retort_fail(error, RETORT_INPUT,
                           "has a text of %zu bytes and a comment may have %d; cut it",
                           item->text.len, LONGEST_TEXT);
    line->id = id_of(values[ID], arena);
    line->parent_id = id_of(values[PARENT_ID], arena);
    line->author = id_of(values[AUTHOR], arena);
    line->time = id_of(values[TIME], arena);
    return true;
}

static bool read_members(struct retort_intake_line *line, struct retort_span bytes,
                         struct retort_arena *arena, struct retort_error *error)
{
    struct retort_json_object object;
    struct retort_span values[N_KNOWN];
    if (!retort_json_scan(bytes, arena, &object, error))
        return false;
    if (!object.is_object)
        return retort_fail(error, RETORT_INPUT,
                           "is no JSON object; each line is {\"id\":…,\"text\":…}");
    line->members = object.members;
    line->n_members = object.n_members;
    find_values(&object, arena, values);
    return read_item(line, values, arena, error);
}

static void refuse(struct retort_intake_line *line, const struct retort_error *error,
                   struct retort_arena *arena)
{
    *line = (struct retort_intake_line){
        .wrong = retort_arena_string(arena, retort_span_of(error->message))};
}

void line_refuse(struct retort_intake_line *line, struct retort_arena *arena)
{
    struct retort_error error;
    retort_fail(&error, RETORT_INPUT, "is longer than %d bytes; cut it", LONGEST_LINE);
    refuse(line, &error, arena);
}

void line_read(struct retort_intake_line *line, struct retort_span bytes,
               struct retort_arena *arena)
{
    struct retort_error error;
    *line = (struct retort_intake_line){0};
    if (!read_members(line, bytes, arena, &error))
        refuse(line, &error, arena);
}

/* ---- handing back ---- */

/* Members that are put, with nothing but commas between them, are one piece. */
struct piece {
    struct retort_buffer *out;
    const uint8_t *begin, *end; /* NULL: none yet */
    bool put;                   /* a piece before it */
};

static void put_piece(struct piece *piece)
{
    if (!piece->begin)
        return;
    if (piece->put)
        retort_buffer_byte(piece->out, ',');
    retort_buffer_put(piece->out,
                      (struct retort_span){piece->begin, (size_t)(piece->end - piece->begin)});
    piece->put = true;
    piece->begin = NULL;
}

/* `"key":value` with nothing between the two? */
static bool is_tight(const struct retort_json_member *member)
{
    return member->value.data == member->key.data + member->key.len + 2;
}

static void put_member(struct piece *piece, const struct retort_json_member *member)
{
    const uint8_t *begin = member->key.data - 1, *end = member->value.data + member->value.len;
    if (is_tight(member) && piece->begin && begin == piece->end + 1) {
        piece->end = end;
        return;
    }
    put_piece(piece);
    piece->begin = begin;
    piece->end = end;
    if (is_tight(member))
        return;
    piece->end = member->key.data + member->key.len + 1;
    put_piece(piece);
    retort_buffer_byte(piece->out, ':');
    retort_buffer_put(piece->out, member->value);
}

/* All members from `first` known on are left out: all that are known, or what is ours. */
static void put_members(struct retort_buffer *out, const struct retort_intake_line *line,
                        bool only_unknown)
{
    struct piece piece = {.out = out};
    for (size_t i = 0; i < line->n_members; i++) {
        size_t known = known_key(line->members[i].key);
        if (known == N_KNOWN || (known < N_TOLD && !only_unknown))
            put_member(&piece, &line->members[i]);
    }
    put_piece(&piece);
}

void retort_intake_put_members(struct retort_buffer *out, const struct retort_intake_line *line)
{
    put_members(out, line, false);
}

/* The unknown members as one object; what is stored is without mail and IP addresses, unless they
 * were asked for. */
static struct retort_span meta_of(const struct retort_intake_line *line, bool keep_private,
                                  struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    retort_buffer_byte(&out, '{');
    put_members(&out, line, true);
    if (out.len == 1) {
        retort_buffer_release(&out);
        return (struct retort_span){0};
    }
    retort_buffer_byte(&out, '}');
    struct retort_span meta = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    if (!keep_private)
        meta = retort_platform_public(meta, arena);
    return meta.len > 2 ? meta : (struct retort_span){0};
}

/* ---- labels ---- */

struct retort_verdict *retort_judge_line(const struct retort_judge *judge,
                                         struct retort_intake_line *line,
                                         struct retort_arena *arena)
{
    line->item.target = line->target.data ? line->target : judge->target;
    if (!line->item.target.data && line->item.article_text.data)
        line->item.target = retort_intake_headline(line->item.article_text);
    return retort_judge_item(judge, &line->item, arena);
}

struct retort_line_record retort_intake_line_record(const struct retort_line_keeping *keeping,
                                                    const struct retort_intake_line *line,
                                                    struct retort_arena *arena)
{
    struct retort_line_record record = {
        .source = keeping->source,
        .native_id = line->id,
        .parent_id = line->parent_id,
        .author = line->author,
        .time = line->time,
        .text = line->item.text,
        .target = line->target,
        .parent_text = line->item.parent_text,
        .article_text = line->item.article_text,
        .meta = meta_of(line, keeping->keep_private, arena),
    };
    retort_store_identify(&record, arena);
    return record;
}

bool retort_intake_put_comment(const struct retort_line_keeping *keeping,
                               const struct retort_intake_line *line, int64_t *id,
                               struct retort_error *error)
{
    struct retort_arena arena = {0};
    const struct retort_line_record record = retort_intake_line_record(keeping, line, &arena);
    bool stored = retort_store_put_line(keeping->store, &record, id, error);
    retort_arena_release(&arena);
    return stored;
}

bool retort_intake_put_record(const struct retort_line_keeping *keeping,
                              const struct retort_line_record *record,
                              const struct retort_verdict *verdicts, struct retort_error *error)
{
    struct retort_label_record of = {.target = record->target.data ? record->target
                                                                   : keeping->judge->target};
    return retort_store_put_line(keeping->store, record, &of.comment, error) &&
           retort_intake_put_labels(keeping->store, &of, keeping->judge, verdicts, error);
}

bool retort_intake_put_line(const struct retort_line_keeping *keeping,
                            const struct retort_intake_line *line,
                            const struct retort_verdict *verdicts, struct retort_error *error)
{
    struct retort_arena arena = {0};
    const struct retort_line_record record = retort_intake_line_record(keeping, line, &arena);
    bool stored = retort_intake_put_record(keeping, &record, verdicts, error);
    retort_arena_release(&arena);
    return stored;
}
