/* What a document is: by its name, by how it begins, or by what the server said of it. A crawl
 * holds images, style sheets and answers that are no pages; what is data for programs is a page
 * only where its bytes show that a person wrote them. */
#include "intake/formats.h"

#include <string.h>

const char *const RETORT_INTAKE_FORMATS[] = {"auto",      "warc",     "wet",      "text",   "html",
                                             "jsonl",     "disqus",   "wxr",      "reddit", "hn",
                                             "discourse", "guardian", "convokit", NULL};

enum retort_platform format_platform(size_t format)
{
    return retort_platform_named(RETORT_INTAKE_FORMATS[format]);
}

static size_t format_of(enum retort_platform platform)
{
    return FORMAT_JSONL + (size_t)platform - RETORT_PLATFORM_JSONL;
}

static bool ends_with(const char *text, size_t len, const char *end)
{
    size_t tail = strlen(end);
    return len >= tail && memcmp(text + len - tail, end, tail) == 0;
}

static bool is_comment(struct retort_span line)
{
    struct retort_span text;
    struct retort_error error;
    if (line.len == 0 || line.data[0] != '{')
        return false;
    struct retort_json *json = retort_json_parse(line, &error);
    bool has_text = json && retort_json_text(retort_json_get(json, "text"), &text);
    retort_json_free(json);
    return has_text;
}

/* A comment a line: an object with a text, and another object below. Whatever else the lines
 * resemble, they go through as lines. */
static bool has_lines(struct retort_span head)
{
    struct retort_span line = {0};
    retort_span_next_line(&head, &line);
    return head.len > 0 && head.data[0] == '{' && is_comment(line);
}

/* Lines may also be a corpus's. */
size_t format_by_bytes(const char *path, struct retort_span bytes)
{
    size_t len = strlen(path);
    struct retort_span head = retort_span_slice(bytes, 0, RETORT_PLATFORM_HEAD);
    enum retort_platform platform = retort_platform_detect(head);
    len -= ends_with(path, len, ".gz") ? 3 : 0;
    if (ends_with(path, len, ".jsonl") || ends_with(path, len, ".ndjson"))
        return format_of(platform == RETORT_PLATFORM_CONVOKIT ? platform : RETORT_PLATFORM_JSONL);
    if (platform != RETORT_PLATFORM_NONE && !ends_with(path, len, ".txt"))
        return format_of(platform != RETORT_PLATFORM_CONVOKIT && has_lines(head)
                             ? RETORT_PLATFORM_JSONL
                             : platform);
    return retort_page_is_html(bytes) ? FORMAT_HTML : FORMAT_TEXT;
}

bool format_is_lines(const char *path, struct retort_span begun)
{
    struct retort_span rest = begun, line = {0};
    retort_span_next_line(&rest, &line);
    return line.len < begun.len && is_comment(line) && format_by_bytes(path, begun) == FORMAT_JSONL;
}

/* What a record of this media type holds; FORMAT_AUTO: data for programs, where the bytes must
 * show that a person wrote them. */
static const struct {
    const char *media_type;
    enum format format;
} MEDIA_TYPES[] = {
    {"text/html", FORMAT_HTML},
    {"application/xhtml+xml", FORMAT_HTML},
    {"text/plain", FORMAT_TEXT},
    {"application/x-ndjson", FORMAT_JSONL},
    {"application/json", FORMAT_AUTO},
    {"application/xml", FORMAT_AUTO},
    {"text/xml", FORMAT_AUTO},
    {"application/rss+xml", FORMAT_AUTO},
    {"", FORMAT_AUTO},
};

/* False: the record is no page, but an image, a redirection, data. */
static bool format_of_record(const struct retort_document *document, size_t *format)
{
    size_t i = 0, n = sizeof MEDIA_TYPES / sizeof MEDIA_TYPES[0];
    if (document->status != 0 && (document->status < 200 || document->status > 299))
        return false;
    while (i < n &&
           !retort_span_equal(document->media_type, retort_span_of(MEDIA_TYPES[i].media_type)))
        i++;
    if (i == n)
        return false;
    *format = MEDIA_TYPES[i].format;
    if (*format != FORMAT_AUTO)
        return true;
    *format = format_by_bytes("", document->bytes);
    return *format != FORMAT_TEXT && *format != FORMAT_JSONL;
}

bool format_of_document(size_t given, const struct retort_document *document, size_t *format)
{
    bool is_page = true;
    if (document->record > 0)
        is_page = format_of_record(document, format);
    else
        *format = format_by_bytes(document->name, document->bytes);
    if (given >= FORMAT_TEXT)
        *format = given;
    return is_page;
}
