/* The report as latex. */
#include "report/document.h"

void report_write_latex(const struct retort_report *report, struct retort_buffer *out)
{
    (void)report, (void)out;
}
