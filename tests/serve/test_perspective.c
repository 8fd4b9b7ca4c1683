/* Perspective on the level of JSON: a request's bytes → the answer's, by the models that ship. */
#include "serve/perspective.h"

#include <check.h>
#include <math.h>
#include <stdlib.h>

Suite *perspective_suite(void);

static struct retort_models models;
static struct retort_labeller labeller;

static void open_models(void)
{
    struct retort_error error;
    const char *directory = getenv("RETORT_MODELS");
    ck_assert_msg(retort_models_open(&models, directory ? directory : "models", &error), "%s",
                  error.message);
    retort_labeller_init(&labeller);
}

static void close_models(void)
{
    retort_labeller_release(&labeller);
    retort_models_close(&models);
}

/* ---- a call ---- */

struct called {
    struct retort_arena arena;
    struct retort_buffer out;
    struct perspective call;
    struct perspective_request request;
    struct retort_json *json; /* of the answer */
};

static void analyze(struct called *called, struct retort_span body)
{
    struct retort_error error;
    *called = (struct called){0};
    called->call = (struct perspective){&models, &labeller, &called->arena, &called->out, 200};
    if (perspective_read(&called->call, PERSPECTIVE_ANALYZE, body, &called->request))
        perspective_analyze(&called->call, &called->request);
    called->json = retort_json_parse(retort_buffer_span(&called->out), &error);
    ck_assert_msg(called->json != NULL, "%s in %.*s", error.message, (int)called->out.len,
                  (const char *)called->out.data);
}

static void release(struct called *called)
{
    retort_json_free(called->json);
    retort_buffer_release(&called->out);
    retort_arena_release(&called->arena);
}

/* The value at a path like "attributeScores/TOXICITY/spanScores/0/begin"; NULL: there is none. */
static const struct retort_json *at(const struct called *called, const char *path)
{
    const struct retort_json *value = called->json;
    char step[64];
    for (int n; value && sscanf(path, "%63[^/]%n", step, &n) == 1; path += n + (path[n] == '/'))
        value = step[0] >= '0' && step[0] <= '9' ? retort_json_at(value, (size_t)atoi(step))
                                                 : retort_json_get(value, step);
    return value;
}

static double number_at(const struct called *called, const char *path)
{
    double number = NAN;
    const struct retort_json *value = at(called, path);
    ck_assert_msg(value && retort_json_number(value, &number), "no number at %s in %.*s", path,
                  (int)called->out.len, (const char *)called->out.data);
    return number;
}

static void expect_text(const struct called *called, const char *path, const char *expected)
{
    struct retort_span text = {0};
    const struct retort_json *value = at(called, path);
    ck_assert_msg(value && retort_json_text(value, &text) &&
                      retort_span_equal(text, retort_span_of(expected)),
                  "%s is not \"%s\" in %.*s", path, expected, (int)called->out.len,
                  (const char *)called->out.data);
}

/* ---- answers ---- */

static const char RUDE[] = "{\"comment\":{\"text\":\"You are an idiot, and a stupid one.\"},"
                           "\"languages\":[\"en\"],\"requestedAttributes\":{\"TOXICITY\":{},"
                           "\"THREAT\":{},\"INSULT@6\":{},\"PROFANITY_EXPERIMENTAL\":{}},"
                           "\"clientToken\":\"c-7 \\u00e9\\\"\"}";

START_TEST(scores)
{
    struct called called;
    analyze(&called, retort_span_of(RUDE));
    ck_assert_uint_eq(called.call.status, 200);
    double toxic = number_at(&called, "attributeScores/TOXICITY/summaryScore/value");
    ck_assert(toxic > 0.8 && toxic <= 1);
    ck_assert(number_at(&called, "attributeScores/THREAT/summaryScore/value") < 0.2);
    ck_assert(number_at(&called, "attributeScores/INSULT@6/summaryScore/value") > 0.5);
    ck_assert(at(&called, "attributeScores/PROFANITY_EXPERIMENTAL/summaryScore") != NULL);
    expect_text(&called, "attributeScores/TOXICITY/summaryScore/type", "PROBABILITY");
    expect_text(&called, "languages/0", "en");
    expect_text(&called, "detectedLanguages/0", "en");
    expect_text(&called, "clientToken", "c-7 \xC3\xA9\"");
    release(&called);
}
END_TEST

/* Many clients read the score from the first span. */
START_TEST(one_span_over_all)
{
    struct called called;
    analyze(&called, retort_span_of(RUDE));
    ck_assert(number_at(&called, "attributeScores/TOXICITY/spanScores/0/score/value") ==
              number_at(&called, "attributeScores/TOXICITY/summaryScore/value"));
    ck_assert(number_at(&called, "attributeScores/TOXICITY/spanScores/0/end") == 35);
    ck_assert_uint_eq(retort_json_length(at(&called, "attributeScores/TOXICITY/spanScores")), 1);
    release(&called);
}
END_TEST

START_TEST(threshold)
{
    struct called called;
    analyze(&called,
            RETORT_SPAN("{\"comment\":{\"text\":\"You are an idiot.\"},\"languages\":"
                        "[\"en\"],\"requestedAttributes\":{\"TOXICITY\":"
                        "{\"scoreThreshold\":0.5},\"THREAT\":{\"score_threshold\":\"0.9\"}}}"));
    ck_assert(at(&called, "attributeScores/TOXICITY") != NULL);
    ck_assert(at(&called, "attributeScores/THREAT") == NULL);
    release(&called);
    analyze(&called, RETORT_SPAN("{\"comment\":{\"text\":\"Thank you, that is kind.\"},"
                                 "\"requestedAttributes\":{\"THREAT\":{\"scoreThreshold\":0.9}}}"));
    ck_assert_uint_eq(called.call.status, 200);
    ck_assert(at(&called, "attributeScores") == NULL);
    expect_text(&called, "languages/0", "en");
    release(&called);
}
END_TEST

/* The label of a model is the same as `retort label` gives it. */
START_TEST(same_as_the_model)
{
    struct called called;
    struct retort_arena arena = {0};
    struct retort_verdict verdict;
    const struct retort_item item = {.text = RETORT_SPAN("You are an idiot, and a stupid one.")};
    analyze(&called, retort_span_of(RUDE));
    const struct perspective_asked *asked = &called.request.asked[0];
    retort_label_item(&labeller, models.models[asked->model], &item, &arena, &verdict);
    double p = verdict.scores[asked->label].p;
    ck_assert(fabs(p - number_at(&called, "attributeScores/TOXICITY/summaryScore/value")) <= 5e-9);
    retort_arena_release(&arena);
    release(&called);
}
END_TEST

/* ---- spans ---- */

#define SENTENCES "I like your 🐶 name! \\nYou stupid idiot, be gone.  Thank you."

START_TEST(spans_of_sentences)
{
    static const int BOUNDS[][2] = {{0, 20}, {22, 48}, {50, 60}};
    struct called called;
    analyze(&called, RETORT_SPAN("{\"comment\":{\"text\":\"" SENTENCES "\"},\"languages\":[\"en\"],"
                                 "\"requestedAttributes\":{\"TOXICITY\":{}},"
                                 "\"spanAnnotations\":true}"));
    double values[3];
    for (size_t i = 0; i < 3; i++) {
        char path[80];
        snprintf(path, sizeof path, "attributeScores/TOXICITY/spanScores/%zu/begin", i);
        ck_assert_int_eq((int)number_at(&called, path), BOUNDS[i][0]);
        snprintf(path, sizeof path, "attributeScores/TOXICITY/spanScores/%zu/end", i);
        ck_assert_int_eq((int)number_at(&called, path), BOUNDS[i][1]);
        snprintf(path, sizeof path, "attributeScores/TOXICITY/spanScores/%zu/score/value", i);
        values[i] = number_at(&called, path);
    }
    ck_assert(at(&called, "attributeScores/TOXICITY/spanScores/3") == NULL);
    ck_assert(values[1] > values[0] && values[1] > values[2]);
    release(&called);
}
END_TEST

/* A comment of one sentence has the summary's score: nothing is lost in sharing out. */
START_TEST(spans_add_up)
{
    struct called called;
    analyze(&called,
            RETORT_SPAN("{\"comment\":{\"text\":\"You are an idiot\"},\"requestedAttributes\":"
                        "{\"TOXICITY\":{},\"POLITE\":{},\"SARCASTIC\":{}},"
                        "\"spanAnnotations\":true,\"languages\":[\"en\"]}"));
    static const char *const NAMES[] = {"TOXICITY", "POLITE", "SARCASTIC"};
    for (size_t i = 0; i < 3; i++) {
        char summary[80], span[80];
        snprintf(summary, sizeof summary, "attributeScores/%s/summaryScore/value", NAMES[i]);
        snprintf(span, sizeof span, "attributeScores/%s/spanScores/0/score/value", NAMES[i]);
        ck_assert(fabs(number_at(&called, summary) - number_at(&called, span)) <= 2e-8);
    }
    release(&called);
}
END_TEST

START_TEST(html_is_stripped)
{
    struct called called;
    analyze(&called,
            RETORT_SPAN("{\"comment\":{\"text\":\"<p>You are an <b>idiot</b>, and a stupid "
                        "one.</p>\",\"type\":\"HTML\"},\"requestedAttributes\":{\"TOXICITY\":"
                        "{}},\"spanAnnotations\":true}"));
    struct called same;
    analyze(&same, retort_span_of(RUDE));
    ck_assert(number_at(&called, "attributeScores/TOXICITY/summaryScore/value") ==
              number_at(&same, "attributeScores/TOXICITY/summaryScore/value"));
    ck_assert(number_at(&called, "attributeScores/TOXICITY/spanScores/0/end") == 49);
    ck_assert(perspective_is_heavy(&called.request) && !perspective_is_heavy(&same.request));
    release(&same);
    release(&called);
}
END_TEST

/* ---- context ---- */

#define REPLIED                                                                                    \
    "{\"comment\":{\"text\":\"No, that is wrong. You have no source.\"},\"requestedAttributes\":"  \
    "{\"REPLY_DISAGREE\":{},\"STANCE_AGAINST\":{}},\"context\":"

START_TEST(context_is_used)
{
    struct called called;
    analyze(&called, RETORT_SPAN(REPLIED "{\"entries\":[{\"text\":\"The mine will close.\"},"
                                         "{\"text\":\"The mine will pay for all.\"}]}}"));
    ck_assert_uint_eq(called.call.status, 200);
    ck_assert(
        retort_span_equal(called.request.item.article_text, RETORT_SPAN("The mine will close.")));
    ck_assert(retort_span_equal(called.request.item.parent_text,
                                RETORT_SPAN("The mine will pay for all.")));
    ck_assert(number_at(&called, "attributeScores/REPLY_DISAGREE/summaryScore/value") > 0);
    ck_assert(number_at(&called, "attributeScores/STANCE_AGAINST/summaryScore/value") > 0);
    release(&called);
    analyze(&called,
            RETORT_SPAN(REPLIED "{\"articleAndParentComment\":{\"article\":{\"text\":\"A\"},"
                                "\"parent_comment\":{\"text\":\"P\"}}}}"));
    ck_assert(retort_span_equal(called.request.item.article_text, RETORT_SPAN("A")));
    ck_assert(retort_span_equal(called.request.item.parent_text, RETORT_SPAN("P")));
    release(&called);
    analyze(&called, RETORT_SPAN(REPLIED "{\"entries\":[{\"text\":\"A\"}]}}"));
    ck_assert(retort_span_equal(called.request.item.parent_text, RETORT_SPAN("A")));
    release(&called);
}
END_TEST

/* Coral's ids are no text that was answered. */
START_TEST(coral_ids_are_no_context)
{
    struct called called;
    analyze(&called,
            RETORT_SPAN("{\"comment\":{\"text\":\"x\"},\"requestedAttributes\":{\"TOXICITY\":{}},"
                        "\"context\":{\"entries\":[{\"text\":\"{\\\"url\\\":\\\"https://news.test/a"
                        "?commentID=c2\\\",\\\"reply_to_id_Coral_comment_id\\\":\\\"c1\\\","
                        "\\\"Coral_comment_id\\\":\\\"c2\\\"}\"}]}}"));
    ck_assert(retort_span_equal(called.request.coral_id, RETORT_SPAN("c2")));
    ck_assert(retort_span_equal(called.request.coral_parent, RETORT_SPAN("c1")));
    ck_assert(retort_span_equal(called.request.coral_url,
                                RETORT_SPAN("https://news.test/a?commentID=c2")));
    ck_assert(called.request.item.parent_text.data == NULL);
    release(&called);
}
END_TEST

/* ---- errors ---- */

#define ASKS "\"requestedAttributes\":{\"TOXICITY\":{}}"
#define TEXT "\"comment\":{\"text\":\"You are right.\"}"
#define GERMAN "\"comment\":{\"text\":\"Das ist doch nicht dein Ernst, du hast keine Ahnung.\"}"

static const struct {
    const char *body, *message, *type; /* type NULL: an error of form */
} ERRORS[] = {
    {"{\"comment\":{\"text\":\"\"}," ASKS "}", "Comment must be non-empty.", "COMMENT_EMPTY"},
    {"{\"comment\":{\"text\":\" \\n\"}," ASKS "}", "Comment must be non-empty.", "COMMENT_EMPTY"},
    {"{" ASKS "}", "Comment must be non-empty.", "COMMENT_EMPTY"},
    {"{\"comment\":{\"text\":\"<br>\",\"type\":\"HTML\"}," ASKS "}", "Comment must be non-empty.",
     "COMMENT_EMPTY"},
    {"{" TEXT "}", "Missing requested_attributes", "NO_REQUESTED_ATTRIBUTES"},
    {"{" TEXT ",\"requestedAttributes\":{}}", "Missing requested_attributes",
     "NO_REQUESTED_ATTRIBUTES"},
    {"{" TEXT ",\"requestedAttributes\":{\"TOXICITY\":{},\"SPAM\":{}}}",
     "Unknown requested attribute: SPAM", "INVALID_REQUEST"},
    {"{" TEXT ",\"requestedAttributes\":{\"toxicity\":{}}}",
     "Unknown requested attribute: toxicity", "INVALID_REQUEST"},
    {"{" TEXT ",\"requestedAttributes\":{\"TOXICITY\":{\"scoreType\":\"PERCENTILE\"}}}",
     "Requested score type PERCENTILE is not supported by attribute TOXICITY", "INVALID_REQUEST"},
    {"{\"comment\":{\"text\":\"x\",\"type\":\"RTF\"}," ASKS "}", "Unknown text type",
     "INVALID_REQUEST"},
    {"{" TEXT "," ASKS ",\"languages\":[\"en\",\"fr\"]}",
     "Attribute TOXICITY does not support request languages: en, fr",
     "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"},
    {"{" GERMAN "," ASKS "}", "Attribute TOXICITY does not support request languages: und",
     "LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE"},
    {"{" TEXT "," ASKS
     ",\"context\":{\"entries\":[{\"text\":\"a\"}],\"articleAndParentComment\":{}}}",
     "Context can have either entries or article_and_parent_comment, but both fields were "
     "populated.",
     "INVALID_REQUEST"},
    {"{" TEXT ",\"requestedAttributes\":{\"REPLY_AGREE\":{}}}",
     "Attribute REPLY_AGREE needs the article or the comment that is answered, as context",
     "INVALID_REQUEST"},
    {"{" TEXT "," ASKS ",\"language\":[\"en\"]}",
     "Invalid JSON payload received. Unknown name \"language\": Cannot find field.", NULL},
    {"{\"comment\":{\"txt\":\"a\"}," ASKS "}",
     "Invalid JSON payload received. Unknown name \"txt\" at 'comment': Cannot find field.", NULL},
    {"{\"comment\":{\"text\":5}," ASKS "}", "Invalid value at 'comment.text' (TYPE_STRING), 5",
     NULL},
    {"{\"comment\":\"a\"," ASKS "}", "Invalid value at 'comment' (a message), \"a\"", NULL},
    {"{" TEXT ",\"requestedAttributes\":[\"TOXICITY\"]}",
     "Invalid value at 'requested_attributes' (a message), [\"TOXICITY\"]", NULL},
    {"{" TEXT "," ASKS ",\"doNotStore\":\"yes\"}",
     "Invalid value at 'do_not_store' (TYPE_BOOL), \"yes\"", NULL},
    {"{" TEXT "," ASKS ",\"languages\":\"en\"}", "Invalid value at 'languages' (a list), \"en\"",
     NULL},
    {"[]", "Invalid value at 'request' (a message), []", NULL},
};

START_TEST(errors)
{
    struct called called;
    analyze(&called, retort_span_of(ERRORS[_i].body));
    ck_assert_uint_eq(called.call.status, 400);
    ck_assert(number_at(&called, "error/code") == 400);
    expect_text(&called, "error/status", "INVALID_ARGUMENT");
    expect_text(&called, "error/message", ERRORS[_i].message);
    expect_text(&called, "error/details/0/@type",
                ERRORS[_i].type ? "type.googleapis.com/google.commentanalyzer.v1alpha1.Error"
                                : "type.googleapis.com/google.rpc.BadRequest");
    if (ERRORS[_i].type)
        expect_text(&called, "error/details/0/errorType", ERRORS[_i].type);
    else
        expect_text(&called, "error/details/0/fieldViolations/0/description", ERRORS[_i].message);
    release(&called);
}
END_TEST

START_TEST(language_errors_name_the_attribute)
{
    static const char LANGUAGES[] = "error/details/0/languageNotSupportedByAttributeError/";
    char path[120];
    struct called called;
    analyze(&called, RETORT_SPAN("{" GERMAN "," ASKS "}"));
    snprintf(path, sizeof path, "%sdetectedLanguages/0", LANGUAGES);
    expect_text(&called, path, "und");
    snprintf(path, sizeof path, "%sattribute", LANGUAGES);
    expect_text(&called, path, "TOXICITY");
    release(&called);
    analyze(&called, RETORT_SPAN("{" TEXT "," ASKS ",\"languages\":[\"de\"]}"));
    snprintf(path, sizeof path, "%srequestedLanguages/0", LANGUAGES);
    expect_text(&called, path, "de");
    release(&called);
}
END_TEST

/* Who names a language is believed; who says so gets what can be had. */
START_TEST(languages_named_or_dropped)
{
    struct called called;
    analyze(&called, RETORT_SPAN("{" GERMAN "," ASKS ",\"languages\":[\"en-GB\"]}"));
    ck_assert_uint_eq(called.call.status, 200);
    expect_text(&called, "languages/0", "en-GB");
    expect_text(&called, "detectedLanguages/0", "und");
    release(&called);
    analyze(&called, RETORT_SPAN("{" GERMAN "," ASKS ",\"dropUnsupportedAttributes\":true}"));
    ck_assert_uint_eq(called.call.status, 200);
    ck_assert(at(&called, "attributeScores") == NULL);
    expect_text(&called, "languages/0", "und");
    release(&called);
}
END_TEST

START_TEST(too_long)
{
    struct retort_buffer body = {0};
    struct called called;
    for (int more = 0; more < 2; more++) {
        retort_buffer_clear(&body);
        retort_buffer_text(&body, "{\"comment\":{\"text\":\"");
        for (int i = 0; i < PERSPECTIVE_MOST_TEXT + more; i++)
            retort_buffer_byte(&body, i % 7 ? 'a' : ' ');
        retort_buffer_text(&body, "\"},\"languages\":[\"en\"]," ASKS "}");
        analyze(&called, retort_buffer_span(&body));
        ck_assert_uint_eq(called.call.status, more ? 400 : 200);
        if (more)
            expect_text(&called, "error/details/0/errorType", "COMMENT_TOO_LONG");
        release(&called);
    }
    retort_buffer_release(&body);
}
END_TEST

/* A request cut anywhere, and with any one byte changed, is answered, by JSON. */
START_TEST(broken_requests)
{
    struct called called;
    char body[sizeof RUDE];
    for (size_t i = 0; i + 1 < sizeof RUDE; i++) {
        analyze(&called, (struct retort_span){(const uint8_t *)RUDE, i});
        ck_assert_uint_eq(called.call.status, 400);
        release(&called);
        for (const char *byte = "\"{}[],:\\0n\xFF"; *byte; byte++) {
            memcpy(body, RUDE, sizeof RUDE);
            body[i] = *byte;
            analyze(&called, retort_span_of(body));
            release(&called);
        }
    }
}
END_TEST

/* ---- suggestions ---- */

static bool suggest(struct called *called, const char *body)
{
    *called = (struct called){0};
    called->call = (struct perspective){&models, &labeller, &called->arena, &called->out, 200};
    return perspective_read(&called->call, PERSPECTIVE_SUGGEST, retort_span_of(body),
                            &called->request);
}

START_TEST(suggestions)
{
    struct called called;
    ck_assert(suggest(&called, "{" TEXT ",\"attributeScores\":{\"TOXICITY\":{\"summaryScore\":"
                               "{\"value\":1}},\"INSULT\":{\"spanScores\":[]}},\"communityId\":"
                               "\"Coral:https://talk.test\",\"clientToken\":\"comment:c2\"}"));
    ck_assert_uint_eq(called.request.n_asked, 2);
    ck_assert(called.request.asked[0].suggested == 1 && isnan(called.request.asked[1].suggested));
    ck_assert(retort_span_equal(called.request.community, RETORT_SPAN("Coral:https://talk.test")));
    release(&called);
    ck_assert(!suggest(&called, "{" TEXT ",\"attributeScores\":{\"TOXICITY\":{\"summaryScore\":"
                                "{\"value\":1.5}}}}"));
    release(&called);
    ck_assert(!suggest(&called, "{" TEXT "}"));
    release(&called);
    ck_assert(!suggest(&called, "{" TEXT ",\"attributeScores\":{\"TOXICITY\":{}},\"doNotStore\":"
                                "true}"));
    release(&called);
}
END_TEST

Suite *perspective_suite(void)
{
    Suite *suite = suite_create("perspective");
    TCase *all = tcase_create("perspective");
    tcase_add_unchecked_fixture(all, open_models, close_models);
    tcase_set_timeout(all, 60);
    tcase_add_test(all, scores);
    tcase_add_test(all, one_span_over_all);
    tcase_add_test(all, threshold);
    tcase_add_test(all, same_as_the_model);
    tcase_add_test(all, spans_of_sentences);
    tcase_add_test(all, spans_add_up);
    tcase_add_test(all, html_is_stripped);
    tcase_add_test(all, context_is_used);
    tcase_add_test(all, coral_ids_are_no_context);
    tcase_add_loop_test(all, errors, 0, sizeof ERRORS / sizeof ERRORS[0]);
    tcase_add_test(all, language_errors_name_the_attribute);
    tcase_add_test(all, languages_named_or_dropped);
    tcase_add_test(all, too_long);
    tcase_add_test(all, broken_requests);
    tcase_add_test(all, suggestions);
    suite_add_tcase(suite, all);
    return suite;
}
