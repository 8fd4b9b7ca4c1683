/* Numbers to text and back, the same in every locale, and the one source of random numbers. */
#include "base/base.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* printf writes the locale's decimal point; in a number it is the only byte that can be strange. */
static void put_with_point(struct retort_buffer *buffer, const char *digits)
{
    bool point = false;
    for (const char *at = digits; *at; at++) {
        bool plain = (*at >= '0' && *at <= '9') || strchr("+-einfa", *at);
        if (plain)
            retort_buffer_byte(buffer, (uint8_t)*at);
        else if (!point)
            retort_buffer_byte(buffer, '.');
        point = !plain;
    }
}

/* How many digits are worth trying first. Two decimals of 15 digits are never the same double, so
 * when 15 read back, they without their last zeros are the shortest that do; and when 15 do not,
 * no fewer do. Only subnormal numbers have less than 15 digits in them. */
static int fewest_digits(double value)
{
    char digits[64];
    int n = 0, last = 1;
    if (value != 0 && !isnormal(value))
        return 1;
    snprintf(digits, sizeof digits, "%.14e", value);
    if (strtod(digits, NULL) != value)
        return 16;
    for (const char *at = digits; *at != 'e'; at++) {
        n += *at >= '0' && *at <= '9';
        last = *at >= '1' && *at <= '9' ? n : last;
    }
    return last;
}

void retort_buffer_number(struct retort_buffer *buffer, double value)
{
    char digits[64];
    if (!isfinite(value)) { /* JSON has no word for it, and no result of ours should be it */
        retort_buffer_text(buffer, "null");
        return;
    }
    for (int precision = fewest_digits(value); precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    put_with_point(buffer, digits);
}

void retort_buffer_fixed(struct retort_buffer *buffer, double value, int decimals)
{
    char digits[400];
    if (!isfinite(value)) {
        retort_buffer_text(buffer, "null");
        return;
    }
    snprintf(digits, sizeof digits, "%.*f", decimals, value);
    put_with_point(buffer, strspn(digits, "-0.,") == strlen(digits) && digits[0] == '-' ? digits + 1
                                                                                        : digits);
}

/* Two digits; n below 100, for which 103/1024 is a tenth. */
static void put_pair(uint8_t *digits, uint32_t n)
{
    uint32_t tens = n * 103 >> 10;
    digits[0] = (uint8_t)('0' + tens);
    digits[1] = (uint8_t)('0' + (n - 10 * tens));
}

/* p is m · 2^(−52 − e), so p · 10000 is m · 625 · 2^(−48 − e), of which m · 625 fits into 64 bits
 * and the rest is a shift: what is rounded is the double's exact value, half to even, as printf
 * does. */
void retort_put_p(uint8_t digits[RETORT_P_SIZE], double p)
{
    enum { MANTISSA = 52, BIAS = 1023 };
    uint64_t bits;
    memcpy(&bits, &p, sizeof bits);
    assert(p >= 0 && p <= 1);
    unsigned e = BIAS - (unsigned)(bits >> MANTISSA), shift = MANTISSA - 4 + e;
    uint64_t product = ((bits & ((UINT64_C(1) << MANTISSA) - 1)) | UINT64_C(1) << MANTISSA) * 625;
    uint64_t whole = 0;
    if (shift < 64) {
        uint64_t rest = product & ((UINT64_C(1) << shift) - 1), half = UINT64_C(1) << (shift - 1);
        whole = product >> shift;
        whole += rest > half || (rest == half && whole % 2 == 1);
    }
    uint32_t hundredths = (uint32_t)whole / 100;
    digits[0] = (uint8_t)('0' + (hundredths == 100));
    digits[1] = '.';
    put_pair(digits + 2, hundredths == 100 ? 0 : hundredths);
    put_pair(digits + 4, (uint32_t)whole - 100 * hundredths);
}

bool retort_parse_number(const char *text, double *value)
{
    char *end;
    errno = 0;
    *value = strtod(text, &end);
    return end != text && *end == '\0' && errno == 0 && isfinite(*value);
}

bool retort_parse_count(const char *text, uint64_t *value)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *value = strtoull(text, &end, 10);
    return *end == '\0' && errno == 0;
}

uint64_t retort_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}
