/* Label Studio, in: its full JSON, and the short form (JSON-MIN).
 *
 * Of the full form every annotation is one person's word on each task that it has choices for. One
 * that had been exported from here and comes back as it was says nothing new: Label Studio keeps
 * its id as `import_id`, but gives it to whoever imported it. The short form names tasks by their
 * members alone: ours are told in `tasks`, others' by --task. */
#include "exchange/envelope.h"
#include "exchange/import.h"
#include "exchange/values.h"

#include <string.h>

enum { MOST_WORDS = 256 };

/* A decision that ours tells; of a skip label.data is NULL. */
struct said {
    struct retort_span id, reviewer, task, label;
};

struct reading {
    struct import_run *run;
    struct retort_arena *arena;
    const struct retort_json_object *data;
    struct import_word *words;
    size_t n_words, capacity;
    struct said *said; /* labels and skips that stand, oldest first */
    size_t n_said;
};

static bool add_word(struct reading *reading, struct import_word word, struct retort_error *error)
{
    if (reading->n_words == MOST_WORDS)
        return retort_fail(error, RETORT_INPUT, "has more than %d judgements", MOST_WORDS);
    if (reading->n_words == reading->capacity) {
        size_t capacity = reading->capacity ? 2 * reading->capacity : 4;
        struct import_word *words = RETORT_NEW(reading->arena, struct import_word, capacity);
        if (reading->n_words)
            memcpy(words, reading->words, reading->n_words * sizeof *words);
        reading->words = words;
        reading->capacity = capacity;
    }
    reading->words[reading->n_words++] = word;
    return true;
}

/* ---- who and when ---- */

/* "2026-11-26T09:40:01.123456Z" to the second; data NULL: in no such form. */
static struct retort_span second_of(struct retort_span time, struct retort_arena *arena)
{
    static const char FORM[] = "dddd-dd-ddTdd:dd:dd";
    size_t len = sizeof FORM - 1;
    bool fits = time.len > len && time.data[time.len - 1] == 'Z';
    for (size_t i = 0; fits && i < len; i++)
        fits = FORM[i] == 'd' ? time.data[i] >= '0' && time.data[i] <= '9'
                              : time.data[i] == (uint8_t)FORM[i];
    if (!fits)
        return (struct retort_span){0};
    struct retort_buffer out = {0};
    retort_buffer_put(&out, retort_span_slice(time, 0, len));
    retort_buffer_byte(&out, 'Z');
    struct retort_span second = retort_arena_copy(arena, retort_buffer_span(&out));
    retort_buffer_release(&out);
    return second;
}

static struct retort_span when(const struct retort_json_object *annotation,
                               struct retort_arena *arena)
{
    struct retort_span updated = second_of(values_text_of(annotation, "updated_at", arena), arena);
    return updated.data ? updated
                        : second_of(values_text_of(annotation, "created_at", arena), arena);
}

/* Users are numbers there, or objects with a mail address. */
static struct retort_span person(const struct reading *reading, struct retort_span raw)
{
    struct retort_arena *arena = reading->arena;
    struct retort_json_object user;
    struct retort_buffer name = {0};
    struct retort_span text = values_text(raw, arena);
    if (values_object(raw, arena, &user)) {
        text = values_text_of(&user, "email", arena);
        raw = text.len ? raw : values_member(&user, "id", arena);
        text = text.len ? text : values_text(raw, arena);
    }
    if (!text.len)
        return reading->run->request->reviewer ? retort_span_of(reading->run->request->reviewer)
                                               : RETORT_SPAN("label-studio");
    if (raw.data[0] >= '0' && raw.data[0] <= '9')
        retort_buffer_text(&name, "annotator ");
    retort_buffer_put(&name, text);
    text = retort_arena_copy(arena, retort_buffer_span(&name));
    retort_buffer_release(&name);
    return text;
}

/* ---- what had been exported ---- */

static bool is_label(struct retort_span raw, const struct envelope_choice *choice,
                     struct retort_arena *arena)
{
    struct envelope_choices had = {.arena = arena};
    struct retort_span *names;
    size_t n = values_elements(raw, arena, &names);
    for (size_t i = 0; i < n; i++)
        envelope_choose(&had, choice->task, values_text(names[i], arena));
    return envelope_choice_same(choice, envelope_choice_of(&had, choice->task));
}

static bool is_true(struct retort_span raw)
{
    return raw.data && raw.data[0] == 't';
}

static void read_said(struct reading *reading, struct retort_span ours)
{
    struct retort_arena *arena = reading->arena;
    struct retort_json_object object, decision;
    struct retort_span *decisions;
    if (!values_object(ours, arena, &object))
        return;
    size_t n = values_elements(values_member(&object, "decisions", arena), arena, &decisions);
    reading->said = RETORT_NEW(arena, struct said, n);
    for (size_t i = 0; i < n; i++) {
        if (!values_object(decisions[i], arena, &decision) ||
            is_true(values_member(&decision, "undone", arena)))
            continue;
        struct said said = {
            values_member(&decision, "id", arena), values_text_of(&decision, "reviewer", arena),
            values_text_of(&decision, "task", arena), values_member(&decision, "label", arena)};
        bool skip =
            retort_span_equal(values_text_of(&decision, "kind", arena), RETORT_SPAN("skip"));
        if (said.label.data || skip)
            reading->said[reading->n_said++] = said;
    }
}

/* Is the choice the last word of whose annotation had this id when it was exported? */
static bool is_untouched(const struct reading *reading, struct retort_span id,
                         const struct envelope_choice *choice)
{
    struct retort_span reviewer = {0}, label = {0};
    for (size_t i = 0; id.data && i < reading->n_said; i++)
        if (retort_span_equal(reading->said[i].id, id))
            reviewer = reading->said[i].reviewer;
    for (size_t i = 0; reviewer.data && i < reading->n_said; i++)
        if (retort_span_equal(reading->said[i].reviewer, reviewer) && reading->said[i].label.data &&
            retort_span_equal(reading->said[i].task, choice->task))
            label = reading->said[i].label;
    return label.data && is_label(label, choice, reading->arena);
}

static bool is_old_skip(const struct reading *reading, struct retort_span id)
{
    for (size_t i = 0; id.data && i < reading->n_said; i++)
        if (!reading->said[i].label.data && retort_span_equal(reading->said[i].id, id))
            return true;
    return false;
}

/* ---- an annotation ---- */

static struct retort_span task_of(const struct reading *reading, struct retort_span from_name)
{
    const char *given = reading->run->request->task;
    return given ? retort_span_of(given) : from_name;
}

static void add_note(struct retort_buffer *note, struct retort_span raw, struct retort_arena *arena)
{
    struct retort_span *texts, one = raw;
    size_t n = values_elements(raw, arena, &texts);
    if (n == 0 && raw.data && raw.data[0] == '"') {
        texts = &one;
        n = 1;
    }
    for (size_t i = 0; i < n; i++) {
        if (note->len)
            retort_buffer_byte(note, '\n');
        retort_buffer_put(note, values_text(texts[i], arena));
    }
}

/* Choices of the whole comment, or labels of a part of it, which are on then. */
static void read_result(const struct reading *reading, struct retort_span raw,
                        struct envelope_choices *choices, struct retort_buffer *note)
{
    static const char *const KINDS[] = {"choices", "labels"};
    struct retort_arena *arena = reading->arena;
    struct retort_json_object result, value;
    if (!values_object(raw, arena, &result) ||
        !values_object(values_member(&result, "value", arena), arena, &value))
        return;
    struct retort_span task = task_of(reading, values_text_of(&result, "from_name", arena));
    for (size_t k = 0; task.len && k < 2; k++) {
        struct retort_span *names, list = values_member(&value, KINDS[k], arena);
        size_t n = values_elements(list, arena, &names);
        if (list.data)
            envelope_choice_of(choices, task);
        for (size_t i = 0; i < n; i++) {
            struct retort_span name = values_text(names[i], arena);
            if (name.len)
                envelope_choose(choices, task, name);
        }
    }
    add_note(note, values_member(&value, "text", arena), arena);
}

static bool put_choices(struct reading *reading, const struct envelope_choices *choices,
                        const struct import_word *of, struct retort_span id,
                        struct retort_error *error)
{
    for (size_t i = 0; i < choices->n; i++) {
        struct import_word word = *of;
        word.task = choices->all[i].task;
        word.label = envelope_choice_label(&choices->all[i], reading->arena);
        if (!is_untouched(reading, id, &choices->all[i]) && !add_word(reading, word, error))
            return false;
    }
    return envelope_choices_sound(choices, error);
}

/* Who skips a comment skips all that was asked about it. */
static bool put_skips(struct reading *reading, const struct import_word *of,
                      struct retort_error *error)
{
    struct retort_span *tasks;
    size_t n = envelope_tasks(reading->data, reading->arena, &tasks);
    for (size_t i = 0; i < n; i++) {
        struct import_word word = *of;
        word.kind = "skip";
        word.task = tasks[i];
        if (!add_word(reading, word, error))
            return false;
    }
    return true;
}

static bool read_annotation(struct reading *reading, struct retort_span raw,
                            struct retort_error *error)
{
    struct retort_arena *arena = reading->arena;
    struct retort_json_object annotation;
    struct envelope_choices choices = {.arena = arena};
    struct retort_buffer note = {0};
    struct retort_span *results, id;
    if (!values_object(raw, arena, &annotation))
        return true; /* of a project without them, numbers stand here */
    size_t n = values_elements(values_member(&annotation, "result", arena), arena, &results);
    for (size_t i = 0; i < n; i++)
        read_result(reading, results[i], &choices, &note);
    struct import_word word = {.reviewer = values_text_of(&annotation, "reviewer", arena),
                               .decided = when(&annotation, arena)};
    if (!word.reviewer.len)
        word.reviewer = person(reading, values_member(&annotation, "completed_by", arena));
    if (note.len)
        word.note = retort_arena_copy(arena, retort_buffer_span(&note));
    retort_buffer_release(&note);
    id = values_member(&annotation, "import_id", arena);
    if (!id.data)
        id = values_member(&annotation, "id", arena);
    if (is_true(values_member(&annotation, "was_cancelled", arena)))
        return is_old_skip(reading, id) || put_skips(reading, &word, error);
    return put_choices(reading, &choices, &word, id, error);
}

static bool read_annotations(struct reading *reading, const struct retort_json_object *task,
                             struct retort_error *error)
{
    static const char *const NAMES[] = {"annotations", "completions"};
    for (size_t k = 0; k < 2; k++) {
        struct retort_span *all;
        size_t n =
            values_elements(values_member(task, NAMES[k], reading->arena), reading->arena, &all);
        for (size_t i = 0; i < n; i++)
            if (!read_annotation(reading, all[i], error))
                return false;
    }
    return true;
}

/* ---- the short form ---- */

/* "name", {"choices":[…]}, or a list of either. */
static void read_short_choice(const struct reading *reading, struct retort_span raw,
                              struct retort_span task, struct envelope_choices *choices)
{
    struct retort_arena *arena = reading->arena;
    struct retort_json_object object;
    struct retort_span *parts, one = raw;
    size_t n = values_elements(raw, arena, &parts);
    if (values_object(raw, arena, &object))
        n = values_elements(values_member(&object, "choices", arena), arena, &parts);
    else if (n == 0) {
        parts = &one;
        n = 1;
    }
    for (size_t i = 0; i < n; i++) {
        struct retort_span *names, name = values_text(parts[i], arena);
        size_t n_names = 0;
        if (values_object(parts[i], arena, &object))
            n_names = values_elements(values_member(&object, "choices", arena), arena, &names);
        if (name.len)
            envelope_choose(choices, task, name);
        for (size_t j = 0; j < n_names; j++)
            envelope_choose(choices, task, values_text(names[j], arena));
    }
}

static bool read_short(struct reading *reading, struct retort_error *error)
{
    struct retort_arena *arena = reading->arena;
    struct envelope_choices choices = {.arena = arena};
    const char *given = reading->run->request->task;
    struct retort_span *tasks, one = given ? retort_span_of(given) : (struct retort_span){0};
    struct retort_span annotator = values_member(reading->data, "annotator", arena);
    size_t n_tasks = envelope_tasks(reading->data, arena, &tasks);
    if (given) {
        tasks = &one;
        n_tasks = 1;
    }
    if (!annotator.data)
        return true;
    for (size_t i = 0; i < n_tasks; i++) {
        struct retort_span raw =
            values_member(reading->data, retort_arena_string(arena, tasks[i]), arena);
        if (raw.data)
            read_short_choice(reading, raw, tasks[i], &choices);
    }
    struct import_word word = {.reviewer = person(reading, annotator),
                               .decided = when(reading->data, arena)};
    return put_choices(reading, &choices, &word, (struct retort_span){0}, error);
}

/* ---- a task ---- */

static const char *const SHORT[] = {"annotator",    "annotation_id", "created_at", "updated_at",
                                    "lead_time",    "agreement",     "target",     "parent_text",
                                    "article_text", "tasks",         "retort",     NULL};

static bool take_words(struct reading *reading, const struct retort_json_object *task,
                       struct retort_error *error)
{
    struct import_comment comment;
    struct retort_json_object data;
    bool full = values_object(values_member(task, "data", reading->arena), reading->arena, &data);
    reading->data = full ? &data : task;
    if (!envelope_read(reading->data, SHORT, reading->arena, &comment, error))
        return false;
    read_said(reading, comment.ours);
    if (full ? !read_annotations(reading, task, error) : !read_short(reading, error))
        return false;
    comment.words = reading->words;
    comment.n_words = reading->n_words;
    return import_take(reading->run, &comment, reading->arena, error);
}

static bool take_task(void *context, const struct retort_json_object *task,
                      struct retort_arena *arena, struct retort_error *error)
{
    struct import_run *run = context;
    struct reading reading = {.run = run, .arena = arena};
    return take_words(&reading, task, error);
}

bool import_studio(struct import_run *run, struct retort_archive *file, struct retort_error *error)
{
    return envelope_each(run, file, take_task, run, error);
}

/* Of a long first record of ours only the beginning is seen. */
bool import_is_studio(struct retort_span head)
{
    bool full =
        values_begins_with(head, "data") == '{' &&
        (values_begins_with(head, "annotations") || values_begins_with(head, "completions"));
    bool min = values_begins_with(head, "annotation_id") && values_begins_with(head, "annotator");
    bool ours = values_begins_with(head, "comment_id") && values_begins_with(head, "claim") &&
                values_begins_with(head, "tasks") == '[';
    return !envelope_is_line(head) && (full || min || ours);
}
