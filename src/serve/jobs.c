/* Jobs: exchanges that wait for the store, and the workers that answer them.
 *
 * A list under a mutex; a handful of workers, so that one that waits for a lock or labels a large
 * page does not hold up the others. SQLite lets one of them write at a time, and they wait for
 * each other as for any other process. */
#include "serve/http.h"

#include <string.h>

struct retort_store *worker_store(struct worker *worker, struct retort_error *error)
{
    if (!worker->store && !retort_store_open(&worker->store, worker->server->options->db,
                                             RETORT_STORE_EDIT, RETORT_STORE_BUSY_MS, error))
        worker->store = NULL;
    return worker->store;
}

static struct exchange *take(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->mutex);
    while (!jobs->first && !jobs->closed)
        pthread_cond_wait(&jobs->more, &jobs->mutex);
    struct exchange *exchange = jobs->first;
    if (exchange) {
        jobs->first = exchange->next;
        jobs->last = jobs->first ? jobs->last : NULL;
        jobs->n_waiting--;
    }
    pthread_mutex_unlock(&jobs->mutex);
    return exchange;
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct jobs *jobs = &worker->server->jobs;
    for (struct exchange *exchange; (exchange = take(jobs));) {
        struct retort_error error = {0};
        exchange->worker = worker;
        if (worker_store(worker, &error))
            exchange->deferred(exchange);
        else
            exchange_fail_error(exchange, &error);
        jobs->done(exchange);
    }
    return NULL;
}

bool jobs_open(struct jobs *jobs, struct server *server, void (*done)(struct exchange *),
               struct retort_error *error)
{
    pthread_mutex_init(&jobs->mutex, NULL);
    pthread_cond_init(&jobs->more, NULL);
    jobs->done = done;
    for (size_t i = 0; i < N_WORKERS; i++) {
        struct worker *worker = &jobs->workers[i];
        *worker = (struct worker){.server = server};
        retort_labeller_init(&worker->labeller);
        int code = pthread_create(&worker->thread, NULL, work, worker);
        if (code)
            return retort_fail(error, RETORT_RUNTIME, "cannot start a thread: %s", strerror(code));
    }
    return true;
}

bool jobs_put(struct jobs *jobs, struct exchange *exchange)
{
    pthread_mutex_lock(&jobs->mutex);
    bool room = jobs->n_waiting < MOST_WAITING && !jobs->closed;
    if (room) {
        exchange->next = NULL;
        *(jobs->last ? &jobs->last->next : &jobs->first) = exchange;
        jobs->last = exchange;
        jobs->n_waiting++;
        pthread_cond_signal(&jobs->more);
    }
    pthread_mutex_unlock(&jobs->mutex);
    return room;
}

void jobs_close(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->mutex);
    jobs->closed = true;
    pthread_cond_broadcast(&jobs->more);
    pthread_mutex_unlock(&jobs->mutex);
    for (size_t i = 0; i < N_WORKERS && jobs->workers[i].thread; i++) {
        pthread_join(jobs->workers[i].thread, NULL);
        retort_store_close(jobs->workers[i].store);
        retort_labeller_release(&jobs->workers[i].labeller);
    }
    pthread_cond_destroy(&jobs->more);
    pthread_mutex_destroy(&jobs->mutex);
}
