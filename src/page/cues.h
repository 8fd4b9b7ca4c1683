/* The closed list of cues and how a line's are computed. */
#ifndef RETORT_PAGE_CUES_H
#define RETORT_PAGE_CUES_H

#include "page/echo.h"
#include "page/page.h"

struct line_place {
    uint32_t blanks;     /* blank lines before */
    uint32_t gaps_above; /* lines above that have blank lines before them */
    uint8_t same, shape; /* how many lines say the same, have the same shape; up to 255 */
    bool said_before;    /* an earlier line says the same */
    int8_t marks;        /* quotation marks: 1 straight, −1 curly, 0 none or both */
    int8_t apostrophes;
    int8_t marks_before; /* of the last line above that has any */
    int8_t apostrophes_before;
    bool heading;           /* "12 Comments" */
    bool sign;              /* looks like an author or date line */
    uint32_t since_heading; /* lines since the last heading, UINT32_MAX for none */
};

struct retort_observed {
    size_t n_lines;
    const struct line_facts *facts;
    const struct line_echo *echoes;
    const struct line_place *places;
    size_t n_signs, n_headings, last_heading;
    int page_marks, page_apostrophes;
    const struct markup_page *markup; /* of HTML; NULL for flat text */
    const uint8_t *allowed;           /* of each line: a bit a state; NULL: any */
};

struct retort_observed *observe_lines(const struct retort_page *page, struct retort_arena *arena);

#endif
