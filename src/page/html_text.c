/* A fragment of HTML → its text: what an export keeps a comment's body in. The page's own reader
 * reads it; blank lines between paragraphs go, for a line is a paragraph or a break. */
#include "page/html_tree.h"

static void put_lines(struct retort_buffer *out, struct retort_span text)
{
    struct retort_span line;
    while (retort_span_next_line(&text, &line)) {
        if (retort_span_trim(line).len == 0)
            continue;
        if (out->len > 0)
            retort_buffer_byte(out, '\n');
        retort_buffer_put(out, line);
    }
}

struct retort_span retort_page_html_text(struct retort_span html, struct retort_arena *arena)
{
    struct retort_arena scratch = {0};
    struct retort_buffer out = {0};
    struct retort_page page = {0};
    struct html_tree tree;
    html_tree_read(html, &scratch, &tree, &page);
    put_lines(&out, page.text);
    struct retort_span text = retort_arena_copy(arena, retort_buffer_span(&out));
    html_tree_release(&tree);
    retort_buffer_release(&out);
    retort_arena_release(&scratch);
    return text;
}
