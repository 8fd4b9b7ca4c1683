/* JSON lines: what is accepted can be cut into its members, put together and accepted again; what
 * is found to be JSON without a tree is what makes one, and its members are those that are found in
 * a second pass, with the text that the tree has. */
#include "base/base.h"
#include "fuzz/fuzz.h"

#include <assert.h>

static void put_again(struct retort_span line, struct retort_arena *arena,
                      struct retort_buffer *out)
{
    struct retort_json_member *members;
    size_t n = retort_json_members(line, arena, &members);
    retort_buffer_byte(out, '{');
    for (size_t i = 0; i < n; i++) {
        retort_buffer_text(out, i ? ",\"" : "\"");
        retort_buffer_put(out, members[i].key);
        retort_buffer_text(out, "\":");
        retort_buffer_put(out, members[i].value);
    }
    retort_buffer_byte(out, '}');
}

static bool same_bytes(struct retort_span a, struct retort_span b)
{
    return a.data == b.data && a.len == b.len;
}

/* A member that is a string says what jansson says, escapes undone. */
static void check_text(const struct retort_json *json, const struct retort_json_member *member,
                       struct retort_arena *arena)
{
    struct retort_span key = {member->key.data - 1, member->key.len + 2}, text;
    struct retort_span name = retort_json_unquote(key, arena);
    const struct retort_json *value = retort_json_get(json, retort_arena_string(arena, name));
    if (value && retort_json_text(value, &text))
        assert(retort_span_equal(retort_json_unquote(member->value, arena), text));
}

static void check_scan(struct retort_span line, const struct retort_json *json,
                       struct retort_arena *arena)
{
    struct retort_json_object object;
    struct retort_json_member *members;
    struct retort_error error;
    assert(retort_json_scan(line, arena, &object, &error) == (json != NULL));
    if (!json)
        return;
    assert(object.is_object == retort_json_is_object(json));
    if (!object.is_object)
        return;
    assert(object.n_members == retort_json_members(line, arena, &members));
    assert(object.n_members == retort_json_n_members(json));
    for (size_t i = 0; i < object.n_members; i++) {
        assert(same_bytes(object.members[i].key, members[i].key) &&
               same_bytes(object.members[i].value, members[i].value));
        check_text(json, &members[i], arena);
    }
}

static void check_line(struct retort_span line)
{
    struct retort_arena arena = {0};
    struct retort_buffer again = {0};
    struct retort_error error;
    struct retort_json *json = retort_json_parse(line, &error);
    assert(retort_json_check(line, &error) == (json != NULL));
    check_scan(line, json, &arena);
    if (json && retort_json_is_object(json)) {
        put_again(line, &arena, &again);
        struct retort_json *same = retort_json_parse(retort_buffer_span(&again), &error);
        assert(same);
        retort_json_free(same);
    }
    retort_json_free(json);
    retort_buffer_release(&again);
    retort_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_span rest = {data, size}, line;
    while (retort_span_next_line(&rest, &line))
        check_line(line);
    return 0;
}
