/* The page as gumbo (HTML5's tree construction) builds it, flattened into arrays by one walk along
 * parent pointers, and rendered: a line ends at blocks and <br>, blank lines stand where a browser
 * shows a paragraph's margin, white space collapses, hidden text is not there. The parser's memory
 * is one arena, so nothing is freed node by node (its own way to do that is recursive).
 *
 * Where the parser moves misplaced text out of a table, the tree's order is not the source's; lines
 * are put in the order of the source, so their bytes ascend. */
#include "page/html_tree.h"

#include "page/html_tags.h"

#include <stdlib.h>
#include <string.h>

static void *allocate(void *arena, size_t size)
{
    return retort_arena_alloc(arena, size, 1);
}

static void keep(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

static void *with_room(void *items, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return items;
    *room = *room ? *room * 2 : 256;
    return retort_grow(items, *room, size);
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* ---- elements ---------------------------------------------------------------------------------
 */

struct walk {
    struct html_tree *tree;
    size_t hint, link; /* into segments and links: both ascend with the text, mostly */
    uint32_t element;
    uint32_t pre, hidden; /* depth of such elements around */
    uint8_t breaks;       /* wanted before the next text */
    bool broken;          /* the last thing was <br> */
};

static const struct html_tag *attributes_of(const struct html_tree *tree, const GumboElement *node)
{
    if (!node->attributes.length)
        return NULL;
    const GumboAttribute *index = node->attributes.data[0];
    size_t at = 0;
    for (const char *digit = index->value; *digit >= '0' && *digit <= '9'; digit++)
        at = at * 10 + (size_t)(*digit - '0');
    return at < tree->scanned.n_tags ? &tree->scanned.tags[at] : NULL;
}

static void want_break(struct walk *walk, uint8_t tag)
{
    uint8_t wanted = HTML_TAGS[tag] & HTML_GAP ? 2 : 1;
    walk->breaks = walk->breaks > wanted ? walk->breaks : wanted;
}

static void read_break(struct walk *walk)
{
    walk->breaks = walk->broken ? 2 : walk->breaks ? walk->breaks : 1;
    walk->broken = true;
}

static void enter(struct walk *walk, const GumboNode *node)
{
    struct html_tree *tree = walk->tree;
    tree->elements =
        with_room(tree->elements, tree->n_elements, &tree->element_room, sizeof *tree->elements);
    uint32_t at = (uint32_t)tree->n_elements++;
    const struct html_tag *attributes = attributes_of(tree, &node->v.element);
    uint8_t tag = attributes ? attributes->tag : (uint8_t)node->v.element.tag;
    struct html_element *element = &tree->elements[at];
    *element = (struct html_element){.parent = walk->element, .attributes = attributes, .tag = tag};
    element->depth = at ? (uint16_t)(tree->elements[walk->element].depth + 1) : 0;
    element->first_piece = (uint32_t)tree->n_pieces;
    walk->hidden += attributes && attributes->hidden;
    walk->pre += tag == GUMBO_TAG_PRE || tag == GUMBO_TAG_LISTING;
    element->hidden = walk->hidden > 0;
    element->apart =
        (HTML_TAGS[tag] & HTML_BLOCK) || (node->parse_flags & GUMBO_INSERTION_FOSTER_PARENTED);
    walk->element = at;
    if (tag == GUMBO_TAG_BR)
        read_break(walk);
    else if (element->apart)
        want_break(walk, tag);
}

static void leave(struct walk *walk)
{
    struct html_tree *tree = walk->tree;
    struct html_element *element = &tree->elements[walk->element];
    element->end = (uint32_t)tree->n_elements;
    element->end_piece = (uint32_t)tree->n_pieces;
    walk->hidden -= element->attributes && element->attributes->hidden;
    walk->pre -= element->tag == GUMBO_TAG_PRE || element->tag == GUMBO_TAG_LISTING;
    if (element->apart && element->tag != GUMBO_TAG_BR)
        want_break(walk, element->tag);
    walk->element = element->parent;
}

/* ---- pieces of text ----------------------------------------------------------------------------
 */

/* Bytes of white space at the beginning, entities of it included. */
static size_t leading_space(struct retort_span raw)
{
    static const char *const SPACES[] = {"&nbsp;", "&#160;", "&#xa0;", "&#xA0;", "\xC2\xA0",
                                         "&nbsp",  "&#32;",  "&#10;",  "&#13;"};
    size_t at = 0, begin;
    do {
        begin = at;
        while (at < raw.len && is_space(raw.data[at]))
            at++;
        for (size_t i = 0; i < sizeof SPACES / sizeof *SPACES; i++)
            if (retort_span_starts(retort_span_slice(raw, at, raw.len), retort_span_of(SPACES[i])))
                at += strlen(SPACES[i]);
    } while (at > begin);
    return at;
}

static size_t trailing_space(struct retort_span raw)
{
    static const char *const SPACES[] = {"&nbsp;", "&#160;", "&#xa0;", "&#xA0;", "\xC2\xA0"};
    size_t at = raw.len, end;
    do {
        end = at;
        while (at && is_space(raw.data[at - 1]))
            at--;
        for (size_t i = 0; i < sizeof SPACES / sizeof *SPACES; i++) {
            size_t len = strlen(SPACES[i]);
            if (at >= len && memcmp(raw.data + at - len, SPACES[i], len) == 0)
                at -= len;
        }
    } while (at < end);
    return at;
}

static uint32_t link_bytes(struct walk *walk, size_t begin, size_t end)
{
    const struct html_scanned *scanned = &walk->tree->scanned;
    size_t bytes = 0;
    while (walk->link && scanned->links[walk->link - 1].end > begin)
        walk->link--; /* moved text */
    while (walk->link < scanned->n_links && scanned->links[walk->link].end <= begin)
        walk->link++;
    for (size_t at = walk->link; at < scanned->n_links && scanned->links[at].begin < end; at++) {
        size_t from = scanned->links[at].begin > begin ? scanned->links[at].begin : begin;
        size_t to = scanned->links[at].end < end ? scanned->links[at].end : end;
        bytes += to > from ? to - from : 0;
    }
    return bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
}

static void put_piece(struct walk *walk, struct retort_span text, struct retort_span raw)
{
    struct html_tree *tree = walk->tree;
    const uint8_t *clean = tree->scanned.clean.data;
    struct html_piece piece = {.text = text, .clean = raw, .element = walk->element};
    piece.line = HTML_NONE;
    piece.hidden = walk->hidden > 0;
    if (retort_span_trim(text).len) {
        size_t first = leading_space(raw), last = trailing_space(raw);
        size_t begin = (size_t)(raw.data - clean) + first, end = (size_t)(raw.data - clean) + last;
        if (first >= last)
            end = begin + 1;
        piece.begin = html_scan_source(&tree->scanned, begin, &walk->hint);
        piece.end = html_scan_source(&tree->scanned, end - 1, &walk->hint) + 1;
        piece.link = link_bytes(walk, begin, end);
        piece.breaks = walk->breaks;
        piece.line = 0;
        walk->breaks = 0;
    }
    tree->pieces = with_room(tree->pieces, tree->n_pieces, &tree->piece_room, sizeof *tree->pieces);
    tree->pieces[tree->n_pieces++] = piece;
}

static struct retort_span cut_line(struct retort_span *rest)
{
    const uint8_t *end = rest->len ? memchr(rest->data, '\n', rest->len) : NULL;
    size_t len = end ? (size_t)(end - rest->data) : rest->len;
    struct retort_span line = retort_span_slice(*rest, 0, len);
    *rest = retort_span_slice(*rest, end ? len + 1 : len, rest->len);
    return line;
}

static size_t count_breaks(struct retort_span text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.data[i] == '\n';
    return n;
}

/* Preformatted text: its own line breaks count. */
static void read_preformatted(struct walk *walk, struct retort_span text, struct retort_span raw)
{
    bool in_step = count_breaks(text) == count_breaks(raw);
    for (bool first = true; text.len; first = false) {
        struct retort_span line = cut_line(&text);
        struct retort_span source = in_step ? cut_line(&raw) : raw;
        if (!first)
            read_break(walk);
        if (!retort_span_trim(line).len)
            continue;
        walk->broken = false;
        put_piece(walk, line, source);
    }
}

static void read_text(struct walk *walk, const GumboText *node)
{
    struct retort_span text = retort_span_of(node->text);
    struct retort_span raw = {(const uint8_t *)node->original_text.data,
                              node->original_text.length};
    const struct retort_buffer *clean = &walk->tree->scanned.clean;
    bool inside = raw.data >= clean->data && raw.data <= clean->data + clean->len;
    if (!text.len || !inside)
        return;
    if (walk->pre) {
        read_preformatted(walk, text, raw);
        return;
    }
    if (retort_span_trim(text).len)
        walk->broken = false;
    put_piece(walk, text, raw);
}

static const GumboNode *first_child(const GumboNode *node)
{
    const GumboVector *children =
        node->type == GUMBO_NODE_DOCUMENT ? &node->v.document.children : &node->v.element.children;
    bool has = node->type == GUMBO_NODE_DOCUMENT || node->type == GUMBO_NODE_ELEMENT;
    return has && children->length ? children->data[0] : NULL;
}

static const GumboNode *next_sibling(const GumboNode *node)
{
    const GumboNode *parent = node->parent;
    if (!parent || parent->type == GUMBO_NODE_DOCUMENT)
        return NULL;
    const GumboVector *children = &parent->v.element.children;
    size_t next = node->index_within_parent + 1;
    return next < children->length ? children->data[next] : NULL;
}

static void visit(struct walk *walk, const GumboNode *node)
{
    bool moved = node->parse_flags & GUMBO_INSERTION_FOSTER_PARENTED;
    if (node->type == GUMBO_NODE_ELEMENT) {
        enter(walk, node);
    } else if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE) {
        walk->breaks |= moved;
        read_text(walk, &node->v.text);
        walk->breaks |= moved;
    }
}

static void walk_tree(struct walk *walk, const GumboNode *root)
{
    const GumboNode *node = root;
    while (node) {
        visit(walk, node);
        const GumboNode *next = first_child(node);
        while (!next && node) {
            if (node->type == GUMBO_NODE_ELEMENT)
                leave(walk);
            next = node == root ? NULL : next_sibling(node);
            node = node == root ? NULL : node->parent;
            if (next)
                break;
        }
        node = next;
    }
}

/* ---- lines --------------------------------------------------------------------------------------
 */

struct laying {
    bool all;       /* hidden text is shown, too */
    uint8_t breaks; /* of hidden text, for what is shown next */
    struct html_tree *tree;
    struct retort_page *page;
    uint8_t *gaps; /* by line, before sorting: a blank line stands before it */
    size_t n;
    bool sorted;
};

static uint32_t common_element(const struct html_tree *tree, uint32_t a, uint32_t b)
{
    const struct html_element *elements = tree->elements;
    while (a != b) {
        if (elements[a].depth >= elements[b].depth)
            a = elements[a].parent;
        else
            b = elements[b].parent;
    }
    return a;
}

static bool opens_line(const struct laying *laying, const struct html_piece *piece)
{
    return laying->n == 0 || piece->breaks || piece->begin < laying->page->lines[laying->n - 1].end;
}

/* Pages that a script is to reveal keep all they have in hidden elements. */
static bool is_mostly_hidden(const struct html_tree *tree)
{
    size_t shown = 0, hidden = 0;
    for (size_t i = 0; i < tree->n_pieces; i++) {
        size_t len = tree->pieces[i].line == HTML_NONE ? 0 : tree->pieces[i].text.len;
        *(tree->pieces[i].hidden ? &hidden : &shown) += len;
    }
    return hidden > 4 * shown && hidden > 1000;
}

static void add_piece(struct laying *laying, size_t at)
{
    struct html_tree *tree = laying->tree;
    struct html_piece *piece = &tree->pieces[at];
    piece->breaks = piece->breaks > laying->breaks ? piece->breaks : laying->breaks;
    laying->breaks = 0;
    if (piece->hidden && !laying->all) {
        laying->breaks = piece->breaks;
        piece->line = HTML_NONE;
        return;
    }
    if (opens_line(laying, piece)) {
        size_t last = laying->n ? laying->page->lines[laying->n - 1].end : 0;
        laying->sorted &= piece->begin >= last;
        laying->gaps[laying->n] = piece->breaks > 1;
        tree->lines[laying->n] = (struct html_line){(uint32_t)at, (uint32_t)at, piece->element, 0};
        laying->page->lines[laying->n++] = (struct retort_line){.begin = piece->begin};
    }
    struct html_line *line = &tree->lines[laying->n - 1];
    line->end_piece = (uint32_t)at + 1;
    line->element = common_element(tree, line->element, piece->element);
    line->link += piece->link;
    laying->page->lines[laying->n - 1].end = piece->end;
}

struct order {
    size_t begin, at;
};

static int by_begin(const void *a, const void *b)
{
    const struct order *left = a, *right = b;
    if (left->begin != right->begin)
        return left->begin < right->begin ? -1 : 1;
    return left->at < right->at ? -1 : left->at > right->at;
}

static void sort_lines(struct laying *laying)
{
    struct retort_arena scratch = {0};
    size_t n = laying->n;
    struct order *order = RETORT_NEW(&scratch, struct order, n);
    struct retort_line *lines = RETORT_NEW(&scratch, struct retort_line, n);
    struct html_line *beside = RETORT_NEW(&scratch, struct html_line, n);
    for (size_t i = 0; i < n; i++)
        order[i] = (struct order){laying->page->lines[i].begin, i};
    qsort(order, n, sizeof *order, by_begin);
    memcpy(lines, laying->page->lines, n * sizeof *lines);
    memcpy(beside, laying->tree->lines, n * sizeof *beside);
    for (size_t i = 0; i < n; i++) {
        laying->page->lines[i] = lines[order[i].at];
        laying->tree->lines[i] = beside[order[i].at];
        laying->gaps[i] = i > 0;
    }
    retort_arena_release(&scratch);
}

/* Appends text with its white space collapsed; *len > begin says whether anything stands before. */
static void show(uint8_t *out, size_t begin, size_t *len, struct retort_span text)
{
    for (size_t i = 0; i < text.len; i++) {
        bool hard = text.data[i] == 0xC2 && i + 1 < text.len && text.data[i + 1] == 0xA0;
        if (!hard && !is_space(text.data[i])) {
            out[(*len)++] = text.data[i];
            continue;
        }
        i += hard;
        if (*len > begin && out[*len - 1] != ' ')
            out[(*len)++] = ' ';
    }
}

static void show_line(struct laying *laying, size_t at, uint8_t *out, size_t *len)
{
    struct html_tree *tree = laying->tree;
    size_t begin = *len;
    for (uint32_t i = tree->lines[at].first_piece; i < tree->lines[at].end_piece; i++) {
        struct html_piece *piece = &tree->pieces[i];
        size_t from = *len;
        if (!piece->hidden || piece->line != HTML_NONE)
            show(out, begin, len, piece->text);
        if (piece->line == HTML_NONE)
            continue;
        piece->line = (uint32_t)at;
        piece->shown = retort_span_trim((struct retort_span){out + from, *len - from});
    }
    while (*len > begin && out[*len - 1] == ' ')
        (*len)--;
    laying->page->lines[at].text =
        retort_span_trim((struct retort_span){out + begin, *len - begin});
}

static size_t text_room(const struct html_tree *tree)
{
    size_t room = 16;
    for (size_t i = 0; i < tree->n_pieces; i++)
        room += tree->pieces[i].text.len + 2;
    for (size_t i = 0; i < tree->scanned.n_data; i++)
        room += tree->scanned.data[i].len;
    return room;
}

static void lay_lines(struct html_tree *tree, struct retort_arena *arena, struct retort_page *page)
{
    struct laying laying = {.tree = tree, .page = page, .sorted = true};
    laying.all = is_mostly_hidden(tree);
    for (size_t at = 0; laying.all && at < tree->n_elements; at++)
        tree->elements[at].hidden = false;
    laying.gaps = retort_grow(NULL, tree->n_pieces + 1, 1);
    page->lines = RETORT_NEW(arena, struct retort_line, tree->n_pieces + 1);
    tree->lines = retort_grow(NULL, tree->n_pieces + 1, sizeof *tree->lines);
    for (size_t i = 0; i < tree->n_pieces; i++)
        if (tree->pieces[i].line != HTML_NONE)
            add_piece(&laying, i);
    if (!laying.sorted)
        sort_lines(&laying);
    uint8_t *out = retort_arena_alloc(arena, text_room(tree), 1);
    size_t len = 0, number = 0;
    for (size_t at = 0; at < laying.n; at++) {
        bool gap = at > 0 && laying.gaps[at];
        number += 1 + (size_t)gap;
        if (gap)
            out[len++] = '\n';
        show_line(&laying, at, out, &len);
        page->lines[at].number = number;
        out[len++] = '\n';
    }
    page->n_lines = laying.n;
    page->text = (struct retort_span){out, len};
    tree->more = out + len;
    free(laying.gaps);
}

/* ---- the whole
 * ------------------------------------------------------------------------------------ */

static GumboOptions options_in(struct retort_arena *arena)
{
    GumboOptions options = kGumboDefaultOptions;
    options.allocator = allocate;
    options.deallocator = keep;
    options.userdata = arena;
    options.max_errors = 0;
    return options;
}

void html_tree_read(struct retort_span source, struct retort_arena *arena, struct html_tree *tree,
                    struct retort_page *page)
{
    struct retort_arena scratch = {0};
    *tree = (struct html_tree){.n_elements = 0};
    html_scan(source, &tree->scanned);
    GumboOptions options = options_in(&scratch);
    const GumboOutput *parsed = gumbo_parse_with_options(
        &options, (const char *)tree->scanned.clean.data, tree->scanned.clean.len);
    struct walk walk = {.tree = tree, .element = 0};
    walk_tree(&walk, parsed->root);
    lay_lines(tree, arena, page);
    retort_arena_release(&scratch);
}

void html_tree_release(struct html_tree *tree)
{
    html_scan_release(&tree->scanned);
    free(tree->elements);
    free(tree->pieces);
    free(tree->lines);
    *tree = (struct html_tree){.n_elements = 0};
}

struct retort_span html_element_attribute(const struct html_tree *tree, uint32_t element,
                                          enum html_key key)
{
    const struct html_tag *tag = tree->elements[element].attributes;
    return tag ? html_attribute_of(&tree->scanned, tag, key) : (struct retort_span){NULL, 0};
}

struct retort_span html_element_text(const struct html_tree *tree, const struct retort_page *page,
                                     uint32_t element)
{
    struct retort_span text = {page->text.data, 0};
    uint32_t line = HTML_NONE;
    for (uint32_t i = tree->elements[element].first_piece; i < tree->elements[element].end_piece;
         i++) {
        const struct html_piece *piece = &tree->pieces[i];
        if (piece->line == HTML_NONE || (line != HTML_NONE && piece->line != line))
            continue;
        if (line == HTML_NONE)
            text = piece->shown;
        line = piece->line;
        text.len = (size_t)(piece->shown.data + piece->shown.len - text.data);
    }
    return text;
}

static void collect(const GumboNode *root, struct retort_buffer *out)
{
    const GumboNode *node = root;
    while (node) {
        if (node->type == GUMBO_NODE_TEXT || node->type == GUMBO_NODE_WHITESPACE)
            retort_buffer_text(out, node->v.text.text);
        const GumboNode *next = first_child(node);
        while (!next && node != root) {
            next = next_sibling(node);
            node = node->parent;
        }
        node = next;
    }
}

struct retort_span html_plain(struct retort_span raw, struct retort_arena *arena)
{
    struct retort_arena scratch = {0};
    struct retort_buffer markup = {0}, text = {0};
    for (size_t i = 0; i < raw.len; i++) {
        if (raw.data[i] == '<')
            retort_buffer_text(&markup, "&lt;");
        else
            retort_buffer_byte(&markup, raw.data[i]);
    }
    GumboOptions options = options_in(&scratch);
    const GumboOutput *parsed =
        gumbo_parse_with_options(&options, markup.len ? (const char *)markup.data : "", markup.len);
    collect(parsed->root, &text);
    uint8_t *out = retort_arena_alloc(arena, text.len + 1, 1);
    size_t len = 0;
    show(out, 0, &len, retort_buffer_span(&text));
    retort_buffer_release(&markup);
    retort_buffer_release(&text);
    retort_arena_release(&scratch);
    return retort_span_trim((struct retort_span){out, len});
}
