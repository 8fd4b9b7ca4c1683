/* XML → JSON objects, streaming: expat finds the tags, wanted elements are kept as a list of nodes
 * until they end, then written as JSON and forgotten.
 *
 * A child is a member by its name as it stands ("wp:comment_id"); children of one name are an
 * array; an attribute is a member "@name"; text beside either is "#text"; an element with text
 * alone is that text. Attributes are nodes like elements. Children are put together by their names
 * with a sort, so no file can make that slow, and nothing is recursive.
 *
 * Documents that declare entities are refused where they do so (expat's own limit on amplification
 * stands behind that); external ones are never read. Control characters that XML forbids, which
 * WordPress writes all the same, become U+FFFD. */
#include "platform/xml.h"

#define XML_DTD /* how the library was built: its header keeps the limit on entities behind it */
#include <assert.h>
#include <expat.h>
#include <stdlib.h>
#include <string.h>

enum { ABSENT = -1, CHUNK = 1 << 20 };

/* An element or attribute of the wanted element that is being read. Offsets are into `text`. */
struct node {
    size_t name, name_len;
    ptrdiff_t parent; /* its node; ABSENT for the outermost wanted element */
    ptrdiff_t first_piece, last_piece;
    size_t text_mark, piece_mark; /* what there was before it */
    size_t wanted;                /* which of the wanted it is; n_wanted for none */
    size_t rank;                  /* the first sibling of its name */
    size_t first_child, n_children;
};

/* A run of a node's text. */
struct piece {
    size_t begin, len;
    ptrdiff_t next;
};

struct xml {
    const struct xml_reading *reading;
    XML_Parser parser;
    struct retort_buffer path, text, json;
    size_t depth, path_marks[XML_DEEPEST];
    bool rooted; /* the root element has begun */
    struct node *nodes;
    struct piece *pieces;
    size_t n_nodes, n_pieces, nodes_capacity, pieces_capacity;
    ptrdiff_t open; /* the innermost open node; ABSENT: outside of what is wanted */
    bool stopped;
    const char *refusal; /* why we have stopped the parser */
};

/* ---- nodes ------------------------------------------------------------------------------------
 */

static void push_node(struct xml *xml, const char *prefix, const char *name, size_t wanted)
{
    if (xml->n_nodes == xml->nodes_capacity) {
        xml->nodes_capacity = xml->nodes_capacity ? 2 * xml->nodes_capacity : 64;
        xml->nodes = retort_grow(xml->nodes, xml->nodes_capacity, sizeof *xml->nodes);
    }
    struct node *node = &xml->nodes[xml->n_nodes++];
    *node = (struct node){.parent = xml->open,
                          .name = xml->text.len,
                          .text_mark = xml->text.len,
                          .piece_mark = xml->n_pieces,
                          .first_piece = ABSENT,
                          .last_piece = ABSENT,
                          .wanted = wanted};
    retort_buffer_text(&xml->text, prefix);
    retort_buffer_text(&xml->text, name);
    node->name_len = xml->text.len - node->name;
}

static void add_text(struct xml *xml, size_t at, const char *text, size_t len)
{
    struct node *node = &xml->nodes[at];
    struct piece *last = node->last_piece != ABSENT ? &xml->pieces[node->last_piece] : NULL;
    bool goes_on = last && last->begin + last->len == xml->text.len;
    size_t begin = xml->text.len;
    retort_buffer_put(&xml->text, (struct retort_span){(const uint8_t *)text, len});
    if (goes_on) {
        last->len += len;
        return;
    }
    if (xml->n_pieces == xml->pieces_capacity) {
        xml->pieces_capacity = xml->pieces_capacity ? 2 * xml->pieces_capacity : 64;
        xml->pieces = retort_grow(xml->pieces, xml->pieces_capacity, sizeof *xml->pieces);
    }
    xml->pieces[xml->n_pieces] = (struct piece){begin, len, ABSENT};
    if (node->last_piece != ABSENT)
        xml->pieces[node->last_piece].next = (ptrdiff_t)xml->n_pieces;
    else
        node->first_piece = (ptrdiff_t)xml->n_pieces;
    node->last_piece = (ptrdiff_t)xml->n_pieces++;
}

/* Forgets the node and all that came after it. */
static void cut_nodes(struct xml *xml, size_t at)
{
    xml->text.len = xml->nodes[at].text_mark;
    xml->n_pieces = xml->nodes[at].piece_mark;
    xml->n_nodes = at;
}

/* ---- nodes → JSON -----------------------------------------------------------------------------
 */

static struct retort_span name_of(const struct xml *xml, const struct node *node)
{
    return (struct retort_span){xml->text.data + node->name, node->name_len};
}

/* A node to be sorted among its siblings. */
struct sibling {
    ptrdiff_t parent;
    size_t rank, at;
    struct retort_span name;
};

static int compare_names(const void *left, const void *right)
{
    const struct sibling *a = left, *b = right;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    int order = retort_span_compare(a->name, b->name);
    return order ? order : a->at < b->at ? -1 : a->at > b->at;
}

static int compare_ranks(const void *left, const void *right)
{
    const struct sibling *a = left, *b = right;
    if (a->parent != b->parent)
        return a->parent < b->parent ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* All nodes below `root`, children of one parent together, in the order in which their names come
 * first; each parent learns where its children are. */
static struct sibling *sort_children(struct xml *xml, size_t root)
{
    size_t n = xml->n_nodes - root - 1;
    struct sibling *sorted = retort_grow(NULL, n, sizeof *sorted);
    for (size_t i = 0; i < n; i++) {
        const struct node *node = &xml->nodes[root + 1 + i];
        sorted[i] = (struct sibling){node->parent, 0, root + 1 + i, name_of(xml, node)};
    }
    qsort(sorted, n, sizeof *sorted, compare_names);
    for (size_t i = 0; i < n; i++) {
        bool same = i > 0 && sorted[i].parent == sorted[i - 1].parent &&
                    retort_span_equal(sorted[i].name, sorted[i - 1].name);
        sorted[i].rank = same ? sorted[i - 1].rank : sorted[i].at;
    }
    qsort(sorted, n, sizeof *sorted, compare_ranks);
    for (size_t i = root; i < xml->n_nodes; i++)
        xml->nodes[i].n_children = 0;
    for (size_t i = 0; i < n; i++) {
        struct node *parent = &xml->nodes[sorted[i].parent];
        xml->nodes[sorted[i].at].rank = sorted[i].rank;
        if (parent->n_children++ == 0)
            parent->first_child = i;
    }
    return sorted;
}

/* An element that is being written. */
struct open_element {
    size_t at, next, end; /* its node, and its children in the sorted list */
};

struct json_writer {
    struct xml *xml;
    const struct sibling *sorted;
    size_t depth;
    struct open_element open[XML_DEEPEST + 1];
};

static void gather_text(const struct xml *xml, const struct node *node, struct retort_buffer *out)
{
    for (ptrdiff_t p = node->first_piece; p != ABSENT; p = xml->pieces[p].next)
        retort_buffer_put(
            out, (struct retort_span){xml->text.data + xml->pieces[p].begin, xml->pieces[p].len});
}

static bool is_same_name(const struct json_writer *writer, size_t a, size_t b)
{
    return writer->sorted[a].rank == writer->sorted[b].rank;
}

/* What stands before a child: a comma, the key of the first of its name, a bracket if they are
 * several. */
static void put_before(struct json_writer *writer, const struct open_element *element)
{
    struct retort_buffer *out = &writer->xml->json;
    size_t at = element->next;
    size_t begin = writer->xml->nodes[element->at].first_child;
    if (at > begin)
        retort_buffer_byte(out, ',');
    if (at > begin && is_same_name(writer, at, at - 1))
        return;
    retort_json_put(out, writer->sorted[at].name);
    retort_buffer_byte(out, ':');
    if (at + 1 < element->end && is_same_name(writer, at, at + 1))
        retort_buffer_byte(out, '[');
}

static void put_after(struct json_writer *writer, const struct open_element *element)
{
    size_t at = element->next - 1, begin = writer->xml->nodes[element->at].first_child;
    bool last = element->next == element->end || !is_same_name(writer, at, at + 1);
    if (last && at > begin && is_same_name(writer, at, at - 1))
        retort_buffer_byte(&writer->xml->json, ']');
}

static void put_leaf(struct json_writer *writer, const struct node *node)
{
    struct retort_buffer text = {0};
    gather_text(writer->xml, node, &text);
    retort_json_put(&writer->xml->json, retort_buffer_span(&text));
    retort_buffer_release(&text);
}

static void open_element(struct json_writer *writer, size_t at)
{
    const struct node *node = &writer->xml->nodes[at];
    assert(writer->depth <= XML_DEEPEST);
    writer->open[writer->depth++] =
        (struct open_element){at, node->first_child, node->first_child + node->n_children};
    retort_buffer_byte(&writer->xml->json, '{');
}

static void close_element(struct json_writer *writer)
{
    struct retort_buffer text = {0}, *out = &writer->xml->json;
    gather_text(writer->xml, &writer->xml->nodes[writer->open[--writer->depth].at], &text);
    struct retort_span trimmed = retort_span_trim(retort_buffer_span(&text));
    if (trimmed.len > 0) {
        retort_json_key(out, "#text");
        retort_json_put(out, trimmed);
    }
    retort_buffer_release(&text);
    retort_buffer_byte(out, '}');
    if (writer->depth > 0)
        put_after(writer, &writer->open[writer->depth - 1]);
}

static void write_children(struct json_writer *writer)
{
    while (writer->depth > 0) {
        struct open_element *element = &writer->open[writer->depth - 1];
        if (element->next == element->end) {
            close_element(writer);
            continue;
        }
        put_before(writer, element);
        size_t child = writer->sorted[element->next++].at;
        if (writer->xml->nodes[child].n_children > 0) {
            open_element(writer, child);
            continue;
        }
        put_leaf(writer, &writer->xml->nodes[child]);
        put_after(writer, element);
    }
}

static void write_json(struct xml *xml, size_t root)
{
    struct sibling *sorted = sort_children(xml, root);
    struct json_writer writer;
    writer.xml = xml;
    writer.sorted = sorted;
    writer.depth = 0;
    retort_buffer_clear(&xml->json);
    open_element(&writer, root);
    write_children(&writer);
    free(sorted);
}

/* Hands the wanted element out and forgets it. */
static void end_wanted(struct xml *xml, size_t at, bool whole)
{
    size_t which = xml->nodes[at].wanted;
    ptrdiff_t parent = xml->nodes[at].parent;
    write_json(xml, at);
    cut_nodes(xml, at);
    xml->open = parent;
    if (!xml->stopped &&
        !xml->reading->found(xml->reading->context, which, whole, retort_buffer_span(&xml->json)))
        xml->stopped = true;
}

/* ---- what expat finds -------------------------------------------------------------------------
 */

static void stop(struct xml *xml, const char *refusal)
{
    if (!xml->refusal)
        xml->refusal = refusal;
    XML_StopParser(xml->parser, XML_FALSE);
}

/* A parser that was stopped may finish the tag it is at. */
static bool is_over(const struct xml *xml)
{
    return xml->stopped || xml->refusal;
}

static size_t find_wanted(const struct xml *xml)
{
    size_t which = 0;
    while (which < xml->reading->n_wanted &&
           !retort_span_equal(retort_buffer_span(&xml->path),
                              retort_span_of(xml->reading->wanted[which])))
        which++;
    return which;
}

static void XMLCALL on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct xml *xml = context;
    if (is_over(xml))
        return;
    if (xml->depth == XML_DEEPEST) {
        stop(xml, "elements nest deeper than 256; this is no export");
        return;
    }
    xml->rooted = true;
    xml->path_marks[xml->depth++] = xml->path.len;
    retort_buffer_text(&xml->path, xml->path.len > 0 ? "/" : "");
    retort_buffer_text(&xml->path, name);
    size_t wanted = find_wanted(xml);
    if (xml->open == ABSENT && wanted == xml->reading->n_wanted)
        return;
    push_node(xml, "", name, wanted);
    xml->open = (ptrdiff_t)xml->n_nodes - 1;
    for (size_t i = 0; attributes[i]; i += 2) {
        push_node(xml, "@", attributes[i], xml->reading->n_wanted);
        add_text(xml, xml->n_nodes - 1, attributes[i + 1], strlen(attributes[i + 1]));
    }
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct xml *xml = context;
    (void)name;
    if (is_over(xml))
        return;
    xml->path.len = xml->path_marks[--xml->depth];
    if (xml->open == ABSENT)
        return;
    size_t at = (size_t)xml->open;
    if (xml->nodes[at].wanted < xml->reading->n_wanted)
        end_wanted(xml, at, true);
    else
        xml->open = xml->nodes[at].parent;
    if (xml->stopped)
        XML_StopParser(xml->parser, XML_FALSE);
}

static void XMLCALL on_text(void *context, const XML_Char *text, int len)
{
    struct xml *xml = context;
    if (xml->open != ABSENT)
        add_text(xml, (size_t)xml->open, text, (size_t)len);
}

static void XMLCALL on_entity(void *context, const XML_Char *name, int is_parameter,
                              const XML_Char *value, int value_len, const XML_Char *base,
                              const XML_Char *system, const XML_Char *public,
                              const XML_Char *notation)
{
    (void)name, (void)is_parameter, (void)value, (void)value_len;
    (void)base, (void)system, (void)public, (void)notation;
    stop(context, "declares entities, which no export does; take its DOCTYPE out");
}

/* An entity that a DTD elsewhere may declare: as it stands. */
static void XMLCALL on_skipped(void *context, const XML_Char *name, int is_parameter)
{
    if (is_parameter)
        return;
    on_text(context, "&", 1);
    on_text(context, name, (int)strlen(name));
    on_text(context, ";", 1);
}

static XML_Parser make_parser(struct xml *xml)
{
    XML_Parser parser = XML_ParserCreate("UTF-8");
    if (!parser)
        retort_out_of_memory();
    XML_SetUserData(parser, xml);
    XML_SetHashSalt(parser, 1);
    XML_SetBillionLaughsAttackProtectionMaximumAmplification(parser, 2.0f);
    XML_SetElementHandler(parser, on_start, on_end);
    XML_SetCharacterDataHandler(parser, on_text);
    XML_SetEntityDeclHandler(parser, on_entity);
    XML_SetSkippedEntityHandler(parser, on_skipped);
    XML_SetParamEntityParsing(parser, XML_PARAM_ENTITY_PARSING_NEVER);
    return parser;
}

/* ---- the text ---------------------------------------------------------------------------------
 */

static bool is_forbidden(struct retort_span text, size_t at, size_t *len)
{
    uint8_t byte = text.data[at];
    *len = 1;
    if (byte < 0x20)
        return byte != '\t' && byte != '\n' && byte != '\r';
    *len = 3;
    return byte == 0xEF && at + 2 < text.len && text.data[at + 1] == 0xBF &&
           text.data[at + 2] >= 0xBE;
}

/* The text with U+FFFD for what XML forbids: itself where there is nothing. */
static struct retort_span mend(struct retort_span text, struct retort_buffer *mended)
{
    size_t plain = 0, len;
    for (size_t at = 0; at < text.len; at++) {
        if (!is_forbidden(text, at, &len))
            continue;
        retort_buffer_put(mended, retort_span_slice(text, plain, at));
        retort_buffer_text(mended, "\xEF\xBF\xBD");
        plain = at + len;
        at = plain - 1;
    }
    if (plain == 0)
        return text;
    retort_buffer_put(mended, retort_span_slice(text, plain, text.len));
    return retort_buffer_span(mended);
}

/* From the first "<": what stands before it (a blank line, a warning of PHP's) is no XML. */
static struct retort_span from_first_tag(struct retort_span text, size_t *n_lines)
{
    size_t at = 0;
    for (*n_lines = 0; at < text.len && text.data[at] != '<'; at++)
        *n_lines += text.data[at] == '\n';
    return retort_span_slice(text, at, text.len);
}

static bool parse(struct xml *xml, struct retort_span text)
{
    for (size_t at = 0;; at += CHUNK) {
        size_t len = text.len - at < CHUNK ? text.len - at : CHUNK;
        bool last = at + len == text.len;
        if (XML_Parse(xml->parser, (const char *)text.data + at, (int)len, last) != XML_STATUS_OK)
            return false;
        if (last)
            return true;
    }
}

/* Has the document ended, and is what follows nothing with a tag in it? */
static bool is_complete(const struct xml *xml, struct retort_span text)
{
    XML_Index index = XML_GetCurrentByteIndex(xml->parser);
    size_t at = index > 0 ? (size_t)index : 0;
    bool ended = xml->depth == 0 && xml->rooted && !xml->refusal;
    return ended && (at >= text.len || !memchr(text.data + at, '<', text.len - at));
}

/* Of the wanted elements that are open, the outermost is handed out, without what is cut in it. */
static void end_cut(struct xml *xml)
{
    while (!xml->stopped && xml->open != ABSENT && xml->nodes[xml->open].parent != ABSENT) {
        size_t at = (size_t)xml->open;
        xml->open = xml->nodes[at].parent;
        cut_nodes(xml, at);
    }
    if (!xml->stopped && xml->open != ABSENT)
        end_wanted(xml, (size_t)xml->open, false);
}

static bool fail(const struct xml *xml, size_t n_lines, struct retort_error *error)
{
    size_t line = n_lines + (size_t)XML_GetCurrentLineNumber(xml->parser);
    if (xml->refusal)
        return retort_fail(error, RETORT_INPUT, "line %zu: %s", line, xml->refusal);
    return retort_fail(error, RETORT_INPUT,
                       "line %zu: %s; what stands before was read: export it again, whole, or mend "
                       "the line",
                       line, XML_ErrorString(XML_GetErrorCode(xml->parser)));
}

const char *xml_library(void)
{
    return XML_ExpatVersion();
}

bool xml_read(const struct xml_reading *reading, struct retort_span text, bool *stopped,
              struct retort_error *error)
{
    struct xml xml = {.reading = reading, .open = ABSENT};
    struct retort_buffer mended = {0};
    size_t n_lines;
    text = mend(from_first_tag(text, &n_lines), &mended);
    xml.parser = make_parser(&xml);
    bool parsed = parse(&xml, text) || is_complete(&xml, text);
    if (!parsed && !xml.stopped)
        fail(&xml, n_lines, error);
    end_cut(&xml);
    *stopped = xml.stopped;
    XML_ParserFree(xml.parser);
    free(xml.nodes);
    free(xml.pieces);
    retort_buffer_release(&xml.path);
    retort_buffer_release(&xml.text);
    retort_buffer_release(&xml.json);
    retort_buffer_release(&mended);
    return parsed && !xml.stopped;
}
