/* transparency: what models and people decided, how well and how fast. */
#include "report/gather.h"

bool report_transparency(struct report_work *work, struct report_section *section,
                         struct retort_error *error)
{
    (void)work, (void)section, (void)error;
    return true;
}
