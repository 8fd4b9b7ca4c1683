/* doccano, in. It exports what it holds, a line a comment: of a person no more is told than, where
 * each annotates for themselves, the file's name, and of a line not whether anybody has looked at
 * it. So a line speaks for a person where its labels are no longer those that we had written
 * (`label_was`), and all do when the file holds approved lines only (--confirmed). Spans ([begin,
 * end, label], or `entities`) say that the label is on; where, stands in the decision's note.
 * Comments become the note, too. */
#include "exchange/envelope.h"
#include "exchange/import.h"
#include "exchange/values.h"

#include <string.h>

/* ---- labels ---- */

/* Members that hold labels, as the kinds of doccano's projects call them. */
static const char *const LABELS[] = {"label", "labels", "cats", "entities", NULL};
static const char *const SKIPPED[] = {
    "label",     "labels", "cats",   "entities",    "relations",    "Comments", "tasks",
    "label_was", "retort", "target", "parent_text", "article_text", NULL};

struct reading {
    const struct import_run *run;
    struct retort_arena *arena;
    struct envelope_choices is, was;
    struct retort_buffer note;
};

/* "tone:toxic" → tone, toxic; without a task before it, of the one that was named. */
static bool split_name(const struct reading *reading, struct retort_span whole,
                       struct retort_span *task, struct retort_span *name,
                       struct retort_error *error)
{
    const char *given = reading->run->request->task;
    const uint8_t *colon = whole.len ? memchr(whole.data, ':', whole.len) : NULL;
    size_t before = colon ? (size_t)(colon - whole.data) : 0;
    *task = given ? retort_span_of(given) : retort_span_slice(whole, 0, before);
    *name = whole;
    if (before && (!given || retort_span_equal(*task, retort_span_slice(whole, 0, before))))
        *name = retort_span_slice(whole, before + 1, whole.len);
    return (task->len > 0 && name->len > 0) ||
           retort_fail(error, RETORT_INPUT,
                       "the label \"%.*s\" does not say of which task it is; name it by --task",
                       (int)(whole.len < 40 ? whole.len : 40), (const char *)whole.data);
}

/* A name, [begin, end, name], or an object with a label. */
static struct retort_span name_in(struct retort_span raw, struct retort_arena *arena)
{
    struct retort_json_object object;
    struct retort_span *parts;
    if (values_object(raw, arena, &object))
        return values_text_of(&object, "label", arena);
    size_t n = values_elements(raw, arena, &parts);
    return n == 3 ? values_text(parts[2], arena) : values_text(raw, arena);
}

static void note_span(struct reading *reading, struct retort_span raw)
{
    if (raw.data[0] == '"')
        return;
    if (reading->note.len)
        retort_buffer_byte(&reading->note, '\n');
    retort_buffer_put(&reading->note, raw);
}

static bool read_names(struct reading *reading, struct retort_span raw,
                       struct envelope_choices *choices, struct retort_error *error)
{
    struct retort_span *elements, task, name, one = raw;
    size_t n = values_elements(raw, reading->arena, &elements);
    if (raw.data && raw.data[0] == '"') { /* of a single one, some tools make no list */
        elements = &one;
        n = 1;
    }
    for (size_t i = 0; i < n; i++) {
        struct retort_span whole = name_in(elements[i], reading->arena);
        if (!whole.data)
            return retort_fail(error, RETORT_INPUT, "a label is no name");
        if (!split_name(reading, whole, &task, &name, error))
            return false;
        envelope_choose(choices, task, name);
        if (choices == &reading->is)
            note_span(reading, elements[i]);
    }
    return envelope_choices_sound(choices, error);
}

static bool read_labels(struct reading *reading, const struct retort_json_object *line,
                        struct retort_error *error)
{
    struct retort_arena *arena = reading->arena;
    struct retort_span *tasks;
    size_t n_tasks = envelope_tasks(line, arena, &tasks);
    for (size_t i = 0; i < n_tasks; i++)
        envelope_choice_of(&reading->is, tasks[i]);
    for (const char *const *name = LABELS; *name; name++)
        if (!read_names(reading, values_member(line, *name, arena), &reading->is, error))
            return false;
    return read_names(reading, values_member(line, "label_was", arena), &reading->was, error);
}

static void read_comments(struct reading *reading, const struct retort_json_object *line)
{
    struct retort_span *comments;
    struct retort_json_object object;
    struct retort_span raw = values_member(line, "Comments", reading->arena);
    size_t n = values_elements(raw, reading->arena, &comments);
    for (size_t i = 0; i < n; i++) {
        struct retort_span text = values_object(comments[i], reading->arena, &object)
                                      ? values_text_of(&object, "comment", reading->arena)
                                      : values_text(comments[i], reading->arena);
        if (text.len && reading->note.len)
            retort_buffer_byte(&reading->note, '\n');
        retort_buffer_put(&reading->note, text);
    }
}

/* ---- what they said ---- */

static bool says_something(struct reading *reading, const struct envelope_choice *choice, bool ours)
{
    if (!ours || reading->run->request->confirmed)
        return choice->n_names > 0 || ours;
    return !envelope_choice_same(choice, envelope_choice_of(&reading->was, choice->task));
}

/* A file is called by who annotated, or "all" where they did it together. */
static struct retort_span reviewer_of(const struct import_run *run)
{
    struct retort_span path = retort_span_of(run->path);
    size_t begin = path.len, end;
    if (run->request->reviewer)
        return retort_span_of(run->request->reviewer);
    while (begin > 0 && path.data[begin - 1] != '/')
        begin--;
    for (end = begin; end < path.len && path.data[end] != '.';)
        end++;
    path = retort_span_slice(path, begin, end);
    bool person = path.len && !retort_span_equal(path, RETORT_SPAN("all")) &&
                  !retort_span_equal(path, RETORT_SPAN("-"));
    return person ? path : RETORT_SPAN("doccano");
}

static void put_words(struct reading *reading, struct import_comment *comment)
{
    struct retort_arena *arena = reading->arena;
    struct import_word *words = RETORT_NEW(arena, struct import_word, reading->is.n + 1);
    struct retort_span note = {0}, reviewer = reviewer_of(reading->run);
    bool ours = comment->ours.data != NULL;
    if (reading->note.len)
        note = retort_arena_copy(arena, retort_buffer_span(&reading->note));
    for (size_t i = 0; i < reading->is.n; i++) {
        const struct envelope_choice *choice = &reading->is.all[i];
        if (says_something(reading, choice, ours))
            words[comment->n_words++] =
                (struct import_word){.task = choice->task,
                                     .label = envelope_choice_label(choice, arena),
                                     .reviewer = reviewer,
                                     .note = note};
    }
    if (!comment->n_words && note.data && reading->is.n)
        words[comment->n_words++] = (struct import_word){
            .task = reading->is.all[0].task, .kind = "note", .reviewer = reviewer, .note = note};
    comment->words = words;
}

static bool take_line(void *context, const struct retort_json_object *line,
                      struct retort_arena *arena, struct retort_error *error)
{
    struct import_run *run = context;
    struct import_comment comment;
    struct reading reading = {.run = run, .arena = arena, .is.arena = arena, .was.arena = arena};
    bool read =
        envelope_read(line, SKIPPED, arena, &comment, error) && read_labels(&reading, line, error);
    if (read) {
        read_comments(&reading, line);
        put_words(&reading, &comment);
    }
    retort_buffer_release(&reading.note);
    return read && import_take(run, &comment, arena, error);
}

bool import_doccano(struct import_run *run, struct retort_archive *file, struct retort_error *error)
{
    return envelope_each(run, file, take_line, run, error);
}

bool import_is_doccano(struct retort_span head)
{
    bool labelled = values_begins_with(head, "label") || values_begins_with(head, "entities") ||
                    values_begins_with(head, "cats");
    return labelled && values_begins_with(head, "text") && !envelope_is_line(head) &&
           (values_begins_with(head, "label_was") || values_begins_with(head, "Comments"));
}
