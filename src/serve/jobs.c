/* Jobs: exchanges that wait for the store, and the workers that answer them.
 *
 * A list under a mutex; a handful of workers, so that one that waits for a lock or labels a large
 * page does not hold up the others. SQLite lets one of them write at a time, and they wait for
 * each other as for any other process, perhaps for seconds; so one worker is never writing, and
 * what only reads waits for no lock. Who has nothing to do reads words for the search that was
 * asked for last, until all can be found. */
#include "serve/http.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>

/* Comments whose words are read in one transaction, and the pause behind it, in which others write.
 */
enum { WORDS_CHUNK = 5000, WORDS_PAUSE_MS = 100 };

struct retort_store *worker_store(struct worker *worker, struct retort_error *error)
{
    if (!retort_store_in_place(worker->server->store, error))
        return NULL;
    if (!worker->store && !retort_store_open(&worker->store, worker->server->options->db,
                                             RETORT_STORE_EDIT, RETORT_STORE_BUSY_MS, error))
        worker->store = NULL;
    return worker->store;
}

static bool writes(const struct exchange *exchange)
{
    return strcmp(exchange->route->method, "POST") == 0;
}

/* The first that may begin: a change only while a worker stays free of them. NULL: none may. */
static struct exchange *cut_first(struct jobs *jobs)
{
    struct exchange *before = NULL, *exchange = jobs->first;
    for (; exchange && writes(exchange) && jobs->n_writing == MOST_WRITING;
         exchange = exchange->next)
        before = exchange;
    if (!exchange)
        return NULL;
    *(before ? &before->next : &jobs->first) = exchange->next;
    if (jobs->last == exchange)
        jobs->last = before;
    jobs->n_waiting--;
    return exchange;
}

/* NULL: nothing may begin, and either words are to be read, by this worker alone, or it is the end.
 */
static struct exchange *take(struct jobs *jobs, bool *words)
{
    struct exchange *exchange;
    pthread_mutex_lock(&jobs->mutex);
    for (;;) {
        exchange = cut_first(jobs);
        *words = !exchange && !jobs->closed && jobs->wants_words && jobs->n_writing < MOST_WRITING;
        if (exchange || *words || (jobs->closed && !jobs->first))
            break;
        pthread_cond_wait(&jobs->more, &jobs->mutex);
    }
    jobs->wants_words &= !*words;
    jobs->n_writing += *words || (exchange && writes(exchange));
    pthread_mutex_unlock(&jobs->mutex);
    return exchange;
}

static void end_writing(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->mutex);
    jobs->n_writing--;
    pthread_cond_broadcast(&jobs->more);
    pthread_mutex_unlock(&jobs->mutex);
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
    bool writing = writes(exchange);
    exchange->worker = worker;
    if (worker_store(worker, &error))
        exchange->deferred(exchange);
    else
        exchange_fail_error(exchange, &error);
    worker->server->jobs.done(exchange); /* which may end it */
    if (writing)
        end_writing(&worker->server->jobs);
}

static void *work(void *context)
{
    enum { NICE = 5 };
    struct worker *worker = context;
    struct jobs *jobs = &worker->server->jobs;
    /* Of this thread, on Linux: the event loops, whose answers are short, go first. */
    setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + NICE);
    for (;;) {
        bool words;
        struct exchange *exchange = take(jobs, &words);
        if (exchange)
            answer(worker, exchange);
        if (!exchange && !words)
            return NULL;
        if (words) {
            read_words(worker);
            end_writing(jobs);
        }
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
}

void jobs_release(struct jobs *jobs)
{
    pthread_cond_destroy(&jobs->more);
    pthread_mutex_destroy(&jobs->mutex);
}
