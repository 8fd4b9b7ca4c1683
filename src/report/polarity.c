/* polarity: how far apart people stand, over corrected shares. */
#include "report/gather.h"

bool report_polarity(struct report_work *work, struct report_section *section,
                     struct retort_error *error)
{
    (void)work, (void)section, (void)error;
    return true;
}
