/* Word counts: a table of words by their keys, which forgets the rarest when it is full.
 *
 * Each time the bar rises by one until half the words are below it and dropped, as in lossy
 * counting (Manku and Motwani 2002): a word that comes again begins anew, and has lost no more than
 * the bars that were passed. */
#include "report/word_counts.h"

#include <assert.h>
#include <stdlib.h>

enum { LEAST_WORDS = 1024, MOST_WORDS = 1 << 18 };

static uint32_t *row_of(const struct word_counts *counts, size_t word)
{
    return counts->counts + word * counts->n_columns;
}

/* The word's slot, or the free one where it would be. */
static size_t slot_of(const struct word_counts *counts, uint64_t key)
{
    size_t at = key & (counts->n_slots - 1);
    while (counts->slots[at] && counts->words[counts->slots[at] - 1].key != key)
        at = (at + 1) & (counts->n_slots - 1);
    return at;
}

void word_counts_begin(struct word_counts *counts, size_t n_columns, size_t n_bytes)
{
    size_t each = sizeof(struct counted_word) + n_columns * sizeof(uint32_t);
    size_t capacity = n_bytes / each;
    capacity = capacity < LEAST_WORDS ? LEAST_WORDS : capacity > MOST_WORDS ? MOST_WORDS : capacity;
    *counts = (struct word_counts){.n_columns = n_columns, .capacity = capacity, .n_slots = 1};
    while (counts->n_slots < 2 * capacity)
        counts->n_slots *= 2;
    counts->words = retort_grow(NULL, capacity, sizeof *counts->words);
    counts->counts = retort_grow(NULL, capacity * n_columns + 1, sizeof *counts->counts);
    counts->totals = retort_grow(NULL, n_columns + 1, sizeof *counts->totals);
    counts->slots = retort_grow(NULL, counts->n_slots, sizeof *counts->slots);
    memset(counts->totals, 0, n_columns * sizeof *counts->totals);
    memset(counts->slots, 0, counts->n_slots * sizeof *counts->slots);
}

void word_counts_end(struct word_counts *counts)
{
    free(counts->words);
    free(counts->counts);
    free(counts->totals);
    free(counts->slots);
    retort_buffer_release(&counts->names);
    *counts = (struct word_counts){0};
}

/* ---- the bar ---- */

/* The lowest bar that drops half the words at least. */
static uint32_t bar_of(const struct word_counts *counts)
{
    uint32_t bar = 0;
    size_t n_below = 0;
    while (n_below < counts->n / 2) {
        bar++;
        n_below = 0;
        for (size_t i = 0; i < counts->n; i++)
            n_below += counts->words[i].total <= bar;
    }
    return bar;
}

static void drop(struct word_counts *counts)
{
    uint32_t bar = bar_of(counts);
    struct retort_buffer names = {0};
    size_t n = 0;
    memset(counts->slots, 0, counts->n_slots * sizeof *counts->slots);
    for (size_t i = 0; i < counts->n; i++) {
        struct counted_word word = counts->words[i];
        if (word.total <= bar)
            continue;
        struct retort_span name = word_counts_name(counts, i);
        word.name = (uint32_t)names.len;
        retort_buffer_put(&names, name);
        counts->words[n] = word;
        memmove(row_of(counts, n), row_of(counts, i), counts->n_columns * sizeof *counts->counts);
        counts->slots[slot_of(counts, word.key)] = (uint32_t)++n;
    }
    retort_buffer_release(&counts->names);
    counts->names = names;
    counts->n = n;
    counts->lost += bar;
}

/* ---- words ---- */

static struct counted_word *word_of(struct word_counts *counts, uint64_t key,
                                    struct retort_span name)
{
    size_t slot = slot_of(counts, key);
    if (counts->slots[slot])
        return &counts->words[counts->slots[slot] - 1];
    if (counts->n == counts->capacity) {
        drop(counts);
        slot = slot_of(counts, key);
    }
    struct counted_word *word = &counts->words[counts->n];
    *word = (struct counted_word){
        .key = key, .name = (uint32_t)counts->names.len, .length = (uint32_t)name.len};
    retort_buffer_put(&counts->names, name);
    memset(row_of(counts, counts->n), 0, counts->n_columns * sizeof *counts->counts);
    counts->slots[slot] = (uint32_t)++counts->n;
    return word;
}

/* No punctuation, and none of the classes that stand for links, names and numbers. */
static bool is_word(struct retort_span name)
{
    size_t at = 0;
    return name.len > 0 && (name.data[0] >= 0x80 || retort_is_letter(retort_utf8_next(name, &at)));
}

void word_counts_add(struct word_counts *counts, const struct retort_bag *bag, uint32_t comment,
                     const uint32_t *columns, size_t n_columns)
{
    for (size_t i = 0; i < bag->n_terms; i++) {
        const struct retort_term *term = &bag->terms[i];
        struct retort_span name = retort_term_name(bag, term);
        if (term->field != RETORT_FIELD_WORD || !is_word(name))
            continue;
        struct counted_word *word = word_of(counts, term->key, name);
        if (word->last == comment + 1)
            continue;
        word->last = comment + 1;
        word->total++;
        uint32_t *row = row_of(counts, (size_t)(word - counts->words));
        for (size_t c = 0; c < n_columns; c++) {
            row[columns[c]]++;
            counts->totals[columns[c]]++;
        }
    }
}
