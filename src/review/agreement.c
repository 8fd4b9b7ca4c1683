/* Agreement: how far two people who judged the same items say the same. */
#include "review/review.h"

#include <stdlib.h>
#include <string.h>

/* One person's word on one item. Texts are compared by hash. */
struct word {
    int64_t comment, decision;
    uint64_t item, reviewer, label; /* item: of comment, task and target */
};

struct words {
    const char *task;
    struct word *all;
    size_t n_words, capacity;
};

static uint64_t item_of(const struct retort_stored_decision *decision)
{
    uint64_t parts[2] = {(uint64_t)decision->comment, retort_hash(decision->target, 1)};
    return retort_hash((struct retort_span){(const uint8_t *)parts, sizeof parts}, 0);
}

static bool collect(void *context, const struct retort_stored_decision *decision,
                    struct retort_error *error)
{
    struct words *words = context;
    (void)error;
    if (decision->undone || !decision->label.data ||
        !retort_span_equal(decision->task, retort_span_of(words->task)))
        return true;
    if (words->n_words == words->capacity) {
        words->capacity = words->capacity ? 2 * words->capacity : 256;
        words->all = retort_grow(words->all, words->capacity, sizeof *words->all);
    }
    words->all[words->n_words++] =
        (struct word){decision->comment, decision->id, item_of(decision),
                      retort_hash(decision->reviewer, 0), retort_hash(decision->label, 0)};
    return true;
}

/* By item, then person, then time. */
static int compare_words(const void *left, const void *right)
{
    const struct word *a = left, *b = right;
    if (a->item != b->item)
        return a->item < b->item ? -1 : 1;
    if (a->reviewer != b->reviewer)
        return a->reviewer < b->reviewer ? -1 : 1;
    return a->decision < b->decision ? -1 : a->decision > b->decision;
}

/* Only each person's last word on an item stays. */
static void keep_last(struct words *words)
{
    size_t n = 0;
    for (size_t i = 0; i < words->n_words; i++) {
        const struct word *next = i + 1 < words->n_words ? &words->all[i + 1] : NULL;
        bool last =
            !next || next->item != words->all[i].item || next->reviewer != words->all[i].reviewer;
        if (last)
            words->all[n++] = words->all[i];
    }
    words->n_words = n;
}

static int compare_labels(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;
    return *a < *b ? -1 : *a > *b;
}

/* Σ over labels of share(first) · share(second): the agreement of two who guess. */
static double expected_agreement(uint64_t *first, uint64_t *second, size_t n)
{
    double sum = 0;
    qsort(first, n, sizeof *first, compare_labels);
    qsort(second, n, sizeof *second, compare_labels);
    for (size_t i = 0, j = 0; i < n;) {
        size_t begin = i, other = 0;
        while (i < n && first[i] == first[begin])
            i++;
        while (j < n && second[j] < first[begin])
            j++;
        for (; j < n && second[j] == first[begin]; j++)
            other++;
        sum += (double)(i - begin) * (double)other;
    }
    return sum / ((double)n * (double)n);
}

static void measure(const struct words *words, struct retort_agreement *agreement)
{
    struct retort_buffer first = {0}, second = {0};
    size_t n_same = 0;
    for (size_t begin = 0, end; begin < words->n_words; begin = end) {
        for (end = begin; end < words->n_words && words->all[end].item == words->all[begin].item;)
            end++;
        agreement->n_items += end - begin > 1;
        for (size_t i = begin; i < end; i++)
            for (size_t j = i + 1; j < end; j++) {
                const struct word *a = &words->all[i], *b = &words->all[j];
                retort_buffer_put(&first, (struct retort_span){(const uint8_t *)&a->label, 8});
                retort_buffer_put(&second, (struct retort_span){(const uint8_t *)&b->label, 8});
                n_same += a->label == b->label;
                agreement->n_pairs++;
            }
    }
    if (agreement->n_pairs) {
        agreement->observed = (double)n_same / (double)agreement->n_pairs;
        agreement->expected = expected_agreement(
            (uint64_t *)(void *)first.data, (uint64_t *)(void *)second.data, agreement->n_pairs);
        agreement->kappa = agreement->expected < 1 ? (agreement->observed - agreement->expected) /
                                                         (1 - agreement->expected)
                                                   : 1;
    }
    retort_buffer_release(&first);
    retort_buffer_release(&second);
}

bool retort_review_agreement(struct retort_store *store, const char *task,
                             struct retort_agreement *agreement, struct retort_error *error)
{
    struct words words = {.task = task};
    *agreement = (struct retort_agreement){0};
    bool read = retort_store_each_decision(store, 0, collect, &words, error);
    if (read && words.n_words) {
        qsort(words.all, words.n_words, sizeof *words.all, compare_words);
        keep_last(&words);
        measure(&words, agreement);
    }
    free(words.all);
    return read;
}
