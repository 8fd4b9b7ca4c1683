/* sources (private to report): the papers that methods stand on, as sources.bib has them.
 *
 * The file is ours: an entry begins with @ at the beginning of a line and ends with a line that is
 * a brace; a field is one line. So it is cut by lines, and no parser of BibTeX is needed. */
#ifndef RETORT_REPORT_SOURCES_H
#define RETORT_REPORT_SOURCES_H

#include "report/document.h"

struct report_source {
    struct retort_span key, entry; /* entry: from the @ to the brace, as it stands */
};

/* The next of a list with commas between; false: there is none. */
bool report_next_key(const char **list, struct retort_span *key);
bool report_source_find(struct retort_span key, struct report_source *source);
/* Those that the report's methods cite and that there are, by key, each once, in the arena. */
size_t report_sources_cited(const struct retort_report *report, struct retort_arena *arena,
                            struct report_source **sources);

/* A field in plain UTF-8, without the marks of TeX; nothing where there is no such field. */
void report_source_put_field(struct retort_buffer *out, const struct report_source *source,
                             const char *field);
/* "Bella et al. 2010", "Horvitz and Thompson 1952". */
void report_source_put_short(struct retort_buffer *out, const struct report_source *source);
/* "Forman, George (2008). Quantifying Counts and Costs …. Data Mining …, 17(2), 164–206.
 * doi:10.1007/…" */
void report_source_put_long(struct retort_buffer *out, const struct report_source *source);
/* A method's sentence, its sources in brackets before its full stop. */
void report_put_method(struct retort_buffer *out, const struct report_method *method);

#endif
