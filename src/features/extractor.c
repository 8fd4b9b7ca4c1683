/* What a thread keeps from text to text: made once, for it holds tables of thousands of words. */
#include "features/counter.h"

#include <stdlib.h>

struct retort_extractor *retort_extractor_new(void)
{
    struct retort_extractor *extractor = retort_grow(NULL, 1, sizeof *extractor);
    memset(extractor, 0, sizeof *extractor);
    retort_token_classes(extractor->classes);
    retort_word_table_init(&extractor->words);
    retort_phrase_table_init(&extractor->phrases);
    return extractor;
}

void retort_extractor_free(struct retort_extractor *extractor)
{
    if (!extractor)
        return;
    retort_scanner_release(&extractor->scanner);
    retort_lexicon_release(&extractor->lexicon);
    for (size_t i = 0; i < N_LISTS; i++) {
        free(extractor->lists[i].items);
        retort_buffer_release(&extractor->texts[i]);
    }
    for (size_t i = 0; i < MOST_COUNTERS; i++)
        retort_counter_free(extractor->counters[i]);
    free(extractor->met.met);
    free(extractor->pairs.keys);
    free(extractor->others.keys);
    retort_buffer_release(&extractor->scratch);
    retort_buffer_release(&extractor->strange);
    free(extractor);
}

void retort_round_begin(struct round *round, size_t n)
{
    size_t n_slots = 16;
    while (n_slots < 2 * n)
        n_slots *= 2;
    if (n_slots > round->capacity || round->round == UINT32_MAX) {
        free(round->met);
        *round = (struct round){calloc(n_slots, sizeof *round->met), n_slots, 0, 0};
        if (!round->met)
            retort_out_of_memory();
    }
    round->mask = n_slots - 1;
    round->round++;
}

static size_t slot_in(const struct round *round, uint64_t hash)
{
    size_t slot = (size_t)(hash ^ hash >> 32) & round->mask;
    while (round->met[slot].round == round->round && round->met[slot].hash != hash)
        slot = (slot + 1) & round->mask;
    return slot;
}

bool retort_round_has(const struct round *round, uint64_t hash, uint32_t *first)
{
    const struct met *met = &round->met[slot_in(round, hash)];
    *first = met->first;
    return met->round == round->round;
}

bool retort_round_meets(struct round *round, uint64_t hash, uint32_t place)
{
    struct met *met = &round->met[slot_in(round, hash)];
    if (met->round == round->round)
        return true;
    *met = (struct met){hash, round->round, place};
    return false;
}
