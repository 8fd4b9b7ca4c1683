/* The objects of a file are the same however its bytes come, each is sound, and of what is an array
 * as a whole they are its objects. The first byte says how many bytes come at once. */
#include "exchange/values.h"
#include "fuzz/fuzz.h"

#include <assert.h>

static void read_all(struct retort_span bytes, size_t read_size, struct retort_buffer *out,
                     size_t *n_objects)
{
    const struct retort_archive_options options = {.read_size = read_size};
    struct retort_archive *archive;
    struct retort_error error;
    struct retort_arena arena = {0};
    struct retort_json_object object;
    enum values_step step;
    *n_objects = 0;
    if (!retort_archive_open_bytes(&archive, "values", bytes, &options, &error))
        return;
    struct values *values = values_open(archive);
    while ((step = values_next(values, &arena, &object, &error)) != VALUES_END) {
        retort_buffer_format(out, "%zu %d", values_number(values), step);
        for (size_t i = 0; step == VALUES_OBJECT && i < object.n_members; i++)
            retort_buffer_put(out, object.members[i].value);
        *n_objects += step == VALUES_OBJECT;
        retort_arena_clear(&arena);
    }
    values_close(values);
    retort_archive_close(archive);
    retort_arena_release(&arena);
}

static size_t count_objects(const struct retort_json *array)
{
    size_t n = 0;
    for (size_t i = 0; i < retort_json_length(array); i++)
        n += retort_json_is_object(retort_json_at(array, i));
    return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_buffer whole = {0}, pieces = {0};
    struct retort_error error;
    size_t n_whole, n_pieces;
    if (size < 4 || (data[1] == 0x1F && data[2] == 0x8B)) /* gzip is the archive's matter */
        return 0;
    struct retort_span bytes = {data + 1, size - 1};
    read_all(bytes, 70000, &whole, &n_whole);
    read_all(bytes, data[0] ? data[0] : 1, &pieces, &n_pieces);
    assert(retort_span_equal(retort_buffer_span(&whole), retort_buffer_span(&pieces)));
    struct retort_json *json = retort_json_parse(bytes, &error);
    if (json && retort_json_is_array(json))
        assert(n_whole == count_objects(json));
    values_begins_with(bytes, "label");
    retort_json_free(json);
    retort_buffer_release(&whole);
    retort_buffer_release(&pieces);
    return 0;
}
