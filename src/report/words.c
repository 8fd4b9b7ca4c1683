/* words: which words set groups apart. */
#include "report/gather.h"

bool report_words_told(struct report_work *work, struct report_section *section,
                       struct retort_error *error)
{
    (void)work, (void)section, (void)error;
    return true;
}
