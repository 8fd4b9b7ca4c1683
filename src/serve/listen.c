/* "127.0.0.1:8765", "[::1]:8765", "localhost:8765" → a listening socket. */
#include "serve/front.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 511, MOST_HOST = 256 };

static bool is_port(const char *text)
{
    size_t len = strspn(text, "0123456789");
    return len > 0 && len <= 5 && text[len] == 0 && atoi(text) <= UINT16_MAX;
}

/* Cuts "HOST:PORT" apart; an IPv6 address stands in brackets. */
static bool cut(const char *address, char host[MOST_HOST], const char **port)
{
    const char *colon = strrchr(address, ':');
    const char *begin = address;
    size_t len = colon ? (size_t)(colon - address) : 0;
    if (len > 2 && address[0] == '[' && address[len - 1] == ']') {
        begin++;
        len -= 2;
    }
    if (len == 0 || len >= MOST_HOST || !is_port(colon + 1))
        return false;
    memcpy(host, begin, len);
    host[len] = 0;
    *port = colon + 1;
    return true;
}

static int open_socket(const struct addrinfo *found)
{
    int on = 1;
    int fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, found->ai_addr, found->ai_addrlen) == 0 && listen(fd, BACKLOG) == 0)
        return fd;
    int code = errno;
    close(fd);
    errno = code;
    return -1;
}

static void put_url(int fd, struct retort_buffer *url)
{
    struct sockaddr_storage bound = {0};
    socklen_t len = sizeof bound;
    char host[MOST_HOST] = "", port[16] = "";
    getsockname(fd, (struct sockaddr *)&bound, &len);
    getnameinfo((struct sockaddr *)&bound, len, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    bool six = bound.ss_family == AF_INET6;
    retort_buffer_format(url, "http://%s%s%s:%s/", six ? "[" : "", host, six ? "]" : "", port);
    retort_buffer_byte(url, 0);
}

bool listen_can_be_read(const char *address, struct retort_error *error)
{
    char host[MOST_HOST];
    const char *port;
    return cut(address, host, &port) ||
           retort_fail(error, RETORT_USAGE,
                       "--listen wants ADDRESS:PORT, such as 127.0.0.1:8765 or [::1]:8765, not "
                       "\"%s\"",
                       address);
}

int listen_at(const char *address, struct retort_buffer *url, struct retort_error *error)
{
    char host[MOST_HOST];
    const char *port;
    struct addrinfo *found = NULL;
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                                   .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    if (!listen_can_be_read(address, error) || !cut(address, host, &port))
        return -1;
    int code = getaddrinfo(host, port, &hints, &found);
    if (code) {
        retort_fail(error, RETORT_USAGE, "--listen %s: %s", address, gai_strerror(code));
        return -1;
    }
    int fd = open_socket(found);
    if (fd < 0)
        retort_fail(error, RETORT_RUNTIME, "%s: %s; choose another port with --listen", address,
                    strerror(errno));
    else
        put_url(fd, url);
    freeaddrinfo(found);
    return fd;
}
