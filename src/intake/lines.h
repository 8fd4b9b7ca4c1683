/* lines (private to intake): what reading JSON lines is made of. */
#ifndef RETORT_INTAKE_LINES_H
#define RETORT_INTAKE_LINES_H

#include "intake/intake.h"

enum {
    LONGEST_LINE = 16 << 20,
    LONGEST_TEXT = 1 << 20,
};

/* Reads one line's bytes into what they tell, or into what is wrong with them. */
void line_read(struct retort_intake_line *line, struct retort_span bytes,
               struct retort_arena *arena);

/* What is longer than LONGEST_LINE. */
void line_refuse(struct retort_intake_line *line, struct retort_arena *arena);

/* ---- earlier comments, by id ---- */

struct window; /* opaque */
struct window *window_open(void);
void window_close(struct window *window);
/* The text of the last RETORT_LINES_WINDOW lines' newest with this id, as far as it is kept;
 * borrowed until the next is put. */
bool window_find(const struct window *window, struct retort_span id, struct retort_span *text);
/* What is kept of a text; cut where a character begins. */
struct retort_span window_beginning(struct retort_span text);
/* A line with this id is put soon: fetches what that takes from memory. */
void window_expect(const struct window *window, struct retort_span id);
/* The line behind the last one that was put; without an id it only takes its place. */
void window_put(struct window *window, struct retort_span id, struct retort_span text);

#endif
