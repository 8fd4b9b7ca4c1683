/* Pages with truth, as the trainer of the splitter holds them. */
#ifndef RETORT_TRAIN_SPLIT_PAGES_H
#define RETORT_TRAIN_SPLIT_PAGES_H

#include "page/page.h"
#include "thread/thread.h"
#include "train/split_truth.h"

/* A page that can be learned from. */
struct split_page {
    size_t row; /* of the set: its truth */
    struct retort_span source;
    const struct retort_observed *observed;
    struct retort_page page;
    bool html;
    uint8_t *states; /* of each line that is not blank */
    size_t n_comments;
    const int32_t
        *parents; /* of each comment: −1 the article, index, −2 unknown; NULL: none known */
};

struct split_set {
    struct retort_arena arena;
    struct split_data *data; /* [n_data] the files */
    size_t n_data;
    struct split_truth *rows; /* all, in their order */
    size_t n_rows;
    struct split_page *pages; /* those whose roles the grammar can produce */
    size_t n_pages;
};

bool split_set_read(struct split_set *set, const char *const *paths, size_t n_paths,
                    struct retort_error *error);
void split_set_release(struct split_set *set);

#endif
