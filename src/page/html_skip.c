/* What no reader sees: scripts, styles, comments, drawings. Each is left in one jump to its end;
 * that an end tag does not stand below is found out once. */
#include "page/html_scanner.h"

#include <string.h>

/* Where the text stands next, or the source's end. */
static size_t find_text(const struct scanner *scanner, size_t at, const char *text)
{
    size_t len = strlen(text), end = scanner->source.len;
    for (; (at = scan_find_byte(scanner, at, (uint8_t)text[0])) < end; at++)
        if (end - at >= len && memcmp(scanner->source.data + at, text, len) == 0)
            return at;
    return end;
}

/* Where "</name" stands next, or the end. */
static size_t find_end_tag(struct scanner *scanner, uint8_t tag, size_t at)
{
    const char *name = gumbo_normalized_tagname((GumboTag)tag);
    size_t len = strlen(name), end = scanner->source.len;
    if (scanner->absent[tag])
        return end;
    for (; (at = scan_find_byte(scanner, at, '<')) < end; at++) {
        const uint8_t *here = scanner->source.data + at;
        if (end - at > len + 2 && here[1] == '/' && scan_same_word(here + 2, len, name) &&
            (scan_is_space(here[len + 2]) || here[len + 2] == '/' || here[len + 2] == '>'))
            return at;
    }
    scanner->absent[tag] = true;
    return end;
}

/* A script that writes scripts: inside <!-- … --> an inner <script> … </script> does not end it. */
static size_t find_script_end(struct scanner *scanner, size_t at)
{
    const uint8_t *bytes = scanner->source.data;
    size_t end = scanner->source.len;
    bool escaped = false, inner = false;
    for (; at < end; at++) {
        if (bytes[at] == '-' && escaped && end - at >= 3 && memcmp(bytes + at, "-->", 3) == 0)
            escaped = inner = false;
        if (bytes[at] != '<' || end - at < 4)
            continue;
        if (memcmp(bytes + at, "<!--", 4) == 0) {
            escaped = true;
            at += 1; /* "<!-->" ends at once */
            continue;
        }
        bool closes = bytes[at + 1] == '/';
        const uint8_t *name = bytes + at + 1 + closes;
        size_t room = (size_t)(bytes + end - name);
        if (room < 7 || !scan_same_word(name, 6, "script") ||
            !(scan_is_space(name[6]) || name[6] == '/' || name[6] == '>'))
            continue;
        if (closes && !inner)
            return at;
        inner = escaped && !closes;
    }
    return end;
}

void scan_skip_to_end(struct scanner *scanner, size_t at)
{
    size_t close = scan_find_byte(scanner, at, '>');
    scanner->at = close < scanner->source.len ? close + 1 : close;
}

static void keep_data(struct scanner *scanner, size_t begin, size_t end)
{
    struct html_scanned *out = scanner->out;
    bool wanted = scan_holds_word(scanner->found[HTML_TYPE], "ld+json") ||
                  scan_holds_word(scanner->found[HTML_ID], "disqus-threaddata");
    if (wanted && out->n_data < HTML_DATA_MOST)
        out->data[out->n_data++] = retort_span_slice(scanner->source, begin, end);
}

/* Content that is no markup, up to the end tag; without one, a script or style has no end, and of
 * the others only the start tag is dropped. */
void scan_drop_raw(struct scanner *scanner, uint8_t tag)
{
    size_t begin = scanner->at;
    size_t end = tag == GUMBO_TAG_SCRIPT ? find_script_end(scanner, begin)
                                         : find_end_tag(scanner, tag, begin);
    if (end == scanner->source.len && tag != GUMBO_TAG_SCRIPT && tag != GUMBO_TAG_STYLE)
        return;
    if (tag == GUMBO_TAG_SCRIPT)
        keep_data(scanner, begin, end);
    if (tag == GUMBO_TAG_TITLE && !scanner->out->title.data)
        scanner->out->title = retort_span_slice(scanner->source, begin, end);
    scan_skip_to_end(scanner, end);
}

void scan_drop_tree(struct scanner *scanner, uint8_t tag)
{
    size_t end = find_end_tag(scanner, tag, scanner->at);
    if (end < scanner->source.len)
        scan_skip_to_end(scanner, end);
}

void scan_skip_comment(struct scanner *scanner)
{
    size_t begin = scanner->at + 4;
    const uint8_t *bytes = scanner->source.data;
    bool empty = begin < scanner->source.len && bytes[begin] == '>';
    if (empty || (begin + 1 < scanner->source.len && memcmp(bytes + begin, "->", 2) == 0)) {
        scanner->at = begin + (empty ? 1 : 2);
        return;
    }
    size_t end = find_text(scanner, begin, "--");
    while (end < scanner->source.len) {
        size_t after = end + 2;
        after += after < scanner->source.len && bytes[after] == '!';
        if (after < scanner->source.len && bytes[after] == '>') {
            scanner->at = after + 1;
            return;
        }
        end = find_text(scanner, end + 1, "--");
    }
    scanner->at = scanner->source.len;
}
