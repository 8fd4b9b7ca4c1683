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
#include "page/html_scan.h"

#include "page/html_tags.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MOST = 256, REACH = 512, ELEMENTS_MOST = 1 << 20 };

/* How an open tag was handed on. */
enum { LEFT_OUT, AS_ITSELF, AS_SPAN };

struct open_tag {
    uint8_t tag, handed;
};

struct scanner {
    struct html_scanned *out;
    struct retort_span source;
    size_t at;
    struct open_tag *open;
    size_t n_open, n_handed; /* of them handed on */
    uint32_t count[GUMBO_TAG_LAST + 1];
    bool absent[GUMBO_TAG_LAST + 1]; /* no end tag of it stands below */
    bool after_block;
    size_t link; /* where the open link begins, SIZE_MAX for none */
    size_t n_elements;
    size_t open_room, segment_room, tag_room, attribute_room, link_room;
    struct retort_span found[HTML_N_KEYS]; /* attributes of the tag at hand */
};

static const struct {
    const char *name;
    enum html_key key;
} ATTRIBUTES[] = {
    {"id", HTML_ID},
    {"class", HTML_CLASS},
    {"itemprop", HTML_ITEMPROP},
    {"itemtype", HTML_ITEMTYPE},
    {"datetime", HTML_DATETIME},
    {"title", HTML_TITLE},
    {"content", HTML_CONTENT},
    {"role", HTML_ROLE},
    {"data-comment-id", HTML_NUMBER},
    {"data-commentid", HTML_NUMBER},
    {"data-message-id", HTML_NUMBER},
    {"data-post-id", HTML_NUMBER},
    {"data-id", HTML_NUMBER},
    {"data-parent-comment-id", HTML_PARENT},
    {"data-parent-id", HTML_PARENT},
    {"data-parentid", HTML_PARENT},
    {"data-parent", HTML_PARENT},
    {"data-reply-to", HTML_PARENT},
    {"data-author", HTML_AUTHOR},
    {"data-username", HTML_AUTHOR},
    {"data-time", HTML_TIME},
    {"data-timestamp", HTML_TIME},
    {"data-depth", HTML_DEPTH},
    {"data-level", HTML_DEPTH},
    {"aria-level", HTML_DEPTH},
    {"indent", HTML_DEPTH},
    {"rel", HTML_REL},
    {"href", HTML_HREF},
    {"name", HTML_NAME},
    {"property", HTML_NAME},
    {"type", HTML_TYPE},
    {"style", HTML_STYLE},
    {"hidden", HTML_HIDDEN},
};

/* ---- small things ---------------------------------------------------------------------------- */

static uint8_t lower(uint8_t byte)
{
    return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 32) : byte;
}

static bool is_letter(uint8_t byte)
{
    return (uint8_t)((byte | 32) - 'a') < 26;
}

static bool is_space(uint8_t byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r' && byte != '\v');
}

static bool same_word(const uint8_t *bytes, size_t len, const char *word)
{
    for (size_t i = 0; i < len; i++)
        if (!word[i] || lower(bytes[i]) != (uint8_t)word[i])
            return false;
    return word[len] == 0;
}

static bool holds_word(struct retort_span span, const char *word)
{
    size_t len = strlen(word);
    for (size_t at = 0; at + len <= span.len; at++)
        if (same_word(span.data + at, len, word))
            return true;
    return false;
}

/* Makes room for one more item. */
static void *with_room(void *items, size_t n, size_t *room, size_t size)
{
    if (n < *room)
        return items;
    *room = *room ? *room * 2 : 256;
    return retort_grow(items, *room, size);
}

static size_t find_byte(const struct scanner *scanner, size_t at, uint8_t byte)
{
    if (at >= scanner->source.len)
        return scanner->source.len;
    const uint8_t *found = memchr(scanner->source.data + at, byte, scanner->source.len - at);
    return found ? (size_t)(found - scanner->source.data) : scanner->source.len;
}

/* Where the text stands next, or the source's end. */
static size_t find_text(const struct scanner *scanner, size_t at, const char *text)
{
    size_t len = strlen(text), end = scanner->source.len;
    for (; (at = find_byte(scanner, at, (uint8_t)text[0])) < end; at++)
        if (end - at >= len && memcmp(scanner->source.data + at, text, len) == 0)
            return at;
    return end;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void put_segment(struct scanner *scanner, size_t source)
{
    struct html_scanned *out = scanner->out;
    out->segments =
        with_room(out->segments, out->n_segments, &scanner->segment_room, sizeof *out->segments);
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
    while (first < end && is_space(bytes[first]))
        first++;
    while (last > first && is_space(bytes[last - 1]))
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

/* ---- the open tags -----------------------------------------------------------------------------
 */

static void push(struct scanner *scanner, uint8_t tag, uint8_t handed)
{
    scanner->open =
        with_room(scanner->open, scanner->n_open, &scanner->open_room, sizeof *scanner->open);
    scanner->open[scanner->n_open++] = (struct open_tag){tag, handed};
    scanner->n_handed += handed != LEFT_OUT;
    scanner->count[tag]++;
}

static void pop_to(struct scanner *scanner, size_t n)
{
    while (scanner->n_open > n) {
        const struct open_tag *top = &scanner->open[--scanner->n_open];
        scanner->n_handed -= top->handed != LEFT_OUT;
        scanner->count[top->tag]--;
    }
}

/* The open tag nearest to the top, with none of these flags above it; −1 for none. */
static ptrdiff_t find_open(const struct scanner *scanner, uint8_t tag, unsigned stops)
{
    if (!scanner->count[tag])
        return -1;
    size_t least = scanner->n_open > REACH ? scanner->n_open - REACH : 0;
    for (size_t at = scanner->n_open; at > least; at--) {
        uint8_t here = scanner->open[at - 1].tag;
        if (here == tag)
            return (ptrdiff_t)at - 1;
        if (HTML_TAGS[here] & stops)
            return -1;
    }
    return -1;
}

static bool is_heading(uint8_t tag)
{
    return tag >= GUMBO_TAG_H1 && tag <= GUMBO_TAG_H6;
}

/* <li> and <dd> close their like, unless a container other than div, p and address is between. */
static void close_item(struct scanner *scanner, uint8_t first, uint8_t second)
{
    if (!scanner->count[first] && !scanner->count[second])
        return;
    size_t least = scanner->n_open > REACH ? scanner->n_open - REACH : 0;
    for (size_t at = scanner->n_open; at > least; at--) {
        uint8_t here = scanner->open[at - 1].tag;
        if (here == first || here == second) {
            pop_to(scanner, at - 1);
            return;
        }
        if ((HTML_TAGS[here] & (HTML_SPECIAL | HTML_SOFT)) == HTML_SPECIAL)
            return;
    }
}

static unsigned row_rank(uint8_t tag)
{
    switch (tag) {
    case GUMBO_TAG_TABLE:
        return 0;
    case GUMBO_TAG_TR:
        return 2;
    case GUMBO_TAG_TD:
    case GUMBO_TAG_TH:
        return 3;
    default:
        return 1; /* tbody, thead, tfoot, caption */
    }
}

/* Back to the part of the table that the new part stands in; false when there is no table. */
static bool close_rows(struct scanner *scanner, uint8_t tag)
{
    ptrdiff_t table = find_open(scanner, GUMBO_TAG_TABLE, 0);
    if (table < 0)
        return false;
    size_t keep = (size_t)table + 1;
    for (size_t at = keep; at < scanner->n_open; at++) {
        uint8_t here = scanner->open[at].tag;
        bool part = HTML_TAGS[here] & HTML_TABLE_PART;
        if (!part || row_rank(here) >= row_rank(tag) || here == GUMBO_TAG_CAPTION)
            break;
        keep = at + 1;
    }
    pop_to(scanner, keep);
    return true;
}

/* What a start tag closes; false when it is to be ignored. */
static bool close_before(struct scanner *scanner, uint8_t tag)
{
    unsigned flags = HTML_TAGS[tag];
    if (flags & HTML_TABLE_PART)
        return close_rows(scanner, tag);
    if (tag == GUMBO_TAG_FORM && scanner->count[GUMBO_TAG_FORM])
        return false;
    if (tag == GUMBO_TAG_LI)
        close_item(scanner, GUMBO_TAG_LI, GUMBO_TAG_LI);
    if (tag == GUMBO_TAG_DT || tag == GUMBO_TAG_DD)
        close_item(scanner, GUMBO_TAG_DT, GUMBO_TAG_DD);
    if (flags & HTML_CLOSES_P) {
        ptrdiff_t paragraph = find_open(scanner, GUMBO_TAG_P, HTML_BOUNDARY);
        if (paragraph >= 0)
            pop_to(scanner, (size_t)paragraph);
    }
    if (is_heading(tag) && scanner->n_open && is_heading(scanner->open[scanner->n_open - 1].tag))
        pop_to(scanner, scanner->n_open - 1);
    return true;
}

/* ---- attributes -------------------------------------------------------------------------------
 */

static void take_attribute(struct scanner *scanner, struct retort_span name,
                           struct retort_span value)
{
    if (name.len < 2 || name.len > 22)
        return;
    for (size_t i = 0; i < sizeof ATTRIBUTES / sizeof *ATTRIBUTES; i++) {
        if ((uint8_t)ATTRIBUTES[i].name[0] != lower(name.data[0]) ||
            !same_word(name.data, name.len, ATTRIBUTES[i].name))
            continue;
        struct retort_span *found = &scanner->found[ATTRIBUTES[i].key];
        if (!found->data)
            *found = value;
        return;
    }
}

static struct retort_span read_value(struct scanner *scanner)
{
    const uint8_t *bytes = scanner->source.data;
    size_t end = scanner->source.len, at = scanner->at;
    while (at < end && is_space(bytes[at]))
        at++;
    if (at < end && (bytes[at] == '"' || bytes[at] == '\'')) {
        size_t close = find_byte(scanner, at + 1, bytes[at]);
        scanner->at = close < end ? close + 1 : end;
        return retort_span_slice(scanner->source, at + 1, close);
    }
    size_t begin = at;
    while (at < end && !is_space(bytes[at]) && bytes[at] != '>')
        at++;
    scanner->at = at;
    return retort_span_slice(scanner->source, begin, at);
}

/* From behind the name to behind the '>'; true when the tag closes itself. */
static bool read_attributes(struct scanner *scanner)
{
    const uint8_t *bytes = scanner->source.data;
    size_t end = scanner->source.len;
    bool slash = false;
    memset(scanner->found, 0, sizeof scanner->found);
    while (scanner->at < end && bytes[scanner->at] != '>') {
        if (is_space(bytes[scanner->at]) || bytes[scanner->at] == '/') {
            slash = bytes[scanner->at++] == '/' || (slash && bytes[scanner->at - 1] != '/');
            continue;
        }
        slash = false;
        size_t begin = scanner->at++;
        while (scanner->at < end && !is_space(bytes[scanner->at]) && bytes[scanner->at] != '/' &&
               bytes[scanner->at] != '>' && bytes[scanner->at] != '=')
            scanner->at++;
        struct retort_span name = retort_span_slice(scanner->source, begin, scanner->at);
        size_t after = scanner->at;
        while (after < end && is_space(bytes[after]))
            after++;
        struct retort_span value = {bytes + scanner->at, 0};
        if (after < end && bytes[after] == '=') {
            scanner->at = after + 1;
            value = read_value(scanner);
        }
        take_attribute(scanner, name, value);
    }
    scanner->at += scanner->at < end;
    return slash;
}

static bool is_hidden(const struct scanner *scanner)
{
    struct retort_span style = scanner->found[HTML_STYLE];
    return scanner->found[HTML_HIDDEN].data || holds_word(style, "display:none") ||
           holds_word(style, "display: none");
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
    out->tags = with_room(out->tags, out->n_tags, &scanner->tag_room, sizeof *out->tags);
    struct html_tag *kept = &out->tags[out->n_tags];
    *kept = (struct html_tag){(uint32_t)out->n_attributes, 0, tag, hidden};
    for (size_t key = 0; key < HTML_N_KEPT; key++) {
        if (!scanner->found[key].len)
            continue;
        out->attributes = with_room(out->attributes, out->n_attributes, &scanner->attribute_room,
                                    sizeof *out->attributes);
        out->attributes[out->n_attributes++] =
            (struct html_attribute){(enum html_key)key, scanner->found[key]};
        kept->n++;
    }
    return out->n_tags++;
}

/* ---- what is dropped ----------------------------------------------------------------------------
 */

/* Where "</name" stands next, or the end. */
static size_t find_end_tag(struct scanner *scanner, uint8_t tag, size_t at)
{
    const char *name = gumbo_normalized_tagname((GumboTag)tag);
    size_t len = strlen(name), end = scanner->source.len;
    if (scanner->absent[tag])
        return end;
    for (; (at = find_byte(scanner, at, '<')) < end; at++) {
        const uint8_t *here = scanner->source.data + at;
        if (end - at > len + 2 && here[1] == '/' && same_word(here + 2, len, name) &&
            (is_space(here[len + 2]) || here[len + 2] == '/' || here[len + 2] == '>'))
            return at;
    }
    scanner->absent[tag] = true;
    return end;
}

/* A script that writes scripts: inside <!-- … --> an inner <script> … </script> does not end it. */
static size_t find_script_end(struct scanner *scanner, size_t at)
{
    const uint8_t *bytes = scanner->source.data;
    size_t end = scanner->source.len;
    bool escaped = false, inner = false;
    for (; at < end; at++) {
        if (bytes[at] == '-' && escaped && end - at >= 3 && memcmp(bytes + at, "-->", 3) == 0)
            escaped = inner = false;
        if (bytes[at] != '<' || end - at < 4)
            continue;
        if (memcmp(bytes + at, "<!--", 4) == 0) {
            escaped = true;
            at += 1; /* "<!-->" ends at once */
            continue;
        }
        bool closes = bytes[at + 1] == '/';
        const uint8_t *name = bytes + at + 1 + closes;
        size_t room = (size_t)(bytes + end - name);
        if (room < 7 || !same_word(name, 6, "script") ||
            !(is_space(name[6]) || name[6] == '/' || name[6] == '>'))
            continue;
        if (closes && !inner)
            return at;
        inner = escaped && !closes;
    }
    return end;
}

static void skip_end_tag(struct scanner *scanner, size_t at)
{
    size_t close = find_byte(scanner, at, '>');
    scanner->at = close < scanner->source.len ? close + 1 : close;
}

static void keep_data(struct scanner *scanner, size_t begin, size_t end)
{
    struct html_scanned *out = scanner->out;
    bool wanted = holds_word(scanner->found[HTML_TYPE], "ld+json") ||
                  holds_word(scanner->found[HTML_ID], "disqus-threaddata");
    if (wanted && out->n_data < HTML_DATA_MOST)
        out->data[out->n_data++] = retort_span_slice(scanner->source, begin, end);
}

/* Content that is no markup, up to the end tag; without one, a script or style has no end, and of
 * the others only the start tag is dropped. */
static void drop_raw(struct scanner *scanner, uint8_t tag)
{
    size_t begin = scanner->at;
    size_t end = tag == GUMBO_TAG_SCRIPT ? find_script_end(scanner, begin)
                                         : find_end_tag(scanner, tag, begin);
    if (end == scanner->source.len && tag != GUMBO_TAG_SCRIPT && tag != GUMBO_TAG_STYLE)
        return;
    if (tag == GUMBO_TAG_SCRIPT)
        keep_data(scanner, begin, end);
    if (tag == GUMBO_TAG_TITLE && !scanner->out->title.data)
        scanner->out->title = retort_span_slice(scanner->source, begin, end);
    skip_end_tag(scanner, end);
}

static void drop_tree(struct scanner *scanner, uint8_t tag)
{
    size_t end = find_end_tag(scanner, tag, scanner->at);
    if (end < scanner->source.len)
        skip_end_tag(scanner, end);
}

static void skip_comment(struct scanner *scanner)
{
    size_t begin = scanner->at + 4;
    const uint8_t *bytes = scanner->source.data;
    bool empty = begin < scanner->source.len && bytes[begin] == '>';
    if (empty || (begin + 1 < scanner->source.len && memcmp(bytes + begin, "->", 2) == 0)) {
        scanner->at = begin + (empty ? 1 : 2);
        return;
    }
    size_t end = find_text(scanner, begin, "--");
    while (end < scanner->source.len) {
        size_t after = end + 2;
        after += after < scanner->source.len && bytes[after] == '!';
        if (after < scanner->source.len && bytes[after] == '>') {
            scanner->at = after + 1;
            return;
        }
        end = find_text(scanner, end + 1, "--");
    }
    scanner->at = scanner->source.len;
}

/* ---- tags ---------------------------------------------------------------------------------------
 */

static void end_link(struct scanner *scanner)
{
    struct html_scanned *out = scanner->out;
    if (scanner->link == SIZE_MAX || scanner->link == out->clean.len) {
        scanner->link = SIZE_MAX;
        return;
    }
    out->links = with_room(out->links, out->n_links, &scanner->link_room, sizeof *out->links);
    out->links[out->n_links++] = (struct html_range){scanner->link, out->clean.len};
    scanner->link = SIZE_MAX;
}

/* What a void element says to the head: <meta> and <link rel=canonical>. */
static void read_void(struct scanner *scanner, uint8_t tag)
{
    struct html_scanned *out = scanner->out;
    const struct retort_span *found = scanner->found;
    if (tag == GUMBO_TAG_LINK && holds_word(found[HTML_REL], "canonical") && !out->canonical.data)
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
        push(scanner, tag, handed);
}

/* Microdata in the body: <meta itemprop=datePublished content=…> stands for its element. */
static void hand_on_meta(struct scanner *scanner)
{
    if (!scanner->found[HTML_ITEMPROP].len || scanner->n_elements >= ELEMENTS_MOST)
        return;
    put_start(scanner, GUMBO_TAG_META, AS_SPAN, true, false);
    retort_buffer_text(&scanner->out->clean, "</span>");
}

static void start_tag(struct scanner *scanner)
{
    size_t begin = scanner->at + 1, end = begin;
    const uint8_t *bytes = scanner->source.data;
    while (end < scanner->source.len && !is_space(bytes[end]) && bytes[end] != '/' &&
           bytes[end] != '>')
        end++;
    unsigned len = end - begin < 32 ? (unsigned)(end - begin) : 32;
    uint8_t tag = (uint8_t)gumbo_tagn_enum((const char *)bytes + begin, len);
    unsigned flags = HTML_TAGS[tag];
    scanner->at = end;
    bool closed = read_attributes(scanner);
    if (flags & HTML_RAW) {
        drop_raw(scanner, tag);
        return;
    }
    if (flags & HTML_TREE) {
        if (!closed)
            drop_tree(scanner, tag);
        return;
    }
    if ((flags & (HTML_VOID | HTML_BLOCK)) == HTML_VOID) {
        read_void(scanner, tag);
        if (tag == GUMBO_TAG_META)
            hand_on_meta(scanner);
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
    if (close_before(scanner, tag))
        hand_on(scanner, tag);
}

/* The open tag that an end tag closes; −1: it closes nothing. */
static ptrdiff_t closed_by(const struct scanner *scanner, uint8_t tag)
{
    unsigned flags = HTML_TAGS[tag];
    if (flags & HTML_TABLE_PART || tag == GUMBO_TAG_TABLE) {
        ptrdiff_t part = find_open(scanner, tag, 0);
        return part > find_open(scanner, GUMBO_TAG_TABLE, 0) || tag == GUMBO_TAG_TABLE ? part : -1;
    }
    if (is_heading(tag)) {
        ptrdiff_t best = -1;
        for (uint8_t level = GUMBO_TAG_H1; level <= GUMBO_TAG_H6; level++) {
            ptrdiff_t here = find_open(scanner, level, HTML_BOUNDARY);
            best = here > best ? here : best;
        }
        return best;
    }
    if (tag == GUMBO_TAG_LI)
        return find_open(scanner, tag, HTML_BOUNDARY | HTML_LIST);
    return find_open(scanner, tag, flags & HTML_OWN ? HTML_BOUNDARY : HTML_SPECIAL);
}

/* </form> takes only the form away; what is open inside stays open. */
static void close_form(struct scanner *scanner, size_t at)
{
    struct open_tag form = scanner->open[at];
    memmove(scanner->open + at, scanner->open + at + 1,
            (scanner->n_open - at - 1) * sizeof *scanner->open);
    scanner->n_open--;
    scanner->n_handed -= form.handed != LEFT_OUT;
    scanner->count[GUMBO_TAG_FORM]--;
}

static void close_tag(struct scanner *scanner, uint8_t tag)
{
    ptrdiff_t found = closed_by(scanner, tag);
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
        close_form(scanner, at);
    else
        pop_to(scanner, at);
}

static void end_tag(struct scanner *scanner)
{
    size_t begin = scanner->at + 2, end = begin;
    const uint8_t *bytes = scanner->source.data;
    while (end < scanner->source.len && !is_space(bytes[end]) && bytes[end] != '/' &&
           bytes[end] != '>')
        end++;
    unsigned len = end - begin < 32 ? (unsigned)(end - begin) : 32;
    uint8_t tag = (uint8_t)gumbo_tagn_enum((const char *)bytes + begin, len);
    scanner->at = end;
    if (end < scanner->source.len && bytes[end] == '>')
        scanner->at++;
    else
        read_attributes(scanner);
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
        skip_comment(scanner);
    } else if (next == '!' || next == '?' || (next == '/' && left > 2)) {
        skip_end_tag(scanner, scanner->at + 2); /* a declaration or what reads as a comment */
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
        size_t next = find_byte(&scanner, scanner.at, '<');
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
