/* What the targets share. */
#include "fuzz/fuzz.h"
#include "thread/thread.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

static struct retort_cutter *cutter;

static void close_cutter(void)
{
    retort_cutter_close(cutter);
}

const struct retort_cutter *fuzz_cutter(void)
{
    const char *models = getenv("RETORT_MODELS");
    struct retort_error error;
    char path[4096];
    if (cutter)
        return cutter;
    snprintf(path, sizeof path, "%s/splitter.model", models ? models : "models");
    if (!retort_cutter_open(&cutter, path, &error)) {
        fprintf(stderr, "%s\n", error.message);
        exit(EXIT_FAILURE);
    }
    atexit(close_cutter);
    return cutter;
}

void fuzz_check_thread(const struct retort_thread *thread, size_t size)
{
    size_t at = 0, n_comments = 0;
    for (size_t b = 0; b < thread->n_blocks; b++) {
        const struct retort_block *block = &thread->blocks[b];
        assert(block->begin >= at && block->end >= block->begin && block->end <= size);
        assert(retort_utf8_valid(block->text));
        at = block->end;
        n_comments += block->comment > 0;
        assert(block->comment == 0 || block->comment == n_comments);
    }
    assert(n_comments == thread->n_comments);
    for (size_t i = 0; i < thread->n_comments; i++) {
        assert(thread->comments[i].parent >= -1 && thread->comments[i].parent < (ptrdiff_t)i);
        assert(thread->comments[i].parent_p >= 0 && thread->comments[i].parent_p <= 1);
    }
}
