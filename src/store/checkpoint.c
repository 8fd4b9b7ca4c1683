/* Checkpoints of a load: what is in the log is taken over into the file by a thread of its own,
 * with a connection of its own, while the load goes on.
 *
 * A load writes everything twice, and what it waits for is the disk. SQLite takes the log over
 * inside a commit, so that the processor waits; here it works meanwhile. The log is begun anew only
 * when all of it was taken over and nobody writes, which beside a load that never pauses may not
 * come: when the log is long the load waits, and takes over the rest itself. */
#include "store/sql.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

struct store_checkpointer {
    const struct retort_store *store;
    sqlite3 *db; /* the thread's; NULL: it has not begun */
    pthread_t thread;
    pthread_mutex_t lock; /* of all that follows */
    pthread_cond_t changed;
    bool wanted, works, ends;
    int asked_at; /* the load's: how long the log was at the last request */
};

static void *work(void *context)
{
    struct store_checkpointer *checkpointer = context;
    pthread_mutex_lock(&checkpointer->lock);
    while (!checkpointer->ends) {
        while (!checkpointer->wanted && !checkpointer->ends)
            pthread_cond_wait(&checkpointer->changed, &checkpointer->lock);
        if (!checkpointer->wanted)
            continue;
        checkpointer->wanted = false;
        checkpointer->works = true;
        pthread_mutex_unlock(&checkpointer->lock);
        /* What fails here is tried again, by the next request or at the end. */
        sqlite3_wal_checkpoint_v2(checkpointer->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
        pthread_mutex_lock(&checkpointer->lock);
        checkpointer->works = false;
        pthread_cond_broadcast(&checkpointer->changed);
    }
    pthread_mutex_unlock(&checkpointer->lock);
    return NULL;
}

static void ask(struct store_checkpointer *checkpointer)
{
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->wanted = true;
    pthread_cond_broadcast(&checkpointer->changed);
    pthread_mutex_unlock(&checkpointer->lock);
}

static void take_over(struct store_checkpointer *checkpointer, sqlite3 *db)
{
    pthread_mutex_lock(&checkpointer->lock);
    checkpointer->wanted = false;
    while (checkpointer->works)
        pthread_cond_wait(&checkpointer->changed, &checkpointer->lock);
    pthread_mutex_unlock(&checkpointer->lock);
    sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
}

/* Signals are the process's own business. */
static bool start(struct store_checkpointer *checkpointer)
{
    sigset_t all, before;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(checkpointer->store->path, &checkpointer->db, flags, NULL) == SQLITE_OK &&
        sqlite3_exec(checkpointer->db, "PRAGMA synchronous = NORMAL", NULL, NULL, NULL) ==
            SQLITE_OK) {
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
        int failed = pthread_create(&checkpointer->thread, NULL, work, checkpointer);
        pthread_sigmask(SIG_SETMASK, &before, NULL);
        if (!failed)
            return true;
    }
    sqlite3_close(checkpointer->db);
    checkpointer->db = NULL;
    return false;
}

/* After each commit of the load, outside of any transaction. A load without a thread takes the log
 * over itself. */
static int committed(void *context, sqlite3 *db, const char *name, int n_pages)
{
    struct store_checkpointer *checkpointer = context;
    (void)name;
    if (n_pages < checkpointer->asked_at) /* it was begun anew */
        checkpointer->asked_at = 0;
    if (n_pages - checkpointer->asked_at < checkpointer->store->log_asked)
        return SQLITE_OK;
    checkpointer->asked_at = n_pages;
    if ((checkpointer->db || start(checkpointer)) && n_pages < checkpointer->store->log_most)
        ask(checkpointer);
    else
        take_over(checkpointer, db);
    return SQLITE_OK;
}

void store_checkpoint_beside(struct retort_store *store)
{
    struct store_checkpointer *made = calloc(1, sizeof *made);
    if (!made)
        retort_out_of_memory();
    made->store = store;
    pthread_mutex_init(&made->lock, NULL);
    pthread_cond_init(&made->changed, NULL);
    store->checkpointer = made;
    sqlite3_wal_hook(store->db, committed, made);
}

void store_checkpoint_end(struct retort_store *store)
{
    struct store_checkpointer *checkpointer = store->checkpointer;
    if (!checkpointer)
        return;
    if (checkpointer->db) {
        pthread_mutex_lock(&checkpointer->lock);
        checkpointer->ends = true;
        pthread_cond_broadcast(&checkpointer->changed);
        pthread_mutex_unlock(&checkpointer->lock);
        pthread_join(checkpointer->thread, NULL);
        sqlite3_close(checkpointer->db);
    }
    sqlite3_wal_checkpoint_v2(store->db, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    pthread_cond_destroy(&checkpointer->changed);
    pthread_mutex_destroy(&checkpointer->lock);
    free(checkpointer);
}
