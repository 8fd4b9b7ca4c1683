/* Leases: a short unordered array under a mutex. Every call first drops what has expired, so the
 * array holds only what people have before them now: a handful, and looking through it is cheaper
 * than any index. */
#include "serve/lease.h"

#include <stdlib.h>
#include <time.h>

int64_t lease_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

void leases_init(struct leases *leases)
{
    *leases = (struct leases){0};
    pthread_mutex_init(&leases->mutex, NULL);
}

void leases_release(struct leases *leases)
{
    pthread_mutex_destroy(&leases->mutex);
    free(leases->all);
}

/* ---- under the mutex ---- */

static uint64_t person_of(const char *name)
{
    return retort_hash(retort_span_of(name), 0);
}

static bool is_of(const struct lease *lease, uint64_t person, const char *name)
{
    return lease->person == person && strcmp(lease->name, name) == 0;
}

static void drop(struct leases *leases, size_t at)
{
    leases->all[at] = leases->all[--leases->n];
}

static void drop_expired(struct leases *leases, int64_t now)
{
    for (size_t i = leases->n; i-- > 0;)
        if (leases->all[i].until <= now)
            drop(leases, i);
}

static struct lease *find(struct leases *leases, int64_t comment)
{
    for (size_t i = 0; i < leases->n; i++)
        if (leases->all[i].comment == comment)
            return &leases->all[i];
    return NULL;
}

/* A person with many tabs keeps those used last. */
static void make_room(struct leases *leases, uint64_t person, const char *name)
{
    size_t held = 0, oldest = 0;
    for (size_t i = 0; i < leases->n; i++) {
        if (!is_of(&leases->all[i], person, name))
            continue;
        if (held == 0 || leases->all[i].until < leases->all[oldest].until)
            oldest = i;
        held++;
    }
    if (held >= LEASES_A_PERSON)
        drop(leases, oldest);
}

static bool add(struct leases *leases, int64_t comment, const char *name, int64_t now)
{
    uint64_t person = person_of(name);
    make_room(leases, person, name);
    if (leases->n == MOST_LEASES)
        return false;
    if (leases->n == leases->capacity) {
        leases->capacity = leases->capacity ? 2 * leases->capacity : 16;
        leases->all = retort_grow(leases->all, leases->capacity, sizeof *leases->all);
    }
    struct lease *lease = &leases->all[leases->n++];
    *lease = (struct lease){.comment = comment, .until = now + LEASE_SECONDS, .person = person};
    memcpy(lease->name, name, strlen(name) + 1);
    return true;
}

/* The person's own lease of the comment. */
static struct lease *own(struct leases *leases, int64_t comment, const char *name)
{
    struct lease *lease = find(leases, comment);
    return lease && is_of(lease, person_of(name), name) ? lease : NULL;
}

/* ---- what handlers call ---- */

bool lease_take(struct leases *leases, int64_t comment, const char *name, int64_t now)
{
    bool taken = strlen(name) < LEASE_NAME;
    pthread_mutex_lock(&leases->mutex);
    drop_expired(leases, now);
    struct lease *held = find(leases, comment);
    if (held && !is_of(held, person_of(name), name))
        taken = false;
    else if (held)
        held->until = now + LEASE_SECONDS;
    else
        taken = taken && add(leases, comment, name, now);
    pthread_mutex_unlock(&leases->mutex);
    return taken;
}

void lease_give_back(struct leases *leases, int64_t comment, const char *name)
{
    pthread_mutex_lock(&leases->mutex);
    struct lease *lease = own(leases, comment, name);
    if (lease)
        drop(leases, (size_t)(lease - leases->all));
    pthread_mutex_unlock(&leases->mutex);
}

static bool is_kept(int64_t comment, const int64_t *keep, size_t n_keep)
{
    for (size_t i = 0; i < n_keep; i++)
        if (keep[i] == comment)
            return true;
    return false;
}

void lease_give_back_all(struct leases *leases, const char *name, const int64_t *keep,
                         size_t n_keep)
{
    uint64_t person = person_of(name);
    pthread_mutex_lock(&leases->mutex);
    for (size_t i = leases->n; i-- > 0;)
        if (is_of(&leases->all[i], person, name) && !is_kept(leases->all[i].comment, keep, n_keep))
            drop(leases, i);
    pthread_mutex_unlock(&leases->mutex);
}

bool lease_holder(struct leases *leases, int64_t comment, int64_t now, char holder[LEASE_NAME])
{
    pthread_mutex_lock(&leases->mutex);
    const struct lease *lease = find(leases, comment);
    bool held = lease && lease->until > now;
    if (held)
        memcpy(holder, lease->name, LEASE_NAME);
    pthread_mutex_unlock(&leases->mutex);
    return held;
}

bool lease_is_others(struct leases *leases, int64_t comment, const char *name, int64_t now)
{
    char holder[LEASE_NAME];
    return lease_holder(leases, comment, now, holder) && strcmp(holder, name) != 0;
}

void lease_remember(struct leases *leases, int64_t comment, const char *name, const char *task,
                    int64_t selection)
{
    pthread_mutex_lock(&leases->mutex);
    struct lease *lease = own(leases, comment, name);
    if (lease && strlen(task) < sizeof lease->task) {
        memcpy(lease->task, task, strlen(task) + 1);
        lease->selection = selection;
    }
    pthread_mutex_unlock(&leases->mutex);
}

int64_t lease_selection(struct leases *leases, int64_t comment, const char *name, const char *task)
{
    pthread_mutex_lock(&leases->mutex);
    const struct lease *lease = own(leases, comment, name);
    int64_t selection = lease && strcmp(lease->task, task) == 0 ? lease->selection : 0;
    pthread_mutex_unlock(&leases->mutex);
    return selection;
}
