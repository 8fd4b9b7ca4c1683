/* Agreement: how far two people who judged the same items say the same. */
#include "estimate/estimate.h"
#include "review/words.h"

#include <stdlib.h>

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

/* Each person's last word on each item of a task. */
struct last_words {
    struct word *all;
    size_t n_words;
};

static struct last_words last_of(const struct words *words, uint32_t task)
{
    struct last_words last = {.all = retort_grow(NULL, words->n_words + 1, sizeof *last.all)};
    for (size_t i = 0; i < words->n_words; i++) {
        const struct word *word = &words->all[i], *next = i + 1 < words->n_words ? word + 1 : NULL;
        if (word->task == task &&
            (!next || next->item != word->item || next->reviewer != word->reviewer))
            last.all[last.n_words++] = *word;
    }
    return last;
}

static void measure(const struct last_words *words, size_t n_texts,
                    struct retort_agreement *agreement)
{
    struct retort_buffer first = {0}, second = {0};
    for (size_t begin = 0, end; begin < words->n_words; begin = end) {
        for (end = begin; end < words->n_words && words->all[end].item == words->all[begin].item;)
            end++;
        agreement->n_items += end - begin > 1;
        for (size_t i = begin; i < end; i++)
            for (size_t j = i + 1; j < end; j++) {
                const struct word *a = &words->all[i], *b = &words->all[j];
                retort_buffer_put(
                    &first, (struct retort_span){(const uint8_t *)&a->label, sizeof a->label});
                retort_buffer_put(
                    &second, (struct retort_span){(const uint8_t *)&b->label, sizeof b->label});
                agreement->n_pairs++;
            }
    }
    if (agreement->n_pairs) {
        const struct retort_kappa kappa =
            retort_cohens_kappa((const uint32_t *)(void *)first.data,
                                (const uint32_t *)(void *)second.data, agreement->n_pairs, n_texts);
        agreement->observed = kappa.observed;
        agreement->expected = kappa.expected;
        agreement->kappa = kappa.kappa;
    }
    retort_buffer_release(&first);
    retort_buffer_release(&second);
}

void words_agree(struct words *words, uint32_t task, struct retort_agreement *agreement)
{
    *agreement = (struct retort_agreement){0};
    if (words->n_words == 0 || task == NO_TEXT)
        return;
    qsort(words->all, words->n_words, sizeof *words->all, compare_words);
    struct last_words last = last_of(words, task);
    measure(&last, words->n_texts, agreement);
    free(last.all);
}

bool retort_review_agreement(struct retort_store *store, const char *task,
                             struct retort_agreement *agreement, struct retort_error *error)
{
    struct words words;
    bool read = words_read(&words, store, error);
    words_agree(&words, words_text(&words, retort_span_of(task)), agreement);
    words_release(&words);
    return read;
}
