/* The report as csv. */
#include "report/document.h"

void report_write_csv(const struct retort_report *report, struct retort_buffer *out)
{
    (void)report, (void)out;
}
