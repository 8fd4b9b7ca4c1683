/* formats (private to platform): the readers, one a platform. */
#ifndef RETORT_PLATFORM_FORMATS_H
#define RETORT_PLATFORM_FORMATS_H

#include "platform/records.h"

/* Each finds the records of an export in UTF-8 and delivers, or leaves the delivering to the
 * caller. False with RETORT_INPUT where something could not be read: what could is there. */
bool format_jsonl(struct reader *reader, struct retort_span bytes, struct retort_error *error);
bool format_disqus(struct reader *reader, struct retort_span bytes, struct retort_error *error);
bool format_wxr(struct reader *reader, struct retort_span bytes, struct retort_error *error);
bool format_reddit(struct reader *reader, struct retort_span bytes, struct retort_error *error);
bool format_hn(struct reader *reader, struct retort_span bytes, struct retort_error *error);
bool format_discourse(struct reader *reader, struct retort_span bytes, struct retort_error *error);
bool format_guardian(struct reader *reader, struct retort_span bytes, struct retort_error *error);
bool format_convokit(struct reader *reader, struct retort_span bytes, struct retort_error *error);

/* The export by the beginning of its text, which is UTF-8. */
enum retort_platform format_detect(struct retort_span head);

#endif
