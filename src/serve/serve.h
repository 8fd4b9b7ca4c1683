/* serve: the review page and the API over HTTP, in front of store, review and models.
 *
 * Two kinds of thread. The event loops (libmicrohttpd, epoll) read requests and answer at once what
 * is only computed: a comment analysed, a file of the page. What touches the review file may have
 * to wait for a disk or a lock: its connection is suspended, and one of a few workers, each with
 * its own connection to the store, answers it. So a slow disk never delays an analysis.
 *
 * All that is said of a comment comes from outside and is written by one escaping writer (base's
 * retort_json_put); the page builds its elements from text alone. */
#ifndef RETORT_SERVE_H
#define RETORT_SERVE_H

#include "base/base.h"
#include "model/model.h"

struct retort_serve_options {
    const char *version;  /* of the program */
    const char *db;       /* the review file; made when absent */
    const char *listen;   /* "ADDRESS:PORT"; port 0: any that is free */
    const char *user;     /* who a person is until they say */
    const char *auth;     /* the auth file; NULL: none, which only loopback addresses may have */
    const char *hosts;    /* more names that are ours, "NAME,NAME", behind a proxy; NULL: none */
    const char *models;   /* their directory */
    const char *splitter; /* path of the splitter's model, opened when first needed */
    bool
        store_analyzed; /* comments that are sent to be analysed are kept, unless they say not to */
    unsigned n_loops;   /* event loops; 0: one a processor */
    /* Called once, when requests are accepted; the URL ends in a slash. */
    void (*ready)(void *context, const char *url);
    /* Called when something is wrong that the server can live with. */
    void (*said)(void *context, const char *message);
    void *context;
};

/* Serves until SIGTERM or SIGINT, finishes what it has begun and returns. The auth file is read
 * again when it has changed. RETORT_USAGE: an address that is none, or one that others reach
 * without an auth file; RETORT_RUNTIME: it cannot be had; RETORT_REFUSED: store, models or auth
 * file. */
bool retort_serve(const struct retort_serve_options *options, struct retort_error *error);

/* ---- the auth file: who may use a server (retort user) ---- */

#define RETORT_DEFAULT_AUTH "retort.auth"

/* Adds a user, or gives one that is there another password and role (reader, reviewer, admin). The
 * file is made where there is none; only its owner can read it. */
bool retort_users_add(const char *path, const char *name, const char *role,
                      struct retort_span password, struct retort_error *error);
/* Adds a client of /v1alpha1, or gives it another key. Only the key's hash is kept. */
bool retort_users_key(const char *path, const char *name, char key[RETORT_SECRET_HEX],
                      struct retort_error *error);
bool retort_users_remove(const char *path, const char *name, struct retort_error *error);
/* A line a user: role and name, in the order of the file. */
bool retort_users_list(const char *path, struct retort_buffer *out, struct retort_error *error);

/* "libmicrohttpd 0.9.75" */
void retort_serve_libraries(struct retort_buffer *out);

#endif
