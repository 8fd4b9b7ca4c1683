/* A request: JSON → what was asked.
 *
 * The messages of the API are tables of members, each with the function that reads its value; an
 * object is walked once, member by member, where it lies in the body. As Google's own parser does,
 * a member may have its name in camel case or with underscores, null is as if not sent, a number
 * may stand in quotes, and a name that no message has is an error: it is a typing error, and a
 * caller should hear of it. */
#include "serve/perspective.h"

#include <math.h>

enum {
    LONGEST_TOKEN = 1024,
    LONGEST_CODE = 35,     /* of BCP 47: RFC 5646 */
    MOST_SCORES = 1 << 15, /* bytes of suggested scores: they are kept with the decision */
};

struct reading {
    struct perspective *call;
    struct perspective_request *request;
    const struct retort_json_part *parts;
    struct perspective_text *entry;  /* being read */
    struct perspective_asked *asked; /* being read */
};

/* A member of a message; path: as errors name it. */
struct field {
    const char *name, *with_underscores;
    bool (*read)(struct reading *reading, size_t at, const char *path);
};

/* ---- values ---- */

static struct retort_span value_at(const struct reading *reading, size_t at)
{
    return reading->parts[at].bytes;
}

static bool begins(const struct reading *reading, size_t at, uint8_t byte)
{
    return value_at(reading, at).data[0] == byte;
}

static bool wrong_value(struct reading *reading, size_t at, const char *path, const char *type)
{
    struct retort_span value = value_at(reading, at);
    return perspective_fail_form(reading->call, path, "Invalid value at '%s' (%s), %.*s", path,
                                 type, perspective_shown(value), (const char *)value.data);
}

static bool read_string(struct reading *reading, size_t at, const char *path,
                        struct retort_span *text)
{
    if (!begins(reading, at, '"'))
        return wrong_value(reading, at, path, "TYPE_STRING");
    *text = retort_json_unquote(value_at(reading, at), reading->call->arena);
    return true;
}

/* An opaque name of the caller's; it goes where a NUL would end it. */
static bool read_token(struct reading *reading, size_t at, const char *path,
                       struct retort_span *text)
{
    if (!read_string(reading, at, path, text))
        return false;
    if (text->len > LONGEST_TOKEN)
        return perspective_fail(reading->call, PERSPECTIVE_INVALID_REQUEST,
                                "%s has %zu bytes and may have %d", path, text->len, LONGEST_TOKEN);
    return text->len == 0 || !memchr(text->data, 0, text->len) ||
           perspective_fail(reading->call, PERSPECTIVE_INVALID_REQUEST, "%s holds a NUL", path);
}

static bool read_flag(struct reading *reading, size_t at, const char *path, bool *flag)
{
    *flag = retort_span_equal(value_at(reading, at), RETORT_SPAN("true"));
    return *flag || retort_span_equal(value_at(reading, at), RETORT_SPAN("false")) ||
           wrong_value(reading, at, path, "TYPE_BOOL");
}

static bool read_number(struct reading *reading, size_t at, const char *path, double *number)
{
    char digits[64] = {0};
    struct retort_span text = value_at(reading, at);
    if (text.data[0] == '"')
        text = retort_span_slice(text, 1, text.len - 1);
    if (text.len == 0 || text.len >= sizeof digits)
        return wrong_value(reading, at, path, "TYPE_FLOAT");
    memcpy(digits, text.data, text.len);
    return retort_parse_number(digits, number) || wrong_value(reading, at, path, "TYPE_FLOAT");
}

/* ---- messages ---- */

static const struct field *find_field(const struct field *fields, struct retort_span name)
{
    for (; fields->name; fields++)
        if (retort_span_equal(name, retort_span_of(fields->name)) ||
            (fields->with_underscores &&
             retort_span_equal(name, retort_span_of(fields->with_underscores))))
            return fields;
    return NULL;
}

static bool unknown_name(struct reading *reading, struct retort_span name, const char *path)
{
    const char *name_data = name.len ? (const char *)name.data : "";
    return path[0]
               ? perspective_fail_form(reading->call, path,
                                       "Invalid JSON payload received. Unknown name \"%.*s\" at "
                                       "'%s': Cannot find field.",
                                       perspective_shown(name), name_data, path)
               : perspective_fail_form(reading->call, NULL,
                                       "Invalid JSON payload received. Unknown name \"%.*s\": "
                                       "Cannot find field.",
                                       perspective_shown(name), name_data);
}

static bool read_member(struct reading *reading, size_t at, const struct field *field,
                        const char *path)
{
    const char *name = field->with_underscores ? field->with_underscores : field->name;
    char below[128];
    if (!path[0])
        return field->read(reading, at, name);
    snprintf(below, sizeof below, "%s.%s", path, name);
    return field->read(reading, at, below);
}

/* The members of an object, each by its row of fields (ended by a NULL name). */
static bool read_message(struct reading *reading, size_t at, const struct field *fields,
                         const char *path)
{
    if (!begins(reading, at, '{'))
        return wrong_value(reading, at, path[0] ? path : "request", "a message");
    for (size_t i = at + 1, end = reading->parts[at].next; i < end;) {
        struct retort_span name = retort_json_unquote(value_at(reading, i), reading->call->arena);
        const struct field *field = find_field(fields, name);
        if (!field)
            return unknown_name(reading, name, path);
        if (!begins(reading, i + 1, 'n') && !read_member(reading, i + 1, field, path))
            return false;
        i = reading->parts[i + 1].next;
    }
    return true;
}

/* ---- text ---- */

static bool read_entry_text(struct reading *reading, size_t at, const char *path)
{
    return read_string(reading, at, path, &reading->entry->text);
}

static bool read_entry_type(struct reading *reading, size_t at, const char *path)
{
    struct retort_span type;
    if (!read_string(reading, at, path, &type))
        return false;
    reading->entry->is_html = retort_span_equal(type, RETORT_SPAN("HTML"));
    return reading->entry->is_html || retort_span_equal(type, RETORT_SPAN("PLAIN_TEXT")) ||
           retort_span_equal(type, RETORT_SPAN("TEXT_TYPE_UNSPECIFIED")) ||
           perspective_fail(reading->call, PERSPECTIVE_INVALID_REQUEST, "Unknown text type");
}

static bool read_entry(struct reading *reading, size_t at, const char *path,
                       struct perspective_text *entry)
{
    static const struct field FIELDS[] = {
        {"text", NULL, read_entry_text}, {"type", NULL, read_entry_type}, {0}};
    *entry = (struct perspective_text){0};
    reading->entry = entry;
    return read_message(reading, at, FIELDS, path);
}

static bool read_comment(struct reading *reading, size_t at, const char *path)
{
    return read_entry(reading, at, path, &reading->request->sent);
}

/* ---- context ---- */

static struct retort_span member_text(const struct retort_json_part *parts, const char *name,
                                      struct retort_arena *arena)
{
    for (size_t i = 1; i < parts[0].next; i = parts[i + 1].next) {
        bool is_text = parts[i + 1].bytes.data[0] == '"';
        if (is_text &&
            retort_span_equal(retort_json_unquote(parts[i].bytes, arena), retort_span_of(name)))
            return retort_json_unquote(parts[i + 1].bytes, arena);
    }
    return (struct retort_span){0};
}

/* Coral sends the comment's ids and its address as JSON in a text: no part of a conversation. */
static bool read_coral(struct reading *reading, struct retort_span text)
{
    struct perspective_request *request = reading->request;
    struct retort_arena *arena = reading->call->arena;
    struct retort_json_part *parts;
    struct retort_error error;
    text = retort_span_trim(text);
    if (text.len == 0 || text.len > 4 * LONGEST_TOKEN || text.data[0] != '{' ||
        !retort_json_check(text, &error))
        return false;
    retort_json_parts(text, arena, &parts);
    struct retort_span id = member_text(parts, "Coral_comment_id", arena);
    if (!id.data)
        return false;
    request->coral_id = id;
    request->coral_parent = member_text(parts, "reply_to_id_Coral_comment_id", arena);
    request->coral_url = member_text(parts, "url", arena);
    return true;
}

static bool read_entries(struct reading *reading, size_t at, const char *path)
{
    struct perspective_request *request = reading->request;
    if (!begins(reading, at, '['))
        return wrong_value(reading, at, path, "a list");
    for (size_t i = at + 1; i < reading->parts[at].next; i = reading->parts[i].next) {
        struct perspective_text entry;
        if (!read_entry(reading, i, path, &entry))
            return false;
        if (entry.text.len == 0 || read_coral(reading, entry.text))
            continue;
        *(request->n_entries++ > 0 ? &request->parent : &request->article) = entry;
    }
    return true;
}

static bool read_article(struct reading *reading, size_t at, const char *path)
{
    return read_entry(reading, at, path, &reading->request->article);
}

static bool read_parent(struct reading *reading, size_t at, const char *path)
{
    return read_entry(reading, at, path, &reading->request->parent);
}

static bool read_pair(struct reading *reading, size_t at, const char *path)
{
    static const struct field FIELDS[] = {
        {"article", NULL, read_article}, {"parentComment", "parent_comment", read_parent}, {0}};
    reading->request->has_pair = true;
    return read_message(reading, at, FIELDS, path);
}

static bool read_context(struct reading *reading, size_t at, const char *path)
{
    static const struct field FIELDS[] = {
        {"entries", NULL, read_entries},
        {"articleAndParentComment", "article_and_parent_comment", read_pair},
        {0}};
    return read_message(reading, at, FIELDS, path);
}

/* ---- attributes ---- */

static bool read_score_type(struct reading *reading, size_t at, const char *path)
{
    struct retort_span type, name = reading->asked->name;
    if (!read_string(reading, at, path, &type))
        return false;
    return retort_span_equal(type, RETORT_SPAN("PROBABILITY")) ||
           retort_span_equal(type, RETORT_SPAN("SCORE_TYPE_UNSPECIFIED")) ||
           perspective_fail(reading->call, PERSPECTIVE_INVALID_REQUEST,
                            "Requested score type %.*s is not supported by attribute %.*s",
                            perspective_shown(type), (const char *)type.data,
                            perspective_shown(name), (const char *)name.data);
}

static bool read_threshold(struct reading *reading, size_t at, const char *path)
{
    return read_number(reading, at, path, &reading->asked->threshold);
}

static bool read_suggested(struct reading *reading, size_t at, const char *path)
{
    double *value = &reading->asked->suggested;
    return read_number(reading, at, path, value) &&
           ((*value >= 0 && *value <= 1) ||
            perspective_fail(reading->call, PERSPECTIVE_INVALID_REQUEST,
                             "A suggested score is a probability, from 0 to 1"));
}

static bool read_summary(struct reading *reading, size_t at, const char *path)
{
    static const struct field FIELDS[] = {
        {"value", NULL, read_suggested}, {"type", NULL, read_score_type}, {0}};
    reading->asked->suggested = 0;
    return read_message(reading, at, FIELDS, path);
}

/* Kept as they stand. */
static bool read_spans(struct reading *reading, size_t at, const char *path)
{
    return begins(reading, at, '[') || wrong_value(reading, at, path, "a list");
}

static const struct field REQUESTED[] = {{"scoreType", "score_type", read_score_type},
                                         {"scoreThreshold", "score_threshold", read_threshold},
                                         {0}};
static const struct field SUGGESTED[] = {{"summaryScore", "summary_score", read_summary},
                                         {"spanScores", "span_scores", read_spans},
                                         {0}};

/* A map from attributes to messages. */
static bool read_attributes(struct reading *reading, size_t at, const struct field *fields,
                            const char *path)
{
    struct perspective_request *request = reading->request;
    if (!begins(reading, at, '{'))
        return wrong_value(reading, at, path, "a message");
    for (size_t i = at + 1; i < reading->parts[at].next; i = reading->parts[i + 1].next) {
        if (request->n_asked == PERSPECTIVE_MOST_ATTRIBUTES)
            return perspective_fail(reading->call, PERSPECTIVE_INVALID_REQUEST,
                                    "More than %d attributes", PERSPECTIVE_MOST_ATTRIBUTES);
        reading->asked = &request->asked[request->n_asked++];
        *reading->asked = (struct perspective_asked){
            .name = retort_json_unquote(value_at(reading, i), reading->call->arena),
            .suggested = NAN};
        if (!begins(reading, i + 1, 'n') && !read_message(reading, i + 1, fields, path))
            return false;
    }
    return true;
}

static bool read_requested(struct reading *reading, size_t at, const char *path)
{
    return read_attributes(reading, at, REQUESTED, path);
}

static bool read_scores(struct reading *reading, size_t at, const char *path)
{
    struct retort_span scores = value_at(reading, at);
    if (scores.len > MOST_SCORES)
        return perspective_fail(reading->call, PERSPECTIVE_INVALID_REQUEST,
                                "%s has %zu bytes and may have %d", path, scores.len, MOST_SCORES);
    reading->request->scores = scores;
    return read_attributes(reading, at, SUGGESTED, path);
}

/* ---- the request ---- */

static bool read_languages(struct reading *reading, size_t at, const char *path)
{
    struct perspective_request *request = reading->request;
    if (!begins(reading, at, '['))
        return wrong_value(reading, at, path, "a list");
    for (size_t i = at + 1; i < reading->parts[at].next; i = reading->parts[i].next) {
        struct retort_span *language = &request->languages[request->n_languages];
        if (request->n_languages == PERSPECTIVE_MOST_LANGUAGES)
            return perspective_fail(reading->call, PERSPECTIVE_INVALID_REQUEST,
                                    "More than %d languages", PERSPECTIVE_MOST_LANGUAGES);
        if (!read_string(reading, i, path, language))
            return false;
        if (language->len == 0 || language->len > LONGEST_CODE)
            return wrong_value(reading, i, path, "a code of BCP 47");
        request->n_languages++;
    }
    return true;
}

static bool read_client_token(struct reading *reading, size_t at, const char *path)
{
    return read_token(reading, at, path, &reading->request->client_token);
}

static bool read_community(struct reading *reading, size_t at, const char *path)
{
    return read_token(reading, at, path, &reading->request->community);
}

static bool read_session(struct reading *reading, size_t at, const char *path)
{
    return read_token(reading, at, path, &reading->request->session);
}

static bool read_do_not_store(struct reading *reading, size_t at, const char *path)
{
    return read_flag(reading, at, path, &reading->request->do_not_store);
}

static bool read_wants_spans(struct reading *reading, size_t at, const char *path)
{
    return read_flag(reading, at, path, &reading->request->wants_spans);
}

static bool read_drops(struct reading *reading, size_t at, const char *path)
{
    return read_flag(reading, at, path, &reading->request->drops_unsupported);
}

static const struct field ANALYZE[] = {
    {"comment", NULL, read_comment},
    {"requestedAttributes", "requested_attributes", read_requested},
    {"languages", NULL, read_languages},
    {"doNotStore", "do_not_store", read_do_not_store},
    {"context", NULL, read_context},
    {"spanAnnotations", "span_annotations", read_wants_spans},
    {"clientToken", "client_token", read_client_token},
    {"communityId", "community_id", read_community},
    {"sessionId", "session_id", read_session},
    {"dropUnsupportedAttributes", "drop_unsupported_attributes", read_drops},
    {0}};
static const struct field SUGGEST[] = {{"comment", NULL, read_comment},
                                       {"attributeScores", "attribute_scores", read_scores},
                                       {"languages", NULL, read_languages},
                                       {"context", NULL, read_context},
                                       {"clientToken", "client_token", read_client_token},
                                       {"communityId", "community_id", read_community},
                                       {"sessionId", "session_id", read_session},
                                       {0}};

bool perspective_read(struct perspective *call, enum perspective_call which,
                      struct retort_span body, struct perspective_request *request)
{
    struct retort_error error;
    struct retort_json_part *parts;
    struct reading reading = {.call = call, .request = request};
    *request = (struct perspective_request){0};
    if (!retort_json_check(body, &error))
        return perspective_fail_form(call, NULL, "Invalid JSON payload received: %s",
                                     error.message);
    retort_json_parts(body, call->arena, &parts);
    reading.parts = parts;
    return read_message(&reading, 0, which == PERSPECTIVE_ANALYZE ? ANALYZE : SUGGEST, "") &&
           perspective_check(call, which, request);
}
