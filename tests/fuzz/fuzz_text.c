/* The splitter: bytes of any encoding → lines, comments, parents. */
#include "fuzz/fuzz.h"
#include "thread/thread.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_arena arena = {0};
    struct retort_thread thread;
    retort_thread_split(fuzz_cutter(), (struct retort_span){data, size}, &arena, &thread);
    fuzz_check_thread(&thread, size);
    retort_arena_release(&arena);
    return 0;
}
