/* When something was written, by what it says itself: ISO 8601, seconds or milliseconds since 1970,
 * mail's dates, what platforms show in English. Anything else is not guessed at. */
#include "base/base.h"

enum { DAY = 86400, MOST_TOKENS = 16 };

/* Of a proleptic Gregorian date; the months are counted from March, so that the leap day is last.
 */
int64_t retort_days_of(int64_t year, int64_t month, int64_t day)
{
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    int64_t in_era = shifted - era * 400;
    int64_t in_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + in_year - 719468;
}

static bool is_date(int64_t year, int64_t month, int64_t day)
{
    static const int8_t LENGTHS[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= LENGTHS[month - 1] - (month == 2 && !leap);
}

/* ---- tokens: numbers and words with what stands before them ---- */

struct token {
    bool is_number;
    uint8_t before; /* the byte before it; a blank at the beginning */
    size_t n_digits;
    int64_t value;
    uint8_t word[4]; /* its first three letters, small */
};

static bool is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static uint8_t small(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte + 32) : byte;
}

static bool is_small(uint8_t byte)
{
    return byte >= 'a' && byte <= 'z';
}

static size_t take_number(struct retort_span text, size_t at, struct token *token)
{
    token->is_number = true;
    for (; at < text.len && is_digit(text.data[at]); at++, token->n_digits++)
        if (token->n_digits < 18)
            token->value = token->value * 10 + (text.data[at] - '0');
    return at;
}

static size_t take_word(struct retort_span text, size_t at, struct token *token)
{
    for (size_t n = 0; at < text.len && is_small(small(text.data[at])); at++, n++)
        if (n < 3)
            token->word[n] = small(text.data[at]);
    return at;
}

/* SIZE_MAX: too many to be a time. */
static size_t tokenize(struct retort_span text, struct token tokens[MOST_TOKENS])
{
    size_t n = 0, at = 0;
    while (at < text.len) {
        uint8_t byte = text.data[at];
        if (!is_digit(byte) && !is_small(small(byte))) {
            if (byte >= 0x80)
                return SIZE_MAX;
            at++;
            continue;
        }
        if (n == MOST_TOKENS)
            return SIZE_MAX;
        tokens[n] = (struct token){.before = at ? text.data[at - 1] : ' '};
        at = is_digit(byte) ? take_number(text, at, &tokens[n]) : take_word(text, at, &tokens[n]);
        n++;
    }
    return n;
}

static bool is_word(const struct token *token, const char *word)
{
    return !token->is_number && memcmp(token->word, word, strlen(word) + 1) == 0;
}

static int64_t month_of(const struct token *token)
{
    static const char *const MONTHS[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                         "jul", "aug", "sep", "oct", "nov", "dec"};
    for (size_t i = 0; i < 12; i++)
        if (is_word(token, MONTHS[i]))
            return (int64_t)i + 1;
    return 0;
}

/* ---- the time of day ---- */

/* Hours before a colon, what follows it, and the zone behind: seconds to be added to the day's. */
static int64_t clock_of(const struct token *tokens, size_t n, size_t first)
{
    int64_t seconds = 0;
    for (size_t i = first; i + 1 < n; i++) {
        if (!tokens[i].is_number || !tokens[i + 1].is_number || tokens[i + 1].before != ':' ||
            tokens[i].value > 24 || tokens[i + 1].value > 59)
            continue;
        bool has_seconds = i + 2 < n && tokens[i + 2].is_number && tokens[i + 2].before == ':';
        seconds = tokens[i].value * 3600 + tokens[i + 1].value * 60;
        if (has_seconds && tokens[i + 2].value <= 60)
            seconds += tokens[i + 2].value;
        for (size_t j = i + 2; j < n; j++) {
            if (is_word(&tokens[j], "pm") && tokens[i].value < 12)
                seconds += 12 * 3600;
            if (is_word(&tokens[j], "am") && tokens[i].value == 12)
                seconds -= 12 * 3600;
        }
        break;
    }
    return seconds;
}

/* +0130, -08:00 or +02 behind the clock: what is to be subtracted. */
static int64_t zone_of(const struct token *tokens, size_t n, size_t first)
{
    bool clock = false;
    for (size_t i = first; i < n; i++) {
        const struct token *token = &tokens[i];
        clock |= token->before == ':';
        if (!clock || !token->is_number || (token->before != '+' && token->before != '-'))
            continue;
        int64_t minutes = 0;
        if (token->n_digits == 4)
            minutes = token->value / 100 * 60 + token->value % 100;
        else if (token->n_digits == 2)
            minutes = token->value * 60 +
                      (i + 1 < n && tokens[i + 1].before == ':' ? tokens[i + 1].value : 0);
        if (minutes > 14 * 60)
            return 0;
        return token->before == '-' ? -minutes * 60 : minutes * 60;
    }
    return 0;
}

static bool put(int64_t year, int64_t month, int64_t day, int64_t *seconds)
{
    if (!is_date(year, month, day))
        return false;
    *seconds = retort_days_of(year, month, day) * DAY;
    return true;
}

/* ---- forms ---- */

/* 1766448000, also with a fraction or in milliseconds or microseconds; 20261126 is a date. */
static bool read_epoch(const struct token *tokens, size_t n, struct retort_span text,
                       int64_t *seconds)
{
    bool alone = n == 1 || (n == 2 && tokens[1].is_number && tokens[1].before == '.');
    if (!alone || !tokens[0].is_number || tokens[0].n_digits > 17)
        return false;
    int64_t value = tokens[0].value, sign = text.data[0] == '-' ? -1 : 1;
    if (tokens[0].n_digits == 8 && sign > 0 && n == 1)
        return put(value / 10000, value / 100 % 100, value % 100, seconds);
    if (tokens[0].n_digits < 5)
        return false;
    for (size_t digits = tokens[0].n_digits; digits > 11; digits -= 3)
        value /= 1000;
    *seconds = sign * value;
    return true;
}

/* 2026-11-26T08:30:00+01:00, and its beginnings from the month on; also with / or . between. */
static bool read_iso(const struct token *tokens, size_t n, int64_t *seconds)
{
    if (n < 2 || !tokens[0].is_number || tokens[0].n_digits != 4 || !tokens[1].is_number ||
        tokens[1].n_digits > 2 || !strchr("-/.", tokens[1].before))
        return false;
    bool has_day = n > 2 && tokens[2].is_number && tokens[2].before == tokens[1].before;
    if (!put(tokens[0].value, tokens[1].value, has_day ? tokens[2].value : 1, seconds))
        return false;
    if (has_day)
        *seconds += clock_of(tokens, n, 3) - zone_of(tokens, n, 3);
    return true;
}

/* A month by its name, a day of one or two digits that is no hour, a year of four that is no zone.
 */
static bool read_named(const struct token *tokens, size_t n, int64_t *seconds)
{
    int64_t year = 0, month = 0, day = 0;
    for (size_t i = 0; i < n; i++) {
        const struct token *token = &tokens[i];
        bool clock = token->before == ':' || (i + 1 < n && tokens[i + 1].before == ':');
        if (!token->is_number)
            month = month ? month : month_of(token);
        else if (token->n_digits == 4 && token->before != '+' && token->before != '-')
            year = token->value;
        else if (token->n_digits <= 2 && !clock && !day)
            day = token->value;
    }
    if (!month || !put(year, month, day, seconds))
        return false;
    *seconds += clock_of(tokens, n, 0) - zone_of(tokens, n, 0);
    return true;
}

bool retort_when(struct retort_span text, int64_t *seconds)
{
    struct token tokens[MOST_TOKENS];
    size_t n = text.len > 0 && text.len <= 80 ? tokenize(text, tokens) : SIZE_MAX;
    if (n == SIZE_MAX || n == 0)
        return false;
    bool told = read_epoch(tokens, n, text, seconds) || read_iso(tokens, n, seconds) ||
                read_named(tokens, n, seconds);
    return told && *seconds > INT64_C(-62135596801) && *seconds < INT64_C(253402300800);
}
