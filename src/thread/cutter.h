/* The cutter's parts. Internal to the room. */
#ifndef RETORT_THREAD_CUTTER_H
#define RETORT_THREAD_CUTTER_H

#include "thread/thread.h"

const struct retort_splitter *cutter_splitter(const struct retort_cutter *cutter);

#endif
