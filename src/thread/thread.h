/* thread: the comments of a page, each with its bounds, its writer and whom it answers.
 *
 * (Written ahead by the lead so that the rooms downstream can be built: the splitter's owner
 * completes it; the fields of struct retort_comment stay.) */
#ifndef RETORT_THREAD_H
#define RETORT_THREAD_H

#include "base/base.h"
#include "page/page.h"

/* One reader comment. Spans borrow from the page's text (or from the JSON line it came from). */
struct retort_comment {
    struct retort_span text;        /* without author and date lines */
    struct retort_span author;      /* empty where the page names none */
    struct retort_span time;        /* as written; empty where the page has none */
    size_t first_line, last_line;   /* 1-based, inclusive, of the page as it was read */
    size_t begin, end;              /* bytes of the input, end exclusive */
    ptrdiff_t parent;               /* index of the comment it answers, below its own; -1: the article */
};

#endif
