/* Suggestions: a moderator's score, sent by their own system, becomes a decision here.
 *
 * A decision on a task that takes many labels is a set of them, and a suggestion speaks of one or
 * two. So the set starts as the comment is labelled now, by a person where one has decided, and
 * only what was suggested is put in or taken out: a score of .5 and more is on. Of a task that
 * takes one label, on is a decision for this label; off says only what it is not, which decides
 * nothing and is kept as a note. Scores of spans are kept in the note, too.
 *
 * Coral has no name for an act: it sends the same when a moderator clicks twice and when the
 * network made it try again. A suggestion that says what this caller's last one on the comment says
 * already is the same act; otherwise it is a new one. So reject, approve, reject are three, and
 * twice the same is one.
 *
 * The note holds the caller's words: clientToken, ids, scores. */
#include "review/review.h"
#include "serve/json.h"
#include "serve/perspective_keep.h"

#include <math.h>
#include <pthread.h>

/* From the labels that are read to the decision that is made of them, one at a time: two that
 * suggest different labels of one comment must not undo each other. */
static pthread_mutex_t suggesting = PTHREAD_MUTEX_INITIALIZER;

struct suggestion {
    struct worker *worker;
    const struct perspective_request *request;
    struct retort_arena *arena;
    int64_t comment;
    struct retort_span note;
    const char *reviewer;
};

/* ---- the caller's words ---- */

static void put_member(struct retort_buffer *out, const char *key, struct retort_span text)
{
    if (text.data)
        json_put_text(out, key, text);
}

/* {"clientToken":…: what begins alike is of the same comment of the caller's. */
static void begin_note(struct retort_buffer *out, const struct perspective_request *request)
{
    retort_buffer_byte(out, '{');
    json_put_text(out, "clientToken", request->client_token);
    put_member(out, "communityId", request->community);
}

static struct retort_span note_of(const struct perspective_request *request,
                                  struct retort_arena *arena)
{
    struct retort_buffer out = {0};
    begin_note(&out, request);
    put_member(&out, "sessionId", request->session);
    put_member(&out, "Coral_comment_id", request->coral_id);
    put_member(&out, "reply_to_id_Coral_comment_id", request->coral_parent);
    put_member(&out, "url", request->coral_url);
    retort_json_key(&out, "attributeScores");
    retort_buffer_put(&out, request->scores);
    retort_buffer_byte(&out, '}');
    struct retort_span note = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return note;
}

/* ---- the comment ---- */

struct hearing {
    struct retort_span beginning; /* of this caller's notes on it */
    bool others;                  /* a caller has decided on it as another comment */
};

static bool hear(void *context, const struct retort_stored_decision *decision,
                 struct retort_error *error)
{
    struct hearing *hearing = context;
    (void)error;
    bool by_api = retort_span_equal(decision->via, RETORT_SPAN("api"));
    hearing->others |= by_api && !retort_span_starts(decision->note, hearing->beginning);
    return true;
}

/* An analysis that came without a token is the same comment, if nobody has decided on it under
 * another token: "me too" may be two people's. */
static bool adopt(struct suggestion *suggestion, struct retort_error *error)
{
    struct retort_buffer beginning = {0};
    begin_note(&beginning, suggestion->request);
    struct hearing hearing = {.beginning = retort_buffer_span(&beginning)};
    bool done = perspective_find_untold(suggestion->worker, suggestion->request, suggestion->arena,
                                        &suggestion->comment, error);
    if (done && suggestion->comment)
        done = retort_store_each_decision(suggestion->worker->store, suggestion->comment, hear,
                                          &hearing, error);
    retort_buffer_release(&beginning);
    if (hearing.others)
        suggestion->comment = 0;
    return done;
}

static bool find_comment(struct suggestion *suggestion, struct retort_error *error)
{
    const struct perspective_request *request = suggestion->request;
    struct worker *worker = suggestion->worker;
    if (!perspective_find_told(worker, request, suggestion->arena, &suggestion->comment, error) ||
        (!suggestion->comment && !adopt(suggestion, error)))
        return false;
    return suggestion->comment
               ? perspective_label(worker, suggestion->comment, suggestion->arena, error)
               : perspective_keep(worker, request, suggestion->arena, &suggestion->comment, error);
}

/* ---- decisions ---- */

/* The labels of a task, by the model that is loaded: on[n_labels]. */
struct set {
    const struct retort_model *model;
    bool *on;
};

static void read_set(struct set *set, struct retort_span names)
{
    struct retort_error error;
    struct retort_span name;
    struct retort_json *array = retort_json_parse(names, &error);
    for (size_t i = 0; array && i < retort_json_length(array); i++)
        for (size_t l = 0; l < retort_model_n_labels(set->model); l++)
            if (retort_json_text(retort_json_at(array, i), &name) &&
                retort_span_equal(name, retort_span_of(retort_model_label(set->model, l)->name)))
                set->on[l] = true;
    retort_json_free(array);
}

static struct set new_set(struct suggestion *suggestion, const struct retort_model *model)
{
    return (struct set){model, RETORT_NEW(suggestion->arena, bool, retort_model_n_labels(model))};
}

/* As the comment is labelled now. */
static bool current_set(struct suggestion *suggestion, struct set *set, struct retort_error *error)
{
    struct retort_stored_label *labels;
    size_t n_labels;
    struct retort_span task = retort_span_of(retort_model_task(set->model));
    if (!retort_store_labels(suggestion->worker->store, suggestion->comment, suggestion->arena,
                             &labels, &n_labels, error))
        return false;
    for (size_t i = 0; i < n_labels; i++)
        if (retort_span_equal(labels[i].task, task))
            read_set(set, labels[i].label);
    return true;
}

/* Puts in and takes out what is suggested for this model's task. */
static void apply(const struct suggestion *suggestion, size_t model, struct set *set)
{
    const struct perspective_request *request = suggestion->request;
    bool one_of = retort_model_choice(set->model) == RETORT_ONE_OF;
    for (size_t i = 0; i < request->n_asked; i++) {
        const struct perspective_asked *asked = &request->asked[i];
        if (asked->model != model || isnan(asked->suggested))
            continue;
        if (one_of && asked->suggested >= 0.5)
            memset(set->on, 0, retort_model_n_labels(set->model) * sizeof *set->on);
        if (!one_of || asked->suggested >= 0.5)
            set->on[asked->label] = asked->suggested >= 0.5;
    }
}

/* Is there a label to decide for, or is all that is said what it is not? */
static bool decides(const struct suggestion *suggestion, size_t model)
{
    const struct perspective_request *request = suggestion->request;
    bool any_of =
        retort_model_choice(suggestion->worker->server->models.models[model]) == RETORT_ANY_OF;
    for (size_t i = 0; i < request->n_asked; i++) {
        const struct perspective_asked *asked = &request->asked[i];
        if (asked->model == model && !isnan(asked->suggested) &&
            (any_of || asked->suggested >= 0.5))
            return true;
    }
    return false;
}

/* ---- what was said before ---- */

/* This caller's earlier words on a task, each by its last. */
struct words {
    const struct suggestion *suggestion;
    size_t model;
    int64_t last;                             /* the id; 0: it has said nothing */
    bool same_note;                           /* the last is word for word this one */
    double said[PERSPECTIVE_MOST_ATTRIBUTES]; /* of each attribute now suggested; NaN: nothing */
};

/* The score that a note holds for an attribute; NaN: none. */
static double noted(const struct retort_json *note, const char *name)
{
    const struct retort_json *scores = retort_json_get(note, "attributeScores");
    const struct retort_json *attribute = retort_json_get(scores, name);
    const struct retort_json *summary = retort_json_get(attribute, "summaryScore");
    struct retort_span quoted;
    double score = 0; /* what is not sent is 0 */
    if (!summary)
        summary = retort_json_get(attribute, "summary_score");
    const struct retort_json *value = retort_json_get(summary, "value");
    if (retort_json_text(value, &quoted))
        retort_parse_number((const char *)quoted.data, &score);
    else
        retort_json_number(value, &score);
    return summary ? score : NAN;
}

static void hear_note(struct words *words, struct retort_span text)
{
    const struct perspective_request *request = words->suggestion->request;
    struct retort_error error;
    struct retort_json *note = retort_json_parse(text, &error);
    for (size_t i = 0; note && i < request->n_asked; i++) {
        struct retort_span name = request->asked[i].name;
        double score = noted(note, retort_arena_string(words->suggestion->arena, name));
        if (!isnan(score))
            words->said[i] = score;
    }
    retort_json_free(note);
}

static bool hear_word(void *context, const struct retort_stored_decision *decision,
                      struct retort_error *error)
{
    struct words *words = context;
    const struct suggestion *suggestion = words->suggestion;
    const struct retort_model *model = suggestion->worker->server->models.models[words->model];
    (void)error;
    if (decision->undone || !retort_span_equal(decision->via, RETORT_SPAN("api")) ||
        !retort_span_equal(decision->task, retort_span_of(retort_model_task(model))) ||
        !retort_span_equal(decision->reviewer, retort_span_of(suggestion->reviewer)))
        return true;
    words->last = decision->id;
    words->same_note = retort_span_equal(decision->note, suggestion->note);
    hear_note(words, decision->note);
    return true;
}

/* Was all that is suggested now the last that was said of it? */
static bool is_said(const struct words *words)
{
    const struct perspective_request *request = words->suggestion->request;
    size_t n_scores = 0;
    for (size_t i = 0; i < request->n_asked; i++) {
        const struct perspective_asked *asked = &request->asked[i];
        if (asked->model != words->model || isnan(asked->suggested))
            continue;
        n_scores++;
        if (isnan(words->said[i]) || (words->said[i] >= 0.5) != (asked->suggested >= 0.5))
            return false;
    }
    return n_scores > 0 || words->same_note;
}

/* A name for the act: who, on what, which scores, after which earlier word. */
static const char *token_of(struct suggestion *suggestion, const char *task, int64_t earlier)
{
    struct retort_buffer out = {0};
    char token[4 + RETORT_SHA256_HEX] = "api:";
    retort_buffer_format(&out, "%s\n%s\n%lld\n%lld\n", suggestion->reviewer, task,
                         (long long)suggestion->comment, (long long)earlier);
    retort_buffer_put(&out, suggestion->note);
    retort_sha256(retort_buffer_span(&out), token + 4);
    retort_buffer_release(&out);
    return retort_arena_string(suggestion->arena, retort_span_of(token));
}

static bool store_choice(struct suggestion *suggestion, const struct set *set, enum retort_act act,
                         const char *token, struct retort_error *error)
{
    size_t n_labels = retort_model_n_labels(set->model), n_on = 0;
    const char **on = RETORT_NEW(suggestion->arena, const char *, n_labels);
    int64_t decision;
    for (size_t l = 0; act == RETORT_DECIDE && l < n_labels; l++)
        if (set->on[l])
            on[n_on++] = retort_model_label(set->model, l)->name;
    const struct retort_choice_made choice = {
        .comment = suggestion->comment,
        .task = retort_model_task(set->model),
        .act = act,
        .labels = on,
        .n_labels = n_on,
        .note = suggestion->note,
        .reviewer = suggestion->reviewer,
        .token = token,
        .via = RETORT_BY_API,
    };
    bool decided = retort_review_decide(suggestion->worker->store, &choice, &decision, error);
    metrics_count(&suggestion->worker->counters, METRIC_DECISIONS, decided);
    return decided;
}

static bool suggest_task(struct suggestion *suggestion, size_t model, struct retort_error *error)
{
    struct set set = new_set(suggestion, suggestion->worker->server->models.models[model]);
    struct words words = {.suggestion = suggestion, .model = model};
    for (size_t i = 0; i < PERSPECTIVE_MOST_ATTRIBUTES; i++)
        words.said[i] = NAN;
    if (!retort_store_each_decision(suggestion->worker->store, suggestion->comment, hear_word,
                                    &words, error))
        return false;
    if (is_said(&words))
        return true;
    if (!current_set(suggestion, &set, error))
        return false;
    apply(suggestion, model, &set);
    return store_choice(suggestion, &set, decides(suggestion, model) ? RETORT_DECIDE : RETORT_NOTE,
                        token_of(suggestion, retort_model_task(set.model), words.last), error);
}

static bool suggest_all(struct suggestion *suggestion, struct retort_error *error)
{
    const struct perspective_request *request = suggestion->request;
    bool done = find_comment(suggestion, error);
    for (size_t m = 0; done && m < suggestion->worker->server->models.n_models; m++) {
        bool suggested = false;
        for (size_t i = 0; i < request->n_asked; i++)
            suggested |= request->asked[i].model == m;
        done = !suggested || suggest_task(suggestion, m, error);
    }
    return done;
}

bool perspective_suggest(struct worker *worker, const struct perspective_request *request,
                         struct retort_arena *arena, struct retort_error *error)
{
    struct suggestion suggestion = {.worker = worker,
                                    .request = request,
                                    .arena = arena,
                                    .note = note_of(request, arena),
                                    .reviewer = perspective_caller(request, arena)};
    pthread_mutex_lock(&suggesting);
    bool done = suggest_all(&suggestion, error);
    pthread_mutex_unlock(&suggesting);
    return done;
}
