/* latex (private to report): text that TeX takes as text. */
#ifndef RETORT_REPORT_LATEX_H
#define RETORT_REPORT_LATEX_H

#include "report/figures.h"

/* Whatever stands in it: no command, no ligature, nothing that pdflatex does not know. What it has
 * no letter for becomes \retortchar{code point}, which the document's head defines. */
void latex_put(struct retort_buffer *out, struct retort_span text);
void latex_put_words(struct retort_buffer *out, const char *text);

#endif
