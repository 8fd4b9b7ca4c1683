/* scan (private to features): where the tokens of a text stand.
 *
 * What a token is says one PCRE2 pattern. Most of a text is ASCII words with spaces between, and
 * for these the scanner below finds what the pattern would find at a fraction of its cost; wherever
 * it meets what it does not know (letters beyond ASCII, links, mail, names, faces), it asks the
 * pattern. `exact` asks the pattern for everything: tests hold the one to the other. */
#ifndef RETORT_FEATURES_SCAN_H
#define RETORT_FEATURES_SCAN_H

#include "features/token.h"

/* A token where it stands. */
struct found {
    enum token_kind kind;
    uint32_t begin, end; /* bytes of the text */
};

struct pattern; /* the compiled pattern; made when it is first asked */

struct scanner {
    struct pattern *pattern;
    bool exact;
};

void retort_scanner_release(struct scanner *scanner);

/* A text while it is scanned: valid UTF-8, shorter than 4 GiB, SCAN_PADDING NULs behind it, so that
 * nothing has to be asked before eight bytes are read. */
enum { SCAN_PADDING = 32 };
struct scan {
    struct scanner *scanner;
    const uint8_t *text;
    size_t len, at; /* the next token begins at `at` or later */
    size_t mail;    /* the next "@" from `at` on; len: none */
};

struct scan retort_scan_begin(struct scanner *scanner, struct retort_span text);
/* The next tokens, at most so many; fewer: there are no more. */
size_t retort_scan_some(struct scan *scan, struct found *found, size_t most);

/* pattern.c: the first token that begins at `at` or later, as PCRE2 finds it. */
bool retort_pattern_next(struct pattern **pattern, struct retort_span text, size_t at,
                         struct found *found);
void retort_pattern_free(struct pattern *pattern); /* NULL is fine */

#endif
