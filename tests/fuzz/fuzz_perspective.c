/* The Perspective API's requests, a line each: whatever is asked, the answer is JSON, and spans are
 * in order and within the text. */
#include "fuzz/fuzz.h"
#include "serve/perspective.h"

#include <assert.h>
#include <stdlib.h>

static struct retort_models models;
static struct retort_labeller labeller;

static void close_models(void)
{
    retort_labeller_release(&labeller);
    retort_models_close(&models);
}

static void open_models(void)
{
    const char *directory = getenv("RETORT_MODELS");
    struct retort_error error;
    if (models.n_models > 0)
        return;
    if (!retort_models_open(&models, directory ? directory : "models", &error)) {
        fprintf(stderr, "%s\n", error.message);
        exit(EXIT_FAILURE);
    }
    retort_labeller_init(&labeller);
    atexit(close_models);
}

static double number(const struct retort_json *span, const char *key)
{
    double value = -1;
    retort_json_number(retort_json_get(span, key), &value);
    return value;
}

static void check_spans(const struct retort_json *spans, size_t n_units)
{
    double at = 0;
    for (size_t i = 0; i < retort_json_length(spans); i++) {
        const struct retort_json *span = retort_json_at(spans, i);
        assert(number(span, "begin") >= at && number(span, "end") > number(span, "begin"));
        at = number(span, "end");
        assert(at <= (double)n_units);
    }
}

static void check_answer(const struct perspective *call, const struct perspective_request *request)
{
    struct retort_error error;
    struct retort_json *answer = retort_json_parse(retort_buffer_span(call->out), &error);
    const struct retort_json *scores = retort_json_get(answer, "attributeScores");
    assert(answer && retort_json_is_object(answer));
    assert((call->status == 200) == (retort_json_get(answer, "error") == NULL));
    const struct retort_json *toxicity = retort_json_get(scores, "TOXICITY");
    if (call->status == 200 && toxicity)
        check_spans(retort_json_get(toxicity, "spanScores"), request->n_units);
    retort_json_free(answer);
}

static void ask(enum perspective_call which, struct retort_span body)
{
    struct retort_arena arena = {0};
    struct retort_buffer out = {0};
    struct perspective call = {&models, &labeller, &arena, &out, 200};
    static struct perspective_request request;
    bool read = perspective_read(&call, which, body, &request);
    if (which == PERSPECTIVE_ANALYZE && read)
        perspective_analyze(&call, &request);
    if (which == PERSPECTIVE_ANALYZE || !read)
        check_answer(&call, &request);
    retort_buffer_release(&out);
    retort_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct retort_span rest = {data, size}, line;
    open_models();
    while (retort_span_next_line(&rest, &line)) {
        ask(PERSPECTIVE_ANALYZE, line);
        ask(PERSPECTIVE_SUGGEST, line);
    }
    return 0;
}
