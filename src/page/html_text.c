/* A fragment of HTML → its text: what an export keeps a comment's body in.
 *
 * gumbo builds the tree (HTML5's own construction, so any bytes are a tree), one walk along parent
 * pointers writes the text: a line ends at blocks and <br>, white space collapses but in <pre>. The
 * parser's memory is one arena; its own way to free a tree is recursive. */
#include "page/page.h"

#include <gumbo.h>

#include <string.h>

static const GumboTag BLOCKS[] = {
    GUMBO_TAG_P,       GUMBO_TAG_DIV,        GUMBO_TAG_BLOCKQUOTE, GUMBO_TAG_LI,
    GUMBO_TAG_UL,      GUMBO_TAG_OL,         GUMBO_TAG_PRE,        GUMBO_TAG_H1,
    GUMBO_TAG_H2,      GUMBO_TAG_H3,         GUMBO_TAG_H4,         GUMBO_TAG_H5,
    GUMBO_TAG_H6,      GUMBO_TAG_HR,         GUMBO_TAG_TABLE,      GUMBO_TAG_TR,
    GUMBO_TAG_ASIDE,   GUMBO_TAG_SECTION,    GUMBO_TAG_ARTICLE,    GUMBO_TAG_FIGURE,
    GUMBO_TAG_DL,      GUMBO_TAG_DT,         GUMBO_TAG_DD,         GUMBO_TAG_BR,
    GUMBO_TAG_DETAILS, GUMBO_TAG_FIGCAPTION, GUMBO_TAG_HEADER,     GUMBO_TAG_FOOTER,
};
static const GumboTag SILENT[] = {GUMBO_TAG_SCRIPT, GUMBO_TAG_STYLE, GUMBO_TAG_TEMPLATE,
                                  GUMBO_TAG_HEAD, GUMBO_TAG_NOSCRIPT};

struct text_walk {
    struct retort_buffer out;
    size_t n_pre;    /* <pre> elements around */
    bool gap, ended; /* before the next text: a space, the end of a line */
};

static void *allocate(void *arena, size_t size)
{
    return retort_arena_alloc(arena, size, 1);
}

static void keep(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

static bool is_one_of(const GumboNode *node, const GumboTag *tags, size_t n_tags)
{
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE)
        return false;
    for (size_t i = 0; i < n_tags; i++)
        if (node->v.element.tag == tags[i])
            return true;
    return false;
}

static void put_byte(struct text_walk *walk, uint8_t byte)
{
    bool space = byte == ' ' || (byte >= '\t' && byte <= '\r');
    if (space && walk->n_pre > 0 && byte == '\n') {
        walk->ended = true;
        return;
    }
    if (space && walk->n_pre == 0) {
        walk->gap = true;
        return;
    }
    if (walk->out.len > 0 && walk->ended)
        retort_buffer_byte(&walk->out, '\n');
    else if (walk->out.len > 0 && walk->gap)
        retort_buffer_byte(&walk->out, ' ');
    walk->gap = walk->ended = false;
    retort_buffer_byte(&walk->out, byte);
}

static void put_text(struct text_walk *walk, const char *text)
{
    for (; *text; text++)
        put_byte(walk, (uint8_t)*text);
}

static void edge(struct text_walk *walk, const GumboNode *node, bool enter)
{
    if (is_one_of(node, BLOCKS, sizeof BLOCKS / sizeof *BLOCKS))
        walk->ended = true;
    if (node->type == GUMBO_NODE_ELEMENT && node->v.element.tag == GUMBO_TAG_PRE)
        walk->n_pre += enter ? 1 : (size_t)-1;
}

static const GumboNode *first_child(const GumboNode *node)
{
    bool element = node->type == GUMBO_NODE_ELEMENT;
    if (!element || node->v.element.children.length == 0 ||
        is_one_of(node, SILENT, sizeof SILENT / sizeof *SILENT))
        return NULL;
    return node->v.element.children.data[0];
}

static const GumboNode *next_sibling(const GumboNode *node)
{
    const GumboVector *siblings = &node->parent->v.element.children;
    size_t next = node->index_within_parent + 1;
    return next < siblings->length ? siblings->data[next] : NULL;
}

static void walk_tree(struct text_walk *walk, const GumboNode *root)
{
    const GumboNode *node = root;
    while (node) {
        if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE ||
            node->type == GUMBO_NODE_CDATA)
            put_text(walk, node->v.text.text);
        edge(walk, node, true);
        const GumboNode *next = first_child(node);
        while (!next && node != root) {
            edge(walk, node, false);
            next = next_sibling(node);
            node = node->parent;
        }
        node = next;
    }
}

struct retort_span retort_page_html_text(struct retort_span html, struct retort_arena *arena)
{
    struct text_walk walk = {0};
    struct retort_arena parser = {0};
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = keep;
    options.userdata = &parser;
    options.max_errors = 0;
    const char *data = html.len > 0 ? (const char *)html.data : "";
    GumboOutput *output = gumbo_parse_with_options(&options, data, html.len);
    walk_tree(&walk, output->root);
    struct retort_span text = retort_arena_copy(arena, retort_buffer_span(&walk.out));
    retort_buffer_release(&walk.out);
    retort_arena_release(&parser);
    return text;
}
