/* perspective_keep (private to serve): what callers of the Perspective API leave in the store. */
#ifndef RETORT_SERVE_PERSPECTIVE_KEEP_H
#define RETORT_SERVE_PERSPECTIVE_KEEP_H

#include "serve/perspective.h"
#include "serve/server.h"

/* "api", or "api:COMMUNITY": the source of what it sends, and who decides. A caller may name a
 * community as it likes, and must pass neither for a person nor for a page. */
const char *perspective_caller(const struct perspective_request *request,
                               struct retort_arena *arena);
/* Stores the comment, labelled by all models, as a JSON line of the caller; the same comment again
 * is found. Its native id is the clientToken, or where none is sent the text's hash. One
 * transaction. */
bool perspective_keep(struct worker *worker, const struct perspective_request *request,
                      struct retort_arena *arena, int64_t *comment, struct retort_error *error);
/* Labels a stored comment by those of the models that have not yet. One transaction. */
bool perspective_label(struct worker *worker, int64_t comment, struct retort_arena *arena,
                       struct retort_error *error);
/* The comment as perspective_keep has stored it; 0: it has not. */
bool perspective_find_told(struct worker *worker, const struct perspective_request *request,
                           struct retort_arena *arena, int64_t *comment,
                           struct retort_error *error);
/* A comment of this text that was analysed and of which neither token nor community was told. */
bool perspective_find_untold(struct worker *worker, const struct perspective_request *request,
                             struct retort_arena *arena, int64_t *comment,
                             struct retort_error *error);

/* Turns suggested scores into decisions on the comment, which is stored if it is not there. */
bool perspective_suggest(struct worker *worker, const struct perspective_request *request,
                         struct retort_arena *arena, struct retort_error *error);

#endif
