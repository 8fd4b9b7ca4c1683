/* Hashes: XXH3 for tables and checksums, SHA-256 where an adversary could gain by a collision. */
#include "base/base.h"

#define XXH_INLINE_ALL /* most of what is hashed is a few bytes long: no call for each */
#include <sodium.h>
#include <xxhash.h>

uint64_t retort_hash(struct retort_span bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.len ? bytes.data : (const uint8_t *)"", bytes.len, seed);
}

void retort_sha256(struct retort_span bytes, char hex[RETORT_SHA256_HEX])
{
    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, bytes.len ? bytes.data : (const uint8_t *)"", bytes.len);
    sodium_bin2hex(hex, RETORT_SHA256_HEX, digest, sizeof digest);
}
