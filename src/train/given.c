/* Lines that were given beside those of files: what people decided, and what others published.
 *
 * A published line whose text was decided, too, is in the fold of the decision, for else a
 * candidate would be measured on what it has seen. And where decisions are enough they alone tell
 * how common a label is and how right the candidate is: what was published has shares of its own.
 */
#include "train/given.h"

#include <stdlib.h>

/* ---- one text, one fold ---- */

struct text {
    uint64_t hash;
    size_t example;
};

static int by_hash(const void *a, const void *b)
{
    const struct text *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->example > y->example) - (x->example < y->example);
}

/* The first given example with this text; SIZE_MAX: none. */
static size_t find_text(const struct retort_dataset *dataset, const struct text *texts, size_t n,
                        struct retort_span text)
{
    uint64_t hash = retort_hash(text, 0);
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (texts[middle].hash < hash)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < n && texts[low].hash == hash; low++)
        if (retort_span_equal(dataset->examples[texts[low].example].item.text, text))
            return texts[low].example;
    return SIZE_MAX;
}

void retort_given_join(struct retort_dataset *dataset)
{
    size_t n = 0;
    struct text *texts = retort_grow(NULL, dataset->n_examples, sizeof *texts);
    for (size_t i = 0; i < dataset->n_examples; i++)
        if (dataset->examples[i].is_given)
            texts[n++] = (struct text){retort_hash(dataset->examples[i].item.text, 0), i};
    if (n)
        qsort(texts, n, sizeof *texts, by_hash);
    for (size_t i = 0; i < dataset->n_examples; i++) {
        struct retort_example *example = &dataset->examples[i];
        size_t same =
            example->is_given ? SIZE_MAX : find_text(dataset, texts, n, example->item.text);
        if (same != SIZE_MAX)
            example->group = dataset->examples[same].group;
    }
    free(texts);
}

/* ---- what counts alone ---- */

static size_t count_yes(const struct retort_dataset *dataset, size_t label)
{
    size_t n = 0;
    for (size_t i = 0; i < dataset->n_examples; i++) {
        const struct retort_example *example = &dataset->examples[i];
        n += example->is_given && example->counts > 0 && example->truth[label] == RETORT_YES;
    }
    return n;
}

void retort_given_alone(struct retort_dataset *dataset, size_t from)
{
    bool all = true;
    dataset->alone = RETORT_NEW(&dataset->arena, bool, dataset->n_labels);
    for (size_t l = 0; l < dataset->n_labels; l++) {
        dataset->alone[l] = count_yes(dataset, l) >= from;
        all &= dataset->alone[l];
    }
    for (size_t l = 0; dataset->choice == RETORT_ONE_OF && l < dataset->n_labels; l++)
        dataset->alone[l] = all;
}
