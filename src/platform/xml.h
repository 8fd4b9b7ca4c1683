/* xml (private to platform): elements of an XML export as JSON objects, one at a time. The only
 * file that knows expat. */
#ifndef RETORT_PLATFORM_XML_H
#define RETORT_PLATFORM_XML_H

#include "base/base.h"

struct xml_reading {
    /* The elements wanted, each by the names from the root down, as they stand, with "/" between
     * them; one may lie within another and is then no part of it. */
    const char *const *wanted;
    size_t n_wanted;
    /* An element that has ended, as JSON: an object (its text alone: a string); the span lives to
     * the end of the call. whole is false for one that the end of the file has cut: what was whole
     * in it is there. Returns false to stop. */
    bool (*found)(void *context, size_t which, bool whole, struct retort_span json);
    void *context;
};

/* False with RETORT_INPUT and the line where the XML breaks, after all that was found before; false
 * and `stopped` when `found` has stopped it: then there is no error. */
bool xml_read(const struct xml_reading *reading, struct retort_span text, bool *stopped,
              struct retort_error *error);

const char *xml_library(void); /* "expat_2.5.0" */

#endif
