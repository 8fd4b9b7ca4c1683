/* The names of a link's cues: those of the list, then facts and habits by the place they speak of.
 */
#include "thread/link_cues.h"

#include <stdio.h>

static const char *const CUE_NAMES[] = {
#define CUE(id, name) name,
    LINK_CUES(CUE)
#undef CUE
};
static const char *const FACT_NAMES[] = {
#define FACT(id, name) name,
    RETORT_VOICE_FACTS(FACT)
#undef FACT
};
static const char *const HABIT_NAMES[] = {
#define HABIT(id, name) name,
    HABITS(HABIT)
#undef HABIT
};

size_t retort_thread_n_cues(void)
{
    return N_LINK_CUES;
}

void retort_thread_cue_name(size_t id, char name[128])
{
    static const struct {
        size_t begin;
        const char *what, *const *names;
    } BLOCKS[] = {{BLOCK_OFF_HABITS, "off the way: ", HABIT_NAMES},
                  {BLOCK_PATH_HABITS, "up the way: ", HABIT_NAMES},
                  {BLOCK_PREVIOUS_HABITS, "the previous comment: ", HABIT_NAMES},
                  {BLOCK_ARTICLE_HABITS, "the article: ", HABIT_NAMES},
                  {BLOCK_ITS_FACTS, "itself: ", FACT_NAMES},
                  {BLOCK_PREVIOUS_FACTS, "the previous comment: ", FACT_NAMES},
                  {BLOCK_ARTICLE_FACTS, "the article: ", FACT_NAMES},
                  {0, "", CUE_NAMES}};
    size_t block = 0;
    while (id < BLOCKS[block].begin)
        block++;
    snprintf(name, 128, "%s%s", BLOCKS[block].what, BLOCKS[block].names[id - BLOCKS[block].begin]);
}

uint64_t retort_thread_cues_hash(void)
{
    uint64_t hash = 0;
    char name[128];
    for (size_t id = 0; id < N_LINK_CUES; id++) {
        retort_thread_cue_name(id, name);
        hash = retort_hash(retort_span_of(name), hash);
    }
    return hash;
}
