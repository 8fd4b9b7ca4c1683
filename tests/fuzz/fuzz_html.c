/* The reader of HTML: bytes of any charset → lines, the comments that markup tells, a thread. */
#include "fuzz/fuzz.h"
#include "page/page.h"
#include "thread/thread.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_arena arena = {0};
    struct retort_thread thread;
    struct retort_span html = {data, size};
    retort_thread_split_html(fuzz_cutter(), html, RETORT_SPAN("koi8-r"), &arena, &thread);
    for (size_t at = 0; at < thread.page.n_lines; at++)
        assert(thread.page.lines[at].end <= size && retort_utf8_valid(thread.page.lines[at].text));
    for (size_t i = 0; i < thread.n_comments; i++)
        assert(thread.comments[i].parent >= -1 && thread.comments[i].parent < (ptrdiff_t)i);
    retort_page_html_text(html, &arena);
    retort_arena_release(&arena);
    return 0;
}
