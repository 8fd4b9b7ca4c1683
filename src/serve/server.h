/* server (private to serve): what all threads share, and what each has for itself. */
#ifndef RETORT_SERVE_SERVER_H
#define RETORT_SERVE_SERVER_H

#include "serve/connections.h"
#include "serve/dashboard.h"
#include "serve/lease.h"
#include "serve/metrics.h"
#include "serve/serve.h"
#include "store/store.h"
#include "thread/thread.h"

#include <pthread.h>

/* One per thread. On an event loop `store` is NULL. */
struct worker {
    struct server *server;
    struct retort_labeller labeller;
    struct retort_store *store; /* opened by worker_store */
    pthread_t thread;
    struct counters counters;
    struct worker *next; /* among the server's loops */
};
/* The worker's connection, opened at first; NULL and the error when it cannot be. */
struct retort_store *worker_store(struct worker *worker, struct retort_error *error);

struct exchange;
struct auth;
enum { N_WORKERS = 4, MOST_WRITING = N_WORKERS - 1, MOST_WAITING = 1000 };

/* Exchanges that wait for a worker, first come first served. */
struct jobs {
    pthread_mutex_t mutex;
    pthread_cond_t more;
    struct exchange *first, *last;
    size_t n_waiting, n_writing;
    bool closed, wants_words;
    void (*done)(struct exchange *exchange); /* called on the worker's thread */
    struct worker workers[N_WORKERS];
};
bool jobs_open(struct jobs *jobs, struct server *server, void (*done)(struct exchange *),
               struct retort_error *error);
/* False: too many wait already. */
bool jobs_put(struct jobs *jobs, struct exchange *exchange);
/* Words of comments are behind: whoever has nothing else to do reads on, to the end. */
void jobs_want_words(struct jobs *jobs);
void jobs_close(struct jobs *jobs);   /* finishes what waits; from here on jobs_put refuses */
void jobs_release(struct jobs *jobs); /* when nobody puts any more */

struct server {
    const struct retort_serve_options *options;
    struct retort_models models;
    struct retort_store *store; /* nobody's: tells whether the file is where it was */
    struct jobs jobs;
    struct auth *auth;
    struct connections connections;
    _Atomic size_t held_bytes; /* of bodies, and of large answers until they are taken */
    struct counters counters;  /* of the thread that waits for the end */
    char cookie[16];           /* its name: servers on other ports of this host have others */
    pthread_mutex_t mutex;
    struct retort_cutter *cutter; /* opened when the first page comes in */
    _Atomic unsigned n_intakes;   /* files that are being read */
    struct leases leases;         /* who has which comment before them */
    struct dashboard dashboard;
    struct worker *loops; /* those of the event loops, made when a loop first needs one */
};
/* The splitter, opened at first; NULL and the error when it cannot be. */
const struct retort_cutter *server_cutter(struct server *server, struct retort_error *error);
/* The calling event loop's worker. */
struct worker *server_loop_worker(struct server *server);

#endif
