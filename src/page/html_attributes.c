/* The attributes of a tag: those on a short list are taken down, the others only passed. */
#include "page/html_scanner.h"

#include <string.h>

static const struct {
    const char *name;
    enum html_key key;
} ATTRIBUTES[] = {
    {"id", HTML_ID},
    {"class", HTML_CLASS},
    {"itemprop", HTML_ITEMPROP},
    {"itemtype", HTML_ITEMTYPE},
    {"datetime", HTML_DATETIME},
    {"title", HTML_TITLE},
    {"content", HTML_CONTENT},
    {"role", HTML_ROLE},
    {"data-comment-id", HTML_NUMBER},
    {"data-commentid", HTML_NUMBER},
    {"data-message-id", HTML_NUMBER},
    {"data-post-id", HTML_NUMBER},
    {"data-id", HTML_NUMBER},
    {"data-fullname", HTML_NUMBER},
    {"data-parent-comment-id", HTML_PARENT},
    {"data-parent-id", HTML_PARENT},
    {"data-parentid", HTML_PARENT},
    {"data-parent", HTML_PARENT},
    {"data-reply-to", HTML_PARENT},
    {"data-author", HTML_AUTHOR},
    {"data-username", HTML_AUTHOR},
    {"data-time", HTML_TIME},
    {"data-timestamp", HTML_TIME},
    {"data-depth", HTML_DEPTH},
    {"data-level", HTML_DEPTH},
    {"aria-level", HTML_DEPTH},
    {"indent", HTML_DEPTH},
    {"rel", HTML_REL},
    {"href", HTML_HREF},
    {"name", HTML_NAME},
    {"property", HTML_NAME},
    {"type", HTML_TYPE},
    {"style", HTML_STYLE},
    {"width", HTML_WIDTH},
    {"src", HTML_SRC},
    {"hidden", HTML_HIDDEN},
};

static void take_attribute(struct scanner *scanner, struct retort_span name,
                           struct retort_span value)
{
    if (name.len < 2 || name.len > 22)
        return;
    for (size_t i = 0; i < sizeof ATTRIBUTES / sizeof *ATTRIBUTES; i++) {
        if ((uint8_t)ATTRIBUTES[i].name[0] != scan_lower(name.data[0]) ||
            !scan_same_word(name.data, name.len, ATTRIBUTES[i].name))
            continue;
        struct retort_span *found = &scanner->found[ATTRIBUTES[i].key];
        if (!found->data)
            *found = value;
        return;
    }
}

static struct retort_span read_value(struct scanner *scanner)
{
    const uint8_t *bytes = scanner->source.data;
    size_t end = scanner->source.len, at = scanner->at;
    while (at < end && scan_is_space(bytes[at]))
        at++;
    if (at < end && (bytes[at] == '"' || bytes[at] == '\'')) {
        size_t close = scan_find_byte(scanner, at + 1, bytes[at]);
        scanner->at = close < end ? close + 1 : end;
        return retort_span_slice(scanner->source, at + 1, close);
    }
    size_t begin = at;
    while (at < end && !scan_is_space(bytes[at]) && bytes[at] != '>')
        at++;
    scanner->at = at;
    return retort_span_slice(scanner->source, begin, at);
}

/* From behind the name to behind the '>'; true when the tag closes itself. */
bool scan_attributes(struct scanner *scanner)
{
    const uint8_t *bytes = scanner->source.data;
    size_t end = scanner->source.len;
    bool slash = false;
    memset(scanner->found, 0, sizeof scanner->found);
    while (scanner->at < end && bytes[scanner->at] != '>') {
        if (scan_is_space(bytes[scanner->at]) || bytes[scanner->at] == '/') {
            slash = bytes[scanner->at++] == '/' || (slash && bytes[scanner->at - 1] != '/');
            continue;
        }
        slash = false;
        size_t begin = scanner->at++;
        while (scanner->at < end && !scan_is_space(bytes[scanner->at]) &&
               bytes[scanner->at] != '/' && bytes[scanner->at] != '>' && bytes[scanner->at] != '=')
            scanner->at++;
        struct retort_span name = retort_span_slice(scanner->source, begin, scanner->at);
        size_t after = scanner->at;
        while (after < end && scan_is_space(bytes[after]))
            after++;
        struct retort_span value = {bytes + scanner->at, 0};
        if (after < end && bytes[after] == '=') {
            scanner->at = after + 1;
            value = read_value(scanner);
        }
        take_attribute(scanner, name, value);
    }
    scanner->at += scanner->at < end;
    return slash;
}
