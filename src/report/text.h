/* text (private to report): what the writers for a terminal share. */
#ifndef RETORT_REPORT_TEXT_H
#define RETORT_REPORT_TEXT_H

#include "report/figures.h"

struct text_sheet {
    struct retort_buffer *out;
    size_t columns; /* of the terminal */
    bool colour;
};

enum text_style { TEXT_PLAIN, TEXT_BOLD, TEXT_DIM, TEXT_HEADING };
const char *text_style(const struct text_sheet *sheet, enum text_style style);

void text_repeat(struct retort_buffer *out, const char *what, size_t n);

/* A paragraph behind a mark; its other lines stand below its first letter. */
void text_put_paragraph(const struct text_sheet *sheet, const char *mark, enum text_style style,
                        struct retort_span text);

void text_put_table(const struct text_sheet *sheet, const struct report_table *table);

#endif
