/* formats (private to intake): what a document is. */
#ifndef RETORT_INTAKE_FORMATS_H
#define RETORT_INTAKE_FORMATS_H

#include "intake/intake.h"

/* The indices of RETORT_INTAKE_FORMATS. Those of platforms stand last, in the order of enum
 * retort_platform. */
enum format { FORMAT_AUTO, FORMAT_WARC, FORMAT_WET, FORMAT_TEXT, FORMAT_HTML, FORMAT_JSONL };

/* NONE of what is no export. */
enum retort_platform format_platform(size_t format);
/* A file by its name, else by how it begins. */
size_t format_by_bytes(const char *path, struct retort_span bytes);
/* Do its first bytes, of which more may follow, show already that it is lines? */
bool format_is_lines(const char *path, struct retort_span begun);
/* What --format says goes before what the bytes say. False: there is nothing to read. */
bool format_of_document(size_t given, const struct retort_document *document, size_t *format);

#endif
