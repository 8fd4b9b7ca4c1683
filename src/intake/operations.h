/* operations (private to intake): what a person does to a split, read from JSON. */
#ifndef RETORT_INTAKE_OPERATIONS_H
#define RETORT_INTAKE_OPERATIONS_H

#include "intake/intake.h"

enum operation_kind { OPERATION_ROLE, OPERATION_CUT, OPERATION_MERGE, OPERATION_PARENT };

/* Numbers are 1-based; lines are those of the page, comments those of the split that was seen. */
struct operation {
    enum operation_kind kind;
    size_t from, to;       /* role: lines */
    enum retort_role role; /* role: article, comment or furniture */
    size_t line;           /* cut; merge and parent: in place of comment, else 0 */
    size_t comment;        /* merge and parent: 0 where a line is given */
    size_t parent;         /* parent: 0 the article */
    size_t parent_line;    /* parent: in place of parent, else 0 */
};

enum { OPERATIONS_MOST = 10000 };

/* An array of them, into the arena. A mistake is a RETORT_INPUT error that names the operation. */
bool operations_read(const struct retort_json *array, struct retort_arena *arena,
                     struct operation **operations, size_t *n_operations,
                     struct retort_error *error);
/* "article", "comment", "furniture". */
const char *operation_role_name(enum retort_role role);

#endif
