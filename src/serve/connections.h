/* connections (private to serve): how many there are, and how long each may take over what it does.
 *
 * The daemon closes a connection on which nothing moves for IDLE_SECONDS. A client that sends a
 * byte now and then would hold one for ever, so each also has a time within which what it does must
 * end; whoever exceeds it is shut down, and the daemon sees that as a client that left. When many
 * connections are open, the one that has kept us waiting longest makes room for each new one: a
 * flood of slow ones pushes out its own. */
#ifndef RETORT_SERVE_CONNECTIONS_H
#define RETORT_SERVE_CONNECTIONS_H

#include "base/base.h"

#include <pthread.h>
#include <stdatomic.h>

enum {
    IDLE_SECONDS = 30,
    MOST_CONNECTIONS = 1024,
    CROWDED_CONNECTIONS = 700, /* from here on the slowest makes room */
};

enum phase {
    PHASE_IDLE,    /* between requests, or nothing of the first is understood yet */
    PHASE_HEADERS, /* from the request's line to the end of its headers */
    PHASE_BODY,
    PHASE_RUNNING, /* ours to do: may take what it takes */
    PHASE_ANSWER,  /* until the client has taken all of it */
    N_PHASES
};

struct connection {
    int fd;
    _Atomic int phase;     /* an enum phase */
    _Atomic int64_t since; /* when it began, in nanoseconds of connections_now */
    struct connection *next, *previous;
};

struct connections {
    pthread_mutex_t mutex;
    struct connection *first;
    _Atomic size_t n;
};

int64_t connections_now(void); /* nanoseconds of a clock that only goes forward */
void connections_init(struct connections *connections);
void connections_release(struct connections *connections); /* all are closed */
struct connection *connections_add(struct connections *connections, int fd);
/* Before the socket is closed. */
void connections_remove(struct connections *connections, struct connection *connection);
void connection_enter(struct connection *connection, enum phase phase, int64_t now);
/* Shuts down what has taken too long; the number of them. */
size_t connections_sweep(struct connections *connections, int64_t now);

#endif
