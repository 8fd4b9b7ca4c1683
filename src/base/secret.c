/* Secrets: passwords, random keys, and what is told from them, by libsodium.
 *
 * A password is kept as an argon2id string with its own salt, at libsodium's "interactive" cost:
 * 64 MB and about a tenth of a second, so whoever checks one must not be in a hurry, and checks one
 * at a time. Rejected: hashes of our own parameters in the file, which the string holds anyway. */
#include "base/base.h"

#include <assert.h>
#include <sodium.h>

static_assert(RETORT_SECRET == crypto_generichash_BYTES, "a signature is as long as a secret");
static_assert(RETORT_PASSWORD_HASH == crypto_pwhash_STRBYTES, "libsodium's string, with its NUL");

/* May be called again and by any thread; without randomness nothing of this can be had. */
static void begin(void)
{
    int ready = sodium_init();
    assert(ready >= 0);
}

void retort_secret_make(uint8_t secret[RETORT_SECRET])
{
    begin();
    randombytes_buf(secret, RETORT_SECRET);
}

void retort_secret_hex(const uint8_t secret[RETORT_SECRET], char hex[RETORT_SECRET_HEX])
{
    sodium_bin2hex(hex, RETORT_SECRET_HEX, secret, RETORT_SECRET);
}

bool retort_secret_equal(struct retort_span a, struct retort_span b)
{
    return a.len == b.len && (a.len == 0 || sodium_memcmp(a.data, b.data, a.len) == 0);
}

void retort_secret_sign(const uint8_t key[RETORT_SECRET], struct retort_span bytes,
                        uint8_t signature[RETORT_SECRET])
{
    begin();
    crypto_generichash(signature, RETORT_SECRET, bytes.len ? bytes.data : (const uint8_t *)"",
                       bytes.len, key, RETORT_SECRET);
}

void retort_secret_wipe(void *bytes, size_t len)
{
    sodium_memzero(bytes, len);
}

bool retort_password_hash(struct retort_span password, char hash[RETORT_PASSWORD_HASH],
                          struct retort_error *error)
{
    begin();
    return crypto_pwhash_str(hash, password.len ? (const char *)password.data : "", password.len,
                             crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0 ||
           retort_fail(error, RETORT_RUNTIME,
                       "a password cannot be hashed: 64 MB of memory are needed for it");
}

bool retort_password_hash_check(const char *hash)
{
    begin();
    return strncmp(hash, crypto_pwhash_STRPREFIX, strlen(crypto_pwhash_STRPREFIX)) == 0 &&
           strlen(hash) < RETORT_PASSWORD_HASH &&
           crypto_pwhash_str_needs_rehash(hash, crypto_pwhash_OPSLIMIT_INTERACTIVE,
                                          crypto_pwhash_MEMLIMIT_INTERACTIVE) >= 0;
}

bool retort_password_fits(struct retort_span password, const char hash[RETORT_PASSWORD_HASH])
{
    begin();
    return crypto_pwhash_str_verify(hash, password.len ? (const char *)password.data : "",
                                    password.len) == 0;
}
