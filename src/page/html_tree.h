/* The elements of an HTML page and its text, as arrays. Internal to the HTML reader. */
#ifndef RETORT_PAGE_HTML_TREE_H
#define RETORT_PAGE_HTML_TREE_H

#include "page/html_scan.h"
#include "page/page.h"

#define HTML_NONE UINT32_MAX

/* In the order of the document, so a subtree is [element, end). Element 0 is the root. */
struct html_element {
    uint32_t parent, end;
    uint32_t first_piece, end_piece;
    const struct html_tag *attributes; /* NULL for none */
    uint16_t depth;
    uint8_t tag; /* as the page called it (a GumboTag) */
    bool hidden; /* it, or an element around it */
    bool apart;  /* a block, or moved by the parser: a line ends before and after it */
};

/* A piece of text within one line. */
struct html_piece {
    struct retort_span text, clean; /* as the parser gives it, and where that stands */
    size_t begin, end;              /* in the source, without white space around */
    uint32_t element, line;         /* line: HTML_NONE when it is blank */
    uint32_t link;                  /* bytes of it that are links */
    uint8_t breaks;                 /* 0, 1 a line ends before it, 2 and a blank line follows */
    bool hidden;
    struct retort_span shown; /* in the page's text */
};

struct html_line {
    uint32_t first_piece, end_piece;
    uint32_t element; /* the innermost around all of it */
    uint32_t link;    /* bytes that are links */
};

struct html_tree {
    struct html_scanned scanned;
    struct html_element *elements;
    struct html_piece *pieces;
    struct html_line *lines; /* beside the page's */
    size_t n_elements, n_pieces;
    size_t element_room, piece_room;
    uint8_t *more; /* behind the page's text: room for as many bytes as data scripts have */
};

/* Parses the source and lays its lines into the page, whose text goes into the arena; offsets are
 * those of the source. Free with html_tree_release. */
void html_tree_read(struct retort_span source, struct retort_arena *arena, struct html_tree *tree,
                    struct retort_page *page);
void html_tree_release(struct html_tree *tree);
struct retort_span html_element_attribute(const struct html_tree *tree, uint32_t element,
                                          enum html_key key);
/* The element's text in the page, within the line it begins in. */
struct retort_span html_element_text(const struct html_tree *tree, const struct retort_page *page,
                                     uint32_t element);
/* Text with its entities read, and white space collapsed. */
struct retort_span html_plain(struct retort_span raw, struct retort_arena *arena);

#endif
