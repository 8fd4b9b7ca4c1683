/* Pages with truth, as the trainer of the splitter holds them. */
#ifndef RETORT_TRAIN_SPLIT_PAGES_H
#define RETORT_TRAIN_SPLIT_PAGES_H

#include "page/page.h"
#include "thread/thread.h"

struct split_page {
    struct retort_span id, source, variant;
    uint32_t group;
    const struct retort_observed *observed;
    struct retort_page page;
    uint8_t *states; /* of each line that is not blank */
    size_t n_comments;
    int32_t *parents; /* of each comment: −1 the article, index, −2 unknown; NULL: all unknown */
};

struct split_set {
    struct retort_arena arena;
    struct split_page *pages;
    size_t n_pages, n_skipped; /* skipped: truth outside the grammar */
};

enum { SPLIT_HELD_OUT = 17 };

bool split_set_read(struct split_set *set, const char *const *paths, size_t n_paths,
                    struct retort_error *error);
void split_set_release(struct split_set *set);

#endif
