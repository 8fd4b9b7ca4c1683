/* What the cues of markup are read from: sums over the page's elements and lines. Internal to
 * markup. */
#ifndef RETORT_PAGE_MARKUP_VIEW_H
#define RETORT_PAGE_MARKUP_VIEW_H

#include "page/html_tags.h"
#include "page/markup.h"

enum { MARKUP_LONG = 80, MARKUP_SHORT = 40 }; /* bytes of a line */

struct markup_sums {
    float chars, link, lengthy; /* bytes of text, of links, of long text; subtree */
    float own_long;             /* of the lines whose parent it is */
    float lines, score;
};

struct markup_place {
    uint32_t block, parent; /* the block a line is, and what holds such blocks */
    uint64_t path;
    float length, link; /* bytes; share */
    bool lengthy;
};

struct markup_path {
    uint64_t key;
    float lines, chars, link, lengthy;
    uint32_t first, last; /* long lines */
};

struct markup_view {
    const struct html_tree *tree;
    const struct html_words *words;
    const struct html_known *known;
    const struct retort_page *page;
    size_t n;
    uint64_t *paths; /* of each element */
    struct markup_sums *sums;
    struct markup_place *places;
    struct markup_path *table; /* open addressing */
    size_t mask;
    float *long_above; /* [n + 1] prefix sums of long text */
    uint32_t best, main_parent;
    const struct markup_path *main_path;
    uint32_t headline, first_told, last_told;
    uint8_t *titled; /* of each line: 1 the headline's words, 2 part of the title */
};

/* The element itself or the block around it. */
uint32_t markup_block(const struct html_tree *tree, uint32_t element);
struct markup_path *markup_path(struct markup_view *view, uint64_t key);
float markup_link_share(const struct markup_sums *sums);

/* Cues of one line, appended. */
struct markup_vector {
    struct retort_cue *cues;
    size_t n, room;
};
void markup_put_line(struct markup_vector *vector, struct markup_view *view, size_t at);

#endif
