/* Parameters and members, by their names. */
#include "serve/params.h"

#include <inttypes.h>

static bool is_among(struct retort_span name, const char *const *names)
{
    for (; *names; names++)
        if (retort_span_equal(name, retort_span_of(*names)))
            return true;
    return false;
}

static const char *listed(struct retort_arena *arena, const char *const *names)
{
    struct retort_buffer out = {0};
    for (size_t i = 0; names[i]; i++)
        retort_buffer_format(&out, "%s%s", i > 0 ? ", " : "", names[i]);
    const char *list = retort_arena_string(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return *list ? list : "none";
}

/* A stranger's name for a message: short, and text. */
static const char *quoted(struct retort_arena *arena, struct retort_span name)
{
    enum { MOST = 60 };
    return retort_arena_string(arena,
                               retort_span_slice(name, 0, name.len < MOST ? name.len : MOST));
}

bool params_only(struct exchange *exchange, const char *const *names)
{
    for (size_t i = 0; i < exchange->n_query; i++) {
        struct retort_span name = exchange->query[i].name;
        if (!is_among(name, names)) {
            exchange_fail(exchange, 400, "unknown parameter \"%s\"; there are: %s",
                          quoted(&exchange->arena, name), listed(&exchange->arena, names));
            return false;
        }
        for (size_t j = 0; j < i; j++)
            if (retort_span_equal(name, exchange->query[j].name)) {
                exchange_fail(exchange, 400, "the parameter \"%s\" stands twice",
                              quoted(&exchange->arena, name));
                return false;
            }
    }
    return true;
}

bool params_number(struct exchange *exchange, const char *name, uint64_t least, uint64_t most,
                   uint64_t *number)
{
    uint64_t value;
    const char *text = exchange_query(exchange, name);
    if (!text)
        return true;
    if (!retort_parse_count(text, &value) || value < least || value > most) {
        exchange_fail(exchange, 400, "%s wants a number from %" PRIu64 " to %" PRIu64, name, least,
                      most);
        return false;
    }
    *number = value;
    return true;
}

bool params_body(struct exchange *exchange, struct retort_span *object)
{
    *object = retort_span_trim(exchange->body);
    return exchange_json(exchange) != NULL;
}

bool params_members(struct exchange *exchange, struct retort_span object, const char *within,
                    const char *const *names)
{
    struct retort_json_member *members;
    size_t n_members = retort_json_members(object, &exchange->arena, &members);
    for (size_t i = 0; i < n_members; i++)
        if (!is_among(members[i].key, names)) {
            exchange_fail(exchange, 400, "%s has an unknown member \"%s\"; there are: %s", within,
                          quoted(&exchange->arena, members[i].key),
                          listed(&exchange->arena, names));
            return false;
        }
    return true;
}
