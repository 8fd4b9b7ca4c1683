/* transparency (private to report): the tables of one section, a file each. */
#ifndef RETORT_REPORT_TRANSPARENCY_H
#define RETORT_REPORT_TRANSPARENCY_H

#include "report/gather.h"

/* Who judged one task's comments more than once, and how far they agree. */
bool transparency_agreement(struct report_work *work, struct report_section *section,
                            struct retort_error *error);
/* How many decisions more until shares are known, or a label is found. */
bool transparency_enough(struct report_work *work, struct report_section *section,
                         struct retort_error *error);
/* From when a comment was stored to when a person first decided on it. */
bool transparency_time(struct report_work *work, struct report_section *section,
                       struct retort_error *error);

/* Is the report about this comment, and of the task asked for? */
bool transparency_is_asked(const struct report_work *work, int64_t comment, size_t *row);
bool transparency_is_task(const struct report_work *work, const struct report_task *task);

#endif
