/* params (private to serve): parameters of a request and members of its body, checked. What is
 * wrong is answered 400 by its name; what nobody knows is refused and not passed over, for a filter
 * that is misspelt would find everything. */
#ifndef RETORT_SERVE_PARAMS_H
#define RETORT_SERVE_PARAMS_H

#include "serve/http.h"

/* The query holds none but these (NULL ends them), and none twice. */
bool params_only(struct exchange *exchange, const char *const *names);
/* A number from `least` to `most`; *number stays as it is when there is none. */
bool params_number(struct exchange *exchange, const char *name, uint64_t least, uint64_t most,
                   uint64_t *number);

/* The body's object as it stands in the bytes; false: 400 was answered. */
bool params_body(struct exchange *exchange, struct retort_span *object);
/* An object holds none but these. `within` names it in what is said: "the body". */
bool params_members(struct exchange *exchange, struct retort_span object, const char *within,
                    const char *const *names);

#endif
