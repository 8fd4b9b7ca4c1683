/* What the markup says of each line of an HTML page, as cues. Internal to the room. */
#ifndef RETORT_PAGE_MARKUP_H
#define RETORT_PAGE_MARKUP_H

#include "page/html_head.h"

/* The cues of all lines, line by line; in the page's arena. */
struct markup_page {
    size_t n_lines;
    const uint32_t *first; /* [n_lines + 1] into cues */
    const struct retort_cue *cues;
};

const struct markup_page *
markup_describe(const struct html_tree *tree, const struct html_words *words,
                const struct html_known *known, const struct html_head *head,
                const struct retort_page *page, struct retort_arena *arena);

size_t markup_n_cues(void);
void markup_cue_name(size_t id, char name[64]);

#endif
