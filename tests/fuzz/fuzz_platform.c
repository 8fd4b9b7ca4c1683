/* Any bytes as an export: the first says which format, the rest is the file. */
#include "platform/dump.h"

#include <stdlib.h>

#ifndef FUZZ_PLATFORM
#define FUZZ_PLATFORM fuzz_platform
#endif

int FUZZ_PLATFORM(const uint8_t *data, size_t size);

int FUZZ_PLATFORM(const uint8_t *data, size_t size)
{
    struct dump dump = {0};
    struct retort_error error;
    if (size == 0)
        return 0;
    struct retort_span bytes = {data + 1, size - 1};
    const struct retort_platform_reading reading = {
        .keep_private = data[0] & 16, .visit = dump_thread, .context = &dump};
    enum retort_platform platform =
        (enum retort_platform)(1 + data[0] % 16 % (RETORT_N_PLATFORMS - 1));
    retort_platform_detect(bytes);
    retort_platform_read(platform, bytes, &reading, &error);
    if (dump.broken)
        abort();
    retort_buffer_release(&dump.lines);
    return 0;
}
