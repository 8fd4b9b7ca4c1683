/* Hashes: XXH3 for tables and checksums, SHA-256 where an adversary could gain by a collision.
 *
 * SHA-256 is Nettle's, which uses the processor's own instructions for it where there are some:
 * libsodium's takes four times as long, and a load hashes every comment. */
#include "base/base.h"

#define XXH_INLINE_ALL /* most of what is hashed is a few bytes long: no call for each */
#include <nettle/sha2.h>
#include <sodium.h>
#include <xxhash.h>

uint64_t retort_hash(struct retort_span bytes, uint64_t seed)
{
    return XXH3_64bits_withSeed(bytes.len ? bytes.data : (const uint8_t *)"", bytes.len, seed);
}

void retort_sha256_bytes(struct retort_span bytes, uint8_t digest[RETORT_SHA256_BYTES])
{
    struct sha256_ctx hash;
    sha256_init(&hash);
    sha256_update(&hash, bytes.len, bytes.len ? bytes.data : (const uint8_t *)"");
    sha256_digest(&hash, RETORT_SHA256_BYTES, digest);
}

void retort_sha256(struct retort_span bytes, char hex[RETORT_SHA256_HEX])
{
    uint8_t digest[RETORT_SHA256_BYTES];
    retort_sha256_bytes(bytes, digest);
    sodium_bin2hex(hex, RETORT_SHA256_HEX, digest, sizeof digest);
}
