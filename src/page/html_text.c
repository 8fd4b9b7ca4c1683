/* A fragment of HTML → its text: what an export keeps a comment's body in. The reader of pages does
 * it, so a fragment has the same bounds on time and depth as a page. */
#include "page/html_tree.h"

#include <string.h>

struct retort_span retort_page_html_text(struct retort_span html, struct retort_arena *arena)
{
    struct html_tree tree;
    struct retort_page page = {.n_lines = 0};
    html_tree_read(html, arena, &tree, &page);
    html_tree_release(&tree);
    uint8_t *out = RETORT_NEW(arena, uint8_t, page.text.len + 1);
    size_t len = 0;
    for (size_t at = 0; at < page.n_lines; at++) {
        if (at)
            out[len++] = '\n';
        memcpy(out + len, page.lines[at].text.data, page.lines[at].text.len);
        len += page.lines[at].text.len;
    }
    return (struct retort_span){out, len};
}
