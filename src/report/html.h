/* html (private to report): what the writers of HTML and SVG share. */
#ifndef RETORT_REPORT_HTML_H
#define RETORT_REPORT_HTML_H

#include "report/figures.h"

/* Cleaned text, escaped for content and for attributes in double quotes. */
void html_put(struct retort_buffer *out, struct retort_span text);
void html_put_words(struct retort_buffer *out, const char *text);
/* At most so many columns of it, an ellipsis for the rest. */
void html_put_cropped(struct retort_buffer *out, struct retort_span text, size_t columns);

/* A table with its plot above it and its notes below. */
void html_put_table(struct retort_buffer *out, const struct report_table *table);
/* The plot of a table that has one and a figure to show; false: there is none. */
bool html_put_plot(struct retort_buffer *out, const struct report_table *table);

#endif
