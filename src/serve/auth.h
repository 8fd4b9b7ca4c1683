/* auth: who asks, and may they?
 *
 * With an auth file, people are its users, each with a role and a slow hash of a password, and
 * programs are its clients, each with the hash of a key. Without one (on loopback only), a person
 * is who they say they are, and may do everything: their cookie is their name. Either way what a
 * browser changes must carry the page token, which only a page of ours can have read: the keyed
 * hash of the cookie, or of none. So a visitor who has not signed in costs no memory, and no flood
 * of them can push out the sessions of others. Sessions live in memory and end with the server. */
#ifndef SERVE_AUTH_H
#define SERVE_AUTH_H

#include "serve/http.h"

enum {
    AUTH_NAME = 65,                  /* a name's bytes, with the NUL */
    AUTH_COOKIE = 64 + 1 + 128 + 1,  /* id, and without an auth file .NAME in digits */
    AUTH_SESSIONS = 1024,            /* at once; the least used makes room */
    AUTH_SESSIONS_A_NAME = 16,       /* of one person */
    AUTH_IDLE_SECONDS = 12 * 3600,   /* a session ends when it is not used for so long, */
    AUTH_MOST_SECONDS = 7 * 86400,   /* or at last */
    AUTH_FREE_FAILURES = 3,          /* wrong passwords before a name has to wait */
    AUTH_MOST_WAIT = 60,             /* seconds */
    AUTH_FORGIVEN_SECONDS = 15 * 60, /* after so long without a failure they are forgotten */
};

/* ---- the auth file ---- */

struct auth_user {
    const char *name;
    enum role role;   /* ROLE_NOBODY: a client of /v1alpha1 */
    const char *hash; /* argon2id; a client's: SHA-256 of its key, as digits */
};

struct auth_users {
    struct retort_arena arena;
    struct auth_user *users; /* in the order of the file */
    size_t n_users, n_clients;
};

/* A line a user: NAME ROLE HASH; or NAME client sha256:DIGITS; # begins a comment line. The first
 * line that is anything else is said as path:line. Released by the caller, also on failure. */
bool auth_users_parse(struct auth_users *users, struct retort_span bytes, const char *path,
                      struct retort_error *error);
/* The same from a file that only its owner and their group may read and nobody else write. */
bool auth_users_read(struct auth_users *users, const char *path, struct retort_error *error);
void auth_users_release(struct auth_users *users);
const struct auth_user *auth_users_find(const struct auth_users *users, const char *name);
const char *auth_role_name(enum role role);
/* 1 to 64 bytes of UTF-8 without control characters, and without blanks unless they are fine. */
bool auth_name_check(struct retort_span name, bool blanks);

/* ---- who asks ---- */

struct auth;

/* path: the auth file, or NULL for none, where default_name is who asks until they say more. */
bool auth_open(struct auth **auth, const char *path, const char *default_name,
               struct retort_error *error);
void auth_close(struct auth *auth);          /* NULL is fine */
bool auth_demanded(const struct auth *auth); /* is there an auth file? */
/* Reads the file again if it has changed. On failure the old users stay. */
bool auth_refresh(struct auth *auth, struct retort_error *error);

struct auth_visitor {
    char name[AUTH_NAME]; /* "": nobody */
    enum role role;
    bool has_cookie;               /* and it is one of ours, by its form */
    char token[RETORT_SECRET_HEX]; /* the page token */
};

/* now: seconds of a clock that only goes forward. cookie: its value, empty for none; what has not
 * the form of ours is none. */
void auth_visit(struct auth *auth, struct retort_span cookie, int64_t now,
                struct auth_visitor *visitor);
bool auth_token_fits(const struct auth_visitor *visitor, const char *token); /* NULL: none sent */

enum auth_answer {
    AUTH_WELCOME,
    AUTH_WRONG,    /* name or password: which, is not said */
    AUTH_WAIT,     /* after too many failures, or while others sign in */
    AUTH_BAD_NAME, /* empty, too long, no UTF-8, or with control characters */
};

/* May take a tenth of a second, so never on the event loop. Fills the cookie of a new session, or
 * how many seconds to wait. */
enum auth_answer auth_sign_in(struct auth *auth, struct retort_span name,
                              struct retort_span password, int64_t now, char cookie[AUTH_COOKIE],
                              int64_t *wait);
void auth_sign_out(struct auth *auth, struct retort_span cookie);

/* Clients of /v1alpha1. Where the file has no client, everybody may ask; but what is kept (a
 * decision, a stored comment) must be a client's wherever there is a file. key NULL: none sent. */
bool auth_key_fits(struct auth *auth, const char *key, bool is_kept);

/* ---- parts, for auth.c and the tests ---- */

/* Sessions by what only the server can compute of their cookie: looking one up tells nothing by
 * its time. */
struct auth_session {
    uint8_t token[RETORT_SECRET];
    char name[AUTH_NAME]; /* "": free */
    uint64_t hash;        /* of the password's hash: another password ends the session */
    int64_t begun, used;
};
struct auth_sessions {
    struct auth_session *sessions; /* [AUTH_SESSIONS] */
};
void auth_sessions_init(struct auth_sessions *sessions);
void auth_sessions_release(struct auth_sessions *sessions);
struct auth_session *auth_sessions_add(struct auth_sessions *sessions, const char *name,
                                       int64_t now);
/* NULL: there is none, or it has ended. Marks it as used. */
struct auth_session *auth_sessions_find(struct auth_sessions *sessions,
                                        const uint8_t token[RETORT_SECRET], int64_t now);
void auth_sessions_end(struct auth_session *session);

/* Wrong passwords, by name, known or not: a name waits twice as long after each. */
struct auth_failure {
    uint64_t name; /* its hash under a secret seed */
    unsigned n_failures;
    int64_t last;
};
struct auth_throttle {
    uint64_t seed;
    struct auth_failure failures[AUTH_SESSIONS];
};
/* Seconds until the name may try again; 0: now. */
int64_t auth_throttle_wait(const struct auth_throttle *throttle, struct retort_span name,
                           int64_t now);
void auth_throttle_failed(struct auth_throttle *throttle, struct retort_span name, int64_t now);
void auth_throttle_forget(struct auth_throttle *throttle, struct retort_span name);

#endif
