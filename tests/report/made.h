/* A report made by hand: every kind of cell, every plot, hostile names; what the writers are held
 * to. */
#ifndef TESTS_REPORT_MADE_H
#define TESTS_REPORT_MADE_H

#include "report/document.h"

/* To be freed with retort_report_free. */
struct retort_report *made_report(void);
/* A section with nothing in it yet, the report's last; at most eight. */
struct report_section *made_section(struct retort_report *report, const char *id,
                                    const char *title);
struct retort_report *made_empty(void);

#endif
