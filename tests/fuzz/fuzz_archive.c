/* Files, gzip, WARC and WET, read in pieces whose size the input chooses. */
#include "archive/archive.h"
#include "fuzz/fuzz.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct retort_archive_options options = {
        .most_bytes = 1 << 20, .read_size = 1 + size % 4099, .records = size % 2};
    struct retort_archive *archive;
    struct retort_document document;
    struct retort_error error;
    size_t n_steps = 0;
    if (!retort_archive_open_bytes(&archive, "x.gz", (struct retort_span){data, size}, &options,
                                   &error))
        return 0;
    while (retort_archive_next(archive, &document, &error) != RETORT_ARCHIVE_END)
        assert(n_steps++ <= 1000 * (size + 1));
    retort_archive_close(archive);
    return 0;
}
