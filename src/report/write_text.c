/* The report as text. */
#include "report/document.h"

void report_write_text(const struct retort_report *report, const struct retort_report_look *look,
                       struct retort_buffer *out)
{
    (void)report, (void)look, (void)out;
}
