/* prevalence: shares of each label by group, raw and corrected. */
#include "report/gather.h"

bool report_prevalence(struct report_work *work, struct report_section *section,
                       struct retort_error *error)
{
    (void)work, (void)section, (void)error;
    return true;
}
