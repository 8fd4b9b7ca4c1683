/* Which names hold a mail or IP address.
 *
 * A name says so by a word in it: `comment_author_IP`, `authorEmail`, `X-Forwarded-For`; not by any
 * letters in it: `membership` and `zip` stay. Platforms write such words together as well, so the
 * usual compounds are a closed list. A plugin's serialized record hides the same names in a text,
 * where they are quoted. */
#include "platform/personal.h"

#include <string.h>

enum { LONGEST_WORD = 128 };

static const char *const WORDS[] = {
    "mail",     "mails",    "ip",       "ips",      "ipv4",   "ipv6",       "userip",
    "clientip", "remoteip", "authorip", "posterip", "hostip", "remoteaddr", "senderip",
};

static const char *const PARTS[] = {"email", "ipaddr"};

static const struct {
    const char *first, *second;
} PAIRS[] = {{"remote", "addr"}, {"forwarded", "for"}};

static bool is_small(uint8_t byte)
{
    return byte >= 'a' && byte <= 'z';
}

static bool is_capital(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z';
}

static bool in_word(uint8_t byte)
{
    return is_small(byte) || is_capital(byte) || (byte >= '0' && byte <= '9');
}

/* The next word in small letters, cut to what the lists could hold; false at the end. */
static bool next_word(struct retort_span name, size_t *at, char word[LONGEST_WORD])
{
    size_t len = 0;
    while (*at < name.len && !in_word(name.data[*at]))
        ++*at;
    for (size_t begin = *at; *at < name.len && in_word(name.data[*at]); ++*at) {
        uint8_t byte = name.data[*at];
        if (*at > begin && is_capital(byte) && is_small(name.data[*at - 1]))
            break;
        if (len + 1 < LONGEST_WORD)
            word[len++] = (char)(is_capital(byte) ? byte + 32 : byte);
    }
    word[len] = 0;
    return len > 0;
}

static bool is_personal_word(const char *word)
{
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if (strcmp(word, WORDS[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof PARTS / sizeof *PARTS; i++)
        if (strstr(word, PARTS[i]))
            return true;
    return false;
}

static bool is_personal_pair(const char *first, const char *second)
{
    for (size_t i = 0; i < sizeof PAIRS / sizeof *PAIRS; i++)
        if (strcmp(first, PAIRS[i].first) == 0 && strcmp(second, PAIRS[i].second) == 0)
            return true;
    return false;
}

bool personal_name(struct retort_span name)
{
    char before[LONGEST_WORD] = "", word[LONGEST_WORD];
    for (size_t at = 0; next_word(name, &at, word); memcpy(before, word, sizeof word))
        if (is_personal_word(word) || is_personal_pair(before, word))
            return true;
    return false;
}

/* `{"`, `[{`, `a:3:{`, `O:8:"`, `s:5:"`: JSON or PHP's serialize(). */
static bool looks_serialized(struct retort_span text)
{
    text = retort_span_trim(text);
    if (text.len < 3)
        return false;
    bool php = memchr("aOCs", text.data[0], 4) && text.data[1] == ':' && text.data[2] >= '0' &&
               text.data[2] <= '9';
    return php || text.data[0] == '{' || text.data[0] == '[';
}

/* Quotation marks may be escaped, once or more often: what stands between any two is looked at. */
bool personal_data(struct retort_span text)
{
    if (!looks_serialized(text))
        return false;
    for (size_t begin = 0, at = 0; at <= text.len; at++) {
        if (at < text.len && text.data[at] != '"' && text.data[at] != '\'')
            continue;
        if (at - begin <= LONGEST_WORD && personal_name(retort_span_slice(text, begin, at)))
            return true;
        begin = at + 1;
    }
    return false;
}
