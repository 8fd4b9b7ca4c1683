/* Columns: other people's tables, by what they call things.
 *
 * Names are compared without case and without what is no letter or digit, so that "Parent ID" is
 * parent_id. The first of a field's names that the table has is taken; what is guessed is said. */
#include "exchange/columns.h"

#include "platform/platform.h"

#include <string.h>

enum { MOST_NAMES = 14 };

/* What the field is called: by us first, then by others. */
static const char *const NAMES[N_FIELDS][MOST_NAMES] = {
    [FIELD_TEXT] = {"text", "body", "commenttext", "commentbody", "content", "message", "tweet",
                    "fulltext", "post", "comment", "sentence", "utterance", NULL},
    [FIELD_ID] = {"id", "commentid", "tweetid", "postid", "messageid", "utteranceid", "idstr",
                  "cid", NULL},
    [FIELD_PARENT_ID] = {"parentid", "replyto", "inreplyto", "inreplytoid", "inreplytostatusid",
                         "replytoid", "parentcommentid", "parent", NULL},
    [FIELD_AUTHOR] = {"author", "user", "username", "screenname", "authorname", "speaker", "userid",
                      "authorid", "nickname", NULL},
    [FIELD_TIME] = {"time", "timestamp", "createdat", "createdutc", "datetime", "date", "created",
                    "published", "publishedat", NULL},
    [FIELD_TARGET] = {"target", "claim", "topic", NULL},
    [FIELD_PARENT_TEXT] = {"parenttext", "parentbody", "parentcomment", NULL},
    [FIELD_ARTICLE_TEXT] = {"articletext", "article", NULL},
    [FIELD_SOURCE] = {"source", NULL},
    [FIELD_META] = {"meta", NULL},
    [FIELD_RETORT] = {"retort", NULL},
    /* Whose words these are must be said: see --map. */
    [FIELD_LABEL] = {NULL},
    [FIELD_REVIEWER] = {NULL},
    [FIELD_DECIDED] = {NULL},
};

static const char *const FIELDS[N_FIELDS + 1] = {
    [FIELD_TEXT] = "text",
    [FIELD_ID] = "id",
    [FIELD_PARENT_ID] = "parent_id",
    [FIELD_AUTHOR] = "author",
    [FIELD_TIME] = "time",
    [FIELD_TARGET] = "target",
    [FIELD_PARENT_TEXT] = "parent_text",
    [FIELD_ARTICLE_TEXT] = "article_text",
    [FIELD_SOURCE] = "source",
    [FIELD_META] = "meta",
    [FIELD_RETORT] = "retort",
    [FIELD_LABEL] = "label",
    [FIELD_REVIEWER] = "reviewer",
    [FIELD_DECIDED] = "decided",
};

/* ---- by name ---- */

static bool is_same_name(struct retort_span name, const char *folded)
{
    size_t at = 0;
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.data[i];
        c = (uint8_t)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        if (c == ' ' || c == '_' || c == '-' || c == '.')
            continue;
        if (!folded[at] || c != (uint8_t)folded[at++])
            return false;
    }
    return !folded[at] && at > 0;
}

static ptrdiff_t find_by_name(const struct retort_span *names, size_t n, enum field field)
{
    for (const char *const *folded = NAMES[field]; *folded; folded++)
        for (size_t i = 0; i < n; i++)
            if (is_same_name(names[i], *folded))
                return (ptrdiff_t)i;
    return NO_COLUMN;
}

bool columns_are_known(const struct retort_span *names, size_t n)
{
    return find_by_name(names, n, FIELD_TEXT) != NO_COLUMN;
}

/* ---- by --map ---- */

/* Cuts the next "field=column" off; a column's name may hold anything but a comma. */
static bool next_pair(struct retort_span *rest, struct retort_span *field,
                      struct retort_span *column)
{
    size_t end = 0, equals = 0;
    while (end < rest->len && rest->data[end] != ',')
        end++;
    while (equals < end && rest->data[equals] != '=')
        equals++;
    *field = retort_span_trim(retort_span_slice(*rest, 0, equals));
    *column = retort_span_trim(retort_span_slice(*rest, equals + 1, end));
    *rest = retort_span_slice(*rest, end + 1, rest->len);
    return equals < end && column->len > 0;
}

static size_t field_named(struct retort_span name)
{
    size_t field = 0;
    while (field < N_FIELDS && !retort_span_equal(name, retort_span_of(FIELDS[field])))
        field++;
    return field;
}

static bool map_one(struct columns_of *columns, struct retort_span field, struct retort_span column,
                    struct retort_error *error)
{
    size_t which = field_named(field);
    if (which == N_FIELDS)
        return retort_fail(error, RETORT_USAGE,
                           "--map has no field \"%.*s\": there are text, id, parent_id, author, "
                           "time, target, parent_text, article_text, source, meta, label, reviewer "
                           "and decided",
                           (int)field.len, (const char *)field.data);
    for (size_t i = 0; i < columns->n; i++)
        if (retort_span_equal(columns->names[i], column)) {
            columns->of[which] = (ptrdiff_t)i;
            return true;
        }
    return retort_fail(error, RETORT_INPUT, "has no column \"%.*s\", which --map names",
                       (int)column.len, (const char *)column.data);
}

static bool map_all(struct columns_of *columns, const char *map, struct retort_error *error)
{
    struct retort_span rest = retort_span_of(map), field, column;
    while (rest.len > 0) {
        if (!next_pair(&rest, &field, &column))
            return retort_fail(error, RETORT_USAGE,
                               "--map wants FIELD=COLUMN,..., as in text=body,author=user");
        if (!map_one(columns, field, column, error))
            return false;
    }
    return true;
}

/* ---- both ---- */

/* A column that --map gives to one field is not guessed to be another. */
static bool is_given(const struct columns_of *columns, ptrdiff_t column)
{
    for (size_t field = 0; field < N_FIELDS; field++)
        if (columns->of[field] == column)
            return true;
    return false;
}

bool columns_find(struct columns_of *columns, const struct retort_span *names, size_t n,
                  const char *map, struct retort_error *error)
{
    *columns = (struct columns_of){.names = names, .n = n};
    for (size_t field = 0; field < N_FIELDS; field++)
        columns->of[field] = NO_COLUMN;
    if (map && !map_all(columns, map, error))
        return false;
    for (enum field field = 0; field < N_FIELDS; field++) {
        ptrdiff_t found = find_by_name(names, n, field);
        if (columns->of[field] != NO_COLUMN || found == NO_COLUMN || is_given(columns, found))
            continue;
        columns->of[field] = found;
        columns->guessed |= !retort_span_equal(names[found], retort_span_of(FIELDS[field]));
    }
    return columns->of[FIELD_TEXT] != NO_COLUMN ||
           retort_fail(error, RETORT_INPUT,
                       "has no column that is plainly the text; name it by --map text=COLUMN");
}

void columns_say(const struct columns_of *columns, const struct import_run *run)
{
    struct retort_buffer said = {0};
    retort_buffer_format(&said, "%s: takes", run->path);
    for (size_t field = 0, n = 0; field < N_FIELDS; field++) {
        ptrdiff_t column = columns->of[field];
        if (column == NO_COLUMN)
            continue;
        retort_buffer_format(&said, "%s %s from \"", n++ ? "," : "", FIELDS[field]);
        retort_buffer_put(&said, columns->names[column]);
        retort_buffer_byte(&said, '"');
    }
    retort_buffer_text(&said, "; the rest is kept beside. Otherwise by --map");
    retort_buffer_byte(&said, 0);
    run->request->say(run->request->context, RETORT_DONE, (const char *)said.data);
    retort_buffer_release(&said);
}

/* ---- a row ---- */

static struct retort_span cell_of(const struct columns_of *columns, const struct row *row,
                                  enum field field)
{
    ptrdiff_t column = columns->of[field];
    if (column == NO_COLUMN || (size_t)column >= row->n)
        return (struct retort_span){NULL, 0};
    return row->cells[column];
}

static void put_beside(struct retort_buffer *out, struct retort_span name, const struct row *row,
                       size_t i)
{
    struct retort_span value = row->values ? row->values[i] : (struct retort_span){0};
    if (!row->cells[i].data && !value.data)
        return;
    retort_buffer_byte(out, out->len > 1 ? ',' : '{');
    retort_json_put(out, name);
    retort_buffer_byte(out, ':');
    if (value.data)
        retort_buffer_put(out, value);
    else
        retort_json_put(out, row->cells[i]);
}

/* What is no field, as an object; two columns of one name are one, the first. */
static struct retort_span meta_of(const struct columns_of *columns, const struct row *row,
                                  struct import_run *run, struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    struct retort_error ignored;
    for (size_t i = 0; i < columns->n && i < row->n; i++)
        if (!is_given(columns, (ptrdiff_t)i))
            put_beside(&out, columns->names[i], row, i);
    if (out.len == 0)
        return (struct retort_span){0};
    retort_buffer_byte(&out, '}');
    struct retort_span meta = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    if (!retort_json_check(meta, &ignored)) /* a name twice */
        return (struct retort_span){0};
    return run->request->keep_private ? meta : retort_platform_public(meta, arena);
}

static bool check_meta(struct retort_span meta, struct retort_error *error)
{
    struct retort_error wrong;
    return !meta.data || (meta.len > 0 && meta.data[0] == '{' && retort_json_check(meta, &wrong)) ||
           retort_fail(error, RETORT_INPUT, "has a meta that is no JSON object");
}

/* "angry;insult" → ["angry","insult"] */
static struct retort_span names_of(struct retort_span cell, struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    while (cell.len > 0) {
        size_t end = 0;
        while (end < cell.len && cell.data[end] != ';')
            end++;
        struct retort_span name = retort_span_trim(retort_span_slice(cell, 0, end));
        cell = retort_span_slice(cell, end + 1, cell.len);
        if (name.len == 0)
            continue;
        retort_buffer_byte(&out, out.len ? ',' : '[');
        retort_json_put(&out, name);
    }
    retort_buffer_text(&out, out.len ? "]" : "[]");
    struct retort_span names = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return names;
}

bool columns_take(const struct columns_of *columns, const struct row *row, struct import_run *run,
                  struct retort_arena *arena, struct retort_error *error)
{
    struct retort_span label = cell_of(columns, row, FIELD_LABEL);
    const struct import_word word = {.label = names_of(label, arena),
                                     .reviewer = cell_of(columns, row, FIELD_REVIEWER),
                                     .decided = cell_of(columns, row, FIELD_DECIDED)};
    struct import_comment comment = {
        .text = cell_of(columns, row, FIELD_TEXT),
        .native_id = cell_of(columns, row, FIELD_ID),
        .parent_id = cell_of(columns, row, FIELD_PARENT_ID),
        .author = cell_of(columns, row, FIELD_AUTHOR),
        .time = cell_of(columns, row, FIELD_TIME),
        .target = cell_of(columns, row, FIELD_TARGET),
        .parent_text = cell_of(columns, row, FIELD_PARENT_TEXT),
        .article_text = cell_of(columns, row, FIELD_ARTICLE_TEXT),
        .source = cell_of(columns, row, FIELD_SOURCE),
        .meta = cell_of(columns, row, FIELD_META),
        .ours = cell_of(columns, row, FIELD_RETORT),
        .words = &word,
        .n_words = label.len > 0,
    };
    if (!check_meta(comment.meta, error))
        return false;
    if (!comment.ours.data && !comment.meta.data)
        comment.meta = meta_of(columns, row, run, arena);
    if (comment.ours.data && !comment.text.data)
        comment.text = RETORT_SPAN("");
    return import_take(run, &comment, arena, error);
}
