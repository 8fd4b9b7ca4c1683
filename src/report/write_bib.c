/* The report as bib. */
#include "report/document.h"

void report_write_bib(const struct retort_report *report, struct retort_buffer *out)
{
    (void)report, (void)out;
}
