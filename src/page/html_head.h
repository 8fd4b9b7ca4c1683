/* What the page says of itself: title, date, address, and comments told as data only. */
#ifndef RETORT_PAGE_HTML_HEAD_H
#define RETORT_PAGE_HTML_HEAD_H

#include "page/html_known.h"

struct html_data_comment {
    struct retort_span text, author, time, id;
    size_t begin, end; /* in the source: where the text stands, or the data around it */
    ptrdiff_t parent;
    double answers; /* the number of the one it answers, where a number tells it; else NAN */
};

struct html_head {
    struct retort_span title, headline, date, url;
    struct html_data_comment *comments;
    size_t n_comments, room;
};

void html_head_read(const struct html_tree *tree, const struct retort_page *page,
                    const struct html_known *known, struct retort_arena *arena,
                    struct html_head *head);

#endif
