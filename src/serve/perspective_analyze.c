/* Analyze: the models that are asked for, and their scores.
 *
 * Each model labels the comment once, however many of its labels are asked for; a model of which
 * none is asked for does not run. */
#include "serve/perspective.h"

/* What one model says; model NULL: it was not asked. */
struct opinion {
    struct retort_verdict verdict;
    struct retort_explanation *explanations; /* NULL: not explained */
};

/* ---- models ---- */

static void explain(struct perspective *call, const struct perspective_request *request,
                    struct opinion *opinion)
{
    const struct retort_model *model = opinion->verdict.model;
    opinion->explanations =
        RETORT_NEW(call->arena, struct retort_explanation, retort_model_n_labels(model));
    retort_explain(call->labeller, model, &request->item, call->arena, opinion->explanations);
}

static struct opinion *run_models(struct perspective *call,
                                  const struct perspective_request *request)
{
    struct opinion *opinions = RETORT_NEW(call->arena, struct opinion, call->models->n_models);
    for (size_t i = 0; i < request->n_asked; i++) {
        const struct perspective_asked *asked = &request->asked[i];
        struct opinion *opinion = &opinions[asked->model];
        if (asked->dropped || opinion->verdict.model)
            continue;
        retort_label_item(call->labeller, call->models->models[asked->model], &request->item,
                          call->arena, &opinion->verdict);
        if (request->wants_spans && !request->sent.is_html)
            explain(call, request, opinion);
    }
    return opinions;
}

/* ---- the language ---- */

static bool is_foreign(const struct perspective *call, const struct opinion *opinions)
{
    for (size_t m = 0; m < call->models->n_models; m++)
        if (opinions[m].verdict.model && opinions[m].verdict.doubt == RETORT_DOUBT_LANGUAGE)
            return true;
    return false;
}

/* A language that was not named must be one that the models know; false: the error is written. */
static bool check_language(struct perspective *call, struct perspective_request *request)
{
    const struct retort_span unknown = RETORT_SPAN("und");
    for (size_t i = 0; i < request->n_asked; i++) {
        if (!request->drops_unsupported && !request->asked[i].dropped)
            return perspective_fail_language(call, &request->asked[i], &unknown, 1, true);
        request->asked[i].dropped = true;
    }
    return true;
}

/* ---- the answer ---- */

/* Eight decimals: more than a calibrated probability has to say, and quicker written than the
 * shortest form that reads back. */
static void put_probability(struct retort_buffer *out, double p)
{
    enum { DECIMALS = 8 };
    uint8_t text[DECIMALS + 2];
    uint64_t scaled = (uint64_t)(p * 1e8 + 0.5);
    size_t end = DECIMALS + 2;
    for (size_t at = end; at-- > 2; scaled /= 10)
        text[at] = (uint8_t)('0' + scaled % 10);
    text[0] = (uint8_t)('0' + scaled);
    text[1] = '.';
    while (end > 3 && text[end - 1] == '0')
        end--;
    retort_buffer_put(out, (struct retort_span){text, text[end - 1] == '0' ? 1 : end});
}

void perspective_put_score(struct retort_buffer *out, double p)
{
    retort_buffer_put(out, RETORT_SPAN("{\"value\":"));
    put_probability(out, p);
    retort_buffer_put(out, RETORT_SPAN(",\"type\":\"PROBABILITY\"}"));
}

static void put_attribute(struct perspective *call, const struct perspective_request *request,
                          const struct perspective_asked *asked, const struct opinion *opinion)
{
    size_t begin = call->out->len, empty;
    double p = opinion->verdict.scores[asked->label].p;
    if (call->out->data[begin - 1] != '{')
        retort_buffer_byte(call->out, ',');
    retort_json_put(call->out, asked->name);
    retort_buffer_put(call->out, RETORT_SPAN(":{"));
    empty = call->out->len;
    perspective_put_spans(call, request, asked, p, opinion->explanations);
    if (p >= asked->threshold) {
        if (call->out->len > empty)
            retort_buffer_byte(call->out, ',');
        retort_buffer_put(call->out, RETORT_SPAN("\"summaryScore\":"));
        perspective_put_score(call->out, p);
    }
    if (call->out->len == empty)
        call->out->len = begin; /* nothing reaches the threshold: the attribute stays out */
    else
        retort_buffer_byte(call->out, '}');
}

static void put_attributes(struct perspective *call, const struct perspective_request *request,
                           const struct opinion *opinions)
{
    size_t empty;
    retort_buffer_put(call->out, RETORT_SPAN("\"attributeScores\":{"));
    empty = call->out->len;
    for (size_t i = 0; i < request->n_asked; i++)
        if (!request->asked[i].dropped)
            put_attribute(call, request, &request->asked[i], &opinions[request->asked[i].model]);
    if (call->out->len == empty)
        call->out->len = 1; /* as Perspective does: no scores, no member */
    else
        retort_buffer_put(call->out, RETORT_SPAN("},"));
}

static void put_languages(struct perspective *call, const struct perspective_request *request,
                          bool foreign)
{
    struct retort_span detected = foreign ? RETORT_SPAN("und") : RETORT_SPAN("en");
    retort_buffer_put(call->out, RETORT_SPAN("\"languages\":["));
    for (size_t i = 0; i < request->n_languages; i++) {
        if (i)
            retort_buffer_byte(call->out, ',');
        retort_json_put(call->out, request->languages[i]);
    }
    if (request->n_languages == 0)
        retort_json_put(call->out, detected);
    retort_buffer_put(call->out, RETORT_SPAN("],\"detectedLanguages\":["));
    retort_json_put(call->out, detected);
    retort_buffer_byte(call->out, ']');
}

bool perspective_analyze(struct perspective *call, struct perspective_request *request)
{
    struct opinion *opinions = run_models(call, request);
    bool foreign = is_foreign(call, opinions);
    if (foreign && request->n_languages == 0 && !check_language(call, request))
        return false;
    retort_buffer_clear(call->out);
    retort_buffer_byte(call->out, '{');
    put_attributes(call, request, opinions);
    put_languages(call, request, foreign);
    if (request->client_token.data) {
        retort_buffer_put(call->out, RETORT_SPAN(",\"clientToken\":"));
        retort_json_put(call->out, request->client_token);
    }
    retort_buffer_put(call->out, RETORT_SPAN("}\n"));
    return true;
}
