/* What people said in another program, beside what ours tells: it becomes their decisions. */
#include "exchange/import.h"
#include "exchange/parts.h"

#include <string.h>
#include <time.h>

/* What a word is about: the model of its task, and what it says of the comment. */
struct subject {
    const struct retort_stored_model *model; /* NULL: there is none of this task */
    const struct retort_answer *answer;      /* NULL: it has not labelled the comment */
    struct retort_span task, target;
};

static bool find_model(struct retort_store *store, struct subject *subject,
                       struct retort_error *error)
{
    const struct retort_stored_model *models;
    size_t n_models;
    if (!retort_store_models(store, &models, &n_models, error))
        return false;
    for (size_t i = 0; i < n_models; i++)
        if (retort_span_equal(retort_span_of(models[i].task), subject->task))
            subject->model = &models[i]; /* the newest is the last */
    return true;
}

static bool find_subject(struct import_run *run, const struct import_word *word,
                         const struct retort_answer *answers, size_t n, struct subject *subject,
                         struct retort_error *error)
{
    const char *task = run->request->task;
    *subject =
        (struct subject){.task = word->task.len ? word->task : retort_span_of(task ? task : ""),
                         .target = word->target.data ? word->target : RETORT_SPAN("")};
    if (subject->task.len == 0)
        return retort_fail(error, RETORT_INPUT,
                           "has a person's label of no task; say which by --task");
    for (size_t i = 0; i < n; i++)
        if (answers[i].latest &&
            retort_span_equal(retort_span_of(answers[i].model->task), subject->task))
            subject->answer = &answers[i];
    if (subject->answer && !word->target.data)
        subject->target = subject->answer->target;
    if (subject->answer)
        subject->model = subject->answer->model;
    return subject->answer || find_model(run->store, subject, error);
}

static void add_name(struct retort_buffer *out, struct retort_span name)
{
    retort_buffer_byte(out, out->len ? ',' : '[');
    retort_json_put(out, name);
}

static bool says(const struct parts *names, struct retort_span wanted)
{
    for (size_t at = parts_first(names, 0); at; at = parts_next(names, 0, at))
        if (retort_span_equal(parts_string(names, at), wanted))
            return true;
    return false;
}

/* In the model's order; every name must be one of its labels. */
static size_t put_known(struct retort_buffer *out, const struct parts *names,
                        const struct retort_stored_model *model)
{
    size_t n = 0;
    for (size_t i = 0; i < model->n_labels; i++) {
        struct retort_span label = retort_span_of(model->labels[i]);
        if (says(names, label)) {
            add_name(out, label);
            n++;
        }
    }
    return n;
}

static size_t count_names(const struct parts *names)
{
    size_t n = 0;
    for (size_t at = parts_first(names, 0); at; at = parts_next(names, 0, at))
        n += parts_is(names, at, '"');
    return n;
}

static bool check_names(const struct subject *subject, size_t n_known, size_t n_told,
                        struct retort_error *error)
{
    if (subject->model && n_known != n_told)
        return retort_fail(error, RETORT_INPUT,
                           "has a person's label for %s that its model does not know",
                           subject->model->task);
    if (subject->model && subject->model->choice == RETORT_ONE_OF && n_told != 1)
        return retort_fail(error, RETORT_INPUT,
                           "has %zu labels of a person for %s, of which one holds", n_told,
                           subject->model->task);
    return true;
}

/* The word's names as the store has them, in the arena. */
static bool read_label(const struct subject *subject, struct retort_span told,
                       struct retort_arena *arena, struct retort_span *label,
                       struct retort_error *error)
{
    struct parts names;
    struct retort_buffer out = {0};
    size_t n_known = 0, n_told;
    if (!parts_read(told, arena, &names, error))
        return false;
    n_told = parts_is(&names, 0, '[') ? count_names(&names) : 0;
    if (subject->model)
        n_known = put_known(&out, &names, subject->model);
    else
        for (size_t at = parts_first(&names, 0); at; at = parts_next(&names, 0, at))
            add_name(&out, parts_string(&names, at));
    retort_buffer_text(&out, out.len ? "]" : "[]");
    *label = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return check_names(subject, n_known, n_told, error);
}

static struct retort_span now(struct retort_arena *arena)
{
    char text[24];
    struct tm utc;
    time_t seconds = time(NULL);
    gmtime_r(&seconds, &utc);
    size_t len = strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return retort_arena_copy(arena, (struct retort_span){(const uint8_t *)text, len});
}

/* Where the file is ours the person has seen what the model had said. */
static void see_answer(const struct subject *subject, bool ours,
                       struct retort_decision_record *record)
{
    if (!subject->answer)
        return;
    if (record->label.data && retort_span_equal(record->label, subject->answer->label))
        record->kind = "accept";
    if (!ours)
        return;
    record->model = retort_span_of(subject->answer->model->hash);
    record->shown = subject->answer->label;
}

static bool hold_word(struct import_run *run, const struct import_word *word,
                      const struct subject *subject, struct retort_told_decision *told,
                      struct retort_arena *arena, struct retort_error *error)
{
    struct retort_decision_record *record = &told->record;
    struct retort_span reviewer = word->reviewer.len || !run->request->reviewer
                                      ? word->reviewer
                                      : retort_span_of(run->request->reviewer);
    record->task = subject->task;
    record->target = subject->target;
    record->kind = word->kind ? word->kind : "correct";
    record->note = word->note;
    record->reviewer = retort_arena_string(arena, reviewer);
    told->decided = word->decided.len ? word->decided : now(arena);
    if (!record->reviewer[0])
        return retort_fail(error, RETORT_INPUT,
                           "has a label of a person without a name; name them by --reviewer");
    return word->kind || read_label(subject, word->label, arena, &record->label, error);
}

/* Who took the one label away and gave none has not said what holds. */
static bool is_silence(const struct subject *subject, const struct import_word *word)
{
    return !word->kind && subject->model && subject->model->choice == RETORT_ONE_OF &&
           retort_span_equal(word->label, RETORT_SPAN("[]"));
}

bool hold_words(struct import_run *run, const struct import_comment *comment, int64_t id,
                struct retort_arena *arena, struct retort_error *error)
{
    struct retort_answer *answers;
    size_t n;
    if (comment->n_words == 0)
        return true;
    if (!retort_store_answers(run->store, id, arena, &answers, &n, error))
        return false;
    for (size_t i = 0; i < comment->n_words; i++) {
        struct retort_told_decision told = {.record = {.comment = id}};
        struct subject subject;
        bool held;
        if (!find_subject(run, &comment->words[i], answers, n, &subject, error))
            return false;
        if (is_silence(&subject, &comment->words[i]))
            continue;
        if (!hold_word(run, &comment->words[i], &subject, &told, arena, error))
            return false;
        see_answer(&subject, comment->ours.data != NULL, &told.record);
        if (!retort_store_hold_decision(run->store, &told, &held, error))
            return false;
    }
    return true;
}
