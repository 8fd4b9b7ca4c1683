/* filters (private to serve): what a person asked to see, as parameters or as members, becomes a
 * view of the store. The names are the same everywhere, so that a queue, its count and a bulk of it
 * speak of the same comments. */
#ifndef RETORT_SERVE_FILTERS_H
#define RETORT_SERVE_FILTERS_H

#include "serve/http.h"

enum { FILTERS_DEFAULT_LIMIT = 50, FILTERS_MOST = 200 };

/* Of a query: filters, with limit and after where `paged`. False: 400 was answered. */
bool filters_of_query(struct exchange *exchange, bool paged, struct retort_view *view);
/* Of the body's member "filters", an object of texts, which may be missing: then all that waits.
 * The body is an object, as members_of_body has found. limit is 0. */
bool filters_of_body(struct exchange *exchange, struct retort_view *view);

#endif
