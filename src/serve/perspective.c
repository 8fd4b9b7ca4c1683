/* Perspective over HTTP. An analysis is answered on the event loop; what is heavy, or to be stored,
 * is done on a worker, and so are all suggestions. */
#include "serve/perspective.h"
#include "serve/handlers.h"
#include "serve/perspective_keep.h"

static struct perspective begin(struct exchange *exchange)
{
    return (struct perspective){.models = &exchange->server->models,
                                .labeller = &exchange->worker->labeller,
                                .arena = &exchange->arena,
                                .out = &exchange->out,
                                .status = 200};
}

/* ---- analyze ---- */

static bool analyze(struct exchange *exchange, struct perspective *call,
                    struct perspective_request *request)
{
    bool analyzed = perspective_analyze(call, request);
    metrics_count(&exchange->worker->counters, METRIC_LABELLED, analyzed);
    return analyzed;
}

static bool is_to_store(const struct exchange *exchange, const struct perspective_request *request)
{
    return exchange->server->options->store_analyzed && !request->do_not_store;
}

static void analyze_on_worker(struct exchange *exchange)
{
    struct perspective call = begin(exchange);
    struct perspective_request request;
    struct retort_error error;
    int64_t comment;
    bool answered = perspective_read(&call, PERSPECTIVE_ANALYZE, exchange->body, &request) &&
                    analyze(exchange, &call, &request);
    exchange->status = call.status;
    /* A comment must not go unjudged because a disk is full. */
    if (answered && is_to_store(exchange, &request) &&
        !perspective_keep(exchange->worker, &request, &exchange->arena, &comment, &error))
        exchange_add_header(exchange, "Warning", RETORT_SPAN("199 retort \"not stored\""));
}

void handle_analyze(struct exchange *exchange)
{
    struct perspective call = begin(exchange);
    struct perspective_request request;
    if (exchange->body.len > PERSPECTIVE_LONG_BODY) {
        exchange_defer(exchange, analyze_on_worker);
        return;
    }
    if (perspective_read(&call, PERSPECTIVE_ANALYZE, exchange->body, &request)) {
        if (perspective_is_heavy(&request) || is_to_store(exchange, &request)) {
            exchange_defer(exchange, analyze_on_worker);
            return;
        }
        analyze(exchange, &call, &request);
    }
    exchange->status = call.status;
}

/* ---- suggestscore ---- */

static void put_suggested(struct retort_buffer *out, const struct perspective_request *request)
{
    retort_buffer_byte(out, '{');
    if (request->client_token.data) {
        retort_json_key(out, "clientToken");
        retort_json_put(out, request->client_token);
    }
    if (request->n_languages > 0) {
        retort_json_key(out, "requestedLanguages");
        retort_buffer_byte(out, '[');
        for (size_t i = 0; i < request->n_languages; i++) {
            retort_buffer_text(out, i ? "," : "");
            retort_json_put(out, request->languages[i]);
        }
        retort_buffer_byte(out, ']');
    }
    retort_buffer_text(out, "}\n");
}

void handle_suggestscore(struct exchange *exchange)
{
    struct perspective call = begin(exchange);
    struct perspective_request request;
    struct retort_error error;
    bool read = perspective_read(&call, PERSPECTIVE_SUGGEST, exchange->body, &request);
    exchange->status = call.status;
    if (!read)
        return;
    if (perspective_suggest(exchange->worker, &request, &exchange->arena, &error))
        put_suggested(&exchange->out, &request);
    else
        exchange_fail_error(exchange, &error);
}
