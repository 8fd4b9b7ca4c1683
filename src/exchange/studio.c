/* Label Studio, out: a JSON array of tasks as it is imported there, the same as rows in the short
 * form that it exports (JSON-MIN), and the labelling interface that fits (its project's XML).
 *
 * What all models say of a comment is one prediction, as the editor shows one at a time; its score
 * is that of the answer they are least sure of. An annotation is one person's last word on each
 * task; its id is that of their newest decision on the comment, which Label Studio keeps as
 * `import_id`: by it an annotation is known when it comes back untouched (studio_read.c).
 * `completed_by` must be a member there, and is named only where the reviewer is a mail address. */
#include "exchange/envelope.h"
#include "exchange/values.h"

#include <string.h>

/* ---- choices ---- */

/* Empty sets are an answer of their own, so that nothing chosen stays not judged. */
static void put_names(struct retort_buffer *out, struct retort_span label,
                      struct retort_arena *arena)
{
    struct retort_span *names;
    if (values_elements(label, arena, &names) > 0)
        retort_buffer_put(out, label);
    else
        retort_buffer_text(out, "[\"" ENVELOPE_NONE "\"]");
}

static void put_choices(struct retort_buffer *out, struct retort_span task,
                        struct retort_span label, struct retort_arena *arena)
{
    if (out->data[out->len - 1] != '[')
        retort_buffer_byte(out, ',');
    retort_buffer_byte(out, '{');
    retort_stored_put_text(out, "id", task);
    retort_stored_put_text(out, "from_name", task);
    retort_stored_put_text(out, "to_name", RETORT_SPAN("text"));
    retort_stored_put_text(out, "type", RETORT_SPAN("choices"));
    retort_buffer_text(out, ",\"value\":{\"choices\":");
    put_names(out, label, arena);
    retort_buffer_text(out, "}}");
}

/* ---- predictions ---- */

/* p of the label, or the largest of those that are on, or of being off at all. */
static double confidence(const struct retort_stored_label *label)
{
    double on = 0, off = 1;
    for (size_t i = 0; i < label->model->n_labels; i++) {
        double p = label->scores[i].p;
        if (label->scores[i].on)
            on = p > on ? p : on;
        else
            off = 1 - p < off ? 1 - p : off;
    }
    return on > 0 ? on : off;
}

static const struct retort_stored_label *
next_prediction(const struct export_run *run, const struct retort_stored *stored, size_t *at)
{
    const struct retort_stored_label *label;
    while ((label = envelope_next_label(run, stored, at)) && !label->model)
        continue;
    return label;
}

/* "stance 0123456789ab, tone …": each model by the beginning of its hash. */
static void put_version(struct export_run *run, const struct retort_stored *stored)
{
    struct retort_buffer *out = &run->file.out;
    const struct retort_stored_label *label;
    const char *between = "\"";
    retort_json_key(out, "model_version");
    for (size_t at = 0; (label = next_prediction(run, stored, &at)); between = ", ")
        retort_buffer_format(out, "%s%s %.12s", between, label->model->task, label->model->hash);
    retort_buffer_byte(out, '"');
}

static void put_predictions(struct export_run *run, const struct retort_stored *stored,
                            struct retort_arena *arena)
{
    struct retort_buffer *out = &run->file.out;
    const struct retort_stored_label *label;
    size_t at = 0;
    double least = 1;
    retort_buffer_text(out, ",\"predictions\":[");
    if (next_prediction(run, stored, &at)) {
        retort_buffer_byte(out, '{');
        put_version(run, stored);
        retort_buffer_text(out, ",\"result\":[");
        for (at = 0; (label = next_prediction(run, stored, &at));) {
            least = confidence(label) < least ? confidence(label) : least;
            put_choices(out, label->task, label->model_label, arena);
        }
        retort_buffer_text(out, "],\"score\":");
        retort_buffer_fixed(out, least, 4);
        retort_buffer_byte(out, '}');
    }
    retort_buffer_byte(out, ']');
}

/* ---- annotations ---- */

/* The decisions on one comment that stand, oldest first. */
struct history {
    const struct export_run *run;
    struct retort_arena *arena;
    struct retort_stored_decision *all;
    size_t n, capacity;
};

static struct retort_span keep(struct retort_arena *arena, struct retort_span text)
{
    return text.data ? retort_arena_copy(arena, text) : text;
}

static bool keep_decision(void *context, const struct retort_stored_decision *decision,
                          struct retort_error *error)
{
    struct history *history = context;
    struct retort_arena *arena = history->arena;
    bool skip = retort_span_equal(decision->kind, RETORT_SPAN("skip"));
    const char *task = history->run->task;
    (void)error;
    if (decision->undone || (!decision->label.data && !skip) ||
        (task && !retort_span_equal(decision->task, retort_span_of(task))))
        return true;
    if (history->n == history->capacity) {
        size_t capacity = history->capacity ? 2 * history->capacity : 8;
        struct retort_stored_decision *all =
            RETORT_NEW(arena, struct retort_stored_decision, capacity);
        if (history->n)
            memcpy(all, history->all, history->n * sizeof *all);
        history->all = all;
        history->capacity = capacity;
    }
    history->all[history->n++] = (struct retort_stored_decision){
        .id = decision->id,
        .task = keep(arena, decision->task),
        .label = keep(arena, decision->label),
        .reviewer = keep(arena, decision->reviewer),
        .decided = keep(arena, decision->decided),
    };
    return true;
}

static bool is_by(const struct history *history, size_t i, struct retort_span reviewer)
{
    return retort_span_equal(history->all[i].reviewer, reviewer);
}

/* Is there a later one of the same person on the same task? */
static bool is_superseded(const struct history *history, size_t i)
{
    for (size_t later = i + 1; later < history->n; later++)
        if (is_by(history, later, history->all[i].reviewer) &&
            retort_span_equal(history->all[later].task, history->all[i].task))
            return true;
    return false;
}

/* One person's words; the first of them is the i-th. */
struct annotation {
    struct retort_span reviewer;
    struct retort_span begun, ended; /* when */
    int64_t id;
    bool cancelled; /* skips alone */
};

static struct annotation annotation_of(const struct history *history, size_t i)
{
    struct annotation annotation = {
        .reviewer = history->all[i].reviewer, .begun = history->all[i].decided, .cancelled = true};
    for (; i < history->n; i++) {
        if (!is_by(history, i, annotation.reviewer))
            continue;
        annotation.id = history->all[i].id;
        annotation.ended = history->all[i].decided;
        annotation.cancelled &= is_superseded(history, i) || !history->all[i].label.data;
    }
    return annotation;
}

static bool is_first_of_person(const struct history *history, size_t i)
{
    for (size_t before = 0; before < i; before++)
        if (is_by(history, before, history->all[i].reviewer))
            return false;
    return true;
}

/* The next of this person's last words that is a label; n: there is none. */
static size_t next_word(const struct history *history, struct retort_span reviewer, size_t i)
{
    while (i < history->n && (!is_by(history, i, reviewer) || !history->all[i].label.data ||
                              is_superseded(history, i)))
        i++;
    return i;
}

static bool read_history(struct export_run *run, const struct retort_stored *stored,
                         struct history *history, struct retort_error *error)
{
    history->run = run;
    return retort_store_each_decision(run->store, stored->comment.id, keep_decision, history,
                                      error);
}

static void put_annotation(struct retort_buffer *out, const struct history *history, size_t first)
{
    struct annotation annotation = annotation_of(history, first);
    if (out->data[out->len - 1] != '[')
        retort_buffer_byte(out, ',');
    retort_buffer_byte(out, '{');
    export_put_number(out, "id", annotation.id);
    retort_stored_put_text(out, "reviewer", annotation.reviewer);
    if (annotation.reviewer.len && memchr(annotation.reviewer.data, '@', annotation.reviewer.len)) {
        retort_buffer_text(out, ",\"completed_by\":{");
        retort_stored_put_text(out, "email", annotation.reviewer);
        retort_buffer_byte(out, '}');
    }
    retort_stored_put_text(out, "created_at", annotation.begun);
    retort_stored_put_text(out, "updated_at", annotation.ended);
    retort_buffer_format(out, ",\"lead_time\":null,\"ground_truth\":false,\"was_cancelled\":%s",
                         annotation.cancelled ? "true" : "false");
    retort_buffer_text(out, ",\"result\":[");
    for (size_t i = next_word(history, annotation.reviewer, 0); i < history->n;
         i = next_word(history, annotation.reviewer, i + 1))
        put_choices(out, history->all[i].task, history->all[i].label, history->arena);
    retort_buffer_text(out, "]}");
}

/* ---- tasks ---- */

bool export_studio_begin(struct export_run *run, struct retort_error *error)
{
    (void)error;
    retort_buffer_byte(&run->file.out, '[');
    return true;
}

static void begin_item(struct export_run *run)
{
    struct retort_buffer *out = &run->file.out;
    retort_buffer_text(out, run->file.started ? ",\n{" : "\n{");
    run->file.started = true;
}

bool export_studio_put(struct export_run *run, const struct retort_stored *stored,
                       struct retort_arena *arena, struct retort_error *error)
{
    struct retort_buffer *out = &run->file.out;
    struct history history = {.arena = arena};
    if (!read_history(run, stored, &history, error))
        return false;
    begin_item(run);
    retort_buffer_format(out, "\"id\":%zu,\"annotations\":[", run->n_written + 1);
    for (size_t i = 0; i < history.n; i++)
        if (is_first_of_person(&history, i))
            put_annotation(out, &history, i);
    retort_buffer_byte(out, ']');
    put_predictions(run, stored, arena);
    retort_buffer_text(out, ",\"data\":{");
    if (!envelope_put(run, stored, arena, error))
        return false;
    retort_buffer_text(out, "}}");
    return true;
}

bool export_studio_end(struct export_run *run, struct retort_error *error)
{
    (void)error;
    retort_buffer_text(&run->file.out, "\n]\n");
    return true;
}

/* ---- the short form ---- */

/* "task":"name", or {"choices":[…]} of several. */
static void put_short_choice(struct retort_buffer *out, const struct retort_stored_decision *word,
                             struct retort_arena *arena)
{
    struct retort_span *names;
    size_t n_names = values_elements(word->label, arena, &names);
    retort_json_key(out, retort_arena_string(arena, word->task));
    if (n_names < 2) {
        retort_json_put(out, n_names ? values_text(names[0], arena) : RETORT_SPAN(ENVELOPE_NONE));
        return;
    }
    retort_buffer_text(out, "{\"choices\":");
    retort_buffer_put(out, word->label);
    retort_buffer_byte(out, '}');
}

static void put_short_annotation(struct retort_buffer *out, const struct history *history,
                                 size_t first)
{
    struct annotation annotation = annotation_of(history, first);
    for (size_t i = next_word(history, annotation.reviewer, 0); i < history->n;
         i = next_word(history, annotation.reviewer, i + 1))
        put_short_choice(out, &history->all[i], history->arena);
    retort_stored_put_text(out, "annotator", annotation.reviewer);
    export_put_number(out, "annotation_id", annotation.id);
    retort_stored_put_text(out, "created_at", annotation.begun);
    retort_stored_put_text(out, "updated_at", annotation.ended);
    retort_buffer_text(out, ",\"lead_time\":null}");
}

static bool begin_short(struct export_run *run, const struct retort_stored *stored,
                        struct retort_arena *arena, struct retort_error *error)
{
    begin_item(run);
    retort_buffer_format(&run->file.out, "\"id\":%zu", run->n_written + 1);
    return envelope_put(run, stored, arena, error);
}

/* A row an annotation; of comments without any, one all the same. */
bool export_studio_min_put(struct export_run *run, const struct retort_stored *stored,
                           struct retort_arena *arena, struct retort_error *error)
{
    struct history history = {.arena = arena};
    bool any = false, good = read_history(run, stored, &history, error);
    for (size_t i = 0; good && i < history.n; i++) {
        if (!is_first_of_person(&history, i) || annotation_of(&history, i).cancelled)
            continue;
        any = true;
        good = begin_short(run, stored, arena, error);
        put_short_annotation(&run->file.out, &history, i);
    }
    if (!good || any)
        return good;
    good = begin_short(run, stored, arena, error);
    retort_buffer_text(&run->file.out, ",\"annotator\":null,\"annotation_id\":null}");
    return good;
}
