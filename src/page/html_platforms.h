/* Which elements platforms make for comments. Internal to the HTML reader. */
#ifndef RETORT_PAGE_HTML_PLATFORMS_H
#define RETORT_PAGE_HTML_PLATFORMS_H

#include "base/base.h"

enum {
    HTML_FORUM = 1,     /* the first post of a page is the article */
    HTML_NEEDS_BODY = 2 /* it is one only with an element for its text inside */
};

/* Patterns of ids and classes, with spaces between; "" for none. */
struct html_platform {
    const char *name;
    const char *ids, *classes;        /* of one comment; either is enough */
    const char *body, *author, *time; /* inside; "" leaves it to the words of its classes */
    unsigned flags;
};

const struct html_platform *platform_at(size_t index); /* NULL behind the last */
extern const struct html_platform HTML_MICRODATA, HTML_REPEATED;

bool platform_is_digit(uint8_t byte);
/* Does the whole name match one of the patterns? */
bool platform_matches(struct retort_span name, const char *patterns);
/* Cuts the next name off a list of classes. */
bool platform_next_name(struct retort_span *names, struct retort_span *name);
bool platform_has_class(struct retort_span classes, const char *patterns);

#endif
