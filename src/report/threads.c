/* threads: what changes with depth and place, and what hostility is answered by. */
#include "report/gather.h"

bool report_threads(struct report_work *work, struct report_section *section,
                    struct retort_error *error)
{
    (void)work, (void)section, (void)error;
    return true;
}
