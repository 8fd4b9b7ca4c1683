/* Errors: the caller brings the buffer, each level may add where it was; one line, always. */
#include "base/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* C0, C1, line and paragraph separators, and what turns the direction of text. */
static bool drives_terminal(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point <= 0x9F) ||
           (code_point >= 0x2028 && code_point <= 0x202E) ||
           (code_point >= 0x2066 && code_point <= 0x2069);
}

/* Hostile file names and JSON must not break the line or drive the terminal. What does becomes '?',
 * and so does each byte that is no UTF-8, such as those of a character that the room cut. */
static void flatten(char *message)
{
    const struct retort_span text = retort_span_of(message);
    size_t len = 0;
    for (size_t at = 0, begin = 0; at < text.len; begin = at) {
        uint32_t code_point = retort_utf8_next(text, &at);
        bool malformed = code_point == 0xFFFD && at - begin == 1;
        if (malformed || drives_terminal(code_point))
            message[len++] = '?';
        else
            while (begin < at)
                message[len++] = message[begin++];
    }
    message[len] = 0;
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
