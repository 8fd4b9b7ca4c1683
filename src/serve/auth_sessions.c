/* Sessions and wrong passwords: two small tables whose size nobody outside can make grow. */
#include "serve/auth.h"

#include <stdlib.h>

void auth_sessions_init(struct auth_sessions *sessions)
{
    sessions->sessions = retort_grow(NULL, AUTH_SESSIONS, sizeof *sessions->sessions);
    memset(sessions->sessions, 0, AUTH_SESSIONS * sizeof *sessions->sessions);
}

void auth_sessions_release(struct auth_sessions *sessions)
{
    if (sessions->sessions)
        retort_secret_wipe(sessions->sessions, AUTH_SESSIONS * sizeof *sessions->sessions);
    free(sessions->sessions);
    sessions->sessions = NULL;
}

static bool has_ended(const struct auth_session *session, int64_t now)
{
    return !session->name[0] || now - session->used > AUTH_IDLE_SECONDS ||
           now - session->begun > AUTH_MOST_SECONDS;
}

static bool is_older(const struct auth_session *session, const struct auth_session *than)
{
    return !than || session->used < than->used;
}

struct auth_session *auth_sessions_add(struct auth_sessions *sessions, const char *name,
                                       int64_t now)
{
    struct auth_session *ended = NULL, *oldest = NULL, *own = NULL;
    size_t n_own = 0;
    for (size_t i = 0; i < AUTH_SESSIONS; i++) {
        struct auth_session *session = &sessions->sessions[i];
        if (has_ended(session, now)) {
            ended = session;
            continue;
        }
        if (is_older(session, oldest))
            oldest = session;
        if (strcmp(session->name, name) != 0)
            continue;
        n_own++;
        if (is_older(session, own))
            own = session;
    }
    struct auth_session *taken = n_own >= AUTH_SESSIONS_A_NAME ? own : ended ? ended : oldest;
    *taken = (struct auth_session){.begun = now, .used = now};
    snprintf(taken->name, sizeof taken->name, "%s", name);
    return taken;
}

struct auth_session *auth_sessions_find(struct auth_sessions *sessions,
                                        const uint8_t token[RETORT_SECRET], int64_t now)
{
    for (size_t i = 0; i < AUTH_SESSIONS; i++) {
        struct auth_session *session = &sessions->sessions[i];
        if (!session->name[0] || memcmp(session->token, token, RETORT_SECRET) != 0)
            continue;
        if (has_ended(session, now)) {
            auth_sessions_end(session);
            return NULL;
        }
        session->used = now;
        return session;
    }
    return NULL;
}

void auth_sessions_end(struct auth_session *session)
{
    retort_secret_wipe(session, sizeof *session);
}

/* ---- wrong passwords ---- */

static bool is_forgiven(const struct auth_failure *failure, int64_t now)
{
    return failure->n_failures == 0 || now - failure->last > AUTH_FORGIVEN_SECONDS;
}

static struct auth_failure *find_failure(const struct auth_throttle *throttle,
                                         struct retort_span name)
{
    uint64_t hash = retort_hash(name, throttle->seed);
    for (size_t i = 0; i < AUTH_SESSIONS; i++)
        if (throttle->failures[i].n_failures && throttle->failures[i].name == hash)
            return (struct auth_failure *)&throttle->failures[i];
    return NULL;
}

int64_t auth_throttle_wait(const struct auth_throttle *throttle, struct retort_span name,
                           int64_t now)
{
    const struct auth_failure *failure = find_failure(throttle, name);
    if (!failure || is_forgiven(failure, now) || failure->n_failures < AUTH_FREE_FAILURES)
        return 0;
    unsigned doublings = failure->n_failures - AUTH_FREE_FAILURES;
    int64_t wait = doublings < 6 ? INT64_C(1) << doublings : AUTH_MOST_WAIT;
    int64_t left = failure->last + wait - now;
    return left > 0 ? left : 0;
}

void auth_throttle_failed(struct auth_throttle *throttle, struct retort_span name, int64_t now)
{
    struct auth_failure *failure = find_failure(throttle, name), *oldest = throttle->failures;
    for (size_t i = 0; !failure && i < AUTH_SESSIONS; i++)
        if (throttle->failures[i].last < oldest->last)
            oldest = &throttle->failures[i];
    if (!failure || is_forgiven(failure, now)) {
        failure = failure ? failure : oldest;
        *failure = (struct auth_failure){.name = retort_hash(name, throttle->seed)};
    }
    failure->n_failures++;
    failure->last = now;
}

void auth_throttle_forget(struct auth_throttle *throttle, struct retort_span name)
{
    struct auth_failure *failure = find_failure(throttle, name);
    if (failure)
        *failure = (struct auth_failure){0};
}
