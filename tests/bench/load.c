/* load: asks a server on this machine as fast as told, and says how long its answers took.
 *
 *     load --port N [--path P] [--bodies FILE] [--connections N] [--requests N] [--seconds N]
 *          [--rate N] [--header "Name: value"]
 *
 * One thread, one epoll, kept-alive connections with one request each on the way. Bodies are lines
 * of FILE, sent by POST one after the other; without FILE it is GET. With --rate the requests are
 * due at even intervals, and an answer's time counts from when its request was due, so that a
 * server that stalls is charged for all that it kept waiting (Tene's "coordinated omission");
 * without, each connection asks again at once. Always bounded in number and time; never leaves
 * 127.0.0.1.
 *
 * Prints one JSON object: counts by status, rate, and the percentiles of all times, none left out.
 */
#define _GNU_SOURCE /* epoll_pwait2: microseconds count */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    MOST_CONNECTIONS = 1000,
    MOST_REQUESTS = 20000000,
    MOST_SECONDS = 600,
    MOST_BODIES = 100000,
    ANSWER_ROOM = 1 << 20,
};

struct request {
    char *bytes;
    size_t len;
};

struct connection {
    int fd;      /* −1: closed */
    bool busy;   /* else it is in run->free */
    int64_t due; /* of the request on its way, nanoseconds */
    const struct request *request;
    size_t sent, received, wanted; /* wanted: bytes of the whole answer; 0: not known yet */
    unsigned status;
    char answer[4096]; /* its beginning */
};

struct run {
    unsigned port;
    const char *path, *bodies, *header;
    size_t n_connections, n_requests;
    double seconds, rate;
    struct request *requests;
    size_t n_bodies;
    struct connection *connections, **free; /* a ring: each has its turn */
    size_t first_free, n_free;
    int epoll;
    int64_t begun, ends;
    size_t n_sent, n_done, n_broken;
    size_t statuses[600];
    uint32_t *times; /* [n_done] microseconds; sorted at the end */
};

static void die(const char *why)
{
    fprintf(stderr, "load: %s%s%s\n", why, errno ? ": " : "", errno ? strerror(errno) : "");
    exit(1);
}

static void *need(void *memory)
{
    if (!memory)
        die("no memory");
    return memory;
}

static int64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* ---- requests ---- */

static struct request make_request(const struct run *run, const char *body, size_t len)
{
    size_t room = len + strlen(run->path) + strlen(run->header) + 256;
    char *bytes = need(malloc(room));
    int head = snprintf(bytes, room,
                        "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%u\r\n%s%s"
                        "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n",
                        run->bodies ? "POST" : "GET", run->path, run->port, run->header,
                        run->header[0] ? "\r\n" : "", len);
    memcpy(bytes + head, body, len);
    return (struct request){bytes, (size_t)head + len};
}

static void make_requests(struct run *run)
{
    run->requests = need(calloc(MOST_BODIES, sizeof *run->requests));
    if (!run->bodies) {
        run->requests[run->n_bodies++] = make_request(run, "", 0);
        return;
    }
    FILE *file = fopen(run->bodies, "r");
    char *line = NULL;
    size_t room = 0;
    if (!file)
        die(run->bodies);
    for (ssize_t len; run->n_bodies < MOST_BODIES && (len = getline(&line, &room, file)) > 0;)
        run->requests[run->n_bodies++] = make_request(run, line, (size_t)len);
    free(line);
    fclose(file);
    if (run->n_bodies == 0)
        die("no bodies");
}

/* ---- connections ---- */

static void open_connection(struct run *run, struct connection *connection)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)run->port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    connection->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connection->fd < 0 ||
        connect(connection->fd, (struct sockaddr *)&address, sizeof address) != 0)
        die("cannot connect");
    setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    epoll_ctl(run->epoll, EPOLL_CTL_ADD, connection->fd, &event);
}

static void set_free(struct run *run, struct connection *connection)
{
    if (connection->busy)
        run->free[(run->first_free + run->n_free++) % run->n_connections] = connection;
    connection->busy = false;
}

static void close_connection(struct run *run, struct connection *connection)
{
    close(connection->fd);
    connection->fd = -1;
    set_free(run, connection);
}

/* Requests are small: what the socket does not take at once is sent by blocking. */
static void ask(struct run *run, int64_t due)
{
    struct connection *connection = run->free[run->first_free];
    const struct request *request = &run->requests[run->n_sent % run->n_bodies];
    run->first_free = (run->first_free + 1) % run->n_connections;
    run->n_free--;
    if (connection->fd < 0)
        open_connection(run, connection);
    connection->busy = true;
    connection->due = due;
    connection->received = connection->wanted = 0;
    run->n_sent++;
    for (size_t sent = 0; sent < request->len;) {
        ssize_t put =
            send(connection->fd, request->bytes + sent, request->len - sent, MSG_NOSIGNAL);
        if (put <= 0) {
            run->n_broken++;
            close_connection(run, connection);
            return;
        }
        sent += (size_t)put;
    }
}

/* Knows how long the answer is once its head is there. */
static void read_head(struct connection *connection)
{
    connection
        ->answer[connection->received < sizeof connection->answer ? connection->received
                                                                  : sizeof connection->answer - 1] =
        0;
    const char *end = strstr(connection->answer, "\r\n\r\n");
    const char *length = strstr(connection->answer, "Content-Length: ");
    if (!end)
        return;
    connection->status = (unsigned)strtoul(connection->answer + strlen("HTTP/1.1 "), NULL, 10);
    connection->wanted = (size_t)(end + 4 - connection->answer) +
                         (length ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0);
}

static void finish(struct run *run, struct connection *connection)
{
    int64_t took = (now() - connection->due) / 1000;
    run->times[run->n_done++] = took > UINT32_MAX ? UINT32_MAX : (uint32_t)took;
    run->statuses[connection->status < 600 ? connection->status : 0]++;
    set_free(run, connection);
    if (strstr(connection->answer, "Connection: close"))
        close_connection(run, connection);
}

/* True: the answer is complete, and the connection free. */
static bool receive(struct run *run, struct connection *connection)
{
    static char rest[ANSWER_ROOM];
    size_t room = sizeof connection->answer - 1;
    bool head = connection->received < room && !connection->wanted;
    ssize_t got = head ? recv(connection->fd, connection->answer + connection->received,
                              room - connection->received, 0)
                       : recv(connection->fd, rest, sizeof rest, 0);
    if (got <= 0) {
        run->n_broken += connection->busy;
        close_connection(run, connection);
        return true;
    }
    connection->received += (size_t)got;
    if (!connection->wanted)
        read_head(connection);
    if (!connection->wanted || connection->received < connection->wanted)
        return false;
    finish(run, connection);
    return true;
}

/* ---- the run ---- */

static int64_t due_at(const struct run *run, size_t n)
{
    return run->begun + (int64_t)((double)n * 1e9 / run->rate);
}

static bool may_ask(const struct run *run, int64_t at)
{
    return run->n_sent < run->n_requests && at < run->ends &&
           (run->rate == 0 || due_at(run, run->n_sent) <= at);
}

/* Gives free connections what is due. */
static void ask_due(struct run *run)
{
    for (int64_t at = now(); run->n_free > 0 && may_ask(run, at);)
        ask(run, run->rate > 0 ? due_at(run, run->n_sent) : at);
}

/* How long there is nothing to ask: until a request is due, or, while all connections are busy,
 * until an answer is there. */
static struct timespec patience(const struct run *run)
{
    enum { LONGEST = 10000000 };
    bool may = run->rate > 0 && run->n_free > 0 && run->n_sent < run->n_requests;
    int64_t left = may ? due_at(run, run->n_sent) - now() : LONGEST;
    return (struct timespec){.tv_nsec = left < 0 ? 0 : left > LONGEST ? LONGEST : left};
}

static bool is_over(const struct run *run)
{
    int64_t at = now();
    bool asked = at >= run->ends || run->n_sent >= run->n_requests;
    return (asked && run->n_free == run->n_connections) ||
           at > run->ends + INT64_C(10000000000); /* none comes */
}

static void go(struct run *run)
{
    struct epoll_event events[256];
    run->begun = now();
    run->ends = run->begun + (int64_t)(run->seconds * 1e9);
    ask_due(run);
    while (!is_over(run)) {
        struct timespec timeout = patience(run);
        int n = epoll_pwait2(run->epoll, events, 256, &timeout, NULL);
        for (int i = 0; i < n; i++) {
            struct connection *connection = events[i].data.ptr;
            if (connection->fd >= 0 && receive(run, connection) && run->rate == 0)
                ask_due(run);
        }
        ask_due(run);
    }
}

static int compare(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return x < y ? -1 : x > y;
}

static double percentile(const struct run *run, double share)
{
    size_t at = (size_t)(share * (double)(run->n_done - 1));
    return run->n_done ? run->times[at] / 1000.0 : 0;
}

static void report(struct run *run)
{
    double took = (double)(now() - run->begun) * 1e-9;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    qsort(run->times, run->n_done, sizeof *run->times, compare);
    printf("{\"requests\":%zu,\"broken\":%zu,\"seconds\":%.3f,\"rate\":%.1f,\"statuses\":{",
           run->n_done, run->n_broken + (run->n_sent - run->n_done - run->n_broken), took,
           (double)run->n_done / took);
    const char *comma = "";
    for (size_t status = 0; status < 600; status++)
        if (run->statuses[status]) {
            printf("%s\"%zu\":%zu", comma, status, run->statuses[status]);
            comma = ",";
        }
    printf("},\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f,"
           "\"client_cpu_seconds\":%.2f}\n",
           percentile(run, 0.5), percentile(run, 0.9), percentile(run, 0.99),
           percentile(run, 0.999), percentile(run, 1),
           (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
               (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6);
}

/* ---- arguments ---- */

static double number(const char *text, double most)
{
    char *end;
    double value = strtod(text, &end);
    if (*end || value < 0 || value > most) {
        errno = 0;
        die("a number is out of bounds");
    }
    return value;
}

static void take_option(struct run *run, const char *name, const char *value)
{
    if (strcmp(name, "--port") == 0)
        run->port = (unsigned)number(value, 65535);
    else if (strcmp(name, "--path") == 0)
        run->path = value;
    else if (strcmp(name, "--bodies") == 0)
        run->bodies = value;
    else if (strcmp(name, "--header") == 0)
        run->header = value;
    else if (strcmp(name, "--connections") == 0)
        run->n_connections = (size_t)number(value, MOST_CONNECTIONS);
    else if (strcmp(name, "--requests") == 0)
        run->n_requests = (size_t)number(value, MOST_REQUESTS);
    else if (strcmp(name, "--seconds") == 0)
        run->seconds = number(value, MOST_SECONDS);
    else if (strcmp(name, "--rate") == 0)
        run->rate = number(value, 1e6);
    else
        die("unknown option");
}

int main(int argc, char **argv)
{
    struct run run = {
        .path = "/", .header = "", .n_connections = 16, .n_requests = MOST_REQUESTS, .seconds = 10};
    for (int i = 1; i + 1 < argc; i += 2)
        take_option(&run, argv[i], argv[i + 1]);
    if (argc % 2 == 0 || run.port == 0 || run.n_connections == 0)
        die("usage: load --port N [--path P] [--bodies FILE] [--connections N] [--requests N] "
            "[--seconds N] [--rate N] [--header TEXT]");
    make_requests(&run);
    run.epoll = epoll_create1(EPOLL_CLOEXEC);
    run.connections = need(calloc(run.n_connections, sizeof *run.connections));
    run.times = need(malloc(run.n_requests * sizeof *run.times)); /* touched as it is filled */
    run.free = need(calloc(run.n_connections, sizeof *run.free));
    for (size_t i = 0; i < run.n_connections; i++) {
        open_connection(&run, &run.connections[i]);
        run.free[run.n_free++] = &run.connections[i];
    }
    go(&run);
    report(&run);
    return 0;
}
