/* Jobs: exchanges that wait for the store, and the workers that answer them.
 *
 * A list under a mutex; a handful of workers, so that one that waits for a lock or labels a large
 * page does not hold up the others. SQLite lets one of them write at a time, and they wait for
 * each other as for any other process. Who has nothing to do reads words for the search that was
 * asked for last, until all can be found. */
#include "serve/http.h"

#include <string.h>
#include <time.h>

/* Comments whose words are read in one transaction, and the pause behind it, in which others write.
 */
enum { WORDS_CHUNK = 5000, WORDS_PAUSE_MS = 100 };

struct retort_store *worker_store(struct worker *worker, struct retort_error *error)
{
    if (!worker->store && !retort_store_open(&worker->store, worker->server->options->db,
                                             RETORT_STORE_EDIT, RETORT_STORE_BUSY_MS, error))
        worker->store = NULL;
    return worker->store;
}

/* NULL: nothing waits, and either words are to be read, by this worker alone, or it is the end. */
static struct exchange *take(struct jobs *jobs, bool *words)
{
    pthread_mutex_lock(&jobs->mutex);
    while (!jobs->first && !jobs->closed && !jobs->wants_words)
        pthread_cond_wait(&jobs->more, &jobs->mutex);
    struct exchange *exchange = jobs->first;
    *words = !exchange && !jobs->closed;
    if (*words)
        jobs->wants_words = false;
    if (exchange) {
        jobs->first = exchange->next;
        jobs->last = jobs->first ? jobs->last : NULL;
        jobs->n_waiting--;
    }
    pthread_mutex_unlock(&jobs->mutex);
    return exchange;
}

void jobs_want_words(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->mutex);
    jobs->wants_words = true;
    pthread_cond_signal(&jobs->more);
    pthread_mutex_unlock(&jobs->mutex);
}

/* Some more words. What goes wrong is said to the next search, which tries it itself. */
static void read_words(struct worker *worker)
{
    static const struct timespec PAUSE = {.tv_nsec = WORDS_PAUSE_MS * 1000000L};
    struct retort_error ignored;
    double share;
    if (!worker_store(worker, &ignored) ||
        !retort_store_index_words(worker->store, WORDS_CHUNK, &share, &ignored) || share >= 1)
        return;
    nanosleep(&PAUSE, NULL);
    jobs_want_words(&worker->server->jobs);
}

static void answer(struct worker *worker, struct exchange *exchange)
{
    struct retort_error error = {0};
    exchange->worker = worker;
    if (worker_store(worker, &error))
        exchange->deferred(exchange);
    else
        exchange_fail_error(exchange, &error);
    worker->server->jobs.done(exchange);
}

static void *work(void *context)
{
    struct worker *worker = context;
    struct jobs *jobs = &worker->server->jobs;
    for (;;) {
        bool words;
        struct exchange *exchange = take(jobs, &words);
        if (exchange)
            answer(worker, exchange);
        else if (words)
            read_words(worker);
        else
            return NULL;
    }
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
