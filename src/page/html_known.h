/* The comments that the markup tells: by the ids and classes of platforms, by microdata, by
 * elements that repeat. Internal to the HTML reader. */
#ifndef RETORT_PAGE_HTML_KNOWN_H
#define RETORT_PAGE_HTML_KNOWN_H

#include "page/html_tree.h"
#include "page/html_words.h"

struct html_comment {
    uint32_t element, end; /* elements [element, end) are its own or of what answers it */
    uint64_t key;          /* a hash of its number on the site, 0 for none */
    int depth;             /* as the page says it; only differences count */
    ptrdiff_t parent;      /* index below its own, −1 none */
    bool has_body;         /* an element of the platform's is its text, others are not */
    bool opening;          /* the first post of a forum's thread: the article */
    struct retort_span author, time, id;
    const struct html_platform *platform;
};

struct html_known {
    struct html_comment *comments;
    size_t n, room;
    bool threaded;   /* the page tells who answers whom */
    uint32_t *owner; /* of each element: index of the innermost comment, HTML_NONE for none */
    uint8_t *states; /* of each line: its state, or one of the values below */
};

enum {
    HTML_STATE_ANY = 100, /* the page has no known comments: all is open */
    HTML_STATE_OUTSIDE    /* the page has, and this line is in none of them */
};

/* `words` are those of each element. All memory is the arena's. */
void html_known_find(const struct html_tree *tree, const struct html_words *words,
                     const struct retort_page *page, struct retort_arena *arena,
                     struct html_known *known);

#endif
