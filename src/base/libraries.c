/* Which libraries base was linked with, for a report on what is installed. */
#include "base/base.h"

#include <jansson.h>
#include <nettle/version.h>
#include <sodium.h>
#include <utf8proc.h>
#include <xxhash.h>

void retort_base_libraries(struct retort_buffer *out)
{
    unsigned xxhash = XXH_versionNumber();
    retort_buffer_format(out,
                         "jansson %s, libsodium %s, Nettle %d.%d, utf8proc %s, xxHash %u.%u.%u",
                         jansson_version_str(), sodium_version_string(), nettle_version_major(),
                         nettle_version_minor(), utf8proc_version(), xxhash / 10000,
                         xxhash / 100 % 100, xxhash % 100);
}
