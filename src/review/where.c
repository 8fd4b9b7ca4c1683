/* Which comments somebody means: a closed language of names and values.
 *
 *     task=tone,label=toxic,page="thread, old.html",since=2026-11-01
 *
 * All that is said must hold. A value may stand in double quotes; a quote within is doubled. */
#include "review/review.h"

#include <stddef.h>

enum kind { NAME, TIME, STATE };

static const struct word {
    const char *key;
    enum kind kind;
    size_t field; /* of struct retort_run_filter */
} WORDS[] = {
    {"task", NAME, offsetof(struct retort_run_filter, task)},
    {"label", NAME, offsetof(struct retort_run_filter, label)},
    {"page", NAME, offsetof(struct retort_run_filter, source)},
    {"author", NAME, offsetof(struct retort_run_filter, author)},
    {"since", TIME, offsetof(struct retort_run_filter, since)},
    {"until", TIME, offsetof(struct retort_run_filter, until)},
    {"from", TIME, offsetof(struct retort_run_filter, from)},
    {"to", TIME, offsetof(struct retort_run_filter, to)},
    {"state", STATE, offsetof(struct retort_run_filter, state)},
};
enum { N_WORDS = sizeof WORDS / sizeof *WORDS };

/* What is wrong, with the words that it is about. */
static bool fail(struct retort_error *error, const char *what, struct retort_span about)
{
    enum { MOST = 60 };
    return retort_fail(error, RETORT_USAGE, "--where: \"%.*s\" %s",
                       about.len < MOST ? (int)about.len : MOST, (const char *)about.data, what);
}

/* Digits as in 2026-11-01 or 2026-11-01T06:30:00Z, to any length from the year on. */
static bool is_time(struct retort_span value)
{
    static const char SHAPE[] = "0000-00-00T00:00:00Z";
    for (size_t i = 0; i < value.len; i++)
        if (i >= sizeof SHAPE - 1 || (SHAPE[i] == '0' ? value.data[i] < '0' || value.data[i] > '9'
                                                      : value.data[i] != (uint8_t)SHAPE[i]))
            return false;
    return value.len >= 4;
}

static bool is_state(struct retort_span value)
{
    return retort_span_equal(value, RETORT_SPAN("waiting")) ||
           retort_span_equal(value, RETORT_SPAN("decided")) ||
           retort_span_equal(value, RETORT_SPAN("changed"));
}

/* Behind the opening quote; false: it is not closed, or something else follows. */
static bool cut_quoted(struct retort_span *rest, struct retort_buffer *value)
{
    size_t at = 1;
    for (; at < rest->len; at++) {
        bool quote = rest->data[at] == '"';
        if (quote && (at + 1 == rest->len || rest->data[at + 1] != '"'))
            break;
        retort_buffer_byte(value, rest->data[at]);
        at += quote;
    }
    bool closed = at < rest->len && (at + 1 == rest->len || rest->data[at + 1] == ',');
    *rest = retort_span_slice(*rest, at + 2, rest->len);
    return closed;
}

static void cut_plain(struct retort_span *rest, struct retort_buffer *value)
{
    size_t at = 0;
    while (at < rest->len && rest->data[at] != ',')
        at++;
    retort_buffer_put(value, retort_span_slice(*rest, 0, at));
    *rest = retort_span_slice(*rest, at + 1, rest->len);
}

/* What was cut off the front of all, without the comma behind it. */
static struct retort_span cut_off(struct retort_span all, struct retort_span rest)
{
    size_t n = all.len - rest.len;
    return retort_span_slice(all, 0, n > 0 && all.data[n - 1] == ',' ? n - 1 : n);
}

static const struct word *cut_key(struct retort_span *rest)
{
    for (size_t i = 0; i < N_WORDS; i++) {
        struct retort_span key = retort_span_of(WORDS[i].key);
        if (rest->len <= key.len || rest->data[key.len] != '=' || !retort_span_starts(*rest, key))
            continue;
        *rest = retort_span_slice(*rest, key.len + 1, rest->len);
        return &WORDS[i];
    }
    return NULL;
}

/* What is wrong with a value, NULL: nothing. */
static const char *fault_of(const struct word *word, struct retort_span value, bool closed,
                            bool given)
{
    if (!closed)
        return "has a quote that is not closed";
    if (given)
        return "says twice what it asks for; each may be said once";
    if (value.len == 0)
        return "has no value";
    if (word->kind == TIME && !is_time(value))
        return "is no time; write 2026-11-01 or 2026-11-01T06:30:00Z";
    if (word->kind == STATE && !is_state(value))
        return "is no state; it is waiting, decided or changed";
    return NULL;
}

static bool read_word(struct retort_span *rest, struct retort_arena *arena,
                      struct retort_run_filter *filter, struct retort_error *error)
{
    struct retort_buffer bytes = {0};
    struct retort_span all = *rest;
    const struct word *word = cut_key(rest);
    if (!word) {
        cut_plain(rest, &bytes);
        retort_buffer_release(&bytes);
        return fail(error,
                    "is not known; write task=, label=, page=, author=, since=, until=, from=, to= "
                    "or state=, commas between",
                    cut_off(all, *rest));
    }
    bool quoted = rest->len > 0 && rest->data[0] == '"';
    bool closed = !quoted || cut_quoted(rest, &bytes);
    if (!quoted)
        cut_plain(rest, &bytes);
    struct retort_span value = retort_arena_copy(arena, retort_buffer_span(&bytes));
    struct retort_span *field = (struct retort_span *)((char *)filter + word->field);
    retort_buffer_release(&bytes);
    const char *fault = fault_of(word, value, closed, field->data != NULL);
    *field = value;
    return !fault || fail(error, fault, cut_off(all, *rest));
}

/* An empty filter is a slip of the pen, too: a variable of a script that is not set. */
bool retort_review_where(const char *where, struct retort_arena *arena,
                         struct retort_run_filter *filter, struct retort_error *error)
{
    struct retort_span rest = retort_span_of(where ? where : "");
    *filter = (struct retort_run_filter){0};
    if (where && rest.len == 0)
        return retort_fail(error, RETORT_USAGE,
                           "--where: is empty; leave it away for all comments");
    if (!retort_utf8_valid(rest))
        return retort_fail(error, RETORT_USAGE, "--where: is no UTF-8");
    while (rest.len > 0)
        if (!read_word(&rest, arena, filter, error))
            return false;
    return true;
}

/* ---- the same, written ---- */

static void put_quoted(struct retort_buffer *out, struct retort_span value)
{
    retort_buffer_byte(out, '"');
    for (size_t i = 0; i < value.len; i++) {
        if (value.data[i] == '"')
            retort_buffer_byte(out, '"');
        retort_buffer_byte(out, value.data[i]);
    }
    retort_buffer_byte(out, '"');
}

void retort_review_where_put(const struct retort_run_filter *filter, struct retort_buffer *out)
{
    const char *between = "";
    for (size_t i = 0; i < N_WORDS; i++) {
        const struct retort_span *value =
            (const struct retort_span *)((const char *)filter + WORDS[i].field);
        if (!value->data)
            continue;
        retort_buffer_format(out, "%s%s=", between, WORDS[i].key);
        put_quoted(out, *value);
        between = ",";
    }
}

/* ---- names ---- */

static bool knows_label(const struct retort_stored_model *model, struct retort_span label)
{
    for (size_t i = 0; i < model->n_labels; i++)
        if (retort_span_equal(retort_span_of(model->labels[i]), label))
            return true;
    return false;
}

static bool check_models(struct retort_store *store, const struct retort_run_filter *filter,
                         struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    if (!retort_store_models(store, &models, &n_models, error))
        return false;
    for (size_t i = 0; i < n_models; i++)
        if ((!filter->task.data ||
             retort_span_equal(retort_span_of(models[i].task), filter->task)) &&
            (!filter->label.data || knows_label(&models[i], filter->label)))
            return true;
    return fail(error, "is no label or task that a model has given here",
                filter->label.data ? filter->label : filter->task);
}

/* A filter that can match nothing is a slip of the pen. */
bool retort_review_where_check(struct retort_store *store, const struct retort_run_filter *filter,
                               struct retort_error *error)
{
    struct retort_arena arena = {0};
    int64_t source = 1;
    bool good = !filter->source.data ||
                retort_store_find_source(store, retort_arena_string(&arena, filter->source),
                                         &source, error);
    retort_arena_release(&arena);
    if (good && source == 0)
        return fail(error, "is no page of this file", filter->source);
    return good &&
           ((!filter->task.data && !filter->label.data) || check_models(store, filter, error));
}
