/* Any bytes as an export: the first says which format, the rest is the file. */
#include "fuzz/fuzz.h"
#include "platform/platform.h"

#include <assert.h>

static void check_meta(struct retort_span meta)
{
    struct retort_error error;
    assert(meta.len == 0 || (meta.data[0] == '{' && retort_json_check(meta, &error)));
}

static bool check_thread(void *context, const struct retort_thread *thread,
                         struct retort_error *error)
{
    (void)context;
    (void)error;
    assert(thread->n_comments > 0 || thread->article.len > 0);
    assert(retort_utf8_valid(thread->article) && retort_utf8_valid(thread->title));
    check_meta(thread->meta);
    for (size_t i = 0; i < thread->n_comments; i++) {
        const struct retort_comment *comment = &thread->comments[i];
        struct retort_arena arena = {0};
        assert(comment->parent >= -1 && comment->parent < (ptrdiff_t)i);
        assert(retort_utf8_valid(comment->text) && retort_utf8_valid(comment->author));
        check_meta(retort_platform_beside(thread, comment, &arena));
        retort_arena_release(&arena);
    }
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_error error;
    if (size == 0)
        return 0;
    const struct retort_span bytes = {data + 1, size - 1};
    const struct retort_platform_reading reading = {.keep_private = data[0] & 16,
                                                    .visit = check_thread};
    const size_t platform = 1 + data[0] % 16 % (RETORT_N_PLATFORMS - 1);
    retort_platform_detect(bytes);
    retort_platform_read((enum retort_platform)platform, bytes, &reading, &error);
    return 0;
}
