/* XML → JSON objects, streaming: expat finds the tags, wanted elements are kept as a list
 * (nodes.c) until they end, then written as JSON and forgotten.
 *
 * Documents that declare entities are refused where they do so (expat's own limit on amplification
 * stands behind that); external ones are never read. Control characters that XML forbids, which
 * WordPress writes all the same, become U+FFFD. */
#include "platform/xml.h"

#include "platform/nodes.h"

#define XML_DTD /* how the library was built: its header keeps the limit on entities behind it */
#include <expat.h>
#include <string.h>

enum { CHUNK = 1 << 20 };

struct xml {
    const struct xml_reading *reading;
    XML_Parser parser;
    struct retort_buffer path;
    size_t depth, path_marks[NODES_DEEPEST];
    bool rooted;        /* the root element has begun */
    struct nodes nodes; /* of the wanted elements that are open */
    bool stopped;
    const char *refusal; /* why we have stopped the parser */
};

/* Hands the wanted element out and forgets it. */
static void end_wanted(struct xml *xml, size_t at, bool whole)
{
    size_t which = xml->nodes.nodes[at].wanted;
    struct retort_span json = nodes_json(&xml->nodes, at);
    nodes_cut(&xml->nodes, at);
    xml->stopped = !xml->reading->found(xml->reading->context, which, whole, json);
}

/* ---- what expat finds ----------------------------------------------------------------------- */

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
    if (xml->depth == NODES_DEEPEST) {
        stop(xml, "elements nest deeper than 256; this is no export");
        return;
    }
    xml->rooted = true;
    xml->path_marks[xml->depth++] = xml->path.len;
    retort_buffer_text(&xml->path, xml->path.len > 0 ? "/" : "");
    retort_buffer_text(&xml->path, name);
    size_t wanted = find_wanted(xml);
    if (xml->nodes.open == NODES_NONE && wanted == xml->reading->n_wanted)
        return;
    xml->nodes.open = (ptrdiff_t)nodes_push(&xml->nodes, "", name, wanted);
    for (size_t i = 0; attributes[i]; i += 2) {
        size_t at = nodes_push(&xml->nodes, "@", attributes[i], xml->reading->n_wanted);
        nodes_add_text(&xml->nodes, at, attributes[i + 1], strlen(attributes[i + 1]));
    }
}

static void XMLCALL on_end(void *context, const XML_Char *name)
{
    struct xml *xml = context;
    (void)name;
    if (is_over(xml))
        return;
    xml->path.len = xml->path_marks[--xml->depth];
    if (xml->nodes.open == NODES_NONE)
        return;
    size_t at = (size_t)xml->nodes.open;
    if (xml->nodes.nodes[at].wanted < xml->reading->n_wanted)
        end_wanted(xml, at, true);
    else
        xml->nodes.open = xml->nodes.nodes[at].parent;
    if (xml->stopped)
        XML_StopParser(xml->parser, XML_FALSE);
}

static void XMLCALL on_text(void *context, const XML_Char *text, int len)
{
    struct xml *xml = context;
    if (xml->nodes.open != NODES_NONE)
        nodes_add_text(&xml->nodes, (size_t)xml->nodes.open, text, (size_t)len);
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

/* ---- the text ------------------------------------------------------------------------------- */

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
    struct nodes *nodes = &xml->nodes;
    while (nodes->open != NODES_NONE && nodes->nodes[nodes->open].parent != NODES_NONE)
        nodes_cut(nodes, (size_t)nodes->open);
    if (nodes->open != NODES_NONE && !xml->stopped)
        end_wanted(xml, (size_t)nodes->open, false);
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
    struct xml xml = {.reading = reading, .nodes.open = NODES_NONE};
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
    nodes_release(&xml.nodes);
    retort_buffer_release(&xml.path);
    retort_buffer_release(&mended);
    return parsed && !xml.stopped;
}
