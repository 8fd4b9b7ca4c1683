/* comparison: two groups or periods, effect size first. */
#include "report/gather.h"

bool report_comparison(struct report_work *work, struct report_section *section,
                       struct retort_error *error)
{
    (void)work, (void)section, (void)error;
    return true;
}
