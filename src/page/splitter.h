/* The model of lines at work. Internal to the room. */
#ifndef RETORT_PAGE_SPLITTER_H
#define RETORT_PAGE_SPLITTER_H

#include "page/cues.h"

/* Gives every line its state and role. */
void splitter_decide(const struct retort_splitter *splitter, const struct retort_observed *observed,
                     struct retort_arena *scratch, struct retort_page *page);

#endif
