/* The model of lines at work. Internal to the room. */
#ifndef RETORT_PAGE_SPLITTER_H
#define RETORT_PAGE_SPLITTER_H

#include "page/cues.h"

/* Gives every line its state and role. `allowed` has a bit for each state that a line may have;
 * NULL: any. */
void splitter_decide(const struct retort_splitter *splitter, const struct retort_observed *observed,
                     const uint8_t *allowed, struct retort_arena *arena, struct retort_page *page);

#endif
