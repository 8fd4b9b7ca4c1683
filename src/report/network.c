/* network: who answers whom, and who disagrees with whom. */
#include "report/gather.h"

bool report_network(struct report_work *work, struct report_section *section,
                    struct retort_error *error)
{
    (void)work, (void)section, (void)error;
    return true;
}
