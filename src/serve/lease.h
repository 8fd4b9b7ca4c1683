/* lease (private to serve): who has which comment before them, so that no two people judge the same
 * one at a time.
 *
 * In memory only: a lease is a courtesy of minutes, and after a restart of the server each page
 * asks for its own again. It ends when it is given back or has not been renewed for LEASE_SECONDS,
 * for browsers close without a word. Times are seconds of any clock that never goes back, handed
 * in. */
#ifndef RETORT_SERVE_LEASE_H
#define RETORT_SERVE_LEASE_H

#include "base/base.h"

#include <pthread.h>

enum {
    LEASE_SECONDS = 300,
    LEASES_A_PERSON = 4, /* one more takes the place of the person's oldest */
    MOST_LEASES = 4096,
    LEASE_NAME = 256, /* bytes of a person's name, with its NUL */
};

struct lease {
    int64_t comment, until;
    uint64_t person;   /* hash of the name, looked at before the name is */
    int64_t selection; /* how the comment came to be given; 0: was not drawn */
    char task[64];     /* that the selection is for */
    char name[LEASE_NAME];
};

struct leases {
    pthread_mutex_t mutex;
    struct lease *all; /* those in force stand first; no order */
    size_t n, capacity;
};

void leases_init(struct leases *leases);
void leases_release(struct leases *leases);

/* Takes the comment for this person, or renews what they hold. False: another holds it, or there is
 * no room, or the name is too long. */
bool lease_take(struct leases *leases, int64_t comment, const char *name, int64_t now);
/* Gives back what this person holds; of others' nothing happens. */
void lease_give_back(struct leases *leases, int64_t comment, const char *name);
/* All that they hold but the comments of keep[n_keep]. */
void lease_give_back_all(struct leases *leases, const char *name, const int64_t *keep,
                         size_t n_keep);
/* Who holds it, copied; false: nobody. */
bool lease_holder(struct leases *leases, int64_t comment, int64_t now, char holder[LEASE_NAME]);
bool lease_is_others(struct leases *leases, int64_t comment, const char *name, int64_t now);

/* Remembers with the lease that a draw gave this person the comment for a task. */
void lease_remember(struct leases *leases, int64_t comment, const char *name, const char *task,
                    int64_t selection);
/* That selection; 0: none for this task. */
int64_t lease_selection(struct leases *leases, int64_t comment, const char *name, const char *task);

/* Seconds of the clock that all of the server's leases are counted by. */
int64_t lease_clock(void);

#endif
