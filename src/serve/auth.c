/* Who asks: users, sessions and failures behind one lock, which is never held while a password is
 * checked. That has a lock of its own, with one who checks and one who waits; more are sent away,
 * so that a flood of wrong passwords takes no more than two threads of work and 64 MB. */
#include "serve/auth.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>

enum { ID_DIGITS = 64, MOST_SIGNING_IN = 2 };

/* No password has this hash; checking one against it takes as long as against any other. */
static const char NOBODYS_HASH[RETORT_PASSWORD_HASH] =
    "$argon2id$v=19$m=65536,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA"
    "$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

struct auth {
    const char *path; /* NULL: no auth file */
    char default_name[AUTH_NAME];
    uint8_t key[RETORT_SECRET]; /* what tokens are signed with */
    pthread_mutex_t lock;       /* of all that follows */
    struct auth_users users;
    struct stat read_as; /* the file when it was read; all 0: it was not there */
    struct auth_sessions sessions;
    struct auth_throttle throttle;
    unsigned n_signing_in;
    pthread_mutex_t slow; /* held while a password is checked */
};

static bool same_file(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
           a->st_mode == b->st_mode && a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
           a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool auth_open(struct auth **opened, const char *path, const char *default_name,
               struct retort_error *error)
{
    struct auth *auth = *opened = retort_grow(NULL, 1, sizeof *auth);
    *auth = (struct auth){.path = path, .read_as = {.st_size = -1}}; /* not read yet */
    snprintf(auth->default_name, sizeof auth->default_name, "%s",
             auth_name_check(retort_span_of(default_name), true) ? default_name : "reviewer");
    pthread_mutex_init(&auth->lock, NULL);
    pthread_mutex_init(&auth->slow, NULL);
    retort_secret_make(auth->key);
    uint8_t seed[RETORT_SECRET];
    retort_secret_make(seed);
    memcpy(&auth->throttle.seed, seed, sizeof auth->throttle.seed);
    auth_sessions_init(&auth->sessions);
    return !path || auth_refresh(auth, error);
}

void auth_close(struct auth *auth)
{
    if (!auth)
        return;
    auth_users_release(&auth->users);
    auth_sessions_release(&auth->sessions);
    pthread_mutex_destroy(&auth->lock);
    pthread_mutex_destroy(&auth->slow);
    retort_secret_wipe(auth, sizeof *auth);
    free(auth);
}

bool auth_demanded(const struct auth *auth)
{
    return auth->path != NULL;
}

bool auth_refresh(struct auth *auth, struct retort_error *error)
{
    struct auth_users users, old;
    struct stat status = {0};
    if (auth->path && stat(auth->path, &status) != 0)
        status = (struct stat){0};
    if (!auth->path || same_file(&status, &auth->read_as))
        return true;
    bool good = auth_users_read(&users, auth->path, error);
    pthread_mutex_lock(&auth->lock);
    auth->read_as = status; /* a broken file is said once */
    old = auth->users;
    if (good)
        auth->users = users;
    pthread_mutex_unlock(&auth->lock);
    auth_users_release(good ? &old : &users);
    return good;
}

/* ---- cookies ---- */

static bool is_digit(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f');
}

static size_t count_digits(struct retort_span text)
{
    size_t n = 0;
    while (n < text.len && is_digit(text.data[n]))
        n++;
    return n;
}

/* The name that follows the id: "" where there is none; false when it is no cookie of ours. */
static bool read_cookie(struct retort_span cookie, char name[AUTH_NAME])
{
    name[0] = 0;
    if (cookie.len < ID_DIGITS || count_digits(retort_span_slice(cookie, 0, ID_DIGITS)) < ID_DIGITS)
        return false;
    if (cookie.len == ID_DIGITS)
        return true;
    struct retort_span digits = retort_span_slice(cookie, ID_DIGITS + 1, cookie.len);
    size_t len = digits.len / 2;
    if (cookie.data[ID_DIGITS] != '.' || digits.len % 2 || len == 0 || len >= AUTH_NAME ||
        count_digits(digits) < digits.len)
        return false;
    for (size_t i = 0; i < len; i++) {
        uint8_t high = digits.data[2 * i], low = digits.data[2 * i + 1];
        name[i] = (char)((high <= '9' ? high - '0' : high - 'a' + 10) * 16 +
                         (low <= '9' ? low - '0' : low - 'a' + 10));
    }
    name[len] = 0;
    return auth_name_check((struct retort_span){(const uint8_t *)name, len}, true);
}

static void make_cookie(char cookie[AUTH_COOKIE])
{
    uint8_t id[RETORT_SECRET];
    retort_secret_make(id);
    retort_secret_hex(id, cookie);
}

static void put_name(char cookie[AUTH_COOKIE], struct retort_span name)
{
    char *at = cookie + ID_DIGITS;
    *at++ = '.';
    for (size_t i = 0; i < name.len; i++)
        at += snprintf(at, 3, "%02x", name.data[i]);
}

/* ---- visits ---- */

static bool is_of(const struct auth_session *session, const struct auth_user *user)
{
    return user && user->role != ROLE_NOBODY &&
           session->hash == retort_hash(retort_span_of(user->hash), 0);
}

static void visit_session(struct auth *auth, const uint8_t token[RETORT_SECRET], int64_t now,
                          struct auth_visitor *visitor)
{
    pthread_mutex_lock(&auth->lock);
    struct auth_session *session = auth_sessions_find(&auth->sessions, token, now);
    const struct auth_user *user = session ? auth_users_find(&auth->users, session->name) : NULL;
    if (session && is_of(session, user)) {
        snprintf(visitor->name, sizeof visitor->name, "%s", user->name);
        visitor->role = user->role;
    } else if (session) {
        auth_sessions_end(session); /* the user is gone, or has another password */
    }
    pthread_mutex_unlock(&auth->lock);
}

void auth_visit(struct auth *auth, struct retort_span cookie, int64_t now,
                struct auth_visitor *visitor)
{
    uint8_t token[RETORT_SECRET];
    *visitor = (struct auth_visitor){0};
    bool ours = read_cookie(cookie, visitor->name);
    retort_secret_sign(auth->key, ours ? cookie : RETORT_SPAN(""), token);
    retort_secret_hex(token, visitor->token);
    if (!auth->path) {
        visitor->role = ROLE_ADMIN;
        if (!ours || !visitor->name[0])
            memcpy(visitor->name, auth->default_name, AUTH_NAME);
        return;
    }
    visitor->name[0] = 0;
    if (ours)
        visit_session(auth, token, now, visitor);
}

bool auth_token_fits(const struct auth_visitor *visitor, const char *token)
{
    return token && retort_secret_equal(retort_span_of(token), retort_span_of(visitor->token));
}

/* ---- signing in ---- */

/* A copy of the hash to check the password against, so that the lock need not be held. */
static void copy_hash(struct auth *auth, struct retort_span name, char hash[RETORT_PASSWORD_HASH])
{
    char terminated[AUTH_NAME] = "";
    memcpy(hash, NOBODYS_HASH, RETORT_PASSWORD_HASH);
    if (name.len >= AUTH_NAME || memchr(name.data, 0, name.len))
        return;
    memcpy(terminated, name.data, name.len);
    const struct auth_user *user = auth_users_find(&auth->users, terminated);
    if (user && user->role != ROLE_NOBODY)
        snprintf(hash, RETORT_PASSWORD_HASH, "%s", user->hash);
}

static void begin_session(struct auth *auth, struct retort_span name, const char *hash, int64_t now,
                          char cookie[AUTH_COOKIE])
{
    char terminated[AUTH_NAME] = "";
    memcpy(terminated, name.data, name.len);
    struct auth_session *session = auth_sessions_add(&auth->sessions, terminated, now);
    make_cookie(cookie);
    retort_secret_sign(auth->key, retort_span_of(cookie), session->token);
    session->hash = retort_hash(retort_span_of(hash), 0);
}

/* 0: the password may be checked, and this visitor is counted among those who sign in. */
static int64_t begin_signing_in(struct auth *auth, struct retort_span name, int64_t now,
                                char hash[RETORT_PASSWORD_HASH])
{
    pthread_mutex_lock(&auth->lock);
    int64_t wait = auth_throttle_wait(&auth->throttle, name, now);
    if (wait == 0 && auth->n_signing_in >= MOST_SIGNING_IN)
        wait = 1;
    auth->n_signing_in += wait == 0;
    copy_hash(auth, name, hash);
    pthread_mutex_unlock(&auth->lock);
    return wait;
}

static void end_signing_in(struct auth *auth, struct retort_span name, const char *hash,
                           int64_t now, char *cookie)
{
    pthread_mutex_lock(&auth->lock);
    auth->n_signing_in--;
    if (cookie) {
        auth_throttle_forget(&auth->throttle, name);
        begin_session(auth, name, hash, now, cookie);
    } else {
        auth_throttle_failed(&auth->throttle, name, now);
    }
    pthread_mutex_unlock(&auth->lock);
}

enum auth_answer auth_sign_in(struct auth *auth, struct retort_span name,
                              struct retort_span password, int64_t now, char cookie[AUTH_COOKIE],
                              int64_t *wait)
{
    char hash[RETORT_PASSWORD_HASH];
    *wait = 0;
    if (!auth_name_check(name, true))
        return AUTH_BAD_NAME;
    if (!auth->path) {
        make_cookie(cookie);
        put_name(cookie, name);
        return AUTH_WELCOME;
    }
    *wait = begin_signing_in(auth, name, now, hash);
    if (*wait > 0)
        return AUTH_WAIT;
    pthread_mutex_lock(&auth->slow);
    bool fits = retort_password_fits(password, hash);
    pthread_mutex_unlock(&auth->slow);
    end_signing_in(auth, name, hash, now, fits ? cookie : NULL);
    retort_secret_wipe(hash, sizeof hash);
    return fits ? AUTH_WELCOME : AUTH_WRONG;
}

void auth_sign_out(struct auth *auth, struct retort_span cookie)
{
    uint8_t token[RETORT_SECRET];
    retort_secret_sign(auth->key, cookie, token);
    pthread_mutex_lock(&auth->lock);
    struct auth_session *session = auth_sessions_find(&auth->sessions, token, 0);
    if (session)
        auth_sessions_end(session);
    pthread_mutex_unlock(&auth->lock);
}

/* ---- clients ---- */

bool auth_key_fits(struct auth *auth, const char *key, bool is_kept)
{
    char digits[RETORT_SHA256_HEX];
    retort_sha256(retort_span_of(key ? key : ""), digits);
    pthread_mutex_lock(&auth->lock);
    bool fits = auth->users.n_clients == 0 && !(is_kept && auth->path);
    for (size_t i = 0; key && !fits && i < auth->users.n_users; i++) {
        const struct auth_user *user = &auth->users.users[i];
        fits = user->role == ROLE_NOBODY &&
               retort_secret_equal(retort_span_of(user->hash), retort_span_of(digits));
    }
    pthread_mutex_unlock(&auth->lock);
    return fits;
}
