/* The report as html. */
#include "report/document.h"

void report_write_html(const struct retort_report *report, struct retort_buffer *out)
{
    (void)report, (void)out;
}
