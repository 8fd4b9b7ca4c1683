/* Figures within sentences. */
#include "report/say.h"

#include "report/figures.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Every hyphen of a number is a minus. */
static const char *keep(const char *digits, char said[REPORT_SAID])
{
    static const char MINUS[] = "−";
    size_t n = 0;
    for (const char *at = digits; *at && n + sizeof MINUS < REPORT_SAID; at++)
        if (*at == '-') {
            memcpy(said + n, MINUS, sizeof MINUS - 1);
            n += sizeof MINUS - 1;
        } else {
            said[n++] = *at;
        }
    said[n] = 0;
    return said;
}

/* What rounds to nothing has no sign but a plus. */
static double rounded(double value, double unit)
{
    double whole = round(value / unit);
    return whole == 0 ? 0 : whole * unit;
}

static const char *say(const double numbers[3], const char *format, const char *plain,
                       char said[REPORT_SAID])
{
    char digits[REPORT_SAID];
    snprintf(digits, sizeof digits, isnan(numbers[1]) ? plain : format, numbers[0], numbers[1],
             numbers[2]);
    return keep(digits, said);
}

const char *report_say_share(struct retort_estimate share, char said[REPORT_SAID])
{
    const double numbers[] = {rounded(100 * share.value, 0.1), rounded(100 * share.low, 0.1),
                              rounded(100 * share.high, 0.1)};
    return say(numbers, "%.1f %% (95 %% CI %.1f to %.1f)", "%.1f %%", said);
}

const char *report_say_points(struct retort_estimate difference, char said[REPORT_SAID])
{
    const double numbers[] = {rounded(100 * difference.value, 0.1),
                              rounded(100 * difference.low, 0.1),
                              rounded(100 * difference.high, 0.1)};
    return say(numbers, "%+.1f points (95 %% CI %+.1f to %+.1f)", "%+.1f points", said);
}

const char *report_say_number(struct retort_estimate number, char said[REPORT_SAID])
{
    const double numbers[] = {rounded(number.value, 0.01), rounded(number.low, 0.01),
                              rounded(number.high, 0.01)};
    return say(numbers, "%.2f (95 %% CI %.2f to %.2f)", "%.2f", said);
}

const char *report_say_count(uint64_t n, char said[REPORT_SAID])
{
    struct retort_buffer digits = {0};
    report_put_grouped(&digits, n);
    snprintf(said, REPORT_SAID, "%.*s", (int)digits.len, (const char *)digits.data);
    retort_buffer_release(&digits);
    return said;
}

const char *report_say_p(double p, char said[REPORT_SAID])
{
    if (p < 0.001)
        snprintf(said, REPORT_SAID, "< 0.001");
    else
        snprintf(said, REPORT_SAID, "= %.3f", p);
    return said;
}

struct retort_span report_say_group(const struct report_work *work, struct retort_span group)
{
    const char *noun = work->data->noun;
    struct retort_buffer out = {0};
    if (!noun || work->data->by_is_period || (group.len > 0 && group.data[0] == '('))
        return group;
    retort_buffer_format(&out, "%s ", noun);
    retort_buffer_put(&out, group);
    return report_keep(work->report, &out);
}
