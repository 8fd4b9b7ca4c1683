/* Errors: the caller brings the buffer, each level may add where it was; one line, always. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hostile file names and JSON must not break the line or drive the terminal. */
static void flatten(char *message)
{
    for (char *at = message; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            *at = '?';
}

bool retort_fail(struct retort_error *error, enum retort_failure failure, const char *format, ...)
{
    va_list arguments;
    error->failure = failure;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof error->message, format, arguments);
    va_end(arguments);
    flatten(error->message);
    return false;
}

bool retort_fail_within(struct retort_error *error, const char *format, ...)
{
    char context[200], inner[sizeof error->message];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(context, sizeof context, format, arguments);
    va_end(arguments);
    memcpy(inner, error->message, sizeof inner);
    size_t used = strlen(context);
    memcpy(error->message, context, used);
    size_t room = sizeof error->message - used;
    snprintf(error->message + used, room, ": %.*s", (int)(room - 3), inner);
    flatten(error->message);
    return false;
}

static void end_program(void)
{
    fputs("retort: out of memory\n", stderr);
    exit(RETORT_RUNTIME);
}

void (*retort_out_of_memory)(void) = end_program;
