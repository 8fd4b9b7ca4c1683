/* Text for HTML and SVG. What was cleaned has no control characters and no overrides of direction,
 * so that markup, quotes and ampersands are all that is left to escape. A percent sign stays in the
 * line of its number. */
#include "report/html.h"

static void put_escaped(struct retort_buffer *out, struct retort_span clean)
{
    static const char SPECIAL[] = "&<>\"'";
    static const char *const SAID[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
    for (size_t i = 0; i < clean.len; i++) {
        const char *found = memchr(SPECIAL, clean.data[i], sizeof SPECIAL - 1);
        if (found)
            retort_buffer_text(out, SAID[found - SPECIAL]);
        else if (clean.data[i] == ' ' && i + 1 < clean.len && clean.data[i + 1] == '%')
            retort_buffer_text(out, "&nbsp;");
        else
            retort_buffer_byte(out, clean.data[i]);
    }
}

void html_put(struct retort_buffer *out, struct retort_span text)
{
    html_put_cropped(out, text, SIZE_MAX);
}

void html_put_words(struct retort_buffer *out, const char *text)
{
    html_put(out, retort_span_of(text));
}

void html_put_cropped(struct retort_buffer *out, struct retort_span text, size_t columns)
{
    struct retort_buffer clean = {0};
    report_put_clean(&clean, text);
    struct retort_span whole = retort_buffer_span(&clean);
    size_t used = 0, cut = 0; /* cut: where the last column is left for an ellipsis */
    for (size_t at = 0; at < whole.len;) {
        size_t begin = at;
        used += retort_columns(retort_utf8_next(whole, &at));
        cut = used < columns ? at : cut;
        if (used > columns) {
            put_escaped(out, retort_span_slice(whole, 0, cut < begin ? cut : begin));
            retort_buffer_text(out, "…");
            retort_buffer_release(&clean);
            return;
        }
    }
    put_escaped(out, whole);
    retort_buffer_release(&clean);
}
