/* Cues as terms, or over a dictionary: then a group is made once for all recipes that ask for it,
 * and each dictionary looks its names up once. */
#include "features/bag.h"
#include "features/counter.h"
#include "features/key.h"

#include <assert.h>

static uint32_t cue_slot(struct retort_extractor *extractor, const char *family, const char *name)
{
    struct cue_name *cues = extractor->cues;
    uint64_t hash = ((uintptr_t)name ^ (uintptr_t)family << 7) * KEY_FIELD;
    uint32_t slot = (uint32_t)(hash >> 32) % CUE_SLOTS;
    while (cues[slot].name && (cues[slot].name != name || cues[slot].family != family))
        slot = (slot + 1) % CUE_SLOTS;
    if (!cues[slot].name) {
        extractor->n_cues++;
        assert(extractor->n_cues < CUE_SLOTS / 2); /* cues are a closed list */
        struct retort_buffer both = {0};
        retort_buffer_text(&both, family);
        retort_buffer_text(&both, name);
        cues[slot] = (struct cue_name){
            family, name, retort_term_key(RETORT_FIELD_CUE, retort_buffer_span(&both))};
        retort_buffer_release(&both);
    }
    return slot;
}

void retort_bag_cue(struct retort_bag *bag, const char *family, const char *name, double value)
{
    if (!bag->counting) {
        retort_bag_add_dense(bag, RETORT_FIELD_CUE, (const char *const[2]){family, name}, value);
        return;
    }
    if (value == 0)
        return;
    if (bag->n_cues == bag->cue_capacity) {
        bag->cue_capacity = 2 * bag->cue_capacity + 256;
        bag->cues = retort_grow(bag->cues, bag->cue_capacity, sizeof *bag->cues);
    }
    bag->cues[bag->n_cues++] =
        (struct retort_entry){cue_slot(bag->extractor, family, name), (float)value};
}

static void (*const GROUPS[RETORT_N_CUE_GROUPS])(const struct reading *) = {
    [RETORT_CUES_TARGET] = retort_cues_target,   [RETORT_CUES_OWN] = retort_cues_own,
    [RETORT_CUES_MANNER] = retort_cues_manner,   [RETORT_CUES_REPLY] = retort_cues_reply,
    [RETORT_CUES_PHRASES] = retort_cues_phrases, [RETORT_CUES_QUESTIONS] = retort_cues_questions,
    [RETORT_CUES_LENGTH] = retort_cues_length,
};

/* The group's cues as terms, or over the dictionary; then they are made once for all recipes. */
void retort_bag_add_group(const struct reading *reading, enum retort_cue_group group)
{
    struct retort_bag *bag = reading->bag;
    struct retort_cue_range *range = &bag->groups[group];
    for (size_t i = 0; i < N_LISTS; i++)
        retort_tally(&bag->extractor->lists[i]);
    if (!bag->counting) {
        GROUPS[group](reading);
        return;
    }
    if (!range->made) {
        *range = (struct retort_cue_range){true, bag->n_cues, 0};
        GROUPS[group](reading);
        range->n = bag->n_cues - range->first;
    }
    for (size_t i = range->first; i < range->first + range->n; i++)
        retort_counter_add_cue(bag->counting, bag->cues[i].feature,
                               bag->extractor->cues[bag->cues[i].feature].key, bag->cues[i].value);
}
