/* intake (private to serve): bytes that somebody brings → pages in the store. */
#ifndef RETORT_SERVE_INTAKE_H
#define RETORT_SERVE_INTAKE_H

#include "serve/http.h"

#include "intake/intake.h"

enum {
    MOST_PAGE_BODY = 32 << 20,
    MOST_INTAKES = 2,           /* files read at a time: other workers stay free */
    MOST_ON_A_PAGE = 20 * 1000, /* comments stored in one transaction: two seconds of the lock */
    MOST_ARRIVING = 200 * 1000, /* comments of one file; a command takes more */
};

/* The models of the server, and the worker's hands. */
struct retort_judge worker_judge(struct worker *worker);
/* Reads, splits, labels and stores; answers with what came in. */
void intake_take(struct exchange *exchange, const char *name, struct retort_span bytes);

#endif
