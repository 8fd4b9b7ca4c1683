/* What the HTML reader knows of each tag. */
#ifndef RETORT_PAGE_HTML_TAGS_H
#define RETORT_PAGE_HTML_TAGS_H

#include <gumbo.h>
#include <stdint.h>

enum {
    HTML_BLOCK = 1,         /* a line ends before and after it */
    HTML_GAP = 2,           /* and a blank line stands between it and its neighbours */
    HTML_OWN = 4,           /* the parser sees it by its own name; others as span, or not at all */
    HTML_SPECIAL = 8,       /* an end tag of an inline element does not reach beyond it */
    HTML_SOFT = 16,         /* special, but <li> reaches beyond it */
    HTML_CLOSES_P = 32,     /* its start tag ends an open paragraph */
    HTML_BOUNDARY = 64,     /* no end tag reaches beyond it, but those of tables */
    HTML_VOID = 128,        /* has no content */
    HTML_RAW = 256,         /* content is no markup, and dropped */
    HTML_TREE = 512,        /* dropped with its content */
    HTML_TABLE_PART = 1024, /* stands in a table only */
    HTML_LIST = 2048        /* </li> does not reach beyond it */
};

extern const uint16_t HTML_TAGS[GUMBO_TAG_LAST + 1];

#endif
