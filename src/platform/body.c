/* Bodies: what a reader wrote, out of the form in which the platform keeps it. */
#include "platform/records.h"

#include <string.h>

/* ---- Reddit: Markdown in which three characters are escaped --------------------------------- */

static const struct {
    const char *escaped;
    uint8_t meant;
} REDDIT[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}};

/* The character that an escape at the span's beginning means; 0: it is none. */
static uint8_t unescape(struct retort_span text, size_t *len)
{
    for (size_t i = 0; text.data[0] == '&' && i < sizeof REDDIT / sizeof *REDDIT; i++) {
        struct retort_span escaped = retort_span_of(REDDIT[i].escaped);
        *len = escaped.len;
        if (retort_span_starts(text, escaped))
            return REDDIT[i].meant;
    }
    *len = 1;
    return 0;
}

static struct retort_span reddit_text(struct retort_span body, struct retort_arena *arena)
{
    if (body.len == 0 || !memchr(body.data, '&', body.len))
        return body;
    uint8_t *out = retort_arena_alloc(arena, body.len, 1);
    size_t n = 0, len = 1;
    for (size_t at = 0; at < body.len; at += len) {
        uint8_t meant = unescape(retort_span_slice(body, at, body.len), &len);
        out[n++] = meant ? meant : body.data[at];
    }
    return (struct retort_span){out, n};
}

/* ---- WordPress: HTML in which a line end outside of tags is a break ------------------------- */

static struct retort_span wordpress_text(struct retort_span body, struct retort_arena *arena)
{
    struct retort_buffer html = {0};
    bool in_tag = false;
    for (size_t at = 0; at < body.len; at++) {
        uint8_t byte = body.data[at];
        in_tag = byte == '<' || (in_tag && byte != '>');
        if (byte == '\n' && !in_tag)
            retort_buffer_text(&html, "<br>");
        retort_buffer_byte(&html, byte);
    }
    struct retort_span text = retort_page_html_text(retort_buffer_span(&html), arena);
    retort_buffer_release(&html);
    return text;
}

struct retort_span body_text(struct retort_span body, enum body how, struct retort_arena *arena)
{
    if (how == BODY_PLAIN || body.len == 0)
        return body;
    if (how == BODY_REDDIT)
        return reddit_text(body, arena);
    return how == BODY_HTML ? retort_page_html_text(body, arena) : wordpress_text(body, arena);
}

/* Titles of HTML platforms are text with references in it, and "<" may be the writer's; only those
 * of WordPress have tags. */
struct retort_span body_title(struct retort_span title, enum body how, struct retort_arena *arena)
{
    struct retort_buffer html = {0};
    if (how == BODY_PLAIN || how == BODY_REDDIT || title.len == 0)
        return body_text(title, how, arena);
    for (size_t at = 0; at < title.len; at++)
        if (title.data[at] == '<' && how == BODY_HTML)
            retort_buffer_text(&html, "&lt;");
        else
            retort_buffer_byte(&html, title.data[at]);
    struct retort_span text = retort_page_html_text(retort_buffer_span(&html), arena);
    retort_buffer_release(&html);
    return text;
}
