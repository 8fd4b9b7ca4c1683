/* The scanner in front of the HTML parser.
 *
 * More than half of a page's bytes are scripts, comments, addresses and style, and the parser pays
 * for each byte; its searches cost the depth of the open elements, its adoption agency may clone
 * elements without bound, so a page of 50 MB of <div> would never end. The scanner follows HTML5's
 * tokenizer (quoted attributes, comments, script's escapes), copies text as it is, and hands on
 * only tags that can matter: blocks by their own name, inline elements with attributes as <span>,
 * each with one attribute that is the index of what it had. So there is no foreign content, no
 * formatting element and no raw text left for the parser, and the number and depth of elements are
 * bounded: beyond HTML_DEPTH open elements a tag is left out together with its end tag. To know the
 * depth, a stack of open tags follows the parser's own rules of what a tag closes; where the two
 * could differ it counts too much, never too little. Rejected: the parser on the page as it is
 * (half the speed, and quadratic in depth).
 *
 * Segments say which part of the clean text came from where. */
#include "page/html_scanner.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 256, ELEMENTS_MOST = 1 << 19 };

uint8_t scan_lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 32) : byte;
}

static bool is_letter(uint8_t byte)
{
    return (uint8_t)((byte | 32) - 'a') < 26;
}

bool scan_is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v');
}

bool scan_same_word(const uint8_t *bytes, size_t len, const char *word)
{
    for (size_t i = 0; i < len; i++)
        if (!word[i] || scan_lower(bytes[i]) != (uint8_t)word[i])
            return false;
    return word[len] == 0;
}

bool scan_holds_word(struct retort_span span, const char *word)
{
    size_t len = strlen(word);
    for (size_t at = 0; at + len <= span.len; at++)
        if (scan_same_word(span.data + at, len, word))
            return true;
    return false;
}

/* Makes room for one more item. */
void *scan_with_room(void *items, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return items;
    *room = *room ? *room * 2 : 256;
    return retort_grow(items, *room, size);
}

size_t scan_find_byte(const struct scanner *scanner, size_t at, uint8_t byte)
{
    if (at >= scanner->source.len)
        return scanner->source.len;
    const uint8_t *found = memchr(scanner->source.data + at, byte, scanner->source.len - at);
    return found ? (size_t)(found - scanner->source.data) : scanner->source.len;
}

static void put_segment(struct scanner *scanner, size_t source)
{
    struct html_scanned *out = scanner->out;
    out->segments = scan_with_room(out->segments, out->n_segments, &scanner->segment_room,
                                   sizeof *out->segments);
    out->segments[out->n_segments++] = (struct html_segment){out->clean.len, source};
}

static void put_copy(struct scanner *scanner, size_t begin, size_t end)
{
    if (begin >= end)
        return;
    put_segment(scanner, begin);
    retort_buffer_put(&scanner->out->clean, retort_span_slice(scanner->source, begin, end));
}

/* White space at the ends of a piece of text becomes one character. */
static void put_text(struct scanner *scanner, size_t begin, size_t end)
{
    const uint8_t *bytes = scanner->source.data;
    if (scanner->count[GUMBO_TAG_PRE] + scanner->count[GUMBO_TAG_LISTING]) {
        put_copy(scanner, begin, end);
        return;
    }
    size_t first = begin, last = end;
    while (first < end && scan_is_space(bytes[first]))
        first++;
    while (last > first && scan_is_space(bytes[last - 1]))
        last--;
    bool empty = first == last;
    if (first > begin && !scanner->after_block)
        first--;
    put_copy(scanner, first, !empty && last < end ? last + 1 : last);
    scanner->after_block &= empty;
}

static void put_tag(struct scanner *scanner, uint8_t tag, uint8_t handed, bool end)
{
    struct retort_buffer *clean = &scanner->out->clean;
    put_segment(scanner, scanner->at);
    retort_buffer_text(clean, end ? "</" : "<");
    retort_buffer_text(clean, handed == AS_SPAN ? "span" : gumbo_normalized_tagname((GumboTag)tag));
}

static bool is_hidden(const struct scanner *scanner)
{
    struct retort_span style = scanner->found[HTML_STYLE];
    return scanner->found[HTML_HIDDEN].data || scan_holds_word(style, "display:none") ||
           scan_holds_word(style, "display: none");
}

/* Is there anything to be kept of the tag? */
static bool is_telling(const struct scanner *scanner, uint8_t tag)
{
    const struct retort_span *found = scanner->found;
    bool dated = tag == GUMBO_TAG_ABBR && found[HTML_TITLE].len > 0;
    bool said = found[HTML_ITEMPROP].len || found[HTML_DATETIME].len || found[HTML_NUMBER].len ||
                found[HTML_PARENT].len || found[HTML_DEPTH].len || found[HTML_AUTHOR].len;
    bool named = tag == GUMBO_TAG_CITE || tag == GUMBO_TAG_TIME;
    return found[HTML_ID].len || found[HTML_CLASS].len || said || dated || named;
}

/* Takes the tag's attributes down; returns its index. */
static size_t keep_attributes(struct scanner *scanner, uint8_t tag, bool hidden)
{
    struct html_scanned *out = scanner->out;
    out->tags = scan_with_room(out->tags, out->n_tags, &scanner->tag_room, sizeof *out->tags);
    struct html_tag *kept = &out->tags[out->n_tags];
    *kept = (struct html_tag){(uint32_t)out->n_attributes, 0, tag, hidden};
    for (size_t key = 0; key < HTML_N_KEPT; key++) {
        if (!scanner->found[key].len)
            continue;
        out->attributes = scan_with_room(out->attributes, out->n_attributes,
                                         &scanner->attribute_room, sizeof *out->attributes);
        out->attributes[out->n_attributes++] =
            (struct html_attribute){(enum html_key)key, scanner->found[key]};
        kept->n++;
    }
    return out->n_tags++;
}

static void end_link(struct scanner *scanner)
{
    struct html_scanned *out = scanner->out;
    if (scanner->link == SIZE_MAX || scanner->link == out->clean.len) {
        scanner->link = SIZE_MAX;
        return;
    }
    out->links = scan_with_room(out->links, out->n_links, &scanner->link_room, sizeof *out->links);
    out->links[out->n_links++] = (struct html_range){scanner->link, out->clean.len};
    scanner->link = SIZE_MAX;
}

/* What a void element says to the head: <meta> and <link rel=canonical>. */
static void read_void(struct scanner *scanner, uint8_t tag)
{
    struct html_scanned *out = scanner->out;
    const struct retort_span *found = scanner->found;
    if (tag == GUMBO_TAG_LINK && scan_holds_word(found[HTML_REL], "canonical") &&
        !out->canonical.data)
        out->canonical = found[HTML_HREF];
    if (tag != GUMBO_TAG_META || !found[HTML_CONTENT].len)
        return;
    struct retort_span name = found[HTML_NAME].len ? found[HTML_NAME] : found[HTML_ITEMPROP];
    if (name.len && out->n_metas < HTML_METAS_MOST)
        out->metas[out->n_metas++] = (struct html_meta){name, found[HTML_CONTENT]};
}

static void put_start(struct scanner *scanner, uint8_t tag, uint8_t handed, bool telling,
                      bool hidden)
{
    struct retort_buffer *clean = &scanner->out->clean;
    put_tag(scanner, tag, handed, false);
    if (telling || hidden || handed == AS_SPAN)
        retort_buffer_format(clean, " x=%zu", keep_attributes(scanner, tag, hidden));
    retort_buffer_byte(clean, '>');
    scanner->n_elements++;
    scanner->after_block |= (HTML_TAGS[tag] & HTML_BLOCK) > 0;
}

static void hand_on(struct scanner *scanner, uint8_t tag)
{
    unsigned flags = HTML_TAGS[tag];
    bool hidden = is_hidden(scanner), telling = is_telling(scanner, tag);
    bool wanted = (flags & (HTML_OWN | HTML_BLOCK)) || telling || hidden;
    bool room = scanner->n_handed < DEPTH_MOST && scanner->n_elements < ELEMENTS_MOST;
    uint8_t handed = !wanted || !room ? LEFT_OUT : flags & HTML_OWN ? AS_ITSELF : AS_SPAN;
    if (handed != LEFT_OUT)
        put_start(scanner, tag, handed, telling, hidden);
    if (!(flags & HTML_VOID))
        scan_push(scanner, tag, handed);
}

/* Microdata in the body: <meta itemprop=datePublished content=…> stands for its element. A spacer's
 * width says how deep an answer is indented. */
static void hand_on_void(struct scanner *scanner, uint8_t tag)
{
    if (tag == GUMBO_TAG_IMG && scan_holds_word(scanner->found[HTML_SRC], "s.gif"))
        scanner->found[HTML_DEPTH] = scanner->found[HTML_WIDTH];
    bool told = (tag == GUMBO_TAG_META && scanner->found[HTML_ITEMPROP].len) ||
                (tag == GUMBO_TAG_IMG && scanner->found[HTML_DEPTH].len);
    if (!told || scanner->n_elements >= ELEMENTS_MOST)
        return;
    put_start(scanner, tag, AS_SPAN, true, false);
    retort_buffer_text(&scanner->out->clean, "</span>");
}

static void start_tag(struct scanner *scanner)
{
    size_t begin = scanner->at + 1, end = begin;
    const uint8_t *bytes = scanner->source.data;
    while (end < scanner->source.len && !scan_is_space(bytes[end]) && bytes[end] != '/' &&
           bytes[end] != '>')
        end++;
    unsigned len = end - begin < 32 ? (unsigned)(end - begin) : 32;
    uint8_t tag = (uint8_t)gumbo_tagn_enum((const char *)bytes + begin, len);
    unsigned flags = HTML_TAGS[tag];
    scanner->at = end;
    bool closed = scan_attributes(scanner);
    if (flags & HTML_RAW) {
        scan_drop_raw(scanner, tag);
        return;
    }
    if (flags & HTML_TREE) {
        if (!closed)
            scan_drop_tree(scanner, tag);
        return;
    }
    if ((flags & (HTML_VOID | HTML_BLOCK)) == HTML_VOID) {
        read_void(scanner, tag);
        hand_on_void(scanner, tag);
        return;
    }
    if (tag <= GUMBO_TAG_HEAD || tag == GUMBO_TAG_BODY || tag == GUMBO_TAG_FRAMESET)
        return;
    if (tag == GUMBO_TAG_A) {
        end_link(scanner);
        if (scanner->found[HTML_HREF].len)
            scanner->link = scanner->out->clean.len;
        if (!scanner->found[HTML_ID].len)
            scanner->found[HTML_ID] = scanner->found[HTML_NAME];
    }
    if (scan_close_before(scanner, tag))
        hand_on(scanner, tag);
}

static void close_tag(struct scanner *scanner, uint8_t tag)
{
    ptrdiff_t found = scan_closed_by(scanner, tag);
    if (found < 0)
        return;
    size_t at = (size_t)found;
    bool own = HTML_TAGS[tag] & HTML_OWN;
    for (size_t i = scanner->n_open; !own && i > at + 1; i--) {
        if (scanner->open[i - 1].handed == LEFT_OUT)
            continue;
        put_tag(scanner, scanner->open[i - 1].tag, scanner->open[i - 1].handed, true);
        retort_buffer_byte(&scanner->out->clean, '>');
    }
    if (scanner->open[at].handed != LEFT_OUT) {
        put_tag(scanner, scanner->open[at].tag, scanner->open[at].handed, true);
        retort_buffer_byte(&scanner->out->clean, '>');
    }
    scanner->after_block |= (HTML_TAGS[tag] & HTML_BLOCK) > 0;
    if (tag == GUMBO_TAG_FORM)
        scan_close_form(scanner, at);
    else
        scan_pop_to(scanner, at);
}

static void end_tag(struct scanner *scanner)
{
    size_t begin = scanner->at + 2, end = begin;
    const uint8_t *bytes = scanner->source.data;
    while (end < scanner->source.len && !scan_is_space(bytes[end]) && bytes[end] != '/' &&
           bytes[end] != '>')
        end++;
    unsigned len = end - begin < 32 ? (unsigned)(end - begin) : 32;
    uint8_t tag = (uint8_t)gumbo_tagn_enum((const char *)bytes + begin, len);
    scanner->at = end;
    if (end < scanner->source.len && bytes[end] == '>')
        scanner->at++;
    else
        scan_attributes(scanner);
    if (tag == GUMBO_TAG_A)
        end_link(scanner);
    if (tag == GUMBO_TAG_BR)
        memset(scanner->found, 0, sizeof scanner->found);
    if (tag == GUMBO_TAG_BR)
        hand_on(scanner, GUMBO_TAG_BR);
    else
        close_tag(scanner, tag);
}

/* At a '<'. */
static void markup(struct scanner *scanner)
{
    const uint8_t *here = scanner->source.data + scanner->at;
    size_t left = scanner->source.len - scanner->at;
    uint8_t next = left > 1 ? here[1] : 0, third = left > 2 ? here[2] : 0;
    if (is_letter(next)) {
        start_tag(scanner);
    } else if (next == '/' && is_letter(third)) {
        end_tag(scanner);
    } else if (left >= 4 && memcmp(here, "<!--", 4) == 0) {
        scan_skip_comment(scanner);
    } else if (next == '!' || next == '?' || (next == '/' && left > 2)) {
        scan_skip_to_end(scanner, scanner->at + 2); /* a declaration or what reads as a comment */
    } else {
        put_segment(scanner, scanner->at);
        retort_buffer_text(&scanner->out->clean, "&lt;");
        scanner->after_block = false;
        scanner->at++;
    }
}

void html_scan(struct retort_span source, struct html_scanned *out)
{
    struct scanner scanner = {.out = out, .source = source, .link = SIZE_MAX, .after_block = true};
    *out = (struct html_scanned){.source = source};
    retort_buffer_text(&out->clean, "<!DOCTYPE html>");
    while (scanner.at < source.len) {
        size_t next = scan_find_byte(&scanner, scanner.at, '<');
        if (next > scanner.at)
            put_text(&scanner, scanner.at, next);
        scanner.at = next;
        if (next < source.len)
            markup(&scanner);
    }
    end_link(&scanner);
    put_segment(&scanner, source.len);
    free(scanner.open);
}

void html_scan_release(struct html_scanned *scanned)
{
    retort_buffer_release(&scanned->clean);
    free(scanned->segments);
    free(scanned->tags);
    free(scanned->attributes);
    free(scanned->links);
    *scanned = (struct html_scanned){.n_tags = 0};
}

size_t html_scan_source(const struct html_scanned *scanned, size_t clean, size_t *hint)
{
    size_t low = 0, high = scanned->n_segments;
    const struct html_segment *segments = scanned->segments;
    if (*hint < high && segments[*hint].clean <= clean)
        low = *hint;
    if (low + 16 < high && segments[low + 16].clean > clean)
        high = low + 16;
    while (low + 1 < high) {
        size_t middle = low + (high - low) / 2;
        if (segments[middle].clean <= clean)
            low = middle;
        else
            high = middle;
    }
    *hint = low;
    if (!scanned->n_segments || segments[low].clean > clean)
        return 0;
    size_t most = low + 1 < scanned->n_segments ? segments[low + 1].source : scanned->source.len;
    size_t at = segments[low].source + (clean - segments[low].clean);
    return at < most || most == segments[low].source ? at : most - 1;
}

struct retort_span html_attribute_of(const struct html_scanned *scanned, const struct html_tag *tag,
                                     enum html_key key)
{
    for (uint32_t i = 0; i < tag->n; i++)
        if (scanned->attributes[tag->first + i].key == key)
            return scanned->attributes[tag->first + i].value;
    return (struct retort_span){NULL, 0};
}
