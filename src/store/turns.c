/* Taking turns: one process writes at a time, and who writes for long must let the others in.
 *
 * SQLite keeps no queue for its write lock: who waits asks again now and then, and whoever has just
 * let go has it back before they do. So a writer that held it long sleeps a moment before it begins
 * again, and who waits asks more often than that moment is long. Then a person's decision waits for
 * one turn of a large import, not for all of it. */
#include "store/sql.h"

#include <time.h>

enum { TURN_MS = 150, PAUSE_MS = 4, ASK_MS = 1 };

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

bool retort_store_is_due(const struct retort_store *store)
{
    return now_ms() - store->turn.begun >= TURN_MS;
}

void store_turn_begin(struct retort_store *store)
{
    if (store->turn.was_long)
        sqlite3_sleep(PAUSE_MS);
    store->turn.was_long = false;
}

void store_turn_begun(struct retort_store *store)
{
    store->turn.begun = now_ms();
}

void store_turn_end(struct retort_store *store)
{
    store->turn.was_long = retort_store_is_due(store);
}

/* SQLite's own handler waits ever longer between two questions, up to a tenth of a second. */
static int ask_again(void *context, int n_asked)
{
    struct retort_store *store = context;
    if (n_asked == 0)
        store->turn.waits_since = now_ms();
    if (now_ms() - store->turn.waits_since >= store->turn.most_wait)
        return 0;
    sqlite3_sleep(ASK_MS);
    return 1;
}

void store_turn_wait(struct retort_store *store, unsigned busy_ms)
{
    store->turn.most_wait = busy_ms;
    sqlite3_busy_handler(store->db, ask_again, store);
}

void retort_store_patience(struct retort_store *store, unsigned busy_ms)
{
    store->turn.most_wait = busy_ms;
}
