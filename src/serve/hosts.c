/* Names that this server answers to. A page elsewhere can make a browser ask us under a name of its
 * own (DNS rebinding), and would then be let in as one of our own pages; it cannot make the browser
 * send a name that is ours. */
#include "serve/front.h"

#include <arpa/inet.h>
#include <strings.h>

static bool same(struct retort_span a, struct retort_span b)
{
    return a.len == b.len && strncasecmp((const char *)a.data, (const char *)b.data, a.len) == 0;
}

/* "name:port" or "[address]:port" without the port. */
static struct retort_span without_port(struct retort_span host)
{
    size_t end = host.len;
    while (end > 0 && host.data[end - 1] >= '0' && host.data[end - 1] <= '9')
        end--;
    bool has_port = end > 0 && host.data[end - 1] == ':';
    return retort_span_slice(host, 0, has_port ? end - 1 : host.len);
}

static bool is_address(struct retort_span host)
{
    char text[INET6_ADDRSTRLEN];
    struct in6_addr address;
    bool six = host.len > 2 && host.data[0] == '[' && host.data[host.len - 1] == ']';
    struct retort_span bare = six ? retort_span_slice(host, 1, host.len - 1) : host;
    if (bare.len >= sizeof text)
        return false;
    memcpy(text, bare.data, bare.len);
    text[bare.len] = 0;
    return inet_pton(six ? AF_INET6 : AF_INET, text, &address) == 1;
}

static bool is_loopback(struct retort_span host)
{
    return same(host, RETORT_SPAN("localhost")) || same(host, RETORT_SPAN("[::1]")) ||
           (retort_span_starts(host, RETORT_SPAN("127.")) && is_address(host));
}

static bool is_any(struct retort_span host)
{
    return same(host, RETORT_SPAN("0.0.0.0")) || same(host, RETORT_SPAN("[::]"));
}

bool listen_is_loopback(const char *address)
{
    return is_loopback(without_port(retort_span_of(address)));
}

/* Is it among "NAME,NAME"? */
static bool is_among(struct retort_span host, const char *names)
{
    for (const char *at = names; *at;) {
        size_t len = strcspn(at, ",");
        if (same(host, (struct retort_span){(const uint8_t *)at, len}))
            return true;
        at += len + (at[len] == ',');
    }
    return false;
}

bool host_fits(const struct retort_serve_options *options, struct retort_span host)
{
    struct retort_span name = without_port(host);
    struct retort_span listen = without_port(retort_span_of(options->listen));
    return is_loopback(name) || same(name, listen) ||
           (is_any(listen) && is_address(name)) || /* an address is no name to be rebound */
           (options->hosts && (is_among(name, options->hosts) || is_among(host, options->hosts)));
}
