/* Periods that times fall in, by their first days. */
#include "report/when.h"

enum { DAY = 86400 };

struct report_date report_date_of(int32_t day)
{
    int64_t shifted = (int64_t)day + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int64_t in_era = shifted - era * 146097;
    int64_t years = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
    int64_t in_year = in_era - (365 * years + years / 4 - years / 100);
    int64_t month = (5 * in_year + 2) / 153;
    int64_t of_month = in_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    return (struct report_date){years + era * 400 + (month <= 2), month, of_month};
}

int32_t report_day(int64_t seconds)
{
    return (int32_t)((seconds >= 0 ? seconds : seconds - (DAY - 1)) / DAY);
}

/* ---- names ---- */

/* A week is named by the year that its Thursday lies in (ISO 8601). */
static void put_week(struct retort_buffer *out, int32_t monday)
{
    struct report_date thursday = report_date_of(monday + 3);
    int64_t first = retort_days_of(thursday.year, 1, 1);
    retort_buffer_format(out, "%04lld-W%02lld", (long long)thursday.year,
                         (long long)((monday + 3 - first) / 7 + 1));
}

void report_put_period(struct retort_buffer *out, enum report_period period, int32_t first)
{
    struct report_date date = report_date_of(first);
    if (period == REPORT_WEEK) {
        put_week(out, first);
        return;
    }
    retort_buffer_format(out, "%04lld-%02lld", (long long)date.year, (long long)date.month);
    if (period == REPORT_DAY)
        retort_buffer_format(out, "-%02lld", (long long)date.day);
}

int32_t report_period_begin(enum report_period period, int32_t day)
{
    struct report_date date = report_date_of(day);
    if (period == REPORT_MONTH)
        return day - (int32_t)date.day + 1;
    if (period == REPORT_WEEK) /* 1970-01-01 was a Thursday */
        return day - (int32_t)(((int64_t)day + 3) % 7 + 7) % 7;
    return day;
}
