/* JSON lines: what is accepted can be cut into its members, put together and accepted again; and
 * what is found to be JSON without a tree is what makes one. */
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

static void check_line(struct retort_span line)
{
    struct retort_arena arena = {0};
    struct retort_buffer again = {0};
    struct retort_error error;
    struct retort_json *json = retort_json_parse(line, &error);
    assert(retort_json_check(line, &error) == (json != NULL));
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
