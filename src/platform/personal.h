/* personal (private to platform): which names hold a mail or IP address. */
#ifndef RETORT_PLATFORM_PERSONAL_H
#define RETORT_PLATFORM_PERSONAL_H

#include "base/base.h"

/* Does the name of a member, element or attribute say so? The rule stands in platform.h. */
bool personal_name(struct retort_span name);
/* Is the text serialized data, JSON or PHP, that quotes such a name? */
bool personal_data(struct retort_span text);

#endif
