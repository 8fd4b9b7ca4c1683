/* Which export a file is, by its beginning.
 *
 * JSON: the names of members seen so far, each with those around it ("data.children"), against rows
 * of names that only one platform has together; arrays make no difference. Several values behind
 * one another are lines. The beginning may break off anywhere. XML: the name of the root element.
 */
#include "platform/formats.h"

#include <string.h>

enum { DEEPEST = 4, MOST_NAMES = 6 };

/* All names of a row must be there; the first row that is decides. */
static const struct {
    enum retort_platform platform;
    const char *names[MOST_NAMES];
} SIGNATURES[] = {
    {RETORT_PLATFORM_DISCOURSE, {"post_stream.posts"}},
    {RETORT_PLATFORM_DISCOURSE, {"post_stream.stream"}},
    {RETORT_PLATFORM_GUARDIAN, {"discussion.comments"}},
    {RETORT_PLATFORM_GUARDIAN, {"discussion.webUrl", "discussion.key"}},
    {RETORT_PLATFORM_GUARDIAN, {"comment.body", "comment.isoDateTime"}},
    {RETORT_PLATFORM_REDDIT, {"kind", "data.children"}},
    {RETORT_PLATFORM_REDDIT, {"data.children", "data.modhash"}},
    {RETORT_PLATFORM_REDDIT, {"data.children", "data.after"}},
    {RETORT_PLATFORM_REDDIT, {"json.data.things"}},
    {RETORT_PLATFORM_HN, {"id", "created_at_i", "type"}},
    {RETORT_PLATFORM_HN, {"id", "children", "author", "parent_id"}},
    {RETORT_PLATFORM_HN, {"hits.objectID"}},
    {RETORT_PLATFORM_CONVOKIT, {"conversation_id", "reply_to", "text", "speaker"}},
    {RETORT_PLATFORM_CONVOKIT, {"conversation_id", "reply-to", "text", "speaker"}},
    {RETORT_PLATFORM_CONVOKIT, {"root", "reply_to", "text", "user"}},
    {RETORT_PLATFORM_CONVOKIT, {"root", "reply-to", "text", "user"}},
};

enum { N_SIGNATURES = sizeof SIGNATURES / sizeof *SIGNATURES };

/* ---- JSON ----------------------------------------------------------------------------------- */

struct scan {
    struct retort_span text;
    size_t depth;                     /* of containers */
    uint32_t objects;                 /* bit d: the container at depth d is an object */
    struct retort_span path[DEEPEST]; /* the names around, of the objects alone */
    size_t n_path;
    bool ended, lines;          /* a value has ended; another has begun behind it */
    uint8_t seen[N_SIGNATURES]; /* bit n: the name n of the row */
};

static bool is_path(const struct scan *scan, const char *names)
{
    struct retort_span rest = retort_span_of(names);
    for (size_t i = 0; i < scan->n_path; i++) {
        if (!retort_span_starts(rest, scan->path[i]))
            return false;
        rest = retort_span_slice(rest, scan->path[i].len, rest.len);
        if (i + 1 < scan->n_path && !retort_span_starts(rest, RETORT_SPAN(".")))
            return false;
        rest = retort_span_slice(rest, i + 1 < scan->n_path, rest.len);
    }
    return rest.len == 0;
}

static void see(struct scan *scan)
{
    for (size_t row = 0; row < N_SIGNATURES; row++)
        for (size_t n = 0; n < MOST_NAMES && SIGNATURES[row].names[n]; n++)
            if (is_path(scan, SIGNATURES[row].names[n]))
                scan->seen[row] |= (uint8_t)(1u << n);
}

static bool is_row_seen(const struct scan *scan, size_t row)
{
    for (size_t n = 0; n < MOST_NAMES && SIGNATURES[row].names[n]; n++)
        if (!(scan->seen[row] >> n & 1))
            return false;
    return true;
}

/* From the opening quote to behind the closing one. */
static size_t string_end(struct retort_span text, size_t at)
{
    for (at++; at < text.len && text.data[at] != '"'; at++)
        if (text.data[at] == '\\')
            at++;
    return at < text.len ? at + 1 : text.len;
}

static bool in_object(const struct scan *scan)
{
    return scan->depth > 0 && scan->depth < 32 && scan->objects >> scan->depth & 1;
}

/* How many names lead to the members of the object we are in. */
static size_t names_around(const struct scan *scan)
{
    size_t n = 0;
    for (size_t d = 1; d < scan->depth && d < 32; d++)
        n += scan->objects >> d & 1;
    return n;
}

static void scan_string(struct scan *scan, size_t begin, size_t end)
{
    size_t at = end;
    while (at < scan->text.len && memchr(" \t\r\n", scan->text.data[at], 4))
        at++;
    size_t around = names_around(scan);
    bool key = at < scan->text.len && scan->text.data[at] == ':' && in_object(scan);
    if (!key || around >= DEEPEST)
        return;
    scan->path[around] = retort_span_slice(scan->text, begin + 1, end - 1);
    scan->n_path = around + 1;
    see(scan);
}

static enum retort_platform detect_json(struct retort_span text)
{
    struct scan scan = {.text = text};
    for (size_t at = 0; at < text.len; at++) {
        uint8_t byte = text.data[at];
        if (byte == '"') {
            size_t end = string_end(text, at);
            scan_string(&scan, at, end);
            at = end - 1;
        } else if (byte == '{' || byte == '[') {
            scan.lines |= scan.ended;
            scan.depth++;
            if (scan.depth < 32)
                scan.objects = (scan.objects & ~(1u << scan.depth)) | (uint32_t)(byte == '{')
                                                                          << scan.depth;
        } else if ((byte == '}' || byte == ']') && scan.depth > 0) {
            scan.depth--;
            scan.ended |= scan.depth == 0;
        }
    }
    for (size_t row = 0; row < N_SIGNATURES; row++)
        if (is_row_seen(&scan, row) &&
            (!scan.lines || SIGNATURES[row].platform == RETORT_PLATFORM_CONVOKIT))
            return SIGNATURES[row].platform;
    return text.data[0] == '{' ? RETORT_PLATFORM_JSONL : RETORT_PLATFORM_NONE;
}

/* ---- XML ------------------------------------------------------------------------------------ */

static size_t find(struct retort_span text, size_t at, const char *wanted)
{
    struct retort_span needle = retort_span_of(wanted);
    while (at < text.len && !retort_span_starts(retort_span_slice(text, at, text.len), needle))
        at++;
    return at;
}

/* The first tag that is neither declaration, comment nor DOCTYPE. */
static struct retort_span root_tag(struct retort_span text)
{
    size_t at = find(text, 0, "<");
    while (at < text.len) {
        struct retort_span rest = retort_span_slice(text, at, text.len);
        if (retort_span_starts(rest, RETORT_SPAN("<!--")))
            at = find(text, at, "-->");
        else if (!retort_span_starts(rest, RETORT_SPAN("<?")) &&
                 !retort_span_starts(rest, RETORT_SPAN("<!")))
            return retort_span_slice(rest, 0, find(rest, 0, ">"));
        at = find(text, at + 1, "<");
    }
    return (struct retort_span){0};
}

static enum retort_platform detect_xml(struct retort_span text)
{
    struct retort_span root = root_tag(text);
    if (retort_span_starts(root, RETORT_SPAN("<disqus")))
        return RETORT_PLATFORM_DISQUS;
    bool rss = retort_span_starts(root, RETORT_SPAN("<rss"));
    return rss && find(root, 0, "xmlns:wp") < root.len ? RETORT_PLATFORM_WXR : RETORT_PLATFORM_NONE;
}

enum retort_platform format_detect(struct retort_span head)
{
    enum { JUNK = 1024 }; /* before the first tag: blank lines, a warning of PHP's */
    head = retort_span_trim(head);
    if (head.len == 0)
        return RETORT_PLATFORM_NONE;
    if (head.data[0] == '{' || head.data[0] == '[')
        return detect_json(head);
    bool tag = memchr(head.data, '<', head.len < JUNK ? head.len : JUNK) != NULL;
    return tag ? detect_xml(head) : RETORT_PLATFORM_NONE;
}
