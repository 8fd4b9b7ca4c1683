/* How lines answer each other in words: exact quotation and lexical overlap. */
#ifndef RETORT_PAGE_ECHO_H
#define RETORT_PAGE_ECHO_H

#include "page/facts.h"

struct line_echo {
    /* Shares of the line's content words, weighted by their rarity on the page. */
    float previous;  /* said in the line before */
    float recent;    /* said in the three lines before */
    float next;      /* said again in the line after */
    float head;      /* said in the page's first lines */
    float seen;      /* said anywhere before */
    float cohesion;  /* of this line and the two after: said in the three before */
    float echoed;    /* share of the line that repeats an earlier line word for word */
    float quoted;    /* share of what stands in quotation marks that repeats an earlier line */
    uint32_t source; /* 1 + the index of the line repeated, 0 for none */
};

void echo_observe(const struct line_facts *facts, size_t n_lines, const struct word_list *words,
                  struct retort_arena *arena, struct line_echo *echoes);

#endif
