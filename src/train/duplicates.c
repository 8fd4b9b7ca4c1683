/* The same text in several folds: what is learned from one is no news of the other, and figures out
 * of fold are better than they should be. Groups should hold duplicates together. */
#include "train/parts.h"

#include <stdlib.h>

struct seen {
    uint64_t text;
    uint8_t fold;
};

static int by_text(const void *a, const void *b)
{
    const struct seen *x = a, *y = b;
    if (x->text != y->text)
        return x->text < y->text ? -1 : 1;
    return (x->fold > y->fold) - (x->fold < y->fold);
}

size_t retort_duplicates_count(const struct retort_dataset *dataset, const uint8_t *fold)
{
    size_t n = 0, n_duplicates = 0;
    struct seen *seen = retort_grow(NULL, dataset->n_examples, sizeof *seen);
    for (size_t i = 0; i < dataset->n_examples; i++) {
        struct retort_span text = retort_span_trim(dataset->examples[i].item.text);
        if (text.len > 0)
            seen[n++] = (struct seen){retort_hash(text, 0), fold[i]};
    }
    if (n > 0)
        qsort(seen, n, sizeof *seen, by_text);
    for (size_t begin = 0, end; begin < n; begin = end) {
        for (end = begin; end < n && seen[end].text == seen[begin].text; end++)
            ;
        n_duplicates += seen[begin].fold != seen[end - 1].fold ? end - begin : 0;
    }
    free(seen);
    return n_duplicates;
}
