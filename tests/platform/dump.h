/* Threads of an export as our own JSON lines. */
#ifndef TESTS_PLATFORM_DUMP_H
#define TESTS_PLATFORM_DUMP_H

#include "platform/platform.h"

struct dump {
    struct retort_buffer lines;
    size_t n_threads, n_comments;
    size_t stop_after;  /* threads; 0: all */
    const char *broken; /* what a thread must hold and did not; NULL: all was well */
};

/* A visitor: checks what every thread must hold and writes it down. */
bool dump_thread(void *context, const struct retort_thread *thread, struct retort_error *error);

#endif
