/* perspective (private to serve): Google's Perspective API, comments:analyze and
 * comments:suggestscore of v1alpha1, from a request's bytes to an answer's.
 *
 * Here is only what can be computed: no HTTP, no store. A request is read into a struct, its
 * attributes are looked up in one closed table and in the models that are there, each model that is
 * needed labels the comment once, and the answer is written. What is wrong with a request is
 * answered as Perspective does: the same messages, and its own error types in the details. */
#ifndef RETORT_SERVE_PERSPECTIVE_H
#define RETORT_SERVE_PERSPECTIVE_H

#include "base/base.h"
#include "model/model.h"

/* ---- attributes ---- */

/* What a Perspective attribute is here: a label of a task. */
struct perspective_attribute {
    const char *name, *task, *label;
    bool needs_context; /* means nothing unless the request tells what is answered */
};
/* "TOXICITY", "TOXICITY_EXPERIMENTAL" and "TOXICITY@6" are one; NULL: there is no such. */
const struct perspective_attribute *perspective_attribute(struct retort_span name);

/* ---- a request ---- */

enum {
    PERSPECTIVE_MOST_TEXT = 20480, /* bytes of a comment: Perspective's own limit */
    PERSPECTIVE_MOST_ATTRIBUTES = 64,
    PERSPECTIVE_MOST_LANGUAGES = 16,
    PERSPECTIVE_LONG_TEXT = 4096, /* beyond these an event loop would be held up */
    PERSPECTIVE_LONG_BODY = 1 << 16,
};

/* An attribute that was requested, or a score that was suggested for it. */
struct perspective_asked {
    struct retort_span name; /* as sent: the answer says it again */
    const struct perspective_attribute *attribute;
    size_t model, label; /* among the models; the label's index in it */
    double threshold;    /* scores below are not given; 0: all are */
    double suggested;    /* of suggestscore, 0 to 1; NaN: only of spans */
    bool dropped;        /* not supported, and the request says to leave such out */
};

struct perspective_text {
    struct retort_span text;
    bool is_html;
};

struct perspective_request {
    struct retort_item item;      /* the comment without markup; what it answers */
    struct perspective_text sent; /* the comment as it came */
    size_t n_units;               /* its length in UTF-16 code units */
    struct perspective_asked asked[PERSPECTIVE_MOST_ATTRIBUTES];
    size_t n_asked;
    struct retort_span languages[PERSPECTIVE_MOST_LANGUAGES];
    size_t n_languages;
    struct retort_span client_token, community, session; /* data NULL: not sent */
    struct retort_span scores; /* suggestscore: its attributeScores, as they stand */
    /* What Coral tells of a comment, in a context entry that is JSON; data NULL: not told. */
    struct retort_span coral_id, coral_parent, coral_url;
    bool wants_spans, do_not_store, drops_unsupported;
    /* private to the reading of one */
    struct perspective_text article, parent; /* or the first and the last of the entries */
    size_t n_entries;
    bool has_pair; /* articleAndParentComment */
};

/* One call: what it works with, and its answer. */
struct perspective {
    const struct retort_models *models;
    struct retort_labeller *labeller;
    struct retort_arena *arena;
    struct retort_buffer *out; /* JSON: the answer or the error */
    unsigned status;           /* 400 when it is an error */
};

enum perspective_call { PERSPECTIVE_ANALYZE, PERSPECTIVE_SUGGEST };

/* Reads and checks everything but the comment's language. False: the error is in the answer. Spans
 * borrow from the body or are in the arena. */
bool perspective_read(struct perspective *call, enum perspective_call which,
                      struct retort_span body, struct perspective_request *request);

/* The second half of it: is what was read a request? */
bool perspective_check(struct perspective *call, enum perspective_call which,
                       struct perspective_request *request);

/* Would it hold up an event loop: spans are explained, markup is parsed, the comment is long? */
bool perspective_is_heavy(const struct perspective_request *request);

/* Runs the models that are asked for and writes the answer. False: it is an error. */
bool perspective_analyze(struct perspective *call, struct perspective_request *request);

/* ---- parts of an answer ---- */

/* "spanScores":[…],: one span a sentence when they are wanted, else one over all; nothing when all
 * are below the threshold. explanations[n_labels] of the model; NULL: not explained. */
void perspective_put_spans(struct perspective *call, const struct perspective_request *request,
                           const struct perspective_asked *asked, double p,
                           const struct retort_explanation *explanations);
size_t perspective_utf16_units(struct retort_span text);
/* {"value":0.5,"type":"PROBABILITY"} */
void perspective_put_score(struct retort_buffer *out, double p);

/* How many bytes of what was sent an error shows: what a person reads, and no half of a character.
 */
int perspective_shown(struct retort_span text);
/* Perspective's names for what is wrong with a request. */
enum perspective_error {
    PERSPECTIVE_INVALID_REQUEST,
    PERSPECTIVE_COMMENT_EMPTY,
    PERSPECTIVE_COMMENT_TOO_LONG,
    PERSPECTIVE_NO_REQUESTED_ATTRIBUTES,
};
/* Writes the error as the answer and returns false. The message's text is escaped; in it, what was
 * sent is cut to a readable length by the caller. */
bool perspective_fail(struct perspective *call, enum perspective_error type, const char *format,
                      ...) __attribute__((format(printf, 3, 4)));
/* The same for JSON that is not of the request's form; field NULL: of no field. */
bool perspective_fail_form(struct perspective *call, const char *field, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same for an attribute and languages that it does not know; detected: not as named in the
 * request but as seen in the text. */
bool perspective_fail_language(struct perspective *call, const struct perspective_asked *asked,
                               const struct retort_span *languages, size_t n_languages,
                               bool detected);

#endif
