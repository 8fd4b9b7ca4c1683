/* columns (private to exchange): which column of a table, or member of a JSON line, tells what. */
#ifndef RETORT_EXCHANGE_COLUMNS_H
#define RETORT_EXCHANGE_COLUMNS_H

#include "exchange/import.h"

enum field {
    FIELD_TEXT,
    FIELD_ID,
    FIELD_PARENT_ID,
    FIELD_AUTHOR,
    FIELD_TIME,
    FIELD_TARGET,
    FIELD_PARENT_TEXT,
    FIELD_ARTICLE_TEXT,
    FIELD_SOURCE,
    FIELD_META,
    FIELD_RETORT,
    FIELD_LABEL,    /* a person's label, or several with ; between them */
    FIELD_REVIEWER, /* whose it is */
    FIELD_DECIDED,  /* and when */
    N_FIELDS
};

enum { NO_COLUMN = -1 };

/* Names of columns, and for each field the one that tells it. */
struct columns_of {
    const struct retort_span *names;
    size_t n;
    ptrdiff_t of[N_FIELDS]; /* an index into names, or NO_COLUMN */
    bool guessed;           /* one of them is called otherwise */
};

/* By their names, and as --map says. RETORT_USAGE: the map is none; RETORT_INPUT: there is no text,
 * or no column of that name. */
bool columns_find(struct columns_of *columns, const struct retort_span *names, size_t n,
                  const char *map, struct retort_error *error);
/* Do these names tell a text? */
bool columns_are_known(const struct retort_span *names, size_t n);
/* What was guessed, in one line. */
void columns_say(const struct columns_of *columns, const struct import_run *run);

/* A row: for each column its text (data NULL: none), and its value in JSON where it is not that
 * text (NULL: it always is). */
struct row {
    const struct retort_span *cells, *values;
    size_t n;
};
/* The row as a comment: what is no field goes into its meta, unless the row is ours. */
bool columns_take(const struct columns_of *columns, const struct row *row, struct import_run *run,
                  struct retort_arena *arena, struct retort_error *error);

#endif
