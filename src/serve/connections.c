/* One list under a mutex, walked once a second, and at each new connection while many are open. A
 * request itself only sets two numbers of its own connection. */
#include "serve/connections.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#define SECONDS INT64_C(1000000000)

static const int64_t LONGEST[N_PHASES] = {
    [PHASE_IDLE] = 60 * SECONDS, [PHASE_HEADERS] = 15 * SECONDS, [PHASE_BODY] = 60 * SECONDS,
    [PHASE_RUNNING] = INT64_MAX, [PHASE_ANSWER] = 120 * SECONDS,
};

int64_t connections_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * SECONDS + now.tv_nsec;
}

void connections_init(struct connections *connections)
{
    *connections = (struct connections){.mutex = PTHREAD_MUTEX_INITIALIZER};
}

void connections_release(struct connections *connections)
{
    pthread_mutex_destroy(&connections->mutex);
}

static enum phase phase_of(const struct connection *connection)
{
    return (enum phase)atomic_load_explicit(&connection->phase, memory_order_relaxed);
}

static int64_t since(const struct connection *connection)
{
    return atomic_load_explicit(&connection->since, memory_order_relaxed);
}

void connection_enter(struct connection *connection, enum phase phase, int64_t now)
{
    atomic_store_explicit(&connection->since, now, memory_order_relaxed);
    atomic_store_explicit(&connection->phase, phase, memory_order_relaxed);
}

/* The one that has kept us waiting longest; NULL: none does. */
static struct connection *slowest(const struct connections *connections)
{
    struct connection *found = NULL;
    for (struct connection *c = connections->first; c; c = c->next)
        if (phase_of(c) < PHASE_RUNNING && (!found || since(c) < since(found)))
            found = c;
    return found;
}

/* The daemon closes what was shut down when it next looks at it; until then it is not asked again.
 */
static void shut_down(struct connection *connection)
{
    shutdown(connection->fd, SHUT_RDWR);
    connection_enter(connection, PHASE_RUNNING, 0);
}

struct connection *connections_add(struct connections *connections, int fd)
{
    struct connection *added = retort_grow(NULL, 1, sizeof *added);
    *added = (struct connection){.fd = fd, .phase = PHASE_IDLE, .since = connections_now()};
    pthread_mutex_lock(&connections->mutex);
    struct connection *makes_room =
        atomic_load(&connections->n) >= CROWDED_CONNECTIONS ? slowest(connections) : NULL;
    if (makes_room)
        shut_down(makes_room);
    added->next = connections->first;
    if (added->next)
        added->next->previous = added;
    connections->first = added;
    atomic_fetch_add(&connections->n, 1);
    pthread_mutex_unlock(&connections->mutex);
    return added;
}

void connections_remove(struct connections *connections, struct connection *connection)
{
    pthread_mutex_lock(&connections->mutex);
    *(connection->previous ? &connection->previous->next : &connections->first) = connection->next;
    if (connection->next)
        connection->next->previous = connection->previous;
    atomic_fetch_sub(&connections->n, 1);
    pthread_mutex_unlock(&connections->mutex);
    free(connection);
}

size_t connections_sweep(struct connections *connections, int64_t now)
{
    size_t n = 0;
    pthread_mutex_lock(&connections->mutex);
    for (struct connection *c = connections->first; c; c = c->next)
        if (now - since(c) > LONGEST[phase_of(c)]) {
            shut_down(c);
            n++;
        }
    pthread_mutex_unlock(&connections->mutex);
    return n;
}
