/* The table of platforms, and an export's way through its reader: made UTF-8, read, delivered. */
#include "platform/platform.h"

#include "platform/formats.h"
#include "platform/xml.h"

#include <string.h>

struct platform {
    const char *name;
    bool (*read)(struct reader *reader, struct retort_span bytes, struct retort_error *error);
};

static const struct platform PLATFORMS[RETORT_N_PLATFORMS] = {
    [RETORT_PLATFORM_NONE] = {"", NULL},
    [RETORT_PLATFORM_JSONL] = {"jsonl", format_jsonl},
    [RETORT_PLATFORM_DISQUS] = {"disqus", format_disqus},
    [RETORT_PLATFORM_WXR] = {"wxr", format_wxr},
    [RETORT_PLATFORM_REDDIT] = {"reddit", format_reddit},
    [RETORT_PLATFORM_HN] = {"hn", format_hn},
    [RETORT_PLATFORM_DISCOURSE] = {"discourse", format_discourse},
    [RETORT_PLATFORM_GUARDIAN] = {"guardian", format_guardian},
    [RETORT_PLATFORM_CONVOKIT] = {"convokit", format_convokit},
};

const char *retort_platform_name(enum retort_platform platform)
{
    return PLATFORMS[platform].name;
}

enum retort_platform retort_platform_named(const char *name)
{
    for (size_t i = RETORT_PLATFORM_NONE + 1; i < RETORT_N_PLATFORMS; i++)
        if (strcmp(name, PLATFORMS[i].name) == 0)
            return (enum retort_platform)i;
    return RETORT_PLATFORM_NONE;
}

enum retort_platform retort_platform_detect(struct retort_span head)
{
    struct retort_arena arena = {0};
    enum retort_encoding encoding;
    head = retort_span_slice(head, 0, RETORT_PLATFORM_HEAD);
    enum retort_platform platform = format_detect(retort_text_decode(head, &arena, &encoding));
    retort_arena_release(&arena);
    return platform;
}

/* ---- half characters ------------------------------------------------------------------------ */

static bool is_one_of(uint8_t byte, const char *set)
{
    return byte && strchr(set, byte);
}

/* Is it \uD…, with the second digit one of the set? */
static bool is_half(struct retort_span text, size_t at, const char *set)
{
    static const char HEX[] = "0123456789abcdefABCDEF";
    return text.len - at >= 6 && text.data[at] == '\\' && text.data[at + 1] == 'u' &&
           is_one_of(text.data[at + 2], "dD") && is_one_of(text.data[at + 3], set) &&
           is_one_of(text.data[at + 4], HEX) && is_one_of(text.data[at + 5], HEX);
}

/* Escapes of half a character, which a cut text leaves ("\ud83d"), become "\ufffd". The document
 * would be refused for one of them, though a stray byte is mended too. */
static struct retort_span mend_halves(struct retort_span text, struct retort_arena *arena)
{
    uint8_t *copy = NULL;
    for (size_t at = 0; at + 1 < text.len; at++) {
        if (text.data[at] != '\\')
            continue;
        bool high = is_half(text, at, "89abAB"), low = is_half(text, at, "cdefCDEF");
        if (high && text.len - at >= 12 && is_half(text, at + 6, "cdefCDEF")) {
            at += 11;
            continue;
        }
        if ((high || low) && !copy) {
            struct retort_span all = retort_arena_copy(arena, text);
            copy = (uint8_t *)all.data;
        }
        if (high || low)
            memcpy(copy + at, "\\ufffd", 6);
        at++;
    }
    return copy ? (struct retort_span){copy, text.len} : text;
}

bool retort_platform_read(enum retort_platform platform, struct retort_span bytes,
                          const struct retort_platform_reading *reading, struct retort_error *error)
{
    struct reader reader = {.reading = reading};
    struct retort_arena arena = {0};
    enum retort_encoding encoding;
    struct retort_span text = retort_text_decode(bytes, &arena, &encoding);
    if (!(platform == RETORT_PLATFORM_DISQUS || platform == RETORT_PLATFORM_WXR))
        text = mend_halves(text, &arena);
    bool read = PLATFORMS[platform].read(&reader, text, error);
    read = records_finish(&reader, read, error);
    retort_arena_release(&arena);
    return read;
}

void retort_platform_libraries(struct retort_buffer *out)
{
    const char *version = strchr(xml_library(), '_');
    retort_buffer_format(out, "expat %s", version ? version + 1 : xml_library());
}
