/* table (private to exchange): what ConvoKit tells beside: a JSON file that is one object with as
 * many members as there are speakers or conversations. */
#ifndef RETORT_EXCHANGE_CONVOKIT_TABLE_H
#define RETORT_EXCHANGE_CONVOKIT_TABLE_H

#include "base/base.h"

struct convokit_table {
    struct retort_file file;
    struct table_entry {
        uint64_t hash; /* of the name; the entries are sorted by it */
        size_t name, value, end;
    } * entries;
    size_t n, capacity;
};
/* The first of these files in the directory; none is an empty table. RETORT_INPUT: no JSON. */
bool table_open(struct convokit_table *table, const char *directory, const char *const *names,
                struct retort_error *error);
/* The raw value; data NULL: there is none. */
struct retort_span table_find(const struct convokit_table *table, struct retort_span name,
                              struct retort_arena *arena);
void table_close(struct convokit_table *table);

#endif
