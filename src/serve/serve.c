/* Opens all that is served, serves until a signal, closes it in the reverse order. */
#include "serve/serve.h"
#include "serve/auth.h"
#include "serve/front.h"
#include "serve/slice.h"

#include <microhttpd.h>
#include <signal.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#else
#define malloc_trim(pad) ((void)(pad))
#endif

void retort_serve_libraries(struct retort_buffer *out)
{
    retort_buffer_format(out, "libmicrohttpd %s", MHD_get_version());
}

struct worker *server_loop_worker(struct server *server)
{
    static _Thread_local struct worker *worker;
    if (worker && worker->server == server)
        return worker;
    worker = retort_grow(NULL, 1, sizeof *worker);
    *worker = (struct worker){.server = server};
    retort_labeller_init(&worker->labeller);
    take_short_turns();
    pthread_mutex_lock(&server->mutex);
    worker->next = server->loops;
    server->loops = worker;
    pthread_mutex_unlock(&server->mutex);
    return worker;
}

const struct retort_cutter *server_cutter(struct server *server, struct retort_error *error)
{
    pthread_mutex_lock(&server->mutex);
    if (!server->cutter && !retort_cutter_open(&server->cutter, server->options->splitter, error))
        server->cutter = NULL;
    const struct retort_cutter *cutter = server->cutter;
    pthread_mutex_unlock(&server->mutex);
    return cutter;
}

static void close_loops(struct server *server)
{
    while (server->loops) {
        struct worker *worker = server->loops;
        server->loops = worker->next;
        retort_labeller_release(&worker->labeller);
        free(worker);
    }
}

/* Is the file ours, and is it there? It is made and brought up to date here, before anyone asks;
 * then it is held open, so that every worker opens this file or none. */
static bool hold_store(struct server *server, struct retort_error *error)
{
    const char *db = server->options->db;
    struct retort_store *made;
    if (!retort_store_open(&made, db, RETORT_STORE_WRITE, RETORT_STORE_BUSY_MS, error))
        return false;
    retort_store_close(made); /* with what its making took */
    return retort_store_open(&server->store, db, RETORT_STORE_EDIT, RETORT_STORE_BUSY_MS, error);
}

/* Threads that are started from here on leave these signals to sigwait. */
static void hold_signals(sigset_t *ends)
{
    sigemptyset(ends);
    sigaddset(ends, SIGTERM);
    sigaddset(ends, SIGINT);
    sigaddset(ends, SIGHUP);
    pthread_sigmask(SIG_BLOCK, ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is a full disk: 503, and not the end */
}

enum { GIVE_BACK_SECONDS = 10 };

/* When little was done for a while, memory that was freed goes back to the system: after a rush the
 * server is as small as before, and a rush is not disturbed. */
static void give_back(struct timespec *before)
{
    static const int64_t SECOND = 1000000000, LITTLE = 100000000;
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    int64_t worked = (now.tv_sec - before->tv_sec) * SECOND + now.tv_nsec - before->tv_nsec;
    *before = now;
    if (worked < LITTLE)
        malloc_trim(0);
}

/* Until a signal to end. Once a second, what takes too long is ended, and who may come in is looked
 * up again. */
static void wait_for(const sigset_t *ends, struct server *server)
{
    const struct retort_serve_options *options = server->options;
    static const struct timespec SECOND = {.tv_sec = 1};
    struct timespec worked = {0};
    for (unsigned n = 1;; n++) {
        int which = sigtimedwait(ends, NULL, &SECOND);
        struct retort_error error;
        metrics_count(&server->counters, METRIC_LATE,
                      connections_sweep(&server->connections, connections_now()));
        if (!auth_refresh(server->auth, &error) && options->said)
            options->said(options->context, error.message);
        if (n % GIVE_BACK_SECONDS == 0)
            give_back(&worked);
        if (which == SIGTERM || which == SIGINT || (which == SIGHUP && !options->auth))
            return;
    }
}

static bool run(struct server *server, struct retort_error *error)
{
    struct front *front;
    struct retort_buffer url = {0};
    sigset_t ends;
    hold_signals(&ends);
    bool opened = jobs_open(&server->jobs, server, front_resume, error) &&
                  front_open(&front, server, &url, error);
    if (opened) {
        server->options->ready(server->options->context, (const char *)url.data);
        wait_for(&ends, server);
        front_quiesce(front);
    }
    jobs_close(&server->jobs);
    if (opened)
        front_close(front);
    jobs_release(&server->jobs);
    close_loops(server);
    retort_buffer_release(&url);
    return opened;
}

static bool check_listen(const struct retort_serve_options *options, struct retort_error *error)
{
    return listen_can_be_read(options->listen, error) &&
           (options->auth || listen_is_loopback(options->listen) ||
            retort_fail(error, RETORT_USAGE,
                        "others can reach %s: say who may come in with --auth-file FILE, which "
                        "`retort user add NAME` makes",
                        options->listen));
}

bool retort_serve(const struct retort_serve_options *options, struct retort_error *error)
{
    struct server server = {.options = options, .mutex = PTHREAD_MUTEX_INITIALIZER};
    leases_init(&server.leases);
    dashboard_init(&server.dashboard);
    connections_init(&server.connections);
    bool done = check_listen(options, error) &&
                auth_open(&server.auth, options->auth, options->user, error) &&
                hold_store(&server, error) &&
                retort_models_open(&server.models, options->models, error) && run(&server, error);
    retort_store_close(server.store);
    connections_release(&server.connections);
    retort_cutter_close(server.cutter);
    retort_models_close(&server.models);
    auth_close(server.auth);
    dashboard_release(&server.dashboard);
    leases_release(&server.leases);
    return done;
}
