/* The report as json. */
#include "report/document.h"

void report_write_json(const struct retort_report *report, struct retort_buffer *out)
{
    (void)report, (void)out;
}
