/* metrics (private to serve): what every thread counts, and the sum of it as Prometheus reads it.
 *
 * Each thread adds to numbers of its own, so that counting costs a request some nanoseconds; the
 * reader adds up those of all threads, each whole, together perhaps a request apart. */
#ifndef RETORT_SERVE_METRICS_H
#define RETORT_SERVE_METRICS_H

#include "base/base.h"

#include <stdatomic.h>

enum {
    METRICS_ROUTES = 96, /* and at its end: what has no route */
    METRICS_STATUSES = 20,
    METRICS_BUCKETS = 14, /* of latency; the last has no end */
};

enum metric {
    METRIC_LABELLED,  /* comments that were analysed or labelled */
    METRIC_DECISIONS, /* human decisions that were stored */
    METRIC_ABORTED,   /* requests that ended before their answer was taken */
    METRIC_LATE,      /* connections shut down because they took too long */
    N_METRICS
};

struct counters {
    _Atomic uint64_t requests[METRICS_ROUTES][METRICS_STATUSES];
    _Atomic uint64_t latency[METRICS_ROUTES][METRICS_BUCKETS];
    _Atomic uint64_t nanoseconds[METRICS_ROUTES];
    _Atomic uint64_t events[N_METRICS];
};

struct route;
struct server;

/* Only ever called by the thread whose counters they are: exchange->worker->counters. */
void metrics_count(struct counters *counters, enum metric metric, uint64_t n);
/* route NULL: there was none. */
void metrics_request(struct counters *counters, const struct route *route, unsigned status,
                     int64_t nanoseconds);
/* All of it in Prometheus' text format. */
void metrics_put(struct retort_buffer *out, struct server *server);

#endif
