/* Counting requests, and writing what was counted in Prometheus' text format 0.0.4. */
#include "serve/metrics.h"
#include "serve/handlers.h"

#include <assert.h>
#include <stdlib.h>
#include <unistd.h>

/* Upper ends of the buckets in seconds. */
static const struct {
    double seconds;
    const char *text;
} ENDS[METRICS_BUCKETS - 1] = {
    {0.0001, "0.0001"}, {0.00025, "0.00025"}, {0.0005, "0.0005"}, {0.001, "0.001"},
    {0.0025, "0.0025"}, {0.005, "0.005"},     {0.01, "0.01"},     {0.025, "0.025"},
    {0.05, "0.05"},     {0.1, "0.1"},         {0.25, "0.25"},     {1, "1"},
    {10, "10"},
};

/* The last counts all that are not among them. */
static const unsigned STATUSES[METRICS_STATUSES] = {200, 304, 400, 401, 403, 404, 405, 409,
                                                    413, 414, 415, 421, 429, 431, 500, 503};

/* ---- counting ---- */

/* One writer: no locked instruction is needed. */
static void add(_Atomic uint64_t *number, uint64_t n)
{
    atomic_store_explicit(number, atomic_load_explicit(number, memory_order_relaxed) + n,
                          memory_order_relaxed);
}

void metrics_count(struct counters *counters, enum metric metric, uint64_t n)
{
    add(&counters->events[metric], n);
}

static size_t status_index(unsigned status)
{
    size_t i = 0;
    while (i < METRICS_STATUSES - 1 && STATUSES[i] != status)
        i++;
    return i;
}

static size_t bucket_of(int64_t nanoseconds)
{
    size_t i = 0;
    while (i < METRICS_BUCKETS - 1 && (double)nanoseconds > ENDS[i].seconds * 1e9)
        i++;
    return i;
}

void metrics_request(struct counters *counters, const struct route *route, unsigned status,
                     int64_t nanoseconds)
{
    size_t r = route ? (size_t)(route - ROUTES) : METRICS_ROUTES - 1;
    assert(r < METRICS_ROUTES);
    add(&counters->requests[r][status_index(status)], 1);
    add(&counters->latency[r][bucket_of(nanoseconds)], 1);
    add(&counters->nanoseconds[r], (uint64_t)nanoseconds);
}

/* ---- adding up ---- */

struct totals {
    uint64_t requests[METRICS_ROUTES][METRICS_STATUSES], latency[METRICS_ROUTES][METRICS_BUCKETS];
    uint64_t nanoseconds[METRICS_ROUTES], events[N_METRICS];
};

static uint64_t value_of(const _Atomic uint64_t *number)
{
    return atomic_load_explicit(number, memory_order_relaxed);
}

static void add_worker(struct totals *totals, const struct counters *counters)
{
    for (size_t r = 0; r < METRICS_ROUTES; r++) {
        for (size_t s = 0; s < METRICS_STATUSES; s++)
            totals->requests[r][s] += value_of(&counters->requests[r][s]);
        for (size_t b = 0; b < METRICS_BUCKETS; b++)
            totals->latency[r][b] += value_of(&counters->latency[r][b]);
        totals->nanoseconds[r] += value_of(&counters->nanoseconds[r]);
    }
    for (size_t e = 0; e < N_METRICS; e++)
        totals->events[e] += value_of(&counters->events[e]);
}

static void add_all(struct totals *totals, struct server *server)
{
    pthread_mutex_lock(&server->mutex);
    for (const struct worker *loop = server->loops; loop; loop = loop->next)
        add_worker(totals, &loop->counters);
    pthread_mutex_unlock(&server->mutex);
    for (size_t i = 0; i < N_WORKERS; i++)
        add_worker(totals, &server->jobs.workers[i].counters);
    add_worker(totals, &server->counters);
}

/* ---- writing ---- */

static void put_head(struct retort_buffer *out, const char *name, const char *type,
                     const char *help)
{
    retort_buffer_format(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void put_route(struct retort_buffer *out, size_t r)
{
    bool none = r == METRICS_ROUTES - 1;
    retort_buffer_format(out, "{method=\"%s\",route=\"%s\"", none ? "" : ROUTES[r].method,
                         none ? "none" : ROUTES[r].path);
}

static void put_requests(struct retort_buffer *out, const struct totals *totals)
{
    put_head(out, "retort_http_requests_total", "counter", "Requests that were answered.");
    for (size_t r = 0; r < METRICS_ROUTES; r++)
        for (size_t s = 0; s < METRICS_STATUSES; s++) {
            if (totals->requests[r][s] == 0)
                continue;
            retort_buffer_text(out, "retort_http_requests_total");
            put_route(out, r);
            retort_buffer_format(out, ",code=\"%u\"} %llu\n", STATUSES[s],
                                 (unsigned long long)totals->requests[r][s]);
        }
}

static void put_histogram(struct retort_buffer *out, const struct totals *totals, size_t r,
                          const char *name)
{
    uint64_t n = 0;
    for (size_t b = 0; b < METRICS_BUCKETS; b++) {
        n += totals->latency[r][b];
        retort_buffer_format(out, "%s_bucket", name);
        put_route(out, r);
        retort_buffer_format(out, ",le=\"%s\"} %llu\n",
                             b < METRICS_BUCKETS - 1 ? ENDS[b].text : "+Inf",
                             (unsigned long long)n);
    }
    retort_buffer_format(out, "%s_sum", name);
    put_route(out, r);
    retort_buffer_text(out, "} ");
    retort_buffer_number(out, (double)totals->nanoseconds[r] * 1e-9);
    retort_buffer_format(out, "\n%s_count", name);
    put_route(out, r);
    retort_buffer_format(out, "} %llu\n", (unsigned long long)n);
}

static void put_latency(struct retort_buffer *out, const struct totals *totals)
{
    static const char NAME[] = "retort_http_request_duration_seconds";
    put_head(out, NAME, "histogram",
             "From the end of a request's headers until its answer was handed to the system.");
    for (size_t r = 0; r < METRICS_ROUTES; r++) {
        uint64_t n = 0;
        for (size_t b = 0; b < METRICS_BUCKETS; b++)
            n += totals->latency[r][b];
        if (n > 0)
            put_histogram(out, totals, r, NAME);
    }
}

static void put_number(struct retort_buffer *out, const char *name, const char *type,
                       const char *help, uint64_t value)
{
    put_head(out, name, type, help);
    retort_buffer_format(out, "%s %llu\n", name, (unsigned long long)value);
}

static uint64_t resident_bytes(void)
{
    unsigned long long pages = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file)
        return 0;
    if (fscanf(file, "%llu %llu", &pages, &resident) != 2)
        resident = 0;
    fclose(file);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

static size_t count_waiting(struct jobs *jobs)
{
    pthread_mutex_lock(&jobs->mutex);
    size_t n = jobs->n_waiting;
    pthread_mutex_unlock(&jobs->mutex);
    return n;
}

static void put_builds(struct retort_buffer *out, const struct server *server)
{
    put_head(out, "retort_build_info", "gauge", "The version; always 1.");
    retort_buffer_format(out, "retort_build_info{version=\"%s\"} 1\n", server->options->version);
    put_head(out, "retort_model_info", "gauge", "Models in use; always 1.");
    for (size_t i = 0; i < server->models.n_models; i++) {
        const struct retort_model *model = server->models.models[i];
        retort_buffer_text(out, "retort_model_info{task=");
        retort_json_put(out, retort_span_of(retort_model_task(model)));
        retort_buffer_format(out, ",sha256=\"%s\"} 1\n", retort_model_hash(model));
    }
}

void metrics_put(struct retort_buffer *out, struct server *server)
{
    struct totals *totals = retort_grow(NULL, 1, sizeof *totals);
    memset(totals, 0, sizeof *totals);
    add_all(totals, server);
    put_builds(out, server);
    put_requests(out, totals);
    put_latency(out, totals);
    put_number(out, "retort_comments_labelled_total", "counter",
               "Comments that were analysed or labelled.", totals->events[METRIC_LABELLED]);
    put_number(out, "retort_decisions_total", "counter", "Human decisions that were stored.",
               totals->events[METRIC_DECISIONS]);
    put_number(out, "retort_http_requests_aborted_total", "counter",
               "Requests that ended before their answer was taken.",
               totals->events[METRIC_ABORTED]);
    put_number(out, "retort_connections_late_total", "counter",
               "Connections shut down because they took too long.", totals->events[METRIC_LATE]);
    put_number(out, "retort_connections", "gauge", "Open connections.",
               atomic_load(&server->connections.n));
    put_number(out, "retort_jobs_waiting", "gauge", "Requests that wait for the store.",
               count_waiting(&server->jobs));
    put_number(out, "process_resident_memory_bytes", "gauge", "Resident memory.", resident_bytes());
    free(totals);
}

void handle_metrics(struct exchange *exchange)
{
    exchange->type = "text/plain; version=0.0.4; charset=utf-8";
    metrics_put(&exchange->out, exchange->server);
}
