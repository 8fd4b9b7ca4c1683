/* What every fuzz target is: bytes in, 0 out, whatever the bytes. `make fuzz TARGET=name` lets
 * libFuzzer invent them; replay.c runs those that are kept. */
#ifndef RETORT_FUZZ_H
#define RETORT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The shipped splitter, opened once, from $RETORT_MODELS or models/. */
struct retort_cutter;
const struct retort_cutter *fuzz_cutter(void);

struct retort_thread;
/* What holds of every thread of a page of `size` bytes, or the program ends. */
void fuzz_check_thread(const struct retort_thread *thread, size_t size);

#endif
