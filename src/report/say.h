/* say (private to report): figures within sentences, as they stand in tables: with the minus of
 * mathematics, with commas in large numbers, and an interval in brackets that says of how much. */
#ifndef RETORT_REPORT_SAY_H
#define RETORT_REPORT_SAY_H

#include "report/gather.h"

enum { REPORT_SAID = 96 };

/* "34.2 % (95 % CI 31.0 to 37.5)", "+2.1 points (95 % CI +0.4 to +3.8)", "−0.24 (95 % CI …)"; no
 * bracket where there is no interval. */
const char *report_say_share(struct retort_estimate share, char said[REPORT_SAID]);
const char *report_say_points(struct retort_estimate difference, char said[REPORT_SAID]);
const char *report_say_number(struct retort_estimate number, char said[REPORT_SAID]);
/* "1,234" */
const char *report_say_count(uint64_t n, char said[REPORT_SAID]);
/* "< 0.001", "= 0.014" */
const char *report_say_p(double p, char said[REPORT_SAID]);

/* A group by name and by what it is, "depth 4", "author ann"; periods speak for themselves. In the
 * report's arena. */
struct retort_span report_say_group(const struct report_work *work, struct retort_span group);

#endif
