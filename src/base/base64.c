/* Bytes as text, where a format has no other place for them: base64 (RFC 4648), by libsodium. */
#include "base/base.h"

#include <sodium.h>

void retort_base64_put(struct retort_buffer *buffer, struct retort_span bytes)
{
    size_t size = sodium_base64_encoded_len(bytes.len, sodium_base64_VARIANT_ORIGINAL);
    uint8_t *room = retort_buffer_room(buffer, size); /* with its NUL */
    sodium_bin2base64((char *)room, size, bytes.len ? bytes.data : (const uint8_t *)"", bytes.len,
                      sodium_base64_VARIANT_ORIGINAL);
    buffer->len += size - 1;
}

bool retort_base64_read(struct retort_span text, struct retort_arena *arena,
                        struct retort_span *bytes)
{
    size_t most = text.len / 4 * 3 + 3, len = 0;
    const char *end = NULL, *begin = (const char *)text.data;
    uint8_t *room = RETORT_NEW(arena, uint8_t, most);
    *bytes = (struct retort_span){room, 0};
    if (text.len == 0)
        return true;
    bool read = sodium_base642bin(room, most, begin, text.len, NULL, &len, &end,
                                  sodium_base64_VARIANT_ORIGINAL) == 0;
    bytes->len = len;
    return read && end == begin + text.len;
}
