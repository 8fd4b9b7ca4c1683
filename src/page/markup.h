/* What the markup says of each line of an HTML page, as cues. Internal to the room. */
#ifndef RETORT_PAGE_MARKUP_H
#define RETORT_PAGE_MARKUP_H

#include "page/html_head.h"

enum { MARKUP_CUES_MOST = 220 };

/* The cues of all lines, line by line; in the page's arena. */
struct markup_page {
    size_t n_lines;
    const uint32_t *first; /* [n_lines + 1] into cues */
    const struct retort_cue *cues;
};

struct markup_source {
    const struct html_tree *tree;
    const struct html_words *words; /* of each element */
    const struct html_known *known;
    const struct html_head *head;
    const struct retort_page *page;
    size_t n_shown; /* lines of the page that stand in the tree */
};

const struct markup_page *markup_describe(const struct markup_source *source,
                                          struct retort_arena *arena);

/* Ids begin behind those of text. */
size_t markup_line_cues(const struct markup_page *page, size_t at, struct retort_cue *cues);
size_t markup_n_cues(void);
void markup_cue_name(size_t id, char name[64]);

#endif
