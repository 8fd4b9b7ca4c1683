/* dashboard (private to serve): what the dashboard's figures cost is paid once in a while. */
#ifndef RETORT_SERVE_DASHBOARD_H
#define RETORT_SERVE_DASHBOARD_H

#include "base/base.h"

#include <pthread.h>

/* The figures that take a pass over labels or decisions, as they are written into the answer. */
struct dashboard {
    pthread_mutex_t mutex;
    struct retort_buffer members; /* "hours":…,…; empty: never made */
    double made, took;            /* seconds of a clock that never goes back */
    bool making;                  /* somebody is; others take what is there */
};

void dashboard_init(struct dashboard *dashboard);
void dashboard_release(struct dashboard *dashboard);

#endif
