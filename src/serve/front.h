/* front (private to serve): HTTP by libmicrohttpd, its event loops, and what every request passes
 * before a handler sees it. */
#ifndef RETORT_SERVE_FRONT_H
#define RETORT_SERVE_FRONT_H

#include "serve/http.h"

struct front; /* opaque: the daemon */

/* Listens at options->listen and serves; url receives the address as a person would type it. */
bool front_open(struct front **front, struct server *server, struct retort_buffer *url,
                struct retort_error *error);
/* No new connections; what has begun goes on. */
void front_quiesce(struct front *front);
/* Ends all connections. Nothing may wait for a worker any more. */
void front_close(struct front *front);
/* For jobs: an exchange was answered by a worker. */
void front_resume(struct exchange *exchange);

/* listen.c: a listening socket at "ADDRESS:PORT", −1 and the error when there is none; url receives
 * "http://ADDRESS:PORT/" with the port that it got. */
int listen_at(const char *address, struct retort_buffer *url, struct retort_error *error);
/* Is it ADDRESS:PORT at all? */
bool listen_can_be_read(const char *address, struct retort_error *error);

/* hosts.c: does only this machine reach it? Is the header Host, "NAME:PORT", one of ours? */
bool listen_is_loopback(const char *address);
bool host_fits(const struct retort_serve_options *options, struct retort_span host);

/* admit.c: is this request let in: host, origin, who asks and what they may. False: it was
 * answered. */
bool admit(struct exchange *exchange);
/* Seconds of a clock that only goes forward. */
int64_t front_now(void);

#endif
