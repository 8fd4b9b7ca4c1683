/* Whom each comment answers: lines as comments, the first one the article. */
#include "fuzz/fuzz.h"
#include "thread/thread.h"

#include <stdlib.h>

enum { COMMENTS_MOST = 5000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_arena arena = {0};
    struct retort_span rest = {data, size}, article = {data, 0}, line;
    struct retort_comment *comments = RETORT_NEW(&arena, struct retort_comment, COMMENTS_MOST);
    size_t n = 0;
    retort_span_next_line(&rest, &article);
    while (n < COMMENTS_MOST && retort_span_next_line(&rest, &line))
        comments[n++].text = line;
    retort_thread_parents(fuzz_cutter(), article, comments, n, &arena);
    for (size_t i = 0; i < n; i++)
        if (comments[i].parent < -1 || comments[i].parent >= (ptrdiff_t)i)
            abort();
    retort_arena_release(&arena);
    return 0;
}
