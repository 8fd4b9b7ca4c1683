/* Pages for the suites of intake, made without a splitter: each line is its letter and its text. */
#ifndef RETORT_TESTS_INTAKE_MADE_H
#define RETORT_TESTS_INTAKE_MADE_H

#include "intake/intake.h"

/* "AThe mill", "HJane, 3 May", "BYes.", "", …: F furniture, A article, H B I T of comments; "" is a
 * blank line. NULL ends the list. parents: of each comment a number, 0 the article; NULL: all 0. */
struct retort_thread made_thread(const char *const *lines, const int *parents,
                                 struct retort_arena *arena);
/* The bytes it was made of. */
struct retort_span made_bytes(const struct retort_thread *thread);
/* Its lines again, one letter each, and its parents: "AFHBI 0 1". */
const char *made_shape(const struct retort_thread *thread, struct retort_arena *arena);
/* The operations done to it; NULL and the error when they cannot be. */
const struct retort_thread *made_correct(const struct retort_thread *old, const char *operations,
                                         struct retort_arena *arena, struct retort_error *error);

#endif
