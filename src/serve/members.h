/* members (private to serve): what a request's JSON object says, each member of the kind it must be
 * of. What is not was answered 400 by its name, and false comes back. */
#ifndef RETORT_SERVE_MEMBERS_H
#define RETORT_SERVE_MEMBERS_H

#include "serve/http.h"

/* The body's object, which holds none but these members, of a request without parameters; NULL: 400
 * was answered. */
const struct retort_json *members_of_body(struct exchange *exchange, const char *const *names);

/* A text without NUL, terminated; NULL when there is none, which `needed` forbids. */
bool member_text(struct exchange *exchange, const struct retort_json *object, const char *name,
                 bool needed, const char **text);
/* A list of texts; *names is NULL when there is none. */
bool member_texts(struct exchange *exchange, const struct retort_json *object, const char *name,
                  const char ***texts, size_t *n_texts);
/* A list of ids, at most so many. */
bool member_ids(struct exchange *exchange, const struct retort_json *object, const char *name,
                size_t most, int64_t **ids, size_t *n_ids);
bool member_id(struct exchange *exchange, const struct retort_json *object, const char *name,
               int64_t *id);
/* true or false; there must be one. */
bool member_flag(struct exchange *exchange, const struct retort_json *object, const char *name,
                 bool *flag);
/* The client's name for an act; NULL: none was sent. */
bool member_token(struct exchange *exchange, const struct retort_json *object, const char **token);

#endif
