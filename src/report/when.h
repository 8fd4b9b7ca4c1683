/* when (private to report): times as comments tell them, and the periods they fall in. All UTC; a
 * time without a zone is taken for UTC. */
#ifndef RETORT_REPORT_WHEN_H
#define RETORT_REPORT_WHEN_H

#include "base/base.h"

struct report_date {
    int64_t year, month, day;
};
struct report_date report_date_of(int32_t day); /* day: since 1970-01-01 */

int32_t report_day(int64_t seconds);

enum report_period { REPORT_DAY, REPORT_WEEK, REPORT_MONTH };
int32_t report_period_begin(enum report_period period, int32_t day); /* its first day */
/* 2026-11-26, 2026-W48, 2026-11. */
void report_put_period(struct retort_buffer *out, enum report_period period, int32_t first);

#endif
