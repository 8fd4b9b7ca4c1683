/* Members of a body: each read by its name and kind; what does not fit is said by name. */
#include "serve/members.h"
#include "serve/params.h"

#include <math.h>
#include <string.h>

const struct retort_json *members_of_body(struct exchange *exchange, const char *const *names)
{
    static const char *const NONE[] = {NULL};
    struct retort_span object;
    if (!params_only(exchange, NONE) || !params_body(exchange, &object) ||
        !params_members(exchange, object, "the body", names))
        return NULL;
    return exchange_json(exchange);
}

static bool refuse(struct exchange *exchange, const char *name, const char *wants)
{
    exchange_fail(exchange, 400, "\"%s\" %s", name, wants);
    return false;
}

/* A text as a C string; NULL: it is none, or holds a NUL. */
static const char *text_of(struct exchange *exchange, const struct retort_json *value)
{
    struct retort_span text;
    if (!retort_json_text(value, &text) || memchr(text.data, 0, text.len))
        return NULL;
    return retort_arena_string(&exchange->arena, text);
}

bool member_text(struct exchange *exchange, const struct retort_json *object, const char *name,
                 bool needed, const char **text)
{
    const struct retort_json *value = retort_json_get(object, name);
    *text = NULL;
    if (!value)
        return !needed || refuse(exchange, name, "is missing: it wants a text");
    *text = text_of(exchange, value);
    return *text || refuse(exchange, name, "wants a text without NUL");
}

bool member_texts(struct exchange *exchange, const struct retort_json *object, const char *name,
                  const char ***texts, size_t *n_texts)
{
    const struct retort_json *list = retort_json_get(object, name);
    *texts = NULL;
    *n_texts = 0;
    if (!list)
        return true;
    if (!retort_json_is_array(list))
        return refuse(exchange, name, "wants a list of texts");
    *n_texts = retort_json_length(list);
    *texts = RETORT_NEW(&exchange->arena, const char *, *n_texts + 1);
    for (size_t i = 0; i < *n_texts; i++)
        if (!((*texts)[i] = text_of(exchange, retort_json_at(list, i))))
            return refuse(exchange, name, "wants a list of texts without NUL");
    return true;
}

/* Ids are whole and small enough that no double blurs them. */
static bool id_of(const struct retort_json *value, int64_t *id)
{
    double number;
    if (!retort_json_number(value, &number) || !(number >= 1 && number <= 9007199254740991.0) ||
        number != floor(number))
        return false;
    *id = (int64_t)number;
    return true;
}

bool member_id(struct exchange *exchange, const struct retort_json *object, const char *name,
               int64_t *id)
{
    return id_of(retort_json_get(object, name), id) ||
           refuse(exchange, name, "wants an id, a whole number from 1 on");
}

bool member_ids(struct exchange *exchange, const struct retort_json *object, const char *name,
                size_t most, int64_t **ids, size_t *n_ids)
{
    const struct retort_json *list = retort_json_get(object, name);
    *ids = NULL;
    *n_ids = 0;
    if (!list)
        return true;
    *n_ids = retort_json_length(list);
    if (!retort_json_is_array(list) || *n_ids > most) {
        exchange_fail(exchange, 400, "\"%s\" wants a list of at most %zu ids", name, most);
        return false;
    }
    *ids = RETORT_NEW(&exchange->arena, int64_t, *n_ids + 1);
    for (size_t i = 0; i < *n_ids; i++)
        if (!id_of(retort_json_at(list, i), &(*ids)[i]))
            return refuse(exchange, name, "wants a list of ids, whole numbers from 1 on");
    return true;
}

bool member_flag(struct exchange *exchange, const struct retort_json *object, const char *name,
                 bool *flag)
{
    return retort_json_flag(retort_json_get(object, name), flag) ||
           refuse(exchange, name, "wants true or false");
}

bool member_token(struct exchange *exchange, const struct retort_json *object, const char **token)
{
    enum { MOST_TOKEN = 100 };
    if (!member_text(exchange, object, "token", false, token))
        return false;
    size_t length = *token ? strlen(*token) : 1;
    return (length > 0 && length <= MOST_TOKEN) ||
           refuse(exchange, "token", "wants 1 to 100 bytes, new ones for each act");
}
