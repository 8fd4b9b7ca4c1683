/* What the HTML parser need not see is taken away before it parses; what only the head says is
 * taken down. Internal to the HTML reader. */
#ifndef RETORT_PAGE_HTML_SCAN_H
#define RETORT_PAGE_HTML_SCAN_H

#include "base/base.h"

/* Attributes that are kept, as they stand in the source (entities not decoded). */
enum html_key {
    HTML_ID,
    HTML_CLASS,
    HTML_ITEMPROP,
    HTML_ITEMTYPE,
    HTML_DATETIME,
    HTML_TITLE,
    HTML_CONTENT,
    HTML_ROLE,
    HTML_NUMBER, /* data-comment-id and the like */
    HTML_PARENT, /* data-parent-id and the like */
    HTML_AUTHOR,
    HTML_TIME,
    HTML_DEPTH,
    HTML_N_KEPT,
    HTML_REL = HTML_N_KEPT, /* these only the scanner reads */
    HTML_HREF,
    HTML_NAME,
    HTML_TYPE,
    HTML_STYLE,
    HTML_WIDTH,
    HTML_SRC,
    HTML_HIDDEN,
    HTML_N_KEYS
};

struct html_attribute {
    enum html_key key;
    struct retort_span value;
};

/* A start tag with attributes; the clean text says x="index of this". */
struct html_tag {
    uint32_t first, n; /* of its attributes */
    uint8_t tag;       /* what it was called in the page (a GumboTag) */
    bool hidden;
};

struct html_segment {
    size_t clean, source; /* from here on they go in step, to the next segment */
};

struct html_range {
    size_t begin, end;
};

enum { HTML_METAS_MOST = 64, HTML_DATA_MOST = 32 };

struct html_meta {
    struct retort_span name, content;
};

struct html_scanned {
    struct retort_span source; /* UTF-8 */
    struct retort_buffer clean;
    struct html_segment *segments;
    struct html_tag *tags;
    struct html_attribute *attributes;
    struct html_range *links; /* of the clean text, ascending */
    size_t n_segments, n_tags, n_attributes, n_links;
    struct retort_span title, canonical;
    struct html_meta metas[HTML_METAS_MOST];
    struct retort_span data[HTML_DATA_MOST]; /* JSON-LD, and what Disqus embeds */
    size_t n_metas, n_data;
};

/* Free with html_scan_release. */
void html_scan(struct retort_span source, struct html_scanned *scanned);
void html_scan_release(struct html_scanned *scanned);
/* Where a byte of the clean text stands in the source; *hint makes ascending questions cheap. */
size_t html_scan_source(const struct html_scanned *scanned, size_t clean, size_t *hint);
/* The value, empty when the tag does not have it. */
struct retort_span html_attribute_of(const struct html_scanned *scanned, const struct html_tag *tag,
                                     enum html_key key);

#endif
